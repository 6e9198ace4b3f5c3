//! Makes what people and programs read out of a finished run: views, pages, the result document.

mod cause_lines;
pub mod changes;
pub mod detection;
pub mod document;
mod evidence;
pub mod explanation;
pub mod index;
mod insight_lines;
mod insight_rows;
mod json;
mod lines;
mod order;
pub mod page;
mod payout_lines;
pub mod problem;
pub mod rows;
mod run;
pub mod summary;
pub mod view;
mod why_lines;
pub mod why_rows;

pub use document::DocumentWriter;
pub(crate) use document::hex;
pub use evidence::{Evidence, evidence};
pub(crate) use json::Object;
pub(crate) use lines::{Lines, Naming};
pub use order::CanonicalOrder;
pub(crate) use payout_lines::provider_of;
pub use run::{Counts, CurrencySummary, FeeRow, RULESET, Run};
