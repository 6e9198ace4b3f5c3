//! M080 subset sum — one line that pays several orders without naming them, or one order that was
//! paid in several parts.
//!
//! ## What it matches
//! An open payment line without a reference whose amount is the sum of two or more open orders of
//! one day in whose windows it lies; and an open order whose amount is the sum of two or more such
//! lines of one payout, or of one day where there is no payout.
//! ## Why it is safe
//! Enough numbers always add up to anything, so nothing is looked for outside such an anchor, all
//! sets within it are counted, and a set is offered only if it is the only one in any of its anchors
//! and fewer than one in a thousand is expected by chance, judged by the amounts themselves.
//! Two offers that share a row are none. As with all matching without a reference, an offer becomes
//! a match only if the rules allow that, and is called `forced` only if no other row of the run has
//! the amount of the whole or of a part; else a row that is not in the files could take its place,
//! and only the money is certain (`interchangeable`).
//! ## When it abstains
//! Where several sets add up, or one that chance may have made, the row says how many
//! (`AMBIGUOUS_SUBSET`). An anchor of more than 24 rows is not searched, since a set of
//! them would prove nothing: the row says so (`SEARCH_BUDGET_REACHED`), and a set in another anchor
//! of it is no offer either. Rows of equal amount, and such as differ by no more than the tolerance,
//! were taken by M060 and M070.
//! ## Example
//! Orders over 1,250.00, 870.35 and 2,310.90 on Monday, and on Tuesday a line over 4,431.25.
//! ## 中文
//! 一笔未注明单号的结算等于同一天若干未结订单之和，或一笔订单等于同一打款批次（无批次则同一天）若干结算行之和；
//! 仅当组合唯一、且偶然相等的可能低于千分之一时成立。规则允许无单号匹配时自动匹配，否则仅作建议；组合不唯一或
//! 可能是巧合时列出组合数（`AMBIGUOUS_SUBSET`），由人工确认。

use std::collections::BTreeMap;

use super::Rule;
use crate::codes::Code;
use crate::entry::{Entries, Side};
use crate::ids::EntryId;
use crate::limits::{SUBSET_ANCHORS, SUBSET_ROWS};
use crate::matching::matcher::Terms;
use crate::matching::matches::Figures;
use crate::matching::rarity::Census;
use crate::matching::residual::{count, subset};
use crate::matching::without_reference::{may_be_matched, minute};
use crate::matching::{Class, Matches, claim};
use crate::money::Currency;
use crate::sort;

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) = (
    "the only rows of a day or payout that add up to the amount, without a reference",
    "同日或同一打款批次内唯一相加相符的组合，无单号",
);

/// The rule's code, for those who look for it here.
pub const RULE: Rule = Rule::SubsetSum;

/// Rows that can be compared at all: of one side, scope and currency.
type Kind = (Side, u16, Currency);

/// Rows that may be parts of one sum: of one kind, payout and day.
type Anchor = (Kind, Vec<u8>, i32);

/// An open row.
#[derive(Clone, Copy, Debug)]
struct Row {
    id: EntryId,
    amount: i64,
    /// The minutes in which the rows of the other side may have happened; of a line, when it did.
    from: i64,
    to: i64,
}

impl Row {
    fn meets(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

/// The rows of one anchor, smallest first, and the minutes that any of them reaches.
#[derive(Debug)]
struct Pool {
    kind: Kind,
    from: i64,
    to: i64,
    rows: Vec<Row>,
}

/// The search of a run.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    anchors: BTreeMap<Anchor, Vec<Row>>,
    /// By kind, and then by the first minute that they reach.
    pools: Vec<Pool>,
    /// By how much the amounts of each kind are apart.
    steps: BTreeMap<Kind, u64>,
    /// The most minutes that a pool reaches.
    longest: i64,
    /// The rows whose parts are looked for, and the next of them.
    wholes: Vec<(Kind, Row)>,
    next: usize,
    offers: Vec<Offer>,
}

/// The only set that adds up to a row.
#[derive(Debug)]
struct Offer {
    whole: EntryId,
    parts: Vec<EntryId>,
}

impl Sums {
    /// Adds an entry, if it may be matched without a reference.
    pub(crate) fn add(&mut self, entries: &Entries, terms: &Terms, id: EntryId) {
        let (amount, currency) = claim(entries, id);
        let Some(minor) = amount.as_minor().filter(|minor| *minor > 0) else { return };
        let Some(day) = entries.local_date(id).filter(|_| may_be_matched(entries, id)) else {
            return;
        };
        let side = entries.side(id);
        let (from, to) = match side {
            Side::Orders => {
                let due = terms.due.date(day);
                terms.without_reference.window(entries, id, Some(due))
            }
            _ => (minute(entries, id), minute(entries, id)),
        };
        let payout = match side {
            Side::Orders => Vec::new(),
            _ => entries.batch(id).as_bytes().to_vec(),
        };
        let day = if payout.is_empty() { day.0 } else { 0 };
        let row = Row { id, amount: minor, from, to };
        let kind = (side, entries.scope(id), currency);
        self.anchors.entry((kind, payout, day)).or_default().push(row);
        self.wholes.push((kind, row));
    }

    /// Sorts the rows; call it when all are added.
    pub(crate) fn sort(&mut self, entries: &Entries) {
        let anchors = std::mem::take(&mut self.anchors);
        for ((kind, ..), mut rows) in anchors.into_iter().filter(|(_, rows)| rows.len() > 1) {
            sort::sort_by_key(&mut rows, |row| (row.amount, entries.age_key(row.id)));
            let from = rows.iter().map(|row| row.from).min().unwrap_or(0);
            let to = rows.iter().map(|row| row.to).max().unwrap_or(0);
            self.longest = self.longest.max(to.saturating_sub(from));
            self.pools.push(Pool { kind, from, to, rows });
        }
        sort::sort_by_key(&mut self.pools, |pool| (pool.kind, pool.from));
        let mut amounts: BTreeMap<Kind, Vec<i64>> = BTreeMap::new();
        for (kind, row) in &self.wholes {
            amounts.entry(*kind).or_default().push(row.amount);
        }
        let step = |(kind, amounts): (Kind, Vec<i64>)| (kind, subset::step(amounts.into_iter()));
        self.steps = amounts.into_iter().map(step).collect();
    }

    /// Searches the sums of some rows; whether there are more.
    pub(crate) fn step(
        &mut self,
        entries: &mut Entries,
        matches: &mut Matches,
        (terms, census): (&Terms, &Census),
        budget: u32,
    ) -> bool {
        let end = u64::from(budget);
        let mut done = 0;
        while done < end {
            let Some((kind, whole)) = self.wholes.get(self.next).copied() else {
                self.apply(entries, matches, terms.without_reference.automatic.then_some(census));
                return false;
            };
            let found = self.search(entries, kind, whole);
            done += found.steps + 1;
            self.next += 1;
            found.note(matches, &mut self.offers);
        }
        true
    }

    /// Searches all anchors in which the parts of a row may be.
    fn search(&self, entries: &Entries, (side, scope, currency): Kind, whole: Row) -> Search {
        let other = if side == Side::Orders { Side::Settlement } else { Side::Orders };
        let kind = (other, scope, currency);
        let first = (kind, whole.from.saturating_sub(self.longest));
        let start = self.pools.partition_point(|pool| (pool.kind, pool.from) < first);
        let pools = self.pools.iter().skip(start);
        let mut search = Search::of(whole.id);
        let mut tried = Vec::new();
        let in_reach = pools.take_while(|pool| pool.kind == kind && pool.from <= whole.to);
        for (looked_at, pool) in in_reach.enumerate() {
            search.steps += 1;
            if looked_at >= SUBSET_ANCHORS {
                search.is_cut = true;
                break;
            }
            if pool.to < whole.from {
                continue;
            }
            let smaller = pool.rows.partition_point(|row| row.amount < whole.amount);
            let named = !entries.transaction_id_bytes(whole.id).is_empty();
            let fits = |row: &&Row| {
                let two_names = named && !entries.transaction_id_bytes(row.id).is_empty();
                row.meets(&whole) && !two_names
            };
            // Of so many more the window leaves too many as well; a hostile file has them all.
            let looked_at = smaller.min(4 * SUBSET_ROWS);
            let rows: Vec<Row> = pool.rows.iter().take(looked_at).filter(fits).copied().collect();
            search.steps += looked_at as u64;
            if rows.len() > SUBSET_ROWS || looked_at < smaller {
                search.is_cut = true;
            } else if rows.len() > 1 {
                tried.push(rows);
            }
        }
        let step = self.steps.get(&kind).copied().unwrap_or(0);
        for rows in &tried {
            search.pool(rows, whole.amount, (step, tried.len() as u64));
        }
        search
    }

    /// Makes the offers that share no row matches, or says what could be one.
    fn apply(&self, entries: &mut Entries, matches: &mut Matches, census: Option<&Census>) {
        let mut claims: BTreeMap<EntryId, u64> = BTreeMap::new();
        for row in self.offers.iter().flat_map(Offer::rows) {
            *claims.entry(row).or_default() += 1;
        }
        for offer in &self.offers {
            let claimed = offer.rows().filter_map(|row| claims.get(&row).copied()).max();
            match (claimed.unwrap_or(1), census) {
                (1, Some(census)) => offer.make(entries, matches, census),
                (1, None) => offer.suggest(matches),
                (claimed, _) => offer.ask(matches, claimed),
            }
        }
    }
}

/// What was found about one row.
#[derive(Debug)]
struct Search {
    whole: EntryId,
    sets: u64,
    parts: Vec<EntryId>,
    is_improbable: bool,
    /// Rows of the anchors with a set.
    rows: u32,
    is_cut: bool,
    steps: u64,
}

impl Search {
    fn of(whole: EntryId) -> Self {
        let parts = Vec::new();
        Self { whole, sets: 0, parts, is_improbable: true, rows: 0, is_cut: false, steps: 0 }
    }

    fn pool(&mut self, rows: &[Row], target: i64, (step, searches): (u64, u64)) {
        let amounts: Vec<i64> = rows.iter().map(|row| row.amount).collect();
        let found = subset::search(&amounts, target);
        self.steps += found.steps;
        if found.sets > 0 {
            self.sets = self.sets.saturating_add(found.sets);
            self.rows = self.rows.saturating_add(count(rows));
            self.is_improbable &= subset::is_improbable(&amounts, target, step, searches);
            let taken = (0..32).zip(rows).filter(|(bit, _)| found.first >> bit & 1 == 1);
            self.parts = taken.map(|(_, row)| row.id).collect();
        }
    }

    /// Keeps an offer, or says why there is none.
    fn note(self, matches: &mut Matches, offers: &mut Vec<Offer>) {
        if self.is_cut {
            matches.find(Code::SearchBudgetReached, self.whole, Vec::new());
        }
        if self.sets == 1 && self.is_improbable && !self.is_cut {
            offers.push(Offer { whole: self.whole, parts: self.parts });
        } else if self.sets > 0 {
            let sets = u32::try_from(self.sets).unwrap_or(u32::MAX);
            let candidates = if sets == 1 { self.parts } else { Vec::new() };
            let figures = Figures::Rows(sets, self.rows);
            matches.find_with(Code::AmbiguousSubset, self.whole, candidates, figures);
        }
    }
}

impl Offer {
    fn rows(&self) -> impl Iterator<Item = EntryId> {
        self.parts.iter().copied().chain([self.whole])
    }

    fn make(&self, entries: &mut Entries, matches: &mut Matches, census: &Census) {
        let class = match self.rows().all(|id| census.is_alone(entries, id)) {
            true => Class::Forced,
            false => Class::Interchangeable,
        };
        let mut members: Vec<EntryId> = self.rows().collect();
        sort::sort_by_key(&mut members, |id| (entries.side(*id), entries.age_key(*id)));
        let _ = matches.make(entries, RULE, class, &members);
    }

    fn suggest(&self, matches: &mut Matches) {
        let parts = count(&self.parts);
        let whole = Figures::Rows(1, parts);
        matches.find_with(Code::LowEvidence, self.whole, self.parts.clone(), whole);
        for part in &self.parts {
            let figures = Figures::Rows(parts, 1);
            matches.find_with(Code::LowEvidence, *part, vec![self.whole], figures);
        }
    }

    /// Several offers want one of the rows.
    fn ask(&self, matches: &mut Matches, claimed: u64) {
        let figures = Figures::Rows(u32::try_from(claimed).unwrap_or(u32::MAX), count(&self.parts));
        matches.find_with(Code::AmbiguousSubset, self.whole, self.parts.clone(), figures);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Kind as EntryKind, NewEntry};
    use crate::matching::{Due, Tolerance, WithoutReference};
    use crate::money::Amount;
    use crate::time::Instant;

    /// Amount, minute and payout of a row.
    type Shape = fn(i64) -> (i64, i64, i64);

    /// What the search of so many orders and lines comes to.
    fn steps(rows: i64, shape: Shape) -> u64 {
        let mut entries = Entries::default();
        for side in [Side::Orders, Side::Settlement] {
            entries.begin_source(side);
            for row in 0..rows {
                let (amount, minute, payout) = shape(row);
                let kes = Currency::from_code("KES").expect("active");
                let place = u32::try_from(row).expect("few rows");
                let mut entry = NewEntry::new(place, EntryKind::Sale, kes);
                entry.amount = Amount::from_minor(amount);
                entry.net = entry.amount;
                entry.occurred_at = Some(Instant(minute * 60_000_000));
                let batch = payout.to_string();
                entry.batch = if payout > 0 { &batch } else { "" };
                entries.push(&entry).expect("room");
            }
        }
        let terms = Terms {
            due: Due { cycle: None, as_of: None },
            off: Vec::new(),
            without_reference: WithoutReference::default(),
            tolerance: Tolerance::default(),
        };
        let mut sums = Sums::default();
        entries.ids().for_each(|id| sums.add(&entries, &terms, id));
        sums.sort(&entries);
        sums.wholes.iter().map(|(kind, row)| sums.search(&entries, *kind, *row).steps + 1).sum()
    }

    #[test]
    fn work_grows_with_the_rows_and_not_with_their_square() {
        let shapes: [(&str, Shape); 5] = [
            ("one amount, one day", |_| (999, 5, 0)),
            ("all amounts differ, one day", |i| (1_000 + 7 * i, i % 1_440, 0)),
            ("twenty rows a day", |i| (1_000 + i * i % 9_973, i * 72, 0)),
            ("a payout for two rows each, one day", |i| (1_000 + 7 * i, i % 1_440, 1 + i / 2)),
            ("a payout for twenty rows each", |i| (1_000 + i * i % 9_973, i * 3, 1 + i / 20)),
        ];
        for (what, shape) in shapes {
            let (one, two) = (steps(1_000, shape), steps(2_000, shape));
            assert!(two * 10 <= one * 26, "{what}: {one} and {two}");
        }
    }
}
