//! Decides, for the tests, what the files themselves say about every row: a slow and simple
//! reading of the rules that shares nothing with the code that planted them.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, Weekday};
use rust_decimal::{Decimal, RoundingStrategy};

use super::Files;

type Names = BTreeSet<String>;
type Finding = (Names, Names);

/// A CSV record by column name, with the physical line that it starts on.
pub(super) struct Record {
    pub(super) line: u64,
    cells: BTreeMap<String, String>,
}

impl Record {
    pub(super) fn get(&self, column: &str) -> &str {
        &self.cells[column]
    }

    pub(super) fn amount(&self, column: &str) -> Decimal {
        Decimal::from_str(self.get(column)).expect("an amount")
    }
}

/// The records of a rectangular CSV file.
pub(super) fn records(bytes: &[u8]) -> Vec<Record> {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(bytes);
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let read = reader.records().map(|record| {
        let record = record.expect("a rectangular file");
        let cells = header.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        Record { line: record.position().unwrap().line(), cells }
    });
    read.collect()
}

/// One order; its rows are named by the first.
struct Order {
    row: String,
    number: String,
    payment_id: String,
    currency: String,
    status: String,
    total: Decimal,
    refunded: Decimal,
    placed: DateTime<FixedOffset>,
}

impl Order {
    fn further(&self) -> Option<String> {
        match (self.refunded.is_zero(), self.status.as_str()) {
            (false, _) => Some(format!("{}/refund", self.row)),
            (true, "voided") => Some(format!("{}/void", self.row)),
            _ => None,
        }
    }
}

fn orders(files: &Files) -> Vec<Order> {
    let starts = records(&files.orders_csv).into_iter();
    let mut orders: Vec<Order> = starts
        .filter(|record| !record.get("Total").is_empty())
        .map(|record| Order {
            row: format!("orders.csv:{}", record.line),
            number: record.get("Name").to_owned(),
            payment_id: record.get("Payment Reference").to_owned(),
            currency: record.get("Currency").to_owned(),
            status: record.get("Financial Status").to_owned(),
            total: record.amount("Total"),
            refunded: record.amount("Refunded Amount"),
            placed: DateTime::parse_from_str(record.get("Created at"), "%Y-%m-%d %H:%M:%S %z")
                .expect("a time"),
        })
        .collect();
    orders.sort_by_key(|order| order.placed);
    orders
}

struct Contract {
    toml: toml::Table,
    rates: Vec<(NaiveDate, String, Decimal)>,
    holidays: BTreeSet<String>,
}

fn contract(files: &Files) -> Contract {
    let toml: toml::Table = files.fees_toml.parse().expect("fees.toml is TOML");
    assert_eq!(toml["settlement"]["cycle"].as_str(), Some("T+2"));
    assert_eq!(toml["fx"]["tolerance_percent"].as_str(), Some("0.5"));
    let holidays = toml["settlement"]["holidays"].as_array().unwrap();
    let holidays = holidays.iter().map(|day| day.as_str().unwrap().to_owned()).collect();
    let rates = records(files.fx_csv.as_bytes()).into_iter().map(|record| {
        assert_eq!(record.get("quote"), "USD");
        let date = record.get("date").parse().unwrap();
        (date, record.get("base").to_owned(), record.amount("rate"))
    });
    Contract { toml, holidays, rates: rates.collect() }
}

impl Contract {
    fn due(&self, date: NaiveDate) -> NaiveDate {
        let working = |day: &NaiveDate| {
            !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
                && !self.holidays.contains(&day.to_string())
        };
        date.iter_days().skip(1).filter(working).nth(1).unwrap()
    }

    fn fee(&self, currency: &str, gross: Decimal) -> Decimal {
        let fees = self.toml["fee"].as_array().unwrap();
        let fee = fees.iter().find(|fee| fee["currency"].as_str() == Some(currency)).unwrap();
        let number = |name: &str| fee.get(name).map(|text| decimal(text.as_str().unwrap()));
        let raw = number("percent").unwrap() * gross / decimal("100")
            + number("fixed").unwrap_or_default();
        let mut amount = half_up(raw, currency);
        if let Some(minimum) = number("minimum") {
            amount = amount.max(minimum);
        }
        number("cap").map_or(amount, |cap| amount.min(cap))
    }

    fn rate(&self, currency: &str, date: NaiveDate) -> Decimal {
        let known = self.rates.iter().filter(|(day, base, _)| base == currency && *day <= date);
        known.max_by_key(|(day, _, _)| *day).expect("a rate for every date").2
    }
}

fn decimal(text: &str) -> Decimal {
    Decimal::from_str(text).expect("a number")
}

pub(super) fn half_up(value: Decimal, currency: &str) -> Decimal {
    let digits = if ["UGX", "XOF"].contains(&currency) { 0 } else { 2 };
    value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

/// Upper case, ASCII, letters and digits, without the words that people put before a number.
fn normal(reference: &str) -> String {
    let ascii = |letter: char| match u32::from(letter) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap(),
        _ => letter,
    };
    let kept = reference.chars().map(ascii).filter(char::is_ascii_alphanumeric);
    let text: String = kept.collect::<String>().to_ascii_uppercase();
    let words = ["ORDER", "ORD", "INVOICE", "INV", "REF", "NO", "PO", "PAY", "TXN"];
    let mut rest = text.as_str();
    while let Some(shorter) = words.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = shorter;
    }
    rest.to_owned()
}

/// What must be found: for every row its codes and counterparts.
pub(super) fn findings(files: &Files) -> BTreeMap<String, Finding> {
    let mut found: BTreeMap<String, Finding> = BTreeMap::new();
    let (orders, contract) = (orders(files), contract(files));
    let lines = records(&files.settlement_csv);
    let mut first: BTreeMap<&str, &Order> = BTreeMap::new();
    let mut by_normal: BTreeMap<String, Names> = BTreeMap::new();
    let mut by_payment: BTreeMap<&str, Names> = BTreeMap::new();
    for order in &orders {
        found.entry(order.row.clone()).or_default();
        found.extend(order.further().map(|row| (row, Finding::default())));
        by_normal.entry(normal(&order.number)).or_default().insert(order.number.clone());
        by_payment.entry(&order.payment_id).or_default().insert(order.number.clone());
        if first.contains_key(order.number.as_str()) {
            note(&mut found, &order.row, "DUPLICATE_IN_ORDERS");
        } else {
            first.insert(&order.number, order);
        }
    }
    let mut groups: BTreeMap<Names, Vec<&Record>> = BTreeMap::new();
    for line in &lines {
        found.entry(name(line)).or_default();
        let kinds = ["payment", "capture", "refund", "reversal", "chargeback"];
        if line.get("status") != "SUCCESSFUL" || !kinds.contains(&line.get("type")) {
            continue;
        }
        check_line(&mut found, &contract, line);
        let parts: Names = (line.get("transaction_reference").split(['+', ',', ';', '|']))
            .map(|part| part.trim().to_owned())
            .collect();
        let key = if let Some(numbers) = by_payment.get(line.get("transaction_id")) {
            numbers.clone()
        } else if parts.iter().all(|part| first.contains_key(part.as_str())) {
            parts
        } else {
            by_normal.get(&normal(line.get("transaction_reference"))).cloned().unwrap_or_default()
        };
        if key.is_empty() {
            note(&mut found, &name(line), "MISSING_IN_ORDERS");
        } else {
            groups.entry(key).or_default().push(line);
        }
    }
    let mut paid: Names = Names::new();
    for (numbers, lines) in &groups {
        let members: Vec<&Order> = numbers.iter().map(|number| first[number.as_str()]).collect();
        for number in numbers {
            assert!(paid.insert(number.clone()), "{number} is in two matches");
        }
        check_match(&mut found, &contract, &members, lines);
    }
    for order in first.values().filter(|order| !paid.contains(&order.number)) {
        let due = contract.due(order.placed.date_naive());
        assert_eq!(order.further(), None, "{}", order.row);
        if order.status == "paid" && due.to_string() <= files.as_of {
            note(&mut found, &order.row, "MISSING_IN_SETTLEMENT");
        }
    }
    found
}

fn name(line: &Record) -> String {
    format!("mfs.csv:{}", line.line)
}

fn note(found: &mut BTreeMap<String, Finding>, row: &str, code: &str) {
    found.get_mut(row).unwrap_or_else(|| panic!("{row}")).0.insert(code.to_owned());
}

/// Fee and rate: of every line, matched or not.
fn check_line(found: &mut BTreeMap<String, Finding>, contract: &Contract, line: &Record) {
    let (currency, settled) = (line.get("currency"), line.get("settlement_date").parse().unwrap());
    if is_payment(line) {
        let expected = contract.fee(currency, line.amount("amount_received"));
        assert!(line.amount("fee_deduction") >= expected, "{}", name(line));
        if line.amount("fee_deduction") > expected {
            note(found, &name(line), "FEE_OVERCHARGE");
        }
    } else {
        assert!(line.amount("fee_deduction").is_zero());
    }
    if currency != line.get("settlement_currency") {
        let deviation = line.amount("fx_rate") / contract.rate(currency, settled) - Decimal::ONE;
        assert!(deviation.is_zero() || deviation.abs() > decimal("0.01"), "{}", name(line));
        if !deviation.is_zero() {
            note(found, &name(line), "FX_RATE_VARIANCE");
        }
    }
}

fn is_payment(line: &Record) -> bool {
    ["payment", "capture"].contains(&line.get("type"))
}

fn check_match(
    found: &mut BTreeMap<String, Finding>,
    contract: &Contract,
    orders: &[&Order],
    lines: &[&Record],
) {
    let mut lines = lines.to_vec();
    lines.sort_by_key(|line| line.get("created_at").to_owned());
    let mut seen = BTreeSet::new();
    let (kept, surplus): (Vec<&Record>, Vec<&Record>) = lines.iter().partition(|line| {
        let key = ["transaction_reference", "type", "currency", "amount_received"];
        seen.insert(key.map(|column| line.get(column)))
    });
    for line in surplus {
        note(found, &name(line), "DUPLICATE_IN_SETTLEMENT");
    }
    let (payments, back): (Vec<&Record>, Vec<&Record>) =
        kept.iter().partition(|line| is_payment(line));
    check_amounts(found, orders, &payments, &back);
    check_times(found, contract, orders, &payments);
    let rows: Names = orders
        .iter()
        .flat_map(|order| order.further().into_iter().chain([order.row.clone()]))
        .collect();
    let names: Names = kept.iter().map(|line| name(line)).collect();
    for row in &rows {
        found.get_mut(row).unwrap().1.extend(names.iter().cloned());
    }
    for row in &names {
        found.get_mut(row).unwrap().1.extend(rows.iter().cloned());
    }
}

fn check_amounts(
    found: &mut BTreeMap<String, Finding>,
    orders: &[&Order],
    payments: &[&Record],
    back: &[&Record],
) {
    let expected: Decimal = orders.iter().map(|order| order.total).sum();
    let received: Decimal = payments.iter().map(|line| line.amount("amount_received")).sum();
    assert!(payments.iter().all(|line| line.get("currency") == orders[0].currency));
    let hundred = decimal("100");
    let code = if expected == received {
        None
    } else if expected * hundred == received || expected == received * hundred {
        Some("UNIT_MISMATCH")
    } else if payments.len() > 1 && received < expected {
        assert!(payments.iter().all(|line| line.amount("amount_received") != expected));
        Some("PARTIAL_SETTLEMENT")
    } else if received < expected {
        Some("AMOUNT_UNDER")
    } else {
        Some("AMOUNT_OVER")
    };
    if let Some(code) = code {
        orders.iter().for_each(|order| note(found, &order.row, code));
        payments.iter().for_each(|line| note(found, &name(line), code));
    }
    let known: Decimal = orders.iter().map(|order| order.refunded).sum();
    let voided = orders.iter().any(|order| order.status == "voided");
    for line in back {
        match line.get("type") {
            "chargeback" => note(found, &name(line), "CHARGEBACK"),
            "refund" if !known.is_zero() => assert_eq!(line.amount("amount_received"), known),
            "reversal" if voided => assert_eq!(line.amount("amount_received"), expected),
            _ => {
                note(found, &name(line), "STATUS_MISMATCH");
                orders.iter().for_each(|order| note(found, &order.row, "STATUS_MISMATCH"));
            }
        }
    }
    let returned = known.is_zero() && !voided;
    assert!(returned || back.len() == 1, "{}", orders[0].row);
    if orders.iter().any(|order| order.status == "pending") {
        orders.iter().for_each(|order| note(found, &order.row, "STATUS_MISMATCH"));
        payments.iter().for_each(|line| note(found, &name(line), "STATUS_MISMATCH"));
    }
}

fn check_times(
    found: &mut BTreeMap<String, Finding>,
    contract: &Contract,
    orders: &[&Order],
    payments: &[&Record],
) {
    for line in payments {
        let created = DateTime::parse_from_rfc3339(line.get("created_at")).unwrap();
        let settled: NaiveDate = line.get("settlement_date").parse().unwrap();
        let due: BTreeSet<NaiveDate> =
            orders.iter().map(|order| contract.due(order.placed.date_naive())).collect();
        assert_eq!(due.len(), 1);
        if due.iter().all(|due| settled > *due) {
            note(found, &name(line), "LATE_SETTLEMENT");
        }
        for order in orders {
            let apart = (created - order.placed).num_seconds();
            assert!((0..=15 * 60).contains(&apart), "{} {apart}", name(line));
            if created.date_naive() != order.placed.date_naive() {
                note(found, &name(line), "CUTOFF_SHIFT");
                note(found, &order.row, "CUTOFF_SHIFT");
            }
        }
    }
}
