//! Decides what the words of a row mean: its type, state, currencies, rate and dates.

use rust_decimal::Decimal;

use super::assumed::Assumed;
use super::builder::Refusal;
use super::cells::{Source, Words, tidy};
use super::figures::{Context, Figures};
use super::fold::fold;
use super::plan::{DatePlan, Plan, WordPlan};
use super::record::Record;
use super::rejection::Rejection;
use super::synonyms;
use crate::entry::{Kind, Status};
use crate::money::{Amount, Currency, DecimalMark};
use crate::time::{DateFormat, Stamp, Zone, parse_stamp};

/// Reads words, and remembers the last ones with their meaning.
#[derive(Debug)]
pub(super) struct Reader {
    kinds: Words<Option<Kind>>,
    statuses: Words<Option<Status>>,
    currencies: Words<Option<Currency>>,
    other_currencies: Words<Option<Currency>>,
    zones: Words<Option<Zone>>,
    rate: (String, Decimal),
    /// Whether a positive number in an unsigned fee column is a charge.
    pub(super) positive_is_charge: bool,
    pub(super) assumed: Assumed,
    /// Whether the zone was noted as an assumption already.
    pub(super) zone_noted: bool,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            kinds: Words::new(),
            statuses: Words::new(),
            currencies: Words::new(),
            other_currencies: Words::new(),
            zones: Words::new(),
            rate: (String::new(), Decimal::ZERO),
            positive_is_charge: true,
            assumed: Assumed::default(),
            zone_noted: false,
        }
    }

    /// Kind, state, currencies and rate of a row.
    pub(super) fn context(&mut self, plan: &Plan, record: &Record<'_>) -> Result<Context, Refusal> {
        let rule = plan.row_rule(record);
        let kind = rule.and_then(|rule| rule.kind).unwrap_or_else(|| self.kind(plan, record));
        let status = rule.and_then(|rule| rule.status);
        let status = status.unwrap_or_else(|| self.status(plan, record));
        let code = plan.currency.text(record);
        let currency = self
            .currencies
            .get(code, synonyms::currency)
            .ok_or_else(|| no_currency(plan, &plan.currency, code))?;
        let mut other = |source: &Source| {
            let code = if source.is_given() { source.text(record) } else { "" };
            if code.is_empty() {
                return Ok(None);
            }
            match self.other_currencies.get(code, synonyms::currency) {
                Some(currency) => Ok(Some(currency)),
                None => Err(no_currency(plan, source, code)),
            }
        };
        let net_currency = other(&plan.net_currency)?.unwrap_or(currency);
        let original_currency = other(&plan.original_currency)?;
        let is_converted =
            net_currency != currency || original_currency.is_some_and(|other| other != currency);
        let rate = if is_converted { self.rate(plan, record)? } else { None };
        Ok(Context {
            kind,
            status,
            currency,
            net_currency,
            original_currency,
            rate,
            positive_is_charge: self.positive_is_charge,
        })
    }

    fn kind(&mut self, plan: &Plan, record: &Record<'_>) -> Kind {
        let word = plan.kind.source.text(record);
        if word.is_empty() {
            return plan.kind.default.unwrap_or(Kind::Sale);
        }
        self.kinds.get(word, |word| meaning(&plan.kind, word)).unwrap_or_else(|| {
            let why = "the word is in no vocabulary; the row keeps its amount and is compared with \
                       no order";
            let what = format!("type “{word}”");
            if self.assumed.note(&what, Kind::Other.name(), why, record.row()) {
                let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
                let path = format!("fields.type.words.{}", fold(word));
                self.assumed.ask(&what, Kind::Other.name(), path, &kinds);
            }
            Kind::Other
        })
    }

    fn status(&mut self, plan: &Plan, record: &Record<'_>) -> Status {
        let word = plan.status.source.text(record);
        if word.is_empty() {
            return plan.status.default.unwrap_or(Status::Unstated);
        }
        self.statuses.get(word, |word| meaning(&plan.status, word)).unwrap_or_else(|| {
            let why = "the word is in no vocabulary; the row is taken as paid";
            let what = format!("status “{word}”");
            if self.assumed.note(&what, Status::Unstated.name(), why, record.row()) {
                let all: Vec<&str> = Status::ALL.iter().map(|status| status.name()).collect();
                let path = format!("fields.status.words.{}", fold(word));
                self.assumed.ask(&what, Status::Unstated.name(), path, &all);
            }
            Status::Unstated
        })
    }

    /// The rate of a row; the last one is remembered, since files repeat the rate of the day.
    fn rate(&mut self, plan: &Plan, record: &Record<'_>) -> Result<Option<Decimal>, Refusal> {
        let text = plan.fx_rate.text(record);
        if text.is_empty() || text == "-" {
            return Ok(None);
        }
        if self.rate.0 != text {
            let column = plan.fx_rate.column.unwrap_or_default();
            let plain = match plan.format(column).decimal {
                DecimalMark::Comma => text.replace('.', "").replace(',', "."),
                DecimalMark::Point => text.replace(',', ""),
            };
            let rate = Decimal::from_str_exact(&plain).ok().filter(|rate| *rate > Decimal::ZERO);
            let rate = if plan.fx_inverse { rate.and_then(inverse) } else { rate };
            self.rate = (
                text.to_owned(),
                rate.ok_or_else(|| {
                    let name = plan.header.name(column);
                    let why = "is no exchange rate above zero: correct the cell";
                    let reason = format!("column {name}: “{}” {why}", shown(text));
                    Refusal::Row(Rejection::unreadable(reason))
                })?,
            );
        }
        Ok(Some(self.rate.1))
    }

    /// The date of a row; `None` if its cell is empty.
    pub(super) fn stamp(
        &mut self,
        plan: &Plan,
        date: &DatePlan,
        record: &Record<'_>,
    ) -> Result<Option<Stamp>, Refusal> {
        let text = date.source.text(record);
        if text.is_empty() || text == "-" {
            return Ok(None);
        }
        let zone = match date.zone_column {
            Some(column) => self.zone(tidy(record.get(column).unwrap_or_default()), date),
            None => date.zone,
        };
        let format = date.format.as_ref().unwrap_or(&DateFormat::Iso);
        let time = date.time.map(|column| tidy(record.get(column).unwrap_or_default()));
        let joined = time.filter(|time| !time.is_empty()).map(|time| format!("{text} {time}"));
        let text = joined.as_deref().unwrap_or(text);
        parse_stamp(text, format, &zone).map(Some).map_err(|error| {
            let columns = date.source.columns();
            let column = columns.into_iter().find(|&at| record.get(at).map(tidy) == Some(text));
            let place = format!("column {}", plan.header.name(column.unwrap_or_default()));
            Refusal::Row(Rejection::of_date(&place, error, text))
        })
    }

    /// The zone that a row names, else the one of the profile.
    fn zone(&mut self, name: &str, date: &DatePlan) -> Zone {
        if name.is_empty() {
            return date.zone;
        }
        let found = self.zones.get(name, |name| {
            let label = fold(name);
            let labelled = date.zones.iter().find(|(known, _)| *known == label);
            labelled
                .map(|(_, zone)| *zone)
                .or_else(|| Zone::parse(name))
                .or_else(|| Zone::from_abbreviation(name))
        });
        found.unwrap_or_else(|| {
            let why = "the abbreviation is unknown or means several zones";
            self.assumed.once(&format!("time zone “{name}”"), &date.zone.to_string(), why);
            date.zone
        })
    }

    /// Where a file has no column for the type, money that goes back is a refund.
    pub(super) fn kind_by_sign(
        &mut self,
        plan: &Plan,
        kind: Kind,
        amount: Amount,
        record: &Record<'_>,
    ) -> Kind {
        if let Some(other) = plan.kind.negative
            && kind == Kind::Sale
            && amount.is_negative()
        {
            return other;
        }
        let unstated = plan.is_generic && !plan.kind.source.is_given();
        if !unstated || kind != Kind::Sale || !amount.is_negative() {
            return kind;
        }
        let why = "the file has no column for the type";
        self.assumed.note("type of rows with a negative amount", "refund", why, record.row());
        Kind::Refund
    }

    /// Remembers what had to be taken to be so.
    pub(super) fn note_taken(&mut self, figures: &Figures, row: &Context, record: &Record<'_>) {
        let taken = figures.taken;
        if taken.by_kind {
            let what = format!("sign of {} rows", row.kind.name());
            let why = "the file writes their amounts without a sign";
            self.assumed.note(&what, "negative", why, record.row());
        }
        if taken.fee_sign {
            let charge = if row.positive_is_charge { "positive" } else { "negative" };
            let value = format!("a {charge} number is a charge");
            let why = "the file does not say, and no net amount shows it";
            if self.assumed.note("sign of fees", &value, why, record.row()) {
                let path = "fields.fee.sign".to_owned();
                let options: [&str; 2] = if row.positive_is_charge {
                    ["neg", "as_written"]
                } else {
                    ["as_written", "neg"]
                };
                self.assumed.ask("sign of fees", &value, path, &options);
            }
        }
        if taken.by_net {
            let why = "only so do amount, fee and tax lead to the net";
            self.assumed.note("sign of amounts", "that of the net", why, record.row());
        }
        if taken.tax_in_fee {
            let why = "amount less fee is the net only if the tax is left out";
            self.assumed.note("tax", "part of the fee", why, record.row());
        }
    }
}

/// What a word of a vocabulary means.
fn meaning<T: Copy>(plan: &WordPlan<T>, word: &str) -> Option<T> {
    let folded = fold(word);
    let known = plan.words.iter().find(|(known, _)| *known == folded);
    let known = known.or_else(|| plan.prefixes.iter().find(|(start, _)| folded.starts_with(start)));
    known.map(|(_, meaning)| *meaning)
}

/// A rate the other way round, to more digits than any rate is printed with.
fn inverse(rate: Decimal) -> Option<Decimal> {
    Some(Decimal::ONE.checked_div(rate)?.round_dp(16).normalize())
}

fn no_currency(plan: &Plan, source: &Source, code: &str) -> Refusal {
    let column = source.column.map_or("", |column| plan.header.name(column));
    Refusal::Row(Rejection::unreadable(match (code.is_empty(), column.is_empty()) {
        (true, true) => "the file has no column for the currency: state it with --currency, or \
                         map it with --columns 'FILE: currency=…'"
            .to_owned(),
        (true, false) => format!(
            "column {column} is empty: fill in the ISO 4217 code of the currency, such as USD"
        ),
        (false, _) => format!(
            "column {column}: “{}” is no currency of ISO 4217: write its code, such as USD or KES",
            shown(code)
        ),
    }))
}

/// The beginning of a cell, for messages.
fn shown(cell: &str) -> String {
    cell.chars().take(60).collect()
}
