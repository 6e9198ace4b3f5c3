//! Decides the bytes of one line of the document: an entry, a match, an exception.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::{Disposition, Earlier, Reason, Side, Status};
use crate::exceptions::explain::explain;
use crate::exceptions::{Difference, Exception, Fact, Insights, Members, Target, Value};
use crate::ids::{EntryId, MatchId};
use crate::ingest::report::SourceReport;
use crate::matching::{Class, Rule};
use crate::money::Currency;
use crate::report::insight_lines::append_insights;
use crate::report::json::{Object, append_array, append_text};
use crate::report::{CurrencySummary, FeeRow, Run, evidence};
use crate::sort;

/// How rows are named: as people see them, or by identity, for sums that must not depend on files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// `file:row`.
    Rows,
    /// The stable identity.
    Identities,
}

/// Writes lines of one run in one naming.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines<'a> {
    pub(crate) run: &'a Run,
    pub(crate) naming: Naming,
}

impl Lines<'_> {
    pub(crate) fn name(&self, id: EntryId) -> String {
        match self.naming {
            Naming::Rows => self.run.row_name(id),
            Naming::Identities => self.run.entries.identity(id).to_string(),
        }
    }

    pub(crate) fn names(&self, out: &mut Vec<u8>, ids: impl IntoIterator<Item = EntryId>) {
        append_array(out, ids, |out, id| append_text(out, &self.name(id)));
    }

    fn sorted(&self, ids: impl Iterator<Item = EntryId>) -> Vec<EntryId> {
        let mut ids: Vec<EntryId> = ids.collect();
        self.run.entries.sort(&mut ids);
        ids.dedup();
        ids
    }

    /// One entry.
    pub(crate) fn entry(&self, out: &mut Vec<u8>, id: EntryId) {
        let entries = &self.run.entries;
        let mut object = Object::open(out);
        object.text("row", &self.name(id));
        object.text("side", entries.side(id).name());
        object.text("identity", &entries.identity(id).to_string());
        object.text("kind", entries.kind(id).name());
        let status = entries.status(id);
        if status != Status::Unstated {
            object.text("status", status.name());
        }
        object.some_text("reference", entries.reference(id));
        object.some_text("transaction_id", entries.transaction_id(id));
        object.some_text("order_number", entries.order_number(id));
        if entries.has_damaged_id(id) {
            object.truth("damaged_id", true);
        }
        self.entry_figures(&mut object, id);
        self.entry_times(&mut object, id);
        object.some_text("batch", entries.batch(id));
        object.some_text("method", entries.method(id));
        object.some_text("country", entries.country(id));
        object.some_text("memo", entries.memo(id));
        let end = entries.disposition(id);
        object.text("disposition", end.name());
        if entries.reason(id) != Reason::None {
            object.text("reason", entries.reason(id).name());
        }
        if let (Disposition::Matched, Some(found)) = (end, entries.match_of(id)) {
            object.text("group", &self.run.match_name(found));
        }
        object.close();
    }

    fn entry_figures(&self, object: &mut Object<'_>, id: EntryId) {
        let entries = &self.run.entries;
        let (currency, net_currency) = (entries.currency(id), entries.net_currency(id));
        object.amount("amount", entries.amount(id), currency);
        for (name, amount) in [("fee", entries.fee(id)), ("tax", entries.tax(id))] {
            if !amount.is_zero() {
                object.amount(name, amount, currency);
            }
        }
        if entries.side(id) != Side::Orders || !entries.net(id).is_zero() {
            object.amount("net", entries.net(id), net_currency);
        }
        object.text("currency", currency.code());
        if net_currency != currency {
            object.text("net_currency", net_currency.code());
        }
        if let Some((original, currency)) = entries.original(id) {
            object.amount("original_amount", original, currency);
            object.text("original_currency", currency.code());
        }
        if let Some(rate) = entries.fx_rate(id) {
            object.text("fx_rate", &rate.normalize().to_string());
        }
    }

    fn entry_times(&self, object: &mut Object<'_>, id: EntryId) {
        let entries = &self.run.entries;
        if let Some(instant) = entries.occurred_at(id) {
            let out = object.field("occurred_at");
            out.push(b'"');
            instant.append_rfc3339(out);
            out.push(b'"');
            let offset = entries.offset_minutes(id);
            if offset != 0 {
                let digits = offset.to_string();
                object.field("offset_minutes").extend_from_slice(digits.as_bytes());
            }
            if !entries.has_time(id) {
                object.truth("date_only", true);
            }
        }
        if let Some(date) = entries.settled_on(id) {
            object.text("settled_on", &date.to_string());
        }
    }

    /// One match.
    pub(crate) fn of_match(&self, out: &mut Vec<u8>, id: MatchId, work: &mut Work) {
        let run = self.run;
        work.members.fill(&run.entries, &run.matches, id);
        if run.matches.rule(id) == Rule::PayoutToBank {
            work.difference = Difference::default();
        } else {
            work.difference.of_match(&run.entries, &work.members, &run.terms);
        }
        let mut object = Object::open(out);
        object.text("id", &run.match_name(id));
        object.text("rule", run.matches.rule(id).name());
        let class: Class = run.matches.class(id);
        object.text("class", class.name());
        self.names(object.field("orders"), self.sorted(work.members.orders()));
        for side in [Side::Settlement, Side::Bank] {
            let of_side = work.members.lines().filter(|line| run.entries.side(*line) == side);
            self.names(object.field(side.name()), self.sorted(of_side));
        }
        append_array(object.field("difference"), work.difference.parts(), |out, part| {
            let mut object = Object::open(out);
            object.text("part", part.part.name());
            object.amount("amount", part.amount, part.currency);
            object.text("currency", part.currency.code());
            object.close();
        });
        let reasons = evidence(&run.entries, &run.matches, id);
        append_array(object.field("evidence"), reasons, |out, reason| {
            let mut object = Object::open(out);
            object.text("kind", reason.kind);
            object.text("value", &reason.value);
            object.some_text("orders", &reason.orders);
            object.some_text("settlement", &reason.settlement);
            object.close();
        });
        let mut notes: Vec<&Fact> =
            run.exceptions.notes_of(id).iter().map(|note| &note.fact).collect();
        sort::sort_by_key(&mut notes, |fact| fact.code.headline_key());
        append_array(object.field("notes"), notes, |out, fact| self.fact(out, fact));
        object.close();
    }

    pub(crate) fn fact(&self, out: &mut Vec<u8>, fact: &Fact) {
        let first = fact.rows.first().map(|id| self.run.entries.currency(*id));
        let mut object = Object::open(out);
        object.text("code", fact.code.name());
        self.names(object.field("rows"), self.sorted(fact.rows.iter().copied()));
        let currency = fact.currency.or(first);
        for (name, value) in [("expected", fact.expected), ("actual", fact.actual)] {
            append_value(&mut object, name, value, currency);
        }
        if let (Some(amount), Some(currency)) = (fact.amount, fact.currency) {
            object.amount("amount", amount, currency);
        }
        if let Some(currency) = fact.currency {
            object.text("currency", currency.code());
        }
        object.close();
    }

    /// The rows that an exception's facts name, in document order.
    pub(crate) fn rows_of(&self, exception: &Exception) -> Vec<EntryId> {
        self.sorted(exception.facts.iter().flat_map(|fact| fact.rows.iter().copied()))
    }

    /// One exception.
    pub(crate) fn exception(&self, out: &mut Vec<u8>, exception: &Exception) {
        let run = self.run;
        let mut object = Object::open(out);
        object.text("id", &run.exception_name(exception.target));
        object.text("code", exception.code().map_or("", |code| code.name()));
        object.text("state", "open");
        if let Target::Match(id) = exception.target {
            object.text("match", &run.match_name(id));
        }
        self.names(object.field("rows"), self.rows_of(exception));
        object.amount("amount", exception.amount, exception.currency);
        object.text("currency", exception.currency.code());
        append_array(object.field("facts"), &exception.facts, |out, fact| self.fact(out, fact));
        let words = explain(&run.entries, exception);
        let mut languages = Object::open(object.field("explanation"));
        languages.text("en", &words.en);
        languages.text("zh-Hans", &words.zh);
        languages.close();
        let why = why_candidate(exception);
        append_array(object.field("candidates"), &exception.candidates, |out, id| {
            let mut object = Object::open(out);
            object.text("row", &self.name(*id));
            object.text("why", why);
            object.close();
        });
        if let Some(why) = run.exceptions.why_not_of(exception.target) {
            self.why_not(object.field("why_not"), why);
        }
        if let (Some(Code::DoubleClaim), Target::Row(id)) = (exception.code(), exception.target)
            && let Some(earlier) = run.entries.earlier(id)
        {
            append_earlier(object.field("earlier"), earlier);
        }
        object.close();
    }

    /// One entry in transit.
    pub(crate) fn in_transit(&self, out: &mut Vec<u8>, id: EntryId) {
        let mut object = Object::open(out);
        object.text("row", &self.name(id));
        let due = self.run.terms.due.date_of(&self.run.entries, id, id);
        object.text("due", &due.map_or_else(String::new, |due| due.to_string()));
        object.close();
    }
}

/// Room for one match's figures, used again for the next.
#[derive(Debug, Default)]
pub(crate) struct Work {
    members: Members,
    difference: Difference,
}

/// Whether a fact is about rows that add up.
fn is_of_sum(fact: &Fact) -> bool {
    use crate::codes::Code::{AmbiguousSubset, LowEvidence};
    let counted = matches!(fact.expected, Some(Value::Count(_)));
    fact.code == AmbiguousSubset || (fact.code == LowEvidence && counted)
}

/// Why the candidates of an open entry were not taken.
fn why_candidate(exception: &Exception) -> &'static str {
    use crate::codes::Code;
    let has = |code| exception.facts.iter().any(|fact| fact.code == code);
    let counted = |code| {
        let mut facts = exception.facts.iter().filter(|fact| fact.code == code);
        facts.any(|fact| matches!(fact.expected, Some(Value::Count(_))))
    };
    if counted(Code::LowEvidence) {
        "surviving_digits"
    } else if has(Code::CurrencyMismatch) {
        "currency_differs"
    } else if exception.facts.iter().any(is_of_sum) {
        "part_of_a_sum"
    } else if has(Code::LowEvidence)
        || exception.facts.iter().any(|fact| matches!(fact.expected, Some(Value::Count(_))))
    {
        "same_amount_near_in_time"
    } else if has(Code::AmountUnder) || has(Code::AmountOver) {
        "another_amount"
    } else if has(Code::AmbiguousPair) {
        "several_orders_have_this_reference"
    } else {
        "same_claim"
    }
}

/// The row of an earlier run that an entry claims again.
fn append_earlier(out: &mut Vec<u8>, earlier: &Earlier) {
    let mut object = Object::open(out);
    object.text("row", &earlier.row);
    object.text("side", earlier.side.name());
    object.text("identity", &earlier.identity.to_string());
    object.some_text("reference", &earlier.reference);
    object.some_text("transaction_id", &earlier.transaction_id);
    object.some_text("order_number", &earlier.order_number);
    object.amount("amount", earlier.amount, earlier.currency);
    object.text("currency", earlier.currency.code());
    object.text("closed_on", &earlier.closed_on.to_string());
    object.close();
}

fn append_value(
    object: &mut Object<'_>,
    name: &str,
    value: Option<Value>,
    currency: Option<Currency>,
) {
    match (value, currency) {
        (Some(Value::Amount(amount)), Some(currency)) => object.amount(name, amount, currency),
        (Some(Value::Rate(rate)), _) => object.text(name, &rate.normalize().to_string()),
        (Some(Value::Date(date)), _) => object.text(name, &date.to_string()),
        (Some(Value::Status(status)), _) => object.text(name, status.name()),
        (Some(Value::Currency(currency)), _) => object.text(name, currency.code()),
        (Some(Value::Count(count)), _) => object.text(name, &count.to_string()),
        _ => {}
    }
}

/// One source, without the end of its object: the certificate follows.
pub(crate) fn append_source(out: &mut Vec<u8>, source: &SourceReport, sha256: &str) {
    let mut object = Object::open(out);
    object.text("file", &source.file);
    object.text("side", source.side.name());
    object.some_text("scope", &source.scope);
    object.text("profile", &source.profile);
    if let Some(carried) = &source.carried {
        let mut from = Object::open(object.field("carried"));
        from.text("as_of", &carried.as_of.to_string());
        from.number("closed", carried.closed);
        from.close();
    }
    object.text("sha256", sha256);
    object.number("bytes", source.bytes);
    append_array(object.field("currency"), &source.currencies, |out, currency| {
        append_text(out, currency.code());
    });
    let mut rows = Object::open(object.field("rows"));
    rows.number("read", source.rows.read);
    rows.number("entries", source.rows.entries);
    rows.number("structural", source.rows.structural);
    rows.number("rejected", source.rows.rejected);
    rows.close();
    append_array(object.field("controls"), &source.controls, |out, control| {
        let mut object = Object::open(out);
        object.text("name", &control.name);
        object.text("stated", &control.stated);
        object.text("computed", &control.computed);
        object.truth("ok", control.ok);
        if control.of_rows && !control.ok {
            object.truth("of_rows", true);
        }
        object.some_text("code", control.code().map_or("", Code::name));
        object.close();
    });
    if let Some(drift) = &source.drift {
        let mut columns = Object::open(object.field("columns"));
        columns.text("code", Code::SchemaDrift.name());
        for (name, list) in [("missing", &drift.missing), ("unknown", &drift.unknown)] {
            append_array(columns.field(name), list, |out, column| append_text(out, column));
        }
        columns.close();
    }
    append_array(object.field("assumptions"), &source.assumptions, |out, assumption| {
        let mut object = Object::open(out);
        object.text("what", &assumption.what);
        object.text("value", &assumption.value);
        object.text("why", &assumption.why);
        object.some_text("code", assumption.code.map_or("", Code::name));
        if let Some(question) = &assumption.question {
            object.truth("confirmed", false);
            object.text("path", &question.path);
            append_array(object.field("options"), &question.options, |out, option| {
                append_text(out, option)
            });
        }
        object.close();
    });
    append_array(object.field("rejected"), &source.rejected, |out, row| {
        let mut object = Object::open(out);
        object.text("row", &format!("{}:{}", source.file, row.row));
        object.text("code", row.code.name());
        object.text("reason", &row.reason);
        object.text("raw", &row.raw);
        object.close();
    });
    if !source.rejected_by_code.is_empty() {
        append_codes(object.field("rejected_by_code"), &source.rejected_by_code);
    }
    if source.accounts.iter().any(|account| !account.figures.is_empty()) {
        append_array(object.field("balances"), source.balances(), |out, (account, figure)| {
            let mut object = Object::open(out);
            object.some_text("account", &account.account);
            object.text("balance", figure.what.name());
            object.amount("amount", figure.amount, account.currency);
            object.text("currency", account.currency.code());
            if let Some(on) = figure.on {
                object.text("on", &on.to_string());
            }
            if let Some(at) = figure.at {
                object.text("at", &at.to_string());
            }
            object.close();
        });
    }
}

/// One currency of the summary.
pub(crate) fn append_currency(out: &mut Vec<u8>, summary: &CurrencySummary, insights: &Insights) {
    let currency = summary.currency;
    let mut object = Object::open(out);
    object.text("currency", currency.code());
    object.amount("expected", summary.expected, currency);
    object.amount("received", summary.received, currency);
    object.amount("difference", summary.difference, currency);
    append_array(object.field("explained"), &summary.explained, |out, (part, amount)| {
        let mut object = Object::open(out);
        object.text("part", part.name());
        object.amount("amount", *amount, currency);
        object.close();
    });
    object.amount("unexplained", summary.unexplained, currency);
    append_insights(&mut object, currency, insights);
    object.close();
}

/// What was charged for some lines.
pub(crate) fn append_fees(out: &mut Vec<u8>, row: &FeeRow) {
    let Some(currency) = Currency::from_code(row.currency) else { return };
    let mut object = Object::open(out);
    object.text("provider", &row.provider);
    if row.of_payout {
        object.text("payout", &row.name);
    } else {
        object.some_text("method", &row.name);
        object.some_text("month", &row.month);
    }
    object.text("currency", row.currency);
    object.number("lines", row.lines);
    object.amount("charged", row.charged, currency);
    object.amount("over", row.over, currency);
    object.amount("under", row.under, currency);
    object.number("not_known", row.not_known);
    object.close();
}

/// Rows, matches and exceptions, counted.
pub(crate) fn append_counts(out: &mut Vec<u8>, run: &Run) {
    let counts = run.counts();
    let mut object = Object::open(out);
    for side in Side::ALL {
        let count = counts.sides.get(side).copied().unwrap_or(0);
        if count > 0 || matches!(side, Side::Orders | Side::Settlement) {
            object.number(side.name(), count);
        }
    }
    object.number("matches", u64::from(run.matches.len()));
    for end in [
        Disposition::Matched,
        Disposition::Open,
        Disposition::InTransit,
        Disposition::Excluded,
        Disposition::ClosedBefore,
    ] {
        object.number(end.name(), counts.ends.get(&end).copied().unwrap_or(0));
    }
    object.number("rejected", run.sources.iter().map(|source| source.rows.rejected).sum());
    object.number("exceptions", run.exceptions.items.len() as u64);
    let notes = run.exceptions.notes.len().saturating_add(run.exceptions.of_payouts.len());
    object.number("notes", notes as u64);
    append_codes(object.field("by_code"), &run.by_code());
    object.close();
}

/// How often each code is stated, sorted by name.
fn append_codes(out: &mut Vec<u8>, counts: &BTreeMap<Code, u64>) {
    let mut by_name: Vec<(&str, u64)> =
        counts.iter().map(|(code, count)| (code.name(), *count)).collect();
    sort::sort(&mut by_name);
    let mut object = Object::open(out);
    for (code, count) in by_name {
        object.number(code, count);
    }
    object.close();
}
