//! The plain way: rows are joined by their normalised key, lists of keys and several lines of one key
//! included; what is left is paired by an optimal assignment inside each amount: as many pairs as can
//! be, then the closest in time. Most of what others do is less than this.

use std::collections::BTreeMap;

use crate::months::Month;
use crate::support::sales::fits;

/// A number without case, separators and common words.
fn key(reference: &str) -> String {
    let plain: String = reference.chars().filter(char::is_ascii_alphanumeric).collect();
    plain.to_uppercase()
}

/// The links that it finds.
pub(crate) fn links(month: &Month) -> Vec<(usize, usize)> {
    let mut orders: BTreeMap<String, usize> = BTreeMap::new();
    for (at, order) in month.orders.iter().enumerate() {
        orders.insert(key(&order.number), at);
    }
    let mut links = Vec::new();
    for (at, line) in month.lines.iter().enumerate() {
        let named: Option<Vec<usize>> =
            line.reference.split('+').map(|part| orders.get(&key(part)).copied()).collect();
        links.extend(named.unwrap_or_default().into_iter().map(|order| (order, at)));
    }
    let mut rows: BTreeMap<(usize, i64), (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, order) in month.orders.iter().enumerate() {
        if !links.iter().any(|link| link.0 == at) {
            rows.entry((order.currency, order.amount)).or_default().0.push(at);
        }
    }
    for (at, line) in month.lines.iter().enumerate() {
        if !links.iter().any(|link| link.1 == at) {
            rows.entry((line.currency, line.amount)).or_default().1.push(at);
        }
    }
    for (orders, lines) in rows.into_values() {
        links.extend(assign(month, &orders, &lines));
    }
    links
}

/// Most pairs, then the smallest sum of waits: successive shortest paths (Bellman and Ford).
fn assign(month: &Month, orders: &[usize], lines: &[usize]) -> Vec<(usize, usize)> {
    let wait = |order: usize, line: usize| -> Option<i64> {
        let (order, line) = (&month.orders[orders[order]], &month.lines[lines[line]]);
        fits(order, line).then(|| (line.minute - order.minute).abs())
    };
    let mut mates: Vec<Option<usize>> = vec![None; lines.len()];
    for _ in orders {
        // The cheapest way to each line from any order that is alone.
        let alone: Vec<usize> =
            (0..orders.len()).filter(|order| !mates.contains(&Some(*order))).collect();
        let mut costs: Vec<Option<(i64, usize)>> = vec![None; lines.len()];
        for order in alone {
            relax(&mut costs, order, 0, &wait);
        }
        for _ in lines {
            for line in 0..lines.len() {
                if let (Some((cost, _)), Some(owner)) = (costs[line], mates[line]) {
                    let back = wait(owner, line).expect("a pair fits");
                    relax(&mut costs, owner, cost - back, &wait);
                }
            }
        }
        let free = (0..lines.len()).filter(|line| mates[*line].is_none());
        let end = free.filter_map(|line| Some((costs[line]?.0, line))).min();
        let Some((_, mut line)) = end else { break };
        // Each line on the way gives its order to the one after it.
        loop {
            let from = costs[line].expect("on the way").1;
            let before = mates.iter().position(|mate| *mate == Some(from));
            mates[line] = Some(from);
            match before {
                Some(before) => line = before,
                None => break,
            }
        }
    }
    let pair = |(line, mate): (usize, &Option<usize>)| Some((orders[(*mate)?], lines[line]));
    mates.iter().enumerate().filter_map(pair).collect()
}

/// Offers the lines of an order that is reached at a cost.
fn relax(
    costs: &mut [Option<(i64, usize)>],
    order: usize,
    cost: i64,
    wait: &dyn Fn(usize, usize) -> Option<i64>,
) {
    for (line, known) in costs.iter_mut().enumerate() {
        if let Some(wait) = wait(order, line)
            && known.is_none_or(|(known, _)| cost + wait < known)
        {
            *known = Some((cost + wait, order));
        }
    }
}
