//! Decides which rows of a view answer a question, and in which order, by their numbers alone.
//!
//! An answer is four bytes a row, or nothing at all where every row is wanted in its own order.

use crate::codes::Code;
use crate::entry::Disposition;
use crate::error::Error;
use crate::exceptions::{Exception, Target};
use crate::ids::{EntryId, MatchId};
use crate::money::{Amount, Currency};
use crate::report::Run;
use crate::report::view::{Conditions, Filter, Sort, SortBy, View};
use crate::sort;

/// The rows of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Index {
    /// Every row of the view.
    All {
        /// How many there are.
        len: u32,
        /// The last one first.
        reversed: bool,
    },
    /// These rows.
    Some(Vec<u32>),
}

impl Index {
    /// How many rows.
    pub fn len(&self) -> u32 {
        match self {
            Self::All { len, .. } => *len,
            Self::Some(rows) => u32::try_from(rows.len()).unwrap_or(u32::MAX),
        }
    }

    /// Whether no row answers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at a place of the answer.
    pub fn get(&self, place: u32) -> Option<u32> {
        match self {
            Self::All { len, reversed: false } => (place < *len).then_some(place),
            Self::All { len, reversed: true } => len.checked_sub(place.checked_add(1)?),
            Self::Some(rows) => rows.get(place as usize).copied(),
        }
    }

    /// All rows of the answer.
    pub fn to_vec(&self) -> Vec<u32> {
        (0..self.len()).filter_map(|place| self.get(place)).collect()
    }
}

/// The rows of a view that pass a filter, in an order.
///
/// # Errors
/// `query/unknown-value` and `query/unused-filter` where the filter is not understood.
pub fn index(run: &Run, view: View, filter: &Filter, sort: Sort) -> Result<Index, Error> {
    let conditions = Conditions::of(filter, view, run)?;
    let all = view != View::InTransit && Conditions::none(filter);
    if all && sort.by == SortBy::Row {
        return Ok(Index::All { len: len(run, view), reversed: sort.descending });
    }
    let mut rows = match view {
        View::Lines => lines(run, &conditions),
        View::Matches => matches(run, &conditions),
        View::Exceptions => exceptions(run, &conditions),
        View::InTransit => in_transit(run, &conditions),
        View::Rejected => rejected(run, &conditions),
        View::Sources => sources(run, &conditions),
    };
    order(run, view, sort, &mut rows);
    Ok(Index::Some(rows))
}

/// How many rows a view has.
fn len(run: &Run, view: View) -> u32 {
    let short = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    match view {
        View::Lines => run.entries.len(),
        View::Matches => run.matches.len(),
        View::Exceptions => short(run.exceptions.items.len()),
        View::InTransit => short(in_transit(run, &Conditions::default()).len()),
        View::Rejected => short(run.sources.iter().map(|source| source.rejected.len()).sum()),
        View::Sources => short(run.sources.len()),
    }
}

fn lines(run: &Run, wanted: &Conditions) -> Vec<u32> {
    let passes = |id: &EntryId| {
        wanted.side.is_none_or(|side| run.entries.side(*id) == side)
            && line_passes(run, wanted, *id)
    };
    let ids = |id: EntryId| id.0;
    match (wanted.code, wanted.source) {
        (Some(code), _) => rows_of(run, code).into_iter().filter(passes).map(ids).collect(),
        (None, Some(source)) => run.entries.ids_of(source).filter(passes).map(ids).collect(),
        (None, None) => run.entries.ids().filter(passes).map(ids).collect(),
    }
}

fn line_passes(run: &Run, wanted: &Conditions, id: EntryId) -> bool {
    let entries = &run.entries;
    wanted.disposition.is_none_or(|end| entries.disposition(id) == end)
        && wanted.kind.is_none_or(|kind| entries.kind(id) == kind)
        && wanted.currency.is_none_or(|currency| is_in(run, id, currency))
        && wanted.source.is_none_or(|source| entries.source(id) == source)
        && wanted.text.as_ref().is_none_or(|text| text.is_of(run, id))
}

/// Whether a currency is that of any of an entry's figures.
fn is_in(run: &Run, id: EntryId, currency: Currency) -> bool {
    let entries = &run.entries;
    entries.currency(id) == currency
        || entries.net_currency(id) == currency
        || entries.original(id).is_some_and(|(_, original)| original == currency)
}

/// The entries that a code names, in their order.
fn rows_of(run: &Run, code: Code) -> Vec<EntryId> {
    let facts = run.exceptions.items.iter().flat_map(|item| &item.facts);
    let notes = run.exceptions.notes.iter().map(|note| &note.fact);
    let of_payouts = run.exceptions.of_payouts.iter().map(|note| &note.fact);
    let named = facts.chain(notes).chain(of_payouts).filter(|fact| fact.code == code);
    let mut rows: Vec<EntryId> = named.flat_map(|fact| fact.rows.iter().copied()).collect();
    sort::sort(&mut rows);
    rows.dedup();
    rows
}

fn matches(run: &Run, wanted: &Conditions) -> Vec<u32> {
    let passes = |id: &MatchId| {
        let members = || run.matches.members(&run.entries, *id);
        members_pass(run, wanted, members)
            && wanted.code.is_none_or(|code| {
                let exception = run.exceptions.of(Target::Match(*id));
                let noted = run.exceptions.notes_of(*id).iter().any(|note| note.fact.code == code);
                noted || exception.is_some_and(|found| has_code(found, code))
            })
    };
    run.matches.ids().filter(passes).map(|id| id.0).collect()
}

fn exceptions(run: &Run, wanted: &Conditions) -> Vec<u32> {
    let passes = |(at, item): (u32, &Exception)| {
        wanted.code.is_none_or(|code| has_code(item, code))
            && wanted.cause.as_ref().is_none_or(|places| places.binary_search(&at).is_ok())
            && wanted.headline.is_none_or(|code| item.code() == Some(code))
            && match item.target {
                Target::Row(id) => members_pass(run, wanted, || std::iter::once(id)),
                Target::Match(id) => {
                    members_pass(run, wanted, || run.matches.members(&run.entries, id))
                }
            }
    };
    numbered((0_u32..).zip(&run.exceptions.items).map(passes))
}

fn has_code(item: &Exception, code: Code) -> bool {
    item.facts.iter().any(|fact| fact.code == code)
}

/// Whether each condition holds for one of the members; not all need the same one.
fn members_pass<M: Iterator<Item = EntryId>>(
    run: &Run,
    wanted: &Conditions,
    members: impl Fn() -> M,
) -> bool {
    wanted.side.is_none_or(|side| members().any(|id| run.entries.side(id) == side))
        && wanted.currency.is_none_or(|currency| members().any(|id| is_in(run, id, currency)))
        && wanted.text.as_ref().is_none_or(|text| members().any(|id| text.is_of(run, id)))
}

fn in_transit(run: &Run, wanted: &Conditions) -> Vec<u32> {
    let passes = |id: &EntryId| {
        run.entries.disposition(*id) == Disposition::InTransit && line_passes(run, wanted, *id)
    };
    run.entries.ids().filter(passes).map(|id| id.0).collect()
}

fn rejected(run: &Run, wanted: &Conditions) -> Vec<u32> {
    numbered(run.sources.iter().enumerate().flat_map(|(at, source)| {
        let here = wanted.source.is_none_or(|wanted| usize::from(wanted.0) == at)
            && wanted.side.is_none_or(|side| source.side == side);
        source.rejected.iter().map(move |row| {
            let found = |text: &str| wanted.text.as_ref().is_none_or(|t| t.is_in(text.as_bytes()));
            let coded = wanted.code.is_none_or(|code| row.code == code);
            here && coded && (found(&row.raw) || found(&row.reason) || found(&row.row.to_string()))
        })
    }))
}

fn sources(run: &Run, wanted: &Conditions) -> Vec<u32> {
    numbered(run.sources.iter().map(|source| wanted.side.is_none_or(|side| source.side == side)))
}

/// The places at which the answer is yes.
fn numbered(answers: impl Iterator<Item = bool>) -> Vec<u32> {
    (0_u32..).zip(answers).filter(|(_, passes)| *passes).map(|(place, _)| place).collect()
}

/// Sorts by keys that fit a machine word each, with the row's number in their last bits.
fn order(run: &Run, view: View, sort: Sort, rows: &mut [u32]) {
    let key: &dyn Fn(u32) -> u128 = match sort.by {
        SortBy::Row => {
            if sort.descending {
                rows.reverse();
            }
            return;
        }
        SortBy::Amount => &|row| {
            let (amount, currency) = amount_of(run, view, row).unwrap_or((Amount::ZERO, None));
            let place = currency.map_or(u16::MAX, Currency::index);
            key_of(place, whole_minor(amount), sort.descending, row)
        },
        SortBy::Age => &|row| {
            let instant = instant_of(run, view, row);
            let place = u16::from(instant.is_none());
            key_of(place, instant.unwrap_or(0), sort.descending, row)
        },
    };
    let mut keys: Vec<u128> = rows.iter().map(|row| key(*row)).collect();
    keys.sort_unstable();
    for (row, key) in rows.iter_mut().zip(keys) {
        *row = u32::try_from(key & u128::from(u32::MAX)).unwrap_or(*row);
    }
}

/// Orders by place, then by number, then by row; only the number is ever reversed.
fn key_of(place: u16, number: i64, descending: bool, row: u32) -> u128 {
    let ascending = (number ^ i64::MIN).cast_unsigned();
    let number = if descending { !ascending } else { ascending };
    u128::from(place) << 96 | u128::from(number) << 32 | u128::from(row)
}

/// Minor units for ordering: fractions are cut off, and what is beyond 64 bits is at their ends.
fn whole_minor(amount: Amount) -> i64 {
    amount.as_minor().unwrap_or_else(|| {
        let whole = amount.minor_decimal().trunc();
        let end = if whole.is_sign_negative() { i64::MIN } else { i64::MAX };
        i64::try_from(whole.mantissa()).unwrap_or(end)
    })
}

/// The amount by which a row is sorted.
fn amount_of(run: &Run, view: View, row: u32) -> Option<(Amount, Option<Currency>)> {
    match view {
        View::Lines | View::InTransit => {
            let id = EntryId(row);
            Some((run.entries.amount(id), Some(run.entries.currency(id))))
        }
        View::Matches => {
            let (amount, currency) = expected(run, MatchId(row))?;
            Some((amount, Some(currency)))
        }
        View::Exceptions => {
            let item = run.exceptions.items.get(row as usize)?;
            Some((item.amount, Some(item.currency)))
        }
        View::Rejected | View::Sources => None,
    }
}

/// What the orders of a match add up to, in the currency of the first.
pub(crate) fn expected(run: &Run, id: MatchId) -> Option<(Amount, Currency)> {
    use crate::entry::Side;
    let orders =
        || run.matches.members(&run.entries, id).filter(|m| run.entries.side(*m) == Side::Orders);
    let currency = run.entries.currency(orders().next()?);
    let same = orders().filter(|order| run.entries.currency(*order) == currency);
    let sum = same.map(|order| run.entries.amount(order));
    Some((sum.into_iter().try_fold(Amount::ZERO, Amount::checked_add)?, currency))
}

/// The instant by which a row is sorted: of a match or exception, that of its oldest entry.
fn instant_of(run: &Run, view: View, row: u32) -> Option<i64> {
    let oldest = |id: MatchId| {
        let members = run.matches.members(&run.entries, id);
        members.filter_map(|member| run.entries.occurred_at(member)).min()
    };
    let instant = match view {
        View::Lines | View::InTransit => run.entries.occurred_at(EntryId(row)),
        View::Matches => oldest(MatchId(row)),
        View::Exceptions => match run.exceptions.items.get(row as usize)?.target {
            Target::Row(id) => run.entries.occurred_at(id),
            Target::Match(id) => oldest(id),
        },
        View::Rejected | View::Sources => None,
    };
    instant.map(|instant| instant.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_needs_no_list() {
        let forwards = Index::All { len: 3, reversed: false };
        assert_eq!(forwards.to_vec(), [0, 1, 2]);
        let backwards = Index::All { len: 3, reversed: true };
        assert_eq!(backwards.to_vec(), [2, 1, 0]);
        assert_eq!(backwards.get(3), None);
        assert_eq!(Index::All { len: 0, reversed: true }.get(0), None);
    }

    #[test]
    fn keys_sort_by_place_then_number_then_row() {
        let rows = [(0, 5, 7), (0, -5, 9), (1, -9, 1), (0, 5, 3)];
        let sorted = |descending: bool| {
            let mut keys: Vec<u128> =
                rows.iter().map(|(place, n, row)| key_of(*place, *n, descending, *row)).collect();
            keys.sort_unstable();
            keys.iter().map(|key| key & 0xff).collect::<Vec<_>>()
        };
        assert_eq!(sorted(false), [9, 3, 7, 1]);
        assert_eq!(
            sorted(true),
            [3, 7, 9, 1],
            "equal rows keep their order, the last place is last"
        );
    }

    #[test]
    fn amounts_beyond_64_bits_are_at_the_ends() {
        let wide = |text: &str| Amount::from_minor_decimal(text.parse().unwrap()).unwrap();
        assert_eq!(whole_minor(wide("12.9")), 12);
        assert_eq!(whole_minor(wide("-12.9")), -12);
        assert_eq!(whole_minor(wide("99999999999999999999")), i64::MAX);
        assert_eq!(whole_minor(wide("-99999999999999999999")), i64::MIN);
    }
}
