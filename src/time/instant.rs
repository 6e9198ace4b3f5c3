//! A point in time, without a zone.

use std::fmt;

use super::Date;

/// Microseconds since 1970-01-01T00:00:00Z; leap seconds are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400 * SECOND;
/// Microseconds of a minute.
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// Microseconds of a second.
pub(crate) const SECOND: i64 = 1_000_000;

impl Instant {
    /// The instant `seconds` after 1970-01-01T00:00:00Z; `None` beyond ±292,000 years.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Option<Self> {
        match seconds.checked_mul(SECOND) {
            Some(micros) => Some(Self(micros)),
            None => None,
        }
    }

    /// The first instant of a day in UTC.
    #[must_use]
    pub const fn from_utc_date(date: Date) -> Self {
        // Only days 290,000 years away do not fit; they stay at the end of the range.
        Self((date.0 as i64).saturating_mul(DAY))
    }

    /// The day in UTC.
    #[must_use]
    pub const fn utc_date(self) -> Date {
        self.date_at(0)
    }

    /// The day on a clock that is `offset_minutes` ahead of UTC.
    #[inline]
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "at most 106,751,991 days")]
    pub const fn date_at(self, offset_minutes: i16) -> Date {
        let local = self.0.saturating_add(offset_minutes as i64 * MINUTE);
        Date(local.div_euclid(DAY) as i32)
    }

    /// Microseconds from `earlier` to `self`; `None` if it does not fit.
    #[must_use]
    pub const fn micros_since(self, earlier: Self) -> Option<i64> {
        self.0.checked_sub(earlier.0)
    }

    /// Appends RFC 3339 in UTC as ASCII, such as `2026-02-03T04:05:06Z`; a fraction of a second is
    /// written with as many of its six digits as it needs.
    #[expect(clippy::cast_possible_truncation, reason = "below 86,400")]
    pub fn append_rfc3339(self, out: &mut Vec<u8>) {
        let (year, month, day) = self.utc_date().ymd();
        let of_day = self.0.rem_euclid(DAY);
        let (seconds, micros) = ((of_day / SECOND) as u32, of_day % SECOND);
        if (0..=9999).contains(&year) {
            let year = year.unsigned_abs();
            let ([y1, y2], [y3, y4]) = (digits(year / 100), digits(year % 100));
            out.extend_from_slice(&[y1, y2, y3, y4]);
        } else {
            // No date that a file can state; keep the document readable all the same.
            out.extend_from_slice(format!("{year:+05}").as_bytes());
        }
        let [m1, m2] = digits(month);
        let [d1, d2] = digits(day);
        let [h1, h2] = digits(seconds / 3600);
        let [n1, n2] = digits(seconds / 60 % 60);
        let [s1, s2] = digits(seconds % 60);
        out.extend_from_slice(&[
            b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2,
        ]);
        if micros != 0 {
            let fraction = format!(".{micros:06}");
            out.extend_from_slice(fraction.trim_end_matches('0').as_bytes());
        }
        out.push(b'Z');
    }
}

/// The two digits of a number below 100.
#[inline]
const fn digits(number: u32) -> [u8; 2] {
    [b'0' | (number / 10 % 10) as u8, b'0' | (number % 10) as u8]
}

/// RFC 3339 in UTC: `2026-02-03T04:05:06Z`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(27);
        self.append_rfc3339(&mut text);
        text.iter().try_for_each(|&byte| fmt::Write::write_char(f, char::from(byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, SecondsFormat};

    #[test]
    fn writes_rfc_3339_with_no_more_digits_than_needed() {
        for (micros, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (1_770_091_506_000_000, "2026-02-03T04:05:06Z"),
            (1_770_091_506_120_000, "2026-02-03T04:05:06.12Z"),
            (1_770_091_506_000_001, "2026-02-03T04:05:06.000001Z"),
            (253_402_300_799_000_000, "9999-12-31T23:59:59Z"),
            (253_402_300_800_000_000, "+10000-01-01T00:00:00Z"),
        ] {
            assert_eq!(Instant(micros).to_string(), expected);
        }
    }

    #[test]
    fn agrees_with_chrono() {
        let mut micros: i64 = 7;
        for _ in 0..5000 {
            // A plain multiplicative step through the years 1653 to 2286.
            micros =
                micros.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1) % 10_i64.pow(16);
            let expected = DateTime::from_timestamp_micros(micros / SECOND * SECOND).unwrap();
            let text = Instant(micros / SECOND * SECOND).to_string();
            assert_eq!(text, expected.to_rfc3339_opts(SecondsFormat::Secs, true));
            assert_eq!(Instant(micros).utc_date().to_string(), text[..10]);
        }
    }

    #[test]
    fn the_local_day_depends_on_the_offset() {
        let late = Instant(1_772_222_400_000_000 - SECOND); // 2026-02-27T19:59:59Z
        assert_eq!(late.utc_date().to_string(), "2026-02-27");
        assert_eq!(late.date_at(240).to_string(), "2026-02-27");
        assert_eq!(late.date_at(241).to_string(), "2026-02-28");
        assert_eq!(late.date_at(-1200).to_string(), "2026-02-26");
    }

    #[test]
    fn the_ends_of_the_range_do_not_wrap() {
        assert_eq!(Instant(i64::MAX).to_string(), "+262142-12-31T04:00:54.775807Z");
        assert_eq!(Instant(i64::MIN).to_string(), "-262143-01-01T19:59:05.224192Z");
        assert_eq!(Instant(i64::MAX).date_at(i16::MAX), Instant(i64::MAX).utc_date());
        assert_eq!(Instant(i64::MIN).micros_since(Instant(1)), None);
        assert_eq!(Instant::from_seconds(i64::MAX), None);
    }
}
