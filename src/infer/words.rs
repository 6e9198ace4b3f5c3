//! How formulas, what they hold for and what is missing are said, in English and in 简体中文.

use rust_decimal::Decimal;

use super::form::{FIXED_UNIT, Form, RATE_UNIT, Tax};
use super::gather::{By, FIELDS, Group};
use super::schedule::{Missing, Range, Schedule};
use super::segment::Segment;
use super::write::{is_waiver, rounding_name};
use crate::entry::Kind;
use crate::fees::Language;
use crate::money::{Amount, Currency, Rounding};

/// Words of a language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words(pub(super) Language);

pub(super) fn major(minor: i64, currency: Currency) -> String {
    Amount::from_minor(minor).format(currency)
}

/// Millionths as percent.
pub(super) fn percent(millionths: i64) -> Decimal {
    (Decimal::from(millionths) * Decimal::ONE_HUNDRED / Decimal::from(RATE_UNIT)).normalize()
}

impl Words {
    /// One of two texts.
    pub(super) fn say(self, english: String, chinese: String) -> String {
        match self.0 {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }

    /// One of two words.
    pub(super) fn word(self, english: &'static str, chinese: &'static str) -> &'static str {
        match self.0 {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }

    /// The kind of a line.
    pub(super) fn kind(self, kind: Kind) -> &'static str {
        let chinese = match kind {
            Kind::Sale => "销售",
            Kind::Capture => "预授权完成",
            Kind::Refund => "退款",
            Kind::Reversal => "冲正",
            Kind::Chargeback => "拒付",
            Kind::ChargebackReversal => "拒付撤销",
            Kind::Payout => "打款",
            _ => "其他",
        };
        self.word(kind.name(), chinese)
    }

    /// What a segment is: `USD sale, method visa`.
    pub(super) fn label(self, group: &Group, segment: &Segment<'_>) -> String {
        let mut text = format!("{} {}", group.currency, self.kind(group.kind));
        for condition in &segment.scope {
            let name = match FIELDS.get(condition.field) {
                Some(By::Method) => self.word("method", "支付方式"),
                Some(By::Country) => self.word("country", "国家"),
                Some(By::Pair) => self.word("currencies", "币种对"),
                _ => self.word("stated rate", "账单费率"),
            };
            let values = group.values.get(condition.field);
            let named: Vec<&str> = condition
                .values
                .iter()
                .filter_map(|at| values?.get(usize::from(*at)))
                .map(|value| if value.is_empty() { self.word("none", "无") } else { value })
                .collect();
            let named = named.join(" / ");
            text.push_str(&self.say(format!(", {name} {named}"), format!("，{name} {named}")));
        }
        text
    }

    /// A way to round.
    pub(super) fn rounding(self, rounding: Rounding) -> String {
        let chinese = match rounding {
            Rounding::HalfUp => "四舍五入",
            Rounding::HalfEven => "四舍六入五成双",
            Rounding::Up => "向上进位",
            Rounding::Down => "直接舍去",
        };
        self.say(rounding_name(rounding).replace('_', "-"), chinese.to_owned())
    }

    /// `2.9 % + 0.30`.
    pub(super) fn form(self, form: &Form, currency: Currency) -> String {
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
            let more = percent(form.more);
            parts.push(self.say(format!("{more} % rounded alone"), format!("单独取整的 {more} %")));
        }
        let mut text = parts.join(" + ");
        if parts.is_empty() {
            text = self.word("no fee", "免手续费").to_owned();
        }
        text = match form.tax {
            Tax::None => text,
            Tax::Together(tax) => {
                let tax = percent(tax * 100);
                self.say(format!("({text}) and {tax} % tax"), format!("（{text}）另加 {tax} % 税"))
            }
            Tax::OnRounded(tax) => {
                let tax = percent(tax * 100);
                self.say(
                    format!("{text}, rounded, and {tax} % tax on it, rounded"),
                    format!("{text}，取整后另加 {tax} % 税，税额再取整"),
                )
            }
        };
        if form.rounding != Rounding::HalfUp {
            let way = self.rounding(form.rounding);
            text.push_str(&self.say(format!(", rounded {way}"), format!("，{way}")));
        }
        text
    }

    /// All that an amount may cost.
    pub(super) fn schedule(self, schedule: &Schedule, currency: Currency) -> String {
        let mut text = match schedule.ranges.as_slice() {
            [below, above] if is_waiver(below.form, above.form) => {
                let (fee, from) = (self.form(&above.form, currency), major(above.from, currency));
                self.say(
                    format!("{fee}, the fixed part waived below {from}"),
                    format!("{fee}，低于 {from} 时免固定部分"),
                )
            }
            ranges => {
                let of = |range: &Range| {
                    let fee = self.form(&range.form, currency);
                    match range.from {
                        0 => fee,
                        from => {
                            let from = major(from, currency);
                            self.say(format!("from {from} {fee}"), format!("{from} 起 {fee}"))
                        }
                    }
                };
                let between = self.word("; ", "；");
                ranges.iter().map(of).collect::<Vec<_>>().join(between)
            }
        };
        if let Some(minimum) = schedule.minimum {
            let minimum = major(minimum, currency);
            text.push_str(&self.say(format!(", at least {minimum}"), format!("，最低 {minimum}")));
        }
        if let Some(cap) = schedule.cap {
            let cap = major(cap, currency);
            text.push_str(&self.say(format!(", at most {cap}"), format!("，最高 {cap}")));
        }
        text
    }

    /// Why nothing is determined.
    pub(super) fn missing(self, missing: &Missing) -> String {
        match missing {
            Missing::Lines { lines, unknowns } => {
                let (check, chinese) = match lines.saturating_sub(*unknowns) {
                    0 => ("no check", "无从核对"),
                    1 => ("one check, which fails", "只有一行可核对，且不符"),
                    _ => ("too few checks", "可核对的行太少"),
                };
                let noun = if *lines == 1 { "line" } else { "lines" };
                self.say(
                    format!("{lines} {noun}: {unknowns} unknowns leave {check}"),
                    format!("{lines} 行，{unknowns} 个未知数，{chinese}"),
                )
            }
            Missing::OneAmount { lines } => self.say(
                format!(
                    "{lines} lines, all of one amount: any rate with the right fixed part would do"
                ),
                format!("{lines} 行金额全部相同：任何费率配上相应的固定部分都能解释"),
            ),
            Missing::Chance { lines } => self.say(
                format!("{lines} lines: a formula that gives them all could be chance"),
                format!("{lines} 行：能解释它们的公式可能只是巧合"),
            ),
            Missing::NoFormula { lines, explained } => self.say(
                format!(
                    "no formula gives nine of ten lines: the best gives {explained} of {lines}"
                ),
                format!("没有公式能解释九成的行：最好的解释 {lines} 行中的 {explained} 行"),
            ),
        }
    }
}
