//! Splits received − expected of a match into parts that are explained and a rest that is not.
//!
//! Each currency ties alone: Σ parts + rest = Σ net of the lines − Σ amount of the orders. A
//! conversion is a pair of parts, `fx_out` in the order's currency and `fx_in` in the
//! settlement's. A stated fee is explained up to the contract; the excess is in the rest.

use crate::entry::{Entries, Kind, named};
use crate::exceptions::charged::Judged;
use crate::exceptions::conversion::{Conversion, reference_rate};
use crate::exceptions::split::shared;
use crate::exceptions::{Members, Terms, charged};
use crate::fees::Expected;
use crate::ids::EntryId;
use crate::money::{Amount, Currency};
use crate::sort;

named! {
    /// A part of a difference.
    PartName {
        /// A correction that was agreed: the share of another in a payment.
        Adjustment = "adjustment",
        /// Charged for the service, up to the contract.
        Fee = "fee",
        /// Arrived in the settlement's currency.
        FxIn = "fx_in",
        /// Left the order's currency.
        FxOut = "fx_out",
        /// Between the reference rate and the rate that was used, within the contract.
        FxSpread = "fx_spread",
        /// Held back by the provider, or released.
        Reserve = "reserve",
        /// At most one minor unit of a conversion, or of each of several payments of one order.
        Rounding = "rounding",
        /// Withheld or added as tax.
        Tax = "tax",
        /// Small enough to be let go.
        Tolerance = "tolerance",
        /// Moved between the merchant's own balances.
        Transfer = "transfer",
        /// Not explained.
        Unexplained = "unexplained",
    }
}

/// One part, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Explained {
    /// Which part.
    pub part: PartName,
    /// Its currency.
    pub currency: Currency,
    /// Received − expected.
    pub amount: Amount,
}

/// The parts of a difference, one for each name and currency, and a total beyond exact range.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    parts: Vec<Explained>,
    overflow: bool,
    /// What the contract says of the fee of each line of the match, in their order.
    judged: Vec<Judged>,
}

impl Difference {
    /// The parts that are not zero, by name and currency.
    pub fn parts(&self) -> impl Iterator<Item = &Explained> {
        self.parts.iter().filter(|part| !part.amount.is_zero())
    }

    /// The part of a name and currency.
    pub fn part(&self, part: PartName, currency: Currency) -> Amount {
        let found = self.parts.iter().find(|p| p.part == part && p.currency == currency);
        found.map_or(Amount::ZERO, |p| p.amount)
    }

    /// Whether a sum left the range of exact numbers, so that nothing here may be used.
    pub fn overflowed(&self) -> bool {
        self.overflow
    }

    /// What the contract says of the fee of the line at this place of the match.
    pub(crate) fn judged(&self, at: usize) -> Judged {
        self.judged.get(at).copied().unwrap_or(Judged::Silent)
    }

    /// Starts over.
    pub fn clear(&mut self) {
        self.parts.clear();
        self.judged.clear();
        self.overflow = false;
    }

    /// Adds to a part.
    pub fn add(&mut self, part: PartName, currency: Currency, amount: Amount) {
        let found = self.parts.iter_mut().find(|p| p.part == part && p.currency == currency);
        match found {
            Some(found) => match found.amount.checked_add(amount) {
                Some(sum) => found.amount = sum,
                None => self.overflow = true,
            },
            None => self.parts.push(Explained { part, currency, amount }),
        }
    }

    fn subtract(&mut self, part: PartName, currency: Currency, amount: Amount) {
        match amount.checked_neg() {
            Some(negative) => self.add(part, currency, negative),
            None => self.overflow = true,
        }
    }

    /// Adds all parts of another difference.
    pub fn merge(&mut self, other: &Self) {
        for part in &other.parts {
            self.add(part.part, part.currency, part.amount);
        }
        self.overflow |= other.overflow;
    }

    /// Moves an explained amount out of the rest and into its part.
    fn explain(&mut self, part: PartName, currency: Currency, amount: Amount) {
        if !amount.is_zero() {
            self.add(part, currency, amount);
            self.subtract(PartName::Unexplained, currency, amount);
        }
    }

    /// Computes the difference of a match.
    pub fn of_match(&mut self, entries: &Entries, members: &Members, terms: &Terms) {
        self.clear();
        for order in members.orders() {
            let amount = entries.amount(order);
            self.subtract(PartName::Unexplained, entries.currency(order), amount);
        }
        for line in members.lines() {
            self.add(PartName::Unexplained, entries.net_currency(line), entries.net(line));
            self.explain_line(entries, line, members, terms);
        }
        self.explain_shares(entries, members, terms);
        self.explain_tolerance(entries, members, terms);
        sort::sort(&mut self.parts);
    }

    fn explain_line(&mut self, entries: &Entries, line: EntryId, members: &Members, terms: &Terms) {
        let currency = entries.currency(line);
        if entries.kind(line) == Kind::Fee {
            self.judged.push(Judged::of(entries, line, Some(members), terms));
            self.explain_fee_row(entries, line, members, terms);
            return;
        }
        let judged = Judged::of(entries, line, Some(members), terms);
        self.judged.push(judged);
        let held = judged.held();
        // A stated fee is explained as far as the contract covers it; all of it where it is silent.
        let fee = held.map_or_else(|| entries.fee(line), |held| held.covered());
        self.explain(PartName::Fee, currency, fee);
        let tax = held.and_then(|held| held.tax).map(|(due, stated)| stated.max(due));
        self.explain(PartName::Tax, currency, tax.unwrap_or_else(|| entries.tax(line)));
        if let Some(conversion) = Conversion::of(entries, line) {
            self.explain_conversion(entries, line, &conversion, terms);
        }
    }

    /// A fee with a row of its own: explained with its payment, or by what the contract says of it.
    fn explain_fee_row(
        &mut self,
        entries: &Entries,
        row: EntryId,
        members: &Members,
        terms: &Terms,
    ) {
        if charged::is_of_payment(entries, row, Some(members), terms) {
            return;
        }
        let net = entries.net(row);
        let explained = match charged::expected(entries, row, Some(members), terms) {
            Expected::Charge(charge) => charge.fee.checked_neg().map_or(net, |due| net.max(due)),
            Expected::Silent if charged::is_unknown(entries, row, terms) => Amount::ZERO,
            Expected::Silent | Expected::NotKnown(_) => net,
        };
        self.explain(PartName::Fee, entries.net_currency(row), explained);
    }

    /// The money leaves one currency in full; what arrives is held against the reference rate.
    fn explain_conversion(
        &mut self,
        entries: &Entries,
        line: EntryId,
        conversion: &Conversion,
        terms: &Terms,
    ) {
        let Some(out) = conversion.from.0.checked_neg() else {
            self.overflow = true;
            return;
        };
        self.explain(PartName::FxOut, conversion.from.1, out);
        let (arrived, currency) = conversion.to;
        let reference = reference_rate(entries, line, conversion, terms);
        let stated = entries.fx_rate(line).map(|rate| conversion.read(rate).0);
        let Some(fair) = reference.or(stated).and_then(|rate| conversion.at(rate)) else {
            self.explain(PartName::FxIn, currency, arrived);
            return;
        };
        self.explain(PartName::FxIn, currency, fair);
        let Some(rest) = arrived.checked_sub(fair) else {
            self.overflow = true;
            return;
        };
        let allowed = reference.is_some_and(|reference| {
            !conversion.deviates(stated, reference, terms) && conversion.tied(stated)
        });
        if allowed {
            // What the stated rate gives is the spread; what is left of it was rounded away.
            let used = stated.and_then(|rate| conversion.at(rate)).unwrap_or(arrived);
            let spread = used.checked_sub(fair).unwrap_or(rest);
            self.explain(PartName::FxSpread, currency, spread);
            let rounding = rest.checked_sub(spread).unwrap_or_default();
            self.explain(PartName::Rounding, currency, rounding);
        } else if rest.abs() <= Amount::from_minor(1) {
            self.explain(PartName::Rounding, currency, rest);
        }
    }

    /// Shares of others: explained as far as they were agreed.
    fn explain_shares(&mut self, entries: &Entries, members: &Members, terms: &Terms) {
        let Some(payment) = members.payments.first() else { return };
        for share in shared(entries, members, &terms.splits) {
            let agreed = share.actual.min(share.expected).max(Amount::ZERO);
            let agreed = agreed.checked_neg().unwrap_or_default();
            self.explain(PartName::Adjustment, entries.currency(*payment), agreed);
        }
    }

    fn explain_tolerance(&mut self, entries: &Entries, members: &Members, terms: &Terms) {
        if let Some((currency, base)) = expected_by_currency(entries, members) {
            let rest = self.part(PartName::Unexplained, currency);
            if !rest.is_zero() && terms.tolerance.allows(rest, base, currency) {
                self.explain(PartName::Tolerance, currency, rest);
            } else if members.is_rounding(rest) {
                self.explain(PartName::Rounding, currency, rest);
            }
        }
    }
}

/// What the orders of a match add up to; a match has one order currency.
fn expected_by_currency(entries: &Entries, members: &Members) -> Option<(Currency, Amount)> {
    let currency = entries.currency(*members.sales.first()?);
    let sum = members.orders().try_fold(Amount::ZERO, |s, id| s.checked_add(entries.amount(id)))?;
    Some((currency, sum))
}
