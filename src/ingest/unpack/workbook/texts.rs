//! How long each shared text of an old workbook is: a cell names its text by number, and the reader
//! copies it for every cell, so that one long text could be copied sixty thousand times.

/// The list of texts, in the pieces in which its records cut it.
struct Pieces<'p> {
    pieces: &'p [&'p [u8]],
    piece: usize,
    at: usize,
}

/// Bytes that each text takes as UTF-8 at most, in order; `None` where the list is cut off.
pub(super) fn lengths(pieces: &[&[u8]]) -> Option<Vec<u64>> {
    let mut lengths = Vec::new();
    // Two counts stand in front of the texts.
    let mut pieces = Pieces { pieces, piece: 0, at: 8 };
    if pieces.pieces.first().is_some_and(|first| first.len() < pieces.at) {
        return None;
    }
    while pieces.rest() > 0 || pieces.next_piece().is_some() {
        lengths.push(pieces.text()?);
    }
    Some(lengths)
}

impl Pieces<'_> {
    fn text(&mut self) -> Option<u64> {
        let count = self.number(2)?;
        let flags = self.number(1)?;
        let runs = if flags & 8 == 0 { 0 } else { self.number(2)? };
        let more = if flags & 4 == 0 { 0 } else { self.number(4)? };
        let (mut wide, mut left, mut bytes) = (flags & 1 == 1, count, 0);
        while left > 0 {
            let unit = if wide { 2 } else { 1 };
            let taken = left.min(self.rest() / unit);
            if taken == 0 {
                self.next_piece()?;
                // A text goes on behind a mark of its own.
                wide = self.number(1)? & 1 == 1;
                continue;
            }
            self.at += usize::try_from(taken * unit).ok()?;
            left -= taken;
            bytes += taken * if wide { 3 } else { 2 };
        }
        self.skip(runs * 4 + more)?;
        Some(bytes)
    }

    /// A little-endian number, in one piece.
    fn number(&mut self, size: usize) -> Option<u64> {
        let bytes = self.pieces.get(self.piece)?.get(self.at..self.at.checked_add(size)?)?;
        self.at += size;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn rest(&self) -> u64 {
        let piece = self.pieces.get(self.piece).map_or(0, |piece| piece.len());
        piece.saturating_sub(self.at) as u64
    }

    fn next_piece(&mut self) -> Option<()> {
        self.piece += 1;
        self.at = 0;
        (self.piece < self.pieces.len()).then_some(())
    }

    fn skip(&mut self, mut bytes: u64) -> Option<()> {
        loop {
            let taken = bytes.min(self.rest());
            self.at += usize::try_from(taken).ok()?;
            bytes -= taken;
            if bytes == 0 {
                return Some(());
            }
            self.next_piece()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_measured_across_the_records_that_cut_them() {
        let head = [0_u8; 8];
        let plain = |text: &str| {
            let count = u16::try_from(text.len()).unwrap().to_le_bytes();
            [&count[..], &[0], text.as_bytes()].concat()
        };
        let whole = [&head[..], &plain("abc"), &plain(""), &plain("de")].concat();
        assert_eq!(lengths(&[&whole]), Some(vec![6, 0, 4]));
        // Three narrow characters, then two wide ones behind the mark.
        let (first, second) =
            ([&head[..], &[5, 0, 0, b'a', b'b', b'c']].concat(), [1, b'd', 0, b'e', 0]);
        assert_eq!(lengths(&[&first, &second]), Some(vec![3 * 2 + 2 * 3]));
        // Formatting runs and phonetics are skipped, also into the next record.
        let rich = [&head[..], &[1, 0, 12, 1, 0, 2, 0, 0, 0, b'x', 9, 9, 9]].concat();
        let rest = [&[9, 9, 9][..], &plain("yz")].concat();
        assert_eq!(lengths(&[&rich, &rest]), Some(vec![2, 4]));
        assert_eq!(lengths(&[]), Some(Vec::new()));
        assert_eq!(lengths(&[&head]), Some(Vec::new()));
        // Cut off: in a text, in its head, behind its mark, in the counts.
        for cut in [&whole[..whole.len() - 1], &whole[..9], &whole[..10], &head[..7]] {
            assert_eq!(lengths(&[cut]), None, "{cut:?}");
        }
        assert_eq!(lengths(&[&first, &[]]), None);
        assert_eq!(lengths(&[&rich, &[9]]), None);
    }
}
