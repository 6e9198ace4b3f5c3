//! Decides what a run says of itself in a few lines, however large it is: sources, money by
//! currency, counts, codes, and the proof.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::causes::{Card, title};
use crate::codes::Code;
use crate::entry::{Disposition, Side};
use crate::exceptions::Insights;
use crate::ingest::accounts::{Figure, Ledger};
use crate::ingest::report::{Assumption, Control, Drift, RowCounts, SourceReport};
use crate::money::{Amount, Currency};
use crate::proof::{Frozen, Total};
use crate::report::insight_rows::{AgeRow, DueRow, FeesRow, FxGainRow, FxRow, PaidRow};
use crate::report::rows::{Localised, Money};
use crate::report::{CurrencySummary, RULESET, Run};
use crate::sort;

/// The version of the result document.
pub const SCHEMA: u32 = 1;

/// A run in a nutshell.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct Summary<'r> {
    pub schema: u32,
    pub versions: Versions,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    pub timezone: &'r str,
    pub sources: Vec<SourceRow<'r>>,
    pub per_currency: Vec<CurrencyRow>,
    pub counts: CountRow,
    pub codes: Vec<CodeRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<CauseRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<FeesRow>,
    pub assumptions: Vec<AssumptionRow<'r>>,
    pub proof: Proof,
}

impl<'r> Summary<'r> {
    /// The summary of a run.
    pub fn of(run: &'r Run) -> Self {
        let sources = (0_u32..).zip(&run.sources);
        Self {
            schema: SCHEMA,
            versions: Versions::current(),
            as_of: run.as_of.map(|date| date.to_string()),
            timezone: &run.timezone,
            sources: sources.map(|(index, source)| SourceRow::new(index, source)).collect(),
            per_currency: run
                .per_currency()
                .into_iter()
                .map(|summary| CurrencyRow::of(summary, &run.exceptions.insights))
                .collect(),
            counts: CountRow::of(run),
            codes: codes(run),
            causes: run.causes.iter().map(|card| CauseRow::of(run, card)).collect(),
            fees: run.fees().into_iter().map(FeesRow::of).collect(),
            assumptions: assumptions(run),
            proof: Proof::of(run),
        }
    }
}

/// Which versions made a result.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct Versions {
    pub package: &'static str,
    pub engine: &'static str,
    pub ruleset: &'static str,
    pub schema: u32,
}

impl Versions {
    /// Those of this build.
    pub fn current() -> Self {
        let version = env!("CARGO_PKG_VERSION");
        Self { package: version, engine: version, ruleset: RULESET, schema: SCHEMA }
    }
}

/// What was read from a source.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct SourceRow<'r> {
    pub index: u32,
    pub file: &'r str,
    pub side: &'static str,
    pub scope: &'r str,
    pub profile: &'r str,
    pub encoding: &'r str,
    pub currency: Vec<&'static str>,
    pub rows: RowsRow,
    pub controls: Vec<ControlRow<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftRow<'r>>,
    pub assumptions: Vec<AssumptionRow<'r>>,
    pub balances: Vec<BalanceRow<'r>>,
}

impl<'r> SourceRow<'r> {
    /// The source with this number.
    pub fn of(run: &'r Run, index: u32) -> Option<Self> {
        run.sources.get(index as usize).map(|source| Self::new(index, source))
    }

    fn new(index: u32, source: &'r SourceReport) -> Self {
        Self {
            index,
            file: &source.file,
            side: source.side.name(),
            scope: &source.scope,
            profile: &source.profile,
            encoding: &source.encoding,
            currency: source.currencies.iter().map(|currency| currency.code()).collect(),
            rows: RowsRow::of(source.rows),
            controls: source.controls.iter().map(ControlRow::of).collect(),
            drift: source.drift.as_ref().map(DriftRow::of),
            assumptions: source.assumptions.iter().map(AssumptionRow::of).collect(),
            balances: source.balances().map(BalanceRow::of).collect(),
        }
    }
}

/// A balance that a source of a bank states.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct BalanceRow<'r> {
    pub account: &'r str,
    pub balance: &'static str,
    pub amount: String,
    pub currency: &'static str,
    pub on: String,
}

impl<'r> BalanceRow<'r> {
    fn of((account, figure): (&'r Ledger, &'r Figure)) -> Self {
        Self {
            account: &account.account,
            balance: figure.what.name(),
            amount: figure.amount.format(account.currency),
            currency: account.currency.code(),
            on: figure.on.map_or_else(String::new, |on| on.to_string()),
        }
    }
}

/// Where the physical rows of a source went. Counts stay below 2^53: a source has fewer bytes.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the counts")]
pub struct RowsRow {
    pub read: u64,
    pub entries: u64,
    pub structural: u64,
    pub rejected: u64,
}

impl RowsRow {
    fn of(rows: RowCounts) -> Self {
        let RowCounts { read, entries, structural, rejected } = rows;
        Self { read, entries, structural, rejected }
    }
}

/// Columns that are not those of the format any more.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are those of a drift")]
pub struct DriftRow<'r> {
    pub missing: &'r [String],
    pub unknown: &'r [String],
}

impl<'r> DriftRow<'r> {
    fn of(drift: &'r Drift) -> Self {
        Self { missing: &drift.missing, unknown: &drift.unknown }
    }
}

/// A printed total.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are those of a control")]
pub struct ControlRow<'r> {
    pub name: &'r str,
    pub stated: &'r str,
    pub computed: &'r str,
    pub ok: bool,
}

impl<'r> ControlRow<'r> {
    fn of(control: &'r Control) -> Self {
        let Control { name, stated, computed, ok, .. } = control;
        Self { name, stated, computed, ok: *ok }
    }
}

/// Something that was taken to be so.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[expect(missing_docs, reason = "the fields are those of an assumption")]
pub struct AssumptionRow<'r> {
    pub what: &'r str,
    pub value: &'r str,
    pub why: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<&'r [String]>,
}

impl<'r> AssumptionRow<'r> {
    fn of(assumption: &'r Assumption) -> Self {
        let Assumption { what, value, why, question, .. } = assumption;
        let question = question.as_ref();
        Self {
            what,
            value,
            why,
            confirmed: question.map(|_| false),
            path: question.map(|question| question.path.as_str()),
            options: question.map(|question| question.options.as_slice()),
        }
    }
}

/// The assumptions of all sources, each once.
fn assumptions(run: &Run) -> Vec<AssumptionRow<'_>> {
    let all = run.sources.iter().flat_map(|source| &source.assumptions);
    let mut found: Vec<AssumptionRow<'_>> = all.map(AssumptionRow::of).collect();
    sort::sort(&mut found);
    found.dedup();
    found
}

/// The money of one currency, from expected to received.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct CurrencyRow {
    pub currency: &'static str,
    pub expected: String,
    pub received: String,
    pub difference: String,
    pub explained: Vec<PartRow>,
    pub unexplained: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ageing: Vec<AgeRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forecast: Vec<DueRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<PaidRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fx: Vec<FxRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fx_gains: Vec<FxGainRow>,
}

/// An explained part.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct PartRow {
    pub part: &'static str,
    pub amount: String,
}

impl CurrencyRow {
    fn of(summary: CurrencySummary, insights: &Insights) -> Self {
        let currency = summary.currency;
        let parts = summary.explained.iter();
        Self {
            currency: currency.code(),
            expected: summary.expected.format(currency),
            received: summary.received.format(currency),
            difference: summary.difference.format(currency),
            explained: parts
                .map(|(part, amount)| PartRow {
                    part: part.name(),
                    amount: amount.format(currency),
                })
                .collect(),
            unexplained: summary.unexplained.format(currency),
            ageing: insights.ageing(currency).map(|age| AgeRow::of(age, currency)).collect(),
            forecast: insights.forecast(currency).map(|due| DueRow::of(due, currency)).collect(),
            paid: insights.paid(currency).map(|[early, on_time, late]| PaidRow {
                early,
                on_time,
                late,
            }),
            fx: insights.spreads(currency).map(|day| FxRow::of(day, currency)).collect(),
            fx_gains: insights.gains(currency).map(|gain| FxGainRow::of(gain, currency)).collect(),
        }
    }
}

/// Counts of a run.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct CountRow {
    pub orders: u64,
    pub settlement: u64,
    pub bank: u64,
    pub matched: u64,
    pub open: u64,
    pub in_transit: u64,
    pub excluded: u64,
    pub closed_before: u64,
    pub matches: u32,
    pub exceptions: usize,
    pub rejected: u64,
}

impl CountRow {
    fn of(run: &Run) -> Self {
        let counts = run.counts();
        let of_side = |side: Side| counts.sides.get(&side).copied().unwrap_or(0);
        let of_end = |end: Disposition| counts.ends.get(&end).copied().unwrap_or(0);
        Self {
            orders: of_side(Side::Orders),
            settlement: of_side(Side::Settlement),
            bank: of_side(Side::Bank),
            matched: of_end(Disposition::Matched),
            open: of_end(Disposition::Open),
            in_transit: of_end(Disposition::InTransit),
            excluded: of_end(Disposition::Excluded),
            closed_before: of_end(Disposition::ClosedBefore),
            matches: run.matches.len(),
            exceptions: run.exceptions.items.len(),
            rejected: run.sources.iter().map(|source| source.rows.rejected).sum(),
        }
    }
}

/// How often a code is the headline, or a note, or is stated of a file itself, and how much money it is about.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct CodeRow {
    pub code: &'static str,
    pub count: u64,
    pub info: bool,
    pub files: u64,
    pub amounts: Vec<Money>,
}

/// Exceptions with one cause.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct CauseRow {
    pub id: String,
    pub cause: &'static str,
    pub title: Localised,
    pub count: usize,
    pub amounts: Vec<Money>,
}

impl CauseRow {
    fn of(run: &Run, card: &Card) -> Self {
        let words = title(card, &run.exceptions);
        let amounts = card.amounts(&run.exceptions).into_iter();
        Self {
            id: run.cause_name(card),
            cause: card.cause.name(),
            title: Localised { en: words.en, zh: words.zh },
            count: card.exceptions.len(),
            amounts: amounts.map(|(currency, amount)| Money::of(amount, currency)).collect(),
        }
    }
}

fn codes(run: &Run) -> Vec<CodeRow> {
    let mut found: BTreeMap<Code, (u64, BTreeMap<Currency, Option<Amount>>)> = BTreeMap::new();
    for item in &run.exceptions.items {
        let Some(code) = item.code() else { continue };
        let (count, amounts) = found.entry(code).or_default();
        *count = count.saturating_add(1);
        let sum = amounts.entry(item.currency).or_insert(Some(Amount::ZERO));
        *sum = sum.and_then(|sum| sum.checked_add(item.amount));
    }
    let notes = run.exceptions.notes.iter().map(|note| note.fact.code);
    for code in notes.chain(run.exceptions.of_payouts.iter().map(|note| note.fact.code)) {
        let (count, _) = found.entry(code).or_default();
        *count = count.saturating_add(1);
    }
    let mut of_files: BTreeMap<Code, u64> = BTreeMap::new();
    for (code, times) in run.sources.iter().flat_map(SourceReport::codes) {
        let (count, _) = found.entry(code).or_default();
        *count = count.saturating_add(times);
        let count = of_files.entry(code).or_default();
        *count = count.saturating_add(times);
    }
    let row =
        |(code, (count, amounts)): (Code, (u64, BTreeMap<Currency, Option<Amount>>))| CodeRow {
            code: code.name(),
            count,
            info: code.is_info(),
            files: of_files.get(&code).copied().unwrap_or(0),
            // A sum beyond 28 digits is left out rather than shown wrong.
            amounts: amounts.into_iter().filter_map(|(c, sum)| Some(Money::of(sum?, c))).collect(),
        };
    found.into_iter().map(row).collect()
}

/// The totals that show that every cent has a place.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct Proof {
    pub balanced: bool,
    pub totals: Vec<TotalRow>,
    pub frozen: Vec<FrozenRow>,
    pub failures: Vec<String>,
}

impl Proof {
    fn of(run: &Run) -> Self {
        let totals: Vec<TotalRow> = run.totals.totals.iter().map(TotalRow::of).collect();
        let frozen = run.frozen().into_iter().map(FrozenRow::of).collect();
        Self { balanced: run.balanced(), failures: failures(run), totals, frozen }
    }
}

/// What is frozen on an account, as the sources state it last.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct FrozenRow {
    pub account: String,
    pub currency: &'static str,
    pub on: String,
    pub amount: String,
}

impl FrozenRow {
    fn of(frozen: Frozen) -> Self {
        Self {
            account: frozen.account,
            currency: frozen.currency.code(),
            on: frozen.on.map_or_else(String::new, |on| on.to_string()),
            amount: frozen.amount.format(frozen.currency),
        }
    }
}

/// What came in under one key, and where it ended.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct TotalRow {
    pub side: &'static str,
    pub kind: &'static str,
    pub currency: &'static str,
    pub measure: &'static str,
    pub rows: u64,
    pub input: String,
    pub ties: bool,
    /// The figure by disposition.
    #[serde(flatten)]
    pub ends: BTreeMap<&'static str, String>,
}

impl TotalRow {
    fn of(total: &Total) -> Self {
        let ends = Disposition::ALL.iter().zip(&total.ends);
        Self {
            side: total.side.name(),
            kind: total.kind.name(),
            currency: total.currency.code(),
            measure: total.measure.name(),
            rows: total.rows,
            input: total.input.format(total.currency),
            ends: ends.map(|(end, sum)| (end.name(), sum.format(total.currency))).collect(),
            ties: total.ties(),
        }
    }
}

/// What does not hold, each as a sentence.
fn failures(run: &Run) -> Vec<String> {
    let totals = run.totals.totals.iter().filter(|total| !total.ties()).map(|total| {
        let (side, kind, currency) = (total.side.name(), total.kind.name(), total.currency.code());
        format!("{side} {kind} {currency}: what came in is not what has a place")
    });
    let currencies =
        run.per_currency().into_iter().filter(|summary| !summary.ties).map(|summary| {
            let currency = summary.currency.code();
            format!("{currency}: the parts do not add up to received − expected")
        });
    let sources = run.sources.iter().filter(|source| !source.rows.ties()).map(|source| {
        format!("{}: not every row read is an entry, structural or rejected", source.file)
    });
    totals.chain(currencies).chain(sources).collect()
}
