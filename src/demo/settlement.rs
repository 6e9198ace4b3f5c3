//! Decides how the settlement is written: one CSV line per payment, refund, … and payout, oldest
//! first, with UTC times.

use super::clock::{push_date, push_utc_time};
use super::market::{USD, store};
use super::money::push_amount;
use super::provider::{Kind, Line};
use super::rates::push_rate;
use super::rng::Rng;
use super::sheet::Sheet;
use super::shop::Order;

const HEADER: [&str; 17] = [
    "transaction_id",
    "transaction_reference",
    "type",
    "status",
    "operator",
    "country",
    "msisdn",
    "currency",
    "amount",
    "amount_received",
    "fee_deduction",
    "settlement_currency",
    "fx_rate",
    "net_amount",
    "created_at",
    "settlement_date",
    "payout_id",
];

/// Puts the lines in the order of the file, and gives the orders whose payment is found by its
/// transaction id that id. Line `i` of the result is written on physical line `i + 2`.
pub(super) fn arrange(lines: &mut [Line], orders: &mut [Order]) {
    lines.sort_by_key(|line| line.created);
    let shared = lines.iter().enumerate().filter(|(_, line)| line.shares_id);
    let mut ids: Vec<(Option<usize>, String)> =
        shared.map(|(index, line)| (line.case, transaction_id(index, line))).collect();
    ids.sort();
    for order in orders.iter_mut().filter(|order| order.matched) {
        if let Ok(found) = ids.binary_search_by(|(case, _)| case.cmp(&Some(order.case)))
            && let Some((_, id)) = ids.get(found)
        {
            order.payment_reference.clone_from(id);
        }
    }
}

/// The file of lines that were arranged.
pub(super) fn write(rng: &mut Rng, lines: &[Line]) -> Vec<u8> {
    let mut sheet = Sheet::new(&HEADER);
    for (index, line) in lines.iter().enumerate() {
        write_line(&mut sheet, rng, index, line);
    }
    sheet.into_bytes()
}

/// Unique and growing with the line's place.
fn transaction_id(index: usize, line: &Line) -> String {
    let serial = 48_201_907_u64 + index as u64 * 37 + line.created.unsigned_abs() % 31;
    format!("MFS{serial:010}")
}

fn write_line(sheet: &mut Sheet, rng: &mut Rng, index: usize, line: &Line) {
    let store = store(line.store);
    let own = matches!(line.kind, Kind::Payout | Kind::Fee);
    let currency = if own { store.settles_in } else { store.currency };
    sheet.cell(&transaction_id(index, line));
    sheet.cell(&line.reference);
    sheet.cell(match line.kind {
        Kind::Payment => "payment",
        Kind::Refund => "refund",
        Kind::Reversal => "reversal",
        Kind::Chargeback => "chargeback",
        Kind::Preauth => "preauth",
        Kind::Capture => "capture",
        Kind::Payout => "payout",
        Kind::Fee => "fee",
    });
    sheet.cell(if line.failed { "FAILED" } else { "SUCCESSFUL" });
    let (operator, last) = (rng.pick(store.operators), rng.below(10_000));
    sheet.cell(if own { "MFS Africa" } else { operator });
    sheet.cell(store.country);
    sheet.with(|out| {
        if !own && store.currency != USD {
            out.push_str(&format!("{}****{last:04}", store.phone));
        }
    });
    sheet.cell(currency.code);
    for amount in [line.amount, line.received, line.fee] {
        sheet.with(|out| push_amount(out, amount, currency.exponent));
    }
    sheet.cell(store.settles_in.code);
    sheet.with(|out| push_rate(out, line.rate));
    sheet.with(|out| push_amount(out, line.net, store.settles_in.exponent));
    sheet.with(|out| push_utc_time(out, line.created));
    sheet.with(|out| {
        if let Some(day) = line.settled {
            push_date(out, day);
        }
    });
    sheet.cell(&line.payout);
    sheet.end_row();
}
