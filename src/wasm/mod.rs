//! The boundary to JavaScript, and the only place that knows of it: each export decodes, calls the
//! engine, and encodes.
//!
//! Its TypeScript twin is `www/sdk/engine.ts`. Money crosses as decimal strings, results as pages
//! of small objects, documents as bytes. Errors are thrown as plain objects; a panic ends the
//! instance and is explained by [`panic::take_panic`].

mod decoder;
mod demo;
mod error;
mod hash;
pub mod panic;
mod session;
mod source;
mod value;

pub use demo::Demo;
pub use hash::Hasher;
pub use session::Session;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::ingest::reader::EntryReader;
use crate::report::detection::{Detection, profile_rows};
use crate::report::summary::Versions;
use source::{Given, Inspected};
use value::{from_js, to_js};

/// Which versions these are.
#[wasm_bindgen]
pub fn versions() -> Result<JsValue, JsValue> {
    to_js(&Versions::current())
}

/// The profiles that come with the engine.
#[wasm_bindgen]
pub fn profiles() -> Result<JsValue, JsValue> {
    to_js(&profile_rows())
}

/// What a file looks like, from its first bytes; `whole` if these are all.
#[wasm_bindgen]
pub fn detect(name: &str, head: &[u8], whole: bool) -> Result<JsValue, JsValue> {
    to_js(&Detection::of(name, head, whole, decoder::open).row())
}

/// How a source would be read as the user wants it, from its first bytes.
#[wasm_bindgen]
pub fn inspect(given: JsValue, head: &[u8], whole: bool) -> Result<JsValue, JsValue> {
    let spec = from_js::<Given>(&given, "config/invalid")?.spec()?;
    let detection = Detection::of(&spec.name, head, whole, decoder::open);
    let reader = EntryReader::open(spec, head, whole, decoder::open)?;
    to_js(&Inspected::new(&reader, &detection))
}

/// Bytes of memory that the engine holds; it never shrinks.
#[wasm_bindgen(js_name = memoryBytes)]
#[expect(clippy::cast_precision_loss, reason = "at most 4 GiB")]
pub fn memory_bytes() -> f64 {
    const PAGE: usize = 65_536;
    core::arch::wasm32::memory_size::<0>().saturating_mul(PAGE) as f64
}
