//! Turns bank statements into the rows of one table: camt.053, MT940 and MT942, BAI2, and OFX.
//!
//! Each format is read whole, since statements are small, and recognised by its content. What a
//! reader makes of a file is in `sheet`: movements, and rows of structure that state balances and
//! totals.

pub mod look;

#[cfg(feature = "unpack")]
pub mod bai2;
#[cfg(feature = "unpack")]
pub mod camt;
#[cfg(feature = "unpack")]
pub mod mt940;
#[cfg(feature = "unpack")]
pub mod ofx;
#[cfg(feature = "unpack")]
pub mod sheet;
