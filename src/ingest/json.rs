//! The reader of JSON: arrays, envelopes and JSON Lines become records with named columns.
//!
//! Numbers keep their digits as they are written. Nested objects become dotted columns
//! (`customer.name`), arrays stay JSON text in one cell, `null` and a missing key are empty cells.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::diagnostic::Diagnostic;
use super::open_record::to_u32;
use super::record::{Counts, Flow, Record, RecordSink, Span};
use crate::error::{Column, Error};
use crate::limits;

/// Members in which APIs wrap their list.
const ENVELOPES: [&str; 4] = ["data", "items", "results", "transactions"];

/// Whether a text whose first characters are `head` is meant as JSON, also where it is not valid.
#[must_use]
pub fn is_json(name: &str, head: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    if matches!(extension.as_deref(), Some("json" | "jsonl" | "ndjson")) {
        return true;
    }
    let mut characters = head.chars().filter(|c| !c.is_ascii_whitespace());
    match (characters.next(), characters.next()) {
        (Some('{'), Some('"' | '}')) => true,
        (Some('['), Some(c)) => matches!(c, '{' | '[' | ']' | '"' | '-' | '0'..='9'),
        _ => false,
    }
}

/// Reads a whole JSON text that starts `offset` bytes into its source.
///
/// # Errors
/// `ingest/bad-json` or `limit/nesting` with line and column, `ingest/no-table`, `limit/columns`.
pub fn read(text: &str, offset: u64, sink: &mut dyn RecordSink) -> Result<(Flow, Counts), Error> {
    check_nesting(text)?;
    let elements = Elements::find(text)?;
    let mut columns = Columns::default();
    // What cannot be read is reported with its record, below.
    for raw in elements.0.iter().flatten() {
        columns.collect(raw.get())?;
    }
    sink.columns(&columns.names);
    let mut row = Row { columns: &columns, text: String::new(), spans: Vec::new(), repeated: None };
    let mut counts = Counts::default();
    for element in &elements.0 {
        counts.records += 1;
        counts.lines += 1;
        let number = counts.records;
        let raw = match element {
            Ok(raw) => raw.get(),
            Err(line) => line,
        };
        let problem = match element {
            Ok(raw) if raw.get().starts_with('{') => row.fill(raw.get()).err(),
            Ok(_) => Some("is no object".to_owned()),
            Err(_) => Some("is not valid JSON".to_owned()),
        };
        if let Some(problem) = problem {
            row.spans.clear();
            sink.diagnostic(Diagnostic {
                code: "ingest/bad-element",
                row: Some(number),
                message: format!("element {number} {problem}"),
            });
        } else if let Some(path) = row.repeated.take() {
            sink.diagnostic(Diagnostic {
                code: "ingest/repeated-key",
                row: Some(number),
                message: format!("element {number} names `{path}` twice; the last one counts"),
            });
        }
        let start = offset + position_in(text, raw) as u64;
        let flow = sink.record(&Record::new(number, start, raw, &row.text, &row.spans));
        if flow.is_break() {
            return Ok((flow, counts));
        }
    }
    Ok((Flow::Continue(()), counts))
}

/// The elements of the table: raw values, or lines of JSON Lines that are not valid.
pub(super) struct Elements<'a>(pub(super) Vec<Result<&'a RawValue, &'a str>>);

impl<'a> Elements<'a> {
    pub(super) fn find(text: &'a str) -> Result<Self, Error> {
        let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        let mut found: Vec<&RawValue> = Vec::new();
        for value in values {
            match value {
                Ok(value) => found.push(value),
                Err(_) if is_first_line(text, &found) => return Ok(Self::by_line(text)),
                Err(error) => return Err(bad_json(&error)),
            }
        }
        match found.as_slice() {
            [] => Err(Error::new("ingest/empty", "the file is empty")
                .remedy_is("export it again, or leave it out")),
            [one] => Self::in_value(one),
            [first, second, ..] => {
                let between = position_in(text, first.get()) + first.get().len();
                let next = position_in(text, second.get());
                let apart = text.get(between..next).is_some_and(|gap| gap.contains('\n'));
                if !apart || !found.iter().all(|v| v.get().starts_with('{')) {
                    let (line, column) = line_and_column(text, next);
                    return Err(Error::new(
                        "ingest/bad-json",
                        "there is more text behind the end of the JSON value",
                    )
                    .remedy_is("export the file again")
                    .at_line(line)
                    .at_column(Column::Number(column)));
                }
                Ok(Elements(without_pages(found).into_iter().map(Ok).collect()))
            }
        }
    }

    /// JSON Lines, where a bad line costs itself only.
    fn by_line(text: &'a str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Elements(lines.map(|line| serde_json::from_str(line).map_err(|_| line)).collect())
    }

    /// The list in a single value: an array, a list inside an envelope, or the object itself.
    fn in_value(value: &'a RawValue) -> Result<Self, Error> {
        let list = match value.get().as_bytes().first() {
            Some(b'[') => Some(value),
            Some(b'{') => Some(list_in_object(value)),
            _ => None,
        };
        let elements: Vec<&RawValue> = match list {
            Some(list) if list.get().starts_with('[') => parse(list.get())?,
            Some(object) if object.get() != "{}" => vec![object],
            _ => return Err(no_table()),
        };
        if !elements.is_empty() && !elements.iter().any(|e| e.get().starts_with('{')) {
            return Err(no_table());
        }
        Ok(Elements(without_pages(elements).into_iter().map(Ok).collect()))
    }
}

/// Several responses of one API, put together: the elements of all of them, if each one wraps a
/// list; else the elements as they are.
fn without_pages(elements: Vec<&RawValue>) -> Vec<&RawValue> {
    let page = |element: &&'_ RawValue| -> bool {
        let list = list_in_object(element);
        list.get().starts_with('[') && is_response(element)
    };
    if elements.is_empty() || !elements.iter().all(page) {
        return elements;
    }
    let lists = elements.iter().filter_map(|element| parse(list_in_object(element).get()).ok());
    lists.flat_map(|list: Vec<&RawValue>| list).collect()
}

/// Whether an object is an API's answer: beside what it wraps it has only members that speak of the
/// answer itself.
fn is_response(object: &RawValue) -> bool {
    const ABOUT: [&str; 30] = [
        "code",
        "status",
        "message",
        "msg",
        "success",
        "error",
        "errors",
        "request_id",
        "requestId",
        "trace_id",
        "traceId",
        "timestamp",
        "meta",
        "page",
        "page_size",
        "pageSize",
        "page_info",
        "paging",
        "pagination",
        "total",
        "total_count",
        "count",
        "has_more",
        "hasMore",
        "has_next",
        "next",
        "next_cursor",
        "nextCursor",
        "cursor",
        "object",
    ];
    let Ok(fields) = parse::<Fields<'_>>(object.get()) else { return false };
    let about = |name: &str| ABOUT.contains(&name) || ENVELOPES.contains(&name);
    fields.0.iter().all(|(name, _)| about(name))
}

/// The array that an object wraps, also one level deeper; an object that an answer wraps; the object
/// itself if it wraps none.
fn list_in_object(object: &RawValue) -> &RawValue {
    let Ok(fields) = parse::<Fields<'_>>(object.get()) else { return object };
    if let Some(list) = fields.list() {
        return list;
    }
    for name in ENVELOPES {
        let inner = fields.get(name).and_then(|value| parse::<Fields<'_>>(value.get()).ok());
        if let Some(list) = inner.and_then(|fields| fields.list()) {
            return list;
        }
    }
    let wrapped = || {
        let inner = fields.get("data").filter(|data| data.get().starts_with('{'))?;
        is_response(object).then_some(inner)
    };
    match fields.0.as_slice() {
        [(_, only)] if is_list_of_objects(only) => only,
        _ => wrapped().unwrap_or(object),
    }
}

fn is_list_of_objects(value: &RawValue) -> bool {
    value.get().starts_with('[')
        && parse::<Vec<&RawValue>>(value.get())
            .is_ok_and(|list| list.iter().any(|element| element.get().starts_with('{')))
}

/// The members of an object in the order of the text, repeated ones too.
pub(super) struct Fields<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| *value)
    }

    fn list(&self) -> Option<&'a RawValue> {
        let arrays = ENVELOPES.iter().filter_map(|name| self.get(name));
        arrays.into_iter().find(|value| value.get() == "[]" || is_list_of_objects(value))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Fields<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some((Text(key), value)) = map.next_entry::<Text<'de>, &RawValue>()? {
                    fields.push((key, value));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A string that is borrowed where it has no escapes.
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Characters;
        impl<'de> Visitor<'de> for Characters {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Characters)
    }
}

/// The union of the paths of all elements, in the order in which they are first seen.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    index: BTreeMap<String, usize>,
}

impl Columns {
    /// Adds the paths of one element. An element that cannot be read adds what came before.
    fn collect(&mut self, element: &str) -> Result<(), Error> {
        let mut next = 0;
        let mut over = false;
        // Ignored here, since the record of this element reports it.
        let _ = walk(element, &mut String::new(), &mut |path, _| {
            if let Some(at) = self.find(path, next) {
                next = at + 1;
            } else if self.names.len() < limits::COLUMNS {
                self.index.insert(path.to_owned(), self.names.len());
                self.names.push(path.to_owned());
                next = self.names.len();
            } else {
                over = true;
            }
            Ok(())
        });
        if over {
            return Err(Error::new("limit/columns", "the elements have too many different keys")
                .remedy_is(format!("a table may have up to {} columns", limits::COLUMNS))
                .arg("columns", limits::COLUMNS));
        }
        Ok(())
    }

    /// The column of a path; `expected` is tried first, since elements repeat their order.
    fn find(&self, path: &str, expected: usize) -> Option<usize> {
        if self.names.get(expected).is_some_and(|name| name == path) {
            return Some(expected);
        }
        self.index.get(path).copied()
    }
}

/// The cells of one element.
struct Row<'c> {
    columns: &'c Columns,
    text: String,
    spans: Vec<Span>,
    /// A path that the element names twice.
    repeated: Option<String>,
}

/// No cell yet; a real span never ends before it starts.
const NONE: Span = (1, 0);

impl Row<'_> {
    /// Fills the cells of `element`; an error says what is wrong with it.
    fn fill(&mut self, element: &str) -> Result<(), String> {
        let Row { columns, text, spans, repeated } = self;
        text.clear();
        spans.clear();
        spans.resize(columns.names.len(), NONE);
        let mut next = 0;
        walk(element, &mut String::new(), &mut |path, value| {
            let Some(at) = columns.find(path, next) else { return Ok(()) };
            next = at + 1;
            let from = to_u32(text.len());
            match value.as_bytes().first() {
                Some(b'"') => {
                    text.push_str(&parse::<Text<'_>>(value).map_err(|e| e.message().to_owned())?.0)
                }
                Some(b'n') => {}
                _ => text.push_str(value),
            }
            if let Some(span) = spans.get_mut(at) {
                if *span != NONE {
                    *repeated = Some(path.to_owned());
                }
                *span = (from, to_u32(text.len()));
            }
            Ok(())
        })?;
        spans.iter_mut().filter(|span| **span == NONE).for_each(|span| *span = (0, 0));
        Ok(())
    }
}

/// The leaves of an object with their dotted paths: texts without quotes, `null` as nothing.
pub(super) fn leaves(object: &str) -> Result<Vec<(String, String)>, String> {
    let mut leaves = Vec::new();
    walk(object, &mut String::new(), &mut |path, value| {
        let text = match value.as_bytes().first() {
            Some(b'"') => {
                parse::<Text<'_>>(value).map_err(|e| e.message().to_owned())?.0.into_owned()
            }
            Some(b'n') => String::new(),
            _ => value.to_owned(),
        };
        leaves.push((path.to_owned(), text));
        Ok(())
    })?;
    Ok(leaves)
}

/// Visits the leaves of an object with their dotted paths.
fn walk<'a>(
    object: &'a str,
    path: &mut String,
    visit: &mut dyn FnMut(&str, &'a str) -> Result<(), String>,
) -> Result<(), String> {
    let fields = parse::<Fields<'a>>(object).map_err(|error| error.message().to_owned())?;
    for (key, value) in fields.0 {
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(&key);
        if value.get().starts_with('{') {
            walk(value.get(), path, visit)?;
        } else {
            visit(path, value.get())?;
        }
        path.truncate(length);
    }
    Ok(())
}

pub(super) fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| bad_json(&error))
}

fn bad_json(error: &serde_json::Error) -> Error {
    let message = error.to_string();
    let what = message.split(" at line ").next().unwrap_or_default();
    Error::new("ingest/bad-json", format!("this is not valid JSON: {what}"))
        .remedy_is("export the file again; it may have been cut off or edited by hand")
        .at_line(to_u32(error.line().max(1)))
        .at_column(Column::Number(to_u32(error.column().max(1))))
}

fn no_table() -> Error {
    Error::new("ingest/no-table", "the JSON holds no list of objects").remedy_is(
        "a list of objects is read, also inside `data`, `items`, `results` or `transactions`",
    )
}

/// Whether all that was read is an object on the first line of several.
fn is_first_line(text: &str, found: &[&RawValue]) -> bool {
    let Some(first) = found.first() else { return false };
    let line = text.trim_start().lines().next().unwrap_or_default();
    first.get().starts_with('{') && first.get() == line.trim()
}

/// Where `part`, a slice of `text`, starts in it.
pub(super) fn position_in(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// Line and column, in characters from 1, of a byte position.
fn line_and_column(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    (to_u32(line), to_u32(column))
}

/// Refuses deep nesting before anything recurses.
pub(super) fn check_nesting(text: &str) -> Result<(), Error> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limits::JSON_NESTING {
            let (line, column) = line_and_column(text, at);
            let message = format!("the JSON is nested deeper than {}", limits::JSON_NESTING);
            return Err(Error::new("limit/nesting", message)
                .remedy_is("export a flat list of transactions")
                .at_line(line)
                .at_column(Column::Number(column))
                .arg("depth", limits::JSON_NESTING));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
