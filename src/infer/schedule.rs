//! Which fee an amount has on one day: formulas by ranges of the amount, between a minimum and a cap;
//! and for which amounts the lines do not say.

use super::bits::{BIT, Bits, exception, log2};
use super::cluster::Point;
use super::form::Form;
use super::pieces::{Run, Runs, alternatives};

/// How much longer another description must be to be left out of account: one in 128.
const MARGIN: Bits = 7 * BIT;

/// What a formula must save beside the fees that it explains, to be more than chance.
const EVIDENCE: Bits = 12 * BIT;

/// What a line says against a formula that is only near the true one: such formulas give three of four
/// lines exactly, so that among many one gives all lines of a few.
const EXACT: Bits = 7;

/// Fewer than one round number in so many gaps is chance.
const CHANCE: i64 = 16;

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
    /// Two formulas explain the lines and differ elsewhere in the file.
    Alternatives {
        /// The two.
        forms: [Form; 2],
    },
}

impl Schedule {
    /// The fee of an amount by the formulas, also where the lines do not say.
    #[must_use]
    pub fn fee(&self, amount: i64) -> Option<i64> {
        let range = self.ranges.iter().rev().find(|range| range.from <= amount);
        let fee = range.or(self.ranges.first())?.form.fee(amount)?;
        let fee = self.minimum.map_or(fee, |minimum| fee.max(minimum));
        Some(self.cap.map_or(fee, |cap| fee.min(cap)))
    }

    /// The fee of an amount, where the lines determine it.
    #[must_use]
    pub fn determined(&self, amount: i64) -> Option<i64> {
        let (low, high) = self.covers;
        let known = (low..=high).contains(&amount)
            && !self.holes.iter().any(|(from, to)| (*from..=*to).contains(&amount));
        if known { self.fee(amount) } else { None }
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
    let gaps = gaps(&pieces);
    let starts = std::iter::once(0).chain(gaps.iter().map(|gap| gap.from));
    schedule.ranges =
        starts.zip(&pieces).map(|(from, piece)| Range { from, form: piece.form }).collect();
    schedule.others = pieces.iter().map(|piece| piece.others.clone()).collect();
    schedule.holes = unsaid;
    doubts(&mut schedule, points, &gaps);
    Ok(schedule)
}

/// Amounts from and to, both inclusive.
type Spans = Vec<(i64, i64)>;

/// How many times as round a bound must be to be the true one although a line speaks against it.
const ROUNDER: i64 = 8;

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
                let held: Vec<Point> = points
                    .iter()
                    .copied()
                    .filter(|point| {
                        let inside = |run: &Run| (run.low..=run.high).contains(&point.amount);
                        runs.runs.iter().filter(of_form).any(inside)
                            && form.explains(point.amount, point.fee)
                    })
                    .collect();
                let (form, others) = match simplest(&held, form) {
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

/// The shortest formula for these points, and those that are not much longer.
fn simplest(held: &[Point], known: Form) -> Result<(Form, Vec<Form>), Missing> {
    let mut amounts: Vec<i64> = held.iter().map(|point| point.amount).collect();
    amounts.dedup();
    if amounts.len() < 2 {
        return Err(Missing::OneAmount { lines: held.len() });
    }
    let (all, tried) = match known {
        Form { rate: 0, .. } | Form { more: 1.., .. } => {
            (vec![super::consensus::Candidate::of(known, held)], 1)
        }
        _ => alternatives(held, known),
    };
    let best = all.first().copied().ok_or(Missing::Chance { lines: held.len() })?;
    let unknowns = best.form.unknowns();
    if amounts.len() <= unknowns {
        return Err(Missing::Lines { lines: held.len(), unknowns });
    }
    let null: Bits = held.iter().map(|point| exception(point.fee)).sum();
    let tried = i64::try_from(tried).unwrap_or(i64::MAX);
    let exact = EXACT * i64::try_from(best.explained).unwrap_or(0) - log2(tried);
    if null - best.bits < EVIDENCE || (best.form.rate > 0 && exact < BIT) {
        return Err(Missing::Chance { lines: held.len() });
    }
    let near = all.iter().skip(1).filter(|other| other.bits <= best.bits + MARGIN);
    Ok((best.form, near.map(|other| other.form).collect()))
}

/// Where one formula follows another: the last amount of the one, the first of the other, the
/// amount from which the other is taken to hold, and how round that is.
struct Gap {
    low: i64,
    high: i64,
    from: i64,
    at: i64,
    step: i64,
}

fn gaps(pieces: &[Chosen]) -> Vec<Gap> {
    let pairs = pieces.iter().zip(pieces.iter().skip(1));
    let gap = |(one, other): (&Chosen, &Chosen)| {
        let (low, high) = (one.run.high, other.run.low);
        let (at, step) = roundest(low, high);
        // Tables of bands say "up to and including"; everything else begins at the round amount.
        let table = one.form.rate == 0 && other.form.rate == 0;
        let from = if at == low || (table && at != high) { at + 1 } else { at };
        Gap { low, high, from, at, step }
    };
    pairs.map(gap).collect()
}

/// The roundest number between two, both inclusive, and the largest usual step it is a multiple of.
pub(crate) fn roundest(low: i64, high: i64) -> (i64, i64) {
    for zeros in (0..15).rev() {
        for one in [10, 5, 2] {
            let step = one * 10_i64.pow(zeros);
            let number = high.div_euclid(step) * step;
            if number >= low && number > 0 {
                return (number, step);
            }
        }
    }
    (high, 1)
}

/// Finds the amounts for which the lines do not say: exceptions at either end that look like a
/// bound, exceptions where one formula follows another, and those for which formulas that explain
/// the other lines differ.
fn doubts(schedule: &mut Schedule, points: &[Point], gaps: &[Gap]) {
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
    let widths: Vec<(i64, i64)> = gaps.iter().map(|gap| (gap.high - gap.low, gap.step)).collect();
    let round = are_round(&widths);
    // Whether the round amounts themselves belong below, as other bounds of the table show.
    let below = gaps.iter().filter(|gap| gap.at == gap.low).count();
    let above = gaps.iter().filter(|gap| gap.at == gap.high && gap.low < gap.high).count();
    let told = schedule.ranges.iter().all(|range| range.form.rate == 0) && below > 0 && above == 0;
    for (gap, is_round) in gaps.iter().zip(round) {
        if !is_round {
            schedule.holes.push((gap.low + 1, gap.high - 1));
        } else if gap.at > gap.low && gap.at < gap.high && !told {
            schedule.holes.push((gap.at, gap.at));
        }
    }
    // A line beside a bound that has the fee of the other side by mistake, and one more in between,
    // hide a rounder bound.
    for gap in gaps {
        let under = points.partition_point(|point| point.amount < gap.low);
        let over = points.partition_point(|point| point.amount <= gap.high);
        let low = under.checked_sub(2).and_then(|at| points.get(at)).map_or(0, |p| p.amount);
        let high = points.get(over + 1).map_or(gap.high, |point| point.amount);
        if roundest(low, high).1 >= gap.step.saturating_mul(ROUNDER) {
            schedule.holes.push((low + 1, high - 1));
        }
    }
    for point in points {
        let of = schedule.ranges.iter().rposition(|range| range.from <= point.amount);
        let others = of.and_then(|at| schedule.others.get(at));
        let own = of.and_then(|at| schedule.ranges.get(at)).map(|range| range.form);
        let (Some(own), Some(others)) = (own, others) else { continue };
        let fee = own.fee(point.amount);
        if others.iter().any(|other| other.fee(point.amount) != fee) {
            schedule.holes.push((point.amount, point.amount));
        }
    }
    for (one, other) in exceptions.iter().zip(exceptions.iter().skip(1)) {
        let next = points.partition_point(|point| point.amount <= one.amount);
        let near = points.get(next).is_none_or(|point| point.amount >= other.amount);
        let alike = one.fee == other.fee && one.fee % 5 == 0;
        if alike && one.amount != other.amount && near {
            schedule.holes.push((one.amount, other.amount));
        }
    }
    schedule.holes.retain(|(from, to)| from <= to);
}

/// Which bounds are where they are because they are round: each gap between two formulas is given by
/// its width and the largest usual step that the bound in it is a multiple of. One that is round by
/// itself is; so is one that is somewhat round among others, if all of them are hardly by chance.
pub(crate) fn are_round(gaps: &[(i64, i64)]) -> Vec<bool> {
    let odds = |(width, step): &(i64, i64)| (step / (*width).max(1)).clamp(1, CHANCE * CHANCE);
    let all = gaps.iter().map(odds).fold(1_i64, |all, one| (all * one).min(CHANCE * CHANCE));
    let is_round = |gap| odds(gap) >= CHANCE || (odds(gap) >= 2 && all >= CHANCE);
    gaps.iter().map(is_round).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_numbers_are_found() {
        for (low, high, expected) in [
            (2_480, 2_520, (2_500, 500)),
            (99_000, 101_000, (100_000, 100_000)),
            (1_000, 1_001, (1_000, 1_000)),
            (7, 7, (7, 1)),
            (233, 239, (235, 5)),
        ] {
            assert_eq!(roundest(low, high), expected, "{low} {high}");
        }
    }
}
