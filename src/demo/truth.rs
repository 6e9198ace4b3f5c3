//! Decides what `truth.json` says: for every row its label, the codes that must name it, and the
//! rows of the other side that it belongs to.

use super::clock::AS_OF;
use super::labels::{Codes, Labels};
use super::provider::Line;
use super::shop::{Order, Status};
use super::{ORDERS, SETTLEMENT};

/// The names of the rows of one case.
#[derive(Debug, Clone, Default)]
struct Members {
    orders: Vec<String>,
    lines: Vec<String>,
}

/// `truth.json`, one row of the files per line. `starts` are the physical lines of the orders.
pub(super) fn write(cases: usize, orders: &[Order], starts: &[usize], lines: &[Line]) -> Vec<u8> {
    let mut members = vec![Members::default(); cases];
    for (order, start) in orders.iter().zip(starts).filter(|(order, _)| order.matched) {
        if let Some(members) = members.get_mut(order.case) {
            members.orders.push(order_row(*start));
            members.orders.extend(further_row(order, *start));
        }
    }
    for (index, line) in lines.iter().enumerate() {
        if let Some(members) = line.case.and_then(|case| members.get_mut(case)) {
            members.lines.push(line_row(index));
        }
    }
    for members in &mut members {
        members.orders.sort_unstable();
        members.lines.sort_unstable();
    }
    let mut rows = Rows { out: format!("{{\"as_of\":\"{AS_OF}\",\"rows\":{{"), first: true };
    let mut by_line: Vec<(usize, &Order)> = starts.iter().copied().zip(orders).collect();
    by_line.sort_unstable_by_key(|(start, _)| *start);
    for (start, order) in by_line {
        let members = members.get(order.case).filter(|_| order.matched);
        let matched = members.map_or(&[][..], |members| &members.lines);
        rows.push(&order_row(start), order.labels, order.codes, matched);
        if let Some(name) = further_row(order, start) {
            rows.push(&name, order.labels, Codes::default(), matched);
        }
    }
    for (index, line) in lines.iter().enumerate() {
        let members = line.case.and_then(|case| members.get(case));
        let matched = members.map_or(&[][..], |members| &members.orders);
        rows.push(&line_row(index), line.labels, line.codes, matched);
    }
    rows.out.push_str("\n}}\n");
    rows.out.into_bytes()
}

fn order_row(start: usize) -> String {
    format!("{ORDERS}:{start}")
}

/// The shop's refund or void, which is an entry of its own.
fn further_row(order: &Order, start: usize) -> Option<String> {
    if order.refunded > 0 {
        Some(format!("{ORDERS}:{start}/refund"))
    } else if order.status == Status::Voided {
        Some(format!("{ORDERS}:{start}/void"))
    } else {
        None
    }
}

fn line_row(index: usize) -> String {
    format!("{SETTLEMENT}:{}", index + 2)
}

struct Rows {
    out: String,
    first: bool,
}

impl Rows {
    /// No name, label or code needs escaping in JSON.
    fn push(&mut self, name: &str, labels: Labels, codes: Codes, matched: &[String]) {
        self.out.push_str(if self.first { "\n\"" } else { ",\n\"" });
        self.first = false;
        self.out.push_str(name);
        self.out.push_str("\":{\"label\":\"");
        self.out.push_str(&labels.text());
        self.out.push_str("\",\"codes\":[");
        self.list(codes.words());
        self.out.push_str("],\"match\":[");
        self.list(matched.iter().map(String::as_str));
        self.out.push_str("]}");
    }

    fn list<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        for (index, word) in words.enumerate() {
            self.out.push_str(if index == 0 { "\"" } else { ",\"" });
            self.out.push_str(word);
            self.out.push('"');
        }
    }
}
