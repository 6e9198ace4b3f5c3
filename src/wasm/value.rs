//! Values on their way to JavaScript: plain objects, as `JSON.parse` would make them.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// A value as a plain object: maps are objects, what is missing is left out.
///
/// # Errors
/// Where a number is beyond what JavaScript holds exactly; money never is a number.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
