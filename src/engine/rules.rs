//! Reads `rules.toml`: how far amounts may differ, and what is matched without a reference.
//!
//! ```toml
//! [tolerance]
//! absolute = { KES = "1.00", USD = "0.05" }   # major units
//! percent = "0.5"                             # of the expected amount
//! combine = "smaller"                         # or "larger", where both are given
//!
//! [passes]
//! off = ["M040", "M050"]                      # what does not run; M030, M040 and M050 may be left out
//!
//! [without_reference]
//! match = "automatic"                         # or "suggest", the default
//! days_before = 1                             # a line may be dated so long before its order,
//! days_after = 3                              # and so long after the order's money is due
//!
//! [rates]
//! pivot = "USD"                               # pairs that the table has not go through this currency
//! max_age_days = 4                            # how old a rate may be over weekends and gaps; default 14
//!
//! [[clock]]                                   # of a file that does not say it itself
//! file = "psp.csv"
//! zone = "Asia/Shanghai"                      # the zone of its times and days
//! cutoff = "23:00"                            # when its next accounting day begins (日切)
//!
//! [[split]]                                   # how payments are shared out (分账)
//! method = "marketplace"                      # of which payments; without it, of all
//! named_in = "memo"                           # where a share says who gets it; or "method", "order_number"
//! share = [
//!     { to = "Store 12", percent = "10" },    # of the payment, rounded half up
//!     { to = "Agent 7", fixed = "0.50" },     # major units
//!     { rest = true },                        # what is left; without `to` it stays with you
//! ]
//! ```

mod split;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::calendar::AccountingClock;
use crate::engine::ClockRule;
use crate::error::Error;
use crate::exceptions::Split;
use crate::fx::{MAX_AGE_DAYS, RateRule};
use crate::limits::CYCLE_DAYS;
use crate::matching::{Combine, Rule, Tolerance, WithoutReference};
use crate::money::{Amount, Currency};
use crate::settings::Settings;
use crate::time::Zone;

use split::SplitTable;

/// What the file of rules says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Differences that may be let go.
    pub tolerance: Tolerance,
    /// Passes that do not run.
    pub off: Vec<Rule>,
    /// Whether rows are matched by amount and time alone.
    pub without_reference: WithoutReference,
    /// Which rate holds on days and for pairs that the table does not state.
    pub rates: RateRule,
    /// The clocks of files that do not say it themselves.
    pub clocks: Vec<ClockRule>,
    /// How payments are shared out.
    pub splits: Vec<Split>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    tolerance: ToleranceTable,
    passes: PassesTable,
    without_reference: WithoutReferenceTable,
    rates: RatesTable,
    clock: Vec<ClockTable>,
    split: Vec<SplitTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockTable {
    file: String,
    zone: Option<String>,
    cutoff: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RatesTable {
    pivot: Option<String>,
    max_age_days: Option<u16>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WithoutReferenceTable {
    #[serde(rename = "match")]
    how: Option<String>,
    days_before: Option<u16>,
    days_after: Option<u16>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PassesTable {
    off: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToleranceTable {
    absolute: BTreeMap<String, String>,
    percent: Option<String>,
    combine: Option<String>,
}

impl Rules {
    /// Reads rules from TOML.
    ///
    /// # Errors
    /// `rules/invalid` with the line and what to do.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let file: File =
            Settings::parse(text).and_then(|settings| settings.read()).map_err(|mistake| {
                Error::new("rules/invalid", mistake.message).at_line(mistake.place.0).remedy_is(
                    "the rules may have the tables [tolerance] with absolute, percent, combine, \
                     [passes] with off, [without_reference] with match, days_before, days_after, \
                     [rates] with pivot, max_age_days, [[clock]] with file, zone, cutoff, and \
                     [[split]] with method, named_in, share",
                )
            })?;
        let mut tolerance = Tolerance::default();
        for (code, limit) in &file.tolerance.absolute {
            let currency = Currency::from_code(code).ok_or_else(|| {
                invalid(format!("tolerance.absolute: {code} is no ISO 4217 currency"))
            })?;
            let limit = decimal("tolerance.absolute", limit)?;
            let amount = Amount::from_major(limit, currency)
                .map_err(|_| invalid(format!("tolerance.absolute: {limit} is too large")))?;
            tolerance.absolute.insert(currency, amount);
        }
        tolerance.percent = file
            .tolerance
            .percent
            .map(|percent| decimal("tolerance.percent", &percent))
            .transpose()?;
        tolerance.combine = match file.tolerance.combine.as_deref() {
            None | Some("smaller") => Combine::Smaller,
            Some("larger") => Combine::Larger,
            Some(other) => {
                return Err(invalid(format!("tolerance.combine: {other} is not known"))
                    .remedy_is("write \"smaller\" or \"larger\""));
            }
        };
        let without_reference = file.without_reference.read()?;
        let off = file.passes.read()?;
        let rates = file.rates.read()?;
        let clocks = file.clock.iter().map(ClockTable::read).collect::<Result<_, _>>()?;
        let splits = file.split.iter().map(SplitTable::read).collect::<Result<_, _>>()?;
        Ok(Self { tolerance, off, without_reference, rates, clocks, splits })
    }
}

impl ClockTable {
    fn read(&self) -> Result<ClockRule, Error> {
        let zone = self.zone.as_ref().map(|name| {
            Zone::parse(name).ok_or_else(|| {
                invalid(format!("clock.zone: there is no time zone {name}"))
                    .remedy_is("use a name such as Asia/Shanghai or an offset such as +08:00")
            })
        });
        let cutoff = self.cutoff.as_ref().map(|time| {
            AccountingClock::parse_cutoff(time).ok_or_else(|| {
                invalid(format!("clock.cutoff: {time} is no time of day"))
                    .remedy_is("write it as \"23:00\"")
            })
        });
        let (zone, cutoff) = (zone.transpose()?, cutoff.transpose()?);
        Ok(ClockRule { file: self.file.clone(), zone, cutoff })
    }
}

impl RatesTable {
    fn read(&self) -> Result<RateRule, Error> {
        let known = |code: &String| {
            Currency::from_code(code).ok_or_else(|| {
                invalid(format!("rates.pivot: {code} is no ISO 4217 currency"))
                    .remedy_is("write its three letters, such as USD")
            })
        };
        let pivot = self.pivot.as_ref().map(known).transpose()?;
        let max_age_days = self.max_age_days.unwrap_or(MAX_AGE_DAYS);
        if max_age_days > CYCLE_DAYS {
            return Err(invalid(format!("rates.max_age_days: {max_age_days} is too many"))
                .remedy_is(format!("write at most {CYCLE_DAYS}")));
        }
        Ok(RateRule { pivot, max_age_days })
    }
}

impl PassesTable {
    /// What shares a reference or a transaction id belongs together: these passes always run.
    fn read(&self) -> Result<Vec<Rule>, Error> {
        let may_be_off = [Rule::OrderNumber, Rule::NormalisedReference, Rule::ReferenceList];
        let of = |name: &String| {
            let rule = Rule::from_name(name).filter(|rule| may_be_off.contains(rule));
            rule.ok_or_else(|| {
                invalid(format!("passes.off: {name} is no pass that can be left out"))
                    .remedy_is("name \"M030\", \"M040\" or \"M050\"")
            })
        };
        self.off.iter().map(of).collect()
    }
}

impl WithoutReferenceTable {
    fn read(&self) -> Result<WithoutReference, Error> {
        let automatic = match self.how.as_deref() {
            None | Some("suggest") => false,
            Some("automatic") => true,
            Some(other) => {
                return Err(invalid(format!("without_reference.match: {other} is not known"))
                    .remedy_is("write \"suggest\" or \"automatic\""));
            }
        };
        let default = WithoutReference::default();
        let days = |path: &str, days: Option<u16>, default: u16| match days.unwrap_or(default) {
            days @ 0..=CYCLE_DAYS => Ok(days),
            days => Err(invalid(format!("without_reference.{path}: {days} days are too many"))
                .remedy_is(format!("write at most {CYCLE_DAYS}"))),
        };
        Ok(WithoutReference {
            automatic,
            days_before: days("days_before", self.days_before, default.days_before)?,
            days_after: days("days_after", self.days_after, default.days_after)?,
        })
    }
}

fn decimal(path: &str, text: &str) -> Result<Decimal, Error> {
    let number = Decimal::from_str_exact(text).ok().filter(|number| !number.is_sign_negative());
    number.ok_or_else(|| {
        invalid(format!("{path}: {text} is no positive decimal number"))
            .remedy_is("write digits with a point, such as \"1.00\"")
    })
}

fn invalid(message: String) -> Error {
    Error::new("rules/invalid", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_documents() {
        let rules = Rules::parse(
            "[tolerance]\nabsolute = { KES = \"1.00\" }\npercent = \"0.5\"\ncombine = \"larger\"\n",
        )
        .expect("valid");
        let kes = Currency::from_code("KES").expect("active");
        assert_eq!(rules.tolerance.absolute[&kes], Amount::from_minor(100));
        assert_eq!(rules.tolerance.combine, Combine::Larger);
        assert_eq!(Rules::parse("").expect("empty is valid"), Rules::default());
    }

    #[test]
    fn names_the_line_of_a_mistake() {
        let error = Rules::parse("[tolerance]\npercnt = \"1\"\n").expect_err("unknown key");
        assert_eq!(error.code(), "rules/invalid");
        assert_eq!(error.place().and_then(|place| place.line), Some(2));
        let off = Rules::parse("[passes]\noff = [\"M040\"]\n").expect("valid").off;
        assert_eq!(off, [Rule::NormalisedReference]);
        for always in ["M010", "M020", "M060", "M100", "M999", ""] {
            let text = format!("[passes]\noff = [\"{always}\"]\n");
            assert_eq!(Rules::parse(&text).expect_err(always).code(), "rules/invalid");
        }
        for bad in ["absolute = { XXY = \"1\" }", "percent = \"-1\"", "combine = \"both\""] {
            Rules::parse(&format!("[tolerance]\n{bad}\n")).expect_err(bad);
        }
    }

    #[test]
    fn rates_and_clocks_are_read_or_named_with_a_remedy() {
        let rules = Rules::parse(
            "[rates]\npivot = \"USD\"\nmax_age_days = 4\n[[clock]]\nfile = \"psp.csv\"\n\
             zone = \"Asia/Shanghai\"\ncutoff = \"23:00\"\n[[clock]]\nfile = \"o.csv\"\n",
        )
        .expect("valid");
        let pivot = Currency::from_code("USD");
        assert_eq!(rules.rates, RateRule { pivot, max_age_days: 4 });
        let clocks: Vec<_> = rules.clocks.iter().map(|one| (one.zone, one.cutoff)).collect();
        assert_eq!(clocks, [(Zone::parse("Asia/Shanghai"), Some(1380)), (None, None)]);
        for (bad, said) in [
            ("[rates]\npivot = \"US\"\n", "rates.pivot: US is no ISO 4217 currency"),
            ("[rates]\nmax_age_days = 367\n", "rates.max_age_days: 367 is too many"),
            (
                "[[clock]]\nfile = \"a\"\nzone = \"Mars\"\n",
                "clock.zone: there is no time zone Mars",
            ),
            ("[[clock]]\nfile = \"a\"\ncutoff = \"24:00\"\n", "clock.cutoff: 24:00 is no time"),
            ("[[clock]]\nzone = \"UTC\"\n", "missing field `file`"),
            ("[[clock]]\nfile = \"a\"\ncut = \"1\"\n", "unknown field `cut`"),
        ] {
            let error = Rules::parse(bad).expect_err(bad);
            assert!(error.to_string().contains(said), "{error}");
            assert!(!error.remedy().is_empty(), "{error}");
        }
    }
    #[test]
    fn shares_add_up_or_are_named_with_a_remedy() {
        let rule = |shares: &str| format!("[[split]]\nshare = [{shares}]\n");
        for good in [
            "{ to = \"A\", percent = \"10\" }, { rest = true }",
            "{ to = \"A\", percent = \"40\" }, { to = \"B\", percent = \"60\" }",
            "{ to = \"A\", fixed = \"1.00\" }, { to = \"B\", rest = true }",
        ] {
            assert_eq!(Rules::parse(&rule(good)).expect(good).splits.len(), 1);
        }
        for (bad, said) in [
            ("", "the shares do not add up to the payment"),
            ("{ to = \"A\", percent = \"10\" }", "the shares do not add up to the payment"),
            ("{ to = \"A\", percent = \"101\" }, { rest = true }", "do not add up"),
            ("{ to = \"A\", fixed = \"1\" }, { to = \"B\", percent = \"100\" }", "do not add up"),
            ("{ rest = true }, { to = \"A\", rest = true }", "do not add up"),
            ("{ percent = \"10\" }, { rest = true }", "nobody gets this share"),
            ("{ to = \"A\" }, { rest = true }", "a share is one of three"),
            ("{ to = \"A\", percent = \"x\" }, { rest = true }", "split.percent: x is no positive"),
        ] {
            let error = Rules::parse(&rule(bad)).expect_err(bad);
            assert!(error.to_string().contains(said), "{error}");
            assert!(!error.remedy().is_empty(), "{error}");
        }
        let unknown = "[[split]]\nnamed_in = \"country\"\nshare = [{ rest = true }]\n";
        Rules::parse(unknown).expect_err("no field that names a recipient");
    }
}
