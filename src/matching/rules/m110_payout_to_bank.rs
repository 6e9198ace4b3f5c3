//! M110 payout to bank — what the provider paid out is what arrived in the bank account.
//!
//! ## What it matches
//! Payout rows of the settlement with deposits of the bank, in one currency and to the minor unit.
//! First by name: the deposit's reference or memo has the payout's id, batch or reference; all
//! payouts and deposits that names join are one match. Then by amount: the only payout and the only
//! deposit of an amount within [`PAYOUT_DAYS`](crate::limits::PAYOUT_DAYS) days of each other. Last
//! by sum: several payouts in one deposit, or one payout in several deposits.
//! ## Why it is safe
//! Both sides of a match add up to the same. By amount it takes only what is unique from both sides;
//! by sum only a single set among few rows, in an amount so large that a coincidence is unlikely
//! (fewer than one in a hundred).
//! ## When it abstains
//! Several payouts or deposits of one amount in the same days are a question (`AMBIGUOUS_PAIR`), and
//! so are several sets of one sum (`AMBIGUOUS_SUBSET`). A deposit that names payouts of another sum
//! is stated (`PAYOUT_TOTAL_MISMATCH`) and left open.
//! ## Example
//! Payout `PO-7` of 2,200.00 on Monday; deposit of 2,200.00 on Tuesday, memo `TRF PO-7`.
//! ## 中文
//! 渠道打款与银行入账按单号、金额与日期勾对；多笔打款一次到账或一笔打款分次到账，仅在组合唯一时匹配，
//! 否则人工确认。

use std::collections::BTreeMap;

use super::Rule;
use crate::codes::Code;
use crate::entry::{Disposition, Entries, Kind, Reason, Side, Status};
use crate::ids::EntryId;
use crate::limits::{CANDIDATES_PER_ROW, CANDIDATES_SHOWN, PAYOUT_DAYS, PAYOUT_SUBSET};
use crate::matching::matches::Figures;
use crate::matching::{Class, Matches};
use crate::money::{Amount, Currency};
use crate::time::Date;

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) = ("payouts to deposits of the bank", "渠道打款对应银行入账");

/// The rule's code, for those who look for it here.
pub const RULE: Rule = Rule::PayoutToBank;

/// One payout or deposit that has no match yet.
#[derive(Clone, Copy, Debug)]
struct Sum {
    id: EntryId,
    amount: Amount,
    currency: Currency,
    on: Option<Date>,
}

/// Both sides of what is left.
#[derive(Debug, Default)]
struct Left {
    payouts: Vec<Sum>,
    deposits: Vec<Sum>,
}

/// Matches payouts with deposits.
pub(crate) fn run(entries: &mut Entries, matches: &mut Matches) {
    let mut left = Left::of(entries);
    if left.payouts.is_empty() || left.deposits.is_empty() {
        return;
    }
    left.by_name(entries, matches);
    left.by_amount(entries, matches);
    left.by_sum(entries, matches);
}

/// Whether a payout row says that money went to the bank.
fn is_payout(entries: &Entries, id: EntryId) -> bool {
    entries.kind(id) == Kind::Payout
        && entries.reason(id) == Reason::Payout
        && entries.amount(id).is_negative()
        && !matches!(entries.status(id), Status::Failed | Status::Voided)
}

fn is_deposit(entries: &Entries, id: EntryId) -> bool {
    entries.disposition(id) == Disposition::Open
        && entries.kind(id) != Kind::Fee
        && entries.amount(id).signum() > 0
}

impl Left {
    fn of(entries: &Entries) -> Self {
        let sum = |id: EntryId| Sum {
            id,
            amount: entries.amount(id).abs(),
            currency: entries.currency(id),
            on: entries.settled_on(id).or_else(|| entries.local_date(id)),
        };
        let mut deposits: Vec<EntryId> =
            entries.ids_on(Side::Bank).filter(|id| is_deposit(entries, *id)).collect();
        if deposits.is_empty() {
            return Self::default();
        }
        let mut payouts: Vec<EntryId> =
            entries.ids_on(Side::Settlement).filter(|id| is_payout(entries, *id)).collect();
        entries.sort(&mut payouts);
        entries.sort(&mut deposits);
        Self {
            payouts: payouts.into_iter().map(sum).collect(),
            deposits: deposits.into_iter().map(sum).collect(),
        }
    }

    /// Forgets rows.
    fn remove(&mut self, gone: &[EntryId]) {
        let mut gone = gone.to_vec();
        crate::sort::sort(&mut gone);
        for list in [&mut self.payouts, &mut self.deposits] {
            list.retain(|one| gone.binary_search(&one.id).is_err());
        }
    }

    /// Matches what names join.
    fn by_name(&mut self, entries: &mut Entries, matches: &mut Matches) {
        let mut named: BTreeMap<(Currency, String), Vec<usize>> = BTreeMap::new();
        for (at, payout) in self.payouts.iter().enumerate() {
            for name in names_of(entries, payout.id) {
                named.entry((payout.currency, name)).or_default().push(at);
            }
        }
        // Payouts and deposits that a chain of names joins have one root.
        let payouts = self.payouts.len();
        let mut roots: Vec<usize> = (0..payouts.saturating_add(self.deposits.len())).collect();
        for (at, deposit) in self.deposits.iter().enumerate() {
            for word in words_of(entries, deposit.id) {
                for payout in named.get(&(deposit.currency, word)).into_iter().flatten() {
                    join(&mut roots, *payout, payouts.saturating_add(at));
                }
            }
        }
        let mut sets: BTreeMap<usize, [Vec<Sum>; 2]> = BTreeMap::new();
        for at in 0..roots.len() {
            let root = root_of(&mut roots, at);
            let [paid, arrived] = sets.entry(root).or_default();
            match at.checked_sub(payouts) {
                None => paid.extend(self.payouts.get(at)),
                Some(at) => arrived.extend(self.deposits.get(at)),
            }
        }
        let mut gone = Vec::new();
        for [paid, arrived] in sets.values().filter(|[a, b]| !a.is_empty() && !b.is_empty()) {
            let ids: Vec<EntryId> = paid.iter().chain(arrived).map(|one| one.id).collect();
            let (Some(expected), Some(actual)) = (total(paid), total(arrived)) else { continue };
            if expected == actual {
                matches.make(entries, RULE, Class::Forced, &ids);
                gone.extend(ids);
            } else if let [deposit] = arrived.as_slice() {
                let figures = Figures::Paid(expected, actual);
                let candidates = paid.iter().map(|one| one.id).collect();
                matches.find_with(Code::PayoutTotalMismatch, deposit.id, candidates, figures);
                gone.extend(ids);
            }
        }
        self.remove(&gone);
    }

    /// Matches the only payout and the only deposit of an amount in the same days.
    fn by_amount(&mut self, entries: &mut Entries, matches: &mut Matches) {
        let mut equal: BTreeMap<(Currency, Amount), [Vec<Sum>; 2]> = BTreeMap::new();
        for (side, list) in [&self.payouts, &self.deposits].into_iter().enumerate() {
            for one in list.iter().filter(|one| one.on.is_some()) {
                let sides = equal.entry((one.currency, one.amount)).or_default();
                sides.get_mut(side).into_iter().for_each(|side| side.push(*one));
            }
        }
        let mut gone = Vec::new();
        for [paid, arrived] in equal.values_mut().filter(|[a, b]| !a.is_empty() && !b.is_empty()) {
            for list in [&mut *paid, &mut *arrived] {
                crate::sort::sort_by_key(list, |one| (one.currency, one.on));
            }
            for deposit in &*arrived {
                let near: Vec<&Sum> =
                    within(paid, deposit, (PAYOUT_DAYS, 1)).take(CANDIDATES_PER_ROW).collect();
                let Some(payout) = near.first() else { continue };
                let rivals = within(arrived, payout, (1, PAYOUT_DAYS)).take(CANDIDATES_PER_ROW);
                let rivals = rivals.count();
                gone.push(deposit.id);
                if near.len() == 1 && rivals == 1 {
                    matches.make(entries, RULE, Class::Forced, &[payout.id, deposit.id]);
                    gone.push(payout.id);
                } else {
                    let shown = near.iter().take(CANDIDATES_SHOWN);
                    let candidates = shown.map(|one| one.id).collect();
                    let figures = Figures::Rows(count(near.len()), count(rivals));
                    matches.find_with(Code::AmbiguousPair, deposit.id, candidates, figures);
                }
            }
        }
        self.remove(&gone);
    }

    /// Matches the only set of payouts that adds up to a deposit, and the reverse.
    fn by_sum(&mut self, entries: &mut Entries, matches: &mut Matches) {
        let mut sets: Vec<(EntryId, Vec<EntryId>)> = Vec::new();
        let mut contested: Vec<EntryId> = Vec::new();
        for (wholes, parts, forward) in
            [(&self.deposits, &self.payouts, true), (&self.payouts, &self.deposits, false)]
        {
            let mut parts = parts.clone();
            crate::sort::sort_by_key(&mut parts, |part| (part.currency, part.on));
            for whole in wholes {
                let days = if forward { (PAYOUT_DAYS, 1) } else { (1, PAYOUT_DAYS) };
                let near = within(&parts, whole, days).filter(|part| part.amount < whole.amount);
                let near: Vec<Sum> = near.take(PAYOUT_SUBSET.saturating_add(1)).copied().collect();
                if near.len() < 2 {
                    continue;
                }
                // Of a deposit it is said what was not searched; a payout has its status.
                let asks = |matches: &mut Matches, code, figures| {
                    let candidates = near.iter().take(CANDIDATES_SHOWN).map(|one| one.id);
                    if forward {
                        matches.find_with(code, whole.id, candidates.collect(), figures);
                    }
                };
                if near.len() > PAYOUT_SUBSET {
                    asks(matches, Code::SearchBudgetReached, Figures::None);
                    continue;
                }
                let (solutions, first) = subsets(&near, whole.amount);
                let few = count(near.len());
                match solutions {
                    0 => {}
                    1 if is_improbable(near.len(), whole.amount) => sets.push((whole.id, first)),
                    _ => {
                        asks(matches, Code::AmbiguousSubset, Figures::Rows(solutions, few));
                        contested.extend(near.iter().map(|one| one.id));
                    }
                }
            }
        }
        let mut uses: BTreeMap<EntryId, u32> = BTreeMap::new();
        // What may be part of another sum as well is not taken.
        let taken = sets.iter().flat_map(|(whole, parts)| parts.iter().chain([whole]));
        for id in taken.chain(&contested) {
            *uses.entry(*id).or_default() += 1;
        }
        for (whole, mut parts) in sets {
            parts.push(whole);
            if parts.iter().all(|id| uses.get(id) == Some(&1)) {
                matches.make(entries, RULE, Class::Forced, &parts);
            }
        }
    }
}

/// The rows of one currency from some days before another to some days after it, of rows that are
/// sorted by currency and day. A payout arrives in some days, and where the bank is west of it, the
/// day before.
fn within<'s>(
    sorted: &'s [Sum],
    of: &Sum,
    (before, after): (i32, i32),
) -> impl Iterator<Item = &'s Sum> + use<'s> {
    let on = |days: i32| (of.currency, of.on.and_then(|on| on.add_days(days)));
    let (first, last) = (on(before.saturating_neg()), on(after));
    let start = sorted.partition_point(|one| (one.currency, one.on) < first);
    let dated = of.on.is_some();
    let from = sorted.get(start..).unwrap_or_default().iter();
    from.filter(|one| one.on.is_some())
        .take_while(move |one| dated && (one.currency, one.on) <= last)
}

/// How many sets of at least two rows add up to an amount, and one of them.
fn subsets(rows: &[Sum], whole: Amount) -> (u32, Vec<EntryId>) {
    let (mut found, mut first) = (0_u32, Vec::new());
    for set in 0..1_u32 << rows.len().min(PAYOUT_SUBSET) {
        let chosen =
            || (0_u32..).zip(rows).filter(|(at, _)| set >> at & 1 == 1).map(|(_, one)| one);
        if set.count_ones() < 2 || sum(chosen()) != Some(whole) {
            continue;
        }
        if found == 0 {
            first = chosen().map(|one| one.id).collect();
        }
        found = found.saturating_add(1);
    }
    (found, first)
}

/// Whether sets of so many rows meet an amount by chance less often than once in a hundred.
fn is_improbable(rows: usize, whole: Amount) -> bool {
    let sets = 100_i64 << rows.min(PAYOUT_SUBSET);
    whole >= Amount::from_minor(sets)
}

fn sum<'s>(mut rows: impl Iterator<Item = &'s Sum>) -> Option<Amount> {
    rows.try_fold(Amount::ZERO, |sum, one| sum.checked_add(one.amount))
}

fn total(rows: &[Sum]) -> Option<Amount> {
    sum(rows.iter())
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

fn root_of(roots: &mut [usize], mut at: usize) -> usize {
    while let Some(up) = roots.get(at).copied().filter(|up| *up != at) {
        at = up;
    }
    at
}

fn join(roots: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root_of(roots, one), root_of(roots, other));
    if let Some(root) = roots.get_mut(one.max(other)) {
        *root = one.min(other);
    }
}

/// The names of a payout that a bank may repeat: long enough to be no number of another thing.
fn names_of(entries: &Entries, payout: EntryId) -> Vec<String> {
    let names = [entries.batch(payout), entries.transaction_id(payout), entries.reference(payout)];
    names.into_iter().map(plain).filter(|name| is_name(name)).collect()
}

/// What a deposit may name a payout by: its references, and the words of its memo.
fn words_of(entries: &Entries, deposit: EntryId) -> Vec<String> {
    let whole = [
        entries.reference(deposit),
        entries.transaction_id(deposit),
        entries.order_number(deposit),
        entries.batch(deposit),
    ];
    let words = |text: &'_ str| -> Vec<String> {
        let apart =
            |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '/' | '|' | '(' | ')');
        text.split(apart).map(plain).collect()
    };
    let mut all: Vec<String> = whole.into_iter().map(plain).collect();
    all.extend(whole.into_iter().chain([entries.memo(deposit)]).flat_map(words));
    all.retain(|name| is_name(name));
    crate::sort::sort(&mut all);
    all.dedup();
    all
}

/// A name without case and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

fn is_name(name: &str) -> bool {
    name.len() >= 4 && name.bytes().any(|byte| byte.is_ascii_digit())
}

/// The name by which a match was found, as the payout writes it; `None` if by amount.
pub(crate) fn common_name(entries: &Entries, members: &[EntryId]) -> Option<String> {
    let deposits = members.iter().filter(|id| entries.side(**id) == Side::Bank);
    let words: Vec<String> = deposits.flat_map(|id| words_of(entries, *id)).collect();
    let mut payouts: Vec<EntryId> =
        members.iter().copied().filter(|id| entries.side(*id) == Side::Settlement).collect();
    entries.sort(&mut payouts);
    payouts.into_iter().find_map(|id| {
        let names = [entries.batch(id), entries.transaction_id(id), entries.reference(id)];
        let named = |name: &&str| is_name(&plain(name)) && words.contains(&plain(name));
        names.into_iter().find(named).map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::NewEntry;
    use crate::matching::leftovers::set_aside;
    use crate::time::Instant;

    /// Payouts as `amount day name` and deposits as `amount day memo`; what is matched and found, with
    /// each payout by its letter and each deposit by its number.
    fn matched(payouts: &str, deposits: &str) -> String {
        let mut entries = Entries::default();
        let kes = Currency::from_code("KES").expect("active");
        for (side, rows) in [(Side::Settlement, payouts), (Side::Bank, deposits)] {
            entries.begin_source(side);
            for (at, row) in (1..).zip(rows.split("; ")) {
                let mut words = row.splitn(3, ' ');
                let (amount, day) =
                    (words.next().expect("an amount"), words.next().expect("a day"));
                let name = words.next().unwrap_or_default();
                let payout = side == Side::Settlement;
                let kind = if payout { Kind::Payout } else { Kind::Other };
                let mut new = NewEntry::new(at, kind, kes);
                let sign = if payout { -1 } else { 1 };
                new.amount = Amount::from_minor(sign * amount.parse::<i64>().expect("a number"));
                new.net = new.amount;
                let day: i64 = day.parse().expect("a day");
                new.occurred_at = Some(Instant(day * 86_400_000_000));
                if payout {
                    new.batch = name
                } else {
                    new.memo = name
                }
                entries.push(&new).expect("room");
            }
        }
        let ids: Vec<_> = entries.ids().collect();
        ids.iter().for_each(|id| set_aside(&mut entries, *id));
        let mut matches = Matches::default();
        run(&mut entries, &mut matches);
        let name = |id: EntryId| match (entries.side(id), entries.row(id)) {
            (Side::Bank, row) => row.to_string(),
            (_, row) => char::from_u32(96 + row).expect("few rows").to_string(),
        };
        let mut said: Vec<String> = matches
            .ids()
            .map(|id| {
                let mut members: Vec<String> = matches.members(&entries, id).map(name).collect();
                members.sort();
                members.join("+")
            })
            .collect();
        said.sort();
        let found = matches.findings().iter();
        said.extend(found.map(|one| format!("{} {}", one.code.name(), name(one.row))));
        said.join(", ")
    }

    #[test]
    fn payouts_meet_their_deposits() {
        for (payouts, deposits, expected) in [
            // By name: whatever the day, in any spelling; the sums must be equal.
            (
                "90000 1 PO-0001; 90000 1 PO-0002",
                "90000 30 ref PO0002 x; 90000 31 po-0001",
                "1+b, 2+a",
            ),
            ("90000 1 PO-0001; 7000 2 PO-0002", "97000 3 PO-0001/PO-0002", "1+a+b"),
            ("90000 1 PO-0001", "50000 2 PO-0001; 40000 3 PO-0001", "1+2+a"),
            ("90000 1 PO-0001", "89000 2 PO-0001", "PAYOUT_TOTAL_MISMATCH 1"),
            // A short number, or a word, is in many memos.
            ("90000 1 380; 90000 1 381", "90000 2 batch 380", "AMBIGUOUS_PAIR 1"),
            ("90000 1 WEEKLY", "90000 20 WEEKLY", ""),
            // By amount: unique from both sides, in the days after.
            ("90000 1 -; 80000 1 -", "80000 3 -; 90000 2 -", "1+b, 2+a"),
            ("90000 2 -", "90000 1 -", "1+a"),
            ("90000 3 -", "90000 1 -", ""),
            ("90000 1 -", "90000 8 -", "1+a"),
            ("90000 1 -", "90000 9 -", ""),
            ("90000 1 -; 90000 2 -", "90000 3 -", "AMBIGUOUS_PAIR 1"),
            ("90000 1 -", "90000 2 -; 90000 3 -", "AMBIGUOUS_PAIR 1, AMBIGUOUS_PAIR 2"),
            ("90000 1 -; 90000 9 -", "90000 2 -; 90000 10 -", "1+a, 2+b"),
            // By sum: a single set of several rows, in an amount that no chance meets.
            ("90000 1 -; 7000 2 -", "97000 3 -", "1+a+b"),
            ("97000 1 -", "90000 3 -; 7000 3 -", "1+2+a"),
            ("90000 1 -; 7000 2 -; 60000 2 -; 37000 2 -", "97000 3 -", "AMBIGUOUS_SUBSET 1"),
            ("90 1 -; 7 2 -", "97 3 -", "AMBIGUOUS_SUBSET 1"),
            ("90000 1 -; 7000 2 -", "97001 3 -", ""),
            ("90000 1 -; 7000 2 -; 7000 3 -", "97000 3 -; 14000 4 -", "AMBIGUOUS_SUBSET 1"),
        ] {
            assert_eq!(matched(payouts, deposits), expected, "{payouts} | {deposits}");
        }
    }
}
