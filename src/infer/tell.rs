//! How what was found is told to a person: per segment the fee, its evidence and its exceptions, or
//! what is missing.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::form::{FIXED_UNIT, Form, RATE_UNIT, Tax};
use super::gather::Group;
use super::line::Line;
use super::months::by_month_before;
use super::plan::{Mode, Period, Plan};
use super::schedule::{Missing, Schedule};
use super::segment::Segment;
use super::stated::Stated;
use super::write::{Finding, is_waiver, label, rounding_name};
use crate::entry::Entries;
use crate::ids::EntryId;
use crate::money::{Amount, Currency, Rounding};
use crate::time::Date;
use rust_decimal::Decimal;

/// Rows that are named, of each kind of exception.
const NAMED: usize = 10;

/// Fewer lines than this beyond the unknowns are said to be few.
const FEW_CHECKS: usize = 5;

/// All findings as text.
#[must_use]
pub fn findings_text(
    findings: &[Finding<'_>],
    entries: &Entries,
    stated: &Stated,
    row: &dyn Fn(EntryId) -> String,
) -> String {
    let mut text = String::new();
    for finding in findings {
        if !stated.is_empty() {
            verified(&mut text, finding, entries, stated, row);
        }
        for segment in &finding.segments {
            let teller = Teller { finding, segment, row };
            teller.tell(&mut text);
        }
        if finding.group.left_out > 0 {
            let left_out = finding.group.left_out;
            let _ = writeln!(
                text,
                "{} {}: {left_out} lines were left out: their fee has parts of a minor unit, or goes \
                 the other way",
                finding.group.currency,
                finding.group.kind.name()
            );
        }
    }
    text
}

/// Whether the lines have the fees of the rates that the file states for them.
fn verified(
    text: &mut String,
    finding: &Finding<'_>,
    entries: &Entries,
    stated: &Stated,
    row: &dyn Fn(EntryId) -> String,
) {
    let group = finding.group;
    let (mut held, mut off) = (0_usize, Vec::new());
    for line in &group.lines {
        let id = EntryId(line.id);
        let rate = stated.of(entries, id).and_then(|rate| rate.form(group.currency));
        let Some(expected) = rate.and_then(|form| form.fee(line.amount)) else { continue };
        if expected == line.fee {
            held += 1;
        } else {
            let name = row(id);
            let [expected, fee] =
                [expected, line.fee].map(|fee| Amount::from_minor(fee).format(group.currency));
            off.push(format!("    {name}: {fee}, by its stated rate {expected}"));
        }
    }
    if held + off.len() == 0 {
        return;
    }
    let all = held + off.len();
    let (currency, kind) = (group.currency, group.kind.name());
    let _ =
        writeln!(text, "{currency} {kind}: the stated rate gives {held} of {all} lines exactly");
    for line in off.iter().take(NAMED) {
        let _ = writeln!(text, "{line}");
    }
}

struct Teller<'a, 'b> {
    finding: &'a Finding<'b>,
    segment: &'a Segment<'b>,
    row: &'a dyn Fn(EntryId) -> String,
}

impl Teller<'_, '_> {
    fn tell(&self, text: &mut String) {
        let Group { currency, returned, .. } = self.finding.group;
        let label = label(self.finding.group, self.segment);
        let plan = match &self.segment.plan {
            Ok(plan) => plan,
            Err(missing) => {
                let why = missing_text(missing, *currency);
                let _ = writeln!(text, "{label}: not determined: {why}");
                return;
            }
        };
        let lines = &self.segment.lines;
        let open: Vec<&Line> = lines.iter().copied().filter(|line| !plan.explains(line)).collect();
        let given = if *returned { ", given back" } else { "" };
        let _ = writeln!(
            text,
            "{label}: {} of {} lines to the minor unit{given}",
            lines.len() - open.len(),
            lines.len()
        );
        for (at, period) in plan.periods.iter().enumerate() {
            self.period(text, period, at);
        }
        self.months(text, plan);
        let unknowns = plan.plain().map_or(0, |form| form.unknowns());
        let checks = lines.len().saturating_sub(open.len() + unknowns);
        if checks < FEW_CHECKS {
            let noun = if checks == 1 { "check" } else { "checks" };
            let _ = writeln!(text, "    only {} lines: {checks} {noun}", lines.len());
        }
        if let Some(tax) = self.finding.tax {
            let _ = writeln!(text, "  tax in its own column: {} % of the fee", percent(tax * 100));
        }
        self.exceptions(text, plan, &open);
    }

    fn period(&self, text: &mut String, period: &Period, at: usize) {
        let currency = self.finding.group.currency;
        let when = match period.from {
            Some(from) if at > 0 => format!("from {}: ", Date(from)),
            _ => String::new(),
        };
        for (place, tier) in period.tiers.iter().enumerate() {
            let volume = match (period.tiers.len(), tier.up_to) {
                (1, _) => String::new(),
                (_, Some(up_to)) => {
                    format!("up to {} of the month's volume: ", major(up_to, currency))
                }
                (_, None) => "above: ".to_owned(),
            };
            let _ = writeln!(text, "  {when}{volume}{}", schedule_text(&tier.schedule, currency));
            self.notes(text, &tier.schedule);
            if let Some((low, high)) = tier.between.filter(|(low, high)| low < high) {
                let (low, high) = (major(low, currency), major(high, currency));
                let _ = writeln!(
                    text,
                    "    the tier ends between {low} and {high}: too few lines say where"
                );
            }
            if place == 0 && period.tiers.len() > 1 {
                let mode = match period.mode {
                    Mode::Whole => "a line is charged whole by the tier of the volume with it",
                    Mode::Marginal => "each part of a line is charged by the tier it lies in",
                    Mode::Unclear => "too few lines say how one is charged that crosses two tiers",
                };
                let _ = writeln!(text, "    {mode}");
            }
        }
        if let Some((first, last)) = period.unclear {
            let _ = writeln!(
                text,
                "    too few lines say whether it began between {} and {}",
                Date(first),
                Date(last)
            );
        }
    }

    /// What the changes may really be.
    fn months(&self, text: &mut String, plan: &Plan) {
        let currency = self.finding.group.currency;
        let Some(steps) = by_month_before(plan, &self.finding.group.lines) else { return };
        let _ = writeln!(text, "  These days agree with tiers by the volume of the month before:");
        for step in steps {
            let [low, high] = [step.low, step.high].map(|volume| major(volume, currency));
            let fee = form_text(&step.form, currency);
            let _ = writeln!(text, "    after {low} to {high}: {fee}");
        }
    }

    fn notes(&self, text: &mut String, schedule: &Schedule) {
        let currency = self.finding.group.currency;
        let (low, high) = schedule.covers;
        let rising = schedule.ranges.iter().any(|range| range.form.rate > 0);
        if rising && schedule.cap.is_none() {
            let _ = writeln!(
                text,
                "    no line above {}: a cap beyond it cannot be seen",
                major(high, currency)
            );
        }
        if rising && schedule.minimum.is_none() {
            let _ = writeln!(
                text,
                "    no line below {}: a minimum beneath it cannot be seen",
                major(low, currency)
            );
        }
        for (from, to) in schedule.holes.iter().take(NAMED) {
            let (low, high) = (major(*from, currency), major(*to, currency));
            let _ = if from == to {
                writeln!(text, "    not determined at {low}: no two lines say on which side it is")
            } else {
                writeln!(text, "    not determined from {low} to {high}")
            };
        }
        let amounts: BTreeSet<i64> = self.segment.lines.iter().map(|line| line.amount).collect();
        for amount in amounts.into_iter().filter(|amount| schedule.differ(*amount)).take(NAMED) {
            let amount = major(amount, currency);
            let _ = writeln!(
                text,
                "    not determined at {amount}: another formula gives the lines as well"
            );
        }
        let modes: Vec<&str> = schedule
            .ranges
            .iter()
            .zip(&schedule.others)
            .flat_map(|(range, others)| {
                let same = |other: &&Form| {
                    (other.rate, other.fixed, other.tax)
                        == (range.form.rate, range.form.fixed, range.form.tax)
                };
                others.iter().filter(same).map(|other| rounding_name(other.rounding))
            })
            .collect();
        if let Some(mode) = modes.first() {
            let _ = writeln!(text, "    too few lines tell it from rounding {mode}");
        }
    }

    fn exceptions(&self, text: &mut String, plan: &Plan, open: &[&Line]) {
        let currency = self.finding.group.currency;
        for line in open.iter().take(NAMED) {
            let name = (self.row)(EntryId(line.id));
            let by = match plan.fee(line) {
                Some(fee) => format!("{} by these terms", major(fee, currency)),
                None => "not known by these terms".to_owned(),
            };
            let _ = writeln!(text, "  exception {name}: {}, {by}", major(line.fee, currency));
        }
        if open.len() > NAMED {
            let _ = writeln!(text, "  and {} more exceptions", open.len() - NAMED);
        }
    }
}

fn major(minor: i64, currency: Currency) -> String {
    Amount::from_minor(minor).format(currency)
}

fn percent(millionths: i64) -> Decimal {
    (Decimal::from(millionths) * Decimal::ONE_HUNDRED / Decimal::from(RATE_UNIT)).normalize()
}

/// `2.9 % + 0.30`.
fn form_text(form: &Form, currency: Currency) -> String {
    let mut parts = Vec::new();
    if form.rate > 0 {
        parts.push(format!("{} %", percent(form.rate)));
    }
    if form.fixed > 0 {
        let minor = Decimal::from(form.fixed) / Decimal::from(FIXED_UNIT);
        let amount = Amount::from_minor_decimal(minor).unwrap_or_default();
        parts.push(amount.format(currency));
    }
    if form.more > 0 {
        parts.push(format!("{} % rounded alone", percent(form.more)));
    }
    let mut text = if parts.is_empty() { "no fee".to_owned() } else { parts.join(" + ") };
    match form.tax {
        Tax::None => {}
        Tax::Together(tax) => text = format!("({text}) and {} % tax", percent(tax * 100)),
        Tax::OnRounded(tax) => {
            text = format!("{text}, rounded, and {} % tax on it, rounded", percent(tax * 100));
        }
    }
    if form.rounding != Rounding::HalfUp {
        text.push_str(&format!(", rounded {}", rounding_name(form.rounding).replace('_', "-")));
    }
    text
}

fn schedule_text(schedule: &Schedule, currency: Currency) -> String {
    let mut text = match schedule.ranges.as_slice() {
        [below, above] if is_waiver(below.form, above.form) => format!(
            "{}, the fixed part waived below {}",
            form_text(&above.form, currency),
            major(above.from, currency)
        ),
        ranges => {
            let of = |range: &super::schedule::Range| {
                let fee = form_text(&range.form, currency);
                match range.from {
                    0 => fee,
                    from => format!("from {} {fee}", major(from, currency)),
                }
            };
            ranges.iter().map(of).collect::<Vec<_>>().join("; ")
        }
    };
    if let Some(minimum) = schedule.minimum {
        text.push_str(&format!(", at least {}", major(minimum, currency)));
    }
    if let Some(cap) = schedule.cap {
        text.push_str(&format!(", at most {}", major(cap, currency)));
    }
    text
}

/// Why nothing is determined.
fn missing_text(missing: &Missing, currency: Currency) -> String {
    match missing {
        Missing::Lines { lines, unknowns } => {
            let left = lines.saturating_sub(*unknowns);
            let check = match left {
                0 => "no check",
                1 => "one check, which fails",
                _ => "too few checks",
            };
            let noun = if *lines == 1 { "line" } else { "lines" };
            format!("{lines} {noun}: {unknowns} unknowns leave {check}")
        }
        Missing::OneAmount { lines } => {
            format!("{lines} lines, all of one amount: any rate with the right fixed part would do")
        }
        Missing::Chance { lines } => {
            format!("{lines} lines: a formula that gives them all could be chance")
        }
        Missing::NoFormula { lines, explained } => {
            format!("no formula gives nine of ten lines: the best gives {explained} of {lines}")
        }
        Missing::Alternatives { forms: [one, other] } => format!(
            "{} and {} give the same lines",
            form_text(one, currency),
            form_text(other, currency)
        ),
    }
}
