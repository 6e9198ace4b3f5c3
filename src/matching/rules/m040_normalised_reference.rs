//! M040 normalised reference — the same number, written another way.
//!
//! ## What it matches
//! Orders and payment lines whose references are equal after [`normalise`](crate::matching::normalise):
//! case, separators, full-width characters, leading words such as `ORDER` and leading zeros aside.
//! ## Why it is safe
//! Only where the normalised form belongs to one order number; two numbers that become one
//! (`A-1001` and `A1001` as two orders) are a question and not a match.
//! ## When it abstains
//! Numbers that contain each other (`KE-1001` in `KE-10011`): nothing is searched inside a text.
//! ## Example
//! Order `KE-1001` and a line `Order #ke1001`.
//! ## 中文
//! 去掉大小写、全半角、前缀、分隔符与前导零之后单号相同。若几个不同单号变成同一写法，则只提问，不配对。

use super::{KeyedRule, Rule};
use crate::entry::Entries;
use crate::ids::EntryId;
use crate::matching::normalise;

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) =
    ("same reference, written another way", "单号相同，仅大小写、前缀或分隔符不同");

#[derive(Debug)]
pub(crate) struct NormalisedReference;

impl KeyedRule for NormalisedReference {
    const RULE: Rule = Rule::NormalisedReference;

    fn order_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
        normalise(entries.reference(id), key);
    }

    fn line_key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
        normalise(entries.reference(id), key);
    }

    fn allows(entries: &Entries, orders: &[EntryId]) -> bool {
        let mut references = orders.iter().map(|id| entries.reference(*id));
        let first = references.next();
        references.all(|reference| Some(reference) == first)
    }
}
