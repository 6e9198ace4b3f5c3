//! Which clock a file was written on, and when its day ends, by events that another file has too.
//!
//! Two files that state the same events agree best on one offset from UTC. Files with a time of day
//! show it by the difference of their times ([`OffsetVotes`]); files with days only, by the minute at
//! which their day changes ([`DayVotes`]). Nothing is claimed by fewer than [`PAIRS_NEEDED`] events, or
//! where fewer than nine in ten agree, or where another answer fits as well.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::instant::{DAY, MINUTE};
use super::{Date, Instant, Zone};

/// Fewer events than this prove nothing.
pub const PAIRS_NEEDED: u32 = 20;

/// From this many events on, an answer that all of them give is taken without asking.
pub const PAIRS_CERTAIN: u32 = 50;

/// Two times of one event are at most so far apart: a provider notes it some minutes later. Less than
/// half of the quarter of an hour by which clocks differ.
const SAME_EVENT: i64 = 7 * MINUTE;

/// Minutes by which clocks differ.
const QUARTER: i64 = 15;

/// The offsets that clocks have, in minutes.
const OFFSETS: RangeInclusive<i64> = -12 * 60..=14 * 60;

/// The offsets of clocks that are set to a quarter of an hour.
const QUARTERS: [i64; 5] = [-225, 345, 525, 765, 825];

/// Clocks that are changed twice a year, one of each kind that sellers use.
const CHANGING: [&str; 14] = [
    "America/Anchorage",
    "America/Chicago",
    "America/Denver",
    "America/Halifax",
    "America/Los_Angeles",
    "America/New_York",
    "America/Santiago",
    "Asia/Jerusalem",
    "Australia/Adelaide",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Helsinki",
    "Europe/London",
    "Pacific/Auckland",
];

/// An answer, and how many events speak for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement<T> {
    /// What fits best.
    pub best: T,
    /// How many events it fits.
    pub agree: u32,
    /// How many there are.
    pub of: u32,
    /// What fits second best, and how many.
    pub runner_up: Option<(T, u32)>,
}

impl<T> Agreement<T> {
    /// Whether nobody needs to be asked.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.agree == self.of && self.of >= PAIRS_CERTAIN
    }

    /// The answer, where enough events give it.
    fn claimed(self) -> Option<Self> {
        let unique = self.runner_up.as_ref().is_none_or(|(_, other)| *other < self.agree);
        let most = self.agree.saturating_mul(10) >= self.of.saturating_mul(9);
        (self.of >= PAIRS_NEEDED && most && unique).then_some(self)
    }
}

/// Whether a clock can be so many minutes ahead of UTC.
fn is_offset(minutes: i64) -> bool {
    OFFSETS.contains(&minutes) && (minutes % 30 == 0 || QUARTERS.contains(&minutes))
}

fn fixed(minutes: i64) -> Option<Zone> {
    i16::try_from(minutes).ok().and_then(Zone::fixed)
}

/// Votes of events with a time of day in both files.
#[derive(Clone, Debug, Default)]
pub struct OffsetVotes {
    of: u32,
    /// By minutes ahead of UTC.
    by_offset: BTreeMap<i64, u32>,
    by_zone: [u32; CHANGING.len()],
    /// The clocks that change, where they are looked at.
    zones: Vec<(usize, Zone)>,
}

impl OffsetVotes {
    /// Votes that clocks which are changed twice a year have too: twenty times the work.
    #[must_use]
    pub fn with_changing_clocks() -> Self {
        let named = CHANGING.iter().enumerate();
        let zones = named.filter_map(|(n, name)| Some((n, Zone::parse(name)?))).collect();
        Self { zones, ..Self::default() }
    }

    /// Whether a clock that is changed may fit more than a fixed one does.
    #[must_use]
    pub fn leaves_doubt(&self) -> bool {
        let most = self.by_offset.values().copied().max().unwrap_or(0);
        self.of >= PAIRS_NEEDED && most < self.of
    }

    /// Counts an event: when it happened, and what the file's clock showed, in microseconds since 1970
    /// on the wall.
    pub fn add(&mut self, at: Instant, shown: i64) {
        self.of = self.of.saturating_add(1);
        let ahead = shown.saturating_sub(at.0);
        let quarter = QUARTER.saturating_mul(MINUTE);
        let minutes = ahead.saturating_add(quarter / 2).div_euclid(quarter).saturating_mul(QUARTER);
        let near = |minutes: i64| {
            ahead.abs_diff(minutes.saturating_mul(MINUTE)) <= SAME_EVENT.unsigned_abs()
        };
        if is_offset(minutes) && near(minutes) {
            let votes = self.by_offset.entry(minutes).or_default();
            *votes = votes.saturating_add(1);
        }
        for (number, zone) in &self.zones {
            if near(i64::from(zone.offset_at(at)))
                && let Some(votes) = self.by_zone.get_mut(*number)
            {
                *votes = votes.saturating_add(1);
            }
        }
    }

    /// The clock that fits, if one does: a fixed offset, or a clock that is changed twice a year where
    /// that fits more.
    #[must_use]
    pub fn answer(&self) -> Option<Agreement<Zone>> {
        let offsets = self.by_offset.iter();
        let offsets = offsets.filter_map(|(minutes, votes)| Some((fixed(*minutes)?, *votes)));
        let zones = self.zones.iter();
        let zones = zones.filter_map(|(n, zone)| Some((*zone, *self.by_zone.get(*n)?)));
        let steady = self.best(&mut offsets.collect::<Vec<_>>().into_iter());
        let changing = self.best(&mut zones.collect::<Vec<_>>().into_iter());
        // Within one half of the year both fit: then nothing speaks for a change.
        let votes = |found: &Option<Agreement<Zone>>| found.as_ref().map_or(0, |one| one.agree);
        if votes(&changing) > votes(&steady) { changing } else { steady }
    }

    fn best(&self, votes: &mut dyn Iterator<Item = (Zone, u32)>) -> Option<Agreement<Zone>> {
        let mut best: Option<(Zone, u32)> = None;
        let mut runner_up: Option<(Zone, u32)> = None;
        for (zone, votes) in votes {
            if best.is_none_or(|(_, most)| votes > most) {
                runner_up = best;
                best = Some((zone, votes));
            } else if runner_up.is_none_or(|(_, most)| votes > most) {
                runner_up = Some((zone, votes));
            }
        }
        let (best, agree) = best?;
        let runner_up = runner_up.filter(|(_, votes)| *votes > 0);
        Agreement { best, agree, of: self.of, runner_up }.claimed()
    }
}

/// How far ahead of UTC a file's accounting day is: a zone's offset, or that less its cut-off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayShift {
    /// Minutes ahead of UTC: at UTC midnight less these, the file's day begins.
    pub minutes: i64,
    /// The first and the last minute that fit as many events.
    pub range: (i64, i64),
}

impl DayShift {
    /// The offset as a zone whose days end at midnight, if clocks are set to it.
    #[must_use]
    pub fn zone(&self) -> Option<Zone> {
        fixed(self.minutes).filter(|_| is_offset(self.minutes))
    }
}

/// Votes of events with a time of day in one file, and only a day in the other.
#[derive(Clone, Debug)]
pub struct DayVotes {
    of: u32,
    /// By minute from the first possible shift on: how many events begin to agree there, less how many
    /// end to.
    edges: Vec<i32>,
}

/// Shifts that an accounting day can have: zones, and cut-offs of half a day before and after.
const SHIFTS: RangeInclusive<i64> = -24 * 60..=26 * 60;

impl Default for DayVotes {
    fn default() -> Self {
        let length = usize::try_from(SHIFTS.end() - SHIFTS.start() + 2).unwrap_or(0);
        Self { of: 0, edges: vec![0; length] }
    }
}

impl DayVotes {
    /// Counts an event: when it happened, and the day on which the file has it.
    pub fn add(&mut self, at: Instant, day: Date) {
        self.of = self.of.saturating_add(1);
        // The day holds from the minute at which its midnight is at or before the event.
        let begins = Instant::from_utc_date(day).0.saturating_sub(at.0);
        let first = begins.saturating_add(MINUTE - 1).div_euclid(MINUTE);
        let behind = first.saturating_add(DAY / MINUTE);
        let place = |minute: i64| {
            let end = SHIFTS.end().saturating_add(1);
            usize::try_from(minute.clamp(*SHIFTS.start(), end).saturating_sub(*SHIFTS.start())).ok()
        };
        for (minute, change) in [(first, 1), (behind, -1)] {
            if let Some(edge) = place(minute).and_then(|at| self.edges.get_mut(at)) {
                *edge = edge.saturating_add(change);
            }
        }
    }

    /// The shift that fits, if one does, and only one that people would choose: the only half hour
    /// among the minutes that fit best, else the only quarter, else the only five minutes.
    #[must_use]
    pub fn answer(&self) -> Option<Agreement<DayShift>> {
        let votes = self.votes();
        let most = *votes.iter().max()?;
        let fits: Vec<usize> =
            (0..votes.len()).filter(|at| votes.get(*at) == Some(&most)).collect();
        let (first, last) = (*fits.first()?, *fits.last()?);
        let minute = |at: usize| i64::try_from(at).unwrap_or(0).saturating_add(*SHIFTS.start());
        // Minutes apart from each other that fit as well contradict each other.
        if last.saturating_sub(first) >= fits.len() {
            return None;
        }
        let range = (minute(first), minute(last));
        let only = |step: i64| {
            let mut within = (range.0..=range.1).filter(|minute| minute % step == 0);
            within.next().map(|found| (found, within.next().is_some()))
        };
        let (minutes, several) = [30, 15, 5, 1].into_iter().find_map(only)?;
        if several {
            return None;
        }
        let shift = |minutes, range| DayShift { minutes, range };
        let others = (0..votes.len()).filter(|at| !(first..=last).contains(at));
        let halves = others.filter(|at| minute(*at) % 30 == 0);
        // The first of the best: `max_by_key` would give the last.
        let mut runner_up: Option<(DayShift, u32)> = None;
        for at in halves {
            let votes = votes.get(at).copied().unwrap_or(0);
            if votes > runner_up.as_ref().map_or(0, |(_, most)| *most) {
                runner_up = Some((shift(minute(at), (minute(at), minute(at))), votes));
            }
        }
        let best = shift(minutes, range);
        Agreement { best, agree: most, of: self.of, runner_up }.claimed()
    }

    /// How many events fit each minute.
    fn votes(&self) -> Vec<u32> {
        let mut now = 0_i32;
        let edges = self.edges.iter().take(self.edges.len().saturating_sub(1));
        edges
            .map(|change| {
                now = now.saturating_add(*change);
                u32::try_from(now).unwrap_or(0)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events of a fortnight, a prime number of seconds apart, so that they fall on all times of day.
    fn events(count: i64) -> Vec<Instant> {
        let start = Instant::from_utc_date(Date::from_iso("2026-02-02").unwrap()).0;
        let step = 14 * DAY / count / 1_000_000 / 2 * 2 + 1;
        (0..count).map(|n| Instant(start + n * step * 1_000_000)).collect()
    }

    /// Every whole and half hour that a clock can be ahead of UTC, and the quarters.
    fn offsets() -> Vec<i64> {
        let halves = OFFSETS.step_by(30);
        halves.chain(QUARTERS).collect()
    }

    fn shown(zone: Zone, at: Instant) -> i64 {
        at.0 + i64::from(zone.offset_at(at)) * MINUTE
    }

    #[test]
    fn the_offset_is_found_in_every_zone() {
        for minutes in offsets() {
            let zone = fixed(minutes).unwrap();
            for count in [20, 50, 1_000] {
                let mut votes = OffsetVotes::default();
                for (n, at) in (0_i64..).zip(events(count)) {
                    // Noted up to five minutes later.
                    votes.add(at, shown(zone, at) + n % 6 * MINUTE);
                }
                let found = votes.answer().unwrap();
                assert!(!votes.leaves_doubt());
                assert_eq!((found.best, found.agree), (zone, found.of), "{minutes} {count}");
                assert_eq!(found.is_certain(), count >= 50);
                assert_eq!(found.runner_up, None);
            }
        }
    }

    #[test]
    fn the_offset_needs_twenty_events_and_nine_tenths_of_them() {
        let zone = fixed(480).unwrap();
        let answer = |count: i64, wrong: i64| {
            let mut votes = OffsetVotes::default();
            for (n, at) in (0_i64..).zip(events(count)) {
                let late = if n < wrong { 3 * 60 * MINUTE } else { 0 };
                votes.add(at, shown(zone, at) + late);
            }
            votes.answer().map(|found| (found.best, found.agree, found.runner_up))
        };
        assert_eq!(answer(19, 0), None);
        assert_eq!(answer(20, 0), Some((zone, 20, None)));
        assert_eq!(answer(20, 2), Some((zone, 18, Some((fixed(660).unwrap(), 2)))));
        assert_eq!(answer(20, 3), None, "more than one in ten contradicts");
        assert_eq!(answer(1_000, 500), None);
        // Events that are noted hours later, each another one, say nothing.
        let mut votes = OffsetVotes::default();
        for (n, at) in (0_i64..).zip(events(1_000)) {
            votes.add(at, at.0 + n * 37 * MINUTE);
        }
        assert_eq!(votes.answer(), None);
    }

    #[test]
    fn a_clock_that_is_changed_is_found_over_its_change() {
        let start = Instant::from_utc_date(Date::from_iso("2026-03-01").unwrap()).0;
        for name in CHANGING {
            let zone = Zone::parse(name).unwrap();
            let mut votes = OffsetVotes::with_changing_clocks();
            for n in 0..245 * 24 {
                let at = Instant(start + n * 3_601 * 1_000_000);
                votes.add(at, shown(zone, at));
            }
            let found = votes.answer().unwrap();
            assert_eq!((found.best, found.agree), (zone, found.of), "{name}");
        }
    }

    fn by_day(minutes: i64, at: Instant) -> Date {
        Instant(at.0 + minutes * MINUTE).utc_date()
    }

    #[test]
    fn the_day_of_every_zone_is_found_by_days_alone() {
        for minutes in offsets() {
            let mut votes = DayVotes::default();
            for at in events(1_009) {
                votes.add(at, by_day(minutes, at));
            }
            let found = votes.answer().unwrap();
            assert_eq!((found.best.minutes, found.agree), (minutes, found.of));
            assert_eq!(found.best.zone(), fixed(minutes));
            assert!(found.is_certain());
            let (first, last) = found.best.range;
            assert!(last - first < 30 && (first..=last).contains(&minutes), "{minutes}: {first}");
            let (_, other) = found.runner_up.unwrap();
            assert!(other < found.agree);
        }
    }

    #[test]
    fn a_cut_off_is_found_to_the_minute_that_people_choose() {
        // In Shanghai, days that end at 23:00, 22:45, 01:00 and 23:10.
        for shift in [480 + 60, 480 + 75, 480 - 60, 480 + 50] {
            let mut votes = DayVotes::default();
            for at in events(20_011) {
                votes.add(at, by_day(shift, at));
            }
            let found = votes.answer().unwrap();
            assert_eq!((found.best.minutes, found.agree), (shift, found.of));
        }
    }

    #[test]
    fn days_claim_nothing_where_they_say_too_little_or_contradict_each_other() {
        let answer = |of: &[(Instant, Date)]| {
            let mut votes = DayVotes::default();
            of.iter().for_each(|(at, day)| votes.add(*at, *day));
            votes.answer().map(|found| found.best.minutes)
        };
        let all: Vec<_> = events(1_009).into_iter().map(|at| (at, by_day(480, at))).collect();
        assert_eq!(answer(&all), Some(480));
        assert_eq!(answer(&all[..19]), None, "too few");
        // All at noon: every clock from 12 hours behind to 12 hours ahead fits.
        let noon: Vec<_> = (0..200_i64)
            .map(|n| Instant(n * DAY + 12 * 60 * MINUTE))
            .map(|at| (at, by_day(480, at)))
            .collect();
        assert_eq!(answer(&noon), None, "too wide");
        // One in five is of the day before.
        let mixed: Vec<_> = (0_i32..)
            .zip(&all)
            .map(|(n, (at, day))| (*at, Date(day.0 - i32::from(n % 5 == 0))))
            .collect();
        assert_eq!(answer(&mixed), None, "a contradiction");
        // One in a hundred is.
        let mixed: Vec<_> = (0_i32..)
            .zip(&all)
            .map(|(n, (at, day))| (*at, Date(day.0 - i32::from(n % 100 == 0))))
            .collect();
        assert_eq!(answer(&mixed), Some(480));
    }
}
