//! Decides whether the order numbers stand in another field of the lines: in the transaction id, or
//! somewhere in the memo.
//!
//! A provider hands the seller's number back under any name. Where the lines have no reference that an
//! order has, but another of their fields holds those numbers, all rows of both files would be
//! missing, and nothing would say why. It is a question of the file; nothing is matched by it.

use std::collections::BTreeSet;

use crate::entry::{Disposition, Entries, Side};
use crate::ids::{EntryId, SourceId};
use crate::ingest::report::{Assumption, SourceReport};
use crate::limits;

/// A field that may hold order numbers: its name, and whether it is among other words.
const FIELDS: [(&str, bool); 2] = [("transaction_id", false), ("memo", true)];

/// Files of lines of which another field names open orders.
pub(super) fn references(sources: &[SourceReport], entries: &Entries) -> Vec<(usize, Assumption)> {
    let mut orders: Option<BTreeSet<&str>> = None;
    let mut found = Vec::new();
    for (index, _) in sources.iter().enumerate().filter(|(_, s)| s.side == Side::Settlement) {
        let is_open = |id: &EntryId| {
            entries.disposition(*id) == Disposition::Open && entries.kind(*id).is_payment()
        };
        let lines = entries.ids_of(SourceId::at(index)).filter(is_open);
        let lines: Vec<EntryId> = lines.take(limits::ORDERS_COMPARED).collect();
        if lines.is_empty() {
            continue;
        }
        let orders = orders.get_or_insert_with(|| open_orders(entries));
        let asked = FIELDS.iter().find_map(|field| question(*field, &lines, orders, entries));
        found.extend(asked.map(|question| (index, question)));
    }
    found
}

/// The references of open orders; a single letter or digit names nothing.
fn open_orders(entries: &Entries) -> BTreeSet<&str> {
    let open = entries.ids_on(Side::Orders);
    let open = open.filter(|id| entries.disposition(*id) == Disposition::Open);
    let names = open.map(|id| entries.reference(id)).filter(|name| name.chars().count() > 2);
    names.take(limits::ORDERS_COMPARED).collect()
}

/// Asks about a field that names open orders in half of the open lines, and in more than one.
fn question(
    (field, is_text): (&str, bool),
    lines: &[EntryId],
    orders: &BTreeSet<&str>,
    entries: &Entries,
) -> Option<Assumption> {
    let named = lines.iter().filter_map(|line| {
        if !is_text {
            return orders.get(entries.transaction_id(*line));
        }
        let part = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '"');
        entries.memo(*line).split(part).find_map(|word| orders.get(word))
    });
    let named: Vec<&&str> = named.collect();
    let example = named.first()?;
    if named.len() < 2 || named.len().saturating_mul(2) < lines.len() {
        return None;
    }
    let (count, of) = (named.len(), lines.len());
    let why = format!(
        "{count} of {of} lines without an order have an order's number there, such as {example}: map \
         that column to the reference"
    );
    Some(Assumption::new("order numbers in another field", field, why).asks("", &[]))
}

#[cfg(test)]
mod tests {
    use crate::engine::{Config, Job, Settings};
    use crate::entry::Side;
    use crate::ingest::encoding::native_decoder;
    use crate::ingest::reader::SourceSpec;

    const ORDERS: &str = "order,date,total,currency\n\
        A-1001,2026-04-03,120.00,EUR\nA-1002,2026-04-04,75.50,EUR\nA-1003,2026-04-04,20.00,EUR\n";

    /// The field in which the lines have order numbers, with the evidence.
    fn asked(lines: &str) -> Option<(String, String)> {
        let mut job = Job::new(Config::new(&Settings::default()).unwrap(), native_decoder);
        for (name, side) in [("o.csv", Side::Orders), ("p.csv", Side::Settlement)] {
            job.add_source(SourceSpec { side: Some(side), ..SourceSpec::new(name) }, None);
        }
        for text in [ORDERS, lines] {
            job.push(text.as_bytes()).unwrap();
            job.end().unwrap();
        }
        while job.step(1_000) {}
        let run = job.finish().unwrap();
        let all = run.sources.iter().flat_map(|source| source.assumptions.clone());
        let asked = all.into_iter().find(|a| a.what == "order numbers in another field")?;
        Some((asked.value, asked.why))
    }

    #[test]
    fn order_numbers_in_another_field_are_named() {
        let ids = "id,date,amount,fee,net,currency\n\
            A-1001,2026-04-03,120.00,3.60,116.40,EUR\nA-1002,2026-04-04,75.50,2.27,73.23,EUR\n";
        let (field, why) = asked(ids).expect("a question");
        assert_eq!(field, "transaction_id");
        assert!(why.starts_with("2 of 2 lines without an order"), "{why}");
        assert!(why.contains("A-1001"), "{why}");
        let memos = "id,date,amount,currency,description\n\
            t1,2026-04-03,120.00,EUR,Payment for A-1001\nt2,2026-04-04,75.50,EUR,\"A-1002, thanks\"\n\
            t3,2026-04-04,75.50,EUR,top up\n";
        assert_eq!(asked(memos).expect("a question").0, "memo");
    }

    #[test]
    fn a_coincidence_is_no_question() {
        for (name, lines) in [
            (
                "one line only",
                "id,date,amount,currency\nA-1001,2026-04-03,120.00,EUR\nt2,2026-04-04,75.50,EUR\n",
            ),
            (
                "fewer than half",
                "id,date,amount,currency\nA-1001,2026-04-03,1,EUR\nA-1002,2026-04-04,2,EUR\n\
                 t3,2026-04-04,3,EUR\nt4,2026-04-04,4,EUR\nt5,2026-04-04,5,EUR\n",
            ),
            (
                "inside a longer word",
                "id,date,amount,currency\nA-10011,2026-04-03,1,EUR\nxA-1002,2026-04-04,2,EUR\n",
            ),
            (
                "matched by their reference",
                "id,reference,date,amount,currency\nA-1001,A-1001,2026-04-03,120.00,EUR\n\
                 A-1002,A-1002,2026-04-04,75.50,EUR\n",
            ),
        ] {
            assert_eq!(asked(lines), None, "{name}");
        }
    }
}
