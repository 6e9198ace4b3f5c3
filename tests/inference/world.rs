//! Files of a thousand lines that follow a true contract of a shape, 2 % of them perturbed.

use std::collections::BTreeMap;

use crate::contract::{Charge, Round, Row, Terms, Vat, fixed, rate};
use crate::draw::Draw;
use crate::rival;

/// A shape of the fee reference that can be seen in single lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    PercentAndFixed,
    Surcharge,
    SurchargeAlone,
    Cap,
    Waiver,
    ByMethod,
    ByAmount,
    Bands,
    WholePrevious,
    WholeRunning,
    Marginal,
    ByCategory,
    PassThrough,
    VatTogether,
    VatOnRounded,
    Refund,
    Event,
    Batch,
    InstantPayout,
    MinimumAndCap,
    HalfEven,
    Up,
    Down,
    GrossUp,
    Dated,
    Exempt,
    VatHalfEven,
    VatUp,
    VatDown,
    VatAndCap,
    UpTo,
    Steps,
    MinimumFixedAndCap,
    Changes,
    CappedByMethod,
    DatedByMethod,
    WholePreviousThree,
}

impl Shape {
    pub(crate) const ALL: [(Self, &'static str); 37] = [
        (Self::PercentAndFixed, "1 percent + fixed by currency"),
        (Self::Surcharge, "2 surcharge abroad"),
        (Self::SurchargeAlone, "2 surcharge, each part rounded"),
        (Self::Cap, "3 cap"),
        (Self::Waiver, "4 waiver and cap"),
        (Self::ByMethod, "5 by method"),
        (Self::ByAmount, "5 by amount"),
        (Self::Bands, "6 bands"),
        (Self::WholePrevious, "7 whole tiers, previous month"),
        (Self::WholeRunning, "7 whole tiers, this month"),
        (Self::Marginal, "7 marginal tiers, this month"),
        (Self::ByCategory, "8 by category, minimum"),
        (Self::PassThrough, "9 markup on what is passed through"),
        (Self::VatTogether, "10 VAT, rounded together"),
        (Self::VatOnRounded, "10 VAT on the rounded fee"),
        (Self::Refund, "11 refunds"),
        (Self::Event, "12 chargebacks"),
        (Self::Batch, "13 payouts"),
        (Self::InstantPayout, "14 instant payout, minimum"),
        (Self::MinimumAndCap, "15 minimum and cap"),
        (Self::HalfEven, "16 half-even"),
        (Self::Up, "16 up"),
        (Self::Down, "16 down"),
        (Self::GrossUp, "17 gross-up"),
        (Self::Dated, "18 change of rate"),
        (Self::Exempt, "18 exempt methods"),
        (Self::VatHalfEven, "10 VAT, half-even"),
        (Self::VatUp, "10 VAT, up"),
        (Self::VatDown, "10 VAT, down"),
        (Self::VatAndCap, "10 VAT and cap"),
        (Self::UpTo, "5 up to and including an amount"),
        (Self::Steps, "6 bands of percent"),
        (Self::MinimumFixedAndCap, "15 minimum, fixed part and cap"),
        (Self::Changes, "18 two changes of rate"),
        (Self::CappedByMethod, "3 caps by method"),
        (Self::DatedByMethod, "18 change of rate by method"),
        (Self::WholePreviousThree, "7 three tiers, previous month"),
    ];
}

/// A file with its truth: terms by group of currency and kind.
pub(crate) struct World {
    pub(crate) terms: Vec<Terms>,
    pub(crate) rows: Vec<Row>,
}

/// The first day: 2026-01-01.
pub(crate) const FIRST: i32 = 20_454;
pub(crate) const MONTHS: [i32; 4] = [0, 31, 59, 90];

fn month(day: i32) -> usize {
    MONTHS.iter().filter(|start| day - FIRST >= **start).count()
}

impl World {
    pub(crate) fn draw(shape: Shape, seed: u64, lines: usize) -> Self {
        let draw = &mut Draw::new(seed ^ ((shape as u64) << 40));
        let mut rows = rows(shape, lines, draw);
        let terms = terms(shape, &rows, draw);
        for row in &mut rows {
            row.fee = terms[row.group].fee(row);
            row.clean = true;
            if draw.percent(2) {
                let most = (row.fee / 4).max(5);
                let by = draw.within(1, most) * if draw.percent(50) { 1 } else { -1 };
                let wrong = if row.fee + by < 0 { row.fee - by } else { row.fee + by };
                (row.fee, row.clean) = (wrong, false);
            }
            row.fee += row.passed;
        }
        Self { terms, rows }
    }

    /// Whether each part of the contract has 20 clean lines, and so both sides of each boundary, and
    /// whether lines say what is unusual about it: its way to round, and "up to and including"; and
    /// whether no other contract gives all clean lines their fees too.
    pub(crate) fn is_ample(&self) -> bool {
        let tells = |terms: &Terms| {
            Round::ALL.iter().all(|other| self.tells(terms, *other))
                && self.tells_side(terms)
                && !rival::exists(terms, &self.of(terms))
        };
        self.has_parts() && self.terms.iter().all(tells)
    }

    fn of(&self, terms: &Terms) -> Vec<&Row> {
        let is_of = |row: &&Row| std::ptr::eq(&self.terms[row.group], terms);
        self.rows.iter().filter(is_of).collect()
    }

    /// Whether two clean lines or more stand on a bound that belongs below, or none at all.
    fn tells_side(&self, terms: &Terms) -> bool {
        let Charge::UpTo(last, ..) = terms.charge else { return true };
        let on = || self.rows.iter().filter(|row| row.amount == last);
        on().next().is_none() || on().filter(|row| row.clean).count() >= 2
    }

    /// Whether two clean lines or more have a fee that they would not have if it were rounded in this
    /// other way, or all lines would have the same. The usual way to round needs no line to say so.
    fn tells(&self, terms: &Terms, other: Round) -> bool {
        let rounded = terms.rounded(other);
        let differs = |row: &&Row| terms.fee(row) != rounded.fee(row);
        let witnesses: Vec<&Row> = self.of(terms).into_iter().filter(differs).collect();
        let clean = witnesses.iter().filter(|row| row.clean).count();
        terms.round == Round::HalfUp || witnesses.is_empty() || clean >= 2
    }

    fn has_parts(&self) -> bool {
        let mut parts: BTreeMap<(usize, Vec<usize>), usize> = BTreeMap::new();
        for row in &self.rows {
            let part = (row.group, self.terms[row.group].part(row));
            *parts.entry(part).or_default() += usize::from(row.clean);
        }
        parts.values().all(|lines| *lines >= 20)
    }
}

fn rows(shape: Shape, lines: usize, draw: &mut Draw) -> Vec<Row> {
    let groups = if shape == Shape::PercentAndFixed { draw.within(1, 4) as usize } else { 1 };
    let (countries, methods) = (draw.within(2, 8), draw.within(2, 6));
    let mut rows: Vec<Row> = (0..lines)
        .map(|_| {
            let mut amount = match draw.within(0, 2) {
                0 => draw.within(200, 5_000),
                1 => draw.within(1_000, 40_000),
                _ => draw.within(5_000, 400_000),
            };
            match draw.within(0, 3) {
                0 => amount = amount / 100 * 100 + 100,
                1 => amount = amount / 100 * 100 + 99,
                _ => {}
            }
            Row {
                group: draw.within(0, groups as i64 - 1) as usize,
                amount,
                day: FIRST + draw.within(0, 119) as i32,
                method: draw.within(0, methods - 1) as usize,
                country: if draw.percent(50) { 0 } else { draw.within(1, countries) as usize },
                category: draw.within(0, 7) as usize,
                passed: if shape == Shape::PassThrough {
                    draw.within(1, amount / 50 + 2)
                } else {
                    0
                },
                ..Row::default()
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.day, row.amount));
    let mut volumes: BTreeMap<usize, i64> = BTreeMap::new();
    for row in &mut rows {
        let month = month(row.day);
        row.previous = volumes.get(&(month.wrapping_sub(1))).copied().unwrap_or(0);
        let running = volumes.entry(month).or_default();
        row.running = *running;
        *running += row.amount;
    }
    rows
}

/// The amount below which so many of a hundred rows are.
fn quantile(rows: &[Row], percent: i64) -> i64 {
    let mut amounts: Vec<i64> = rows.iter().map(|row| row.amount).collect();
    amounts.sort_unstable();
    amounts[(amounts.len() as i64 * percent / 100) as usize]
}

/// A round number near this one, as thresholds are.
fn rounded(number: i64) -> i64 {
    let mut step = 1;
    while step * 20 < number {
        step *= 10;
    }
    ((number + step / 2) / step * step).max(step)
}

fn vat(draw: &mut Draw, alone: bool) -> Vat {
    Some((draw.one(&[500, 700, 750, 1_000, 1_500, 1_600, 1_800, 2_000, 2_300]), alone))
}

fn terms(shape: Shape, rows: &[Row], draw: &mut Draw) -> Vec<Terms> {
    let plain = |draw: &mut Draw| Charge::Plain((rate(draw), fixed(draw)));
    let one = match shape {
        Shape::PercentAndFixed => return (0..4).map(|_| Terms::new(plain(draw))).collect(),
        Shape::Surcharge | Shape::SurchargeAlone => {
            let more = (draw.within(2, 30) * 1_000, 0);
            let alone = shape == Shape::SurchargeAlone;
            Terms::new(Charge::Surcharge((rate(draw), fixed(draw)), more, alone))
        }
        Shape::Cap => {
            let (rate, fixed) = (rate(draw), fixed(draw));
            let at = quantile(rows, draw.within(50, 95));
            let cap = rounded(rate * at / 1_000_000 + fixed / 100);
            Terms { cap: Some(cap), ..Terms::new(Charge::Plain((rate, fixed))) }
        }
        Shape::Waiver => {
            let (rate, fixed) = (rate(draw), draw.within(5, 50) * 1_000);
            let from = rounded(quantile(rows, draw.within(20, 60)));
            let at = quantile(rows, draw.within(80, 95));
            let cap = draw.percent(60).then(|| rounded(rate * at / 1_000_000 + fixed / 100));
            Terms { cap, ..Terms::new(Charge::Waiver(from, (rate, fixed))) }
        }
        Shape::ByMethod => {
            let count = draw.within(2, 4);
            Terms::new(Charge::ByMethod((0..count).map(|_| (rate(draw), fixed(draw))).collect()))
        }
        Shape::ByAmount => {
            let from = rounded(quantile(rows, draw.within(20, 80)));
            Terms::new(Charge::ByAmount(from, (rate(draw), fixed(draw)), (rate(draw), fixed(draw))))
        }
        Shape::Bands => {
            let count = draw.within(3, 12);
            let mut fee = draw.within(1, 10) * 100;
            let mut bands = Vec::new();
            for at in 1..=count {
                bands.push((rounded(quantile(rows, at * 95 / (count + 1))), fee));
                fee += draw.within(1, 9) * 100;
            }
            bands.dedup_by_key(|band| band.0);
            Terms::new(Charge::Bands(bands, fee))
        }
        Shape::WholePrevious | Shape::WholeRunning | Shape::Marginal => {
            let total: i64 = rows.iter().map(|row| row.amount).sum::<i64>() / 4;
            let up_to = match shape {
                Shape::WholePrevious => vec![rounded(total * draw.within(40, 110) / 100)],
                _ => vec![rounded(total * 3 / 10), rounded(total * 6 / 10)],
            };
            let first = draw.within(20, 45) * 1_000;
            let rates: Vec<i64> =
                (0..=up_to.len() as i64).map(|at| first - at * draw.within(2, 6) * 1_000).collect();
            let fixed = fixed(draw);
            if shape == Shape::Marginal {
                Terms::new(Charge::Marginal { up_to, rates, fixed })
            } else {
                let rates = rates.into_iter().map(|rate| (rate, fixed)).collect();
                let previous = shape == Shape::WholePrevious;
                Terms::new(Charge::Whole { previous, up_to, rates })
            }
        }
        Shape::ByCategory => {
            let rates: Vec<i64> =
                (0..draw.within(2, 5)).map(|_| draw.within(12, 40) * 5_000).collect();
            let minimum = draw.within(2, 20) * 50;
            Terms::new(Charge::ByCategory(rates, minimum))
        }
        Shape::PassThrough => Terms::new(Charge::Plain((draw.within(1, 20) * 500, fixed(draw)))),
        Shape::VatTogether | Shape::VatOnRounded => {
            Terms { vat: vat(draw, shape == Shape::VatOnRounded), ..Terms::new(plain(draw)) }
        }
        Shape::VatHalfEven | Shape::VatUp | Shape::VatDown => {
            let round = match shape {
                Shape::VatHalfEven => Round::HalfEven,
                Shape::VatUp => Round::Up,
                _ => Round::Down,
            };
            let alone = draw.percent(50);
            Terms { vat: vat(draw, alone), round, ..Terms::new(plain(draw)) }
        }
        Shape::VatAndCap => {
            let (rate, fixed) = (rate(draw), fixed(draw));
            let alone = draw.percent(50);
            let vat = vat(draw, alone);
            let at = quantile(rows, draw.within(50, 95));
            // The fee is bounded, and the tax is on what is left of it.
            let cap = rounded(rate * at / 1_000_000 + fixed / 100);
            let cap = cap + cap * vat.map_or(0, |vat| vat.0) / 10_000;
            Terms { cap: Some(cap), vat, ..Terms::new(Charge::Plain((rate, fixed))) }
        }
        Shape::UpTo => {
            let last = rounded(quantile(rows, draw.within(20, 80)));
            Terms::new(Charge::UpTo(last, (rate(draw), fixed(draw)), (rate(draw), fixed(draw))))
        }
        Shape::Steps => {
            let first = draw.within(25, 45) * 1_000;
            let fixed = fixed(draw);
            let step = |at: i64| (first - at * 6_000, fixed);
            let from = |percent: i64| rounded(quantile(rows, percent));
            let steps = vec![(from(30), step(0)), (from(60), step(1)), (from(85), step(2))];
            Terms::new(Charge::Steps(steps, step(3)))
        }
        Shape::MinimumFixedAndCap => {
            let (rate, fixed) = (rate(draw), draw.within(1, 20) * 500);
            let [low, high] = [draw.within(15, 40), draw.within(60, 90)].map(|percent| {
                rounded(rate * quantile(rows, percent) / 1_000_000 + fixed / 100).max(5)
            });
            let bounds = (Some(low), Some(high.max(low + 10)));
            Terms { minimum: bounds.0, cap: bounds.1, ..Terms::new(Charge::Plain((rate, fixed))) }
        }
        Shape::Changes => {
            let days = [draw.within(20, 50), draw.within(65, 100)].map(|day| FIRST + day as i32);
            let first = (rate(draw), fixed(draw));
            let second = (first.0 + draw.within(1, 8) * 1_000, first.1);
            let third = (second.0 + draw.within(1, 8) * 1_000, fixed(draw));
            Terms::new(Charge::Changes(vec![(days[0], first), (days[1], second)], third))
        }
        Shape::CappedByMethod => {
            let count = draw.within(2, 3);
            let one = |draw: &mut Draw| {
                let (rate, fixed) = (rate(draw), fixed(draw));
                let at = quantile(rows, draw.within(50, 90));
                ((rate, fixed), rounded(rate * at / 1_000_000 + fixed / 100))
            };
            Terms::new(Charge::Capped((0..count).map(|_| one(draw)).collect()))
        }
        Shape::DatedByMethod => {
            let day = FIRST + draw.within(30, 90) as i32;
            let one = |draw: &mut Draw| {
                let before = (rate(draw), fixed(draw));
                (before, (before.0 + draw.within(1, 8) * 1_000, before.1))
            };
            Terms::new(Charge::DatedByMethod(day, vec![one(draw), one(draw)]))
        }
        Shape::WholePreviousThree => {
            let volumes = rows.iter().map(|row| row.previous).filter(|volume| *volume > 0);
            let most = volumes.max().unwrap_or(1);
            let up_to = vec![rounded(most * 2 / 5), rounded(most * 19 / 20)];
            let (first, fixed) = (draw.within(30, 45) * 1_000, fixed(draw));
            let rates = [0, 1, 2].map(|at| (first - at * 5_000, fixed)).to_vec();
            Terms::new(Charge::Whole { previous: true, up_to, rates })
        }
        Shape::Refund => Terms::new(match draw.within(0, 2) {
            0 => Charge::Plain((0, 0)),
            1 => Charge::Plain((rate(draw), 0)),
            _ => Charge::Plain((0, draw.within(1, 60) * 500)),
        }),
        Shape::Event => Terms::new(Charge::Plain((0, draw.within(2, 50) * 5_000))),
        Shape::Batch => Terms::new(Charge::Plain((0, draw.within(1, 50) * 1_000))),
        Shape::InstantPayout => {
            let rate = draw.within(2, 6) * 2_500;
            let at = quantile(rows, draw.within(20, 60));
            let minimum = Some(rounded(rate * at / 1_000_000).max(5));
            Terms { minimum, ..Terms::new(Charge::Plain((rate, 0))) }
        }
        Shape::MinimumAndCap => {
            let rate = rate(draw);
            let [low, high] = [draw.within(15, 40), draw.within(60, 90)]
                .map(|percent| rounded(rate * quantile(rows, percent) / 1_000_000).max(5));
            let bounds = (Some(low), Some(high.max(low + 10)));
            Terms { minimum: bounds.0, cap: bounds.1, ..Terms::new(Charge::Plain((rate, 0))) }
        }
        Shape::HalfEven | Shape::Up | Shape::Down => {
            let round = match shape {
                Shape::HalfEven => Round::HalfEven,
                Shape::Up => Round::Up,
                _ => Round::Down,
            };
            Terms { round, ..Terms::new(plain(draw)) }
        }
        // The customer pays the fee: what is charged is odd, the fee on it is as always.
        Shape::GrossUp => {
            let (rate, fixed) = (rate(draw), fixed(draw));
            let cap = draw.percent(40).then(|| rounded(rate * quantile(rows, 80) / 1_000_000 + 50));
            Terms { cap, ..Terms::new(Charge::Plain((rate, fixed))) }
        }
        Shape::Dated => {
            let day = FIRST + draw.within(20, 100) as i32;
            let before = (rate(draw), fixed(draw));
            let after = if draw.percent(50) {
                (before.0 + draw.within(1, 8) * 500, before.1)
            } else {
                (rate(draw), fixed(draw))
            };
            Terms::new(Charge::Dated(day, before, after))
        }
        Shape::Exempt => {
            let count = draw.within(2, 3);
            let mut rates: Vec<(i64, i64)> =
                (0..count).map(|_| (rate(draw) / 100 * 100, 0)).collect();
            rates.push((0, 0));
            Terms::new(Charge::ByMethod(rates))
        }
    };
    vec![one]
}
