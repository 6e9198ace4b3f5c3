//! Every matching rule: one file, one code, one place in the order of the passes.

pub mod m010_transaction_id;
pub mod m020_reference;
pub mod m030_order_number;
pub mod m040_normalised_reference;
pub mod m050_reference_list;
pub mod m055_mistyped_reference;
pub mod m060_amount_and_time;
pub mod m070_amount_within_tolerance;
pub mod m080_subset_sum;
pub mod m100_lifecycle;
pub mod m110_payout_to_bank;

use crate::entry::{Entries, named};
use crate::ids::EntryId;

named! {
    /// The rules, in the order in which they run.
    Rule {
        /// The provider's transaction id.
        TransactionId = "M010",
        /// The reference as it is written.
        Reference = "M020",
        /// The order's second number.
        OrderNumber = "M030",
        /// The reference without case, prefix and separators.
        NormalisedReference = "M040",
        /// A line that names several orders.
        ReferenceList = "M050",
        /// A reference one slip away, same amount and time.
        MistypedReference = "M055",
        /// Amount and time, without a reference.
        AmountAndTime = "M060",
        /// Amount within the tolerance and time, without a reference.
        AmountWithinTolerance = "M070",
        /// The only rows of a day or payout that add up, without a reference.
        SubsetSum = "M080",
        /// Refunds, reversals and chargebacks of a matched payment.
        Lifecycle = "M100",
        /// Payouts of the settlement and deposits of the bank.
        PayoutToBank = "M110",
    }
}

impl Rule {
    /// What the rule pairs by, for people: English and Chinese.
    pub fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::TransactionId => m010_transaction_id::TITLE,
            Self::Reference => m020_reference::TITLE,
            Self::OrderNumber => m030_order_number::TITLE,
            Self::NormalisedReference => m040_normalised_reference::TITLE,
            Self::ReferenceList => m050_reference_list::TITLE,
            Self::MistypedReference => m055_mistyped_reference::TITLE,
            Self::AmountAndTime => m060_amount_and_time::TITLE,
            Self::AmountWithinTolerance => m070_amount_within_tolerance::TITLE,
            Self::SubsetSum => m080_subset_sum::TITLE,
            Self::Lifecycle => m100_lifecycle::TITLE,
            Self::PayoutToBank => m110_payout_to_bank::TITLE,
        }
    }
}

/// A rule that pairs the entries of both sides that share a key.
pub(crate) trait KeyedRule {
    /// The rule's code.
    const RULE: Rule;

    /// Writes the key of an order into `key`; nothing if it has none.
    fn order_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>);

    /// Writes the key of a settlement line into `key`; nothing if it has none.
    fn line_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>);

    /// Whether entries with this key may be matched at all; `orders` holds those of one key.
    fn allows(_entries: &Entries, _orders: &[EntryId]) -> bool {
        true
    }
}
