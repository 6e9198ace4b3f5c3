//! Exchange rate — was the money converted at a fair rate?
//!
//! States `FX_RATE_VARIANCE` for a converted line, matched or open, whose rate is further from the
//! reference rate than the contract allows, and `FX_RATE_MISSING` where rates were given but none
//! for this day and pair. Names the line.

use crate::codes::Code;
use crate::entry::Entries;
use crate::exceptions::difference::{Conversion, reference_rate};
use crate::exceptions::{Fact, Terms, Value};
use crate::ids::EntryId;

/// States how the rate of one settlement line differs from the reference rate.
pub(crate) fn check(entries: &Entries, line: EntryId, terms: &Terms, facts: &mut Vec<Fact>) {
    if terms.rates.is_none() {
        return;
    }
    let Some(conversion) = Conversion::of(entries, line) else { return };
    let (arrived, currency) = conversion.to;
    if arrived.is_zero() && conversion.from.0.is_zero() {
        return;
    }
    let Some(reference) = reference_rate(entries, line, &conversion, terms) else {
        facts.push(Fact::new(Code::FxRateMissing, vec![line]).money(arrived, currency));
        return;
    };
    let stated = entries.fx_rate(line);
    if !conversion.deviates(stated, reference, terms) {
        return;
    }
    let fair = conversion.at(reference).unwrap_or_default();
    let difference = arrived.checked_sub(fair).unwrap_or_default();
    let fact = Fact::new(Code::FxRateVariance, vec![line]).money(difference, currency);
    facts.push(match stated {
        Some(rate) => fact.values(Value::Rate(reference), Value::Rate(rate)),
        None => fact.values(Value::Amount(fair), Value::Amount(arrived)),
    });
}
