//! When the money of a payment is due: the cycle of its channel, counted from the provider's
//! accounting day in its business days.

use crate::calendar::{AccountingClock, Calendar, Cycle, Listed};
use crate::entry::Entries;
use crate::error::Error;
use crate::ids::EntryId;
use crate::money::Currency;
use crate::time::Date;

/// What a contract says about the days of settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The cycle of whatever no channel is about.
    pub cycle: Cycle,
    /// The business days of that.
    pub calendar: Calendar,
    /// Channels with a cycle of their own; the first that fits counts.
    pub channels: Vec<Channel>,
    /// The provider's own days, where they are not those of the file.
    pub clock: Option<AccountingClock>,
    /// Business days after the due date on which the money is not late yet (SLA).
    pub grace_days: u16,
    /// Whether money that is paid out before it is due is an exception.
    pub report_early: bool,
    /// The countries whose calendars are used, with the last year that is known of each.
    pub countries: Vec<(&'static str, Option<i32>)>,
}

/// A channel that settles on days of its own. What it leaves out fits everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// The method or operator, in any case.
    pub method: Option<String>,
    /// The country, in any case.
    pub country: Option<String>,
    /// The currency of the payment.
    pub currency: Option<Currency>,
    /// Its cycle.
    pub cycle: Cycle,
    /// Its business days.
    pub calendar: Calendar,
}

impl Channel {
    fn fits(&self, entries: &Entries, id: EntryId) -> bool {
        let is = |wanted: &Option<String>, own: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted.to_lowercase() == own.to_lowercase())
        };
        is(&self.method, entries.method(id))
            && is(&self.country, entries.country(id))
            && self.currency.is_none_or(|currency| currency == entries.currency(id))
    }
}

impl Settlement {
    /// One cycle for everything.
    #[must_use]
    pub fn new(cycle: Cycle, calendar: Calendar) -> Self {
        Self {
            cycle,
            calendar,
            channels: Vec::new(),
            clock: None,
            grace_days: 0,
            report_early: false,
            countries: Vec::new(),
        }
    }

    /// Adds days off and worked days to every calendar.
    ///
    /// # Errors
    /// Those of [`Calendar::new`].
    pub fn add_days(&mut self, listed: &Listed) -> Result<(), Error> {
        let own = std::iter::once(&mut self.calendar);
        for calendar in own.chain(self.channels.iter_mut().map(|channel| &mut channel.calendar)) {
            *calendar = calendar.with(&listed.holidays, &listed.working_days)?;
        }
        Ok(())
    }

    /// The day on which a payment of `date` is due that no channel is about.
    #[must_use]
    pub fn due(&self, date: Date) -> Date {
        self.cycle.due(date, &self.calendar)
    }

    /// The day on which the money of `payment` is due; `seen` is the row that says by which channel it
    /// comes, the payment itself or the provider's line for it. `None` without a date.
    #[must_use]
    pub fn due_of(&self, entries: &Entries, payment: EntryId, seen: EntryId) -> Option<Date> {
        let (cycle, calendar) = self.terms_of(entries, seen);
        Some(cycle.due(self.accounting_day(entries, payment)?, calendar))
    }

    /// The last day on which money that is due on `due` is not late.
    #[must_use]
    pub fn latest(&self, entries: &Entries, seen: EntryId, due: Date) -> Date {
        let (_, calendar) = self.terms_of(entries, seen);
        calendar.add_business_days(due, self.grace_days)
    }

    /// The day of a payment in the provider's books: by its clock, or else as the file writes it.
    fn accounting_day(&self, entries: &Entries, payment: EntryId) -> Option<Date> {
        match (&self.clock, entries.occurred_at(payment)) {
            (Some(clock), Some(instant)) if entries.has_time(payment) => {
                Some(clock.day_of(instant))
            }
            _ => entries.local_date(payment),
        }
    }

    fn terms_of(&self, entries: &Entries, seen: EntryId) -> (Cycle, &Calendar) {
        match self.channels.iter().find(|channel| channel.fits(entries, seen)) {
            Some(channel) => (channel.cycle, &channel.calendar),
            None => (self.cycle, &self.calendar),
        }
    }
}
