//! How a number with too many decimals becomes a whole number of minor units: always by name.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Amount, MoneyError};

/// A named way to round to whole minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest; a tie goes away from zero (2.5 → 3, -2.5 → -3).
    #[default]
    HalfUp,
    /// To the nearest; a tie goes to the even neighbour (2.5 → 2, 3.5 → 4).
    HalfEven,
    /// Away from zero (2.1 → 3, -2.1 → -3).
    Up,
    /// Towards zero (2.9 → 2, -2.9 → -2).
    Down,
}

/// Rounds a number of minor units to a whole one.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if the number does not fit an [`Amount`].
pub fn round_minor(minor: Decimal, rounding: Rounding) -> Result<Amount, MoneyError> {
    let strategy = match rounding {
        Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        Rounding::HalfEven => RoundingStrategy::MidpointNearestEven,
        Rounding::Up => RoundingStrategy::AwayFromZero,
        Rounding::Down => RoundingStrategy::ToZero,
    };
    Amount::from_minor_decimal(minor.round_dp_with_strategy(0, strategy))
}

/// `numerator / denominator`, rounded to a whole number; `None` if the denominator is zero.
#[must_use]
pub fn round_ratio(numerator: i128, denominator: i128, rounding: Rounding) -> Option<i128> {
    let quotient = numerator.checked_div(denominator)?;
    let rest = numerator.checked_rem(denominator)?;
    let away = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    // Twice the rest against the denominator, without doubling either.
    let missing = denominator.unsigned_abs().checked_sub(rest.unsigned_abs())?;
    let half = rest.unsigned_abs().cmp(&missing);
    let round_away = match rounding {
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && quotient % 2 != 0),
        Rounding::Up => rest != 0,
        Rounding::Down => false,
    };
    if round_away { quotient.checked_add(away) } else { Some(quotient) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mode_rounds_as_named() {
        // number, half-up, half-even, up, down
        for (number, expected) in [
            ("2.5", [3, 2, 3, 2]),
            ("3.5", [4, 4, 4, 3]),
            ("-2.5", [-3, -2, -3, -2]),
            ("2.4999999999999999999", [2, 2, 3, 2]),
            ("2.5000000000000000001", [3, 3, 3, 2]),
            ("-0.1", [0, 0, -1, 0]),
            ("7", [7, 7, 7, 7]),
        ] {
            let number: Decimal = number.parse().unwrap();
            let modes = [Rounding::HalfUp, Rounding::HalfEven, Rounding::Up, Rounding::Down];
            let got = modes.map(|mode| round_minor(number, mode).unwrap().as_minor().unwrap());
            assert_eq!(got, expected, "{number}");
        }
    }

    #[test]
    fn ratios_round_as_numbers_do() {
        for numerator in -60_i128..60 {
            for denominator in [-8_i128, -5, -1, 1, 3, 4, 10] {
                for mode in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Up, Rounding::Down] {
                    let ratio = Decimal::from(numerator) / Decimal::from(denominator);
                    let expected = round_minor(ratio, mode).unwrap().as_minor().map(i128::from);
                    let got = round_ratio(numerator, denominator, mode);
                    assert_eq!(got, expected, "{numerator} / {denominator} {mode:?}");
                }
            }
        }
        assert_eq!(round_ratio(1, 0, Rounding::HalfUp), None);
        assert_eq!(round_ratio(i128::MAX, 2, Rounding::Up), Some(1 << 126));
    }
}
