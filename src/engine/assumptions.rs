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
        if source.side == Side::Settlement && config.contract.is_none() {
            source.assumptions.push(assumption(
                "fees",
                "as stated",
                "no contract was given: the fees in the file are taken to be right",
            ));
        }
    }
}

fn assumption(what: &str, value: &str, why: &str) -> Assumption {
    Assumption::new(what, value, why)
}
