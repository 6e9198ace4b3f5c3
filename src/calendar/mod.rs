//! Which day money is due on: by the provider's cycle, its business days and its accounting clock.

mod age;
mod clock;
mod countries;
mod cycle;
mod days;
mod file;
mod settlement;

pub use age::{Age, BUCKETS};
pub use clock::AccountingClock;
pub use countries::{Country, known};
pub use cycle::Cycle;
pub use days::Calendar;
pub use file::{Listed, parse as parse_days};
pub use settlement::{Channel, Settlement};
