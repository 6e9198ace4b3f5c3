//! Sorts the entries of a match by the part that they play in it.

use crate::entry::{Entries, Kind, Side};
use crate::ids::{EntryId, MatchId};
use crate::matching::Matches;
use crate::money::Amount;

/// The entries of one match. Made once and refilled, so that a million matches need no list each.
#[derive(Debug, Default)]
pub struct Members {
    /// The orders' sales.
    pub sales: Vec<EntryId>,
    /// Refunds and cancellations that the order file records.
    pub recorded: Vec<EntryId>,
    /// Payment lines.
    pub payments: Vec<EntryId>,
    /// Refund and reversal lines.
    pub returns: Vec<EntryId>,
    /// Chargeback lines, lost and won.
    pub chargebacks: Vec<EntryId>,
    /// Fee and adjustment lines.
    pub extras: Vec<EntryId>,
}

impl Members {
    /// Fills in the entries of `id`, each list oldest first.
    pub fn fill(&mut self, entries: &Entries, matches: &Matches, id: MatchId) {
        for list in self.lists_mut() {
            list.clear();
        }
        for member in matches.members(entries, id) {
            let kind = entries.kind(member);
            let list = match entries.side(member) {
                Side::Orders if kind.is_return() => &mut self.recorded,
                Side::Orders => &mut self.sales,
                _ if kind.is_payment() => &mut self.payments,
                _ => match kind {
                    Kind::Refund | Kind::Reversal => &mut self.returns,
                    Kind::Chargeback | Kind::ChargebackReversal => &mut self.chargebacks,
                    _ => &mut self.extras,
                },
            };
            list.push(member);
        }
        for list in self.lists_mut() {
            if list.len() > 1 {
                entries.sort(list);
            }
        }
    }

    fn lists_mut(&mut self) -> [&mut Vec<EntryId>; 6] {
        [
            &mut self.sales,
            &mut self.recorded,
            &mut self.payments,
            &mut self.returns,
            &mut self.chargebacks,
            &mut self.extras,
        ]
    }

    /// Every order entry.
    pub fn orders(&self) -> impl Iterator<Item = EntryId> + '_ {
        self.sales.iter().chain(&self.recorded).copied()
    }

    /// Every settlement entry.
    pub fn lines(&self) -> impl Iterator<Item = EntryId> + '_ {
        let lists = [&self.payments, &self.returns, &self.chargebacks, &self.extras];
        lists.into_iter().flatten().copied()
    }

    /// The return lines that the order file knows of as well: all of them, or none.
    ///
    /// An order file records one figure for an order and not its single refunds, so a record
    /// stands for all refund lines; a cancellation stands for the reversals too.
    pub fn known_returns(&self) -> &[EntryId] {
        if self.recorded.is_empty() { &[] } else { &self.returns }
    }

    /// Whether so little money is what rounding the single payments comes to: at most a minor unit
    /// for each of several. A single payment of another amount is no rounding.
    pub fn is_rounding(&self, rest: Amount) -> bool {
        let lines = i64::try_from(self.payments.len()).unwrap_or(0);
        lines > 1 && !rest.is_zero() && rest.abs() <= Amount::from_minor(lines)
    }

    /// The return lines that only the provider knows.
    pub fn unknown_returns(&self) -> &[EntryId] {
        if self.recorded.is_empty() { &self.returns } else { &[] }
    }
}
