//! The second WebAssembly module: with the feature `unpack`, what `crossfoot::wasm` exports are the
//! readers that few files need, so that the page can load the engine first and these after it.

#[cfg(target_arch = "wasm32")]
pub use crossfoot::wasm::*;
