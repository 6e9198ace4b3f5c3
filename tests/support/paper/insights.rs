//! What the forger does with ageing and forecast: their sums fit the entries again, whatever the days
//! were, which no entry shows.

use crossfoot::money::Currency;
use rust_decimal::Decimal;

use super::{Leaf, List, Object, number, plain, text, written};

/// Rows and their money.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) rows: i64,
    pub(super) amount: Decimal,
}

impl Tally {
    pub(super) fn add(&mut self, entry: &Leaf) {
        self.rows += 1;
        self.amount += number(entry, "amount");
    }
}

/// The lists behind the sums of a currency, with what has changed in their last element.
pub(super) fn fitted(
    stated: Option<&Leaf>,
    currency: Currency,
    (open, awaited): (Tally, Tally),
) -> Vec<(String, Leaf)> {
    let Some(Object(fields)) = stated else { return Vec::new() };
    let behind = fields.iter().skip_while(|(name, _)| name != "unexplained").skip(1);
    let fit = |(name, value): &(String, Leaf)| {
        let value = match (name.as_str(), value) {
            ("ageing", List(list)) => fit(list, currency, open, |_| true),
            ("forecast", List(list)) => {
                fit(list, currency, awaited, |due| due.text("side") == "orders")
            }
            _ => return Some((name.clone(), value.clone())),
        };
        Some((name.clone(), List(value))).filter(|(_, list)| *list != List(Vec::new()))
    };
    behind.filter_map(fit).collect()
}

fn fit(list: &[Leaf], currency: Currency, want: Tally, own: impl Fn(&Leaf) -> bool) -> Vec<Leaf> {
    let mut missing = want;
    for element in list.iter().filter(|element| own(element)) {
        missing.rows -= rows(element);
        missing.amount -= number(element, "amount");
    }
    let last = list.iter().rposition(own);
    let changed = |(at, element): (usize, &Leaf)| {
        if Some(at) != last {
            return Some(element.clone());
        }
        let (rows, amount) =
            (rows(element) + missing.rows, number(element, "amount") + missing.amount);
        let Object(fields) = element else { return None };
        let field = |(name, value): &(String, Leaf)| {
            let value = match name.as_str() {
                "rows" => plain(rows),
                "amount" => text(written(amount, currency)),
                _ => value.clone(),
            };
            (name.clone(), value)
        };
        (want.rows > 0).then(|| Object(fields.iter().map(field).collect()))
    };
    list.iter().enumerate().filter_map(changed).collect()
}

fn rows(element: &Leaf) -> i64 {
    element.text("rows").parse().unwrap_or_default()
}
