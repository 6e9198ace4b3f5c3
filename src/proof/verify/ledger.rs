//! Keeps one small record of each entry, and finds it by the name of its row.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use rust_decimal::Decimal;

use crate::entry::{Disposition, Identity, Kind, Part, Reason, Side, Status};
use crate::money::{Amount, Currency};
use crate::time::{Date, Instant};

use super::links::Keys;

/// An entry by its place in the document.
pub(super) type Index = u32;

/// The id of a match, `m<16 hex>-<n>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MatchName {
    hash: u64,
    number: u32,
}

impl MatchName {
    /// The name of the match whose first row has this identity.
    pub(super) fn after(identity: Identity) -> Self {
        let hash = u64::try_from(identity.hash >> 64).unwrap_or(u64::MAX);
        Self { hash, number: identity.ordinal }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (hash, number) = text.strip_prefix('m')?.split_once('-')?;
        let name = Self { hash: u64::from_str_radix(hash, 16).ok()?, number: number.parse().ok()? };
        (name.to_string() == text).then_some(name)
    }
}

impl fmt::Display for MatchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m{:016x}-{}", self.hash, self.number)
    }
}

/// What the later sections need of an entry.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) identity: Identity,
    pub(super) row: u32,
    pub(super) source: u16,
    pub(super) part: Part,
    pub(super) side: Side,
    pub(super) kind: Kind,
    pub(super) status: Status,
    pub(super) disposition: Disposition,
    pub(super) reason: Reason,
    pub(super) group: Option<MatchName>,
    pub(super) currency: Currency,
    pub(super) net_currency: Currency,
    pub(super) occurred_at: Option<Instant>,
    pub(super) offset_minutes: i16,
    /// Whether the source states a time of day.
    pub(super) has_time: bool,
    pub(super) settled_on: Option<Date>,
    /// By what the entry may be joined with others.
    pub(super) keys: Keys,
    /// Whether a spreadsheet has destroyed an id of it.
    pub(super) damaged: bool,
    /// How many places (a match, an exception, `in_transit`) say that they hold the entry.
    pub(super) held: u8,
}

impl Record {
    /// The date of the event as its source writes it.
    pub(super) fn local_date(&self) -> Option<Date> {
        self.occurred_at.map(|instant| instant.date_at(self.offset_minutes))
    }
}

/// Which of an entry's amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Figure {
    Amount,
    Fee,
    Net,
}

/// Stands for an amount that is kept beside.
const BESIDE: i64 = i64::MIN;

/// All entries.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    files: BTreeMap<String, u16>,
    file_names: Vec<String>,
    records: Vec<Record>,
    figures: Vec<[i64; 3]>,
    /// The rare amount that is no whole 64-bit number of minor units.
    beside: BTreeMap<(Index, Figure), Amount>,
    /// By entry: only few have one.
    originals: Vec<(Index, Amount, Currency)>,
    rates: Vec<(Index, Decimal)>,
    taxes: Vec<(Index, Amount)>,
    /// Row names as numbers, sorted once all entries are there.
    rows: Vec<(u64, Index)>,
}

impl Ledger {
    /// Makes the file of a source known; `false` if there is one of that name already.
    pub(super) fn add_file(&mut self, file: &str) -> bool {
        let number = u16::try_from(self.file_names.len()).unwrap_or(u16::MAX);
        self.file_names.push(file.to_owned());
        self.files.insert(file.to_owned(), number).is_none()
    }

    /// The source, row and part that a row name tells.
    pub(super) fn row_of(&self, name: &str) -> Option<(u16, u32, Part)> {
        let (file, rest) = name.rsplit_once(':')?;
        let (digits, suffix) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
        let row: u32 = digits.parse().ok().filter(|row| *row > 0)?;
        let canonical = row.to_string() == digits;
        let part = Part::from_name(suffix)?;
        let source = self.files.get(file)?;
        canonical.then_some((*source, row, part))
    }

    /// Keeps an entry.
    pub(super) fn push(&mut self, record: Record, [amount, fee, net]: [Amount; 3]) -> Index {
        let index = self.len();
        let key = row_key(record.source, record.row, record.part);
        self.rows.push((key, index));
        let mut keep = |figure, amount: Amount| match amount.as_minor() {
            Some(minor) if minor != BESIDE => minor,
            _ => {
                self.beside.insert((index, figure), amount);
                BESIDE
            }
        };
        self.figures.push([
            keep(Figure::Amount, amount),
            keep(Figure::Fee, fee),
            keep(Figure::Net, net),
        ]);
        self.records.push(record);
        index
    }

    /// Keeps the amount before conversion of the entry that was pushed last.
    pub(super) fn set_original(&mut self, index: Index, amount: Amount, currency: Currency) {
        self.originals.push((index, amount, currency));
    }

    /// Keeps the rate of the entry that was pushed last.
    pub(super) fn set_rate(&mut self, index: Index, rate: Decimal) {
        self.rates.push((index, rate));
    }

    /// Keeps the tax of the entry that was pushed last.
    pub(super) fn set_tax(&mut self, index: Index, tax: Amount) {
        if !tax.is_zero() {
            self.taxes.push((index, tax));
        }
    }

    /// The tax of an entry.
    pub(super) fn tax(&self, index: Index) -> Amount {
        let at = self.taxes.partition_point(|(known, _)| *known < index);
        let found = self.taxes.get(at).filter(|(known, _)| *known == index);
        found.map_or(Amount::ZERO, |(_, tax)| *tax)
    }

    /// Makes entries findable by row name; gives those whose name is taken already.
    pub(super) fn index_rows(&mut self) -> Vec<Index> {
        self.rows.sort_unstable();
        let pairs = self.rows.iter().zip(self.rows.iter().skip(1));
        pairs.filter(|(a, b)| a.0 == b.0).map(|(_, b)| b.1).collect()
    }

    /// How many physical rows of each source have entries, once rows are indexed.
    pub(super) fn physical_rows(&self, sources: usize) -> Vec<u64> {
        let mut counts = vec![0_u64; sources];
        let mut last = None;
        for (key, _) in &self.rows {
            let row = key >> 8;
            if last != Some(row)
                && let Ok(source) = usize::try_from(key >> 48)
                && let Some(count) = counts.get_mut(source)
            {
                *count = count.saturating_add(1);
            }
            last = Some(row);
        }
        counts
    }

    /// The entry of a row name.
    pub(super) fn find(&self, name: &str) -> Option<Index> {
        let (source, row, part) = self.row_of(name)?;
        let key = row_key(source, row, part);
        let at = self.rows.partition_point(|(known, _)| *known < key);
        self.rows.get(at).filter(|(known, _)| *known == key).map(|(_, index)| *index)
    }

    pub(super) fn len(&self) -> Index {
        u32::try_from(self.records.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn get(&self, index: Index) -> Option<&Record> {
        self.records.get(index as usize)
    }

    pub(super) fn last(&self) -> Option<&Record> {
        self.records.last()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Index, &Record)> {
        (0_u32..).zip(&self.records)
    }

    /// Notes that a place holds the entry; gives the number of places that said so before.
    pub(super) fn hold(&mut self, index: Index) -> u8 {
        let Some(record) = self.records.get_mut(index as usize) else { return 0 };
        let before = record.held;
        record.held = before.saturating_add(1);
        before
    }

    /// One of the entry's amounts.
    pub(super) fn figure(&self, index: Index, figure: Figure) -> Amount {
        let kept = self.figures.get(index as usize).and_then(|all| all.get(figure as usize));
        match kept {
            Some(&BESIDE) => self.beside.get(&(index, figure)).copied().unwrap_or_default(),
            Some(&minor) => Amount::from_minor(minor),
            None => Amount::ZERO,
        }
    }

    /// The gross in the currency of the order.
    pub(super) fn claim(&self, index: Index) -> Option<(Amount, Currency)> {
        let at = self.originals.partition_point(|(known, ..)| *known < index);
        match self.originals.get(at) {
            Some((known, amount, currency)) if *known == index => Some((*amount, *currency)),
            _ => Some((self.figure(index, Figure::Amount), self.get(index)?.currency)),
        }
    }

    /// The rate that the source states.
    pub(super) fn rate(&self, index: Index) -> Option<Decimal> {
        let at = self.rates.partition_point(|(known, _)| *known < index);
        self.rates.get(at).filter(|(known, _)| *known == index).map(|(_, rate)| *rate)
    }

    /// The name of an entry's row.
    pub(super) fn name(&self, index: Index) -> String {
        let Some(record) = self.get(index) else { return String::new() };
        let file = self.file_names.get(usize::from(record.source)).map_or("", String::as_str);
        format!("{file}:{}{}", record.row, record.part.name())
    }

    /// Writes a line with the identities of rows in place of their names.
    pub(super) fn without_names(&self, line: &str, rows: &[Named], out: &mut Vec<u8>) {
        out.clear();
        let mut from = 0;
        for row in rows {
            let Some(record) = row.index.and_then(|index| self.get(index)) else { continue };
            let before = line.as_bytes().get(from..row.range.start).unwrap_or_default();
            out.extend_from_slice(before);
            out.extend_from_slice(record.identity.to_string().as_bytes());
            from = row.range.end;
        }
        out.extend_from_slice(line.as_bytes().get(from..).unwrap_or_default());
    }
}

/// A row name in a line: where it stands, and the entry that it names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) range: Range<usize>,
    pub(super) index: Option<Index>,
}

fn row_key(source: u16, row: u32, part: Part) -> u64 {
    (u64::from(source) << 48) | (u64::from(row) << 8) | u64::from(part as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_name_is_read_in_one_way_only() {
        let mut ledger = Ledger::default();
        assert!(ledger.add_file("a:b.csv") && ledger.add_file("c.csv"));
        assert!(!ledger.add_file("c.csv"));
        assert_eq!(ledger.row_of("a:b.csv:12/refund"), Some((0, 12, Part::Refund)));
        for name in
            ["c.csv:0", "c.csv:012", "c.csv:+1", "c.csv:1/", "c.csv:1/x", "d.csv:1", "c.csv", ":1"]
        {
            assert_eq!(ledger.row_of(name), None, "{name}");
        }
    }

    #[test]
    fn a_match_name_is_read_in_one_way_only() {
        for name in ["m00000000000000ab-0", "mffffffffffffffff-12"] {
            assert_eq!(MatchName::parse(name).map(|m| m.to_string()), Some(name.to_owned()));
        }
        for name in ["mab-0", "m00000000000000AB-0", "m00000000000000ab-00", "x00000000000000ab-0"]
        {
            assert_eq!(MatchName::parse(name), None, "{name}");
        }
    }
}
