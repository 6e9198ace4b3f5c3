//! Decides how a made-up month is written: an orders export, a settlement, and the terms.

use crossfoot::engine::Settings;
use crossfoot::entry::Side;

use super::Source;
use super::sales::{CURRENCIES, CYCLE, DAY, Line, OFFSET, Order, RATE};

const ORDER_COLUMNS: &str =
    "Name,Financial Status,Paid at,Currency,Total,Created at,Refunded Amount,Payment Reference\n";
const LINE_COLUMNS: &str = "transaction_id,transaction_reference,type,status,currency,amount_received,fee_deduction,settlement_currency,fx_rate,net_amount,created_at,settlement_date\n";

/// One rate all the time, stated often enough that none is too old to be used.
fn rates() -> String {
    let days = (1..=12).flat_map(|month| [1, 11, 21].map(|day| (month, day)));
    let line = |(month, day)| format!("2026-{month:02}-{day:02},KES,USD,0.{RATE:06}\n");
    format!("date,base,quote,rate\n{}", days.map(line).collect::<String>())
}

/// The terms of every month: what is certain is matched without a reference.
pub(crate) fn settings() -> Settings {
    let mut contract = format!(
        "schema = 1\n[settlement]\ncycle = \"D+{CYCLE}\"\n[fx]\ntolerance_percent = \"0.5\"\n"
    );
    for (code, hundredths, fixed) in CURRENCIES {
        let percent = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        contract += &format!(
            "[[fee]]\ncurrency = \"{code}\"\npercent = \"{percent}\"\nfixed = \"{}\"\n",
            major(fixed)
        );
    }
    Settings {
        as_of: Some("2026-04-30".to_owned()),
        timezone: Some("Africa/Nairobi".to_owned()),
        contract: Some(contract),
        rates: Some(rates()),
        rules: Some("[without_reference]\nmatch = \"automatic\"\n".to_owned()),
        ..Settings::default()
    }
}

/// The two files of a month, the second of which may end in the middle of a row. Row `i` of a side is
/// on line `i + 2`.
pub(crate) fn sources(orders: &[Order], lines: &[Line], is_cut: bool) -> Vec<Source> {
    let orders: String = orders.iter().map(order).collect();
    let mut lines: String = lines.iter().map(line).collect();
    if is_cut {
        lines.push_str("MFS99999999,SH-9");
    }
    let of = |name, side, profile: &str, text: String| Source {
        profile: Some(profile.to_owned()),
        ..Source::new(name, side, text)
    };
    let (orders, lines) = (format!("{ORDER_COLUMNS}{orders}"), format!("{LINE_COLUMNS}{lines}"));
    vec![
        of("orders.csv", Side::Orders, "shopify-orders", orders),
        of("mfs.csv", Side::Settlement, "mfs-africa-settlement", lines),
    ]
}

fn major(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", minor.abs() / 100, minor.abs() % 100)
}

/// A date of 2026, so many days after 1 March.
fn date(day: i64) -> String {
    let (mut month, mut day) = (3, day + 1);
    if day < 1 {
        (month, day) = (2, 28 + day);
    }
    while day > [0, 31, 28, 31, 30, 31][month] {
        day -= [0, 31, 28, 31, 30, 31][month];
        month += 1;
    }
    format!("2026-{month:02}-{day:02}")
}

fn time(minute: i64) -> (String, i64, i64) {
    let within = minute.rem_euclid(DAY);
    (date(minute.div_euclid(DAY)), within / 60, within % 60)
}

fn order(order: &Order) -> String {
    let (date, hour, minute) = time(order.minute + OFFSET);
    let time = format!("{date} {hour:02}:{minute:02}:00 +0300");
    let (code, _, _) = CURRENCIES[order.currency];
    let Order { number, status, .. } = order;
    format!("{number},{status},{time},{code},{},{time},0.00,\n", major(order.amount))
}

fn line(line: &Line) -> String {
    let (date_of, hour, minute) = time(line.minute);
    let (code, _, _) = CURRENCIES[line.currency];
    let left = line.amount - line.fee;
    // Half up, away from zero, to the cent.
    let at = |rate: i64| (left.abs() * rate + 500_000) / 1_000_000 * left.signum();
    let (paid_in, rate, net) = match line.rate {
        Some(rate) => ("USD", format!("0.{rate:06}"), at(rate)),
        None => (code, "1".to_owned(), left),
    };
    format!(
        "{},{},payment,SUCCESSFUL,{code},{},{},{paid_in},{rate},{},{date_of}T{hour:02}:{minute:02}:00Z,{}\n",
        line.id,
        line.reference,
        major(line.amount),
        major(line.fee),
        major(net + line.off),
        date(line.settled),
    )
}
