//! Values on their way through the boundary: plain objects, as `JSON.parse` would make them.

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
/// # Errors
/// `code`, with what is wrong, and the path of a field that is not known.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue, code: &'static str) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(value).map_err(|error| {
        let message = error.to_string();
        let unknown =
            message.split_once("unknown field `").and_then(|(_, rest)| rest.split_once('`'));
        match unknown.map(|(field, _)| field.to_owned()) {
            Some(field) => Error::new(code, message).arg("path", field),
            None => Error::new(code, message),
        }
    })
}
