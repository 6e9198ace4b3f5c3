//! How a fee was worked out, step by step, and how a person would write that down.

use rust_decimal::Decimal;

use super::exact::Exact;
use super::model::{By, Refund, RoundTo};
use crate::money::{Amount, Currency, Rounding};

/// A part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What was refunded.
    pub part: Amount,
    /// What was paid.
    pub of: Amount,
}

/// One step of a calculation, in the order in which they are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the contract")]
pub enum Step {
    /// Percent of an amount.
    Percent { of: Amount, percent: Decimal },
    /// A fixed part.
    Fixed { amount: Amount },
    /// A fixed part that is waived below an amount.
    Waived { fixed: Amount, from: Amount },
    /// Which band or tier the rates that follow are of.
    Tier { by: By, at: Amount, up_to: Option<Amount>, step: usize },
    /// A rate that is the average over a month's tiers.
    Blended { of: Amount, volume: Amount, fee: Option<Amount> },
    /// What was added up so far is charged on itself too.
    GrossedUp { factor: i128, denominator: i128 },
    /// Raised to the minimum.
    Minimum { amount: Amount },
    /// Lowered to the cap.
    Cap { amount: Amount },
    /// Interchange and scheme fees as the file states them.
    PassedThrough { amount: Amount },
    /// The share that the merchant bears.
    Share { percent: Decimal },
    /// What follows is a surcharge.
    Surcharge { name: String },
    /// A tax on the fee.
    Tax { name: String, percent: Decimal, included: bool, apart: bool },
    /// What follows is given back with a refund, or not.
    Refund { policy: Refund },
    /// A share of the payment's fee.
    PartOf(Kept),
    /// The fixed part that is not given back.
    FixedKept { amount: Amount },
}

/// The calculation of one line's fee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calculation {
    /// The currency of all amounts.
    pub currency: Currency,
    /// What was done.
    pub steps: Vec<Step>,
    /// What may be charged, positive; negative where it is to be given back.
    pub fee: Amount,
    /// The tax that stands in a column of its own.
    pub tax: Amount,
    /// How the sum became whole.
    pub round_to: RoundTo,
}

/// A language of a calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// 简体中文.
    Chinese,
}

impl Calculation {
    /// The calculation on one line, such as `1,250.35 × 1.5 % = 18.76 + 5.00 = 23.76 KES`.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut out = Writer {
            calculation: self,
            language,
            before: String::new(),
            sum: Vec::new(),
            remarks: Vec::new(),
            name: String::new(),
        };
        for step in &self.steps {
            out.step(step);
        }
        out.finish()
    }
}

/// A product, a fixed part, or what became of several of them.
struct Summand {
    written: String,
    value: Option<Amount>,
    product: bool,
    /// Whether it needs brackets where something is done to it.
    compound: bool,
}

struct Writer<'c> {
    calculation: &'c Calculation,
    language: Language,
    /// What stands before the sum.
    before: String,
    sum: Vec<Summand>,
    /// What stands behind the result, in brackets.
    remarks: Vec<String>,
    /// The name of the surcharge whose first part comes next.
    name: String,
}

impl Writer<'_> {
    fn say(&self, english: String, chinese: String) -> String {
        match self.language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }

    fn money(&self, amount: Amount) -> String {
        grouped(&amount.format(self.calculation.currency))
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Percent { of, percent } => {
                let written = format!("{} × {} %", self.money(*of), percent.normalize());
                self.add(written, percent_of(*of, *percent), true);
            }
            Step::Fixed { amount } | Step::PassedThrough { amount } => {
                self.add(self.money(*amount), Some(*amount), false);
            }
            Step::Blended { of, volume, fee } => {
                let fee = fee.map_or_else(|| "?".to_owned(), |fee| self.money(fee));
                let written = format!("{} × {fee} / {}", self.money(*of), self.money(*volume));
                self.add(written, None, true);
            }
            Step::GrossedUp { factor, denominator } => {
                let numerator = denominator.saturating_sub(*factor);
                let left = Exact { numerator, denominator: *denominator }.decimal();
                let left = left.unwrap_or_default().minor_decimal().normalize();
                self.change(&format!(" / {left}"));
            }
            Step::Minimum { amount } => {
                let amount = self.money(*amount);
                self.bound(&self.say(format!(", at least {amount}"), format!("，最低 {amount}")));
            }
            Step::Cap { amount } => {
                let amount = self.money(*amount);
                self.bound(&self.say(format!(", at most {amount}"), format!("，最高 {amount}")));
            }
            Step::Share { percent } => self.change(&format!(" × {} %", percent.normalize())),
            Step::Surcharge { name } => self.name.clone_from(name),
            Step::Tax { name, percent, included, apart } => {
                self.tax(name, *percent, *included, *apart);
            }
            Step::PartOf(Kept { part, of }) => {
                self.change(&format!(" × {} / {}", self.money(*part), self.money(*of)));
            }
            Step::Refund { policy } => self.refund(*policy),
            Step::Waived { .. } | Step::Tier { .. } | Step::FixedKept { .. } => {
                let remark = self.remark(step);
                if !self.remarks.contains(&remark) {
                    self.remarks.push(remark);
                }
            }
        }
    }

    fn add(&mut self, mut written: String, value: Option<Amount>, product: bool) {
        if !self.name.is_empty() {
            written = format!("{written} ({})", std::mem::take(&mut self.name));
        }
        self.sum.push(Summand { written, value, product, compound: false });
    }

    /// The sum so far as one summand, in brackets if it has parts.
    fn whole(&mut self) -> String {
        let parts = std::mem::take(&mut self.sum);
        let brackets = parts.len() > 1 || parts.iter().any(|part| part.compound);
        let written = joined(&parts);
        if brackets { format!("({written})") } else { written }
    }

    /// Something is done to the whole sum.
    fn change(&mut self, done: &str) {
        if !self.sum.is_empty() {
            let written = self.whole() + done;
            self.sum.push(Summand { written, value: None, product: true, compound: false });
        }
    }

    fn bound(&mut self, text: &str) {
        let parts = std::mem::take(&mut self.sum);
        let written = joined(&parts) + text;
        self.sum.push(Summand { written, value: None, product: true, compound: true });
    }

    fn remark(&self, step: &Step) -> String {
        match step {
            Step::Waived { fixed, from } => {
                let (fixed, from) = (self.money(*fixed), self.money(*from));
                self.say(
                    format!("{fixed} is waived below {from}"),
                    format!("低于 {from} 免收 {fixed}"),
                )
            }
            Step::Tier { by, at, up_to, .. } => self.tier(*by, *at, *up_to),
            Step::FixedKept { amount } => {
                let amount = self.money(*amount);
                self.say(
                    format!("without the fixed {amount}, which is kept"),
                    format!("不含不退还的固定部分 {amount}"),
                )
            }
            _ => String::new(),
        }
    }

    fn tier(&self, by: By, at: Amount, up_to: Option<Amount>) -> String {
        let at = self.money(at);
        let which = match up_to {
            Some(up_to) => {
                let up_to = self.money(up_to);
                self.say(format!("up to {up_to}"), format!("不超过 {up_to}"))
            }
            None => self.say("the last".to_owned(), "最后一档".to_owned()),
        };
        match by {
            By::Amount => self.say(format!("band {which}"), format!("档位：{which}")),
            By::PreviousMonth => self.say(
                format!("tier {which}: {at} in the month before"),
                format!("阶梯：{which}；上月交易额 {at}"),
            ),
            By::ThisMonth => self.say(
                format!("tier {which}: {at} so far this month"),
                format!("阶梯：{which}；本月累计 {at}"),
            ),
            By::MonthTotal => self.say(
                format!("tier {which}: {at} in the month"),
                format!("阶梯：{which}；当月交易额 {at}"),
            ),
        }
    }

    fn tax(&mut self, name: &str, percent: Decimal, included: bool, apart: bool) {
        let percent = percent.normalize();
        let tax = self.say("tax".to_owned(), "税".to_owned());
        let name = if name.is_empty() { tax } else { name.to_owned() };
        if !included && !apart {
            let written = self.whole();
            let written = format!("{written} + {percent} % {name}");
            self.sum.push(Summand { written, value: None, product: true, compound: true });
            return;
        }
        let remark = match included {
            true if apart => self.say(
                format!("less the {percent} % {name} in it"),
                format!("已减去所含 {name} {percent} %"),
            ),
            true => self.say(format!("with {percent} % {name}"), format!("含 {name} {percent} %")),
            false => self
                .say(format!("{percent} % {name} beside it"), format!("{name} {percent} % 另列")),
        };
        self.remarks.push(remark);
    }

    fn refund(&mut self, policy: Refund) {
        let (english, chinese) = match policy {
            Refund::Kept => {
                let remark = self.say("no fee comes back".to_owned(), "手续费不退".to_owned());
                self.remarks.push(remark);
                return;
            }
            Refund::Returned => ("given back: ", "退还："),
            Refund::ProRata => ("given back in proportion: ", "按比例退还："),
            Refund::PercentReturned => ("the percentage given back: ", "退还费率部分："),
        };
        if !self.sum.is_empty() {
            self.before = joined(&std::mem::take(&mut self.sum));
            self.before.push_str(match self.language {
                Language::English => ", less what is ",
                Language::Chinese => "，减",
            });
        }
        self.before.push_str(match self.language {
            Language::English => english,
            Language::Chinese => chinese,
        });
    }

    /// The sum as a person writes it, with the value of a product between, and the result.
    fn finish(mut self) -> String {
        let calculation = self.calculation;
        let result = self.money(calculation.fee);
        let mut out = std::mem::take(&mut self.before);
        crate::sort::sort_by_key(&mut self.sum, |part| !part.product);
        match self.sum.as_slice() {
            [product, rest @ ..] if product.product && !rest.is_empty() && is_plain(rest) => {
                out.push_str(&product.written);
                if let Some(value) = self.shown(product, rest) {
                    out.push_str(&format!(" = {value}"));
                }
                out.push_str(&format!(" + {}", joined(rest)));
            }
            parts => out.push_str(&joined(parts)),
        }
        if out.is_empty() {
            out.push_str(&result);
        } else if out != result {
            out.push_str(&format!(" = {result}"));
        }
        out.push_str(&format!(" {}", calculation.currency));
        if !calculation.tax.is_zero() {
            let tax = self.money(calculation.tax);
            out.push_str(&self.say(format!(", tax {tax}"), format!("，税 {tax}")));
        }
        let mode = match calculation.round_to.rounding {
            Rounding::HalfUp => None,
            Rounding::HalfEven => Some(("half to even", "四舍六入五成双")),
            Rounding::Up => Some(("rounded up", "进位")),
            Rounding::Down => Some(("rounded down", "舍去")),
        };
        if let Some((english, chinese)) = mode {
            let remark = self.say(english.to_owned(), chinese.to_owned());
            self.remarks.push(remark);
        }
        if !self.remarks.is_empty() {
            out.push_str(&format!(" ({})", self.remarks.join("; ")));
        }
        out
    }

    /// The value of a product: rounded where the rounded parts give the result, else exact.
    fn shown(&self, product: &Summand, rest: &[Summand]) -> Option<String> {
        let value = product.value?;
        let rounded = Exact::of(value, 1).and_then(|value| value.round(Rounding::HalfUp, 0));
        let add = |sum: Option<Amount>, one: &Summand| sum?.checked_add(one.value?);
        let sum = rest.iter().fold(rounded, add);
        let rounded = rounded.filter(|_| sum == Some(self.calculation.fee));
        Some(self.money(rounded.unwrap_or(value)))
    }
}

/// Summands as a sum.
fn joined(parts: &[Summand]) -> String {
    let written: Vec<String> = parts
        .iter()
        .map(|part| match part.compound && parts.len() > 1 {
            true => format!("({})", part.written),
            false => part.written.clone(),
        })
        .collect();
    written.join(" + ")
}

/// Whether all are fixed parts.
fn is_plain(summands: &[Summand]) -> bool {
    summands.iter().all(|one| !one.product)
}

fn percent_of(amount: Amount, percent: Decimal) -> Option<Amount> {
    let over = 10_i128.checked_pow(percent.scale())?.checked_mul(100)?;
    Exact::of(amount, 1)?.times(percent.mantissa(), over)?.decimal()
}

/// A number with its thousands apart.
fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |at| digits.split_at(at));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && whole.len().saturating_sub(at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    out
}
