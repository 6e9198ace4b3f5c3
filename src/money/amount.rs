//! An exact amount of money, counted in minor units of a currency that the owner knows.

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;

use super::{Currency, MoneyError};

/// Decimals that an amount may have below its minor unit, so that in major units (up to four
/// decimals more) it still fits a [`Decimal`].
const MAX_FINER: u32 = 24;

/// An exact amount in minor units (cents for USD, whole shillings for UGX).
///
/// Whole numbers that fit an `i64` are kept as such; finer or larger ones as a decimal. Arithmetic
/// is exact or an error: nothing is rounded, nothing wraps, and there are no operators, since an
/// amount does not know its currency (see [`Money`](super::Money)).
#[derive(Clone, Copy)]
pub struct Amount(Repr);

/// Normalised: `Minor` wherever the number fits it, `Wide` never with trailing zeros.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Repr {
    Minor(i64),
    Wide(Decimal),
}

impl Amount {
    /// No money.
    pub const ZERO: Self = Self(Repr::Minor(0));

    /// A whole number of minor units.
    #[inline]
    #[must_use]
    pub const fn from_minor(minor: i64) -> Self {
        Self(Repr::Minor(minor))
    }

    /// A number of minor units that may be finer than one or larger than an `i64`.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] with more than 24 decimals below the minor unit.
    pub fn from_minor_decimal(minor: Decimal) -> Result<Self, MoneyError> {
        Self::from_parts(minor.mantissa(), minor.scale())
    }

    /// A whole number of minor units of any size.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] with more than 28 digits.
    pub fn from_minor_i128(minor: i128) -> Result<Self, MoneyError> {
        Self::from_parts(minor, 0)
    }

    /// A number of major units (`12.34` USD), with all its digits.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] if it is too large or too fine.
    pub fn from_major(major: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        Self::from_mantissa(major.mantissa(), major.scale(), currency.exponent())
    }

    /// The whole number of minor units; `None` if it is finer or larger than an `i64`.
    #[inline]
    #[must_use]
    pub const fn as_minor(self) -> Option<i64> {
        match self.0 {
            Repr::Minor(minor) => Some(minor),
            Repr::Wide(_) => None,
        }
    }

    /// The number of minor units.
    #[must_use]
    pub fn minor_decimal(self) -> Decimal {
        match self.0 {
            Repr::Minor(minor) => Decimal::from(minor),
            Repr::Wide(wide) => wide,
        }
    }

    /// The number of major units (`12.34` USD).
    #[must_use]
    pub fn to_major(self, currency: Currency) -> Decimal {
        let (mantissa, scale) = self.parts();
        let scale = scale.saturating_add(currency.exponent());
        Decimal::try_from_i128_with_scale(mantissa, scale)
            .expect("invariant: at most 24 + 4 decimals, and the mantissa was a decimal's")
    }

    /// The exact sum; `None` if it has more digits than an amount can hold.
    #[inline]
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if let (Repr::Minor(a), Repr::Minor(b)) = (self.0, other.0)
            && let Some(sum) = a.checked_add(b)
        {
            return Some(Self::from_minor(sum));
        }
        self.add_wide(other)
    }

    /// The exact difference `self - other`; `None` if it has more digits than an amount can hold.
    #[inline]
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        if let (Repr::Minor(a), Repr::Minor(b)) = (self.0, other.0)
            && let Some(difference) = a.checked_sub(b)
        {
            return Some(Self::from_minor(difference));
        }
        self.add_wide(other.checked_neg()?)
    }

    /// The amount with the other sign; `None` never happens to amounts of today's sizes.
    #[inline]
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        if let Repr::Minor(minor) = self.0
            && let Some(negated) = minor.checked_neg()
        {
            return Some(Self::from_minor(negated));
        }
        let (mantissa, scale) = self.parts();
        Self::from_parts(mantissa.checked_neg()?, scale).ok()
    }

    /// The amount times a whole number, exactly; `None` if it has too many digits.
    #[must_use]
    pub fn checked_mul(self, factor: i64) -> Option<Self> {
        let (mantissa, scale) = self.parts();
        Self::from_parts(mantissa.checked_mul(i128::from(factor))?, scale).ok()
    }

    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        match self.0 {
            Repr::Minor(minor) => match minor.checked_abs() {
                Some(minor) => Self::from_minor(minor),
                None => Self(Repr::Wide(Decimal::from(minor.unsigned_abs()))),
            },
            // Normalised, and |i64::MIN| is the only whole number whose negation would fit.
            Repr::Wide(wide) => Self(Repr::Wide(wide.abs())),
        }
    }

    /// -1, 0 or 1.
    #[inline]
    #[must_use]
    pub fn signum(self) -> i8 {
        match self.cmp(&Self::ZERO) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    /// Whether it is no money.
    #[inline]
    #[must_use]
    pub const fn is_zero(self) -> bool {
        matches!(self.0, Repr::Minor(0))
    }

    /// Whether it is below zero.
    #[inline]
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.signum() < 0
    }

    /// Whether it is a whole number of minor units, of whatever size.
    #[must_use]
    pub fn is_whole_minor(self) -> bool {
        self.parts().1 == 0
    }

    /// Whether `self` is exactly `factor` times `other` and neither is zero: the sign of a file
    /// in another unit (100 for cents read as dollars).
    #[must_use]
    pub fn is_scaled_by(self, other: Self, factor: i64) -> bool {
        !self.is_zero() && other.checked_mul(factor) == Some(self)
    }

    /// The number in major units with exactly the currency's decimals, more only if it is finer:
    /// `"-12.00"` USD, `"1500"` UGX.
    #[must_use]
    pub fn format(self, currency: Currency) -> String {
        let mut text = Vec::with_capacity(24);
        self.append_to(&mut text, currency);
        String::from_utf8(text).expect("invariant: only digits, point and minus were written")
    }

    /// Writes what [`format`](Self::format) gives.
    ///
    /// # Errors
    /// Only those of the writer.
    pub fn write_to(self, out: &mut impl fmt::Write, currency: Currency) -> fmt::Result {
        let mut text = Vec::with_capacity(24);
        self.append_to(&mut text, currency);
        text.iter().try_for_each(|&byte| out.write_char(char::from(byte)))
    }

    /// Appends what [`format`](Self::format) gives as ASCII: the fast path of documents.
    pub fn append_to(self, out: &mut Vec<u8>, currency: Currency) {
        let (magnitude, scale, negative) = match self.0 {
            Repr::Minor(minor) => (u128::from(minor.unsigned_abs()), 0, minor < 0),
            Repr::Wide(wide) => {
                (wide.mantissa().unsigned_abs(), wide.scale(), wide.is_sign_negative())
            }
        };
        if negative {
            out.push(b'-');
        }
        let decimals = currency.exponent().saturating_add(scale);
        match u64::try_from(magnitude) {
            Ok(magnitude) => append_digits(out, magnitude, decimals),
            Err(_) => append_wide_digits(out, magnitude, decimals),
        }
    }

    /// The exact number `mantissa / 10^decimals` in units of `10^exponent` minor ones.
    pub(super) fn from_mantissa(
        mantissa: i128,
        decimals: u32,
        exponent: u32,
    ) -> Result<Self, MoneyError> {
        match decimals.checked_sub(exponent) {
            Some(finer) => Self::from_parts(mantissa, finer),
            None => {
                let missing = exponent.saturating_sub(decimals);
                Self::from_parts(scale_up(mantissa, missing).ok_or(MoneyError::OutOfRange)?, 0)
            }
        }
    }

    /// The exact number `mantissa / 10^scale` in minor units, normalised.
    fn from_parts(mut mantissa: i128, mut scale: u32) -> Result<Self, MoneyError> {
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale = scale.saturating_sub(1);
        }
        if scale == 0
            && let Ok(minor) = i64::try_from(mantissa)
        {
            return Ok(Self::from_minor(minor));
        }
        if scale > MAX_FINER {
            return Err(MoneyError::OutOfRange);
        }
        Decimal::try_from_i128_with_scale(mantissa, scale)
            .map(|wide| Self(Repr::Wide(wide)))
            .map_err(|_| MoneyError::OutOfRange)
    }

    fn parts(self) -> (i128, u32) {
        match self.0 {
            Repr::Minor(minor) => (i128::from(minor), 0),
            Repr::Wide(wide) => (wide.mantissa(), wide.scale()),
        }
    }

    /// `Decimal`'s own sum rounds when the digits do not fit; this one refuses.
    #[cold]
    fn add_wide(self, other: Self) -> Option<Self> {
        let ((a, a_scale), (b, b_scale)) = (self.parts(), other.parts());
        let scale = a_scale.max(b_scale);
        let a = scale_up(a, scale.saturating_sub(a_scale))?;
        let b = scale_up(b, scale.saturating_sub(b_scale))?;
        Self::from_parts(a.checked_add(b)?, scale).ok()
    }
}

fn scale_up(mantissa: i128, decimals: u32) -> Option<i128> {
    10_i128.checked_pow(decimals).and_then(|factor| mantissa.checked_mul(factor))
}

/// Digits of `magnitude / 10^decimals`, written from the last to the first into a small buffer.
fn append_digits(out: &mut Vec<u8>, mut magnitude: u64, decimals: u32) {
    // 20 digits of a u64, or 28 decimals and a leading zero, and the point.
    let mut buffer = [0_u8; 32];
    let mut written = 0_usize;
    let mut position = 0_u32;
    for slot in buffer.iter_mut().rev() {
        if decimals > 0 && position == decimals {
            *slot = b'.';
        } else {
            *slot = b'0' | (magnitude % 10) as u8;
            magnitude /= 10;
        }
        written += 1;
        // The point is a position of its own: before it come `decimals` digits, after it one.
        position += 1;
        let enough = if decimals > 0 { decimals + 2 } else { 1 };
        if magnitude == 0 && position >= enough {
            break;
        }
    }
    out.extend(buffer.iter().skip(buffer.len() - written));
}

/// The same for numbers beyond 64 bits, which are too rare to be fast.
#[cold]
fn append_wide_digits(out: &mut Vec<u8>, magnitude: u128, decimals: u32) {
    let digits = magnitude.to_string();
    let decimals = decimals as usize;
    let padded = format!("{digits:0>width$}", width = decimals + 1);
    let (whole, fraction) = padded.split_at(padded.len() - decimals);
    out.extend_from_slice(whole.as_bytes());
    if !fraction.is_empty() {
        out.push(b'.');
        out.extend_from_slice(fraction.as_bytes());
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self::ZERO
    }
}

impl PartialEq for Amount {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Amount {}

impl std::hash::Hash for Amount {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl PartialOrd for Amount {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Amount {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.0, other.0) {
            (Repr::Minor(a), Repr::Minor(b)) => a.cmp(&b),
            _ => self.minor_decimal().cmp(&other.minor_decimal()),
        }
    }
}

/// The number of minor units, for test failures; people are shown [`Amount::format`].
impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} minor", self.minor_decimal())
    }
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

    fn major(text: &str, code: &str) -> Amount {
        Amount::from_major(decimal(text), currency(code)).unwrap()
    }

    #[test]
    fn formats_with_the_decimals_of_the_currency() {
        for (number, code, expected) in [
            ("-12", "USD", "-12.00"),
            ("0", "USD", "0.00"),
            ("-0", "USD", "0.00"),
            ("0.05", "USD", "0.05"),
            ("-0.5", "USD", "-0.50"),
            ("1500", "UGX", "1500"),
            ("0", "UGX", "0"),
            ("10", "UGX", "10"),
            ("1.5", "KWD", "1.500"),
            ("0.0001", "CLF", "0.0001"),
            ("0.12345", "CNY", "0.12345"),
            ("0.100", "CNY", "0.10"),
            ("12.5", "UGX", "12.5"),
            ("92233720368547758.07", "USD", "92233720368547758.07"),
            ("92233720368547758.08", "USD", "92233720368547758.08"),
            ("-792281625142643375935439503.35", "USD", "-792281625142643375935439503.35"),
        ] {
            let amount = major(number, code);
            assert_eq!(amount.format(currency(code)), expected);
            let mut written = String::new();
            amount.write_to(&mut written, currency(code)).unwrap();
            assert_eq!(written, expected);
        }
    }

    #[test]
    fn equal_values_are_equal_however_they_were_made() {
        let made = [
            Amount::from_minor(1200),
            major("12", "USD"),
            major("12.0000", "USD"),
            Amount::from_minor_decimal(decimal("1200.000")).unwrap(),
            major("12.005", "USD").checked_sub(major("0.005", "USD")).unwrap(),
        ];
        assert!(made.iter().all(|amount| *amount == made[0] && amount.as_minor() == Some(1200)));
        assert_ne!(major("12.001", "USD"), made[0]);
        assert!(major("12.001", "USD") > made[0] && major("11.999", "USD") < made[0]);
    }

    #[test]
    fn arithmetic_leaves_the_fast_path_without_losing_a_digit() {
        let (max, min) = (Amount::from_minor(i64::MAX), Amount::from_minor(i64::MIN));
        let one = Amount::from_minor(1);
        let beyond = max.checked_add(one).unwrap();
        assert_eq!(beyond.as_minor(), None);
        assert_eq!(beyond.checked_sub(one).unwrap(), max);
        assert_eq!(min.checked_neg().unwrap(), beyond);
        assert_eq!(beyond.checked_neg().unwrap(), min);
        assert_eq!(min.abs(), beyond);
        assert!(beyond.is_whole_minor() && !major("0.001", "USD").is_whole_minor());
        assert_eq!((min.signum(), Amount::ZERO.signum(), beyond.signum()), (-1, 0, 1));
    }

    #[test]
    fn what_does_not_fit_is_refused_and_never_rounded() {
        let huge = Amount::from_minor_decimal(Decimal::MAX).unwrap();
        let tiny = Amount::from_minor_decimal(decimal("0.000000000000000000000001")).unwrap();
        assert_eq!(huge.checked_add(Amount::from_minor(1)), None);
        assert_eq!(huge.checked_add(tiny), None);
        assert_eq!(huge.checked_mul(2), None);
        assert_eq!(Amount::from_major(Decimal::MAX, currency("USD")), Err(MoneyError::OutOfRange));
        let too_fine = Decimal::new(1, 25);
        assert_eq!(Amount::from_minor_decimal(too_fine), Err(MoneyError::OutOfRange));
        assert!(Amount::from_major(Decimal::new(1, 28), currency("CLF")).is_ok());
    }

    #[test]
    fn a_unit_mismatch_is_exactly_a_hundredfold() {
        let (small, large) = (major("12.34", "USD"), major("1234", "USD"));
        assert!(large.is_scaled_by(small, 100));
        assert!(!small.is_scaled_by(large, 100));
        assert!(!major("1234.01", "USD").is_scaled_by(small, 100));
        assert!(!major("-1234", "USD").is_scaled_by(small, 100));
        assert!(!Amount::ZERO.is_scaled_by(Amount::ZERO, 100));
    }

    proptest! {
        #[test]
        fn major_units_round_trip(mantissa in any::<i64>(), scale in 0_u32..10, index in 0_u16..160) {
            let currency = Currency::from_index(index).unwrap();
            let number = Decimal::new(mantissa, scale);
            let amount = Amount::from_major(number, currency).unwrap();
            prop_assert_eq!(amount.to_major(currency), number);
            prop_assert_eq!(amount.format(currency).parse::<Decimal>().unwrap(), number);
        }

        #[test]
        fn sums_agree_with_wide_integers(a in any::<i64>(), b in any::<i64>(), scale in 0_u32..4) {
            let amount = |n| Amount::from_minor_decimal(Decimal::new(n, scale)).unwrap();
            let exact = |n| Decimal::from_i128_with_scale(n, scale);
            let sum = amount(a).checked_add(amount(b)).unwrap();
            prop_assert_eq!(sum.minor_decimal(), exact(i128::from(a) + i128::from(b)));
            let difference = amount(a).checked_sub(amount(b)).unwrap();
            prop_assert_eq!(difference.minor_decimal(), exact(i128::from(a) - i128::from(b)));
            prop_assert_eq!(amount(a).cmp(&amount(b)), a.cmp(&b));
        }
    }
}
