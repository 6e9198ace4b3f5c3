//! Exchange rate — was the money converted at a fair rate?
//!
//! States `FX_RATE_VARIANCE` for a converted line, matched or open, whose rate is further from the
//! reference rate than the contract allows, and `FX_RATE_MISSING` where rates were given but none
//! for this day and pair. Where the figures say what is wrong with the rate, that is stated instead:
//! `FX_RATE_INVERTED` (the one of the opposite direction) or `FX_RATE_PER_HUNDRED` (a hundred times
//! too large or too small), by the reference rate, or by what arrived. Names the line.

use rust_decimal::Decimal;

use crate::codes::Code;
use crate::entry::Entries;
use crate::exceptions::conversion::{Conversion, fx_tolerance_percent, reference_rate};
use crate::exceptions::{Fact, Terms, Value};
use crate::fx::Misquote;
use crate::ids::EntryId;

/// States how the rate of one settlement line differs from the reference rate.
pub(crate) fn check(entries: &Entries, line: EntryId, terms: &Terms, facts: &mut Vec<Fact>) {
    let Some(conversion) = Conversion::of(entries, line) else { return };
    let (arrived, currency) = conversion.to;
    if arrived.is_zero() && conversion.from.0.is_zero() {
        return;
    }
    let stated = entries.fx_rate(line);
    let meant = stated.map(|rate| conversion.read(rate));
    let reference = reference_rate(entries, line, &conversion, terms);
    if terms.rates.is_some() && reference.is_none() {
        facts.push(Fact::new(Code::FxRateMissing, vec![line]).money(arrived, currency));
    }
    let (code, expected) = match (meant, reference) {
        // The amounts say how the rate is to be read, whatever the reference is.
        (Some((meant, Some(misquote))), _) => (code_of(misquote), reference.unwrap_or(meant)),
        (_, Some(reference)) if conversion.deviates(stated, reference, terms) => {
            let used = stated.or_else(|| conversion.implied());
            let percent = fx_tolerance_percent(terms);
            let misquote = used.and_then(|rate| Misquote::of(rate, reference, percent));
            (misquote.map_or(Code::FxRateVariance, code_of), reference)
        }
        _ => return,
    };
    facts.push(fact(code, line, &conversion, (expected, stated)));
}

fn code_of(misquote: Misquote) -> Code {
    match misquote {
        Misquote::Inverted => Code::FxRateInverted,
        Misquote::Hundredfold | Misquote::Hundredth => Code::FxRatePerHundred,
    }
}

/// What should have arrived, or at which rate, against what did.
fn fact(
    code: Code,
    line: EntryId,
    conversion: &Conversion,
    (expected, stated): (Decimal, Option<Decimal>),
) -> Fact {
    let (arrived, currency) = conversion.to;
    let fair = conversion.at(expected).unwrap_or_default();
    let difference = arrived.checked_sub(fair).unwrap_or_default();
    let fact = Fact::new(code, vec![line]).money(difference, currency);
    match stated {
        Some(rate) => fact.values(Value::Rate(expected), Value::Rate(rate)),
        None => fact.values(Value::Amount(fair), Value::Amount(arrived)),
    }
}
