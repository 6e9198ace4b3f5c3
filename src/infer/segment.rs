//! Which lines share a contract: all of a currency and kind, or those with certain values of the
//! field that explains most, and so on within them.

use std::collections::{BTreeMap, BTreeSet};

use super::agree::agree;
use super::bits::{BIT, Bits, exception};
use super::form::Form;
use super::line::Line;
use super::pieces::allowed;
use super::plan::{Plan, plan, plan_of};
use super::schedule::Missing;
use super::witness::decides;

/// Fields within fields.
const DEPTH: usize = 3;

/// What it costs to name a value of a field.
const VALUE: Bits = 6 * BIT;

/// Values of one field beyond which it is a name of the line rather than a reason for its fee.
const VALUES: usize = 64;

/// A condition: a field of the group, and the values that it may have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// The field's place in the group.
    pub field: usize,
    /// The values' places, in ascending order.
    pub values: Vec<u16>,
}

/// Lines that share a contract, or of which none was found.
#[derive(Clone, Debug)]
pub struct Segment<'a> {
    /// What its lines have in common beside currency and kind; all of it holds.
    pub scope: Vec<Condition>,
    /// Its lines.
    pub lines: Vec<&'a Line>,
    /// What holds, or what is missing to say so.
    pub plan: Result<Plan, Missing>,
}

impl Segment<'_> {
    fn cost(&self) -> Bits {
        let explains = |line: &Line| self.plan.as_ref().is_ok_and(|plan| plan.explains(line));
        let open = self.lines.iter().filter(|line| !explains(line));
        let named: usize = self.scope.iter().map(|condition| condition.values.len()).sum();
        let formulas = self.plan.as_ref().map_or(0, Plan::bits);
        let named = VALUE * i64::try_from(named).unwrap_or(0);
        open.map(|line| exception(line.fee)).sum::<Bits>() + named + formulas
    }
}

/// Divides the lines of a group with `fields` fields into segments.
pub(crate) fn segments<'a>(lines: &[&'a Line], fields: usize) -> Vec<Segment<'a>> {
    let mut found = Vec::new();
    divide(lines.to_vec(), fields, Vec::new(), DEPTH, &mut found);
    // Values that were taken out one by one may have left just the lines that hide a part.
    let plans = found.iter().filter_map(|segment| segment.plan.as_ref().ok());
    let bases: Vec<Form> = plans.filter_map(Plan::plain).collect();
    found.iter_mut().for_each(|segment| together_or_apart(segment, &bases));
    agree(&mut found);
    found
}

fn divide<'a>(
    lines: Vec<&'a Line>,
    fields: usize,
    scope: Vec<Condition>,
    depth: usize,
    found: &mut Vec<Segment<'a>>,
) {
    let whole = Segment { scope, plan: plan(&lines, &[]), lines };
    let odd = odd_values(&whole, fields);
    if (whole.plan.is_ok() && odd.is_none()) || depth == 0 {
        found.push(whole);
        return;
    }
    if let (Ok(_), Some((field, values))) = (&whole.plan, odd) {
        // Nearly all of it is explained: take out what is not.
        let (out, rest) = split(&whole, field, &values);
        for part in [rest, out].into_iter().filter(|part| !part.1.is_empty()) {
            divide(part.1, fields, part.0, depth - 1, found);
        }
        return;
    }
    let free = |field: &usize| whole.scope.iter().all(|condition| condition.field != *field);
    let by_field = (0..fields).filter(free).map(|field| grouped(&whole, field));
    let best = by_field
        .filter(|parts| parts.len() > 1)
        .map(|parts| (parts.iter().map(Segment::cost).sum::<Bits>(), parts))
        .min_by_key(|(cost, _)| *cost);
    match best {
        Some((cost, parts)) if cost < whole.cost() => {
            for part in parts {
                let unsure = odd_values(&part, fields).is_some();
                if part.plan.is_ok() && !unsure {
                    found.push(part);
                } else {
                    divide(part.lines, fields, part.scope, depth - 1, found);
                }
            }
        }
        _ => found.push(whole),
    }
}

type Part<'a> = (Vec<Condition>, Vec<&'a Line>);

/// The lines with these values of a field, and the others.
fn split<'a>(of: &Segment<'a>, field: usize, values: &[u16]) -> (Part<'a>, Part<'a>) {
    let inside = |line: &&Line| line.values.get(field).is_some_and(|v| values.contains(v));
    let (out, rest): (Vec<&Line>, Vec<&Line>) = of.lines.iter().partition(|line| inside(line));
    let scoped = |lines: &[&Line]| {
        let mut scope = of.scope.clone();
        scope.retain(|condition| condition.field != field);
        let seen: BTreeSet<u16> =
            lines.iter().filter_map(|line| line.values.get(field).copied()).collect();
        scope.push(Condition { field, values: seen.into_iter().collect() });
        scope.sort();
        scope
    };
    ((scoped(&out), out.clone()), (scoped(&rest), rest.clone()))
}

/// A field and its values whose lines are exceptions too often for chance: they have a contract of
/// their own.
fn odd_values(segment: &Segment<'_>, fields: usize) -> Option<(usize, Vec<u16>)> {
    let plan = segment.plan.as_ref().ok()?;
    for field in 0..fields {
        let mut counts: BTreeMap<u16, (usize, usize)> = BTreeMap::new();
        for line in &segment.lines {
            let Some(value) = line.values.get(field) else { continue };
            let count = counts.entry(*value).or_default();
            count.0 += 1;
            count.1 += usize::from(!plan.explains(line));
        }
        let is_odd = |(lines, open): (usize, usize)| open > 0 && open * 5 > lines;
        let odd: Vec<u16> =
            counts.iter().filter(|(_, count)| is_odd(**count)).map(|(value, _)| *value).collect();
        if !odd.is_empty() && counts.len() > odd.len() && counts.len() <= VALUES {
            return Some((field, odd));
        }
    }
    None
}

/// The lines by the values of a field; values whose lines one plan explains are together.
fn grouped<'a>(of: &Segment<'a>, field: usize) -> Vec<Segment<'a>> {
    let mut by_value: BTreeMap<u16, Vec<&'a Line>> = BTreeMap::new();
    for line in &of.lines {
        if let Some(value) = line.values.get(field) {
            by_value.entry(*value).or_default().push(line);
        }
    }
    if by_value.len() > VALUES {
        return Vec::new();
    }
    let mut values: Vec<(u16, Vec<&Line>)> = by_value.into_iter().collect();
    values.sort_by_key(|(value, lines)| (std::cmp::Reverse(lines.len()), *value));
    let mut groups: Vec<Segment<'a>> = Vec::new();
    for (value, lines) in values {
        let joins = |group: &&mut Segment<'_>| {
            let Ok(plan) = &group.plan else { return false };
            let open = lines.iter().filter(|line| !plan.explains(line)).count();
            open <= allowed(lines.len())
        };
        if let Some(group) = groups.iter_mut().find(joins) {
            group.lines.extend(lines);
            if let Some(last) = group.scope.iter_mut().find(|one| one.field == field) {
                last.values.push(value);
                last.values.sort_unstable();
            }
            continue;
        }
        let mut scope = of.scope.clone();
        scope.push(Condition { field, values: vec![value] });
        scope.sort();
        let found = plan(&lines, &[]);
        groups.push(Segment { scope, plan: found, lines });
    }
    for group in &mut groups {
        let joined = group.scope.iter().any(|one| one.field == field && one.values.len() > 1);
        if joined {
            group.plan = plan(&group.lines, &[]);
        }
    }
    with_added(groups, field)
}

/// A group whose rate, with its tax, may be that of another group and one beside it that is rounded
/// alone: takes what more lines decide for, and leaves open what none do.
fn together_or_apart(group: &mut Segment<'_>, bases: &[Form]) {
    let Some(own) = group.plan.as_ref().ok().and_then(Plan::plain) else { return };
    let given =
        |form: Form| group.lines.iter().filter(|line| form.explains(line.amount, line.fee)).count();
    let whole = own.whole_rate();
    let apart = |base: &Form| Form { more: whole - base.rate, ..*base };
    let is_less = |base: &&Form| base.rate < whole && base.rate > 0 && own.more == 0;
    let found = bases.iter().filter(is_less).map(apart).max_by_key(|form| given(*form));
    let Some(form) = found else { return };
    let (own_lines, lines) = (given(own), given(form));
    if decides(lines.saturating_sub(own_lines), form.bits() < own.bits()) {
        group.plan = plan_of(&group.lines, form);
    } else if !decides(own_lines.saturating_sub(lines), own.bits() < form.bits())
        && let Ok(plan) = &mut group.plan
    {
        plan.may_be(form);
    }
}

/// Groups of which no plan was found, and that add a part of their own to the formula of another.
fn with_added(mut groups: Vec<Segment<'_>>, field: usize) -> Vec<Segment<'_>> {
    let plans = groups.iter().filter_map(|group| group.plan.as_ref().ok());
    let bases: Vec<Form> = plans.filter_map(Plan::plain).collect();
    for group in &mut groups {
        together_or_apart(group, &bases);
    }
    let (mut done, open): (Vec<Segment<'_>>, Vec<Segment<'_>>) =
        groups.drain(..).partition(|group| group.plan.is_ok());
    let mut rest: Option<Segment<'_>> = None;
    for mut group in open {
        group.plan = plan(&group.lines, &bases);
        let joins = |known: &Plan| {
            let open = group.lines.iter().filter(|line| !known.explains(line)).count();
            open <= allowed(group.lines.len())
        };
        match &mut rest {
            Some(first) if first.plan.as_ref().is_ok_and(joins) => {
                first.lines.extend(group.lines);
                let values = group.scope.iter().filter(|one| one.field == field);
                let values: Vec<u16> = values.flat_map(|one| one.values.clone()).collect();
                if let Some(own) = first.scope.iter_mut().find(|one| one.field == field) {
                    own.values.extend(values);
                    own.values.sort_unstable();
                }
            }
            None if group.plan.is_ok() => rest = Some(group),
            _ => done.push(group),
        }
    }
    if let Some(group) = &mut rest {
        group.plan = plan(&group.lines, &bases);
    }
    done.extend(rest);
    done
}
