//! M055 mistyped reference — a reference that no order has, one slip away from that of an order
//! over the same amount.
//!
//! ## What it matches
//! An open payment line whose reference is that of no order, and an open order of its currency,
//! amount and time window whose reference differs by one slip of a finger: a character too many, too
//! few or wrong, or two neighbours swapped.
//! ## Why it is safe
//! Reference, amount and time must agree at once. Numbers that follow one another are a slip apart as
//! well, so a reference that some order has, matched or not, is never taken for a slip; and at a
//! price that many orders have, such a neighbour is soon found for a line whose order is missing. So
//! no other row of the run may have the amount. As nothing of it is certain by a key, it becomes a
//! match only where the rules allow matching without a reference; else both rows say what they could
//! be (`LOW_EVIDENCE`).
//! ## When it abstains
//! Of references of fewer than four characters, where every other number is a slip away, and where
//! any other order or line of the run has the amount.
//! ## Example
//! Order `KE-1047` over 1,234.50, and a line `KE-1074` over 1,234.50 the day after.
//! ## 中文
//! 结算行的单号不属于任何订单，但与某未结订单的单号仅差一处笔误（多、少、错一个字符，或相邻两字符颠倒），
//! 且币种、金额与时间均相符；全部文件中该金额再无他笔时才成立。规则允许无单号匹配时自动匹配，否则仅作建议
//! （`LOW_EVIDENCE`）。

use std::collections::BTreeMap;

use super::Rule;
use crate::codes::Code;
use crate::entry::{Disposition, Entries, Side};
use crate::ids::EntryId;
use crate::matching::matcher::Terms;
use crate::matching::rarity::Census;
use crate::matching::without_reference::{may_be_matched, minute};
use crate::matching::{Class, Matches, claim, normalise};
use crate::money::Currency;
use crate::sort;

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) =
    ("a reference one slip away, same amount and time", "单号仅差一处笔误，金额与时间相符");

/// The rule's code, for those who look for it here.
pub const RULE: Rule = Rule::MistypedReference;

/// Characters of a reference below which a slip says nothing.
const SHORTEST: usize = 4;

/// Rows that may be compared: of one scope, currency and amount.
type Money = (u16, Currency, i64);

/// The search of a run.
#[derive(Debug, Default)]
pub(crate) struct Slips {
    orders: Vec<(Money, EntryId)>,
    lines: Vec<(Money, EntryId)>,
    next: usize,
    pairs: Vec<(EntryId, EntryId)>,
}

impl Slips {
    /// Adds an entry, if its reference may be mistyped.
    pub(crate) fn add(&mut self, entries: &Entries, id: EntryId) {
        let (amount, currency) = claim(entries, id);
        let Some(minor) = amount.as_minor().filter(|minor| *minor > 0) else { return };
        let money = (entries.scope(id), currency, minor);
        let open = entries.disposition(id) == Disposition::Open
            && entries.kind(id).is_payment()
            && entries.occurred_at(id).is_some()
            && entries.reference_bytes(id).len() >= SHORTEST;
        match entries.side(id) {
            Side::Orders if open && may_be_matched(entries, id) => self.orders.push((money, id)),
            Side::Settlement if open && entries.order_number_bytes(id).is_empty() => {
                self.lines.push((money, id));
            }
            _ => {}
        }
    }

    /// Sorts the rows; call it when all are added.
    pub(crate) fn sort(&mut self) {
        if self.orders.is_empty() || self.lines.is_empty() {
            *self = Self::default();
        }
        sort::sort_by_key(&mut self.orders, |(money, id)| (*money, *id));
        sort::sort_by_key(&mut self.lines, |(money, id)| (*money, *id));
    }

    /// Compares about `budget` pairs; whether there are more.
    pub(crate) fn step(
        &mut self,
        entries: &mut Entries,
        matches: &mut Matches,
        (terms, census): (&Terms, &Census),
        budget: u32,
    ) -> bool {
        for _ in 0..budget {
            let Some((money, _)) = self.lines.get(self.next).copied() else {
                self.apply(entries, matches, terms.without_reference.automatic.then_some(census));
                return false;
            };
            let lines = run(&self.lines, money);
            if let ([(_, order)], [(_, line)]) = (run(&self.orders, money), lines)
                && is_slip(entries, terms, *order, *line)
            {
                self.pairs.push((*order, *line));
            }
            self.next = self.next.saturating_add(lines.len());
        }
        true
    }

    /// Makes the pairs whose amount nobody else has matches, or says that they could be.
    fn apply(&mut self, entries: &mut Entries, matches: &mut Matches, census: Option<&Census>) {
        self.forget_known_references(entries);
        if self.pairs.is_empty() {
            return;
        }
        let own = census.is_none().then(|| Census::of(entries));
        let Some(amounts) = census.or(own.as_ref()) else { return };
        for (order, line) in &self.pairs {
            if !amounts.is_alone(entries, *order) || !amounts.is_alone(entries, *line) {
                continue;
            }
            if census.is_some() {
                let _ = matches.make(entries, RULE, Class::Forced, &[*order, *line]);
            } else {
                matches.find(Code::LowEvidence, *order, vec![*line]);
                matches.find(Code::LowEvidence, *line, vec![*order]);
            }
        }
    }

    /// Leaves out lines whose reference is that of an order: that one is meant.
    fn forget_known_references(&mut self, entries: &Entries) {
        if self.pairs.is_empty() {
            return;
        }
        let mut key = Vec::new();
        let mut unknown: BTreeMap<(u16, Vec<u8>), bool> = BTreeMap::new();
        for (_, line) in &self.pairs {
            normalise(entries.reference(*line), &mut key);
            unknown.insert((entries.scope(*line), key.clone()), true);
        }
        for order in entries.ids().filter(|id| entries.side(*id) == Side::Orders) {
            for text in [entries.reference(order), entries.order_number(order)] {
                normalise(text, &mut key);
                if let Some(unknown) = unknown.get_mut(&(entries.scope(order), key.clone())) {
                    *unknown = false;
                }
            }
        }
        self.pairs.retain(|(_, line)| {
            normalise(entries.reference(*line), &mut key);
            unknown.get(&(entries.scope(*line), key.clone())) == Some(&true)
        });
    }
}

/// The rows of one amount in a sorted list.
fn run(rows: &[(Money, EntryId)], money: Money) -> &[(Money, EntryId)] {
    let start = rows.partition_point(|row| row.0 < money);
    let end = rows.partition_point(|row| row.0 <= money);
    rows.get(start..end).unwrap_or_default()
}

/// Whether an order and a line of one amount fit in time and their references are a slip apart.
fn is_slip(entries: &Entries, terms: &Terms, order: EntryId, line: EntryId) -> bool {
    let due = entries.local_date(order).map(|date| terms.due.date(date));
    let (from, to) = terms.without_reference.window(entries, order, due);
    let two_names = [order, line].iter().all(|id| !entries.transaction_id_bytes(*id).is_empty());
    if two_names || !(from..=to).contains(&minute(entries, line)) {
        return false;
    }
    let (mut one, mut other) = (Vec::new(), Vec::new());
    normalise(entries.reference(order), &mut one);
    normalise(entries.reference(line), &mut other);
    one.len().min(other.len()) >= SHORTEST && is_one_slip(&one, &other)
}

/// Whether two texts differ by one character, or by two neighbours that are swapped.
fn is_one_slip(one: &[u8], other: &[u8]) -> bool {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (one.get(same..).unwrap_or_default(), other.get(same..).unwrap_or_default());
    match (one, other) {
        ([], []) => false,
        ([a, b, one @ ..], [c, d, other @ ..]) if a == d && b == c && one == other => true,
        ([_, one @ ..], [_, other @ ..]) if one == other => true,
        ([_, rest @ ..], all) if rest == all => true,
        (all, [_, rest @ ..]) if rest == all => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_one_place() {
        for (one, other, slip) in [
            ("KE1047", "KE1074", true),
            ("KE1047", "KE1057", true),
            ("KE1047", "KE10477", true),
            ("KE1047", "KE147", true),
            ("KE1047", "K1047", true),
            ("KE1047", "EK1047", true),
            ("1", "", true),
            // Near misses.
            ("KE1047", "KE1047", false),
            ("KE1047", "KE1407", true),
            ("KE1047", "KE1740", false),
            ("KE1047", "KE1056", false),
            ("KE1047", "KE104701", false),
            ("KE1047", "EK1074", false),
            ("", "", false),
        ] {
            assert_eq!(is_one_slip(one.as_bytes(), other.as_bytes()), slip, "{one} {other}");
            assert_eq!(is_one_slip(other.as_bytes(), one.as_bytes()), slip, "{other} {one}");
        }
    }
}
