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
}
