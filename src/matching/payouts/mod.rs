//! Decides which lines of a provider make up which payout, and whether they add up to it.
//!
//! The lines of one payout name it (a payout id, a settlement or batch number). What they leave of
//! sales after refunds, fees and reserves is what the provider has to pay out. A difference is stated
//! only where the files show the payout whole: where they begin or end within it, or where a row
//! could not be read, nobody can tell what is missing, and the figures stand without a verdict.

mod arrival;
mod collect;
mod compare;
#[cfg(test)]
mod tests;

use crate::codes::Code;
use crate::entry::{Entries, Kind, named};
use crate::ids::EntryId;
use crate::matching::Matches;
use crate::matching::matches::Figures;
use crate::money::{Amount, Currency};

use arrival::Statements;

pub use arrival::BankLink;
pub(crate) use collect::Collector;

named! {
    /// What a part of a payout is made of; the order is that of the document.
    PayoutPart {
        /// What buyers paid, gross.
        Sales = "sales",
        /// What went back to buyers: refunds and reversals.
        Refunds = "refunds",
        /// What buyers' banks took back, and what was won back of it.
        Chargebacks = "chargebacks",
        /// What the provider charged, on its lines and in rows of their own.
        Fees = "fees",
        /// Tax on it.
        Tax = "tax",
        /// What the provider holds back (保证金).
        ReserveHeld = "reserve_held",
        /// What the provider gave back of that.
        ReserveReleased = "reserve_released",
        /// Money moved between the merchant's own balances.
        Transfers = "transfers",
        /// Corrections, and what a line's net has besides.
        Adjustments = "adjustments",
    }
}

named! {
    /// Whether the lines of a payout add up to it.
    LinesLink {
        /// They do, to the minor unit.
        Agrees = "agrees",
        /// They do not, and the files show the payout whole.
        Differs = "differs",
        /// They do not, and the files may show the payout in part.
        NotShown = "not_shown",
        /// The files have the lines, and no row says that they were paid out.
        NoPayoutRow = "no_payout_row",
        /// The files say that it was paid out, and have no line of it.
        NoLines = "no_lines",
    }
}

/// The books of one provider in one scope, of which a source is a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Equal numbers are one provider and scope.
    pub number: u16,
    /// Whether rows of any of its sources could not be read.
    pub short: bool,
}

/// One payout of one currency: its lines, and the rows that say it was paid.
#[derive(Clone, Debug)]
pub struct Payout {
    /// The provider and scope.
    pub book: u16,
    /// What its lines name it; empty where no row names one.
    pub name: String,
    /// The currency in which it is paid.
    pub currency: Currency,
    /// One of its entries.
    pub any: EntryId,
    /// Lines that move money.
    pub lines: u32,
    /// Lines of them that are open.
    pub open: u32,
    /// What they leave.
    pub net: Amount,
    /// What that is made of, in the order of the parts; none that is zero.
    pub parts: Vec<(PayoutPart, Amount)>,
    /// The rows that say it was paid, oldest first.
    pub rows: Vec<EntryId>,
    /// What they paid.
    pub paid: Amount,
    /// Rows by which money was held back, oldest first.
    pub held: Vec<EntryId>,
    /// Rows by which it was given back, oldest first.
    pub released: Vec<EntryId>,
    /// Whether the lines add up.
    pub link: LinesLink,
    /// Whether it arrived.
    bank: BankLink,
}

impl Payout {
    fn new(book: u16, name: &str, currency: Currency, any: EntryId) -> Self {
        Self {
            book,
            name: name.to_owned(),
            currency,
            any,
            lines: 0,
            open: 0,
            net: Amount::ZERO,
            parts: Vec::new(),
            rows: Vec::new(),
            paid: Amount::ZERO,
            held: Vec::new(),
            released: Vec::new(),
            link: LinesLink::NoPayoutRow,
            bank: BankLink::NoPayoutRow,
        }
    }

    /// What was paid less what the lines leave.
    pub fn difference(&self) -> Amount {
        self.paid.checked_sub(self.net).unwrap_or_default()
    }

    /// Adds to a part.
    fn add_part(&mut self, part: PayoutPart, amount: Amount) {
        if amount.is_zero() {
            return;
        }
        let at = self.parts.partition_point(|(known, _)| *known < part);
        match self.parts.get_mut(at) {
            Some((known, sum)) if *known == part => *sum = plus(*sum, amount),
            _ => self.parts.insert(at, (part, amount)),
        }
    }
}

/// All payouts of a run, in the order in which they are written; none if there are more than
/// [`limits::PAYOUTS`](crate::limits::PAYOUTS).
#[derive(Clone, Debug, Default)]
pub struct Payouts {
    /// The payouts.
    pub all: Vec<Payout>,
    /// Whether there were too many to be added up.
    pub too_many: bool,
    /// What the bank's statements show.
    statements: Statements,
}

impl Payouts {
    /// States the payouts to which their lines do not add up, each on its oldest row.
    pub(crate) fn find_mismatches(&self, entries: &Entries, matches: &mut Matches) {
        let before = matches.findings().len();
        for payout in self.all.iter().filter(|payout| payout.link == LinesLink::Differs) {
            let Some(first) = payout.rows.first() else { continue };
            let figures = Figures::Paid(payout.net, payout.paid);
            matches.find_with(Code::PayoutTotalMismatch, *first, Vec::new(), figures);
        }
        if matches.findings().len() > before {
            matches.settle_findings(entries);
        }
    }
}

/// What rows of a payout are called by it: the batch, or the payout's own number.
pub(crate) fn name_of(entries: &Entries, payout: EntryId) -> &str {
    let names = [entries.batch(payout), entries.transaction_id(payout), entries.reference(payout)];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

/// The part that a line's gross is of; a reserve is held or given back by its sign.
fn part_of(kind: Kind, net: Amount) -> PayoutPart {
    match kind {
        Kind::Sale | Kind::Capture => PayoutPart::Sales,
        Kind::Refund | Kind::Reversal => PayoutPart::Refunds,
        Kind::Chargeback | Kind::ChargebackReversal => PayoutPart::Chargebacks,
        Kind::Fee => PayoutPart::Fees,
        Kind::Reserve | Kind::Release if net.is_negative() => PayoutPart::ReserveHeld,
        Kind::Reserve | Kind::Release => PayoutPart::ReserveReleased,
        Kind::Transfer => PayoutPart::Transfers,
        _ => PayoutPart::Adjustments,
    }
}

/// A sum of amounts that add up within the input totals, which have been checked.
fn plus(sum: Amount, amount: Amount) -> Amount {
    sum.checked_add(amount).unwrap_or_default()
}
