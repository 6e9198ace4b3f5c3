//! Small months by chance, full of ties: few numbers, few amounts and few minutes, so that rows
//! share keys, sums and instants far more often than in any real file.

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::Source;

/// One order: a row of Shopify's orders export, with further rows for its articles.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) number: &'static str,
    pub(crate) status: &'static str,
    pub(crate) currency: &'static str,
    pub(crate) total: u32,
    pub(crate) refunded: u32,
    pub(crate) minute: u32,
    pub(crate) payment: &'static str,
    pub(crate) articles: usize,
}

/// One line of MFS Africa's settlement.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) id: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) status: &'static str,
    pub(crate) currency: &'static str,
    pub(crate) settles_in: &'static str,
    pub(crate) amount: u32,
    pub(crate) fee: u32,
    /// Added to the net, so that the line does not add up.
    pub(crate) off: u32,
    pub(crate) rate: u32,
    pub(crate) minute: u32,
    pub(crate) paid_out: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct SmallMonth {
    pub(crate) orders: Vec<Order>,
    pub(crate) lines: Vec<Line>,
}

const NUMBERS: [&str; 6] = ["K-1", "K-2", "K-11", "k1", "0077", "K-3"];
const REFERENCES: [&str; 14] = [
    "K-1",
    "K-1",
    "K-2",
    "K-2",
    "K-11",
    "K-3",
    "order k-1",
    "ORD#K-2",
    "K1",
    "77",
    "K-1+K-2",
    "K-2;K-3",
    "X-9",
    "",
];
const CURRENCIES: [&str; 4] = ["KES", "KES", "KES", "NGN"];
const AMOUNTS: [u32; 6] = [10_000, 10_000, 25_000, 35_000, 1_000_000, 15_000];
const KINDS: [&str; 12] = [
    "payment",
    "payment",
    "payment",
    "payment",
    "payment",
    "refund",
    "refund",
    "reversal",
    "chargeback",
    "fee",
    "adjustment",
    "payout",
];

prop_compose! {
    fn order()(
        number in select(&NUMBERS[..]),
        status in select(&["paid", "paid", "paid", "pending", "voided", "partially_refunded"][..]),
        currency in select(&CURRENCIES[..]),
        total in select(&AMOUNTS[..]),
        refunded in select(&[0, 0, 0, 10_000, 25_000][..]),
        minute in 0..4_u32,
        payment in select(&["", "", "T1", "T2"][..]),
        articles in 1..3_usize,
    ) -> Order {
        Order { number, status, currency, total, refunded, minute, payment, articles }
    }
}

prop_compose! {
    fn line()(
        id in select(&["", "T1", "T2", "T3", "T4", "T5"][..]),
        reference in select(&REFERENCES[..]),
        kind in select(&KINDS[..]),
        status in select(&["SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL", "FAILED", "PENDING"][..]),
        currency in select(&CURRENCIES[..]),
        converted in prop::bool::weighted(0.2),
        amount in select(&AMOUNTS[..]),
        fee in select(&[0, 0, 150, 200][..]),
        off in select(&[0, 0, 0, 0, 0, 0, 1, 500][..]),
        rate in select(&[770, 775, 900][..]),
        minute in 0..4_u32,
        paid_out in 0..4_u32,
    ) -> Line {
        let settles_in = if converted { "USD" } else { currency };
        Line { id, reference, kind, status, currency, settles_in, amount, fee, off, rate, minute, paid_out }
    }
}

prop_compose! {
    /// A month of up to nine orders and twelve lines.
    pub(crate) fn small_month()(
        orders in vec(order(), 0..9),
        lines in vec(line(), 0..12),
    ) -> SmallMonth {
        SmallMonth { orders, lines }
    }
}

/// Terms that all small months are held against.
pub(crate) fn terms() -> Settings {
    Settings {
        as_of: Some("2026-02-05".to_owned()),
        timezone: Some("Africa/Nairobi".to_owned()),
        contract: Some(
            "schema = 1\n[settlement]\ncycle = \"D+2\"\n[[fee]]\ncurrency = \"KES\"\nfixed = \"1.50\"\n".to_owned(),
        ),
        rates: Some("date,base,quote,rate\n2026-02-01,KES,USD,0.0077\n".to_owned()),
        rules: Some("[tolerance]\nabsolute = { NGN = \"150.00\" }\n".to_owned()),
        ..Settings::default()
    }
}

fn major(minor: u32) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

impl Order {
    /// The rows of the order; the first of them carries its figures.
    fn rows(&self) -> String {
        let Self { number, status, currency, minute, payment, .. } = self;
        let (total, refunded) = (major(self.total), major(self.refunded));
        let time = format!("2026-02-03 01:{:02}:00 +0300", 2 * minute);
        let mut rows = format!(
            "{number},{status},{time},{currency},{total},{time},Tea,{refunded},{payment}\n"
        );
        for _ in 1..self.articles {
            rows.push_str(&format!("{number},,,,,{time},Cup,,\n"));
        }
        rows
    }
}

impl Line {
    fn row(&self) -> String {
        let Self { id, reference, kind, status, currency, settles_in, .. } = self;
        let back = matches!(*kind, "refund" | "reversal" | "chargeback" | "payout" | "fee");
        let gross = if back { self.amount + self.fee } else { self.amount - self.fee };
        let (rate, net) = if settles_in == currency {
            (100_000, gross)
        } else {
            // Half up, to the cent.
            (self.rate, (gross * self.rate + 50_000) / 100_000)
        };
        let (amount, fee, net) = (major(self.amount), major(self.fee), major(net + self.off));
        let rate = format!("{}.{:05}", rate / 100_000, rate % 100_000);
        let time = format!("2026-02-02T22:{:02}:00Z", 2 * self.minute);
        let paid_out = 3 + self.paid_out;
        format!(
            "{id},{reference},{kind},{status},{currency},{amount},{fee},{settles_in},{rate},{net},{time},2026-02-{paid_out:02}\n"
        )
    }
}

const ORDER_COLUMNS: &str = "Name,Financial Status,Paid at,Currency,Total,Created at,Lineitem name,Refunded Amount,Payment Reference\n";
const LINE_COLUMNS: &str = "transaction_id,transaction_reference,type,status,currency,amount_received,fee_deduction,settlement_currency,fx_rate,net_amount,created_at,settlement_date\n";

impl SmallMonth {
    /// As one file of orders and one of lines.
    pub(crate) fn sources(&self) -> Vec<Source> {
        vec![orders_file("orders.csv", &self.orders), lines_file("mfs.csv", &self.lines)]
    }

    /// Without the rows of a currency.
    pub(crate) fn without(&self, currency: &str) -> Self {
        let mut rest = self.clone();
        rest.orders.retain(|order| order.currency != currency);
        rest.lines.retain(|line| line.currency != currency);
        rest
    }
}

pub(crate) fn orders_file(name: &str, orders: &[Order]) -> Source {
    let rows: String = orders.iter().map(Order::rows).collect();
    Source::new(name, Side::Orders, format!("{ORDER_COLUMNS}{rows}"))
}

pub(crate) fn lines_file(name: &str, lines: &[Line]) -> Source {
    let rows: String = lines.iter().map(Line::row).collect();
    Source::new(name, Side::Settlement, format!("{LINE_COLUMNS}{rows}"))
}
