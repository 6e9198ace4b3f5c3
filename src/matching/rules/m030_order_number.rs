//! M030 order number — the line carries the order's other number.
//!
//! ## What it matches
//! Orders whose second number (a shop's internal id, a marketplace's own number) is the line's
//! reference, or whose reference is the line's second number.
//! ## Why it is safe
//! The second number is a column of its own in the order file, so it was given to that order.
//! ## When it abstains
//! Orders that have one number only.
//! ## Example
//! Order `#1001` with id `6599142604869`, and a line with reference `6599142604869`.
//! ## 中文
//! 订单的第二编号与流水的单号相同，或订单的单号与流水的第二编号相同。

use super::{KeyedRule, Rule};
use crate::entry::Entries;
use crate::ids::EntryId;

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) = ("same order number", "订单编号相同");

/// The order's second number against the line's reference.
#[derive(Debug)]
pub(crate) struct OrderNumber;

impl KeyedRule for OrderNumber {
    const RULE: Rule = Rule::OrderNumber;

    fn order_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
        key.extend_from_slice(entries.order_number_bytes(id));
    }

    fn line_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
        key.extend_from_slice(entries.reference_bytes(id));
    }
}

/// The order's reference against the line's second number.
#[derive(Debug)]
pub(crate) struct LineOrderNumber;

impl KeyedRule for LineOrderNumber {
    const RULE: Rule = Rule::OrderNumber;

    fn order_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
        key.extend_from_slice(entries.reference_bytes(id));
    }

    fn line_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
        key.extend_from_slice(entries.order_number_bytes(id));
    }
}
