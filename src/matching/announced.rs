//! Decides where the events end that a provider pushed: confirmed by its settlement, said before,
//! not due yet, or open.
//!
//! An event is no money of its own: it announces what the settlement must have. It changes nothing
//! about how other rows are matched. The same event delivered again, and another event of the same
//! payment, are left out. A line confirms an event of the same money (in, out, paid out) and currency
//! by its transaction id, by the payment that the event names beside its own, or by its reference.
//!
//! Of several under one key equal amounts belong together, the oldest first; one event may be settled
//! in several lines. A line of another amount does not confirm: both figures are stated
//! (`AMOUNT_UNDER`, `AMOUNT_OVER`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::codes::Code;
use crate::entry::{Disposition, Entries, Kind, Reason, Side, Status};
use crate::ids::EntryId;
use crate::limits::CANDIDATES_PER_ROW;
use crate::matching::matches::{Figures, exclude};
use crate::matching::resolve::claim;
use crate::matching::{Due, Matches};
use crate::money::{Amount, Currency};

/// Which way money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    In,
    Out,
    PaidOut,
}

impl Way {
    fn of(kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Sale | Kind::Capture | Kind::ChargebackReversal => Self::In,
            Kind::Refund | Kind::Reversal | Kind::Chargeback => Self::Out,
            Kind::Payout => Self::PaidOut,
            _ => return None,
        })
    }
}

/// Decides the ends of all events.
pub(crate) fn run(entries: &mut Entries, matches: &mut Matches, due: &Due) {
    let mut events: Vec<EntryId> = entries.ids_on(Side::Webhook).collect();
    if events.is_empty() {
        return;
    }
    entries.sort(&mut events);
    events.retain(|id| match aside(entries, *id) {
        Some(reason) => {
            exclude(entries, *id, reason);
            false
        }
        None => true,
    });
    for (id, reason) in repeated(entries, &events) {
        exclude(entries, id, reason);
    }
    events.retain(|id| entries.disposition(*id) == Disposition::Open);
    let done = confirm(entries, &events);
    for id in events {
        if done.confirmed.contains(&id) {
            exclude(entries, id, Reason::Confirmed);
        } else if let Some((lines, actual)) = done.differing.get(&id) {
            let expected = entries.amount(id);
            let code = if *actual < expected { Code::AmountUnder } else { Code::AmountOver };
            matches.find_with(code, id, lines.clone(), Figures::Paid(expected, *actual));
        } else if entries.kind(id) == Kind::Payout {
            exclude(entries, id, Reason::Payout);
        } else if due.not_yet(entries, id).is_some() {
            entries.dispose(id, Disposition::InTransit, Reason::None);
        }
    }
}

/// Why an event announces no money.
fn aside(entries: &Entries, id: EntryId) -> Option<Reason> {
    match (entries.kind(id), entries.status(id)) {
        (_, Status::Failed | Status::Voided) => Some(Reason::Failed),
        (_, Status::Pending) => Some(Reason::Pending),
        (Kind::Preauth | Kind::Void, _) | (_, Status::Authorized) => Some(Reason::Authorisation),
        _ => None,
    }
}

/// Events that say again what another one says, with the reason.
fn repeated(entries: &Entries, events: &[EntryId]) -> Vec<(EntryId, Reason)> {
    let mut out = Vec::new();
    let mut delivered = BTreeSet::new();
    let mut captured = BTreeSet::new();
    let mut first = Vec::new();
    for id in events.iter().copied() {
        let transaction = entries.transaction_id(id);
        let name = (entries.memo(id), transaction, entries.stated_scope(id), money(entries, id));
        if !transaction.is_empty() && !entries.memo(id).is_empty() && !delivered.insert(name) {
            out.push((id, Reason::Redelivered));
            continue;
        }
        if entries.kind(id) == Kind::Capture {
            captured.insert(payment(entries, id));
        }
        first.push(id);
    }
    let mut said = BTreeSet::new();
    for id in first {
        let kind = entries.kind(id);
        let (key, number) = payment(entries, id);
        if kind == Kind::Capture || number.is_empty() {
            // A payment may be captured in parts, each an event of its own.
            continue;
        }
        let again = !said.insert((kind, key, number));
        if again || kind == Kind::Sale && captured.contains(&(key, number)) {
            out.push((id, Reason::SamePayment));
        }
    }
    out
}

fn money(entries: &Entries, id: EntryId) -> (Kind, Currency, Amount) {
    (entries.kind(id), entries.currency(id), entries.amount(id))
}

/// What the events of one payment share; of money that goes back, each has a number of its own.
fn payment(entries: &Entries, id: EntryId) -> ((u16, Currency), &str) {
    let number = match (entries.kind(id).is_payment(), entries.order_number(id)) {
        (true, number) if !number.is_empty() => number,
        _ => entries.transaction_id(id),
    };
    ((entries.stated_scope(id), entries.currency(id)), number)
}

/// What was found out about events.
#[derive(Default)]
struct Done {
    confirmed: BTreeSet<EntryId>,
    /// Events under whose key lines have another amount: the lines, and what they come to.
    differing: BTreeMap<EntryId, (Vec<EntryId>, Amount)>,
    /// Lines that speak of one of them.
    used: BTreeSet<EntryId>,
}

/// Texts of an event and of a line that are the same if they belong together: the surest first.
type Key = for<'e> fn(&'e Entries, EntryId) -> &'e str;

fn transaction(entries: &Entries, id: EntryId) -> &str {
    entries.transaction_id(id)
}

fn number(entries: &Entries, id: EntryId) -> &str {
    entries.order_number(id)
}

fn reference(entries: &Entries, id: EntryId) -> &str {
    entries.reference(id)
}

const KEYS: [(Key, Key); 4] =
    [(transaction, transaction), (number, transaction), (number, number), (reference, reference)];

/// Events that lines confirm, and those that lines of another amount speak of.
fn confirm(entries: &Entries, events: &[EntryId]) -> Done {
    let mut done = Done::default();
    for (own, other) in KEYS {
        let mut groups: BTreeMap<(Way, Currency, &str), [Vec<EntryId>; 2]> = BTreeMap::new();
        for id in events.iter().copied() {
            let key = own(entries, id);
            let is_left = !done.confirmed.contains(&id) && !done.differing.contains_key(&id);
            if let Some(way) = Way::of(entries.kind(id)).filter(|_| is_left && !key.is_empty()) {
                let [events, _] = groups.entry((way, entries.currency(id), key)).or_default();
                events.push(id);
            }
        }
        if groups.is_empty() {
            continue;
        }
        for id in entries.ids_on(Side::Settlement).filter(|id| is_settled(entries, *id)) {
            let Some(way) = Way::of(entries.kind(id)).filter(|_| !done.used.contains(&id)) else {
                continue;
            };
            let key = (way, claim(entries, id).1, other(entries, id));
            if let Some([_, lines]) = groups.get_mut(&key) {
                lines.push(id);
            }
        }
        for [events, mut lines] in groups.into_values().filter(|[_, lines]| !lines.is_empty()) {
            entries.sort(&mut lines);
            let mut group = Group { entries, events, lines: lines.into() };
            group.equal_amounts(&mut done);
            group.rest(&mut done);
        }
    }
    done
}

/// Whether a line of the settlement is decided: what failed or is pending confirms nothing.
fn is_settled(entries: &Entries, id: EntryId) -> bool {
    use Status::{Authorized, Failed, Pending, Voided};
    !matches!(entries.status(id), Failed | Voided | Pending | Authorized)
}

/// Events and lines under one key, each by age.
struct Group<'g> {
    entries: &'g Entries,
    events: Vec<EntryId>,
    lines: VecDeque<EntryId>,
}

impl Group<'_> {
    /// Takes the oldest line that may speak of the same shop or account as an event.
    fn take(&self, event: EntryId, lines: &mut VecDeque<EntryId>) -> Option<EntryId> {
        let at = lines.iter().position(|line| self.share_scope(event, *line))?;
        lines.remove(at)
    }

    fn share_scope(&self, event: EntryId, line: EntryId) -> bool {
        let [own, other] = [event, line].map(|id| self.entries.stated_scope(id));
        own == 0 || other == 0 || own == other
    }

    fn sum(&self, lines: &[EntryId]) -> Option<Amount> {
        let mut amounts = lines.iter().map(|line| claim(self.entries, *line).0);
        amounts.try_fold(Amount::ZERO, |sum, amount| sum.checked_add(amount))
    }

    /// Each event with the oldest line of its amount.
    fn equal_amounts(&mut self, done: &mut Done) {
        let mut by_amount: BTreeMap<Amount, VecDeque<EntryId>> = BTreeMap::new();
        for line in &self.lines {
            by_amount.entry(claim(self.entries, *line).0).or_default().push_back(*line);
        }
        for event in std::mem::take(&mut self.events) {
            let lines = by_amount.get_mut(&self.entries.amount(event));
            match lines.and_then(|lines| self.take(event, lines)) {
                Some(line) => {
                    done.used.insert(line);
                    done.confirmed.insert(event);
                }
                None => self.events.push(event),
            }
        }
        self.lines.retain(|line| !done.used.contains(line));
    }

    /// What is left on both sides: the oldest with the oldest, and the last event with all lines, if
    /// they add up to it; otherwise the amounts differ.
    fn rest(&mut self, done: &mut Done) {
        let mut left = std::mem::take(&mut self.lines);
        let last = self.events.last().copied();
        for event in std::mem::take(&mut self.events) {
            let mut lines = Vec::new();
            while let Some(line) = self.take(event, &mut left) {
                lines.push(line);
                if Some(event) != last {
                    break;
                }
            }
            if self.sum(&lines) == Some(self.entries.amount(event)) && !lines.is_empty() {
                done.used.extend(lines);
                done.confirmed.insert(event);
                continue;
            }
            lines.truncate(CANDIDATES_PER_ROW);
            if let Some(actual) = self.sum(&lines).filter(|_| !lines.is_empty()) {
                done.used.extend(&lines);
                done.differing.insert(event, (lines, actual));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::NewEntry;

    /// `kind status transaction number reference minor`; `-` is nothing. The event's memo is its place,
    /// or what stands behind it.
    fn push(entries: &mut Entries, lines: &[&str]) {
        for (row, line) in (1..).zip(lines) {
            let words: Vec<&str> = line.split(' ').map(|word| word.trim_matches('-')).collect();
            let [kind, status, transaction, number, reference, ..] = words[..] else { panic!() };
            let usd = Currency::from_code("USD").unwrap();
            let minor: i64 = line.split(' ').nth(5).unwrap().parse().unwrap();
            let memo = line.split(' ').nth(6).map_or_else(|| format!("e{row}"), str::to_owned);
            let mut entry = NewEntry::new(row, Kind::from_name(kind).unwrap(), usd);
            entry.status = Status::from_name(status).unwrap();
            entry.amount = Amount::from_minor(minor);
            entry.net = entry.amount;
            entry.occurred_at = Some(crate::time::Instant(i64::from(row)));
            (entry.transaction_id, entry.order_number) = (transaction, number);
            (entry.reference, entry.memo) = (reference, &memo);
            entries.push(&entry).unwrap();
        }
    }

    fn ends(lines: &[&str], events: &[&str]) -> Vec<String> {
        let mut entries = Entries::default();
        entries.begin_source(Side::Settlement);
        push(&mut entries, lines);
        entries.ids_on(Side::Settlement).collect::<Vec<_>>().into_iter().for_each(|id| {
            crate::matching::leftovers::set_aside(&mut entries, id);
        });
        entries.begin_source(Side::Webhook);
        push(&mut entries, events);
        let mut matches = Matches::default();
        run(&mut entries, &mut matches, &Due { cycle: None, as_of: None });
        let end = |id: EntryId| {
            let found = matches.findings().iter().find(|found| found.row == id);
            match (entries.disposition(id), found) {
                (Disposition::Excluded, _) => entries.reason(id).name().to_owned(),
                (end, None) => end.name().to_owned(),
                (_, Some(found)) => match found.figures {
                    Figures::Paid(one, other) => {
                        let minor = |amount: Amount| amount.as_minor().unwrap();
                        format!("{} {} {}", found.code.name(), minor(one), minor(other))
                    }
                    _ => panic!(),
                },
            }
        };
        entries.ids_on(Side::Webhook).map(end).collect()
    }

    #[test]
    fn lines_confirm_events_by_their_keys() {
        let cases: &[(&[&str], &[&str], &[&str])] = &[
            (&["sale paid t1 - - 500"], &["sale paid t1 - - 500"], &["confirmed"]),
            (&["sale paid t1 - - 500"], &["sale paid t2 - - 500"], &["open"]),
            // By the payment, and by the reference.
            (&["sale paid t1 p1 - 500"], &["sale paid c1 p1 - 500"], &["confirmed"]),
            (&["refund paid p1 - - -200"], &["refund paid r1 p1 - -200"], &["confirmed"]),
            (&["sale paid x - R1 500"], &["sale paid t1 - R1 500"], &["confirmed"]),
            // A refund does not confirm a payment, nor does a line that failed.
            (&["refund paid t1 - - -500"], &["sale paid t1 - - 500"], &["open"]),
            (&["sale failed t1 - - 500"], &["sale paid t1 - - 500"], &["open"]),
            (&["sale pending t1 - - 500"], &["sale paid t1 - - 500"], &["open"]),
            // One line confirms one event.
            (
                &["sale paid t1 - R1 500"],
                &["sale paid t1 - R1 500", "sale paid t2 - R1 500"],
                &["confirmed", "open"],
            ),
            // Several lines of one payment; and lines of another amount.
            (
                &["sale paid t1 - - 300", "sale paid t1 - - 200"],
                &["sale paid t1 - - 500"],
                &["confirmed"],
            ),
            (
                &["sale paid t1 - - 300", "sale paid t1 - - 100"],
                &["sale paid t1 - - 500"],
                &["AMOUNT_UNDER 500 400"],
            ),
            (&["sale paid t1 - - 501"], &["sale paid t1 - - 500"], &["AMOUNT_OVER 500 501"]),
            // Parts that go back, in another order.
            (
                &["refund paid p1 - - -200", "refund paid p1 - - -300"],
                &["refund paid r1 p1 - -300", "refund paid r2 p1 - -200"],
                &["confirmed", "confirmed"],
            ),
            (&["payout paid po1 - - -900"], &["payout paid po1 - - -900"], &["confirmed"]),
            (&[], &["payout paid po1 - - -900"], &["payout"]),
        ];
        for (lines, events, expected) in cases {
            assert_eq!(ends(lines, events), *expected, "{lines:?} {events:?}");
        }
    }

    #[test]
    fn a_payment_is_announced_once() {
        let cases: &[(&[&str], &[&str])] = &[
            (&["sale paid t1 - - 5 e", "sale paid t1 - - 5 e"], &["open", "redelivered"]),
            (&["sale paid t1 - - 5 e", "sale paid t1 - - 5 f"], &["open", "same_payment"]),
            (&["sale paid t1 - - 5 e", "sale paid t2 - - 5 f"], &["open", "open"]),
            // Charge, payment intent and session.
            (
                &["sale paid c1 p1 - 5", "sale paid c1 p1 - 5", "sale paid s1 p1 R 5"],
                &["open", "same_payment", "same_payment"],
            ),
            // What is captured takes the place of what was authorised, in whatever parts.
            (
                &["sale paid a1 - - 5", "capture paid x1 a1 - 2", "capture paid x2 a1 - 3"],
                &["same_payment", "open", "open"],
            ),
            (&["preauth authorized t1 - - 5", "sale paid t1 - - 5"], &["authorisation", "open"]),
            (&["sale failed t1 - - 5", "sale pending t1 - - 5"], &["failed", "pending"]),
            // Two refunds of one payment are two.
            (&["refund paid r1 p1 - -5", "refund paid r2 p1 - -5"], &["open", "open"]),
        ];
        for (events, expected) in cases {
            assert_eq!(ends(&[], events), *expected, "{events:?}");
        }
    }
}
