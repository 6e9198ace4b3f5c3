//! Decides which entries share a key, in bounded time whatever the keys are.
//!
//! A hash and a sort, not a hash table: the order is the same on every machine, and a hostile
//! file cannot make it slow. Keys are spread over buckets by their hash, so that one bucket is
//! one small unit of resumable work, and a partition of the keys is a set of buckets.

use xxhash_rust::xxh3::xxh3_64;

use crate::ids::EntryId;
use crate::sort;

/// Buckets; one of 2,000,000 keys holds about 8,000.
const BUCKETS: usize = 256;

/// Keys of a pass, spread by hash: 8 bytes an entry.
#[derive(Debug)]
pub(crate) struct KeyTable {
    buckets: Vec<Vec<u64>>,
    next: usize,
}

impl KeyTable {
    pub(crate) fn new() -> Self {
        Self { buckets: vec![Vec::new(); BUCKETS], next: 0 }
    }

    /// Adds an entry under its key; an empty key is no key.
    pub(crate) fn add(&mut self, id: EntryId, key: &[u8]) {
        if key.is_empty() {
            return;
        }
        self.add_hash(id, xxh3_64(key));
    }

    /// Adds an entry under the hash of its key.
    pub(crate) fn add_hash(&mut self, id: EntryId, hash: u64) {
        let bucket = usize::from((hash >> 56) as u8);
        if let Some(bucket) = self.buckets.get_mut(bucket) {
            bucket.push((hash << 32) | u64::from(id.0));
        }
    }

    /// Takes the next bucket, sorted; `None` after the last.
    pub(crate) fn next_bucket(&mut self) -> Option<Vec<u64>> {
        let bucket = self.buckets.get_mut(self.next)?;
        self.next = self.next.saturating_add(1);
        let mut keys = std::mem::take(bucket);
        keys.sort_unstable();
        Some(keys)
    }

    /// Buckets that are left.
    pub(crate) fn buckets_left(&self) -> usize {
        self.buckets.len().saturating_sub(self.next)
    }
}

/// Calls `group` for each set of entries with exactly the same key, each set in reading order.
///
/// `key` writes the key of an entry into its second argument. Groups come in the order of their
/// hashes: the same for the same keys, whatever the order of the rows.
pub(crate) fn groups(
    bucket: &[u64],
    mut key: impl FnMut(EntryId, &mut Vec<u8>),
    mut group: impl FnMut(&[EntryId]),
) {
    let mut ids = Vec::new();
    let (mut first, mut other) = (Vec::new(), Vec::new());
    for run in bucket.chunk_by(|a, b| a >> 32 == b >> 32) {
        if run.len() < 2 {
            continue;
        }
        ids.clear();
        ids.extend(run.iter().map(|packed| unpack(*packed)));
        let Some(head) = ids.first() else { continue };
        key(*head, &mut first);
        let same = ids.iter().skip(1).all(|id| {
            key(*id, &mut other);
            other == first
        });
        if same {
            group(&ids);
        } else {
            split_collisions(&ids, &mut key, &mut group);
        }
    }
}

/// The entry in the low half of a packed key.
pub(crate) fn unpack(packed: u64) -> EntryId {
    EntryId(u32::try_from(packed & u64::from(u32::MAX)).unwrap_or(u32::MAX))
}

/// Different keys with the same 40 bits of hash: sorted by the keys themselves.
fn split_collisions(
    ids: &[EntryId],
    key: &mut impl FnMut(EntryId, &mut Vec<u8>),
    group: &mut impl FnMut(&[EntryId]),
) {
    let mut keyed: Vec<(Vec<u8>, EntryId)> = ids
        .iter()
        .map(|id| {
            let mut bytes = Vec::new();
            key(*id, &mut bytes);
            (bytes, *id)
        })
        .collect();
    sort::sort(&mut keyed);
    for run in keyed.chunk_by(|a, b| a.0 == b.0) {
        let ids: Vec<EntryId> = run.iter().map(|(_, id)| *id).collect();
        if ids.len() > 1 {
            group(&ids);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_the_sets_of_equal_keys() {
        let keys: Vec<String> = (0..5_000_u32).map(|i| format!("k{}", i % 1_700)).collect();
        let mut table = KeyTable::new();
        for (index, key) in keys.iter().enumerate() {
            table.add(EntryId(u32::try_from(index).unwrap()), key.as_bytes());
        }
        table.add(EntryId(9_999), b"");
        let mut seen = 0;
        while let Some(bucket) = table.next_bucket() {
            groups(
                &bucket,
                |id, out| {
                    out.clear();
                    out.extend_from_slice(keys[id.0 as usize].as_bytes());
                },
                |ids| {
                    seen += ids.len();
                    assert!(ids.windows(2).all(|w| w[0] < w[1]));
                    let key = &keys[ids[0].0 as usize];
                    let expected = keys.iter().filter(|k| *k == key).count();
                    assert_eq!(ids.len(), expected, "{key}");
                },
            );
        }
        assert_eq!(seen, 5_000, "each key occurs at least twice");
        assert_eq!(table.buckets_left(), 0);
    }

    #[test]
    fn keys_with_one_hash_are_still_told_apart() {
        // Same packed hash by construction: the bytes must decide.
        let names = ["a", "b", "a", "b", "c"];
        let bucket: Vec<u64> = (0..5_u64).map(|i| (7 << 32) | i).collect();
        let mut found = Vec::new();
        groups(
            &bucket,
            |id, out| {
                out.clear();
                out.extend_from_slice(names[id.0 as usize].as_bytes());
            },
            |ids| found.push(ids.iter().map(|id| id.0).collect::<Vec<_>>()),
        );
        assert_eq!(found, [vec![0, 2], vec![1, 3]]);
    }
}
