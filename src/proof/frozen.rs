//! Decides how much money of each account is frozen: the last amount that its sources state.
//!
//! Frozen money is part of a balance that cannot be spent. It is no movement, so that it stands on
//! a line of its own and is added to nothing.

use std::collections::BTreeMap;

use crate::money::{Amount, Currency};
use crate::time::{Date, Instant};

/// What is frozen on one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// The account, as its source writes it; empty where it names none.
    pub account: String,
    /// The currency of the amount.
    pub currency: Currency,
    /// When it is so, where that is known.
    pub at: Option<Instant>,
    /// The same as a local date.
    pub on: Option<Date>,
    /// How much.
    pub amount: Amount,
}

impl Frozen {
    /// The last amount of each account and currency, by account; of several at one time the
    /// largest, and none where nothing is frozen any more.
    pub fn last(stated: impl Iterator<Item = Self>) -> Vec<Self> {
        let mut last = BTreeMap::new();
        for Self { account, currency, at, on, amount } in stated {
            let kept = last.entry((account, currency)).or_insert((at, on, amount));
            *kept = (*kept).max((at, on, amount));
        }
        let some = last.into_iter().filter(|(_, (.., amount))| !amount.is_zero());
        some.map(|((account, currency), (at, on, amount))| Self {
            account,
            currency,
            at,
            on,
            amount,
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(account: &str, at: i64, minor: i64) -> Frozen {
        let currency = Currency::from_code("SGD").expect("active");
        let at = Some(Instant(at));
        Frozen {
            account: account.to_owned(),
            currency,
            at,
            on: None,
            amount: Amount::from_minor(minor),
        }
    }

    #[test]
    fn the_last_amount_of_each_account_counts() {
        let stated =
            vec![figure("b", 1, 500), figure("a", 2, 70), figure("a", 1, 900), figure("a", 2, 80)];
        assert_eq!(Frozen::last(stated.into_iter()), [figure("a", 2, 80), figure("b", 1, 500)]);
        assert_eq!(Frozen::last([figure("a", 1, 900), figure("a", 2, 0)].into_iter()), []);
        let undated = Frozen { at: None, ..figure("a", 0, 900) };
        assert_eq!(Frozen::last([figure("a", 1, 5), undated].into_iter()), [figure("a", 1, 5)]);
    }
}
