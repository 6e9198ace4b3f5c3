//! Decides which entries share a key, in bounded time whatever the keys are.
//!
//! A hash and a sort, not a hash table: the order is the same on every machine, and a hostile
//! file cannot make it slow. Keys are spread over buckets by their hash, so that one bucket is
//! one small unit of resumable work, and a partition of the keys is a set of buckets.
//!
//! Entries of one hash become a chain, and chains are walked by their first entry. Rows that belong
//! together stand near each other in most files, so that pairing them in reading order, and
//! everything that later follows the order of the matches, runs through memory and does not leap.

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
}

/// Entries with one hash, each linked to the next in reading order: 4 bytes an entry of the run.
#[derive(Debug, Default)]
pub(crate) struct Chains {
    next: Vec<u32>,
}

/// An entry that is in no chain. The last of a chain is linked to itself.
const ALONE: u32 = u32::MAX;

impl Chains {
    /// No chains yet, of the first `entries` entries.
    pub(crate) fn new(entries: u32) -> Self {
        Self { next: vec![ALONE; entries as usize] }
    }

    /// Links what shares a hash in one sorted bucket.
    pub(crate) fn link(&mut self, bucket: &[u64]) {
        for run in bucket.chunk_by(|a, b| a >> 32 == b >> 32).filter(|run| run.len() > 1) {
            let after = run.iter().skip(1).chain(run.last());
            for (packed, next) in run.iter().zip(after) {
                if let Some(link) = self.next.get_mut(unpack(*packed).0 as usize) {
                    *link = unpack(*next).0;
                }
            }
        }
    }

    /// Takes the chain that begins with an entry, in reading order; empty if none does.
    pub(crate) fn take(&mut self, first: EntryId, ids: &mut Vec<EntryId>) {
        ids.clear();
        let mut at = first.0;
        while let Some(link) = self.next.get_mut(at as usize) {
            let next = std::mem::replace(link, ALONE);
            if next == ALONE {
                return;
            }
            ids.push(EntryId(at));
            if next == at {
                return;
            }
            at = next;
        }
    }
}

/// Room for two keys that are compared.
#[derive(Debug, Default)]
pub(crate) struct Room(Vec<u8>, Vec<u8>);

impl Room {
    /// Whether entries have exactly the same key; `key` writes that of an entry.
    pub(crate) fn all_same(
        &mut self,
        ids: &[EntryId],
        key: &dyn Fn(EntryId, &mut Vec<u8>),
    ) -> bool {
        let Some((first, others)) = ids.split_first() else { return true };
        key(*first, &mut self.0);
        others.iter().all(|id| {
            key(*id, &mut self.1);
            self.0 == self.1
        })
    }
}

/// The entry in the low half of a packed key.
pub(crate) fn unpack(packed: u64) -> EntryId {
    EntryId(u32::try_from(packed & u64::from(u32::MAX)).unwrap_or(u32::MAX))
}

/// The sets of equal keys among entries with the same 40 bits of hash, each in reading order.
#[cold]
pub(crate) fn told_apart(
    ids: &[EntryId],
    key: &dyn Fn(EntryId, &mut Vec<u8>),
) -> Vec<Vec<EntryId>> {
    let mut keyed: Vec<(Vec<u8>, EntryId)> = ids
        .iter()
        .map(|id| {
            let mut bytes = Vec::new();
            key(*id, &mut bytes);
            (bytes, *id)
        })
        .collect();
    sort::sort(&mut keyed);
    let sets = keyed.chunk_by(|a, b| a.0 == b.0).filter(|set| set.len() > 1);
    sets.map(|set| set.iter().map(|(_, id)| *id).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_are_the_sets_of_equal_keys() {
        let keys: Vec<String> = (0..5_000_u32).map(|i| format!("k{}", i % 1_700)).collect();
        let mut table = KeyTable::new();
        for (index, key) in keys.iter().enumerate() {
            table.add(EntryId(u32::try_from(index).unwrap()), key.as_bytes());
        }
        table.add(EntryId(4_999), b"");
        let mut chains = Chains::new(5_000);
        while let Some(bucket) = table.next_bucket() {
            chains.link(&bucket);
        }
        let (mut seen, mut ids) = (0, Vec::new());
        for first in (0..5_000).map(EntryId) {
            chains.take(first, &mut ids);
            seen += ids.len();
            assert!(ids.windows(2).all(|w| w[0] < w[1]));
            assert_eq!(ids.first().copied(), (first.0 < 1_700).then_some(first));
            let key = &keys[first.0 as usize];
            let expected = keys.iter().filter(|k| *k == key).count();
            assert!(ids.is_empty() || ids.len() == expected, "{key}");
        }
        assert_eq!(seen, 5_000, "each key occurs at least twice");
    }

    #[test]
    fn keys_with_one_hash_are_still_told_apart() {
        // Same packed hash by construction: the bytes must decide.
        let names = ["a", "b", "a", "b", "c"];
        let bucket: Vec<u64> = (0..5_u64).map(|i| (7 << 32) | i).collect();
        let (mut chains, mut ids) = (Chains::new(5), Vec::new());
        chains.link(&bucket);
        chains.take(EntryId(0), &mut ids);
        assert_eq!(ids.len(), 5);
        let key = |id: EntryId, out: &mut Vec<u8>| {
            out.clear();
            out.extend_from_slice(names[id.0 as usize].as_bytes());
        };
        assert!(!Room::default().all_same(&ids, &key));
        assert!(Room::default().all_same(&[EntryId(0), EntryId(2)], &key));
        let found = told_apart(&ids, &key);
        assert_eq!(found, [[EntryId(0), EntryId(2)], [EntryId(1), EntryId(3)]]);
    }
}
