//! M010 transaction id — the order names the provider's transaction, and the line is that one.
//!
//! ## What it matches
//! Orders and payment lines whose transaction ids are the same text.
//! ## Why it is safe
//! The provider gives each payment a name of its own; nothing else has it.
//! ## When it abstains
//! Orders without a payment id (most exports), and lines in another currency than the order.
//! ## Example
//! Order `#1001` with payment id `ch_1` and a line `ch_1` of the same amount. Two orders of
//! different numbers with `ch_1` and a line of their sum are one match.
//! ## 中文
//! 平台交易号相同的订单与流水配对，金额不同也配对，差额作为异常说明。一方没有交易号时不适用。

use super::{KeyedRule, Rule};
use crate::entry::Entries;
use crate::ids::EntryId;

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) = ("same transaction id", "平台交易号相同");

#[derive(Debug)]
pub(crate) struct TransactionId;

impl KeyedRule for TransactionId {
    const RULE: Rule = Rule::TransactionId;

    fn order_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
        key.extend_from_slice(entries.transaction_id_bytes(id));
    }

    fn line_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
        key.extend_from_slice(entries.transaction_id_bytes(id));
    }
}
