//! Reads `rules.toml`: how far amounts may differ.
//!
//! ```toml
//! [tolerance]
//! absolute = { KES = "1.00", USD = "0.05" }   # major units
//! percent = "0.5"                             # of the expected amount
//! combine = "smaller"                         # or "larger", where both are given
//! ```

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::error::Error;
use crate::exceptions::{Combine, Tolerance};
use crate::money::{Amount, Currency};
use crate::settings::Settings;

/// What the file of rules says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Differences that may be let go.
    pub tolerance: Tolerance,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    tolerance: ToleranceTable,
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
                    "the rules may have a table [tolerance] with absolute, percent, combine",
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
        Ok(Self { tolerance })
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
        for bad in ["absolute = { XXY = \"1\" }", "percent = \"-1\"", "combine = \"both\""] {
            Rules::parse(&format!("[tolerance]\n{bad}\n")).expect_err(bad);
        }
    }
}
