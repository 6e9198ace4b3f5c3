//! Decides the exchange rates of the sample month: a table with one rate per business day.

use super::clock::{Day, FIRST_DAY, is_weekend, push_date};
use super::market::{Currency, KES, NGN, UGX, USD, XOF};
use super::rng::Rng;

/// Rates are counted in units of 10⁻⁸.
pub(super) const ONE: i64 = 100_000_000;
const DAYS_BEFORE: i64 = 6;
const DAYS: i64 = DAYS_BEFORE + 28;
/// Days without a published rate besides weekends: the rate of the day before stays in force.
const UNPUBLISHED: [Day; 2] = [FIRST_DAY + 10, FIRST_DAY + 18];
const BASES: [(Currency, i64); 4] = [(KES, 774_100), (NGN, 69_050), (UGX, 27_940), (XOF, 178_600)];

/// US dollars for one unit of a currency, by day.
#[derive(Debug)]
pub(super) struct Rates {
    /// Per currency: the published (day, rate), oldest first.
    published: Vec<(Currency, Vec<(Day, i64)>)>,
}

impl Rates {
    pub(super) fn draw(rng: &mut Rng) -> Rates {
        let published =
            BASES.iter().map(|&(currency, start)| (currency, walk(rng, start))).collect();
        Rates { published }
    }

    /// The rate in force on a day: the latest published on or before it. 1 for US dollars.
    pub(super) fn to_usd(&self, currency: Currency, day: Day) -> i64 {
        self.published
            .iter()
            .find(|(base, _)| *base == currency)
            .and_then(|(_, rates)| rates.iter().rev().find(|(published, _)| *published <= day))
            .map_or(ONE, |(_, rate)| *rate)
    }

    /// `fx.csv`: `date,base,quote,rate`, by date and then by currency.
    pub(super) fn csv(&self) -> String {
        let mut out = String::from("date,base,quote,rate\n");
        for day in days() {
            for (base, rates) in &self.published {
                if let Some((_, rate)) = rates.iter().find(|(published, _)| *published == day) {
                    push_date(&mut out, day);
                    out.push_str(&format!(",{},{},", base.code, USD.code));
                    push_rate(&mut out, *rate);
                    out.push('\n');
                }
            }
        }
        out
    }
}

fn days() -> impl Iterator<Item = Day> {
    (0..DAYS)
        .map(|day| FIRST_DAY - DAYS_BEFORE + day)
        .filter(|day| !is_weekend(*day) && !UNPUBLISHED.contains(day))
}

/// A walk whose daily steps (up to 0.9 %) exceed the contract's tolerance, so that looking up the
/// wrong day shows.
fn walk(rng: &mut Rng, start: i64) -> Vec<(Day, i64)> {
    let mut rate = start;
    days()
        .map(|day| {
            let pull = if rate > start { -2 } else { 2 };
            rate += rate * (rng.between(-7, 7) + pull) / 1_000;
            (day, rate)
        })
        .collect()
}

/// `1`, or eight digits after the point.
pub(super) fn push_rate(out: &mut String, rate: i64) {
    if rate == ONE {
        out.push('1');
    } else {
        super::money::push_amount(out, rate, 8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_rate_uses_the_one_before() {
        let rates = Rates::draw(&mut Rng::new(1, 1));
        for (gap, before) in [(10, 9), (18, 17), (6, 5), (7, 5)] {
            let day = |day: i64| rates.to_usd(NGN, FIRST_DAY + day);
            assert_eq!(day(gap), day(before));
        }
        assert_eq!(rates.to_usd(USD, FIRST_DAY), ONE);
    }

    #[test]
    fn the_table_has_every_currency_on_every_published_day() {
        let csv = Rates::draw(&mut Rng::new(1, 1)).csv();
        assert_eq!(csv.lines().count(), 1 + 4 * days().count());
        assert!(csv.contains("2026-01-26,KES,USD,0.00"));
        assert!(!csv.contains("2026-02-11") && !csv.contains("2026-02-07"));
    }
}
