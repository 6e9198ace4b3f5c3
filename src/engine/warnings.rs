//! Decides what a person should know about the files together before trusting a result: order ids in
//! two files, periods that have no day in common, clocks that may differ, order numbers in a field that
//! is not matched.
//!
//! Each is a question of the file that it concerns; none changes what is matched.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::engine::{clocks, misplaced};
use crate::entry::{Entries, Scopes, Side};
use crate::ids::SourceId;
use crate::ingest::report::{Assumption, SourceReport};
use crate::limits;
use crate::matching::{Matches, claim};
use crate::money::Amount;
use crate::time::{Date, Instant};

/// What is known of the entries of one source.
#[derive(Clone, Debug, Default)]
struct Span {
    first: Option<Instant>,
    last: Option<Instant>,
    /// Minutes ahead of UTC, of its first time.
    offset: Option<i16>,
}

impl Span {
    fn days(&self) -> Option<(Date, Date)> {
        let offset = self.offset.unwrap_or_default();
        Some((self.first?.date_at(offset), self.last?.date_at(offset)))
    }
}

/// Adds the questions to the sources that they concern.
pub(crate) fn add(sources: &mut [SourceReport], entries: &Entries, matches: &Matches) {
    let spans = spans(sources.len(), entries);
    for (index, question) in periods(sources, &spans)
        .into_iter()
        .chain(differing_clocks(sources, &spans))
        .chain(shared_orders(sources, entries))
        .chain(lone_scopes(sources))
        .chain(unit_prices(sources, entries, matches))
        .chain(misplaced::references(sources, entries))
    {
        if let Some(source) = sources.get_mut(index) {
            source.assumptions.push(question);
        }
    }
}

fn spans(sources: usize, entries: &Entries) -> Vec<Span> {
    (0..sources).map(|index| span(entries, index)).collect()
}

fn span(entries: &Entries, index: usize) -> Span {
    let mut span = Span::default();
    for id in entries.ids_of(SourceId::at(index)) {
        let Some(at) = entries.occurred_at(id) else { continue };
        span.first = Some(span.first.map_or(at, |first| first.min(at)));
        span.last = Some(span.last.map_or(at, |last| last.max(at)));
        if span.offset.is_none() && entries.has_time(id) {
            span.offset = Some(entries.offset_minutes(id));
        }
    }
    span
}

/// A settlement of days in which there is no order at all.
fn periods(sources: &[SourceReport], spans: &[Span]) -> Vec<(usize, Assumption)> {
    let of = |side: Side| {
        let all = sources.iter().zip(spans).enumerate();
        all.filter(move |(_, (source, _))| source.side == side)
            .filter_map(|(index, (_, span))| Some((index, span.days()?)))
    };
    let orders = of(Side::Orders).map(|(_, days)| days);
    let Some(orders) = orders.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1))) else {
        return Vec::new();
    };
    of(Side::Settlement)
        .filter(|(_, days)| are_apart(*days, orders))
        .map(|(index, days)| {
            let why = format!(
                "no order is of these days: the orders are of {} to {}",
                orders.0, orders.1
            );
            let value = format!("{} to {}", days.0, days.1);
            (index, Assumption::new("period", value, why).asks("", &[]))
        })
        .collect()
}

/// Whether two periods have no day in common, and not only because a midnight lies between them:
/// there are whole days between them, or both are a week or longer.
fn are_apart(one: (Date, Date), other: (Date, Date)) -> bool {
    let gap = one.0.days_since(other.1).max(other.0.days_since(one.1));
    let long = |days: (Date, Date)| days.1.days_since(days.0) >= 6;
    gap > 1 || (gap == 1 && long(one) && long(other))
}

/// A file whose clock nobody states, beside one of the other side with another clock.
fn differing_clocks(sources: &[SourceReport], spans: &[Span]) -> Vec<(usize, Assumption)> {
    let unstated = clocks::is_open;
    let mut found = Vec::new();
    for (index, (source, span)) in sources.iter().zip(spans).enumerate() {
        let Some(own) = span.offset.filter(|_| unstated(source)) else { continue };
        let other = sources.iter().zip(spans).find_map(|(other, span)| {
            let offset = span.offset.filter(|offset| *offset != own)?;
            (other.side != source.side && !unstated(other)).then_some((&other.file, offset))
        });
        let Some((file, offset)) = other else { continue };
        let minutes = i32::from(offset).saturating_sub(i32::from(own)).unsigned_abs();
        let value = format!("{} h {:02} min", minutes / 60, minutes % 60);
        let why =
            format!("its zone is not stated and was taken to be another one than that of {file}");
        found.push((index, Assumption::new("difference of clocks", value, why).asks("zone", &[])));
    }
    found
}

/// Order ids that an earlier file of orders has too.
fn shared_orders(sources: &[SourceReport], entries: &Entries) -> Vec<(usize, Assumption)> {
    let orders = sources.iter().filter(|source| source.side == Side::Orders).count();
    if orders < 2 {
        return Vec::new();
    }
    let mut earlier: Vec<(usize, BTreeSet<String>)> = Vec::new();
    let mut found = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        if source.side != Side::Orders {
            continue;
        }
        let names = entries
            .ids_of(SourceId::at(index))
            .map(|id| entries.reference(id))
            .filter(|name| !name.is_empty());
        let names: BTreeSet<String> =
            names.take(limits::ORDERS_COMPARED).map(str::to_owned).collect();
        for (other, known) in &earlier {
            let scope = sources.get(*other).map(|source| source.scope.as_str());
            if scope != Some(source.scope.as_str()) {
                continue;
            }
            let mut shared = names.intersection(known);
            let Some(first) = shared.next() else { continue };
            let count = shared.count().saturating_add(1);
            let file = sources.get(*other).map_or("", |source| source.file.as_str());
            let why = format!(
                "{file} has them too, such as {first}: the same orders twice are counted twice, and \
                 parts of one order in two files are one order; if they are orders of two shops, \
                 name the shop of each file as its scope"
            );
            let asked = Assumption::new("shared order ids", count.to_string(), why);
            found.push((index, asked.asks("scope", &[])));
        }
        earlier.push((index, names));
    }
    found
}

/// Orders of several pieces for which the amount was paid as many times: it is the price of one.
fn unit_prices(
    sources: &[SourceReport],
    entries: &Entries,
    matches: &Matches,
) -> Vec<(usize, Assumption)> {
    let several = sources.iter().enumerate().filter(|(_, source)| !source.pieces.is_empty());
    several.filter_map(|(index, source)| {
        let pieces: BTreeMap<u32, u32> =
            source.pieces.iter().map(|piece| (piece.row, piece.pieces)).collect();
        let (mut times, mut once, mut first) = (0_u32, 0_u32, None);
        for id in entries.ids_of(SourceId::at(index)) {
            let (Some(pieces), Some(found)) = (pieces.get(&entries.row(id)), entries.match_of(id))
            else {
                continue;
            };
            let members = matches.members(entries, found);
            let payments = members.filter(|member| {
                entries.side(*member) == Side::Settlement && entries.kind(*member).is_payment()
            });
            let mut sums = payments.map(|line| claim(entries, line).0);
            let paid = sums.try_fold(Amount::ZERO, Amount::checked_add);
            let amount = entries.amount(id);
            let all = amount.minor_decimal().checked_mul(Decimal::from(*pieces));
            if paid == Some(amount) {
                once = once.saturating_add(1);
            } else if paid.map(Amount::minor_decimal) == all {
                times = times.saturating_add(1);
                first = first.or(Some(entries.reference(id)));
            }
        }
        if times < 2 || once.saturating_mul(10) > times {
            return None;
        }
        let why = format!(
            "in {times} of {} matched orders of several pieces, such as {}, what was paid is the \
             amount times the quantity: the amount may be the price of one piece",
            times.saturating_add(once),
            first.unwrap_or_default()
        );
        let asked = Assumption::new("price of one piece", times.to_string(), why);
        Some((index, asked.asks("", &[])))
    })
    .collect()
}

/// A scope that no file of the other side has, so that it parts nothing.
fn lone_scopes(sources: &[SourceReport]) -> Vec<(usize, Assumption)> {
    let named: Vec<(Side, &str)> =
        sources.iter().map(|source| (source.side, source.scope.as_str())).collect();
    let scopes = Scopes::of(&named);
    let alone = sources.iter().enumerate().filter(|(index, _)| scopes.stands_alone(*index));
    alone
        .map(|(index, source)| {
            let why = "no file of the other side has it: the rows are matched with those of all \
                       files without one";
            (index, Assumption::new("scope", source.scope.clone(), why))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Config, Job, Settings};
    use crate::ingest::encoding::native_decoder;
    use crate::ingest::reader::SourceSpec;

    /// What is asked of the files together: (file, what, value).
    fn asked(files: &[(&str, Side, &str)]) -> Vec<(String, String, String)> {
        let config = Config::new(&Settings::default()).unwrap();
        let mut job = Job::new(config, native_decoder);
        for (name, side, _) in files {
            let spec = SourceSpec { side: Some(*side), ..SourceSpec::new(*name) };
            job.add_source(spec, None);
        }
        while let Some(want) = job.wants() {
            job.push(files[want.source].2.as_bytes()).unwrap();
            job.end().unwrap();
        }
        while job.step(1_000) {}
        let run = job.finish().unwrap();
        let named = ["period", "difference of clocks", "shared order ids", "price of one piece"];
        let all = run.sources.iter().flat_map(|source| {
            let mine = source.assumptions.iter().filter(|a| named.contains(&a.what.as_str()));
            mine.map(|a| (source.file.clone(), a.what.clone(), a.value.clone()))
        });
        all.collect()
    }

    fn orders(rows: &[(&str, &str)]) -> String {
        let row = |(id, date): &(&str, &str)| format!("{id},{date},10.00,USD\n");
        format!("Order ID,Date,Total,Currency\n{}", rows.iter().map(row).collect::<String>())
    }

    fn lines(rows: &[(&str, &str)]) -> String {
        let row = |(id, date): &(&str, &str)| format!("{id},{date},10.00,0.30,9.70,USD\n");
        let rows: String = rows.iter().map(row).collect();
        format!("Order ID,Date,Amount,Fee,Net,Currency\n{rows}")
    }

    #[test]
    fn periods_without_a_common_day_are_asked_about_unless_a_midnight_parts_them() {
        let august = orders(&[("A1", "2026-08-01"), ("A2", "2026-08-31")]);
        for (settled, value) in [
            (["2026-09-01", "2026-09-30"], Some("2026-09-01 to 2026-09-30")),
            (["2026-08-31", "2026-09-30"], None),
            // One day only, right behind the last order.
            (["2026-09-01", "2026-09-01"], None),
            (["2026-09-03", "2026-09-03"], Some("2026-09-03 to 2026-09-03")),
        ] {
            let settlement = lines(&[("A1", settled[0]), ("A2", settled[1])]);
            let files = [
                ("o.csv", Side::Orders, august.as_str()),
                ("s.csv", Side::Settlement, &settlement),
            ];
            let found = asked(&files);
            let found: Vec<_> = found
                .iter()
                .map(|(file, what, value)| (&file[..], &what[..], &value[..]))
                .collect();
            let expected: Vec<_> =
                value.map(|value| ("s.csv", "period", value)).into_iter().collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn an_amount_that_was_paid_as_many_times_as_there_are_pieces_is_named() {
        let orders = |pieces: [u32; 3]| {
            let row = |(id, pieces): (u32, u32)| format!("A{id},2026-08-01,{pieces},10.00,USD\n");
            let rows: String = (1..).zip(pieces).map(row).collect();
            format!("Order ID,Date,Qty,Total,Currency\n{rows}")
        };
        let settlement = "Order ID,Date,Amount,Fee,Net,Currency\n\
            A1,2026-08-01,20.00,0.30,19.70,USD\nA2,2026-08-01,30.00,0.30,29.70,USD\n\
            A3,2026-08-01,10.00,0.30,9.70,USD\n";
        for (pieces, found) in [([2, 3, 1], 1), ([2, 3, 2], 0), ([2, 4, 1], 0), ([1, 1, 1], 0)] {
            let orders = orders(pieces);
            let files =
                [("o.csv", Side::Orders, orders.as_str()), ("s.csv", Side::Settlement, settlement)];
            let expected = ("o.csv".to_owned(), "price of one piece".to_owned(), "2".to_owned());
            assert_eq!(asked(&files), vec![expected; found], "{pieces:?}");
        }
    }

    #[test]
    fn order_ids_of_two_files_and_another_clock_are_asked_about() {
        let one = orders(&[("A1", "2026-08-01 10:00"), ("A2", "2026-08-02 10:00")]);
        let two = orders(&[("A2", "2026-08-02 10:00"), ("A3", "2026-08-03 10:00")]);
        let apart = orders(&[("B2", "2026-08-02 10:00")]);
        let settlement = lines(&[("A1", "2026-08-01T18:00:00+08:00")]);
        let found = asked(&[
            ("one.csv", Side::Orders, &one),
            ("two.csv", Side::Orders, &two),
            ("apart.csv", Side::Orders, &apart),
            ("s.csv", Side::Settlement, &settlement),
        ]);
        let clock = |file: &str| {
            (file.to_owned(), "difference of clocks".to_owned(), "8 h 00 min".to_owned())
        };
        let shared = ("two.csv".to_owned(), "shared order ids".to_owned(), "1".to_owned());
        assert_eq!(found, [clock("one.csv"), clock("two.csv"), shared, clock("apart.csv")]);
    }
}
