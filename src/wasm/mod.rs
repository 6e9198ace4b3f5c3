//! The boundary to JavaScript, and the only place that knows of it: each export decodes, calls the
//! engine, and encodes.
//!
//! Its TypeScript twin is `www/sdk/engine.ts`. Money crosses as decimal strings, results as pages
//! of small objects, documents as bytes. Errors are thrown as plain objects; a panic ends the
//! instance and is explained by [`panic::take_panic`].
//!
//! There are two modules, made from the same crate: the engine, and, with the feature `unpack`,
//! the readers that few files need, which the page loads after it. The engine itself is cut in two
//! (see [`split`]).

mod decoder;
mod error;
pub mod panic;
mod value;

#[cfg(not(feature = "unpack"))]
mod engine;
#[cfg(not(feature = "unpack"))]
mod given;
#[cfg(not(feature = "unpack"))]
mod hash;
#[cfg(not(feature = "unpack"))]
mod session;
#[cfg(not(feature = "unpack"))]
mod source;
#[cfg(not(feature = "unpack"))]
mod split;
#[cfg(not(feature = "unpack"))]
mod work;

#[cfg(feature = "unpack")]
mod demo;
#[cfg(feature = "unpack")]
mod unpack;

#[cfg(feature = "unpack")]
pub use {demo::Demo, unpack::unpack};
#[cfg(not(feature = "unpack"))]
pub use {
    engine::{detect, inspect, needs_unpacking, profiles, versions},
    hash::Hasher,
    session::Session,
};

use wasm_bindgen::prelude::wasm_bindgen;

/// Bytes of memory that the module holds; it never shrinks.
#[wasm_bindgen(js_name = memoryBytes)]
#[expect(clippy::cast_precision_loss, reason = "at most 4 GiB")]
pub fn memory_bytes() -> f64 {
    const PAGE: usize = 65_536;
    core::arch::wasm32::memory_size::<0>().saturating_mul(PAGE) as f64
}
