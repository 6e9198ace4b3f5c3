//! Values on their way through the boundary: plain objects, as `JSON.parse` would make them.

use js_sys::JSON;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::error::Error;

/// A value as a plain object: maps are objects, what is missing is left out.
///
/// # Errors
/// Where a number is beyond what JavaScript holds exactly; money never is a number.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

/// A value from a plain object.
///
/// Read as its JSON: what is undefined is not there, and a field that is not known is noticed,
/// which reading the object by the names of the fields would not.
///
/// # Errors
/// `code`, with what is wrong, and the path of a field that is not known.
pub(super) fn from_js<T: DeserializeOwned>(
    value: &JsValue,
    code: &'static str,
) -> Result<T, Error> {
    let json = JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default();
    serde_json::from_str(&json).map_err(|error| {
        let message = error.to_string();
        let (message, _) = message.split_once(" at line ").unwrap_or((&message, ""));
        let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
        match unknown {
            Some((field, _)) => Error::new(code, message).arg("path", field),
            None => Error::new(code, message),
        }
    })
}
