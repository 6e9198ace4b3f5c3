//! Moves the entries of a source to another clock, once it is known which one its times are on.

use super::{END, Entries, Link, NO_INSTANT, NO_MATCH};
use crate::entry::columns::NewEntry;
use crate::entry::identity::{IdentityFields, hash_of};
use crate::entry::{Disposition, Reason};
use crate::ids::{EntryId, SourceId};
use crate::time::{Date, Zone};

const MINUTE_MICROS: i64 = 60_000_000;
const DAY_MICROS: i64 = 86_400_000_000;

impl Entries {
    /// Reads the times of a source's entries on another clock: what they show on the wall stays. Their
    /// identities are those that they would have if they had been read on it.
    pub(crate) fn move_clock(&mut self, source: SourceId, zone: Zone) {
        let mut fields = IdentityFields::default();
        for id in self.ids_of(source) {
            let at = id.0 as usize;
            let mut when = self.when.get(at);
            if when.occurred_at == NO_INSTANT {
                continue;
            }
            let ahead = i64::from(when.offset_minutes).saturating_mul(MINUTE_MICROS);
            let shown = when.occurred_at.saturating_add(ahead);
            let day = i32::try_from(shown.div_euclid(DAY_MICROS)).unwrap_or(i32::MAX);
            let Some((instant, offset)) = zone.resolve(Date(day), shown.rem_euclid(DAY_MICROS))
            else {
                continue;
            };
            when.occurred_at = instant.0;
            when.offset_minutes = offset;
            self.when.set(at, when);
            let hash = hash_of(&mut fields, self.side(id), &self.as_new(id));
            self.identity.set(at, hash);
        }
    }

    /// Forgets everything that a matching has decided.
    pub(crate) fn forget_matches(&mut self) {
        for id in self.ids() {
            let at = id.0 as usize;
            self.link.set(at, Link { in_match: NO_MATCH, next: END });
            if self.ordinal.get(at) != 0 {
                self.ordinal.set(at, 0);
            }
            self.dispose(id, Disposition::Open, Reason::None);
        }
    }

    /// What was pushed of an entry.
    pub(super) fn as_new(&self, id: EntryId) -> NewEntry<'_> {
        NewEntry {
            row: self.row(id),
            part: self.part(id),
            offset: self.offset(id),
            kind: self.kind(id),
            status: self.status(id),
            amount: self.amount(id),
            fee: self.fee(id),
            tax: self.tax(id),
            net: self.net(id),
            currency: self.currency(id),
            net_currency: self.net_currency(id),
            original: self.original(id),
            fx_rate: self.fx_rate(id),
            occurred_at: self.occurred_at(id),
            has_time: self.has_time(id),
            offset_minutes: self.offset_minutes(id),
            settled_on: self.settled_on(id),
            transaction_id: self.transaction_id(id),
            reference: self.reference(id),
            order_number: self.order_number(id),
            batch: self.batch(id),
            method: self.method(id),
            country: self.country(id),
            memo: self.memo(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Kind, Side};
    use crate::money::Currency;
    use crate::time::Instant;

    /// An entry at noon on the wall of a clock.
    fn push(entries: &mut Entries, offset_minutes: i16) -> EntryId {
        let usd = Currency::from_code("USD").unwrap();
        let noon = 12 * 3_600_000_000 - i64::from(offset_minutes) * MINUTE_MICROS;
        let mut new = NewEntry::new(2, Kind::Sale, usd);
        (new.occurred_at, new.has_time) = (Some(Instant(noon)), true);
        (new.offset_minutes, new.reference) = (offset_minutes, "A1");
        entries.push(&new).unwrap()
    }

    #[test]
    fn a_moved_entry_is_the_one_that_would_have_been_read() {
        let mut entries = Entries::default();
        let source = entries.begin_source(Side::Settlement);
        let moved = push(&mut entries, 0);
        entries.begin_source(Side::Settlement);
        let read = push(&mut entries, 480);
        assert_ne!(entries.identity(moved), entries.identity(read));
        entries.move_clock(source, Zone::parse("Asia/Shanghai").unwrap());
        assert_eq!(entries.occurred_at(moved), entries.occurred_at(read));
        assert_eq!(entries.offset_minutes(moved), 480);
        assert_eq!(entries.identity(moved), entries.identity(read));
        assert_eq!(entries.local_date(moved), entries.local_date(read));
    }
}
