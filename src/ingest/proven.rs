//! Decides whether the balances of accounts follow from movements that stand in other sources: a
//! response of balances before and after, and the pages of transactions between.

use std::collections::BTreeMap;

use super::accounts::{Figure, Ledger};
use super::report::{Assumption, Control, SourceReport};
use super::stated::What;
use crate::entry::Side;
use crate::money::{Amount, Currency};
use crate::time::Instant;

/// A balance at a time, and the source that states it.
struct Point {
    at: Instant,
    amount: Amount,
    name: String,
    source: usize,
}

/// What is known of one account over all sources.
#[derive(Default)]
struct Account {
    points: Vec<Point>,
    moved: BTreeMap<Instant, Amount>,
    moves: bool,
}

/// Adds to each source what its balances prove; only sources that state balances apart from a
/// statement are looked at.
pub fn prove(sources: &mut [SourceReport]) {
    for ((account, currency), found) in accounts(sources) {
        let named = if account.is_empty() { String::new() } else { format!("{account}, ") };
        for (from, to) in found.points.iter().zip(found.points.iter().skip(1)) {
            let between = found.moved.iter().filter(|(at, _)| from.at < **at && **at <= to.at);
            let computed = between
                .map(|(_, amount)| *amount)
                .try_fold(from.amount, |sum, amount| sum.checked_add(amount));
            let control = Control {
                name: format!("{named}{currency}: {} + movements = {}", from.name, to.name),
                stated: to.amount.format(currency),
                computed: computed
                    .map_or_else(|| "too large".to_owned(), |sum| sum.format(currency)),
                ok: computed == Some(to.amount),
                of_rows: false,
            };
            if let Some(source) = sources.get_mut(to.source) {
                source.controls.push(control);
            }
        }
        if let ([only], true) = (found.points.as_slice(), found.moves)
            && let Some(source) = sources.get_mut(only.source)
        {
            source.assumptions.push(Assumption {
                what: "opening balance".to_owned(),
                value: "not stated".to_owned(),
                why: format!(
                    "the movements cannot be proven against one balance alone: {named}{currency}"
                ),
                code: None,
                question: None,
            });
        }
    }
}

fn accounts(sources: &[SourceReport]) -> BTreeMap<(String, Currency), Account> {
    let mut all: BTreeMap<(String, Currency), Account> = BTreeMap::new();
    let ledgers = || {
        let banks = sources.iter().enumerate().filter(|(_, source)| source.side == Side::Bank);
        banks.flat_map(|(index, source)| source.accounts.iter().map(move |one| (index, one)))
    };
    for (index, ledger) in ledgers() {
        let points = points(index, ledger);
        if !points.is_empty() {
            let key = (ledger.account.clone(), ledger.currency);
            all.entry(key).or_default().points.extend(points);
        }
    }
    for (_, ledger) in ledgers() {
        if let Some(account) = account_of(&mut all, ledger) {
            for (at, amount) in &ledger.moved {
                account.moves = true;
                let sum = account.moved.entry(at.unwrap_or(FIRST)).or_default();
                *sum = sum.checked_add(*amount).unwrap_or(*sum);
            }
        }
    }
    for account in all.values_mut() {
        account.points.sort_by_key(|point| (point.at, point.source));
    }
    all
}

/// The account of these movements: the one of that name, or the only one where they name none.
fn account_of<'a>(
    all: &'a mut BTreeMap<(String, Currency), Account>,
    ledger: &Ledger,
) -> Option<&'a mut Account> {
    let own = (ledger.account.clone(), ledger.currency);
    if all.contains_key(&own) {
        return all.get_mut(&own);
    }
    let mut same = all.iter_mut().filter(|((_, currency), _)| *currency == ledger.currency);
    let only = same.next()?;
    let is_it = same.next().is_none() && (ledger.account.is_empty() || only.0.0.is_empty());
    is_it.then_some(only.1)
}

/// Before every movement, and after every one.
const BEFORE: Instant = Instant(i64::MIN);
const FIRST: Instant = Instant(i64::MIN + 1);
const AFTER: Instant = Instant(i64::MAX);

fn points(source: usize, ledger: &Ledger) -> Vec<Point> {
    if !ledger.apart {
        return Vec::new();
    }
    let point = |figure: &Figure| {
        let (name, at) = match figure.what {
            What::Opening => ("opening balance", Some(BEFORE)),
            What::Closing | What::Balance => ("balance", figure.at),
            _ => return None,
        };
        let day = figure.on.map(|on| format!(" of {on}")).unwrap_or_default();
        let at = at.unwrap_or(AFTER);
        Some(Point { at, amount: figure.amount, name: format!("{name}{day}"), source })
    };
    ledger.figures.iter().filter_map(point).collect()
}
