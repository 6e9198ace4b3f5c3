//! M100 lifecycle — refunds, reversals, chargebacks, and fees of an order belong to its payment.
//!
//! ## What it matches
//! Open lines that undo a payment, and fee and adjustment lines that name an order, join the match
//! of the order that they name, or of the transaction that they name. The refund or cancellation
//! that the order file records joins it too, where the provider has a line for it.
//! ## Why it is safe
//! It adds to a match and never makes one. A line whose order is unknown stays open
//! (`REFUND_UNMATCHED`, `REVERSAL_UNMATCHED`, `CHARGEBACK`).
//! ## When it abstains
//! Where the normalised number belongs to two orders; a second line of the same transaction, kind
//! and amount is a duplicate.
//! ## Example
//! Order `KE-1` with a refund of 500.00; lines `KE-1` payment and `KE-1` refund: one match of four.
//! ## 中文
//! 退款、冲正与拒付归入其原付款所在的匹配，一单一净额；找不到原付款的保持未结。

use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use crate::codes::Code;
use crate::entry::{Disposition, Entries, Kind, Part, Side};
use crate::ids::{EntryId, MatchId};
use crate::matching::resolve::claim;
use crate::matching::{Matches, normalise};
use crate::money::{Amount, Currency};

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) =
    ("refunds and reversals to their payment", "退款、冲正、拒付归入原交易");

/// The rule's code, for those who look for it here.
pub const RULE: Rule = Rule::Lifecycle;

/// Adds the lines and order-side records that belong to a matched payment to its match.
pub(crate) fn run(entries: &mut Entries, matches: &mut Matches) {
    let followers = open_followers(entries);
    if !followers.is_empty() {
        let left = attach_by(entries, matches, followers, by_reference);
        attach_by(entries, matches, left, by_transaction);
    }
    attach_order_side(entries, matches);
}

/// Lines that say something about an earlier payment.
fn follows(kind: Kind) -> bool {
    kind.is_return() || matches!(kind, Kind::ChargebackReversal | Kind::Fee | Kind::Adjustment)
}

fn open_followers(entries: &Entries) -> Vec<EntryId> {
    let mut lines: Vec<EntryId> = entries
        .ids()
        .filter(|id| {
            entries.disposition(*id) == Disposition::Open
                && entries.side(*id) == Side::Settlement
                && follows(entries.kind(*id))
        })
        .collect();
    entries.sort(&mut lines);
    lines
}

/// The matched payments that a set of lines may belong to, by key, oldest first.
type Payments = BTreeMap<Vec<u8>, Vec<EntryId>>;

/// How a key is read off a line and off a matched entry.
struct KeyBy {
    line: fn(&Entries, EntryId, &mut Vec<u8>),
    payment: fn(&Entries, EntryId, &mut Vec<u8>),
    spelling: fn(&Entries, EntryId) -> &str,
}

fn by_reference() -> KeyBy {
    KeyBy {
        line: |entries, id, key| normalise(entries.reference(id), key),
        payment: |entries, id, key| {
            if entries.side(id) == Side::Orders {
                normalise(entries.reference(id), key);
            }
        },
        spelling: |entries, id| entries.reference(id),
    }
}

fn by_transaction() -> KeyBy {
    KeyBy {
        line: |entries, id, key| key.extend_from_slice(entries.transaction_id_bytes(id)),
        payment: |entries, id, key| {
            if entries.side(id) == Side::Settlement {
                key.extend_from_slice(entries.transaction_id_bytes(id));
            }
        },
        spelling: |entries, id| entries.transaction_id(id),
    }
}

/// Attaches what can be attached and returns what is left.
fn attach_by(
    entries: &mut Entries,
    matches: &mut Matches,
    lines: Vec<EntryId>,
    by: fn() -> KeyBy,
) -> Vec<EntryId> {
    let by = by();
    let payments = payments_of(entries, &lines, &by);
    let mut held = Held::default();
    let mut key = Vec::new();
    let mut left = Vec::new();
    for line in lines {
        key.clear();
        (by.line)(entries, line, &mut key);
        entries.add_scope(line, &mut key);
        let candidates = payments.get(&key).map_or(&[][..], Vec::as_slice);
        match choose(entries, &by, line, candidates) {
            None => left.push(line),
            Some(found) => match held.twin(entries, matches, found, line) {
                Some(twin) => matches.find(Code::DuplicateInSettlement, line, vec![twin]),
                None => matches.attach(entries, found, line),
            },
        }
    }
    left
}

fn payments_of(entries: &Entries, lines: &[EntryId], by: &KeyBy) -> Payments {
    let mut payments = Payments::new();
    let mut key = Vec::new();
    for line in lines {
        key.clear();
        (by.line)(entries, *line, &mut key);
        entries.add_scope(*line, &mut key);
        if !key.is_empty() {
            payments.entry(key.clone()).or_default();
        }
    }
    for id in entries.ids().filter(|id| entries.kind(*id).is_payment()) {
        if entries.match_of(id).is_none() {
            continue;
        }
        key.clear();
        (by.payment)(entries, id, &mut key);
        entries.add_scope(id, &mut key);
        if let Some(list) = payments.get_mut(&key) {
            list.push(id);
        }
    }
    for list in payments.values_mut() {
        entries.sort(list);
    }
    payments
}

/// The match that a line belongs to: of the same spelling if there is one, else of the only one.
fn choose(entries: &Entries, by: &KeyBy, line: EntryId, candidates: &[EntryId]) -> Option<MatchId> {
    let currency = claim(entries, line).1;
    let in_currency =
        |id: EntryId| claim(entries, id).1 == currency || entries.currency(id) == currency;
    let spelling = (by.spelling)(entries, line);
    let exact =
        candidates.iter().find(|id| (by.spelling)(entries, **id) == spelling && in_currency(**id));
    if let Some(payment) = exact {
        return entries.match_of(*payment);
    }
    let first = candidates.first()?;
    let one =
        candidates.iter().all(|id| (by.spelling)(entries, *id) == (by.spelling)(entries, *first));
    if one && in_currency(*first) { entries.match_of(*first) } else { None }
}

/// Lines that matches hold, by transaction, kind and claim.
#[derive(Default)]
struct Held {
    matches: BTreeSet<MatchId>,
    lines: BTreeMap<(MatchId, Kind, String, (Amount, Currency)), EntryId>,
}

impl Held {
    /// The line of the same transaction, kind and amount that a match already holds; if there is
    /// none, the match holds this one from now on.
    fn twin(
        &mut self,
        entries: &Entries,
        matches: &Matches,
        found: MatchId,
        line: EntryId,
    ) -> Option<EntryId> {
        if entries.transaction_id(line).is_empty() {
            return None;
        }
        let key = |id: EntryId| {
            (found, entries.kind(id), entries.transaction_id(id).to_owned(), claim(entries, id))
        };
        if self.matches.insert(found) {
            let members = matches.members(entries, found);
            for member in members.filter(|id| entries.side(*id) == Side::Settlement) {
                self.lines.entry(key(member)).or_insert(member);
            }
        }
        let first = *self.lines.entry(key(line)).or_insert(line);
        (first != line).then_some(first)
    }
}

/// Refunds and cancellations that the order file records join their order's match.
fn attach_order_side(entries: &mut Entries, matches: &mut Matches) {
    let records: Vec<EntryId> = entries
        .ids()
        .filter(|id| {
            entries.disposition(*id) == Disposition::Open
                && entries.side(*id) == Side::Orders
                && entries.kind(*id).is_return()
        })
        .collect();
    let payments = payments_of(entries, &records, &by_reference());
    let mut key = Vec::new();
    for record in records {
        key.clear();
        normalise(entries.reference(record), &mut key);
        entries.add_scope(record, &mut key);
        let found =
            sale_of(entries, record).and_then(|sale| entries.match_of(sale)).or_else(|| {
                let candidates = payments.get(&key).map_or(&[][..], Vec::as_slice);
                (entries.part(record) == Part::Row)
                    .then(|| choose(entries, &by_reference(), record, candidates))
                    .flatten()
            });
        let Some(found) = found else { continue };
        let known = matches.members(entries, found).any(|member| {
            entries.side(member) == Side::Settlement
                && matches!(entries.kind(member), Kind::Refund | Kind::Reversal)
        });
        if known || entries.kind(record) == Kind::Void {
            matches.attach(entries, found, record);
        }
    }
}

/// The sale of the row that recorded a refund or cancellation beside it.
pub(crate) fn sale_of(entries: &Entries, record: EntryId) -> Option<EntryId> {
    if entries.part(record) == Part::Row {
        return None;
    }
    let row = entries.row(record);
    let source = entries.source(record);
    (1..=4_u32)
        .filter_map(|back| record.0.checked_sub(back).map(EntryId))
        .take_while(|id| entries.row(*id) == row && entries.source(*id) == source)
        .find(|id| entries.part(*id) == Part::Row)
}
