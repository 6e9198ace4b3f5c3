//! Decides which rows are components (price, shipping, commission, …) of the same money, and what
//! they come to together.
//!
//! The rows of one key become one entry, named by the first of them: figures are added up, and the
//! earliest time counts. A row without a key is an entry of its own.

use std::collections::BTreeMap;

use super::cells::tidy;
use super::figures::Figures;
use super::fold::fold;
use super::layout::Header;
use super::profile;
use super::record::Record;
use crate::entry::NewEntry;
use crate::money::Amount;
use crate::time::Instant;

/// The rows of one source that wait for others of their key.
#[derive(Debug)]
pub(super) struct Components {
    key: Vec<usize>,
    needs: Vec<usize>,
    column: Option<usize>,
    fee: Vec<String>,
    tax: Vec<String>,
    by_key: BTreeMap<String, usize>,
    held: Vec<Held>,
}

/// An entry that is not complete yet.
#[derive(Debug)]
struct Held {
    /// Everything but the texts.
    new: NewEntry<'static>,
    texts: [String; 7],
    stated_net: Option<Amount>,
    /// Whether the figures of one of its rows do not add up.
    is_broken: bool,
}

impl Components {
    /// `None` if the header has none of the key's columns.
    pub(super) fn new(rule: &profile::Components, header: &Header) -> Option<Self> {
        let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect();
        let needs = header.all(&rule.needs);
        (!needs.is_empty()).then(|| Self {
            key: header.all(&rule.key),
            needs,
            column: header.first(&rule.column),
            fee: folded(&rule.fee),
            tax: folded(&rule.tax),
            by_key: BTreeMap::new(),
            held: Vec::new(),
        })
    }

    /// Whether the row waits for others of its key.
    pub(super) fn waits(&self, record: &Record<'_>) -> bool {
        let filled = |column: &usize| !tidy(record.get(*column).unwrap_or_default()).is_empty();
        self.needs.iter().any(filled)
    }

    /// Says what the row's amount is: part of the gross, a fee, or a tax.
    pub(super) fn place(&self, figures: &mut Figures, record: &Record<'_>) {
        let Some(column) = self.column else { return };
        let word = fold(record.get(column).unwrap_or_default());
        if self.fee.contains(&word) {
            figures.fee = std::mem::take(&mut figures.amount);
        } else if self.tax.contains(&word) {
            figures.tax = std::mem::take(&mut figures.amount);
        }
    }

    /// Adds a row to those of its key; `None` if a sum leaves the exact range.
    pub(super) fn add(
        &mut self,
        record: &Record<'_>,
        new: &NewEntry<'_>,
        stated_net: Option<Amount>,
        is_broken: bool,
    ) -> Option<()> {
        let mut key = format!("{}\u{1f}{}", new.currency, new.kind.name());
        for &column in &self.key {
            key.push('\u{1f}');
            key.push_str(tidy(record.get(column).unwrap_or_default()));
        }
        if let Some(held) = self.by_key.get(&key).and_then(|at| self.held.get_mut(*at)) {
            held.is_broken |= is_broken;
            return held.add(new, stated_net);
        }
        self.by_key.insert(key, self.held.len());
        let texts = texts(new).map(str::to_owned);
        self.held.push(Held { new: own(new), texts, stated_net, is_broken });
        Some(())
    }

    /// The entries, in the order of their first rows.
    pub(super) fn finish(&self) -> impl Iterator<Item = (NewEntry<'_>, Option<Amount>, bool)> {
        self.held.iter().map(|held| (held.entry(), held.stated_net, held.is_broken))
    }
}

impl Held {
    fn add(&mut self, new: &NewEntry<'_>, stated_net: Option<Amount>) -> Option<()> {
        let own = &mut self.new;
        own.amount = own.amount.checked_add(new.amount)?;
        own.fee = own.fee.checked_add(new.fee)?;
        own.tax = own.tax.checked_add(new.tax)?;
        own.net = own.net.checked_add(new.net)?;
        if let Some(net) = stated_net {
            self.stated_net = Some(self.stated_net.unwrap_or_default().checked_add(net)?);
        }
        let earlier = |at: Instant| own.occurred_at.is_none_or(|own| at < own);
        if new.occurred_at.is_some_and(earlier) {
            own.occurred_at = new.occurred_at;
            own.has_time = new.has_time;
            own.offset_minutes = new.offset_minutes;
        }
        own.settled_on = own.settled_on.max(new.settled_on);
        // Where rows differ, which text counts must not depend on their order.
        for (own, text) in self.texts.iter_mut().zip(texts(new)) {
            if !text.is_empty() && (own.is_empty() || text < own.as_str()) {
                text.clone_into(own);
            }
        }
        Some(())
    }

    fn entry(&self) -> NewEntry<'_> {
        let [transaction_id, reference, order_number, batch, method, country, memo] = &self.texts;
        NewEntry {
            transaction_id,
            reference,
            order_number,
            batch,
            method,
            country,
            memo,
            ..self.new.clone()
        }
    }
}

fn texts<'n>(new: &NewEntry<'n>) -> [&'n str; 7] {
    [
        new.transaction_id,
        new.reference,
        new.order_number,
        new.batch,
        new.method,
        new.country,
        new.memo,
    ]
}

/// The entry without its texts.
fn own(new: &NewEntry<'_>) -> NewEntry<'static> {
    NewEntry {
        offset: new.offset,
        status: new.status,
        amount: new.amount,
        fee: new.fee,
        tax: new.tax,
        net: new.net,
        net_currency: new.net_currency,
        original: new.original,
        fx_rate: new.fx_rate,
        occurred_at: new.occurred_at,
        has_time: new.has_time,
        offset_minutes: new.offset_minutes,
        settled_on: new.settled_on,
        ..NewEntry::new(new.row, new.kind, new.currency)
    }
}
