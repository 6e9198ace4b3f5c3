//! What tiers by volume go by: the volume of each month, and the part of it before a line.

use std::collections::BTreeMap;

use super::model::By;
use super::when::Line;
use super::{Contract, Expected};
use crate::money::{Amount, Currency};
use crate::time::Date;

/// A calendar month, counted from year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(pub(super) i32);

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(date: Date) -> Self {
        let (year, month, _) = date.ymd();
        let month = i32::try_from(month).unwrap_or(1);
        Self(year.saturating_mul(12).saturating_add(month).saturating_sub(1))
    }

    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Option<Date> {
        let month = u32::try_from(self.0.rem_euclid(12)).ok()?.checked_add(1)?;
        Date::from_ymd(self.0.div_euclid(12), month, 1)
    }

    /// The month of a text `YYYY-MM`.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        Date::from_iso(&format!("{text}-01")).map(Self::of)
    }
}

/// `YYYY-MM`.
impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12).saturating_add(1))
    }
}

/// A volume that the contract's file states, for a month that the files do not hold whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatedVolume {
    /// The month.
    pub month: Month,
    /// Its currency.
    pub currency: Currency,
    /// What the provider counts for it, or what came before the first line of the files.
    pub amount: Amount,
}

/// Whose volume it is: one fee's lines, or all payment lines of a currency.
type Scope = (Option<usize>, Currency);

/// Whose volume, and of which month, a line counts for: lines of one group are counted alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group(u32);

/// What a group counts for, and what its lines ask.
#[derive(Clone, Copy, Debug)]
struct Counting {
    /// The counters that its lines add to.
    counters: [Option<usize>; 2],
    /// The counter whose volume before a line decides its tier.
    asked: Option<usize>,
    currency: Currency,
    month: Month,
    /// What came before the first line of the files, once somebody has asked.
    opening: Option<Option<Amount>>,
}

/// The volume of each month, added up from the lines and from what the contract states.
#[derive(Clone, Debug, Default)]
pub struct Volumes {
    places: BTreeMap<(Scope, Month), usize>,
    counted: Vec<Amount>,
    groups: BTreeMap<(Scope, Month), Group>,
    countings: Vec<Counting>,
    /// The group that was found last: lines of one fee and month mostly follow each other.
    last: Option<((Scope, Month), Group)>,
    stated: Vec<StatedVolume>,
    /// The day that was looked at last.
    day: Option<(Date, Month)>,
    /// The earliest day of the lines: a month that began before it is not held whole.
    since: Option<Date>,
}

impl Volumes {
    /// The volumes before any line was counted.
    #[must_use]
    pub fn of(contract: &Contract) -> Self {
        Self { stated: contract.volumes.clone(), ..Self::default() }
    }

    /// Notes a day on which the files have a line, of whatever kind. All days are noted before the
    /// first line is counted.
    pub fn see(&mut self, date: Date) {
        if self.since.is_none_or(|since| date < since) {
            self.since = Some(date);
        }
    }

    /// Counts a payment line, in the order of time, and gives the volume of its month before it
    /// for [`Line::volume_before`]; `None` where no tier goes by the running volume.
    pub fn count(&mut self, contract: &Contract, line: &Line<'_>) -> Option<Amount> {
        let group = self.group(contract, line)?;
        self.add(group, line.amount.abs())
    }

    /// The group that a line is counted in; `None` for one that is no payment or has no day.
    pub(crate) fn group(&mut self, contract: &Contract, line: &Line<'_>) -> Option<Group> {
        if !line.kind.is_payment() {
            return None;
        }
        let month = self.month(line.date?);
        let fee = contract.fee_index(line);
        let of = ((fee, line.currency), month);
        if let Some((last, group)) = self.last
            && last == of
        {
            return Some(group);
        }
        let group = match self.groups.get(&of) {
            Some(group) => *group,
            None => self.open(contract, of)?,
        };
        self.last = Some((of, group));
        Some(group)
    }

    /// Opens the counters of a group.
    fn open(&mut self, contract: &Contract, of: (Scope, Month)) -> Option<Group> {
        let ((fee, currency), month) = of;
        let own = fee.map(|_| self.place(of));
        // Of the whole currency only where somebody asks for it.
        let whole = contract.counts_currencies.then(|| self.place(((None, currency), month)));
        let ladder = fee.and_then(|fee| contract.fees().get(fee)?.ladder.as_ref());
        let running = ladder.filter(|ladder| ladder.by == By::ThisMonth);
        let asked = running.and_then(|ladder| if ladder.whole_currency { whole } else { own });
        let group = Group(u32::try_from(self.countings.len()).ok()?);
        let counters = [own, whole];
        self.countings.push(Counting { counters, asked, currency, month, opening: None });
        self.groups.insert(of, group);
        Some(group)
    }

    /// Adds a payment of a group, in the order of time, and gives the volume of its month before it.
    pub(crate) fn add(&mut self, group: Group, amount: Amount) -> Option<Amount> {
        let counting = *self.countings.get(group.0 as usize)?;
        let mut before = None;
        for at in counting.counters.into_iter().flatten() {
            let counted = self.counted.get_mut(at)?;
            if counting.asked == Some(at) {
                before = Some(*counted);
            }
            *counted = counted.checked_add(amount)?;
        }
        let before = before?;
        let opening = match counting.opening {
            Some(opening) => opening,
            None => self.find_opening(group, counting.currency, counting.month),
        };
        opening?.checked_add(before)
    }

    /// Where the counter of a scope and month stands.
    fn place(&mut self, of: (Scope, Month)) -> usize {
        let next = self.counted.len();
        let at = *self.places.entry(of).or_insert(next);
        if at == next {
            self.counted.push(Amount::ZERO);
        }
        at
    }

    /// The month of a day.
    fn month(&mut self, date: Date) -> Month {
        match self.day {
            Some((day, month)) if day == date => month,
            _ => {
                let month = Month::of(date);
                self.day = Some((date, month));
                month
            }
        }
    }

    /// What came before the files in a month; `None` if that is not known.
    fn find_opening(&mut self, group: Group, currency: Currency, month: Month) -> Option<Amount> {
        let stated = self.stated(currency, month);
        let opening = stated.or_else(|| self.holds(month).then_some(Amount::ZERO));
        if let Some(counting) = self.countings.get_mut(group.0 as usize) {
            counting.opening = Some(opening);
        }
        opening
    }

    fn stated(&self, currency: Currency, month: Month) -> Option<Amount> {
        let found = self.stated.iter().find(|v| v.month == month && v.currency == currency);
        found.map(|found| found.amount)
    }

    /// Whether the files begin early enough to hold a month whole.
    fn holds(&self, month: Month) -> bool {
        match (self.since, month.first_day()) {
            (Some(since), Some(first)) => since <= first,
            _ => false,
        }
    }

    /// The volume of a month; `None` if the files do not hold it whole and nobody states it.
    #[must_use]
    pub fn total(&self, fee: Option<usize>, currency: Currency, month: Month) -> Option<Amount> {
        if let Some(stated) = self.stated(currency, month) {
            return Some(stated);
        }
        let at = self.places.get(&((fee, currency), month));
        let counted = at.and_then(|at| self.counted.get(*at)).copied().unwrap_or_default();
        self.holds(month).then_some(counted)
    }
}

impl Contract {
    /// Which of [`Contract::fees`] is for a line; `None` where none is, or it is not known.
    pub(super) fn fee_index(&self, line: &Line<'_>) -> Option<usize> {
        self.find(line).ok().flatten().map(|(index, _)| index)
    }

    /// Whether a fee goes by the volume of a month, so that the lines must be counted first.
    #[must_use]
    pub fn needs_volumes(&self) -> bool {
        self.fees.iter().any(|f| f.ladder.as_ref().is_some_and(|l| l.by != By::Amount))
    }

    /// Whether a fee goes by the running volume, so that the lines must be counted in order.
    #[must_use]
    pub fn needs_running_volumes(&self) -> bool {
        self.fees.iter().any(|f| f.ladder.as_ref().is_some_and(|l| l.by == By::ThisMonth))
    }
}

impl Expected {
    /// The charge, where the contract states one and all of it is known.
    #[must_use]
    pub fn charge(self) -> Option<super::Charge> {
        match self {
            Self::Charge(charge) => Some(charge),
            Self::Silent | Self::NotKnown(_) => None,
        }
    }
}
