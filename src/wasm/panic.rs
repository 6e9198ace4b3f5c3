//! Keeps what a panic said, for the worker to report before it ends.
//!
//! After a panic the instance is lost: nothing unwinds on wasm, so whatever was borrowed stays
//! borrowed. Only [`take_panic`] may be called then; it touches nothing but its own memory.

use std::panic::PanicHookInfo;
use std::sync::Mutex;

use wasm_bindgen::prelude::wasm_bindgen;

static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Runs once, when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        if let Ok(mut last) = LAST.lock() {
            *last = Some(describe(info));
        }
    }));
}

/// Message and place of the panic that stopped the engine.
#[wasm_bindgen(js_name = takePanic)]
pub fn take_panic() -> Option<String> {
    LAST.lock().ok()?.take()
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("no message");
    match info.location() {
        Some(place) => format!("{message} at {}:{}", short(place.file()), place.line()),
        None => message.to_owned(),
    }
}

/// The last three steps of a path: those before them belong to the machine that built this.
fn short(path: &str) -> &str {
    let start = path.rmatch_indices('/').nth(2).map_or(0, |(at, _)| at.saturating_add(1));
    path.get(start..).unwrap_or(path)
}
