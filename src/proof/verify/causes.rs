//! Checks what the document says several exceptions have for a cause: which exceptions these are, what
//! they come to, and that rows which are said to be missing as one are.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use xxhash_rust::xxh3::xxh3_128;

use crate::codes::{Code, Family};
use crate::entry::{Disposition, Side};
use crate::money::Currency;
use crate::time::{Date, Instant};

use super::Verifier;
use super::cursor::{Cursor, Read};
use super::exceptions::{explanation, numbers};
use super::facts::Fact;
use super::ledger::Index;
use super::sums::Sum;
use super::values;
use super::verdict::CheckName;

/// The fewest exceptions of a cause.
const FEWEST: usize = 5;

/// What a cause is called, and the codes of which each of its exceptions has one.
const CAUSES: [(&str, &[Code]); 4] = [
    ("gap", &[Code::FileGap]),
    ("unit", &[Code::UnitMismatch]),
    ("store", &[Code::MissingInOrders]),
    ("fee_change", &[Code::FeeOvercharge, Code::FeeUndercharge]),
];

/// An exception, as far as causes speak of it.
#[derive(Clone, Debug)]
struct Known {
    /// The hash of its id.
    id: u128,
    /// Its first row, and that of the fact about a cause.
    first: Index,
    codes: BTreeSet<Code>,
    /// The days of the gap that it is in.
    gap: Option<(Date, Date)>,
    money: (Sum, Option<Currency>),
    taken: bool,
}

/// The causes that were read so far.
#[derive(Debug, Default)]
pub(super) struct Causes {
    known: Vec<Known>,
    sorted: bool,
    last: Option<Index>,
    /// Rows that are alone, by the side that they are on.
    alone: BTreeSet<Index>,
    /// Rows that are said to be in a gap, and those of a cause that is one.
    in_gaps: BTreeSet<Index>,
    in_causes: BTreeSet<Index>,
}

impl Causes {
    /// Keeps what causes may say of an exception.
    pub(super) fn note(&mut self, id: &str, of_match: bool, rows: &[Index], said: &[Fact]) {
        let Some(first) = rows.first().copied() else { return };
        let codes: BTreeSet<Code> = said.iter().map(|fact| fact.code).collect();
        // Of equal rows it is not known which one is left over.
        let absent = said.iter().any(|fact| {
            matches!(fact.code, Code::MissingInSettlement | Code::MissingInOrders)
                && fact.expected.is_empty()
        });
        let decided = codes.iter().all(|code| code.family() != Family::Decision);
        if !of_match && absent && decided {
            self.alone.insert(first);
        }
        let gap = said.iter().find(|fact| fact.code == Code::FileGap);
        let gap = gap.and_then(|fact| {
            Some((Date::from_iso(&fact.expected)?, Date::from_iso(&fact.actual)?))
        });
        if codes.contains(&Code::FileGap) {
            self.in_gaps.insert(first);
        }
        if !CAUSES.iter().any(|(_, wanted)| wanted.iter().any(|code| codes.contains(code))) {
            return;
        }
        let (id, money) = (xxh3_128(id.as_bytes()), (Sum::default(), None));
        self.known.push(Known { id, first, codes, gap, money, taken: false });
    }

    /// Adds the money of the exception that was noted last.
    pub(super) fn note_money(&mut self, id: &str, amount: Sum, currency: Currency) {
        let last = self.known.last_mut().filter(|known| known.id == xxh3_128(id.as_bytes()));
        if let Some(known) = last {
            known.money = (amount, Some(currency));
        }
    }

    fn find(&mut self, id: &str) -> Option<&mut Known> {
        if !self.sorted {
            self.known.sort_unstable_by_key(|known| known.id);
            self.sorted = true;
        }
        let at =
            self.known.binary_search_by_key(&xxh3_128(id.as_bytes()), |known| known.id).ok()?;
        self.known.get_mut(at)
    }
}

/// One cause as the document states it.
struct Cause {
    id: String,
    wanted: &'static [Code],
    words: [String; 2],
    from: Option<Date>,
    to: Option<Date>,
    store: String,
    exceptions: Vec<String>,
    amounts: BTreeMap<Currency, Sum>,
}

impl Verifier<'_> {
    /// One cause.
    pub(super) fn cause(&mut self, line: &str) -> Read<()> {
        let mut c = Cursor::new(line);
        c.literal("{")?;
        let id = c.word("id", |text| text.starts_with('c').then(|| text.to_owned()))?;
        let wanted = c.word("cause", |text| {
            CAUSES.iter().find(|(name, _)| *name == text).map(|(_, codes)| *codes)
        })?;
        let words = explanation(&mut c, "title")?;
        let day = |text: &str| Date::from_iso(text);
        let (from, to) = (c.optional("from")?, c.optional("to")?);
        let (from, to) = (day(&from), day(&to));
        let store = c.optional("store")?.into_owned();
        let of = c.optional("currency")?.into_owned();
        let mut exceptions = Vec::new();
        c.list_of("exceptions", |c| {
            exceptions.push(c.string()?.value.into_owned());
            Ok(())
        })?;
        let mut amounts = BTreeMap::new();
        c.list_of("amounts", |c| {
            c.literal("{")?;
            let currency = c.word("currency", Currency::from_code)?;
            let amount = c.word("amount", |text| values::amount(text, currency))?;
            amounts.insert(currency, Sum::of(amount));
            c.literal("}")
        })?;
        c.literal("}")?;
        c.end()?;
        if !of.is_empty() && Currency::from_code(&of).is_none() {
            return Err(c.wrong("unknown currency", &of));
        }
        self.check_cause(Cause { id, wanted, words, from, to, store, exceptions, amounts });
        self.seal(line, &[]);
        Ok(())
    }

    fn check_cause(&mut self, cause: Cause) {
        let mut sums: BTreeMap<Currency, Sum> = BTreeMap::new();
        let mut firsts = Vec::new();
        let is_gap = cause.wanted.contains(&Code::FileGap);
        for id in &cause.exceptions {
            let place = || cause.id.clone();
            let Some(known) = self.causes.find(id) else {
                let what = "a cause names an exception of other codes, or none";
                self.findings.differs(CheckName::Causes, what, place, (id, ""));
                continue;
            };
            let fits = cause.wanted.iter().any(|code| known.codes.contains(code));
            let other_gap = is_gap && known.gap != cause.from.zip(cause.to);
            if !fits || other_gap || known.taken {
                let what = "an exception is of another cause";
                self.findings.differs(CheckName::Causes, what, place, (id, ""));
            }
            known.taken = true;
            firsts.push(known.first);
            if let (amount, Some(currency)) = known.money {
                sums.entry(currency).or_default().add_sum(amount);
            }
        }
        if is_gap {
            self.causes.in_causes.extend(firsts.iter().copied());
        }
        let place = || cause.id.clone();
        let first = cause.exceptions.first().map_or("", |id| id.trim_start_matches('x'));
        let what = "a cause is named after its first exception";
        self.findings.equal(
            CheckName::Causes,
            what,
            place,
            (cause.id.get(1..).unwrap_or(""), first),
        );
        let next = firsts.first().copied();
        if !firsts.is_sorted_by(|one, other| one < other) || next <= self.causes.last {
            let what = "causes or their exceptions are not in the order of the entries";
            self.findings.differs(CheckName::Order, what, place, ("", ""));
        }
        self.causes.last = next.max(self.causes.last);
        if cause.exceptions.len() < FEWEST {
            let what = "a cause has too few exceptions";
            let shown = (cause.exceptions.len(), FEWEST);
            self.findings.differs(CheckName::Causes, what, place, shown);
        }
        let same = sums.len() == cause.amounts.len()
            && sums
                .iter()
                .zip(&cause.amounts)
                .all(|(one, other)| one.0 == other.0 && one.1.equals(*other.1));
        if !same {
            let show = |sums: &BTreeMap<Currency, Sum>| {
                let each = sums.iter().map(|(of, sum)| format!("{} {of}", sum.show(*of)));
                each.collect::<Vec<_>>().join(", ")
            };
            let what = "the amounts of a cause are not those of its exceptions";
            let shown = (show(&cause.amounts), show(&sums));
            self.findings.differs(CheckName::Causes, what, place, shown);
        }
        self.check_days(&cause, &firsts);
        self.check_title(&cause);
    }

    /// The days of a cause are those of its rows.
    fn check_days(&mut self, cause: &Cause, firsts: &[Index]) {
        let days = || firsts.iter().filter_map(|row| self.ledger.get(*row)?.local_date());
        let place = || cause.id.clone();
        let show = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        let is_gap = cause.wanted.contains(&Code::FileGap);
        let outside = |day: Date| {
            cause.from.is_some_and(|from| day < from) || cause.to.is_some_and(|to| day > to)
        };
        let off = if is_gap {
            cause.from != days().min() || cause.to != days().max()
        } else {
            cause.from.is_some() && days().any(outside)
        };
        if off {
            let what = "the days of a cause are not those of its rows";
            let shown = (show(cause.from), show(days().min()));
            self.findings.differs(CheckName::Causes, what, place, shown);
        }
    }

    /// The sentences have no figure but those of the cause, and the same in both languages.
    fn check_title(&mut self, cause: &Cause) {
        let rows = Decimal::from(cause.exceptions.len());
        let mut known = BTreeSet::from([Decimal::ONE_HUNDRED, rows]);
        for date in [cause.from, cause.to].into_iter().flatten() {
            known.extend(numbers(&date.to_string()));
        }
        known.extend(numbers(&cause.store));
        let [en, zh] = &cause.words;
        let (mut en, mut zh) = (numbers(en), numbers(zh));
        en.sort_unstable();
        zh.sort_unstable();
        if en != zh || !en.iter().all(|number| known.contains(number)) || !en.contains(&rows) {
            let what = "the title of a cause has other figures than the cause";
            self.findings.differs(CheckName::Causes, what, || cause.id.clone(), ("", ""));
        }
    }

    /// At the end: rows are said to be in a gap exactly where the entries show one.
    pub(super) fn close_causes(&mut self) {
        let place =
            |index: Option<&Index>| index.map_or_else(String::new, |row| self.ledger.name(*row));
        let shown = self.gaps();
        for (stated, what) in [
            (&self.causes.in_gaps, "rows are in a gap, or are said to be, and the other not"),
            (&self.causes.in_causes, "the causes that are gaps are not those of their rows"),
        ] {
            if let Some(other) = shown.symmetric_difference(stated).next() {
                let said = (stated.contains(other), shown.contains(other));
                self.findings.differs(CheckName::Causes, what, || place(Some(other)), said);
            }
        }
    }

    /// Rows that follow each other in time and have nothing on the other side, where that is no chance.
    fn gaps(&self) -> BTreeSet<Index> {
        type Moments = BTreeMap<Instant, (Vec<Index>, bool)>;
        let mut shops: BTreeMap<(Side, usize), Moments> = BTreeMap::new();
        if self.causes.alone.len() < FEWEST {
            return BTreeSet::new();
        }
        for (index, record) in self.ledger.iter() {
            let alone = self.causes.alone.contains(&index);
            let of_month = matches!(record.side, Side::Orders | Side::Settlement)
                && record.kind.is_payment()
                && (alone || record.disposition == Disposition::Matched);
            let Some(at) = record.occurred_at.filter(|_| of_month) else { continue };
            let shop = shops.entry((record.side, self.scope_of(index))).or_default();
            let (rows, whole) = shop.entry(at).or_insert_with(|| (Vec::new(), true));
            rows.push(index);
            *whole &= alone;
        }
        let mut found = BTreeSet::new();
        for moments in shops.values() {
            let mut runs: Vec<Vec<Index>> = vec![Vec::new()];
            for (rows, whole) in moments.values() {
                match runs.last_mut() {
                    Some(run) if *whole => run.extend(rows),
                    _ => runs.push(Vec::new()),
                }
            }
            runs.retain(|run| run.len() >= FEWEST);
            let inside: usize = runs.iter().map(Vec::len).sum();
            let rows = moments.values().flat_map(|(rows, _)| rows);
            let (all, alone) = rows.fold((0_usize, 0_usize), |(all, alone), row| {
                let is_alone = usize::from(self.causes.alone.contains(row));
                (all.saturating_add(1), alone.saturating_add(is_alone))
            });
            let (all, alone) = (all.saturating_sub(inside), alone.saturating_sub(inside));
            if all.saturating_sub(alone) >= 20 {
                found.extend(runs.iter().filter(|run| no_chance(run.len(), alone, all)).flatten());
            }
        }
        found
    }
}

/// Whether a run of `length` rows without a counterpart is to be expected less than once in 1,000,000
/// files where `alone` of `all` other rows have none: all × (alone / all)^length, with one row more of
/// each kind.
fn no_chance(length: usize, alone: usize, all: usize) -> bool {
    let (alone, all) = (alone as u128, all as u128);
    let (part, whole) = (alone.saturating_add(1), all.saturating_add(2));
    let unit = 1_u128 << 60;
    let mut often = unit.saturating_mul(whole);
    let mut left = length;
    while left > 0 && often > unit / 1_000_000 {
        often = often.saturating_mul(part).checked_div(whole).unwrap_or(often);
        left = left.saturating_sub(1);
    }
    often <= unit / 1_000_000
}
