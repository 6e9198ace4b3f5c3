//! Decides what a person sees of a row: a small object for each.
//!
//! Every amount is a decimal string in major units with its currency beside it. Fields that do not
//! apply are left out. The TypeScript twin of these types is `www/sdk/types.ts`.

use serde::Serialize;

use crate::entry::Side;
use crate::exceptions::explain::explain as sentences;
use crate::exceptions::{Difference, Exception, Fact, Members, Target, Value};
use crate::ids::{EntryId, MatchId};
use crate::matching::Rule;
use crate::money::{Amount, Currency};
use crate::report::Run;
use crate::report::index::expected;
use crate::report::why_rows::WhyNotRow;
use crate::sort;
use crate::time::Instant;

/// Row names of one side that a match lists; the counts are of all of them.
const NAMES: usize = 20;

/// An amount with its currency.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct Money {
    pub amount: String,
    pub currency: &'static str,
}

impl Money {
    pub(crate) fn of(amount: Amount, currency: Currency) -> Self {
        Self { amount: amount.format(currency), currency: currency.code() }
    }
}

/// An entry.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are those of an entry")]
pub struct LineRow<'r> {
    pub index: u32,
    pub row: String,
    pub source: u16,
    pub side: &'static str,
    pub kind: &'static str,
    pub status: &'static str,
    pub disposition: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reason: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reference: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub transaction_id: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub order_number: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub batch: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub method: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_on: Option<String>,
    pub amount: String,
    pub fee: String,
    pub tax: String,
    pub net: String,
    pub currency: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_currency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fx_rate: Option<String>,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub in_match: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<u32>,
    pub codes: Vec<&'static str>,
}

impl<'r> LineRow<'r> {
    /// The row of an entry.
    pub fn of(run: &'r Run, id: EntryId) -> Self {
        let entries = &run.entries;
        let (currency, net_currency) = (entries.currency(id), entries.net_currency(id));
        Self {
            index: id.0,
            row: run.row_name(id),
            source: entries.source(id).0,
            side: entries.side(id).name(),
            kind: entries.kind(id).name(),
            status: entries.status(id).name(),
            disposition: entries.disposition(id).name(),
            reason: entries.reason(id).name(),
            reference: entries.reference(id),
            transaction_id: entries.transaction_id(id),
            order_number: entries.order_number(id),
            batch: entries.batch(id),
            method: entries.method(id),
            occurred_at: occurred_at(run, id),
            settled_on: entries.settled_on(id).map(|date| date.to_string()),
            amount: entries.amount(id).format(currency),
            fee: entries.fee(id).format(currency),
            tax: entries.tax(id).format(currency),
            net: entries.net(id).format(net_currency),
            currency: currency.code(),
            net_currency: (net_currency != currency).then(|| net_currency.code()),
            original: entries.original(id).map(|(amount, currency)| Money::of(amount, currency)),
            fx_rate: entries.fx_rate(id).map(|rate| rate.normalize().to_string()),
            in_match: entries.match_of(id).map(|found| found.0),
            exception: exception_at(run, target_of(run, id)),
            codes: codes_of(run, target_of(run, id), |fact| fact.rows.contains(&id)),
        }
    }
}

/// Entries of two sides that are the same money.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct MatchRow<'r> {
    pub index: u32,
    pub id: String,
    pub rule: &'static str,
    pub class: &'static str,
    pub orders: Vec<String>,
    pub order_count: usize,
    pub settlement: Vec<String>,
    pub settlement_count: usize,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reference: &'r str,
    pub first: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_on: Option<String>,
    pub expected: Money,
    pub received: Money,
    pub net: Money,
    pub difference: Vec<Part>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<u32>,
    pub codes: Vec<&'static str>,
}

/// A part of a difference.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct Part {
    pub part: &'static str,
    pub amount: String,
    pub currency: &'static str,
}

impl<'r> MatchRow<'r> {
    /// The row of a match; `None` if there is no such match.
    pub fn of(run: &'r Run, row: u32) -> Option<Self> {
        let (entries, id) = (&run.entries, MatchId(row));
        let mut members = Members::default();
        members.fill(entries, &run.matches, id);
        let first = members.orders().chain(members.lines()).next()?;
        let mut difference = Difference::default();
        if run.matches.rule(id) != Rule::PayoutToBank {
            difference.of_match(entries, &members, &run.terms);
        }
        let (owed, currency) = expected(run, id).unwrap_or((Amount::ZERO, entries.currency(first)));
        let paid = members.lines().next().unwrap_or(first);
        let names = |ids: &mut dyn Iterator<Item = EntryId>| {
            ids.take(NAMES).map(|id| run.row_name(id)).collect::<Vec<_>>()
        };
        Some(Self {
            index: row,
            id: run.match_name(id),
            rule: run.matches.rule(id).name(),
            class: run.matches.class(id).name(),
            orders: names(&mut members.orders()),
            order_count: members.orders().count(),
            settlement: names(&mut members.lines()),
            settlement_count: members.lines().count(),
            reference: entries.reference(first),
            first: first.0,
            occurred_at: occurred_at(run, first),
            settled_on: entries.settled_on(paid).map(|date| date.to_string()),
            expected: Money::of(owed, currency),
            received: Money::of(gross_in(run, &members, currency), currency),
            net: net_of(run, &members, entries.net_currency(paid)),
            difference: parts(&difference),
            exception: exception_at(run, Target::Match(id)),
            codes: codes_of(run, Target::Match(id), |_| true),
        })
    }
}

fn parts(difference: &Difference) -> Vec<Part> {
    let part = |found: &crate::exceptions::Explained| Part {
        part: found.part.name(),
        amount: found.amount.format(found.currency),
        currency: found.currency.code(),
    };
    difference.parts().map(part).collect()
}

/// What the lines of a match credited before fees, in the currency of the order.
fn gross_in(run: &Run, members: &Members, currency: Currency) -> Amount {
    let gross = |id: EntryId| match run.entries.original(id) {
        Some((amount, original)) if original == currency => amount,
        _ if run.entries.currency(id) == currency => run.entries.amount(id),
        _ => Amount::ZERO,
    };
    members.lines().try_fold(Amount::ZERO, |sum, id| sum.checked_add(gross(id))).unwrap_or_default()
}

/// What the lines of a match paid out in one currency.
fn net_of(run: &Run, members: &Members, currency: Currency) -> Money {
    let same = members.lines().filter(|id| run.entries.net_currency(*id) == currency);
    let sum = same.map(|id| run.entries.net(id)).try_fold(Amount::ZERO, Amount::checked_add);
    Money::of(sum.unwrap_or_default(), currency)
}

/// What a person may have to act on.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct ExceptionRow<'r> {
    pub index: u32,
    pub id: String,
    pub code: &'static str,
    pub state: &'static str,
    pub rows: Vec<String>,
    pub first: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reference: &'r str,
    pub side: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
    pub amount: String,
    pub currency: &'static str,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub in_match: Option<u32>,
    pub codes: Vec<&'static str>,
    pub facts: Vec<FactRow>,
    pub explanation: Localised,
    pub candidates: Vec<CandidateRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<WhyNotRow>,
}

/// A text in both languages.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are named after the languages")]
pub struct Localised {
    pub en: String,
    #[serde(rename = "zh-Hans")]
    pub zh: String,
}

/// A fact with the rows that it names.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are those of a fact")]
pub struct FactRow {
    pub code: &'static str,
    pub rows: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<&'static str>,
}

/// A row that nearly fits an open one.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct CandidateRow {
    pub row: String,
    pub index: u32,
    pub amount: String,
    pub currency: &'static str,
}

impl<'r> ExceptionRow<'r> {
    /// The row of an exception; `None` if there is no such one.
    pub fn of(run: &'r Run, row: u32) -> Option<Self> {
        let item: &'r Exception = run.exceptions.items.get(row as usize)?;
        let entries = &run.entries;
        let first = first_of(run, item)?;
        let words = sentences(entries, item);
        let mut rows: Vec<EntryId> =
            item.facts.iter().flat_map(|f| f.rows.iter().copied()).collect();
        sort::sort(&mut rows);
        rows.dedup();
        Some(Self {
            index: row,
            id: run.exception_name(item.target),
            code: item.code().map_or("", |code| code.name()),
            state: "open",
            rows: rows.iter().map(|id| run.row_name(*id)).collect(),
            first: first.0,
            reference: entries.reference(first),
            side: entries.side(first).name(),
            occurred_at: occurred_at(run, first),
            amount: item.amount.format(item.currency),
            currency: item.currency.code(),
            in_match: match item.target {
                Target::Match(id) => Some(id.0),
                Target::Row(_) => None,
            },
            codes: codes_of(run, item.target, |_| true),
            facts: item.facts.iter().map(|fact| FactRow::of(run, fact)).collect(),
            explanation: Localised { en: words.en, zh: words.zh },
            candidates: item.candidates.iter().map(|id| CandidateRow::of(run, *id)).collect(),
            why_not: run.exceptions.why_not_of(item.target).map(|why| WhyNotRow::of(run, why)),
        })
    }
}

/// The entry under which an exception is shown: an order where it has one.
fn first_of(run: &Run, item: &Exception) -> Option<EntryId> {
    match item.target {
        Target::Row(id) => Some(id),
        Target::Match(id) => {
            let members = || run.matches.members(&run.entries, id);
            let order = members().filter(|m| run.entries.side(*m) == Side::Orders).min();
            order.or_else(|| members().min())
        }
    }
}

impl FactRow {
    /// A fact as it is shown.
    pub fn of(run: &Run, fact: &Fact) -> Self {
        let first = fact.rows.first().copied();
        let currency = fact.currency.or_else(|| first.map(|id| run.entries.currency(id)));
        let text = |value: Value| match (value, currency) {
            (Value::Amount(amount), Some(currency)) => Some(amount.format(currency)),
            (Value::Amount(_), None) => None,
            (Value::Rate(rate), _) => Some(rate.normalize().to_string()),
            (Value::Date(date), _) => Some(date.to_string()),
            (Value::Status(status), _) => Some(status.name().to_owned()),
            (Value::Currency(currency), _) => Some(currency.code().to_owned()),
            (Value::Count(count), _) => Some(count.to_string()),
        };
        Self {
            code: fact.code.name(),
            rows: fact.rows.iter().map(|id| run.row_name(*id)).collect(),
            expected: fact.expected.and_then(text),
            actual: fact.actual.and_then(text),
            amount: fact.amount.and_then(|amount| text(Value::Amount(amount))),
            currency: fact.amount.and(currency).map(Currency::code),
        }
    }
}

impl CandidateRow {
    /// A row as a candidate is shown.
    pub(crate) fn of(run: &Run, id: EntryId) -> Self {
        let currency = run.entries.currency(id);
        Self {
            row: run.row_name(id),
            index: id.0,
            amount: run.entries.amount(id).format(currency),
            currency: currency.code(),
        }
    }
}

/// An order that is not due yet.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct InTransitRow<'r> {
    pub index: u32,
    pub row: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reference: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
    pub amount: String,
    pub currency: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

impl<'r> InTransitRow<'r> {
    /// The row of an entry in transit.
    pub fn of(run: &'r Run, id: EntryId) -> Self {
        let entries = &run.entries;
        let currency = entries.currency(id);
        let due = run.terms.due.date_of(entries, id, id);
        Self {
            index: id.0,
            row: run.row_name(id),
            reference: entries.reference(id),
            occurred_at: occurred_at(run, id),
            amount: entries.amount(id).format(currency),
            currency: currency.code(),
            due: due.map(|date| date.to_string()),
        }
    }
}

/// A row that could not be read.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct Rejected<'r> {
    pub index: u32,
    pub row: String,
    pub source: &'r str,
    pub side: &'static str,
    pub code: &'static str,
    pub reason: &'r str,
    pub raw: &'r str,
}

impl<'r> Rejected<'r> {
    /// The rejected row with this number, counted over all sources.
    pub fn of(run: &'r Run, row: u32) -> Option<Self> {
        let mut before = 0_usize;
        for source in &run.sources {
            let here = (row as usize).checked_sub(before)?;
            if let Some(rejected) = source.rejected.get(here) {
                return Some(Self {
                    index: row,
                    row: format!("{}:{}", source.file, rejected.row),
                    source: &source.file,
                    side: source.side.name(),
                    code: rejected.code.name(),
                    reason: &rejected.reason,
                    raw: &rejected.raw,
                });
            }
            before = before.saturating_add(source.rejected.len());
        }
        None
    }
}

/// The instant of an entry on the clock of its source; only the day where no time is stated.
pub(crate) fn occurred_at(run: &Run, id: EntryId) -> Option<String> {
    let entries = &run.entries;
    let instant = entries.occurred_at(id)?;
    if !entries.has_time(id) {
        return entries.local_date(id).map(|date| date.to_string());
    }
    let minutes = entries.offset_minutes(id);
    let local =
        i64::from(minutes).checked_mul(60_000_000).and_then(|m| instant.0.checked_add(m))?;
    let text = Instant(local).to_string();
    let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
    let zone = match minutes {
        0 => "Z".to_owned(),
        _ => format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
    };
    Some(format!("{}{zone}", text.trim_end_matches('Z')))
}

/// What the exception of an entry would be about.
pub(crate) fn target_of(run: &Run, id: EntryId) -> Target {
    run.entries.match_of(id).map_or(Target::Row(id), Target::Match)
}

/// The row of a target's exception in its view.
pub(crate) fn exception_at(run: &Run, target: Target) -> Option<u32> {
    let items = &run.exceptions.items;
    let at = items.binary_search_by_key(&target, |item| item.target).ok()?;
    u32::try_from(at).ok()
}

/// The codes of a target's facts and notes that pass, the headline first.
fn codes_of(run: &Run, target: Target, passes: impl Fn(&Fact) -> bool) -> Vec<&'static str> {
    let facts = run.exceptions.of(target).map_or(&[][..], |item| &item.facts);
    let notes = match target {
        Target::Match(id) => run.exceptions.notes_of(id),
        Target::Row(_) => &[],
    };
    let mut codes = Vec::new();
    for fact in facts.iter().chain(notes.iter().map(|note| &note.fact)).filter(|f| passes(f)) {
        let code = fact.code.name();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}
