//! Decides which rows without a reference could be identified at all, by going through all
//! assignments; shares nothing with the engine.
//!
//! Rows of one currency and amount hang together through their windows. Of all assignments of such
//! a set the best have most pairs. Rows that some best assignment pairs, and rows that hang together
//! through such pairs, are one group: whatever can be said must be said of the group. It is
//!
//! - *identifiable* if all best assignments agree on the money of its lines, and what really
//!   happened is one of them: its rows belong to each other and are as many pairs as can be;
//! - *not identifiable* otherwise: because the fees differ between equally good assignments, or
//!   because rows are missing, so that the truth looks worse than an assignment that is false. In
//!   that case nobody who sees only the files can know, and nothing may be called certain.
//!
//! The assignments of a set are gone through line set by line set ([`Sets`]): what can be paired by
//! the first orders is a set of lines, and of sets there are few enough up to [`MOST`] lines.

use std::collections::BTreeMap;

use crate::support::sales::{Line, fits};
use crate::world::World;

/// Most lines of a set whose assignments are gone through.
const MOST: usize = 13;

/// Rows between which the best assignments choose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    pub(crate) orders: Vec<usize>,
    pub(crate) lines: Vec<usize>,
    /// Pairs in every best assignment.
    pub(crate) pairs: usize,
    pub(crate) is_identifiable: bool,
}

/// What can be known of the rows without a reference.
#[derive(Debug, Default)]
pub(crate) struct Knowable {
    pub(crate) groups: Vec<Group>,
    /// The group of each order and line that is in one.
    pub(crate) of_order: BTreeMap<usize, usize>,
    pub(crate) of_line: BTreeMap<usize, usize>,
    /// Orders in whose window no line of their amount is.
    pub(crate) without_candidate: Vec<usize>,
    /// Orders and lines that no best assignment pairs.
    pub(crate) alone: (Vec<usize>, Vec<usize>),
    /// Rows of sets that are too large to be gone through.
    pub(crate) too_many: usize,
}

/// All the money of a line.
fn money(line: &Line) -> (i64, i64, Option<i64>) {
    (line.amount, line.fee, line.rate)
}

impl Knowable {
    pub(crate) fn of(world: &World) -> Self {
        let mut sums: BTreeMap<(usize, i64), (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, order) in world.orders.iter().enumerate().filter(|(_, o)| o.truth.is_keyless()) {
            sums.entry((order.currency, order.amount)).or_default().0.push(at);
        }
        for (at, line) in world.lines.iter().enumerate().filter(|(_, l)| l.truth.is_keyless()) {
            sums.entry((line.currency, line.amount)).or_default().1.push(at);
        }
        let mut known = Self::default();
        for (orders, lines) in sums.into_values() {
            for (orders, lines) in sets(world, orders, lines) {
                known.add(world, &orders, &lines);
            }
        }
        known
    }

    /// Goes through the assignments of rows that hang together.
    fn add(&mut self, world: &World, orders: &[usize], lines: &[usize]) {
        if lines.is_empty() {
            self.without_candidate.extend(orders);
            return;
        }
        if orders.is_empty() {
            self.alone.1.extend(lines);
            return;
        }
        if lines.len() > MOST {
            self.too_many += orders.len() + lines.len();
            return;
        }
        let edges: Vec<Vec<usize>> = orders
            .iter()
            .map(|order| {
                let fit = |at: &usize| fits(&world.orders[*order], &world.lines[lines[*at]]);
                (0..lines.len()).filter(fit).collect()
            })
            .collect();
        let sets = Sets::of(&edges, lines.len());
        let possible = sets.possible_pairs();
        let mut joined = Joined::new(orders.len() + lines.len());
        possible.iter().for_each(|(order, line)| joined.join(*order, orders.len() + line));
        let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
        for (at, order) in orders.iter().enumerate() {
            match possible.iter().any(|pair| pair.0 == at) {
                true => groups.entry(joined.first(at)).or_default().orders.push(*order),
                false => self.alone.0.push(*order),
            }
        }
        for (at, line) in lines.iter().enumerate() {
            match possible.iter().any(|pair| pair.1 == at) {
                true => {
                    groups.entry(joined.first(orders.len() + at)).or_default().lines.push(*line)
                }
                false => self.alone.1.push(*line),
            }
        }
        for mut group in groups.into_values() {
            group.judge(world, lines, &sets);
            let name = self.groups.len();
            self.of_order.extend(group.orders.iter().map(|order| (*order, name)));
            self.of_line.extend(group.lines.iter().map(|line| (*line, name)));
            self.groups.push(group);
        }
    }
}

impl Group {
    fn judge(&mut self, world: &World, lines: &[usize], sets: &Sets) {
        let mut kinds: Vec<Vec<_>> = Vec::new();
        for set in sets.best() {
            let taken = |(at, line): (usize, &usize)| {
                (set >> at & 1 == 1 && self.lines.contains(line))
                    .then(|| money(&world.lines[*line]))
            };
            let mut kind: Vec<_> = lines.iter().enumerate().filter_map(taken).collect();
            kind.sort_unstable();
            self.pairs = kind.len();
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        let true_pairs = self.orders.iter().filter(|order| {
            let partner = world.orders[**order].truth.partner();
            partner.is_some_and(|line| self.lines.contains(&line))
        });
        self.is_identifiable = kinds.len() == 1 && true_pairs.count() == self.pairs;
    }
}

/// Splits the rows of one amount into those that hang together through their windows.
fn sets(world: &World, orders: Vec<usize>, lines: Vec<usize>) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut joined = Joined::new(orders.len() + lines.len());
    for (left, order) in orders.iter().enumerate() {
        for (right, line) in lines.iter().enumerate() {
            if fits(&world.orders[*order], &world.lines[*line]) {
                joined.join(left, orders.len() + right);
            }
        }
    }
    let mut sets: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, order) in orders.iter().enumerate() {
        sets.entry(joined.first(at)).or_default().0.push(*order);
    }
    for (at, line) in lines.iter().enumerate() {
        sets.entry(joined.first(orders.len() + at)).or_default().1.push(*line);
    }
    sets.into_values().collect()
}

/// Rows that hang together, each named by the first.
struct Joined(Vec<usize>);

impl Joined {
    fn new(rows: usize) -> Self {
        Self((0..rows).collect())
    }

    fn first(&self, row: usize) -> usize {
        if self.0[row] == row { row } else { self.first(self.0[row]) }
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other)] = one.min(other);
    }
}

/// All assignments, by the sets of lines that they use, a bit for each line.
struct Sets<'a> {
    edges: &'a [Vec<usize>],
    /// The sets that the first orders may have used, after each order.
    before: Vec<Vec<bool>>,
    /// How many further pairs the other orders can make at most, with the rest of the lines.
    after: Vec<Vec<u32>>,
    most: u32,
}

impl<'a> Sets<'a> {
    fn of(edges: &'a [Vec<usize>], lines: usize) -> Self {
        let all = 1_usize << lines;
        let mut before = vec![vec![false; all]];
        before[0][0] = true;
        for own in edges {
            let last = &before[before.len() - 1];
            let mut next = last.clone();
            for set in (0..all).filter(|set| last[*set]) {
                own.iter()
                    .filter(|line| set >> **line & 1 == 0)
                    .for_each(|l| next[set | 1 << l] = true);
            }
            before.push(next);
        }
        let mut after = vec![vec![0; all]; edges.len() + 1];
        for (at, own) in edges.iter().enumerate().rev() {
            for set in (0..all).filter(|set| before[at][*set]) {
                let free = own.iter().filter(|line| set >> **line & 1 == 0);
                let with = free.map(|line| 1 + after[at + 1][set | 1 << line]).max().unwrap_or(0);
                after[at][set] = with.max(after[at + 1][set]);
            }
        }
        let most = after[0][0];
        Self { edges, before, after, most }
    }

    /// Pairs that are in some best assignment.
    fn possible_pairs(&self) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for (order, own) in self.edges.iter().enumerate() {
            for line in own {
                let is_best = |set: usize| {
                    self.before[order][set]
                        && set >> line & 1 == 0
                        && set.count_ones() + 1 + self.after[order + 1][set | 1 << line]
                            == self.most
                };
                if (0..self.before[order].len()).any(is_best) {
                    pairs.push((order, *line));
                }
            }
        }
        pairs
    }

    /// The sets of lines that the best assignments use.
    fn best(&self) -> impl Iterator<Item = usize> {
        let last = &self.before[self.edges.len()];
        (0..last.len()).filter(|set| last[*set] && set.count_ones() == self.most)
    }
}
