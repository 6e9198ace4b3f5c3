//! Crossfoot reconciles what a seller expected (orders) with what payment providers settled, line
//! by line, and proves that every cent of every file is accounted for.

pub mod calendar;
pub mod causes;
pub mod codes;
pub mod decisions;
pub mod demo;
pub mod engine;
pub mod entry;
pub mod error;
pub mod exceptions;
pub mod export;
pub mod fees;
pub mod fx;
pub mod ids;
pub mod infer;
pub mod ingest;
pub mod limits;
pub mod matching;
pub mod money;
pub mod proof;
pub mod report;
mod settings;
mod sort;
pub mod time;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
