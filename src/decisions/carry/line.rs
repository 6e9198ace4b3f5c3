//! Decides what one line of a carry-forward file says.

use std::borrow::Cow;

use serde::Deserialize;

use crate::entry::{Entries, Identity, Kind, NewEntry, Part, Side, Status};
use crate::ids::EntryId;
use crate::money::{Amount, Currency};
use crate::proof::values;
use crate::time::Date;

/// Whether a row can be known again: it says when it was, or has a name.
///
/// A row without either, such as a monthly fee that gives no date, is another one each month.
pub(super) fn is_recognisable(entries: &Entries, id: EntryId) -> bool {
    entries.occurred_at(id).is_some()
        || entries.settled_on(id).is_some()
        || !entries.transaction_id(id).is_empty()
        || !entries.reference(id).is_empty()
        || !entries.order_number(id).is_empty()
}

/// An open entry, or one that was closed on a day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'a> {
    /// The row of an open entry among those of its source.
    #[serde(default)]
    pub(super) open: u32,
    /// The last day of the run that closed the entry.
    #[serde(borrow, default)]
    pub(super) closed: Cow<'a, str>,
    /// The scope of its source.
    #[serde(borrow, default)]
    pub(super) scope: Cow<'a, str>,
    /// The rule that matched a closed entry.
    #[serde(borrow, default, rename = "rule")]
    _rule: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) entry: EntryLine<'a>,
    /// Of a closed entry, the hash of what stays the same while its state moves on.
    #[serde(borrow, default)]
    pub(super) core: Cow<'a, str>,
}

/// An entry as a result document writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EntryLine<'a> {
    #[serde(borrow)]
    pub(super) row: Cow<'a, str>,
    #[serde(borrow)]
    side: Cow<'a, str>,
    #[serde(borrow)]
    identity: Cow<'a, str>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) reference: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) transaction_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) order_number: Cow<'a, str>,
    pub(super) damaged_id: bool,
    #[serde(borrow)]
    amount: Cow<'a, str>,
    #[serde(borrow)]
    fee: Cow<'a, str>,
    #[serde(borrow)]
    tax: Cow<'a, str>,
    #[serde(borrow)]
    net: Cow<'a, str>,
    #[serde(borrow)]
    currency: Cow<'a, str>,
    #[serde(borrow)]
    net_currency: Cow<'a, str>,
    #[serde(borrow)]
    original_amount: Cow<'a, str>,
    #[serde(borrow)]
    original_currency: Cow<'a, str>,
    #[serde(borrow)]
    fx_rate: Cow<'a, str>,
    #[serde(borrow)]
    occurred_at: Cow<'a, str>,
    offset_minutes: i16,
    date_only: bool,
    #[serde(borrow)]
    settled_on: Cow<'a, str>,
    #[serde(borrow)]
    batch: Cow<'a, str>,
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    country: Cow<'a, str>,
    #[serde(borrow)]
    memo: Cow<'a, str>,
    #[serde(borrow, rename = "disposition")]
    _disposition: Cow<'a, str>,
    #[serde(borrow, rename = "reason")]
    _reason: Cow<'a, str>,
}

impl EntryLine<'_> {
    pub(super) fn side(&self) -> Option<Side> {
        Side::from_name(&self.side)
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        Kind::from_name(&self.kind)
    }

    pub(super) fn identity(&self) -> Option<Identity> {
        Identity::parse(&self.identity)
    }

    /// What it claims: the amount before conversion, where it was converted.
    pub(super) fn claim(&self) -> Option<(Amount, Currency)> {
        if !self.original_amount.is_empty() {
            let currency = Currency::from_code(&self.original_currency)?;
            return Some((values::amount(&self.original_amount, currency)?, currency));
        }
        let currency = Currency::from_code(&self.currency)?;
        Some((values::amount(&self.amount, currency)?, currency))
    }

    /// The whole entry, as a row of a source; `None` if a field cannot be read.
    pub(super) fn as_new(&self, row: u32) -> Option<NewEntry<'_>> {
        let currency = Currency::from_code(&self.currency)?;
        let net_currency = match &*self.net_currency {
            "" => currency,
            code => Currency::from_code(code)?,
        };
        let amount = |text: &str, currency| match text {
            "" => Some(Amount::ZERO),
            text => values::amount(text, currency),
        };
        let original = match &*self.original_amount {
            "" => None,
            _ => Some(self.claim()?),
        };
        let status = match &*self.status {
            "" => Status::Unstated,
            name => Status::from_name(name)?,
        };
        let (_, place) = self.row.rsplit_once(':')?;
        let part = place.find('/').map_or("", |at| place.get(at..).unwrap_or_default());
        let has_time = !self.occurred_at.is_empty() && !self.date_only;
        Some(NewEntry {
            part: Part::from_name(part)?,
            status,
            amount: values::amount(&self.amount, currency)?,
            fee: amount(&self.fee, currency)?,
            tax: amount(&self.tax, currency)?,
            net: amount(&self.net, net_currency)?,
            net_currency,
            original,
            fx_rate: read(&self.fx_rate, values::rate)?,
            occurred_at: read(&self.occurred_at, values::instant)?,
            has_time,
            offset_minutes: self.offset_minutes,
            settled_on: read(&self.settled_on, Date::from_iso)?,
            transaction_id: &self.transaction_id,
            reference: &self.reference,
            order_number: &self.order_number,
            batch: &self.batch,
            method: &self.method,
            country: &self.country,
            memo: &self.memo,
            ..NewEntry::new(row, self.kind()?, currency)
        })
    }
}

/// A value that may be left out; `None` if it is there and cannot be read.
fn read<T>(text: &str, parse: fn(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { parse(text).map(Some) }
}
