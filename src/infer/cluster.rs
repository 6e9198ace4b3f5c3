//! Which lines lie on one straight line, up to rounding: the largest such group.
//!
//! Pairs of lines from everywhere, near and far apart, each draw a straight line; the one that most
//! others lie on wins. Which pairs are tried follows from the ranks of the amounts alone.

use super::form::RATE_UNIT;
use crate::limits::INFERRED_LINES;

/// A line as far as formulas see it, in minor units, both not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    pub(crate) amount: i64,
    pub(crate) fee: i64,
}

/// Points near one straight line, and between which rates (in millionths) it rises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cluster {
    pub(crate) members: Vec<Point>,
    pub(crate) low: i64,
    pub(crate) high: i64,
}

/// Starts of pairs that are tried for each distance in rank.
const STARTS: usize = 24;

/// Points at either end between which the rate is measured anew.
const ENDS: usize = 8;

/// How many times its own width a pair may speak for.
const REACH: i64 = 8;

/// A straight line through two points.
#[derive(Clone, Copy)]
struct Ray {
    from: Point,
    run: i64,
    rise: i64,
}

impl Ray {
    fn through(one: Point, other: Point) -> Option<Self> {
        let (run, rise) = (other.amount - one.amount, other.fee - one.fee);
        (run > 0 && rise >= 0 && rise <= run).then_some(Self { from: one, run, rise })
    }

    /// How far a point is from it, at most `slack` minor units and what the pair leaves open.
    fn is_near(&self, point: Point, slack: i64) -> bool {
        let run = point.amount - self.from.amount;
        if run.abs() > self.run.saturating_mul(REACH) {
            return false;
        }
        let off = i128::from(point.fee - self.from.fee) * i128::from(self.run)
            - i128::from(self.rise) * i128::from(run);
        let open = i128::from(slack) * i128::from(self.run) + i128::from(run.abs());
        off.abs() <= open
    }

    fn members(&self, points: &[Point], slack: i64) -> usize {
        points.iter().filter(|point| self.is_near(**point, slack)).count()
    }
}

/// The largest clusters of points (sorted by amount), the largest first; at most `count`.
pub(crate) fn clusters(points: &[Point], count: usize) -> Vec<Cluster> {
    let sample: Vec<Point> = sample(points);
    let points = sample.as_slice();
    let mut rays: Vec<(usize, Ray)> = Vec::new();
    let mut distance = points.len() / 2;
    while distance > 0 {
        let last = points.len() - distance;
        for start in spread(last, STARTS) {
            let pair = points.get(start).zip(points.get(start + distance));
            let ray = pair.and_then(|(one, other)| Ray::through(*one, *other));
            rays.extend(ray.map(|ray| (ray.members(points, 2), ray)));
        }
        distance = if distance > 3 { distance * 2 / 3 } else { distance - 1 };
    }
    rays.sort_by_key(|ray| std::cmp::Reverse(ray.0));
    let mut found: Vec<Cluster> = Vec::new();
    for (members, ray) in rays {
        if found.len() >= count || members < 2 {
            break;
        }
        let again = found.iter().any(|known| known.holds_most_of(&ray, points, members));
        if !again {
            found.push(Cluster::of(&ray, points));
        }
    }
    found
}

/// As many of the points as are looked at, evenly spread, with the last of them.
fn sample(points: &[Point]) -> Vec<Point> {
    if points.len() <= INFERRED_LINES {
        return points.to_vec();
    }
    let most = spread(points.len(), INFERRED_LINES - 1).filter_map(|at| points.get(at));
    most.chain(points.last()).copied().collect()
}

/// `count` places, evenly spread over `0..of`.
pub(crate) fn spread(of: usize, count: usize) -> impl Iterator<Item = usize> {
    let taken = count.min(of);
    (0..taken).map(move |at| at * of / taken)
}

impl Cluster {
    fn of(ray: &Ray, points: &[Point]) -> Self {
        let members: Vec<Point> =
            points.iter().copied().filter(|point| ray.is_near(*point, 2)).collect();
        let ray = ends(&members).unwrap_or(*ray);
        let members: Vec<Point> =
            points.iter().copied().filter(|point| ray.is_near(*point, 2)).collect();
        let rate = |rise: i64| i128::from(rise) * i128::from(RATE_UNIT) / i128::from(ray.run);
        let of = |rate: i128| i64::try_from(rate).unwrap_or(RATE_UNIT).clamp(0, RATE_UNIT);
        Self { members, low: of(rate(ray.rise - 2) - 1), high: of(rate(ray.rise + 2) + 1) }
    }

    /// All of these points, whatever they are.
    pub(crate) fn whole(points: &[Point]) -> Option<Self> {
        let points = sample(points);
        Some(Self::of(&ends(&points)?, &points))
    }

    /// Its points with lower and those with higher amounts. Points that seem to lie on one straight line
    /// may follow two formulas, of which one is left in a half; and then its rate is that half's.
    pub(crate) fn halves(&self) -> impl Iterator<Item = Self> {
        let (low, high) = self.members.split_at(self.members.len() / 2);
        [high, low].into_iter().filter_map(Self::whole)
    }

    fn holds_most_of(&self, ray: &Ray, points: &[Point], members: usize) -> bool {
        let near = points.iter().filter(|point| ray.is_near(**point, 2));
        let common = near.filter(|point| self.members.binary_search(point).is_ok()).count();
        common * 2 > members
    }
}

/// The straight line between the lowest and the highest points that most points lie on.
fn ends(points: &[Point]) -> Option<Ray> {
    let low = || points.iter().take(ENDS);
    let high = || points.iter().rev().take(ENDS);
    let rays = low().flat_map(|one| high().filter_map(|other| Ray::through(*one, *other)));
    let mut best: Option<(usize, Ray)> = None;
    for ray in rays {
        let members = ray.members(points, 1);
        if best.is_none_or(|(most, known)| (members, ray.run) > (most, known.run)) {
            best = Some((members, ray));
        }
    }
    best.map(|(_, ray)| ray)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(of: impl Iterator<Item = (i64, i64)>) -> Vec<Point> {
        let mut points: Vec<Point> = of.map(|(amount, fee)| Point { amount, fee }).collect();
        points.sort();
        points
    }

    #[test]
    fn the_larger_of_two_lines_comes_first() {
        let one = (1..80_i64).map(|n| (n * 137, (n * 137 * 29 + 500) / 1_000 + 30));
        let other = (1..40_i64).map(|n| (n * 211, (n * 211 * 15 + 500) / 1_000));
        let found = clusters(&points(one.chain(other)), 2);
        assert!(found[0].members.len() >= 79, "{}", found[0].members.len());
        assert!(found[0].low <= 29_000 && 29_000 <= found[0].high, "{found:?}");
        assert!(found[0].high - found[0].low < 500, "{} {}", found[0].low, found[0].high);
        assert!(found[1].low <= 15_000 && 15_000 <= found[1].high);
    }

    #[test]
    fn of_many_points_some_are_enough() {
        let many = points((1..20_000_i64).map(|n| (n * 7, (n * 7 * 29 + 500) / 1_000 + 30)));
        let found = clusters(&many, 1);
        assert_eq!(found[0].members.len(), INFERRED_LINES);
        assert_eq!(found[0].members.last(), many.last());
        assert!(
            found[0].low <= 29_000 && 29_000 <= found[0].high,
            "{} {}",
            found[0].low,
            found[0].high
        );
    }

    #[test]
    fn equal_amounts_draw_no_line() {
        assert!(clusters(&points((0..9).map(|_| (100, 5))), 3).is_empty());
        assert!(clusters(&[], 3).is_empty());
    }
}
