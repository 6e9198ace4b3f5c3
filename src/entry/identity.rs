//! Decides the stable name of a row: a hash of what it says, never of where it stands.
//!
//! Two rows that say the same have the same hash and differ in their ordinal. File, line, row
//! order and spelling of numbers do not change an identity, so decisions made today find their
//! row in next month's export. The hash is not cryptographic: it names, it does not seal.

use std::fmt;

use xxhash_rust::xxh3::xxh3_128;

use crate::entry::{NewEntry, Side, Status};
use crate::money::Amount;

/// The stable name of an entry: 128 bits of hash and an ordinal among equal rows of its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The hash of the side and the parsed fields.
    pub hash: u128,
    /// 0 for the first of equal rows, 1 for the next.
    pub ordinal: u32,
}

impl Identity {
    /// The identity that is written so; it is read in one way only.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (hash, ordinal) = text.split_once('-')?;
        let hash = u128::from_str_radix(hash, 16).ok()?;
        let identity = Self { hash, ordinal: ordinal.parse().ok()? };
        (identity.to_string() == text).then_some(identity)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}-{}", self.hash, self.ordinal)
    }
}

/// Collects the fields of one entry, each with its name and length, and hashes them.
///
/// Fields with no value are left out, so a new field never changes the identity of old rows.
/// Fields must be added in the order of their names' declaration in the callers, which is the
/// order of the result document.
#[derive(Debug, Default)]
pub(crate) struct IdentityFields {
    bytes: Vec<u8>,
}

impl IdentityFields {
    /// Starts over for the next entry.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Adds a field; an empty value is no field.
    pub(crate) fn add(&mut self, field: u8, value: &[u8]) {
        if value.is_empty() {
            return;
        }
        self.bytes.push(field);
        let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(value);
    }

    /// The hash of what was added.
    pub(crate) fn hash(&self) -> u128 {
        xxh3_128(&self.bytes)
    }
}

/// The hash of everything that an entry says, in the order of the result document's fields.
///
/// The engine and the verifier of its results call this one function; where a row stands (`row`,
/// `offset`) is not part of it.
pub(crate) fn hash_of(fields: &mut IdentityFields, side: Side, new: &NewEntry<'_>) -> u128 {
    fields.clear();
    fields.add(1, &[side as u8]);
    fields.add(2, &[new.kind as u8, new.part as u8]);
    fields.add(3, &[new.status as u8]);
    fields.add(4, new.reference.as_bytes());
    fields.add(5, new.transaction_id.as_bytes());
    fields.add(6, new.order_number.as_bytes());
    add_amount(fields, 7, new.amount);
    add_amount(fields, 8, new.fee);
    add_amount(fields, 9, new.tax);
    add_amount(fields, 10, new.net);
    fields.add(11, new.currency.code().as_bytes());
    if new.net_currency != new.currency {
        fields.add(12, new.net_currency.code().as_bytes());
    }
    if let Some((amount, currency)) = new.original {
        add_amount(fields, 13, amount);
        fields.add(14, currency.code().as_bytes());
    }
    if let Some(rate) = new.fx_rate {
        fields.add(15, rate.normalize().to_string().as_bytes());
    }
    if let Some(instant) = new.occurred_at {
        fields.add(16, &instant.0.to_le_bytes());
        fields.add(17, &[u8::from(new.has_time)]);
        fields.add(18, &new.offset_minutes.to_le_bytes());
    }
    if let Some(date) = new.settled_on {
        fields.add(19, &date.0.to_le_bytes());
    }
    fields.add(20, new.batch.as_bytes());
    fields.add(21, new.method.as_bytes());
    fields.add(22, new.country.as_bytes());
    fields.add(23, new.memo.as_bytes());
    fields.hash()
}

/// The hash of what stays the same while the state of a row moves on: an order is refunded, a line is
/// paid out. Without status, batch and day of the payout.
pub(crate) fn core_of(fields: &mut IdentityFields, side: Side, new: &NewEntry<'_>) -> u128 {
    let core = NewEntry { status: Status::Unstated, settled_on: None, batch: "", ..new.clone() };
    hash_of(fields, side, &core)
}

/// A whole number of minor units by its bytes, any other amount by its digits; zero is no field.
fn add_amount(fields: &mut IdentityFields, field: u8, amount: Amount) {
    if amount.is_zero() {
        return;
    }
    match amount.as_minor() {
        Some(minor) => fields.add(field, &minor.to_le_bytes()),
        None => fields.add(field, amount.minor_decimal().normalize().to_string().as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_slide_into_the_next_field() {
        let hash = |fields: &[(u8, &str)]| {
            let mut all = IdentityFields::default();
            for (field, value) in fields {
                all.add(*field, value.as_bytes());
            }
            all.hash()
        };
        assert_ne!(hash(&[(1, "ab"), (2, "c")]), hash(&[(1, "a"), (2, "bc")]));
        assert_ne!(hash(&[(1, "a")]), hash(&[(2, "a")]));
        assert_eq!(hash(&[(1, "a"), (2, "")]), hash(&[(1, "a")]));
    }

    #[test]
    fn is_written_with_its_ordinal() {
        let identity = Identity { hash: 0xab, ordinal: 2 };
        assert_eq!(identity.to_string(), "000000000000000000000000000000ab-2");
    }
}
