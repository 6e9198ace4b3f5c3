//! When something happened: instants, local days, and the zones that connect them.
//!
//! Nothing here reads a clock. A day is a day on somebody's calendar, an instant is the same
//! everywhere, and only a zone or a written offset turns one into the other.

mod date;
mod instant;
mod stamp;

pub use date::{Date, Weekday, days_in_month};
pub use instant::Instant;
pub use stamp::Stamp;
