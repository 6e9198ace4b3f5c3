//! Holds a line against the fee contract: what the contract looks at, and what it then allows.

use std::collections::BTreeSet;

use crate::entry::{Disposition, Entries, Kind, Reason, Side};
use crate::exceptions::{Members, Terms};
use crate::fees::{Calculation, Charge, Contract, Expected, Gap, Group, Line, Month, Per, Volumes};
use crate::ids::EntryId;
use crate::money::{Amount, Currency};

/// The volumes of the months, and before each line where the contract asks for that.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// By month.
    pub volumes: Volumes,
    /// By entry, in minor units; empty where no tier goes by the running volume.
    before: Vec<i64>,
    /// Rows of fees that are charged once in a batch or month, after the first.
    again: BTreeSet<EntryId>,
}

/// The volume before an entry is not known.
const NOT_KNOWN: i64 = i64::MIN;

impl Counted {
    /// Counts the settlement's payment lines, if the contract has tiers by volume.
    pub(crate) fn of(entries: &Entries, contract: Option<&Contract>) -> Self {
        let Some(contract) = contract.filter(|contract| contract.needs_volumes()) else {
            return Self::default();
        };
        let mut volumes = Volumes::of(contract);
        let running = contract.needs_running_volumes();
        let (mut payments, mut before) = (Vec::new(), Vec::new());
        if running {
            before = vec![NOT_KNOWN; entries.len() as usize];
        }
        for id in entries.ids_on(Side::Settlement) {
            let excluded = entries.disposition(id) == Disposition::Excluded;
            // Of a month before, only the lines that were left open are here.
            let carried = entries.is_carried(id);
            if carried || (excluded && !entries.reason(id).moves_money()) {
                continue;
            }
            let line = line_of(entries, id, contract);
            if let Some(date) = line.date {
                volumes.see(date);
            }
            let Some(group) = volumes.group(contract, &line) else { continue };
            if !running {
                volumes.add(group, line.amount.abs());
                continue;
            }
            if let Some(place) = before.get_mut(id.0 as usize) {
                *place = line.amount.abs().as_minor().unwrap_or(NOT_KNOWN);
            }
            payments.push(Payment { instant: entries.age_key(id).0, id, group });
        }
        sort_by_time(entries, &mut payments);
        for Payment { id, group, .. } in payments {
            let Some(place) = before.get_mut(id.0 as usize) else { continue };
            let amount = match *place {
                NOT_KNOWN => entries.amount(id).abs(),
                minor => Amount::from_minor(minor),
            };
            let counted = volumes.add(group, amount);
            *place = counted.and_then(Amount::as_minor).unwrap_or(NOT_KNOWN);
        }
        Self { volumes, before, again: BTreeSet::new() }
    }

    /// The volume of the month before an entry.
    fn before(&self, id: EntryId) -> Option<Amount> {
        let minor = self.before.get(id.0 as usize).copied().filter(|minor| *minor != NOT_KNOWN);
        minor.map(Amount::from_minor)
    }
}

/// A payment line to be counted; by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Payment {
    instant: i64,
    id: EntryId,
    group: Group,
}

/// Sorts payments by time, and those of one instant by identity.
fn sort_by_time(entries: &Entries, payments: &mut [Payment]) {
    payments.sort_unstable();
    for run in payments.chunk_by_mut(|one, other| one.instant == other.instant) {
        if run.len() == 1 {
            continue;
        }
        let by_id = run.to_vec();
        let mut ids: Vec<EntryId> = run.iter().map(|payment| payment.id).collect();
        entries.sort(&mut ids);
        for (payment, id) in run.iter_mut().zip(ids) {
            if let Ok(at) = by_id.binary_search_by_key(&id, |other| other.id) {
                *payment = by_id.get(at).copied().unwrap_or(*payment);
            }
        }
    }
}

/// What a contract looks at in a settlement line; nothing that it does not ask for is looked up.
pub(crate) fn line_of<'e>(entries: &'e Entries, id: EntryId, contract: &Contract) -> Line<'e> {
    let needs = contract.needs();
    let mut line = Line::new(entries.kind(id), entries.currency(id), entries.amount(id));
    if needs.texts {
        line.method = entries.method(id);
        line.country = entries.country(id);
        line.memo = entries.memo(id);
    }
    if needs.date {
        line.date = entries.local_date(id);
    }
    if needs.settled_on {
        line.settled_on = entries.settled_on(id);
    }
    if needs.pair {
        line.pair = pair_of(entries, id);
    }
    line
}

/// The order's currency and the settlement's, where they differ.
fn pair_of(entries: &Entries, id: EntryId) -> Option<(Currency, Currency)> {
    let (currency, net) = (entries.currency(id), entries.net_currency(id));
    match entries.original(id) {
        Some((_, original)) if original != currency => Some((original, currency)),
        _ => (net != currency).then_some((currency, net)),
    }
}

/// What the contract says of a line; nothing where there is no contract.
pub(crate) fn expected(
    entries: &Entries,
    id: EntryId,
    members: Option<&Members>,
    terms: &Terms,
) -> Expected {
    let Some(contract) = &terms.contract else { return Expected::Silent };
    if entries.kind(id) == Kind::Fee {
        return of_fee_row(entries, id, contract, &terms.counted);
    }
    let paid = payment_of(entries, id, members, contract);
    let paid = paid.map(|paid| whole_line(entries, paid, contract, terms));
    let line = Line { payment: paid.as_ref(), ..whole_line(entries, id, contract, terms) };
    contract.charge(&line, &terms.counted.volumes)
}

/// How the fee of a line is worked out; `None` where none is known.
pub(crate) fn calculation(
    entries: &Entries,
    id: EntryId,
    members: Option<&Members>,
    terms: &Terms,
) -> Option<Calculation> {
    let contract = terms.contract.as_ref()?;
    let paid = payment_of(entries, id, members, contract);
    let paid = paid.map(|paid| whole_line(entries, paid, contract, terms));
    let line = Line { payment: paid.as_ref(), ..whole_line(entries, id, contract, terms) };
    contract.calculation(&line, &terms.counted.volumes)
}

/// Whether what was charged is the fee of another tier.
pub(crate) fn is_of_other_tier(
    entries: &Entries,
    id: EntryId,
    charged: Amount,
    terms: &Terms,
) -> bool {
    let Some(contract) = &terms.contract else { return false };
    let line = whole_line(entries, id, contract, terms);
    contract.other_step(&line, &terms.counted.volumes, charged).is_some()
}

fn whole_line<'e>(
    entries: &'e Entries,
    id: EntryId,
    contract: &Contract,
    terms: &Terms,
) -> Line<'e> {
    Line { volume_before: terms.counted.before(id), ..line_of(entries, id, contract) }
}

/// The payment that a refund gives back: the one of its match, or the first that is large enough.
fn payment_of(
    entries: &Entries,
    id: EntryId,
    members: Option<&Members>,
    contract: &Contract,
) -> Option<EntryId> {
    if !contract.needs().payment || entries.kind(id) != Kind::Refund {
        return None;
    }
    let (currency, refunded) = (entries.currency(id), entries.amount(id).abs());
    let large_enough = |paid: &EntryId| {
        entries.currency(*paid) == currency && entries.amount(*paid).abs() >= refunded
    };
    members?.payments.iter().copied().find(|paid| large_enough(paid))
}

/// A row that is a fee: the first of its batch or month, or one too many.
fn of_fee_row(entries: &Entries, id: EntryId, contract: &Contract, counted: &Counted) -> Expected {
    if !contract.lists_fee_rows() {
        return Expected::Silent;
    }
    match contract.of_fee_row(&line_of(entries, id, contract)) {
        Err(gap) => Expected::NotKnown(gap),
        Ok(None) => Expected::Silent,
        Ok(Some(_)) if counted.again.contains(&id) => Expected::Charge(Charge::NONE),
        Ok(Some((component, fee))) => {
            Expected::Charge(Charge { fee: fee.rate.fixed, component, ..Charge::NONE })
        }
    }
}

/// Whether a row is a fee of a type that the contract, which lists such rows, does not have.
pub(crate) fn is_unknown(entries: &Entries, id: EntryId, terms: &Terms) -> bool {
    let lists = terms.contract.as_ref().is_some_and(Contract::lists_fee_rows);
    let silent = || matches!(expected(entries, id, None, terms), Expected::Silent);
    lists && entries.kind(id) == Kind::Fee && silent()
}

/// The rows of a match in which its only payment is charged, beside the payment's own.
pub(crate) fn fee_rows<'m>(
    entries: &'m Entries,
    line: EntryId,
    members: Option<&'m Members>,
) -> impl Iterator<Item = EntryId> + 'm {
    let alone = members.filter(|members| members.payments.as_slice() == [line]);
    let currency = entries.currency(line);
    let charges =
        move |id: &EntryId| entries.kind(*id) == Kind::Fee && entries.net_currency(*id) == currency;
    alone.into_iter().flat_map(|members| members.extras.iter().copied()).filter(charges)
}

/// Whether a fee row is that of the only payment of its match, so that it is checked with it.
pub(crate) fn is_of_payment(
    entries: &Entries,
    id: EntryId,
    members: Option<&Members>,
    terms: &Terms,
) -> bool {
    let Some([payment]) = members.map(|members| members.payments.as_slice()) else { return false };
    fee_rows(entries, *payment, members).any(|row| row == id)
        && matches!(expected(entries, *payment, members, terms), Expected::Charge(_))
}

/// What the contract says of the fee of a line, held against what was charged.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Judged {
    /// Nothing, or there is no contract.
    Silent,
    /// Something, but what it depends on is not known.
    NotKnown(Gap),
    /// This.
    Held(Held),
}

impl Judged {
    pub(crate) fn of(
        entries: &Entries,
        line: EntryId,
        members: Option<&Members>,
        terms: &Terms,
    ) -> Self {
        match expected(entries, line, members, terms) {
            Expected::Silent => Self::Silent,
            Expected::NotKnown(gap) => Self::NotKnown(gap),
            Expected::Charge(charge) => {
                let held = Held::of(entries, line, members, terms, charge);
                held.map_or(Self::NotKnown(Gap::Exact), Self::Held)
            }
        }
    }

    /// The fee and tax, where they are known.
    pub(crate) fn held(self) -> Option<Held> {
        match self {
            Self::Held(held) => Some(held),
            Self::Silent | Self::NotKnown(_) => None,
        }
    }
}

/// A line's fee as it was charged, its own and that of its fee rows, beside what is due; − when
/// charged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub(crate) due: Amount,
    pub(crate) stated: Amount,
    /// The same of the tax, where the contract says what it is.
    pub(crate) tax: Option<(Amount, Amount)>,
}

impl Held {
    /// Of a line for which the contract has a fee; `None` where a sum is beyond exact range.
    fn of(
        entries: &Entries,
        line: EntryId,
        members: Option<&Members>,
        terms: &Terms,
        charge: Charge,
    ) -> Option<Self> {
        let due = charge.fee.checked_neg()?;
        if entries.kind(line) == Kind::Fee {
            return Some(Self { due, stated: entries.net(line), tax: None });
        }
        let mut rows = fee_rows(entries, line, members).map(|row| entries.net(row));
        let stated = rows.try_fold(entries.fee(line), Amount::checked_add)?;
        let apart = terms.contract.as_ref().is_some_and(Contract::shows_taxes);
        let tax = match apart {
            true => Some((charge.tax.checked_neg()?, entries.tax(line))),
            false => None,
        };
        Some(Self { due, stated, tax })
    }

    /// Whether all is as it should be.
    pub(crate) fn is_right(&self) -> bool {
        self.stated == self.due && self.tax.is_none_or(|(due, stated)| due == stated)
    }

    /// The fee as far as the contract covers it.
    pub(crate) fn covered(&self) -> Amount {
        // Of two that are negative the one nearer to zero is covered.
        self.stated.max(self.due)
    }
}

impl Counted {
    /// Opens the rows of fees that the contract does not allow: they are no fee that is explained.
    pub(crate) fn open_fee_rows(&mut self, entries: &mut Entries, contract: Option<&Contract>) {
        let Some(contract) = contract.filter(|contract| contract.lists_fee_rows()) else { return };
        let is_row = |id: &EntryId| {
            entries.kind(*id) == Kind::Fee
                && (entries.reason(*id) == Reason::ProviderFee
                    || entries.disposition(*id) == Disposition::Matched)
        };
        let mut rows: Vec<EntryId> = entries.ids_on(Side::Settlement).filter(is_row).collect();
        entries.sort(&mut rows);
        let mut seen = BTreeSet::new();
        for id in &rows {
            let found = contract.of_fee_row(&line_of(entries, *id, contract));
            let Ok(Some((index, fee))) = found else { continue };
            let once = match fee.per {
                Per::Line => continue,
                Per::Batch => (index, entries.batch(*id).to_owned()),
                Per::Month => {
                    let month = entries.local_date(*id).map(Month::of);
                    (index, month.map_or_else(String::new, |month| month.to_string()))
                }
            };
            // Without a batch or a day it is not known whether it is the first.
            if !once.1.is_empty() && !seen.insert(once) {
                self.again.insert(*id);
            }
        }
        for id in rows {
            if entries.reason(id) != Reason::ProviderFee {
                continue;
            }
            let open = match of_fee_row(entries, id, contract, self) {
                Expected::Silent => true,
                Expected::NotKnown(_) => false,
                Expected::Charge(charge) => {
                    charge.fee.checked_neg().is_some_and(|due| entries.net(id) < due)
                }
            };
            if open {
                entries.dispose(id, Disposition::Open, Reason::None);
            }
        }
    }
}
