//! The sample month, for "try with sample data"; in the readers' module, since few need it.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::demo::{Files, Options, generate};
use crate::wasm::value::to_js;

/// A sample month; the same options give the same bytes as `crossfoot demo`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Demo(Files);

#[derive(Serialize)]
struct Settings<'f> {
    as_of: &'f str,
    timezone: &'f str,
    contract: &'f str,
    rates: &'f str,
}

#[wasm_bindgen]
impl Demo {
    /// Generates a month.
    #[wasm_bindgen(constructor)]
    pub fn new(seed: u32, orders: u32) -> Self {
        Self(generate(&Options { seed: u64::from(seed), orders }))
    }

    /// The orders file.
    pub fn orders(&self) -> Vec<u8> {
        self.0.orders_csv.clone()
    }

    /// The settlement file.
    pub fn settlement(&self) -> Vec<u8> {
        self.0.settlement_csv.clone()
    }

    /// The settings that go with them.
    pub fn config(&self) -> Result<JsValue, JsValue> {
        let Files { as_of, timezone, fees_toml: contract, fx_csv: rates, .. } = &self.0;
        to_js(&Settings { as_of, timezone, contract, rates })
    }
}
