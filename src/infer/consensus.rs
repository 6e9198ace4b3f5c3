//! Which formulas explain the points of a cluster, to the minor unit: all that are simple enough,
//! the shortest description first.
//!
//! For every usual rate within the cluster's bounds each point says which fixed parts it allows;
//! the fixed part that most points allow is the partner of that rate. Nothing is estimated: a
//! formula is kept only with the points that it gives exactly.

use std::cmp::Reverse;

use super::bits::{Bits, RATE_STEPS, exception};
use super::cluster::{Cluster, Point, spread};
use super::form::{FIXED_UNIT, Form, RATE_UNIT, SCALE, TAX_UNIT, TAXES, Tax, source};
use crate::limits::{INFERRED_FORMS, INFERRED_RATES};
use crate::money::Rounding;

/// The ways to round, the most usual first.
pub(crate) const MODES: [Rounding; 4] =
    [Rounding::HalfUp, Rounding::HalfEven, Rounding::Up, Rounding::Down];

/// Points that are asked first; only what convinces half of what convinced most is tried on all.
const SAMPLE: usize = 48;

/// Of so many in a hundred points that the best formula misses, none will give all.
const HOPELESS: usize = 70;

/// Of so many points one may be off by one minor unit by mistake.
const NEARLY: usize = 300;

/// Formulas beside which half-even is tried.
const TIED: usize = 12;

/// A formula, how many points it gives, and how long it and the exceptions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) form: Form,
    pub(crate) explained: usize,
    pub(crate) bits: Bits,
}

impl Candidate {
    pub(crate) fn of(form: Form, points: &[Point]) -> Self {
        let mut found = Self { form, explained: 0, bits: form.bits() };
        for point in points {
            if form.explains(point.amount, point.fee) {
                found.explained += 1;
            } else {
                found.bits += exception(point.fee);
            }
        }
        found
    }

    fn key(&self) -> (Bits, Reverse<usize>, Tax, i64, i64, u8) {
        let rounding = self.form.rounding as u8;
        let Form { rate, fixed, tax, .. } = self.form;
        (self.bits, Reverse(self.explained), tax, rate, fixed, rounding)
    }
}

/// The bounds of `rate · amount + fixed` that a point sets, and how long its fee is if they do not
/// hold.
struct Strip {
    amount: i64,
    low: i64,
    high: i64,
    bits: Bits,
}

/// The strips of all points of a cluster, and how long the fees are that no formula of this kind gives.
struct Strips {
    of: Vec<Strip>,
    never: Bits,
}

impl Strips {
    fn of(points: &[Point], tax: Tax, rounding: Rounding) -> Self {
        let mut all = Self { of: Vec::with_capacity(points.len()), never: 0 };
        for point in points {
            match Strip::of(point, tax, rounding) {
                Some(strip) => all.of.push(strip),
                None => all.never += exception(point.fee),
            }
        }
        all
    }

    /// What [`Candidate::of`] says, without a fee being worked out.
    fn candidate(&self, form: Form) -> Candidate {
        let mut found = Candidate { form, explained: 0, bits: form.bits() + self.never };
        for strip in &self.of {
            let number = form.rate * strip.amount + form.fixed * SCALE;
            if (strip.low..=strip.high).contains(&number) {
                found.explained += 1;
            } else {
                found.bits += strip.bits;
            }
        }
        found
    }
}

impl Strip {
    fn of(point: &Point, tax: Tax, rounding: Rounding) -> Option<Self> {
        let (low, high) = source(point.fee, tax, rounding)?;
        Some(Self { amount: point.amount, low, high, bits: exception(point.fee) })
    }
}

/// The formulas for the points of a cluster, and the lengths of all that were tried.
pub(crate) struct Formulas {
    pub(crate) found: Vec<Candidate>,
    pub(crate) tried: Vec<Bits>,
}

/// The formulas for the points of a cluster. `like`: only with the tax and rounding of this one.
pub(crate) fn formulas(cluster: &Cluster, like: Option<Form>) -> Formulas {
    let mut search = Search { cluster, found: Vec::new(), tried: Vec::new() };
    if let Some(Form { tax, rounding, .. }) = like {
        search.constants();
        search.look(Tax::None, Rounding::HalfUp, false);
        if (tax, rounding) != (Tax::None, Rounding::HalfUp) {
            search.look(tax, rounding, false);
        }
        return search.finish();
    }
    search.constants();
    for rounding in MODES {
        search.look(Tax::None, rounding, false);
    }
    // What is missed by one minor unit here and there may have a finer fixed part or a tax; what is
    // missed nearly everywhere has neither.
    if search.misses_at_most(HOPELESS) {
        if !search.misses_at_most(3) {
            for rounding in [Rounding::HalfUp, Rounding::HalfEven] {
                search.look(Tax::None, rounding, true);
            }
        }
        if !search.is_simple() {
            search.taxes(Rounding::HalfUp);
            // What is near may be rounded in another way: 3.91 % + 0.2925 is (3.4 % + 0.25) · 1.15,
            // rounded up, but where that is a whole number.
            if !search.is_simple() {
                MODES.into_iter().skip(1).for_each(|rounding| search.taxes(rounding));
            }
        }
        search.ties();
    }
    search.finish()
}

struct Search<'a> {
    cluster: &'a Cluster,
    found: Vec<Candidate>,
    tried: Vec<Bits>,
}

impl Search<'_> {
    /// Tries every tax with a way to round.
    fn taxes(&mut self, rounding: Rounding) {
        for tax in TAXES {
            self.look(Tax::Together(tax), rounding, false);
            self.look(Tax::OnRounded(tax), rounding, false);
        }
    }

    /// Half-even beside each of the best formulas that are rounded half up, or as good as that: ties are
    /// too few to be missed. What is rounded down with half a minor unit more is rounded half up.
    fn ties(&mut self) {
        self.cut();
        let half = FIXED_UNIT / 2;
        let even = |form: Form| {
            let fixed = match (form.rounding, form.tax) {
                (Rounding::HalfUp, Tax::Together(_) | Tax::OnRounded(_)) => form.fixed,
                (Rounding::Down, Tax::None) => form.fixed - half,
                (Rounding::Up, Tax::None) => form.fixed + half,
                _ => return None,
            };
            (form.rate > 0 && fixed >= 0).then_some(Form {
                fixed,
                rounding: Rounding::HalfEven,
                ..form
            })
        };
        let best = self.found.iter().take(TIED).filter_map(|known| even(known.form));
        best.collect::<Vec<_>>().into_iter().for_each(|form| self.keep(form));
    }

    /// The fee that most points have.
    fn constants(&mut self) {
        let mut fees: Vec<i64> = self.cluster.members.iter().map(|point| point.fee).collect();
        if let Some((fee, _)) = most_frequent(&mut fees) {
            self.keep(Form::constant(fee));
        }
    }

    fn keep(&mut self, form: Form) {
        let of = |form| Candidate::of(form, &self.cluster.members);
        self.keep_as(form, of);
    }

    fn keep_as(&mut self, form: Form, of: impl Fn(Form) -> Candidate) {
        if self.found.iter().all(|known| known.form != form) {
            self.found.push(of(form));
        }
        if self.found.len() > 4 * INFERRED_FORMS {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.found.sort_by_key(Candidate::key);
        self.found.truncate(INFERRED_FORMS);
    }

    fn finish(mut self) -> Formulas {
        self.cut();
        Formulas { found: self.found, tried: self.tried }
    }

    /// Whether a formula leaves at most so many of a hundred points.
    fn misses_at_most(&self, percent: usize) -> bool {
        let all = self.cluster.members.len();
        self.found.iter().any(|known| known.explained * 100 >= all * (100 - percent))
    }

    /// Whether a formula explains them that nobody would write in another way. What it misses by one
    /// minor unit more often than mistakes do is rounded in another way: 3.45 % + 0.35 is
    /// (3 % + 0.30) · 1.15, rounded up, but where that is a whole number.
    fn is_simple(&self) -> bool {
        let members = &self.cluster.members;
        let is_near = |form: Form, point: &Point| {
            form.fee(point.amount).is_some_and(|fee| (fee - point.fee).abs() == 1)
        };
        let simple = |known: &Candidate| {
            let Form { rate, fixed, .. } = known.form;
            let is_round = rate % 500 == 0 && fixed % (5 * FIXED_UNIT) == 0;
            let explains = known.explained * 100 >= members.len() * 97;
            let near = || members.iter().filter(|point| is_near(known.form, point)).count();
            is_round && explains && near() <= members.len() / NEARLY
        };
        self.found.iter().any(simple)
    }

    /// Tries every usual rate with a tax and a way to round; `fine`: with fixed parts that are no
    /// whole minor units.
    fn look(&mut self, tax: Tax, rounding: Rounding, fine: bool) {
        let strip = |point: &Point| Strip::of(point, tax, rounding);
        let members = &self.cluster.members;
        let asked = spread(members.len(), SAMPLE).filter_map(|at| members.get(at));
        let sample: Vec<Strip> = asked.filter_map(strip).collect();
        // Most taxes convince few of these, and then the others need not be asked.
        let mut strips: Option<Strips> = None;
        let by = match tax {
            Tax::None => TAX_UNIT,
            Tax::Together(tax) | Tax::OnRounded(tax) => TAX_UNIT + tax,
        };
        let low = self.cluster.low * TAX_UNIT / by;
        let high = (self.cluster.high * TAX_UNIT / by + 1).min(RATE_UNIT);
        let (mut most, mut scratch) = (0, Vec::new());
        // Few points cannot tell many rates apart.
        let most_rates = INFERRED_RATES.min(40 + 10 * i64::try_from(members.len()).unwrap_or(0));
        for rate in rates(low, high, most_rates) {
            let first = partner(rate, sample.iter().step_by(4), fine, &mut scratch);
            if first.is_none_or(|(_, votes)| votes * 12 < sample.len()) {
                continue;
            }
            let asked = partner(rate, sample.iter(), fine, &mut scratch);
            let Some((fixed, votes)) = asked else { continue };
            self.tried.push(Form::new(rate, fixed, tax, rounding).bits());
            most = most.max(votes);
            if votes * 2 < most || votes * 3 < sample.len() {
                continue;
            }
            let all = strips.get_or_insert_with(|| Strips::of(members, tax, rounding));
            if let Some((fixed, _)) = partner(rate, all.of.iter(), fine, &mut scratch) {
                self.keep_as(Form::new(rate, fixed, tax, rounding), |form| all.candidate(form));
            }
        }
    }
}

/// The rates between two bounds, those on the coarsest steps first; of each step only if there are
/// few enough.
fn rates(low: i64, high: i64, most: i64) -> Vec<i64> {
    let mut rates = Vec::new();
    for (at, (step, _)) in RATE_STEPS.into_iter().enumerate() {
        let first = low.div_euclid(step) + i64::from(low.rem_euclid(step) != 0);
        let last = high.div_euclid(step);
        if last - first > most {
            break;
        }
        let coarser = RATE_STEPS.iter().take(at);
        let is_new = |rate: &i64| coarser.clone().all(|(step, _)| rate % step != 0);
        rates.extend((first..=last).map(|n| n * step).filter(is_new).filter(|rate| *rate > 0));
    }
    rates
}

/// The fixed part (in hundredths of a minor unit, not negative) that most points allow beside a
/// rate, and how many do.
fn partner<'a>(
    rate: i64,
    strips: impl Iterator<Item = &'a Strip>,
    fine: bool,
    scratch: &mut Vec<i64>,
) -> Option<(i64, usize)> {
    let open = |strip: &Strip| (strip.low - rate * strip.amount, strip.high - rate * strip.amount);
    if fine {
        return deepest(strips.map(open).collect());
    }
    let whole = |(low, high): (i64, i64)| {
        let number = low.div_euclid(RATE_UNIT) + i64::from(low.rem_euclid(RATE_UNIT) != 0);
        (number >= 0 && number * RATE_UNIT <= high).then_some(number)
    };
    scratch.clear();
    scratch.extend(strips.map(open).filter_map(whole));
    let (number, votes) = most_frequent(scratch)?;
    Some((number * FIXED_UNIT, votes))
}

/// The roundest number (in hundredths of a minor unit) where most spans overlap.
fn deepest(spans: Vec<(i64, i64)>) -> Option<(i64, usize)> {
    let mut ends: Vec<(i64, i64)> = Vec::with_capacity(spans.len() * 2);
    for (low, high) in spans {
        ends.push((low.max(0), 1));
        ends.push((high.max(-1) + 1, -1));
    }
    ends.sort_unstable();
    let (mut depth, mut deepest, mut at) = (0_i64, 0_i64, (0_i64, 0_i64));
    let mut next = ends.iter().skip(1).map(|end| end.0);
    for (place, step) in &ends {
        depth += step;
        let until = next.next().unwrap_or(*place) - 1;
        if depth > deepest && until >= *place {
            deepest = depth;
            at = (*place, until);
        }
    }
    let round = [RATE_UNIT / 2, RATE_UNIT / 4, RATE_UNIT / 10, RATE_UNIT / 20, SCALE];
    let inside = round.into_iter().find_map(|step| {
        let number = at.0.div_euclid(step) + i64::from(at.0.rem_euclid(step) != 0);
        (number * step <= at.1).then_some(number * step)
    })?;
    Some((inside / SCALE, usize::try_from(deepest).ok()?))
}

/// The number that occurs most often, the smallest of several.
pub(crate) fn most_frequent(numbers: &mut [i64]) -> Option<(i64, usize)> {
    numbers.sort_unstable();
    let mut best: Option<(i64, usize)> = None;
    for run in numbers.chunk_by(|one, other| one == other) {
        if let Some(number) = run.first()
            && best.is_none_or(|(_, most)| run.len() > most)
        {
            best = Some((*number, run.len()));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::cluster::clusters;

    fn best(form: Form, amounts: impl Iterator<Item = i64>) -> Candidate {
        let point = |amount| Point { amount, fee: form.fee(amount).unwrap() };
        let mut points: Vec<Point> = amounts.map(point).collect();
        points.sort();
        let clusters = clusters(&points, 1);
        formulas(&clusters[0], None).found[0]
    }

    #[test]
    fn formulas_come_back_from_their_fees() {
        for (rate, fixed, tax, rounding) in [
            (29_000, 3_000, Tax::None, Rounding::HalfUp),
            (27_500, 0, Tax::None, Rounding::HalfUp),
            (14_900, 2_500, Tax::None, Rounding::Up),
            (14_900, 2_500, Tax::None, Rounding::Down),
            (20_000, 0, Tax::OnRounded(1_800), Rounding::HalfUp),
            (14_000, 0, Tax::Together(750), Rounding::HalfUp),
            (0, 10_000, Tax::None, Rounding::HalfUp),
            (5_400, 0, Tax::None, Rounding::HalfEven),
            (2_500, 25, Tax::None, Rounding::HalfUp),
        ] {
            let form = Form::new(rate, fixed, tax, rounding);
            let amounts = (0..200_i64).map(|n| 500 + n * n * 37 % 90_000 + n * 50);
            let found = best(form, amounts.clone());
            assert_eq!(found.explained, 200, "{form:?} {found:?}");
            for amount in amounts {
                assert_eq!(found.form.fee(amount), form.fee(amount), "{form:?} {found:?}");
            }
        }
    }

    #[test]
    fn the_usual_rate_wins_among_those_that_explain_three_lines() {
        let points = [(15_000, 540), (54_000, 1_905), (59_500, 2_098)];
        let points = points.map(|(amount, fee)| Point { amount, fee });
        let found = formulas(&Cluster::whole(&points).unwrap(), None).found;
        let form = Form::new(35_000, 1_500, Tax::None, Rounding::HalfUp);
        assert_eq!(found[0].form, form, "{found:?}");
        assert_eq!(found[0].explained, 3);
    }
}
