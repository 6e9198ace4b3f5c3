//! Holds a result document that someone else made against its sources and settings.
//!
//! The verifier recomputes what follows from the document alone and from the rows that were read
//! again; it knows nothing of the matching. What neither can tell (which of several right answers
//! the rules choose, and every word of it) is told by making the result again: a run is a pure
//! function, so the same files and settings give the same bytes.

use crate::proof::{Check, CheckName, Finding, SourceRows, Verdict, Verifier};
use crate::report::{DocumentWriter, Run};

/// What to do with a document that was made with other settings than those of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherSettings {
    /// It is wrong: the settings were given.
    Wrong,
    /// It cannot be made again; its rows can still be checked.
    Unknown,
}

/// Rows written at a time.
const ROWS: usize = 20_000;

/// Bytes of a line that a finding quotes.
const QUOTED: usize = 120;

/// The check of one document, which comes in pieces.
#[derive(Debug)]
pub struct Audit<'r> {
    verifier: Verifier<'r>,
    run: &'r Run,
    other: OtherSettings,
    /// The document made again; `None` if it cannot be.
    again: Option<DocumentWriter<&'r Run>>,
    /// What was written of it last, and up to where it is compared.
    written: Vec<u8>,
    at: usize,
    /// The line of the document in hand, and its number.
    line: Vec<u8>,
    number: u64,
    /// The first line that differs: its number, stated, computed.
    differs: Option<(u64, String, String)>,
}

impl<'r> Audit<'r> {
    /// A check that has not begun, against a run over the document's files.
    pub fn new(run: &'r Run, other: OtherSettings) -> Self {
        let sources = run.sources.iter().zip(&run.sha256).map(|(source, sha256)| {
            let rows = source.rows;
            SourceRows {
                file: source.file.clone(),
                sha256: sha256.clone(),
                rows: [rows.read, rows.entries, rows.structural, rows.rejected],
                codes: source.codes(),
            }
        });
        Self {
            verifier: Verifier::with_rows(&run.entries, sources.collect()),
            run,
            other,
            again: Some(DocumentWriter::new(run)),
            written: Vec::new(),
            at: 0,
            line: Vec::new(),
            number: 0,
            differs: None,
        }
    }

    /// Takes the next piece of the document.
    pub fn push(&mut self, piece: &[u8]) {
        self.verifier.push(piece);
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            if self.again.is_none() || self.differs.is_some() {
                return;
            }
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.compare_line();
            }
        }
    }

    /// The verdict, after the last piece.
    pub fn finish(mut self) -> Verdict {
        if self.again.is_some() && self.differs.is_none() {
            // What is left of either is a line that the other has not.
            self.compare_line();
        }
        let mut verdict = self.verifier.finish();
        if self.again.is_some() {
            verdict.add(repeated(self.differs));
        }
        verdict
    }

    fn compare_line(&mut self) {
        self.number = self.number.saturating_add(1);
        let stated = std::mem::take(&mut self.line);
        if self.number == 1 && self.other == OtherSettings::Unknown {
            let config = format!("\"config_sha256\":\"{}\"", self.run.config_sha256);
            if !String::from_utf8_lossy(&stated).contains(&config) {
                self.again = None;
                return;
            }
        }
        let computed = self.written_line();
        if stated != computed {
            let [stated, computed] = quoted(&stated, &computed);
            self.differs = Some((self.number, stated, computed));
        }
    }

    /// The next line of the document as it is made again; empty at its end.
    fn written_line(&mut self) -> Vec<u8> {
        let mut line = Vec::new();
        loop {
            let rest = self.written.get(self.at..).unwrap_or_default();
            let end = rest.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(rest.len(), |end| end.saturating_add(1));
            line.extend_from_slice(rest.get(..taken).unwrap_or_default());
            self.at = self.at.saturating_add(taken);
            if end.is_some() {
                return line;
            }
            self.at = 0;
            match self.again.as_mut().and_then(|again| again.next_chunk(ROWS)) {
                Some(chunk) => self.written = chunk,
                None => {
                    self.written = Vec::new();
                    return line;
                }
            }
        }
    }
}

/// Both lines from a little before the place where they part.
fn quoted(one: &[u8], other: &[u8]) -> [String; 2] {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let from = same.saturating_sub(QUOTED / 3);
    [one, other].map(|line| {
        let part = line.get(from..).unwrap_or_default();
        let part = part.get(..QUOTED).unwrap_or(part);
        String::from_utf8_lossy(part).trim_end().to_owned()
    })
}

fn repeated(differs: Option<(u64, String, String)>) -> Check {
    let findings: Vec<Finding> = differs
        .into_iter()
        .map(|(line, stated, computed)| Finding {
            what: match line {
                1 => "the result was made by another version or with other settings",
                _ => "the same files and settings say otherwise",
            }
            .to_owned(),
            place: format!("line {line}"),
            stated,
            computed,
        })
        .collect();
    let failures = u64::try_from(findings.len()).unwrap_or(u64::MAX);
    Check { name: CheckName::Repeated, ok: findings.is_empty(), failures, findings }
}
