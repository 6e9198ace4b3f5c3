//! When something happened: instants, local days, and the zones that connect them.
//!
//! Nothing here reads a clock. A day is a day on somebody's calendar, an instant is the same
//! everywhere, and only a zone or a written offset turns one into the other.

mod agreement;
mod date;
mod date_error;
mod date_format;
mod instant;
mod parse;
mod stamp;
mod zone;
mod zone_table;

pub use agreement::{Agreement, DayShift, DayVotes, OffsetVotes, PAIRS_CERTAIN, PAIRS_NEEDED};
pub use date::{Date, Weekday};
pub use date_error::DateError;
pub use date_format::{DateDecision, DateFormat, DateVotes, Pattern};
pub use instant::Instant;
pub use parse::parse_stamp;
pub use stamp::Stamp;
pub use zone::Zone;
