//! Lists what a run took to be so because nobody said otherwise.

use crate::engine::Config;
use crate::entry::Side;
use crate::ingest::report::{Assumption, SourceReport};
use crate::time::Date;

/// Adds the run's own assumptions to the sources that they concern.
pub(crate) fn add(sources: &mut [SourceReport], config: &Config, as_of: Option<Date>) {
    let stated_as_of = config.as_of.is_some();
    let cycle = config.contract.as_ref().is_some_and(|c| c.settlement().is_some());
    for source in sources {
        if !stated_as_of && let Some(date) = as_of {
            source.assumptions.push(assumption(
                "as-of date",
                &date.to_string(),
                "no date was given: the day after the latest instant in the files",
            ));
        }
        if as_of.is_none() {
            source.assumptions.push(assumption(
                "as-of date",
                "none",
                "no date was given and no row has one: nothing is late and nothing is in transit",
            ));
        }
        if source.side == Side::Orders && !cycle {
            source.assumptions.push(assumption(
                "settlement cycle",
                "none",
                "no contract states one: every order is due on its own day",
            ));
        }
        if source.side == Side::Orders {
            source.assumptions.extend(calendars(config, as_of));
        }
        if source.side == Side::Settlement && config.contract.is_none() {
            source.assumptions.push(assumption(
                "fees",
                "as stated",
                "no contract was given: the fees in the file are taken to be right",
            ));
        }
    }
}

/// Countries whose holidays are not announced, or not known, up to the end of the run.
fn calendars(config: &Config, as_of: Option<Date>) -> Vec<Assumption> {
    let settlement = config.contract.as_ref().and_then(|contract| contract.settlement());
    let Some((settlement, as_of)) = settlement.zip(as_of) else { return Vec::new() };
    let (year, _, _) = as_of.ymd();
    let short = settlement.countries.iter().filter(|(_, last)| last.is_none_or(|last| last < year));
    short
        .map(|(country, last)| match last {
            Some(last) => assumption(
                "holidays",
                country,
                &format!("known until {last}: later days are business days but for the weekend"),
            ),
            None => assumption(
                "holidays",
                country,
                "only its weekend is known: list its holidays in the contract or in a calendar",
            ),
        })
        .collect()
}

fn assumption(what: &str, value: &str, why: &str) -> Assumption {
    Assumption::new(what, value, why)
}
