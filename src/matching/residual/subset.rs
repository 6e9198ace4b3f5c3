//! Decides which of some rows add up to an amount: how many sets of them do, and whether one that
//! does could be a coincidence.
//!
//! Half of the rows and the other half have few sums each; sorted, they are gone through once, one
//! upwards and one downwards, so that all sets of 24 rows cost no more than 4,096 pairs of sums
//! (meet in the middle).
//!
//! A set that adds up to the cent is no proof: of 28 amounts about a thousand sets do, whatever the
//! target is. How many are expected by chance is the number of sets over the spread of their sums.
//! For `n` amounts `x` the sums lie as under a bell curve with the variance `Σx²/4`, whose peak gives
//! `2ⁿ / √(π/2 · Σx²)` sets for one minor unit. Prices are no evenly spread numbers, so two things
//! raise that: all amounts of a run may be whole steps apart, and so are their sums then; and few
//! endings such as `.99` may leave few endings for sums, of which the target has one.

use crate::limits::SUBSET_COINCIDENCES;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// How many sets add up to the target.
    pub(crate) sets: u64,
    /// The rows of one of them, a bit for each.
    pub(crate) first: u32,
    /// Sums and pairs of sums looked at.
    pub(crate) steps: u64,
}

/// A sum of some rows, and a bit for each of them.
type Sum = (i64, u32);

/// Searches all sets of at most 32 positive amounts.
pub(crate) fn search(amounts: &[i64], target: i64) -> Found {
    let (low, high) = amounts.split_at(amounts.len() / 2);
    let (low, high) = (sums(low, target, 0), sums(high, target, amounts.len() / 2));
    let mut found = Found { steps: (low.len() + high.len()) as u64, ..Found::default() };
    let mut high = high.chunk_by(|one, other| one.0 == other.0).rev().peekable();
    for low in low.chunk_by(|one, other| one.0 == other.0) {
        let Some((sum, rows)) = low.first() else { continue };
        let rest = target - sum;
        let total = |group: &[Sum]| group.first().map_or(0, |sum| sum.0);
        while high.next_if(|group| total(group) > rest).is_some() {
            found.steps += 1;
        }
        if let Some(group) = high.peek().filter(|group| total(group) == rest) {
            let others = group.first().map_or(0, |sum| sum.1);
            found.first = if found.sets == 0 { rows | others } else { found.first };
            found.sets += (low.len() * group.len()) as u64;
        }
    }
    found
}

/// The sums of all sets that are not beyond the target, sorted; the first row has the bit `bit`.
fn sums(amounts: &[i64], target: i64, bit: usize) -> Vec<Sum> {
    let mut all: Vec<Sum> = vec![(0, 0)];
    for (row, amount) in (bit..).zip(amounts) {
        let with = all.iter().filter_map(|(sum, rows)| {
            let sum = sum.checked_add(*amount).filter(|sum| *sum <= target)?;
            Some((sum, rows | 1_u32.checked_shl(u32::try_from(row).ok()?)?))
        });
        let with: Vec<Sum> = with.collect();
        all = merged(&all, &with);
    }
    all
}

/// Two sorted lists as one.
fn merged(one: &[Sum], other: &[Sum]) -> Vec<Sum> {
    let mut all = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.iter().copied().peekable(), other.iter().copied().peekable());
    loop {
        let from_one = match (one.peek(), other.peek()) {
            (Some(a), Some(b)) => a <= b,
            (Some(_), None) => true,
            (None, _) => false,
        };
        match if from_one { one.next() } else { other.next() } {
            Some(sum) => all.push(sum),
            None => return all,
        }
    }
}

/// The step by which all amounts are apart; 0 if they are equal.
pub(crate) fn step(amounts: impl Iterator<Item = i64>) -> u64 {
    let mut amounts = amounts.peekable();
    let Some(first) = amounts.peek().copied() else { return 0 };
    amounts.fold(0, |step, amount| gcd(step, amount.abs_diff(first)))
}

/// Whether fewer than one set in [`SUBSET_COINCIDENCES`] is expected to add up to a target by chance,
/// where amounts are so many `step`s apart and so many such searches are made.
pub(crate) fn is_improbable(amounts: &[i64], target: i64, step: u64, searches: u64) -> bool {
    if step == 0 {
        return false;
    }
    let sets = 1_u128.checked_shl(u32::try_from(amounts.len()).unwrap_or(u32::MAX));
    let squares = amounts.iter().try_fold(0_u128, |sum, amount| {
        let amount = u128::from(amount.unsigned_abs());
        sum.checked_add(amount.checked_mul(amount)?)
    });
    let others = u128::from(same_ending(amounts, target).saturating_sub(1));
    let by_step = sets.and_then(|sets| sets.checked_mul(u128::from(step)));
    let by_ending = others.checked_mul(u128::from(ENDINGS));
    // (expected × searches × COINCIDENCES)² < 1, and π/2 is a little more than 157/100.
    let smaller = |count: Option<u128>| {
        let count = count?
            .checked_mul(u128::from(SUBSET_COINCIDENCES))?
            .checked_mul(u128::from(searches.max(1)))?;
        let left = count.checked_mul(count)?.checked_mul(100)?;
        Some(left < squares?.saturating_mul(157))
    };
    smaller(by_step) == Some(true) && smaller(by_ending) == Some(true)
}

/// Endings of two digits.
const ENDINGS: u64 = 100;

/// How many sets have a sum with the last two digits of the target.
fn same_ending(amounts: &[i64], target: i64) -> u64 {
    let ending = |amount: i64| usize::try_from(amount.rem_euclid(100)).unwrap_or(0);
    let mut counts = [0_u64; 100];
    counts[0] = 1;
    for amount in amounts {
        let before = counts;
        let turn = ending(*amount);
        for (end, count) in before.into_iter().enumerate() {
            if let Some(sum) = counts.get_mut((end + turn) % before.len()) {
                *sum = sum.saturating_add(count);
            }
        }
    }
    counts.get(ending(target)).copied().unwrap_or(0)
}

fn gcd(mut one: u64, mut other: u64) -> u64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random: SplitMix64.
    fn roll(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    #[test]
    fn all_sets_are_counted_as_one_by_one() {
        for seed in 0..2_000 {
            let mut state = seed;
            let rows = usize::try_from(roll(&mut state) % 11).expect("small");
            let amounts: Vec<i64> = (0..rows)
                .map(|_| i64::try_from(1 + roll(&mut state) % 30).expect("small"))
                .collect();
            let target = i64::try_from(1 + roll(&mut state) % 150).expect("small");
            let sum = |set: u32| -> i64 {
                let bits = amounts.iter().enumerate().filter(|(row, _)| set >> row & 1 == 1);
                bits.map(|(_, amount)| amount).sum()
            };
            let sets: Vec<u32> = (0..1 << rows).filter(|set| sum(*set) == target).collect();
            let found = search(&amounts, target);
            assert_eq!(found.sets, sets.len() as u64, "{amounts:?} {target}");
            assert!(sets.is_empty() || sets.contains(&found.first), "{amounts:?} {target}");
        }
    }

    #[test]
    fn sums_beyond_all_numbers_are_none() {
        let found = search(&[i64::MAX, i64::MAX, 5], 5);
        assert_eq!((found.sets, found.first), (1, 4));
        let huge = [i64::MAX, i64::MAX, i64::MAX, i64::MAX, i64::MAX - 1];
        assert!(!is_improbable(&huge, 5, 1, 1), "squares leave the range");
    }

    #[test]
    fn a_search_of_24_rows_is_short() {
        let amounts: Vec<i64> = (1..=24).map(|i| 1_000 + 37 * i).collect();
        let found = search(&amounts, 12_345);
        assert!(found.steps <= 3 * 4_096, "{found:?}");
    }

    #[test]
    fn few_large_amounts_prove_more_than_many_small_ones() {
        let uneven = |rows: i64, size: i64| -> Vec<i64> {
            (1..=rows).map(|i| size + i * i * 7_919 % size).collect()
        };
        for (what, amounts, target, searches, improbable) in [
            ("six amounts of thousands", uneven(6, 100_003), 400_007, 1, true),
            ("twelve of them", uneven(12, 100_003), 400_007, 1, false),
            ("six, in many pools", uneven(6, 100_003), 400_007, 50, false),
            ("six amounts of tens", uneven(6, 1_009), 4_007, 1, false),
            ("all the same", vec![99_900; 4], 199_800, 1, false),
            ("whole thousands", (1..=6).map(|i| i * i * 100_000).collect(), 900_000, 1, false),
            ("nothing", vec![], 5, 1, false),
        ] {
            let step = step(amounts.iter().copied());
            assert_eq!(is_improbable(&amounts, target, step, searches), improbable, "{what}");
        }
    }

    /// The estimate holds for random amounts: among targets that no set was made for, about as many
    /// are met as expected.
    #[test]
    fn as_many_sets_are_met_by_chance_as_expected() {
        let (mut met, mut state) = (0_u64, 5);
        const TARGETS: u64 = 4_000;
        for _ in 0..TARGETS {
            let amounts: Vec<i64> = (0..12)
                .map(|_| i64::try_from(500 + roll(&mut state) % 50_000).expect("small"))
                .collect();
            let sum: i64 = amounts.iter().sum();
            let middle = sum / 2 + i64::try_from(roll(&mut state) % 10_000).expect("small") - 5_000;
            met += search(&amounts, middle).sets;
        }
        // 2^12 / √(π/2 · 12 · 28,975²), with the mean square of the amounts: 0.0325.
        let expected = TARGETS * 325 / 10_000;
        assert!(met * 10 > expected * 8 && met * 10 < expected * 12, "{met} of {expected}");
    }
}
