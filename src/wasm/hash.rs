//! SHA-256 in pieces, where the platform has none or a source is too large for it.

use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::wasm_bindgen;

/// A hash in the making.
#[wasm_bindgen(js_name = Sha256)]
#[derive(Debug, Default)]
pub struct Hasher(Sha256);

#[wasm_bindgen(js_class = Sha256)]
impl Hasher {
    /// A hash of nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash in lower-case hexadecimal.
    pub fn finish(&mut self) -> String {
        crate::report::hex(std::mem::take(&mut self.0))
    }
}
