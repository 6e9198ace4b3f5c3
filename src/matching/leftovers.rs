//! Decides where the entries end that are in no match: left out with a reason, in transit, or open.

use crate::calendar::Settlement;
use crate::codes::Code;
use crate::entry::{Disposition, Entries, Kind, Reason, Side, Status};
use crate::ids::EntryId;
use crate::matching::Matches;
use crate::matching::matches::exclude;
use crate::matching::rules::m100_lifecycle::sale_of;
use crate::time::Date;

/// When the money of an order must be there.
#[derive(Clone, Debug)]
pub struct Due {
    /// The settlement cycle and its calendar; without one, an order is due on its own day.
    pub cycle: Option<Box<Settlement>>,
    /// The last day that the run looks at.
    pub as_of: Option<Date>,
}

impl Due {
    /// The day on which the money of an order of `date` must be there.
    pub fn date(&self, date: Date) -> Date {
        match &self.cycle {
            Some(settlement) => settlement.due(date),
            None => date,
        }
    }

    /// The day on which the money of an order must be there, by the channel that `seen` is of: the
    /// order itself, or a line that pays it. `None` for an order without a date.
    pub fn date_of(&self, entries: &Entries, order: EntryId, seen: EntryId) -> Option<Date> {
        match &self.cycle {
            Some(settlement) => settlement.due_of(entries, order, seen),
            None => entries.local_date(order),
        }
    }

    /// The due date of an order, if the run ends before it.
    pub fn not_yet(&self, entries: &Entries, order: EntryId) -> Option<Date> {
        let due = self.date_of(entries, order, order)?;
        (self.cycle.is_some() && due > self.as_of?).then_some(due)
    }
}

/// Leaves out the settlement lines that no order can be paid by.
pub(crate) fn set_aside(entries: &mut Entries, id: EntryId) {
    match entries.side(id) {
        Side::Settlement => {}
        Side::Bank => return set_aside_bank(entries, id),
        Side::Orders | Side::Webhook => return,
    }
    let reason = match (entries.kind(id), entries.status(id)) {
        (Kind::Payout, _) => Reason::Payout,
        (_, Status::Failed | Status::Voided) => Reason::Failed,
        (_, Status::Pending) => Reason::Pending,
        (Kind::Preauth | Kind::Void, _) | (_, Status::Authorized) => Reason::Authorisation,
        (Kind::Reserve | Kind::Release | Kind::Transfer, _) => Reason::OwnBalance,
        _ => return,
    };
    set_aside_open(entries, id, reason);
}

/// Leaves an entry out, unless an earlier run has closed it.
fn set_aside_open(entries: &mut Entries, id: EntryId, reason: Reason) {
    if entries.disposition(id) == Disposition::Open {
        exclude(entries, id, reason);
    }
}

/// Leaves out what the bank has announced and not booked.
fn set_aside_bank(entries: &mut Entries, id: EntryId) {
    match entries.status(id) {
        Status::Pending | Status::Authorized => set_aside_open(entries, id, Reason::Pending),
        Status::Failed | Status::Voided => set_aside_open(entries, id, Reason::Failed),
        _ => {}
    }
}

/// Decides the end of one entry that no rule matched.
pub(crate) fn decide(entries: &mut Entries, matches: &Matches, due: &Due, id: EntryId) {
    if entries.disposition(id) != Disposition::Open {
        return;
    }
    match entries.side(id) {
        Side::Orders => decide_order(entries, matches, due, id),
        Side::Settlement if entries.kind(id) == Kind::Fee => {
            exclude(entries, id, Reason::ProviderFee);
        }
        _ => {}
    }
}

fn decide_order(entries: &mut Entries, matches: &Matches, due: &Due, id: EntryId) {
    // A refund or cancellation follows its sale, which was read before it.
    if let Some(sale) = sale_of(entries, id) {
        let end = entries.disposition(sale);
        if matches!(end, Disposition::Excluded | Disposition::InTransit) {
            entries.dispose(id, end, entries.reason(sale));
        }
        return;
    }
    if asked(matches, id) {
        return;
    }
    match entries.status(id) {
        Status::Voided => exclude(entries, id, Reason::Voided),
        Status::Pending | Status::Authorized | Status::Failed => {
            exclude(entries, id, Reason::NotPaid);
        }
        _ if due.not_yet(entries, id).is_some() => {
            entries.dispose(id, Disposition::InTransit, Reason::None);
        }
        _ => {}
    }
}

/// Whether the matching has a question about the entry, so that it must stay in sight.
fn asked(matches: &Matches, id: EntryId) -> bool {
    let findings = matches.findings();
    let start = findings.partition_point(|f| f.row < id);
    findings.get(start..).unwrap_or_default().iter().take_while(|f| f.row == id).any(|f| {
        use Code::{AmbiguousPair, CurrencyMismatch, DoubleClaim, DuplicateInOrders};
        matches!(f.code, DuplicateInOrders | CurrencyMismatch | AmbiguousPair | DoubleClaim)
    })
}
