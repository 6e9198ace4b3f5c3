//! Names what is wrong with a rate that is far from what it should be: it is the one of the opposite
//! direction, or it counts per hundred.

use rust_decimal::Decimal;

use super::deviation_exceeds;
use crate::limits::RATE_DIGITS;

/// What a rate says, if it does not say units of the one currency for one unit of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misquote {
    /// Units of the other currency: 129.5 where 0.0077 is meant.
    Inverted,
    /// For a hundred units, or with cents taken for units: 0.77 where 0.0077 is meant.
    Hundredfold,
    /// With units taken for cents: 0.000077 where 0.0077 is meant.
    Hundredth,
}

impl Misquote {
    /// All, in the order in which they are tried.
    pub const ALL: [Self; 3] = [Self::Inverted, Self::Hundredfold, Self::Hundredth];

    /// The rate that is meant, to 18 significant digits; `None` if it is no number.
    #[must_use]
    pub fn meant(self, rate: Decimal) -> Option<Decimal> {
        let meant = match self {
            Self::Inverted => Decimal::ONE.checked_div(rate),
            Self::Hundredfold => rate.checked_div(Decimal::ONE_HUNDRED),
            Self::Hundredth => rate.checked_mul(Decimal::ONE_HUNDRED),
        };
        meant?.round_sf(RATE_DIGITS).map(|rate| rate.normalize())
    }

    /// What is wrong with a rate whose reference is known, by a tolerance in percent. It is named only
    /// where the rate that is meant fits, within 1 to 5 %, and the one that is written is five times as
    /// far away: near 1, a rate and its inverse are not told apart.
    #[must_use]
    pub fn of(rate: Decimal, reference: Decimal, percent: Decimal) -> Option<Self> {
        let near = percent.clamp(Decimal::ONE, Decimal::from(5_u8));
        let far = near.checked_mul(Decimal::from(5_u8))?;
        if !deviation_exceeds(rate, reference, far) {
            return None;
        }
        let fits = |misquote: &Self| {
            misquote.meant(rate).is_some_and(|meant| !deviation_exceeds(meant, reference, near))
        };
        Self::ALL.into_iter().find(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_named_only_where_nothing_else_fits() {
        use Misquote::{Hundredfold, Hundredth, Inverted};
        for (rate, reference, percent, expected) in [
            ("129.5", "0.0077", "0.5", Some(Inverted)),
            ("0.0077", "129.5", "0.5", Some(Inverted)),
            ("0.77", "0.0077", "0.5", Some(Hundredfold)),
            ("0.000077", "0.0077", "0.5", Some(Hundredth)),
            // A yen per hundred: 0.669 for 100, 0.00669 for one.
            ("0.669", "0.00669", "1", Some(Hundredfold)),
            // The rate itself, and one that is merely off.
            ("0.0077", "0.0077", "0.5", None),
            ("0.0076", "0.0077", "0.5", None),
            ("0.01", "0.0077", "0.5", None),
            // Within one percent of the inverse, and beyond.
            ("131.1", "0.0077", "0.5", Some(Inverted)),
            ("131.2", "0.0077", "0.5", None),
            ("131.2", "0.0077", "2", Some(Inverted)),
            // A tolerance of half of it does not make everything an inverse.
            ("140", "0.0077", "50", None),
            // 1.08 and 0.9259 are 14 % apart, 1.02 and 0.98 less than five times one percent.
            ("0.9259", "1.08", "1", Some(Inverted)),
            ("0.9804", "1.02", "1", None),
            ("10", "0.1", "1", Some(Inverted)), // and a hundredfold: the first of both
        ] {
            let [rate, reference, percent] = [rate, reference, percent].map(|n| n.parse().unwrap());
            assert_eq!(Misquote::of(rate, reference, percent), expected, "{rate} {reference}");
        }
        assert_eq!(Misquote::of(Decimal::ZERO, Decimal::ONE, Decimal::ONE), None);
    }
}
