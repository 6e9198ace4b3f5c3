//! Errors on their way to JavaScript: plain objects, which `www/sdk/errors.ts` makes classes of.

use wasm_bindgen::JsValue;

use crate::error::Error;
use crate::report::problem::Problem;
use crate::wasm::value::to_js;

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        to_js(&Problem::from(&error)).unwrap_or_else(|_| JsValue::from_str(error.message()))
    }
}
