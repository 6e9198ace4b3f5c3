//! What all formulas of a plan have in common: one tax on the fee, and one way to round.
//!
//! The lines of one formula may fit 3.6 % or 3 % with a tax of 20 % as well, and none of them may be
//! a tie. What they leave open, the lines of its other formulas decide: a provider has one tax and one
//! way to round.

use super::bits::Bits;
use super::consensus::MODES;
use super::form::{Form, Tax};
use super::line::Line;
use super::plan::{Period, Plan};
use super::schedule::Schedule;
use super::segment::Segment;
use super::witness::decides;
use crate::money::Rounding;

/// How a formula becomes whole minor units.
type Manner = (Tax, Rounding);

fn manner(form: &Form) -> Manner {
    (form.tax, form.rounding)
}

/// What the plans of one group show of each other: they are rounded alike, and fees change on the same
/// day.
pub(crate) fn agree(segments: &mut [Segment<'_>]) {
    for rounding in MODES {
        let (mut lead, mut longer) = (0_usize, 0);
        for segment in segments.iter() {
            let Ok(plan) = &segment.plan else { continue };
            let (gained, bits) = plan.lead(rounding, &segment.lines);
            (lead, longer) = (lead + gained, longer + bits);
        }
        if decides(lead, longer > 0) {
            let plans = segments.iter_mut().filter_map(|segment| segment.plan.as_mut().ok());
            let schedules = plans.flat_map(Plan::schedules_mut);
            schedules.for_each(|schedule| schedule.not_rounded(rounding));
        }
    }
    let plans = segments.iter().filter_map(|segment| segment.plan.as_ref().ok());
    let mut days: Vec<i32> =
        plans.flat_map(|plan| plan.periods.iter().filter_map(|period| period.from)).collect();
    days.sort_unstable();
    let plans = segments.iter_mut().filter_map(|segment| segment.plan.as_mut().ok());
    for period in plans.flat_map(|plan| &mut plan.periods) {
        let same = |day: &i32| days.iter().filter(|other| *other == day).count() > 1;
        if period.from.as_ref().is_some_and(same) {
            period.unclear = period.narrower;
        }
    }
}

impl Plan {
    /// How many more lines it explains than it would if it were rounded in another way, and how much
    /// longer it would be.
    fn lead(&self, rounding: Rounding, lines: &[&Line]) -> (usize, Bits) {
        let other = self.rounded(rounding);
        let explained = |plan: &Self| lines.iter().filter(|line| plan.explains(line)).count();
        let lead = explained(self).saturating_sub(explained(&other));
        (lead, other.bits() - self.bits())
    }

    /// The plan with formulas that have one tax and are rounded alike, where its lines allow that.
    pub(crate) fn agreed(mut self, lines: &[&Line]) -> Self {
        if let Some(common) = common(&self.periods) {
            self.schedules_mut().for_each(|schedule| schedule.take(common));
        }
        for rounding in MODES {
            let (lead, longer) = self.lead(rounding, lines);
            if decides(lead, longer > 0) {
                self.schedules_mut().for_each(|schedule| schedule.not_rounded(rounding));
            }
        }
        self
    }

    /// Leaves open where this formula gives another fee than the plan's one.
    pub(crate) fn may_be(&mut self, form: Form) {
        self.schedules_mut()
            .flat_map(|schedule| &mut schedule.others)
            .for_each(|others| others.push(form));
    }

    /// How long it takes to write its formulas down.
    pub(crate) fn bits(&self) -> Bits {
        let ranges = self.schedules().flat_map(|schedule| &schedule.ranges);
        ranges.map(|range| range.form.bits()).sum()
    }

    /// Whether its formulas that go by the amount are rounded alike, are all with a tax or without, and
    /// have one tax at a time. Others are near the true ones at best.
    pub(crate) fn is_agreed(&self) -> bool {
        let rising = |schedule: &Schedule| -> Vec<Form> {
            let forms = schedule.ranges.iter().map(|range| range.form);
            forms.filter(|form| form.rate > 0).collect()
        };
        let kind = |form: &Form| (std::mem::discriminant(&form.tax), form.rounding);
        let all: Vec<Form> = self.schedules().flat_map(rising).collect();
        let one_tax = |period: &Period| {
            let forms = period.tiers.iter().flat_map(|tier| rising(&tier.schedule));
            let taxes: Vec<Tax> = forms.map(|form| form.tax).collect();
            taxes.windows(2).all(|pair| pair.first() == pair.last())
        };
        let alike = all.iter().all(|form| all.first().map(kind) == Some(kind(form)));
        alike && self.periods.iter().all(one_tax)
    }

    /// The plan with every formula rounded in another way.
    fn rounded(&self, rounding: Rounding) -> Self {
        let mut other = self.clone();
        let ranges = other.schedules_mut().flat_map(|schedule| &mut schedule.ranges);
        ranges.for_each(|range| range.form.rounding = rounding);
        other
    }

    fn schedules(&self) -> impl Iterator<Item = &Schedule> {
        self.periods.iter().flat_map(|period| &period.tiers).map(|tier| &tier.schedule)
    }

    fn schedules_mut(&mut self) -> impl Iterator<Item = &mut Schedule> {
        let tiers = self.periods.iter_mut().flat_map(|period| &mut period.tiers);
        tiers.map(|tier| &mut tier.schedule)
    }
}

/// The tax and rounding that all formulas that go by the amount can have, the simplest of several.
fn common(periods: &[Period]) -> Option<Manner> {
    let schedules = || periods.iter().flat_map(|period| &period.tiers).map(|tier| &tier.schedule);
    let rising = || {
        let ranges = schedules().flat_map(Schedule::options);
        ranges.filter(|options| options.first().is_some_and(|form| form.rate > 0))
    };
    let mut manners: Vec<Manner> =
        rising().flat_map(|options| options.into_iter().map(|form| manner(&form))).collect();
    manners.sort_unstable_by_key(|(tax, rounding)| (*tax, *rounding as u8));
    manners.dedup();
    let bits = |known: &Manner| {
        let least = |options: Vec<Form>| {
            let like = options.iter().filter(|form| manner(form) == *known);
            like.map(Form::bits).min()
        };
        rising().map(least).sum::<Option<Bits>>()
    };
    manners
        .into_iter()
        .filter_map(|known| Some((bits(&known)?, known)))
        .min_by_key(|found| found.0)
        .map(|found| found.1)
}

impl Period {
    /// Takes formulas with one tax that are rounded alike, where its lines allow that.
    pub(crate) fn alike(&mut self) {
        if let Some(common) = common(std::slice::from_ref(self)) {
            self.tiers.iter_mut().for_each(|tier| tier.schedule.take(common));
        }
    }
}

impl Schedule {
    /// For each range its formula, and the others that explain its lines as well.
    fn options(&self) -> impl Iterator<Item = Vec<Form>> {
        let pairs = self.ranges.iter().zip(&self.others);
        pairs.map(|(range, others)| [&[range.form], others.as_slice()].concat())
    }

    /// Takes the simplest formula with this tax and rounding wherever there is one.
    fn take(&mut self, common: Manner) {
        for (range, others) in self.ranges.iter_mut().zip(&mut self.others) {
            if range.form.rate == 0 || manner(&range.form) == common {
                continue;
            }
            let like = others.iter().copied().filter(|form| manner(form) == common);
            let Some(form) = like.min_by_key(Form::bits) else { continue };
            others.retain(|other| *other != form);
            others.push(range.form);
            range.form = form;
        }
    }

    /// Leaves out of account that a formula may be rounded in this other way.
    fn not_rounded(&mut self, rounding: Rounding) {
        for (range, others) in self.ranges.iter().zip(&mut self.others) {
            others.retain(|other| *other != Form { rounding, ..range.form });
        }
    }
}
