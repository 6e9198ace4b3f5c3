//! Values that JavaScript gives, checked.

use js_sys::JSON;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::error::Error;

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
