//! Reads the real provider files in the folder that `CROSSFOOT_SAMPLES` names: every one is
//! recognised, its rows add up, and its control totals are recomputed; the totals that the
//! collection calls broken are reported as broken.
//!
//! The files are not part of the project. Without the folder each test says that it was skipped.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

#[path = "conformance/expected.rs"]
mod expected;
#[path = "support/samples.rs"]
mod samples;
#[path = "conformance/table.rs"]
mod table;

use std::fs;
use std::path::PathBuf;

use crossfoot::entry::{Entries, Kind};
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::reader::{SourceSpec, read_whole};
use crossfoot::ingest::report::SourceReport;
use crossfoot::money::{Amount, Currency};
use samples::samples;

/// A file of the collection as it was read.
struct Sample {
    file: String,
    report: SourceReport,
    entries: Entries,
}

fn read(folder: &str, matches: impl Fn(&str) -> bool, currency: Option<&str>) -> Vec<Sample> {
    let Some(root) = samples() else { return Vec::new() };
    let mut paths: Vec<PathBuf> =
        fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut samples = Vec::new();
    for path in paths {
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !matches(&file) {
            continue;
        }
        let mut spec = SourceSpec::new(&file);
        spec.currency = currency.and_then(Currency::from_code);
        let mut entries = Entries::default();
        let report =
            read_whole(spec, &fs::read(&path).unwrap(), native_decoder, &mut entries).unwrap();
        assert!(report.rows.ties(), "{file}: {:?}", report.rows);
        assert_eq!(
            report.drift, None,
            "{file}: no column of a real file is taken for a renamed one"
        );
        samples.push(Sample { file, report, entries });
    }
    assert!(!samples.is_empty(), "{folder} holds none of the files");
    samples
}

impl Sample {
    /// `stated`, `computed` and whether they agree, of the control of this name.
    fn control(&self, name: &str) -> (&str, &str, bool) {
        let control = self.report.controls.iter().find(|control| control.name == name);
        let control = control.unwrap_or_else(|| panic!("{}: no control {name}", self.file));
        (&control.stated, &control.computed, control.ok)
    }

    fn all_controls_hold(&self) -> bool {
        self.report.controls.iter().all(|control| control.ok)
    }

    fn sum(&self, of: impl Fn(&Entries, crossfoot::ids::EntryId) -> Amount) -> Amount {
        let amounts = self.entries.ids().map(|id| of(&self.entries, id));
        amounts.fold(Amount::ZERO, |sum, amount| sum.checked_add(amount).unwrap())
    }

    fn count(&self, kind: Kind) -> usize {
        self.entries.ids().filter(|id| self.entries.kind(*id) == kind).count()
    }
}

#[test]
fn adyen_settlement_details() {
    if samples().is_none() {
        return;
    }
    let all = read("adyen", |file| file.starts_with("settlement_detail_report_"), None);
    assert_eq!(all.len(), 8);
    for sample in &all {
        assert_eq!(sample.report.profile, "adyen-settlement-detail", "{}", sample.file);
        assert_eq!(sample.report.rows.rejected, 0, "{}: {:?}", sample.file, sample.report.rejected);
        assert_eq!(sample.report.rows.structural, 1, "{}", sample.file);
        assert!(sample.report.broken_lines.is_empty(), "{}", sample.file);
        // The excerpts are trimmed, so that their batches do not add up to zero; these do.
        let whole = ["batch_380", "donation-ach", "report_donation.csv"];
        let is_whole = whole.iter().any(|name| sample.file.contains(name));
        let zero = sample.report.controls.iter().find(|c| c.name.ends_with("credits = debits"));
        assert_eq!(zero.unwrap().ok, is_whole, "{}", sample.file);
        assert_eq!(sample.all_controls_hold(), is_whole, "{}", sample.file);
    }
    let batch = all.iter().find(|sample| sample.file.contains("batch_380")).unwrap();
    assert_eq!(batch.control("batch 380, USD: credits = debits"), ("56438.52", "56438.52", true));
    assert_eq!(
        batch.control("batch 380, USD: payout = net of the other rows"),
        ("55308.07", "55308.07", true)
    );
    let kinds = [Kind::Sale, Kind::Refund, Kind::Fee, Kind::Payout].map(|kind| batch.count(kind));
    assert_eq!(kinds, [220, 6, 1, 1]);
}

#[test]
fn alipay_merchant_details() {
    if samples().is_none() {
        return;
    }
    let all = read("alipay", |file| file.starts_with("merchant_"), None);
    assert_eq!(all.len(), 2);
    for sample in &all {
        assert_eq!(sample.report.profile, "alipay-merchant-detail", "{}", sample.file);
        let gbk = sample.file.contains("gbk");
        assert_eq!(sample.report.encoding, if gbk { "gb18030" } else { "utf-8" });
        assert_eq!(sample.report.rows.entries, 10);
        assert_eq!(sample.report.rows.rejected, 0);
        assert_eq!(sample.control("交易合计"), ("6", "6", true));
        assert_eq!(sample.control("商家实收共"), ("0.06", "0.06", true));
        assert_eq!(sample.control("退款合计"), ("4", "4", true));
        assert_eq!(sample.control("商家实收退款共"), ("-0.04", "-0.04", true));
        assert!(sample.all_controls_hold());
        assert_eq!(sample.sum(|entries, id| entries.net(id)), Amount::from_minor(2));
    }
    // The same bill in two encodings says the same.
    let [one, other] = all.as_slice() else { panic!("two files") };
    let identities = |sample: &Sample| -> Vec<_> {
        sample.entries.ids().map(|id| sample.entries.identity(id)).collect()
    };
    assert_eq!(identities(one), identities(other));
}

#[test]
fn flutterwave_lists() {
    if samples().is_none() {
        return;
    }
    let all = read("flutterwave", |file| file == "transactions_list.json", None);
    let transactions = &all[0];
    assert_eq!(transactions.report.profile, "flutterwave-transactions-json");
    assert_eq!(transactions.report.rows.entries, 10);
    // Of the three settled payments two hide a charge of 50 that the list does not state.
    assert_eq!(transactions.control("rows whose amount + fee + tax is the net"), ("3", "1", false));
    assert_eq!(transactions.report.broken_lines.len(), 2);

    let all = read("flutterwave", |file| file == "settlements_list.json", None);
    let settlements = &all[0];
    assert_eq!(settlements.report.profile, "flutterwave-settlements-json");
    assert_eq!(settlements.count(Kind::Payout), 6);
    assert_eq!(settlements.report.controls.len(), 2);
    assert!(settlements.all_controls_hold());
    let first = &settlements.report.controls[0];
    assert_eq!((first.stated.as_str(), first.computed.as_str()), ("6", "6"));
}

#[test]
fn shopify_payments_payout() {
    if samples().is_none() {
        return;
    }
    let all = read("shopify", |file| file.starts_with("payments_transactions_AED_"), None);
    let payout = &all[0];
    assert_eq!(payout.report.profile, "shopify-payments-transactions");
    assert_eq!(payout.report.rows.entries, 6);
    assert_eq!(
        payout.control("batch 148156579998, AED: net = amount + fee + tax"),
        ("2975.92", "2975.92", true)
    );
    assert_eq!(payout.sum(|entries, id| entries.net(id)), Amount::from_minor(297_592));
    assert_eq!(payout.sum(|entries, id| entries.fee(id)), Amount::from_minor(-18_875));
    assert_eq!(payout.sum(|entries, id| entries.amount(id)), Amount::from_minor(316_467));
    assert!(payout.all_controls_hold() && payout.report.broken_lines.is_empty());
}

#[test]
fn shopify_orders_without_a_total() {
    if samples().is_none() {
        return;
    }
    let is_subset = |file: &str| file == "orders_export_multirow_subset.csv";
    let all = read("shopify", is_subset, Some("USD"));
    let orders = &all[0];
    assert_eq!(orders.report.profile, "generic-orders", "mapped by the names of its columns");
    let rows = orders.report.rows;
    assert_eq!((rows.read, rows.entries, rows.structural, rows.rejected), (3, 1, 2, 0));
    let id = orders.entries.ids().next().unwrap();
    assert_eq!(orders.entries.reference(id), "#1271");
    assert_eq!(orders.entries.order_number(id), "6599142604869");
    // 1 × 25.00 + 2 × 4.00 − 0.50 + 4.46 of taxes.
    assert_eq!(orders.entries.amount(id), Amount::from_minor(3_696));
    let derived = |what: &str| orders.report.assumptions.iter().any(|a| a.what == what);
    assert!(derived("amount of an order") && derived("currency") && derived("columns"));

    // Without a currency nothing can be said of the money, and every row says so.
    let all = read("shopify", is_subset, None);
    assert_eq!(all[0].report.rows.rejected, 2);
    assert!(all[0].report.rejected.iter().all(|row| row.reason.contains("--currency")));
}

#[test]
fn wechat_trade_bills() {
    if samples().is_none() {
        return;
    }
    let all = read("wechat", |file| file.starts_with("trade_all_"), None);
    assert_eq!(all.len(), 3);
    for sample in &all {
        assert_eq!(sample.report.profile, "wechat-trade-bill", "{}", sample.file);
        assert_eq!(sample.report.rows.rejected, 0, "{}", sample.file);
        assert_eq!(sample.report.rows.structural, 3, "{}", sample.file);
    }
    let by_name = |part: &str| all.iter().find(|sample| sample.file.contains(part)).unwrap();

    let whole = by_name("20210128");
    assert_eq!(whole.control("总交易单数"), ("3", "3", true));
    assert_eq!(whole.control("应结订单总金额"), ("0.03", "0.03", true));
    assert_eq!(whole.report.controls.len(), 7);
    assert!(whole.all_controls_hold() && by_name("2014").all_controls_hold());

    // Two rows of 29: the count and the totals of the money are broken, and said to be.
    let excerpt = by_name("refund_excerpt");
    assert_eq!(excerpt.control("总交易单数"), ("29", "2", false));
    assert_eq!(excerpt.control("应结订单总金额"), ("1300.00", "60.00", false));
    assert_eq!(excerpt.control("退款总金额"), ("490.00", "50.00", false));
    assert_eq!(excerpt.control("手续费总金额"), ("4.33000", "0.05", false));
    assert_eq!(excerpt.control("充值券退款总金额"), ("0.00", "0.00", true));
    // A refund gives its fee back.
    assert_eq!(excerpt.sum(|entries, id| entries.fee(id)), Amount::from_minor(-5));
}
