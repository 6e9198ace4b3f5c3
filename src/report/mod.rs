//! Makes what people and programs read out of a finished run: views, pages, the result document.

pub mod document;
mod evidence;
mod json;
mod lines;
mod order;
mod run;

pub use document::DocumentWriter;
pub(crate) use document::hex;
pub use evidence::{Evidence, evidence};
pub use order::CanonicalOrder;
pub use run::{Counts, CurrencySummary, RULESET, Run};
