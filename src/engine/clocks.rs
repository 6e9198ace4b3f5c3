//! Decides on which clock a source was written, and when its accounting day ends (日切), where nobody
//! says so: by the events that a key has matched with those of a file whose clock is known.
//!
//! What all of 50 events or more agree on is taken, and the matching is done again with it; less is a
//! question, whose answer stands in the file's mapping or in the `[[clock]]` of the rules. Both are
//! listed with the file's assumptions, with the number of events and the runner-up.

use crate::calendar::AccountingClock;
use crate::codes::Code;
use crate::entry::{Entries, Side};
use crate::exceptions::DayEnd;
use crate::ids::{EntryId, SourceId};
use crate::ingest::report::{Assumption, SourceReport};
use crate::matching::{Matches, Rule};
use crate::time::{Agreement, DayShift, DayVotes, OffsetVotes, Zone};

/// What the assumption is called that a reader lists for times without a zone.
const TIME_ZONE: &str = "time zone";

/// What it is called that days end at another time.
const CUTOFF: &str = "accounting cut-off";

/// Why, of what the user says.
const STATED: &str = "stated for this file in the rules";

/// What the user's rules say about the clock of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockRule {
    /// The file's name.
    pub file: String,
    /// The zone of its times.
    pub zone: Option<Zone>,
    /// The minute of the day at which its next accounting day begins.
    pub cutoff: Option<u16>,
}

/// What was found out about one source.
#[derive(Clone, Debug)]
struct Found {
    source: usize,
    /// The file by whose events it was found.
    by: String,
    /// Minutes by which the clock that was taken so far is ahead of what the answer counts from.
    ahead: i64,
    answer: Answer,
}

#[derive(Clone, Debug)]
enum Answer {
    /// The zone of its times.
    Zone(Agreement<Zone>),
    /// When its days begin, of a file without times; on its own clock if that is stated.
    Day(Agreement<DayShift>),
}

/// What matched events say about one source.
#[derive(Debug, Default)]
struct Votes {
    times: OffsetVotes,
    days: Option<DayVotes>,
    by: Option<usize>,
}

/// When the accounting days of the sources change; `None`: not known.
pub(crate) type DayEnds = Vec<Option<DayEnd>>;

/// Whether nobody states the zone of a source's times.
pub(crate) fn is_open(source: &SourceReport) -> bool {
    source.assumptions.iter().any(|one| one.what == TIME_ZONE && one.question.is_some())
}

/// Applies what the user's rules say; gives when accounting days change.
pub(crate) fn apply_rules(
    rules: &[ClockRule],
    sources: &mut [&mut SourceReport],
    entries: &mut Entries,
) -> DayEnds {
    let mut ends = vec![None; sources.len()];
    for rule in rules {
        let found = sources.iter_mut().enumerate().find(|(_, source)| source.file == rule.file);
        let Some((index, source)) = found else {
            let why = "no file of this run has that name";
            let unused =
                Assumption::new("clock of the rules", rule.file.clone(), why).asks("", &[]);
            if let Some(source) = sources.first_mut() {
                source.assumptions.push(unused);
            }
            continue;
        };
        let cutoff = rule.cutoff.unwrap_or(0);
        let end = match rule.zone {
            Some(zone) if is_open(source) => {
                entries.move_clock(SourceId::at(index), zone);
                settle(source, zone, STATED.to_owned());
                DayEnd::Ahead(shift_of(cutoff))
            }
            // The file says on which clock its times are; its books have one of their own.
            Some(zone) => DayEnd::By(AccountingClock { zone, cutoff }),
            None => DayEnd::Ahead(shift_of(cutoff)),
        };
        let from = format!("{:02}:{:02}", cutoff / 60, cutoff % 60);
        let value = match end {
            // Its zone alone says nothing about its days.
            DayEnd::Ahead(_) if rule.cutoff.is_none() => continue,
            DayEnd::By(clock) => format!("{}, from {from}", clock.zone),
            DayEnd::Ahead(_) => from,
        };
        source.assumptions.push(Assumption::new(CUTOFF, value, STATED));
        if let Some(place) = ends.get_mut(index) {
            *place = Some(end);
        }
    }
    ends
}

/// Answers the question about a source's zone.
fn settle(source: &mut SourceReport, zone: Zone, why: String) {
    for assumption in source.assumptions.iter_mut().filter(|one| one.what == TIME_ZONE) {
        assumption.value = zone.to_string();
        assumption.why.clone_from(&why);
        assumption.question = None;
    }
}

/// Minutes by which a day that ends at a cut-off is ahead of the one on the wall: behind noon it ends
/// early, before noon late.
fn shift_of(cutoff: u16) -> i16 {
    let cutoff = i16::try_from(cutoff).unwrap_or(0);
    if cutoff > 720 { 1440_i16.saturating_sub(cutoff) } else { cutoff.saturating_neg() }
}

/// The cut-off of a shift; `None` beyond half a day.
fn cutoff_of(shift: i64) -> Option<i64> {
    (-720..720).contains(&shift).then(|| if shift > 0 { 1440 - shift } else { -shift })
}

/// Looks at the matches that a key has made. Takes what is certain, and lists it and what is only
/// likely; gives whether an entry has moved, so that the matching is to be done again.
pub(crate) fn infer(
    sources: &mut [&mut SourceReport],
    entries: &mut Entries,
    matches: &Matches,
    ends: &mut DayEnds,
) -> bool {
    let mut moved = false;
    for found in find(sources, entries, matches, ends) {
        let Some(source) = sources.get_mut(found.source) else { continue };
        let id = SourceId::at(found.source);
        let end = ends.get_mut(found.source);
        match &found.answer {
            Answer::Zone(agreement) => {
                moved |= take_zone(source, entries, (id, agreement), &found.by)
            }
            Answer::Day(agreement) if is_open(source) && agreement.best.zone().is_some() => {
                let Some(zone) = agreement.best.zone() else { continue };
                let runner_up = agreement.runner_up.clone();
                let runner_up = runner_up.and_then(|(other, votes)| Some((other.zone()?, votes)));
                let (best, agree, of) = (zone, agreement.agree, agreement.of);
                let agreement = Agreement { best, agree, of, runner_up };
                let certain = take_zone(source, entries, (id, &agreement), &found.by);
                if let (true, Some(end)) = (certain, end) {
                    *end = Some(DayEnd::Ahead(0));
                }
                moved |= certain;
            }
            Answer::Day(agreement) => {
                let ahead = agreement.best.minutes.saturating_sub(found.ahead);
                if cutoff_of(ahead).is_none() {
                    continue;
                }
                list_cutoff(source, agreement, &found);
                if let (true, Some(end)) = (agreement.is_certain(), end) {
                    *end = i16::try_from(ahead).ok().map(DayEnd::Ahead);
                }
            }
        }
    }
    moved
}

/// Takes a zone that is certain, and asks about another one; gives whether it was taken.
fn take_zone(
    source: &mut SourceReport,
    entries: &mut Entries,
    (id, agreement): (SourceId, &Agreement<Zone>),
    by: &str,
) -> bool {
    let zone = agreement.best;
    let said = evidence(agreement, by, &|zone: &Zone| zone.to_string());
    let current = source.assumptions.iter().find(|one| one.what == TIME_ZONE);
    let current = current.map(|one| one.value.clone()).unwrap_or_default();
    if agreement.is_certain() {
        let is_new = current != zone.to_string();
        if is_new {
            entries.move_clock(id, zone);
        }
        settle(source, zone, format!("{said}; taken without asking, since all agree"));
        return is_new;
    }
    let why = format!(
        "{said}; confirm it as the zone in the file's mapping, or in a [[clock]] of the rules"
    );
    let asked = Assumption::new("time zone by its events", zone.to_string(), why);
    let asked = asked.asks("zone", &[&zone.to_string(), &current]);
    let is_other = current != zone.to_string();
    source.assumptions.push(if is_other { asked.states(Code::TimezoneSuspect) } else { asked });
    false
}

/// Lists when the days of a file end; taken if all agree, else a question.
fn list_cutoff(source: &mut SourceReport, agreement: &Agreement<DayShift>, found: &Found) {
    let time = |cutoff: i64| format!("{:02}:{:02}", cutoff / 60, cutoff % 60);
    let shown = |shift: &DayShift| {
        cutoff_of(shift.minutes.saturating_sub(found.ahead)).map(time).unwrap_or_default()
    };
    let said = evidence(agreement, &found.by, &shown);
    let (what, value) = (CUTOFF, shown(&agreement.best));
    source.assumptions.push(if agreement.is_certain() {
        Assumption::new(what, value, format!("{said}; taken without asking, since all agree"))
    } else {
        let why = format!("{said}; confirm it as the cutoff in a [[clock]] of the rules");
        Assumption::new(what, value, why).asks("", &[])
    });
}

/// How many events speak for it, and for the next best.
fn evidence<T>(agreement: &Agreement<T>, by: &str, show: &dyn Fn(&T) -> String) -> String {
    let (agree, of) = (agreement.agree, agreement.of);
    match agreement.runner_up.as_ref().map(|(other, votes)| (show(other), votes)) {
        Some((other, votes)) if !other.is_empty() => format!(
            "{agree} of {of} events that {by} has too agree on it, and {votes} on the next best, {other}"
        ),
        _ => format!("{agree} of {of} events that {by} has too agree on it, and none on another"),
    }
}

/// The answers that enough events give.
fn find(
    sources: &[&mut SourceReport],
    entries: &Entries,
    matches: &Matches,
    ends: &DayEnds,
) -> Vec<Found> {
    let open: Vec<bool> = sources.iter().map(|source| is_open(source)).collect();
    let asked: Vec<bool> = (0..sources.len())
        .map(|index| {
            let known = ends.get(index).copied().flatten().is_some();
            let of_days = || !known && is_of_days(entries, index);
            let side = sources.get(index).map(|source| source.side);
            !matches!(side, Some(Side::Bank | Side::Webhook))
                && (open.get(index).copied().unwrap_or(false) || of_days())
        })
        .collect();
    // Who asks, and somebody else who may know.
    if !asked.contains(&true) || !open.contains(&false) {
        return Vec::new();
    }
    let mut votes: Vec<Votes> = sources.iter().map(|_| Votes::default()).collect();
    count(&mut votes, entries, matches, (&asked, &open));
    if votes.iter().any(|votes| votes.times.leaves_doubt()) {
        for votes in &mut votes {
            *votes = Votes { times: OffsetVotes::with_changing_clocks(), ..Votes::default() };
        }
        count(&mut votes, entries, matches, (&asked, &open));
    }
    let answered = votes.iter().enumerate().filter_map(|(source, votes)| {
        let by = votes.by.and_then(|by| sources.get(by)).map(|by| by.file.clone())?;
        let open = open.get(source).copied().unwrap_or(false);
        let mut rows = entries.ids_of(SourceId::at(source));
        let dated = rows.find(|id| entries.occurred_at(*id).is_some()).filter(|_| open);
        let ahead = dated.map_or(0, |id| i64::from(entries.offset_minutes(id)));
        Some(Found { source, by, ahead, answer: votes.answer(open)? })
    });
    answered.collect()
}

/// Counts the pairs that a key has made of a row of a source that asks and one of a source that knows.
fn count(
    votes: &mut [Votes],
    entries: &Entries,
    matches: &Matches,
    (asked, open): (&[bool], &[bool]),
) {
    let is = |list: &[bool], at: usize| list.get(at).copied().unwrap_or(false);
    for id in matches.ids().filter(|id| is_keyed(matches.rule(*id))) {
        let mut members = matches.members(entries, id);
        let pair = (members.next(), members.next(), members.next());
        let (Some(one), Some(other), None) = pair else { continue };
        for (asks, knows) in [(one, other), (other, one)] {
            let [index, by] = [asks, knows].map(|id| usize::from(entries.source(id).0));
            if is(asked, index)
                && !is(open, by)
                && let Some(votes) = votes.get_mut(index)
            {
                votes.by.get_or_insert(by);
                votes.add(entries, is(open, index), asks, knows);
            }
        }
    }
}

impl Votes {
    /// Counts an event whose instant the other file knows.
    fn add(&mut self, entries: &Entries, open: bool, asks: EntryId, knows: EntryId) {
        let sale = |id: EntryId| entries.kind(id).is_payment() && entries.side(id) != Side::Bank;
        if !entries.has_time(knows) || !sale(asks) || !sale(knows) {
            return;
        }
        let Some((at, own)) = entries.occurred_at(knows).zip(entries.occurred_at(asks)) else {
            return;
        };
        let ahead = i64::from(entries.offset_minutes(asks)).saturating_mul(60_000_000);
        if entries.has_time(asks) {
            self.times.add(at, own.0.saturating_add(ahead));
        } else if let Some(day) = entries.local_date(asks) {
            // Days on a clock that is stated are held against what it showed.
            let shown = if open { at } else { crate::time::Instant(at.0.saturating_add(ahead)) };
            self.days.get_or_insert_default().add(shown, day);
        }
    }

    fn answer(&self, open: bool) -> Option<Answer> {
        if let Some(found) = self.times.answer().filter(|_| open) {
            return Some(Answer::Zone(found));
        }
        // Midnight of a stated clock is no news.
        let found = self.days.as_ref()?.answer()?;
        (open || found.best.minutes != 0).then_some(Answer::Day(found))
    }
}

/// Whether the rows of a source have days and no times, by the first that has either.
fn is_of_days(entries: &Entries, source: usize) -> bool {
    let mut rows = entries.ids_of(SourceId::at(source));
    let dated = rows.find(|id| entries.occurred_at(*id).is_some());
    dated.is_some_and(|id| !entries.has_time(id))
}

/// Whether a rule pairs by a key, so that both rows are certainly the same event.
fn is_keyed(rule: Rule) -> bool {
    use Rule::{NormalisedReference, OrderNumber, Reference, TransactionId};
    matches!(rule, TransactionId | Reference | OrderNumber | NormalisedReference)
}
