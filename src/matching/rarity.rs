//! Decides whether an amount is so rare that two rows which agree in it must belong together.
//!
//! A best assignment knows only the rows that are there. Where the line of one order and the order
//! of another line are both missing from the files, what is left of the two looks exactly like a
//! pair, and no assignment of any kind can tell: the best one has one pair more than the truth.
//! What can be known is how likely such a meeting is, and that depends on the amount alone. A
//! price that many orders have says little: whoever lost its partner soon meets another row of that
//! price. An amount that nobody else has in the whole run says nearly everything.
//!
//! So `forced`, which claims that a line is *this* order's money, needs both:
//!
//! - **No rival.** No other row of the currency has the amount (or one within the tolerance),
//!   whether it was matched by a key or not: one order and one line in all files.
//! - **No likely coincidence.** Among all lines without a reference fewer than one in
//!   [`COINCIDENCES_PER_MATCH`] is expected to have the amount by chance. How often an amount
//!   that was seen once is met again is estimated from the orders themselves, as Good and Turing
//!   do: `orders whose amount one other order has / (orders whose amount no other has × orders)`,
//!   with one added to both counts, so that few rows prove little. It must hold among all amounts of
//!   the currency, and among those alone that are as round: `1,499.00` and `20.00` are prices, which
//!   are met again sooner than `13.37`, and a month of odd amounts says nothing about them.
//!
//! Where one of them fails, rows that agree with the two may exist outside the files, and with them
//! other assignments are as good, which give the same rows the same money: the pair is
//! `interchangeable`. That class claims money and not identity, and stays true whoever is whose.

use std::collections::BTreeMap;

use super::resolve::claim;
use super::without_reference::may_be_matched;
use crate::entry::{Entries, Side};
use crate::ids::EntryId;
use crate::limits::COINCIDENCES_PER_MATCH;
use crate::money::Currency;
use crate::sort;

/// Currency and amount in minor units.
type Sum = (Currency, i64);

/// How round an amount is: the zeros at its end, or at the end of the next greater one.
type Round = u8;

/// Amounts with more zeros are counted together.
const ROUNDEST: Round = 3;

fn round(minor: i64) -> Round {
    let zeros = |number: i64| {
        (1..=ROUNDEST).rev().find(|zeros| number % 10_i64.pow(u32::from(*zeros)) == 0).unwrap_or(0)
    };
    zeros(minor).max(zeros(minor.saturating_add(1)))
}

/// What is counted of amounts that are alike.
#[derive(Clone, Copy, Debug, Default)]
struct Met {
    /// Orders.
    orders: u64,
    /// Orders whose amount no other has.
    alone: u64,
    /// Orders whose amount one other has.
    twice: u64,
    /// Lines that name no order.
    lines: u64,
}

impl Met {
    fn add(&mut self, same: usize) {
        self.orders = self.orders.saturating_add(1);
        self.alone = self.alone.saturating_add(u64::from(same == 1));
        self.twice = self.twice.saturating_add(u64::from(same == 2));
    }

    /// lines × (twice + 1) / ((alone + 1) × orders) < 1 / COINCIDENCES_PER_MATCH
    fn is_telling(self) -> bool {
        let met = u128::from(self.lines)
            * u128::from(self.twice + 1)
            * u128::from(COINCIDENCES_PER_MATCH);
        met < u128::from(self.alone + 1) * u128::from(self.orders)
    }
}

/// How far from an amount others still agree with it, in minor units.
pub(crate) type Reach<'a> = &'a dyn Fn(Sum) -> u64;

/// The amounts of all payments of a run, matched or not.
#[derive(Debug, Default)]
pub(crate) struct Census {
    orders: Vec<Sum>,
    lines: Vec<Sum>,
    /// Lines that name no order.
    unnamed: BTreeMap<(Currency, Round), u64>,
    /// Amounts that are unlikely to agree by chance.
    telling: BTreeMap<(Currency, Round), bool>,
}

impl Census {
    /// Adds an entry, if it is a payment; call it before a pass without references begins.
    pub(crate) fn add(&mut self, entries: &Entries, id: EntryId) {
        let (amount, currency) = claim(entries, id);
        let Some(minor) = amount.as_minor().filter(|_| entries.kind(id).is_payment()) else {
            return;
        };
        match entries.side(id) {
            Side::Orders => self.orders.push((currency, minor)),
            Side::Settlement => {
                self.lines.push((currency, minor));
                if may_be_matched(entries, id) {
                    *self.unnamed.entry((currency, round(minor))).or_default() += 1;
                }
            }
            _ => {}
        }
    }

    /// The amounts of all payments, sorted.
    pub(crate) fn of(entries: &Entries) -> Self {
        let mut census = Self::default();
        entries.ids().for_each(|id| census.add(entries, id));
        census.sort();
        census
    }

    /// Sorts the amounts; call it when all are added.
    pub(crate) fn sort(&mut self) {
        sort::sort(&mut self.orders);
        sort::sort(&mut self.lines);
    }

    /// Decides in which currencies an amount says something, where others agree within `reach`.
    pub(crate) fn weigh(&mut self, reach: Reach<'_>) {
        for orders in self.orders.chunk_by(|one, other| one.0 == other.0) {
            let Some((currency, _)) = orders.first().copied() else { continue };
            let (mut all, mut alike) = (Met::default(), [Met::default(); 1 + ROUNDEST as usize]);
            for (round, met) in (0..).zip(&mut alike) {
                met.lines = self.unnamed.get(&(currency, round)).copied().unwrap_or(0);
                all.lines = all.lines.saturating_add(met.lines);
            }
            for order in orders {
                let same = within(orders, spread(*order, *order, reach));
                all.add(same);
                if let Some(met) = alike.get_mut(usize::from(round(order.1))) {
                    met.add(same);
                }
            }
            for (round, met) in (0..).zip(alike) {
                self.telling.insert((currency, round), all.is_telling() && met.is_telling());
            }
        }
    }

    /// Whether an order and a line of these amounts are the only ones that agree, and not by chance.
    pub(crate) fn is_telling(&self, order: Sum, line: Sum, reach: Reach<'_>) -> bool {
        let range = spread(order, line, reach);
        self.telling.get(&(order.0, round(order.1))).is_some_and(|telling| *telling)
            && within(&self.orders, range) == 1
            && within(&self.lines, range) == 1
    }

    /// Whether no other row of its side has an entry's amount.
    pub(crate) fn is_alone(&self, entries: &Entries, id: EntryId) -> bool {
        let (amount, currency) = claim(entries, id);
        let sum = (currency, amount.as_minor().unwrap_or(0));
        let sums = if entries.side(id) == Side::Orders { &self.orders } else { &self.lines };
        within(sums, (sum, sum)) == 1
    }
}

/// The amounts that agree with one of two.
fn spread(one: Sum, other: Sum, reach: Reach<'_>) -> (Sum, Sum) {
    let low = one.1.min(other.1).saturating_sub_unsigned(reach(one));
    let high = one.1.max(other.1).saturating_add_unsigned(reach(one));
    ((one.0, low), (one.0, high))
}

/// How many amounts of a sorted list are in a range.
fn within(sums: &[Sum], (low, high): (Sum, Sum)) -> usize {
    let start = sums.partition_point(|sum| *sum < low);
    sums.partition_point(|sum| *sum <= high).saturating_sub(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kes() -> Currency {
        Currency::from_code("KES").expect("active")
    }

    /// A census of orders and of as many lines, of which some have no reference.
    fn census(amounts: &[i64], unnamed: u64, reach: u64) -> Census {
        let sums: Vec<Sum> = amounts.iter().map(|amount| (kes(), *amount)).collect();
        let mut census = Census {
            orders: sums.clone(),
            lines: sums,
            unnamed: BTreeMap::from([((kes(), 0), unnamed)]),
            telling: BTreeMap::new(),
        };
        census.sort();
        census.weigh(&|_| reach);
        census
    }

    #[test]
    fn an_amount_says_something_where_nobody_else_has_it_and_amounts_seldom_recur() {
        let all = |step: i64| (1..=100).map(|i| i * step + 3).collect::<Vec<_>>();
        let prices: Vec<i64> = (1..=100).map(|i| 503 + i % 40 * 10).collect();
        for (what, mut amounts, unnamed, reach, telling) in [
            ("a hundred amounts, all different", all(70), 20, 0, true),
            // 103 × 1 × 100 < 102 × 101, and 104 is not.
            ("as many lines as can be", all(70), 103, 0, true),
            ("so many lines that one may have it by chance", all(70), 104, 0, false),
            ("apart by more than the tolerance", all(70), 20, 69, true),
            ("apart by the tolerance", all(70), 20, 70, false),
            ("one of forty prices, met once", prices, 20, 0, false),
            ("three orders prove little", vec![103, 203, 303], 1, 0, false),
            ("thirty orders, one line", (1..=30).map(|i| i * 70 + 3).collect(), 1, 0, true),
        ] {
            amounts.push(123_456);
            let sum = (kes(), 123_456);
            let census = census(&amounts, unnamed, reach);
            assert_eq!(census.is_telling(sum, sum, &|_| reach), telling, "{what}");
        }
    }

    #[test]
    fn a_rival_on_either_side_leaves_a_doubt() {
        let amounts: Vec<i64> = (1..=100).map(|i| i * 70 + 3).collect();
        let sum = (kes(), 7_003);
        let telling = |change: fn(&mut Census), other: i64| {
            let mut census = census(&amounts, 5, 10);
            change(&mut census);
            census.sort();
            census.weigh(&|_| 10);
            census.is_telling(sum, (kes(), other), &|_| 10)
        };
        assert!(telling(|_| (), 7_003));
        assert!(telling(|_| (), 7_013), "within the tolerance");
        assert!(!telling(|census| census.orders.push((kes(), 7_004)), 7_003), "another order");
        assert!(!telling(|census| census.lines.push((kes(), 7_004)), 7_003), "another line");
        assert!(!telling(|census| census.lines.push((kes(), 6_993)), 7_003), "just within");
        assert!(telling(|census| census.lines.push((kes(), 6_992)), 7_003), "just outside");
        let ngn = |census: &mut Census| {
            census.lines.push((Currency::from_code("NGN").expect("active"), 7_003));
        };
        assert!(telling(ngn, 7_003), "another currency");
    }

    #[test]
    fn a_round_amount_says_something_only_where_round_amounts_seldom_recur() {
        for (number, expected) in
            [(149_900, 2), (999, 3), (1_337, 0), (1_340, 1), (0, 3), (-500, 2), (i64::MAX, 0)]
        {
            assert_eq!(round(number), expected, "{number}");
        }
        // A hundred odd amounts, all different, and ten prices that two orders have each.
        let odd = (1..=100).map(|i| i * 70 + 3);
        let prices = (1..=10).flat_map(|i| [i * 10_000, i * 10_000]);
        let amounts: Vec<i64> = odd.chain(prices).chain([149_900, 123_456]).collect();
        let mut census = census(&amounts, 1, 0);
        census.unnamed.insert((kes(), 2), 1);
        census.weigh(&|_| 0);
        let is_telling = |minor| census.is_telling((kes(), minor), (kes(), minor), &|_| 0);
        assert!(is_telling(123_456));
        assert!(!is_telling(149_900), "prices are met again");
    }
}
