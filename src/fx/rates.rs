//! Which reference rate held on a day: stated for the pair, stated the other way round, or through a
//! pivot; of that day, or of the latest before it that is not too old.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::table;
use crate::error::Error;
use crate::limits::RATE_DIGITS;
use crate::money::Currency;
use crate::time::Date;

/// Days that a rate holds where nobody says: the longest closing of a market, the Spring Festival
/// with the weekends around it, has eleven days without a rate.
pub const MAX_AGE_DAYS: u16 = 14;

/// How days and pairs are filled that a table does not state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateRule {
    /// The currency through which a pair is converted that the table has in neither direction.
    pub pivot: Option<Currency>,
    /// How many days old the rate of an earlier day may be: weekends, holidays and gaps. Beyond, there
    /// is none.
    pub max_age_days: u16,
}

impl Default for RateRule {
    fn default() -> Self {
        Self { pivot: None, max_age_days: MAX_AGE_DAYS }
    }
}

/// A rate as the table states it, and who said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    pub(super) rate: Decimal,
    pub(super) source: u16,
}

/// A table of dated reference rates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    table: BTreeMap<(Currency, Currency), BTreeMap<Date, Stated>>,
    sources: Vec<String>,
    rule: RateRule,
}

/// A rate that the table gives for a pair of currencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Units of the quote currency for one unit of the base, to 18 significant digits.
    pub rate: Decimal,
    /// The day of the table's row; of two rows, the earlier one.
    pub date: Date,
    /// Whether a row of the opposite pair was inverted.
    pub inverse: bool,
    /// The currency through which it was converted.
    pub pivot: Option<Currency>,
    source: u16,
}

/// A row of the table in the direction that is asked for.
#[derive(Clone, Copy)]
struct Leg {
    stated: Stated,
    date: Date,
    inverse: bool,
}

impl Rates {
    /// Reads a table. CSV with the columns `date,base,quote,rate` and perhaps `source`, in any order;
    /// or JSON: a list of objects with those fields, alone or as `rates` of an object. ISO dates, ISO
    /// 4217 codes, units of the quote currency for one unit of the base with a decimal point.
    ///
    /// # Errors
    /// The first unusable row, with its line, its column and what to do.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        table::read(text)
    }

    /// The table with a rule for what it does not state.
    #[must_use]
    pub fn with_rule(self, rule: RateRule) -> Self {
        Self { rule, ..self }
    }

    /// The latest rate on or before a day that is not too old: of the pair, else of the opposite pair,
    /// else through the pivot. `None` if there is none; equal currencies have none.
    #[must_use]
    pub fn lookup(&self, date: Date, base: Currency, quote: Currency) -> Option<Rate> {
        if base == quote {
            return None;
        }
        if let Some(leg) = self.leg(date, base, quote) {
            return Some(Rate {
                rate: ratio(&[leg])?,
                date: leg.date,
                inverse: leg.inverse,
                pivot: None,
                source: leg.stated.source,
            });
        }
        let pivot = self.rule.pivot.filter(|pivot| *pivot != base && *pivot != quote)?;
        let legs = [self.leg(date, base, pivot)?, self.leg(date, pivot, quote)?];
        let [first, second] = legs;
        Some(Rate {
            rate: ratio(&legs)?,
            date: first.date.min(second.date),
            inverse: first.inverse || second.inverse,
            pivot: Some(pivot),
            source: first.stated.source,
        })
    }

    /// Who stated a rate, as the table says; of two rows, the first. Empty if it does not say.
    #[must_use]
    pub fn source(&self, rate: &Rate) -> &str {
        let place = usize::from(rate.source).checked_sub(1);
        place.and_then(|place| self.sources.get(place)).map_or("", String::as_str)
    }

    /// Whether the table is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The latest usable row of a pair, in either direction; the stated direction wins.
    fn leg(&self, date: Date, base: Currency, quote: Currency) -> Option<Leg> {
        let latest = |pair, inverse| {
            let (day, stated) = self.table.get(&pair)?.range(..=date).next_back()?;
            let recent = date.days_since(*day) <= i64::from(self.rule.max_age_days);
            recent.then_some(Leg { stated: *stated, date: *day, inverse })
        };
        latest((base, quote), false).or_else(|| latest((quote, base), true))
    }

    pub(super) fn insert(
        &mut self,
        pair: (Currency, Currency),
        date: Date,
        stated: Stated,
    ) -> Option<Stated> {
        self.table.entry(pair).or_default().insert(date, stated)
    }

    /// The number of a source; 0 is nobody.
    pub(super) fn source_number(&mut self, name: &str) -> u16 {
        if name.is_empty() {
            return 0;
        }
        let known = self.sources.iter().position(|known| known == name);
        let place = known.unwrap_or_else(|| {
            self.sources.push(name.to_owned());
            self.sources.len().saturating_sub(1)
        });
        u16::try_from(place.saturating_add(1)).unwrap_or(0)
    }
}

/// The product of all legs as one fraction, divided once: at most 36 digits each way.
fn ratio(legs: &[Leg]) -> Option<Decimal> {
    let (mut above, mut below) = (Decimal::ONE, Decimal::ONE);
    for leg in legs {
        let side = if leg.inverse { &mut below } else { &mut above };
        *side = side.checked_mul(leg.stated.rate)?;
    }
    let rate = if below == Decimal::ONE { above } else { above.checked_div(below)? };
    rate.round_sf(RATE_DIGITS).map(|rate| rate.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    fn lookup(rates: &Rates, date: &str, base: &str, quote: &str) -> Option<String> {
        let rate = rates.lookup(Date::from_iso(date)?, currency(base), currency(quote))?;
        let inverse = if rate.inverse { " inverse" } else { "" };
        let through = rate.pivot.map(|pivot| format!(" through {pivot}")).unwrap_or_default();
        Some(format!("{} {}{inverse}{through}", rate.rate, rate.date))
    }

    #[test]
    fn the_latest_rate_on_or_before_the_day_holds() {
        let table = b"\xef\xbb\xbfdate,base,quote,rate\r\n2026-02-01,USD,KES,129.50\r\n\
                      2026-02-05,USD,KES,130\r\n2026-02-03,USD,NGN,1500.25\r\n\
                      2026-02-02,KES,USD,0.0077\r\n2026-02-05,USD,KES,130.0\r\n";
        let rates = Rates::parse(table).unwrap();
        for (date, base, quote, expected) in [
            ("2026-01-31", "USD", "KES", None),
            ("2026-02-01", "USD", "KES", Some("129.5 2026-02-01")),
            ("2026-02-04", "USD", "KES", Some("129.5 2026-02-01")),
            ("2026-02-05", "USD", "KES", Some("130 2026-02-05")),
            // Fourteen days old, and a day more.
            ("2026-02-19", "USD", "KES", Some("130 2026-02-05")),
            ("2026-02-20", "USD", "KES", None),
            // The stated direction wins; only before its first day the other one is inverted.
            ("2026-02-02", "KES", "USD", Some("0.0077 2026-02-02")),
            ("2026-02-01", "KES", "USD", Some("0.00772200772200772201 2026-02-01 inverse")),
            ("2026-02-03", "NGN", "USD", Some("0.000666555574070988169 2026-02-03 inverse")),
            // The stated direction is too old, the other one is not.
            ("2026-02-17", "KES", "USD", Some("0.00769230769230769231 2026-02-05 inverse")),
            ("2026-02-03", "USD", "EUR", None),
            ("2026-02-03", "USD", "USD", None),
        ] {
            assert_eq!(lookup(&rates, date, base, quote).as_deref(), expected, "{date} {base}");
        }
    }

    #[test]
    fn a_pair_that_nobody_states_goes_through_the_pivot() {
        let table = b"date,base,quote,rate\n2026-02-02,USD,KES,129.5\n2026-02-03,USD,NGN,1500.25\n\
                      2026-02-03,EUR,USD,1.08\n2026-02-03,USD,CNY,7.2\n";
        let rule = RateRule { pivot: Some(currency("USD")), max_age_days: 3 };
        let rates = Rates::parse(table).unwrap().with_rule(rule);
        for (date, base, quote, expected) in [
            // 1.08 × 129.5 = 139.86; as old as the older of both.
            ("2026-02-03", "EUR", "KES", Some("139.86 2026-02-02 through USD")),
            // 1 ÷ 129.5 × 7.2 = 7.2 ÷ 129.5 = 0.0555984555984555984…
            (
                "2026-02-03",
                "KES",
                "CNY",
                Some("0.0555984555984555985 2026-02-02 inverse through USD"),
            ),
            // 7.2 ÷ 7.2 and 1 ÷ 1.08 = 0.925925925…; 1 ÷ (1.08 × 129.5) = 1 ÷ 139.86
            (
                "2026-02-03",
                "KES",
                "EUR",
                Some("0.00715000715000715001 2026-02-02 inverse through USD"),
            ),
            (
                "2026-02-03",
                "CNY",
                "NGN",
                Some("208.368055555555556 2026-02-03 inverse through USD"),
            ),
            // What is stated needs no pivot, and the pivot itself is stated or not there.
            ("2026-02-03", "EUR", "USD", Some("1.08 2026-02-03")),
            ("2026-02-03", "GBP", "USD", None),
            ("2026-02-03", "GBP", "KES", None),
            // The Kenyan rate is four days old on the 6th, the others three.
            ("2026-02-06", "EUR", "NGN", Some("1620.27 2026-02-03 through USD")),
            ("2026-02-06", "EUR", "KES", None),
        ] {
            assert_eq!(
                lookup(&rates, date, base, quote).as_deref(),
                expected,
                "{date} {base} {quote}"
            );
        }
        let without = Rates::parse(table).unwrap();
        assert_eq!(
            lookup(&without, "2026-02-03", "EUR", "KES"),
            None,
            "only through a stated pivot"
        );
    }
}
