//! Says what became of a source: what it is, where each of its rows went, what was assumed, and which
//! codes that gives.

use std::collections::BTreeMap;

use super::accounts::{Figure, Ledger};
use super::diagnostic::Diagnostic;
use crate::codes::Code;
use crate::entry::Side;
use crate::ids::EntryId;
use crate::money::Currency;
use crate::time::Date;

/// How many physical rows ended where; `read` is the sum of the other three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Physical rows of the source: lines that start a record, or JSON elements.
    pub read: u64,
    /// Rows that became one or more entries.
    pub entries: u64,
    /// Headers, footers, comments, blank lines, summaries, further lines of an order.
    pub structural: u64,
    /// Rows that could not be read.
    pub rejected: u64,
}

impl RowCounts {
    /// Whether every row ended in exactly one place.
    pub fn ties(&self) -> bool {
        let places = self.entries.checked_add(self.structural);
        places.and_then(|sum| sum.checked_add(self.rejected)) == Some(self.read)
    }
}

/// A total that the file prints, and the same total recomputed from its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// What is totalled, in plain English.
    pub name: String,
    /// What the file says, or what it must be.
    pub stated: String,
    /// What the rows add up to.
    pub computed: String,
    /// Whether they agree.
    pub ok: bool,
    /// Whether it is no total, but counts the rows in which an equation holds: those in which it
    /// does not have facts of their own.
    pub of_rows: bool,
}

impl Control {
    /// What a total says that is not that of the rows.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        (!self.ok && !self.of_rows).then_some(Code::ControlTotalMismatch)
    }
}

/// Columns that changed since the format of a file was described.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Columns that the format reads and the file does not have …
    pub missing: Vec<String>,
    /// … and the columns in which the file seems to have the same, in the same order.
    pub unknown: Vec<String>,
}

/// The value of an assumption where nothing could be taken to be so.
pub const NOT_STATED: &str = "not stated";

/// Something that the file does not say and that was taken to be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// What was assumed, such as `time zone`.
    pub what: String,
    /// The value that was taken.
    pub value: String,
    /// Why, with the evidence.
    pub why: String,
    /// Where the answer belongs, if the file leaves a choice that a person has to confirm.
    pub question: Option<Question>,
    /// What seems to be wrong with the file, if that is why it is asked.
    pub code: Option<Code>,
}

/// A choice that a person has to confirm.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// Where the answer stands in a mapping, such as `fields.occurred_at.format`; empty if no mapping
    /// can answer it.
    pub path: String,
    /// The answers there are, the one that was taken first; none: any text.
    pub options: Vec<String>,
}

impl Assumption {
    /// Something that was taken to be so.
    pub fn new(what: impl Into<String>, value: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), value: value.into(), why: why.into(), question: None, code: None }
    }

    /// The same, since this seems to be wrong with the file.
    #[must_use]
    pub fn states(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    /// The same as a question, whose answer stands in a mapping at `path`.
    #[must_use]
    pub fn asks(mut self, path: impl Into<String>, options: &[&str]) -> Self {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        self.question = Some(Question { path: path.into(), options });
        self
    }

    /// Whether a person has to confirm it.
    #[must_use]
    pub fn is_question(&self) -> bool {
        self.question.is_some()
    }
}

/// A row that could not be read, kept whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// The physical row.
    pub row: u32,
    /// `BAD_DATE`, `PRECISION_ERROR`, or `UNPARSEABLE` for all else.
    pub code: Code,
    /// What is wrong, in which column, and what to do.
    pub reason: String,
    /// The row as it stands in the file, cut at a stated limit.
    pub raw: String,
}

/// A row of an order that is about several pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The physical row.
    pub row: u32,
    /// How many pieces.
    pub pieces: u32,
}

/// From what the entries of a source were carried forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarriedFrom {
    /// The last day of the run that left them open.
    pub as_of: Date,
    /// How many rows it and those before it had closed.
    pub closed: u64,
}

/// What became of one source.
#[derive(Clone, Debug)]
pub struct SourceReport {
    /// The file's name, unique in the run.
    pub file: String,
    /// Whose view of the money it gives.
    pub side: Side,
    /// Of which shop, marketplace or account it speaks; empty: that was not stated.
    pub scope: String,
    /// The profile or mapping by which it was read.
    pub profile: String,
    /// If its entries are those that an earlier run left open: which.
    pub carried: Option<CarriedFrom>,
    /// The encoding in which it is written.
    pub encoding: String,
    /// Its bytes.
    pub bytes: u64,
    /// The currencies in it, sorted.
    pub currencies: Vec<Currency>,
    /// Where its rows went.
    pub rows: RowCounts,
    /// Its control totals.
    pub controls: Vec<Control>,
    /// Which of its columns are not those of its format any more.
    pub drift: Option<Drift>,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
    /// Its accounts, if it is one of a bank.
    pub accounts: Vec<Ledger>,
    /// The rows that could not be read, up to a stated limit; the counts hold all of them.
    pub rejected: Vec<RejectedRow>,
    /// The codes of all rejected rows, also of those that are not kept.
    pub rejected_by_code: BTreeMap<Code, u64>,
    /// Entries whose own figures do not add up (gross + fee + tax is not the net).
    pub broken_lines: Vec<EntryId>,
    /// Rows of several pieces whose amount is not derived from a price, up to a stated limit.
    pub pieces: Vec<Piece>,
    /// What the reader noticed and could live with, up to a stated limit.
    pub diagnostics: Vec<Diagnostic>,
}

impl SourceReport {
    /// How often each code is stated of the source itself, and not of an entry: sorted.
    #[must_use]
    pub fn codes(&self) -> BTreeMap<Code, u64> {
        let mut codes = self.rejected_by_code.clone();
        let drift = self.drift.iter().map(|_| Code::SchemaDrift);
        let asked = self.assumptions.iter().filter_map(|assumption| assumption.code);
        for code in self.controls.iter().filter_map(Control::code).chain(drift).chain(asked) {
            let count = codes.entry(code).or_default();
            *count = count.saturating_add(1);
        }
        codes
    }

    /// The balances that the source states, account by account.
    pub fn balances(&self) -> impl Iterator<Item = (&Ledger, &Figure)> {
        let accounts = self.accounts.iter();
        accounts.flat_map(|account| account.figures.iter().map(move |figure| (account, figure)))
    }
}
