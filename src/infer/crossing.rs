//! Where tiers by the volume of the month end, and how a line that crosses such a bound is charged.

use super::form::{Form, SCALE, source};
use super::line::Line;
use super::plan::{Mode, Period, Tier};
use super::round::{self, roundest};
use super::schedule::Schedule;
use super::witness::{Between, Span, between, decides};

/// As many mistakes as no lines make, for what cannot be.
const IMPOSSIBLE: usize = 1 << 28;

/// Finds the bounds between tiers, and what becomes of lines that cross them.
pub(super) fn bounds(tiers: &mut [Tier], lines: &[&Line]) -> Mode {
    let schedules: Vec<Schedule> = tiers.iter().map(|tier| tier.schedule.clone()).collect();
    let width = lines.iter().map(|line| line.amount).max().unwrap_or(0).saturating_mul(2);
    let mut mistakes = [0_usize; 2];
    let mut found = Vec::new();
    for (tier, (one, other)) in tiers.iter().zip(schedules.iter().zip(schedules.iter().skip(1))) {
        let cut = tier.up_to.unwrap_or(i64::MAX);
        let near = |line: &&Line| (line.volume - cut).abs() <= width;
        let bound = Bound { one, other, lines: lines.iter().copied().filter(near).collect() };
        let (whole, marginal) = (bound.whole(), bound.marginal());
        let [before, then] = mistakes;
        mistakes = [before.saturating_add(whole.wrong), then.saturating_add(marginal.wrong)];
        found.push((whole, marginal));
    }
    let [whole, marginal] = mistakes;
    let mode = match whole < marginal {
        _ if !decides(whole.abs_diff(marginal), false) => Mode::Unclear,
        true => Mode::Whole,
        false => Mode::Marginal,
    };
    let of = |(whole, marginal): (Between, Between)| match mode {
        Mode::Marginal => marginal,
        _ => whole,
    };
    let found: Vec<Between> = found.into_iter().map(of).collect();
    for (tier, bound) in tiers.iter_mut().zip(round::bounds(&found)) {
        tier.up_to = Some(bound.at);
        tier.between = (!bound.is_round).then_some(bound.open);
    }
    mode
}

/// Two tiers, and the lines near the bound between them.
struct Bound<'a> {
    one: &'a Schedule,
    other: &'a Schedule,
    lines: Vec<&'a Line>,
}

impl Bound<'_> {
    /// Lines that only the first tier explains, and lines that only the second does.
    fn decided(&self, line: &Line) -> Option<bool> {
        match self.fits(line) {
            [true, false] => Some(false),
            [false, true] => Some(true),
            _ => None,
        }
    }

    fn fits(&self, line: &Line) -> [bool; 2] {
        [self.one, self.other].map(|schedule| schedule.fee(line.amount) == Some(line.fee))
    }

    /// Where the bound lies if lines are charged whole by the volume with them.
    fn whole(&self) -> Between {
        let end = |line: &&Line| Some((line.volume + line.amount, self.decided(line)?));
        let ends: Vec<(i64, bool)> = self.lines.iter().filter_map(end).collect();
        let unlike = self.lines.iter().filter(|line| self.fits(line) == [false, false]).count();
        let found = between(ends).unwrap_or(Between { best: (0, 0), loose: (0, 0), wrong: 0 });
        // What is charged up to and including the bound is before it.
        let until = |(low, high): Span| (low, (high - 1).max(low));
        let [best, loose] = [found.best, found.loose].map(until);
        Between { best, loose, wrong: found.wrong + unlike }
    }

    /// The same if each part of a line is charged by the tier in which it lies.
    fn marginal(&self) -> Between {
        let impossible = Between { wrong: IMPOSSIBLE, ..Between::of((0, 0)) };
        let (Some(one), Some(other)) = (self.one.plain(), self.other.plain()) else {
            return impossible;
        };
        let mistakes = |bound: i64| {
            let period = |one: &Schedule, other: &Schedule| Period {
                from: None,
                unclear: None,
                narrower: None,
                tiers: vec![
                    Tier { up_to: Some(bound), between: None, schedule: one.clone() },
                    Tier { up_to: None, between: None, schedule: other.clone() },
                ],
                mode: Mode::Marginal,
            };
            let period = period(self.one, self.other);
            let is_wrong = |line: &&&Line| period.fee(line, Schedule::fee) != Some(line.fee);
            self.lines.iter().filter(is_wrong).count()
        };
        let mut spans: Vec<(i64, i64)> =
            self.lines.iter().filter_map(|line| parted(line, one, other)).collect();
        // Without a line across it, the bound is between the last of the one and the first of the other.
        let old = self.lines.iter().filter(|line| self.decided(line) == Some(false));
        let new = self.lines.iter().filter(|line| self.decided(line) == Some(true));
        let last = old.map(|line| line.volume + line.amount).max();
        let first = new.map(|line| line.volume).min();
        spans.extend(last.zip(first).filter(|(last, first)| last <= first));
        spans.sort_unstable();
        let mut found: Vec<(usize, i64, usize, Span)> = Vec::new();
        for (low, high) in &spans {
            let over = spans.iter().filter(|span| span.0 <= *low && *low <= span.1);
            let narrow = over.clone().map(|span| span.1).min().unwrap_or(*high);
            let open = usize::MAX - over.count();
            // Of bounds that leave as much wrong the roundest is meant.
            let (bound, step) = roundest(*low, narrow);
            found.push((mistakes(bound), -step, open, (*low, narrow)));
        }
        let Some((wrong, _, _, best)) = found.iter().copied().min() else { return impossible };
        let near = found.iter().filter(|(other, ..)| !decides(other - wrong, false));
        let around = |(low, high): Span, span: Span| (low.min(span.0), high.max(span.1));
        let loose = near.map(|(.., span)| *span).fold(best, around);
        Between { best, loose, wrong }
    }
}

/// Between which volumes the bound lies if this line is charged for its parts by two formulas.
fn parted(line: &Line, one: Form, other: Form) -> Option<(i64, i64)> {
    let (low, high) = source(line.fee, other.tax, other.rounding)?;
    let turn = one.rate - other.rate;
    // rate₁·(T − v) + rate₂·(v + a − T) + fixed lies between low and high.
    let constant = i128::from(other.rate) * i128::from(line.amount)
        + i128::from(other.fixed * SCALE)
        - i128::from(turn) * i128::from(line.volume);
    let (low, high) = (i128::from(low) - constant, i128::from(high) - constant);
    let (low, high) = if turn < 0 { (-high, -low) } else { (low, high) };
    let by = i128::from(turn.abs()).max(1);
    let low = i64::try_from(low.div_euclid(by) + i128::from(low.rem_euclid(by) != 0)).ok()?;
    let high = i64::try_from(high.div_euclid(by)).ok()?;
    let (low, high) = (low.max(line.volume + 1), high.min(line.volume + line.amount - 1));
    (low <= high).then_some((low, high))
}
