//! Decides how the provider pays out: batches per store whose lines add up to the payout.

use super::clock::{DAY, Day};
use super::labels::{Codes, Label, Labels};
use super::market::{StoreIndex, store};
use super::provider::{Kind, Line};
use super::rates::ONE;

/// A payout waits for this many lines and takes at most [`LARGEST`].
const SMALLEST: usize = 12;
const LARGEST: usize = 30;

/// Appends one payout line and one fee line per batch. A batch whose lines do not add up to more
/// than the payout's own fee waits for the next one; what is left at the end is not paid out yet.
pub(super) fn pay_out(lines: &mut Vec<Line>) {
    let mut by_store: Vec<(StoreIndex, Day, i64, usize)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if let Some(day) = line.settled.filter(|_| line.moves_money()) {
            by_store.push((line.store, day, line.created, index));
        }
    }
    by_store.sort_unstable();
    let mut batch = Batch::default();
    let mut rows = by_store.iter().peekable();
    while let Some(&(at, day, _, index)) = rows.next() {
        batch.sum += lines.get(index).map_or(0, Line::signed_net);
        batch.members.push(index);
        let next = rows.peek();
        let last_of_store = next.is_none_or(|next| next.0 != at);
        let last_of_day = last_of_store || next.is_none_or(|next| next.1 != day);
        let size = batch.members.len();
        let due = size >= LARGEST || last_of_store || (last_of_day && size >= SMALLEST);
        if due && batch.sum > store(at).payout_fee {
            let number = batch.number + 1;
            batch.close(lines, at, day);
            batch = Batch { number, ..Batch::default() };
        }
        if last_of_store {
            batch = Batch::default();
        }
    }
}

#[derive(Debug, Default)]
struct Batch {
    /// How many payouts the store had before.
    number: i64,
    members: Vec<usize>,
    sum: i64,
}

impl Batch {
    fn close(&self, lines: &mut Vec<Line>, at: StoreIndex, day: Day) {
        let store = store(at);
        let id = format!("PO-{}-{:05}", store.code, self.number + 1);
        for &member in &self.members {
            if let Some(line) = lines.get_mut(member) {
                line.payout.clone_from(&id);
            }
        }
        let seconds = 17 * 3_600 + self.number % 3_600;
        let row = |kind, label, received: i64, fee: i64| Line {
            case: None,
            labels: Labels::one(label),
            codes: Codes::default(),
            store: at,
            kind,
            failed: false,
            reference: String::new(),
            amount: received,
            received,
            fee,
            rate: ONE,
            net: received - fee,
            created: day * DAY + seconds,
            settled: Some(day),
            payout: id.clone(),
            shares_id: false,
        };
        lines.push(row(Kind::Fee, Label::ProviderFee, 0, store.payout_fee));
        lines.push(row(Kind::Payout, Label::Payout, self.sum - store.payout_fee, 0));
    }
}
