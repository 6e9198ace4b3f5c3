//! The platform's own text decoder, for encodings whose tables would be large in the download.
//!
//! Browsers and Node implement the same standard as the decoder that is used natively.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::ingest::encoding::{Encoding, TextDecoder};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = TextDecoder)]
    type JsDecoder;

    #[wasm_bindgen(constructor, catch, js_class = "TextDecoder")]
    fn new(label: &str, options: &JsValue) -> Result<JsDecoder, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn decode(this: &JsDecoder, bytes: &[u8], options: &JsValue) -> Result<String, JsValue>;
}

/// A decoder for an encoding; `None` where the platform has none.
pub(super) fn open(encoding: Encoding) -> Option<Box<dyn TextDecoder>> {
    // The byte order mark is cut off before: a second one is a character of the text.
    let keep = options(&[("ignoreBOM", true)])?;
    let decoder = JsDecoder::new(encoding.label(), &keep).ok()?;
    let more = options(&[("stream", true)])?;
    Some(Box::new(Platform { decoder, more }))
}

fn options(flags: &[(&str, bool)]) -> Option<JsValue> {
    let object = Object::new();
    for (name, value) in flags {
        Reflect::set(&object, &(*name).into(), &(*value).into()).ok()?;
    }
    Some(object.into())
}

struct Platform {
    decoder: JsDecoder,
    more: JsValue,
}

impl TextDecoder for Platform {
    fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String) {
        let options = if last { &JsValue::UNDEFINED } else { &self.more };
        // Only a decoder that is told to be fatal throws.
        out.push_str(&self.decoder.decode(bytes, options).unwrap_or_default());
    }
}
