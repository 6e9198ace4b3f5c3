//! Checks one exception: its facts, its headline, its money, and the row or match that it is of.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use xxhash_rust::xxh3::xxh3_128;

use crate::codes::Code;
use crate::entry::{Disposition, Side};
use crate::money::{Amount, Currency};
use crate::time::Date;

use super::Verifier;
use super::carried::{self, Earlier};
use super::cursor::{Cursor, Read};
use super::facts::{self, Fact};
use super::ledger::{Figure, Index, MatchName, Named};
use super::sums::Sum;
use super::values;
use super::verdict::CheckName;
use super::why_not::{self, WhyNot};

/// The states that an exception can be in as long as nobody has decided anything.
const STATES: &[&str] = &["open"];

/// What is known of the exceptions so far.
#[derive(Debug, Default)]
pub(super) struct Exceptions {
    pub(super) count: u64,
    ids: Vec<u128>,
    last: Option<Index>,
}

/// One exception as the document states it.
struct Exception {
    id: String,
    of: Option<MatchName>,
    rows: Vec<Index>,
    money: Option<(Amount, Currency)>,
    facts: Vec<Fact>,
    words: [String; 2],
    candidates: Vec<Index>,
    why_not: Option<WhyNot>,
    earlier: Option<Earlier>,
}

impl Verifier<'_> {
    /// One exception.
    pub(super) fn exception(&mut self, line: &str) -> Read<()> {
        let mut c = Cursor::new(line);
        let mut names = Vec::new();
        c.literal("{")?;
        let id = c.word("id", |text| text.starts_with('x').then(|| text.to_owned()))?;
        let code = c.text("code")?.value;
        c.word("state", |text| STATES.contains(&text).then_some(()))?;
        let of = if c.has("match") {
            let text = c.string()?.value;
            Some(MatchName::parse(&text).ok_or_else(|| c.wrong("not the id of a match", &text))?)
        } else {
            None
        };
        let mut rows = Vec::new();
        c.field("rows")?;
        self.rows(&mut c, &mut names, &mut rows)?;
        let money = facts::money(&mut c)?;
        let mut facts = Vec::new();
        c.list_of("facts", |c| {
            let fact = self.fact(c, &mut names)?;
            facts.push(fact);
            Ok(())
        })?;
        let words = explanation(&mut c, "explanation")?;
        let mut candidates = Vec::new();
        c.list_of("candidates", |c| {
            candidates.extend(self.candidate(c, &mut names)?);
            Ok(())
        })?;
        let why_not =
            if c.has("why_not") { Some(why_not::read(self, &mut c, &mut names)?) } else { None };
        let earlier = carried::read_earlier(&mut c)?;
        c.literal("}")?;
        c.end()?;

        self.check_earlier(rows.first().copied(), &facts, earlier.as_ref(), &id);
        let headline = facts.first().map_or("", |fact| fact.code.name());
        let what = "the code is that of the first fact";
        self.findings.equal(CheckName::Facts, what, || id.clone(), (&*code, headline));
        let said = Exception { id, of, rows, money, facts, words, candidates, why_not, earlier };
        self.check_exception(said);
        self.seal(line, &names);
        Ok(())
    }

    fn candidate(&mut self, c: &mut Cursor<'_>, names: &mut Vec<Named>) -> Read<Option<Index>> {
        c.literal("{")?;
        c.field("row")?;
        let row = self.row(c, names)?;
        if c.has("why") {
            c.string()?;
        }
        c.literal("}").map(|()| row)
    }

    fn check_exception(&mut self, mut exception: Exception) {
        self.exceptions.count = self.exceptions.count.saturating_add(1);
        self.exceptions.ids.push(xxh3_128(exception.id.as_bytes()));
        self.check_order_of_exception(&exception);
        self.check_facts(&exception);
        if let Some(why) = &exception.why_not {
            match exception.rows.first().filter(|_| exception.of.is_none()) {
                Some(row) => self.check_why_not(*row, why, &exception.id),
                None => {
                    let what = "only an open row is asked why it is in no match";
                    let place = || exception.id.clone();
                    self.findings.differs(CheckName::Facts, what, place, ("", ""));
                }
            }
        }
        let of = exception.of;
        self.causes.note(&exception.id, of.is_some(), &exception.rows, &exception.facts);
        if let Some((amount, currency)) = exception.money {
            self.causes.note_money(&exception.id, Sum::of(amount), currency);
        }
        let rest = match of {
            Some(name) => self.annotate(name, &mut exception),
            None => self.open_row(&exception),
        };
        self.check_id(&exception);
        let Some((computed, currency)) = rest else { return };
        let stated = exception.money.map_or(Sum::default(), |(amount, _)| Sum::of(amount));
        let other = exception.money.is_some_and(|(_, stated)| stated != currency);
        let sum = Sum::of(computed);
        if other || !stated.equals(sum) {
            let what = "the amount of an exception is not its unexplained money";
            let own = exception.money.map_or(currency, |(_, own)| own);
            let show = |sum: Sum, currency: Currency| format!("{} {currency}", sum.show(currency));
            let shown = (show(stated, own), show(sum, currency));
            self.findings.differs(CheckName::Facts, what, || exception.id.clone(), shown);
        }
    }

    /// An exception about a match names rows of that match only, and is its only one.
    fn annotate(&mut self, name: MatchName, of: &mut Exception) -> Option<(Amount, Currency)> {
        for fact in &of.facts {
            self.check_rows_of_match(fact, name);
        }
        let place = || of.id.clone();
        let Some(found) = self.matches.find(name) else {
            let what = "there is no match with this id";
            self.findings.differs(CheckName::Partition, what, place, (name.to_string(), ""));
            return None;
        };
        if found.annotated {
            let what = "a match has two exceptions";
            self.findings.differs(CheckName::Partition, what, place, (name.to_string(), ""));
        }
        found.annotated = true;
        let wants = found.wants;
        let currency = of.money.map(|(_, currency)| currency);
        let rest = found.unexplained.iter().find(|(own, _)| Some(*own) == currency);
        let rest = match (rest.or(found.unexplained.first()), currency) {
            (Some((own, amount)), _) => Some((*amount, *own)),
            (None, Some(currency)) => Some((Amount::ZERO, currency)),
            (None, None) => None,
        };
        self.check_wanted(wants, &of.facts, &of.id);
        for fact in of.facts.iter().filter(|fact| fact.code == Code::PayoutTotalMismatch) {
            if let Some(row) = fact.rows.first() {
                self.check_payout_total(*row, fact, &of.id);
            }
        }
        rest
    }

    /// An exception about an open entry: the first of its rows, and the only open one.
    fn open_row(&mut self, exception: &Exception) -> Option<(Amount, Currency)> {
        let is_open = |index: &&Index| {
            self.ledger.get(**index).is_some_and(|r| r.disposition == Disposition::Open)
        };
        let open = exception.rows.iter().filter(is_open).count();
        let first = *exception.rows.first()?;
        match exception.facts.as_slice() {
            // It moved no money, and its fact is held against the row.
            [fact] if fact.code == Code::PreauthNotCaptured => {
                return Some((Amount::ZERO, self.ledger.get(first)?.currency));
            }
            // Its money has a place: only its lines do not say which, or it did not arrive.
            [_, ..] if open == 0 && exception.facts.iter().all(|f| is_of_payout(f.code)) => {
                for fact in &exception.facts {
                    match fact.code {
                        Code::LateSettlement => {
                            self.check_missing_payout(first, fact, &exception.id);
                        }
                        _ => self.check_payout_total(first, fact, &exception.id),
                    }
                }
                return Some((Amount::ZERO, self.ledger.get(first)?.net_currency));
            }
            _ => {}
        }
        let place = || exception.id.clone();
        if open != 1 || !is_open(&&first) {
            let what = "an exception that is of no match is of one open entry, its first row";
            self.findings.differs(CheckName::Partition, what, place, (open, 1));
        }
        if self.ledger.hold(first) > 0 {
            let what = "an entry is in two places";
            let name = self.ledger.name(first);
            self.findings.differs(CheckName::Partition, what, place, (name, ""));
        }
        let stated = exception.facts.iter().find(|fact| fact.code == Code::PayoutTotalMismatch);
        if let Some(fact) = stated {
            self.check_deposit(fact, &exception.candidates, &exception.id);
        }
        let said = (exception.facts.as_slice(), exception.candidates.as_slice());
        self.check_absence(first, said, &exception.id);
        if stated.is_none() && self.ledger.get(first)?.side == Side::Bank {
            self.note_asked(&exception.candidates);
        }
        let record = self.ledger.get(first)?;
        match record.side {
            Side::Orders => {
                let amount = self.ledger.figure(first, Figure::Amount).checked_neg()?;
                Some((amount, record.currency))
            }
            Side::Settlement | Side::Bank => {
                Some((self.ledger.figure(first, Figure::Net), record.net_currency))
            }
            // Of an event that is settled with another amount, the difference.
            Side::Webhook => {
                let code = |code| matches!(code, Code::AmountUnder | Code::AmountOver);
                let differing = exception.facts.iter().find(|fact| code(fact.code));
                let own = (self.ledger.figure(first, Figure::Net), record.net_currency);
                Some(differing.and_then(|fact| fact.money).unwrap_or(own))
            }
        }
    }

    /// An exception is named after its match, or else its row.
    fn check_id(&mut self, exception: &Exception) {
        let first = exception.rows.first().and_then(|first| self.ledger.get(*first));
        let computed = match (exception.of, first) {
            (Some(name), _) => format!("x{name}"),
            (None, Some(record)) => MatchName::after(record.identity).to_string().replace('m', "x"),
            (None, None) => return,
        };
        let what = "the id of an exception is not that of its match or row";
        let shown = (exception.id.as_str(), computed.as_str());
        self.findings.equal(CheckName::Identities, what, || exception.id.clone(), shown);
    }

    /// Exceptions stand in the order of their first rows, and their rows in that of the entries.
    fn check_order_of_exception(&mut self, exception: &Exception) {
        let place = || exception.id.clone();
        let first = exception.rows.iter().min().copied();
        if first <= self.exceptions.last || !exception.rows.is_sorted_by(|a, b| a < b) {
            let what = "exceptions or their rows are not in the order of the entries";
            self.findings.differs(CheckName::Order, what, place, ("", ""));
        }
        self.exceptions.last = first.max(self.exceptions.last);
    }

    /// The facts: sorted, for someone to act on, and about the rows that the exception names.
    fn check_facts(&mut self, exception: &Exception) {
        let facts = &exception.facts;
        for fact in facts {
            self.check_fact(fact, &exception.id);
            if fact.code.is_info() {
                let what = "this code is a note, not an exception";
                let shown = (fact.code.name(), "");
                self.findings.differs(CheckName::Facts, what, || exception.id.clone(), shown);
            }
        }
        let place = || exception.id.clone();
        if !facts.is_sorted_by_key(|fact| fact.code.headline_key()) {
            let what = "the facts are not sorted by their precedence";
            self.findings.differs(CheckName::Facts, what, place, ("", ""));
        }
        let named: BTreeSet<Index> = facts.iter().flat_map(|fact| fact.rows.clone()).collect();
        if !exception.rows.iter().copied().eq(named.iter().copied()) {
            let names = |rows: &mut dyn Iterator<Item = Index>| -> String {
                rows.map(|row| self.ledger.name(row)).collect::<Vec<_>>().join(", ")
            };
            let what = "the rows are those of the facts";
            let shown =
                (names(&mut exception.rows.iter().copied()), names(&mut named.iter().copied()));
            self.findings.differs(CheckName::Facts, what, place, shown);
        }
        self.check_words(exception);
    }

    /// The sentences have no figure but those of the facts, and the same in both languages.
    fn check_words(&mut self, exception: &Exception) {
        let place = || exception.id.clone();
        let mut known = BTreeSet::from([Decimal::ONE_HUNDRED]); // "exactly 100 times the other"
        for fact in &exception.facts {
            known.extend(numbers(&fact.expected));
            known.extend(numbers(&fact.actual));
            let money = fact.money.map(|(amount, currency)| amount.format(currency));
            known.extend(numbers(&money.unwrap_or_default()));
        }
        let earlier = exception.earlier.iter().flat_map(|earlier| &earlier.figures);
        known.extend(earlier.flat_map(|text| numbers(text)));
        let [en, zh] = &exception.words;
        let (mut en, mut zh) = (numbers(en), numbers(zh));
        if let Some(number) = en.iter().chain(&zh).find(|number| !known.contains(number)) {
            let what = "the explanation has a number that no fact has";
            self.findings.differs(CheckName::Facts, what, place, (number, ""));
        }
        en.sort_unstable();
        zh.sort_unstable();
        if en != zh {
            let what = "the explanation has other numbers in English than in Chinese";
            self.findings.differs(CheckName::Facts, what, place, ("", ""));
        }
    }

    /// One entry whose money is not due yet.
    pub(super) fn in_transit(&mut self, line: &str) -> Read<()> {
        let mut c = Cursor::new(line);
        let mut names = Vec::new();
        c.literal("{")?;
        c.field("row")?;
        let index = self.row(&mut c, &mut names)?;
        let due = c.word("due", Date::from_iso)?;
        c.literal("}")?;
        c.end()?;
        self.seal(line, &names);
        let Some(index) = index else { return Ok(()) };
        let before = self.ledger.hold(index);
        let place = || self.ledger.name(index);
        let disposition = self.ledger.get(index).map_or("", |record| record.disposition.name());
        if disposition != Disposition::InTransit.name() || before > 0 {
            let what = "an entry is not in transit, or is in two places";
            let shown = (Disposition::InTransit.name(), disposition);
            self.findings.differs(CheckName::Partition, what, place, shown);
        }
        if self.as_of.is_some_and(|as_of| due <= as_of) {
            let what = "an entry in transit is due already";
            self.findings.differs(CheckName::Partition, what, place, (due, ""));
        }
        if self.last_in_transit.is_some_and(|last| last >= index) {
            let what = "entries in transit are not in the order of the entries";
            self.findings.differs(CheckName::Order, what, place, ("", ""));
        }
        self.last_in_transit = Some(index);
        Ok(())
    }

    /// At the end: ids are different, and every entry is where it says.
    pub(super) fn close_places(&mut self) {
        self.exceptions.ids.sort_unstable();
        let ids = &self.exceptions.ids;
        if ids.iter().zip(ids.iter().skip(1)).any(|(a, b)| a == b) {
            let what = "two exceptions have the same id";
            let place = || "exceptions".to_owned();
            self.findings.differs(CheckName::Partition, what, place, ("", ""));
        }
        for (index, record) in self.ledger.iter() {
            let what = match record.disposition {
                Disposition::Open => "an open entry has no exception",
                Disposition::InTransit => "an entry in transit is not listed as such",
                _ => continue,
            };
            if record.held == 0 {
                let place = || self.ledger.name(index);
                self.findings.differs(CheckName::Partition, what, place, ("", ""));
            }
        }
    }
}

/// Whether a code is one that payouts have which are in no match.
fn is_of_payout(code: Code) -> bool {
    matches!(code, Code::PayoutTotalMismatch | Code::LateSettlement)
}

/// A text in both languages.
pub(super) fn explanation(c: &mut Cursor<'_>, field: &str) -> Read<[String; 2]> {
    c.field(field)?;
    c.literal("{")?;
    let en = c.text("en")?.value.into_owned();
    let zh = c.text("zh-Hans")?.value.into_owned();
    c.literal("}")?;
    Ok([en, zh])
}

/// The numbers in a text, without signs.
pub(super) fn numbers(text: &str) -> Vec<Decimal> {
    let runs = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    runs.filter_map(|run| values::decimal(run.trim_matches('.'))).collect()
}
