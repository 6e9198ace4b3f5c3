//! Adds up the lines of every payout anew, and holds what the document says of it against that.
//!
//! All that is said of a payout follows from the entries. Each line is therefore written once more
//! and compared byte by byte.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::entry::{Disposition, Kind, NewEntry, Side, Status};
use crate::limits;
use crate::money::{Amount, Currency};
use crate::time::Instant;

use super::Verifier;
use super::cursor::Read;
use super::facts::Fact;
use super::ledger::{Index, Record};
use super::sources::Source;
use super::sums::Sum;
use super::verdict::CheckName;

/// The parts of a payout, in the order in which they are listed.
const PARTS: [&str; 9] = [
    "sales",
    "refunds",
    "chargebacks",
    "fees",
    "tax",
    "reserve_held",
    "reserve_released",
    "transfers",
    "adjustments",
];
const FEES: usize = 3;
const TAX: usize = 4;
const HELD: usize = 5;
const RELEASED: usize = 6;
const ADJUSTMENTS: usize = 8;

/// A payout: its provider and scope by number, its name and currency; a nameless one by its row.
type Key = (usize, String, Currency, Option<Index>);

/// What the entries of one payout add up to.
#[derive(Clone, Debug, Default)]
struct Tally {
    lines: u64,
    open: u64,
    net: Sum,
    parts: [Sum; PARTS.len()],
    rows: Vec<Index>,
    /// What the rows move out of the balance.
    moved: Sum,
    held: Vec<Index>,
    released: Vec<Index>,
    oldest: Option<Instant>,
    paid_at: Option<Instant>,
    sources: Vec<u16>,
    /// When the rows say that it was paid, and in which source.
    paid_in: Vec<(u16, Option<Instant>)>,
}

impl Tally {
    fn paid(&self) -> Sum {
        Sum::default().minus(self.moved)
    }

    fn difference(&self) -> Sum {
        self.paid().minus(self.net)
    }
}

/// The lines of one book and currency.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    lines: u64,
    ends: Option<(Instant, Instant)>,
    longest: i64,
}

/// The payouts of the entries.
#[derive(Debug, Default)]
pub(super) struct Payouts {
    /// Provider and scope, sorted, and whether rows of theirs were rejected.
    books: Vec<(String, String, bool)>,
    /// By source.
    book_of: Vec<usize>,
    tallies: BTreeMap<Key, Tally>,
    spans: BTreeMap<(usize, Currency), Span>,
    /// Those that do not add up, by their first row.
    wrong: BTreeMap<Index, Key>,
    /// Those of which no line was read yet, last first.
    next: Vec<Key>,
}

impl Payouts {
    /// Learns whose books the sources are.
    fn begin(&mut self, sources: &[Source]) {
        let name = |one: &Source| {
            let provider = one.profile.split_once('-').map_or(&*one.profile, |(name, _)| name);
            (provider.to_owned(), one.scope.clone())
        };
        let mut names: Vec<(String, String)> = sources.iter().map(name).collect();
        names.sort();
        names.dedup();
        let place = |one: &Source| names.binary_search(&name(one)).unwrap_or_default();
        self.book_of = sources.iter().map(place).collect();
        let short = |at: usize| sources.iter().any(|one| place(one) == at && one.rejected > 0);
        let books = names.iter().enumerate();
        self.books =
            books.map(|(at, (name, scope))| (name.clone(), scope.clone(), short(at))).collect();
    }

    /// Adds an entry.
    pub(super) fn entry(
        &mut self,
        sources: &[Source],
        index: Index,
        record: &Record,
        new: &NewEntry<'_>,
    ) {
        if record.side != Side::Settlement {
            return;
        }
        if self.book_of.is_empty() {
            self.begin(sources);
        }
        let book = self.book_of.get(usize::from(record.source)).copied().unwrap_or_default();
        let currency = new.net_currency;
        if new.kind == Kind::Payout {
            return self.paid_out(index, record, (book, currency), new);
        }
        let left_out = record.disposition == Disposition::Excluded;
        if left_out && !record.reason.moves_money() {
            return;
        }
        let span = self.spans.entry((book, currency)).or_default();
        span.lines = span.lines.saturating_add(1);
        if let Some(at) = new.occurred_at {
            let (first, last) = span.ends.unwrap_or((at, at));
            span.ends = Some((first.min(at), last.max(at)));
        }
        if !new.batch.is_empty() || matches!(new.kind, Kind::Reserve | Kind::Release) {
            let key = (book, new.batch.to_owned(), currency, None);
            add(self.tallies.entry(key).or_default(), index, record, new);
        }
    }

    /// Adds a row that says that money was paid out.
    fn paid_out(
        &mut self,
        index: Index,
        record: &Record,
        (book, currency): (usize, Currency),
        new: &NewEntry<'_>,
    ) {
        if matches!(new.status, Status::Failed | Status::Voided) {
            return;
        }
        let names = [new.batch, new.transaction_id, new.reference];
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let alone = name.is_empty().then_some(index);
        let tally = self.tallies.entry((book, name.to_owned(), currency, alone)).or_default();
        tally.rows.push(index);
        tally.moved.add(new.net);
        tally.paid_at = tally.paid_at.max(new.occurred_at);
        tally.paid_in.push((record.source, new.occurred_at));
    }

    /// After the last entry: which payouts do not add up.
    fn close(&mut self) {
        if self.tallies.len() > limits::PAYOUTS {
            self.tallies.clear();
        }
        for ((book, _, currency, _), tally) in &self.tallies {
            if let Some(span) = self.spans.get_mut(&(*book, *currency))
                && let Some((paid, oldest)) = tally.paid_at.zip(tally.oldest)
                && let Some(time) = paid.0.checked_sub(oldest.0)
            {
                span.longest = span.longest.max(time);
            }
        }
        let wrong = self.tallies.iter().filter(|(key, tally)| self.link(key, tally) == "differs");
        let wrong = wrong.filter_map(|(key, tally)| Some((*tally.rows.first()?, key.clone())));
        self.wrong = wrong.collect();
        self.next = self.tallies.keys().rev().cloned().collect();
    }

    /// Whether the lines add up to what was paid.
    fn link(&self, key: &Key, tally: &Tally) -> &'static str {
        let (book, _, currency, _) = key;
        if tally.rows.is_empty() {
            return "no_payout_row";
        }
        if tally.lines == 0 {
            return "no_lines";
        }
        if tally.difference().is_zero() {
            return "agrees";
        }
        let short = self.books.get(*book).is_some_and(|(_, _, short)| *short);
        let span = self.spans.get(&(*book, *currency)).copied().unwrap_or_default();
        let within = || {
            let Some((oldest, (first, last))) = tally.oldest.zip(span.ends) else { return false };
            let room = oldest.0.checked_sub(first.0);
            room.is_some_and(|room| room >= span.longest)
                && tally.paid_in.iter().all(|(source, at)| {
                    tally.sources.contains(source) || at.is_some_and(|at| at <= last)
                })
        };
        if !short && (tally.lines == span.lines || within()) { "differs" } else { "not_shown" }
    }

    /// One payout as the document must write it.
    fn write(&self, key: &Key, name: impl Fn(Index) -> String) -> String {
        let nothing = Tally::default();
        let tally = self.tallies.get(key).unwrap_or(&nothing);
        let (book, batch, currency, _) = key;
        let (provider, scope, _) = self.books.get(*book).cloned().unwrap_or_default();
        let show = |sum: Sum| sum.show(*currency);
        let rows = |rows: &[Index]| {
            let names: Vec<String> = rows.iter().map(|row| quoted(&name(*row))).collect();
            names.join(",")
        };
        let mut out = format!("{{\"provider\":{}", quoted(&provider));
        for (field, text) in [("scope", &scope), ("batch", batch)] {
            if !text.is_empty() {
                let _ = write!(out, ",\"{field}\":{}", quoted(text));
            }
        }
        let (lines, open) = (tally.lines, tally.open);
        let _ = write!(out, ",\"currency\":\"{currency}\",\"lines\":{lines},\"open\":{open}");
        let _ = write!(out, ",\"net\":\"{}\",\"parts\":[", show(tally.net));
        let parts = PARTS.iter().zip(tally.parts).filter(|(_, sum)| !sum.is_zero());
        let parts = parts
            .map(|(part, sum)| format!("{{\"part\":\"{part}\",\"amount\":\"{}\"}}", show(sum)));
        let _ = write!(out, "{}]", parts.collect::<Vec<_>>().join(","));
        let _ = write!(out, ",\"payout\":[{}]", rows(&tally.rows));
        if !tally.rows.is_empty() {
            let _ = write!(out, ",\"paid\":\"{}\"", show(tally.paid()));
            if lines > 0 {
                let _ = write!(out, ",\"difference\":\"{}\"", show(tally.difference()));
            }
        }
        let orders = match (lines, open) {
            (0, _) => "no_lines",
            (_, 0) => "agrees",
            _ => "open",
        };
        let link = self.link(key, tally);
        let _ = write!(out, ",\"status\":{{\"orders\":\"{orders}\",\"lines\":\"{link}\"}}");
        let notes = self.notes(key).into_iter().map(|(code, held, part)| {
            let amount = tally.parts.get(part).copied().unwrap_or_default();
            format!(
                "{{\"code\":\"{code}\",\"rows\":[{}],\"amount\":\"{}\",\"currency\":\"{currency}\"}}",
                rows(held),
                show(amount)
            )
        });
        let _ = write!(out, ",\"notes\":[{}]}}", notes.collect::<Vec<_>>().join(","));
        out
    }

    /// What is noted of a payout: the code, the rows, and the part that they add up to.
    fn notes(&self, key: &Key) -> Vec<(&'static str, &[Index], usize)> {
        let Some(tally) = self.tallies.get(key) else { return Vec::new() };
        let both: [(&str, &[Index], usize); 2] =
            [("RESERVE_HELD", &tally.held, HELD), ("RESERVE_RELEASED", &tally.released, RELEASED)];
        both.into_iter().filter(|(_, rows, _)| !rows.is_empty()).collect()
    }
}

/// Adds a line to its payout.
fn add(tally: &mut Tally, index: Index, record: &Record, new: &NewEntry<'_>) {
    tally.lines = tally.lines.saturating_add(1);
    if record.disposition == Disposition::Open {
        tally.open = tally.open.saturating_add(1);
    }
    tally.net.add(new.net);
    tally.oldest = match (tally.oldest, new.occurred_at) {
        (Some(oldest), Some(at)) => Some(oldest.min(at)),
        (oldest, at) => oldest.or(at),
    };
    if !tally.sources.contains(&record.source) {
        tally.sources.push(record.source);
    }
    let part = match new.kind {
        Kind::Sale | Kind::Capture => 0,
        Kind::Refund | Kind::Reversal => 1,
        Kind::Chargeback | Kind::ChargebackReversal => 2,
        Kind::Fee => FEES,
        Kind::Reserve | Kind::Release if new.net.is_negative() => HELD,
        Kind::Reserve | Kind::Release => RELEASED,
        Kind::Transfer => 7,
        _ => ADJUSTMENTS,
    };
    match part {
        HELD => tally.held.push(index),
        RELEASED if !new.net.is_zero() => tally.released.push(index),
        _ => {}
    }
    let converted = new.currency != new.net_currency;
    let whole = Sum::of(new.net);
    let figures = if converted || part == FEES {
        [(part, whole), (FEES, Sum::default()), (TAX, Sum::default()), (part, Sum::default())]
    } else {
        let [amount, fee, tax] = [new.amount, new.fee, new.tax].map(Sum::of);
        let rest = whole.minus(amount).minus(fee).minus(tax);
        [(part, amount), (FEES, fee), (TAX, tax), (ADJUSTMENTS, rest)]
    };
    for (part, sum) in figures {
        if let Some(own) = tally.parts.get_mut(part) {
            *own = own.plus(sum);
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

impl Verifier<'_> {
    /// After the last entry.
    pub(super) fn close_payouts_of_entries(&mut self) {
        self.payouts.close();
    }

    /// One payout.
    pub(super) fn payout(&mut self, line: &str) -> Read<()> {
        let Some(key) = self.payouts.next.pop() else {
            let place = || "payouts".to_owned();
            let what = "no entry belongs to this payout";
            self.findings.differs(CheckName::Payouts, what, place, (shortened(line, 0), ""));
            return Ok(());
        };
        let payouts = &self.payouts;
        let computed = payouts.write(&key, |row| self.ledger.name(row));
        if computed != line {
            let same = line.bytes().zip(computed.bytes()).take_while(|(a, b)| a == b).count();
            let what = "what is said of a payout is not what its entries add up to";
            let place = || format!("payout {}", key.1);
            let shown = (shortened(line, same), shortened(&computed, same));
            self.findings.differs(CheckName::Payouts, what, place, shown);
        }
        let sealed = payouts.write(&key, |row| {
            self.ledger.get(row).map_or_else(String::new, |record| record.identity.to_string())
        });
        self.seals.add(sealed.as_bytes());
        for (code, ..) in payouts.notes(&key) {
            self.notes = self.notes.saturating_add(1);
            let count = self.by_code.entry(code.to_owned()).or_default();
            *count = count.saturating_add(1);
        }
        Ok(())
    }

    /// After the last payout: none is missing.
    pub(super) fn close_payouts(&mut self) {
        for (_, name, ..) in &self.payouts.next {
            let what = "the entries have a payout that is not listed";
            let place = || format!("payout {name}");
            self.findings.differs(CheckName::Payouts, what, place, ("", name));
        }
    }

    /// Holds what an exception says of a payout against its entries.
    pub(super) fn check_payout_total(&mut self, row: Index, fact: &Fact, place: &str) {
        let place = || place.to_owned();
        let Some(key) = self.payouts.wrong.remove(&row) else {
            let what = "the lines of this payout add up, or do not show it whole";
            let name = self.ledger.name(row);
            return self.findings.differs(CheckName::Payouts, what, place, (name, ""));
        };
        let nothing = Tally::default();
        let tally = self.payouts.tallies.get(&key).unwrap_or(&nothing);
        let show = |sum: Sum| sum.show(key.2);
        let stated = fact.money.map_or(Amount::ZERO, |(amount, _)| amount);
        let shown = [
            (fact.expected.clone(), show(tally.net)),
            (fact.actual.clone(), show(tally.paid())),
            (stated.format(key.2), show(tally.difference())),
        ];
        let what = "the figures of a payout that does not add up";
        for pair in shown {
            self.findings.equal(CheckName::Payouts, what, place, pair);
        }
        if fact.rows != tally.rows {
            let what = "the rows are those that say that the payout was paid";
            self.findings.differs(CheckName::Payouts, what, place, ("", ""));
        }
    }

    /// After the last exception: each payout that does not add up has one.
    pub(super) fn close_payout_totals(&mut self) {
        for row in self.payouts.wrong.keys() {
            let what = "the lines of a payout do not add up to it, and it has no exception";
            let place = || self.ledger.name(*row);
            self.findings.differs(CheckName::Payouts, what, place, ("", ""));
        }
    }
}

/// The part of a line from where it differs, for people.
fn shortened(line: &str, from: usize) -> String {
    let from = (0..=from.saturating_sub(20)).rev().find(|at| line.is_char_boundary(*at));
    line.get(from.unwrap_or(0)..).unwrap_or_default().chars().take(80).collect()
}
