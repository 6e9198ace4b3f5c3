//! Holds a line against the fee contract: what the contract looks at, and what it then allows.

use crate::entry::{Disposition, Entries, Side};
use crate::exceptions::Terms;
use crate::fees::{Contract, Expected, Line, Volumes};
use crate::ids::EntryId;
use crate::money::{Amount, Currency};

/// The volumes of the months, and before each line where the contract asks for that.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// By month.
    pub volumes: Volumes,
    /// By entry, in minor units; empty where no tier goes by the running volume.
    before: Vec<i64>,
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
        let moved = |id: &EntryId| {
            let excluded = entries.disposition(*id) == Disposition::Excluded;
            !excluded || entries.reason(*id).moves_money()
        };
        let mut lines: Vec<EntryId> = entries.ids_on(Side::Settlement).filter(moved).collect();
        for id in &lines {
            if let Some(date) = entries.local_date(*id) {
                volumes.see(date);
            }
        }
        let running = contract.needs_running_volumes();
        let mut before = Vec::new();
        if running {
            entries.sort(&mut lines);
            before = vec![NOT_KNOWN; entries.len() as usize];
        }
        for id in lines {
            let counted = volumes.count(contract, &line_of(entries, id, contract));
            let minor = counted.and_then(Amount::as_minor);
            if let (Some(minor), Some(place)) = (minor, before.get_mut(id.0 as usize)) {
                *place = minor;
            }
        }
        Self { volumes, before }
    }

    /// The volume of the month before an entry.
    fn before(&self, id: EntryId) -> Option<Amount> {
        let minor = self.before.get(id.0 as usize).copied().filter(|minor| *minor != NOT_KNOWN);
        minor.map(Amount::from_minor)
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
pub(crate) fn expected(entries: &Entries, id: EntryId, terms: &Terms) -> Expected {
    let Some(contract) = &terms.contract else { return Expected::Silent };
    let line = Line { volume_before: terms.volumes.before(id), ..line_of(entries, id, contract) };
    contract.charge(&line, &terms.volumes.volumes)
}
