//! How what was found is written as a fee contract, and what of it a contract cannot say.
//!
//! The text is for a person first: each fee says in a comment how many lines it explains, and what
//! was not found stands there as a comment too.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::form::{FIXED_UNIT, Form, RATE_UNIT, TAX_UNIT, Tax};
use super::gather::{By, FIELDS, Group};
use super::months::{Step, only_by_month_before};
use super::plan::{Mode, Period, Plan, Tier};
use super::round::roundest;
use super::schedule::{Range, Schedule};
use super::segment::Segment;
use super::words::Words;
use crate::entry::Kind;
use crate::fees::Language;
use crate::money::{Amount, Currency, Rounding};
use crate::time::Date;

/// A group with its segments, and the tax that a column of its own shows.
#[derive(Debug)]
pub struct Finding<'a> {
    /// The lines.
    pub group: &'a Group,
    /// What was found of them.
    pub segments: Vec<Segment<'a>>,
    /// In hundredths of a percent.
    pub tax: Option<i64>,
}

/// The contract of all that is determined. `name` says what it was made of.
#[must_use]
pub fn contract_text(name: &str, findings: &[Finding<'_>]) -> String {
    let plans = || {
        let segments = findings.iter().flat_map(|finding| &finding.segments);
        segments.filter_map(|segment| segment.plan.as_ref().ok())
    };
    let forms = || plans().flat_map(forms_of);
    // One way to round for the whole contract: apart if any fee needs it.
    let apart = forms().any(|form| form.more > 0 || matches!(form.tax, Tax::OnRounded(_)));
    let mut text = String::new();
    let _ = writeln!(
        text,
        "# Inferred by `crossfoot infer-fees`. Comments say how many lines each fee explains."
    );
    let _ = writeln!(text, "schema = 1\nname = {}", quoted(name));
    if apart {
        let _ = writeln!(text, "round = \"component\"");
    }
    for finding in findings {
        first_month(&mut text, finding);
        month_before(&mut text, finding);
    }
    for finding in findings {
        let refund = refund_policy(findings, finding.group);
        for segment in &finding.segments {
            let tier_by = "this_month";
            Writer { text: &mut text, finding, segment, apart, refund, tier_by }.write();
        }
    }
    text
}

/// Says that nothing was sold before the file began, where tiers go by the volume of that month.
fn first_month(text: &mut String, finding: &Finding<'_>) {
    let tiered = |segment: &Segment<'_>| {
        let plan = segment.plan.as_ref();
        plan.is_ok_and(|plan| plan.periods.iter().any(|period| period.tiers.len() > 1))
    };
    let first = finding.group.lines.iter().map(|line| line.day).min();
    let (year, month, day) = first.map_or((0, 0, 1), |day| Date(day).ymd());
    if day > 1 && finding.segments.iter().any(tiered) {
        let currency = finding.group.currency;
        let _ = writeln!(
            text,
            "\n# Assumed: nothing was sold in the month before the file begins. Correct it if you know.\n\
             [[volume]]\nmonth = \"{year:04}-{month:02}\"\ncurrency = \"{currency}\"\namount = 0"
        );
    }
}

impl Finding<'_> {
    /// The tiers by the volume of the month before that a segment follows, if nothing else can be
    /// meant and it has all lines of its currency and kind, whose volume that is.
    fn steps(&self, segment: &Segment<'_>) -> Option<Vec<Step>> {
        let plan = segment.plan.as_ref().ok().filter(|_| segment.scope.is_empty())?;
        only_by_month_before(plan, &self.group.lines)
    }
}

/// Says a volume of the month before the file, where tiers go by it: one of the tier that its first
/// month shows.
fn month_before(text: &mut String, finding: &Finding<'_>) {
    for segment in &finding.segments {
        let Some(steps) = finding.steps(segment) else { continue };
        let first = segment.plan.as_ref().ok().and_then(|plan| forms_of(plan).next());
        let step = steps.iter().find(|step| Some(step.form) == first);
        let day = finding.group.lines.iter().map(|line| line.day).min();
        let (Some(step), Some(day)) = (step, day) else { continue };
        let (_, _, of_month) = Date(day).ymd();
        let before = i32::try_from(of_month).map_or(day, |of_month| day - of_month);
        let (year, month, _) = Date(before).ymd();
        let currency = finding.group.currency;
        let amount = Amount::from_minor(step.high).format(currency).replace(',', "");
        let _ = writeln!(
            text,
            "\n# Assumed: a volume of the tier that the first month shows. Correct it if you know.\n\
             [[volume]]\nmonth = \"{year:04}-{month:02}\"\ncurrency = \"{currency}\"\namount = \"{amount}\""
        );
    }
}

fn forms_of(plan: &Plan) -> impl Iterator<Item = Form> + '_ {
    let tiers = plan.periods.iter().flat_map(|period| &period.tiers);
    tiers.flat_map(|tier| &tier.schedule.ranges).map(|range| range.form)
}

/// What refunds of a group's currency give back, if that can be said on the fee itself.
fn refund_policy(findings: &[Finding<'_>], group: &Group) -> Option<&'static str> {
    if group.kind != Kind::Sale {
        return None;
    }
    let of = |finding: &&Finding<'_>| {
        finding.group.currency == group.currency && finding.group.kind == Kind::Refund
    };
    let refunds = findings.iter().find(of)?;
    let [segment] = refunds.segments.as_slice() else { return None };
    let form = segment.plan.as_ref().ok()?.plain()?;
    match (form.rate, form.fixed) {
        (0, 0) => Some("kept"),
        (1.., 0) if refunds.group.returned => Some("percent_returned"),
        _ => None,
    }
}

struct Writer<'a, 'b> {
    text: &'a mut String,
    finding: &'a Finding<'b>,
    segment: &'a Segment<'b>,
    apart: bool,
    refund: Option<&'static str>,
    tier_by: &'static str,
}

impl Writer<'_, '_> {
    fn write(mut self) {
        let plan = match &self.segment.plan {
            Ok(plan) => plan.clone(),
            Err(_) => {
                let label = self.label();
                let _ = writeln!(self.text, "\n# {label}: not determined.");
                return;
            }
        };
        if let Some(steps) = self.finding.steps(self.segment) {
            self.by_month_before(&plan, &steps);
            return;
        }
        let periods: Vec<Period> = plan.periods.clone();
        for (at, period) in periods.iter().enumerate() {
            let until = periods.get(at + 1).and_then(|next| next.from).map(|next| next - 1);
            self.period(&plan, period, until);
        }
    }

    /// Tiers by the volume of the month before.
    fn by_month_before(&mut self, plan: &Plan, steps: &[Step]) {
        let currency = self.finding.group.currency;
        let label = self.label();
        let lines = &self.segment.lines;
        let explained = lines.iter().filter(|line| plan.explains(line)).count();
        let _ = writeln!(self.text, "\n# {label}: explains {explained} of {} lines.", lines.len());
        let mut tiers = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let next = steps.get(at + 1).map(|next| next.low - 1);
            let up_to = next.map(|next| roundest(step.high, next.max(step.high)).0);
            if let Some(next) = next {
                let [low, high] = [step.high, next].map(|n| Amount::from_minor(n).format(currency));
                let _ = writeln!(
                    self.text,
                    "# Its fees come back with the volume of the month before. A tier ends between {low} and {high}."
                );
            }
            let ranges = vec![Range { from: 0, form: step.form }];
            let schedule = Schedule { ranges, ..Schedule::default() };
            tiers.push(Tier { up_to, between: None, schedule });
        }
        let mode = Mode::Whole;
        let period = Period { from: None, unclear: None, narrower: None, tiers, mode };
        self.tier_by = "previous_month";
        self.tables(&period, None);
    }

    /// What the segment is, for comments.
    fn label(&self) -> String {
        Words(Language::English).label(self.finding.group, self.segment)
    }

    fn period(&mut self, plan: &Plan, period: &Period, until: Option<i32>) {
        let label = self.label();
        let within = |day: i32| {
            period.from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
        };
        let lines = self.segment.lines.iter().filter(|line| within(line.day));
        let explained = lines.clone().filter(|line| plan.explains(line)).count();
        let _ =
            writeln!(self.text, "\n# {label}: explains {explained} of {} lines.", lines.count());
        let is_stated =
            self.segment.scope.iter().any(|one| FIELDS.get(one.field) == Some(&By::Stated));
        let why = if self.finding.group.returned {
            self.refund_comment();
            return;
        } else if is_stated {
            Some("by the rate that the file states, which a contract cannot ask for")
        } else if self.names_nothing() {
            Some("for lines that leave the field empty, which a contract cannot ask for")
        } else if period.tiers.len() > 1
            && period.tiers.iter().any(|tier| tier.schedule.plain().is_none())
        {
            Some("tiers with bounds of their own, which a contract cannot say")
        } else if period.tiers.len() > 1 && period.mode == Mode::Unclear {
            Some("tiers, and no line says how one is charged that crosses their bound")
        } else {
            None
        };
        let start = self.text.len();
        self.tables(period, until);
        if let Some(why) = why {
            let tables = self.text.split_off(start);
            let _ = writeln!(self.text, "# Left out: {why}.");
            for line in tables.lines() {
                let _ = writeln!(self.text, "# {line}");
            }
        }
    }

    /// Whether the segment is, in part, of lines that do not say a method or country.
    fn names_nothing(&self) -> bool {
        self.segment.scope.iter().any(|condition| {
            let values = self.finding.group.values.get(condition.field);
            let empty = |at: &u16| {
                let value = values.and_then(|values| values.get(usize::from(*at)));
                value.is_some_and(String::is_empty)
            };
            let alone =
                FIELDS.get(condition.field) == Some(&By::Pair) && condition.values.len() == 1;
            !alone && condition.values.iter().any(empty)
        })
    }

    fn refund_comment(&mut self) {
        let _ =
            writeln!(self.text, "# It is given back: see `refund` of the fee, if it stands there.");
    }

    fn tables(&mut self, period: &Period, until: Option<i32>) {
        let Some(first) = period.tiers.first() else { return };
        let form = first.schedule.ranges.first().map(|range| range.form);
        let Some(form) = form else { return };
        self.head("fee", period, until);
        if form.rounding != Rounding::HalfUp {
            let _ = writeln!(self.text, "rounding = \"{}\"", rounding_name(form.rounding));
        }
        if let Some(refund) = self.refund.filter(|_| self.finding.group.kind == Kind::Sale) {
            let _ = writeln!(self.text, "refund = \"{refund}\"");
        }
        // A tax in the fee is a table of its own, unless fees and taxes are rounded apart and this
        // one is not, or a bound is on both.
        let bounded = first.schedule.cap.is_some() || first.schedule.minimum.is_some();
        let merged = match form.tax {
            Tax::Together(tax) if self.apart || bounded => TAX_UNIT + tax,
            _ => TAX_UNIT,
        };
        if period.tiers.len() > 1 {
            self.tiers(period, merged);
        } else {
            self.schedule(&first.schedule, merged);
        }
        self.when();
        if form.more > 0 {
            self.head("surcharge", period, until);
            let _ = writeln!(self.text, "percent = \"{}\"", percent(form.more, TAX_UNIT));
            if form.rounding != Rounding::HalfUp {
                let _ = writeln!(self.text, "rounding = \"{}\"", rounding_name(form.rounding));
            }
            self.when();
        }
        let inside = match form.tax {
            Tax::Together(tax) if merged == TAX_UNIT => Some((tax, "fee")),
            Tax::OnRounded(tax) => Some((tax, "fee")),
            _ => self.finding.tax.map(|tax| (tax, "tax")),
        };
        if let Some((tax, shown)) = inside {
            self.head("tax", period, until);
            let _ = writeln!(
                self.text,
                "percent = \"{}\"\nshown = \"{shown}\"",
                percent(tax * 100, TAX_UNIT)
            );
            self.when();
        }
    }

    /// The name of a table, and whom it is for.
    fn head(&mut self, table: &str, period: &Period, until: Option<i32>) {
        let Group { currency, kind, .. } = self.finding.group;
        let _ = writeln!(
            self.text,
            "[[{table}]]\ncurrency = \"{currency}\"\nkinds = [\"{}\"]",
            kind.name()
        );
        if let Some(from) = period.from {
            let _ = writeln!(self.text, "from = \"{}\"", Date(from));
        }
        if let Some(until) = until {
            let _ = writeln!(self.text, "until = \"{}\"", Date(until));
        }
    }

    fn schedule(&mut self, schedule: &Schedule, merged: i64) {
        let currency = self.finding.group.currency;
        let major = |minor: i64| Amount::from_minor(minor).format(currency);
        match schedule.ranges.as_slice() {
            [range] => self.rate(range.form, merged, "\n"),
            [below, above] if is_waiver(below.form, above.form) => {
                self.rate(above.form, merged, "\n");
                let _ = writeln!(self.text, "fixed_from = \"{}\"", major(above.from));
            }
            ranges => {
                let _ = writeln!(self.text, "bands = [");
                for (at, range) in ranges.iter().enumerate() {
                    let _ = write!(self.text, "  {{ ");
                    if let Some(next) = ranges.get(at + 1) {
                        let _ = write!(self.text, "up_to = \"{}\", ", major(next.from - 1));
                    }
                    self.rate(range.form, merged, ", ");
                    let _ = writeln!(self.text, " }},");
                }
                let _ = writeln!(self.text, "]");
            }
        }
        let tax = schedule.ranges.first().map(|range| range.form.tax);
        let before_tax = |bound: i64| match tax {
            Some(Tax::OnRounded(tax)) => without_tax(bound, tax),
            _ => bound,
        };
        if let Some(minimum) = schedule.minimum {
            let _ = writeln!(self.text, "minimum = \"{}\"", major(before_tax(minimum)));
        }
        if let Some(cap) = schedule.cap {
            let _ = writeln!(self.text, "cap = \"{}\"", major(before_tax(cap)));
        }
    }

    fn tiers(&mut self, period: &Period, merged: i64) {
        let currency = self.finding.group.currency;
        let mode = if period.mode == Mode::Marginal { "marginal" } else { "whole" };
        let _ = writeln!(self.text, "tier_by = \"{}\"\ntier_mode = \"{mode}\"", self.tier_by);
        if !self.segment.scope.is_empty() {
            let _ = writeln!(self.text, "volume_of = \"currency\"");
        }
        let plain: Vec<(Option<i64>, Form)> = period
            .tiers
            .iter()
            .filter_map(|tier| Some((tier.up_to, tier.schedule.plain()?)))
            .collect();
        let fixed = plain.first().map(|(_, form)| form.fixed);
        let alike = plain.iter().all(|(_, form)| Some(form.fixed) == fixed);
        if let (true, Some(fixed)) = (alike && fixed != Some(0), fixed) {
            let _ = writeln!(self.text, "fixed = \"{}\"", fixed_text(fixed, merged, currency));
        }
        let _ = writeln!(self.text, "tiers = [");
        for (up_to, form) in plain {
            let _ = write!(self.text, "  {{ ");
            if let Some(up_to) = up_to {
                let _ = write!(
                    self.text,
                    "up_to = \"{}\", ",
                    Amount::from_minor(up_to).format(currency)
                );
            }
            let form = if alike { Form { fixed: 0, ..form } } else { form };
            self.rate(form, merged, ", ");
            let _ = writeln!(self.text, " }},");
        }
        let _ = writeln!(self.text, "]");
    }

    /// Percent and fixed part, `between` them and, if it ends lines, behind.
    fn rate(&mut self, form: Form, merged: i64, between: &str) {
        let currency = self.finding.group.currency;
        let mut parts = Vec::new();
        if form.rate > 0 || form.fixed == 0 {
            parts.push(format!("percent = \"{}\"", percent(form.rate, merged)));
        }
        if form.fixed > 0 {
            parts.push(format!("fixed = \"{}\"", fixed_text(form.fixed, merged, currency)));
        }
        let end = if between == "\n" { "\n" } else { "" };
        let _ = write!(self.text, "{}{end}", parts.join(between));
    }

    fn when(&mut self) {
        let mut conditions = Vec::new();
        for condition in &self.segment.scope {
            let Some(values) = self.finding.group.values.get(condition.field) else { continue };
            let named: Vec<&str> = condition
                .values
                .iter()
                .filter_map(|at| values.get(usize::from(*at)))
                .map(String::as_str)
                .collect();
            let key = match FIELDS.get(condition.field) {
                Some(By::Method) => "method",
                Some(By::Country) => "country",
                Some(By::Pair) => "pair",
                _ => continue,
            };
            if key == "pair" && named.iter().all(|pair| pair.is_empty()) {
                conditions.push("converted = false".to_owned());
            } else {
                let list: Vec<String> = named.iter().map(|name| quoted(name)).collect();
                conditions.push(format!("{key} = [{}]", list.join(", ")));
            }
        }
        if !conditions.is_empty() {
            let _ = writeln!(self.text, "when = {{ {} }}", conditions.join(", "));
        }
    }
}

pub(crate) fn is_waiver(below: Form, above: Form) -> bool {
    below.fixed == 0
        && above.fixed > 0
        && below.rate == above.rate
        && (below.tax, below.rounding, below.more) == (above.tax, above.rounding, above.more)
}

/// A rate in millionths as percent, with a tax in it if `merged` is more than one.
fn percent(rate: i64, merged: i64) -> Decimal {
    let number = Decimal::from(rate) * Decimal::from(merged);
    (number / Decimal::from(TAX_UNIT) * Decimal::ONE_HUNDRED / Decimal::from(RATE_UNIT)).normalize()
}

/// Hundredths of a minor unit in major units, with a tax in them if `merged` is more than one.
fn fixed_text(fixed: i64, merged: i64, currency: Currency) -> String {
    let minor = Decimal::from(fixed) * Decimal::from(merged)
        / Decimal::from(FIXED_UNIT)
        / Decimal::from(TAX_UNIT);
    Amount::from_minor_decimal(minor)
        .map_or_else(|_| minor.to_string(), |minor| minor.format(currency))
}

/// The roundest amount that is this one with its rounded tax.
fn without_tax(bound: i64, tax: i64) -> i64 {
    let near = bound * TAX_UNIT / (TAX_UNIT + tax);
    let with = |base: i64| base + (base * tax * 2 + TAX_UNIT).div_euclid(2 * TAX_UNIT);
    (near - 1..=near + 1).find(|base| with(*base) == bound).unwrap_or(near)
}

pub(crate) fn rounding_name(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::HalfUp => "half_up",
        Rounding::HalfEven => "half_even",
        Rounding::Up => "up",
        Rounding::Down => "down",
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out + "\""
}
