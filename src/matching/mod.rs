//! Decides which entries of the two sides are the same money.
//!
//! Passes run in the order of the rules' codes, each on what the passes before it left open:
//!
//! | rule | pairs by |
//! |---|---|
//! | [`M010`](rules::m010_transaction_id) | the provider's transaction id |
//! | [`M020`](rules::m020_reference) | the reference as it is written |
//! | [`M030`](rules::m030_order_number) | the order's second number |
//! | [`M040`](rules::m040_normalised_reference) | the reference without case, prefix and separators |
//! | [`M050`](rules::m050_reference_list) | a line that names several orders |
//! | [`M055`](rules::m055_mistyped_reference) | a reference one slip away, and the same amount |
//! | [`M060`](rules::m060_amount_and_time) | amount and time, where the line names no order |
//! | [`M070`](rules::m070_amount_within_tolerance) | the same, with an amount within the tolerance |
//! | [`M080`](rules::m080_subset_sum) | the only rows of a day or payout that add up |
//! | [`M100`](rules::m100_lifecycle) | refunds, reversals and chargebacks to their payment |
//! | [`M110`](rules::m110_payout_to_bank) | payouts to deposits of the bank |
//!
//! A key pairs whatever the amounts are: a difference in money is an exception on the match and
//! not a reason to look for another partner. Within one key the multiset decides
//! ([`resolve`]): of equal claims the earliest is matched, each later one is a duplicate.

mod announced;
mod claims;
mod keys;
mod leftovers;
mod matcher;
mod matches;
mod normalise;
mod numbering;
mod other_reference;
pub mod payouts;
mod rarity;
mod reservations;
mod residual;
mod resolve;
mod reversed;
pub mod rules;
mod surviving_digits;
#[cfg(test)]
pub(crate) mod tests;
mod tolerance;
mod without_reference;

pub use leftovers::Due;
pub use matcher::{Matcher, Terms};
pub use matches::{Class, Figures, Finding, Matches};
pub use normalise::normalise;
pub use numbering::Numbering;
pub use payouts::{BankLink, Book, LinesLink, Payout, PayoutPart, Payouts};
pub(crate) use reservations::waiting;
pub(crate) use resolve::claim;
pub use rules::Rule;
pub use tolerance::{Combine, Tolerance};
pub use without_reference::WithoutReference;
pub(crate) use without_reference::minute;
