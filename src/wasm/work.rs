//! One job, and the run that it ends in: what [`Session`](super::session::Session) asks for.
//!
//! All of it is the second part of the engine (see [`super::split`]).

use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::engine::{Config, Job, Pass, Phase, Progress, Settings};
use crate::error::Error;
use crate::export::{CarryExport, CsvExport};
use crate::ids::EntryId;
use crate::report::DocumentWriter;
use crate::report::Run;
use crate::report::explanation::Explanation;
use crate::report::page::Pager;
use crate::report::summary::Summary;
use crate::report::view::{Query, View, entry_named};
use crate::wasm::decoder;
use crate::wasm::given::from_js;
use crate::wasm::source::Given;
use crate::wasm::value::to_js;

/// Elements that are written in one chunk: about a megabyte.
const ROWS_PER_CHUNK: usize = 4_000;

/// What can be asked of a job and of the run that it becomes, in the words of the exports.
pub(super) trait Work: std::fmt::Debug {
    fn start(&mut self, settings: JsValue) -> Result<(), JsValue>;
    fn add_source(&mut self, given: JsValue, size: f64) -> Result<usize, JsValue>;
    fn wants(&mut self) -> Result<JsValue, JsValue>;
    fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue>;
    fn end(&mut self) -> Result<(), JsValue>;
    fn step(&mut self, budget: u32) -> Result<JsValue, JsValue>;
    fn finish(&mut self) -> Result<JsValue, JsValue>;
    fn page(&mut self, view: &str, query: JsValue) -> Result<JsValue, JsValue>;
    fn index(&mut self, view: &str, query: JsValue) -> Result<Vec<u32>, JsValue>;
    fn explain(&self, row: JsValue) -> Result<JsValue, JsValue>;
    fn begin_export(&mut self, format: &str, sha256: Vec<String>) -> Result<(), JsValue>;
    fn next_chunk(&mut self) -> Option<Vec<u8>>;
}

/// No job yet.
pub(super) fn idle() -> Box<dyn Work> {
    Box::<State>::default()
}

/// A job on its way, or a finished run.
#[derive(Debug, Default)]
struct State {
    job: Option<Job>,
    run: Option<Rc<Run>>,
    pager: Pager,
    writer: Option<Writer>,
}

#[derive(Debug)]
enum Writer {
    Json(Box<DocumentWriter<Rc<Run>>>),
    Csv(Box<CsvExport<Rc<Run>>>),
    Carry(Box<CarryExport<Rc<Run>>>),
}

#[derive(Serialize)]
struct WantRow {
    source: usize,
    pass: &'static str,
}

#[derive(Serialize)]
struct Step {
    phase: &'static str,
    completed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    done: bool,
}

impl Work for State {
    fn start(&mut self, settings: JsValue) -> Result<(), JsValue> {
        *self = Self::default();
        let settings: Settings = from_js(&settings, "config/invalid")?;
        self.job = Some(Job::new(Config::new(&settings)?, decoder::open));
        Ok(())
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size")]
    fn add_source(&mut self, given: JsValue, size: f64) -> Result<usize, JsValue> {
        let spec = from_js::<Given>(&given, "config/invalid")?.spec()?;
        Ok(self.job()?.add_source(spec, Some(size as u64)))
    }

    fn wants(&mut self) -> Result<JsValue, JsValue> {
        let Some(want) = self.job()?.wants() else { return Ok(JsValue::UNDEFINED) };
        let pass = if want.pass == Pass::Read { "read" } else { "evidence" };
        to_js(&WantRow { source: want.source, pass })
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        Ok(self.job()?.push(bytes)?)
    }

    fn end(&mut self) -> Result<(), JsValue> {
        Ok(self.job()?.end()?)
    }

    fn step(&mut self, budget: u32) -> Result<JsValue, JsValue> {
        let job = self.job()?;
        let done = !job.step(budget);
        let Progress { phase, completed, total } = job.progress();
        to_js(&Step { phase: name_of(phase), completed, total, done })
    }

    fn finish(&mut self) -> Result<JsValue, JsValue> {
        let run = self.job.take().and_then(Job::finish).ok_or_else(unready)?;
        to_js(&Summary::of(self.run.insert(Rc::new(run))))
    }

    fn page(&mut self, view: &str, query: JsValue) -> Result<JsValue, JsValue> {
        let (run, view, query) =
            (self.run()?, named(view)?, from_js::<Query>(&query, "query/invalid")?);
        to_js(&self.pager.page(&run, view, &query)?)
    }

    fn index(&mut self, view: &str, query: JsValue) -> Result<Vec<u32>, JsValue> {
        let (run, view, query) =
            (self.run()?, named(view)?, from_js::<Query>(&query, "query/invalid")?);
        Ok(self.pager.index(&run, view, &query)?.to_vec())
    }

    fn explain(&self, row: JsValue) -> Result<JsValue, JsValue> {
        let run = self.run()?;
        let id = match row.as_string() {
            Some(name) => entry_named(&run, &name),
            None => from_js::<u32>(&row, "query/unknown-row").ok().map(EntryId),
        };
        to_js(&id.and_then(|id| Explanation::of(&run, id)).ok_or_else(no_row)?)
    }

    fn begin_export(&mut self, format: &str, sha256: Vec<String>) -> Result<(), JsValue> {
        self.writer = None;
        if format == "csv" {
            self.writer = Some(Writer::Csv(Box::new(CsvExport::new(self.run()?))));
            return Ok(());
        }
        if format == "carry" {
            self.writer = Some(Writer::Carry(Box::new(CarryExport::new(self.run()?)?)));
            return Ok(());
        }
        let run = self.run.as_mut().and_then(Rc::get_mut).ok_or_else(unready)?;
        run.set_sha256(sha256);
        self.writer = Some(Writer::Json(Box::new(DocumentWriter::new(self.run()?))));
        Ok(())
    }

    fn next_chunk(&mut self) -> Option<Vec<u8>> {
        let chunk = match self.writer.as_mut()? {
            Writer::Json(writer) => writer.next_chunk(ROWS_PER_CHUNK),
            Writer::Csv(writer) => writer.next_chunk(ROWS_PER_CHUNK),
            Writer::Carry(writer) => writer.next_chunk(ROWS_PER_CHUNK),
        };
        if chunk.is_none() {
            self.writer = None;
        }
        chunk
    }
}

impl State {
    fn job(&mut self) -> Result<&mut Job, Error> {
        self.job.as_mut().ok_or_else(unready)
    }

    fn run(&self) -> Result<Rc<Run>, Error> {
        self.run.clone().ok_or_else(unready)
    }
}

fn name_of(phase: Phase) -> &'static str {
    match phase {
        Phase::Reading => "reading",
        Phase::Matching => "matching",
        Phase::Checking => "checking",
        Phase::Proving | Phase::Done => "proving",
    }
}

fn named(view: &str) -> Result<View, Error> {
    View::from_name(view).ok_or_else(|| {
        Error::new("query/unknown-value", format!("there is no view `{view}`"))
            .arg("path", "view")
            .arg("value", view)
    })
}

fn no_row() -> Error {
    Error::new("query/unknown-row", "the run has no such row").arg("path", "row")
}

/// Only a mistake of the caller gets here.
fn unready() -> Error {
    Error::new("engine/order", "the session's calls came in another order than they must")
}
