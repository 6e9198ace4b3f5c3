//! Turns the bytes of one source into entries, in one pass where the formats are clear from its
//! head, else in two: one that gathers evidence and one that reads.
//!
//! ```text
//! let mut reader = EntryReader::open(spec, head, whole, native_decoder)?;
//! if reader.needs_evidence() {
//!     for chunk in chunks { reader.observe(chunk)?; }
//!     reader.end_evidence()?;
//! }
//! entries.begin_source(reader.side());
//! for chunk in chunks { reader.push(chunk, &mut entries)?; }
//! let report = reader.finish(&mut entries)?;
//! ```

use super::controls::Controls;
use super::detect::unknown_layout;
use super::diagnostic::Diagnostic;
use super::dialect::Quoting;
use super::drift;
use super::encoding::{Encoding, OpenDecoder};
use super::evidence::Evidence;
use super::fields::Field;
use super::fixed_columns;
use super::found::Found;
use super::guess::Guess;
use super::headless;
use super::layout::{Header, rule_of};
use super::plan::{Defaults, Plan};
use super::profile::{Fixed, Format, Profile, Quotes, Tested};
use super::record::{Counts, Flow, Record, RecordSink, Rows};
use super::report::{Assumption, Drift, NOT_STATED, SourceReport};
use super::rows::{RowSink, RowState};
use super::source::{Layout, Shape, SourceReader, read_head};
use super::webhook::Secrets;
use crate::entry::{Entries, Side};
use crate::error::Error;
use crate::limits;
use crate::money::Currency;
use crate::time::Zone;

/// What is to be read, and what the user said about it.
#[derive(Clone, Debug)]
pub struct SourceSpec {
    /// The file's name, unique in the run.
    pub name: String,
    /// Whose view of the money it gives; `None` takes the side of its profile.
    pub side: Option<Side>,
    /// The name of a shipped profile, where the user chose one.
    pub profile: Option<String>,
    /// A mapping of the user's own.
    pub mapping: Option<Mapping>,
    /// Profiles of the user's own: one that recognises the file by its signature reads it.
    pub own: Vec<Profile>,
    /// Mappings that were saved: the one whose fingerprint is that of the file's header counts.
    pub saved: Vec<Profile>,
    /// Of which shop, marketplace or account it speaks, where that was stated for this source.
    pub scope: Option<String>,
    /// The zone of times without an offset, where neither file nor profile names one.
    pub zone: Zone,
    /// The currency of rows, where the file names none.
    pub currency: Option<Currency>,
    /// Parts of the same workbook or archive that are not read, each with the reason.
    pub left_out: Vec<(String, String)>,
    /// By which the signatures of pushed events are checked; only on the side `webhook`.
    pub secrets: Secrets,
}

/// A mapping of the user's own.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// What it says, in the schema of a profile.
    pub profile: Profile,
    /// Whether fields that it leaves out are read as the profile of the file says (`--columns`),
    /// or not at all (a saved mapping).
    pub completes: bool,
}

/// Reads one source; see the module's documentation for the order of the calls.
#[derive(Debug)]
pub struct EntryReader {
    spec: SourceSpec,
    open: OpenDecoder,
    layout: Layout,
    /// What the encoding was guessed by in the head.
    guess: Option<Guess>,
    /// `None` while a JSON source whose columns are not known yet is waited for.
    ready: Option<Ready>,
    evidence_reader: Option<SourceReader>,
    reader: SourceReader,
}

/// What is known once the header was seen.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) profile: String,
    pub(super) scope: String,
    side: Side,
    pub(super) evidence: Evidence,
    is_decided: bool,
    pub(super) assumptions: Vec<Assumption>,
    drift: Option<Drift>,
    pub(super) rows: RowState,
}

impl EntryReader {
    /// Looks at the head of a source (64 KiB or more of it; `whole` if it is all) and decides how
    /// to read it.
    ///
    /// # Errors
    /// Those of [`Layout::detect`] and [`choose`], `ingest/unknown-profile`,
    /// `ingest/unknown-column`, `ingest/no-amount`; all name the file.
    pub fn open(
        spec: SourceSpec,
        head: &[u8],
        whole: bool,
        open: OpenDecoder,
    ) -> Result<Self, Error> {
        let name = spec.name.clone();
        Self::try_open(spec, head, whole, open).map_err(|error| error.in_file(&name))
    }

    fn try_open(
        spec: SourceSpec,
        head: &[u8],
        whole: bool,
        open: OpenDecoder,
    ) -> Result<Self, Error> {
        let mut layout = Layout::detect(&spec.name, head, whole, open)?;
        if fixed(&spec).is_some() {
            layout.shape = fixed_columns::LINES;
        }
        let mut ready = None;
        if layout.shape != Shape::Json || whole {
            let mut rows = Rows::up_to(limits::HEAD_LINES);
            fixed_columns::cut(fixed(&spec), &mut rows, |sink| {
                read_head(&spec.name, head, whole, layout, open, sink)
            })?;
            let found = Found::new(&spec, &rows)?;
            apply_dialect(&mut layout, &found.profile);
            ready = Some(Ready::new(&spec, found)?);
        }
        let reader = SourceReader::with_layout(&spec.name, layout, open);
        let guess = Guess::of_head(head, whole).filter(|guess| guess.encoding == layout.encoding);
        let mut this = Self { spec, open, layout, guess, ready, evidence_reader: None, reader };
        this.look_at(head, whole)?;
        Ok(this)
    }

    /// Takes the head as evidence; if that settles every format, no further pass is needed.
    fn look_at(&mut self, head: &[u8], whole: bool) -> Result<(), Error> {
        let Some(ready) = &mut self.ready else { return Ok(()) };
        if ready.evidence.is_empty() {
            ready.decide();
            return Ok(());
        }
        let mut sink = EvidenceSink { spec: &self.spec, ready: &mut self.ready, failure: None };
        fixed_columns::cut(fixed(&self.spec), &mut sink, |sink| {
            read_head(&self.spec.name, head, whole, self.layout, self.open, sink)
        })?;
        let Some(ready) = &mut self.ready else { return Ok(()) };
        if whole || ready.evidence.is_settled() {
            ready.decide();
        } else {
            ready.start_over();
        }
        Ok(())
    }

    /// Whether the whole source has to be observed before it can be read.
    #[must_use]
    pub fn needs_evidence(&self) -> bool {
        self.ready.as_ref().is_none_or(|ready| !ready.is_decided)
    }

    /// Takes the next bytes as evidence.
    ///
    /// # Errors
    /// Those of [`SourceReader::push`], and for JSON those of [`EntryReader::open`].
    pub fn observe(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let (spec, layout, open) = (&self.spec, self.layout, self.open);
        let reader = self
            .evidence_reader
            .get_or_insert_with(|| SourceReader::with_layout(&spec.name, layout, open));
        let mut sink = EvidenceSink { spec, ready: &mut self.ready, failure: None };
        let _ = fixed_columns::cut(fixed(spec), &mut sink, |sink| reader.push(bytes, sink))?;
        sink.end()
    }

    /// Ends the evidence and decides.
    ///
    /// # Errors
    /// As [`EntryReader::observe`].
    pub fn end_evidence(&mut self) -> Result<(), Error> {
        if let Some(mut reader) = self.evidence_reader.take() {
            let mut sink = EvidenceSink { spec: &self.spec, ready: &mut self.ready, failure: None };
            let fixed = fixed(&self.spec);
            let _ = fixed_columns::cut(fixed, &mut sink, |sink| reader.finish(sink))?;
            sink.end()?;
        }
        if let Some(ready) = &mut self.ready {
            ready.decide();
        }
        Ok(())
    }

    /// Whose view of the money the source gives.
    #[must_use]
    pub fn side(&self) -> Side {
        let ready = self.ready.as_ref().map(|ready| ready.side);
        ready.or(self.spec.side).unwrap_or(Side::Orders)
    }

    /// The name of the profile; empty while it is not decided.
    #[must_use]
    pub fn profile(&self) -> &str {
        self.ready.as_ref().map_or("", |ready| &ready.profile)
    }

    /// Reads the next bytes, cut anywhere, into entries of the source begun last.
    ///
    /// # Errors
    /// Those of [`SourceReader::push`], and `limit/entries` when the columns are full.
    pub fn push(&mut self, bytes: &[u8], entries: &mut Entries) -> Result<(), Error> {
        self.read(Some(bytes), entries)
    }

    fn read(&mut self, bytes: Option<&[u8]>, entries: &mut Entries) -> Result<(), Error> {
        if self.needs_evidence() {
            // Only a JSON source can be read without evidence: its columns come with its rows.
            self.end_evidence()?;
        }
        let Some(ready) = &mut self.ready else {
            let why = "the source was not observed before it was read";
            return Err(Error::new("ingest/no-evidence", why).in_file(&self.spec.name));
        };
        let mut sink = RowSink::new(&mut ready.rows, entries);
        let reader = &mut self.reader;
        let _ = fixed_columns::cut(fixed(&self.spec), &mut sink, |sink| match bytes {
            Some(bytes) => reader.push(bytes, sink),
            None => reader.finish(sink),
        })?;
        match sink.failure() {
            Some(error) => Err(error.in_file(&self.spec.name)),
            None => Ok(()),
        }
    }

    /// Ends the source and says what became of it.
    ///
    /// # Errors
    /// As [`EntryReader::push`].
    pub fn finish(mut self, entries: &mut Entries) -> Result<SourceReport, Error> {
        self.read(None, entries)?;
        let name = self.spec.name;
        let Some(ready) = self.ready else { return Err(unknown_layout(&name, &Rows::default())) };
        let counts = self.reader.counts();
        let layout = self.reader.layout().unwrap_or(self.layout);
        let guess = self.guess.or(self.reader.guess());
        let mut report =
            ready.report(name.clone(), counts, entries).map_err(|error| error.in_file(&name))?;
        report.encoding = layout.encoding.label().to_owned();
        report.bytes = self.reader.bytes();
        report.assumptions.extend(guess.and_then(encoding_assumed));
        let left_out = self.spec.left_out.into_iter();
        let left_out = left_out.map(|(value, why)| Assumption::new("left out", value, why));
        report.assumptions.extend(left_out);
        Ok(report)
    }
}

/// Reads a source that is in memory as a whole, as a source of its own.
///
/// # Errors
/// Those of [`EntryReader`].
pub fn read_whole(
    spec: SourceSpec,
    bytes: &[u8],
    open: OpenDecoder,
    entries: &mut Entries,
) -> Result<SourceReport, Error> {
    let mut reader = EntryReader::open(spec, bytes, true, open)?;
    if reader.needs_evidence() {
        reader.observe(bytes)?;
        reader.end_evidence()?;
    }
    entries.begin_source(reader.side());
    reader.push(bytes, entries)?;
    reader.finish(entries)
}

impl SourceSpec {
    /// A source of which nothing but its name is known.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            side: None,
            profile: None,
            mapping: None,
            own: Vec::new(),
            saved: Vec::new(),
            scope: None,
            zone: Zone::UTC,
            currency: None,
            left_out: Vec::new(),
            secrets: Secrets::default(),
        }
    }
}

/// The widths at which a mapping cuts the lines of a source.
fn fixed(spec: &SourceSpec) -> Option<&Fixed> {
    spec.mapping.as_ref()?.profile.fixed.as_ref()
}

impl Ready {
    pub(super) fn new(spec: &SourceSpec, found: Found) -> Result<Self, Error> {
        let preamble = found.preamble_currency();
        let Found { profile, header, header_row, .. } = found;
        let own = profile.side.as_deref().and_then(Side::from_name);
        let side = spec.side.or(own).unwrap_or(Side::Orders);
        let defaults = Defaults {
            side,
            zone: spec.zone,
            preamble: preamble.as_deref(),
            currency: spec.currency.map(Currency::code),
        };
        let controls = Controls::new(&profile, &header);
        let mut assumptions = Vec::new();
        if profile.status == Tested::Generic {
            assumptions.push(columns_assumed(&profile, &header));
            if header_row == Some(headless::NO_HEADER) && !profile.name.contains('+') {
                let why = "the first row holds values: the columns are called by their places, and \
                           what they are follows from their values alone";
                assumptions.push(Assumption::new("header", "none", why).asks("fields", &[]));
            }
        }
        let drift = drift::of(&profile, &header, header_row, side);
        let plan = Plan::new(&profile, header, &defaults)?;
        assumptions.extend(currency_assumed(spec, &profile, &plan, preamble.is_some()));
        let evidence = Evidence::new(&plan);
        let rows = RowState::new(&profile, plan, controls, header_row);
        let scope = spec.scope.clone().or_else(|| profile.scope.clone()).unwrap_or_default();
        Ok(Self {
            profile: profile.name,
            scope: scope.trim().to_owned(),
            side,
            evidence,
            is_decided: false,
            assumptions,
            drift,
            rows,
        })
    }

    /// Writes what the evidence says into the plan.
    pub(super) fn decide(&mut self) {
        if !self.is_decided {
            self.is_decided = true;
            self.assumptions.extend(self.evidence.decide(self.rows.plan_mut()));
            self.rows.set_positive_is_charge(self.evidence.positive_is_charge());
        }
    }

    /// Ends the rows and says what became of them; the caller adds what it knows of the bytes.
    pub(super) fn report(
        self,
        file: String,
        counts: Counts,
        entries: &mut Entries,
    ) -> Result<SourceReport, Error> {
        let done = self.rows.finish(counts, entries)?;
        let mut assumptions = self.assumptions;
        assumptions.extend(done.assumptions);
        Ok(SourceReport {
            carried: None,
            file,
            side: self.side,
            scope: self.scope,
            profile: self.profile,
            encoding: Encoding::Utf8.label().to_owned(),
            bytes: 0,
            currencies: done.currencies,
            rows: done.rows,
            controls: done.controls,
            drift: self.drift,
            assumptions,
            accounts: done.accounts,
            rejected: done.rejected,
            rejected_by_code: done.rejected_by_code,
            broken_lines: done.broken,
            pieces: self.evidence.into_pieces(),
            diagnostics: done.diagnostics,
        })
    }

    /// Forgets what the head said: the whole source is asked from its beginning.
    fn start_over(&mut self) {
        self.evidence = Evidence::new(self.rows.plan());
    }
}

/// Where the currency comes from that the file does not state.
fn currency_assumed(
    spec: &SourceSpec,
    profile: &Profile,
    plan: &Plan,
    in_preamble: bool,
) -> Option<Assumption> {
    let code = plan.currency.constant();
    if plan.currency.is_given_by_file() || in_preamble {
        return None;
    }
    if code.is_empty() {
        let why = "neither a column nor a line of the file says in which currency its amounts are; \
                   its rows are read once that is stated";
        return Some(
            Assumption::new("currency", NOT_STATED, why).asks("fields.currency.value", &[]),
        );
    }
    let rule = rule_of(profile, Field::Currency);
    let why = if spec.currency.is_some_and(|currency| currency.code() == code) {
        "the file has no column for it; it was stated for the run"
    } else if rule.is_some_and(|rule| rule.assumed.as_deref() == Some(code)) {
        "the file has no column for it; state another one for the run if it is wrong"
    } else {
        return None;
    };
    Some(Assumption::new("currency", code, why))
}

/// The encoding, where it was guessed by few characters or is one of several that are alike.
fn encoding_assumed(guess: Guess) -> Option<Assumption> {
    (!guess.is_clear())
        .then(|| Assumption::new("encoding", guess.encoding.to_string(), guess.why()))
}

/// Which columns were found by their names: what a person may want to look at.
fn columns_assumed(profile: &Profile, header: &Header) -> Assumption {
    let found: Vec<String> = super::layout::mapped(profile, header)
        .into_iter()
        .map(|(field, column)| format!("{} = {}", field.name(), header.name(column)))
        .collect();
    let why = "no known layout; the columns were recognised by their names";
    Assumption::new("columns", found.join(", "), why)
}

/// Takes from the profile what cannot be seen in the file.
fn apply_dialect(layout: &mut Layout, profile: &Profile) {
    if let Shape::Delimited(dialect) = &mut layout.shape
        && profile.format != Format::Json
        && let Some(quotes) = profile.dialect.quoting
    {
        dialect.quoting = match quotes {
            Quotes::Double => Quoting::Double,
            Quotes::Off => Quoting::Off,
            Quotes::BackTick => Quoting::BackTick,
        };
    }
}

/// Gives the rows under the header to the evidence.
struct EvidenceSink<'a> {
    spec: &'a SourceSpec,
    ready: &'a mut Option<Ready>,
    failure: Option<Error>,
}

impl EvidenceSink<'_> {
    fn end(self) -> Result<(), Error> {
        self.failure.map_or(Ok(()), |error| Err(error.in_file(&self.spec.name)))
    }
}

impl RecordSink for EvidenceSink<'_> {
    fn columns(&mut self, names: &[String]) {
        if self.ready.is_some() {
            return;
        }
        let mut rows = Rows::up_to(0);
        rows.columns = names.to_vec();
        match Found::new(self.spec, &rows).and_then(|found| Ready::new(self.spec, found)) {
            Ok(ready) => *self.ready = Some(ready),
            Err(error) => self.failure = Some(error),
        }
    }

    fn record(&mut self, record: &Record<'_>) -> Flow {
        let Some(ready) = self.ready else { return Flow::Break(()) };
        ready.rows.observe(record, &mut ready.evidence);
        Flow::Continue(())
    }

    fn diagnostic(&mut self, _: Diagnostic) {}
}
