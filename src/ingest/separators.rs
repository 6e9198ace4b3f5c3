//! Separators: where in a block of 64 bytes a delimiter, a line end or a quote stands.
//!
//! In wasm it compares 16 bytes at a time; elsewhere it works on eight bytes in plain integers, which
//! native compilers turn into the same.

/// The bytes that end a cell or change how the following ones are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Separators {
    needles: [u8; 4],
}

/// How many bytes one mask covers.
pub(crate) const BLOCK: usize = 64;

impl Separators {
    /// Looks for the delimiter, CR, LF and, where there is one, the quote.
    pub(crate) fn new(delimiter: u8, quote: Option<u8>) -> Self {
        Separators { needles: [delimiter, b'\n', b'\r', quote.unwrap_or(delimiter)] }
    }

    /// One bit per byte of `bytes[base..base + 64]`, lowest first; bytes behind the end are zero.
    #[inline(always)]
    pub(crate) fn mask(&self, bytes: &[u8], base: usize) -> u64 {
        let Some(rest) = bytes.get(base..) else { return 0 };
        if let Some(block) = rest.first_chunk::<BLOCK>() {
            return simd::mask(block, self.needles);
        }
        let mut block = [0u8; BLOCK];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        simd::mask(&block, self.needles)
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u64x2, v128_or};

    use super::BLOCK;

    #[inline(always)]
    pub(super) fn mask(block: &[u8; BLOCK], needles: [u8; 4]) -> u64 {
        let [a, b, c, d] = needles.map(|byte| u8x16_splat(byte));
        let (parts, _) = block.as_chunks::<16>();
        let mut mask = 0;
        for (index, part) in parts.iter().enumerate() {
            let [low, high] = part.as_chunks::<8>().0 else { continue };
            let bytes = u64x2(u64::from_le_bytes(*low), u64::from_le_bytes(*high));
            let line_ends = v128_or(u8x16_eq(bytes, b), u8x16_eq(bytes, c));
            let others = v128_or(u8x16_eq(bytes, a), u8x16_eq(bytes, d));
            mask |= u64::from(u8x16_bitmask(v128_or(line_ends, others))) << (index * 16);
        }
        mask
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod simd {
    use super::BLOCK;

    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    const ONES: u64 = 0x0101_0101_0101_0101;
    /// Multiplying a word of 0/1 bytes by this gathers them in its top byte, the first lowest.
    const GATHER: u64 = 0x0102_0408_1020_4080;

    #[inline(always)]
    pub(super) fn mask(block: &[u8; BLOCK], needles: [u8; 4]) -> u64 {
        let [a, b, c, d] = needles.map(|byte| u64::from(byte) * ONES);
        let (words, _) = block.as_chunks::<8>();
        let mut mask = 0;
        for (index, word) in words.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            let line_ends = zero_bytes(word ^ b) | zero_bytes(word ^ c);
            let hits = zero_bytes(word ^ a) | line_ends | zero_bytes(word ^ d);
            mask |= ((hits >> 7).wrapping_mul(GATHER) >> 56) << (index * 8);
        }
        mask
    }

    /// The top bit of every byte that is zero; exact, without carries between bytes.
    #[inline]
    fn zero_bytes(x: u64) -> u64 {
        !(((x & LOW) + LOW) | x | LOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_value_at_every_position() {
        for quote in [None, Some(b'"'), Some(b'\'')] {
            let separators = Separators::new(b';', quote);
            for at in 0..BLOCK {
                for byte in 0..=255u8 {
                    let mut block = [b'x'; BLOCK];
                    block[at] = byte;
                    let hit = matches!(byte, b';' | b'\n' | b'\r') || Some(byte) == quote;
                    assert_eq!(separators.mask(&block, 0), u64::from(hit) << at, "{byte} at {at}");
                }
            }
        }
    }

    #[test]
    fn neighbours_do_not_disturb_each_other() {
        let separators = Separators::new(b',', Some(b'"'));
        let text = b",-+,\n\x0b\r\x0c\",,!#\x8c\xacx";
        let expected = text
            .iter()
            .enumerate()
            .map(|(i, b)| u64::from(matches!(b, b',' | b'\n' | b'\r' | b'"')) << i)
            .sum::<u64>();
        assert_eq!(separators.mask(text, 0), expected);
        assert_eq!(separators.mask(text, 3), expected >> 3);
        assert_eq!(separators.mask(text, 99), 0);
    }
}
