//! Holds the published JSON Schema of fee contracts against every contract of the project, and
//! against a set of wrong ones that the engine refuses too; and works out the ready contracts.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use crossfoot::entry::Kind;
use crossfoot::fees::{Contract, Expected, Line, Volumes};
use crossfoot::money::{Amount, Currency};
use crossfoot::time::Date;
use serde_json::{Value, json};

const NAME: &str = "https://crossfoot.invalid/contract.schema.json";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

struct Schema(Schemas, SchemaIndex);

impl Schema {
    fn published() -> Self {
        let text = std::fs::read_to_string(root().join("pkg-config/contract.schema.json")).unwrap();
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource(NAME, serde_json::from_str(&text).unwrap()).unwrap();
        let index = compiler.compile(NAME, &mut schemas).unwrap();
        Self(schemas, index)
    }

    fn mistake(&self, contract: &Value) -> Option<String> {
        self.0.validate(contract, self.1).err().map(|error| format!("{error:#}"))
    }
}

/// Every contract under a folder: `fees.toml` of a case, or any file of the ready ones.
fn contracts(folder: &Path, found: &mut Vec<PathBuf>) {
    for item in std::fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            contracts(&path, found);
        } else if path.ends_with("fees.toml")
            || folder.ends_with("contracts") && path.extension().is_some_and(|end| end == "toml")
        {
            found.push(path);
        }
    }
    found.sort();
}

fn all() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["tests/fees", "tests/golden", "pkg-config/contracts"] {
        contracts(&root().join(folder), &mut found);
    }
    assert!(found.len() > 60, "the contracts are where they were");
    found
}

/// TOML as the JSON that says the same; a date is its text.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(list) => list.iter().map(as_json).collect(),
        toml::Value::Table(table) => {
            table.iter().map(|(key, value)| (key.clone(), as_json(value))).collect()
        }
        other => serde_json::to_value(other).unwrap(),
    }
}

#[test]
fn every_contract_is_valid_by_the_schema_and_reads_the_same_as_json() {
    let schema = Schema::published();
    for path in all() {
        let text = std::fs::read_to_string(&path).unwrap();
        let json = as_json(&toml::from_str(&text).unwrap());
        let mistake = schema.mistake(&json);
        assert!(mistake.is_none(), "{}: {}", path.display(), mistake.unwrap_or_default());
        let from_toml = Contract::parse(&text).unwrap();
        assert_eq!(Contract::parse(&json.to_string()).unwrap(), from_toml, "{}", path.display());
    }
}

#[test]
fn what_is_wrong_is_refused_by_the_schema_and_by_the_engine() {
    let schema = Schema::published();
    let fee = |more: Value| {
        let mut fee = json!({ "currency": "KES" });
        fee.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "schema": 1, "fee": [fee] })
    };
    for (what, wrong) in [
        ("no schema", json!({})),
        ("another schema", json!({ "schema": 2 })),
        ("an unknown key", json!({ "schema": 1, "fees": [] })),
        ("a fee of nothing", fee(json!({}))),
        ("a misspelt key", fee(json!({ "percentage": 1 }))),
        ("a float", fee(json!({ "percent": 1.5 }))),
        ("a decimal comma", fee(json!({ "percent": "1,5" }))),
        ("a percent sign", fee(json!({ "percent": "1.5 %" }))),
        ("more than all", fee(json!({ "percent": 101 }))),
        ("a negative percentage", fee(json!({ "percent": "-1" }))),
        ("a negative amount", fee(json!({ "fixed": "-5" }))),
        (
            "a currency in small letters",
            json!({ "schema": 1, "fee": [{ "currency": "kes", "percent": 1 }] }),
        ),
        ("an unknown kind", fee(json!({ "percent": 1, "kinds": ["sales"] }))),
        ("no kind at all", fee(json!({ "percent": 1, "kinds": [] }))),
        ("amounts of no currency", fee(json!({ "fixed": {} }))),
        ("a band of nothing", fee(json!({ "bands": [{ "up_to": 5 }] }))),
        ("no band", fee(json!({ "bands": [] }))),
        (
            "bands and tiers",
            fee(
                json!({ "bands": [{ "fixed": 1 }], "tier_by": "amount", "tiers": [{ "fixed": 1 }] }),
            ),
        ),
        ("an unknown volume", fee(json!({ "tiers": [{ "percent": 1 }], "tier_by": "last_year" }))),
        ("two names of the cap", fee(json!({ "percent": 1, "cap": 1, "maximum": 1 }))),
        ("a waiver of nothing", fee(json!({ "percent": 1, "fixed_from": 5 }))),
        ("an unknown policy", fee(json!({ "percent": 1, "refund": "some" }))),
        ("an unknown rounding", fee(json!({ "percent": 1, "rounding": "half-up" }))),
        ("too many decimals", fee(json!({ "percent": 1, "decimals": 5 }))),
        ("no date", fee(json!({ "percent": 1, "from": "1 May 2026" }))),
        ("a word for a truth", fee(json!({ "percent": 1, "gross_up": "yes" }))),
        ("an unknown condition", fee(json!({ "percent": 1, "when": { "weather": "fine" } }))),
        ("a condition on nothing", fee(json!({ "percent": 1, "when": { "method": [] } }))),
        ("one currency of a pair", fee(json!({ "percent": 1, "when": { "pair": "EUR" } }))),
        ("no cycle", fee(json!({ "percent": 1, "when": { "cycle": "2 days" } }))),
        (
            "a surcharge with a refund",
            json!({ "schema": 1, "surcharge": [{ "percent": 1, "refund": "kept" }] }),
        ),
        ("a tax without a rate", json!({ "schema": 1, "tax": [{ "name": "VAT" }] })),
        ("a tax in no column", json!({ "schema": 1, "tax": [{ "percent": 1, "shown": "net" }] })),
        (
            "a volume without its month",
            json!({ "schema": 1, "volume": [{ "currency": "KES", "amount": 1 }] }),
        ),
        (
            "a month of 13",
            json!({ "schema": 1, "volume": [{ "month": "2026-13", "currency": "KES", "amount": 1 }] }),
        ),
        ("settlement without a cycle", json!({ "schema": 1, "settlement": {} })),
        ("a rounding of neither", json!({ "schema": 1, "round": "all" })),
    ] {
        assert!(schema.mistake(&wrong).is_some(), "the schema allows {what}: {wrong}");
        assert!(Contract::parse(&wrong.to_string()).is_err(), "the engine takes {what}: {wrong}");
    }
}

#[test]
fn the_ready_contracts_name_their_source_and_give_the_fees_that_are_known() {
    let folder = root().join("pkg-config/contracts");
    let mut names = Vec::new();
    contracts(&folder, &mut names);
    for path in &names {
        let contract = Contract::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(contract.source().contains("2026-11-21"), "{}", path.display());
        assert!(!contract.name().is_empty(), "{}", path.display());
    }
    // Contract, currency, amount, country, pair, day, fee and tax, worked out by hand.
    for (name, code, amount, country, converted, day, expected) in [
        ("stripe-us-2023", "USD", "100.00", "US", false, "2023-06-01", "3.20"),
        ("stripe-us-2023", "USD", "100.00", "DE", false, "2023-05-31", "4.20"),
        ("stripe-us-2023", "USD", "100.00", "DE", false, "2023-06-01", "4.70"),
        ("stripe-us-2023", "USD", "100.00", "DE", true, "2023-06-01", "5.70"),
        ("stripe-eea", "EUR", "100.00", "FR", false, "2026-02-01", "1.75"),
        ("stripe-eea", "EUR", "100.00", "US", true, "2026-02-01", "5.50"),
        ("stripe-uk", "GBP", "10.00", "GB", false, "2026-02-01", "0.35"),
        ("stripe-au", "AUD", "10.00", "AU", false, "2026-02-01", "0.47"),
        ("stripe-ca", "CAD", "10.00", "US", false, "2026-02-01", "0.67"),
        ("stripe-sg", "SGD", "10.00", "SG", false, "2026-02-01", "0.84"),
        ("stripe-jp", "JPY", "1000", "JP", false, "2026-02-01", "36"),
        ("paypal-us-2021", "USD", "100.00", "", false, "2021-09-01", "3.39"),
        ("paypal-us-2021", "THB", "100.00", "", false, "2021-09-01", "13.90"),
        ("paystack-ng", "NGN", "2499.99", "", false, "2026-02-01", "37.50"),
        ("paystack-ng", "NGN", "2500.00", "", false, "2026-02-01", "137.50"),
        ("paystack-ng", "NGN", "500000.00", "", false, "2026-02-01", "2000.00"),
        ("flutterwave-ng", "NGN", "10000.00", "", false, "2026-02-01", "150.50"),
        ("mpesa-paybill-2024", "KES", "100.00", "", false, "2026-02-01", "0.00"),
        ("mpesa-paybill-2024", "KES", "1000.00", "", false, "2026-02-01", "10.00"),
        ("mpesa-paybill-2024", "KES", "50001.00", "", false, "2026-02-01", "108.00"),
        ("wechat-pay-cn", "CNY", "53.30", "", false, "2026-02-01", "0.32"),
        ("shopify-payments-ae", "AED", "200.00", "", false, "2026-02-01", "6.30"),
        ("razorpay-in", "INR", "1000.00", "", false, "2026-02-01", "20.00 and 3.60"),
    ] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.toml"))).unwrap();
        let contract = Contract::parse(&text).unwrap();
        let currency = Currency::from_code(code).unwrap();
        let amount = Amount::from_major(amount.parse().unwrap(), currency).unwrap();
        let other = Currency::from_code("KES").unwrap();
        let line = Line {
            country,
            pair: converted.then_some((other, currency)),
            date: Date::from_iso(day),
            ..Line::new(Kind::Sale, currency, amount)
        };
        let Expected::Charge(charge) = contract.charge(&line, &Volumes::of(&contract)) else {
            panic!("{name} has no fee for {code} {country}");
        };
        let mut found = charge.fee.format(currency);
        if !charge.tax.is_zero() {
            found.push_str(&format!(" and {}", charge.tax.format(currency)));
        }
        assert_eq!(found, expected, "{name} {code} {country} {day}");
    }
}
