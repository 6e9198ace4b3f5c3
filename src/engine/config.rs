//! What a run is told besides its files: as the outside writes it, and checked.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::calendar;
use crate::decisions::Carried;
use crate::engine::Rules;
use crate::error::Error;
use crate::fees::Contract;
use crate::fx::Rates;
use crate::money::Currency;
use crate::time::{Date, Zone};

/// The settings of a run as they are given: texts, none of them required.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The last day that the run looks at, `YYYY-MM-DD`. Default: the day after the latest instant
    /// in the files.
    pub as_of: Option<String>,
    /// The zone of files that state none, and of `as_of`: an IANA name or `+08:00`. Default: UTC.
    pub timezone: Option<String>,
    /// The currency of files that state none.
    pub currency: Option<String>,
    /// The text of a fee contract (TOML).
    pub contract: Option<String>,
    /// The text of a list of holidays and make-up working days (CSV: date, kind), for the contract's
    /// settlement cycle.
    pub calendar: Option<String>,
    /// The text of a rate table: CSV with date, base, quote, rate and perhaps source, or JSON.
    pub rates: Option<String>,
    /// The text of a file of rules (TOML).
    pub rules: Option<String>,
    /// The text of the carry-forward file that the run before wrote …
    pub carry: Option<String>,
    /// … and its name. Default: `carried`.
    pub carry_name: Option<String>,
}

/// Checked settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// The last day that the run looks at.
    pub as_of: Option<Date>,
    /// The zone of files that state none.
    pub zone: Zone,
    /// Its name as given.
    pub timezone: String,
    /// The currency of files that state none.
    pub currency: Option<Currency>,
    /// The agreement with the provider.
    pub contract: Option<Contract>,
    /// Its text as it was given; empty if there is none.
    pub contract_text: String,
    /// Reference rates.
    pub rates: Option<Rates>,
    /// How far amounts may differ.
    pub rules: Rules,
    /// What the run before left open and closed.
    pub carried: Option<Carried>,
    /// SHA-256 over all settings as they were given.
    pub sha256: String,
}

impl Config {
    /// Checks settings.
    ///
    /// # Errors
    /// `config/…` for a date, zone or currency that does not exist; the errors of the contract, the
    /// rates and the rules, each with its place.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        let as_of = settings.as_of.as_deref().map(parse_date).transpose()?;
        let timezone = settings.timezone.clone().unwrap_or_else(|| "UTC".to_owned());
        let zone = Zone::parse(&timezone).ok_or_else(|| {
            Error::new("config/unknown-zone", format!("there is no time zone {timezone}"))
                .arg("path", "timezone")
                .remedy_is("use a name such as Asia/Shanghai or an offset such as +08:00")
        })?;
        let currency = settings.currency.as_deref().map(parse_currency).transpose()?;
        let contract = settings.contract.as_deref().map(Contract::parse).transpose()?;
        let contract = match (contract, settings.calendar.as_deref()) {
            (contract, None) => contract,
            (contract, Some(list)) => Some(with_days(contract, list)?),
        };
        let rules = settings.rules.as_deref().map(Rules::parse).transpose()?.unwrap_or_default();
        let rates =
            settings.rates.as_deref().map(|text| Rates::parse(text.as_bytes())).transpose()?;
        let rates = rates.map(|rates| rates.with_rule(rules.rates));
        let name = settings.carry_name.as_deref().unwrap_or("carried");
        let carried =
            settings.carry.as_deref().map(|text| Carried::parse(name, text)).transpose()?;
        if let (Some(carried), Some(as_of)) = (&carried, as_of) {
            carried.must_precede(Some(as_of))?;
        }
        // A zone that is not given and one given as the default are the same settings.
        let sha256 = digest(settings, &timezone, carried.as_ref());
        let contract_text = settings.contract.clone().unwrap_or_default();
        Ok(Self {
            as_of,
            zone,
            timezone,
            currency,
            contract,
            contract_text,
            rates,
            rules,
            carried,
            sha256,
        })
    }
}

/// The contract with the days of a list of holidays.
fn with_days(contract: Option<Contract>, list: &str) -> Result<Contract, Error> {
    let listed = calendar::parse_days(list.as_bytes())?;
    let contract = contract.filter(|contract| contract.settlement().is_some());
    let contract = contract.ok_or_else(|| {
        Error::new("calendar/unused", "a calendar was given, but no settlement cycle uses it")
            .remedy_is("give a contract with a table [settlement] and its cycle")
    })?;
    contract.with_days(&listed)
}

fn parse_date(text: &str) -> Result<Date, Error> {
    Date::from_iso(text).ok_or_else(|| {
        Error::new("config/bad-date", format!("{text} is no date"))
            .arg("path", "as_of")
            .remedy_is("write the day as YYYY-MM-DD, such as 2026-02-28")
    })
}

fn parse_currency(text: &str) -> Result<Currency, Error> {
    Currency::from_code(text).ok_or_else(|| {
        Error::new("config/unknown-currency", format!("{text} is no ISO 4217 currency"))
            .arg("path", "currency")
            .remedy_is("write its three letters, such as KES")
    })
}

/// Each setting with its name and length, so that no two settings share a digest.
fn digest(settings: &Settings, timezone: &str, carried: Option<&Carried>) -> String {
    let mut hash = Sha256::new();
    let fields = [
        ("as_of", settings.as_of.as_deref()),
        ("timezone", Some(timezone)),
        ("currency", settings.currency.as_deref()),
        ("contract", settings.contract.as_deref()),
        ("calendar", settings.calendar.as_deref()),
        ("rates", settings.rates.as_deref()),
        ("rules", settings.rules.as_deref()),
        ("carry", carried.map(|carried| carried.sha256.as_str())),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            hash.update(format!("{name}:{}:", value.len()));
            hash.update(value);
        }
    }
    crate::report::hex(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named() {
        let with = |change: fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            Config::new(&settings).expect_err("a mistake").code()
        };
        assert_eq!(with(|s| s.as_of = Some("28.02.2026".into())), "config/bad-date");
        assert_eq!(with(|s| s.as_of = Some("2026-02-30".into())), "config/bad-date");
        assert_eq!(with(|s| s.timezone = Some("Mars/Base".into())), "config/unknown-zone");
        assert_eq!(with(|s| s.currency = Some("KSH".into())), "config/unknown-currency");
    }

    #[test]
    fn the_digest_tells_settings_apart() {
        let settings = |contract: &str, rates: &str| {
            let settings = Settings {
                contract: Some(contract.into()),
                rates: Some(rates.into()),
                ..Settings::default()
            };
            digest(&settings, "UTC", None)
        };
        assert_ne!(settings("ab", "c"), settings("a", "bc"));
        assert_eq!(settings("ab", "c"), settings("ab", "c"));
    }
}
