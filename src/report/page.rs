//! Decides what a page of a view holds: at most [`PAGE_ROWS`](crate::limits::PAGE_ROWS) rows, and
//! how many there are in all.

use serde::Serialize;

use crate::error::Error;
use crate::ids::EntryId;
use crate::report::Run;
use crate::report::index::{Index, index};
use crate::report::rows::{ExceptionRow, InTransitRow, LineRow, MatchRow, Rejected};
use crate::report::summary::SourceRow;
use crate::report::view::{Filter, Query, Sort, View};

/// Keeps the last answer's index, so that scrolling asks nothing twice.
#[derive(Debug, Default)]
pub struct Pager {
    last: Option<(View, Filter, Sort, Index)>,
}

impl Pager {
    /// The rows of a view that pass, in order.
    ///
    /// # Errors
    /// Where the filter is not understood.
    pub fn index(&mut self, run: &Run, view: View, query: &Query) -> Result<&Index, Error> {
        let filter = query.filter.clone().unwrap_or_default();
        let sort = query.sort.unwrap_or_default();
        let known = |last: &(View, Filter, Sort, Index)| {
            last.0 == view && last.1 == filter && last.2 == sort
        };
        let last = match self.last.take().filter(known) {
            Some(last) => last,
            None => {
                let found = index(run, view, &filter, sort)?;
                (view, filter, sort, found)
            }
        };
        Ok(&self.last.insert(last).3)
    }

    /// A page of a view.
    ///
    /// # Errors
    /// Where the query is not understood, or asks for more than a page.
    pub fn page<'r>(&mut self, run: &'r Run, view: View, query: &Query) -> Result<Page<'r>, Error> {
        let (offset, limit) = query.range()?;
        let found = self.index(run, view, query)?;
        let rows = (offset..found.len()).take(limit).filter_map(|place| found.get(place));
        Ok(Page { total: found.len(), offset, rows: rows_of(run, view, rows) })
    }
}

/// A page of a view.
#[derive(Debug, Serialize)]
pub struct Page<'r> {
    /// How many rows pass the filter.
    pub total: u32,
    /// The first row of the page among them.
    pub offset: u32,
    /// The rows.
    pub rows: Rows<'r>,
}

/// The rows of one view.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the variants are named after the views")]
pub enum Rows<'r> {
    Lines(Vec<LineRow<'r>>),
    Matches(Vec<MatchRow<'r>>),
    Exceptions(Vec<ExceptionRow<'r>>),
    InTransit(Vec<InTransitRow<'r>>),
    Rejected(Vec<Rejected<'r>>),
    Sources(Vec<SourceRow<'r>>),
}

fn rows_of<'r>(run: &'r Run, view: View, rows: impl Iterator<Item = u32>) -> Rows<'r> {
    match view {
        View::Lines => Rows::Lines(rows.map(|row| LineRow::of(run, EntryId(row))).collect()),
        View::Matches => Rows::Matches(rows.filter_map(|row| MatchRow::of(run, row)).collect()),
        View::Exceptions => {
            Rows::Exceptions(rows.filter_map(|row| ExceptionRow::of(run, row)).collect())
        }
        View::InTransit => {
            Rows::InTransit(rows.map(|row| InTransitRow::of(run, EntryId(row))).collect())
        }
        View::Rejected => Rows::Rejected(rows.filter_map(|row| Rejected::of(run, row)).collect()),
        View::Sources => Rows::Sources(rows.filter_map(|row| SourceRow::of(run, row)).collect()),
    }
}
