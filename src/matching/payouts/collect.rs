//! Decides which rows belong to one payout: those of one provider, scope and currency that name it.

use std::collections::BTreeMap;

use crate::entry::{Disposition, Entries, Kind, Reason, Side, Status};
use crate::ids::{EntryId, SourceId};
use crate::limits::PAYOUTS;
use crate::matching::payouts::compare::{Seen, Span, judge};
use crate::matching::payouts::{Book, Payout, PayoutPart, Payouts, name_of, part_of, plus};
use crate::money::{Amount, Currency};
use crate::sort;

/// A payout by the numbers of its book and batch.
type Key = (u16, u32, Currency);

/// The payouts in the making.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    /// By source.
    books: Vec<Book>,
    /// The entries that were seen.
    done: u32,
    payouts: Payouts,
    /// When the lines of each payout happened, and in which sources; by its place.
    seen: Vec<Seen>,
    places: BTreeMap<Key, usize>,
    /// Lines of one payout mostly follow each other.
    last: Option<(Key, usize)>,
    /// Rows that say that money was paid out.
    paid: Vec<EntryId>,
    /// When the lines of each book and currency happened.
    spans: BTreeMap<(u16, Currency), Span>,
}

impl Collector {
    /// Nothing yet; `books` by source.
    pub(crate) fn new(books: Vec<Book>) -> Self {
        Self { books, ..Self::default() }
    }

    /// Looks at about `budget` entries, whose places are decided; `false` once all were seen.
    pub(crate) fn step(&mut self, entries: &Entries, budget: u32) -> bool {
        let end = self.done.saturating_add(budget).min(entries.len());
        (self.done..end).for_each(|id| self.add(entries, EntryId(id)));
        self.done = end;
        end < entries.len()
    }

    /// Adds an entry, if it has to do with a payout.
    fn add(&mut self, entries: &Entries, id: EntryId) {
        if entries.side(id) == Side::Bank {
            self.payouts.statements.add(entries, id);
        }
        if self.payouts.too_many || entries.side(id) != Side::Settlement {
            return;
        }
        let kind = entries.kind(id);
        if kind == Kind::Payout {
            let repeated = entries.reason(id) == Reason::Repeated;
            if !repeated && !matches!(entries.status(id), Status::Failed | Status::Voided) {
                self.paid.push(id);
            }
            return;
        }
        let excluded = entries.disposition(id) == Disposition::Excluded;
        if excluded && !entries.reason(id).moves_money() {
            return;
        }
        let batch = entries.batch_number(id);
        let reserve = matches!(kind, Kind::Reserve | Kind::Release);
        let book = book_of(entries, &self.books, id).number;
        let currency = entries.net_currency(id);
        self.spans.entry((book, currency)).or_default().add(entries.occurred_at(id));
        if batch != 0 || reserve {
            let place = self.place((book, batch, currency), entries.batch(id), id);
            self.add_line(entries, place, id);
        }
    }

    fn place(&mut self, key: Key, name: &str, id: EntryId) -> usize {
        if let Some((last, place)) = self.last
            && last == key
        {
            return place;
        }
        let next = self.payouts.all.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.push(Payout::new(key.0, name, key.2, id));
        }
        self.last = Some((key, place));
        place
    }

    fn push(&mut self, payout: Payout) {
        self.payouts.all.push(payout);
        self.seen.push(Seen::default());
        if self.payouts.all.len() > PAYOUTS {
            let books = std::mem::take(&mut self.books);
            *self = Self { done: self.done, ..Self::new(books) };
            self.payouts.too_many = true;
        }
    }

    fn add_line(&mut self, entries: &Entries, place: usize, id: EntryId) {
        let (Some(payout), Some(seen)) =
            (self.payouts.all.get_mut(place), self.seen.get_mut(place))
        else {
            return;
        };
        let net = entries.net(id);
        payout.lines = payout.lines.saturating_add(1);
        payout.net = plus(payout.net, net);
        if entries.disposition(id) == Disposition::Open {
            payout.open = payout.open.saturating_add(1);
        }
        let part = part_of(entries.kind(id), net);
        match part {
            PayoutPart::ReserveHeld => payout.held.push(id),
            PayoutPart::ReserveReleased if !net.is_zero() => payout.released.push(id),
            _ => {}
        }
        for (part, amount) in parts_of(entries, id, part) {
            payout.add_part(part, amount);
        }
        seen.add(entries.occurred_at(id), entries.source(id));
    }

    /// Joins lines with the rows that say that they were paid, and compares them.
    pub(crate) fn finish(mut self, entries: &Entries) -> Payouts {
        self.join(entries);
        if self.payouts.too_many {
            return self.payouts;
        }
        let Self { books, mut payouts, seen, spans, .. } = self;
        for payout in &mut payouts.all {
            for list in [&mut payout.rows, &mut payout.held, &mut payout.released] {
                entries.sort(list);
            }
            payout.parts.retain(|(_, amount)| !amount.is_zero());
            let sums = payout.rows.iter().map(|row| entries.net(*row));
            payout.paid = sums.fold(Amount::ZERO, plus).checked_neg().unwrap_or_default();
        }
        judge(entries, &books, &mut payouts.all, &seen, spans);
        // By provider and scope, name and currency; without a name, by the row.
        sort::sort_by(&mut payouts.all, |a, b| {
            let row = |one: &Payout| one.rows.first().map(|row| entries.age_key(*row));
            let names = (a.book, &a.name, a.currency).cmp(&(b.book, &b.name, b.currency));
            names.then_with(|| row(a).cmp(&row(b)))
        });
        payouts
    }

    /// Finds the lines of each row that says that money was paid out.
    fn join(&mut self, entries: &Entries) {
        let paid = std::mem::take(&mut self.paid);
        if paid.is_empty() {
            return;
        }
        let named = self.payouts.all.iter().enumerate().filter(|(_, one)| !one.name.is_empty());
        let mut by_name: BTreeMap<(u16, String, Currency), usize> =
            named.map(|(place, one)| ((one.book, one.name.clone(), one.currency), place)).collect();
        for id in paid {
            let book = book_of(entries, &self.books, id).number;
            let (name, currency) = (name_of(entries, id), entries.net_currency(id));
            let next = self.payouts.all.len();
            let key = (book, name.to_owned(), currency);
            // Rows that name nothing are a payout each.
            let place = if name.is_empty() { next } else { *by_name.entry(key).or_insert(next) };
            if place == next {
                self.push(Payout::new(book, name, currency, id));
            }
            match self.payouts.all.get_mut(place) {
                Some(payout) => payout.rows.push(id),
                None => return,
            }
        }
    }
}

/// The book of an entry's source.
pub(super) fn book_of(entries: &Entries, books: &[Book], id: EntryId) -> Book {
    let SourceId(source) = entries.source(id);
    books.get(usize::from(source)).copied().unwrap_or_default()
}

/// What a line adds to which part. Of a line that was converted only the net is in the currency of
/// the payout.
fn parts_of(entries: &Entries, id: EntryId, part: PayoutPart) -> [(PayoutPart, Amount); 4] {
    let net = entries.net(id);
    let none = (part, Amount::ZERO);
    if entries.currency(id) != entries.net_currency(id) || part == PayoutPart::Fees {
        return [(part, net), none, none, none];
    }
    let (amount, fee, tax) = (entries.amount(id), entries.fee(id), entries.tax(id));
    let rest = net
        .checked_sub(amount)
        .and_then(|rest| rest.checked_sub(fee))
        .and_then(|rest| rest.checked_sub(tax));
    [
        (part, amount),
        (PayoutPart::Fees, fee),
        (PayoutPart::Tax, tax),
        (PayoutPart::Adjustments, rest.unwrap_or_default()),
    ]
}
