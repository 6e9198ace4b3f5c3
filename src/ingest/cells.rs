//! Decides what a cell says as text: which column it is taken from, and what is no part of it.

use std::borrow::Cow;

use super::layout::Header;
use super::record::Record;
use super::rule::FieldRule;

/// Where a field's text comes from.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The column.
    pub(super) column: Option<usize>,
    /// Columns that stand in where the cell is empty.
    pub(super) or: Vec<usize>,
    /// What stands there otherwise.
    constant: String,
    /// Cells that mean "nothing here".
    empty: Vec<String>,
    /// The member of a JSON cell that holds the text.
    member: String,
    /// Whether a cell that is not empty is what the column says.
    is_plain: bool,
}

impl Default for Source {
    fn default() -> Self {
        let (or, empty, constant) = (Vec::new(), Vec::new(), String::new());
        Self { column: None, or, constant, empty, member: String::new(), is_plain: true }
    }
}

impl Source {
    /// The columns of a rule in a header; `column` is the one that its first choice found.
    pub(super) fn new(rule: &FieldRule, header: &Header, column: Option<usize>) -> Self {
        let or = header.all(&rule.or_columns);
        let or: Vec<usize> = or.into_iter().filter(|other| Some(*other) != column).collect();
        Self {
            column,
            is_plain: rule.empty.is_empty()
                && rule.member.is_none()
                && (column.is_some() || or.is_empty()),
            member: rule.member.clone().unwrap_or_default(),
            or,
            constant: rule.value.clone().unwrap_or_default(),
            empty: rule.empty.clone(),
        }
    }

    /// Whether there is any text to be had.
    pub(super) fn is_given(&self) -> bool {
        self.column.is_some() || !self.or.is_empty() || !self.constant.is_empty()
    }

    /// Whether a column of the file gives it.
    pub(super) fn is_given_by_file(&self) -> bool {
        self.column.is_some() || !self.or.is_empty()
    }

    /// What stands there where the file says nothing.
    pub(super) fn constant(&self) -> &str {
        &self.constant
    }

    /// Sets what stands there where the file says nothing.
    pub(super) fn fall_back_to(&mut self, text: &str) {
        if self.constant.is_empty() {
            text.clone_into(&mut self.constant);
        }
    }

    /// Sets what stands there in the rows that follow.
    pub(super) fn set_constant(&mut self, text: &str) {
        text.clone_into(&mut self.constant);
    }

    /// Every column that it reads.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        self.column.into_iter().chain(self.or.iter().copied())
    }

    /// The text of a row, without the blanks around it; empty if there is none.
    #[inline]
    pub(super) fn text<'r>(&'r self, record: &Record<'r>) -> &'r str {
        match self.column {
            Some(column) => {
                let cell = tidy(record.get(column).unwrap_or_default());
                if self.is_plain && !cell.is_empty() { cell } else { self.closer(cell, record) }
            }
            None if self.is_plain => &self.constant,
            None => self.closer("", record),
        }
    }

    /// What a cell says that is empty or may mean "nothing here".
    fn closer<'r>(&'r self, cell: &'r str, record: &Record<'r>) -> &'r str {
        let cell = if self.member.is_empty() { cell } else { member(cell, &self.member) };
        if !cell.is_empty() && !self.means_nothing(cell) { cell } else { self.instead(record) }
    }

    fn means_nothing(&self, cell: &str) -> bool {
        self.empty.iter().any(|nothing| nothing == cell)
    }

    fn instead<'r>(&'r self, record: &Record<'r>) -> &'r str {
        self.or
            .iter()
            .map(|&column| tidy(record.get(column).unwrap_or_default()))
            .find(|cell| !cell.is_empty() && !self.means_nothing(cell))
            .unwrap_or(&self.constant)
    }
}

/// The first text of this name in the JSON of a cell; empty if there is none.
fn member<'r>(json: &'r str, name: &str) -> &'r str {
    let mut rest = json;
    while let Some((before, after)) = rest.split_once(name) {
        rest = after;
        let value = after.strip_prefix('"').map(|value| value.trim_start().strip_prefix(':'));
        if let Some(value) = value.flatten().filter(|_| before.ends_with('"')) {
            let value = value.trim_start();
            let end = |c: char| matches!(c, ',' | '}' | ']') || c.is_whitespace();
            let text = match value.strip_prefix('"') {
                Some(text) => text.split('"').next(),
                None => value.split(end).next().filter(|text| *text != "null"),
            };
            if let Some(text) = text.filter(|text| !text.is_empty() && !text.contains(['\\', '{']))
            {
                return text;
            }
        }
    }
    ""
}

/// The cell without blanks, tabs and invisible characters around it.
#[inline]
pub(super) fn tidy(cell: &str) -> &str {
    let visible = |byte: u8| (0x21..0x7f).contains(&byte);
    match cell.as_bytes() {
        [] => cell,
        [only] if visible(*only) => cell,
        [first, .., last] if visible(*first) && visible(*last) => cell,
        _ => cell.trim_matches(is_nothing),
    }
}

/// White space, or a character that nobody sees: zero-width, direction marks, inner BOM.
fn is_nothing(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || is_invisible(letter)
}

fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// What is no part of a key: what nobody sees, control characters and non-breaking blanks.
pub(super) fn is_hidden(letter: char) -> bool {
    is_invisible(letter) || letter.is_control() || letter == '\u{a0}'
}

/// A key as it is compared: without hidden characters, and without what a spreadsheet puts around a
/// number to keep it a text (`'123`, `="123"`).
#[inline]
pub(super) fn key(cell: &str) -> Cow<'_, str> {
    match cell.as_bytes().first() {
        Some(b'\'' | b'=') => return Cow::Owned(unwrapped(cell)),
        None => return Cow::Borrowed(cell),
        _ => {}
    }
    if cell.bytes().all(|byte| (b' '..0x7f).contains(&byte)) || !cell.contains(is_hidden) {
        return Cow::Borrowed(cell);
    }
    Cow::Owned(cell.replace(is_hidden, ""))
}

fn unwrapped(cell: &str) -> String {
    let quoted = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let inner = quoted.or_else(|| cell.strip_prefix('\'')).unwrap_or(cell);
    inner.replace(is_hidden, "")
}

/// The last words seen, with what they mean: columns of words repeat a few of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Words<T> {
    seen: Vec<(String, T)>,
    last: usize,
}

/// Further words are looked up anew each time; columns of so many words are no vocabulary.
const WORDS_KEPT: usize = 64;

impl<T: Copy> Words<T> {
    /// No word seen yet.
    pub(super) fn new() -> Self {
        Self { seen: Vec::new(), last: 0 }
    }

    /// What the word means; `find` is asked once for each of the first words.
    #[inline]
    pub(super) fn get(&mut self, word: &str, find: impl FnOnce(&str) -> T) -> T {
        if let Some((last, meaning)) = self.seen.get(self.last)
            && last == word
        {
            return *meaning;
        }
        if let Some(found) = self.seen.iter().position(|(seen, _)| seen == word) {
            self.last = found;
            return self.seen.get(found).map_or_else(|| find(word), |(_, meaning)| *meaning);
        }
        let meaning = find(word);
        if self.seen.len() < WORDS_KEPT {
            self.last = self.seen.len();
            self.seen.push((word.to_owned(), meaning));
        }
        meaning
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_no_part_of_a_cell() {
        for (cell, text) in [
            ("abc", "abc"),
            (" abc\t", "abc"),
            ("\u{feff}abc\u{200b}", "abc"),
            ("\u{a0}5\u{a0}", "5"),
            ("  ", ""),
            ("", ""),
            ("a b", "a b"),
        ] {
            assert_eq!(tidy(cell), text, "{cell:?}");
        }
    }

    #[test]
    fn a_member_of_a_json_cell_is_its_first_text() {
        for (json, text) in [
            (r#"[{"at":"x","batch":"b1"},{"batch":"b2"}]"#, "b1"),
            (r#"[[],{"batch" : "b2"}]"#, "b2"),
            (r#"{"batch":null,"inner":{"batch":12}}"#, "12"),
            (r#"{"note":"batch","batches":"b3"}"#, ""),
            (r#"{"batch":{"id":1}}"#, ""),
            (r#"{"batch":""}"#, ""),
            ("", ""),
        ] {
            assert_eq!(member(json, "batch"), text, "{json}");
        }
    }

    #[test]
    fn keys_lose_their_wrapping() {
        for (cell, text) in [
            ("'00123", "00123"),
            ("=\"00123\"", "00123"),
            ("A\u{200b}1", "A1"),
            ("A\u{a0}1\t2", "A12"),
            ("A 1", "A 1"),
            ("订单1", "订单1"),
            ("=A1", "=A1"),
            ("A'1", "A'1"),
        ] {
            assert_eq!(key(cell), text, "{cell:?}");
        }
    }

    #[test]
    fn words_are_looked_up_once() {
        let mut words = Words::new();
        let mut asked = 0;
        for word in ["a", "b", "a", "a", "b"] {
            let meaning = words.get(word, |word| {
                asked += 1;
                word == "a"
            });
            assert_eq!(meaning, word == "a");
        }
        assert_eq!(asked, 2);
    }
}
