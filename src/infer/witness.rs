//! When lines decide between two readings of a contract: two more of them that only the one explains,
//! or one more where that one is the usual reading.
//!
//! A file has mistakes, and a mistake may be the very fee that another reading gives: of one line
//! that is not rare enough to build on, of two lines that agree it is. So no bound, no side of a bound,
//! no day of a change and no way to round hangs on a single line, unless that line says what is
//! usual anyway. Whatever is not decided is open for the amounts, days and volumes at which it matters.

/// How many more lines must speak for an unusual reading than against it.
const WITNESSES: usize = 2;

/// Whether so many more lines that only one reading explains decide for it; `usual`: what it says is
/// what contracts mostly say.
pub(crate) fn decides(lead: usize, usual: bool) -> bool {
    lead >= if usual { WITNESSES - 1 } else { WITNESSES }
}

/// The last place that is before a bound, and the first that is behind it.
pub(crate) type Span = (i64, i64);

/// Where a bound lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Between {
    /// Where it leaves the fewest lines wrong.
    pub(crate) best: Span,
    /// Where it leaves so few more wrong that no lines decide against it.
    pub(crate) loose: Span,
    /// How many lines it leaves wrong at best.
    pub(crate) wrong: usize,
}

impl Between {
    /// Where it lies if nothing else is known.
    pub(crate) fn of(span: Span) -> Self {
        Self { best: span, loose: span, wrong: 0 }
    }
}

/// Where a bound lies by its witnesses: each has a place, and whether it is charged as what is behind
/// the bound. `None` without any.
pub(crate) fn between(mut witnesses: Vec<(i64, bool)>) -> Option<Between> {
    witnesses.sort_unstable();
    let mut wrong = witnesses.iter().filter(|(_, behind)| !behind).count();
    let mut spans: Vec<(usize, Span)> = Vec::new();
    let mut last = witnesses.first()?.0 - 1;
    for at_one_place in witnesses.chunk_by(|one, other| one.0 == other.0) {
        let Some((place, _)) = at_one_place.first() else { continue };
        spans.push((wrong, (last, *place)));
        let behind = at_one_place.iter().filter(|(_, behind)| *behind).count();
        wrong = wrong + behind - (at_one_place.len() - behind);
        last = *place;
    }
    spans.push((wrong, (last, last + 1)));
    let least = spans.iter().map(|(wrong, _)| *wrong).min()?;
    let around = |is_in: &dyn Fn(usize) -> bool| {
        let inside = || spans.iter().filter(|(wrong, _)| is_in(*wrong)).map(|(_, span)| span);
        Some((inside().map(|span| span.0).min()?, inside().map(|span| span.1).max()?))
    };
    let best = around(&|wrong| wrong == least)?;
    let loose = around(&|wrong| !decides(wrong - least, false))?;
    Some(Between { best, loose, wrong: least })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_decide_and_one_only_what_is_usual() {
        for (lead, usual, decided) in
            [(0, true, false), (1, true, true), (1, false, false), (2, false, true)]
        {
            assert_eq!(decides(lead, usual), decided, "{lead} {usual}");
        }
    }

    #[test]
    fn bounds_lie_between_their_witnesses() {
        let (before, behind) = (false, true);
        for (witnesses, best, loose, wrong) in [
            // Clear; one line on each side of the narrowest span is not enough.
            (
                vec![(1, before), (3, before), (5, before), (8, behind), (9, behind), (11, behind)],
                (5, 8),
                (3, 9),
                0,
            ),
            // Two lines at one place are.
            (vec![(5, before), (5, before), (8, behind), (8, behind)], (5, 8), (5, 8), 0),
            // A mistake among many on each side moves nothing.
            (
                [(2, behind)].into_iter().chain((1..9).map(|n| (n, n > 4))).collect(),
                (4, 5),
                (3, 6),
                1,
            ),
            // A mistake just behind the bound: either may be it.
            (
                vec![(1, before), (2, before), (6, behind), (7, before), (9, behind), (10, behind)],
                (2, 9),
                (1, 10),
                1,
            ),
            // Nothing behind it, and nothing before it.
            (vec![(3, before), (4, before)], (4, 5), (3, 5), 0),
            (vec![(3, behind)], (2, 3), (2, 4), 0),
        ] {
            let found = between(witnesses.clone()).unwrap();
            assert_eq!(
                (found.best, found.loose, found.wrong),
                (best, loose, wrong),
                "{witnesses:?}"
            );
        }
        assert_eq!(between(Vec::new()), None);
    }
}
