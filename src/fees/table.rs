//! How one `[[fee]]` or `[[surcharge]]` is written, and which fees it becomes.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::model::{By, Fee, Ladder, Per, Rate, RoundTo, Step, Term};
use super::when::{Pattern, TextField, When};
use super::written::{
    Marginal, Pair, Plain, Text, WholeCurrency, Won, Written, Wrong, amount, percent,
};
use crate::entry::Kind;
use crate::limits::FEES;
use crate::money::{Amount, Currency};
use crate::settings::without_indices;

/// Decimals that a fixed part may have below the minor unit.
const FINER: u32 = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeeTable {
    name: Option<Text>,
    currency: Option<Text>,
    kinds: Option<Text>,
    percent: Option<Text>,
    fixed: Option<Text>,
    fixed_from: Option<Text>,
    minimum: Option<Text>,
    cap: Option<Text>,
    maximum: Option<Text>,
    bands: Option<Vec<StepTable>>,
    tiers: Option<Vec<StepTable>>,
    tier_by: Option<Text>,
    tier_mode: Option<Text>,
    volume_of: Option<Text>,
    gross_up: Option<bool>,
    pass_through: Option<bool>,
    merchant_share: Option<Text>,
    per: Option<Text>,
    refund: Option<Text>,
    won: Option<Text>,
    from: Option<Text>,
    until: Option<Text>,
    rounding: Option<Text>,
    decimals: Option<Text>,
    when: Option<WhenTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepTable {
    up_to: Option<Text>,
    percent: Option<Text>,
    fixed: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WhenTable {
    method: Option<Text>,
    operator: Option<Text>,
    country: Option<Text>,
    card_origin: Option<Text>,
    store: Option<Text>,
    channel: Option<Text>,
    category: Option<Text>,
    memo: Option<Text>,
    pair: Option<Text>,
    converted: Option<bool>,
    amount_from: Option<Text>,
    amount_to: Option<Text>,
    cycle: Option<Text>,
}

/// What a table takes from the contract where it says nothing itself.
pub(super) struct Defaults {
    pub(super) term: Term,
    pub(super) round_to: RoundTo,
}

/// The currency whose amounts are read, and the path of their table.
#[derive(Clone, Copy)]
pub(super) struct StepForm<'p> {
    pub(super) currency: Option<Currency>,
    /// Whether it is the only currency, so that one amount is enough.
    pub(super) single: bool,
    pub(super) path: &'p str,
}

impl FeeTable {
    /// A key that only a fee can have, if this table has one.
    pub(super) fn only_of_fees(&self) -> Option<&'static str> {
        let by_volume = self.tiers.is_some()
            && self.tier_by.as_ref().and_then(|by| by.value("").ok()) != Some(By::Amount);
        [
            ("tiers", by_volume),
            ("per", self.per.is_some()),
            ("refund", self.refund.is_some()),
            ("won", self.won.is_some()),
            ("rounding", self.rounding.is_some()),
            ("decimals", self.decimals.is_some()),
        ]
        .into_iter()
        .find_map(|(key, stated)| stated.then_some(key))
    }

    /// The single amounts and the steps of the table, each with its key.
    fn amounts(&self) -> impl Iterator<Item = (&'static str, &Text)> {
        let own = [
            ("fixed", &self.fixed),
            ("fixed_from", &self.fixed_from),
            ("minimum", &self.minimum),
            ("cap", &self.cap),
            ("maximum", &self.maximum),
        ];
        own.into_iter().filter_map(|(key, text)| text.as_ref().map(|text| (key, text)))
    }

    /// The currencies that the table is for; `None` is every currency.
    fn currencies(&self, path: &str) -> Result<Vec<Option<Currency>>, Wrong> {
        if let Some(text) = &self.currency {
            let all: Vec<Currency> = text.values(&format!("{path}.currency"))?;
            return Ok(all.into_iter().map(Some).collect());
        }
        let mut all: Vec<Currency> = Vec::new();
        for (key, text) in self.amounts().filter(|(_, text)| text.is_table()) {
            let by_currency: BTreeMap<String, Text> = text.inner().unwrap_or_default();
            for code in by_currency.keys() {
                let currency = Currency::read(code).ok_or_else(|| {
                    let at = format!("{path}.{key}");
                    let message = format!("`{}`: {code} is no currency", without_indices(&at));
                    Wrong::new(&at, message, "write ISO 4217 codes such as KES")
                })?;
                if !all.contains(&currency) {
                    all.push(currency);
                }
            }
        }
        let when = self.when.as_ref();
        let bounded = when.is_some_and(|w| w.amount_from.is_some() || w.amount_to.is_some());
        let has_amounts = self.amounts().next().is_some() || bounded;
        let has_steps = self.bands.is_some() || self.tiers.is_some();
        if all.is_empty() && (has_amounts || has_steps) {
            let table = without_indices(path);
            let message = format!("`{table}` states amounts and no currency");
            let remedy = "add the currency, such as currency = \"KES\", or give an amount for each: fixed = { USD = \"0.30\", EUR = \"0.25\" }";
            return Err(Wrong::new(path, message, remedy));
        }
        if all.is_empty() {
            return Ok(vec![None]);
        }
        Ok(all.into_iter().map(Some).collect())
    }
}

/// The fees of a table: one for each of its currencies.
pub(super) fn build_fees(
    table: &FeeTable,
    index: usize,
    path: &str,
    defaults: &Defaults,
) -> Result<Vec<Fee>, Wrong> {
    let charges = table.percent.is_some()
        || table.fixed.is_some()
        || table.bands.is_some()
        || table.tiers.is_some()
        || table.pass_through == Some(true);
    if !charges {
        let message = "the fee has neither `percent` nor `fixed`".to_owned();
        return Err(Wrong::new(path, message, "state one of them, such as percent = \"1.5\""));
    }
    let currencies = table.currencies(path)?;
    if currencies.len() > FEES {
        let message = format!("more than {FEES} currencies");
        return Err(Wrong::new(path, message, "keep those that the files need"));
    }
    let single = currencies.len() == 1;
    let form = |currency| StepForm { currency, single, path };
    let build = |currency| build_fee(table, index, form(currency), defaults);
    currencies.into_iter().map(build).collect()
}

fn build_fee(
    table: &FeeTable,
    index: usize,
    form: StepForm<'_>,
    defaults: &Defaults,
) -> Result<Fee, Wrong> {
    let StepForm { currency, path, .. } = form;
    let at = |key: &str| format!("{path}.{key}");
    if table.cap.is_some() && table.maximum.is_some() {
        let message = "`cap` and `maximum` are the same".to_owned();
        return Err(Wrong::new(&at("maximum"), message, "keep one of them"));
    }
    let per = form.one("per", &table.per)?.unwrap_or(Per::Line);
    let kinds = match &table.kinds {
        None if per != Per::Line => vec![Kind::Fee],
        None => vec![Kind::Sale, Kind::Capture],
        Some(kinds) => kinds.values(&at("kinds"))?,
    };
    let money = |key: &str, text: &Option<Text>, finer: u32| form.optional(key, text, finer);
    let name: Option<Plain> = form.one("name", &table.name)?;
    let round_to = RoundTo {
        rounding: form.one("rounding", &table.rounding)?.unwrap_or(defaults.round_to.rounding),
        decimals: form.one("decimals", &table.decimals)?.or(defaults.round_to.decimals),
    };
    let cap = money("cap", &table.cap, 0)?;
    let fee = Fee {
        table: index,
        name: name.map_or_else(String::new, |name| name.0),
        currency,
        kinds,
        term: term((&table.from, &table.until), defaults.term, path)?,
        when: build_when(table.when.as_ref(), &form)?,
        rate: Rate {
            percent: form.percent("percent", &table.percent)?,
            fixed: money("fixed", &table.fixed, FINER)?.unwrap_or_default(),
            ..Rate::default()
        },
        fixed_from: money("fixed_from", &table.fixed_from, 0)?,
        ladder: ladder(table, &form)?,
        minimum: money("minimum", &table.minimum, 0)?,
        cap: if cap.is_some() { cap } else { money("maximum", &table.maximum, 0)? },
        gross_up: table.gross_up.unwrap_or_default(),
        pass_through: table.pass_through.unwrap_or_default(),
        merchant_share: table
            .merchant_share
            .as_ref()
            .map(|text| percent(text, &at("merchant_share")))
            .transpose()?,
        per,
        refund: form.one("refund", &table.refund)?,
        returned_when_won: form.one::<Won>("won", &table.won)?.map(|won| won.0),
        round_to,
    };
    check(fee, path)
}

/// What each part of a fee may be, its parts together may still not be.
fn check(fee: Fee, path: &str) -> Result<Fee, Wrong> {
    let wrong = |key: &str, message: &str, remedy| {
        let at = if key.is_empty() { path.to_owned() } else { format!("{path}.{key}") };
        let table = without_indices(path);
        Err(Wrong::new(&at, message.replace("fee.", &format!("{table}.")), remedy))
    };
    if fee.minimum.zip(fee.cap).is_some_and(|(minimum, cap)| minimum > cap) {
        return wrong("", "`fee.minimum` is above `fee.cap`", "swap them or correct one");
    }
    let hundred = Decimal::ONE_HUNDRED;
    let steps = fee.ladder.iter().flat_map(|ladder| &ladder.steps);
    let most = steps.map(|step| step.rate.percent).max().unwrap_or_default();
    if fee.gross_up && fee.rate.percent.checked_add(most).is_none_or(|sum| sum >= hundred) {
        let remedy = "a fee that is charged on itself is below 100 percent";
        return wrong("percent", "`fee.percent` leaves nothing", remedy);
    }
    if fee.gross_up && fee.ladder.as_ref().is_some_and(|ladder| ladder.marginal) {
        let remedy = "use tier_mode = \"whole\", or leave `gross_up` out";
        return wrong("gross_up", "`fee.gross_up` does not go with marginal tiers", remedy);
    }
    if fee.fixed_from.is_some() && fee.rate.fixed.is_zero() {
        let remedy = "state the fixed part that is waived below it";
        return wrong("fixed_from", "`fee.fixed_from` has no `fixed` to waive", remedy);
    }
    let on_fees = fee.kinds.contains(&Kind::Fee) && !fee.rate.percent.is_zero();
    if on_fees {
        let remedy = "state the fixed amount of such a row";
        let message =
            "`fee.percent`: a row that is a fee has no amount of which it is a percentage";
        return wrong("percent", message, remedy);
    }
    if fee.per != Per::Line && fee.kinds != [Kind::Fee] {
        let remedy = "a fee per batch or month has rows of its own: leave `kinds` out";
        return wrong("kinds", "`fee.kinds` does not go with `per`", remedy);
    }
    if fee.returned_when_won.is_some() && !fee.kinds.contains(&Kind::Chargeback) {
        let remedy = "add kinds = [\"chargeback\"], or leave `won` out";
        return wrong("won", "`fee.won` is for the fee of a chargeback", remedy);
    }
    Ok(fee)
}

/// Bands or tiers.
fn ladder(table: &FeeTable, form: &StepForm<'_>) -> Result<Option<Ladder>, Wrong> {
    let at = |key: &str| format!("{}.{key}", form.path);
    let (key, steps) = match (&table.bands, &table.tiers) {
        (None, None) => {
            for (key, stated) in [
                ("tier_by", table.tier_by.is_some()),
                ("tier_mode", table.tier_mode.is_some()),
                ("volume_of", table.volume_of.is_some()),
            ] {
                if stated {
                    let message = format!("`{}` has no `tiers`", without_indices(&at(key)));
                    return Err(Wrong::new(&at(key), message, "add the tiers, or leave it out"));
                }
            }
            return Ok(None);
        }
        (Some(_), Some(_)) => {
            let message = "`bands` and `tiers` in one fee".to_owned();
            let remedy = "put one of them into a fee or surcharge of its own";
            return Err(Wrong::new(&at("tiers"), message, remedy));
        }
        (Some(bands), None) => ("bands", bands),
        (None, Some(tiers)) => ("tiers", tiers),
    };
    let by = match (key, form.one("tier_by", &table.tier_by)?) {
        (_, Some(by)) => by,
        ("bands", None) => By::Amount,
        _ => {
            let message = "`tiers` do not say what they go by".to_owned();
            let remedy =
                "add tier_by = \"previous_month\" (or \"this_month\", \"month_total\", \"amount\")";
            return Err(Wrong::new(&at("tiers"), message, remedy));
        }
    };
    let marginal = form.one::<Marginal>("tier_mode", &table.tier_mode)?.is_some_and(|m| m.0);
    let whole_currency =
        form.one::<WholeCurrency>("volume_of", &table.volume_of)?.is_some_and(|w| w.0);
    let mut built: Vec<Step> = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let path = format!("{}.{key}[{index}]", form.path);
        built.push(build_step(step, &StepForm { path: &path, ..*form }, built.last(), marginal)?);
    }
    if built.is_empty() {
        let message = format!("`{key}` has no step");
        return Err(Wrong::new(
            &at(key),
            message,
            "list at least one, such as { percent = \"1\" }",
        ));
    }
    Ok(Some(Ladder { by, marginal, whole_currency, steps: built }))
}

fn build_step(
    table: &StepTable,
    form: &StepForm<'_>,
    before: Option<&Step>,
    marginal: bool,
) -> Result<Step, Wrong> {
    if table.percent.is_none() && table.fixed.is_none() {
        let message = "the step has neither `percent` nor `fixed`".to_owned();
        let remedy = "state one of them; a step that is free has fixed = 0";
        return Err(Wrong::new(form.path, message, remedy));
    }
    let up_to = form.optional("up_to", &table.up_to, 0)?;
    let follows = match (before.map(|step| step.up_to), up_to) {
        (None, _) | (Some(Some(_)), None) => true,
        (Some(Some(before)), Some(up_to)) => before < up_to,
        (Some(None), _) => false,
    };
    if !follows {
        let message = "the steps do not rise".to_owned();
        let remedy = "sort them by `up_to`, each above the one before; only the last may have none";
        return Err(Wrong::new(form.path, message, remedy));
    }
    let fixed = form.optional("fixed", &table.fixed, FINER)?.unwrap_or_default();
    if marginal && !fixed.is_zero() {
        let message = "a marginal step has no fixed part".to_owned();
        let remedy = "state it as `fixed` of the fee, or use tier_mode = \"whole\"";
        return Err(Wrong::new(form.path, message, remedy));
    }
    let rate = Rate { percent: form.percent("percent", &table.percent)?, fixed, ..Rate::default() };
    Ok(Step { up_to, rate })
}

/// When something holds: its own days within those of the contract.
pub(super) fn term(
    (from, until): (&Option<Text>, &Option<Text>),
    whole: Term,
    path: &str,
) -> Result<Term, Wrong> {
    let dot = if path.is_empty() { "" } else { "." };
    let read = |key: &str, text: &Option<Text>| {
        text.as_ref().map(|text| text.value(&format!("{path}{dot}{key}"))).transpose()
    };
    let own = Term { from: read("from", from)?, until: read("until", until)? };
    let term = Term { from: own.from.or(whole.from), until: own.until.or(whole.until) };
    if term.from.zip(term.until).is_some_and(|(from, until)| from > until) {
        let message = format!("`{}{dot}until` is before `from`", without_indices(path));
        return Err(Wrong::new(path, message, "swap the two days or correct one"));
    }
    Ok(term)
}

/// What must be true of a line.
pub(super) fn build_when(table: Option<&WhenTable>, form: &StepForm<'_>) -> Result<When, Wrong> {
    let Some(table) = table else { return Ok(When::default()) };
    let path = format!("{}.when", form.path);
    let form = StepForm { path: &path, ..*form };
    let mut when = When { converted: table.converted, ..When::default() };
    for (key, field, text) in [
        ("method", TextField::Method, &table.method),
        ("operator", TextField::Method, &table.operator),
        ("country", TextField::Country, &table.country),
        ("card_origin", TextField::CardOrigin, &table.card_origin),
        ("store", TextField::Store, &table.store),
        ("channel", TextField::Channel, &table.channel),
        ("category", TextField::Category, &table.category),
        ("memo", TextField::Memo, &table.memo),
    ] {
        let Some(text) = text else { continue };
        let patterns: Vec<Plain> = text.values(&format!("{path}.{key}"))?;
        when.texts.push((field, patterns.iter().map(|text| Pattern::new(&text.0)).collect()));
    }
    if let Some(text) = &table.pair {
        let pairs: Vec<Pair> = text.values(&format!("{path}.pair"))?;
        when.pairs = pairs.into_iter().map(|pair| (pair.0, pair.1)).collect();
    }
    if let Some(text) = &table.cycle {
        when.cycles = text.values(&format!("{path}.cycle"))?;
    }
    when.amount_from = form.optional("amount_from", &table.amount_from, 0)?;
    when.amount_to = form.optional("amount_to", &table.amount_to, 0)?;
    if when.amount_from.zip(when.amount_to).is_some_and(|(from, to)| from > to) {
        let message = format!("`{}.amount_from` is above `amount_to`", without_indices(&path));
        return Err(Wrong::new(&path, message, "swap them or correct one"));
    }
    Ok(when)
}

impl StepForm<'_> {
    fn at(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    fn one<T: Written>(&self, key: &str, text: &Option<Text>) -> Result<Option<T>, Wrong> {
        text.as_ref().map(|text| text.value(&self.at(key))).transpose()
    }

    fn percent(&self, key: &str, text: &Option<Text>) -> Result<Decimal, Wrong> {
        let read = text.as_ref().map(|text| percent(text, &self.at(key)));
        Ok(read.transpose()?.unwrap_or_default())
    }

    fn optional(
        &self,
        key: &str,
        text: &Option<Text>,
        finer: u32,
    ) -> Result<Option<Amount>, Wrong> {
        text.as_ref().map(|text| self.amount(text, key, finer)).transpose()
    }

    /// An amount of the table's currency: its own, or the one that is stated for the currency.
    fn amount(&self, text: &Text, key: &str, finer: u32) -> Result<Amount, Wrong> {
        let path = self.at(key);
        let Some(currency) = self.currency else {
            let message = format!("`{}` has no currency", without_indices(&path));
            return Err(Wrong::new(&path, message, "add the currency of the table"));
        };
        let decimals = currency.exponent().saturating_add(finer);
        if !text.is_table() {
            if self.single {
                return amount(text, &path, currency, decimals);
            }
            let message =
                format!("`{}` is one amount for several currencies", without_indices(&path));
            let remedy = "give an amount for each, such as { USD = \"0.30\", EUR = \"0.25\" }";
            return Err(Wrong::new(&path, message, remedy));
        }
        let by_currency: BTreeMap<String, Text> = text.inner().unwrap_or_default();
        match by_currency.get(currency.code()) {
            Some(own) => amount(own, &format!("{path}.{currency}"), currency, decimals),
            None => {
                let message = format!("`{}` has no amount for {currency}", without_indices(&path));
                Err(Wrong::new(&path, message, "add it, or 0 if there is none"))
            }
        }
    }
}
