//! What a result shows of time and exchange rates beside its differences, worked out by hand.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use serde_json::{Value, json as value};
use support::{Source, assert_proven, elements, json, reconcile};

const ORDERS: &str = "Name,Financial Status,Paid at,Currency,Total,Created at,Refunded Amount,Id,Payment Reference\n";
const LINES: &str = "transaction_id,transaction_reference,type,status,operator,country,currency,amount,amount_received,fee_deduction,settlement_currency,fx_rate,net_amount,created_at,settlement_date,payout_id\n";

fn order(name: &str, day: &str, total: &str) -> String {
    format!("{name},paid,{day} 12:00:00 +0000,KES,{total},{day} 12:00:00 +0000,0.00,,\n")
}

/// A line that converts shillings into dollars, without a fee.
fn line(name: &str, day: &str, paid: &str, (amount, rate, net): (&str, &str, &str)) -> String {
    format!(
        "T-{name},{name},payment,SUCCESSFUL,M-Pesa,KE,KES,{amount},{amount},0.00,USD,{rate},{net},\
         {day}T12:01:00Z,{paid},P1\n"
    )
}

/// The summary of a currency.
fn summary(orders: &str, lines: &str, settings: &Settings, currency: &str) -> Value {
    let sources = [
        Source::new("orders.csv", Side::Orders, format!("{ORDERS}{orders}")),
        Source::new("mfs.csv", Side::Settlement, format!("{LINES}{lines}")),
    ];
    let document = reconcile(settings, &sources);
    assert_proven(&document, "insights");
    let document = json(&document);
    let all = elements(&document["summary"], "per_currency").iter();
    all.clone().find(|one| one["currency"] == currency).cloned().unwrap_or_default()
}

fn settings(as_of: &str, contract: &str, rates: Option<&str>) -> Settings {
    Settings {
        as_of: Some(as_of.to_owned()),
        contract: Some(format!("schema = 1\n{contract}")),
        rates: rates.map(str::to_owned),
        ..Settings::default()
    }
}

#[test]
fn open_money_has_an_age_and_awaited_money_a_day() {
    let orders = [
        order("A1", "2026-01-05", "100.00"), // due on the 6th: 27 days before 2 February
        order("A2", "2026-01-29", "20.00"),  // Thursday, due on Friday the 30th: 3 days
        order("A3", "2026-01-30", "7.00"),   // Friday, due on Monday, the day itself
        order("A4", "2026-02-02", "5.00"),   // due tomorrow
        order("A5", "2026-02-02", "6.00"),
    ]
    .concat();
    let lines = line("A9", "2026-01-28", "2026-02-04", ("50.00", "0.0077", "0.39"));
    let settings = settings("2026-02-02", "[settlement]\ncycle = \"T+1\"\n", None);
    let kes = summary(&orders, &lines, &settings, "KES");
    assert_eq!(
        kes["ageing"],
        value!([
            {"bucket": "not_due", "rows": 3, "amount": "18.00"},
            {"bucket": "1-7", "rows": 1, "amount": "20.00"},
            {"bucket": "15-30", "rows": 1, "amount": "100.00"},
        ])
    );
    assert_eq!(
        kes["forecast"],
        value!([{"on": "2026-02-03", "side": "orders", "rows": 2, "amount": "11.00"}])
    );
    // A line that no order has is paid out in two days all the same.
    let usd = summary(&orders, &lines, &settings, "USD");
    assert_eq!(
        usd["forecast"],
        value!([{"on": "2026-02-04", "side": "settlement", "rows": 1, "amount": "0.39"}])
    );
}

#[test]
fn payouts_are_early_on_time_or_late() {
    let orders = ["A1", "A2", "A3", "A4"].map(|name| order(name, "2026-02-02", "1000.00")).concat();
    let line = |name, paid| line(name, "2026-02-02", paid, ("1000.00", "0.0077", "7.70"));
    let lines = [
        line("A1", "2026-02-03"),
        line("A2", "2026-02-04"),
        line("A3", "2026-02-04"),
        line("A4", "2026-02-05"),
    ]
    .concat();
    let settings = settings("2026-02-28", "[settlement]\ncycle = \"T+2\"\n", None);
    let usd = summary(&orders, &lines, &settings, "USD");
    assert_eq!(usd["paid"], value!({"early": 1, "on_time": 2, "late": 1}));
}

#[test]
fn conversions_show_their_spread_by_day_and_what_rates_did() {
    let orders = ["A1", "A2", "A3"].map(|name| order(name, "2026-02-02", "1000.00")).concat();
    let line = |name, paid, rate, net| self::line(name, "2026-02-03", paid, ("1000.00", rate, net));
    let lines = [
        line("A1", "2026-02-04", "0.0077", "7.70"),
        line("A2", "2026-02-04", "0.0076", "7.60"),
        line("A3", "2026-02-05", "0.0080", "8.00"),
    ]
    .concat();
    let rates = "date,base,quote,rate,source\n2026-02-02,KES,USD,0.0075,CBK\n\
                 2026-02-03,KES,USD,0.0076,CBK\n2026-02-04,KES,USD,0.0078,\n\
                 2026-02-05,KES,USD,0.0079,CBK\n";
    let settings = settings("2026-02-28", "[fx]\ntolerance_percent = \"5\"\n", Some(rates));
    let usd = summary(&orders, &lines, &settings, "USD");
    // On the 4th 2,000.00 at 0.0078 are 15.60, 15.30 arrived: -0.30, -192.3 hundredths of a percent.
    // On the 5th 1,000.00 at 0.0079 are 7.90, 8.00 arrived: 0.10, 126.6.
    assert_eq!(
        usd["fx"],
        value!([
            {"on": "2026-02-04", "provider": "mfs-africa-settlement", "from": "KES",
             "rate": "0.0078", "rows": 2, "sent": "2000.00", "fair": "15.60", "arrived": "15.30", "spread": "-0.30",
             "basis_points": "-192.3"},
            {"on": "2026-02-05", "provider": "mfs-africa-settlement", "from": "KES",
             "rate": "0.0079", "source": "CBK", "rows": 1, "sent": "1000.00", "fair": "7.90", "arrived": "8.00", "spread": "0.10",
             "basis_points": "126.6"},
        ])
    );
    // Three times 7.60 - 7.50; then twice 7.80 - 7.60 and once 7.90 - 7.60.
    assert_eq!(
        usd["fx_gains"],
        value!([{"from": "KES", "rows": 3, "to_settlement": "0.30", "to_payout": "0.70", "unknown": 0}])
    );
}

#[test]
fn a_missing_rate_is_counted_and_is_no_zero() {
    let orders =
        [order("A1", "2026-02-02", "1000.00"), order("A2", "2026-02-03", "1000.00")].concat();
    let lines = [
        line("A1", "2026-02-03", "2026-02-04", ("1000.00", "0.0077", "7.70")),
        line("A2", "2026-02-03", "2026-02-04", ("1000.00", "0.0077", "7.70")),
    ]
    .concat();
    let rates = "date,base,quote,rate\n2026-02-03,KES,USD,0.0076\n2026-02-04,KES,USD,0.0078\n";
    let settings = settings("2026-02-28", "[fx]\ntolerance_percent = \"5\"\n", Some(rates));
    let usd = summary(&orders, &lines, &settings, "USD");
    assert_eq!(
        usd["fx_gains"],
        value!([{"from": "KES", "rows": 1, "to_settlement": "0.00", "to_payout": "0.20", "unknown": 1}])
    );
}

#[test]
fn the_running_volume_goes_by_time_and_not_by_the_order_of_the_file() {
    let contract = "[[fee]]\ncurrency = \"KES\"\ntier_by = \"this_month\"\ntier_mode = \"marginal\"\n\
                    tiers = [{ up_to = 1000, percent = \"2\" }, { percent = \"1\" }]\n";
    let line = |name: &str, hour: u32, fee: &str, net: &str| {
        format!(
            "T-{name},{name},payment,SUCCESSFUL,M-Pesa,KE,KES,600.00,600.00,{fee},KES,,{net},\
             2026-02-01T{hour:02}:00:00Z,2026-02-04,P1\n"
        )
    };
    // The first 1,000.00 cost 2 %: all of A1, 400.00 of the next, nothing of the third. Which of the
    // two at noon is the next one, nobody can know; it is the same one in whatever order they stand.
    let lines = [
        line("A1", 10, "12.00", "588.00"),
        line("A2", 12, "10.00", "590.00"),
        line("A3", 12, "10.00", "590.00"),
        line("A4", 13, "6.00", "594.00"),
    ];
    let orders = ["A1", "A2", "A3", "A4"].map(|name| order(name, "2026-02-01", "600.00")).concat();
    let overcharged = |lines: &[String]| -> Vec<String> {
        let sources = [
            Source::new("orders.csv", Side::Orders, format!("{ORDERS}{orders}")),
            Source::new("mfs.csv", Side::Settlement, format!("{LINES}{}", lines.concat())),
        ];
        let document = reconcile(&settings("2026-02-28", contract, None), &sources);
        assert_proven(&document, "volumes");
        let document = json(&document);
        let of = |one: &Value| {
            let rows = elements(one, "rows").iter().filter_map(Value::as_str);
            let row = rows.filter_map(|row| row.strip_prefix("mfs.csv:")).next();
            let line = row.and_then(|row| row.parse::<usize>().ok()).map(|row| &lines[row - 2]);
            let name = line.and_then(|line| line.split(',').next()).unwrap_or_default();
            format!("{} {} {name}", one["code"], one["amount"])
        };
        elements(&document, "exceptions").iter().map(of).collect()
    };
    let once = overcharged(&lines);
    assert_eq!(once.len(), 1, "{once:?}");
    assert!(once[0].starts_with("\"FEE_OVERCHARGE\" \"-4.00\" T-A"), "{once:?}");
    for order in [[3, 2, 1, 0], [2, 0, 3, 1], [0, 2, 1, 3]] {
        assert_eq!(overcharged(&order.map(|at| lines[at].clone())), once);
    }
}
