//! True contracts, drawn by shape, and the fee that they give. Nothing here calls the engine: fees
//! are computed anew, as fractions.

use crate::draw::Draw;

/// A row as the provider sees it. Amounts in minor units.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) group: usize,
    pub(crate) amount: i64,
    pub(crate) day: i32,
    pub(crate) method: usize,
    pub(crate) country: usize,
    pub(crate) category: usize,
    /// What was paid in its calendar month before it, and in the whole month before.
    pub(crate) running: i64,
    pub(crate) previous: i64,
    /// What the file says was passed through.
    pub(crate) passed: i64,
    pub(crate) fee: i64,
    pub(crate) clean: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    HalfUp,
    HalfEven,
    Up,
    Down,
}

impl Round {
    pub(crate) const ALL: [Self; 4] = [Self::HalfUp, Self::HalfEven, Self::Up, Self::Down];
}

/// `top / bottom` (not negative) as a whole number.
pub(crate) fn round(top: i128, bottom: i128, how: Round) -> i128 {
    let (whole, rest) = (top / bottom, top % bottom);
    match how {
        Round::Down => whole,
        Round::Up => whole + i128::from(rest > 0),
        Round::HalfUp => whole + i128::from(rest * 2 >= bottom),
        Round::HalfEven => {
            let odd = whole % 2 == 1;
            whole + i128::from(rest * 2 > bottom || (rest * 2 == bottom && odd))
        }
    }
}

/// Percent in millionths and a fixed part in hundredths of a minor unit.
pub(crate) type Rate = (i64, i64);

/// Tax in hundredths of a percent, and whether it is on the rounded fee.
pub(crate) type Vat = Option<(i64, bool)>;

/// What a group of rows (a currency and a kind) is charged.
#[derive(Clone, Debug)]
pub(crate) enum Charge {
    Plain(Rate),
    /// Another rate is added where the country is not the first; each part rounded by itself if so.
    Surcharge(Rate, Rate, bool),
    ByMethod(Vec<Rate>),
    ByCategory(Vec<i64>, i64),
    /// Below an amount one, from it on the other.
    ByAmount(i64, Rate, Rate),
    /// Up to and including each amount, and above all.
    Bands(Vec<(i64, i64)>, i64),
    /// By volume: up to each, then the rest.
    Whole {
        previous: bool,
        up_to: Vec<i64>,
        rates: Vec<Rate>,
    },
    Marginal {
        up_to: Vec<i64>,
        rates: Vec<i64>,
        fixed: i64,
    },
    Dated(i32, Rate, Rate),
    Waiver(i64, Rate),
    /// Up to and including an amount one, above it the other.
    UpTo(i64, Rate, Rate),
    /// A rate below each amount, and from the last on.
    Steps(Vec<(i64, Rate)>, Rate),
    /// A rate before each day, and from the last on.
    Changes(Vec<(i32, Rate)>, Rate),
    /// By method, each with the most that is charged.
    Capped(Vec<(Rate, i64)>),
    /// By method, each from a day on with another.
    DatedByMethod(i32, Vec<(Rate, Rate)>),
}

#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) charge: Charge,
    pub(crate) minimum: Option<i64>,
    pub(crate) cap: Option<i64>,
    pub(crate) round: Round,
    pub(crate) vat: Vat,
}

impl Terms {
    pub(crate) fn new(charge: Charge) -> Self {
        Self { charge, minimum: None, cap: None, round: Round::HalfUp, vat: None }
    }

    /// The fee of a row, without what was passed through.
    pub(crate) fn fee(&self, row: &Row) -> i64 {
        // In 10⁻⁶ minor units.
        let exact =
            |(rate, fixed): Rate| rate as i128 * row.amount as i128 + fixed as i128 * 10_000;
        let million = 1_000_000_i128;
        let mut parts = vec![match &self.charge {
            Charge::Plain(rate) => exact(*rate),
            Charge::Surcharge(rate, more, alone) => {
                let abroad = row.country != 0;
                if *alone && abroad {
                    let fee = round(exact(*rate), million, self.round)
                        + round(exact(*more), million, self.round);
                    return self.bounded(fee);
                }
                exact(*rate) + if abroad { exact(*more) } else { 0 }
            }
            Charge::ByMethod(rates) => exact(rates[row.method % rates.len()]),
            Charge::ByCategory(rates, _) => exact((rates[row.category % rates.len()], 0)),
            Charge::ByAmount(from, below, above) => {
                exact(if row.amount < *from { *below } else { *above })
            }
            Charge::Bands(bands, above) => {
                let band = bands.iter().find(|(up_to, _)| row.amount <= *up_to);
                band.map_or(*above, |(_, fee)| *fee) as i128 * million
            }
            Charge::Whole { previous, up_to, rates } => {
                let volume = if *previous { row.previous } else { row.running + row.amount };
                exact(rates[up_to.iter().filter(|bound| volume > **bound).count()])
            }
            Charge::Marginal { up_to, rates, fixed } => {
                let (mut sum, mut from) = (*fixed as i128 * 10_000, row.running);
                let end = row.running + row.amount;
                for (at, rate) in rates.iter().enumerate() {
                    let until = up_to.get(at).copied().unwrap_or(i64::MAX).min(end);
                    if until > from {
                        sum += *rate as i128 * (until - from) as i128;
                        from = until;
                    }
                }
                sum
            }
            Charge::Dated(day, before, after) => {
                exact(if row.day < *day { *before } else { *after })
            }
            Charge::Waiver(from, (rate, fixed)) => {
                exact((*rate, if row.amount < *from { 0 } else { *fixed }))
            }
            Charge::UpTo(last, below, above) => {
                exact(if row.amount <= *last { *below } else { *above })
            }
            Charge::Steps(steps, above) => {
                let step = steps.iter().find(|(from, _)| row.amount < *from);
                exact(step.map_or(*above, |(_, rate)| *rate))
            }
            Charge::Changes(days, last) => {
                let day = days.iter().find(|(until, _)| row.day < *until);
                exact(day.map_or(*last, |(_, rate)| *rate))
            }
            Charge::Capped(rates) => {
                let (rate, cap) = rates[row.method % rates.len()];
                exact(rate).min(cap as i128 * million)
            }
            Charge::DatedByMethod(day, rates) => {
                let (before, after) = rates[row.method % rates.len()];
                exact(if row.day < *day { before } else { after })
            }
        }];
        let sum: i128 = parts.drain(..).sum();
        let fee = match self.vat {
            None => round(sum, million, self.round),
            Some((tax, false)) => round(sum * (10_000 + tax as i128), million * 10_000, self.round),
            Some((tax, true)) => {
                let fee = round(sum, million, self.round);
                fee + round(fee * tax as i128, 10_000, self.round)
            }
        };
        self.bounded(fee)
    }

    /// The same terms, rounded in another way.
    pub(crate) fn rounded(&self, round: Round) -> Self {
        Self { round, ..self.clone() }
    }

    /// The amounts at which its fee changes, and whether each belongs to what is below it.
    pub(crate) fn bounds(&self) -> (Vec<i64>, bool) {
        match &self.charge {
            Charge::ByAmount(from, ..) | Charge::Waiver(from, _) => (vec![*from], false),
            Charge::Steps(steps, _) => (steps.iter().map(|step| step.0).collect(), false),
            Charge::Bands(bands, _) => (bands.iter().map(|band| band.0).collect(), true),
            Charge::UpTo(last, ..) => (vec![*last], true),
            _ => (Vec::new(), false),
        }
    }

    /// The same terms with other amounts at which the fee changes.
    pub(crate) fn with_bounds(&self, bounds: &[i64]) -> Self {
        let mut other = self.clone();
        match &mut other.charge {
            Charge::ByAmount(at, ..) | Charge::Waiver(at, _) | Charge::UpTo(at, ..) => {
                *at = bounds[0];
            }
            Charge::Steps(steps, _) => {
                steps.iter_mut().zip(bounds).for_each(|(step, at)| step.0 = *at);
            }
            Charge::Bands(bands, _) => {
                bands.iter_mut().zip(bounds).for_each(|(band, at)| band.0 = *at);
            }
            _ => {}
        }
        other
    }

    /// The days on which its fee changes.
    pub(crate) fn days(&self) -> Vec<i32> {
        match &self.charge {
            Charge::Dated(day, ..) | Charge::DatedByMethod(day, _) => vec![*day],
            Charge::Changes(days, _) => days.iter().map(|day| day.0).collect(),
            _ => Vec::new(),
        }
    }

    /// The same terms with other days on which the fee changes.
    pub(crate) fn with_days(&self, others: &[i32]) -> Self {
        let mut other = self.clone();
        match &mut other.charge {
            Charge::Dated(day, ..) | Charge::DatedByMethod(day, _) => *day = others[0],
            Charge::Changes(days, _) => {
                days.iter_mut().zip(others).for_each(|(day, other)| day.0 = *other);
            }
            _ => {}
        }
        other
    }

    fn bounded(&self, fee: i128) -> i64 {
        let minimum = match &self.charge {
            Charge::ByCategory(_, minimum) => Some(*minimum),
            _ => self.minimum,
        };
        let fee = minimum.map_or(fee, |minimum| fee.max(minimum as i128));
        self.cap.map_or(fee, |cap| fee.min(cap as i128)) as i64
    }

    /// Which part of the contract a row falls under, so that rows of each can be counted; parts
    /// have their own formula.
    pub(crate) fn part(&self, row: &Row) -> Vec<usize> {
        let mut part = match &self.charge {
            Charge::Plain(_) => vec![0],
            Charge::Surcharge(..) => vec![usize::from(row.country != 0)],
            Charge::ByMethod(rates) => vec![row.method % rates.len()],
            Charge::ByCategory(rates, _) => vec![row.category % rates.len()],
            Charge::ByAmount(from, ..) | Charge::Waiver(from, _) => {
                vec![usize::from(row.amount >= *from)]
            }
            Charge::Bands(bands, _) => {
                vec![bands.iter().filter(|(up_to, _)| row.amount > *up_to).count()]
            }
            Charge::Whole { previous, up_to, .. } => {
                let volume = if *previous { row.previous } else { row.running + row.amount };
                vec![up_to.iter().filter(|bound| volume > **bound).count()]
            }
            Charge::Marginal { up_to, .. } => {
                vec![up_to.iter().filter(|bound| row.running >= **bound).count()]
            }
            Charge::Dated(day, ..) => vec![usize::from(row.day >= *day)],
            Charge::UpTo(last, ..) => vec![usize::from(row.amount > *last)],
            Charge::Steps(steps, _) => {
                vec![steps.iter().filter(|(from, _)| row.amount >= *from).count()]
            }
            Charge::Changes(days, _) => {
                vec![days.iter().filter(|(until, _)| row.day >= *until).count()]
            }
            Charge::Capped(rates) => {
                let method = row.method % rates.len();
                vec![method, usize::from(self.fee(row) == rates[method].1)]
            }
            Charge::DatedByMethod(day, rates) => {
                vec![row.method % rates.len(), usize::from(row.day >= *day)]
            }
        };
        let fee = self.fee(row);
        part.push(usize::from(self.cap == Some(fee)));
        let minimum = match &self.charge {
            Charge::ByCategory(_, minimum) => Some(*minimum),
            _ => self.minimum,
        };
        part.push(usize::from(minimum == Some(fee)));
        part
    }
}

/// A percentage as providers publish them: mostly with one decimal, some with two.
pub(crate) fn rate(draw: &mut Draw) -> i64 {
    match draw.within(0, 9) {
        0..=5 => draw.within(3, 45) * 1_000,
        6..=7 => draw.within(6, 90) * 500,
        _ => draw.within(30, 450) * 100,
    }
}

/// A fixed part in hundredths of a minor unit.
pub(crate) fn fixed(draw: &mut Draw) -> i64 {
    match draw.within(0, 9) {
        0..=5 => draw.within(1, 20) * 500,
        6..=8 => draw.within(5, 60) * 100,
        _ => 0,
    }
}
