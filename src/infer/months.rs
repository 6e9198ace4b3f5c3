//! Whether changes of a fee at the start of months are tiers by the volume of the month before.

use std::collections::BTreeMap;

use super::form::Form;
use super::line::Line;
use super::plan::{Period, Plan};
use crate::time::Date;

/// A formula, and the least and the most volume of the month before at which it held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) form: Form,
    pub(crate) low: i64,
    pub(crate) high: i64,
}

/// A month, counted from year 0.
fn month_of(day: i32) -> i32 {
    let (year, month, _) = Date(day).ymd();
    year * 12 + i32::try_from(month).unwrap_or(1) - 1
}

/// The tiers by the volume of the month before that the periods of a plan agree with, the lowest
/// first; `None` if they change within months, if volumes contradict it, or if each formula held
/// for one month only, so that nothing is checked. `all` are the lines that the volume is of.
pub(crate) fn by_month_before(plan: &Plan, all: &[Line]) -> Option<Vec<Step>> {
    let starts: Vec<i32> = plan.periods.iter().filter_map(|period| period.from).collect();
    if starts.is_empty() || starts.iter().any(|day| Date(*day).ymd().2 != 1) {
        return None;
    }
    let mut volumes: BTreeMap<i32, i64> = BTreeMap::new();
    for line in all {
        let volume = volumes.entry(month_of(line.day)).or_default();
        *volume = volume.saturating_add(line.amount);
    }
    let mut held: Vec<(i64, Form)> = Vec::new();
    for month in volumes.keys() {
        let Some(before) = volumes.get(&(month - 1)) else { continue };
        let of_month = |line: &&Line| month_of(line.day) == *month;
        let day = all.iter().find(of_month).map(|line| line.day)?;
        let begun = plan.periods.iter().rev().find(|p| p.from.is_none_or(|from| from <= day))?;
        let [tier] = begun.tiers.as_slice() else { return None };
        held.push((*before, tier.schedule.plain()?));
    }
    held.sort_by_key(|(volume, _)| *volume);
    let mut steps: Vec<Step> = Vec::new();
    for (volume, form) in &held {
        let known = steps.iter().any(|step| step.form == *form);
        match steps.last_mut() {
            Some(last) if last.form == *form => last.high = *volume,
            _ if known => return None,
            _ => steps.push(Step { form: *form, low: *volume, high: *volume }),
        }
    }
    (steps.len() > 1 && held.len() > steps.len()).then_some(steps)
}

/// The same, where nothing but these tiers can be meant: a formula was replaced and came back, as no
/// change of a contract does, and it held in the first month of the file too.
pub(crate) fn only_by_month_before(plan: &Plan, all: &[Line]) -> Option<Vec<Step>> {
    let steps = by_month_before(plan, all)?;
    let form = |period: &Period| period.tiers.first().and_then(|tier| tier.schedule.plain());
    let forms: Vec<Option<Form>> = plan.periods.iter().map(form).collect();
    let comes_back = forms.iter().enumerate().any(|(at, form)| {
        let later = forms.iter().skip(at + 2);
        later.clone().any(|other| other == form)
    });
    let known =
        forms.first().is_some_and(|first| steps.iter().any(|step| Some(step.form) == *first));
    (comes_back && known).then_some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::form::Tax;
    use crate::infer::plan::{Mode, Tier};
    use crate::infer::schedule::{Range, Schedule};
    use crate::money::Rounding;

    fn form(rate: i64) -> Form {
        Form::new(rate, 0, Tax::None, Rounding::HalfUp)
    }

    fn day(text: &str) -> i32 {
        Date::from_iso(text).unwrap().0
    }

    fn plan(periods: &[(&str, i64)]) -> Plan {
        let period = |(from, rate): &(&str, i64)| {
            let ranges = vec![Range { from: 0, form: form(*rate) }];
            let schedule = Schedule { ranges, ..Schedule::default() };
            let tiers = vec![Tier { up_to: None, between: None, schedule }];
            let from = (!from.is_empty()).then(|| day(from));
            Period { from, unclear: None, narrower: None, tiers, mode: Mode::Whole }
        };
        Plan { periods: periods.iter().map(period).collect() }
    }

    #[test]
    fn tiers_are_seen_where_the_volumes_agree() {
        let line = |(text, amount): &(&str, i64)| Line {
            amount: *amount,
            fee: 0,
            day: day(text),
            volume: 0,
            values: Vec::new(),
            id: 0,
        };
        // The volumes before February to May: 100, 900, 80, 950.
        let months = [
            ("2026-01-05", 100),
            ("2026-02-05", 900),
            ("2026-03-05", 80),
            ("2026-04-05", 950),
            ("2026-05-05", 1),
        ];
        let lines: Vec<Line> = months.iter().map(line).collect();
        let changes = [("", 29), ("2026-03-01", 24), ("2026-04-01", 29), ("2026-05-01", 24)];
        let found = by_month_before(&plan(&changes), &lines).unwrap();
        let shown: Vec<(i64, i64, i64)> =
            found.iter().map(|step| (step.form.rate, step.low, step.high)).collect();
        assert_eq!(shown, [(29, 80, 100), (24, 900, 950)]);
        assert_eq!(only_by_month_before(&plan(&changes), &lines), Some(found));
        // A rate that changed once may be a new contract.
        let once = [("", 29), ("2026-03-01", 24)];
        let fewer = &lines[..3];
        assert_eq!(only_by_month_before(&plan(&once), fewer), None);
        for near_miss in [
            // Within a month; against the volumes; one change that nothing checks.
            &[("", 29), ("2026-03-02", 24), ("2026-04-01", 29), ("2026-05-01", 24)][..],
            &[("", 29), ("2026-03-01", 24), ("2026-04-01", 24), ("2026-05-01", 29)],
            &[("", 29)],
        ] {
            assert_eq!(by_month_before(&plan(near_miss), &lines), None, "{near_miss:?}");
        }
    }
}
