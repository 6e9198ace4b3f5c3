//! Decides what is wrong with a match or an open entry, and says it in words.
//!
//! Each check is one file in [`checks`] that looks at a match (or an open entry) and states
//! [`Fact`]s. All facts stay; their precedence only picks the headline. Facts that nobody has to
//! act on are notes of the match. [`difference`] splits received − expected into explained parts
//! and an unexplained rest.

pub(crate) mod charged;
mod charges;
pub mod checks;
mod classify;
mod conversion;
pub mod difference;
pub mod explain;
mod fact;
#[cfg(test)]
mod growth;
mod insights;
mod members;
mod split;
mod terms;
pub mod why_not;

pub use charged::Counted;
pub use charges::{Charges, FeeTotal};
pub use checks::reserves::PayoutNote;
pub use classify::{Classifier, Exception, Exceptions, Note, Target};
pub use difference::{Difference, Explained, PartName};
pub use explain::Words;
pub use fact::{Fact, Value};
pub use insights::{AgeBucket, DueDay, FxDay, FxGain, Insights};
pub use members::Members;
pub use split::{NamedIn, Share, SharePart, Split};
pub use terms::{DayEnd, Terms};
