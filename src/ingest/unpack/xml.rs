//! XML responses of payment APIs: the list in a document, its elements as records with dotted paths.
//!
//! The list is the path that repeats and has the most under it. A record's columns are the paths of
//! its leaves; an attribute is `path@name`, a leaf that repeats within a record `path[2]`, `path[3]`.
//! Rows are called by their place in the list, from 1, as in JSON.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::super::record::{Counts, Record, RecordSink, Span};
use crate::error::Error;
use crate::limits;

/// What a walk meets; paths are those of the elements, joined by `/`.
enum Met<'w> {
    /// An element begins.
    Open(&'w str),
    /// A value: of an attribute, or of an element without children.
    Value(&'w str, &'w str),
    /// An element ends, where its text begins and ends in the document.
    Close(&'w str, usize, usize),
}

/// Reads the list of a document.
///
/// # Errors
/// `ingest/bad-xml`, `ingest/no-table`, `limit/nesting`, `limit/columns`.
pub(super) fn read(text: &str, sink: &mut dyn RecordSink) -> Result<Counts, Error> {
    let list = find_list(text)?;
    let mut columns = Columns::default();
    let mut record = BTreeMap::new();
    each_value(text, &list, &mut record, &mut |met, _| {
        if let Some(path) = met { columns.add(path) } else { Ok(true) }
    })?;
    sink.columns(&columns.names);
    let mut counts = Counts::default();
    let mut cells = vec![String::new(); columns.names.len()];
    record.clear();
    each_value(text, &list, &mut record, &mut |met, value| {
        if let Some(path) = met {
            if let Some(cell) = columns.index.get(path).and_then(|at| cells.get_mut(*at)) {
                value.clone_into(cell);
            }
            return Ok(true);
        }
        counts.records += 1;
        counts.lines += 1;
        let mut joined = String::new();
        let mut spans: Vec<Span> = Vec::with_capacity(cells.len());
        for cell in &mut cells {
            let from = to_u32(joined.len());
            joined.push_str(cell);
            cell.clear();
            spans.push((from, to_u32(joined.len())));
        }
        let record = Record::new(counts.records, 0, value, &joined, &spans);
        Ok(sink.record(&record).is_continue())
    })?;
    Ok(counts)
}

/// The columns in the order in which they are met.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    index: BTreeMap<String, usize>,
}

impl Columns {
    fn add(&mut self, path: &str) -> Result<bool, Error> {
        if self.index.contains_key(path) {
            return Ok(true);
        }
        if self.names.len() >= limits::COLUMNS {
            return Err(Error::new("limit/columns", "the elements have too many different names")
                .remedy_is(format!("a table may have up to {} columns", limits::COLUMNS))
                .arg("columns", limits::COLUMNS));
        }
        self.index.insert(path.to_owned(), self.names.len());
        self.names.push(path.to_owned());
        Ok(true)
    }
}

/// Takes a column and a value, or the text of a record that is complete; `false` stops.
type VisitValue<'v> = &'v mut dyn FnMut(Option<&str>, &str) -> Result<bool, Error>;

/// Visits the values of every record with their column, and then the record with its text.
fn each_value(
    text: &str,
    list: &str,
    repeats: &mut BTreeMap<String, u32>,
    visit: VisitValue<'_>,
) -> Result<(), Error> {
    walk(text, &mut |met| match met {
        Met::Open(_) => Ok(true),
        Met::Value(path, value) => {
            let Some(within) = path.strip_prefix(list) else { return Ok(true) };
            let column = match within.strip_prefix('/') {
                Some(path) => path.replace('/', "."),
                None if within.starts_with('@') => within.to_owned(),
                None if within.is_empty() => "value".to_owned(),
                None => return Ok(true),
            };
            let times = repeats.entry(column.clone()).or_insert(0);
            *times += 1;
            if *times == 1 {
                visit(Some(&column), value)
            } else {
                visit(Some(&format!("{column}[{times}]")), value)
            }
        }
        Met::Close(path, from, to) => {
            if path != list {
                return Ok(true);
            }
            repeats.clear();
            visit(None, text.get(from..to).unwrap_or_default().trim())
        }
    })
}

/// The path of the list: it repeats, and no other that repeats has more values under it. Where none
/// repeats the document itself is the one record.
fn find_list(text: &str) -> Result<String, Error> {
    let mut seen: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut root = String::new();
    walk(text, &mut |met| {
        match met {
            Met::Open(path) => {
                if root.is_empty() {
                    path.clone_into(&mut root);
                }
                if seen.len() >= limits::COLUMNS && !seen.contains_key(path) {
                    return Err(no_table());
                }
                seen.entry(path.to_owned()).or_default().0 += 1;
            }
            Met::Value(path, _) => {
                let mut at = path;
                loop {
                    if let Some((_, values)) = seen.get_mut(at) {
                        *values += 1;
                    }
                    match at.rfind(['/', '@']) {
                        Some(end) => at = at.get(..end).unwrap_or_default(),
                        None => break,
                    }
                }
            }
            Met::Close(..) => {}
        }
        Ok(true)
    })?;
    // A list of plain values is no table: an element must have more values than it has times.
    let lists = seen.iter().filter(|(_, (times, values))| *times > 1 && values > times);
    let best = lists.max_by_key(|(path, (_, values))| (*values, std::cmp::Reverse(path.len())));
    match best {
        Some((path, _)) => Ok(path.clone()),
        None if seen.get(&root).is_some_and(|(_, values)| *values > 1) => Ok(root),
        None => Err(no_table()),
    }
}

/// Walks a document; the visitor stops it with `false`.
fn walk(text: &str, visit: &mut dyn FnMut(Met<'_>) -> Result<bool, Error>) -> Result<(), Error> {
    let mut xml = Reader::from_str(text);
    xml.config_mut().expand_empty_elements = true;
    let mut path = String::new();
    // Where each open element began, and whether it has had children.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut content = String::new();
    loop {
        let before = position(&xml);
        let failed = |error: &dyn std::fmt::Display| bad_xml(text, before, &error.to_string());
        match xml.read_event().map_err(|error| failed(&error))? {
            Event::Start(tag) => {
                if open.len() >= limits::JSON_NESTING {
                    return Err(Error::new("limit/nesting", "the XML is nested too deep")
                        .remedy_is("export a flat list of transactions")
                        .arg("depth", limits::JSON_NESTING));
                }
                if let Some((_, has_children)) = open.last_mut() {
                    *has_children = true;
                }
                open.push((before, false));
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(tag.local_name().as_ref());
                content.clear();
                let go_on = visit(Met::Open(&path))? && attributes(&tag, &path, visit, &failed)?;
                if !go_on {
                    return Ok(());
                }
            }
            Event::End(_) => {
                let Some((from, has_children)) = open.pop() else { return Ok(()) };
                let value = content.trim();
                let leaf = !has_children || !value.is_empty();
                if leaf && !visit(Met::Value(&path, value))? {
                    return Ok(());
                }
                content.clear();
                if !visit(Met::Close(&path, from, position(&xml)))? {
                    return Ok(());
                }
                path.truncate(path.rfind('/').unwrap_or(0));
            }
            Event::Text(piece) => content.push_str(&piece.xml10_content()),
            Event::CData(piece) => content.push_str(&piece.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(c)) => content.push(c),
                _ => match quick_xml::escape::resolve_predefined_entity(&name) {
                    Some(known) => content.push_str(known),
                    // Entities of its own could stand for anything, and for any number of bytes.
                    None => return Err(failed(&"it uses an entity of its own")),
                },
            },
            Event::Eof if open.is_empty() => return Ok(()),
            Event::Eof => return Err(failed(&"it is cut off")),
            _ => {}
        }
    }
}

fn attributes(
    tag: &BytesStart<'_>,
    path: &str,
    visit: &mut dyn FnMut(Met<'_>) -> Result<bool, Error>,
    failed: &dyn Fn(&dyn std::fmt::Display) -> Error,
) -> Result<bool, Error> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| failed(&error))?;
        let key = attribute.key;
        let names_a_space = key.as_ref() == "xmlns" || key.as_ref().starts_with("xmlns:");
        if names_a_space || key.as_ref().starts_with("xsi:") {
            continue;
        }
        let name = format!("{path}@{}", key.local_name().as_ref());
        let value =
            attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| failed(&error))?;
        if !visit(Met::Value(&name, &value))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn position(xml: &Reader<&[u8]>) -> usize {
    usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX)
}

fn bad_xml(text: &str, at: usize, why: &str) -> Error {
    let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
    Error::new("ingest/bad-xml", format!("this is not valid XML: {why}"))
        .remedy_is("download the file again; it may have been cut off or edited by hand")
        .at_line(to_u32(line))
        .arg("why", why)
}

fn no_table() -> Error {
    Error::new("ingest/no-table", "the XML holds no list of elements")
        .remedy_is("add a response that lists transactions, or export them as CSV")
}

fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::Rows;

    fn rows(text: &str) -> Result<Rows, Error> {
        let mut rows = Rows::default();
        read(text, &mut rows)?;
        Ok(rows)
    }

    #[test]
    fn the_list_is_found_and_flattened_by_path() {
        let text = r#"<?xml version="1.0"?>
<ns:response xmlns:ns="urn:x" status="ok">
  <header><param name="a">1</param><param name="b">2</param></header>
  <transactions>
    <transaction id="t1"><amount currency="EUR">10.00</amount><order><ref>A &amp; 1</ref></order>
      <item><sku>x</sku></item><item><sku>y</sku></item></transaction>
    <transaction id="t2"><amount currency="USD"><![CDATA[5]]></amount><note/></transaction>
  </transactions>
</ns:response>"#;
        let found = rows(text).unwrap();
        let columns =
            ["@id", "amount@currency", "amount", "order.ref", "item.sku", "item.sku[2]", "note"];
        assert_eq!(found.columns, columns);
        let cells: Vec<_> = found.rows.iter().map(|r| (r.row, r.cells.join("|"))).collect();
        let expected = [(1, "t1|EUR|10.00|A & 1|x|y|"), (2, "t2|USD|5||||")];
        assert_eq!(cells, expected.map(|(row, cells)| (row, cells.to_owned())));
        assert!(found.rows[1].raw.starts_with("<transaction id=\"t2\">"), "{}", found.rows[1].raw);
        assert!(found.rows[1].raw.ends_with("</transaction>"));
    }

    #[test]
    fn one_element_is_one_record() {
        let found = rows("<payment><id>7</id><amount>1.00</amount></payment>").unwrap();
        assert_eq!((found.columns.join(","), found.rows.len()), ("id,amount".to_owned(), 1));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><l><x>&b;</x></l>";
        let cases = [
            ("<a/>", "ingest/no-table"),
            ("<a><b>1</b>", "ingest/bad-xml"),
            ("<a><b>1</c></a>", "ingest/bad-xml"),
            (laughs, "ingest/bad-xml"),
            (&deep, "limit/nesting"),
        ];
        for (text, code) in cases {
            assert_eq!(rows(text).unwrap_err().code(), code, "{text}");
        }
        assert_eq!(rows("<a>\n<b>1</c></a>").unwrap_err().place().unwrap().line, Some(2));
    }
}
