//! Which fee a contract gives for a line, exactly, and how it comes about.

use super::exact::Exact;
use super::model::{By, Fee, Ladder, Per, Rate, Refund, Tax, Term};
use super::steps::{Calculation, Kept, Step};
use super::volume::{Month, Volumes};
use super::when::{Fits, Gap, Line, Terms, When};
use super::{Bound, Charge, Contract, Expected};
use crate::entry::Kind;
use crate::money::{Amount, Currency};
use crate::time::Date;

/// Where the steps of a calculation are written, if somebody wants to see them.
type Notes<'n> = Option<&'n mut Vec<Step>>;

/// Adds a step for whoever looks.
fn note(notes: &mut Notes<'_>, step: impl FnOnce() -> Step) {
    if let Some(notes) = notes {
        notes.push(step());
    }
}

/// A fee before it is rounded.
struct Sum {
    fee: usize,
    exact: Exact,
    bound: Bound,
    step: Option<usize>,
}

/// What a component came to.
struct Part {
    exact: Exact,
    bound: Bound,
    step: Option<usize>,
}

/// The taxes of a line, over the contract's tax denominator.
#[derive(Default)]
struct Taxes {
    /// On top, within the fee.
    inside: i128,
    /// On top, in the tax column.
    apart: i128,
    /// In the stated fees, and shown in the tax column.
    contained: i128,
}

impl Contract {
    /// The fee of a line.
    #[must_use]
    pub fn charge(&self, line: &Line<'_>, volumes: &Volumes) -> Expected {
        self.work_out(line, volumes, None)
    }

    /// The fee of a line with every step that led to it; `None` where there is none.
    #[must_use]
    pub fn calculation(&self, line: &Line<'_>, volumes: &Volumes) -> Option<Calculation> {
        let mut steps = Vec::new();
        let charge = self.work_out(line, volumes, Some(&mut steps)).charge()?;
        let fee = self.fees.get(charge.component)?;
        let (currency, round_to) = (line.currency, fee.round_to);
        Some(Calculation { currency, steps, fee: charge.fee, tax: charge.tax, round_to })
    }

    fn work_out(&self, line: &Line<'_>, volumes: &Volumes, notes: Notes<'_>) -> Expected {
        let found = match line.kind {
            Kind::Refund => self.of_refund(line, volumes, notes),
            Kind::ChargebackReversal => self.of_won_chargeback(line, volumes, notes),
            _ => self.own(line, volumes, notes),
        };
        match found {
            Ok(Some(charge)) => Expected::Charge(charge),
            Ok(None) => Expected::Silent,
            Err(gap) => Expected::NotKnown(gap),
        }
    }

    /// The first fee that is for a line.
    pub(super) fn find(&self, line: &Line<'_>) -> Result<Option<(usize, &Fee)>, Gap> {
        for (index, fee) in self.fees.iter().enumerate() {
            let may = fee.currency.is_none_or(|own| own == line.currency)
                && fee.per == Per::Line
                && fee.kinds.contains(&line.kind);
            if !may {
                continue;
            }
            match self.fits(line, &fee.term, &fee.when) {
                Fits::Yes => return Ok(Some((index, fee))),
                Fits::No => {}
                Fits::Unknown(gap) => return Err(gap),
            }
        }
        Ok(None)
    }

    /// The fee of a row that is a fee itself: the first that is for it, however often it is charged.
    ///
    /// # Errors
    /// What of the row is not known.
    pub fn of_fee_row(&self, line: &Line<'_>) -> Result<Option<(usize, &Fee)>, Gap> {
        for (index, fee) in self.fees.iter().enumerate() {
            let may = fee.currency.is_none_or(|own| own == line.currency);
            if !may || !fee.kinds.contains(&Kind::Fee) {
                continue;
            }
            match self.fits(line, &fee.term, &fee.when) {
                Fits::Yes => return Ok(Some((index, fee))),
                Fits::No => {}
                Fits::Unknown(gap) => return Err(gap),
            }
        }
        Ok(None)
    }

    /// Whether the contract says which rows of fees there may be.
    #[must_use]
    pub fn lists_fee_rows(&self) -> bool {
        self.fees.iter().any(|fee| fee.kinds.contains(&Kind::Fee))
    }

    /// Another band or tier on which the line's fee would be what was charged.
    #[must_use]
    pub fn other_step(&self, line: &Line<'_>, volumes: &Volumes, charged: Amount) -> Option<usize> {
        let own = self.charge(line, volumes).charge()?;
        let step = own.step?;
        let ladder = self.fees.get(own.component)?.ladder.as_ref()?;
        (0..ladder.steps.len()).find(|other| {
            let line = Line { on_step: Some(*other), ..*line };
            *other != step && self.charge(&line, volumes).charge().is_some_and(|c| c.fee == charged)
        })
    }

    fn fits(&self, line: &Line<'_>, term: &Term, when: &When) -> Fits {
        if !term.is_always() {
            match line.date {
                None => return Fits::Unknown(Gap::Date),
                Some(date) if !term.has(date) => return Fits::No,
                Some(_) => {}
            }
        }
        if when.is_empty() {
            return Fits::Yes;
        }
        let calendar = self.settlement.as_ref().map(|settlement| &settlement.calendar);
        when.fits(line, Terms { home: &self.home, calendar })
    }

    /// The fee that the line's own kind is charged.
    fn own(
        &self,
        line: &Line<'_>,
        volumes: &Volumes,
        mut notes: Notes<'_>,
    ) -> Result<Option<Charge>, Gap> {
        let Some(sum) = self.sum(line, volumes, &mut notes)? else { return Ok(None) };
        let (fee, tax) = self.rounded(&sum, line, &mut notes)?;
        let (component, bound, step) = (sum.fee, sum.bound, sum.step);
        Ok(Some(Charge { fee, tax, component, bound, step }))
    }

    /// Everything that is added up for a line.
    fn sum(
        &self,
        line: &Line<'_>,
        volumes: &Volumes,
        notes: &mut Notes<'_>,
    ) -> Result<Option<Sum>, Gap> {
        let Some((index, fee)) = self.find(line)? else { return Ok(None) };
        let part = self.component(Some(index), fee, line, volumes, notes)?;
        let mut exact = self.alone(part.exact, fee, line.currency)?;
        for surcharge in &self.surcharges {
            let may = surcharge.currency.is_none_or(|own| own == line.currency)
                && surcharge.kinds.contains(&line.kind);
            if !may {
                continue;
            }
            match self.fits(line, &surcharge.term, &surcharge.when) {
                Fits::No => continue,
                Fits::Unknown(gap) => return Err(gap),
                Fits::Yes => {}
            }
            note(notes, || Step::Surcharge { name: surcharge.name.clone() });
            let part = self.component(None, surcharge, line, volumes, notes)?;
            let added = self.alone(part.exact, fee, line.currency)?;
            exact = exact.plus(added).ok_or(Gap::Exact)?;
        }
        Ok(Some(Sum { fee: index, exact, bound: part.bound, step: part.step }))
    }

    /// A component as it stands in the sum: rounded by itself if the contract says so.
    fn alone(&self, exact: Exact, fee: &Fee, currency: Currency) -> Result<Exact, Gap> {
        if !self.round_components {
            return Ok(exact);
        }
        let rounded = round(exact, fee, currency)?;
        Exact::of(rounded, self.denominator).ok_or(Gap::Exact)
    }

    /// Fee and tax of a sum, rounded.
    fn rounded(
        &self,
        sum: &Sum,
        line: &Line<'_>,
        notes: &mut Notes<'_>,
    ) -> Result<(Amount, Amount), Gap> {
        let fee = self.fees.get(sum.fee).ok_or(Gap::Exact)?;
        let currency = line.currency;
        if self.taxes.is_empty() {
            return Ok((round(sum.exact, fee, currency)?, Amount::ZERO));
        }
        let taxes = self.taxes_of(line, notes)?;
        let unit = self.tax_denominator;
        let of = |exact: Exact, factor: i128, over: i128| {
            exact.times(factor, over).ok_or(Gap::Exact).and_then(|e| round(e, fee, currency))
        };
        let bare = round(sum.exact, fee, currency)?;
        let base = Exact::of(bare, self.denominator).ok_or(Gap::Exact)?;
        let whole = unit.checked_add(taxes.inside).ok_or(Gap::Exact)?;
        let with_tax = match (taxes.inside, self.round_components) {
            (0, _) => bare,
            (_, false) => of(sum.exact, whole, unit)?,
            (inside, true) => bare.checked_add(of(base, inside, unit)?).ok_or(Gap::Exact)?,
        };
        let mut tax = of(base, taxes.apart, unit)?;
        let mut shown = with_tax;
        if taxes.contained != 0 {
            let whole = unit.checked_add(taxes.contained).ok_or(Gap::Exact)?;
            let contained = of(base, taxes.contained, whole)?;
            shown = shown.checked_sub(contained).ok_or(Gap::Exact)?;
            tax = tax.checked_add(contained).ok_or(Gap::Exact)?;
        }
        Ok((shown, tax))
    }

    fn taxes_of(&self, line: &Line<'_>, notes: &mut Notes<'_>) -> Result<Taxes, Gap> {
        let mut taxes = Taxes::default();
        for tax in &self.taxes {
            let may = tax.currency.is_none_or(|own| own == line.currency)
                && (tax.kinds.is_empty() || tax.kinds.contains(&line.kind));
            if !may {
                continue;
            }
            match self.fits(line, &tax.term, &tax.when) {
                Fits::No => continue,
                Fits::Unknown(gap) => return Err(gap),
                Fits::Yes => {}
            }
            let Tax { percent, included, apart, .. } = *tax;
            note(notes, || Step::Tax { name: tax.name.clone(), percent, included, apart });
            let factors = match (tax.included, tax.apart) {
                (false, false) => &mut taxes.inside,
                (false, true) => &mut taxes.apart,
                (true, true) => &mut taxes.contained,
                (true, false) => continue,
            };
            *factors = factors.checked_add(tax.factor).ok_or(Gap::Exact)?;
        }
        Ok(taxes)
    }

    /// Percent, fixed part and table of one fee or surcharge, within its bounds.
    fn component(
        &self,
        index: Option<usize>,
        fee: &Fee,
        line: &Line<'_>,
        volumes: &Volumes,
        notes: &mut Notes<'_>,
    ) -> Result<Part, Gap> {
        let amount = line.amount.abs();
        let mut factor = fee.rate.factor;
        let mut exact = self.rate(&fee.rate, amount, fee.fixed_from, notes)?;
        let mut at = None;
        if let Some(ladder) = &fee.ladder {
            let (part, step) = self.ladder(ladder, index, line, volumes, notes)?;
            exact = exact.plus(part).ok_or(Gap::Exact)?;
            at = step;
            let rate = step.and_then(|step| ladder.steps.get(step)).map(|step| step.rate.factor);
            factor = factor.checked_add(rate.unwrap_or(0)).ok_or(Gap::Exact)?;
        }
        if fee.gross_up {
            let left = self.denominator.checked_sub(factor).ok_or(Gap::Exact)?;
            exact = exact.times(self.denominator, left).ok_or(Gap::Exact)?;
            note(notes, || Step::GrossedUp { factor, denominator: self.denominator });
        }
        let bound = self.bounded(fee, line.currency, &mut exact, notes)?;
        if fee.pass_through {
            let passed = line.passed_through.ok_or(Gap::PassedThrough)?;
            let added = Exact::of(passed, self.denominator).ok_or(Gap::Exact)?;
            exact = exact.plus(added).ok_or(Gap::Exact)?;
            note(notes, || Step::PassedThrough { amount: passed });
        }
        if let Some(share) = fee.merchant_share {
            let over = 10_i128.checked_pow(share.scale()).and_then(|o| o.checked_mul(100));
            exact = exact.times(share.mantissa(), over.ok_or(Gap::Exact)?).ok_or(Gap::Exact)?;
            note(notes, || Step::Share { percent: share });
        }
        Ok(Part { exact, bound, step: at })
    }

    /// Percent of an amount, and the fixed part unless it is waived.
    fn rate(
        &self,
        rate: &Rate,
        amount: Amount,
        fixed_from: Option<Amount>,
        notes: &mut Notes<'_>,
    ) -> Result<Exact, Gap> {
        let mut exact = Exact::zero(self.denominator);
        if rate.factor != 0 {
            exact = Exact::product(amount, rate.factor, self.denominator).ok_or(Gap::Exact)?;
            note(notes, || Step::Percent { of: amount, percent: rate.percent });
        }
        if rate.added == 0 {
            return Ok(exact);
        }
        if let Some(from) = fixed_from.filter(|from| amount < *from) {
            note(notes, || Step::Waived { fixed: rate.fixed, from });
            return Ok(exact);
        }
        note(notes, || Step::Fixed { amount: rate.fixed });
        let fixed = Exact { numerator: rate.added, denominator: self.denominator };
        exact.plus(fixed).ok_or(Gap::Exact)
    }

    fn bounded(
        &self,
        fee: &Fee,
        currency: Currency,
        exact: &mut Exact,
        notes: &mut Notes<'_>,
    ) -> Result<Bound, Gap> {
        if fee.cap.is_none() && fee.minimum.is_none() {
            return Ok(Bound::None);
        }
        // By the rounded fee: one that rounds to its bound was not moved.
        let rounded = round(*exact, fee, currency)?;
        let (to, bound) = match (fee.minimum, fee.cap) {
            (_, Some(cap)) if rounded > cap => (cap, Bound::Cap),
            (Some(minimum), _) if rounded < minimum => (minimum, Bound::Minimum),
            _ => return Ok(Bound::None),
        };
        *exact = Exact::of(to, self.denominator).ok_or(Gap::Exact)?;
        note(notes, || match bound {
            Bound::Cap => Step::Cap { amount: to },
            _ => Step::Minimum { amount: to },
        });
        Ok(bound)
    }

    /// What the bands or tiers of a fee give, and which of them it was.
    fn ladder(
        &self,
        ladder: &Ladder,
        index: Option<usize>,
        line: &Line<'_>,
        volumes: &Volumes,
        notes: &mut Notes<'_>,
    ) -> Result<(Exact, Option<usize>), Gap> {
        let amount = line.amount.abs();
        let volume = volume_of(ladder, index, line, volumes)?;
        if !ladder.marginal {
            let at = match ladder.by {
                By::ThisMonth => volume.checked_add(amount).ok_or(Gap::Exact)?,
                _ => volume,
            };
            let found = match line.on_step {
                Some(step) => ladder.steps.get(step).map(|found| (step, found)),
                None => ladder.step(at),
            };
            let (step, found) = found.ok_or(Gap::Rate)?;
            note(notes, || Step::Tier { by: ladder.by, at, up_to: found.up_to, step });
            return Ok((self.rate(&found.rate, amount, None, notes)?, Some(step)));
        }
        match ladder.by {
            By::Amount => Ok((self.graduated(ladder, Amount::ZERO, amount, notes)?, None)),
            By::ThisMonth => Ok((self.graduated(ladder, volume, amount, notes)?, None)),
            By::PreviousMonth | By::MonthTotal => {
                let Some(over) = whole(volume).filter(|volume| *volume != 0) else {
                    let (step, found) = ladder.step(volume).ok_or(Gap::Rate)?;
                    note(notes, || Step::Tier {
                        by: ladder.by,
                        at: volume,
                        up_to: found.up_to,
                        step,
                    });
                    return Ok((self.rate(&found.rate, amount, None, notes)?, Some(step)));
                };
                let own = whole(amount).ok_or(Gap::Exact)?;
                let total = self.graduated(ladder, Amount::ZERO, volume, &mut None)?;
                note(notes, || Step::Blended { of: amount, volume, fee: total.decimal() });
                Ok((total.times(own, over).ok_or(Gap::Exact)?, None))
            }
        }
    }

    /// Each part of `before .. before + amount` at the rate of its own step.
    fn graduated(
        &self,
        ladder: &Ladder,
        before: Amount,
        amount: Amount,
        notes: &mut Notes<'_>,
    ) -> Result<Exact, Gap> {
        let end = before.checked_add(amount).ok_or(Gap::Exact)?;
        let mut exact = Exact::zero(self.denominator);
        let mut start = before;
        for step in &ladder.steps {
            let to = step.up_to.map_or(end, |up_to| up_to.min(end));
            if to > start {
                let part = to.checked_sub(start).ok_or(Gap::Exact)?;
                exact = exact.plus(self.rate(&step.rate, part, None, notes)?).ok_or(Gap::Exact)?;
                start = to;
            }
            if start >= end {
                return Ok(exact);
            }
        }
        if start < end { Err(Gap::Rate) } else { Ok(exact) }
    }

    /// A refund gives fees back, may cost one of its own, or neither.
    fn of_refund(
        &self,
        line: &Line<'_>,
        volumes: &Volumes,
        mut notes: Notes<'_>,
    ) -> Result<Option<Charge>, Gap> {
        let extra = self.own(line, volumes, notes.as_deref_mut())?;
        let paid = match line.payment {
            Some(payment) => Line { payment: None, ..*payment },
            None => Line { kind: Kind::Sale, ..*line },
        };
        let found = match self.find(&paid) {
            Ok(found) => found.and_then(|(index, fee)| Some((index, fee, fee.refund?))),
            // Where no fee says anything about refunds, nothing is missing.
            Err(_) if self.fees.iter().all(|fee| fee.refund.is_none()) => None,
            Err(gap) => return Err(gap),
        };
        let Some((index, fee, policy)) = found else { return Ok(extra) };
        let back = self.returned((index, fee, policy), line, &paid, volumes, notes)?;
        let extra = extra.unwrap_or(Charge { component: index, ..Charge::NONE });
        Ok(Some(Charge {
            fee: extra.fee.checked_sub(back.fee).ok_or(Gap::Exact)?,
            tax: extra.tax.checked_sub(back.tax).ok_or(Gap::Exact)?,
            ..extra
        }))
    }

    /// What of a payment's fee comes back with a refund.
    fn returned(
        &self,
        (index, fee, policy): (usize, &Fee, Refund),
        line: &Line<'_>,
        paid: &Line<'_>,
        volumes: &Volumes,
        mut notes: Notes<'_>,
    ) -> Result<Charge, Gap> {
        let none = Charge { component: index, ..Charge::NONE };
        note(&mut notes, || Step::Refund { policy });
        let refunded = line.amount.abs();
        let shared = matches!(policy, Refund::ProRata | Refund::PercentReturned);
        if policy == Refund::Kept {
            return Ok(none);
        }
        if shared && fee.is_proportional() {
            let part = Line { amount: refunded, ..*paid };
            return Ok(self.own(&part, volumes, notes)?.unwrap_or(none));
        }
        if line.payment.is_none() {
            return Err(Gap::Payment);
        }
        let whole_fee = self.own(paid, volumes, notes.as_deref_mut())?.unwrap_or(none);
        if !shared {
            return Ok(whole_fee);
        }
        let paid_amount = paid.amount.abs();
        let (part, of) = whole(refunded).zip(whole(paid_amount)).ok_or(Gap::Exact)?;
        if of == 0 {
            return Ok(none);
        }
        note(&mut notes, || Step::PartOf(Kept { part: refunded, of: paid_amount }));
        let mut back = whole_fee.fee;
        if policy == Refund::PercentReturned {
            let waived = fee.fixed_from.is_some_and(|from| paid_amount < from);
            let fixed = if waived { Amount::ZERO } else { fee.rate.fixed };
            back = back.checked_sub(fixed).ok_or(Gap::Exact)?.max(Amount::ZERO);
            note(&mut notes, || Step::FixedKept { amount: fixed });
        }
        let share = |amount: Amount| {
            let exact = Exact::of(amount, self.denominator)?.times(part, of)?;
            round(exact, fee, line.currency).ok()
        };
        let (back, tax) = share(back).zip(share(whole_fee.tax)).ok_or(Gap::Exact)?;
        Ok(Charge { fee: back, tax, ..whole_fee })
    }

    /// A chargeback that was won may give its fee back.
    fn of_won_chargeback(
        &self,
        line: &Line<'_>,
        volumes: &Volumes,
        mut notes: Notes<'_>,
    ) -> Result<Option<Charge>, Gap> {
        if let Some(own) = self.own(line, volumes, notes.as_deref_mut())? {
            return Ok(Some(own));
        }
        let lost = Line { kind: Kind::Chargeback, ..*line };
        let Some((component, fee)) = self.find(&lost)? else { return Ok(None) };
        match fee.returned_when_won {
            None => Ok(None),
            Some(false) => Ok(Some(Charge { component, ..Charge::NONE })),
            Some(true) => {
                note(&mut notes, || Step::Refund { policy: Refund::Returned });
                let charge = self.own(&lost, volumes, notes)?;
                let Some(charge) = charge else { return Ok(None) };
                let negative = charge.fee.checked_neg().zip(charge.tax.checked_neg());
                let (fee, tax) = negative.ok_or(Gap::Exact)?;
                Ok(Some(Charge { fee, tax, ..charge }))
            }
        }
    }
}

/// The volume by which a ladder goes; zero where it goes by the amount.
fn volume_of(
    ladder: &Ladder,
    index: Option<usize>,
    line: &Line<'_>,
    volumes: &Volumes,
) -> Result<Amount, Gap> {
    let month = |date: Date| match ladder.by {
        By::PreviousMonth => Month::of(date).previous(),
        _ => Month::of(date),
    };
    let fee = index.filter(|_| !ladder.whole_currency);
    match ladder.by {
        By::Amount => Ok(line.amount.abs()),
        By::ThisMonth => line.volume_before.ok_or(Gap::Volume),
        By::PreviousMonth | By::MonthTotal => {
            let month = month(line.date.ok_or(Gap::Date)?);
            volumes.total(fee, line.currency, month).ok_or(Gap::Volume)
        }
    }
}

/// A whole number of minor units.
fn whole(amount: Amount) -> Option<i128> {
    amount.as_minor().map(i128::from)
}

fn round(exact: Exact, fee: &Fee, currency: Currency) -> Result<Amount, Gap> {
    let coarser = fee.round_to.coarser(currency);
    exact.round(fee.round_to.rounding, coarser).ok_or(Gap::Exact)
}
