//! Notes of a payout what the provider held back (`RESERVE_HELD`) and gave back (`RESERVE_RELEASED`).
//!
//! Neither is a mistake: the money is the merchant's and comes later. Names the rows.

use crate::codes::Code;
use crate::exceptions::{Exceptions, Fact};
use crate::ids::EntryId;
use crate::matching::{Payout, PayoutPart, Payouts};
use crate::money::Amount;

/// A fact of a payout that nobody has to act on.
#[derive(Clone, Debug)]
pub struct PayoutNote {
    /// The payout, by its place.
    pub of: usize,
    /// What it is.
    pub fact: Fact,
}

impl Exceptions {
    /// Notes the reserves of all payouts.
    pub fn note_reserves(&mut self, payouts: &Payouts) {
        for (of, payout) in payouts.all.iter().enumerate() {
            for (code, part, rows) in [
                (Code::ReserveHeld, PayoutPart::ReserveHeld, &payout.held),
                (Code::ReserveReleased, PayoutPart::ReserveReleased, &payout.released),
            ] {
                if let Some(fact) = fact(payout, code, part, rows) {
                    let count = self.by_code.entry(code).or_default();
                    *count = count.saturating_add(1);
                    self.of_payouts.push(PayoutNote { of, fact });
                }
            }
        }
    }

    /// The notes of a payout.
    pub fn notes_of_payout(&self, of: usize) -> &[PayoutNote] {
        let start = self.of_payouts.partition_point(|note| note.of < of);
        let end = self.of_payouts.partition_point(|note| note.of <= of);
        self.of_payouts.get(start..end).unwrap_or_default()
    }
}

fn fact(payout: &Payout, code: Code, part: PayoutPart, rows: &[EntryId]) -> Option<Fact> {
    let found = payout.parts.iter().find(|(own, _)| *own == part);
    let amount = found.map_or(Amount::ZERO, |(_, amount)| *amount);
    (!rows.is_empty()).then(|| Fact::new(code, rows.to_vec()).money(amount, payout.currency))
}
