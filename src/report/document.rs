//! Writes the result document, schema 1, as a stream: the same run gives the same bytes on every
//! machine.
//!
//! One element a line, fields in a fixed order. Three seals hold it together: a certificate for
//! each source over its entries, a digest for each section in which rows are named by identity,
//! and `result_sha256` over all bytes.

use std::ops::Deref;

use sha2::{Digest, Sha256};

use crate::entry::{Disposition, Side};
use crate::proof::{Frozen, Total};
use crate::report::cause_lines::append_cause;
use crate::report::json::{Object, append_array, append_text};
use crate::report::lines::{
    Lines, Naming, Work, append_counts, append_currency, append_fees, append_source,
};
use crate::report::order::place;
use crate::report::{CanonicalOrder, RULESET, Run};

/// The sections that have a digest, in the order in which they are listed.
const SECTIONS: [&str; 8] =
    ["summary", "entries", "matches", "exceptions", "in_transit", "payouts", "causes", "totals"];

/// What the writer does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Sort,
    Certify(usize),
    Sources,
    Summary,
    Entries(usize),
    Matches(usize),
    Exceptions(usize),
    InTransit(usize),
    Payouts(usize),
    Proof,
    Done,
}

/// The document of a run, chunk by chunk. It holds the run as its owner likes: by reference, or
/// shared where the run stays in use while it is written.
#[derive(Debug)]
pub struct DocumentWriter<R> {
    run: R,
    stage: Stage,
    order: CanonicalOrder,
    certificates: Vec<Sha256>,
    sections: [Sha256; SECTIONS.len()],
    whole: Sha256,
    /// Places in the run's list.
    exceptions: Vec<usize>,
    first_of_section: bool,
    work: Work,
    line: Vec<u8>,
}

impl<R: Deref<Target = Run> + Clone> DocumentWriter<R> {
    /// A document that has not begun. `run.sha256` must be known by now.
    pub fn new(run: R) -> Self {
        Self {
            run,
            stage: Stage::Sort,
            order: CanonicalOrder::none(),
            certificates: Vec::new(),
            sections: std::array::from_fn(|_| Sha256::new()),
            whole: Sha256::new(),
            exceptions: Vec::new(),
            first_of_section: true,
            work: Work::default(),
            line: Vec::new(),
        }
    }

    /// The next bytes, of about `rows` elements; `None` after the last. A chunk may be empty.
    pub fn next_chunk(&mut self, rows: usize) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        self.stage = match self.stage {
            Stage::Sort => {
                self.sort();
                Stage::Certify(0)
            }
            Stage::Certify(from) => self.certify(from, rows),
            Stage::Sources => {
                self.write_sources(&mut out);
                Stage::Summary
            }
            Stage::Summary => {
                self.write_summary(&mut out);
                self.open_section(&mut out, "entries");
                Stage::Entries(0)
            }
            Stage::Entries(from) => self.write_entries(&mut out, from, rows),
            Stage::Matches(from) => self.write_matches(&mut out, from, rows),
            Stage::Exceptions(from) => self.write_exceptions(&mut out, from, rows),
            Stage::InTransit(from) => self.write_in_transit(&mut out, from, rows),
            Stage::Payouts(from) => self.write_payouts(&mut out, from, rows),
            Stage::Proof => {
                self.write_proof(&mut out);
                return self.seal(out);
            }
            Stage::Done => return None,
        };
        self.whole.update(&out);
        Some(out)
    }

    /// The whole document at once.
    pub fn write_all(mut self) -> Vec<u8> {
        let mut all = Vec::new();
        while let Some(chunk) = self.next_chunk(50_000) {
            all.extend_from_slice(&chunk);
        }
        all
    }

    fn sort(&mut self) {
        let run = self.run.clone();
        self.order = CanonicalOrder::of(&run.entries);
        let first = |at: &usize| {
            let exception = run.exceptions.items.get(*at)?;
            let rows = lines(&run, Naming::Rows).rows_of(exception);
            rows.first().map(|id| place(&run.entries, *id))
        };
        self.exceptions = (0..run.exceptions.items.len()).collect();
        self.exceptions.sort_by_cached_key(first);
        let header = self.header();
        for source in 0..run.sources.len() {
            let mut certificate = Sha256::new();
            certificate.update(&header);
            certificate.update(b"\n");
            certificate.update(self.source(source));
            certificate.update(b"\n");
            self.certificates.push(certificate);
        }
    }

    /// The first line.
    fn header(&self) -> Vec<u8> {
        let run = self.run.clone();
        let mut out = Vec::new();
        let mut object = Object::open(&mut out);
        object.number("schema", 1);
        let mut engine = Object::open(object.field("engine"));
        engine.text("name", "crossfoot");
        engine.text("version", env!("CARGO_PKG_VERSION"));
        engine.text("ruleset", RULESET);
        engine.close();
        if let Some(date) = run.as_of {
            object.text("as_of", &date.to_string());
        }
        object.text("timezone", &run.timezone);
        object.text("config_sha256", &run.config_sha256);
        object.some_text("contract", &run.contract);
        out.push(b',');
        out
    }

    fn source(&self, index: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let sha256 = self.run.sha256.get(index).map_or("", String::as_str);
        if let Some(source) = self.run.sources.get(index) {
            append_source(&mut out, source, sha256);
        }
        out
    }

    /// Reads every entry once, for the certificates of the sources and the section's digest.
    fn certify(&mut self, from: usize, rows: usize) -> Stage {
        let run = self.run.clone();
        let end = from.saturating_add(rows).min(self.order.ids().len());
        for at in from..end {
            let Some(id) = self.order.ids().get(at).copied() else { continue };
            self.line.clear();
            lines(&run, Naming::Rows).entry(&mut self.line, id);
            self.line.push(b'\n');
            let source = usize::from(self.run.entries.source(id).0);
            if let Some(certificate) = self.certificates.get_mut(source) {
                certificate.update(&self.line);
            }
            self.line.clear();
            lines(&run, Naming::Identities).entry(&mut self.line, id);
            self.digest("entries");
        }
        if end < self.order.ids().len() { Stage::Certify(end) } else { Stage::Sources }
    }

    /// Adds the line in hand to a section's digest.
    fn digest(&mut self, section: &str) {
        self.line.push(b'\n');
        let at = SECTIONS.iter().position(|name| *name == section);
        if let Some(digest) = at.and_then(|at| self.sections.get_mut(at)) {
            digest.update(&self.line);
        }
    }

    fn write_sources(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.header());
        out.extend_from_slice(b"\n\"sources\":[\n");
        let certificates = std::mem::take(&mut self.certificates);
        for (index, certificate) in certificates.into_iter().enumerate() {
            if index > 0 {
                out.extend_from_slice(b",\n");
            }
            out.extend_from_slice(&self.source(index));
            out.extend_from_slice(b",\"certificate\":");
            append_text(out, &hex(certificate));
            out.push(b'}');
        }
        out.extend_from_slice(b"\n],\n");
    }

    fn write_summary(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\"summary\":{\"per_currency\":[");
        self.first_of_section = true;
        for summary in &self.run.per_currency() {
            self.begin(out);
            self.line.clear();
            append_currency(&mut self.line, summary, &self.run.exceptions.insights);
            out.extend_from_slice(&self.line);
            self.digest("summary");
        }
        out.extend_from_slice(b"\n],\"counts\":");
        self.line.clear();
        append_counts(&mut self.line, &self.run);
        out.extend_from_slice(&self.line);
        self.digest("summary");
        let fees = self.run.fees();
        if !fees.is_empty() {
            out.extend_from_slice(b",\"fees\":");
            self.line.clear();
            append_array(&mut self.line, &fees, append_fees);
            out.extend_from_slice(&self.line);
            self.digest("summary");
        }
        out.extend_from_slice(b"},\n");
    }

    fn open_section(&mut self, out: &mut Vec<u8>, name: &str) {
        out.push(b'"');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":[");
        self.first_of_section = true;
    }

    fn close_section(out: &mut Vec<u8>) {
        out.extend_from_slice(b"\n],\n");
    }

    /// Begins an element on a line of its own.
    fn begin(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(if self.first_of_section { b"\n" } else { b",\n" });
        self.first_of_section = false;
    }

    fn write_entries(&mut self, out: &mut Vec<u8>, from: usize, rows: usize) -> Stage {
        let run = self.run.clone();
        let end = from.saturating_add(rows).min(self.order.ids().len());
        for at in from..end {
            let Some(id) = self.order.ids().get(at).copied() else { continue };
            self.begin(out);
            lines(&run, Naming::Rows).entry(out, id);
        }
        if end < self.order.ids().len() {
            return Stage::Entries(end);
        }
        Self::close_section(out);
        self.open_section(out, "matches");
        Stage::Matches(0)
    }

    /// Matches in the order of their first order; a match is written where its first entry stands.
    fn write_matches(&mut self, out: &mut Vec<u8>, from: usize, rows: usize) -> Stage {
        let run = self.run.clone();
        let end = from.saturating_add(rows).min(self.order.ids().len());
        for at in from..end {
            let Some(id) = self.order.ids().get(at).copied() else { continue };
            let Some(found) = run.entries.match_of(id) else { continue };
            let members = run.matches.members(&run.entries, found);
            if members.min_by_key(|member| place(&run.entries, *member)) != Some(id) {
                continue;
            }
            self.begin(out);
            let mut work = std::mem::take(&mut self.work);
            lines(&run, Naming::Rows).of_match(out, found, &mut work);
            self.line.clear();
            lines(&run, Naming::Identities).of_match(&mut self.line, found, &mut work);
            self.work = work;
            self.digest("matches");
        }
        if end < self.order.ids().len() {
            return Stage::Matches(end);
        }
        Self::close_section(out);
        self.open_section(out, "exceptions");
        Stage::Exceptions(0)
    }

    fn write_exceptions(&mut self, out: &mut Vec<u8>, from: usize, rows: usize) -> Stage {
        let run = self.run.clone();
        let end = from.saturating_add(rows).min(self.exceptions.len());
        for at in from..end {
            let place = self.exceptions.get(at).copied();
            let Some(exception) = place.and_then(|at| run.exceptions.items.get(at)) else {
                continue;
            };
            self.begin(out);
            lines(&run, Naming::Rows).exception(out, exception);
            self.line.clear();
            lines(&run, Naming::Identities).exception(&mut self.line, exception);
            self.digest("exceptions");
        }
        if end < self.exceptions.len() {
            return Stage::Exceptions(end);
        }
        Self::close_section(out);
        self.open_section(out, "in_transit");
        Stage::InTransit(0)
    }

    fn write_in_transit(&mut self, out: &mut Vec<u8>, from: usize, rows: usize) -> Stage {
        let run = self.run.clone();
        let end = from.saturating_add(rows).min(self.order.ids().len());
        for at in from..end {
            let Some(id) = self.order.ids().get(at).copied() else { continue };
            if self.run.entries.disposition(id) == Disposition::InTransit {
                self.begin(out);
                lines(&run, Naming::Rows).in_transit(out, id);
                self.line.clear();
                lines(&run, Naming::Identities).in_transit(&mut self.line, id);
                self.digest("in_transit");
            }
        }
        if end < self.order.ids().len() {
            return Stage::InTransit(end);
        }
        Self::close_section(out);
        self.open_section(out, "payouts");
        Stage::Payouts(0)
    }

    fn write_payouts(&mut self, out: &mut Vec<u8>, from: usize, rows: usize) -> Stage {
        let run = self.run.clone();
        let payouts = &run.payouts.all;
        let end = from.saturating_add(rows).min(payouts.len());
        for (at, payout) in payouts.iter().enumerate().take(end).skip(from) {
            let notes = run.exceptions.notes_of_payout(at);
            self.begin(out);
            lines(&run, Naming::Rows).payout(out, payout, notes);
            self.line.clear();
            lines(&run, Naming::Identities).payout(&mut self.line, payout, notes);
            self.digest("payouts");
        }
        if end < payouts.len() {
            return Stage::Payouts(end);
        }
        Self::close_section(out);
        self.write_causes(out);
        Stage::Proof
    }

    fn write_causes(&mut self, out: &mut Vec<u8>) {
        let run = self.run.clone();
        self.open_section(out, "causes");
        for card in &run.causes {
            self.begin(out);
            self.line.clear();
            append_cause(&mut self.line, &run, card);
            out.extend_from_slice(&self.line);
            self.digest("causes");
        }
        Self::close_section(out);
    }

    fn write_proof(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\"proof\":{\"balanced\":");
        out.extend_from_slice(if self.run.balanced() { b"true" } else { b"false" });
        out.extend_from_slice(b",\"totals\":[");
        self.first_of_section = true;
        let run = self.run.clone();
        for total in &run.totals.totals {
            self.begin(out);
            self.line.clear();
            append_total(&mut self.line, total);
            out.extend_from_slice(&self.line);
            self.digest("totals");
        }
        for frozen in &run.frozen() {
            self.begin(out);
            self.line.clear();
            append_frozen(&mut self.line, frozen);
            out.extend_from_slice(&self.line);
            self.digest("totals");
        }
        out.extend_from_slice(b"\n],\"sections\":");
        let mut object = Object::open(out);
        for (name, digest) in SECTIONS.iter().zip(&self.sections) {
            object.text(name, &hex(digest.clone()));
        }
        object.close();
        out.extend_from_slice(b",\"result_sha256\":\"");
    }

    /// Ends the document: the hash of all bytes with the hash's own place left empty.
    fn seal(&mut self, mut out: Vec<u8>) -> Option<Vec<u8>> {
        const END: &[u8] = b"\"}}\n";
        self.whole.update(&out);
        self.whole.update(END);
        out.extend_from_slice(hex(self.whole.clone()).as_bytes());
        out.extend_from_slice(END);
        self.stage = Stage::Done;
        Some(out)
    }
}

fn lines(run: &Run, naming: Naming) -> Lines<'_> {
    Lines { run, naming }
}

fn append_total(out: &mut Vec<u8>, total: &Total) {
    let mut object = Object::open(out);
    object.text("side", total.side.name());
    object.text("kind", total.kind.name());
    object.text("currency", total.currency.code());
    object.text("measure", total.measure.name());
    object.number("rows", total.rows);
    object.amount("input", total.input, total.currency);
    for end in [
        Disposition::Matched,
        Disposition::Open,
        Disposition::InTransit,
        Disposition::Excluded,
        Disposition::ClosedBefore,
    ] {
        let amount = total.ends.get(end as usize).copied().unwrap_or_default();
        object.amount(end.name(), amount, total.currency);
    }
    object.close();
}

/// Money that its account holds and cannot spend: after the totals, in a layout of its own.
fn append_frozen(out: &mut Vec<u8>, frozen: &Frozen) {
    let mut object = Object::open(out);
    object.text("measure", "frozen");
    object.text("side", Side::Bank.name());
    object.some_text("account", &frozen.account);
    object.text("currency", frozen.currency.code());
    if let Some(on) = frozen.on {
        object.text("on", &on.to_string());
    }
    object.amount("amount", frozen.amount, frozen.currency);
    object.close();
}

/// A digest in hexadecimal.
pub(crate) fn hex(digest: Sha256) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in digest.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
