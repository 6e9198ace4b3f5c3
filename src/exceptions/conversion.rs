//! Decides what a line converted: from which currency into which, and at which rate.

use rust_decimal::Decimal;

use crate::entry::Entries;
use crate::exceptions::Terms;
use crate::fx::{Misquote, Rate, convert, deviation_exceeds};
use crate::ids::EntryId;
use crate::limits::RATE_DIGITS;
use crate::money::{Amount, Currency, Rounding};
use crate::time::Date;

/// Minor units from which on the amounts of a conversion tell rates apart.
const TELLING_MINOR: i64 = 100;

/// Money that a line moved from one currency into another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conversion {
    /// What left, in the order's currency.
    pub(crate) from: (Amount, Currency),
    /// What arrived, in the settlement's currency.
    pub(crate) to: (Amount, Currency),
}

impl Conversion {
    /// The conversion of a line, if it made one: before its fees, or after them.
    pub(crate) fn of(entries: &Entries, line: EntryId) -> Option<Self> {
        let (amount, currency) = (entries.amount(line), entries.currency(line));
        if let Some((original, from)) = entries.original(line)
            && from != currency
        {
            return Some(Self { from: (original, from), to: (amount, currency) });
        }
        let to = entries.net_currency(line);
        if to == currency {
            return None;
        }
        let after_fee = amount.checked_add(entries.fee(line))?;
        let from = (after_fee.checked_add(entries.tax(line))?, currency);
        Some(Self { from, to: (entries.net(line), to) })
    }

    /// What would arrive at a rate.
    pub(crate) fn at(&self, rate: Decimal) -> Option<Amount> {
        convert(self.from.0, self.from.1, self.to.1, rate, Rounding::HalfUp).ok()
    }

    /// How a stated rate is to be read, by the amounts beside it: the rate that gives what arrived, to
    /// one minor unit, and what is wrong with how it is written. Small amounts tell nothing.
    pub(crate) fn read(&self, stated: Decimal) -> (Decimal, Option<Misquote>) {
        if self.tied(Some(stated)) || self.to.0.abs() < Amount::from_minor(TELLING_MINOR) {
            return (stated, None);
        }
        let fits = |misquote: Misquote| {
            let meant = misquote.meant(stated)?;
            self.tied(Some(meant)).then_some((meant, Some(misquote)))
        };
        Misquote::ALL.into_iter().find_map(fits).unwrap_or((stated, None))
    }

    /// The rate that the amounts give, to 18 significant digits; `None` of nothing.
    pub(crate) fn implied(&self) -> Option<Decimal> {
        let (from, to) = (self.from.0.to_major(self.from.1), self.to.0.to_major(self.to.1));
        let rate = to.checked_div(from)?.round_sf(RATE_DIGITS)?.normalize();
        (rate > Decimal::ZERO).then_some(rate)
    }

    /// Whether the rate that was used is further from the reference than the contract allows. A
    /// line that states no rate is judged by what arrived.
    pub(crate) fn deviates(
        &self,
        stated: Option<Decimal>,
        reference: Decimal,
        terms: &Terms,
    ) -> bool {
        let percent = fx_tolerance_percent(terms);
        match stated {
            Some(rate) => deviation_exceeds(rate, reference, percent),
            None => self.at(reference).is_some_and(|fair| {
                let (arrived, fair) = (self.to.0.minor_decimal(), fair.minor_decimal());
                deviation_exceeds(arrived, fair, percent)
            }),
        }
    }

    /// Whether what arrived is what the stated rate gives, to one minor unit.
    pub(crate) fn tied(&self, stated: Option<Decimal>) -> bool {
        let Some(rate) = stated else { return true };
        let computed = self.at(rate).and_then(|fair| self.to.0.checked_sub(fair));
        computed.is_some_and(|rest| rest.abs() <= Amount::from_minor(1))
    }
}

/// The reference rate of a line: of the day on which it was paid out, or else happened.
pub(crate) fn reference_rate(
    entries: &Entries,
    line: EntryId,
    conversion: &Conversion,
    terms: &Terms,
) -> Option<Decimal> {
    let date = day_of(entries, line)?;
    rate_on(date, conversion, terms).map(|rate| rate.rate)
}

/// The day by whose rate a line is judged.
pub(crate) fn day_of(entries: &Entries, line: EntryId) -> Option<Date> {
    entries.settled_on(line).or_else(|| entries.local_date(line))
}

/// The reference rate of a day.
pub(crate) fn rate_on(date: Date, conversion: &Conversion, terms: &Terms) -> Option<Rate> {
    terms.rates.as_ref()?.lookup(date, conversion.from.1, conversion.to.1)
}

/// How far a rate may be from the reference, in percent; 1 where no contract says.
pub(crate) fn fx_tolerance_percent(terms: &Terms) -> Decimal {
    let stated = terms.contract.as_ref().and_then(|c| c.fx_tolerance_percent());
    stated.unwrap_or(Decimal::ONE)
}
