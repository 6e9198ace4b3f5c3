//! Decides which pairs of rows are looked at where amounts need not be equal: for each row that
//! waits, those nearest in money and then in time, up to a limit.
//!
//! A window in which everything fits everything has as many pairs as the product of its rows, so
//! a row's list ends at [`CANDIDATES_PER_ROW`]. A list that was cut is said to be, and nothing
//! that depends on it is called proven.

use super::lag;
use super::pairs::Pair;
use crate::limits::CANDIDATES_PER_ROW;

/// An amount that would settle a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) left: u32,
    /// In minor units.
    pub(crate) amount: i64,
    /// How far from it an amount may be.
    pub(crate) within: u64,
    /// When the row happened, in minutes, and when its partner may have.
    pub(crate) at: i64,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// A row that may settle another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Offer {
    /// In minor units.
    pub(crate) amount: i64,
    /// When it happened, in minutes.
    pub(crate) at: i64,
    pub(crate) right: u32,
}

/// Pairs, sorted by left row and then by right row.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) pairs: Vec<Pair>,
    /// Left rows whose list was cut.
    pub(crate) cut: Vec<bool>,
    pub(crate) steps: u64,
}

impl Listing {
    /// Lists the pairs of `lefts` rows. Wishes are sorted by their rows; offers by themselves.
    /// `evidence` says what speaks for a pair besides amount and time.
    pub(crate) fn of(
        lefts: u32,
        wishes: &[Wish],
        offers: &[Offer],
        evidence: &dyn Fn(u32, u32) -> u8,
    ) -> Self {
        let mut listing = Self { cut: vec![false; lefts as usize], ..Self::default() };
        for wishes in wishes.chunk_by(|one, other| one.left == other.left) {
            let start = listing.pairs.len();
            for wish in wishes {
                listing.list(wish, offers, start);
            }
            let own = listing.pairs.get_mut(start..).unwrap_or_default();
            own.sort_unstable_by_key(|pair| (pair.right, pair.money));
            for pair in own {
                pair.evidence = evidence(pair.left, pair.right);
            }
        }
        listing.pairs.dedup_by_key(|pair| (pair.left, pair.right));
        listing
    }

    /// Adds the pairs of one wish to those of its row, which begin at `start`.
    fn list(&mut self, wish: &Wish, offers: &[Offer], start: usize) {
        let middle = offers.partition_point(|offer| offer.amount < wish.amount);
        let (mut below, mut above) = (middle, middle);
        // As many amounts are looked at as pairs may be listed: most have none in the window.
        for _ in 0..CANDIDATES_PER_ROW {
            let apart = |offer: Option<&Offer>| {
                offer
                    .map(|offer| offer.amount.abs_diff(wish.amount))
                    .filter(|gap| *gap <= wish.within)
            };
            let up = apart(offers.get(above));
            let down = below.checked_sub(1).and_then(|last| apart(offers.get(last)));
            let (range, money) = match (down, up) {
                (None, None) => return,
                (Some(gap), other) if other.is_none_or(|other| gap < other) => {
                    let amount = offers.get(below - 1).map_or(0, |offer| offer.amount);
                    let first = offers.partition_point(|offer| offer.amount < amount);
                    (first..std::mem::replace(&mut below, first), gap)
                }
                (_, gap) => {
                    let amount = offers.get(above).map_or(0, |offer| offer.amount);
                    let end = offers.partition_point(|offer| offer.amount <= amount);
                    (std::mem::replace(&mut above, end)..end, gap.unwrap_or(0))
                }
            };
            self.steps += 1;
            if !self.list_amount(wish, offers.get(range).unwrap_or_default(), money, start) {
                break;
            }
        }
        if let Some(cut) = self.cut.get_mut(wish.left as usize) {
            *cut = true;
        }
    }

    /// Adds the offers of one amount, nearest in time first; whether there was room for all.
    fn list_amount(&mut self, wish: &Wish, offers: &[Offer], money: u64, start: usize) -> bool {
        let first = offers.partition_point(|offer| offer.at < wish.from);
        let end = offers.partition_point(|offer| offer.at <= wish.to);
        let offers = offers.get(first..end).unwrap_or_default();
        let mut above = offers.partition_point(|offer| offer.at < wish.at);
        let mut below = above;
        while below > 0 || above < offers.len() {
            if self.pairs.len() - start >= CANDIDATES_PER_ROW {
                return false;
            }
            self.steps += 1;
            let after = offers.get(above).map(|offer| offer.at.abs_diff(wish.at));
            let before = below.checked_sub(1).and_then(|last| offers.get(last));
            let before = before.map(|offer| offer.at.abs_diff(wish.at));
            let offer = if after.is_some() && before.is_none_or(|before| after <= Some(before)) {
                above += 1;
                offers.get(above - 1)
            } else {
                below -= 1;
                offers.get(below)
            };
            let Some(offer) = offer else { return true };
            let lag = lag(wish.at, offer.at);
            self.pairs.push(Pair { left: wish.left, right: offer.right, money, evidence: 0, lag });
        }
        true
    }
}
