//! Decides how amounts are counted and written: whole minor units, never a float.

use std::fmt::Write as _;

/// Writes minor units with `exponent` digits after the point.
pub(super) fn push_amount(out: &mut String, minor: i64, exponent: u32) {
    let unit = 10_i64.pow(exponent).unsigned_abs();
    let (whole, rest) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    if minor < 0 {
        out.push('-');
    }
    let _ = write!(out, "{whole}");
    if exponent > 0 {
        let width = usize::try_from(exponent).unwrap_or(0);
        let _ = write!(out, ".{rest:0width$}");
    }
}

/// `value / divisor`, a half away from zero.
pub(super) fn divide_half_up(value: i64, divisor: i64) -> i64 {
    let rounded = (value.abs() * 2 + divisor) / (divisor * 2);
    if value < 0 { -rounded } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        let cases =
            [(0, 2, "0.00"), (5, 2, "0.05"), (-123_456, 2, "-1234.56"), (25_000, 0, "25000")];
        for (minor, exponent, text) in cases {
            let mut out = String::new();
            push_amount(&mut out, minor, exponent);
            assert_eq!(out, text);
        }
    }

    #[test]
    fn halves_go_up() {
        let cases =
            [(149, 100, 1), (150, 100, 2), (151, 100, 2), (49, 100, 0), (50, 100, 1), (0, 7, 0)];
        for (value, divisor, result) in cases {
            assert_eq!(divide_half_up(value, divisor), result, "{value} / {divisor}");
        }
    }
}
