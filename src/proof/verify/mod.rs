//! Decides whether a result document proves itself: recomputes every total, difference, partition
//! and checksum from the document alone.
//!
//! It shares nothing with the engine but the vocabulary, and believes nothing that it can compute.
//! The document is read line by line as it comes; one small record of each entry is kept, so a
//! document of any size is checked in one pass.

mod absences;
mod carried;
mod causes;
mod charges;
mod choices;
mod counts;
mod cursor;
mod endings;
mod entries;
mod events;
mod exceptions;
mod facts;
mod frozen;
mod insights;
mod ledger;
mod links;
mod matches;
mod members;
mod payouts;
mod rejected;
mod rows;
mod seals;
mod sources;
mod sums;
pub(crate) mod values;
mod verdict;
mod why_not;

use std::collections::BTreeMap;
use std::io;

use sha2::{Digest, Sha256};

use crate::entry::{Entries, IdentityFields};
use crate::limits;
use crate::time::Date;

use absences::Absences;
use causes::Causes;
use charges::Charges;
use counts::StatedCounts;
use cursor::{Broken, Cursor, Read};
use events::Events;
use exceptions::Exceptions;
use frozen::FrozenFunds;
use ledger::{Index, Ledger, Named};
use matches::Matches;
use payouts::Payouts;
use rows::Rows;
pub use rows::SourceRows;
use seals::{Seals, hex};
use sources::Source;
use sums::Sums;
use verdict::Findings;
pub use verdict::{Check, CheckName, Counts, Finding, Verdict};

/// Checks a result document.
///
/// # Errors
/// Only those of the reader: whatever is wrong with the document is in the verdict.
pub fn verify(mut document: impl io::Read) -> io::Result<Verdict> {
    let mut verifier = Verifier::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match document.read(&mut buffer) {
            Ok(0) => return Ok(verifier.finish()),
            Ok(length) => verifier.push(buffer.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The lists of a document, in its order: name of the checksum, and the line that opens each.
const SECTIONS: [(&str, &str); 9] = [
    ("sources", "\"sources\":["),
    ("summary", "\"summary\":{\"per_currency\":["),
    ("entries", "\"entries\":["),
    ("matches", "\"matches\":["),
    ("exceptions", "\"exceptions\":["),
    ("in_transit", "\"in_transit\":["),
    ("payouts", "\"payouts\":["),
    ("causes", "\"causes\":["),
    ("totals", "\"proof\":{\"balanced\":"),
];

/// What the next line must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Head,
    Open(usize),
    /// An element of a section, or its end.
    Element {
        section: usize,
        first: bool,
        comma: bool,
    },
    Nothing,
    /// The layout broke; what follows cannot be told.
    Lost,
}

/// Checks a document that comes in pieces.
#[derive(Debug)]
pub struct Verifier<'a> {
    /// The rows of the sources, if they were read again.
    rows: Option<Rows<'a>>,
    expect: Expect,
    /// The beginning of a line whose end has not come yet.
    partial: Vec<u8>,
    scratch: Vec<u8>,
    line: u64,
    bytes: u64,
    findings: Findings,
    result: Sha256,
    seals: Seals,
    as_of: Option<Date>,
    head_line: String,
    sources: Vec<Source>,
    ledger: Ledger,
    fields: IdentityFields,
    /// What stays the same of each entry while its state moves on, where anything was carried.
    cores: Vec<(u128, Index)>,
    matches: Matches,
    exceptions: Exceptions,
    absences: Absences,
    events: Events,
    causes: Causes,
    last_in_transit: Option<Index>,
    sums: Sums,
    charges: Charges,
    payouts: Payouts,
    frozen: FrozenFunds,
    stated_counts: StatedCounts,
    stated_balanced: bool,
    notes: u64,
    by_code: BTreeMap<String, u64>,
}

impl Default for Verifier<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> Verifier<'a> {
    /// A verifier that has seen nothing yet.
    pub fn new() -> Self {
        Self {
            rows: None,
            expect: Expect::Head,
            partial: Vec::new(),
            scratch: Vec::new(),
            line: 0,
            bytes: 0,
            findings: Findings::new(),
            result: Sha256::new(),
            seals: Seals::default(),
            as_of: None,
            head_line: String::new(),
            sources: Vec::new(),
            ledger: Ledger::default(),
            fields: IdentityFields::default(),
            cores: Vec::new(),
            matches: Matches::default(),
            exceptions: Exceptions::default(),
            absences: Absences::default(),
            events: Events::default(),
            causes: Causes::default(),
            last_in_transit: None,
            sums: Sums::default(),
            charges: Charges::default(),
            payouts: Payouts::default(),
            frozen: FrozenFunds::default(),
            stated_counts: StatedCounts::default(),
            stated_balanced: false,
            notes: 0,
            by_code: BTreeMap::new(),
        }
    }

    /// A verifier that also holds the entries against the rows of the sources. `entries` were read
    /// from `sources`, in this order.
    pub fn with_rows(entries: &'a Entries, sources: Vec<SourceRows>) -> Self {
        let mut verifier = Self { rows: Some(Rows::new(entries, sources)), ..Self::new() };
        verifier.findings.with_rows = true;
        verifier
    }

    /// Takes the next piece of the document; it may end anywhere.
    pub fn push(&mut self, piece: &[u8]) {
        self.bytes = self.bytes.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        let mut rest = piece;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            if self.partial.is_empty() {
                self.one_line(line);
            } else {
                let mut whole = std::mem::take(&mut self.partial);
                whole.extend_from_slice(line);
                self.one_line(&whole);
                whole.clear();
                self.partial = whole;
            }
        }
        if self.expect == Expect::Lost {
            return;
        }
        self.partial.extend_from_slice(rest);
        if self.partial.len() > limits::DOCUMENT_LINE_BYTES {
            self.partial = Vec::new();
            self.lost("a line is longer than any that is written", "");
        }
    }

    /// The verdict, after the last piece.
    pub fn finish(mut self) -> Verdict {
        if !self.partial.is_empty() {
            self.line = self.line.saturating_add(1);
            self.lost("the last line does not end", "");
        } else if !matches!(self.expect, Expect::Nothing | Expect::Lost) {
            self.lost("the document ends too early", "");
        }
        let complete = self.expect == Expect::Nothing;
        let counts = Counts {
            bytes: self.bytes,
            lines: self.line,
            sources: u64::try_from(self.sources.len()).unwrap_or(u64::MAX),
            entries: u64::from(self.ledger.len()),
            matches: self.matches.len(),
            exceptions: self.exceptions.count,
        };
        self.findings.into_verdict(complete, counts)
    }

    fn one_line(&mut self, line: &[u8]) {
        self.line = self.line.saturating_add(1);
        if self.expect == Expect::Lost {
            return;
        }
        let Ok(text) = std::str::from_utf8(line) else {
            return self.lost("the line is not UTF-8", "");
        };
        if !text.starts_with("],\"sections\":") {
            self.result.update(line);
            self.result.update(b"\n");
        }
        match self.expect {
            Expect::Head => match self.head(text) {
                Ok(()) => self.expect = Expect::Open(0),
                Err(broken) => self.lost_at(broken),
            },
            Expect::Open(section) => match self.open(section, text) {
                Ok(()) => self.expect = Expect::Element { section, first: true, comma: true },
                Err(broken) => self.lost_at(broken),
            },
            Expect::Element { section, first, comma } if text.starts_with(']') => {
                if comma && !first {
                    self.lost("a comma before the end of a list", "");
                } else if let Err(broken) = self.close(section, text) {
                    self.lost_at(broken);
                }
            }
            Expect::Element { section, comma, .. } => {
                if !comma {
                    return self.lost("a comma is missing after the line before", text);
                }
                let element = text.strip_suffix(',').unwrap_or(text);
                if let Err(broken) = self.element(section, element) {
                    self.broken(broken);
                }
                let comma = text.ends_with(',');
                self.expect = Expect::Element { section, first: false, comma };
            }
            Expect::Nothing => self.lost("something follows the document", text),
            Expect::Lost => {}
        }
    }

    fn open(&mut self, section: usize, line: &str) -> Read<()> {
        let mut c = Cursor::new(line);
        let opens = SECTIONS.get(section).map_or("", |(_, opens)| opens);
        if opens.ends_with(':') {
            c.literal("\"proof\":{")?;
            self.stated_balanced = c.flag("balanced")?;
            c.literal(",\"totals\":[")?;
        } else {
            c.literal(opens)?;
        }
        c.end()
    }

    fn element(&mut self, section: usize, line: &str) -> Read<()> {
        match section {
            0 => self.source(line),
            1 => {
                self.sums.read_account(&mut Cursor::new(line))?;
                self.seal(line, &[]);
                Ok(())
            }
            2 => self.entry(line),
            3 => self.one_match(line),
            4 => self.exception(line),
            5 => self.in_transit(line),
            6 => self.payout(line),
            7 => self.cause(line),
            _ => {
                if frozen::is_line(line) {
                    self.frozen.read(&mut Cursor::new(line))?;
                } else {
                    self.frozen.nothing_before(&Cursor::new(line))?;
                    self.sums.read_total(&mut Cursor::new(line))?;
                }
                self.seal(line, &[]);
                Ok(())
            }
        }
    }

    fn close(&mut self, section: usize, line: &str) -> Read<()> {
        let mut c = Cursor::new(line);
        match section {
            1 => {
                c.literal("],\"counts\":")?;
                let from = c.position();
                self.stated_counts = counts::read(&mut c)?;
                self.seal(line.get(from..c.position()).unwrap_or(""), &[]);
                if c.has("fees") {
                    let from = c.position();
                    self.charges.read(&mut c)?;
                    self.seal(line.get(from..c.position()).unwrap_or(""), &[]);
                }
                c.literal("},")?;
                c.end()?;
            }
            8 => {
                self.tail(line)?;
                self.expect = Expect::Nothing;
                return Ok(());
            }
            _ => {
                c.literal("],")?;
                c.end()?;
            }
        }
        match section {
            2 => {
                self.close_entries();
                self.close_payouts_of_entries();
            }
            3 => {
                self.close_matches();
                self.close_choices();
            }
            4 => {
                self.close_annotations();
                self.close_absences();
                self.close_repeats();
                self.close_events();
                self.close_payout_totals();
            }
            5 => self.close_places(),
            6 => self.close_payouts(),
            7 => self.close_causes(),
            _ => {}
        }
        if section > 0 {
            self.seals.close(SECTIONS.get(section).map_or("", |(name, _)| name));
        }
        self.expect = Expect::Open(section.saturating_add(1));
        Ok(())
    }

    /// The last line: the checksums. All has been read, so all that was added up is compared.
    fn tail(&mut self, line: &str) -> Read<()> {
        self.seals.close("totals");
        let mut c = Cursor::new(line);
        c.literal("],\"sections\":{")?;
        for (name, _) in SECTIONS.into_iter().skip(1) {
            let stated = c.text(name)?.value;
            let shown = (&*stated, self.seals.of(name));
            let what = "the checksum of a section";
            self.findings.equal(CheckName::Sections, what, || name.to_owned(), shown);
        }
        c.literal("}")?;
        let stated = c.text("result_sha256")?;
        for piece in [line.get(..stated.range.start), line.get(stated.range.end..), Some("\n")] {
            self.result.update(piece.unwrap_or("").as_bytes());
        }
        c.literal("}}")?;
        c.end()?;
        let computed = hex(std::mem::take(&mut self.result));
        let shown = (&*stated.value, computed.as_str());
        let place = || "result_sha256".to_owned();
        self.findings.equal(CheckName::Seal, "the checksum of the document", place, shown);
        self.compare_counts();
        self.charges.compare(&mut self.findings);
        self.frozen.compare(&mut self.findings);
        let balanced =
            self.sums.compare(&mut self.findings) && self.sources.iter().all(|s| s.balanced);
        if !(balanced && self.stated_balanced) {
            let what = "the document does not balance, or does not say so";
            let shown = (self.stated_balanced, balanced);
            self.findings.differs(CheckName::Balance, what, || "proof".to_owned(), shown);
        }
        Ok(())
    }

    /// Adds a line to the checksum of its section, with identities in place of row names.
    fn seal(&mut self, line: &str, rows: &[Named]) {
        let mut scratch = std::mem::take(&mut self.scratch);
        self.ledger.without_names(line, rows, &mut scratch);
        self.seals.add(&scratch);
        self.scratch = scratch;
    }

    /// An element that cannot be read; the next line may be well again.
    fn broken(&mut self, broken: Broken) {
        let line = self.line;
        self.findings.add(broken.check, || Finding {
            what: broken.what,
            place: format!("line {line}, column {}", broken.column),
            stated: broken.stated,
            computed: String::new(),
        });
    }

    fn lost_at(&mut self, broken: Broken) {
        self.broken(Broken { check: CheckName::Layout, ..broken });
        self.expect = Expect::Lost;
    }

    fn lost(&mut self, what: &str, stated: &str) {
        let stated = stated.chars().take(40).collect();
        self.lost_at(Broken { check: CheckName::Layout, what: what.to_owned(), stated, column: 1 });
    }
}
