//! Looks for the row that comes nearest to each open payment, and for what would join the two.

use super::pool::{Pair, Pool, Reach, Row, pair};
use super::touched::{Least, Limit, Member, Question, touched};
use super::{Change, WhyNot, Wider};
use crate::codes::Code;
use crate::entry::{Entries, Side};
use crate::exceptions::{Exception, Exceptions, Target, Terms};
use crate::ids::{EntryId, MatchId};
use crate::limits::{WHY_NOT_DAYS, WHY_NOT_PERCENT};
use crate::matching::{Combine, Matches, Rule, WithoutReference};
use crate::money::Amount;

/// The rows that could be matched without a number, and what was found about each.
#[derive(Debug)]
pub struct Search {
    rule: WithoutReference,
    /// A larger tolerance alone lets nothing go that the percentage forbids.
    percent_holds: bool,
    orders: Pool,
    lines: Pool,
    /// Open lines that name a number which no order has.
    named: Pool,
    /// Every row with what brings a partner within its reach.
    members: Vec<Member>,
    /// How many orders and lines were looked at.
    next: (usize, usize),
    found: Vec<(EntryId, WhyNot)>,
    /// By place in what was found: the limit that its change moves, and by how much.
    moves: Vec<(usize, Question)>,
}

/// Where a row is looked up: in a pool of its own side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Order,
    Line,
    Named,
}

/// An answer, and by how much its change moves which limit.
type Moved = (WhyNot, (Limit, i64));

/// What is asked of a row: whether it is an open payment that nothing else says more about.
fn is_asked(entries: &Entries, item: &Exception, id: EntryId) -> bool {
    use Code::{
        AmbiguousPair, AmbiguousSubset, FileGap, LowEvidence, MissingInOrders, MissingInSettlement,
        MissingKey, ReferenceMismatch, ScientificNotationId, SearchBudgetReached,
    };
    let answered = item.facts.iter().any(|fact| {
        let asks = matches!(
            fact.code,
            AmbiguousPair
                | AmbiguousSubset
                | FileGap
                | LowEvidence
                | MissingInOrders
                | MissingInSettlement
                | MissingKey
                | ReferenceMismatch
                | ScientificNotationId
                | SearchBudgetReached
        );
        // What is wrong with a line's own figures says nothing of its partner.
        !asks && fact.rows != [id]
    });
    let twice = |code: Code| {
        use Code::{CurrencyMismatch, DoubleClaim, DuplicateInOrders, DuplicateInSettlement};
        use Code::{PreauthNotCaptured, SettledAfterReversal};
        matches!(
            code,
            CurrencyMismatch
                | DoubleClaim
                | DuplicateInOrders
                | DuplicateInSettlement
                | PreauthNotCaptured
                | SettledAfterReversal
        )
    };
    entries.kind(id).is_payment()
        && matches!(entries.side(id), Side::Orders | Side::Settlement)
        && !answered
        && !item.facts.iter().any(|fact| twice(fact.code))
}

impl Search {
    /// Takes up all open payments, and what was matched without a number: a wider window may give
    /// that another partner.
    pub fn new(
        entries: &Entries,
        matches: &Matches,
        exceptions: &Exceptions,
        terms: &Terms,
    ) -> Self {
        let rule = terms.without_reference;
        let row = |id: EntryId| Row::of(entries, id, (&terms.due, rule, &terms.tolerance));
        let (mut orders, mut lines, mut named) = (Vec::new(), Vec::new(), Vec::new());
        for item in &exceptions.items {
            let Target::Row(id) = item.target else { continue };
            if !is_asked(entries, item, id) {
                continue;
            }
            let Some(row) = row(id) else { continue };
            match place_of(entries, id) {
                Place::Order => orders.push(row),
                Place::Line => lines.push(row),
                Place::Named => named.push(row),
            }
        }
        let keyless = [Rule::AmountAndTime, Rule::AmountWithinTolerance];
        for id in (0..matches.len()).map(MatchId) {
            if !rule.automatic || !keyless.contains(&matches.rule(id)) {
                continue;
            }
            for member in matches.members(entries, id) {
                let Some(mut row) = row(member) else { continue };
                row.open = false;
                match place_of(entries, member) {
                    Place::Order => orders.push(row),
                    Place::Line => lines.push(row),
                    Place::Named => {}
                }
            }
        }
        Self {
            rule,
            percent_holds: terms.tolerance.percent.is_some()
                && terms.tolerance.combine == Combine::Smaller,
            orders: Pool::of(orders),
            lines: Pool::of(lines),
            named: Pool::of(named),
            members: Vec::new(),
            next: (0, 0),
            found: Vec::new(),
            moves: Vec::new(),
        }
    }

    /// Looks at about `budget` rows; `false` once all were looked at.
    pub fn step(&mut self, entries: &Entries, exceptions: &Exceptions, budget: u32) -> bool {
        let ways = [(Place::Order, &self.orders), (Place::Line, &self.lines)];
        let all: usize = ways.iter().map(|(_, pool)| pool.rows().len()).sum();
        let (first, second) = self.next;
        if first < all {
            let end = first.saturating_add(budget as usize).min(all);
            for at in first..end {
                self.measure(exceptions, at);
            }
            self.next.0 = end;
            return true;
        }
        let all = all.saturating_add(self.named.rows().len());
        let end = second.saturating_add(budget as usize).min(all);
        for at in second..end {
            self.answer(entries, at);
        }
        self.next.1 = end;
        end < all
    }

    /// What was found, by row.
    pub fn finish(mut self) -> Vec<(EntryId, WhyNot)> {
        let asked: Vec<Question> = self.moves.iter().map(|(_, limit)| *limit).collect();
        let touched = touched(self.members, &asked);
        for (at, limit) in self.moves {
            let change = self.found.get_mut(at).and_then(|(_, why)| why.change.as_mut());
            if let (Some(change), Some(all)) = (change, touched.get(&limit)) {
                // The two themselves are among them.
                change.touches = u32::try_from(all.saturating_sub(2)).unwrap_or(u32::MAX);
            }
        }
        self.found.sort_unstable_by_key(|(id, _)| *id);
        self.found
    }

    fn row_at(&self, at: usize) -> Option<(Place, Row)> {
        let (orders, lines) = (self.orders.rows(), self.lines.rows());
        if let Some(row) = orders.get(at) {
            return Some((Place::Order, *row));
        }
        let at = at.checked_sub(orders.len())?;
        if let Some(row) = lines.get(at) {
            return Some((Place::Line, *row));
        }
        let at = at.checked_sub(lines.len())?;
        Some((Place::Named, *self.named.rows().get(at)?))
    }

    /// Notes what a row needs until a partner is within its reach.
    fn measure(&mut self, exceptions: &Exceptions, at: usize) {
        let Some((place, row)) = self.row_at(at) else { return };
        let is_order = place == Place::Order;
        let pool = if is_order { &self.lines } else { &self.orders };
        let mut least = Least::default();
        let equal = around(pool.equal(&row), &row, is_order);
        for other in equal.chain(pool.within_limit(&row, is_order)) {
            match pair(&row, other, is_order).days_off() {
                (0, 0) => {}
                (early, 0) => least.days_before = at_least(least.days_before, early),
                (_, late) => least.days_after = at_least(least.days_after, late),
            }
        }
        let differences = pool.near(&row, is_order).filter_map(|other| {
            let pair = pair(&row, other, is_order);
            (!pair.in_amount(Reach::default())).then(|| pair.difference().saturating_abs())
        });
        least.difference = differences.min();
        if !self.rule.automatic {
            let weak = |code: Code| {
                matches!(code, Code::LowEvidence | Code::AmbiguousPair | Code::AmbiguousSubset)
            };
            let said = exceptions.of(Target::Row(row.id));
            let suggested = said.is_some_and(|item| item.facts.iter().any(|fact| weak(fact.code)));
            least.now = suggested || pool.reached(&row, is_order, Reach::default()) > 0;
        }
        self.members.push(Member { row, least });
    }

    /// Says why a row is in no match.
    fn answer(&mut self, entries: &Entries, at: usize) {
        let Some((place, row)) = self.row_at(at) else { return };
        let others = match place {
            Place::Order => self.lines.has_any(&row) || self.named.has_any(&row),
            Place::Line | Place::Named => self.orders.has_any(&row),
        };
        if row.open && others {
            let found = self.nearest(entries, place, &row);
            let (found, (limit, value)) = found.unwrap_or((WhyNot::NOTHING, (Limit::Now, 0)));
            if found.change.is_some() {
                self.moves.push((self.found.len(), (row.within.1, limit, value)));
            }
            self.found.push((row.id, found));
        }
    }

    fn nearest(&self, entries: &Entries, place: Place, row: &Row) -> Option<Moved> {
        let is_order = place == Place::Order;
        if place == Place::Named {
            let other = closest(self.orders.equal(row), row, false)?;
            return Some(self.of_other_number(entries, pair(row, &other, false), row.id));
        }
        let pool = if is_order { &self.lines } else { &self.orders };
        let equal = closest(pool.equal(row), row, is_order);
        let in_time = |other: &Row| pair(row, other, is_order).in_time(Reach::default());
        let named = || {
            let found = closest(self.named.equal(row), row, true);
            found.filter(|line| is_order && in_time(line))
        };
        // In time with the same amount, then under another number, then near in amount or in time.
        if let Some(other) = equal.filter(|other| in_time(other)) {
            return Some(self.of_pair(entries, pair(row, &other, is_order), row.id));
        }
        if let Some(other) = named() {
            return Some(self.of_other_number(entries, pair(row, &other, true), row.id));
        }
        let amounts = pool.near(row, is_order).filter(|other| {
            let pair = pair(row, other, is_order);
            let part = pair.difference().saturating_abs().saturating_mul(100);
            part <= pair.order.amount.saturating_mul(WHY_NOT_PERCENT)
        });
        let amount = amounts.min_by_key(|other| {
            (pair(row, other, is_order).difference().saturating_abs(), other.at, other.identity)
        });
        let other = equal.or(amount.copied())?;
        Some(self.of_pair(entries, pair(row, &other, is_order), row.id))
    }

    fn of_other_number(&self, entries: &Entries, pair: Pair<'_>, own: EntryId) -> Moved {
        let why = WhyNot {
            nearest: Some(other_of(pair, own)),
            other_number: true,
            days: days_apart(entries, pair),
            ..WhyNot::NOTHING
        };
        (why, (Limit::Now, 0))
    }

    /// What keeps an order and a line without a number apart, and what would join them.
    fn of_pair(&self, entries: &Entries, pair: Pair<'_>, own: EntryId) -> Moved {
        let currency = pair.order.within.1;
        let difference = (!pair.in_amount(Reach::default())).then(|| pair.difference());
        let (early, late) = pair.days_off();
        let mut reach = Reach { days_before: early, days_after: late, difference: 0 };
        let (mut limit, mut value, mut wider) = (Limit::Now, 0, None);
        if early > 0 {
            let days = i64::from(self.rule.days_before).saturating_add(early);
            (limit, value) = (Limit::DaysBefore, early);
            wider = u16::try_from(days).ok().map(Wider::DaysBefore);
        } else if late > 0 {
            let days = i64::from(self.rule.days_after).saturating_add(late);
            (limit, value) = (Limit::DaysAfter, late);
            wider = u16::try_from(days).ok().map(Wider::DaysAfter);
        } else if let Some(difference) = difference {
            reach.difference = difference.saturating_abs();
            (limit, value) = (Limit::Tolerance, reach.difference);
            wider = Some(Wider::Tolerance(Amount::from_minor(reach.difference), currency));
        }
        let partners = self
            .lines
            .reached(pair.order, true, reach)
            .saturating_add(self.orders.reached(pair.line, false, reach));
        let rivals = u32::try_from(partners.saturating_sub(2)).unwrap_or(u32::MAX);
        let other_number = pair.order.numbered && pair.line.numbered;
        let alone = rivals == 0 && !other_number && !pair.order.numbered;
        let forbidden = difference.is_some() && self.percent_holds;
        let moves = wider.is_some() || !self.rule.automatic;
        let change = (alone && moves && !forbidden).then_some(Change {
            automatic: !self.rule.automatic,
            wider,
            touches: 0,
            currency,
        });
        let why = WhyNot {
            nearest: Some(other_of(pair, own)),
            other_number,
            difference: difference.map(|more| (Amount::from_minor(more), currency)),
            days: days_apart(entries, pair),
            suggested: !self.rule.automatic && !other_number,
            rivals,
            change,
        };
        (why, (limit, value))
    }
}

fn place_of(entries: &Entries, id: EntryId) -> Place {
    let named =
        !entries.reference_bytes(id).is_empty() || !entries.order_number_bytes(id).is_empty();
    match (entries.side(id), named) {
        (Side::Orders, _) => Place::Order,
        (_, false) => Place::Line,
        (_, true) => Place::Named,
    }
}

fn other_of(pair: Pair<'_>, own: EntryId) -> EntryId {
    if pair.order.id == own { pair.line.id } else { pair.order.id }
}

/// By how many days the line's date is after the order's, if it is outside the window.
fn days_apart(entries: &Entries, pair: Pair<'_>) -> Option<i32> {
    if pair.in_time(Reach::default()) {
        return None;
    }
    let dates = entries.local_date(pair.line.id).zip(entries.local_date(pair.order.id));
    dates.and_then(|(line, order)| line.0.checked_sub(order.0))
}

fn at_least(least: Option<i64>, value: i64) -> Option<i64> {
    Some(least.map_or(value, |least| least.min(value)))
}

/// Of rows of one amount, by time: those that stand right before and after what a row reaches.
fn around<'r>(
    equal: &'r [Row],
    row: &Row,
    is_order: bool,
) -> impl Iterator<Item = &'r Row> + use<'r> {
    let off = |other: &Row| pair(row, other, is_order).days_off();
    // Lines before an order's window come first, and so do orders that a line is too late for.
    let first =
        equal.partition_point(|other| if is_order { off(other).0 > 0 } else { off(other).1 > 0 });
    let last =
        equal.partition_point(|other| if is_order { off(other).1 == 0 } else { off(other).0 == 0 });
    let before = first.checked_sub(1).and_then(|at| equal.get(at));
    before.into_iter().chain(equal.get(last))
}

/// Of rows of one amount, by time, the one nearest in time that is not too far off.
fn closest(equal: &[Row], row: &Row, is_order: bool) -> Option<Row> {
    let at = equal.partition_point(|other| other.at < row.at);
    let before = at.checked_sub(1).and_then(|at| equal.get(at));
    let near = |other: &&Row| {
        let (early, late) = pair(row, other, is_order).days_off();
        early.max(late) <= WHY_NOT_DAYS
    };
    let key = |other: &&Row| {
        let (early, late) = pair(row, other, is_order).days_off();
        (early.max(late), other.at.abs_diff(row.at), other.identity)
    };
    before.into_iter().chain(equal.get(at)).filter(near).min_by_key(key).copied()
}
