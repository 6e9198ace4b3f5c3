//! Decides what a settings text (TOML) says, and where in it a mistake is.
//!
//! TOML becomes JSON with one key or value on a line, so that a single JSON reader serves profiles,
//! mappings, contracts and rules, and the line that it names leads back to a place in the text.

use std::fmt::Write as _;
use std::ops::Range;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

/// A settings text.
#[derive(Debug)]
pub(crate) struct Settings<'t> {
    text: &'t str,
    json: String,
    /// What stands on each line of `json`.
    places: Vec<Place>,
}

/// A key or a value.
#[derive(Debug)]
struct Place {
    /// The path of a value, such as `fee[0].percent`; of a key, the path of its table.
    path: String,
    is_value: bool,
    /// Where it starts in the text, in bytes.
    start: usize,
}

/// What is wrong with a settings text, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The path of the value, without indices; empty for the text as a whole.
    pub(crate) path: String,
    /// What is wrong there.
    pub(crate) message: String,
    /// The line and the column, from 1.
    pub(crate) place: (u32, u32),
}

impl<'t> Settings<'t> {
    /// Reads the syntax.
    ///
    /// # Errors
    /// The first mistake in the TOML.
    pub(crate) fn parse(text: &'t str) -> Result<Self, Mistake> {
        let table = DeTable::parse(text).map_err(|error| Mistake {
            path: String::new(),
            message: error.message().to_owned(),
            place: place_of(text, error.span().map_or(0, |span| span.start)),
        })?;
        let mut settings = Self { text, json: String::new(), places: Vec::new() };
        let span = table.span();
        settings.table(table.get_ref(), &span, "");
        Ok(settings)
    }

    /// Reads the syntax of the same settings as JSON.
    ///
    /// # Errors
    /// The first mistake in the JSON.
    pub(crate) fn parse_json(text: &'t str) -> Result<Self, Mistake> {
        let whole: &RawValue = serde_json::from_str(text).map_err(|error| {
            let shown = error.to_string();
            let message = shown.split(" at line ").next().unwrap_or_default().to_owned();
            let number = |n: usize| u32::try_from(n.max(1)).unwrap_or(u32::MAX);
            let place = (number(error.line()), number(error.column()));
            Mistake { path: String::new(), message, place }
        })?;
        let mut settings = Self { text, json: String::new(), places: Vec::new() };
        settings.json_value(whole.get(), "");
        Ok(settings)
    }

    /// Reads the values.
    ///
    /// # Errors
    /// The first value that is not of its type, the first key that is unknown or missing.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Mistake> {
        serde_json::from_str(&self.json).map_err(|error| self.mistake(&error))
    }

    /// Line and column of the value at a path with indices, such as `fee[0].percent`, or of the
    /// nearest table around it that is in the text.
    pub(crate) fn place(&self, path: &str) -> (u32, u32) {
        let mut path = path;
        loop {
            let found = self.places.iter().find(|place| place.is_value && place.path == path);
            match (found, path.rfind(['.', '['])) {
                (Some(place), _) => return place_of(self.text, place.start),
                (None, Some(end)) => path = path.get(..end).unwrap_or_default(),
                (None, None) if path.is_empty() => return (1, 1),
                (None, None) => path = "",
            }
        }
    }

    fn mistake(&self, error: &serde_json::Error) -> Mistake {
        let place = self.places.get(error.line().saturating_sub(1));
        let shown = error.to_string();
        let message = shown.rsplit_once(" at line ").map_or(shown.as_str(), |(message, _)| message);
        Mistake {
            path: without_indices(place.map_or("", |place| &place.path)),
            message: message.to_owned(),
            place: place.map_or((1, 1), |place| place_of(self.text, place.start)),
        }
    }

    /// Writes what comes next on a line of its own.
    fn line(&mut self, written: &str, path: &str, is_value: bool, start: usize) {
        self.json.push_str(written);
        self.json.push('\n');
        self.places.push(Place { path: path.to_owned(), is_value, start });
    }

    fn table(&mut self, table: &DeTable<'_>, span: &Range<usize>, path: &str) {
        self.line("{", path, true, span.start);
        for (index, (key, value)) in table.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let name = quoted(key.get_ref());
            self.line(&format!("{comma}{name}:"), path, false, key.span().start);
            let dot = if path.is_empty() { "" } else { "." };
            self.value(value, &format!("{path}{dot}{}", key.get_ref()));
        }
        self.line("}", path, true, span.start);
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, path: &str) {
        let span = value.span();
        let written = match value.get_ref() {
            DeValue::Table(table) => return self.table(table, &span, path),
            DeValue::Array(array) => {
                self.line("[", path, true, span.start);
                for (index, value) in array.iter().enumerate() {
                    if index > 0 {
                        self.line(",", path, false, span.start);
                    }
                    self.value(value, &format!("{path}[{index}]"));
                }
                return self.line("]", path, true, span.start);
            }
            DeValue::String(text) => quoted(text),
            DeValue::Integer(number) => decimal(number),
            DeValue::Float(number) => number.to_string(),
            DeValue::Boolean(flag) => flag.to_string(),
            // A date without quotes says the same as one with them.
            DeValue::Datetime(date) => quoted(&date.to_string()),
        };
        self.line(&written, path, true, span.start);
    }
}

impl Settings<'_> {
    /// A JSON value; `raw` is a part of the text.
    fn json_value(&mut self, raw: &str, path: &str) {
        let start = raw.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        if let Ok(table) = serde_json::from_str::<BTreeMap<String, &RawValue>>(raw) {
            self.line("{", path, true, start);
            for (index, (key, value)) in table.iter().enumerate() {
                let comma = if index > 0 { "," } else { "" };
                let place = value.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
                self.line(&format!("{comma}{}:", quoted(key)), path, false, place);
                let dot = if path.is_empty() { "" } else { "." };
                self.json_value(value.get(), &format!("{path}{dot}{key}"));
            }
            self.line("}", path, true, start);
        } else if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(raw) {
            self.line("[", path, true, start);
            for (index, value) in list.iter().enumerate() {
                if index > 0 {
                    self.line(",", path, false, start);
                }
                self.json_value(value.get(), &format!("{path}[{index}]"));
            }
            self.line("]", path, true, start);
        } else {
            self.line(raw, path, true, start);
        }
    }
}

/// An integer in decimal digits, also where it is written as `0x1F`.
fn decimal(number: &DeInteger<'_>) -> String {
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(value) => value.to_string(),
        Err(_) => number.to_string(),
    }
}

/// A text as a JSON string, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            character if character < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            character => out.push(character),
        }
    }
    out.push('"');
    out
}

/// A path as people write it: `fee[0].percent` is `fee.percent`.
pub(crate) fn without_indices(path: &str) -> String {
    path.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect()
}

/// Line and column of a byte of a text.
fn place_of(text: &str, start: usize) -> (u32, u32) {
    let before = text.get(..start).unwrap_or(text);
    let number = |count: usize| u32::try_from(count.saturating_add(1)).unwrap_or(u32::MAX);
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count());
    (number(before.matches('\n').count()), number(column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        schema: u32,
        #[serde(default)]
        fee: Vec<Fee>,
        #[serde(default)]
        words: BTreeMap<String, String>,
    }

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Fee {
        name: String,
        #[serde(default)]
        on: bool,
    }

    #[test]
    fn values_of_every_type_are_read() {
        let text = "schema = 0x01\n[words]\n\"a \\\"b\\\"\\n\" = 'c\\d'\nday = 2026-02-17\n\
                    [[fee]]\nname = \"x\\u0001\u{e9}\"\non = true\n[[fee]]\nname = '''\ny\nz'''\n";
        let file: File = Settings::parse(text).unwrap().read().unwrap();
        let words = [("a \"b\"\n", "c\\d"), ("day", "2026-02-17")];
        assert_eq!(file.words, words.map(|(a, b)| (a.to_owned(), b.to_owned())).into());
        assert_eq!(file.fee[0], Fee { name: "x\u{1}\u{e9}".to_owned(), on: true });
        assert_eq!(file.fee[1].name, "y\nz");
    }

    #[test]
    fn a_mistake_is_named_with_path_line_and_column() {
        for (text, path, message, place) in [
            ("schema = \n", "", "string values must be quoted", (1, 10)),
            ("schema = \"1\"\n", "schema", "invalid type: string \"1\", expected u32", (1, 10)),
            ("schema = 1\nfees = 2\n", "", "unknown field `fees`", (2, 1)),
            ("schema = 1\n[[fee]]\non = true\n", "fee", "missing field `name`", (2, 1)),
            (
                "schema = 1\nfee = [\n { name = 'a', on = 1 } ]",
                "fee.on",
                "expected a bool",
                (3, 21),
            ),
            ("", "", "missing field `schema`", (1, 1)),
        ] {
            let found = Settings::parse(text).and_then(|settings| settings.read::<File>());
            let mistake = found.unwrap_err();
            assert!(mistake.message.contains(message), "{text}: {mistake:?}");
            assert_eq!((mistake.path.as_str(), mistake.place), (path, place), "{text}");
        }
    }

    #[test]
    fn a_path_has_a_place_and_a_missing_one_that_of_its_table() {
        let text = "schema = 1\n[[fee]]\nname = 'a'\n[[fee]]\nname = 'b'\n[words]\n";
        let settings = Settings::parse(text).unwrap();
        for (path, place) in [
            ("fee[1].name", (5, 8)),
            ("fee[1].cap", (4, 1)),
            ("fee[7]", (2, 1)),
            ("words.x.y", (6, 1)),
            ("nothing", (1, 1)),
        ] {
            assert_eq!(settings.place(path), place, "{path}");
        }
    }
}
