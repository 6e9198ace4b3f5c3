//! Adds up the lines of every payout anew, and holds what the document says of it against that.
//!
//! All that is said of a payout follows from the entries. Each line is therefore written once more
//! and compared byte by byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::entry::{Disposition, Kind, NewEntry, Reason, Side, Status};
use crate::limits;
use crate::money::{Amount, Currency};
use crate::time::{Date, Instant};

use super::Verifier;
use super::choices::Class;
use super::cursor::Read;
use super::facts::Fact;
use super::ledger::{Figure, Index, MatchName, Named, Record};
use super::links::Evidence;
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
    /// The deposits of each match, and the match of each payout that is in one.
    deposits: BTreeMap<MatchName, Vec<Index>>,
    arrived: BTreeMap<Index, MatchName>,
    /// What each payout is called.
    names: BTreeMap<Index, String>,
    /// When each payout was paid.
    paid_on: BTreeMap<Index, Date>,
    /// The first and the last day of the bank's lines in each currency.
    banked: BTreeMap<Currency, (Date, Date)>,
    /// Payouts that a deposit of another amount names.
    disputed: BTreeSet<Index>,
    /// Payouts that a deposit may be, and may not be.
    asked: BTreeSet<Index>,
    /// Payouts that are said to be missing.
    missing: BTreeSet<Index>,
    spans: BTreeMap<(usize, Currency), Span>,
    /// Rows that an earlier run closed, and stated what was wrong with them.
    closed: BTreeSet<Index>,
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
        let short = |at: usize| {
            sources
                .iter()
                .any(|one| place(one) == at && (one.rejected > 0 || one.carried.is_some()))
        };
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
        if record.side == Side::Bank {
            if let Some(on) = record.local_date() {
                let days = self.banked.entry(new.currency).or_insert((on, on));
                *days = (days.0.min(on), days.1.max(on));
            }
            if let Some(group) = record.group {
                self.deposits.entry(group).or_default().push(index);
            }
        }
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
        let repeated = record.reason == Reason::Repeated;
        if repeated || matches!(new.status, Status::Failed | Status::Voided) {
            return;
        }
        if record.disposition == Disposition::ClosedBefore {
            self.closed.insert(index);
        }
        let names = [new.batch, new.transaction_id, new.reference];
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let alone = name.is_empty().then_some(index);
        let tally = self.tallies.entry((book, name.to_owned(), currency, alone)).or_default();
        self.names.insert(index, name.to_owned());
        if let Some(group) = record.group {
            self.arrived.insert(index, group);
        }
        if let Some(on) = new.settled_on.or_else(|| record.local_date()) {
            self.paid_on.insert(index, on);
        }
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
        let wrong = wrong.filter(|(first, _)| !self.closed.contains(first));
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

    /// Whether what was paid arrived.
    fn bank_link(&self, tally: &Tally, currency: Currency, as_of: Option<Date>) -> &'static str {
        if tally.rows.is_empty() {
            return "no_payout_row";
        }
        let is_here = |row: &Index| self.arrived.contains_key(row) || self.closed.contains(row);
        let away = || tally.rows.iter().filter(|row| !is_here(row));
        if away().next().is_none() {
            return "arrived";
        }
        if tally.rows.iter().any(|row| self.disputed.contains(row)) {
            return "differs";
        }
        if !self.banked.contains_key(&currency) {
            return "no_bank_file";
        }
        if away().all(|row| self.is_awaited(*row, as_of)) {
            return "in_transit";
        }
        if away().any(|row| self.asked.contains(row)) {
            return "question";
        }
        let overdue = |row: &Index| self.overdue(*row, currency, as_of).is_some();
        if away().any(overdue) { "missing" } else { "not_shown" }
    }

    /// The last day on which a payout may arrive.
    fn due(&self, row: Index) -> Option<Date> {
        self.paid_on.get(&row)?.add_days(limits::PAYOUT_DAYS)
    }

    fn is_awaited(&self, row: Index, as_of: Option<Date>) -> bool {
        self.due(row).zip(as_of).is_some_and(|(due, as_of)| as_of < due)
    }

    /// The day by which a payout should have arrived, if that is over and the statements show it.
    fn overdue(&self, row: Index, currency: Currency, as_of: Option<Date>) -> Option<Date> {
        let (due, on) = (self.due(row)?, self.paid_on.get(&row)?);
        let (first, last) = self.banked.get(&currency)?;
        let shown = first <= on && due <= *last;
        (shown && !self.is_awaited(row, as_of) && as_of.is_some()).then_some(due)
    }

    /// One payout as the document must write it.
    fn write(&self, key: &Key, as_of: Option<Date>, name: impl Fn(Index) -> String) -> String {
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
        let found = tally.rows.iter().filter_map(|row| self.arrived.get(row));
        let mut deposits: Vec<Index> =
            found.filter_map(|group| self.deposits.get(group)).flatten().copied().collect();
        deposits.sort_unstable();
        deposits.dedup();
        let _ = write!(out, ",\"bank\":[{}]", rows(&deposits));
        let orders = match (lines, open) {
            (0, _) => "no_lines",
            (_, 0) => "agrees",
            _ => "open",
        };
        let link = self.link(key, tally);
        let bank = self.bank_link(tally, *currency, as_of);
        let _ = write!(out, ",\"status\":{{\"orders\":\"{orders}\",\"lines\":\"{link}\"");
        let _ = write!(out, ",\"bank\":\"{bank}\"}}");
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

    /// Whether one of some rows is of a payout of this name.
    fn has_name(&self, rows: &[Index], name: &str) -> bool {
        rows.iter().any(|row| self.names.get(row).is_some_and(|own| own == name))
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
            self.seal(line, &self.rows_of_payout(line));
            return Ok(());
        };
        let payouts = &self.payouts;
        let computed = payouts.write(&key, self.as_of, |row| self.ledger.name(row));
        if computed != line {
            let same = line.bytes().zip(computed.bytes()).take_while(|(a, b)| a == b).count();
            let what = "what is said of a payout is not what its entries add up to";
            let place = || format!("payout {}", key.1);
            let shown = (shortened(line, same), shortened(&computed, same));
            self.findings.differs(CheckName::Payouts, what, place, shown);
        }
        self.seal(line, &self.rows_of_payout(line));
        let payouts = &self.payouts;
        for (code, ..) in payouts.notes(&key) {
            self.notes = self.notes.saturating_add(1);
            let count = self.by_code.entry(code.to_owned()).or_default();
            *count = count.saturating_add(1);
        }
        Ok(())
    }

    /// The row names in a line of a payout, and where they stand.
    fn rows_of_payout(&self, line: &str) -> Vec<Named> {
        let (mut names, mut field, mut from) = (Vec::new(), "", 0);
        while let Some(start) = line.get(from..).and_then(|rest| rest.find('"')) {
            let start = from.saturating_add(start).saturating_add(1);
            let rest = line.get(start..).unwrap_or_default();
            let mut escaped = false;
            let end = rest.bytes().position(|byte| {
                let ends = byte == b'"' && !escaped;
                escaped = byte == b'\\' && !escaped;
                ends
            });
            let Some(end) = end.map(|end| start.saturating_add(end)) else { break };
            let text = line.get(start..end).unwrap_or_default();
            from = end.saturating_add(1);
            if line.get(from..).is_some_and(|rest| rest.starts_with(':')) {
                field = text;
            } else if matches!(field, "payout" | "bank" | "rows") {
                let written = serde_json::from_str::<String>(&format!("\"{text}\""));
                let index = written.ok().and_then(|name| self.ledger.find(&name));
                names.push(Named { range: start..end, index });
            }
        }
        names
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
        if fact.rows != tally.rows.get(..1).unwrap_or_default() {
            let what = "the row is the oldest that says that the payout was paid";
            self.findings.differs(CheckName::Payouts, what, place, ("", ""));
        }
    }

    /// Holds what is said of a payout that should have arrived against the statements.
    pub(super) fn check_missing_payout(&mut self, row: Index, fact: &Fact, place: &str) {
        let Some(record) = self.ledger.get(row) else { return };
        let (currency, group) = (record.net_currency, record.group);
        let away = group.is_none() && !self.payouts.disputed.contains(&row);
        let due = self.payouts.overdue(row, currency, self.as_of).filter(|_| away);
        let show = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        let stated = (fact.expected.clone(), fact.actual.clone());
        let computed = (show(due), show(self.as_of));
        if fact.rows != [row] || stated != computed {
            let what = "a payout is missing only where the statements show that it did not arrive";
            let shown = (format!("{} {}", stated.0, stated.1), computed.0);
            self.findings.differs(CheckName::Payouts, what, || place.to_owned(), shown);
        }
        self.payouts.missing.insert(row);
    }

    /// Notes the payouts that a deposit without a match may be.
    pub(super) fn note_asked(&mut self, candidates: &[Index]) {
        self.payouts.asked.extend(candidates);
    }

    /// Holds what is said of a deposit that names payouts of another sum against these.
    pub(super) fn check_deposit(&mut self, fact: &Fact, candidates: &[Index], place: &str) {
        let Some((_, currency)) = fact.money else { return };
        let mut paid = Sum::default();
        for payout in candidates {
            paid.subtract(self.ledger.figure(*payout, Figure::Amount));
        }
        let is_payout = |row: &Index| {
            self.ledger.get(*row).is_some_and(|record| {
                let left = record.disposition == Disposition::Excluded;
                left && record.kind == Kind::Payout && record.currency == currency
            })
        };
        if candidates.is_empty() || !candidates.iter().all(is_payout) {
            let what = "a deposit of another amount names no payout that did not arrive";
            self.findings.differs(CheckName::Payouts, what, || place.to_owned(), ("", ""));
        }
        let what = "what the payouts of a deposit paid";
        let shown = (fact.expected.clone(), paid.show(currency));
        self.findings.equal(CheckName::Payouts, what, || place.to_owned(), shown);
        self.payouts.disputed.extend(candidates);
    }

    /// Holds a match of payouts and deposits against its rows.
    pub(super) fn check_payout_match(
        &mut self,
        name: MatchName,
        [orders, paid, arrived]: &[Vec<Index>; 3],
        (class, parts): (Class, usize),
        evidence: &[Evidence],
    ) {
        let mut sums = [Sum::default(), Sum::default()];
        let mut currencies = BTreeSet::new();
        let mut fits = orders.is_empty() && !paid.is_empty() && !arrived.is_empty() && parts == 0;
        for (rows, sum) in [paid, arrived].into_iter().zip(&mut sums) {
            for row in rows {
                let Some(record) = self.ledger.get(*row) else { continue };
                let payout = record.side == Side::Settlement;
                fits &= (record.kind == Kind::Payout) || !payout;
                fits &= !payout || !matches!(record.status, Status::Failed | Status::Voided);
                currencies.insert(record.currency);
                sum.add(self.ledger.figure(*row, Figure::Amount));
            }
        }
        let [left, came] = sums;
        let one = currencies.first().copied().filter(|_| currencies.len() == 1);
        let adds_up = left.plus(came).is_zero();
        let shown = one.map(|currency| format!("{currency} {}", came.show(currency)));
        let pair = paid.len() == 1 && arrived.len() == 1;
        let told = match evidence {
            [reason] if reason.kind == "payout" => {
                self.payouts.has_name(paid, &reason.value)
                    || paid.iter().any(|row| self.writes_key(*row, &reason.value))
            }
            [reason] => {
                let kind = if pair { "amount" } else { "sum" };
                reason.kind == kind && Some(&reason.value) == shown.as_ref()
            }
            _ => false,
        };
        let forced = class == Class::Forced;
        if !(fits && adds_up && one.is_some() && told && forced) {
            let what = "payouts and deposits of a match are not the same money";
            let shown = (format!("{:?}", evidence.first().map(|one| &one.value)), String::new());
            self.findings.differs(CheckName::Payouts, what, || name.to_string(), shown);
        }
    }

    /// After the last exception: each payout that does not add up, or did not arrive, has one.
    pub(super) fn close_payout_totals(&mut self) {
        let missing = self.payouts.tallies.iter().filter(|((_, _, currency, _), tally)| {
            self.payouts.bank_link(tally, *currency, self.as_of) == "missing"
        });
        let rows = missing.flat_map(|((_, _, currency, _), tally)| {
            let overdue = |row: &&Index| {
                !self.payouts.arrived.contains_key(row)
                    && !self.payouts.closed.contains(row)
                    && self.payouts.overdue(**row, *currency, self.as_of).is_some()
            };
            tally.rows.iter().filter(overdue).copied()
        });
        let rows: BTreeSet<Index> = rows.collect();
        for row in rows.symmetric_difference(&self.payouts.missing) {
            let what = "a payout did not arrive exactly where an exception says so";
            let place = || self.ledger.name(*row);
            self.findings.differs(CheckName::Payouts, what, place, ("", ""));
        }
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
