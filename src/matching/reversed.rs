//! Decides which second credits of a payment came after it had been reversed (冲正后仍结算).
//!
//! A line that repeats the transaction of a matched payment is a duplicate. Where the match holds a
//! reversal of the same money that happened before the second line, the money was taken back and
//! then given again: the provider settled what it had undone, and will want it back.

use crate::codes::Code;
use crate::entry::{Entries, Kind};
use crate::ids::EntryId;
use crate::matching::{Finding, Matches, claim};

/// Renames the findings of duplicates that came after a reversal.
pub(crate) fn run(entries: &Entries, matches: &mut Matches) {
    let after = |finding: &Finding| {
        finding.code == Code::DuplicateInSettlement
            && entries.kind(finding.row).is_payment()
            && finding
                .candidates
                .first()
                .is_some_and(|twin| was_reversed_before(entries, matches, *twin, finding.row))
    };
    let found: Vec<usize> = (0..)
        .zip(matches.findings())
        .filter(|(_, finding)| after(finding))
        .map(|(place, _)| place)
        .collect();
    found.into_iter().for_each(|place| matches.rename(place, Code::SettledAfterReversal));
}

/// Whether the match of `twin` undid the money of `line` before that line happened.
fn was_reversed_before(entries: &Entries, matches: &Matches, twin: EntryId, line: EntryId) -> bool {
    let Some(found) = entries.match_of(twin) else { return false };
    let (amount, currency) = claim(entries, line);
    let undone = (amount.checked_neg(), currency);
    matches.members(entries, found).any(|member| {
        let (back, own) = claim(entries, member);
        let times = entries.occurred_at(member).zip(entries.occurred_at(line));
        entries.kind(member) == Kind::Reversal
            && (Some(back), own) == undone
            && times.is_some_and(|(reversed, again)| reversed <= again)
    })
}
