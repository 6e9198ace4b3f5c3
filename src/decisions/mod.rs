//! What outlives a run: the rows that it leaves to the next one.

pub mod carry;

pub use carry::Carried;
