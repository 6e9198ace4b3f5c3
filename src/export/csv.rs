//! Writes every line of a run as one table: what it is, where it ended, and what is wrong with it.
//! Behind the entries stand the rows that could not be read, and what is wrong with a file itself.
//!
//! UTF-8 with a byte order mark, so that Excel reads Chinese; amounts as plain decimal numbers in
//! major units; texts guarded against formulas.

use std::ops::Deref;

use crate::codes::Code;
use crate::entry::{Disposition, Entries};
use crate::exceptions::Target;
use crate::exceptions::explain::explain;
use crate::export::guarded;
use crate::ids::EntryId;
use crate::ingest::report::{Assumption, Control, Drift};
use crate::report::{CanonicalOrder, Run};
use crate::sort;

/// The columns.
pub const HEADER: [&str; 25] = [
    "row",
    "side",
    "kind",
    "status",
    "reference",
    "transaction_id",
    "order_number",
    "amount",
    "fee",
    "tax",
    "net",
    "currency",
    "net_currency",
    "fx_rate",
    "occurred_at",
    "settled_on",
    "batch",
    "method",
    "disposition",
    "reason",
    "match",
    "rule",
    "codes",
    "explanation_en",
    "explanation_zh",
];

/// The table of a run, chunk by chunk.
#[derive(Debug)]
pub struct CsvExport<R> {
    run: R,
    order: CanonicalOrder,
    next: Option<usize>,
}

impl<R: Deref<Target = Run>> CsvExport<R> {
    /// A table that has not begun.
    pub fn new(run: R) -> Self {
        let order = CanonicalOrder::of(&run.entries);
        Self { run, order, next: None }
    }

    /// The next bytes, of about `rows` lines; `None` after the last.
    pub fn next_chunk(&mut self, rows: usize) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let from = match self.next {
            Some(from) if from >= self.order.ids().len().max(1) => return None,
            Some(from) => from,
            None => {
                out.extend_from_slice("\u{feff}".as_bytes());
                append_record(&mut out, &HEADER.map(str::to_owned));
                0
            }
        };
        let end = from.saturating_add(rows).min(self.order.ids().len());
        for id in self.order.ids().get(from..end).unwrap_or_default() {
            append_record(&mut out, &self.record(*id));
        }
        if end == self.order.ids().len() {
            self.append_sources(&mut out);
        }
        self.next = Some(end.max(1));
        Some(out)
    }

    /// What is stated of the sources themselves.
    fn append_sources(&self, out: &mut Vec<u8>) {
        for source in &self.run.sources {
            let line = |row: &str, end: &str, code: Code, words: [&str; 2]| {
                let [en, zh] = words.map(|text| guarded(text).into_owned());
                let mut record = [const { String::new() }; HEADER.len()];
                let told = [("row", guarded(row).into_owned()), ("codes", code.name().to_owned())];
                let side = ("side", source.side.name().to_owned());
                let end = ("disposition", end.to_owned());
                let words = [("explanation_en", en), ("explanation_zh", zh)];
                for (name, text) in told.into_iter().chain([side, end]).chain(words) {
                    let at = HEADER.iter().position(|column| *column == name);
                    if let Some(cell) = at.and_then(|at| record.get_mut(at)) {
                        *cell = text;
                    }
                }
                record
            };
            for row in &source.rejected {
                let name = format!("{}:{}", source.file, row.row);
                let zh = format!("该行未能读取（{}），请查看原文件。", row.code.zh());
                append_record(out, &line(&name, "rejected", row.code, [&row.reason, &zh]));
            }
            if let Some(Drift { missing, unknown }) = &source.drift {
                let [missing, unknown] = [missing, unknown].map(|names| names.join(", "));
                let en = format!("no column {missing}; {unknown} is not read");
                let zh = format!("缺少列 {missing}；未读取列 {unknown}。");
                append_record(out, &line(&source.file, "", Code::SchemaDrift, [&en, &zh]));
            }
            for Assumption { value, why, code, .. } in &source.assumptions {
                let Some(code) = *code else { continue };
                let zh = format!("该文件的时区疑似为 {value}，请确认。");
                append_record(out, &line(&source.file, "", code, [why, &zh]));
            }
            for control in source.controls.iter().filter(|one| one.code().is_some()) {
                let Control { name, stated, computed, .. } = control;
                let en = format!("{name}: stated {stated}, computed {computed}");
                let zh = format!("文件的汇总为 {stated}，按各行计算为 {computed}。");
                let code = control.code().unwrap_or(Code::ControlTotalMismatch);
                append_record(out, &line(&source.file, "", code, [&en, &zh]));
            }
        }
    }

    fn record(&self, id: EntryId) -> [String; HEADER.len()] {
        let run = &*self.run;
        let entries: &Entries = &run.entries;
        let (currency, net_currency) = (entries.currency(id), entries.net_currency(id));
        let target = match (entries.disposition(id), entries.match_of(id)) {
            (Disposition::Open, _) => Some(Target::Row(id)),
            (_, Some(found)) => Some(Target::Match(found)),
            _ => None,
        };
        let exception = target.and_then(|target| run.exceptions.of(target));
        let words = exception.map(|e| explain(entries, e)).unwrap_or_default();
        let text = |text: &str| guarded(text).into_owned();
        [
            text(&run.row_name(id)),
            entries.side(id).name().to_owned(),
            entries.kind(id).name().to_owned(),
            entries.status(id).name().to_owned(),
            text(entries.reference(id)),
            text(entries.transaction_id(id)),
            text(entries.order_number(id)),
            entries.amount(id).format(currency),
            entries.fee(id).format(currency),
            entries.tax(id).format(currency),
            entries.net(id).format(net_currency),
            currency.code().to_owned(),
            net_currency.code().to_owned(),
            entries.fx_rate(id).map_or_else(String::new, |rate| rate.normalize().to_string()),
            entries.occurred_at(id).map_or_else(String::new, |instant| instant.to_string()),
            entries.settled_on(id).map_or_else(String::new, |date| date.to_string()),
            text(entries.batch(id)),
            text(entries.method(id)),
            entries.disposition(id).name().to_owned(),
            entries.reason(id).name().to_owned(),
            entries.match_of(id).map_or_else(String::new, |found| run.match_name(found)),
            entries
                .match_of(id)
                .map_or_else(String::new, |f| run.matches.rule(f).name().to_owned()),
            self.codes(id, target),
            words.en,
            words.zh,
        ]
    }

    /// The codes of the facts and notes that name a row.
    fn codes(&self, id: EntryId, target: Option<Target>) -> String {
        let run = &*self.run;
        let facts = target.and_then(|t| run.exceptions.of(t)).map_or(&[][..], |e| &e.facts);
        let notes = match target {
            Some(Target::Match(found)) => run.exceptions.notes_of(found),
            _ => &[],
        };
        let mut codes: Vec<&str> = facts
            .iter()
            .chain(notes.iter().map(|note| &note.fact))
            .filter(|fact| fact.rows.contains(&id))
            .map(|fact| fact.code.name())
            .collect();
        sort::sort(&mut codes);
        codes.dedup();
        codes.join(" ")
    }
}

fn append_record(out: &mut Vec<u8>, cells: &[String]) {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    // Writing into memory cannot fail.
    let _ = writer.write_record(cells);
    let _ = writer.flush();
}
