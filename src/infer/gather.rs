//! Which lines of a run fees are inferred from: those of a currency and kind that say what they were
//! charged, with the fields that a contract may name.

use std::collections::{BTreeMap, BTreeSet};

use super::line::Line;
use super::stated::Stated;
use crate::entry::{Entries, Kind, Side, Status};
use crate::ids::EntryId;
use crate::limits::INFERRED_AMOUNT;
use crate::money::Currency;
use crate::time::Date;

/// A field by which fees may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The payment method or operator.
    Method,
    /// The country.
    Country,
    /// The currency of the order, where it is another.
    Pair,
    /// The rate that the file itself states for the line.
    Stated,
}

/// All that a contract may name, and last what only the file says.
pub const FIELDS: [By; 4] = [By::Method, By::Country, By::Pair, By::Stated];

/// Lines of a currency and kind.
#[derive(Clone, Debug)]
pub struct Group {
    /// The currency of amounts and fees.
    pub currency: Currency,
    /// The kind of the lines.
    pub kind: Kind,
    /// Whether the fees are given back rather than charged.
    pub returned: bool,
    /// The lines; `id` is the entry.
    pub lines: Vec<Line>,
    /// The tax that the file shows in a column of its own, with the line's fee.
    pub taxes: Vec<(i64, i64)>,
    /// The values of each of [`FIELDS`], in ascending order.
    pub values: Vec<Vec<String>>,
    /// Lines that were left out: of the other direction, or with parts of a minor unit.
    pub left_out: usize,
}

/// Kinds of lines that fees are charged on.
const KINDS: [Kind; 7] = [
    Kind::Sale,
    Kind::Capture,
    Kind::Refund,
    Kind::Reversal,
    Kind::Chargeback,
    Kind::ChargebackReversal,
    Kind::Payout,
];

/// The groups of the settlement's lines, by currency and kind.
#[must_use]
pub fn gather(entries: &Entries, stated: &Stated) -> Vec<Group> {
    let mut by: BTreeMap<(Currency, Kind), Vec<EntryId>> = BTreeMap::new();
    for id in entries.ids() {
        let unmoved = [Status::Failed, Status::Pending].contains(&entries.status(id));
        if entries.side(id) == Side::Settlement && KINDS.contains(&entries.kind(id)) && !unmoved {
            by.entry((entries.currency(id), entries.kind(id))).or_default().push(id);
        }
    }
    let of = |((currency, kind), mut ids): ((Currency, Kind), Vec<EntryId>)| {
        entries.sort(&mut ids);
        group(entries, currency, kind, &ids, stated)
    };
    // A payout that costs nothing says nothing.
    let speaks = |group: &Group| {
        let free = group.lines.iter().all(|line| line.fee == 0);
        !(group.lines.is_empty() || free && group.kind == Kind::Payout)
    };
    by.into_iter().map(of).filter(speaks).collect()
}

/// The whole minor units of a line's amount and fee, the fee positive when charged.
fn numbers(entries: &Entries, id: EntryId) -> Option<(i64, i64)> {
    let amount = entries.amount(id).as_minor()?.checked_abs()?;
    let fee = entries.fee(id).as_minor()?.checked_neg()?;
    let fits = amount <= INFERRED_AMOUNT && fee.checked_abs()? <= INFERRED_AMOUNT;
    fits.then_some((amount, fee))
}

fn group(
    entries: &Entries,
    currency: Currency,
    kind: Kind,
    ids: &[EntryId],
    stated: &Stated,
) -> Group {
    let texts = |id: EntryId| {
        let pair = match entries.original(id) {
            Some((_, original)) if original != currency => format!("{original}>{currency}"),
            _ => String::new(),
        };
        let stated = stated.of(entries, id).map(|rate| rate.text(currency)).unwrap_or_default();
        [entries.method(id).to_owned(), entries.country(id).to_owned(), pair, stated]
    };
    let mut values: Vec<BTreeSet<String>> = FIELDS.iter().map(|_| BTreeSet::new()).collect();
    for id in ids {
        for (set, text) in values.iter_mut().zip(texts(*id)) {
            set.insert(text);
        }
    }
    let values: Vec<Vec<String>> =
        values.into_iter().map(|set| set.into_iter().collect()).collect();
    let signs: i64 = ids.iter().filter_map(|id| Some(numbers(entries, *id)?.1.signum())).sum();
    let returned = signs < 0;
    let mut volumes: BTreeMap<(i32, u32), i64> = BTreeMap::new();
    let (mut lines, mut taxes, mut left_out) = (Vec::new(), Vec::new(), 0);
    for id in ids {
        let Some((amount, fee)) = numbers(entries, *id) else {
            left_out += 1;
            continue;
        };
        let date = entries.local_date(*id).unwrap_or_default();
        let (year, month, _) = date.ymd();
        let volume = volumes.entry((year, month)).or_default();
        let before = *volume;
        *volume = volume.saturating_add(amount);
        let fee = if returned { -fee } else { fee };
        if fee < 0 {
            left_out += 1;
            continue;
        }
        let of = |(known, text): (&Vec<String>, String)| {
            let at = known.binary_search(&text).unwrap_or(0);
            u16::try_from(at).unwrap_or(u16::MAX)
        };
        let Date(day) = date;
        let own = values.iter().zip(texts(*id)).map(of).collect();
        let id = *id;
        lines.push(Line { amount, fee, day, volume: before, values: own, id: id.0 });
        if let Some(tax) = entries.tax(id).as_minor().and_then(i64::checked_neg)
            && tax != 0
        {
            taxes.push((fee, if returned { -tax } else { tax }));
        }
    }
    Group { currency, kind, returned, lines, taxes, values, left_out }
}

/// The tax on the fee (in hundredths of a percent) that a column of its own shows, if one rate in
/// force somewhere gives all but a few.
#[must_use]
pub fn tax_apart(taxes: &[(i64, i64)]) -> Option<i64> {
    let given = |rate: i64| {
        let of = |fee: i64| (fee * rate * 2 + 10_000).div_euclid(20_000);
        taxes.iter().filter(|(fee, tax)| of(*fee) == *tax).count()
    };
    let best = super::form::TAXES.into_iter().max_by_key(|rate| (given(*rate), -*rate))?;
    (taxes.len() >= 3 && given(best) * 10 >= taxes.len() * 9).then_some(best)
}
