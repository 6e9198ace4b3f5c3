//! Decides what can be asked of a finished run: its views, their filters and their orders.
//!
//! A view is a list of rows with a fixed order. Nothing is copied for it: [`index`](super::index)
//! names the rows of an answer by number, and [`page`](super::page) writes out at most
//! [`PAGE_ROWS`] of them.

use serde::Deserialize;

use crate::codes::Code;
use crate::entry::{Disposition, Kind, Side, named};
use crate::error::Error;
use crate::ids::{EntryId, SourceId};
use crate::limits::PAGE_ROWS;
use crate::money::Currency;
use crate::report::Run;

named! {
    /// A list of rows that a run can be asked for.
    View {
        /// Every entry of every source, in reading order.
        Lines = "lines",
        /// Every match, in the order in which they were found.
        Matches = "matches",
        /// What a person may have to act on.
        Exceptions = "exceptions",
        /// Orders that are not due yet.
        InTransit = "in_transit",
        /// Rows that could not be read.
        Rejected = "rejected",
        /// The files.
        Sources = "sources",
    }
}

/// The entry with a row's name.
pub fn entry_named(run: &Run, name: &str) -> Option<EntryId> {
    let (file, row) = name.rsplit_once(':')?;
    let (row, part) = row.split_at(row.find('/').unwrap_or(row.len()));
    let row = row.parse::<u32>().ok()?;
    let at = run.sources.iter().position(|source| source.file == file)?;
    let mut ids = run.entries.ids_of(SourceId(u16::try_from(at).ok()?));
    ids.find(|id| run.entries.row(*id) == row && run.entries.part(*id).name() == part)
}

/// Which rows of a view, in which order, and which of these.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Query {
    /// Which rows; all of them where it is missing.
    pub filter: Option<Filter>,
    /// In which order; the view's own where it is missing.
    pub sort: Option<Sort>,
    /// The first row of the page among those that pass, from 0.
    pub offset: Option<u32>,
    /// At most this many rows, 1 to 500; 100 where it is missing.
    pub limit: Option<u32>,
}

impl Query {
    /// The rows of the page: the first, and how many at most.
    ///
    /// # Errors
    /// `query/limit` for none or for more than a page holds.
    pub fn range(&self) -> Result<(u32, usize), Error> {
        let limit = self.limit.unwrap_or(100) as usize;
        if !(1..=PAGE_ROWS).contains(&limit) {
            let message = format!("a page has 1 to {PAGE_ROWS} rows, not {limit}");
            let error = Error::new("query/limit", message).arg("path", "limit");
            return Err(error.arg("limit", limit).remedy_is("ask for the rows page by page"));
        }
        Ok((self.offset.unwrap_or(0), limit))
    }
}

/// Conditions on rows as they are written; all that are given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// A row of this side takes part.
    pub side: Option<String>,
    /// Where the entry ended.
    pub disposition: Option<String>,
    /// What the entry does.
    pub kind: Option<String>,
    /// This code is among the row's codes.
    pub code: Option<String>,
    /// This code is the exception's headline.
    pub headline: Option<String>,
    /// The exception is one of this cause, by its id.
    pub cause: Option<String>,
    /// A row of this currency takes part.
    pub currency: Option<String>,
    /// Rows of this file.
    pub source: Option<String>,
    /// A part of a reference or of the row's name; upper and lower case are equal.
    pub text: Option<String>,
}

/// By what the rows are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SortBy {
    /// The view's own order.
    #[default]
    Row,
    /// By currency, then by amount: amounts of different currencies are never compared.
    Amount,
    /// By instant; rows without one come last.
    Age,
}

/// An order of rows. Equal rows keep the view's own order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The largest or youngest first.
    #[serde(default)]
    pub descending: bool,
}

/// A filter whose words were understood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    pub(crate) side: Option<Side>,
    pub(crate) disposition: Option<Disposition>,
    pub(crate) kind: Option<Kind>,
    pub(crate) code: Option<Code>,
    pub(crate) headline: Option<Code>,
    /// Places in the list of exceptions, ascending.
    pub(crate) cause: Option<Vec<u32>>,
    pub(crate) currency: Option<Currency>,
    pub(crate) source: Option<SourceId>,
    pub(crate) text: Option<Text>,
}

impl Conditions {
    /// Reads a filter for a view.
    ///
    /// # Errors
    /// `query/unknown-value` for a word that the vocabulary does not have, `query/unused-filter`
    /// for a condition that the view has no field for: it would seem to hold for every row.
    pub(crate) fn of(filter: &Filter, view: View, run: &Run) -> Result<Self, Error> {
        refuse_unused(filter, view)?;
        let source = |file: &str| {
            let at = run.sources.iter().position(|source| source.file == file)?;
            u16::try_from(at).ok().map(SourceId)
        };
        let cause = |id: &str| {
            let card = run.causes.iter().find(|card| run.cause_name(card) == id)?;
            Some(card.exceptions.clone())
        };
        Ok(Self {
            side: known("side", filter.side.as_deref(), Side::from_name)?,
            disposition: known(
                "disposition",
                filter.disposition.as_deref(),
                Disposition::from_name,
            )?,
            kind: known("kind", filter.kind.as_deref(), Kind::from_name)?,
            code: known("code", filter.code.as_deref(), Code::from_name)?,
            headline: known("headline", filter.headline.as_deref(), Code::from_name)?,
            cause: known("cause", filter.cause.as_deref(), cause)?,
            currency: known("currency", filter.currency.as_deref(), Currency::from_code)?,
            source: known("source", filter.source.as_deref(), source)?,
            text: filter.text.as_deref().filter(|text| !text.is_empty()).map(Text::new),
        })
    }

    /// Whether every row passes.
    pub(crate) fn none(filter: &Filter) -> bool {
        *filter == Filter::default()
    }
}

fn known<T>(
    path: &'static str,
    word: Option<&str>,
    from: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    let Some(word) = word else { return Ok(None) };
    let found = from(word).ok_or_else(|| {
        Error::new("query/unknown-value", format!("there is no {path} `{word}`"))
            .arg("path", path)
            .arg("value", word)
    })?;
    Ok(Some(found))
}

fn refuse_unused(filter: &Filter, view: View) -> Result<(), Error> {
    let of_entries = view == View::Lines;
    let of_money = matches!(view, View::Lines | View::Matches | View::Exceptions | View::InTransit);
    let coded = !matches!(view, View::InTransit | View::Sources);
    let located = matches!(view, View::Lines | View::InTransit | View::Rejected);
    for (path, given, used) in [
        ("side", filter.side.is_some(), view != View::InTransit),
        ("disposition", filter.disposition.is_some(), of_entries),
        ("kind", filter.kind.is_some(), of_entries),
        ("code", filter.code.is_some(), coded),
        ("headline", filter.headline.is_some(), view == View::Exceptions),
        ("cause", filter.cause.is_some(), view == View::Exceptions),
        ("currency", filter.currency.is_some(), of_money),
        ("source", filter.source.is_some(), located),
        ("text", filter.text.is_some(), view != View::Sources),
    ] {
        if given && !used {
            let message = format!("the view {} cannot be filtered by {path}", view.name());
            return Err(Error::new("query/unused-filter", message).arg("path", path));
        }
    }
    Ok(())
}

/// A text that is looked for in references and row names.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    needle: Vec<u8>,
    /// The end of a file name and the start of a row, where the text may be a row's name.
    name: Option<(Vec<u8>, String)>,
}

impl Text {
    fn new(text: &str) -> Self {
        let name = text.rsplit_once(':').map(|(file, row)| (folded(file), row.to_owned()));
        Self { needle: folded(text), name }
    }

    /// Whether the text is in one that a source wrote.
    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        contains_folded(text, &self.needle)
    }

    /// Whether an entry's references, memo or row name contain the text.
    pub(crate) fn is_of(&self, run: &Run, id: EntryId) -> bool {
        let entries = &run.entries;
        let texts = [
            entries.reference_bytes(id),
            entries.transaction_id_bytes(id),
            entries.order_number_bytes(id),
            entries.memo(id).as_bytes(),
            entries.batch(id).as_bytes(),
        ];
        texts.iter().any(|text| self.is_in(text)) || self.names(run, id)
    }

    fn names(&self, run: &Run, id: EntryId) -> bool {
        let Some((file, row)) = &self.name else { return false };
        let source = run.sources.get(usize::from(run.entries.source(id).0));
        let named = source.is_some_and(|source| folded(&source.file).ends_with(file));
        let number = format!("{}{}", run.entries.row(id), run.entries.part(id).name());
        named && number.starts_with(row)
    }
}

/// ASCII letters in lower case. Other letters are left alone: keys that differ in them are rare,
/// and a whole case table would be larger than the rest of this module.
fn folded(text: &str) -> Vec<u8> {
    text.as_bytes().to_ascii_lowercase()
}

/// Whether `text`, in lower case, contains `needle`, which is in lower case.
fn contains_folded(text: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else { return true };
    let mut tail = text;
    while let Some(at) = tail.iter().position(|byte| byte.to_ascii_lowercase() == *first) {
        tail = tail.get(at.saturating_add(1)..).unwrap_or_default();
        if tail.get(..rest.len()).is_some_and(|found| found.eq_ignore_ascii_case(rest)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_whatever_its_case() {
        for (text, needle, found) in [
            ("ORD-1001", "ord-1001", true),
            ("ORD-1001", "rd-10", true),
            ("ORD-1001", "1001", true),
            ("aab", "ab", true),
            ("ORD-1001", "ord-10011", false),
            ("ORD-1001", "ord1001", false),
            ("订单-7", "单-7", true),
            ("", "a", false),
            ("a", "", true),
        ] {
            let text_found = contains_folded(text.as_bytes(), &folded(needle));
            assert_eq!(text_found, found, "{needle} in {text}");
        }
    }

    #[test]
    fn a_page_has_between_one_and_five_hundred_rows() {
        let range = |limit| Query { limit, ..Query::default() }.range();
        assert_eq!(range(None), Ok((0, 100)));
        assert_eq!(range(Some(500)), Ok((0, 500)));
        assert_eq!(range(Some(501)).map_err(|e| e.code()), Err("query/limit"));
        assert_eq!(range(Some(0)).map_err(|e| e.code()), Err("query/limit"));
    }

    #[test]
    fn a_filter_that_a_view_cannot_apply_is_refused() {
        let by_kind = Filter { kind: Some("sale".into()), ..Filter::default() };
        assert!(refuse_unused(&by_kind, View::Lines).is_ok());
        for view in View::ALL.iter().filter(|view| **view != View::Lines) {
            let refused = refuse_unused(&by_kind, *view).map_err(|e| e.code());
            assert_eq!(refused, Err("query/unused-filter"), "{}", view.name());
        }
    }
}
