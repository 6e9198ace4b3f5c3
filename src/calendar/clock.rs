//! On which accounting day (会计日) of a provider an instant falls: its zone and its cut-off (日切).

use crate::time::{Date, Instant, Zone};

/// Minutes of a day on the wall.
const DAY: u16 = 1_440;

/// Noon: later cut-offs end their own day, earlier ones the day before.
const NOON: u16 = 720;

const MINUTE_MICROS: i64 = 60_000_000;

/// The clock by which a provider keeps its books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountingClock {
    /// The zone of its days.
    pub zone: Zone,
    /// The minute of the day at which the next accounting day begins; 0 is midnight.
    ///
    /// A cut-off after noon (23:00) ends the day on which it is: what happens at 23:00 is of the
    /// next day. A cut-off up to noon (02:00) ends the day before: what happens at 01:59 is of the
    /// day before.
    pub cutoff: u16,
}

impl AccountingClock {
    /// The minute of a time of day as people write it: `23:00`, `0:30`.
    #[must_use]
    pub fn parse_cutoff(text: &str) -> Option<u16> {
        let (hours, minutes) = text.trim().split_once(':')?;
        let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
            let plain = text.bytes().all(|byte| byte.is_ascii_digit());
            (plain && digits.contains(&text.len())).then(|| text.parse::<u16>().ok()).flatten()
        };
        let (hours, minutes) = (number(hours, 1..=2)?, number(minutes, 2..=2)?);
        let all = hours.checked_mul(60)?.checked_add(minutes)?;
        (minutes < 60 && all < DAY).then_some(all)
    }

    /// The accounting day of an instant. Days are those of the clock on the wall, so that one is an
    /// hour shorter or longer where the clock is set.
    #[must_use]
    pub fn day_of(&self, instant: Instant) -> Date {
        let shift = if self.cutoff > NOON {
            i64::from(DAY.saturating_sub(self.cutoff))
        } else {
            -i64::from(self.cutoff)
        };
        let minutes = i64::from(self.zone.offset_at(instant)).saturating_add(shift);
        let local = instant.0.saturating_add(minutes.saturating_mul(MINUTE_MICROS));
        Instant(local).utc_date()
    }

    /// The cut-off as people write it.
    #[must_use]
    pub fn cutoff_text(&self) -> String {
        format!("{:02}:{:02}", self.cutoff / 60, self.cutoff % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(zone: &str, cutoff: &str) -> AccountingClock {
        let zone = Zone::parse(zone).unwrap();
        AccountingClock { zone, cutoff: AccountingClock::parse_cutoff(cutoff).unwrap() }
    }

    /// The instant of a UTC time of day.
    fn utc(date: &str, hours: i64, minutes: i64) -> Instant {
        let day = Instant::from_utc_date(Date::from_iso(date).unwrap()).0;
        Instant(day + (hours * 60 + minutes) * MINUTE_MICROS)
    }

    #[test]
    fn cut_offs_are_read_and_written() {
        for (text, minute) in [("00:00", 0), ("0:30", 30), ("23:00", 1380), ("23:59", 1439)] {
            assert_eq!(AccountingClock::parse_cutoff(text), Some(minute), "{text}");
        }
        for text in ["", "24:00", "23:60", "23", "23:5", "+1:00", "-1:00", "023:00", "23:00:00"] {
            assert_eq!(AccountingClock::parse_cutoff(text), None, "{text}");
        }
        assert_eq!(clock("UTC", "9:05").cutoff_text(), "09:05");
    }

    #[test]
    fn the_day_changes_at_the_cut_off_of_the_zone() {
        for (zone, cutoff, date, hours, minutes, day) in [
            ("Asia/Shanghai", "00:00", "2026-02-02", 15, 59, "2026-02-02"),
            ("Asia/Shanghai", "00:00", "2026-02-02", 16, 0, "2026-02-03"),
            // 23:00 in Shanghai is 15:00 UTC.
            ("Asia/Shanghai", "23:00", "2026-02-02", 14, 59, "2026-02-02"),
            ("Asia/Shanghai", "23:00", "2026-02-02", 15, 0, "2026-02-03"),
            // Early in the morning still the day before.
            ("Africa/Nairobi", "02:00", "2026-02-02", 22, 59, "2026-02-02"),
            ("Africa/Nairobi", "02:00", "2026-02-02", 23, 0, "2026-02-03"),
            ("UTC", "12:00", "2026-02-02", 11, 59, "2026-02-01"),
            ("UTC", "12:01", "2026-02-02", 12, 1, "2026-02-03"),
        ] {
            let got = clock(zone, cutoff).day_of(utc(date, hours, minutes));
            assert_eq!(got.to_string(), day, "{zone} {cutoff} {date} {hours}:{minutes}");
        }
    }

    #[test]
    fn days_of_23_and_25_hours_begin_and_end_at_midnight_on_the_wall() {
        let berlin = clock("Europe/Berlin", "00:00");
        for (date, hours, minutes, day) in [
            // 29 March 2026 has 23 hours: from 23:00 UTC of the 28th to 22:00 UTC of the 29th.
            ("2026-03-28", 22, 59, "2026-03-28"),
            ("2026-03-28", 23, 0, "2026-03-29"),
            ("2026-03-29", 21, 59, "2026-03-29"),
            ("2026-03-29", 22, 0, "2026-03-30"),
            // 25 October 2026 has 25: from 22:00 UTC of the 24th to 23:00 UTC of the 25th.
            ("2026-10-24", 21, 59, "2026-10-24"),
            ("2026-10-24", 22, 0, "2026-10-25"),
            ("2026-10-25", 22, 59, "2026-10-25"),
            ("2026-10-25", 23, 0, "2026-10-26"),
        ] {
            assert_eq!(berlin.day_of(utc(date, hours, minutes)).to_string(), day, "{date} {hours}");
        }
    }
}
