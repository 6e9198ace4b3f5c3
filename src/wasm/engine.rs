//! What is asked of the engine without a job: what it knows, and what a file looks like.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::entry::Side;
use crate::ingest::packed::Packed;
use crate::ingest::reader::EntryReader;
use crate::ingest::wanted::Wanted;
use crate::report::detection::{Detection, profile_rows};
use crate::report::summary::Versions;
use crate::wasm::decoder;
use crate::wasm::given::from_js;
use crate::wasm::source::{Given, Inspected, side_named};
use crate::wasm::value::to_js;

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

/// Whether the readers' module has to unpack a file before it is read, by its first bytes.
#[wasm_bindgen(js_name = needsUnpacking)]
pub fn needs_unpacking(head: &[u8]) -> bool {
    Packed::of(head).is_some()
}

/// What a file looks like, from its first bytes; `whole` if these are all. The rest is what a person
/// said of it: its side, its profile, the row of its header, and fingerprints of saved mappings.
#[wasm_bindgen]
pub fn detect(
    name: &str,
    head: &[u8],
    whole: bool,
    side: Option<String>,
    profile: Option<String>,
    header_row: Option<u32>,
    fingerprints: Vec<String>,
) -> Result<JsValue, JsValue> {
    let side = side.as_deref().map(side_named).transpose()?;
    let wanted = Wanted { side, profile, header_row, fingerprints };
    to_js(&Detection::as_wanted(name, head, whole, &wanted, decoder::open).row())
}

/// How a source would be read as the user wants it, from its first bytes.
#[wasm_bindgen]
pub fn inspect(given: JsValue, head: &[u8], whole: bool) -> Result<JsValue, JsValue> {
    let spec = from_js::<Given>(&given, "config/invalid")?.spec()?;
    let detection = Detection::of(&spec.name, head, whole, decoder::open);
    if spec.side == Some(Side::Webhook) {
        return to_js(&Inspected::log(&detection));
    }
    let reader = EntryReader::open(spec, head, whole, decoder::open)?;
    to_js(&Inspected::new(&reader, &detection))
}
