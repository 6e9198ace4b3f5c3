//! Tables of small months: what pairs, what stays open, and what was noticed.
//!
//! A row is `o` or `s`, a reference, an amount in minor units, and what else matters:
//! `id=` a transaction id, `no=` a second order number, `at=` minutes, `cur=` a currency, a kind.

use std::collections::BTreeMap;

use crate::entry::{Disposition, Entries, Kind, NewEntry, Side};
use crate::ids::EntryId;
use crate::matching::{Due, Matcher, Matches, Numbering, Terms, Tolerance, WithoutReference};
use crate::money::{Amount, Currency};
use crate::time::Instant;

/// Runs the matching on rows and says, for each match, its rule and members, then the findings.
fn outcome(rows: &[&str]) -> Vec<String> {
    let (entries, matches) = run(rows, 3);
    let mut lines: Vec<String> = matches
        .ids()
        .map(|id| {
            let mut members: Vec<u32> = matches.members(&entries, id).map(|m| m.0).collect();
            members.sort_unstable();
            format!("{} {members:?}", matches.rule(id).name())
        })
        .collect();
    lines.extend(matches.findings().iter().map(|f| format!("{} {}", f.code.name(), f.row.0)));
    lines.sort();
    lines
}

fn run(rows: &[&str], budget: u32) -> (Entries, Matches) {
    run_with(rows, budget, WithoutReference::default())
}

fn run_with(rows: &[&str], budget: u32, without_reference: WithoutReference) -> (Entries, Matches) {
    run_within(rows, budget, without_reference, Tolerance::default())
}

fn run_within(
    rows: &[&str],
    budget: u32,
    without_reference: WithoutReference,
    tolerance: Tolerance,
) -> (Entries, Matches) {
    let mut entries = read(rows, budget);
    let due = Due { cycle: None, as_of: None };
    let mut matcher = Matcher::new(Terms { due, off: Vec::new(), without_reference, tolerance });
    while matcher.step(&mut entries, budget) {}
    (entries, matcher.finish())
}

/// Terms with a tolerance in minor units of every currency of these tables.
pub(crate) fn terms(automatic: bool, tolerance: i64) -> Terms {
    let own = ["KES", "USD"].map(|code| Currency::from_code(code).expect("active"));
    let absolute = own.map(|currency| (currency, Amount::from_minor(tolerance)));
    Terms {
        due: Due { cycle: None, as_of: None },
        off: Vec::new(),
        without_reference: WithoutReference { automatic, ..WithoutReference::default() },
        tolerance: Tolerance { absolute: BTreeMap::from(absolute), ..Tolerance::default() },
    }
}

/// Reads rows, and numbers equal ones.
pub(crate) fn read(rows: &[impl AsRef<str>], budget: u32) -> Entries {
    let mut entries = Entries::default();
    for side in [Side::Orders, Side::Settlement] {
        entries.begin_source(side);
        let letter = if side == Side::Orders { "o " } else { "s " };
        for (index, row) in
            rows.iter().enumerate().filter(|(_, row)| row.as_ref().starts_with(letter))
        {
            push(&mut entries, u32::try_from(index).expect("few rows"), row.as_ref());
        }
    }
    let mut numbering = Numbering::default();
    while numbering.step(&mut entries, budget) {}
    entries
}

fn push(entries: &mut Entries, row: u32, text: &str) {
    let mut words = text.split(' ').skip(1);
    let reference = words.next().expect("a reference");
    let amount: i64 = words.next().expect("an amount").parse().expect("minor units");
    let kes = Currency::from_code("KES").expect("active");
    let mut entry = NewEntry::new(row, Kind::Sale, kes);
    entry.reference = if reference == "-" { "" } else { reference };
    entry.amount = Amount::from_minor(amount);
    entry.net = entry.amount;
    for word in words {
        match word.split_once('=') {
            Some(("id", id)) => entry.transaction_id = id,
            Some(("no", number)) => entry.order_number = number,
            Some(("fee", fee)) => {
                entry.fee = Amount::from_minor(fee.parse().expect("minor units"));
                entry.net = entry.amount.checked_add(entry.fee).expect("small");
            }
            Some(("at", minutes)) => {
                let minutes: i64 = minutes.parse().expect("minutes");
                entry.occurred_at = Some(Instant(minutes * 60_000_000));
            }
            Some(("cur", code)) => {
                entry.currency = Currency::from_code(code).expect("active");
                entry.net_currency = entry.currency;
            }
            _ => entry.kind = Kind::from_name(word).expect("a kind"),
        }
    }
    entries.push(&entry).expect("room");
}

#[test]
fn one_order_and_one_line() {
    for (rows, expected) in [
        (vec!["o A-1 100", "s A-1 100"], vec!["M020 [0, 1]"]),
        (vec!["o A-1 100", "s A-1 90"], vec!["M020 [0, 1]"]),
        (vec!["o A-1 100 id=T", "s X 100 id=T"], vec!["M010 [0, 1]"]),
        (vec!["o #1 100 no=77", "s 77 100"], vec!["M030 [0, 1]"]),
        (vec!["o 77 100", "s X 100 no=77"], vec!["M030 [0, 1]"]),
        (vec!["o A-1 100", "s order#a1 100"], vec!["M040 [0, 1]"]),
        // Near misses.
        (vec!["o A-1 100", "s A-11 100"], vec![]),
        (vec!["o A-1 100", "s - 100"], vec![]),
        (vec!["o - 100", "s - 100"], vec![]),
        (vec!["o A-1 100 id=T", "s A-2 100 id=U"], vec![]),
        (vec!["o A-1 100", "s A-1 100 preauth"], vec![]),
        (vec!["o A-1 100", "s A-1 -100 payout"], vec![]),
    ] {
        assert_eq!(outcome(&rows), expected, "{rows:?}");
    }
}

#[test]
fn of_equal_claims_the_earliest_is_matched() {
    for (rows, expected) in [
        (
            vec!["o A 100", "s A 100 at=9", "s A 100 at=5"],
            vec!["DUPLICATE_IN_SETTLEMENT 1", "M020 [0, 2]"],
        ),
        (
            vec!["o A 100 at=7", "o A 100 at=3", "s A 100"],
            vec!["DUPLICATE_IN_ORDERS 0", "M020 [1, 2]"],
        ),
        // Two of each are two pairs and no duplicate.
        (
            vec!["o A 100 at=1", "o A 100 at=2", "s A 100 at=3", "s A 100 at=4"],
            vec!["M020 [0, 2]", "M020 [1, 3]"],
        ),
        // Another amount is no duplicate: it is a line without an order.
        (vec!["o A 100", "s A 100", "s A 40"], vec!["M020 [0, 1]"]),
        // The same transaction twice, of another amount than the order.
        (
            vec!["o A 100", "s A 90 id=T at=1", "s A 90 id=T at=2"],
            vec!["DUPLICATE_IN_SETTLEMENT 2", "M020 [0, 1]"],
        ),
        // A further line that spells the reference another way.
        (
            vec!["o A-1 100", "s A-1 100", "s a1 100"],
            vec!["DUPLICATE_IN_SETTLEMENT 2", "M020 [0, 1]"],
        ),
        // Amount decides before age.
        (
            vec!["o A 100 at=1", "o A 50 at=2", "s A 50 at=3", "s A 100 at=4"],
            vec!["M020 [0, 3]", "M020 [1, 2]"],
        ),
    ] {
        assert_eq!(outcome(&rows), expected, "{rows:?}");
    }
}

#[test]
fn several_lines_pay_one_order_and_one_line_several_orders() {
    for (rows, expected) in [
        (vec!["o A 100", "s A 60", "s A 40"], vec!["M020 [0, 1, 2]"]),
        (vec!["o A 100", "s A 60", "s A 30"], vec!["M020 [0, 1, 2]"]),
        (vec!["o A 100", "s A 50 id=T", "s A 50 id=T"], vec!["M020 [0, 1, 2]"]),
        (vec!["o A 60 id=T", "o B 40 id=T", "s C 100 id=T"], vec!["M010 [0, 1, 2]"]),
        (vec!["o A 60", "o B 40", "s A+B 100"], vec!["M050 [0, 1, 2]"]),
        (vec!["o A-1 60", "o B-2 40", "s a1;b2 100"], vec!["M050 [0, 1, 2]"]),
        (vec!["o A+B 100", "s A+B 100"], vec!["M020 [0, 1]"]),
        // Near misses: a part is unknown, taken, or in another currency.
        (vec!["o A 60", "s A+B 100"], vec![]),
        (vec!["o A 60", "o B 40", "s A 60", "s A+B 100"], vec!["M020 [0, 2]"]),
        (vec!["o A 60", "o B 40 cur=NGN", "s A+B 100"], vec![]),
        (vec!["o A 60", "s A+A 120"], vec![]),
    ] {
        assert_eq!(outcome(&rows), expected, "{rows:?}");
    }
}

#[test]
fn two_numbers_that_become_one_are_a_question() {
    let rows = ["o A-1 100", "o A1 200", "s a/1 100"];
    assert_eq!(outcome(&rows), ["AMBIGUOUS_PAIR 2"]);
}

#[test]
fn a_key_in_two_currencies_is_two_keys() {
    for (rows, expected) in [
        (vec!["o A 100", "s A 100 cur=USD"], vec!["CURRENCY_MISMATCH 0", "CURRENCY_MISMATCH 1"]),
        (
            vec!["o A 100", "o A 100 cur=USD", "s A 100 cur=USD", "s A 100"],
            vec!["M020 [0, 3]", "M020 [1, 2]"],
        ),
    ] {
        assert_eq!(outcome(&rows), expected, "{rows:?}");
    }
}

#[test]
fn what_follows_a_payment_joins_its_match() {
    for (rows, expected) in [
        (vec!["o A 100", "s A 100", "s A -30 refund"], vec!["M020 [0, 1, 2]"]),
        (vec!["o A-1 100", "s A-1 100", "s a1 -30 refund"], vec!["M020 [0, 1, 2]"]),
        (vec!["o A 100", "s A 100 id=T", "s - -30 refund id=T"], vec!["M020 [0, 1, 2]"]),
        (vec!["o A 100", "s A 100", "s A -100 chargeback"], vec!["M020 [0, 1, 2]"]),
        (
            vec!["o A 100", "s A 100", "s A -30 refund id=R at=1", "s A -30 refund id=R at=2"],
            vec!["DUPLICATE_IN_SETTLEMENT 3", "M020 [0, 1, 2]"],
        ),
        // Two refunds of one amount are two refunds.
        (
            vec!["o A 100", "s A 100", "s A -30 refund id=R", "s A -30 refund id=S"],
            vec!["M020 [0, 1, 2, 3]"],
        ),
        // Near misses.
        (vec!["o A 100", "s A 100", "s B -30 refund"], vec!["M020 [0, 1]"]),
        (vec!["o A 100", "s A -30 refund"], vec![]),
        (vec!["o A 100", "s A 100", "s A -30 refund cur=USD"], vec!["M020 [0, 1]"]),
    ] {
        assert_eq!(outcome(&rows), expected, "{rows:?}");
    }
}

/// Rows in a window of a day before and three days after: 1,440 minutes a day.
#[test]
fn amount_and_time_match_only_where_the_rules_allow_it() {
    let automatic = WithoutReference { automatic: true, ..WithoutReference::default() };
    let compare = ["REFERENCE_MISMATCH 0", "REFERENCE_MISMATCH 1"];
    let question = ["AMBIGUOUS_PAIR 0", "AMBIGUOUS_PAIR 1", "AMBIGUOUS_PAIR 2"];
    for (rows, made, suggested) in [
        (
            vec!["o A 100 at=1", "s - 100 at=9"],
            vec!["M060 interchangeable [0, 1]"],
            vec!["LOW_EVIDENCE 0", "LOW_EVIDENCE 1"],
        ),
        (
            vec!["o A 100 at=1", "o B 100 at=2", "s - 100 at=8", "s - 100 at=9"],
            vec!["M060 interchangeable [0, 2]", "M060 interchangeable [1, 3]"],
            vec!["LOW_EVIDENCE 0", "LOW_EVIDENCE 1", "LOW_EVIDENCE 2", "LOW_EVIDENCE 3"],
        ),
        // One of two is left over, and nobody can say which.
        (
            vec!["o A 100 at=1", "o B 100 at=5", "s - 100 at=6"],
            vec!["LOW_EVIDENCE 0", "M060 interchangeable [1, 2]", "MISSING_IN_SETTLEMENT 0"],
            vec!["LOW_EVIDENCE 0", "LOW_EVIDENCE 1", "LOW_EVIDENCE 2"],
        ),
        (
            vec!["o A 100 at=1", "s - 100 at=5", "s - 100 at=6"],
            vec!["LOW_EVIDENCE 2", "M060 interchangeable [0, 1]", "MISSING_IN_ORDERS 2"],
            vec!["LOW_EVIDENCE 0", "LOW_EVIDENCE 1", "LOW_EVIDENCE 2"],
        ),
        // The fees differ, so it matters which line is left over.
        (
            vec!["o A 100 at=1", "s - 100 fee=-3 at=5", "s - 100 fee=-4 at=6"],
            question.to_vec(),
            question.to_vec(),
        ),
        // A key comes first, and what it leaves is certain.
        (
            vec!["o A 100 at=1", "o B 100 at=2", "s A 100 at=8", "s - 100 at=9"],
            vec!["M020 forced [0, 2]", "M060 interchangeable [1, 3]"],
            vec!["LOW_EVIDENCE 1", "LOW_EVIDENCE 3", "M020 forced [0, 2]"],
        ),
        // The refund of a payment that was found by its amount.
        (
            vec!["o A 100 at=1", "s - 100 id=T at=9", "s - -40 id=T at=20 refund"],
            vec!["M060 interchangeable [0, 1, 2]"],
            vec!["LOW_EVIDENCE 0", "LOW_EVIDENCE 1"],
        ),
        // Near misses: a reference that nobody knows, another transaction, amount, currency, time.
        (vec!["o A 100 at=1", "s X 100 at=9"], compare.to_vec(), compare.to_vec()),
        (vec!["o A 100 at=1", "s - 100 no=X at=9"], compare.to_vec(), compare.to_vec()),
        (vec!["o A 100 id=T at=1", "s - 100 id=U at=9"], vec![], vec![]),
        (vec!["o A 100 at=1", "s - 101 at=9"], vec![], vec![]),
        (vec!["o A 100 at=1", "s - 100 cur=USD at=9"], vec![], vec![]),
        (vec!["o A 100 at=1", "s - 100 at=6000"], vec![], vec![]),
        (vec!["o A 100 at=2000", "s - 100 at=500"], vec![], vec![]),
        (vec!["o A 100", "s - 100 at=9"], vec![], vec![]),
        (vec!["o A -100 at=1", "s - -100 at=9"], vec![], vec![]),
    ] {
        assert_eq!(with_classes(&rows, automatic), made, "automatic: {rows:?}");
        assert_eq!(with_classes(&rows, WithoutReference::default()), suggested, "{rows:?}");
    }
}

#[test]
fn amounts_within_the_tolerance_match_only_where_the_rules_allow_it() {
    let kes = Currency::from_code("KES").expect("active");
    let tolerance = Tolerance {
        absolute: BTreeMap::from([(kes, Amount::from_minor(10))]),
        ..Tolerance::default()
    };
    for (rows, made, suggested) in [
        (
            vec!["o A 1000 at=1", "s - 1010 at=9"],
            vec!["M070 interchangeable [0, 1]"],
            vec!["LOW_EVIDENCE 0", "LOW_EVIDENCE 1"],
        ),
        // Most pairs first: the nearer line would leave the other order without one.
        (
            vec!["o A 1000 at=1", "o B 1012 at=1", "s - 1004 at=2", "s - 991 at=3"],
            vec!["M070 interchangeable [0, 3]", "M070 interchangeable [1, 2]"],
            vec!["LOW_EVIDENCE 0", "LOW_EVIDENCE 1", "LOW_EVIDENCE 2", "LOW_EVIDENCE 3"],
        ),
        // An equal amount is taken first.
        (
            vec!["o A 1000 at=1", "s - 1001 at=2", "s - 1000 at=900"],
            vec!["M060 interchangeable [0, 2]"],
            vec!["LOW_EVIDENCE 0", "LOW_EVIDENCE 2"],
        ),
        // As far from the one as from the other.
        (
            vec!["o A 1000 at=1", "s - 1001 at=2", "s - 999 at=2"],
            vec!["AMBIGUOUS_PAIR 0", "AMBIGUOUS_PAIR 1", "AMBIGUOUS_PAIR 2"],
            vec!["AMBIGUOUS_PAIR 0", "AMBIGUOUS_PAIR 1", "AMBIGUOUS_PAIR 2"],
        ),
        // Near misses.
        (vec!["o A 1000 at=1", "s - 1011 at=9"], vec![], vec![]),
        (vec!["o A 1000 at=1", "s X 1010 at=9"], vec![], vec![]),
        (vec!["o A 1000 at=1", "s - 1010 at=9000"], vec![], vec![]),
        (vec!["o A 1000 at=1 cur=USD", "s - 1010 at=9 cur=USD"], vec![], vec![]),
    ] {
        for (automatic, expected) in [(true, made), (false, suggested)] {
            let allowed = WithoutReference { automatic, ..WithoutReference::default() };
            let (entries, matches) = run_within(&rows, 3, allowed, tolerance.clone());
            assert_eq!(lines_of(&entries, &matches), expected, "{automatic}: {rows:?}");
        }
    }
}

/// Ten orders of ten amounts: one is enough to tell, unless another row has it too.
#[test]
fn a_pair_is_certain_only_if_nobody_else_has_its_amount() {
    let automatic = WithoutReference { automatic: true, ..WithoutReference::default() };
    for (what, order, line, other, class) in [
        ("an amount of its own", "o X 777 at=1", "s - 777 at=9", "o Y 5 at=1", "forced"),
        // Its own line may be missing, and the line be that of an order that is missing as well.
        ("a usual price", "o X 104 at=1", "s - 104 at=9", "o Y 5 at=1", "interchangeable"),
        ("a line elsewhere", "o X 777 at=1", "s - 777 at=9", "s Z 777 at=1", "interchangeable"),
        (
            "an order far away",
            "o X 777 at=1",
            "s - 777 at=9",
            "o Y 777 at=90000",
            "interchangeable",
        ),
        ("a refund over it", "o X 777 at=1", "s - 777 at=9", "s Z -777 refund", "forced"),
    ] {
        let keyed: Vec<String> = (0..9)
            .flat_map(|i| [format!("o K{i} 1{i}4 at=1"), format!("s K{i} 1{i}4 at=2")])
            .collect();
        let mut rows: Vec<&str> = keyed.iter().map(String::as_str).collect();
        rows.extend([other, order, line]);
        let found = with_classes(&rows, automatic);
        let pair = found.iter().find(|line| line.starts_with("M060"));
        let class_of = pair.and_then(|pair| pair.split(' ').nth(1));
        assert_eq!(class_of, Some(class), "{what}: {found:?}");
    }
}

fn with_classes(rows: &[&str], without_reference: WithoutReference) -> Vec<String> {
    let (entries, matches) = run_with(rows, 3, without_reference);
    lines_of(&entries, &matches)
}

/// As [`outcome`], and how certain each match is.
pub(super) fn lines_of(entries: &Entries, matches: &Matches) -> Vec<String> {
    let made = matches.ids().map(|id| {
        let mut members: Vec<u32> = matches.members(entries, id).map(|m| m.0).collect();
        members.sort_unstable();
        let (rule, class) = (matches.rule(id).name(), matches.class(id).name());
        format!("{rule} {class} {members:?}")
    });
    let found = matches.findings().iter().map(|f| format!("{} {}", f.code.name(), f.row.0));
    let mut lines: Vec<String> = made.chain(found).collect();
    lines.sort();
    lines
}

#[test]
fn the_size_of_a_step_changes_nothing() {
    let rows: Vec<String> = (0..400)
        .flat_map(|i| {
            [format!("o K-{} {}", i % 150, 100 + i % 7), format!("s k{} {}", i % 160, 100 + i % 5)]
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let ends = |budget| {
        let (entries, matches) = run(&rows, budget);
        let places: Vec<_> =
            entries.ids().map(|id| (entries.disposition(id), entries.match_of(id))).collect();
        (places, matches.len())
    };
    assert_eq!(ends(1), ends(1_000_000));
    assert_eq!(ends(1), ends(37));
}

#[test]
fn every_entry_has_one_place() {
    let rows = ["o A 100", "s A 60", "s A 40", "s A 100", "s B 1 preauth", "s A -5 fee"];
    let (entries, matches) = run(&rows, 10);
    let in_matches: Vec<EntryId> =
        matches.ids().flat_map(|id| matches.members(&entries, id)).collect();
    for id in entries.ids() {
        let matched = entries.disposition(id) == Disposition::Matched;
        assert_eq!(matched, in_matches.contains(&id), "{id:?}");
        assert_eq!(matched, entries.match_of(id).is_some(), "{id:?}");
    }
    let mut unique = in_matches.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), in_matches.len());
}
