//! Small books of one provider, row by row, and what is said of their payouts.

use crate::entry::{Entries, Kind, NewEntry, Side, Status};
use crate::limits::PAYOUTS;
use crate::matching::leftovers::set_aside;
use crate::matching::payouts::Collector;
use crate::matching::{Book, Payouts};
use crate::money::{Amount, Currency};
use crate::time::Instant;

const DAY: i64 = 86_400_000_000;

/// Rows of one or two files as `kind amount batch day`; `|` begins the next file.
fn read(rows: &str) -> Entries {
    let kes = Currency::from_code("KES").expect("active");
    let mut entries = Entries::default();
    entries.begin_source(Side::Settlement);
    for (at, row) in (1..).zip(rows.split([';', '|'])) {
        let words: Vec<&str> = row.split_whitespace().collect();
        let [kind, amount, batch, day] = words.as_slice() else { panic!("{row}") };
        if rows.split('|').skip(1).any(|file| file.starts_with(row)) {
            entries.begin_source(Side::Settlement);
        }
        let (kind, status) = match kind.strip_suffix('!') {
            Some(kind) => (kind, Status::Failed),
            None => (*kind, Status::Paid),
        };
        let mut new = NewEntry::new(at, Kind::from_name(kind).expect("a kind"), kes);
        new.amount = Amount::from_minor(amount.parse().expect("a number"));
        new.net = new.amount;
        new.status = status;
        new.batch = if *batch == "-" { "" } else { batch };
        new.occurred_at = Some(Instant(day.parse::<i64>().expect("a day") * DAY));
        entries.push(&new).expect("room");
    }
    let ids: Vec<_> = entries.ids().collect();
    ids.into_iter().for_each(|id| set_aside(&mut entries, id));
    entries
}

fn payouts(rows: &str, short: bool, budget: u32) -> Payouts {
    let entries = read(rows);
    let mut collector = Collector::new(vec![Book { number: 0, short }; 2]);
    while collector.step(&entries, budget) {}
    collector.finish(&entries)
}

/// `name lines net paid status` of each.
fn said(rows: &str, short: bool, budget: u32) -> String {
    let payouts = payouts(rows, short, budget);
    let figure = |amount: Amount| amount.as_minor().expect("small");
    let each = payouts.all.iter().map(|one| {
        let (net, paid) = (figure(one.net), figure(one.paid));
        format!("{} {} {net} {paid} {}", one.name, one.lines, one.link.name())
    });
    each.collect::<Vec<_>>().join("; ")
}

#[test]
fn lines_are_held_against_the_rows_that_say_they_were_paid() {
    for (rows, expected) in [
        ("sale 70 a 1; fee -5 a 1; payout -65 a 2", "a 2 65 65 agrees"),
        ("sale 70 a 1; payout -65 a 2", "a 1 70 65 differs"),
        ("sale 70 a 1", "a 1 70 0 no_payout_row"),
        ("payout -65 a 2", "a 0 0 65 no_lines"),
        ("sale 70 - 1; payout -70 - 2", " 0 0 70 no_lines"),
        ("sale 70 a 1; payout -40 a 2; payout -30 a 3", "a 1 70 70 agrees"),
        ("sale 70 a 1; payout -70 a 2; payout! -70 a 3", "a 1 70 70 agrees"),
        ("sale 70 a 1; sale! 9 a 1; preauth 9 a 1; payout -70 a 2", "a 1 70 70 agrees"),
        ("payout -70 - 2; payout -60 - 1", " 0 0 60 no_lines;  0 0 70 no_lines"),
        ("reserve -7 - 1; release 3 - 1", " 2 -4 0 no_payout_row"),
        ("sale 70 b 1; sale 9 a 1", "a 1 9 0 no_payout_row; b 1 70 0 no_payout_row"),
    ] {
        for budget in [1, 3, 100] {
            assert_eq!(said(rows, false, budget), expected, "{rows}");
        }
    }
}

#[test]
fn a_difference_is_claimed_where_the_files_show_the_payout_whole() {
    for (rows, short, expected) in [
        // The first payout of a month may have lines in the month before.
        ("sale 5 a 1; payout -9 a 3; sale 5 b 4; payout -5 b 6", false, "not_shown agrees"),
        ("sale 5 a 1; payout -5 a 3; sale 5 b 4; payout -9 b 6", false, "agrees differs"),
        // The second begins a day after the file, and payouts collect for two days.
        ("sale 5 a 1; payout -5 a 2; sale 5 b 2; payout -9 b 4", false, "agrees not_shown"),
        // Its lines may go on in the next file, unless the row that pays it stands in the same.
        ("sale 5 a 1; sale 5 b 4|payout -5 a 3; payout -9 b 6", false, "agrees not_shown"),
        (
            "sale 5 a 1; sale 5 b 4; sale 5 c 7|payout -5 a 3; payout -9 b 6",
            false,
            "agrees differs no_payout_row",
        ),
        // A row that could not be read may be what is missing.
        ("sale 5 a 1; payout -9 a 3", true, "not_shown"),
        ("sale 5 a 1; payout -5 a 3", true, "agrees"),
    ] {
        let all = payouts(rows, short, 100).all;
        let found: Vec<&str> = all.iter().map(|one| one.link.name()).collect();
        assert_eq!(found.join(" "), expected, "{rows}");
    }
}

#[test]
fn a_column_that_numbers_lines_is_no_payout() {
    let kes = Currency::from_code("KES").expect("active");
    let mut entries = Entries::default();
    entries.begin_source(Side::Settlement);
    for at in 0..=u32::try_from(PAYOUTS).expect("a limit") {
        let mut new = NewEntry::new(at + 1, Kind::Sale, kes);
        let batch = at.to_string();
        new.batch = &batch;
        entries.push(&new).expect("room");
    }
    let mut collector = Collector::new(Vec::new());
    while collector.step(&entries, 100_000) {}
    let payouts = collector.finish(&entries);
    assert!(payouts.too_many && payouts.all.is_empty());
}
