//! Decides where each physical row of a source ends: entry, structural or rejected.

use std::collections::{BTreeMap, BTreeSet};

use super::accounts::{Accounts, Ledger};
use super::builder::{Builder, Refusal};
use super::cells::tidy;
use super::codes::{Codes, View};
use super::components::Components;
use super::controls::Controls;
use super::damage;
use super::diagnostic::Diagnostic;
use super::evidence::Evidence;
use super::lead::LeadPlan;
use super::line_items::Orders;
use super::plan::Plan;
use super::profile::Profile;
use super::record::{Counts, Flow, Record, RecordSink, Span};
use super::rejection::Rejection;
use super::report::{Assumption, Control, RejectedRow, RowCounts};
use super::synonyms;
use crate::codes::Code;
use crate::entry::{Entries, EntriesFull};
use crate::error::Error;
use crate::ids::EntryId;
use crate::limits;
use crate::money::Currency;
use crate::sort;

/// The rows of one source on their way into entries.
#[derive(Debug)]
pub(super) struct RowState {
    builder: Builder,
    controls: Controls,
    /// The row of the header; `None` in JSON.
    header_row: Option<u32>,
    /// How lines start that are no rows.
    comment: Option<String>,
    /// The last record was the header of a summary.
    in_summary: bool,
    codes: Option<Codes>,
    /// Room for the cells of a coded record.
    spans: Vec<Span>,
    lead: Option<LeadPlan>,
    orders: Orders,
    /// Orders whose further rows came without their first row right before them.
    orphans: BTreeSet<String>,
    last_order: String,
    first_entry: Option<u32>,
    counts: RowCounts,
    rejected: Vec<RejectedRow>,
    /// All of them, also those that are not kept.
    rejected_by_code: BTreeMap<Code, u64>,
    diagnostics: Vec<Diagnostic>,
}

/// What became of the rows.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) currencies: Vec<Currency>,
    pub(super) rows: RowCounts,
    pub(super) controls: Vec<Control>,
    pub(super) assumptions: Vec<Assumption>,
    pub(super) accounts: Vec<Ledger>,
    pub(super) rejected: Vec<RejectedRow>,
    pub(super) rejected_by_code: BTreeMap<Code, u64>,
    pub(super) broken: Vec<EntryId>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Where a row ends.
enum End {
    Entry,
    Structural,
    Rejected(Rejection),
}

impl RowState {
    pub(super) fn new(
        profile: &Profile,
        plan: Plan,
        controls: Controls,
        header_row: Option<u32>,
    ) -> Self {
        let header = &plan.header;
        let components = profile.components.as_ref().and_then(|rule| Components::new(rule, header));
        let codes = profile.codes.as_ref().map(|codes| Codes::new(codes, header));
        let lead = profile.lead.as_ref().and_then(|lead| LeadPlan::new(lead, header));
        Self {
            builder: Builder::new(plan, components),
            controls,
            header_row,
            comment: profile.dialect.comment.clone(),
            in_summary: false,
            codes,
            spans: Vec::new(),
            lead,
            orders: Orders::default(),
            orphans: BTreeSet::new(),
            last_order: String::new(),
            first_entry: None,
            counts: RowCounts::default(),
            rejected: Vec::new(),
            rejected_by_code: BTreeMap::new(),
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.builder.plan
    }

    pub(super) fn plan_mut(&mut self) -> &mut Plan {
        &mut self.builder.plan
    }

    pub(super) fn set_positive_is_charge(&mut self, is_charge: bool) {
        self.builder.reader.positive_is_charge = is_charge;
    }

    /// Gives a row to the evidence.
    pub(super) fn observe(&self, record: &Record<'_>, evidence: &mut Evidence) {
        if !self.is_under_header(record) {
            return;
        }
        let Some(codes) = &self.codes else { return evidence.observe(self.plan(), record) };
        let mut spans = Vec::new();
        if codes.view(record, &mut spans) == View::Row {
            evidence.observe(self.plan(), &record.with_spans(&spans));
        }
    }

    /// Whether a record stands where rows do.
    #[inline]
    fn is_under_header(&self, record: &Record<'_>) -> bool {
        self.header_row.is_none_or(|header| record.row() > header) && !self.is_comment(record)
    }

    #[inline]
    fn is_comment(&self, record: &Record<'_>) -> bool {
        self.comment.as_ref().is_some_and(|comment| record.raw().starts_with(comment.as_str()))
    }

    /// Takes one record.
    #[inline]
    fn take(&mut self, record: &Record<'_>, entries: &mut Entries) -> Result<(), EntriesFull> {
        match self.end_of(record, entries)? {
            End::Entry => self.counts.entries = self.counts.entries.saturating_add(1),
            End::Structural => self.counts.structural = self.counts.structural.saturating_add(1),
            End::Rejected(why) => self.reject(record, why),
        }
        Ok(())
    }

    fn end_of(&mut self, record: &Record<'_>, entries: &mut Entries) -> Result<End, EntriesFull> {
        if !self.is_under_header(record) {
            self.read_outside(record);
            return Ok(End::Structural);
        }
        let Some(codes) = &self.codes else { return self.end_of_row(record, entries) };
        let mut spans = std::mem::take(&mut self.spans);
        let end = match codes.view(record, &mut spans) {
            View::Row => self.end_of_row(&record.with_spans(&spans), entries),
            View::Section => {
                self.controls.codes.begin_section();
                Ok(End::Structural)
            }
            View::Structure => {
                self.controls.codes.read(&self.builder.plan, record);
                Ok(End::Structural)
            }
            View::Unknown => Ok(End::Rejected(Rejection::unreadable(unknown_code(record)))),
            View::Torn(width) => Ok(End::Rejected(Rejection::unreadable(torn(record, width)))),
        };
        self.spans = spans;
        end
    }

    /// What stands above the header or in a comment may print totals.
    fn read_outside(&mut self, record: &Record<'_>) {
        self.controls.prints.comment(record.raw());
        self.controls.no_row(record);
        if self.header_row.is_some_and(|header| record.row() < header) {
            let _ = self.is_summary(record);
        }
        let is_section = |codes: &Codes| codes.view(record, &mut Vec::new()) == View::Section;
        if self.codes.as_ref().is_some_and(is_section) {
            self.controls.codes.begin_section();
        }
    }

    fn end_of_row(
        &mut self,
        record: &Record<'_>,
        entries: &mut Entries,
    ) -> Result<End, EntriesFull> {
        if self.is_summary(record)
            || self.repeats_header(record)
            || self.continues_an_order(record)
            || self.is_no_row(record)
        {
            self.controls.no_row(record);
            return Ok(End::Structural);
        }
        if let Some(lead) = &self.lead
            && lead.is_lead(record)
        {
            let read = lead.read(&mut self.builder.plan, &mut self.controls, record);
            return Ok(read.map_or_else(End::Rejected, |()| End::Structural));
        }
        if let Some(end) = self.structure(record) {
            return Ok(end);
        }
        self.first_entry.get_or_insert(entries.len());
        let result = if self.builder.plan.items.is_some() {
            self.add_item(record)
        } else if self.is_total(record) {
            Ok(End::Structural)
        } else {
            let built = self.builder.build(record, &mut self.controls, entries);
            built.map(|()| End::Entry)
        };
        match result {
            Ok(end) => Ok(end),
            Err(Refusal::Full(full)) => Err(full),
            Err(Refusal::Row(why)) => Ok(self.refused(record, why)),
        }
    }

    /// The end of a row that states balances and moves no money; `None` if it is no such row.
    fn structure(&mut self, record: &Record<'_>) -> Option<End> {
        let accounts = self.controls.accounts.as_mut()?;
        if accounts.is_movement(record) {
            return None;
        }
        let Builder { plan, reader, .. } = &mut self.builder;
        let currency = synonyms::currency(plan.currency.text(record));
        let moment = match reader.stamp(plan, &plan.occurred_at, record) {
            Ok(stamp) => stamp.map_or((None, None), |stamp| {
                let end = || plan.occurred_at.zone.end_of(stamp.date);
                (stamp.instant.or_else(end), Some(stamp.date))
            }),
            Err(Refusal::Row(why)) => return Some(End::Rejected(why)),
            Err(Refusal::Full(_)) => (None, None),
        };
        Some(match accounts.state(plan, record, currency, moment) {
            Ok(()) => {
                if let Some(currency) = currency {
                    self.builder.see(currency);
                }
                End::Structural
            }
            Err(why) => End::Rejected(why),
        })
    }

    /// A row that is one line item of an order.
    fn add_item(&mut self, record: &Record<'_>) -> Result<End, Refusal> {
        let Some(items) = self.builder.plan.items.take() else { return Ok(End::Structural) };
        let result = self.orders.add(&mut self.builder, &items, record);
        self.builder.plan.items = Some(items);
        result.map(|is_first| if is_first { End::Entry } else { End::Structural })
    }

    /// A row that cannot be read may still be no row at all.
    #[cold]
    fn refused(&self, record: &Record<'_>, why: Rejection) -> End {
        if record.is_empty() {
            let reason = "the element is no JSON object: export the file again";
            return End::Rejected(Rejection::unreadable(reason));
        }
        let is_blank = record.cells().all(|cell| tidy(cell).is_empty());
        if is_blank { End::Structural } else { End::Rejected(why) }
    }

    /// Whether the record is the header once more, as in files that were put together.
    #[inline]
    fn repeats_header(&self, record: &Record<'_>) -> bool {
        let header = &self.builder.plan.header;
        record.get(0).is_some_and(|cell| cell == header.name(0))
            && self.header_row.is_some()
            && !header.name(0).is_empty()
            && record.cells().zip(header.names()).all(|(cell, name)| tidy(cell) == name)
    }

    /// Whether the profile says of the record that it moves no money.
    #[inline]
    fn is_no_row(&self, record: &Record<'_>) -> bool {
        self.builder.plan.row_rule(record).is_some_and(|rule| rule.is_structural)
    }

    /// Whether the record is the header or the row of a printed summary.
    #[inline]
    fn is_summary(&mut self, record: &Record<'_>) -> bool {
        if self.controls.prints.is_empty() {
            return false;
        }
        if self.in_summary {
            self.in_summary = false;
            self.controls.prints.summary(record);
            return true;
        }
        if self.controls.prints.is_total(record) {
            return true;
        }
        self.in_summary = self.controls.prints.is_header(record);
        self.in_summary
    }

    /// Whether the row only continues an order: the order's own columns are all empty.
    fn continues_an_order(&mut self, record: &Record<'_>) -> bool {
        let plan = &self.builder.plan;
        if plan.continuation.is_empty() {
            return false;
        }
        let empty = |column: &usize| tidy(record.get(*column).unwrap_or_default()).is_empty();
        let continues = plan.continuation.iter().all(empty) && record.len() >= plan.width;
        let order = plan.reference.text(record);
        if !continues {
            order.clone_into(&mut self.last_order);
        } else if !order.is_empty() && order != self.last_order {
            self.orphans.insert(order.to_owned());
        }
        continues
    }

    /// Whether the row is a line of totals under a list: it has a label in place of a reference.
    fn is_total(&self, record: &Record<'_>) -> bool {
        let plan = &self.builder.plan;
        if !plan.is_generic {
            return false;
        }
        // Nearly every row has a reference with a digit in it: it is no label of a total.
        if plan.reference.text(record).bytes().any(|byte| byte.is_ascii_digit()) {
            return false;
        }
        let names = [&plan.reference, &plan.transaction_id, &plan.order_number];
        let unnamed = names.iter().all(|source| {
            let text = source.text(record);
            text.is_empty() || synonyms::is_total(text)
        });
        unnamed
            && record
                .cells()
                .map(tidy)
                .find(|cell| !cell.is_empty())
                .is_some_and(synonyms::is_total)
    }

    #[cold]
    pub(super) fn reject(&mut self, record: &Record<'_>, Rejection { code, reason }: Rejection) {
        self.counts.rejected = self.counts.rejected.saturating_add(1);
        let count = self.rejected_by_code.entry(code).or_default();
        *count = count.saturating_add(1);
        if self.rejected.len() < limits::REJECTED_KEPT {
            let raw = record.raw();
            let mut end = raw.len().min(limits::REJECTED_RAW_BYTES);
            while !raw.is_char_boundary(end) {
                end = end.saturating_sub(1);
            }
            let raw = raw.get(..end).unwrap_or_default().to_owned();
            self.rejected.push(RejectedRow { row: record.row(), code, reason, raw });
        }
    }

    /// Ends the source.
    pub(super) fn finish(mut self, counts: Counts, entries: &mut Entries) -> Result<Done, Error> {
        let blank = u64::from(counts.blank);
        self.counts.structural = self.counts.structural.saturating_add(blank);
        self.counts.read = u64::from(counts.records).saturating_add(blank);
        if let Some(items) = self.builder.plan.items.take() {
            let orders = std::mem::take(&mut self.orders);
            match orders.finish(&mut self.builder, &items, entries) {
                Err(Refusal::Full(full)) => return Err(full_error(full)),
                Err(Refusal::Row(_)) | Ok(()) => {}
            }
        }
        self.builder.finish(&mut self.controls, entries).map_err(full_error)?;
        self.note_orphans(entries);
        let assumed = &mut self.builder.reader.assumed;
        let damaged = std::mem::take(&mut assumed.damaged);
        let spoiled = std::mem::take(&mut assumed.spoiled);
        damage::keep(spoiled, damaged, self.first_entry.unwrap_or_default(), entries);
        self.note_what_is_missing();
        let accounts = self.controls.accounts.take().map(Accounts::finish);
        let (proven, unproven, accounts) = accounts.unwrap_or_default();
        let mut controls = self.controls.finish(self.builder.identity);
        controls.extend(proven);
        let mut assumptions = self.builder.reader.assumed.into_list();
        assumptions.extend(unproven);
        let mut currencies = self.builder.currencies;
        sort::sort(&mut currencies);
        Ok(Done {
            currencies,
            rows: self.counts,
            controls,
            assumptions,
            accounts,
            rejected: self.rejected,
            rejected_by_code: self.rejected_by_code,
            broken: self.builder.broken,
            diagnostics: self.diagnostics,
        })
    }

    /// Says which orders have further rows but no first row in this file.
    fn note_orphans(&mut self, entries: &Entries) {
        if self.orphans.is_empty() {
            return;
        }
        let first = self.first_entry.unwrap_or_default();
        for id in (first..entries.len()).map(EntryId) {
            self.orphans.remove(entries.reference(id));
        }
        let shown: Vec<&str> = self.orphans.iter().take(5).map(String::as_str).collect();
        if !shown.is_empty() {
            let why = format!(
                "their first row is not in this file; {} in all, such as {}",
                self.orphans.len(),
                shown.join(", ")
            );
            self.builder.reader.assumed.once("rows that continue an order", "left out", &why);
        }
    }

    fn note_what_is_missing(&mut self) {
        let assumed = &mut self.builder.reader.assumed;
        let is_statement = self.controls.accounts.is_some();
        if self.counts.entries == 0 && self.counts.rejected == 0 && !is_statement {
            let why = "there is a header, but no row under it: export the file again if rows are \
                       missing";
            assumed.once("rows", "none", why);
        }
        if !self.controls.prints.is_empty() && !self.controls.prints.any_stated() {
            let why = "the file does not end with the totals that this layout prints: it may be \
                       cut off";
            assumed.once("printed totals", "none", why);
        }
    }
}

fn unknown_code(record: &Record<'_>) -> String {
    let code: String = record.get(0).unwrap_or_default().chars().take(20).collect();
    format!("no record of this layout begins with “{code}”: export the file again")
}

fn torn(record: &Record<'_>, width: usize) -> String {
    let (cells, code) = (record.len(), record.get(0).unwrap_or_default());
    format!(
        "the record has {cells} cells, but one of the code {code} has {width}: export the file again"
    )
}

/// Gives records to the rows of a source.
pub(super) struct RowSink<'a> {
    rows: &'a mut RowState,
    entries: &'a mut Entries,
    full: Option<(EntriesFull, u32)>,
}

impl<'a> RowSink<'a> {
    pub(super) fn new(rows: &'a mut RowState, entries: &'a mut Entries) -> Self {
        Self { rows, entries, full: None }
    }

    /// The limit that was reached.
    pub(super) fn failure(self) -> Option<Error> {
        self.full.map(|(full, row)| full_error(full).at_line(row))
    }
}

fn full_error(full: EntriesFull) -> Error {
    Error::new("limit/entries", full.to_string()).remedy_is("reconcile a shorter period at a time")
}

impl RecordSink for RowSink<'_> {
    fn record(&mut self, record: &Record<'_>) -> Flow {
        match self.rows.take(record, self.entries) {
            Ok(()) => Flow::Continue(()),
            Err(full) => {
                self.full = Some((full, record.row()));
                Flow::Break(())
            }
        }
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        let what = diagnostic.code.strip_prefix("ingest/").unwrap_or(diagnostic.code);
        let assumed = &mut self.rows.builder.reader.assumed;
        match diagnostic.row {
            // The row is rejected with its reason.
            _ if what == "bad-element" => {}
            Some(row) => {
                assumed.note("damaged text", what, &diagnostic.message, row);
            }
            None => assumed.once("damaged text", what, &diagnostic.message),
        }
        if self.rows.diagnostics.len() < limits::DIAGNOSTICS_KEPT {
            self.rows.diagnostics.push(diagnostic);
        }
    }
}
