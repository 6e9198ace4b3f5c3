//! Which formula holds where: one after another is taken off the lines, and then each line is given
//! to one of them so that they follow each other along the amounts, with as few exceptions and
//! changes as possible; where that leaves too many, the lines are cut by day or by volume first.

use super::bits::{BIT, Bits, exception};
use super::cluster::{Cluster, Point, clusters, spread};
use super::consensus::{Candidate, formulas, most_frequent};
use super::form::{Form, Tax};
use super::line::{Line, points};
use crate::limits::INFERRED_PIECES;
use crate::money::Rounding;

/// What a change of the formula along the amounts costs: where it is, and that it is one.
const CHANGE: Bits = 16 * BIT;

/// What a cut by day or volume costs.
const CUT: Bits = 20 * BIT;

/// Places at which a cut is tried.
const CUTS: usize = 160;

/// Cuts within cuts.
const DEPTH: usize = 4;

/// How many lines of so many may be exceptions: one in ten, and of few lines one.
pub(crate) fn allowed(lines: usize) -> usize {
    match lines {
        0..=7 => 0,
        8..=19 => 1,
        _ => lines / 10,
    }
}

/// Formulas that each explain some of the points, those that explain most first.
pub(crate) fn formulas_of(all: &[Point]) -> Vec<Form> {
    if let Some(forms) = bands(all) {
        return forms;
    }
    let mut rest = all.to_vec();
    let mut forms: Vec<Form> = Vec::new();
    // What is left at last are exceptions, of which a few are always on one line.
    let few = (all.len() / 50).max(3);
    let mut rises = true;
    while forms.len() < INFERRED_PIECES && rest.len() > 1 {
        // The formulas of one contract have one tax and are rounded alike.
        let like = forms.iter().find(|form| form.rate > 0).copied();
        let Some((best, explained)) = best(&rest, like, rises) else { break };
        rises &= explained >= few;
        rest.retain(|point| !best.explains(point.amount, point.fee));
        forms.push(best);
    }
    forms
}

/// The fees of a table of bands, if these are one: few, far apart, and nearly all that there is.
fn bands(all: &[Point]) -> Option<Vec<Form>> {
    let mut fees: Vec<i64> = all.iter().map(|point| point.fee).collect();
    fees.sort_unstable();
    let runs: Vec<(i64, usize)> = fees
        .chunk_by(|one, other| one == other)
        .filter_map(|run| Some((*run.first()?, run.len())).filter(|(_, count)| *count > 2))
        .collect();
    let covered: usize = runs.iter().map(|(_, count)| count).sum();
    let apart = runs.iter().zip(runs.iter().skip(1)).all(|(one, other)| other.0 - one.0 > 2);
    let few = runs.len() <= INFERRED_PIECES && covered >= runs.len() * 8;
    let is_table = covered * 10 >= all.len() * 9 && apart && few && runs.len() > 1;
    is_table.then(|| runs.into_iter().map(|(fee, _)| Form::constant(fee)).collect())
}

/// The formula that saves most when it is written down in place of the fees that it explains, and
/// how many it explains. `rises`: also those that go by the amount.
fn best(rest: &[Point], like: Option<Form>, rises: bool) -> Option<(Form, usize)> {
    let mut found: Option<(Bits, Form, usize)> = None;
    let mut offer = |form: Form| {
        let explained = rest.iter().filter(|point| form.explains(point.amount, point.fee));
        let (mut saved, mut count) = (-form.bits(), 0_usize);
        for point in explained {
            saved += exception(point.fee);
            count += 1;
        }
        let enough = count >= 2 && count > form.unknowns() && saved >= 8 * BIT;
        if enough && found.is_none_or(|(most, ..)| saved > most) {
            found = Some((saved, form, count));
        }
        count
    };
    let mut fees: Vec<i64> = rest.iter().map(|point| point.fee).collect();
    if let Some((fee, count)) = most_frequent(&mut fees)
        && count > 1
    {
        offer(Form::constant(fee));
    }
    let usual = like.unwrap_or(Form::new(0, 0, Tax::None, Rounding::HalfUp));
    for cluster in clusters(rest, if rises { 2 } else { 0 }) {
        let mut explained = |cluster: &Cluster, like: Option<Form>| {
            let first = formulas(cluster, like).found.first().copied();
            first.map_or(0, |first| offer(first.form))
        };
        let all = cluster.members.len();
        let whole = explained(&cluster, like);
        if whole * 10 >= all * 9 {
            break;
        }
        // What is looked for with every tax takes long, and is done where nothing else helps.
        for half in cluster.halves() {
            let found = explained(&half, Some(usual));
            if like.is_none() && whole * 2 < all && found * 2 < half.members.len() {
                explained(&half, None);
            }
        }
    }
    found.map(|(_, form, count)| (form, count))
}

/// Consecutive amounts that one formula explains; `form` is its place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) form: usize,
    /// The lowest and the highest amount that it explains here.
    pub(crate) low: i64,
    pub(crate) high: i64,
    pub(crate) explained: usize,
}

/// Runs along the amounts, and what they and the exceptions cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Runs {
    pub(crate) runs: Vec<Run>,
    pub(crate) cost: Bits,
    pub(crate) exceptions: usize,
}

/// Gives each point (in ascending order) to a formula: the cheapest way there is.
pub(crate) fn along_amounts(points: &[Point], forms: &[Form]) -> Runs {
    let seen: Vec<Seen> = points.iter().map(|point| Seen::of(*point, forms)).collect();
    let mut trail = Trail::new(forms.len());
    seen.iter().for_each(|seen| trail.go(seen, true));
    trail.runs(&seen)
}

/// A point, and which of the formulas explain it, one bit for each.
#[derive(Clone, Copy, Debug)]
struct Seen {
    point: Point,
    by: u64,
}

impl Seen {
    fn of(point: Point, forms: &[Form]) -> Self {
        let bit = |(at, form): (usize, &Form)| {
            u64::from(form.explains(point.amount, point.fee)) << (at & 63)
        };
        Self { point, by: forms.iter().enumerate().map(bit).fold(0, |all, bit| all | bit) }
    }
}

/// The cost of the best way along the points that ends in each formula, and for each point and
/// formula from which that way came.
struct Trail {
    costs: Vec<Bits>,
    came: Vec<u8>,
}

impl Trail {
    fn new(forms: usize) -> Self {
        Self { costs: vec![0; forms], came: Vec::new() }
    }

    fn least(&self) -> Option<(usize, Bits)> {
        self.costs.iter().copied().enumerate().min_by_key(|(_, cost)| *cost)
    }

    fn go(&mut self, seen: &Seen, remembers: bool) {
        let Some((best, least)) = self.least() else { return };
        let missed = exception(seen.point.fee);
        for (at, cost) in self.costs.iter_mut().enumerate() {
            let change = *cost > least + CHANGE;
            let explained = seen.by >> (at & 63) & 1 == 1;
            *cost = if change { least + CHANGE } else { *cost };
            *cost += if explained { 0 } else { missed };
            if remembers {
                let from = if change { best } else { at };
                self.came.push(u8::try_from(from).unwrap_or(0));
            }
        }
    }

    /// The runs of the best way, from its end back to its start.
    fn runs(&self, points: &[Seen]) -> Runs {
        let Some((mut state, cost)) = self.least() else {
            let cost = points.iter().map(|seen| exception(seen.point.fee)).sum();
            return Runs { runs: Vec::new(), cost, exceptions: points.len() };
        };
        let mut runs: Vec<Run> = Vec::new();
        let mut explained = 0;
        for (at, seen) in points.iter().enumerate().rev() {
            if seen.by >> (state & 63) & 1 == 1 {
                explained += 1;
                let amount = seen.point.amount;
                match runs.last_mut() {
                    Some(run) if run.form == state => {
                        run.low = amount;
                        run.explained += 1;
                    }
                    _ => runs.push(Run { form: state, low: amount, high: amount, explained: 1 }),
                }
            }
            let from = self.came.get(at * self.costs.len() + state);
            state = from.map_or(state, |from| usize::from(*from));
        }
        runs.reverse();
        Runs { runs, cost, exceptions: points.len() - explained }
    }
}

/// What a piece is bounded by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Lines before this day, and from it on.
    Day(i32),
    /// Lines with less volume before them, and with this or more.
    Volume(i64),
}

impl Cut {
    pub(crate) fn is_before(self, line: &Line) -> bool {
        match self {
            Self::Day(day) => line.day < day,
            Self::Volume(volume) => line.volume < volume,
        }
    }
}

/// How lines are divided: not at all, or by a cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pieces {
    One(Runs),
    Two(Cut, Box<Pieces>, Box<Pieces>),
}

impl Pieces {
    pub(crate) fn exceptions(&self) -> usize {
        match self {
            Self::One(runs) => runs.exceptions,
            Self::Two(_, one, other) => one.exceptions() + other.exceptions(),
        }
    }

    fn cost(&self) -> Bits {
        match self {
            Self::One(runs) => runs.cost,
            Self::Two(_, one, other) => CUT + one.cost() + other.cost(),
        }
    }
}

/// Divides lines so that formulas follow each other along the amounts of each piece.
pub(crate) fn divide(lines: &[&Line], forms: &[Form]) -> Pieces {
    // By days alone, by volumes alone, and by both: the first cut of the one may spoil the other.
    let ways: [&[Axis]; 3] = [&[Axis::Day], &[Axis::Volume], &[Axis::Day, Axis::Volume]];
    let mut sorted: Vec<&Line> = lines.to_vec();
    sorted.sort_unstable_by_key(|line| line.point());
    let marked: Vec<Marked<'_>> =
        sorted.iter().map(|line| (*line, Seen::of(line.point(), forms))).collect();
    let mut best: Option<Pieces> = None;
    for axes in ways {
        let found = divided(&marked, forms.len(), axes, DEPTH);
        if best.as_ref().is_none_or(|known| found.cost() < known.cost()) {
            best = Some(found);
        }
        // Nothing to cut, or nothing left that both would do better.
        let good = best.as_ref().is_some_and(|best| best.exceptions() <= allowed(lines.len()) / 2);
        if good && (axes == [Axis::Volume] || matches!(best, Some(Pieces::One(_)))) {
            break;
        }
    }
    best.unwrap_or_else(|| Pieces::One(along_amounts(&points(lines), forms)))
}

/// What lines may be cut by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Day,
    Volume,
}

/// A line with what explains it.
type Marked<'a> = (&'a Line, Seen);

/// Divides lines, which are in ascending order of their points.
fn divided(lines: &[Marked<'_>], forms: usize, axes: &[Axis], depth: usize) -> Pieces {
    let seen: Vec<Seen> = lines.iter().map(|(_, seen)| *seen).collect();
    let mut trail = Trail::new(forms);
    seen.iter().for_each(|seen| trail.go(seen, true));
    let whole = trail.runs(&seen);
    // A few exceptions are what a file has; more of them, or many changes, ask for a cut.
    let suspicious = whole.cost >= CUT + 2 * CHANGE || whole.exceptions > allowed(lines.len());
    if depth == 0 || lines.len() < 8 || forms < 2 || !suspicious {
        return Pieces::One(whole);
    }
    let cost = |cut: Cut| {
        let mut sides = [Trail::new(forms), Trail::new(forms)];
        let [one, other] = &mut sides;
        for (line, seen) in lines {
            if cut.is_before(line) { one.go(seen, false) } else { other.go(seen, false) }
        }
        CUT + sides.iter().filter_map(Trail::least).map(|(_, cost)| cost).sum::<Bits>()
    };
    let places = axes.iter().map(|axis| cuts(lines, *axis));
    let best = places.filter_map(|places| cheapest(&places, cost)).min_by_key(|found| found.0);
    let Some((_, cut)) = best.filter(|(cost, _)| *cost < whole.cost) else {
        return Pieces::One(whole);
    };
    let (one, other): (Vec<Marked<'_>>, Vec<Marked<'_>>) =
        lines.iter().partition(|(line, _)| cut.is_before(line));
    let [one, other] = [one, other].map(|side| Box::new(divided(&side, forms, axes, depth - 1)));
    Pieces::Two(cut, one, other)
}

/// The cheapest of many places: among some that are spread over all, and then around the best.
fn cheapest(places: &[Cut], cost: impl Fn(Cut) -> Bits) -> Option<(Bits, Cut)> {
    let of = |at: usize| places.get(at).map(|cut| (cost(*cut), at, *cut));
    let (_, near, _) = spread(places.len(), CUTS).filter_map(of).min_by_key(|best| best.0)?;
    let step = places.len().div_ceil(CUTS);
    let around = near.saturating_sub(step)..=near + step;
    around.filter_map(of).min_by_key(|best| best.0).map(|(cost, _, cut)| (cost, cut))
}

/// Where lines may be cut.
fn cuts(lines: &[Marked<'_>], axis: Axis) -> Vec<Cut> {
    let number = |(line, _): &Marked<'_>| match axis {
        Axis::Day => i64::from(line.day),
        Axis::Volume => line.volume,
    };
    let mut numbers: Vec<i64> = lines.iter().map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let cut = |number: &i64| match axis {
        Axis::Day => i32::try_from(*number).ok().map(Cut::Day),
        Axis::Volume => Some(Cut::Volume(*number)),
    };
    numbers.iter().skip(1).filter_map(cut).collect()
}

/// The formulas that are possible for these points, the simplest first, and how many as short as
/// that one were tried.
pub(crate) fn alternatives(points: &[Point], known: Form) -> (Vec<Candidate>, usize) {
    let found = Cluster::whole(points).map(|cluster| formulas(&cluster, None));
    let (found, tried) = found.map_or_else(Default::default, |of| (of.found, of.tried));
    let mut all: Vec<Candidate> =
        found.iter().map(|candidate| Candidate::of(candidate.form, points)).collect();
    if all.iter().all(|candidate| candidate.form != known) {
        all.push(Candidate::of(known, points));
    }
    all.sort_by_key(|candidate| candidate.bits);
    let shortest = all.first().map_or(0, |best| best.form.bits());
    let tried = tried.iter().filter(|bits| **bits <= shortest).count();
    (all, tried)
}
