//! Decides the bytes of one payout in the document: its lines, what they are made of, and the status
//! of each link from the orders to the bank.

use crate::entry::Side;
use crate::exceptions::checks::reserves::PayoutNote;
use crate::ids::EntryId;
use crate::matching::Payout;
use crate::report::Run;
use crate::report::json::{Object, append_array};
use crate::report::lines::Lines;

/// The provider that writes files of a profile: `checkout-payouts` and `checkout-settlement` are one.
pub(crate) fn provider_of(profile: &str) -> &str {
    profile.split_once('-').map_or(profile, |(provider, _)| provider)
}

impl Run {
    /// The provider and the scope of a payout.
    pub(crate) fn book_of(&self, payout: &Payout) -> (&str, &str) {
        let source = self.sources.get(usize::from(self.entries.source(payout.any).0));
        source.map_or(("", ""), |one| (provider_of(&one.profile), one.scope.as_str()))
    }
}

/// Whether all lines of a payout have their orders.
pub(crate) fn orders_link(payout: &Payout) -> &'static str {
    match (payout.lines, payout.open) {
        (0, _) => "no_lines",
        (_, 0) => "agrees",
        _ => "open",
    }
}

/// The deposits of a payout, oldest first.
fn deposits(run: &Run, payout: &Payout) -> Vec<EntryId> {
    let entries = &run.entries;
    let found = payout.rows.iter().filter_map(|row| entries.match_of(*row));
    let members = found.flat_map(|id| run.matches.members(entries, id));
    let mut deposits: Vec<EntryId> =
        members.filter(|member| entries.side(*member) == Side::Bank).collect();
    entries.sort(&mut deposits);
    deposits.dedup();
    deposits
}

impl Lines<'_> {
    /// One payout, with its notes.
    pub(crate) fn payout(&self, out: &mut Vec<u8>, payout: &Payout, notes: &[PayoutNote]) {
        let (provider, scope) = self.run.book_of(payout);
        let currency = payout.currency;
        let mut object = Object::open(out);
        object.text("provider", provider);
        object.some_text("scope", scope);
        object.some_text("batch", &payout.name);
        object.text("currency", currency.code());
        object.number("lines", u64::from(payout.lines));
        object.number("open", u64::from(payout.open));
        object.amount("net", payout.net, currency);
        append_array(object.field("parts"), &payout.parts, |out, (part, amount)| {
            let mut object = Object::open(out);
            object.text("part", part.name());
            object.amount("amount", *amount, currency);
            object.close();
        });
        self.names(object.field("payout"), payout.rows.iter().copied());
        if !payout.rows.is_empty() {
            object.amount("paid", payout.paid, currency);
            if payout.lines > 0 {
                object.amount("difference", payout.difference(), currency);
            }
        }
        self.names(object.field("bank"), deposits(self.run, payout));
        let mut status = Object::open(object.field("status"));
        status.text("orders", orders_link(payout));
        status.text("lines", payout.link.name());
        status.text("bank", payout.arrived().name());
        status.close();
        append_array(object.field("notes"), notes, |out, note| self.fact(out, &note.fact));
        object.close();
    }
}
