//! Lists what a run took to be so because nobody said otherwise.

use std::collections::BTreeMap;

use crate::engine::Config;
use crate::entry::Side;
use crate::fees::Gap;
use crate::ids::SourceId;
use crate::ingest::report::{Assumption, SourceReport};
use crate::limits::PAYOUTS;
use crate::matching::Payouts;
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

/// Asks for what decides the fees that are not known.
pub(crate) fn add_gaps(sources: &mut [SourceReport], gaps: &BTreeMap<(SourceId, Gap), u64>) {
    for ((source, gap), count) in gaps {
        let Some(source) = sources.get_mut(usize::from(source.0)) else { continue };
        let why = match gap {
            Gap::Volume => {
                "the contract has tiers by a volume that the files do not hold whole: state it in the contract as [[volume]]".to_owned()
            }
            Gap::Payment => "the payments of these refunds are not in the files, so what of their fees comes back is not known".to_owned(),
            Gap::Rate => "the contract's table of rates ends below these amounts or volumes".to_owned(),
            Gap::Exact => "these amounts are too large for an exact fee".to_owned(),
            field => format!(
                "the contract asks for {}, which these lines do not state: their fees are taken to be right",
                field.name()
            ),
        };
        let asked = Assumption::new("fees that are not known", count.to_string(), why);
        source.assumptions.push(asked.asks("", &[]));
    }
}

/// Says that payouts were not added up, where a column numbers lines and not payouts.
pub(crate) fn add_payouts(sources: &mut [SourceReport], payouts: &Payouts) {
    let named = sources.iter_mut().filter(|one| payouts.too_many && one.side == Side::Settlement);
    for source in named {
        let why = format!(
            "the files name more than {PAYOUTS} payouts: the column seems to number lines, and nothing is added up by it"
        );
        source.assumptions.push(assumption("payouts", "not added up", &why));
    }
}

fn assumption(what: &str, value: &str, why: &str) -> Assumption {
    Assumption::new(what, value, why)
}
