//! Decides how often each thing happens in the sample month: which cases are planted, and how many.

use super::labels::{Label, Labels};
use super::rng::Rng;

/// What else happens around an order on which nothing is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Plain,
    /// The payer's first attempt failed.
    FailedAttempt,
    /// A card payment, authorised first and captured a little later.
    Captured,
}

/// One order, or several that are paid by one line, with all that belongs to them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) labels: Labels,
    pub(super) flavour: Flavour,
    /// How many orders.
    pub(super) size: u32,
    /// The orders carry the line's transaction id in place of the line carrying their numbers.
    pub(super) shared_id: bool,
}

impl Case {
    fn new(labels: Labels, flavour: Flavour) -> Case {
        Case { labels, flavour, size: 1, shared_id: false }
    }
}

/// What is planted alone: per thousand orders. Labels that name one row are planted more often,
/// so that each is on at least one row in a hundred.
const ALONE: [(Label, u32); 19] = [
    (Label::FeeOvercharge, 20),
    (Label::FxDeviation, 18),
    (Label::AmountDifference, 20),
    (Label::Unit, 16),
    (Label::DuplicateLine, 29),
    (Label::DuplicateOrder, 29),
    (Label::MissingInSettlement, 29),
    (Label::NotDue, 60),
    (Label::Late, 16),
    (Label::CutoffShift, 20),
    (Label::PartialRefund, 12),
    (Label::FullRefund, 12),
    (Label::Reversal, 12),
    (Label::Chargeback, 12),
    (Label::StatusMismatch, 16),
    (Label::SplitPayment, 14),
    (Label::SeveralOrders, 8),
    (Label::WrongReference, 18),
    (Label::NotPaid, 29),
];

/// What is planted together; all of them have the same share of [`TOGETHER_PER_MILLE`].
const TOGETHER: [Labels; 32] = [
    Labels::two(Label::FeeOvercharge, Label::Late),
    Labels::two(Label::CutoffShift, Label::FeeOvercharge),
    Labels::two(Label::WrongReference, Label::Late),
    Labels::two(Label::AmountDifference, Label::FeeOvercharge),
    Labels::two(Label::FxDeviation, Label::Late),
    Labels::two(Label::Chargeback, Label::Late),
    Labels::two(Label::CutoffShift, Label::Late),
    Labels::two(Label::WrongReference, Label::FeeOvercharge),
    Labels::two(Label::FxDeviation, Label::FeeOvercharge),
    Labels::two(Label::WrongReference, Label::CutoffShift),
    Labels::two(Label::PartialRefund, Label::FeeOvercharge),
    Labels::two(Label::SplitPayment, Label::AmountDifference),
    Labels::two(Label::StatusMismatch, Label::FeeOvercharge),
    Labels::two(Label::CutoffShift, Label::AmountDifference),
    Labels::two(Label::Unit, Label::Late),
    Labels::two(Label::CutoffShift, Label::FxDeviation),
    Labels::two(Label::AmountDifference, Label::Late),
    Labels::two(Label::SplitPayment, Label::FeeOvercharge),
    Labels::two(Label::Chargeback, Label::FeeOvercharge),
    Labels::two(Label::SeveralOrders, Label::FeeOvercharge),
    Labels::two(Label::PartialRefund, Label::Late),
    Labels::two(Label::Reversal, Label::FeeOvercharge),
    Labels::two(Label::SplitPayment, Label::Late),
    Labels::two(Label::StatusMismatch, Label::Late),
    Labels::two(Label::WrongReference, Label::FxDeviation),
    Labels::two(Label::WrongReference, Label::AmountDifference),
    Labels::two(Label::SeveralOrders, Label::Late),
    Labels::two(Label::FullRefund, Label::FeeOvercharge),
    Labels::two(Label::Chargeback, Label::FxDeviation),
    Labels::two(Label::Unit, Label::FeeOvercharge),
    Labels::two(Label::FullRefund, Label::Late),
    Labels::two(Label::CutoffShift, Label::Unit),
];
const TOGETHER_PER_MILLE: u32 = 90;
const FAILED_PER_MILLE: u32 = 29;
const CAPTURED_PER_MILLE: u32 = 29;
const UNKNOWN_PER_MILLE: u32 = 30;
/// From this many orders on, every share holds.
pub(super) const SMALLEST_WITH_SHARES: u32 = 300;

/// The cases of a month of `orders` orders, in random order.
pub(super) fn cases(rng: &mut Rng, orders: u32) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut left = orders;
    let mut add = |case: Case| {
        if case.size <= left {
            left -= case.size;
            cases.push(case);
        }
    };
    if orders >= SMALLEST_WITH_SHARES {
        planted(rng, orders).into_iter().for_each(&mut add);
    } else {
        // Too few for shares: a little of everything, on less than half of the orders.
        let mut one_of_each = planted(rng, 1);
        rng.shuffle(&mut one_of_each);
        let slots = usize::try_from(orders * 9 / 20).unwrap_or(0);
        one_of_each.into_iter().cycle().take(slots).for_each(&mut add);
    }
    let exact = Case::new(Labels::one(Label::Exact), Flavour::Plain);
    cases.extend((0..left).map(|_| exact));
    rng.shuffle(&mut cases);
    cases
}

/// How many payments come in whose order is unknown.
pub(super) fn unknown_payments(orders: u32) -> u32 {
    if orders >= SMALLEST_WITH_SHARES { share(orders, UNKNOWN_PER_MILLE) } else { orders / 20 }
}

/// All cases on which something is planted, at least one of each.
fn planted(rng: &mut Rng, orders: u32) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut plant = |labels: Labels, flavour: Flavour, count: u32| {
        for _ in 0..count {
            let mut case = Case::new(labels, flavour);
            if labels.has(Label::SeveralOrders) {
                case.size = rng.pick(&[2, 3, 3, 4]);
                case.shared_id = rng.percent(33);
            }
            cases.push(case);
        }
    };
    for (label, per_mille) in ALONE {
        plant(Labels::one(label), Flavour::Plain, share(orders, per_mille));
    }
    let exact = Labels::one(Label::Exact);
    plant(exact, Flavour::FailedAttempt, share(orders, FAILED_PER_MILLE));
    plant(exact, Flavour::Captured, share(orders, CAPTURED_PER_MILLE));
    let each =
        share(orders, TOGETHER_PER_MILLE).div_ceil(u32::try_from(TOGETHER.len()).unwrap_or(1));
    for labels in TOGETHER {
        plant(labels, Flavour::Plain, each);
    }
    cases
}

fn share(orders: u32, per_mille: u32) -> u32 {
    (orders * per_mille).div_ceil(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_hold_exactly_the_orders_asked_for() {
        for orders in [0, 1, 2, 3, 10, 25, 299, 300, 301, 2_000] {
            let cases = cases(&mut Rng::new(3, 0), orders);
            assert_eq!(cases.iter().map(|case| case.size).sum::<u32>(), orders);
        }
    }

    #[test]
    fn one_order_is_exact() {
        let cases = cases(&mut Rng::new(3, 0), 1);
        assert_eq!(cases[0].labels, Labels::one(Label::Exact));
    }
}
