//! How a contract is written as a file, and what is wrong with one that cannot be used.

use serde::Deserialize;

use super::Contract;
use super::exact::MOST_DECIMALS;
use super::model::{By, Fee, Per, Rate, RoundTo, Tax, Term};
use super::settlement::SettlementTable;
use super::table::{Defaults, FeeTable, StepForm, WhenTable, build_fees, build_when, term};
use super::volume::{Month, StatedVolume};
use super::when::Needs;
use super::written::{Apart, Plain, RoundComponents, Text, Wrong, amount, percent};
use crate::error::{Column, Error};
use crate::limits::FEES;
use crate::money::Currency;
use crate::settings::{Mistake, Settings};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: i64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    source: String,
    from: Option<Text>,
    until: Option<Text>,
    rounding: Option<Text>,
    round: Option<Text>,
    decimals: Option<Text>,
    home: Option<Text>,
    settlement: Option<SettlementTable>,
    fx: Option<Fx>,
    #[serde(default)]
    fee: Vec<FeeTable>,
    #[serde(default)]
    surcharge: Vec<FeeTable>,
    #[serde(default)]
    tax: Vec<TaxTable>,
    #[serde(default)]
    volume: Vec<VolumeTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fx {
    tolerance_percent: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaxTable {
    name: Option<Text>,
    percent: Text,
    included: Option<bool>,
    shown: Option<Text>,
    currency: Option<Text>,
    kinds: Option<Text>,
    from: Option<Text>,
    until: Option<Text>,
    when: Option<WhenTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VolumeTable {
    month: Text,
    currency: Text,
    amount: Text,
}

/// Reads a contract: JSON where it starts as an object does, else TOML.
pub(super) fn read(text: &str) -> Result<Contract, Error> {
    let json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let settings = if json { Settings::parse_json(text) } else { Settings::parse(text) };
    let settings = settings.map_err(unreadable)?;
    let file: File = settings.read().map_err(unreadable)?;
    build(file).map_err(|wrong| {
        let error = Error::new("fees/value", wrong.message).remedy_is(wrong.remedy);
        at(settings.place(&wrong.path), error)
    })
}

fn build(file: File) -> Result<Contract, Wrong> {
    if file.schema != 1 {
        let message = format!("schema {} is unknown", file.schema);
        return Err(Wrong::new("schema", message, "this version reads `schema = 1`"));
    }
    let settlement = file.settlement.map(|table| table.build()).transpose()?;
    let tolerance =
        file.fx.as_ref().map(|fx| percent(&fx.tolerance_percent, "fx.tolerance_percent"));
    let round_to = RoundTo {
        rounding: one(file.rounding.as_ref(), "rounding")?.unwrap_or_default(),
        decimals: one(file.decimals.as_ref(), "decimals")?,
    };
    let round: Option<RoundComponents> = one(file.round.as_ref(), "round")?;
    let home = match &file.home {
        None => Vec::new(),
        Some(home) => home.values::<Plain>("home")?.into_iter().map(|home| home.0).collect(),
    };
    let defaults =
        Defaults { term: term((&file.from, &file.until), Term::default(), "")?, round_to };
    let fees = fees("fee", &file.fee, &defaults)?;
    let surcharges = fees_of_surcharges(&file.surcharge, &defaults)?;
    let taxes = taxes(&file.tax, defaults.term)?;
    let mut contract = Contract {
        name: file.name,
        version: file.version,
        source: file.source,
        settlement,
        fx_tolerance_percent: tolerance.transpose()?,
        home,
        round_components: round.is_some_and(|round| round.0),
        fees,
        surcharges,
        taxes,
        volumes: volumes(&file.volume)?,
        denominator: 1,
        tax_denominator: 1,
        needs: Needs::default(),
        counts_currencies: false,
    };
    prepare(&mut contract)?;
    contract.needs = needs(&contract);
    let by_currency = |fee: &Fee| fee.ladder.as_ref().is_some_and(|l| l.whole_currency);
    contract.counts_currencies = contract.fees.iter().any(by_currency);
    Ok(contract)
}

fn one<T: super::written::Written>(text: Option<&Text>, path: &str) -> Result<Option<T>, Wrong> {
    text.map(|text| text.value(path)).transpose()
}

fn fees(name: &str, tables: &[FeeTable], defaults: &Defaults) -> Result<Vec<Fee>, Wrong> {
    let mut fees: Vec<Fee> = Vec::with_capacity(tables.len());
    for (index, table) in tables.iter().enumerate() {
        let path = format!("{name}[{index}]");
        for fee in build_fees(table, index, &path, defaults)? {
            if fees.len() >= FEES {
                let message = format!("the contract has more than {FEES} fees");
                return Err(Wrong::new(&path, message, "keep those that the files need"));
            }
            unreachable(&fees, &fee, &path)?;
            fees.push(fee);
        }
    }
    Ok(fees)
}

/// A fee that an earlier one without any condition leaves no line for.
fn unreachable(fees: &[Fee], fee: &Fee, path: &str) -> Result<(), Wrong> {
    let hides = |other: &&Fee| {
        let unconditional = other.when.is_empty() && other.term.is_always();
        unconditional
            && other.per == Per::Line
            && fee.per == Per::Line
            && (other.currency.is_none() || other.currency == fee.currency)
            && other.kinds.iter().any(|kind| fee.kinds.contains(kind))
    };
    if fees.iter().any(|other| hides(&other)) {
        let currency = fee.currency.map_or("every currency", |currency| currency.code());
        let message = format!("a second `[[fee]]` for {currency} and the same kind");
        let remedy = "the first takes every such line: give it a `when` or dates, or put it after the special ones";
        return Err(Wrong::new(path, message, remedy));
    }
    Ok(())
}

fn fees_of_surcharges(tables: &[FeeTable], defaults: &Defaults) -> Result<Vec<Fee>, Wrong> {
    let mut all = Vec::with_capacity(tables.len());
    for (index, table) in tables.iter().enumerate() {
        let path = format!("surcharge[{index}]");
        if let Some(key) = table.only_of_fees() {
            let message = format!("`surcharge.{key}` has no meaning: it is a matter of the fee");
            let remedy = "state it in the `[[fee]]` that the surcharge is added to";
            return Err(Wrong::new(&format!("{path}.{key}"), message, remedy));
        }
        all.extend(build_fees(table, index, &path, defaults)?);
        if all.len() > FEES {
            let message = format!("the contract has more than {FEES} surcharges");
            return Err(Wrong::new(&path, message, "keep those that the files need"));
        }
    }
    Ok(all)
}

fn taxes(tables: &[TaxTable], whole: Term) -> Result<Vec<Tax>, Wrong> {
    let mut taxes = Vec::with_capacity(tables.len());
    for (index, table) in tables.iter().enumerate() {
        let path = format!("tax[{index}]");
        let at = |key: &str| format!("{path}.{key}");
        let name: Option<Plain> = one(table.name.as_ref(), &at("name"))?;
        let apart: Option<Apart> = one(table.shown.as_ref(), &at("shown"))?;
        let currencies: Vec<Option<Currency>> = match &table.currency {
            None => vec![None],
            Some(text) => text.values(&at("currency"))?.into_iter().map(Some).collect(),
        };
        let single = currencies.len() == 1;
        for currency in currencies {
            let form = StepForm { currency, single, path: &path };
            taxes.push(Tax {
                name: name.as_ref().map_or_else(String::new, |name| name.0.clone()),
                percent: percent(&table.percent, &at("percent"))?,
                included: table.included.unwrap_or_default(),
                apart: apart.as_ref().is_some_and(|apart| apart.0),
                currency,
                kinds: table.kinds.as_ref().map_or(Ok(Vec::new()), |k| k.values(&at("kinds")))?,
                term: term((&table.from, &table.until), whole, &path)?,
                when: build_when(table.when.as_ref(), &form)?,
                factor: 0,
            });
        }
        if taxes.len() > FEES {
            let message = format!("the contract has more than {FEES} taxes");
            return Err(Wrong::new(&path, message, "keep those that the files need"));
        }
    }
    Ok(taxes)
}

fn volumes(tables: &[VolumeTable]) -> Result<Vec<StatedVolume>, Wrong> {
    let mut volumes: Vec<StatedVolume> = Vec::with_capacity(tables.len());
    for (index, table) in tables.iter().enumerate() {
        let path = format!("volume[{index}]");
        let currency: Currency = table.currency.value(&format!("{path}.currency"))?;
        let month: Month = table.month.value(&format!("{path}.month"))?;
        let exponent = currency.exponent();
        let amount = amount(&table.amount, &format!("{path}.amount"), currency, exponent)?;
        if volumes.iter().any(|other| (other.month, other.currency) == (month, currency)) {
            let message = format!("a second `[[volume]]` for {currency} in {month}");
            return Err(Wrong::new(&path, message, "state each month of a currency once"));
        }
        if index >= FEES {
            let message = format!("the contract has more than {FEES} volumes");
            return Err(Wrong::new(&path, message, "keep those that the files need"));
        }
        volumes.push(StatedVolume { month, currency, amount });
    }
    Ok(volumes)
}

/// What of a line the contract asks for.
fn needs(contract: &Contract) -> Needs {
    let mut needs = Needs::default();
    for fee in contract.fees.iter().chain(&contract.surcharges) {
        let by_month = fee.ladder.as_ref().is_some_and(|ladder| ladder.by != By::Amount);
        needs.add(&fee.when, by_month || !fee.term.is_always());
        needs.payment |= fee.refund.is_some();
    }
    for tax in &contract.taxes {
        needs.add(&tax.when, !tax.term.is_always());
    }
    needs
}

/// Puts all rates over one denominator.
fn prepare(contract: &mut Contract) -> Result<(), Wrong> {
    let all = || contract.fees.iter().chain(&contract.surcharges);
    let decimals = all().flat_map(rates).map(decimals_of).max().unwrap_or(0);
    let of_taxes =
        contract.taxes.iter().map(|tax| tax.percent.scale().saturating_add(2)).max().unwrap_or(0);
    let too_fine = |path: &str| {
        let message = format!("the contract's numbers have more than {MOST_DECIMALS} decimals");
        Wrong::new(path, message, "write the percentages and fixed parts with fewer decimals")
    };
    let over = |decimals: u32| {
        let within = decimals <= MOST_DECIMALS;
        within.then(|| 10_i128.checked_pow(decimals)).flatten().ok_or_else(|| too_fine("fee"))
    };
    let (denominator, tax_denominator) = (over(decimals)?, over(of_taxes)?);
    let fees = contract.fees.iter_mut().chain(&mut contract.surcharges);
    for rate in fees.flat_map(rates_mut) {
        rate.factor = scaled(rate.percent, denominator, 2).ok_or_else(|| too_fine("fee"))?;
        let fixed = rate.fixed.minor_decimal();
        rate.added = scaled(fixed, denominator, 0).ok_or_else(|| too_fine("fee"))?;
    }
    for tax in &mut contract.taxes {
        tax.factor = scaled(tax.percent, tax_denominator, 2).ok_or_else(|| too_fine("tax"))?;
    }
    contract.denominator = denominator;
    contract.tax_denominator = tax_denominator;
    Ok(())
}

fn rates(fee: &Fee) -> impl Iterator<Item = &Rate> {
    let steps = fee.ladder.iter().flat_map(|ladder| ladder.steps.iter().map(|step| &step.rate));
    std::iter::once(&fee.rate).chain(steps)
}

fn rates_mut(fee: &mut Fee) -> impl Iterator<Item = &mut Rate> {
    let steps = fee.ladder.iter_mut().flat_map(|l| l.steps.iter_mut().map(|step| &mut step.rate));
    std::iter::once(&mut fee.rate).chain(steps)
}

/// Decimals below the minor unit that a rate needs.
fn decimals_of(rate: &Rate) -> u32 {
    let percent = if rate.percent.is_zero() { 0 } else { rate.percent.scale().saturating_add(2) };
    percent.max(rate.fixed.minor_decimal().scale())
}

/// A number over a denominator of a power of ten, `shift` digits smaller.
fn scaled(number: rust_decimal::Decimal, denominator: i128, shift: u32) -> Option<i128> {
    if number.is_zero() {
        return Some(0);
    }
    let over = 10_i128.checked_pow(number.scale().checked_add(shift)?)?;
    number.mantissa().checked_mul(denominator.checked_div(over)?)
}

/// Syntax, types and names of keys: what the text cannot be read for.
fn unreadable(mistake: Mistake) -> Error {
    let Mistake { path, message, place } = mistake;
    let remedy = if message.starts_with("unknown field") {
        "correct the name or remove the line"
    } else if message.starts_with("missing field") {
        "add the line"
    } else {
        "correct this value"
    };
    let message = if path.is_empty() { message } else { format!("`{path}`: {message}") };
    at(place, Error::new("fees/toml", message).remedy_is(remedy))
}

fn at((line, column): (u32, u32), error: Error) -> Error {
    error.at_line(line).at_column(Column::Number(column))
}
