//! Decides how references are kept: once each, in one arena of bytes, named by a 32-bit offset.

use std::collections::HashMap;

/// Bytes in one block of the arena. A text never crosses a block.
const BLOCK: usize = 1 << 20;
const BLOCK_BITS: u32 = 20;

/// A text in the arena; `TextRef::NONE` is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextRef(u32);

impl TextRef {
    pub(crate) const NONE: Self = Self(0);
}

/// All texts of a run, each with its length before it.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    blocks: Vec<Vec<u8>>,
}

impl Texts {
    /// Keeps `text` and names it; an empty text is no text. `None` when the arena (4 GiB) is full.
    pub(crate) fn add(&mut self, text: &str) -> Option<TextRef> {
        if text.is_empty() {
            return Some(TextRef::NONE);
        }
        let bytes = text.as_bytes();
        let length = u16::try_from(bytes.len()).ok()?;
        let room = bytes.len().saturating_add(2);
        let full = self.blocks.last().is_none_or(|b| BLOCK.saturating_sub(b.len()) < room);
        if full {
            let mut block = Vec::with_capacity(BLOCK);
            if self.blocks.is_empty() {
                block.push(0); // so that no text has offset 0
            }
            self.blocks.push(block);
        }
        let number = u32::try_from(self.blocks.len().checked_sub(1)?).ok()?;
        let block = self.blocks.last_mut()?;
        let start = u32::try_from(block.len()).ok()?;
        block.extend_from_slice(&length.to_le_bytes());
        block.extend_from_slice(bytes);
        (number < 1 << (32 - BLOCK_BITS)).then_some(TextRef((number << BLOCK_BITS) | start))
    }

    /// The bytes of a text; empty for no text.
    #[inline(always)]
    pub(crate) fn bytes(&self, text: TextRef) -> &[u8] {
        if text == TextRef::NONE {
            return &[];
        }
        let block = (text.0 >> BLOCK_BITS) as usize;
        let start = (text.0 & ((1 << BLOCK_BITS) - 1)) as usize;
        let Some(tail) = self.blocks.get(block).and_then(|b| b.get(start..)) else { return &[] };
        match tail {
            [low, high, rest @ ..] => {
                rest.get(..usize::from(u16::from_le_bytes([*low, *high]))).unwrap_or(&[])
            }
            _ => &[],
        }
    }

    /// The text itself; empty for no text.
    pub(crate) fn get(&self, text: TextRef) -> &str {
        std::str::from_utf8(self.bytes(text)).unwrap_or_default()
    }
}

/// Names that few entries differ in (a payout, an operator, a country), each kept once.
#[derive(Debug)]
pub(crate) struct Names {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
    last: u32,
}

impl Default for Names {
    fn default() -> Self {
        Self { names: vec![String::new()], numbers: HashMap::from([(String::new(), 0)]), last: 0 }
    }
}

impl Names {
    /// The number of `name`; 0 is the empty name.
    pub(crate) fn number(&mut self, name: &str) -> u32 {
        if name.is_empty() {
            return 0;
        }
        if self.get(self.last) == name {
            return self.last;
        }
        if let Some(number) = self.numbers.get(name) {
            self.last = *number;
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        self.last = number;
        number
    }

    /// The name with this number.
    pub(crate) fn get(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_across_blocks() {
        let mut texts = Texts::default();
        let mut kept = Vec::new();
        for i in 0..200_000_u32 {
            let text = format!("order-{i}-号");
            kept.push((texts.add(&text).expect("room"), text));
        }
        for (name, text) in kept {
            assert_eq!(texts.get(name), text);
        }
        assert_eq!(texts.add(""), Some(TextRef::NONE));
        assert_eq!(texts.get(TextRef::NONE), "");
        assert_eq!(texts.add(&"x".repeat(70_000)), None, "longer than a key may be");
    }

    #[test]
    fn names_are_kept_once() {
        let mut names = Names::default();
        let a = names.number("PO-1");
        let b = names.number("PO-2");
        assert_eq!(names.number("PO-1"), a);
        assert_ne!(a, b);
        assert_eq!(names.get(b), "PO-2");
        assert_eq!(names.number(""), 0);
    }
}
