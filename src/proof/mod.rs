//! Proves that inputs = outputs: the totals at the end of a run, and the independent verifier of a
//! result document. Imports nothing but the vocabulary, so that it cannot share a mistake with the
//! matching.

mod frozen;
mod totals;
pub mod verify;

pub use frozen::Frozen;
pub use totals::{Measure, Sides, Total, Totals, TotalsAtEnd};
pub(crate) use verify::values;
pub use verify::{Check, CheckName, Counts, Finding, SourceRows, Verdict, Verifier, verify};
