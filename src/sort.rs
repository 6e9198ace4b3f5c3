//! Decides the order of short lists: one stable sort for all of them.
//!
//! Each type and closure that the standard sort meets is 5 to 10 KB of WebAssembly of its own.
//! Lists that are not on the hot path are therefore sorted here, through one instance. Long lists
//! of plain keys stay with `sort_unstable`.

use std::cmp::Ordering;

/// Sorts a list by a comparison; equal items keep their order.
pub(crate) fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let compare_at = |a: u32, b: u32| match (items.get(a as usize), items.get(b as usize)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    };
    let mut order = order_of(items.len(), &compare_at);
    // Follows each cycle of the permutation, so that every item is moved once.
    for start in 0..order.len() {
        let mut at = start;
        while let Some(next) = order.get_mut(at) {
            let from = std::mem::replace(next, u32::try_from(at).unwrap_or(u32::MAX)) as usize;
            if from == start || from == at {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// Sorts a list; equal items keep their order.
pub(crate) fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts a list by a key; equal items keep their order.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// The positions of `len` items in their order.
#[inline(never)]
fn order_of(len: usize, compare: &dyn Fn(u32, u32) -> Ordering) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(len).unwrap_or(u32::MAX)).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sequence of bytes that looks random and is always the same.
    fn numbers(seed: u32, len: usize) -> Vec<(u8, usize)> {
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8 % 16
        };
        (0..len).map(|index| (next(), index)).collect()
    }

    #[test]
    fn sorts_as_the_standard_library_does_and_keeps_the_order_of_equal_items() {
        for len in 0..60 {
            for seed in 0..20 {
                let mut ours = numbers(seed, len);
                let mut theirs = ours.clone();
                sort_by_key(&mut ours, |item| item.0);
                theirs.sort_by_key(|item| item.0);
                assert_eq!(ours, theirs);
                sort_by(&mut ours, |a, b| b.cmp(a));
                theirs.sort_by(|a, b| b.cmp(a));
                assert_eq!(ours, theirs);
                sort(&mut ours);
                theirs.sort_unstable();
                assert_eq!(ours, theirs);
            }
        }
    }
}
