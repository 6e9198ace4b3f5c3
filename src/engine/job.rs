//! One run from its first byte to its proof, in steps.
//!
//! Reading is driven from outside, since only the outside has the bytes: [`Job::wants`] names a
//! source, the caller streams it from its start through [`Job::push`] and ends it with
//! [`Job::end`]. A source whose columns must be seen whole before they can be understood is
//! wanted twice. Then [`Job::step`] works until it says that it is done.

use crate::causes::{Card, Tracer};
use crate::decisions::carry;
use crate::engine::names::unique_name;
use crate::engine::{Config, assumptions, books, carried, clocks, warnings};
use crate::entry::{Entries, Scopes, Side};
use crate::error::Error;
use crate::exceptions::why_not::Search;
use crate::exceptions::{Classifier, Counted, Exceptions, Terms};
use crate::ingest::encoding::OpenDecoder;
use crate::ingest::proven::prove;
use crate::ingest::reader::{EntryReader, SourceSpec};
use crate::ingest::report::SourceReport;
use crate::ingest::webhook;
use crate::limits::HEAD_BYTES;
use crate::matching::payouts::Collector;
use crate::matching::{Due, Matcher, Matches, Numbering, Payouts};
use crate::proof::{Totals, TotalsAtEnd};
use crate::report::Run;
use crate::time::Date;

/// Why a source is streamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// To learn how its columns are written; nothing is kept.
    Evidence,
    /// To read its entries.
    Read,
}

/// A source whose bytes the job needs next, from their start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    /// The source, by the order in which it was added.
    pub source: usize,
    /// What for. The first pass of a source may turn out to be its only one.
    pub pass: Pass,
}

/// What the job is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Bytes become entries.
    Reading,
    /// Entries become matches.
    Matching,
    /// Matches are held against contract, rates and calendar.
    Checking,
    /// Everything is added up.
    Proving,
    /// Nothing is left to do.
    Done,
}

/// How far the job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// What of that is done: bytes while reading, else thousandths.
    pub completed: u64,
    /// All of that, if it is known.
    pub total: Option<u64>,
}

/// One source on its way in.
#[derive(Debug)]
struct Incoming {
    spec: SourceSpec,
    size: Option<u64>,
    head: Vec<u8>,
    reader: Option<EntryReader>,
    evidence_seen: bool,
    report: Option<SourceReport>,
    bytes: u64,
}

#[derive(Debug)]
enum Work {
    Reading,
    Numbering(Numbering),
    Recognising,
    Matching(Matcher),
    Counting(Matches),
    AddingUp(Matches, Collector),
    Checking(Matches, Classifier),
    Asking(Matches, Exceptions, Search),
    Tracing(Matches, Exceptions, Tracer),
    Proving(Matches, Exceptions, Vec<Card>, TotalsAtEnd),
    Done(Matches, Exceptions, Vec<Card>, Totals),
}

/// A run on its way.
#[derive(Debug)]
pub struct Job {
    config: Config,
    open_decoder: OpenDecoder,
    sources: Vec<Incoming>,
    entries: Entries,
    terms: Terms,
    payouts: Payouts,
    as_of: Option<Date>,
    work: Work,
    /// Whether the clocks of the sources were looked at.
    clocks_known: bool,
}

impl Job {
    /// A run that has not begun; `open_decoder` decodes what is not UTF-8.
    pub fn new(config: Config, open_decoder: OpenDecoder) -> Self {
        let settlement = config.contract.as_ref().and_then(|c| c.settlement());
        let cycle = settlement.cloned().map(Box::new);
        let due = Due { cycle, as_of: config.as_of };
        let terms = Terms {
            contract: config.contract.clone(),
            counted: Counted::default(),
            rates: config.rates.clone(),
            tolerance: config.rules.tolerance.clone(),
            without_reference: config.rules.without_reference,
            due,
            day_ends: Vec::new(),
            splits: config.rules.splits.clone(),
        };
        let as_of = config.as_of;
        Self {
            config,
            open_decoder,
            sources: Vec::new(),
            entries: Entries::default(),
            terms,
            payouts: Payouts::default(),
            as_of,
            work: Work::Reading,
            clocks_known: false,
        }
    }

    /// Adds a source and names it; `size` in bytes, if it is known, for the progress.
    pub fn add_source(&mut self, mut spec: SourceSpec, size: Option<u64>) -> usize {
        let taken = self.sources.iter().map(|source| source.spec.name.as_str());
        spec.name = unique_name(&spec.name, taken);
        spec.zone = self.config.zone;
        spec.currency = spec.currency.or(self.config.currency);
        self.sources.push(Incoming {
            spec,
            size,
            head: Vec::new(),
            reader: None,
            evidence_seen: false,
            report: None,
            bytes: 0,
        });
        self.sources.len().saturating_sub(1)
    }

    /// The source whose bytes are needed next; `None` once all are read.
    pub fn wants(&self) -> Option<Want> {
        let source = self.sources.iter().position(|source| source.report.is_none())?;
        let seen = self.sources.get(source).is_some_and(|incoming| incoming.evidence_seen);
        Some(Want { source, pass: if seen { Pass::Read } else { Pass::Evidence } })
    }

    /// Takes the next bytes of the source that is wanted.
    ///
    /// # Errors
    /// When the source cannot be read: what it is, where, and what to do.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let Some(want) = self.wants() else { return Ok(()) };
        let Some(incoming) = self.sources.get_mut(want.source) else { return Ok(()) };
        let name = incoming.spec.name.clone();
        let pushed = incoming.push(bytes, &mut self.entries, self.open_decoder);
        pushed.map_err(|error| error.in_file(&name))
    }

    /// Says that the source that is wanted has no more bytes.
    ///
    /// # Errors
    /// As [`Job::push`].
    pub fn end(&mut self) -> Result<(), Error> {
        let Some(want) = self.wants() else { return Ok(()) };
        let Some(incoming) = self.sources.get_mut(want.source) else { return Ok(()) };
        let name = incoming.spec.name.clone();
        let ended = incoming.end(&mut self.entries, self.open_decoder);
        ended.map_err(|error| error.in_file(&name))?;
        if self.wants().is_none() { self.take_up_carried() } else { Ok(()) }
    }

    /// Takes up what the run before left open, behind the last source.
    fn take_up_carried(&mut self) -> Result<(), Error> {
        let Some(carried) = &self.config.carried else { return Ok(()) };
        self.entries.begin_carried();
        let reports = carried::push(carried, &mut self.entries)?;
        let latest = || day_after_latest(&self.entries, &self.config);
        carried.must_precede(self.config.as_of.or_else(latest))?;
        for mut report in reports {
            let taken = self.sources.iter().map(|source| source.spec.name.as_str());
            report.file = unique_name(&report.file, taken);
            self.sources.push(Incoming {
                spec: SourceSpec::new(report.file.clone()),
                size: Some(0),
                head: Vec::new(),
                reader: None,
                evidence_seen: true,
                report: Some(report),
                bytes: 0,
            });
        }
        Ok(())
    }

    /// Recognises rows that earlier runs have seen, and those that name what they have closed.
    fn recognise(&mut self) {
        let Some(carried) = &self.config.carried else { return };
        carry::recognise(&mut self.entries, carried);
        let reports = self.sources.iter().filter_map(|one| one.report.as_ref());
        let scopes: Vec<&str> = reports.map(|one| one.scope.as_str()).collect();
        let claims = carry::find_claims(&self.entries, carried, &scopes);
        self.entries.note_earlier(claims);
    }

    /// Works on about `budget` entries; `false` once all is done. Call it when nothing is wanted.
    pub fn step(&mut self, budget: u32) -> bool {
        if matches!(self.work, Work::Recognising) {
            self.recognise();
        }
        let entries = &mut self.entries;
        self.work = match std::mem::replace(&mut self.work, Work::Reading) {
            Work::Reading => {
                let mut reports: Vec<&mut SourceReport> =
                    self.sources.iter_mut().filter_map(|one| one.report.as_mut()).collect();
                let rules = &self.config.rules.clocks;
                self.terms.day_ends = clocks::apply_rules(rules, &mut reports, entries);
                self.as_of = self.as_of.or_else(|| day_after_latest(entries, &self.config));
                self.terms.due.as_of = self.as_of;
                let reports = self.sources.iter().filter_map(|incoming| incoming.report.as_ref());
                let scopes: Vec<_> = reports.map(|one| (one.side, one.scope.as_str())).collect();
                entries.set_scopes(Scopes::of(&scopes));
                Work::Numbering(Numbering::default())
            }
            Work::Numbering(mut numbering) => {
                if numbering.step(entries, budget) {
                    Work::Numbering(numbering)
                } else {
                    Work::Recognising
                }
            }
            Work::Recognising => {
                let due = self.terms.due.clone();
                let without_reference = self.config.rules.without_reference;
                let tolerance = self.terms.tolerance.clone();
                let off = self.config.rules.off.clone();
                let terms = crate::matching::Terms { due, off, without_reference, tolerance };
                Work::Matching(Matcher::new(terms))
            }
            Work::Matching(mut matcher) => {
                if matcher.step(entries, budget) {
                    Work::Matching(matcher)
                } else {
                    self.after_matching(matcher.finish())
                }
            }
            Work::Counting(matches) => {
                let contract = self.terms.contract.as_ref();
                let mut counted = Counted::of(entries, contract);
                counted.open_fee_rows(entries, contract);
                self.terms.counted = counted;
                let reports = self.sources.iter().filter_map(|one| one.report.as_ref());
                Work::AddingUp(matches, Collector::new(books::of_sources(reports)))
            }
            Work::AddingUp(mut matches, mut payouts) => {
                if payouts.step(entries, budget) {
                    Work::AddingUp(matches, payouts)
                } else {
                    self.payouts = payouts.finish(entries);
                    self.payouts.find_arrivals(entries, &mut matches, self.as_of);
                    self.payouts.find_mismatches(entries, &mut matches);
                    Work::Checking(matches, Classifier::new())
                }
            }
            Work::Checking(matches, mut classifier) => {
                if classifier.step(entries, &matches, &self.terms, budget) {
                    Work::Checking(matches, classifier)
                } else {
                    let mut exceptions = classifier.finish();
                    exceptions.note_reserves(&self.payouts);
                    let search = Search::new(entries, &matches, &exceptions, &self.terms);
                    Work::Asking(matches, exceptions, search)
                }
            }
            Work::Asking(matches, mut exceptions, mut search) => {
                if search.step(entries, &exceptions, budget) {
                    Work::Asking(matches, exceptions, search)
                } else {
                    exceptions.why_not = search.finish();
                    Work::Tracing(matches, exceptions, Tracer::default())
                }
            }
            Work::Tracing(matches, mut exceptions, mut tracer) => {
                if tracer.step(entries, &mut exceptions) {
                    Work::Tracing(matches, exceptions, tracer)
                } else {
                    let causes = tracer.finish(entries, &exceptions);
                    Work::Proving(matches, exceptions, causes, TotalsAtEnd::default())
                }
            }
            Work::Proving(matches, exceptions, causes, mut totals) => {
                if totals.step(entries, budget) {
                    Work::Proving(matches, exceptions, causes, totals)
                } else {
                    Work::Done(matches, exceptions, causes, totals.finish(entries))
                }
            }
            done @ Work::Done(..) => done,
        };
        !matches!(self.work, Work::Done(..))
    }

    /// Checks the matches, or makes them again where they say on which clock a file was written.
    fn after_matching(&mut self, matches: Matches) -> Work {
        if !self.clocks_known && self.moves_clocks(&matches) {
            return Work::Numbering(Numbering::default());
        }
        Work::Counting(matches)
    }

    /// Looks once at the clocks of the sources; whether one was moved, and all matches forgotten.
    fn moves_clocks(&mut self, matches: &Matches) -> bool {
        self.clocks_known = true;
        let mut reports: Vec<&mut SourceReport> =
            self.sources.iter_mut().filter_map(|one| one.report.as_mut()).collect();
        let ends = &mut self.terms.day_ends;
        let moved = clocks::infer(&mut reports, &mut self.entries, matches, ends);
        if moved {
            self.entries.forget_matches();
            self.as_of =
                self.config.as_of.or_else(|| day_after_latest(&self.entries, &self.config));
            self.terms.due.as_of = self.as_of;
        }
        moved
    }

    /// How far the job is.
    pub fn progress(&self) -> Progress {
        let entries = u64::from(self.entries.len()).max(1);
        let part = |done: u64, of: u64| done.saturating_mul(1000) / of.max(1);
        let (phase, completed, total) = match &self.work {
            Work::Reading => {
                let sizes = self.sources.iter().map(|source| source.size);
                let total = sizes.sum::<Option<u64>>();
                let done = self.sources.iter().map(|source| source.bytes).sum();
                (Phase::Reading, done, total)
            }
            Work::Numbering(_) | Work::Recognising => (Phase::Matching, 0, Some(1000)),
            Work::Matching(matcher) => {
                (Phase::Matching, u64::from(matcher.progress(&self.entries)), Some(1000))
            }
            Work::Counting(_) | Work::AddingUp(..) => (Phase::Checking, 0, Some(1000)),
            Work::Checking(matches, classifier) => {
                let all = entries.saturating_add(u64::from(matches.len()));
                (Phase::Checking, part(classifier.progress(), all), Some(1000))
            }
            Work::Asking(..) | Work::Tracing(..) => (Phase::Checking, 1000, Some(1000)),
            Work::Proving(.., totals) => {
                (Phase::Proving, part(u64::from(totals.progress()), entries), Some(1000))
            }
            Work::Done(..) => (Phase::Done, 1000, Some(1000)),
        };
        Progress { phase, completed, total }
    }

    /// The finished run, once [`Job::step`] has said that all is done; `None` before.
    pub fn finish(self) -> Option<Run> {
        let Work::Done(matches, mut exceptions, causes, totals) = self.work else { return None };
        let mut sources: Vec<SourceReport> =
            self.sources.into_iter().filter_map(|incoming| incoming.report).collect();
        prove(&mut sources);
        assumptions::add(&mut sources, &self.config, self.as_of);
        assumptions::add_gaps(&mut sources, &exceptions.not_known);
        // What was carried forward stands behind the files, and nobody wonders at it again.
        let files = sources.iter().filter(|source| source.carried.is_none()).count();
        warnings::add(sources.get_mut(..files).unwrap_or_default(), &self.entries, &matches);
        assumptions::add_payouts(&mut sources, &self.payouts);
        let profiles: Vec<&str> = sources.iter().map(|source| source.profile.as_str()).collect();
        exceptions.insights = std::mem::take(&mut exceptions.insights).of_providers(&profiles);
        let carried = self.config.carried.as_ref();
        let sha256 = sources.iter().map(|source| {
            carried.filter(|_| source.carried.is_some()).map_or("", |carried| &carried.sha256)
        });
        let sha256 = sha256.map(str::to_owned).collect();
        Some(Run {
            as_of: self.as_of,
            timezone: self.config.timezone,
            config_sha256: self.config.sha256,
            contract: self.config.contract_text,
            sha256,
            sources,
            carried: self.config.carried,
            entries: self.entries,
            matches,
            payouts: self.payouts,
            exceptions,
            causes,
            totals,
            terms: self.terms,
        })
    }
}

impl Incoming {
    fn push(
        &mut self,
        bytes: &[u8],
        entries: &mut Entries,
        open_decoder: OpenDecoder,
    ) -> Result<(), Error> {
        if self.reader.is_some() {
            return self.feed(bytes, entries);
        }
        self.head.extend_from_slice(bytes);
        if self.spec.side == Some(Side::Webhook) {
            // A log of deliveries is read whole.
            self.bytes = self.bytes.saturating_add(bytes.len() as u64);
            return webhook::check_size(self.head.len());
        }
        if self.head.len() >= HEAD_BYTES { self.open(entries, false, open_decoder) } else { Ok(()) }
    }

    /// Decides what the source is, and feeds what was read so far.
    ///
    /// It is decided by the same bytes however the source is cut into pieces.
    fn open(
        &mut self,
        entries: &mut Entries,
        whole: bool,
        open_decoder: OpenDecoder,
    ) -> Result<(), Error> {
        let head = std::mem::take(&mut self.head);
        let start = head.get(..HEAD_BYTES).unwrap_or(&head);
        let reader = EntryReader::open(self.spec.clone(), start, whole, open_decoder)?;
        if !reader.needs_evidence() {
            self.evidence_seen = true;
            entries.begin_source(reader.side());
        }
        self.reader = Some(reader);
        self.feed(&head, entries)
    }

    fn feed(&mut self, bytes: &[u8], entries: &mut Entries) -> Result<(), Error> {
        let Some(reader) = &mut self.reader else { return Ok(()) };
        if !self.evidence_seen {
            return reader.observe(bytes);
        }
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        reader.push(bytes, entries)
    }

    fn end(&mut self, entries: &mut Entries, open_decoder: OpenDecoder) -> Result<(), Error> {
        if self.spec.side == Some(Side::Webhook) {
            let log = std::mem::take(&mut self.head);
            entries.begin_source(Side::Webhook);
            self.report = Some(webhook::read(&self.spec, &log, entries)?);
            return Ok(());
        }
        if self.reader.is_none() {
            self.open(entries, true, open_decoder)?;
        }
        let Some(mut reader) = self.reader.take() else { return Ok(()) };
        if self.evidence_seen {
            self.report = Some(reader.finish(entries)?);
        } else {
            reader.end_evidence()?;
            self.evidence_seen = true;
            entries.begin_source(reader.side());
            self.reader = Some(reader);
        }
        Ok(())
    }
}

/// The default of `as_of`, so that a run never depends on the clock.
fn day_after_latest(entries: &Entries, config: &Config) -> Option<Date> {
    // Events do not change what is due, unless there is nothing else.
    let latest = |of_events: bool| {
        let ids = entries.ids().filter(|id| (entries.side(*id) == Side::Webhook) == of_events);
        ids.filter_map(|id| entries.occurred_at(id)).max()
    };
    let latest = latest(false).or_else(|| latest(true))?;
    config.zone.local_date(latest).add_days(1)
}
