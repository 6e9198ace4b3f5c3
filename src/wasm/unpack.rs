//! Unpacks a file and hands its parts over as they come, so that they never lie in this memory as a
//! whole.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Error;
use crate::ingest::unpack::{Options, PartSink, unpack as unpack_into};
use crate::wasm::decoder;

#[wasm_bindgen]
extern "C" {
    /// What takes the parts: an object with these three methods, which do not throw.
    pub type JsParts;

    #[wasm_bindgen(method)]
    fn begin(this: &JsParts, name: &str, hidden: bool);

    #[wasm_bindgen(method)]
    fn bytes(this: &JsParts, bytes: Uint8Array);

    #[wasm_bindgen(method)]
    fn end(this: &JsParts, problem: JsValue);
}

/// Gives the parts of a file to `parts`.
#[wasm_bindgen]
pub fn unpack(
    name: &str,
    bytes: &[u8],
    password: Option<String>,
    parts: &JsParts,
) -> Result<(), JsValue> {
    let options = Options { password: password.as_deref(), decoder: decoder::open };
    Ok(unpack_into(name, bytes, options, &mut Handed(parts))?)
}

struct Handed<'p>(&'p JsParts);

impl PartSink for Handed<'_> {
    fn begin(&mut self, name: &str, hidden: bool) {
        self.0.begin(name, hidden);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.bytes(Uint8Array::from(bytes));
    }

    fn end(&mut self, outcome: Result<(), Error>) {
        self.0.end(outcome.err().map_or(JsValue::UNDEFINED, JsValue::from));
    }
}
