//! Decides whether the lines of a payout add up to it, and whether the files show all of them.
//!
//! A file of a month has payouts whose first lines are of the month before. That a payout is whole is
//! seen by one of two signs: all lines of its currency are its own, so that the file is the report of
//! this payout; or the lines of the provider begin before it by as long as its longest payout
//! collects, and do not end before it was paid.

use std::collections::BTreeMap;

use crate::entry::Entries;
use crate::ids::SourceId;
use crate::matching::payouts::collect::book_of;
use crate::matching::payouts::{Book, LinesLink, Payout};
use crate::money::Currency;
use crate::time::Instant;

/// The first and the last instant of some lines, and how many they are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    lines: u32,
    ends: Option<(Instant, Instant)>,
    /// The longest time that a payout collects, in microseconds.
    longest: i64,
}

impl Span {
    pub(super) fn add(&mut self, at: Option<Instant>) {
        self.lines = self.lines.saturating_add(1);
        let Some(at) = at else { return };
        let (first, last) = self.ends.unwrap_or((at, at));
        self.ends = Some((first.min(at), last.max(at)));
    }
}

/// When and where the lines of one payout happened.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    oldest: Option<Instant>,
    sources: Vec<SourceId>,
}

impl Seen {
    pub(super) fn add(&mut self, at: Option<Instant>, source: SourceId) {
        self.oldest = match (self.oldest, at) {
            (Some(oldest), Some(at)) => Some(oldest.min(at)),
            (oldest, at) => oldest.or(at),
        };
        if !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }
}

/// How long a payout collected: from its oldest line until it was paid.
fn collected(entries: &Entries, payout: &Payout, seen: &Seen) -> Option<i64> {
    let paid = payout.rows.iter().filter_map(|row| entries.occurred_at(*row)).max()?;
    paid.0.checked_sub(seen.oldest?.0).map(|time| time.max(0))
}

/// Says of each payout whether its lines add up.
pub(super) fn judge(
    entries: &Entries,
    books: &[Book],
    payouts: &mut [Payout],
    seen: &[Seen],
    mut spans: BTreeMap<(u16, Currency), Span>,
) {
    let nothing = Seen::default();
    let seen_of = |place: usize| seen.get(place).unwrap_or(&nothing);
    for (place, payout) in payouts.iter().enumerate() {
        if let Some(span) = spans.get_mut(&(payout.book, payout.currency))
            && let Some(time) = collected(entries, payout, seen_of(place))
        {
            span.longest = span.longest.max(time);
        }
    }
    for (place, payout) in payouts.iter_mut().enumerate() {
        let span = spans.get(&(payout.book, payout.currency)).copied().unwrap_or_default();
        let whole = || {
            let short = book_of(entries, books, payout.any).short;
            !short && is_whole(entries, payout, seen_of(place), span)
        };
        payout.link = match (payout.lines, payout.rows.is_empty()) {
            (_, true) => LinesLink::NoPayoutRow,
            (0, _) => LinesLink::NoLines,
            _ if payout.difference().is_zero() => LinesLink::Agrees,
            _ if whole() => LinesLink::Differs,
            _ => LinesLink::NotShown,
        };
    }
}

/// Whether the files show all lines of a payout.
fn is_whole(entries: &Entries, payout: &Payout, seen: &Seen, span: Span) -> bool {
    if payout.lines == span.lines {
        return true;
    }
    let Some((oldest, (first, last))) = seen.oldest.zip(span.ends) else { return false };
    let begins = oldest.0.checked_sub(first.0).is_some_and(|room| room >= span.longest);
    let ends = payout.rows.iter().all(|row| {
        seen.sources.contains(&entries.source(*row))
            || entries.occurred_at(*row).is_some_and(|paid| paid <= last)
    });
    begins && ends
}
