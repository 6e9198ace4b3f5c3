//! One job, and the run that it ends in.

use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::{Config, Job, Pass, Phase, Progress, Settings};
use crate::error::Error;
use crate::export::CsvExport;
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

/// A job on its way, or a finished run.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Session {
    job: Option<Job>,
    run: Option<Rc<Run>>,
    pager: Pager,
    writer: Option<Writer>,
}

#[derive(Debug)]
enum Writer {
    Json(Box<DocumentWriter<Rc<Run>>>),
    Csv(Box<CsvExport<Rc<Run>>>),
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

#[wasm_bindgen]
impl Session {
    /// A session without a job.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a job; the one before, or its run, is dropped.
    pub fn start(&mut self, settings: JsValue) -> Result<(), JsValue> {
        self.clear();
        let settings: Settings = from_js(&settings, "config/invalid")?;
        self.job = Some(Job::new(Config::new(&settings)?, decoder::open));
        Ok(())
    }

    /// Drops job and run.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Adds a source of `size` bytes.
    #[wasm_bindgen(js_name = addSource)]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size")]
    pub fn add_source(&mut self, given: JsValue, size: f64) -> Result<usize, JsValue> {
        let spec = from_js::<Given>(&given, "config/invalid")?.spec()?;
        Ok(self.job()?.add_source(spec, Some(size as u64)))
    }

    /// The source whose bytes are needed next, from their start; nothing once all are read.
    pub fn wants(&mut self) -> Result<JsValue, JsValue> {
        let Some(want) = self.job()?.wants() else { return Ok(JsValue::UNDEFINED) };
        let pass = if want.pass == Pass::Read { "read" } else { "evidence" };
        to_js(&WantRow { source: want.source, pass })
    }

    /// Takes the next bytes of the source that is wanted.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        Ok(self.job()?.push(bytes)?)
    }

    /// Ends the source that is wanted.
    pub fn end(&mut self) -> Result<(), JsValue> {
        Ok(self.job()?.end()?)
    }

    /// Works on about `budget` entries.
    pub fn step(&mut self, budget: u32) -> Result<JsValue, JsValue> {
        let job = self.job()?;
        let done = !job.step(budget);
        let Progress { phase, completed, total } = job.progress();
        to_js(&Step { phase: name_of(phase), completed, total, done })
    }

    /// Turns the finished job into a run, and sums it up.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        let run = self.job.take().and_then(Job::finish).ok_or_else(unready)?;
        to_js(&Summary::of(self.run.insert(Rc::new(run))))
    }

    /// At most 500 rows of a view.
    pub fn page(&mut self, view: &str, query: JsValue) -> Result<JsValue, JsValue> {
        let (run, view, query) =
            (self.run()?, named(view)?, from_js::<Query>(&query, "query/invalid")?);
        to_js(&self.pager.page(&run, view, &query)?)
    }

    /// The numbers of the rows that pass, in order.
    pub fn index(&mut self, view: &str, query: JsValue) -> Result<Vec<u32>, JsValue> {
        let (run, view, query) =
            (self.run()?, named(view)?, from_js::<Query>(&query, "query/invalid")?);
        Ok(self.pager.index(&run, view, &query)?.to_vec())
    }

    /// Where an entry ended, and why; by its number or by the name of its row.
    pub fn explain(&self, row: JsValue) -> Result<JsValue, JsValue> {
        let run = self.run()?;
        let id = match row.as_string() {
            Some(name) => entry_named(&run, &name),
            None => from_js::<u32>(&row, "query/unknown-row").ok().map(EntryId),
        };
        to_js(&id.and_then(|id| Explanation::of(&run, id)).ok_or_else(no_row)?)
    }

    /// Starts to write; `sha256` are those of the sources, in their order.
    #[wasm_bindgen(js_name = beginExport)]
    pub fn begin_export(&mut self, format: &str, sha256: Vec<String>) -> Result<(), JsValue> {
        self.writer = None;
        if format == "csv" {
            self.writer = Some(Writer::Csv(Box::new(CsvExport::new(self.run()?))));
            return Ok(());
        }
        let run = self.run.as_mut().and_then(Rc::get_mut).ok_or_else(unready)?;
        run.sha256 = sha256;
        self.writer = Some(Writer::Json(Box::new(DocumentWriter::new(self.run()?))));
        Ok(())
    }

    /// The next bytes of what is written; nothing when it is complete.
    #[wasm_bindgen(js_name = nextChunk)]
    pub fn next_chunk(&mut self) -> Option<Vec<u8>> {
        let chunk = match self.writer.as_mut()? {
            Writer::Json(writer) => writer.next_chunk(ROWS_PER_CHUNK),
            Writer::Csv(writer) => writer.next_chunk(ROWS_PER_CHUNK),
        };
        if chunk.is_none() {
            self.writer = None;
        }
        chunk
    }
}

impl Session {
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
