//! Checks that an entry ended where what it says of itself allows: a failed payment is no money, a
//! payout is no sale, and an order that was paid is not left out as unpaid.

use crate::entry::{Disposition, Kind, Part, Reason, Side, Status};

use super::Verifier;
use super::events::is_event_reason;
use super::ledger::{Index, Record};
use super::verdict::CheckName;

/// Why a line of a provider or a bank can be in no match, by its kind and status.
fn aside(record: &Record) -> Option<Reason> {
    match (record.side, record.kind, record.status) {
        (Side::Settlement, Kind::Payout, _) => Some(Reason::Payout),
        (Side::Webhook, _, Status::Failed | Status::Voided) => Some(Reason::Failed),
        (Side::Webhook, _, Status::Pending) => Some(Reason::Pending),
        (Side::Webhook, Kind::Preauth | Kind::Void, _) | (Side::Webhook, _, Status::Authorized) => {
            Some(Reason::Authorisation)
        }
        (Side::Settlement | Side::Bank, _, Status::Failed | Status::Voided) => Some(Reason::Failed),
        (Side::Settlement | Side::Bank, _, Status::Pending) => Some(Reason::Pending),
        (Side::Bank, _, Status::Authorized) => Some(Reason::Pending),
        (Side::Settlement, Kind::Preauth | Kind::Void, _)
        | (Side::Settlement, _, Status::Authorized) => Some(Reason::Authorisation),
        (Side::Settlement, Kind::Reserve | Kind::Release | Kind::Transfer, _) => {
            Some(Reason::OwnBalance)
        }
        _ => None,
    }
}

/// Whether an order may be left out for a reason. What the row of an order records beside it, a
/// refund or a cancellation, goes where the order goes.
fn may_leave_out(order: &Record) -> bool {
    let follows = matches!(order.part, Part::Refund | Part::Void);
    match order.reason {
        Reason::Voided => follows || order.status == Status::Voided,
        Reason::NotPaid => {
            follows || matches!(order.status, Status::Pending | Status::Authorized | Status::Failed)
        }
        _ => false,
    }
}

/// What is wrong with where an entry ended.
fn wrong(record: &Record) -> Option<&'static str> {
    let (end, reason) = (record.disposition, record.reason);
    // What an earlier run has seen may end there whatever it is.
    if end == Disposition::ClosedBefore || reason == Reason::Repeated {
        return None;
    }
    let fits = match (record.side, aside(record)) {
        // It arrived in the bank account.
        (Side::Settlement, Some(Reason::Payout)) if end == Disposition::Matched => true,
        (Side::Orders, _) => end != Disposition::Excluded || may_leave_out(record),
        (_, Some(why)) => end == Disposition::Excluded && reason == why,
        (Side::Webhook, None) => match end {
            Disposition::Excluded if record.kind == Kind::Payout => {
                reason == Reason::Payout || is_event_reason(reason)
            }
            Disposition::Excluded => is_event_reason(reason),
            Disposition::Open | Disposition::InTransit => true,
            Disposition::Matched | Disposition::ClosedBefore => false,
        },
        (Side::Settlement, None) if record.kind == Kind::Fee => match end {
            Disposition::Excluded => reason == Reason::ProviderFee,
            // Open where the contract does not allow it, which its exception says.
            _ => matches!(end, Disposition::Matched | Disposition::Open),
        },
        (_, None) => matches!(end, Disposition::Open | Disposition::Matched),
    };
    (!fits).then_some("an entry cannot end here by its kind and status")
}

impl Verifier<'_> {
    /// Holds the end of an entry against what it says of itself.
    pub(super) fn check_ending(&mut self, index: Index) {
        let Some(record) = self.ledger.get(index) else { return };
        let found = self.wrong_before(record).or_else(|| wrong(record));
        let Some(what) = found else { return };
        let shown = format!("{} {}", record.disposition.name(), record.reason.name());
        let own = format!("{} {}", record.kind.name(), record.status.name());
        let place = || self.ledger.name(index);
        self.findings.differs(CheckName::Partition, what, place, (shown.trim_end(), own));
    }
}
