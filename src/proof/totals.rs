//! Decides whether everything that came in has its place: for every side, kind and currency, the
//! rows and the money counted while reading are the rows and the money of all dispositions.

use std::collections::BTreeMap;

use crate::entry::{Disposition, Entries, Kind, Side, TotalKey, TotalRow, named};
use crate::ids::EntryId;
use crate::money::{Amount, Currency};

named! {
    /// Which figure of the entries a total is of.
    Measure {
        /// Gross.
        Amount = "amount",
        /// Fees.
        Fee = "fee",
        /// Taxes.
        Tax = "tax",
        /// Net.
        Net = "net",
    }
}

/// The number of dispositions.
const ENDS: usize = Disposition::ALL.len();

/// One total: what came in, and where it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// The side.
    pub side: Side,
    /// What the entries do.
    pub kind: Kind,
    /// The currency of the figure.
    pub currency: Currency,
    /// Which figure.
    pub measure: Measure,
    /// Entries that came in.
    pub rows: u64,
    /// The figure that came in, counted while reading.
    pub input: Amount,
    /// The figure by disposition, in the order of [`Disposition::ALL`].
    pub ends: [Amount; ENDS],
    /// Entries that have a disposition.
    pub rows_at_end: u64,
}

impl Total {
    /// Whether all that came in has a place.
    pub fn ties(&self) -> bool {
        let sum = self.ends.iter().try_fold(Amount::ZERO, |sum, end| sum.checked_add(*end));
        sum == Some(self.input) && self.rows == self.rows_at_end
    }

    fn is_nothing(&self) -> bool {
        self.input.is_zero() && self.ends.iter().all(|end| end.is_zero())
    }
}

/// What each side says in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// Σ amount of the orders that are due or matched.
    pub expected: Amount,
    /// Σ net of the settlement lines other than payouts.
    pub received: Amount,
}

/// The totals at the end of a run.
#[derive(Debug, Default)]
pub struct Totals {
    /// By side, kind, currency and measure.
    pub totals: Vec<Total>,
    /// By currency.
    pub sides: BTreeMap<Currency, Sides>,
    /// Whether a sum left the range of exact numbers.
    pub overflow: bool,
}

impl Totals {
    /// Whether every total ties.
    pub fn tie(&self) -> bool {
        !self.overflow && self.totals.iter().all(Total::ties)
    }
}

/// The totals under one key, by disposition.
type Ends = [TotalRow; ENDS];

/// Adds up the entries at the end of a run, in small steps.
#[derive(Debug, Default)]
pub struct TotalsAtEnd {
    next: u32,
    ends: Vec<(TotalKey, Ends)>,
    last: usize,
    sides: BTreeMap<Currency, Sides>,
    overflow: bool,
}

impl TotalsAtEnd {
    /// Adds about `budget` entries; `false` once all are added.
    pub fn step(&mut self, entries: &Entries, budget: u32) -> bool {
        let end = self.next.saturating_add(budget).min(entries.len());
        for id in self.next..end {
            if self.add(entries, EntryId(id)).is_none() {
                self.overflow = true;
            }
        }
        self.next = end;
        end < entries.len()
    }

    /// Entries that are added.
    pub fn progress(&self) -> u32 {
        self.next
    }

    fn add(&mut self, entries: &Entries, id: EntryId) -> Option<()> {
        let key = TotalKey {
            side: entries.side(id),
            kind: entries.kind(id),
            currency: entries.currency(id),
            net_currency: entries.net_currency(id),
        };
        let (amount, net) = (entries.amount(id), entries.net(id));
        let end = entries.disposition(id);
        let row = self.row(key).get_mut(end as usize)?;
        row.add(amount, entries.fee(id), entries.tax(id), net)?;
        match key.side {
            Side::Orders if matches!(end, Disposition::Open | Disposition::Matched) => {
                let sides = self.sides.entry(key.currency).or_default();
                sides.expected = sides.expected.checked_add(amount)?;
            }
            Side::Settlement if is_received(entries, id, end, key.kind) => {
                let sides = self.sides.entry(key.net_currency).or_default();
                sides.received = sides.received.checked_add(net)?;
            }
            _ => {}
        }
        Some(())
    }

    fn row(&mut self, key: TotalKey) -> &mut Ends {
        let hit = self.ends.get(self.last).is_some_and(|(k, _)| *k == key);
        if !hit {
            self.last = self.ends.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
                self.ends.push((key, [TotalRow::default(); ENDS]));
                self.ends.len().saturating_sub(1)
            });
        }
        &mut self.ends.get_mut(self.last).expect("invariant: found or pushed above").1
    }

    /// The totals, held against what was counted while reading.
    pub fn finish(self, entries: &Entries) -> Totals {
        let mut lines = Lines::new();
        let mut overflow = self.overflow;
        for (key, input) in entries.input_totals().sorted() {
            overflow |= add_input(&mut lines, key, &input).is_none();
        }
        for (key, ends) in &self.ends {
            overflow |= add_ends(&mut lines, *key, ends).is_none();
        }
        let totals = lines
            .into_values()
            .filter(|total| total.measure == Measure::Amount || !total.is_nothing())
            .collect();
        Totals { totals, sides: self.sides, overflow }
    }
}

/// Whether the money of a settlement line was received.
fn is_received(entries: &Entries, id: EntryId, end: Disposition, kind: Kind) -> bool {
    match end {
        _ if kind == Kind::Payout => false,
        Disposition::Open | Disposition::Matched => true,
        Disposition::Excluded => entries.reason(id).moves_money(),
        Disposition::InTransit | Disposition::ClosedBefore => false,
    }
}

type Lines = BTreeMap<(Side, Kind, Currency, Measure), Total>;

/// The line of a measure; the net has a currency of its own.
fn line(lines: &mut Lines, key: TotalKey, measure: Measure) -> &mut Total {
    let currency = if measure == Measure::Net { key.net_currency } else { key.currency };
    let (side, kind) = (key.side, key.kind);
    lines.entry((side, kind, currency, measure)).or_insert(Total {
        side,
        kind,
        currency,
        measure,
        rows: 0,
        input: Amount::ZERO,
        ends: [Amount::ZERO; ENDS],
        rows_at_end: 0,
    })
}

fn figure(row: &TotalRow, measure: Measure) -> Amount {
    match measure {
        Measure::Amount => row.amount,
        Measure::Fee => row.fee,
        Measure::Tax => row.tax,
        Measure::Net => row.net,
    }
}

fn add_input(lines: &mut Lines, key: TotalKey, input: &TotalRow) -> Option<()> {
    for measure in Measure::ALL {
        let total = line(lines, key, *measure);
        total.rows = total.rows.checked_add(input.rows)?;
        total.input = total.input.checked_add(figure(input, *measure))?;
    }
    Some(())
}

fn add_ends(lines: &mut Lines, key: TotalKey, ends: &Ends) -> Option<()> {
    for measure in Measure::ALL {
        let total = line(lines, key, *measure);
        for (sum, end) in total.ends.iter_mut().zip(ends) {
            *sum = sum.checked_add(figure(end, *measure))?;
            total.rows_at_end = total.rows_at_end.checked_add(end.rows)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{NewEntry, Reason};

    fn usd() -> Currency {
        Currency::from_code("USD").expect("active")
    }

    fn entries() -> Entries {
        let mut entries = Entries::default();
        entries.begin_source(Side::Orders);
        let mut order = NewEntry::new(2, Kind::Sale, usd());
        order.amount = Amount::from_minor(1_000);
        entries.push(&order).expect("room");
        entries.begin_source(Side::Settlement);
        let mut line = NewEntry::new(2, Kind::Sale, usd());
        line.amount = Amount::from_minor(1_000);
        line.fee = Amount::from_minor(-30);
        line.net = Amount::from_minor(970);
        entries.push(&line).expect("room");
        line.kind = Kind::Payout;
        line.fee = Amount::ZERO;
        (line.amount, line.net) = (Amount::from_minor(-970), Amount::from_minor(-970));
        entries.push(&line).expect("room");
        entries.dispose(EntryId(2), Disposition::Excluded, Reason::Payout);
        entries
    }

    #[test]
    fn what_came_in_has_a_place() {
        let entries = entries();
        let mut end = TotalsAtEnd::default();
        while end.step(&entries, 1) {}
        let totals = end.finish(&entries);
        assert!(totals.tie());
        let sides = totals.sides[&usd()];
        assert_eq!(sides.expected, Amount::from_minor(1_000));
        assert_eq!(sides.received, Amount::from_minor(970), "a payout is not received");
    }

    #[test]
    fn a_lost_entry_is_found() {
        let entries = entries();
        let mut end = TotalsAtEnd { next: 1, ..TotalsAtEnd::default() };
        while end.step(&entries, 10) {}
        assert!(!end.finish(&entries).tie());
    }
}
