//! Decides every random draw of the sample month: xoshiro256** seeded by SplitMix64, written from
//! their public descriptions, so that a seed gives the same month on every platform.

/// A seeded stream of draws. Only 64-bit integer arithmetic, so no platform can differ.
#[derive(Debug, Clone)]
pub(super) struct Rng {
    state: [u64; 4],
}

impl Rng {
    /// The stream of one seed; `stream` separates independent uses of the same seed.
    pub(super) fn new(seed: u64, stream: u64) -> Rng {
        let mut mix = seed ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03);
        Rng {
            state: [
                split_mix(&mut mix),
                split_mix(&mut mix),
                split_mix(&mut mix),
                split_mix(&mut mix),
            ],
        }
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        let [mut a, mut b, mut c, mut d] = self.state;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = d.rotate_left(45);
        self.state = [a, b, c, d];
        result
    }

    /// A draw from `0..bound`; the bias of the remainder is far below what a month can show.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// A draw from `low..=high`.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low.saturating_add_unsigned(self.below(high.abs_diff(low).saturating_add(1)))
    }

    /// True in `percent` of a hundred draws.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// An index into a list of `len` elements (0 for an empty one).
    pub(super) fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// One element of a list that is never empty.
    pub(super) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        *list.get(self.index(list.len())).expect("invariant: lists to pick from are never empty")
    }

    /// Fisher–Yates.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.index(last + 1);
            list.swap(last, other);
        }
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published first outputs of SplitMix64 for the seed 1234567.
    #[test]
    fn split_mix_gives_the_published_numbers() {
        let mut state = 1_234_567;
        let drawn: Vec<u64> = (0..3).map(|_| split_mix(&mut state)).collect();
        let published = [6457827717110365317, 3203168211198807973, 9817491932198370423];
        assert_eq!(drawn, published);
    }

    /// The published first outputs of xoshiro256** for the state 1, 2, 3, 4.
    #[test]
    fn xoshiro_gives_the_published_numbers() {
        let mut rng = Rng { state: [1, 2, 3, 4] };
        let drawn: Vec<u64> = (0..4).map(|_| rng.next()).collect();
        assert_eq!(drawn, [11520, 0, 1509978240, 1215971899390074240]);
    }

    #[test]
    fn draws_stay_in_their_range() {
        let mut rng = Rng::new(7, 0);
        for _ in 0..1000 {
            assert!((-3..=4).contains(&rng.between(-3, 4)));
            assert!(rng.below(5) < 5);
        }
    }
}
