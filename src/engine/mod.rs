//! Runs a reconciliation: settings in, bytes in, a finished [`Run`](crate::report::Run) out.
//!
//! A run is a pure function of its sources and settings: no clock, no randomness, no locale. It is
//! worked off in steps, so that whoever drives it can show progress and cancel.

mod assumptions;
mod audit;
mod books;
mod carried;
mod clocks;
mod config;
mod job;
mod misplaced;
mod names;
mod rules;
mod warnings;

pub use audit::{Audit, OtherSettings};
pub use clocks::ClockRule;
pub use config::{Config, Settings};
pub use job::{Job, Pass, Phase, Progress, Want};
pub use rules::Rules;
