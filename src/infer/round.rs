//! Which bound is meant among all that lines leave possible: the roundest, and whether that is beyond
//! chance.

use super::witness::{Between, Span};

/// Fewer than one round number in so many gaps is chance.
const CHANCE: i64 = 16;

/// How many times as round a bound must be to be the true one although a line speaks against it.
const ROUNDER: i64 = 8;

/// A bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    /// The place that is taken for it.
    pub(crate) at: i64,
    /// Whether it is there because that is a round number.
    pub(crate) is_round: bool,
    /// Between which places it lies if not.
    pub(crate) open: Span,
}

/// The bounds of one schedule, each by where it lies as far as lines say.
pub(crate) fn bounds(betweens: &[Between]) -> Vec<Bound> {
    let width = |between: &Between| between.best.1 - between.best.0;
    let steps: Vec<(i64, i64)> = betweens
        .iter()
        .map(|between| (width(between), roundest(between.best.0, between.best.1).1))
        .collect();
    let of = |((between, (_, step)), is_round): ((&Between, &(i64, i64)), bool)| {
        let (at, _) = roundest(between.best.0, between.best.1);
        let (rounder, its_step) = roundest(between.loose.0, between.loose.1);
        // A single line may hide a much rounder bound; where it hides none, it is as usual.
        let is_hidden = its_step >= step.saturating_mul(ROUNDER);
        if is_hidden {
            return Bound { at, is_round: false, open: between.loose };
        }
        let open = if rounder == at { between.best } else { between.loose };
        let rivals = rivals(at, open);
        let is_round = is_round || rivals == (at, at);
        let open = (open.0.max(rivals.0 - 1), open.1.min(rivals.1 + 1));
        Bound { at, is_round, open }
    };
    betweens.iter().zip(&steps).zip(are_round(&steps)).map(of).collect()
}

/// The roundest number between two, both inclusive, and the largest usual step it is a multiple of.
pub(crate) fn roundest(low: i64, high: i64) -> (i64, i64) {
    for zeros in (0..15).rev() {
        for one in [10, 5, 2] {
            let step = one * 10_i64.pow(zeros);
            let number = high.div_euclid(step) * step;
            if number >= low && number > 0 {
                return (number, step);
            }
        }
    }
    (high, 1)
}

/// The lowest and the highest of the numbers in an open span that may be meant in place of a bound: it
/// itself, and those with at most one digit more. Hardly a contract has a bound of three digits right
/// beside a number of one.
fn rivals(at: i64, open: Span) -> Span {
    let mut step = 1;
    while at > 0 && at % (step * 10) == 0 {
        step *= 10;
    }
    let step = (step / 10).max(1);
    let (first, last) = (open.0 + 1, open.1);
    let lowest = first.div_euclid(step) + i64::from(first.rem_euclid(step) != 0);
    (at.min(lowest * step), at.max(last.div_euclid(step) * step))
}

/// Which bounds are where they are because they are round: each gap between two formulas is given by
/// its width and the largest usual step that the bound in it is a multiple of. One that is round by
/// itself is; so is one that is somewhat round among others, if all of them are hardly by chance.
fn are_round(gaps: &[(i64, i64)]) -> Vec<bool> {
    let odds = |(width, step): &(i64, i64)| (step / (*width).max(1)).clamp(1, CHANCE * CHANCE);
    let all = gaps.iter().map(odds).fold(1_i64, |all, one| (all * one).min(CHANCE * CHANCE));
    let is_round = |gap| odds(gap) >= CHANCE || (odds(gap) >= 2 && all >= CHANCE);
    gaps.iter().map(is_round).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_meant_in_place_of_a_bound_has_hardly_more_digits() {
        for (at, open, expected) in [
            (30_000, (29_400, 30_200), (30_000, 30_000)),
            (30_000, (29_400, 31_200), (30_000, 31_000)),
            (30_000, (28_999, 30_200), (29_000, 30_000)),
            (18_000, (17_899, 18_050), (17_900, 18_000)),
            (7, (3, 9), (4, 9)),
            (0, (0, 0), (0, 0)),
        ] {
            assert_eq!(rivals(at, open), expected, "{at} {open:?}");
        }
    }

    #[test]
    fn round_numbers_are_found() {
        for (low, high, expected) in [
            (2_480, 2_520, (2_500, 500)),
            (99_000, 101_000, (100_000, 100_000)),
            (1_000, 1_001, (1_000, 1_000)),
            (7, 7, (7, 1)),
            (233, 239, (235, 5)),
        ] {
            assert_eq!(roundest(low, high), expected, "{low} {high}");
        }
    }
}
