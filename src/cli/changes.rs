//! Says for people what a change of the rules did to the matches.

use std::fmt::Write as _;

use crossfoot::money::{Amount, Currency};
use crossfoot::report::changes::{Change, Changes, Money, Pairing};

/// Matches of each kind that are listed.
const LISTED: usize = 20;

/// The changes as a text.
pub(crate) fn changes_text(changes: &Changes) -> String {
    let mut text = "\nSince the earlier result:\n".to_owned();
    for (name, list) in
        [("gained", &changes.gained), ("lost", &changes.lost), ("re-paired", &changes.repaired)]
    {
        kind(&mut text, name, list);
    }
    let _ = writeln!(text, "  {:<10} {}", "unchanged", counted(changes.unchanged));
    text
}

fn counted(matches: u64) -> String {
    format!("{matches} {}", if matches == 1 { "match" } else { "matches" })
}

fn kind(text: &mut String, name: &str, list: &[Change]) {
    // Of rows that have other partners the new matches count.
    let of = |change: &Change| match change.after.is_empty() {
        true => change.before.clone(),
        false => change.after.clone(),
    };
    let all: Vec<Pairing> = list.iter().flat_map(of).collect();
    let count = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let _ = writeln!(text, "  {name:<10} {}{}", counted(count), money(&total(&all)));
    for change in list.iter().take(LISTED) {
        for (mark, pairings) in [('-', &change.before), ('+', &change.after)] {
            for pairing in pairings {
                let sides = [&pairing.orders, &pairing.lines].map(|rows| rows.join(" + "));
                let (rule, rows) = (&pairing.rule, sides.join(" = "));
                let _ = writeln!(text, "    {mark} {rule} {rows}{}", money(&pairing.money));
            }
        }
    }
    if list.len() > LISTED {
        let _ = writeln!(text, "    and {} more", list.len().saturating_sub(LISTED));
    }
}

/// The gross of the orders of some matches.
fn total(pairings: &[Pairing]) -> Money {
    let mut total = Money::default();
    for (currency, sum) in pairings.iter().flat_map(|pairing| pairing.money.sums()) {
        total.add(currency, sum);
    }
    total
}

fn money(money: &Money) -> String {
    let each = |(currency, sum): (Currency, Option<Amount>)| match sum {
        Some(sum) => format!("  {currency} {}", sum.format(currency)),
        None => format!("  {currency} beyond exact numbers"),
    };
    money.sums().map(each).collect()
}
