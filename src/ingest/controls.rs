//! Decides whether a file adds up: totals that it prints, totals that must tie, and equations that
//! hold within each row, all recomputed from the rows that became entries.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::accounts::Accounts;
use super::cells::tidy;
use super::code_totals::CodeTotals;
use super::figures::Context;
use super::layout::Header;
use super::plan::Plan;
use super::printed::Prints;
use super::profile::{Check, Profile, Tie};
use super::record::Record;
use super::report::Control;
use super::running::{Balance, Bounds};
use crate::entry::{Kind, NewEntry};
use crate::money::{Amount, Currency, Scale, Unit, parse_amount};

/// The totals of one source.
#[derive(Debug)]
pub(super) struct Controls {
    ties: Vec<Tie>,
    batches: BTreeMap<(String, Currency), Sums>,
    /// The batch of the last row: the rows of a batch stand together.
    last: Option<((String, Currency), Sums)>,
    pub(super) prints: Prints,
    pub(super) codes: CodeTotals,
    has_lead: bool,
    leads: Vec<(String, Currency, Amount)>,
    checks: Vec<CheckPlan>,
    balance: Option<Balance>,
    pub(super) accounts: Option<Accounts>,
    bounds: Bounds,
}

/// What the rows of one batch and currency add up to; `None` once a sum left the exact range.
#[derive(Clone, Copy, Debug)]
struct Sums {
    credit: Option<Amount>,
    debit: Option<Amount>,
    payouts: u64,
    payout: Option<Amount>,
    stated_net: Option<Amount>,
    derived_net: Option<Amount>,
}

impl Sums {
    const ZERO: Self = Self {
        credit: Some(Amount::ZERO),
        debit: Some(Amount::ZERO),
        payouts: 0,
        payout: Some(Amount::ZERO),
        stated_net: Some(Amount::ZERO),
        derived_net: Some(Amount::ZERO),
    };

    fn add(&mut self, entry: &NewEntry<'_>, stated_net: Option<Amount>) {
        let side = if entry.net.is_negative() { &mut self.debit } else { &mut self.credit };
        *side = side.and_then(|sum| sum.checked_add(entry.net.abs()));
        if entry.kind == Kind::Payout {
            self.payouts = self.payouts.saturating_add(1);
            self.payout = self.payout.and_then(|sum| sum.checked_sub(entry.net));
        }
        if let Some(net) = stated_net.filter(|_| entry.currency == entry.net_currency) {
            self.stated_net = self.stated_net.and_then(|sum| sum.checked_add(net));
            self.derived_net = self.derived_net.and_then(|sum| {
                sum.checked_add(entry.amount)?.checked_add(entry.fee)?.checked_add(entry.tax)
            });
        }
    }

    /// Σ net of all rows.
    fn net(&self) -> Option<Amount> {
        self.credit?.checked_sub(self.debit?)
    }

    /// Σ net of the rows that are no payouts.
    fn earned(&self) -> Option<Amount> {
        self.net()?.checked_add(self.payout?)
    }
}

/// An equation within each row.
#[derive(Debug)]
struct CheckPlan {
    name: String,
    left: usize,
    plus: Vec<usize>,
    minus: Vec<usize>,
    count_of: Option<usize>,
    checked: u64,
    held: u64,
}

impl CheckPlan {
    fn new(check: &Check, header: &Header) -> Option<Self> {
        Some(Self {
            name: check.name.clone(),
            left: header.find(&check.left)?,
            plus: header.all(&check.plus),
            minus: header.all(&check.minus),
            count_of: check.count_of.as_ref().and_then(|name| header.find(name)),
            checked: 0,
            held: 0,
        })
        .filter(|plan| check.count_of.is_none() || plan.count_of.is_some())
    }

    /// `None` where the row does not say.
    fn holds(&self, plan: &Plan, record: &Record<'_>, currency: Currency) -> Option<bool> {
        let cell = |column: usize| tidy(record.get(column).unwrap_or_default());
        let left = cell(self.left);
        if left.is_empty() {
            return None;
        }
        if let Some(list) = self.count_of.map(cell) {
            let elements: Vec<&RawValue> = serde_json::from_str(list).ok()?;
            return Some(left.parse() == Ok(elements.len()));
        }
        let amount = |column: usize| {
            let format = plan.format(column);
            let amount =
                parse_amount(cell(column), &format, Unit::Major, currency, Scale::Finer(8));
            amount.ok().map(Option::unwrap_or_default)
        };
        let sum = |columns: &[usize]| {
            columns.iter().try_fold(Amount::ZERO, |sum, &at| sum.checked_add(amount(at)?))
        };
        let equal = || Some(amount(self.left)? == sum(&self.plus)?.checked_sub(sum(&self.minus)?)?);
        Some(equal().unwrap_or(false))
    }
}

impl Controls {
    /// The totals that a profile asks for, in a file with this header.
    pub(super) fn new(profile: &Profile, header: &Header) -> Self {
        Self {
            ties: profile.controls.clone(),
            batches: BTreeMap::new(),
            last: None,
            prints: Prints::new(profile, header),
            balance: header.first(&profile.balance).map(Balance::new),
            bounds: Bounds::new(profile, header),
            codes: CodeTotals::new(profile.codes.as_ref()),
            has_lead: profile.lead.is_some(),
            leads: Vec::new(),
            accounts: Accounts::new(profile, header),
            checks: profile
                .checks
                .iter()
                .filter_map(|check| CheckPlan::new(check, header))
                .collect(),
        }
    }

    /// Looks for the first or the last balance in a record that is no row.
    #[inline]
    pub(super) fn no_row(&mut self, record: &Record<'_>) {
        self.bounds.see(record);
    }

    /// Takes an entry into account.
    #[inline]
    pub(super) fn add(&mut self, entry: &NewEntry<'_>, stated_net: Option<Amount>) {
        if !self.ties.is_empty() || self.has_lead {
            self.sums_of(entry).add(entry, stated_net);
        }
        self.codes.add(entry);
    }

    /// Takes a row that becomes an entry, or a part of one, into account.
    #[inline]
    pub(super) fn add_row(
        &mut self,
        plan: &Plan,
        record: &Record<'_>,
        kind: Kind,
        currency: Currency,
    ) {
        if !self.prints.is_empty() {
            self.prints.add(plan, record, kind, currency);
        }
    }

    /// Follows the balance that the row prints.
    #[inline]
    pub(super) fn follow(&mut self, plan: &Plan, record: &Record<'_>, entry: &NewEntry<'_>) {
        if let Some(balance) = &mut self.balance {
            balance.add(plan, record, entry);
        }
        if let Some(accounts) = &mut self.accounts {
            accounts.add(record, entry);
        }
        self.bounds.add(plan, entry);
    }

    /// A row states what the rows of a batch come to.
    pub(super) fn lead(&mut self, batch: &str, currency: Currency, total: Amount) {
        self.leads.push((batch.to_owned(), currency, total));
    }

    fn sums_of(&mut self, entry: &NewEntry<'_>) -> &mut Sums {
        let same = |((batch, currency), _): &((String, Currency), Sums)| {
            batch == entry.batch && *currency == entry.net_currency
        };
        if !self.last.as_ref().is_some_and(same) {
            let key = (entry.batch.to_owned(), entry.net_currency);
            let sums = self.batches.remove(&key).unwrap_or(Sums::ZERO);
            if let Some((key, sums)) = self.last.replace((key, sums)) {
                self.batches.insert(key, sums);
            }
        }
        &mut self.last.as_mut().expect("invariant: set above").1
    }

    /// Whether the equations of a row hold, as far as it says.
    #[inline]
    pub(super) fn holds(&mut self, plan: &Plan, record: &Record<'_>, row: &Context) -> bool {
        let mut all = true;
        for check in &mut self.checks {
            if let Some(holds) = check.holds(plan, record, row.currency) {
                check.checked = check.checked.saturating_add(1);
                check.held = check.held.saturating_add(u64::from(holds));
                all &= holds;
            }
        }
        all
    }

    /// All totals; `identity` counts the rows whose line identity was checked and those that hold.
    pub(super) fn finish(mut self, identity: [u64; 2]) -> Vec<Control> {
        self.batches.extend(self.last.take());
        let mut controls = Vec::new();
        for ((batch, currency), sums) in &self.batches {
            for tie in &self.ties {
                controls.extend(tied(*tie, batch, *currency, sums));
            }
        }
        for (batch, currency, total) in &self.leads {
            let sums = self.batches.get(&(batch.clone(), *currency)).unwrap_or(&Sums::ZERO);
            let name = format!("{}, {currency}: total of the file", batch_name(batch));
            controls.push(control(name, *currency, Some(*total), sums.net()));
        }
        controls.extend(self.codes.finish());
        controls.extend(self.prints.finish());
        controls.extend(self.balance.as_ref().and_then(Balance::control));
        controls.extend(self.bounds.control());
        let [checked, held] = identity;
        if checked > 0 {
            let name = "rows whose amount + fee + tax is the net";
            controls.push(Control { of_rows: true, ..counted(name, checked, held) });
        }
        for check in &self.checks {
            if check.checked > 0 {
                let name = format!("rows with {}", check.name);
                let control = counted(&name, check.checked, check.held);
                controls.push(Control { of_rows: true, ..control });
            }
        }
        controls
    }
}

pub(super) fn counted(name: &str, checked: u64, held: u64) -> Control {
    Control {
        name: name.to_owned(),
        stated: checked.to_string(),
        computed: held.to_string(),
        ok: checked == held,
        of_rows: false,
    }
}

fn tied(tie: Tie, batch: &str, currency: Currency, sums: &Sums) -> Option<Control> {
    let (what, stated, computed) = match tie {
        Tie::ZeroSum => ("credits = debits", sums.credit, sums.debit),
        Tie::Payout if sums.payouts == 0 => return None,
        Tie::Payout => ("payout = net of the other rows", sums.payout, sums.earned()),
        Tie::Net => ("net = amount + fee + tax", sums.stated_net, sums.derived_net),
    };
    let name = format!("{}, {currency}: {what}", batch_name(batch));
    Some(control(name, currency, stated, computed))
}

fn batch_name(batch: &str) -> String {
    if batch.is_empty() { "no batch".to_owned() } else { format!("batch {batch}") }
}

fn control(
    name: String,
    currency: Currency,
    stated: Option<Amount>,
    computed: Option<Amount>,
) -> Control {
    let shown = |sum: Option<Amount>| {
        sum.map_or_else(|| "too large".to_owned(), |sum| sum.format(currency))
    };
    let ok = stated.is_some() && stated == computed;
    Control { name, stated: shown(stated), computed: shown(computed), ok, of_rows: false }
}

/// Whether two written numbers are the same, whatever their zeros.
pub(super) fn same_number(one: &str, other: &str) -> bool {
    let number = |text: &str| Decimal::from_str_exact(&text.replace(',', "")).ok();
    number(one).is_some() && number(one) == number(other)
}
