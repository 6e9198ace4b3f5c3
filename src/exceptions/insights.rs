//! Decides what a run shows of time and exchange rates beside its differences, by currency: how old
//! open money is, what is due when, how punctual the provider was, and what conversions cost.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::calendar::{Age, BUCKETS};
use crate::entry::{Disposition, Entries, Side};
use crate::exceptions::conversion::{Conversion, day_of, rate_on};
use crate::exceptions::{Members, Terms};
use crate::ids::EntryId;
use crate::money::{Amount, Currency};
use crate::sort;
use crate::time::Date;

/// The bucket of open money without a date.
const UNDATED: &str = "undated";

/// What a figure is about; the order is that of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// Open orders, by bucket.
    Age,
    /// Orders that are on their way, by the day on which they are due.
    DueOrders,
    /// Settled money that is paid out behind the end of the run, by that day.
    DueLines,
    /// Lines that were paid out early, on time, late.
    Paid,
    /// Conversions, by day, provider and currency.
    Spread,
    /// What rates did between the days of a conversion.
    Gain,
    /// Conversions of which a rate of those days is missing.
    Unknown,
}

/// One place of one list: numbers, so that one map holds all lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    currency: Currency,
    what: What,
    /// A day, or the place in a short list.
    on: i32,
    /// The source, and once providers are named, the place of its provider.
    provider: u16,
    from: Option<Currency>,
}

/// How many rows, and up to three sums; `None` once a sum left the range of exact numbers.
#[derive(Clone, Copy, Debug)]
struct Figures {
    rows: u64,
    sums: Option<[Amount; 3]>,
}

/// Everything of one run.
#[derive(Clone, Debug, Default)]
pub struct Insights {
    figures: BTreeMap<Key, Figures>,
    /// The reference rate of a day's conversions, and who stated it.
    references: BTreeMap<Key, (Decimal, String)>,
    /// The profiles of the sources, sorted: who they are, whatever the order of the files is.
    providers: Vec<String>,
}

/// Open orders of one age.
#[derive(Clone, Copy, Debug)]
pub struct AgeBucket {
    /// Days since they were due: `not_due`, `1-7`, …, `over_90`, `undated`.
    pub bucket: &'static str,
    /// Orders, and the refunds that they record.
    pub rows: u64,
    /// What they are over.
    pub amount: Amount,
}

/// Money that is due on a day behind the end of the run.
#[derive(Clone, Copy, Debug)]
pub struct DueDay {
    /// The day.
    pub on: Date,
    /// `orders`: not settled yet, gross; `settlement`: to be paid out, net.
    pub side: Side,
    /// Rows.
    pub rows: u64,
    /// How much.
    pub amount: Amount,
}

/// What the conversions of a provider cost on a day, by the reference rate.
#[derive(Clone, Copy, Debug)]
pub struct FxDay<'i> {
    /// The day by whose rate they are judged.
    pub on: Date,
    /// The provider, by the name of the profile.
    pub provider: &'i str,
    /// The currency that was converted.
    pub from: Currency,
    /// The reference rate.
    pub rate: Decimal,
    /// Who stated it; empty if the table does not say.
    pub source: &'i str,
    /// Lines.
    pub rows: u64,
    /// What was converted, in that currency.
    pub sent: Amount,
    /// What it was worth at the reference rate.
    pub fair: Amount,
    /// What arrived.
    pub arrived: Amount,
    /// Arrived − fair.
    pub spread: Amount,
    /// The spread in hundredths of a percent of the fair amount, to one decimal; `None` of nothing.
    pub basis_points: Option<Decimal>,
}

/// What changing rates did to conversions (汇兑损益), by the reference rates.
#[derive(Clone, Copy, Debug)]
pub struct FxGain {
    /// The currency that was converted.
    pub from: Currency,
    /// Lines whose rates are known.
    pub rows: u64,
    /// From the day of the order to that of the line.
    pub to_settlement: Amount,
    /// From the day of the line to that of the payout.
    pub to_payout: Amount,
    /// Lines of which a rate is missing.
    pub unknown: u64,
}

impl Insights {
    /// Adds the lines of a match.
    pub(crate) fn of_match(&mut self, entries: &Entries, members: &Members, terms: &Terms) {
        let order = members.sales.first().copied();
        for line in members.lines() {
            self.line(entries, terms, line, order);
        }
    }

    /// Adds an entry that is in no match.
    pub(crate) fn of_entry(&mut self, entries: &Entries, terms: &Terms, id: EntryId) {
        match (entries.side(id), entries.disposition(id)) {
            (Side::Orders, Disposition::Open | Disposition::InTransit) => {
                self.order(entries, terms, id);
            }
            (Side::Settlement, Disposition::Open) => self.line(entries, terms, id, None),
            _ => {}
        }
    }

    /// Names the providers: sources of one profile are one.
    #[must_use]
    pub(crate) fn of_providers(self, profiles: &[&str]) -> Self {
        let mut providers: Vec<String> = profiles.iter().map(|name| (*name).to_owned()).collect();
        sort::sort(&mut providers);
        providers.dedup();
        let place = |source: u16| {
            let name = profiles.get(usize::from(source))?;
            u16::try_from(providers.iter().position(|known| known == name)?).ok()
        };
        let named = |key: Key| match key.what {
            What::Spread => Key { provider: place(key.provider).unwrap_or(0), ..key },
            _ => key,
        };
        let mut all = Self::default();
        for (key, figures) in self.figures {
            all.merge(named(key), figures);
        }
        for (key, reference) in self.references {
            all.references.entry(named(key)).or_insert(reference);
        }
        Self { providers, ..all }
    }

    /// The currencies that have any.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> + '_ {
        self.figures.keys().map(|key| key.currency)
    }

    /// How old open and awaited orders are.
    pub fn ageing(&self, currency: Currency) -> impl Iterator<Item = AgeBucket> + '_ {
        self.list(currency, What::Age).map(|(key, rows, [amount, ..])| {
            let place = usize::try_from(key.on).unwrap_or(usize::MAX);
            let bucket = BUCKETS.get(place).copied().unwrap_or(UNDATED);
            AgeBucket { bucket, rows, amount }
        })
    }

    /// What is due when.
    pub fn forecast(&self, currency: Currency) -> impl Iterator<Item = DueDay> + '_ {
        let of = move |what, side| {
            self.list(currency, what).map(move |(key, rows, [amount, ..])| DueDay {
                on: Date(key.on),
                side,
                rows,
                amount,
            })
        };
        of(What::DueOrders, Side::Orders).chain(of(What::DueLines, Side::Settlement))
    }

    /// How many lines were paid out early, on time and late; `None` where no contract says when.
    pub fn paid(&self, currency: Currency) -> Option<[u64; 3]> {
        let mut paid = [0; 3];
        for (key, rows, _) in self.list(currency, What::Paid) {
            if let Some(place) = usize::try_from(key.on).ok().and_then(|at| paid.get_mut(at)) {
                *place = rows;
            }
        }
        (paid != [0; 3]).then_some(paid)
    }

    /// What conversions into a currency cost, by day, provider and currency.
    pub fn spreads(&self, currency: Currency) -> impl Iterator<Item = FxDay<'_>> {
        self.list(currency, What::Spread).filter_map(|(key, rows, [sent, fair, arrived])| {
            let spread = arrived.checked_sub(fair)?;
            let (rate, source) = self.references.get(&key)?;
            Some(FxDay {
                rate: *rate,
                source,
                on: Date(key.on),
                provider: self.providers.get(usize::from(key.provider))?,
                from: key.from?,
                rows,
                sent,
                fair,
                arrived,
                spread,
                basis_points: basis_points(spread, fair),
            })
        })
    }

    /// What changing rates did to conversions into a currency.
    pub fn gains(&self, currency: Currency) -> impl Iterator<Item = FxGain> + '_ {
        self.list(currency, What::Gain).filter_map(move |(key, rows, [one, two, _])| {
            let unknown = self.figures.get(&Key { what: What::Unknown, ..key });
            Some(FxGain {
                from: key.from?,
                rows,
                to_settlement: one,
                to_payout: two,
                unknown: unknown.map_or(0, |figures| figures.rows),
            })
        })
    }

    /// The figures of one list, in its order.
    fn list(
        &self,
        currency: Currency,
        what: What,
    ) -> impl Iterator<Item = (Key, u64, [Amount; 3])> + '_ {
        let first = Key { currency, what, on: i32::MIN, provider: 0, from: None };
        let all = self.figures.range(first..);
        let own = all.take_while(move |(key, _)| key.currency == currency && key.what == what);
        own.filter_map(|(key, figures)| Some((*key, figures.rows, figures.sums?)))
    }

    fn add(&mut self, key: Key, amounts: [Amount; 3]) {
        self.merge(key, Figures { rows: 1, sums: Some(amounts) });
    }

    fn merge(&mut self, key: Key, more: Figures) {
        let zero = Figures { rows: 0, sums: Some([Amount::ZERO; 3]) };
        let figures = self.figures.entry(key).or_insert(zero);
        figures.rows = figures.rows.saturating_add(more.rows);
        figures.sums = figures.sums.zip(more.sums).and_then(|([a, b, c], [x, y, z])| {
            Some([a.checked_add(x)?, b.checked_add(y)?, c.checked_add(z)?])
        });
    }

    fn order(&mut self, entries: &Entries, terms: &Terms, id: EntryId) {
        let Some(as_of) = terms.due.as_of else { return };
        let due = terms.due.date_of(entries, id, id);
        let place = due.map_or(BUCKETS.len(), |due| Age::of(due, as_of).bucket);
        let currency = entries.currency(id);
        let amounts = [entries.amount(id), Amount::ZERO, Amount::ZERO];
        let key = |what, on| Key { currency, what, on, provider: 0, from: None };
        self.add(key(What::Age, i32::try_from(place).unwrap_or(i32::MAX)), amounts);
        if let (Disposition::InTransit, Some(due)) = (entries.disposition(id), due) {
            self.add(key(What::DueOrders, due.0), amounts);
        }
    }

    fn line(&mut self, entries: &Entries, terms: &Terms, id: EntryId, order: Option<EntryId>) {
        let paid = entries.settled_on(id);
        if let (Some(on), Some(as_of)) = (paid, terms.due.as_of)
            && on > as_of
        {
            let currency = entries.net_currency(id);
            let key = Key { currency, what: What::DueLines, on: on.0, provider: 0, from: None };
            self.add(key, [entries.net(id), Amount::ZERO, Amount::ZERO]);
        }
        if let (Some(order), Some(paid)) = (order, paid) {
            self.punctuality(entries, terms, (id, order), paid);
        }
        if terms.rates.is_some()
            && let Some(conversion) = Conversion::of(entries, id)
        {
            self.conversion(entries, terms, (id, order), &conversion);
        }
    }

    fn punctuality(
        &mut self,
        entries: &Entries,
        terms: &Terms,
        (line, order): (EntryId, EntryId),
        paid: Date,
    ) {
        let Some(settlement) = &terms.due.cycle else { return };
        if !entries.kind(line).is_payment() {
            return;
        }
        let Some(due) = settlement.due_of(entries, order, line) else { return };
        let on =
            if paid > settlement.latest(entries, line, due) { 2 } else { i32::from(paid >= due) };
        let currency = entries.net_currency(line);
        let key = Key { currency, what: What::Paid, on, provider: 0, from: None };
        self.add(key, [Amount::ZERO; 3]);
    }

    fn conversion(
        &mut self,
        entries: &Entries,
        terms: &Terms,
        (line, order): (EntryId, Option<EntryId>),
        conversion: &Conversion,
    ) {
        let ((sent, from), (arrived, currency)) = (conversion.from, conversion.to);
        let rate = |date: Option<Date>| rate_on(date?, conversion, terms);
        let provider = entries.source(line).0;
        let day = day_of(entries, line);
        if let Some((on, rate)) = day.zip(rate(day))
            && let Some(fair) = conversion.at(rate.rate)
        {
            let from = Some(from);
            let key = Key { currency, what: What::Spread, on: on.0, provider, from };
            self.references.entry(key).or_insert_with(|| {
                let source = terms.rates.as_ref().map(|rates| rates.source(&rate));
                (rate.rate, source.unwrap_or_default().to_owned())
            });
            self.add(key, [sent, fair, arrived]);
        }
        let Some(order) = order else { return };
        let worth = [entries.local_date(order), entries.local_date(line), entries.settled_on(line)]
            .map(|date| conversion.at(rate(date)?.rate));
        let key = |what| Key { currency, what, on: 0, provider: 0, from: Some(from) };
        let [ordered, settled, paid] = worth;
        let changes = settled.zip(ordered).zip(paid).and_then(|((settled, ordered), paid)| {
            Some([settled.checked_sub(ordered)?, paid.checked_sub(settled)?, Amount::ZERO])
        });
        match changes {
            Some(changes) => self.add(key(What::Gain), changes),
            None => self.add(key(What::Unknown), [Amount::ZERO; 3]),
        }
    }
}

/// Hundredths of a percent, to one decimal, half up.
fn basis_points(spread: Amount, fair: Amount) -> Option<Decimal> {
    let ratio = spread.minor_decimal().checked_div(fair.minor_decimal().abs())?;
    let points = ratio.checked_mul(Decimal::from(10_000_u16))?;
    Some(points.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basis_points_are_rounded_half_up_to_one_decimal() {
        for (spread, fair, expected) in [
            (-10, 755, Some("-132.5")), // 132.450…
            (10, 755, Some("132.5")),
            (-1, 1_000, Some("-10")),
            (1, 200_000, Some("0.1")), // 0.05
            (0, 755, Some("0")),
            (-4, -755, Some("-53")), // money that went back: 52.98
            (1, 0, None),
        ] {
            let got = basis_points(Amount::from_minor(spread), Amount::from_minor(fair));
            assert_eq!(
                got.map(|points| points.to_string()).as_deref(),
                expected,
                "{spread} {fair}"
            );
        }
    }
}
