//! Which fee an amount has on one day: formulas by ranges of the amount, between a minimum and a cap;
//! and for which amounts the lines do not say.

use super::bits::{BIT, Bits, exception, log2};
use super::cluster::Point;
use super::consensus::Candidate;
use super::form::Form;
use super::pieces::{Run, Runs, alternatives};
use super::round::bounds;
use super::witness::{Between, Span, between, decides};

/// How much longer another description must be to be left out of account: one in 128.
const MARGIN: Bits = 7 * BIT;

/// What a formula must save beside the fees that it explains, to be more than chance.
const EVIDENCE: Bits = 12 * BIT;

/// What a line says against a formula that is only near the true one: such formulas give three of four
/// lines exactly, so that among many one gives all lines of a few.
const EXACT: Bits = 7;

/// A formula from an amount on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The lowest amount, in minor units.
    pub from: i64,
    /// What holds from there on, to the next range.
    pub form: Form,
}

/// Fees by amount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// In ascending order; the first is from 0.
    pub ranges: Vec<Range>,
    /// The least that is charged, in minor units.
    pub minimum: Option<i64>,
    /// The most that is charged, in minor units.
    pub cap: Option<i64>,
    /// The lowest and the highest amount that the lines speak of.
    pub covers: (i64, i64),
    /// Amounts between which the lines do not say which formula holds, both inclusive.
    pub holes: Vec<(i64, i64)>,
    /// Other formulas of each range that explain its lines as well and are not much longer.
    pub others: Vec<Vec<Form>>,
}

/// Why lines do not determine a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// So many lines; a formula with so many unknowns needs one more to be checked.
    Lines {
        /// Lines with amounts of their own.
        lines: usize,
        /// Numbers of the simplest formula.
        unknowns: usize,
    },
    /// All lines have one amount, so that any formula would do.
    OneAmount {
        /// How many.
        lines: usize,
    },
    /// The simplest formula is no shorter than the fees that it explains.
    Chance {
        /// How many lines it explains.
        lines: usize,
    },
    /// No formula explains enough lines.
    NoFormula {
        /// All lines.
        lines: usize,
        /// Those that the best formula explains.
        explained: usize,
    },
}

impl Schedule {
    /// The fee of an amount by the formulas, also where the lines do not say.
    #[must_use]
    pub fn fee(&self, amount: i64) -> Option<i64> {
        let range = self.ranges.iter().rev().find(|range| range.from <= amount);
        range.or(self.ranges.first())?.form.fee(amount).map(|fee| self.bounded(fee))
    }

    /// The fee of an amount, where the lines determine it.
    #[must_use]
    pub fn determined(&self, amount: i64) -> Option<i64> {
        let (low, high) = self.covers;
        let known = (low..=high).contains(&amount)
            && !self.holes.iter().any(|(from, to)| (*from..=*to).contains(&amount));
        if known && !self.differ(amount) { self.fee(amount) } else { None }
    }

    /// Whether other formulas that explain the lines as well give an amount another fee.
    pub(crate) fn differ(&self, amount: i64) -> bool {
        let at = self.ranges.iter().rposition(|range| range.from <= amount).unwrap_or(0);
        let (Some(range), Some(others)) = (self.ranges.get(at), self.others.get(at)) else {
            return false;
        };
        let bounded = |form: &Form| form.fee(amount).map(|fee| self.bounded(fee));
        others.iter().any(|other| bounded(other) != bounded(&range.form))
    }

    /// A fee between the minimum and the cap.
    fn bounded(&self, fee: i64) -> i64 {
        let fee = self.minimum.map_or(fee, |minimum| fee.max(minimum));
        self.cap.map_or(fee, |cap| fee.min(cap))
    }

    /// Whether its formulas follow each other as those of a contract do: a table of bands, or a few
    /// of which none comes back. Otherwise they hide something else that fees go by.
    pub(crate) fn is_orderly(&self) -> bool {
        let forms: Vec<Form> = self.ranges.iter().map(|range| range.form).collect();
        let back = forms
            .iter()
            .enumerate()
            .any(|(at, form)| forms.iter().skip(at + 1).any(|other| other == form));
        let rising = forms.iter().filter(|form| form.rate > 0).count();
        !back && (rising <= 3 || rising == forms.len() && rising <= 6)
    }

    /// Whether a few lines with another formula leave the amounts among them open: not if more of the
    /// lines there are as the schedule says, nor if they are two that agree where it is one formula.
    fn is_unsaid(&self, span: Span, points: &[Point]) -> bool {
        let inside = || points.iter().filter(|point| (span.0..=span.1).contains(&point.amount));
        let given = inside().filter(|point| self.fee(point.amount) == Some(point.fee)).count();
        let open = inside().count() - given;
        !decides(given.saturating_sub(open), true) && (open > 2 || !self.is_inside(span, points))
    }

    /// Whether amounts lie among those of one piece: a formula, or the minimum or cap of one. What is
    /// between them would make it come back, and no contract does that.
    fn is_inside(&self, span: Span, points: &[Point]) -> bool {
        let piece = |amount: i64| {
            let at = self.ranges.iter().rposition(|range| range.from <= amount);
            let fee = self.fee(amount);
            (at, fee == self.minimum, fee == self.cap)
        };
        let own = piece(span.0);
        let of_it = |point: &&Point| {
            piece(point.amount) == own && self.fee(point.amount) == Some(point.fee)
        };
        let below = points.iter().filter(|point| point.amount < span.0).filter(of_it).count();
        let above = points.iter().filter(|point| point.amount > span.1).filter(of_it).count();
        piece(span.1) == own && decides(below.min(above), false)
    }

    /// The one formula, if there is no other and no bound.
    pub(crate) fn plain(&self) -> Option<Form> {
        match self.ranges.as_slice() {
            [range] if self.minimum.is_none() && self.cap.is_none() => Some(range.form),
            _ => None,
        }
    }
}

/// Makes a schedule of runs along the amounts. `forms` are what the runs name.
pub(crate) fn schedule(points: &[Point], runs: &Runs, forms: &[Form]) -> Result<Schedule, Missing> {
    let (pieces, mut unsaid) = chosen(points, runs, forms)?;
    let mut pieces = joined(pieces, points.len(), &mut unsaid);
    let (Some(low), Some(high)) = (pieces.first(), pieces.last()) else {
        return Err(Missing::NoFormula { lines: points.len(), explained: 0 });
    };
    let mut schedule = Schedule { covers: (low.run.low, high.run.high), ..Schedule::default() };
    // A bound gives the lines on both sides of it, wherever it takes over.
    let gives = |bounded: &Schedule, pieces: [&Chosen; 2]| {
        let held = pieces.into_iter().flat_map(|piece| piece.points(points));
        held.clone().all(|point| bounded.fee(point.amount) == Some(point.fee))
    };
    if let [.., beneath, last] = pieces.as_slice()
        && last.form.rate == 0
        && beneath.form.rate > 0
    {
        let cap = last.form.fee(0);
        let ranges = vec![Range { from: 0, form: beneath.form }];
        if gives(&Schedule { ranges, cap, ..Schedule::default() }, [beneath, last]) {
            schedule.cap = cap;
            pieces.pop();
        }
    }
    if let [first, above, ..] = pieces.as_slice()
        && first.form.rate == 0
        && above.form.rate > 0
    {
        let (minimum, cap) = (first.form.fee(0), schedule.cap);
        let ranges = vec![Range { from: 0, form: above.form }];
        if gives(&Schedule { ranges, minimum, cap, ..Schedule::default() }, [first, above]) {
            schedule.minimum = minimum;
            pieces.remove(0);
        }
    }
    let gaps = gaps(&pieces, points);
    let side = side(&gaps, points);
    let starts = std::iter::once(0).chain(gaps.iter().map(|gap| gap.from(side.below)));
    schedule.ranges =
        starts.zip(&pieces).map(|(from, piece)| Range { from, form: piece.form }).collect();
    schedule.others = pieces.iter().map(|piece| piece.others.clone()).collect();
    unsaid.retain(|span| schedule.is_unsaid(*span, points));
    schedule.holes = unsaid;
    beside_bounds(&mut schedule, &gaps, side);
    doubts(&mut schedule, points);
    Ok(schedule)
}

/// Amounts from and to, both inclusive.
type Spans = Vec<Span>;

/// A run with the simplest formula of all the lines that share it.
#[derive(Clone, Debug)]
struct Chosen {
    run: Run,
    form: Form,
    others: Vec<Form>,
}

impl Chosen {
    /// The points of the run that its formula explains.
    fn points<'a>(&self, points: &'a [Point]) -> impl Iterator<Item = &'a Point> + Clone + use<'a> {
        let (run, form) = (self.run, self.form);
        points.iter().filter(move |point| {
            (run.low..=run.high).contains(&point.amount) && form.explains(point.amount, point.fee)
        })
    }
}

/// The simplest formula of each run, by all runs that share it; and amounts with too few lines to
/// have one.
fn chosen(points: &[Point], runs: &Runs, forms: &[Form]) -> Result<(Vec<Chosen>, Spans), Missing> {
    let mut known: Vec<(usize, Form, Vec<Form>)> = Vec::new();
    let (mut chosen, mut unsaid) = (Vec::new(), Vec::new());
    let few = (points.len() / 25).max(2);
    for run in &runs.runs {
        let Some(form) = forms.get(run.form).copied() else { continue };
        let found = known.iter().find(|(index, ..)| *index == run.form).cloned();
        let (_, form, others) = match found {
            Some(found) => found,
            None => {
                let of_form = |other: &&Run| other.form == run.form;
                let is_inside = |point: &&Point| {
                    let within = |run: &Run| (run.low..=run.high).contains(&point.amount);
                    runs.runs.iter().filter(of_form).any(within)
                };
                let inside: Vec<Point> = points.iter().filter(is_inside).copied().collect();
                let is_held = |point: &&Point| form.explains(point.amount, point.fee);
                let held: Vec<Point> = inside.iter().filter(is_held).copied().collect();
                let (form, others) = match simplest(&held, &inside, form) {
                    Ok(found) => found,
                    Err(_) if held.len() <= few && runs.runs.len() > 1 => {
                        if run.explained > 1 {
                            unsaid.push((run.low, run.high));
                        }
                        continue;
                    }
                    Err(missing) => return Err(missing),
                };
                known.push((run.form, form, others.clone()));
                (run.form, form, others)
            }
        };
        chosen.push(Chosen { run: *run, form, others });
    }
    Ok((chosen, unsaid))
}

/// Runs of one formula as one, also where a few lines between them are alike by chance.
fn joined(pieces: Vec<Chosen>, lines: usize, unsaid: &mut Spans) -> Vec<Chosen> {
    let few = (lines / 100).max(2);
    let mut joined: Vec<Chosen> = Vec::new();
    for piece in pieces {
        let before = joined.iter().rev().nth(1).map(|before| before.form);
        let odd = joined.last().map(|last| last.run).filter(|run| run.explained <= few);
        if let (Some(odd), true) = (odd, before == Some(piece.form)) {
            unsaid.push((odd.low, odd.high));
            joined.pop();
        }
        match joined.last_mut() {
            Some(last) if last.form == piece.form => {
                last.run.high = piece.run.high;
                last.run.explained += piece.run.explained;
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// The shortest formula for the points that a known one gives, by all points that lie among them, and
/// those that are not much longer or that no lines decide against.
fn simplest(held: &[Point], inside: &[Point], known: Form) -> Result<(Form, Vec<Form>), Missing> {
    let mut amounts: Vec<i64> = held.iter().map(|point| point.amount).collect();
    amounts.dedup();
    if amounts.len() < 2 {
        return Err(Missing::OneAmount { lines: held.len() });
    }
    let (all, tried) = match known {
        Form { rate: 0, .. } | Form { more: 1.., .. } => (vec![Candidate::of(known, inside)], 1),
        _ => {
            let (found, tried) = alternatives(held, known);
            let again = |found: &Candidate| Candidate::of(found.form, inside);
            let mut all: Vec<Candidate> = found.iter().map(again).collect();
            all.sort_by_key(|candidate| candidate.bits);
            (all, tried)
        }
    };
    let best = all.first().copied().ok_or(Missing::Chance { lines: held.len() })?;
    let unknowns = best.form.unknowns();
    if amounts.len() <= unknowns {
        return Err(Missing::Lines { lines: held.len(), unknowns });
    }
    let null: Bits = inside.iter().map(|point| exception(point.fee)).sum();
    let tried = i64::try_from(tried).unwrap_or(i64::MAX);
    let exact = EXACT * i64::try_from(best.explained).unwrap_or(0) - log2(tried);
    if null - best.bits < EVIDENCE || (best.form.rate > 0 && exact < BIT) {
        return Err(Missing::Chance { lines: held.len() });
    }
    let is_near = |other: &&Candidate| {
        let lead = best.explained.saturating_sub(other.explained);
        let is_open = !decides(lead, best.form.bits() < other.form.bits());
        let alike = Form { rounding: best.form.rounding, ..other.form } == best.form;
        let short = other.form.bits() <= best.form.bits() + MARGIN;
        other.bits <= best.bits + MARGIN || (is_open && (alike || short))
    };
    let near = all.iter().skip(1).filter(is_near);
    Ok((best.form, near.map(|other| other.form).collect()))
}

/// Where one formula follows another, and the amount that is taken for the bound.
struct Gap {
    forms: [Form; 2],
    between: Between,
    at: i64,
    /// Whether the amount is the bound because it is round.
    is_round: bool,
    /// Between which amounts it lies otherwise.
    open: Span,
}

impl Gap {
    /// The first amount of the second formula; `below`: bounds are "up to and including".
    fn from(&self, below: bool) -> i64 {
        let (low, high) = self.between.best;
        match self.is_round {
            true => self.at + i64::from(below),
            false if self.at == low => low + 1,
            false => (self.at + i64::from(below)).min(high),
        }
    }

    /// Whether a point is charged by the second formula; `None` if both or neither give its fee.
    fn is_behind(&self, point: &Point) -> Option<bool> {
        match self.forms.map(|form| form.explains(point.amount, point.fee)) {
            [true, false] => Some(false),
            [false, true] => Some(true),
            _ => None,
        }
    }
}

fn gaps(pieces: &[Chosen], points: &[Point]) -> Vec<Gap> {
    let pairs = pieces.iter().zip(pieces.iter().skip(1));
    let gap = |(one, other): (&Chosen, &Chosen)| {
        let forms = [one.form, other.form];
        let runs = Between::of((one.run.high, other.run.low));
        let mut gap = Gap { forms, between: runs, at: 0, is_round: false, open: runs.best };
        let near = |point: &&Point| (one.run.low..=other.run.high).contains(&point.amount);
        let witness = |point: &Point| Some((point.amount, gap.is_behind(point)?));
        let found = between(points.iter().filter(near).filter_map(witness).collect());
        gap.between = found.unwrap_or(runs);
        gap
    };
    let mut gaps: Vec<Gap> = pairs.map(gap).collect();
    let found = bounds(&gaps.iter().map(|gap| gap.between).collect::<Vec<_>>());
    for (gap, bound) in gaps.iter_mut().zip(found) {
        (gap.at, gap.is_round, gap.open) = (bound.at, bound.is_round, bound.open);
    }
    gaps
}

/// Whether the bounds themselves belong below, and whether that is decided.
#[derive(Clone, Copy)]
struct Side {
    below: bool,
    is_decided: bool,
}

/// Tables of bands mostly say "up to and including", and everything else begins at its bound; the
/// lines on all bounds together may say otherwise.
fn side(gaps: &[Gap], points: &[Point]) -> Side {
    let table = gaps.iter().all(|gap| gap.forms.iter().all(|form| form.rate == 0));
    let (mut below, mut above) = (0_usize, 0_usize);
    for gap in gaps.iter().filter(|gap| gap.is_round) {
        for point in points.iter().filter(|point| point.amount == gap.at) {
            match gap.is_behind(point) {
                Some(false) => below += 1,
                Some(true) => above += 1,
                None => {}
            }
        }
    }
    let is_below = if below == above { table } else { below > above };
    let is_decided = decides(below.abs_diff(above), is_below == table);
    Side { below: is_below, is_decided }
}

/// Finds the amounts around bounds for which the lines do not say.
fn beside_bounds(schedule: &mut Schedule, gaps: &[Gap], side: Side) {
    for gap in gaps {
        if !gap.is_round {
            schedule.holes.push((gap.open.0 + 1, gap.open.1 - 1));
        } else if !side.is_decided {
            schedule.holes.push((gap.at, gap.at));
        }
    }
}

/// Finds the other amounts for which the lines do not say: exceptions at either end that look like a
/// bound, and exceptions that are alike.
fn doubts(schedule: &mut Schedule, points: &[Point]) {
    let (low, high) = schedule.covers;
    let given = |point: &&Point| schedule.fee(point.amount) == Some(point.fee);
    let (most, least) = points
        .iter()
        .filter(given)
        .fold((0, i64::MAX), |(most, least), point| (most.max(point.fee), least.min(point.fee)));
    let exceptions: Vec<Point> = points.iter().copied().filter(|point| !given(&point)).collect();
    let is_round = |fee: i64| fee % 10 == 0;
    let capped = |point: &Point| {
        let above = schedule.fee(point.amount).is_some_and(|fee| point.fee < fee);
        above && point.fee >= most && is_round(point.fee) && schedule.cap.is_none()
    };
    let raised = |point: &Point| {
        let below = schedule.fee(point.amount).is_some_and(|fee| point.fee > fee);
        below && point.fee <= least && is_round(point.fee) && schedule.minimum.is_none()
    };
    // One formula less its fixed part, at the lowest amounts: what a waiver looks like.
    let waived = |point: &Point| {
        let form = schedule.ranges.first().map(|range| Form { fixed: 0, ..range.form });
        form.is_some_and(|form| form.explains(point.amount, point.fee))
    };
    let top = exceptions.iter().filter(|point| point.amount > high);
    let bottom = exceptions.iter().filter(|point| point.amount < low);
    let top_ends = top.clone().filter(|point| capped(point)).map(|point| point.amount - 1).min();
    let bottom_ends =
        bottom.clone().filter(|p| raised(p) || waived(p)).map(|point| point.amount + 1).max();
    let to = top.map(|point| point.amount).max().unwrap_or(high);
    let from = bottom.map(|point| point.amount).min().unwrap_or(low);
    schedule.covers = (bottom_ends.unwrap_or(from), top_ends.unwrap_or(to));
    for (one, other) in exceptions.iter().zip(exceptions.iter().skip(1)) {
        let next = points.partition_point(|point| point.amount <= one.amount);
        let near = points.get(next).is_none_or(|point| point.amount >= other.amount);
        let alike = one.fee == other.fee && one.fee % 5 == 0;
        let span = (one.amount, other.amount);
        if alike && span.0 != span.1 && near && !schedule.is_inside(span, points) {
            schedule.holes.push(span);
        }
    }
    schedule.holes.retain(|(from, to)| from <= to);
}
