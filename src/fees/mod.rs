//! What a provider may charge for a line: the fee contract and the fee that it gives, to the cent.

mod file;
mod settlement;

use rust_decimal::Decimal;

use crate::calendar::{Listed, Settlement};
use crate::entry::Kind;
use crate::error::Error;
use crate::money::{Amount, Currency, Rounding, round_ratio};

/// The agreement with a provider, as `fees.toml` states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    name: String,
    settlement: Option<Settlement>,
    fx_tolerance_percent: Option<Decimal>,
    fees: Vec<Fee>,
}

/// One fee of a contract: percent of the amount plus a fixed part, between a minimum and a cap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    /// The currency of the lines, and of `fixed`, `minimum` and `cap`.
    pub currency: Currency,
    /// The kinds of lines that are charged.
    pub kinds: Vec<Kind>,
    /// Percent of the amount: `2.9` is 2.9 %.
    pub percent: Decimal,
    /// Added to it; it may be finer than the minor unit.
    pub fixed: Amount,
    /// The least that is charged.
    pub minimum: Option<Amount>,
    /// The most that is charged.
    pub cap: Option<Amount>,
}

/// The bound that decided a fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Neither.
    None,
    /// The fee was raised to the minimum.
    Minimum,
    /// The fee was lowered to the cap.
    Cap,
}

/// A fee by the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeComputation {
    /// What may be charged, as a positive amount in the line's currency.
    pub fee: Amount,
    /// Which of [`Contract::fees`] gave it.
    pub component: usize,
    /// Whether it was raised to the minimum or lowered to the cap.
    pub bound: Bound,
}

impl Contract {
    /// Reads a contract from TOML.
    ///
    /// # Errors
    /// The first thing that cannot be used, with its line, its column, its key and what to do.
    pub fn parse(toml: &str) -> Result<Self, Error> {
        file::read(toml)
    }

    /// The contract's name; empty if it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How long the provider takes to settle, and by which days.
    #[must_use]
    pub fn settlement(&self) -> Option<&Settlement> {
        self.settlement.as_ref()
    }

    /// The contract with further holidays and working days in each of its calendars.
    ///
    /// # Errors
    /// Those of [`Calendar::new`](crate::calendar::Calendar::new).
    pub fn with_days(mut self, listed: &Listed) -> Result<Self, Error> {
        if let Some(settlement) = &mut self.settlement {
            settlement.add_days(listed)?;
        }
        Ok(self)
    }

    /// How far an exchange rate may be from the reference, in percent.
    #[must_use]
    pub fn fx_tolerance_percent(&self) -> Option<Decimal> {
        self.fx_tolerance_percent
    }

    /// The fees, in the order of the file.
    #[must_use]
    pub fn fees(&self) -> &[Fee] {
        &self.fees
    }

    /// The fee for a line of this kind, currency and amount (of either sign); `None` where the
    /// contract is silent, or the amount is too large for an exact fee.
    #[must_use]
    pub fn expected_fee(
        &self,
        kind: Kind,
        currency: Currency,
        amount: Amount,
    ) -> Option<FeeComputation> {
        let applies = |fee: &&Fee| fee.currency == currency && fee.kinds.contains(&kind);
        let (component, fee) = self.fees.iter().enumerate().find(|(_, fee)| applies(fee))?;
        let (fee, bound) = fee.of(amount)?;
        Some(FeeComputation { fee, component, bound })
    }
}

impl Fee {
    /// The fee for an amount of either sign, rounded half up to the minor unit once, on the sum of
    /// both parts; then raised or lowered to its bounds.
    #[must_use]
    pub fn of(&self, amount: Amount) -> Option<(Amount, Bound)> {
        let unbounded = self.unbounded_small(amount).or_else(|| self.unbounded(amount))?;
        Some(match (self.minimum, self.cap) {
            (_, Some(cap)) if unbounded > cap => (cap, Bound::Cap),
            (Some(minimum), _) if unbounded < minimum => (minimum, Bound::Minimum),
            _ => (unbounded, Bound::None),
        })
    }

    /// The fast path: everything in 64 bits.
    fn unbounded_small(&self, amount: Amount) -> Option<Amount> {
        let amount = i64::try_from(amount.as_minor()?.unsigned_abs()).ok()?;
        let percent = i64::try_from(self.percent.mantissa()).ok()?;
        let unit = 10_i64.checked_pow(self.percent.scale().checked_add(2)?)?;
        let fixed = self.fixed.as_minor()?.checked_mul(unit)?;
        let fee = amount.checked_mul(percent)?.checked_add(fixed)?;
        // Not negative, so that half a unit more and cut off is half up.
        fee.checked_add(unit / 2)?.checked_div(unit).map(Amount::from_minor)
    }

    /// The slow twin: any amount that has an exact fee.
    fn unbounded(&self, amount: Amount) -> Option<Amount> {
        let (amount, fixed) = (amount.abs().minor_decimal(), self.fixed.minor_decimal());
        let product = amount.mantissa().checked_mul(self.percent.mantissa())?;
        let scale = amount.scale().checked_add(self.percent.scale())?.checked_add(2)?;
        let common = scale.max(fixed.scale());
        let aligned = |mantissa: i128, scale: u32| {
            mantissa.checked_mul(10_i128.checked_pow(common.checked_sub(scale)?)?)
        };
        let fee =
            aligned(product, scale)?.checked_add(aligned(fixed.mantissa(), fixed.scale())?)?;
        let minor = round_ratio(fee, 10_i128.checked_pow(common)?, Rounding::HalfUp)?;
        Amount::from_minor_i128(minor).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    fn amount(text: &str, code: &str) -> Amount {
        Amount::from_major(text.parse().unwrap(), currency(code)).unwrap()
    }

    const CONTRACT: &str = r#"
        schema = 1
        [[fee]]
        currency = "KES"
        percent = "1.5"
        fixed = "5.00"
        cap = "120"
        [[fee]]
        currency = "UGX"
        percent = "2.25"
        minimum = 500
        [[fee]]
        currency = "USD"
        kinds = ["sale"]
        percent = "2.9"
        fixed = "0.30"
        [[fee]]
        currency = "USD"
        kinds = ["refund", "chargeback"]
        percent = 0
        fixed = "15"
        [[fee]]
        currency = "XOF"
        percent = "2.5"
        fixed = "50"
        [[fee]]
        currency = "EUR"
        percent = "0.25"
        fixed = "0.0025"
        minimum = "0.01"
        cap = "1"
    "#;

    #[test]
    fn fees_worked_out_by_hand() {
        use Kind::{Capture, Chargeback, Refund, Sale};
        let contract = Contract::parse(CONTRACT).unwrap();
        for (kind, code, gross, expected) in [
            (Sale, "KES", "1000.00", Some(("20.00", 0, Bound::None))),
            (Sale, "KES", "1250.35", Some(("23.76", 0, Bound::None))), // 18.75525 + 5
            (Sale, "KES", "7666.00", Some(("119.99", 0, Bound::None))),
            (Sale, "KES", "7666.66", Some(("120.00", 0, Bound::None))), // 119.9999
            (Sale, "KES", "7667.00", Some(("120.00", 0, Bound::Cap))),  // 120.005
            (Sale, "KES", "8000.00", Some(("120.00", 0, Bound::Cap))),
            (Sale, "KES", "-1000.00", Some(("20.00", 0, Bound::None))),
            (Sale, "KES", "0", Some(("5.00", 0, Bound::None))),
            (Capture, "KES", "1000.00", Some(("20.00", 0, Bound::None))),
            (Refund, "KES", "1000.00", None),
            (Sale, "UGX", "10500", Some(("500", 1, Bound::Minimum))), // 236.25
            (Sale, "UGX", "22222", Some(("500", 1, Bound::None))),    // 499.995
            (Sale, "UGX", "30022", Some(("675", 1, Bound::None))),    // 675.495
            (Sale, "UGX", "30023", Some(("676", 1, Bound::None))),    // 675.5175
            (Sale, "USD", "10.00", Some(("0.59", 2, Bound::None))),
            (Capture, "USD", "10.00", None),
            (Refund, "USD", "-10.00", Some(("15.00", 3, Bound::None))),
            (Chargeback, "USD", "-10.00", Some(("15.00", 3, Bound::None))),
            (Sale, "XOF", "1420", Some(("86", 4, Bound::None))), // 35.5 + 50
            (Sale, "XOF", "1419", Some(("85", 4, Bound::None))), // 35.475 + 50
            (Sale, "EUR", "9.00", Some(("0.03", 5, Bound::None))), // 0.0225 + 0.0025
            (Sale, "EUR", "0.40", Some(("0.01", 5, Bound::Minimum))), // 0.0035
            (Sale, "NGN", "10.00", None),
        ] {
            let got = contract.expected_fee(kind, currency(code), amount(gross, code));
            let shown = got.map(|fee| (fee.fee.format(currency(code)), fee.component, fee.bound));
            let expected = expected.map(|(fee, index, bound)| (fee.to_owned(), index, bound));
            assert_eq!(shown, expected, "{kind:?} {gross} {code}");
        }
    }

    proptest! {
        #[test]
        fn the_fast_path_agrees_with_the_slow_one(
            minor in any::<i64>(), by in 0_u32..63,
            percent in 0_i64..100_000, scale in 3_u32..6, fixed in 0_i64..1_000_000,
        ) {
            let fee = Fee {
                currency: currency("USD"),
                kinds: vec![Kind::Sale],
                percent: Decimal::new(percent, scale),
                fixed: Amount::from_minor(fixed),
                minimum: None,
                cap: None,
            };
            let amount = Amount::from_minor(minor >> by);
            if let Some(fast) = fee.unbounded_small(amount) {
                prop_assert_eq!(Some(fast), fee.unbounded(amount));
            }
            prop_assert!(fee.of(amount).is_some());
        }
    }
}
