//! How what was found is told to a person: per segment the fee, its evidence and its exceptions, or
//! what is missing.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::form::Form;
use super::gather::Group;
use super::line::Line;
use super::months::by_month_before;
use super::plan::{Mode, Period, Plan};
use super::schedule::Schedule;
use super::segment::Segment;
use super::stated::Stated;
use super::words::{Words, major, percent};
use super::write::Finding;
use crate::entry::Entries;
use crate::fees::Language;
use crate::ids::EntryId;
use crate::money::Currency;
use crate::time::Date;

/// Rows that are named, of each kind of exception.
const NAMED: usize = 10;

/// Fewer lines than this beyond the unknowns are said to be few.
const FEW_CHECKS: usize = 5;

/// All findings as text. `row` names a line.
#[must_use]
pub fn findings_text(
    findings: &[Finding<'_>],
    entries: &Entries,
    stated: &Stated,
    row: &dyn Fn(EntryId) -> String,
    language: Language,
) -> String {
    let mut text = String::new();
    let words = Words(language);
    for finding in findings {
        if !stated.is_empty() {
            verified(&mut text, finding, entries, stated, row, words);
        }
        for segment in &finding.segments {
            let teller = Teller { finding, segment, row, words };
            teller.tell(&mut text);
        }
        if finding.group.left_out > 0 {
            let Group { left_out, currency, kind, .. } = finding.group;
            let kind = words.kind(*kind);
            text.push_str(&words.say(
                format!(
                    "{currency} {kind}: {left_out} lines were left out: their fee has parts of a minor \
                     unit, or goes the other way\n"
                ),
                format!("{currency} {kind}：{left_out} 行未计入：手续费小于最小货币单位，或方向相反\n"),
            ));
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
    words: Words,
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
            let [expected, fee] = [expected, line.fee].map(|fee| major(fee, group.currency));
            off.push(words.say(
                format!("    {name}: {fee}, by its stated rate {expected}\n"),
                format!("    {name}：{fee}，按账单费率应为 {expected}\n"),
            ));
        }
    }
    let all = held + off.len();
    if all == 0 {
        return;
    }
    let (currency, kind) = (group.currency, words.kind(group.kind));
    text.push_str(&words.say(
        format!("{currency} {kind}: the stated rate gives {held} of {all} lines exactly\n"),
        format!("{currency} {kind}：账单所列费率与 {all} 行中的 {held} 行完全相符\n"),
    ));
    off.iter().take(NAMED).for_each(|line| text.push_str(line));
}

struct Teller<'a, 'b> {
    finding: &'a Finding<'b>,
    segment: &'a Segment<'b>,
    row: &'a dyn Fn(EntryId) -> String,
    words: Words,
}

impl Teller<'_, '_> {
    /// Writes a line in the language.
    fn line(&self, text: &mut String, english: String, chinese: String) {
        text.push_str(&self.words.say(english, chinese));
        text.push('\n');
    }

    fn tell(&self, text: &mut String) {
        let Group { currency, returned, .. } = self.finding.group;
        let label = self.words.label(self.finding.group, self.segment);
        let plan = match &self.segment.plan {
            Ok(plan) => plan,
            Err(missing) => {
                let why = self.words.missing(missing);
                self.line(
                    text,
                    format!("{label}: not determined: {why}"),
                    format!("{label}：无法确定：{why}"),
                );
                return;
            }
        };
        let lines = &self.segment.lines;
        let open: Vec<&Line> = lines.iter().copied().filter(|line| !plan.explains(line)).collect();
        let given = if *returned { self.words.word(", given back", "（退还）") } else { "" };
        let (all, held) = (lines.len(), lines.len() - open.len());
        self.line(
            text,
            format!("{label}: {held} of {all} lines to the minor unit{given}"),
            format!("{label}：{all} 行中 {held} 行分毫不差{given}"),
        );
        for (at, period) in plan.periods.iter().enumerate() {
            self.period(text, period, at);
        }
        self.months(text, plan);
        let unknowns = plan.plain().map_or(0, |form| form.unknowns());
        let checks = held.saturating_sub(unknowns);
        if checks < FEW_CHECKS {
            let noun = if checks == 1 { "check" } else { "checks" };
            self.line(
                text,
                format!("    only {all} lines: {checks} {noun}"),
                format!("    只有 {all} 行：{checks} 行可核对"),
            );
        }
        if let Some(tax) = self.finding.tax {
            let tax = percent(tax * 100);
            self.line(
                text,
                format!("  tax in its own column: {tax} % of the fee"),
                format!("  税单列一栏：手续费的 {tax} %"),
            );
        }
        self.exceptions(text, plan, &open, *currency);
    }

    fn period(&self, text: &mut String, period: &Period, at: usize) {
        let currency = self.finding.group.currency;
        let when = match period.from.map(Date) {
            Some(from) if at > 0 => {
                self.words.say(format!("from {from}: "), format!("{from} 起："))
            }
            _ => String::new(),
        };
        for (place, tier) in period.tiers.iter().enumerate() {
            let volume = match (period.tiers.len(), tier.up_to) {
                (1, _) => String::new(),
                (_, Some(up_to)) => {
                    let up_to = major(up_to, currency);
                    self.words.say(
                        format!("up to {up_to} of the month's volume: "),
                        format!("当月累计不超过 {up_to}："),
                    )
                }
                (_, None) => self.words.word("above: ", "超过部分：").to_owned(),
            };
            let fee = self.words.schedule(&tier.schedule, currency);
            self.line(text, format!("  {when}{volume}{fee}"), format!("  {when}{volume}{fee}"));
            self.notes(text, &tier.schedule);
            if let Some((low, high)) = tier.between.filter(|(low, high)| low < high) {
                let (low, high) = (major(low, currency), major(high, currency));
                self.line(
                    text,
                    format!("    the tier ends between {low} and {high}: too few lines say where"),
                    format!("    该档止于 {low} 与 {high} 之间：行数太少，无法确定"),
                );
            }
            if place == 0 && period.tiers.len() > 1 {
                let mode = self.mode(period.mode);
                let _ = writeln!(text, "    {mode}");
            }
        }
        if let Some((first, last)) = period.unclear {
            let (first, last) = (Date(first), Date(last));
            self.line(
                text,
                format!("    too few lines say whether it began between {first} and {last}"),
                format!("    行数太少，无法确定 {first} 至 {last} 之间是否已经生效"),
            );
        }
    }

    fn mode(&self, mode: Mode) -> &'static str {
        match mode {
            Mode::Whole => self.words.word(
                "a line is charged whole by the tier of the volume with it",
                "每笔按计入该笔后的累计额所在档整笔计费",
            ),
            Mode::Marginal => self.words.word(
                "each part of a line is charged by the tier it lies in",
                "跨档的一笔按各部分所在档分段计费",
            ),
            Mode::Unclear => self.words.word(
                "too few lines say how one is charged that crosses two tiers",
                "行数太少，无法确定跨档的一笔如何计费",
            ),
        }
    }

    /// What the changes may really be.
    fn months(&self, text: &mut String, plan: &Plan) {
        let currency = self.finding.group.currency;
        let Some(steps) = by_month_before(plan, &self.finding.group.lines) else { return };
        self.line(
            text,
            "  These days agree with tiers by the volume of the month before:".to_owned(),
            "  这些日期与按上月累计额分档相符：".to_owned(),
        );
        for step in steps {
            let [low, high] = [step.low, step.high].map(|volume| major(volume, currency));
            let fee = self.words.form(&step.form, currency);
            self.line(
                text,
                format!("    after {low} to {high}: {fee}"),
                format!("    上月累计 {low} 至 {high}：{fee}"),
            );
        }
    }

    fn notes(&self, text: &mut String, schedule: &Schedule) {
        let currency = self.finding.group.currency;
        let (low, high) = schedule.covers;
        let (low, high) = (major(low, currency), major(high, currency));
        let rising = schedule.ranges.iter().any(|range| range.form.rate > 0);
        if rising && schedule.cap.is_none() {
            self.line(
                text,
                format!("    no line above {high}: a cap beyond it cannot be seen"),
                format!("    没有高于 {high} 的行：更高处是否封顶看不出来"),
            );
        }
        if rising && schedule.minimum.is_none() {
            self.line(
                text,
                format!("    no line below {low}: a minimum beneath it cannot be seen"),
                format!("    没有低于 {low} 的行：更低处是否有最低收费看不出来"),
            );
        }
        for (from, to) in schedule.holes.iter().take(NAMED) {
            let (low, high) = (major(*from, currency), major(*to, currency));
            if from == to {
                self.line(
                    text,
                    format!("    not determined at {low}: no two lines say on which side it is"),
                    format!("    金额 {low} 无法确定：没有两行能说明它属于哪一侧"),
                );
            } else {
                self.line(
                    text,
                    format!("    not determined from {low} to {high}"),
                    format!("    {low} 至 {high} 无法确定"),
                );
            }
        }
        self.differing(text, schedule);
    }

    /// The amounts and the ways to round of which the lines leave several possible.
    fn differing(&self, text: &mut String, schedule: &Schedule) {
        let currency = self.finding.group.currency;
        let amounts: BTreeSet<i64> = self.segment.lines.iter().map(|line| line.amount).collect();
        for amount in amounts.into_iter().filter(|amount| schedule.differ(*amount)).take(NAMED) {
            let amount = major(amount, currency);
            self.line(
                text,
                format!("    not determined at {amount}: another formula gives the lines as well"),
                format!("    金额 {amount} 无法确定：另一公式同样能解释这些行"),
            );
        }
        let pairs = schedule.ranges.iter().zip(&schedule.others);
        let mode = pairs
            .flat_map(|(range, others)| {
                let same =
                    |other: &&Form| Form { rounding: range.form.rounding, ..**other } == range.form;
                others.iter().filter(same)
            })
            .next();
        if let Some(mode) = mode {
            let mode = self.words.rounding(mode.rounding);
            self.line(
                text,
                format!("    too few lines tell it from rounding {mode}"),
                format!("    行数太少，无法与“{mode}”区分"),
            );
        }
    }

    fn exceptions(&self, text: &mut String, plan: &Plan, open: &[&Line], currency: Currency) {
        for line in open.iter().take(NAMED) {
            let name = (self.row)(EntryId(line.id));
            let charged = major(line.fee, currency);
            let by = match plan.fee(line).map(|fee| major(fee, currency)) {
                Some(fee) => {
                    self.words.say(format!("{fee} by these terms"), format!("按此合同应为 {fee}"))
                }
                None => self.words.word("not known by these terms", "按此合同无法得知").to_owned(),
            };
            self.line(
                text,
                format!("  exception {name}: {charged}, {by}"),
                format!("  例外 {name}：{charged}，{by}"),
            );
        }
        if let more @ 1.. = open.len().saturating_sub(NAMED) {
            self.line(
                text,
                format!("  and {more} more exceptions"),
                format!("  另有 {more} 个例外"),
            );
        }
    }
}
