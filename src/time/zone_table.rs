//! What the clocks of the IANA zones showed and will show from 2000 to 2049.
//!
//! The table `zones.txt` is written from the crate `chrono-tz` by the test below, which also holds
//! that both agree. The crate itself holds every change since 1880 and would take more than 110 KB
//! of the compressed engine; this excerpt takes 9.

use std::sync::OnceLock;

use super::instant::MINUTE;
use super::{Date, Instant};

/// One line per clock: its offset in 2000 and each change as "minutes since the one before, new
/// offset", all in minutes; then the names of the zones that it serves.
const TEXT: &str = include_str!("zones.txt");

/// How far ahead of UTC a clock is over time. Before 2000 it is as in 2000, after 2049 as at the
/// end of 2049.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// Minutes ahead of UTC before the first change.
    first: i16,
    /// Changes in order: from which instant on, and minutes ahead of UTC from then on.
    changes: Vec<(Instant, i16)>,
}

impl Clock {
    /// Minutes ahead of UTC at an instant.
    pub(super) fn offset_at(&self, instant: Instant) -> i16 {
        let past = self.changes.partition_point(|(from, _)| *from <= instant);
        let latest = past.checked_sub(1).and_then(|index| self.changes.get(index));
        latest.map_or(self.first, |(_, offset)| *offset)
    }

    fn read(line: &str) -> Option<Self> {
        let mut numbers = line.split(' ').map(str::parse::<i32>);
        let first = i16::try_from(numbers.next()?.ok()?).ok()?;
        let mut at = Instant::from_utc_date(Date::from_ymd(2000, 1, 1)?).0;
        let mut changes = Vec::new();
        while let Some(Ok(minutes)) = numbers.next() {
            at = at.checked_add(i64::from(minutes).checked_mul(MINUTE)?)?;
            changes.push((Instant(at), i16::try_from(numbers.next()?.ok()?).ok()?));
        }
        Some(Self { first, changes })
    }
}

/// The zone of an IANA name: the name as the table writes it, and its clock.
pub(super) fn find(name: &str) -> Option<(&'static str, &'static Clock)> {
    static CLOCKS: OnceLock<Vec<(&str, Clock)>> = OnceLock::new();
    let clocks = CLOCKS.get_or_init(|| {
        let lines = TEXT.lines().filter_map(|line| line.split_once('|'));
        lines.map(|(clock, names)| (names, Clock::read(clock).unwrap_or_default())).collect()
    });
    clocks.iter().find_map(|(names, clock)| {
        let known = names.split(' ').find(|known| *known == name)?;
        Some((known, clock))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Zone;
    use chrono::{DateTime, LocalResult, Offset, TimeZone};
    use chrono_tz::{TZ_VARIANTS, Tz};
    use std::collections::BTreeMap;

    const DAY: i64 = 1440;

    fn offset(zone: Tz, minute: i64) -> i64 {
        let utc = DateTime::from_timestamp(minute * 60, 0).unwrap().naive_utc();
        i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()) / 60
    }

    fn minute(year: i32) -> i64 {
        i64::from(Date::from_ymd(year, 1, 1).unwrap().0) * DAY
    }

    /// One clock as a line of the table: steps of three days, halved down to the minute.
    fn line(zone: Tz) -> String {
        let (mut at, end) = (minute(2000), minute(2050));
        let (mut now, mut last) = (offset(zone, at), at);
        let mut line = now.to_string();
        while at < end {
            let next = (at + 3 * DAY).min(end);
            if offset(zone, next) == now {
                at = next;
                continue;
            }
            let (mut before, mut after) = (at, next);
            while after - before > 1 {
                let middle = before.midpoint(after);
                if offset(zone, middle) == now { before = middle } else { after = middle }
            }
            now = offset(zone, after);
            line += &format!(" {} {now}", after - last);
            (at, last) = (after, after);
        }
        line
    }

    #[test]
    fn the_table_is_what_chrono_tz_says() {
        let mut clocks: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for zone in TZ_VARIANTS.iter().filter(|zone| zone.name().contains('/')) {
            clocks.entry(line(*zone)).or_default().push(zone.name());
        }
        let lines = clocks.iter().map(|(clock, names)| format!("{clock}|{}\n", names.join(" ")));
        let text: String = lines.collect();
        if std::env::var_os("CROSSFOOT_WRITE_ZONES").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/time/zones.txt");
            std::fs::write(path, &text).unwrap();
        }
        assert!(
            text == TEXT,
            "run this test once with CROSSFOOT_WRITE_ZONES=1 and look at the diff"
        );
    }

    #[test]
    fn every_zone_shows_what_chrono_tz_shows() {
        for zone in TZ_VARIANTS.iter().filter(|zone| zone.name().contains('/')) {
            let (name, clock) = find(zone.name()).unwrap();
            assert_eq!(name, zone.name());
            // An odd step meets all hours and weekdays.
            for at in (minute(2000)..minute(2050)).step_by(100_003) {
                let got = i64::from(clock.offset_at(Instant(at * MINUTE)));
                assert_eq!(got, offset(*zone, at), "{name} {at}");
            }
            for (from, after) in &clock.changes {
                let at = from.0 / MINUTE;
                assert_eq!(i64::from(*after), offset(*zone, at), "{name} {from}");
                let before = i64::from(clock.offset_at(Instant(from.0 - 1)));
                assert_eq!(before, offset(*zone, at - 1), "{name} before {from}");
            }
        }
        assert!(find("Asia/Atlantis").is_none() && find("asia/shanghai").is_none());
    }

    #[test]
    fn local_times_around_every_change_are_resolved_as_chrono_tz_does() {
        for name in TEXT.lines().filter_map(|line| line.rsplit(['|', ' ']).next()) {
            let (tz, zone): (Tz, _) = (name.parse().unwrap(), Zone::parse(name).unwrap());
            for (change, after) in &find(name).unwrap().1.changes {
                for half_hours in -6..=6 {
                    let local = change.0 + (i64::from(*after) + 30 * half_hours) * MINUTE;
                    let date = Instant(local).utc_date();
                    let midnight = Instant::from_utc_date(date);
                    let (got, _) = zone.resolve(date, local - midnight.0).unwrap();
                    let naive = DateTime::from_timestamp_micros(local).unwrap().naive_utc();
                    let minutes = match tz.offset_from_local_datetime(&naive) {
                        LocalResult::Single(o) | LocalResult::Ambiguous(o, _) => {
                            i64::from(o.fix().local_minus_utc()) / 60
                        }
                        LocalResult::None => offset(tz, change.0 / MINUTE - 1),
                    };
                    assert_eq!(got.0, local - minutes * MINUTE, "{name} {naive}");
                }
            }
        }
    }
}
