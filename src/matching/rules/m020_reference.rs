//! M020 reference — the line carries the order's number, letter for letter.
//!
//! ## What it matches
//! Orders and payment lines with the same reference.
//! ## Why it is safe
//! The seller gave this number to one order and the provider handed it back. Two orders with one
//! number are told apart by amount and age, and what is left over is a duplicate.
//! ## When it abstains
//! References that only resemble each other (`KE-1001` and `KE-10011`), and other currencies.
//! ## Example
//! Order `KE-1001` over 1,500.00 KES and a line `KE-1001` over 1,500.00 KES; also over 1,450.00,
//! with the difference as an exception on the match.
//! ## 中文
//! 单号逐字相同的订单与流水配对，金额不参与选择。同一单号的多笔按金额、再按时间先后配对，多出的一笔是重复。

use super::{KeyedRule, Rule};
use crate::entry::Entries;
use crate::ids::EntryId;

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) = ("same reference", "单号相同");

#[derive(Debug)]
pub(crate) struct Reference;

impl KeyedRule for Reference {
    const RULE: Rule = Rule::Reference;

    fn order_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
        key.extend_from_slice(entries.reference_bytes(id));
    }

    fn line_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
        key.extend_from_slice(entries.reference_bytes(id));
    }
}
