//! Which pairs are listed where amounts need not be equal.

use super::super::lag;
use super::super::listing::{Listing, Offer, Wish};
use crate::limits::CANDIDATES_PER_ROW;

/// The pairs of one wish over 100 within 5, from minute 10 to 20, that happened at 12.
fn listed(offers: &[(i64, i64)]) -> (Vec<(u32, u64)>, bool) {
    let wish = Wish { left: 0, amount: 100, within: 5, at: 12, from: 10, to: 20 };
    let mut offers: Vec<Offer> = (0..)
        .zip(offers)
        .map(|(right, (amount, at))| Offer { amount: *amount, at: *at, right })
        .collect();
    offers.sort_unstable();
    let listing = Listing::of(1, &[wish], &offers, &|_, _| 0);
    (listing.pairs.iter().map(|pair| (pair.right, pair.money)).collect(), listing.cut[0])
}

#[test]
fn the_ends_of_amount_and_time_are_within() {
    for (offer, money) in [
        ((100, 12), Some(0)),
        ((95, 12), Some(5)),
        ((105, 12), Some(5)),
        ((94, 12), None),
        ((106, 12), None),
        ((100, 10), Some(0)),
        ((100, 20), Some(0)),
        ((100, 9), None),
        ((100, 21), None),
    ] {
        let expected = money.map(|money| (0, money)).into_iter().collect();
        assert_eq!(listed(&[offer]), (expected, false), "{offer:?}");
    }
}

#[test]
fn the_nearest_in_money_and_then_in_time_are_listed_and_a_cut_is_said() {
    let most = i64::try_from(CANDIDATES_PER_ROW).expect("small");
    let mut offers: Vec<(i64, i64)> = (0..most - 2).map(|_| (100, 20)).collect();
    offers.extend([(99, 11), (101, 19)]);
    assert!(!listed(&offers).1, "all that there is room for");
    // One more, further in money than all others: it is the one that is left out.
    offers.insert(0, (102, 12));
    let (pairs, cut) = listed(&offers);
    assert!(cut);
    assert_eq!(pairs.len(), CANDIDATES_PER_ROW);
    assert!(pairs.iter().all(|(right, _)| *right != 0), "{pairs:?}");
    // Nearer on either side, in money and in time, comes before as many as there is room for.
    for (near, far) in [
        ((99, 12), (103, 12)),
        ((101, 12), (97, 12)),
        ((100, 11), (100, 15)),
        ((100, 13), (100, 10)),
    ] {
        let mut offers: Vec<(i64, i64)> = (0..most).map(|_| far).collect();
        offers.insert(0, near);
        let (pairs, cut) = listed(&offers);
        assert!(cut && pairs.iter().any(|(right, _)| *right == 0), "{near:?} {pairs:?}");
    }
    // Nearer in time decides among equal money.
    let mut offers: Vec<(i64, i64)> = (0..most).map(|_| (100, 14)).collect();
    offers.insert(0, (100, 18));
    offers.insert(0, (100, 12));
    let (pairs, cut) = listed(&offers);
    assert!(cut && pairs.contains(&(0, 0)) && !pairs.contains(&(1, 0)), "{pairs:?}");
}

#[test]
fn one_long_wait_is_worse_than_two_short_ones() {
    assert!(lag(0, 2) + lag(2, 3) < lag(0, 3) + lag(2, 2));
    assert_eq!((lag(5, 5), lag(3, 5), lag(5, 3)), (0, 4, 4));
    assert_eq!(lag(i64::MIN, i64::MAX), 1 << 40, "bounded, so that sums stay exact");
}
