//! Decides what share of a payment each recipient gets (分账), by rules that are agreed beforehand.
//!
//! The shares of a rule always add up to the payment: either one of them is the rest, or they are
//! percentages of 100 in all, and the last one takes what rounding leaves.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::entry::{Entries, Kind};
use crate::exceptions::Members;
use crate::ids::EntryId;
use crate::money::{Amount, Currency};

/// How payments of one method are shared out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The method of the payments; empty: all of them.
    pub method: String,
    /// Where a line that is a share says who gets it.
    pub named_in: NamedIn,
    /// The shares, in the order of the rule.
    pub shares: Vec<Share>,
}

/// The field of a line that names who gets a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedIn {
    /// Free text, which has the name in it.
    Memo,
    /// The method, which is the name.
    Method,
    /// The second order number, which is the name.
    OrderNumber,
}

/// What one recipient gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Who; empty: it stays with the merchant, and no line says so.
    pub to: String,
    /// How much.
    pub part: SharePart,
}

/// How much of a payment a share is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharePart {
    /// Per cent of the payment, rounded half up to the minor unit.
    Percent(Decimal),
    /// So many major units.
    Fixed(Decimal),
    /// What the other shares leave.
    Rest,
}

impl Split {
    /// The shares of a payment; `None` beyond the range of exact numbers.
    pub fn of(&self, payment: Amount, currency: Currency) -> Option<Vec<Amount>> {
        let last = self.shares.len().saturating_sub(1);
        let rest = self.shares.iter().position(|share| share.part == SharePart::Rest);
        let rest = rest.unwrap_or(last);
        let mut left = payment;
        let mut all = Vec::with_capacity(self.shares.len());
        for (at, share) in self.shares.iter().enumerate() {
            let amount = match share.part {
                _ if at == rest => Amount::ZERO,
                SharePart::Percent(percent) => percent_of(payment, percent)?,
                SharePart::Fixed(fixed) => Amount::from_major(fixed, currency).ok()?,
                SharePart::Rest => Amount::ZERO,
            };
            left = left.checked_sub(amount)?;
            all.push(amount);
        }
        if let Some(share) = all.get_mut(rest) {
            *share = left;
        }
        Some(all)
    }

    /// The recipient that a line names, by its place: the longest name that fits.
    pub fn recipient(&self, entries: &Entries, line: EntryId) -> Option<usize> {
        let names = |to: &str| match self.named_in {
            NamedIn::Memo => entries.memo(line).contains(to),
            NamedIn::Method => entries.method(line) == to,
            NamedIn::OrderNumber => entries.order_number(line) == to,
        };
        let named = self.shares.iter().enumerate();
        let named = named.filter(|(_, share)| !share.to.is_empty() && names(&share.to));
        named.max_by_key(|(_, share)| share.to.len()).map(|(at, _)| at)
    }
}

/// A share that a recipient of a payment is to get, and what lines gave him.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) expected: Amount,
    pub(crate) actual: Amount,
    pub(crate) lines: Vec<EntryId>,
}

/// The shares of a match's payments by the first rule that fits; none where no rule does, or where
/// its lines are in several currencies.
pub(crate) fn shared(entries: &Entries, members: &Members, splits: &[Split]) -> Vec<Shared> {
    shares_of(entries, members, splits).unwrap_or_default()
}

fn shares_of(entries: &Entries, members: &Members, splits: &[Split]) -> Option<Vec<Shared>> {
    if splits.is_empty() {
        return None;
    }
    let payment = *members.payments.first()?;
    let (method, currency) = (entries.method(payment), entries.currency(payment));
    let split = splits.iter().find(|one| one.method.is_empty() || one.method == method)?;
    let alone = |line| entries.currency(line) == currency && entries.net_currency(line) == currency;
    if !members.lines().all(alone) {
        return None;
    }
    let sum = |mut lines: &mut dyn Iterator<Item = &EntryId>| {
        (&mut lines).try_fold(Amount::ZERO, |sum, line| sum.checked_add(entries.amount(*line)))
    };
    // What went back to the buyer is not shared.
    let moved = [&members.payments, &members.returns, &members.chargebacks];
    let expected = split.of(sum(&mut moved.into_iter().flatten())?, currency)?;
    let mut lines = vec![Vec::new(); expected.len()];
    for line in members.extras.iter().filter(|line| entries.kind(**line) == Kind::Adjustment) {
        let share = split.recipient(entries, *line).and_then(|at| lines.get_mut(at));
        share.into_iter().for_each(|share| share.push(*line));
    }
    let mut all = Vec::new();
    for ((share, expected), lines) in split.shares.iter().zip(expected).zip(lines) {
        let actual = sum(&mut lines.iter())?.checked_neg()?;
        if !share.to.is_empty() {
            all.push(Shared { expected, actual, lines });
        }
    }
    Some(all)
}

fn percent_of(payment: Amount, percent: Decimal) -> Option<Amount> {
    let exact = payment.minor_decimal().checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?;
    let rounded = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    Amount::from_minor_decimal(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(shares: &[SharePart]) -> Split {
        let share = |part: &SharePart| Share { to: "somebody".to_owned(), part: *part };
        let shares = shares.iter().map(share).collect();
        Split { method: String::new(), named_in: NamedIn::Memo, shares }
    }

    #[test]
    fn shares_add_up_to_the_payment() {
        use SharePart::{Fixed, Percent, Rest};
        let percent = |text: &str| Percent(Decimal::from_str_exact(text).expect("a number"));
        let one = Decimal::ONE;
        for (code, payment, shares, expected) in [
            ("CNY", 10_000, vec![percent("10"), Rest], vec![1_000, 9_000]),
            ("CNY", 10_000, vec![Rest, Fixed(one), percent("2.5")], vec![9_650, 100, 250]),
            ("CNY", 1_001, vec![percent("50"), percent("50")], vec![501, 500]),
            (
                "CNY",
                100,
                vec![percent("33.33"), percent("33.33"), percent("33.34")],
                vec![33, 33, 34],
            ),
            ("CNY", 5, vec![percent("10"), Rest], vec![1, 4]),
            ("CNY", 4, vec![percent("10"), Rest], vec![0, 4]),
            ("UGX", 150, vec![percent("1"), Rest], vec![2, 148]),
            ("UGX", 10_000, vec![Fixed(one), Rest], vec![1, 9_999]),
        ] {
            let currency = Currency::from_code(code).expect("active");
            let found = split(&shares).of(Amount::from_minor(payment), currency).expect("in range");
            let expected: Vec<Amount> = expected.into_iter().map(Amount::from_minor).collect();
            assert_eq!(found, expected, "{code} {payment} {shares:?}");
        }
    }
}
