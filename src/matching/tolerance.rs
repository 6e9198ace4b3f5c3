//! Decides which difference is small enough to be let go; it stays visible on the match.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::money::{Amount, Currency};

/// Which of two limits holds where both are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Combine {
    /// Both must be kept.
    #[default]
    Smaller,
    /// One of them is enough.
    Larger,
}

/// How far received may be from expected. Without any limit, not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tolerance {
    /// Largest difference by currency, in minor units.
    pub absolute: BTreeMap<Currency, Amount>,
    /// Largest difference in percent of the expected amount.
    pub percent: Option<Decimal>,
    /// Which one holds where both are given.
    pub combine: Combine,
}

impl Tolerance {
    /// Whether `difference` is within the limits for an expected amount of `base`.
    pub fn allows(&self, difference: Amount, base: Amount, currency: Currency) -> bool {
        let size = difference.abs();
        let absolute = self.absolute.get(&currency).map(|limit| size <= *limit);
        // |difference| / |base| <= percent / 100, without a division.
        let percent = self.percent.and_then(|percent| {
            let left = size.minor_decimal().checked_mul(Decimal::ONE_HUNDRED)?;
            let right = base.abs().minor_decimal().checked_mul(percent)?;
            Some(left <= right)
        });
        match (absolute, percent, self.combine) {
            (None, None, _) => false,
            (Some(one), None, _) | (None, Some(one), _) => one,
            (Some(one), Some(other), Combine::Smaller) => one && other,
            (Some(one), Some(other), Combine::Larger) => one || other,
        }
    }
}

impl Tolerance {
    /// The largest difference that is allowed for an expected amount, in whole minor units.
    pub(crate) fn limit(&self, base: Amount, currency: Currency) -> u64 {
        let whole = |limit: Decimal| u64::try_from(limit.floor()).unwrap_or(0);
        let absolute = self.absolute.get(&currency).map(|limit| whole(limit.minor_decimal()));
        let percent = self.percent.and_then(|percent| {
            base.abs().minor_decimal().checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)
        });
        match (absolute, percent.map(whole), self.combine) {
            (None, None, _) => 0,
            (Some(one), None, _) | (None, Some(one), _) => one,
            (Some(one), Some(other), Combine::Smaller) => one.min(other),
            (Some(one), Some(other), Combine::Larger) => one.max(other),
        }
    }

    /// Whether nothing but equal amounts is allowed.
    pub(crate) fn is_none(&self) -> bool {
        self.absolute.is_empty() && self.percent.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_combine_as_stated() {
        let kes = Currency::from_code("KES").expect("active");
        let usd = Currency::from_code("USD").expect("active");
        let minor = Amount::from_minor;
        let both = |combine| Tolerance {
            absolute: BTreeMap::from([(kes, minor(100))]),
            percent: Some(Decimal::ONE),
            combine,
        };
        // difference, base, currency, smaller of both, larger of both
        for (difference, base, currency, smaller, larger) in [
            (100, 10_000, kes, true, true),
            (-100, 10_000, kes, true, true),
            (101, 10_000, kes, false, false),
            (100, 9_999, kes, false, true),
            (101, 20_000, kes, false, true),
            (1, 100, usd, true, true),
            (2, 100, usd, false, false),
        ] {
            let (d, b) = (minor(difference), minor(base));
            assert_eq!(both(Combine::Smaller).allows(d, b, currency), smaller, "{difference}");
            assert_eq!(both(Combine::Larger).allows(d, b, currency), larger, "{difference}");
            for combine in [Combine::Smaller, Combine::Larger] {
                let limit = i64::try_from(both(combine).limit(b, currency)).expect("small");
                assert!(both(combine).allows(minor(limit), b, currency), "{limit} of {base}");
                assert!(!both(combine).allows(minor(limit + 1), b, currency), "{limit} of {base}");
            }
        }
        assert!(!Tolerance::default().allows(minor(1), minor(1_000_000), kes));
    }
}
