//! Separators: where in a block of 64 bytes a delimiter, a line end or a quote stands.
//!
//! Works on eight bytes at a time in plain integers, so that it is the same code, and the same
//! speed class, natively and in wasm.

/// The bytes that end a cell or change how the following ones are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Separators {
    needles: [u64; 4],
}

/// How many bytes one mask covers.
pub(crate) const BLOCK: usize = 64;

const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
const ONES: u64 = 0x0101_0101_0101_0101;
/// Multiplying a word of 0/1 bytes by this gathers them into its top byte, first byte lowest.
const GATHER: u64 = 0x0102_0408_1020_4080;

impl Separators {
    /// Looks for the delimiter, CR, LF and, where quotes mean something, the quote.
    pub(crate) fn new(delimiter: u8, quotes: bool) -> Self {
        let fourth = if quotes { b'"' } else { delimiter };
        let needles = [delimiter, b'\n', b'\r', fourth].map(|byte| u64::from(byte) * ONES);
        Separators { needles }
    }

    /// One bit per byte of `bytes[base..base + 64]`, lowest first; bytes behind the end are zero.
    #[inline]
    pub(crate) fn mask(&self, bytes: &[u8], base: usize) -> u64 {
        let Some(rest) = bytes.get(base..) else { return 0 };
        if let Some(block) = rest.first_chunk::<BLOCK>() {
            return self.block(block);
        }
        let mut block = [0u8; BLOCK];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        self.block(&block)
    }

    #[inline]
    fn block(&self, block: &[u8; BLOCK]) -> u64 {
        let (words, _) = block.as_chunks::<8>();
        let mut mask = 0;
        for (index, word) in words.iter().enumerate() {
            mask |= self.word(u64::from_le_bytes(*word)) << (index * 8);
        }
        mask
    }

    /// The low eight bits: which bytes of `word` are one of the needles.
    #[inline]
    fn word(&self, word: u64) -> u64 {
        let [a, b, c, d] = self.needles;
        let hits = zero_bytes(word ^ a)
            | zero_bytes(word ^ b)
            | zero_bytes(word ^ c)
            | zero_bytes(word ^ d);
        (hits >> 7).wrapping_mul(GATHER) >> 56
    }
}

/// The top bit of every byte that is zero; exact, without carries between bytes.
#[inline]
fn zero_bytes(x: u64) -> u64 {
    !(((x & LOW) + LOW) | x | LOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_value_at_every_position() {
        for quotes in [false, true] {
            let separators = Separators::new(b';', quotes);
            for at in 0..BLOCK {
                for byte in 0..=255u8 {
                    let mut block = [b'x'; BLOCK];
                    block[at] = byte;
                    let hit = matches!(byte, b';' | b'\n' | b'\r') || (quotes && byte == b'"');
                    assert_eq!(separators.mask(&block, 0), u64::from(hit) << at, "{byte} at {at}");
                }
            }
        }
    }

    #[test]
    fn neighbours_do_not_disturb_each_other() {
        let separators = Separators::new(b',', true);
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
