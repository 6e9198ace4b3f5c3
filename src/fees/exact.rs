//! Decides how a fee is counted before it is rounded: as an exact fraction of minor units.

use rust_decimal::Decimal;

use crate::money::{Amount, Rounding, round_ratio};

/// Digits below the minor unit that a contract's percentages and fixed parts may have together.
pub(super) const MOST_DECIMALS: u32 = 20;

/// An exact number of minor units: `numerator / denominator`, with a positive denominator.
///
/// All rates of a contract are kept over one denominator, so that a sum is a plain sum; only a
/// gross-up, a blended rate or a share needs another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    pub(super) numerator: i128,
    pub(super) denominator: i128,
}

impl Exact {
    /// Nothing, over a denominator.
    pub(super) fn zero(denominator: i128) -> Self {
        Self { numerator: 0, denominator }
    }

    /// An amount.
    pub(super) fn of(amount: Amount, denominator: i128) -> Option<Self> {
        if let Some(minor) = amount.as_minor() {
            let numerator = i128::from(minor).checked_mul(denominator)?;
            return Some(Self { numerator, denominator });
        }
        let wide = amount.minor_decimal();
        let finer = 10_i128.checked_pow(wide.scale())?;
        if denominator.checked_rem(finer)? == 0 {
            let numerator = wide.mantissa().checked_mul(denominator.checked_div(finer)?)?;
            return Some(Self { numerator, denominator });
        }
        Some(Self { numerator: wide.mantissa(), denominator: finer })
    }

    /// An amount times a number over `denominator`, such as a prepared percentage.
    #[inline]
    pub(super) fn product(amount: Amount, factor: i128, denominator: i128) -> Option<Self> {
        if let Some(minor) = amount.as_minor() {
            return Some(Self { numerator: i128::from(minor).checked_mul(factor)?, denominator });
        }
        let wide = amount.minor_decimal();
        Some(Self {
            numerator: wide.mantissa().checked_mul(factor)?,
            denominator: denominator.checked_mul(10_i128.checked_pow(wide.scale())?)?,
        })
    }

    /// The sum.
    #[inline]
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        if self.denominator == other.denominator {
            let numerator = self.numerator.checked_add(other.numerator)?;
            return Some(Self { numerator, ..self });
        }
        let divisor = gcd(self.denominator, other.denominator);
        let (left, right) = (other.denominator / divisor, self.denominator / divisor);
        let numerator =
            self.numerator.checked_mul(left)?.checked_add(other.numerator.checked_mul(right)?)?;
        Some(Self { numerator, denominator: self.denominator.checked_mul(left)? })
    }

    /// The number times a fraction with a positive denominator.
    pub(super) fn times(self, numerator: i128, denominator: i128) -> Option<Self> {
        if denominator <= 0 {
            return None;
        }
        let own = gcd(self.numerator, denominator).max(1);
        let other = gcd(numerator, self.denominator).max(1);
        Some(Self {
            numerator: (self.numerator / own).checked_mul(numerator / other)?,
            denominator: (self.denominator / other).checked_mul(denominator / own)?,
        })
    }

    /// Rounded to whole minor units, or to units of `10^coarser` of them.
    #[inline]
    pub(super) fn round(self, rounding: Rounding, coarser: u32) -> Option<Amount> {
        if coarser == 0
            && let (Ok(numerator), Ok(denominator)) =
                (i64::try_from(self.numerator), i64::try_from(self.denominator))
            && rounding == Rounding::HalfUp
            && numerator >= 0
        {
            // The usual case, in half of the time: half a unit more, and cut off.
            let half = numerator.checked_add(denominator / 2);
            if let Some(minor) = half.and_then(|half| half.checked_div(denominator)) {
                return Some(Amount::from_minor(minor));
            }
        }
        let unit = 10_i128.checked_pow(coarser)?;
        let whole = round_ratio(self.numerator, self.denominator.checked_mul(unit)?, rounding)?;
        Amount::from_minor_i128(whole.checked_mul(unit)?).ok()
    }

    /// The number as a decimal of minor units, if it is one.
    pub(super) fn decimal(self) -> Option<Amount> {
        let divisor = gcd(self.numerator, self.denominator).max(1);
        let (mut numerator, denominator) = (self.numerator / divisor, self.denominator / divisor);
        let (mut rest, mut scale) = (denominator, 0_u32);
        while rest > 1 {
            let factor = match (rest % 10, rest % 5, rest % 2) {
                (0, ..) => 10,
                (_, 0, _) => 5,
                (_, _, 0) => 2,
                _ => return None,
            };
            rest /= factor;
            numerator = numerator.checked_mul(10 / factor)?;
            scale = scale.checked_add(1)?;
        }
        let decimal = Decimal::try_from_i128_with_scale(numerator, scale).ok()?;
        Amount::from_minor_decimal(decimal).ok()
    }
}

fn gcd(left: i128, right: i128) -> i128 {
    let (mut a, mut b) = (left.unsigned_abs(), right.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(numerator: i128, denominator: i128) -> Exact {
        Exact { numerator, denominator }
    }

    #[test]
    fn fractions_are_added_and_rounded_exactly() {
        let third = exact(1, 3);
        let sum = third.plus(third).unwrap().plus(third).unwrap();
        assert_eq!(sum.round(Rounding::Down, 0), Some(Amount::from_minor(1)));
        assert_eq!(exact(25, 10).round(Rounding::HalfEven, 0), Some(Amount::from_minor(2)));
        assert_eq!(exact(25, 10).round(Rounding::HalfUp, 0), Some(Amount::from_minor(3)));
        assert_eq!(exact(-25, 10).round(Rounding::HalfUp, 0), Some(Amount::from_minor(-3)));
        // Whole hundreds of minor units: 149 → 100, 150 → 200, 101 up → 200.
        assert_eq!(exact(149, 1).round(Rounding::HalfUp, 2), Some(Amount::from_minor(100)));
        assert_eq!(exact(150, 1).round(Rounding::HalfUp, 2), Some(Amount::from_minor(200)));
        assert_eq!(exact(101, 1).round(Rounding::Up, 2), Some(Amount::from_minor(200)));
        assert_eq!(exact(i128::MAX, 1).plus(exact(1, 1)).map(|sum| sum.numerator), None);
    }

    #[test]
    fn a_fraction_is_a_decimal_only_if_it_ends() {
        let decimal = |n, d| exact(n, d).decimal().map(Amount::minor_decimal);
        assert_eq!(decimal(1875525, 1000), Some(Decimal::new(1875525, 3)));
        assert_eq!(decimal(3, 8), Some(Decimal::new(375, 3)));
        assert_eq!(decimal(2, 4), Some(Decimal::new(5, 1)));
        assert_eq!(decimal(1, 3), None);
    }
}
