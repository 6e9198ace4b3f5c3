//! What money of one currency is in another, and whether a rate is further from the reference
//! than agreed.

mod misquote;
mod rates;
mod table;

use rust_decimal::Decimal;

pub use misquote::Misquote;
pub use rates::{MAX_AGE_DAYS, Rate, RateRule, Rates};

use crate::money::{Amount, Currency, MoneyError, Rounding, round_ratio};

/// Converts at `rate` units of `to` for one unit of `from`, exactly up to the named rounding to
/// whole minor units.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if the exact product has more than 38 digits.
pub fn convert(
    amount: Amount,
    from: Currency,
    to: Currency,
    rate: Decimal,
    rounding: Rounding,
) -> Result<Amount, MoneyError> {
    let (amount, rate) = (amount.minor_decimal(), rate.normalize());
    let product = amount.mantissa().checked_mul(rate.mantissa()).ok_or(MoneyError::OutOfRange)?;
    // minor(to) = minor(from) × rate × 10^(decimals of to − decimals of from)
    let down = amount.scale().saturating_add(rate.scale()).saturating_add(from.exponent());
    let up = to.exponent();
    let power = |decimals: u32| 10_i128.checked_pow(decimals).ok_or(MoneyError::OutOfRange);
    let common = down.min(up);
    let numerator =
        product.checked_mul(power(up.saturating_sub(common))?).ok_or(MoneyError::OutOfRange)?;
    let minor = round_ratio(numerator, power(down.saturating_sub(common))?, rounding)
        .ok_or(MoneyError::OutOfRange)?;
    Amount::from_minor_i128(minor)
}

/// Whether `actual` differs from `reference` by more than `percent` of the reference, exactly:
/// |actual − reference| × 100 > percent × |reference|. Any difference from zero exceeds.
#[must_use]
pub fn deviation_exceeds(actual: Decimal, reference: Decimal, percent: Decimal) -> bool {
    let (actual, reference) = (actual.normalize(), reference.normalize());
    let scale = actual.scale().max(reference.scale());
    let aligned = |number: Decimal| {
        let factor = 10_i128.checked_pow(scale.saturating_sub(number.scale()))?;
        number.mantissa().checked_mul(factor)
    };
    // Numbers that cannot be aligned in 38 digits are ten orders of magnitude apart.
    let (Some(actual), Some(reference)) = (aligned(actual), aligned(reference)) else {
        return true;
    };
    let Some(difference) = actual.checked_sub(reference) else { return true };
    let percent = percent.normalize();
    if percent.is_sign_negative() && !percent.is_zero() {
        return true;
    }
    // At most 10^30.
    let hundred = 100_u128.saturating_mul(10_u128.saturating_pow(percent.scale()));
    let limit = percent.mantissa().unsigned_abs();
    product(difference.unsigned_abs(), hundred) > product(reference.unsigned_abs(), limit)
}

/// The 256-bit product as its high and low half, which compare as the numbers do.
fn product(a: u128, b: u128) -> (u128, u128) {
    const HALF: u32 = 64;
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> HALF, a & LOW, b >> HALF, b & LOW);
    // Each partial product is below 2^128 − 2^65, so that two halves can be added to it.
    let low = a0 * b0;
    let middle = a1 * b0 + (low >> HALF);
    let middle_low = (middle & LOW) + a0 * b1;
    let high = a1 * b1 + (middle >> HALF) + (middle_low >> HALF);
    (high, (middle_low << HALF) | (low & LOW))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn conversions_worked_out_by_hand() {
        use Rounding::{Down, HalfEven, HalfUp, Up};
        for (major, from, to, rate, rounding, expected) in [
            // 1,234.00 KES × 0.0077 = 9.5018 USD
            ("1234", "KES", "USD", "0.0077", HalfUp, "9.50"),
            ("1234", "KES", "USD", "0.0077", Up, "9.51"),
            // 1.50 × 0.03 = 0.045
            ("1.50", "KES", "USD", "0.03", HalfUp, "0.05"),
            ("1.50", "KES", "USD", "0.03", HalfEven, "0.04"),
            ("-1.50", "KES", "USD", "0.03", HalfUp, "-0.05"),
            ("-1.50", "KES", "USD", "0.03", Down, "-0.04"),
            // UGX has no decimals: 10,000 × 0.00027 = 2.70 USD
            ("10000", "UGX", "USD", "0.00027", HalfUp, "2.70"),
            // 2.70 USD × 3,700 = 9,990 UGX
            ("2.70", "USD", "UGX", "3700", HalfUp, "9990"),
            ("0.01", "USD", "UGX", "3750", HalfUp, "38"),
            // three decimals: 10.00 USD × 0.3071 = 3.071 KWD
            ("10", "USD", "KWD", "0.3071", HalfUp, "3.071"),
            ("3.071", "KWD", "UGX", "12045.5", HalfUp, "36992"),
            ("12.34", "USD", "USD", "1.000000", HalfUp, "12.34"),
            ("0", "USD", "KES", "129.5", HalfUp, "0.00"),
            (
                "92233720368547758.07",
                "USD",
                "EUR",
                "0.999999999999999999",
                HalfUp,
                "92233720368547757.98",
            ),
        ] {
            let amount = Amount::from_major(decimal(major), currency(from)).unwrap();
            let got = convert(amount, currency(from), currency(to), decimal(rate), rounding);
            assert_eq!(got.unwrap().format(currency(to)), expected, "{major} {from} at {rate}");
        }
        let huge = Amount::from_minor_decimal(Decimal::MAX).unwrap();
        let refused = convert(huge, currency("USD"), currency("KES"), Decimal::MAX, HalfUp);
        assert_eq!(refused, Err(MoneyError::OutOfRange));
    }

    #[test]
    fn the_tolerance_itself_is_still_within() {
        for (actual, reference, percent, exceeds) in [
            ("101", "100", "1", false),
            ("101.0000001", "100", "1", true),
            ("99", "100", "1", false),
            ("98.9999999", "100", "1", true),
            ("129.5", "129.500", "0", false),
            ("129.5000000000000001", "129.5", "0", true),
            ("0.00774", "0.0077", "0.5", true),
            ("0.0077385", "0.0077", "0.5", false),
            ("-101", "-100", "1", false),
            ("-102", "-100", "1", true),
            ("100", "-100", "150", true),
            ("100", "-100", "200", false),
            ("0", "0", "1", false),
            ("0.01", "0", "1", true),
            ("100", "100", "-1", true),
            ("0.0000000000000000000000000001", "79228162514264337593543950335", "99", true),
        ] {
            let got = deviation_exceeds(decimal(actual), decimal(reference), decimal(percent));
            assert_eq!(got, exceeds, "{actual} of {reference} by {percent} %");
        }
    }

    proptest! {
        #[test]
        fn products_agree_where_they_fit(a in any::<u128>(), b in any::<u128>(), by in 0_u32..128) {
            let (small_a, small_b) = (a >> by, b >> (128 - by).min(127));
            if let Some(fits) = small_a.checked_mul(small_b) {
                prop_assert_eq!(product(small_a, small_b), (0, fits));
            }
            // (2^64 x) (2^64 y) = 2^128 x y
            let (x, y) = (a >> 64, b >> 64);
            prop_assert_eq!(product(x << 64, y << 64), (x * y, 0));
            prop_assert_eq!(product(a, b), product(b, a));
        }

        #[test]
        fn the_comparison_agrees_with_plain_integers(
            actual in 1_i64..1_000_000, reference in 1_i64..1_000_000, percent in 0_i64..2_000,
        ) {
            let exceeds = deviation_exceeds(
                Decimal::new(actual, 3), Decimal::new(reference, 3), Decimal::new(percent, 1),
            );
            prop_assert_eq!(exceeds, (actual - reference).abs() * 1000 > percent * reference);
        }
    }

    /// How far two amounts are apart, counted in whole minor units of the coarser currency: one unit of
    /// the target is `per` = 10^k ÷ rate units of the source.
    fn apart(there: Amount, back: Amount, rate: Decimal, from: Currency, to: Currency) -> Decimal {
        let difference = (there.minor_decimal() - back.minor_decimal()).abs();
        let unit =
            |currency: Currency| Decimal::ONE / Decimal::from(10_u32.pow(currency.exponent()));
        // A minor unit of the target in minor units of the source.
        let per = unit(to) / rate / unit(from);
        if per > Decimal::ONE { difference / per } else { difference }
    }

    /// The mode that undoes what a mode has done.
    fn undoing(rounding: Rounding) -> Rounding {
        match rounding {
            Rounding::Up => Rounding::Down,
            Rounding::Down => Rounding::Up,
            half => half,
        }
    }

    proptest! {
        #[test]
        fn a_conversion_and_its_inverse_agree_within_a_minor_unit_of_the_coarser_currency(
            minor in -10_000_000_000_i64..10_000_000_000,
            mantissa in 1_i64..1_000_000_000,
            scale in 4_u32..10,
            currencies in (0_u16..160, 0_u16..160),
            mode in 0_usize..4,
        ) {
            let [from, to] = [currencies.0, currencies.1].map(|n| Currency::from_index(n).unwrap());
            prop_assume!(from != to);
            let rounding =
                [Rounding::HalfUp, Rounding::HalfEven, Rounding::Up, Rounding::Down][mode];
            let rate = Decimal::new(mantissa, scale);
            let table = format!("date,base,quote,rate\n2026-02-02,{from},{to},{rate}\n");
            let rates = Rates::parse(table.as_bytes()).unwrap();
            let day = crate::time::Date::from_iso("2026-02-02").unwrap();
            let there = rates.lookup(day, from, to).unwrap();
            let back = rates.lookup(day, to, from).unwrap();
            prop_assert!(back.inverse && !there.inverse);
            let amount = Amount::from_minor(minor);
            let converted = convert(amount, from, to, there.rate, rounding).unwrap();
            let returned = convert(converted, to, from, back.rate, undoing(rounding)).unwrap();
            let off = apart(amount, returned, rate, from, to);
            prop_assert!(off <= Decimal::ONE, "{amount:?} {from} {to} {rate} {rounding:?}: {off}");
            // Rounded the same way twice, both may lose: no more whole units than one.
            let again = convert(converted, to, from, back.rate, rounding).unwrap();
            let off = apart(amount, again, rate, from, to);
            prop_assert!(off.trunc() <= Decimal::ONE, "{amount:?} {from} {to} {rate}: {off}");
        }

        #[test]
        fn through_a_pivot_is_as_through_both_rates(
            minor in 0_i64..1_000_000_000_000,
            rates in (1_i64..1_000_000, 1_i64..1_000_000),
            scales in (0_u32..5, 0_u32..5),
            inverse in (any::<bool>(), any::<bool>()),
        ) {
            let row = |base: &str, other: &str, turned: bool, rate: Decimal| match turned {
                false => format!("2026-02-02,{base},{other},{rate}\n"),
                true => format!("2026-02-02,{other},{base},{rate}\n"),
            };
            let (one, two) = (Decimal::new(rates.0, scales.0), Decimal::new(rates.1, scales.1));
            let table = format!(
                "date,base,quote,rate\n{}{}",
                row("KES", "USD", inverse.0, one),
                row("USD", "NGN", inverse.1, two)
            );
            let rule = RateRule { pivot: Some(currency("USD")), max_age_days: 0 };
            let table = Rates::parse(table.as_bytes()).unwrap().with_rule(rule);
            let day = crate::time::Date::from_iso("2026-02-02").unwrap();
            let found = table.lookup(day, currency("KES"), currency("NGN")).unwrap();
            // The same as one exact fraction of integers, rounded once.
            let amount = Amount::from_minor(minor);
            let got =
                convert(amount, currency("KES"), currency("NGN"), found.rate, Rounding::HalfUp);
            let parts = |rate: Decimal, turned: bool| {
                let whole = 10_i128.pow(rate.scale());
                if turned { (whole, rate.mantissa()) } else { (rate.mantissa(), whole) }
            };
            let ((a, b), (c, d)) = (parts(one, inverse.0), parts(two, inverse.1));
            let exact = round_ratio(i128::from(minor) * a * c, b * d, Rounding::HalfUp).unwrap();
            // The rate has eighteen digits, so it is off by at most half a unit of the last: five parts
            // in 10^18 of a rate that begins with 1. More than a minor unit only beyond 10^17 of them.
            let got = got.unwrap().minor_decimal().mantissa();
            let slack = 1 + exact / 200_000_000_000_000_000;
            prop_assert!((got - exact).abs() <= slack, "{got} {exact}");
        }
    }
}
