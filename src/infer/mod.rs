//! Which contract the lines of a settlement file follow: the simplest one that explains them to the
//! minor unit, and where they do not determine one.
//!
//! All of it is arithmetic on whole numbers. A formula (percent of the amount plus a fixed part, a
//! tax on both, a way to round) is looked for among the usual rates ([`form`], [`consensus`]); lines
//! are given to formulas along their amounts ([`pieces`]), which makes caps, minimums, waivers and
//! bands ([`schedule`]); by day and by volume of the month ([`plan`], [`crossing`]); and by the field
//! that explains most ([`segment`]). Of all that explains the lines the shortest description wins
//! ([`bits`]), and where others that are nearly as short differ from it on an amount of the file, that
//! amount is said to be open. Nothing hangs on a single line that a mistake could have made
//! ([`witness`]).

mod agree;
mod bits;
mod cluster;
mod consensus;
mod crossing;
mod form;
mod gather;
mod line;
mod months;
mod pieces;
mod plan;
mod round;
mod schedule;
mod segment;
mod stated;
mod tell;
mod witness;
mod words;
mod write;

pub use form::{Form, Tax};
pub use gather::{By, FIELDS, Group, gather, tax_apart};
pub use line::Line;
pub use plan::{Mode, Period, Plan, Tier};
pub use schedule::{Missing, Range, Schedule};
pub use segment::{Condition, Segment};
pub use stated::{Rate, Stated};
pub use tell::findings_text;
pub use write::{Finding, contract_text};

/// The segments of lines of one currency and kind, each with its plan or with what is missing.
/// `fields` is how many values each line has. The order of the lines does not matter.
#[must_use]
pub fn infer(lines: &[Line], fields: usize) -> Vec<Segment<'_>> {
    if lines.is_empty() {
        return Vec::new();
    }
    let mut sorted: Vec<&Line> = lines.iter().collect();
    sorted.sort();
    let mut found = segment::segments(&sorted, fields);
    for segment in &mut found {
        segment.lines.sort();
    }
    found.sort_by(|one, other| one.scope.cmp(&other.scope));
    found
}
