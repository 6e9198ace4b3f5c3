//! Decides how one field of ten million entries is kept: in chunks that never move, and not at
//! all where every value is the usual one.
//!
//! A growing `Vec` doubles, and WebAssembly memory never shrinks, so the copy would stay reserved
//! for the rest of the run. A chunk of only default values (no tax, no exchange rate) is not
//! allocated.

/// Values in one chunk.
const CHUNK: usize = 1 << 15;

/// One field of all entries.
#[derive(Debug)]
pub(crate) struct Column<T> {
    default: T,
    len: usize,
    chunks: Vec<Option<Box<[T]>>>,
}

impl<T: Copy + PartialEq> Column<T> {
    /// An empty column; `default` is the value that costs nothing.
    pub(crate) fn new(default: T) -> Self {
        Self { default, len: 0, chunks: Vec::new() }
    }

    /// The value at `index`, or the default beyond the end.
    ///
    /// In WebAssembly, where small code is preferred, a call would cost more than what it does.
    #[inline(always)]
    pub(crate) fn get(&self, index: usize) -> T {
        match self.chunks.get(index / CHUNK) {
            Some(Some(chunk)) => chunk.get(index % CHUNK).copied().unwrap_or(self.default),
            _ => self.default,
        }
    }

    /// Appends a value.
    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        let index = self.len;
        self.len = index.saturating_add(1);
        if index.is_multiple_of(CHUNK) {
            self.chunks.push(None);
        }
        if value != self.default {
            self.set(index, value);
        }
    }

    /// Changes the value at `index`; an index beyond the end changes nothing.
    #[inline]
    pub(crate) fn set(&mut self, index: usize, value: T) {
        let default = self.default;
        if let Some(slot) = self.chunks.get_mut(index / CHUNK) {
            let chunk = slot.get_or_insert_with(|| vec![default; CHUNK].into_boxed_slice());
            if let Some(place) = chunk.get_mut(index % CHUNK) {
                *place = value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behaves_like_a_vec_across_chunks() {
        let mut column = Column::new(0_u32);
        let values: Vec<u32> = (0..100_000_u32).map(|i| if i % 3 == 0 { 0 } else { i }).collect();
        for value in &values {
            column.push(*value);
        }
        for (index, value) in values.iter().enumerate() {
            assert_eq!(column.get(index), *value);
        }
        column.set(70_000, 7);
        assert_eq!(column.get(70_000), 7);
        assert_eq!(column.get(200_000), 0);
    }

    #[test]
    fn a_chunk_of_defaults_is_not_kept() {
        let mut column = Column::new(0_i64);
        for _ in 0..CHUNK {
            column.push(0);
        }
        column.push(5);
        assert!(matches!(column.chunks.as_slice(), [None, Some(_)]));
    }
}
