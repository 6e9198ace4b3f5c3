//! How a contract states the days of settlement: the table `[settlement]`.
//!
//! ```toml
//! [settlement]
//! cycle = "T+1"                # T+n, D+n, "weekly friday", "monthly 5", "month-end"
//! calendar = "CN"              # weekend, holidays and make-up days of a country
//! weekend = ["friday", "saturday"]
//! holidays = ["2026-02-17"]    # more of them; what is listed here wins
//! working_days = ["2026-02-14"]
//! timezone = "Asia/Shanghai"   # the provider's own days,
//! cutoff = "23:00"             # and when they end (日切)
//! grace_days = 1               # business days until money is late (SLA)
//! report_early = true          # say where money is paid out before it is due
//!
//! [[settlement.channel]]       # channels with a cycle of their own
//! method = "M-Pesa"            # or country, currency
//! cycle = "D+1"
//! calendar = "KE"
//! ```

use serde::Deserialize;

use super::written::{Text, Written, Wrong, values};
use crate::calendar::{AccountingClock, Calendar, Channel, Country, Settlement};
use crate::limits::{CYCLE_DAYS, SETTLEMENT_CHANNELS};
use crate::time::{Date, Weekday, Zone};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettlementTable {
    cycle: Text,
    calendar: Option<Text>,
    weekend: Option<Vec<Text>>,
    #[serde(default)]
    holidays: Vec<Text>,
    #[serde(default)]
    working_days: Vec<Text>,
    timezone: Option<Text>,
    cutoff: Option<Text>,
    grace_days: Option<Text>,
    #[serde(default)]
    report_early: bool,
    #[serde(default)]
    channel: Vec<ChannelTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelTable {
    method: Option<String>,
    country: Option<String>,
    currency: Option<Text>,
    cycle: Text,
    calendar: Option<Text>,
}

impl SettlementTable {
    pub(super) fn build(&self) -> Result<Settlement, Wrong> {
        let mut countries = Vec::new();
        let days = self.calendar(&mut countries)?;
        let cycle = self.cycle.value("settlement.cycle")?;
        let mut settlement = Settlement::new(cycle, days);
        settlement.clock = self.clock()?;
        settlement.report_early = self.report_early;
        if let Some(days) = &self.grace_days {
            let Days(days) = days.value("settlement.grace_days")?;
            settlement.grace_days = days;
        }
        if self.channel.len() > SETTLEMENT_CHANNELS {
            let path = format!("settlement.channel[{SETTLEMENT_CHANNELS}]");
            let message = format!("there are more than {SETTLEMENT_CHANNELS} channels");
            return Err(Wrong::new(&path, message, "keep those that the files need"));
        }
        for (index, table) in self.channel.iter().enumerate() {
            let path = format!("settlement.channel[{index}]");
            let channel = table.build(&path, &settlement.calendar, &mut countries)?;
            settlement.channels.push(channel);
        }
        settlement.countries = countries;
        Ok(settlement)
    }

    /// The business days: those of a country, a weekend, and what is listed.
    fn calendar(
        &self,
        countries: &mut Vec<(&'static str, Option<i32>)>,
    ) -> Result<Calendar, Wrong> {
        let base = country(self.calendar.as_ref(), "settlement.calendar", countries)?;
        let mut calendar = base.unwrap_or_default();
        let wrong = |error: crate::error::Error| {
            let message = format!("`settlement`: {}", error.message());
            let remedy = "correct the weekend, the holidays or the working days";
            Wrong::new("settlement", message, remedy)
        };
        if let Some(days) = &self.weekend {
            let days: Vec<Weekday> = values(days, "settlement.weekend")?;
            calendar = calendar.with_weekend(&days).map_err(wrong)?;
        }
        let holidays: Vec<Date> = values(&self.holidays, "settlement.holidays")?;
        let working: Vec<Date> = values(&self.working_days, "settlement.working_days")?;
        calendar.with(&holidays, &working).map_err(wrong)
    }

    fn clock(&self) -> Result<Option<AccountingClock>, Wrong> {
        let zone =
            self.timezone.as_ref().map(|zone| zone.value("settlement.timezone")).transpose()?;
        let cutoff = self.cutoff.as_ref().map(|at| at.value("settlement.cutoff")).transpose()?;
        match (zone, cutoff) {
            (Some(zone), cutoff) => {
                let Cutoff(cutoff) = cutoff.unwrap_or(Cutoff(0));
                Ok(Some(AccountingClock { zone, cutoff }))
            }
            (None, Some(_)) => {
                let message = "`settlement.cutoff` has no zone".to_owned();
                let remedy = "add the line timezone = \"Asia/Shanghai\", or the zone that is meant";
                Err(Wrong::new("settlement.cutoff", message, remedy))
            }
            (None, None) => Ok(None),
        }
    }
}

impl ChannelTable {
    fn build(
        &self,
        path: &str,
        default: &Calendar,
        countries: &mut Vec<(&'static str, Option<i32>)>,
    ) -> Result<Channel, Wrong> {
        if self.method.is_none() && self.country.is_none() && self.currency.is_none() {
            let message = "the channel says of nothing whose it is".to_owned();
            let remedy = "add a line with its method, country or currency";
            return Err(Wrong::new(path, message, remedy));
        }
        let currency = self.currency.as_ref();
        let own = country(self.calendar.as_ref(), &format!("{path}.calendar"), countries)?;
        Ok(Channel {
            method: self.method.clone(),
            country: self.country.clone(),
            currency: currency.map(|code| code.value(&format!("{path}.currency"))).transpose()?,
            cycle: self.cycle.value(&format!("{path}.cycle"))?,
            calendar: own.unwrap_or_else(|| default.clone()),
        })
    }
}

/// The calendar of a country, if one is named.
fn country(
    code: Option<&Text>,
    path: &str,
    countries: &mut Vec<(&'static str, Option<i32>)>,
) -> Result<Option<Calendar>, Wrong> {
    let Some(code) = code else { return Ok(None) };
    let Code(code) = code.value(path)?;
    let found = Country::find(&code).map_err(|error| {
        let known: Vec<&str> = crate::calendar::known().collect();
        let message = format!("`{path}`: {}; known are {}", error.message(), known.join(", "));
        Wrong::new(path, message, "name a country of these, or list the weekend and the holidays")
    })?;
    let known = (found.code, found.years.map(|(_, last)| last));
    if !countries.contains(&known) {
        countries.push(known);
    }
    Ok(Some(found.calendar))
}

/// A country's code, not looked up yet.
struct Code(String);

/// A time of day at which the books are closed.
struct Cutoff(u16);

/// A number of business days.
struct Days(u16);

impl Written for Code {
    const FORM: &'static str = "the code of a country such as \"CN\"";
    fn read(text: &str) -> Option<Self> {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
            .then(|| Self(text.to_owned()))
    }
}

impl Written for Cutoff {
    const FORM: &'static str = "a time of day such as \"23:00\"";
    fn read(text: &str) -> Option<Self> {
        AccountingClock::parse_cutoff(text).map(Self)
    }
}

impl Written for Days {
    const FORM: &'static str = "a number of days such as 1";
    fn read(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|days| plain && *days <= CYCLE_DAYS).map(Self)
    }
}

impl Written for Zone {
    const FORM: &'static str = "a zone such as \"Asia/Shanghai\" or \"+08:00\"";
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use crate::calendar::Cycle;
    use crate::fees::Contract;
    use crate::time::Date;

    #[test]
    fn a_country_and_days_of_ones_own_are_one_calendar() {
        let contract = Contract::parse(
            "schema = 1\n[settlement]\ncycle = \"T+1\"\ncalendar = \"cn\"\n\
             holidays = [\"2026-02-28\"]\ntimezone = \"Asia/Shanghai\"\ncutoff = \"23:00\"\n\
             grace_days = 1\nreport_early = true\n[[settlement.channel]]\nmethod = \"M-Pesa\"\n\
             cycle = \"weekly friday\"\ncalendar = \"KE\"\n",
        )
        .unwrap();
        let settlement = contract.settlement().unwrap();
        let due = |day: &str| settlement.due(Date::from_iso(day).unwrap()).to_string();
        assert_eq!(due("2026-02-13"), "2026-02-14", "a make-up working Saturday");
        assert_eq!(due("2026-02-14"), "2026-02-24", "after the Spring Festival");
        assert_eq!(due("2026-02-27"), "2026-03-02", "a worked Saturday, but listed as a holiday");
        assert_eq!(settlement.countries, [("CN", Some(2026)), ("KE", Some(2025))]);
        assert_eq!(settlement.grace_days, 1);
        assert!(settlement.report_early);
        let [channel] = settlement.channels.as_slice() else { panic!() };
        assert_eq!(channel.cycle, Cycle::parse("weekly friday").unwrap());
        assert_eq!(settlement.clock.unwrap().cutoff_text(), "23:00");
    }

    #[test]
    fn errors_name_line_column_key_and_remedy() {
        let head = "schema = 1\n[settlement]\ncycle = \"T+1\"\n";
        for (text, expected) in [
            (
                format!("{head}calendar = \"XX\"\n"),
                "4:12: `settlement.calendar`: the holidays of XX are not known; known are AE,",
            ),
            (
                format!("{head}cutoff = \"23:00\"\n"),
                "4:10: `settlement.cutoff` has no zone; add the line timezone",
            ),
            (
                format!("{head}timezone = \"UTC\"\ncutoff = \"24:00\"\n"),
                "5:10: `settlement.cutoff`: invalid value: string \"24:00\", expected a time of day",
            ),
            (
                format!("{head}timezone = \"Mars\"\n"),
                "4:12: `settlement.timezone`: invalid value: string \"Mars\", expected a zone such",
            ),
            (
                format!("{head}grace_days = -1\n"),
                "4:14: `settlement.grace_days`: invalid type: integer `-1`, expected a number of",
            ),
            (
                format!("{head}[[settlement.channel]]\ncycle = \"D+1\"\n"),
                "4:1: the channel says of nothing whose it is; add a line with its method",
            ),
        ] {
            let error = Contract::parse(&text).unwrap_err().in_file("f").to_string();
            let error = error.strip_prefix("f:").unwrap();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
