//! Which schedule holds when: by days on which fees change, and by the volume of the month.

use super::cluster::{Point, clusters};
use super::consensus::formulas;
use super::crossing::bounds;
use super::form::{Form, Tax};
use super::line::{Line, points};
use super::pieces::{Cut, Pieces, allowed, along_amounts, divide, formulas_of};
use super::schedule::{self, Missing, Schedule};
use super::witness::{Span, between};
use crate::time::Date;

/// Lines of which a rate that is rounded alone can be told from one that is not.
const MANY: usize = 20;

/// Of so many lines that are explained one may be off by one minor unit, and one more: more of these
/// are no mistakes of the provider but another way to round.
const NEAR: usize = 100;

/// Of so many lines one may have the fee of another period by chance, and one more.
const STRAYED: usize = 200;

/// Schedules by volume, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day, in days since 1970-01-01; `None` if nothing is known before it.
    pub from: Option<i32>,
    /// Days before `from` on which the lines do not say whether it has begun.
    pub unclear: Option<(i32, i32)>,
    /// What of these days is unclear if another segment shows that fees changed on `from`.
    pub(crate) narrower: Option<(i32, i32)>,
    /// By the volume of the month; one without a bound if that does not matter.
    pub tiers: Vec<Tier>,
    /// How tiers follow each other.
    pub mode: Mode,
}

/// A schedule up to a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The volume of the month up to which it holds, inclusive, in minor units.
    pub up_to: Option<i64>,
    /// Between which volumes the bound lies, as far as the lines say.
    pub between: Option<(i64, i64)>,
    /// What holds.
    pub schedule: Schedule,
}

/// How a line is charged that crosses the bound between two tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// By the tier of the volume with the line.
    Whole,
    /// Each part of the line by the tier in which it lies.
    Marginal,
    /// No line says which.
    Unclear,
}

/// What holds for the lines of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// In ascending order of their days.
    pub periods: Vec<Period>,
}

impl Plan {
    /// The fee of a line, also where the lines do not determine it.
    #[must_use]
    pub fn fee(&self, line: &Line) -> Option<i64> {
        self.period(line.day)?.fee(line, Schedule::fee)
    }

    /// The fee of a line, where the lines of the segment determine it.
    #[must_use]
    pub fn determined(&self, line: &Line) -> Option<i64> {
        let period = self.period(line.day)?;
        let fee = period
            .fee(line, Schedule::determined)
            .filter(|_| !period.is_unclear(line) && !period.differ(line))?;
        for (earlier, later) in self.periods.iter().zip(self.periods.iter().skip(1)) {
            let Some((first, last)) = later.unclear else { continue };
            let is_unclear = (first..=last).contains(&line.day);
            let same = [earlier, later].map(|period| period.fee(line, Schedule::determined));
            if is_unclear && same.iter().any(|other| *other != Some(fee)) {
                return None;
            }
        }
        Some(fee)
    }

    /// Its one formula, if it has no other.
    pub(crate) fn plain(&self) -> Option<Form> {
        match self.periods.as_slice() {
            [Period { tiers, .. }] => match tiers.as_slice() {
                [tier] => tier.schedule.plain(),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn explains(&self, line: &Line) -> bool {
        self.fee(line) == Some(line.fee)
    }

    fn period(&self, day: i32) -> Option<&Period> {
        let begun = |period: &&Period| period.from.is_none_or(|from| from <= day);
        self.periods.iter().rev().find(begun)
    }
}

impl Period {
    pub(super) fn fee(
        &self,
        line: &Line,
        of: impl Fn(&Schedule, i64) -> Option<i64>,
    ) -> Option<i64> {
        if let [tier] = self.tiers.as_slice() {
            return of(&tier.schedule, line.amount);
        }
        let end = line.volume + line.amount;
        let first = self.tier_of(line.volume + 1)?;
        let last = self.tier_of(end)?;
        if std::ptr::eq(first, last) {
            return of(&first.schedule, line.amount);
        }
        match self.mode {
            Mode::Whole => of(&last.schedule, line.amount),
            Mode::Marginal => self.blended(line),
            Mode::Unclear => None,
        }
    }

    /// The tier of a volume of the month.
    fn tier_of(&self, volume: i64) -> Option<&Tier> {
        let holds = |tier: &&Tier| tier.up_to.is_none_or(|up_to| volume <= up_to);
        self.tiers.iter().find(holds)
    }

    /// Whether most lines that cross a bound between its tiers have the fee of its mode.
    fn is_crossed(&self, lines: &[&Line]) -> bool {
        let tier = |volume: i64| self.tier_of(volume).map(std::ptr::from_ref);
        let crosses = |line: &&&Line| tier(line.volume + 1) != tier(line.volume + line.amount);
        let crossing = || lines.iter().filter(crosses);
        let given = |line: &&&Line| self.fee(line, Schedule::fee) == Some(line.fee);
        self.tiers.len() < 2 || crossing().filter(given).count() * 2 > crossing().count()
    }

    /// Whether a line would have another fee if tiers ended elsewhere between the volumes between
    /// which they do.
    fn is_unclear(&self, line: &Line) -> bool {
        let own = self.fee(line, Schedule::fee);
        let moved = |at: usize, bound: i64| {
            let mut other = self.clone();
            if let Some(tier) = other.tiers.get_mut(at) {
                tier.up_to = Some(bound);
            }
            other.fee(line, Schedule::fee) != own
        };
        self.tiers.iter().enumerate().any(|(at, tier)| {
            let Some((low, high)) = tier.between else { return false };
            let near = line.volume <= high && line.volume + line.amount >= low;
            near && (moved(at, low) || moved(at, high))
        })
    }

    /// Whether a line that crosses a bound would have another fee by other formulas that explain the
    /// lines of its tiers as well.
    fn differ(&self, line: &Line) -> bool {
        let own = self.fee(line, Schedule::fee);
        let with = |at: usize, form: Form| {
            let mut other = self.clone();
            let tier = other.tiers.get_mut(at);
            if let Some(range) = tier.and_then(|tier| tier.schedule.ranges.first_mut()) {
                range.form = form;
            }
            other.fee(line, Schedule::fee) != own
        };
        self.tiers.len() > 1
            && self.tiers.iter().enumerate().any(|(at, tier)| {
                let like = |other: &&Form| {
                    tier.schedule.ranges.iter().any(|range| {
                        (range.form.tax, range.form.rounding) == (other.tax, other.rounding)
                    })
                };
                let others = tier.schedule.others.first().into_iter().flatten();
                others.filter(like).any(|form| with(at, *form))
            })
    }

    /// The fee of a line of which parts lie in different tiers; `None` if their formulas are not
    /// rounded alike or do not have one tax.
    fn blended(&self, line: &Line) -> Option<i64> {
        let (mut sum, mut from, end) = (0_i128, line.volume, line.volume + line.amount);
        let mut last: Option<Form> = None;
        for tier in &self.tiers {
            let until = tier.up_to.unwrap_or(i64::MAX).min(end);
            let form = tier.schedule.plain()?;
            if until > from {
                sum += i128::from(form.rate) * i128::from(until - from);
                from = until;
                if last.is_some_and(|last| (last.tax, last.rounding) != (form.tax, form.rounding)) {
                    return None;
                }
                last = Some(form);
            }
        }
        let form = last?;
        // As a fee of one unit of an amount whose rate is the sum.
        let whole = Form { rate: i64::try_from(sum).ok()?, ..form };
        whole.fee(1)
    }
}

/// The simplest plan of lines of one segment. `bases`: formulas of other segments, to which this one
/// may add a part that is rounded alone.
///
/// # Errors
/// What is missing to determine it.
pub(crate) fn plan(lines: &[&Line], bases: &[Form]) -> Result<Plan, Missing> {
    let all = points(lines);
    let alone = bases.iter().find_map(|base| added(&all, *base));
    let forms = alone.map_or_else(|| formulas_of(&all), |form| vec![form]);
    let pieces = divide(lines, &forms);
    let open = pieces.exceptions();
    if open > 0 && lines.len() < 4 {
        return Err(Missing::Lines { lines: lines.len(), unknowns: 2 });
    }
    if open > allowed(lines.len()) + straddling(&pieces, lines) {
        return Err(Missing::NoFormula { lines: lines.len(), explained: lines.len() - open });
    }
    let mut days = Vec::new();
    let mut volumes = Vec::new();
    cuts_of(&pieces, &mut days, &mut volumes);
    days.sort_unstable();
    days.dedup();
    let mut periods = Vec::new();
    let mut rest: Vec<&Line> = lines.to_vec();
    for (at, until) in days.iter().map(Some).chain([None]).enumerate() {
        let (inside, later): (Vec<&Line>, Vec<&Line>) =
            rest.iter().partition(|line| until.is_none_or(|until| line.day < *until));
        rest = later;
        let from = at.checked_sub(1).and_then(|at| days.get(at)).copied();
        let (tiers, mode) = tiers(&inside, &forms, volumes.clone())?;
        periods.push(Period { from, unclear: None, narrower: None, tiers, mode });
    }
    let mut plan = Plan { periods }.agreed(lines);
    plan.locate(lines);
    plan.checked(lines)
}

/// A plan of this one formula, if it leaves few enough lines open.
pub(crate) fn plan_of(lines: &[&Line], form: Form) -> Result<Plan, Missing> {
    let (tiers, mode) = tiers(lines, &[form], Vec::new())?;
    Plan { periods: vec![Period { from: None, unclear: None, narrower: None, tiers, mode }] }
        .checked(lines)
}

/// A base formula and a rate beside it that is rounded alone, if that gives nearly all points.
fn added(all: &[Point], base: Form) -> Option<Form> {
    let less = |point: &Point| {
        let fee = point.fee - base.fee(point.amount)?;
        (fee >= 0).then_some(Point { fee, ..*point })
    };
    let rest: Vec<Point> = all.iter().filter_map(less).collect();
    let cluster = clusters(&rest, 1).into_iter().next()?;
    let like = Form::new(0, 0, Tax::None, base.rounding);
    let found = formulas(&cluster, Some(like)).found.into_iter().find(|found| {
        let Form { rate, fixed, tax, rounding, .. } = found.form;
        rate > 0 && fixed == 0 && tax == Tax::None && rounding == base.rounding
    })?;
    let form = Form { more: found.form.rate, ..base };
    let explained = all.iter().filter(|point| form.explains(point.amount, point.fee)).count();
    (all.len() >= MANY && explained + allowed(all.len()) >= all.len()).then_some(form)
}

/// Lines that may cross a bound between tiers: one a month for each.
fn straddling(pieces: &Pieces, lines: &[&Line]) -> usize {
    let mut volumes = Vec::new();
    cuts_of(pieces, &mut Vec::new(), &mut volumes);
    let mut months: Vec<i32> = lines.iter().map(|line| month_of(line.day)).collect();
    months.sort_unstable();
    months.dedup();
    volumes.len() * months.len()
}

fn month_of(day: i32) -> i32 {
    let (year, month, _) = Date(day).ymd();
    year * 12 + i32::try_from(month).unwrap_or(0)
}

fn cuts_of(pieces: &Pieces, days: &mut Vec<i32>, volumes: &mut Vec<i64>) {
    if let Pieces::Two(cut, one, other) = pieces {
        match cut {
            Cut::Day(day) => days.push(*day),
            Cut::Volume(volume) => volumes.push(*volume),
        }
        cuts_of(one, days, volumes);
        cuts_of(other, days, volumes);
    }
}

/// The tiers of the lines of one period.
fn tiers(
    lines: &[&Line],
    forms: &[Form],
    mut volumes: Vec<i64>,
) -> Result<(Vec<Tier>, Mode), Missing> {
    volumes.sort_unstable();
    volumes.dedup();
    // Lines that cross a bound make a piece of their own now and then.
    let few = (lines.len() / 50).max(10);
    let below = |volume: i64| lines.iter().filter(|line| line.volume < volume).count();
    let mut before = 0;
    volumes.retain(|volume| {
        let holds = below(*volume) - before >= few && lines.len() - below(*volume) >= few;
        before = if holds { below(*volume) } else { before };
        holds
    });
    let mut tiers: Vec<Tier> = Vec::new();
    let mut held: Vec<&Line> = Vec::new();
    let mut rest: Vec<&Line> = lines.to_vec();
    for until in volumes.iter().copied().map(Some).chain([None]) {
        let (inside, later): (Vec<&Line>, Vec<&Line>) =
            rest.iter().partition(|line| until.is_none_or(|until| line.volume < until));
        rest = later;
        let of = points(&inside);
        let schedule = schedule::schedule(&of, &along_amounts(&of, forms), forms)?;
        let shares = |last: &Tier| {
            let known = last.schedule.ranges.iter().map(|range| range.form);
            known.clone().any(|form| schedule.ranges.iter().any(|range| range.form == form))
        };
        // A formula that goes on is a tier that goes on, whatever lies between.
        match tiers.last_mut().filter(|last| shares(last)) {
            Some(last) => {
                last.up_to = until;
                held.extend(inside);
                let of = points(&held);
                last.schedule = schedule::schedule(&of, &along_amounts(&of, forms), forms)?;
            }
            None => {
                tiers.push(Tier { up_to: until, between: None, schedule });
                held = inside;
            }
        }
    }
    // What crosses a bound is charged by formulas of one tax that are rounded alike.
    let mut period = Period { from: None, unclear: None, narrower: None, tiers, mode: Mode::Whole };
    period.alike();
    if period.tiers.len() > 1 {
        period.mode = bounds(&mut period.tiers, lines);
    }
    if let Some(last) = period.tiers.last_mut() {
        last.up_to = None;
    }
    if !period.is_crossed(lines) {
        period.mode = Mode::Unclear;
    }
    let mode = period.mode;
    let mut tiers = period.tiers.clone();
    if tiers.len() > 1 {
        // Once the bounds are known, so are the lines of each tier.
        for (tier, known) in tiers.iter_mut().zip(&period.tiers) {
            let within = |line: &&&Line| {
                let is_in =
                    |volume| period.tier_of(volume).is_some_and(|of| std::ptr::eq(of, known));
                is_in(line.volume + line.amount) && (mode == Mode::Whole || is_in(line.volume + 1))
            };
            let inside: Vec<&Line> = lines.iter().filter(within).copied().collect();
            if inside.len() >= few {
                let of = points(&inside);
                tier.schedule = schedule::schedule(&of, &along_amounts(&of, forms), forms)?;
            }
        }
    }
    Ok((tiers, mode))
}

impl Plan {
    /// Finds the days on which periods begin, by the lines that only the earlier period explains and
    /// those that only the later one does: mostly the first of a month.
    fn locate(&mut self, lines: &[&Line]) {
        let known = self.periods.clone();
        let fee = |period: &Period, line: &Line| period.fee(line, Schedule::fee);
        let pairs = known.iter().zip(known.iter().skip(1));
        let ends = known.iter().skip(2).map(|period| period.from).chain([None]);
        for (((earlier, later), period), end) in
            pairs.zip(self.periods.iter_mut().skip(1)).zip(ends)
        {
            let fits = |period: &Period, line: &Line| fee(period, line) == Some(line.fee);
            let witness = |line: &Line| match [fits(earlier, line), fits(later, line)] {
                [true, false] => Some((i64::from(line.day), false)),
                [false, true] => Some((i64::from(line.day), true)),
                _ => None,
            };
            let begun = |line: &&Line| earlier.from.is_none_or(|from| from <= line.day);
            let goes_on = |line: &&Line| end.is_none_or(|end| line.day < end);
            let own = lines.iter().copied().filter(|line| begun(line) && goes_on(line));
            let Some(found) = between(own.filter_map(witness).collect()) else { continue };
            let days =
                |(low, high): Span| Some((i32::try_from(low).ok()? + 1, i32::try_from(high).ok()?));
            let (Some(best), Some(loose)) = (days(found.best), days(found.loose)) else { continue };
            let month =
                |(first, last): (i32, i32)| (first..=last).find(|day| Date(*day).ymd().2 == 1);
            period.from = Some(month(best).unwrap_or(best.1));
            // A day within a month hangs on more lines than the first of one.
            let unclear = |(first, last): (i32, i32)| (first < last).then_some((first, last - 1));
            period.narrower = unclear(best);
            period.unclear = unclear(if month(best).is_some() { best } else { loose });
        }
    }

    /// The plan, if it leaves few enough lines open, and not as a formula does that is only near
    /// the true one.
    fn checked(self, lines: &[&Line]) -> Result<Self, Missing> {
        let off = |line: &&&Line| self.fee(line).map(|fee| (fee - line.fee).abs());
        let open = lines.iter().filter(|line| !self.explains(line)).count();
        // A fee that does not go by the amount is not rounded.
        let flat = self.plain().is_some_and(|form| form.rate == 0 && form.more == 0);
        let near = lines.iter().filter(|line| !flat && off(line) == Some(1)).count();
        let explained = lines.len() - open;
        let is_orderly = |period: &Period| {
            let plain = |tier: &Tier| tier.schedule.ranges.len() == 1 || period.tiers.len() == 1;
            period.tiers.iter().all(|tier| tier.schedule.is_orderly() && plain(tier))
        };
        let orderly = self.periods.iter().all(is_orderly) && self.is_agreed();
        // Lines of one period that have the fee of another: it is not the day that fees go by.
        let elsewhere = |line: &&&Line| {
            let others = self.periods.iter().map(|period| period.fee(line, Schedule::fee));
            !self.explains(line) && others.into_iter().any(|fee| fee == Some(line.fee))
        };
        let strayed = lines.iter().filter(elsewhere).count();
        // Mistakes do not agree on what is one minor unit off, where no line has the fee itself; another
        // way to round does.
        let one_off = |line: &&&Line| !flat && off(line) == Some(1);
        let mut odd: Vec<Point> = lines.iter().filter(one_off).map(|line| line.point()).collect();
        odd.sort_unstable();
        let given = |amount: i64| {
            let explained = |line: &&Line| line.amount == amount && self.explains(line);
            lines.iter().any(explained)
        };
        let pairs = odd.iter().zip(odd.iter().skip(1));
        let agreed = pairs.filter(|(one, other)| one == other).any(|(one, _)| !given(one.amount));
        let orderly = orderly && !agreed && strayed <= 1 + lines.len() / STRAYED;
        if !orderly || open > allowed(lines.len()) || near > 1 + explained / NEAR {
            return Err(Missing::NoFormula { lines: lines.len(), explained });
        }
        Ok(self)
    }
}
