//! Decides the cheapest assignment over listed pairs: shortest augmenting paths in the manner of
//! Jonker and Volgenant, on a sparse graph, with the price of staying alone inside the objective.
//!
//! Costs are exact integers. Staying alone costs nothing and every pair less than that, so the
//! cost itself says what a pair is worth. Prices of rows prove the result: no pair is cheaper than
//! the prices of its two rows, and what is chosen costs exactly as much. The work is done in
//! steps; one that comes to its limit leaves a full assignment and says how far from the best it
//! may be.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt::Debug;
use std::ops::{Add, AddAssign, Neg, Sub};

use super::{NONE, add, count, get, link, set};

/// What a pair costs: an exact integer, of 64 bits wherever that is enough.
pub(crate) trait Cost:
    Copy
    + Default
    + Ord
    + Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Neg<Output = Self>
    + AddAssign
{
}

impl Cost for i64 {}
impl Cost for i128 {}

/// Which pairs there are: the right rows of each left row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    /// Where the pairs of a left row begin; one more at the end.
    pub(crate) starts: Vec<u32>,
    /// The right row of each pair.
    pub(crate) targets: Vec<u32>,
    /// How many right rows there are.
    pub(crate) rights: u32,
}

impl Graph {
    /// The pairs of a left row.
    pub(crate) fn pairs_of(&self, left: u32) -> std::ops::Range<u32> {
        get(&self.starts, left)..get(&self.starts, left + 1)
    }

    /// How many left rows there are.
    pub(crate) fn lefts(&self) -> u32 {
        count(&self.starts).saturating_sub(1)
    }
}

/// An assignment on its way.
#[derive(Debug)]
pub(crate) struct Assignment<C> {
    /// The right row of each left row, or [`NONE`].
    pub(crate) mates: Vec<u32>,
    /// The left row of each right row, or [`NONE`].
    pub(crate) right_mates: Vec<u32>,
    /// Prices of left rows; never positive.
    pub(crate) left_prices: Vec<C>,
    /// Prices of right rows; never positive, and nothing for rows that are alone.
    pub(crate) right_prices: Vec<C>,
    /// Pairs looked at.
    pub(crate) steps: u64,
    /// Part of each left row, and the looks that it has left.
    parts: Vec<u32>,
    looks: Vec<u64>,
    /// Left rows that wait, the next one last, and how often all have had their turn.
    waiting: Vec<u32>,
    kicked: Vec<u32>,
    turn: u8,
    search: Search<C>,
}

/// A whole assignment, and what its prices prove.
#[derive(Debug)]
pub(crate) struct Settled {
    /// The right row of each left row, or [`NONE`].
    pub(crate) mates: Vec<u32>,
    /// The left row of each right row, or [`NONE`].
    pub(crate) right_mates: Vec<u32>,
    /// Pairs that cost exactly the prices of their rows.
    pub(crate) tight: Vec<bool>,
    /// Rows whose price is nothing, so that they may be alone.
    pub(crate) left_free: Vec<bool>,
    pub(crate) right_free: Vec<bool>,
    /// By part: whether it was solved within its limit, so that the prices prove it.
    pub(crate) proven: Vec<bool>,
    /// Pairs looked at.
    pub(crate) steps: u64,
}

/// A search for the cheapest way to place one left row; kept to be used again.
#[derive(Debug, Default)]
struct Search<C> {
    number: u32,
    /// The search that last reached a right row, at which distance, and from which left row.
    reached: Vec<u32>,
    distances: Vec<C>,
    from: Vec<u32>,
    /// Reached right rows that were not gone on from: at the current distance, and further away.
    near: Vec<u32>,
    far: BinaryHeap<Reverse<(C, u32)>>,
    /// Left rows gone on from, with their distances.
    scanned: Vec<(u32, C)>,
}

/// Where a search ends.
#[derive(Clone, Copy, Debug)]
enum End {
    /// A left row gives up its partner, or never gets one.
    Alone(u32),
    /// A right row that has no partner.
    Free(u32),
}

/// Turns in which left rows just take the cheapest right row, before paths are searched: each is
/// about as cheap as one long path, and leaves fewer rows that need one.
const QUICK_TURNS: u8 = 40;

impl<C: Cost> Assignment<C> {
    /// Nothing is assigned yet. `parts` names the connected part of each left row: a limit that
    /// is reached in one part leaves the others alone. `looks_per_pair` is that limit.
    pub(crate) fn new(graph: &Graph, parts: Vec<u32>, looks_per_pair: u64) -> Self {
        let (lefts, rights) = (graph.lefts() as usize, graph.rights as usize);
        let mut looks = vec![0; lefts];
        for left in 0..graph.lefts() {
            let part = link(&parts, left);
            let own = graph.pairs_of(left).len() as u64 + 1;
            add(&mut looks, part, own * looks_per_pair);
        }
        Self {
            mates: vec![NONE; lefts],
            right_mates: vec![NONE; rights],
            left_prices: vec![C::default(); lefts],
            right_prices: vec![C::default(); rights],
            steps: 0,
            parts,
            looks,
            waiting: (0..graph.lefts()).rev().collect(),
            kicked: Vec::new(),
            turn: 0,
            search: Search {
                reached: vec![0; rights],
                distances: vec![C::default(); rights],
                from: vec![NONE; rights],
                near: Vec::new(),
                far: BinaryHeap::new(),
                scanned: Vec::new(),
                number: 0,
            },
        }
    }

    /// Looks at about `budget` pairs; `false` once every left row has its place.
    pub(crate) fn step(&mut self, graph: &Graph, costs: &[C], budget: u64) -> bool {
        let end = self.steps.saturating_add(budget);
        while self.steps < end {
            let Some(left) = self.waiting.pop() else {
                if self.kicked.is_empty() {
                    return false;
                }
                std::mem::swap(&mut self.waiting, &mut self.kicked);
                self.waiting.reverse();
                self.turn = self.turn.saturating_add(1);
                continue;
            };
            let before = self.steps;
            let part = link(&self.parts, left);
            if get(&self.looks, part) == 0 {
                self.fill(graph, costs, left);
            } else if self.turn < QUICK_TURNS {
                self.take(graph, costs, left);
            } else {
                self.place(graph, costs, left);
            }
            self.steps += 1;
            let looks = get(&self.looks, part).saturating_sub(self.steps - before);
            set(&mut self.looks, part, looks);
        }
        true
    }

    /// What the prices say of the assignment, once [`Assignment::step`] has said that it is whole.
    pub(crate) fn settle(self, graph: &Graph, costs: &[C]) -> Settled {
        let tight = |left: u32, pair: u32| {
            let right = link(&graph.targets, pair);
            get::<C>(costs, pair)
                == get::<C>(&self.left_prices, left) + get::<C>(&self.right_prices, right)
        };
        let pairs = |left: u32| graph.pairs_of(left).map(move |pair| (left, pair));
        let tight = (0..graph.lefts()).flat_map(pairs).map(|(left, pair)| tight(left, pair));
        let free = |prices: &[C]| prices.iter().map(|price| *price == C::default()).collect();
        Settled {
            tight: tight.collect(),
            left_free: free(&self.left_prices),
            right_free: free(&self.right_prices),
            proven: self.looks.iter().map(|looks| *looks > 0).collect(),
            steps: self.steps + costs.len() as u64,
            mates: self.mates,
            right_mates: self.right_mates,
        }
    }

    fn assign(&mut self, left: u32, right: u32) {
        set(&mut self.mates, left, right);
        set(&mut self.right_mates, right, left);
    }

    /// What a pair costs above the price of its right row.
    fn above(&self, graph: &Graph, costs: &[C], pair: u32) -> C {
        get(costs, pair) - get(&self.right_prices, link(&graph.targets, pair))
    }

    /// Takes the cheapest right row from whoever has it; in the last turn only if it is cheaper than
    /// the second, since whoever has an equally good one can wait.
    fn take(&mut self, graph: &Graph, costs: &[C], left: u32) {
        // Staying alone is the first offer.
        let (mut best, mut second, mut target) = (C::default(), C::default(), NONE);
        for pair in graph.pairs_of(left) {
            self.steps += 1;
            let right = link(&graph.targets, pair);
            let cost = self.above(graph, costs, pair);
            let taken = |row: u32| link(&self.right_mates, row) != NONE;
            if cost < best || (cost == best && target != NONE && taken(target) && !taken(right)) {
                second = best;
                (best, target) = (cost, right);
            } else if cost < second {
                second = cost;
            }
        }
        set(&mut self.left_prices, left, second);
        if target == NONE {
            return;
        }
        let owner = link(&self.right_mates, target);
        if owner != NONE && best == second && self.turn + 1 >= QUICK_TURNS {
            return self.kicked.push(left);
        }
        let price = get(&self.right_prices, target) - (second - best);
        set(&mut self.right_prices, target, price);
        if owner != NONE {
            set(&mut self.mates, owner, NONE);
            self.kicked.push(owner);
        }
        self.assign(left, target);
    }

    /// Places a left row along the cheapest path, and moves the prices so that they prove it.
    fn place(&mut self, graph: &Graph, costs: &[C], left: u32) {
        let price = graph.pairs_of(left).map(|pair| self.above(graph, costs, pair)).min();
        set(&mut self.left_prices, left, price.unwrap_or_default().min(C::default()));
        let mut search = std::mem::take(&mut self.search);
        let (end, distance) = self.look(graph, costs, left, &mut search);
        self.move_prices(&search, distance);
        self.augment(&search, left, end);
        self.search = search;
    }

    fn look(&mut self, graph: &Graph, costs: &[C], left: u32, search: &mut Search<C>) -> (End, C) {
        search.number += 1;
        search.near.clear();
        search.far.clear();
        search.scanned.clear();
        let mut end = End::Alone(left);
        let mut nearest = -get(&self.left_prices, left);
        let (mut at, mut distance) = (left, C::default());
        loop {
            search.scanned.push((at, distance));
            let alone = distance - get(&self.left_prices, at);
            if alone < nearest {
                (end, nearest) = (End::Alone(at), alone);
            }
            self.scan(graph, costs, (at, distance), search, (&mut end, &mut nearest));
            if nearest <= distance {
                return (end, nearest);
            }
            let Some((right, next)) = search.next(distance) else { return (end, nearest) };
            if next >= nearest {
                return (end, nearest);
            }
            distance = next;
            at = link(&self.right_mates, right);
        }
    }

    /// Goes on from a left row to all its right rows.
    fn scan(
        &mut self,
        graph: &Graph,
        costs: &[C],
        (at, distance): (u32, C),
        search: &mut Search<C>,
        (end, nearest): (&mut End, &mut C),
    ) {
        let price = get(&self.left_prices, at);
        for pair in graph.pairs_of(at) {
            self.steps += 1;
            let right = link(&graph.targets, pair);
            let next = distance + self.above(graph, costs, pair) - price;
            let seen = link(&search.reached, right) == search.number;
            if next >= *nearest || (seen && next >= get(&search.distances, right)) {
                continue;
            }
            set(&mut search.reached, right, search.number);
            set(&mut search.distances, right, next);
            set(&mut search.from, right, at);
            if link(&self.right_mates, right) == NONE {
                (*end, *nearest) = (End::Free(right), next);
                if next == distance {
                    return;
                }
            } else if next == distance {
                search.near.push(right);
            } else {
                search.far.push(Reverse((next, right)));
            }
        }
    }

    fn move_prices(&mut self, search: &Search<C>, distance: C) {
        for (left, at) in search.scanned.iter().copied().filter(|(_, at)| *at < distance) {
            let by = distance - at;
            add(&mut self.left_prices, left, by);
            // The right row through which it was reached has the same distance.
            let right = link(&self.mates, left);
            if right != NONE {
                add(&mut self.right_prices, right, -by);
            }
        }
    }

    fn augment(&mut self, search: &Search<C>, left: u32, end: End) {
        let mut right = match end {
            End::Free(right) => right,
            End::Alone(row) => {
                let given_up = link(&self.mates, row);
                set(&mut self.mates, row, NONE);
                if given_up == NONE {
                    return;
                }
                given_up
            }
        };
        loop {
            let from = link(&search.from, right);
            let before = link(&self.mates, from);
            self.assign(from, right);
            if from == left || before == NONE {
                return;
            }
            right = before;
        }
    }

    /// After the limit: the cheapest right row that is free.
    fn fill(&mut self, graph: &Graph, costs: &[C], left: u32) {
        let price = graph.pairs_of(left).map(|pair| self.above(graph, costs, pair)).min();
        set(&mut self.left_prices, left, price.unwrap_or_default().min(C::default()));
        let free = graph
            .pairs_of(left)
            .filter(|pair| link(&self.right_mates, link(&graph.targets, *pair)) == NONE)
            .min_by_key(|pair| (get(costs, *pair), *pair));
        if let Some(pair) = free {
            self.assign(left, link(&graph.targets, pair));
        }
    }
}

impl<C: Cost> Search<C> {
    /// The next right row to go on from, and its distance.
    fn next(&mut self, distance: C) -> Option<(u32, C)> {
        if let Some(right) = self.near.pop() {
            return Some((right, distance));
        }
        loop {
            let Reverse((at, right)) = self.far.pop()?;
            // A row that was reached again on a shorter way stands there twice.
            if at == get(&self.distances, right) {
                return Some((right, at));
            }
        }
    }
}
