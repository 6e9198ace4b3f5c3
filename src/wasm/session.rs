//! What JavaScript holds: a job, and the run that it becomes.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::wasm::split;
use crate::wasm::work::Work;

/// A job on its way, or a finished run.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session(Box<dyn Work>);

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

#[wasm_bindgen]
impl Session {
    /// A session without a job; only once the second part of the engine is there.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(split::idle())
    }

    /// Drops job and run.
    pub fn clear(&mut self) {
        self.0 = split::idle();
    }

    /// Starts a job; the one before, or its run, is dropped.
    pub fn start(&mut self, settings: JsValue) -> Result<(), JsValue> {
        self.0.start(settings)
    }

    /// Adds a source of `size` bytes.
    #[wasm_bindgen(js_name = addSource)]
    pub fn add_source(&mut self, given: JsValue, size: f64) -> Result<usize, JsValue> {
        self.0.add_source(given, size)
    }

    /// The source whose bytes are needed next, from their start; nothing once all are read.
    pub fn wants(&mut self) -> Result<JsValue, JsValue> {
        self.0.wants()
    }

    /// Takes the next bytes of the source that is wanted.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.0.push(bytes)
    }

    /// Ends the source that is wanted.
    pub fn end(&mut self) -> Result<(), JsValue> {
        self.0.end()
    }

    /// Works on about `budget` entries.
    pub fn step(&mut self, budget: u32) -> Result<JsValue, JsValue> {
        self.0.step(budget)
    }

    /// Turns the finished job into a run, and sums it up.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        self.0.finish()
    }

    /// At most 500 rows of a view.
    pub fn page(&mut self, view: &str, query: JsValue) -> Result<JsValue, JsValue> {
        self.0.page(view, query)
    }

    /// The numbers of the rows that pass, in order.
    pub fn index(&mut self, view: &str, query: JsValue) -> Result<Vec<u32>, JsValue> {
        self.0.index(view, query)
    }

    /// Where an entry ended, and why; by its number or by the name of its row.
    pub fn explain(&self, row: JsValue) -> Result<JsValue, JsValue> {
        self.0.explain(row)
    }

    /// Starts to write; `sha256` are those of the sources, in their order.
    #[wasm_bindgen(js_name = beginExport)]
    pub fn begin_export(&mut self, format: &str, sha256: Vec<String>) -> Result<(), JsValue> {
        self.0.begin_export(format, sha256)
    }

    /// The next bytes of what is written; nothing when it is complete.
    #[wasm_bindgen(js_name = nextChunk)]
    pub fn next_chunk(&mut self) -> Option<Vec<u8>> {
        self.0.next_chunk()
    }
}
