//! The keyed passes of one, seven and sixty-four partitions of the keys: a partition is a set of
//! buckets, and whoever works off one knows nothing of the others.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Collect, Matcher, Pair, Pass, Phase, Terms};
use crate::entry::Entries;
use crate::ids::EntryId;
use crate::matching::keys::{Chains, KeyTable};
use crate::matching::leftovers::set_aside;
use crate::matching::tests::{lines_of, read};
use crate::matching::{Due, Matches, Tolerance, WithoutReference};

fn terms() -> Terms {
    Terms {
        due: Due { cycle: None, as_of: None },
        off: Vec::new(),
        without_reference: WithoutReference::default(),
        tolerance: Tolerance::default(),
    }
}

/// The matches of the keyed passes, one partition of each after the other.
fn keyed(entries: &mut Entries, partitions: usize) -> Matches {
    let mut matches = Matches::default();
    let end = entries.len();
    (0..end).for_each(|id| set_aside(entries, EntryId(id)));
    let mut pass = Some(Pass::TransactionId);
    while let Some(now) = pass {
        for partition in 0..partitions {
            let mut table = KeyTable::new();
            now.with(Collect { entries, table: &mut table, from: 0, end });
            let mut chains = Chains::new(end);
            let buckets = std::iter::from_fn(|| table.next_bucket()).enumerate();
            for (_, keys) in buckets.filter(|(bucket, _)| bucket % partitions == partition) {
                chains.link(&keys);
            }
            let (matches, chains) = (&mut matches, &mut chains);
            now.with(Pair { entries, matches, chains, from: 0, end });
        }
        pass = now.next();
    }
    matches
}

/// All that is said of rows whose keyed passes were worked off in partitions.
fn outcome(rows: &[String], partitions: usize) -> Vec<String> {
    let mut entries = read(rows, 1_000);
    let matches = keyed(&mut entries, partitions);
    let mut matcher = Matcher::new(terms());
    matcher.matches = matches;
    matcher.phase = Phase::ReferenceList;
    while matcher.step(&mut entries, 1_000) {}
    lines_of(&entries, &matcher.finish())
}

const REFERENCES: [&str; 10] =
    ["K-1", "K-1", "k1", "ORD#K-2", "K-2", "K-3", "0077", "77", "K-1+K-2", "-"];
const MORE: [&str; 7] = ["", "", " id=T1", " id=T2", " no=K-3", " no=900", " cur=USD"];
const AMOUNTS: [u32; 5] = [1_000, 1_000, 2_500, 3_500, 1_500];

fn row() -> impl Strategy<Value = String> {
    let parts = (select(&["o", "s"][..]), select(&REFERENCES[..]), select(&MORE[..]));
    (parts, select(&AMOUNTS[..]), 0..9_u32).prop_map(|((side, reference, more), amount, at)| {
        format!("{side} {reference} {amount} at={at}{more}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(1_000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_number_of_partitions_changes_nothing(rows in vec(row(), 0..40)) {
        let mut entries = read(&rows, 1_000);
        let mut matcher = Matcher::new(terms());
        while matcher.step(&mut entries, 1_000) {}
        let whole = lines_of(&entries, &matcher.finish());
        for partitions in [1, 7, 64] {
            prop_assert_eq!(&outcome(&rows, partitions), &whole, "{} partitions", partitions);
        }
    }
}
