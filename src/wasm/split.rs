//! Where the engine is cut into two parts.
//!
//! A file can be dropped and looked at as soon as the first part is there; the second has what reads it to
//! its end, matches, explains, proves and writes. They are one program with one memory: with the feature
//! `split`, the build tool (`xtask/src/split.rs`) takes [`idle`] and whatever only it leads to out of
//! the linked module. Without the feature it is a call like any other.

use crate::wasm::work::{self, Work};

/// No job yet: the one way into the second part.
#[cfg(not(feature = "split"))]
pub(super) fn idle() -> Box<dyn Work> {
    work::idle()
}

/// No job yet: the one way into the second part, which must have been loaded.
#[cfg(feature = "split")]
#[expect(unsafe_code, reason = "the names by which the build tool finds both sides of the cut")]
#[expect(
    improper_ctypes,
    improper_ctypes_definitions,
    reason = "both sides are compiled in one go, so that they agree on any type"
)]
pub(super) fn idle() -> Box<dyn Work> {
    #[unsafe(export_name = "__wasm_split_00reconcile00_export_00000000000000000000000000000001")]
    extern "C" fn beyond() -> Box<dyn Work> {
        work::idle()
    }

    #[link(wasm_import_module = "./reconcile.js")]
    unsafe extern "C" {
        #[link_name = "__wasm_split_00reconcile00_import_00000000000000000000000000000001"]
        safe fn here() -> Box<dyn Work>;
    }

    here()
}
