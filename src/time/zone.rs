//! Which clock a file was written on: a named zone of the IANA database, or a fixed offset.

use std::fmt;

use super::instant::{DAY, MINUTE};
use super::zone_table::{self, Clock};
use super::{Date, Instant};

/// A clock: how far ahead of UTC it is at any instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(Repr);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Repr {
    /// Minutes ahead of UTC.
    Fixed(i16),
    Named(Named),
}

/// A zone of the IANA database; its name says which clock it has.
#[derive(Clone, Copy)]
struct Named {
    name: &'static str,
    clock: &'static Clock,
}

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Named {}

impl std::hash::Hash for Named {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Abbreviations that mean one offset wherever payment providers print them, in minutes. Those
/// that mean several (CST, IST, BST, AST, SST …) are left out on purpose.
const ABBREVIATIONS: &[(&str, i16)] = &[
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("WEST", 60),
    ("WAT", 60),
    ("CET", 60),
    ("CEST", 120),
    ("CAT", 120),
    ("SAST", 120),
    ("EET", 120),
    ("EEST", 180),
    ("EAT", 180),
    ("MSK", 180),
    ("SGT", 480),
    ("HKT", 480),
    ("JST", 540),
    ("KST", 540),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("EST", -300),
    ("EDT", -240),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
];

impl Zone {
    /// Greenwich.
    pub const UTC: Self = Self(Repr::Fixed(0));

    /// A clock that is always the same number of minutes ahead of UTC (at most 18 hours).
    #[must_use]
    pub const fn fixed(minutes: i16) -> Option<Self> {
        if minutes < -18 * 60 || minutes > 18 * 60 {
            return None;
        }
        Some(Self(Repr::Fixed(minutes)))
    }

    /// A zone by its IANA name (`Asia/Shanghai`), its offset (`+08:00`, `+0800`, `+08`, `UTC+8`),
    /// or `UTC`, `GMT`, `Z`. Abbreviations are not zones: see
    /// [`from_abbreviation`](Self::from_abbreviation).
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        if matches!(name, "Z" | "z" | "UTC" | "GMT" | "Etc/UTC" | "Etc/GMT") {
            return Some(Self::UTC);
        }
        let offset = name.strip_prefix("UTC").or_else(|| name.strip_prefix("GMT")).unwrap_or(name);
        if offset.starts_with(['+', '-', '\u{2212}']) {
            return parse_offset(offset).and_then(Self::fixed);
        }
        let (name, clock) = zone_table::find(name)?;
        Some(Self(Repr::Named(Named { name, clock })))
    }

    /// The fixed offset of an abbreviation that a file prints beside its times, such as `PDT`;
    /// `None` for those that mean several.
    #[must_use]
    pub fn from_abbreviation(text: &str) -> Option<Self> {
        let (_, minutes) =
            ABBREVIATIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text))?;
        Self::fixed(*minutes)
    }

    /// Minutes ahead of UTC at an instant. Named zones are known from 2000 to 2049; before and
    /// after, their clocks are taken to stay as they were at that end.
    #[must_use]
    pub fn offset_at(&self, instant: Instant) -> i16 {
        match self.0 {
            Repr::Fixed(minutes) => minutes,
            Repr::Named(zone) => zone.clock.offset_at(instant),
        }
    }

    /// The day on this clock.
    #[must_use]
    pub fn local_date(&self, instant: Instant) -> Date {
        instant.date_at(self.offset_at(instant))
    }

    /// The instant at which this clock shows a day and a time of day (microseconds since its
    /// midnight), and the minutes it is then ahead of UTC.
    ///
    /// A time that the clock shows twice (set back) is the first of the two; a time that it skips
    /// (set forward) is taken as if it had not been set yet, so that 02:30 becomes 03:30. `None`
    /// only beyond the range of instants.
    #[must_use]
    pub fn resolve(&self, date: Date, micros_of_day: i64) -> Option<(Instant, i16)> {
        let local = i64::from(date.0).checked_mul(DAY)?.checked_add(micros_of_day)?;
        let at = |offset: i16| {
            let instant = local.checked_sub(i64::from(offset).checked_mul(MINUTE)?)?;
            Some((Instant(instant), offset))
        };
        let zone = match self.0 {
            Repr::Fixed(minutes) => return at(minutes),
            Repr::Named(zone) => zone,
        };
        // No clock is a day from UTC, so that these surround the instant whatever its offset is.
        let before = zone.clock.offset_at(Instant(local.checked_sub(DAY)?));
        let after = zone.clock.offset_at(Instant(local.checked_add(DAY)?));
        let first = at(before)?;
        if before == after || zone.clock.offset_at(first.0) == before {
            return Some(first);
        }
        let second = at(after)?;
        if zone.clock.offset_at(second.0) == after {
            return Some(second);
        }
        // In a gap the clock shows another time, with the offset that it has by then.
        Some((first.0, zone.clock.offset_at(first.0)))
    }

    /// The last instant of a day on this clock: one microsecond before the next day begins.
    #[must_use]
    pub fn end_of(&self, date: Date) -> Option<Instant> {
        let (next, _) = self.resolve(date.add_days(1)?, 0)?;
        next.0.checked_sub(1).map(Instant)
    }
}

/// `+08:00`, `+0800`, `+08`, `+8`, with any sign: minutes.
pub(super) fn parse_offset(text: &str) -> Option<i16> {
    let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+')?),
    };
    let (hours, minutes) = match digits.as_bytes() {
        [_] | [_, _] => (digits, "0"),
        [_, _, b':', _, _] | [_, b':', _, _] => digits.split_once(':')?,
        [_, _, _, _] => digits.split_at_checked(2)?,
        _ => return None,
    };
    let number = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i16>().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if hours > 18 || minutes > 59 {
        return None;
    }
    let total = hours * 60 + minutes;
    Some(if negative { -total } else { total })
}

/// The name that [`Zone::parse`] reads: `UTC`, `+08:00`, `Asia/Shanghai`.
impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Fixed(0) => f.write_str("UTC"),
            Repr::Fixed(minutes) => {
                let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            Repr::Named(zone) => f.write_str(zone.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap_or_else(|| panic!("{name}"))
    }

    fn at(zone: Zone, date: &str, hours: i64, minutes: i64) -> (String, i16) {
        let micros = (hours * 60 + minutes) * MINUTE;
        let (instant, offset) = zone.resolve(Date::from_iso(date).unwrap(), micros).unwrap();
        (instant.to_string(), offset)
    }

    #[test]
    fn names_and_offsets_are_read_and_written() {
        for (text, name) in [
            ("Asia/Shanghai", "Asia/Shanghai"),
            ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
            ("UTC", "UTC"),
            ("Z", "UTC"),
            ("GMT", "UTC"),
            ("+00:00", "UTC"),
            ("+08:00", "+08:00"),
            ("+0800", "+08:00"),
            ("+8", "+08:00"),
            ("UTC+8", "+08:00"),
            ("GMT-03:30", "-03:30"),
            ("-0500", "-05:00"),
            ("\u{2212}05:00", "-05:00"),
        ] {
            assert_eq!(zone(text).to_string(), name, "{text}");
            assert_eq!(Zone::parse(name), Some(zone(text)));
        }
        for text in
            ["", "Asia/Atlantis", "CST", "PDT", "EST5EDT", "+", "+99", "+08:60", "+8:0", "8"]
        {
            assert_eq!(Zone::parse(text), None, "{text}");
        }
    }

    #[test]
    fn abbreviations_mean_one_offset_or_nothing() {
        for (text, expected) in
            [("PDT", "-07:00"), ("pst", "-08:00"), ("CEST", "+02:00"), ("EAT", "+03:00")]
        {
            assert_eq!(Zone::from_abbreviation(text).unwrap().to_string(), expected);
        }
        for text in ["CST", "IST", "BST", "AST", "XYZ", ""] {
            assert_eq!(Zone::from_abbreviation(text), None, "{text}");
        }
    }

    #[test]
    fn local_times_become_instants() {
        let (shanghai, new_york) = (zone("Asia/Shanghai"), zone("America/New_York"));
        for (zone, date, hour, minute, instant, offset) in [
            (shanghai, "2026-02-03", 4, 5, "2026-02-02T20:05:00Z", 480),
            (zone("+05:30"), "2026-02-03", 0, 0, "2026-02-02T18:30:00Z", 330),
            (zone("Africa/Lagos"), "2026-07-01", 1, 0, "2026-07-01T00:00:00Z", 60),
            (new_york, "2026-01-15", 12, 0, "2026-01-15T17:00:00Z", -300),
            (new_york, "2026-07-15", 12, 0, "2026-07-15T16:00:00Z", -240),
            // Set forward on 8 March at 02:00: 02:30 is skipped, 03:30 is what follows.
            (new_york, "2026-03-08", 1, 59, "2026-03-08T06:59:00Z", -300),
            (new_york, "2026-03-08", 2, 30, "2026-03-08T07:30:00Z", -240),
            (new_york, "2026-03-08", 3, 30, "2026-03-08T07:30:00Z", -240),
            // Set back on 1 November at 02:00: 01:30 comes twice, the first is meant.
            (new_york, "2026-11-01", 1, 30, "2026-11-01T05:30:00Z", -240),
            (new_york, "2026-11-01", 2, 0, "2026-11-01T07:00:00Z", -300),
        ] {
            assert_eq!(at(zone, date, hour, minute), (instant.to_owned(), offset), "{zone} {date}");
        }
    }

    #[test]
    fn the_local_day_and_its_end_follow_the_clock() {
        let shanghai = zone("Asia/Shanghai");
        let (instant, _) = shanghai.resolve(Date::from_iso("2026-02-03").unwrap(), 0).unwrap();
        assert_eq!(shanghai.local_date(instant).to_string(), "2026-02-03");
        assert_eq!(Zone::UTC.local_date(instant).to_string(), "2026-02-02");
        let end = shanghai.end_of(Date::from_iso("2026-02-03").unwrap()).unwrap();
        assert_eq!(end.to_string(), "2026-02-03T15:59:59.999999Z");
        assert_eq!(Zone::UTC.resolve(Date(i32::MAX), 0), None);
    }
}
