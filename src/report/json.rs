//! Writes JSON objects field by field, so that the document's bytes are decided here and not by
//! the layout of a struct.

use crate::money::{Amount, Currency};

/// Appends a JSON string.
pub(crate) fn append_text(out: &mut Vec<u8>, text: &str) {
    // Writing a string into memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}

/// One object on its way out.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    out: &'a mut Vec<u8>,
    empty: bool,
}

impl<'a> Object<'a> {
    /// Opens an object.
    pub(crate) fn open(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, empty: true }
    }

    /// Begins a field whose value the caller appends.
    pub(crate) fn field(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    /// A text.
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        append_text(self.field(name), value);
    }

    /// A text, left out if it is empty.
    pub(crate) fn some_text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    /// A whole number.
    pub(crate) fn number(&mut self, name: &str, value: u64) {
        let digits = value.to_string();
        self.field(name).extend_from_slice(digits.as_bytes());
    }

    /// `true` or `false`.
    pub(crate) fn truth(&mut self, name: &str, value: bool) {
        let word: &[u8] = if value { b"true" } else { b"false" };
        self.field(name).extend_from_slice(word);
    }

    /// An amount of money as a decimal text.
    pub(crate) fn amount(&mut self, name: &str, amount: Amount, currency: Currency) {
        let out = self.field(name);
        out.push(b'"');
        amount.append_to(out, currency);
        out.push(b'"');
    }

    /// Closes the object.
    pub(crate) fn close(self) {
        self.out.push(b'}');
    }
}

/// Appends an array whose items are appended by `each`.
pub(crate) fn append_array<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut each: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        each(out, item);
    }
    out.push(b']');
}
