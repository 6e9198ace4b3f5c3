//! Reads one line of the document, strictly: the fields of schema 1 in their order, no blanks.
//!
//! A general JSON reader would accept fields twice, in another order or with blanks between, and
//! each of these is a way to say something to a person that the verifier does not see.

use std::borrow::Cow;
use std::ops::Range;

use super::verdict::CheckName;

/// Why an element cannot be read.
#[derive(Debug)]
pub(super) struct Broken {
    /// The check that this belongs to: the layout, or what a field says.
    pub(super) check: CheckName,
    /// What was expected or is wrong.
    pub(super) what: String,
    /// What stands there.
    pub(super) stated: String,
    /// Bytes from the start of the line, from 1.
    pub(super) column: usize,
}

pub(super) type Read<T> = Result<T, Broken>;

/// A string as it stands in the line.
#[derive(Clone, Debug)]
pub(super) struct Text<'a> {
    /// Without the escapes.
    pub(super) value: Cow<'a, str>,
    /// The bytes between the quotes.
    pub(super) range: Range<usize>,
}

/// A place in a line.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Self { line, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or("")
    }

    /// Bytes read so far.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The layout is not as it must be here.
    pub(super) fn expected(&self, what: &str) -> Broken {
        let stated: String = self.rest().chars().take(40).collect();
        self.broken(CheckName::Layout, &format!("expected {what}"), &stated)
    }

    /// What was read last is well laid out but wrong.
    pub(super) fn wrong(&self, what: &str, stated: &str) -> Broken {
        self.broken(CheckName::Fields, what, stated)
    }

    fn broken(&self, check: CheckName, what: &str, stated: &str) -> Broken {
        let column = self.at.saturating_add(1);
        Broken { check, what: what.to_owned(), stated: stated.to_owned(), column }
    }

    /// Passes over `literal` if it stands here.
    pub(super) fn skip(&mut self, literal: &str) -> bool {
        let found = self.rest().starts_with(literal);
        if found {
            self.at = self.at.saturating_add(literal.len());
        }
        found
    }

    /// Passes over `literal`, which must stand here.
    pub(super) fn literal(&mut self, literal: &str) -> Read<()> {
        if self.skip(literal) { Ok(()) } else { Err(self.expected(&format!("`{literal}`"))) }
    }

    /// The end of the line.
    pub(super) fn end(&self) -> Read<()> {
        if self.rest().is_empty() { Ok(()) } else { Err(self.expected("the end of the line")) }
    }

    /// Passes over the name of a field, if that field stands here.
    pub(super) fn has(&mut self, name: &str) -> bool {
        let rest = self.rest();
        let first = self.line.get(..self.at).is_none_or(|before| before.ends_with('{'));
        let rest = if first { Some(rest) } else { rest.strip_prefix(',') };
        let after = rest
            .and_then(|rest| rest.strip_prefix('"'))
            .and_then(|rest| rest.strip_prefix(name))
            .and_then(|rest| rest.strip_prefix("\":"));
        if let Some(after) = after {
            self.at = self.line.len().saturating_sub(after.len());
        }
        after.is_some()
    }

    /// Passes over the name of a field that must stand here.
    pub(super) fn field(&mut self, name: &str) -> Read<()> {
        if self.has(name) { Ok(()) } else { Err(self.expected(&format!("the field `{name}`"))) }
    }

    /// A string.
    pub(super) fn string(&mut self) -> Read<Text<'a>> {
        if !self.rest().starts_with('"') {
            return Err(self.expected("a text"));
        }
        let start = self.at.saturating_add(1);
        let bytes = self.line.as_bytes();
        let mut end = start;
        let mut escaped = false;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    end = end.saturating_add(2);
                }
                Some(0..0x20) | None => return Err(self.expected("a text that ends")),
                Some(_) => end = end.saturating_add(1),
            }
        }
        let range = start..end;
        let after = end.saturating_add(1);
        let value = if escaped {
            let quoted = self.line.get(self.at..after).unwrap_or("");
            let text = serde_json::from_str::<String>(quoted);
            Cow::Owned(text.map_err(|_| self.expected("a text with valid escapes"))?)
        } else {
            Cow::Borrowed(self.line.get(range.clone()).unwrap_or(""))
        };
        self.at = after;
        Ok(Text { value, range })
    }

    /// The text of a field that must stand here.
    pub(super) fn text(&mut self, name: &str) -> Read<Text<'a>> {
        self.field(name)?;
        self.string()
    }

    /// The text of a field that may stand here, and is not empty then; else the empty text.
    pub(super) fn optional(&mut self, name: &str) -> Read<Cow<'a, str>> {
        if !self.has(name) {
            return Ok(Cow::Borrowed(""));
        }
        let text = self.string()?.value;
        if text.is_empty() {
            return Err(self.wrong(&format!("`{name}` is empty: it would be left out"), ""));
        }
        Ok(text)
    }

    /// The text of a field, as one of a set of words.
    pub(super) fn word<T>(&mut self, name: &str, of: impl Fn(&str) -> Option<T>) -> Read<T> {
        let text = self.text(name)?.value;
        of(&text).ok_or_else(|| self.wrong(&format!("unknown `{name}`"), &text))
    }

    /// A whole number, written in one way only.
    pub(super) fn number(&mut self) -> Read<u64> {
        let rest = self.rest();
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = rest.get(..length).unwrap_or("");
        let canonical = digits == "0" || !digits.starts_with('0');
        let number = digits.parse().ok().filter(|_| canonical);
        let number = number.ok_or_else(|| self.expected("a whole number"))?;
        self.at = self.at.saturating_add(length);
        Ok(number)
    }

    /// The whole number of a field that must stand here.
    pub(super) fn count(&mut self, name: &str) -> Read<u64> {
        self.field(name)?;
        self.number()
    }

    /// `true` or `false`, of a field that must stand here.
    pub(super) fn flag(&mut self, name: &str) -> Read<bool> {
        self.field(name)?;
        if self.skip("true") {
            return Ok(true);
        }
        self.literal("false").map(|()| false)
    }

    /// Reads `[…]` with `element` for each element.
    pub(super) fn list(&mut self, mut element: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.literal("[")?;
        if self.skip("]") {
            return Ok(());
        }
        loop {
            element(self)?;
            if self.skip("]") {
                return Ok(());
            }
            self.literal(",")?;
        }
    }

    /// The list of a field that may be left out.
    pub(super) fn list_of(
        &mut self,
        name: &str,
        element: impl FnMut(&mut Self) -> Read<()>,
    ) -> Read<()> {
        if self.has(name) { self.list(element) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_the_one_spelling() {
        let read = |line: &str| -> Read<(String, u64)> {
            let mut c = Cursor::new(line);
            c.literal("{")?;
            let text = c.text("a")?.value.into_owned();
            let number = c.count("b")?;
            c.literal("}")?;
            c.end()?;
            Ok((text, number))
        };
        assert_eq!(read(r#"{"a":"x","b":7}"#).expect("valid"), ("x".to_owned(), 7));
        assert_eq!(read(r#"{"a":"\"\u00e9","b":0}"#).expect("valid"), ("\"é".to_owned(), 0));
        for (line, column) in [
            (r#"{"a":"x", "b":7}"#, 9),
            (r#"{"b":7,"a":"x"}"#, 2),
            (r#"{"a":"x","b":07}"#, 14),
            (r#"{"a":"x","b":-7}"#, 14),
            (r#"{"a":"x","b":7,"c":1}"#, 15),
            (r#"{"a":"x","a":"y","b":7}"#, 9),
            (r#"{"a":"x","b":7}}"#, 16),
            (r#"{"a":"x"#, 6),
            (r#"{"a":"\q","b":7}"#, 6),
            ("{\"a\":\"\u{1}\",\"b\":7}", 6),
            (r#"{"a":"\"#, 6),
            ("", 1),
        ] {
            let broken = read(line).expect_err(line);
            assert_eq!((broken.column, broken.check), (column, CheckName::Layout), "{line}");
        }
    }
}
