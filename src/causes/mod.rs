//! Decides which exceptions have one cause: what a person would act on once and not row by row.
//!
//! One file for each cause. They are looked for in the order of [`Cause::ALL`], and an exception
//! belongs to the first that explains it. A cause is stated only where chance cannot be one: what
//! that takes is said in each file.

mod fee_change;
mod gap;
mod store;
mod unit;
mod words;

use crate::codes::Code;
use crate::entry::{Entries, named};
use crate::exceptions::{Exception, Exceptions};
use crate::ids::EntryId;
use crate::money::{Amount, Currency};
use crate::sort;
use crate::time::Date;

pub use words::title;

/// The fewest exceptions that are worth a cause of their own.
pub const FEWEST: usize = 5;

named! {
    /// Why several exceptions are there. The written name never changes within a schema.
    Cause {
        /// A page or a day of a file is missing.
        Gap = "gap",
        /// One file counts a currency in cents, the other in units.
        Unit = "unit",
        /// The orders of a store are not in the files.
        Store = "store",
        /// The provider charges another fee since a day.
        FeeChange = "fee_change",
    }
}

/// Exceptions with one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Why they are there.
    pub cause: Cause,
    /// The first day of it, where it has one.
    pub from: Option<Date>,
    /// The last day of it, where it has one.
    pub to: Option<Date>,
    /// How the references of the store begin; empty for other causes.
    pub store: String,
    /// The currency, where the cause is one of a currency.
    pub currency: Option<Currency>,
    /// Places in the list of exceptions, ascending.
    pub exceptions: Vec<u32>,
}

impl Card {
    fn of(cause: Cause, exceptions: Vec<u32>) -> Self {
        Self { cause, from: None, to: None, store: String::new(), currency: None, exceptions }
    }

    /// The unexplained money of its exceptions, by currency; a currency whose sum cannot be told is
    /// left out.
    pub fn amounts(&self, exceptions: &Exceptions) -> Vec<(Currency, Amount)> {
        let items = self.exceptions.iter().filter_map(|at| exceptions.items.get(*at as usize));
        let mut all: Vec<(Currency, Amount)> =
            items.map(|item| (item.currency, item.amount)).collect();
        sort::sort_by_key(&mut all, |(currency, _)| *currency);
        let of_one = all.chunk_by(|(one, _), (other, _)| one == other);
        let sums = of_one.filter_map(|rows| {
            let (currency, _) = rows.first()?;
            let sum = rows.iter().try_fold(Amount::ZERO, |sum, (_, a)| sum.checked_add(*a));
            Some((*currency, sum?))
        });
        sums.collect()
    }
}

/// The search for causes, one after the other.
#[derive(Debug, Default)]
pub struct Tracer {
    next: usize,
    cards: Vec<Card>,
    /// Exceptions that have a cause already, by their places.
    taken: Vec<bool>,
}

impl Tracer {
    /// Looks for the next cause; `false` once all were looked for.
    ///
    /// A gap adds its fact to the exceptions of its rows.
    pub fn step(&mut self, entries: &Entries, exceptions: &mut Exceptions) -> bool {
        if exceptions.items.len() < FEWEST {
            return false;
        }
        self.taken.resize(exceptions.items.len(), false);
        let Some(cause) = Cause::ALL.get(self.next) else { return false };
        let free = Free { items: &exceptions.items, taken: &self.taken };
        let found = match cause {
            Cause::Gap => gap::find(entries, &free),
            Cause::Unit => unit::find(entries, &free),
            Cause::Store => store::find(entries, &free),
            Cause::FeeChange => fee_change::find(entries, &free),
        };
        for card in &found {
            for at in &card.exceptions {
                if let Some(place) = self.taken.get_mut(*at as usize) {
                    *place = true;
                }
            }
            if *cause == Cause::Gap {
                gap::tell(entries, exceptions, card);
            }
        }
        self.cards.extend(found);
        self.next = self.next.saturating_add(1);
        self.next < Cause::ALL.len()
    }

    /// The causes, in the order in which their first rows stand in a document.
    pub fn finish(self, entries: &Entries, exceptions: &Exceptions) -> Vec<Card> {
        let first = |card: &Card| {
            let items = card.exceptions.iter().filter_map(|at| exceptions.items.get(*at as usize));
            items.filter_map(|item| item.first_row(entries)).min()
        };
        let mut cards: Vec<_> = self.cards.into_iter().map(|card| (first(&card), card)).collect();
        sort::sort_by(&mut cards, |(one, _), (other, _)| one.cmp(other));
        cards.into_iter().map(|(_, card)| card).collect()
    }
}

/// The exceptions that no cause explains yet.
struct Free<'e> {
    items: &'e [Exception],
    taken: &'e [bool],
}

impl<'e> Free<'e> {
    /// Those with a fact of a code, with their places and the fact's first row.
    fn with(&self, code: Code) -> impl Iterator<Item = (u32, &'e Exception, EntryId)> {
        let free = self.items.iter().zip(self.taken).enumerate().filter(|(_, (_, taken))| !**taken);
        free.filter_map(move |(at, (item, _))| {
            let fact = item.facts.iter().find(|fact| fact.code == code)?;
            Some((u32::try_from(at).ok()?, item, *fact.rows.first()?))
        })
    }
}
