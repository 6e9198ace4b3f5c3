//! Damage: which ids a spreadsheet has destroyed, so that they are no keys any more.
//!
//! Numbers of more than 15 digits lose those behind them, or are written with an exponent; ids that
//! look like dates become dates. What is certain is told by the id itself, the rest by its column.

use super::record::Record;
use crate::entry::{DamagedId, Entries, Part};
use crate::ids::EntryId;

/// What happened to an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// `1.23457E+17`
    Exponent,
    /// Zeros from the 16th digit on, as in all long ids of the column.
    Truncated,
    /// `12-Mar`
    Date,
    /// `#N/A`
    Fault,
    /// A character of it could not be decoded.
    Lost,
}

impl Damage {
    /// What is certain by the id itself.
    #[inline]
    pub(super) fn of(id: &str) -> Option<Damage> {
        match id.as_bytes() {
            [b'#', ..] => is_fault(id).then_some(Damage::Fault),
            [b'0'..=b'9', b'.' | b'E' | b'e', ..] => is_exponent(id).then_some(Damage::Exponent),
            [b'0'..=b'9', b'-', ..] | [b'0'..=b'9', b'0'..=b'9', b'-', ..] => {
                is_day(id).then_some(Damage::Date)
            }
            _ if !id.is_ascii() => id.contains('\u{fffd}').then_some(Damage::Lost),
            _ => None,
        }
    }

    /// Whether a spreadsheet did it.
    pub(super) fn is_by_spreadsheet(self) -> bool {
        self != Self::Lost
    }

    /// What is left of an id so damaged.
    pub(super) fn left(self, id: &str) -> Option<DamagedId> {
        match self {
            Damage::Exponent => DamagedId::of_exponent(id),
            Damage::Truncated => DamagedId::of_cut(id, KEPT),
            Damage::Date | Damage::Fault | Damage::Lost => None,
        }
    }

    /// The sentence for people.
    pub(super) fn why(self) -> &'static str {
        match self {
            Damage::Exponent => {
                "a spreadsheet wrote it as a number with an exponent, and its last digits are lost; \
                 it is no key. Export the file again and do not open it before it is added"
            }
            Damage::Truncated => {
                "a spreadsheet kept 15 digits of it and wrote zeros for the rest; it is no key. \
                 Export the file again and do not open it before it is added"
            }
            Damage::Date => {
                "a spreadsheet took it for a date; it is no key. Export the file again and do not \
                 open it before it is added"
            }
            Damage::Fault => "a spreadsheet wrote an error in its place; it is no key",
            Damage::Lost => "a character of it is lost; it is no key. Export the file again",
        }
    }
}

/// `1.23457E+17`, `1E+17`: digits with a sign in the exponent, which no id of a system has.
fn is_exponent(id: &str) -> bool {
    let Some((mantissa, exponent)) = id.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    whole.len() == 1
        && digits(whole)
        && digits(fraction)
        && exponent.strip_prefix('+').is_some_and(digits)
}

/// `12-Mar`: what a spreadsheet makes of `12-3`.
fn is_day(id: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = id.split_once('-').map(|(_, month)| month);
    month.is_some_and(|month| MONTHS.iter().any(|known| month.eq_ignore_ascii_case(known)))
}

fn is_fault(id: &str) -> bool {
    matches!(id, "#N/A" | "#REF!" | "#VALUE!" | "#NAME?" | "#NUM!" | "#DIV/0!" | "#NULL!")
        || (id.len() > 2 && id.bytes().all(|byte| byte == b'#'))
}

/// Notes the entries of rows with a damaged id, and keeps what is left of them; the first entry is
/// `first`. Both are in reading order.
pub(super) fn keep(
    spoiled: Vec<u32>,
    damaged: Vec<(u32, DamagedId)>,
    first: u32,
    entries: &mut Entries,
) {
    if spoiled.is_empty() {
        return;
    }
    for id in (first..entries.len()).map(EntryId) {
        if spoiled.binary_search(&entries.row(id)).is_ok() {
            entries.note_damaged(id);
        }
    }
    // Both are in reading order.
    let mut damaged = damaged.into_iter().peekable();
    for id in (first..entries.len()).map(EntryId) {
        if entries.part(id) != Part::Row {
            continue;
        }
        let row = entries.row(id);
        while damaged.next_if(|(at, _)| *at < row).is_some() {}
        while let Some((_, left)) = damaged.next_if(|(at, _)| *at == row) {
            entries.keep_damaged(id, left);
        }
    }
}

/// Digits that a spreadsheet keeps.
const KEPT: usize = 15;

/// Whether an id is a number whose digits behind the 15th are zeros.
pub(super) fn is_cut(id: &str) -> bool {
    is_long(id) && id.bytes().skip(KEPT).all(|digit| digit == b'0')
}

fn is_long(id: &str) -> bool {
    id.len() > KEPT && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// What the ids of one column show together.
#[derive(Clone, Debug, Default)]
pub(super) struct IdVotes {
    long: u32,
    cut: u32,
    /// Numbers by their length, up to 15 digits.
    lengths: [u32; KEPT + 1],
    leading_zeros: bool,
    /// How often a shorter number followed a longer one.
    drops: u32,
    last: usize,
}

impl IdVotes {
    /// Takes an id into account.
    pub(super) fn observe(&mut self, id: &str) {
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return;
        }
        if is_long(id) {
            self.long += 1;
            self.cut += u32::from(is_cut(id));
        } else if let Some(count) = self.lengths.get_mut(id.len()) {
            *count += 1;
            self.leading_zeros |= id.starts_with('0');
            self.drops += u32::from(id.len() < self.last);
            self.last = id.len();
        }
    }

    /// Whether long ids lost their last digits: by chance a third of three has zeros there once in
    /// a thousand files.
    pub(super) fn are_cut(&self) -> bool {
        self.cut >= 3 && self.cut * 10 >= self.long * 9
    }

    /// The length that ids had before their leading zeros were lost: nearly all numbers have it, one
    /// in ten is a digit shorter, in no order, and none starts with a zero.
    pub(super) fn lost_zeros(&self) -> Option<usize> {
        let all: u32 = self.lengths.iter().sum();
        let (length, &most) = self.lengths.iter().enumerate().max_by_key(|(_, count)| **count)?;
        let shorter = length.checked_sub(1).and_then(|at| self.lengths.get(at)).copied()?;
        let near = most + shorter + self.lengths.get(length.saturating_sub(2)).copied()?;
        let as_by_chance = shorter * 100 >= all * 4 && shorter * 100 <= all * 20;
        (all >= 20
            && length >= 6
            && near == all
            && as_by_chance
            && !self.leading_zeros
            && self.drops * 2 >= shorter)
            .then_some(length)
    }
}

/// The columns of one record that hold ids, and what they show.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids(Vec<(usize, IdVotes)>);

impl Ids {
    pub(super) fn new(columns: impl Iterator<Item = usize>) -> Self {
        let mut ids = Ids::default();
        for column in columns {
            if !ids.0.iter().any(|(known, _)| *known == column) {
                ids.0.push((column, IdVotes::default()));
            }
        }
        ids
    }

    pub(super) fn observe(&mut self, record: &Record<'_>) {
        for (column, votes) in &mut self.0 {
            votes.observe(super::cells::tidy(record.get(*column).unwrap_or_default()));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Columns and their votes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &IdVotes)> {
        self.0.iter().map(|(column, votes)| (*column, votes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certain_by_the_id_itself() {
        for (id, damage) in [
            ("1.23457E+17", Some(Damage::Exponent)),
            ("7.4E+22", Some(Damage::Exponent)),
            ("1E+15", Some(Damage::Exponent)),
            ("12-Mar", Some(Damage::Date)),
            ("3-dec", Some(Damage::Date)),
            ("#N/A", Some(Damage::Fault)),
            ("########", Some(Damage::Fault)),
            ("A-\u{fffd}1", Some(Damage::Lost)),
            ("订单1", None),
            ("1E15", None),
            ("12E5", None),
            ("1.5", None),
            ("1.E+3", None),
            ("12.3E+4", None),
            ("#1001", None),
            ("#", None),
            ("12-MARK", None),
            ("2026-01-02", None),
            ("4200001234567890123456789000", None),
            ("", None),
        ] {
            assert_eq!(Damage::of(id), damage, "{id}");
        }
    }

    fn votes(ids: impl IntoIterator<Item = u64>) -> IdVotes {
        let mut votes = IdVotes::default();
        ids.into_iter().for_each(|id| votes.observe(&id.to_string()));
        votes
    }

    #[test]
    fn a_column_shows_that_long_ids_were_cut() {
        let base = 4_200_001_234_567_890_000;
        assert!(votes((0..9).map(|n| base + n * 10_000)).are_cut());
        assert!(!votes((0..9).map(|n| base + n)).are_cut(), "most have their last digits");
        assert!(!votes([base, base + 10_000]).are_cut(), "two may be chance");
        assert!(!votes((0..9).map(|n| 100_000_000_000_000 + n * 1000)).are_cut(), "15 digits");
    }

    #[test]
    fn a_column_shows_that_leading_zeros_were_lost() {
        // Random numbers of eight digits without their leading zeros.
        let random = |n: u64| n.wrapping_mul(6_364_136_223_846_793_005) >> 20;
        let scattered: Vec<u64> = (1..200u64).map(|n| random(n) % 100_000_000).collect();
        assert_eq!(votes(scattered.clone()).lost_zeros(), Some(8));
        let counter = 99_999_990..100_000_100u64;
        assert_eq!(votes(counter).lost_zeros(), None, "a counter grows by a digit once");
        assert_eq!(votes(scattered.into_iter().take(10)).lost_zeros(), None, "too few");
        let mut kept = votes((1..200u64).map(|n| 10_000_000 + random(n) % 90_000_000));
        assert_eq!(kept.lost_zeros(), None, "all of one length");
        kept.observe("00123456");
        assert_eq!(kept.lost_zeros(), None);
    }
}
