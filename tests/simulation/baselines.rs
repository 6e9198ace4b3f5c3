//! Two usual ways to match rows by amount and time, for comparison.

use std::collections::BTreeSet;

use crate::support::sales::fits;
use crate::world::World;

/// Pairs of orders and lines.
type Pairs = Vec<(usize, usize)>;

/// Every line takes the first order in the file that fits.
pub(crate) fn first_fit(world: &World) -> (usize, usize) {
    score(world, candidates(world))
}

/// The pair that lies closest in time first, then the next.
pub(crate) fn best_first(world: &World) -> (usize, usize) {
    let mut pairs = candidates(world);
    let apart = |(order, line): &(usize, usize)| {
        world.lines[*line].minute.abs_diff(world.orders[*order].minute)
    };
    pairs.sort_by_key(apart);
    score(world, pairs)
}

/// All pairs of rows without a key that agree, by line and then by order.
fn candidates(world: &World) -> Pairs {
    let mut pairs = Pairs::new();
    for (at, line) in world.lines.iter().enumerate().filter(|(_, l)| l.truth.is_keyless()) {
        for (order, row) in world.orders.iter().enumerate().filter(|(_, o)| o.truth.is_keyless()) {
            if (row.currency, row.amount) == (line.currency, line.amount) && fits(row, line) {
                pairs.push((order, at));
            }
        }
    }
    pairs
}

/// Takes the pairs in turn, each row once: how many are true, and how many are not.
fn score(world: &World, pairs: Pairs) -> (usize, usize) {
    let (mut orders, mut lines) = (BTreeSet::new(), BTreeSet::new());
    let (mut right, mut wrong) = (0, 0);
    for (order, line) in pairs {
        if orders.contains(&order) || lines.contains(&line) {
            continue;
        }
        orders.insert(order);
        lines.insert(line);
        let is_true = world.orders[order].truth.partner() == Some(line);
        right += usize::from(is_true);
        wrong += usize::from(!is_true);
    }
    (right, wrong)
}
