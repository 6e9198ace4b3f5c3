//! One formula of a fee: percent of the amount plus a fixed part, with a tax on it, rounded.

use super::bits::{self, BIT, Bits};
use crate::money::{Rounding, round_ratio};

/// What a rate of 100 % is in the unit of [`Form::rate`].
pub(crate) const RATE_UNIT: i64 = 1_000_000;

/// What a minor unit is in the unit of [`Form::fixed`].
pub(crate) const FIXED_UNIT: i64 = 100;

/// What a tax of 100 % is in the unit of [`Tax`].
pub(crate) const TAX_UNIT: i64 = 10_000;

/// What a hundredth of a minor unit is beside a millionth of an amount in minor units.
pub(crate) const SCALE: i64 = RATE_UNIT / FIXED_UNIT;

/// Rates of value added and sales taxes in force somewhere, in hundredths of a percent.
pub(crate) const TAXES: [i64; 26] = [
    500, 700, 750, 770, 800, 810, 900, 1000, 1100, 1200, 1300, 1400, 1500, 1600, 1700, 1750, 1800,
    1900, 2000, 2100, 2200, 2300, 2400, 2500, 2550, 2700,
];

/// How a tax on the fee is part of the fee that the file states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tax {
    /// There is none, or it cannot be told from the fee.
    None,
    /// Fee and tax are rounded once, together. In hundredths of a percent.
    Together(i64),
    /// The fee is rounded, and so is the tax on the rounded fee. In hundredths of a percent.
    OnRounded(i64),
}

/// A formula. The order of two of them means nothing but is the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Millionths of the amount: 29,000 is 2.9 %.
    pub rate: i64,
    /// Hundredths of a minor unit: 3,000 is 0.30 USD.
    pub fixed: i64,
    /// The tax on both.
    pub tax: Tax,
    /// How the fee becomes whole minor units.
    pub rounding: Rounding,
    /// Millionths of the amount that are added after the rest was rounded, and rounded alone.
    pub more: i64,
}

impl Form {
    /// Percent and a fixed part, rounded half up.
    pub(crate) fn new(rate: i64, fixed: i64, tax: Tax, rounding: Rounding) -> Self {
        Self { rate, fixed, tax, rounding, more: 0 }
    }

    /// The same fee for every amount.
    pub(crate) fn constant(fee: i64) -> Self {
        Self::new(0, fee * FIXED_UNIT, Tax::None, Rounding::HalfUp)
    }

    /// The fee of an amount, both in minor units and not negative; `None` only beyond 128 bits.
    #[must_use]
    pub fn fee(&self, amount: i64) -> Option<i64> {
        let exact =
            i128::from(self.rate) * i128::from(amount) + i128::from(self.fixed) * i128::from(SCALE);
        let unit = i128::from(RATE_UNIT);
        let fee = match self.tax {
            Tax::None => round_ratio(exact, unit, self.rounding)?,
            Tax::Together(tax) => {
                let taxed = exact.checked_mul(i128::from(TAX_UNIT + tax))?;
                round_ratio(taxed, unit * i128::from(TAX_UNIT), self.rounding)?
            }
            Tax::OnRounded(tax) => {
                let base = round_ratio(exact, unit, self.rounding)?;
                base + tax_on(base, tax, self.rounding)?
            }
        };
        let more = i128::from(self.more) * i128::from(amount);
        i64::try_from(fee + round_ratio(more, unit, self.rounding)?).ok()
    }

    /// Whether it gives this fee.
    pub(crate) fn explains(&self, amount: i64, fee: i64) -> bool {
        // Without a division, since this is asked most.
        if self.tax == Tax::None && self.more == 0 && fee >= 0 {
            let exact = self.rate * amount + self.fixed * SCALE;
            let off = exact - fee * RATE_UNIT;
            let half = RATE_UNIT / 2;
            return match self.rounding {
                Rounding::HalfUp => (-half..half).contains(&off),
                Rounding::HalfEven if fee % 2 == 0 => (-half..=half).contains(&off),
                Rounding::HalfEven => (1 - half..half).contains(&off),
                Rounding::Up => (1 - RATE_UNIT..=0).contains(&off),
                Rounding::Down => (0..RATE_UNIT).contains(&off),
            };
        }
        self.fee(amount) == Some(fee)
    }

    /// How long it takes to write it down.
    pub(crate) fn bits(&self) -> Bits {
        let tax = match self.tax {
            Tax::None => 0,
            Tax::Together(_) => 6 * BIT,
            Tax::OnRounded(_) => 7 * BIT,
        };
        let rounding = match self.rounding {
            _ if self.rate == 0 && self.fixed % FIXED_UNIT == 0 => 0,
            Rounding::HalfUp => 0,
            Rounding::HalfEven => 8 * BIT,
            Rounding::Up | Rounding::Down => 4 * BIT,
        };
        let more = if self.more == 0 { 0 } else { bits::rate(self.more) + 2 * BIT };
        bits::rate(self.rate) + bits::amount(self.fixed) + tax + rounding + more
    }

    /// The rate with the tax on it, in millionths of the amount.
    pub(crate) fn whole_rate(&self) -> i64 {
        match self.tax {
            Tax::None => self.rate,
            Tax::Together(tax) | Tax::OnRounded(tax) => self.rate * (TAX_UNIT + tax) / TAX_UNIT,
        }
    }

    /// Numbers of its own that lines must settle: the rate and the fixed part, where there are any.
    pub(crate) fn unknowns(&self) -> usize {
        [self.rate, self.fixed, self.more].iter().filter(|number| **number != 0).count()
    }
}

fn tax_on(base: i128, tax: i64, rounding: Rounding) -> Option<i128> {
    round_ratio(base.checked_mul(i128::from(tax))?, i128::from(TAX_UNIT), rounding)
}

/// The numbers `rate · amount + fixed` (in millionths of a minor unit) that become this fee: from, and
/// to; `None` if no number does.
pub(crate) fn source(fee: i64, tax: Tax, rounding: Rounding) -> Option<(i64, i64)> {
    let unit = i128::from(RATE_UNIT);
    let within = |low: i128, high: i128| {
        Some((i64::try_from(low).ok()?, i64::try_from(high).ok()?)).filter(|(l, h)| l <= h)
    };
    match tax {
        Tax::None => {
            let (low, high) = rounded_to(fee, unit, rounding);
            within(low, high)
        }
        Tax::Together(tax) => {
            let (low, high) = rounded_to(fee, unit * i128::from(TAX_UNIT), rounding);
            let by = i128::from(TAX_UNIT + tax);
            let up = i128::from(low.rem_euclid(by) != 0);
            within(low.div_euclid(by) + up, high.div_euclid(by))
        }
        Tax::OnRounded(tax) => {
            let near = fee * TAX_UNIT / (TAX_UNIT + tax);
            let becomes = |base: &i64| {
                let base = i128::from(*base);
                tax_on(base, tax, rounding).is_some_and(|more| base + more == i128::from(fee))
            };
            // The tax is below 100 %, so that each base has a fee of its own.
            let base = (near - 2..=near + 2).find(becomes)?;
            let (low, high) = rounded_to(base, unit, rounding);
            within(low, high)
        }
    }
}

/// The numbers, in so many parts of one, that are rounded to a whole one that is not negative.
fn rounded_to(fee: i64, unit: i128, rounding: Rounding) -> (i128, i128) {
    let (middle, half) = (i128::from(fee) * unit, unit / 2);
    match rounding {
        Rounding::HalfUp => (middle - half, middle + half - 1),
        Rounding::HalfEven if fee % 2 == 0 => (middle - half, middle + half),
        Rounding::HalfEven => (middle - half + 1, middle + half - 1),
        Rounding::Up => (middle - unit + 1, middle),
        Rounding::Down => (middle, middle + unit - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(super) const MODES: [Rounding; 4] =
        [Rounding::HalfUp, Rounding::HalfEven, Rounding::Up, Rounding::Down];

    #[test]
    fn fees_worked_out_by_hand() {
        let form = |rate, fixed, tax| Form::new(rate, fixed, tax, Rounding::HalfUp);
        for (form, amount, fee) in [
            (form(29_000, 3_000, Tax::None), 10_000, 320),
            (form(35_000, 1_500, Tax::None), 59_500, 2_098), // 2082.5 + 15
            (form(26_250, 10_500, Tax::None), 85_793, 2_357), // 2252.07 + 105
            (form(25_000, 10_000, Tax::Together(500)), 85_793, 2_357), // 2244.825 · 1.05
            (form(20_000, 0, Tax::OnRounded(1_800)), 12_345, 291), // 246.9 → 247, and 44.46 → 44
            (form(20_000, 0, Tax::Together(1_800)), 12_345, 291), // 291.342
            (Form::constant(20), 7, 20),
        ] {
            assert_eq!(form.fee(amount), Some(fee), "{form:?} {amount}");
        }
    }

    proptest! {
        #[test]
        fn the_fast_answer_is_the_slow_one(
            rate in 0_i64..100_000, fixed in 0_i64..20_000, amount in 0_i64..1_000_000,
            off in -1_i64..=1, mode in 0_usize..4, whole in any::<bool>(),
        ) {
            // Whole steps make ties.
            let (rate, amount) = if whole { (rate / 500 * 500, amount / 100 * 100) } else { (rate, amount) };
            let form = Form::new(rate, fixed / 50 * 50, Tax::None, MODES[mode]);
            let fee = form.fee(amount).unwrap();
            prop_assert_eq!(form.explains(amount, (fee + off).max(0)), (fee + off).max(0) == fee);
        }

        /// What is said to become a fee does, and what lies just beside it does not.
        #[test]
        fn sources_are_the_numbers_that_become_the_fee(
            fee in 0_i64..5_000, tax in 0_usize..26, shape in 0..3, mode in 0_usize..4,
        ) {
            let tax = TAXES[tax];
            let tax = [Tax::None, Tax::Together(tax), Tax::OnRounded(tax)][shape as usize];
            let rounding = MODES[mode];
            // An amount of one minor unit at a rate is that number of millionths.
            let of = |millionths: i64| {
                let form = Form::new(millionths, 0, tax, rounding);
                form.fee(1)
            };
            match source(fee, tax, rounding) {
                Some((low, high)) => {
                    for inside in [low, high, (low + high) / 2] {
                        if inside >= 0 {
                            prop_assert_eq!(of(inside), Some(fee));
                        }
                    }
                    if low > 0 {
                        prop_assert_ne!(of(low - 1), Some(fee));
                    }
                    prop_assert_ne!(of(high + 1), Some(fee));
                }
                None => {
                    let near = fee * 1_000_000;
                    for number in (near / 2..near + 1_000_000).step_by(99_991) {
                        prop_assert_ne!(of(number), Some(fee));
                    }
                }
            }
        }
    }
}
