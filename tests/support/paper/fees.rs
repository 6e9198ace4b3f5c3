//! What the forger adds up anew of the fees that were charged.

use std::collections::BTreeMap;

use crossfoot::money::Currency;
use rust_decimal::Decimal;

use super::{Leaf, List, Paper, number, written};

/// Whether of a payout, provider, currency, method or payout, and month.
type Group = (bool, String, String, String, String);

/// Charged, too much, too little.
type Sums = (u64, [Decimal; 3]);

impl Paper {
    /// Recomputes what was charged from entries and exceptions.
    pub(crate) fn settle_fees(&mut self) {
        if self.fees.is_empty() {
            return;
        }
        let mut groups: BTreeMap<Group, Sums> = BTreeMap::new();
        let mut of_row: BTreeMap<String, Vec<Group>> = BTreeMap::new();
        for entry in self.elements("entries") {
            let ended = match entry.text("disposition") {
                "matched" | "open" => true,
                _ => entry.text("reason") == "provider_fee",
            };
            if entry.text("side") != "settlement" || !ended {
                continue;
            }
            let of = self.groups_of(entry);
            for group in &of {
                let sums = groups.entry(group.clone()).or_default();
                let row = entry.text("kind") == "fee";
                sums.0 += 1;
                sums.1[0] += number(entry, if row { "net" } else { "fee" });
            }
            of_row.insert(entry.text("row").to_owned(), of);
        }
        for exception in self.elements("exceptions") {
            let Some(List(facts)) = exception.get("facts") else { continue };
            for fact in facts {
                let at = match fact.text("code") {
                    "FEE_OVERCHARGE" | "FEE_NOT_REFUNDED" | "FEE_UNKNOWN_TYPE" => 1,
                    "FEE_UNDERCHARGE" | "FEE_MISSING" => 2,
                    _ => continue,
                };
                let row = fact.texts("rows").into_iter().next().unwrap_or_default();
                for group in of_row.get(&row).into_iter().flatten() {
                    if let Some(sums) = groups.get_mut(group) {
                        sums.1[at] += number(fact, "amount");
                    }
                }
            }
        }
        let stated: Vec<serde_json::Value> = serde_json::from_str(&self.fees).unwrap();
        let lines: Vec<String> =
            groups.iter().map(|(group, sums)| line(group, sums, &stated)).collect();
        self.fees = format!("[{}]", lines.join(","));
    }

    fn groups_of(&self, entry: &Leaf) -> Vec<Group> {
        let file = entry.text("row").rsplit_once(':').map_or("", |(file, _)| file);
        let source = self.elements("sources").iter().find(|source| source.text("file") == file);
        let provider = source.map_or("", |source| source.text("profile")).to_owned();
        let paid = entry.text("kind") == "fee" && entry.get("net_currency").is_some();
        let currency = entry.text(if paid { "net_currency" } else { "currency" }).to_owned();
        let offset: i64 = entry.text("offset_minutes").parse().unwrap_or(0);
        let instant = chrono::DateTime::parse_from_rfc3339(entry.text("occurred_at")).ok();
        let local =
            instant.and_then(|at| at.checked_add_signed(chrono::TimeDelta::minutes(offset)));
        let month = local.map_or_else(String::new, |at| at.format("%Y-%m").to_string());
        let method = entry.text("method").to_owned();
        let mut groups = vec![(false, provider.clone(), currency.clone(), method, month)];
        if entry.get("batch").is_some() {
            let batch = entry.text("batch").to_owned();
            groups.push((true, provider, currency, batch, String::new()));
        }
        groups
    }
}

/// One group; how many of its fees are not known only the document says.
fn line(group: &Group, (lines, sums): &Sums, stated: &[serde_json::Value]) -> String {
    let (of_payout, provider, currency, name, month) = group;
    let kind = if *of_payout { "payout" } else { "method" };
    let is = |one: &serde_json::Value, field: &str, value: &str| {
        one[field].as_str().unwrap_or_default() == value
    };
    let own = stated.iter().find(|one| {
        is(one, "provider", provider)
            && is(one, "currency", currency)
            && is(one, kind, name)
            && (one.get("payout").is_some() == *of_payout)
            && is(one, "month", month)
    });
    let not_known = own.and_then(|one| one["not_known"].as_u64()).unwrap_or(0).min(*lines);
    let code = Currency::from_code(currency).unwrap_or_else(|| Currency::from_code("USD").unwrap());
    let field = |name: &str, value: &str| match value {
        "" => String::new(),
        value => format!("\"{name}\":\"{value}\","),
    };
    let name = field(kind, name);
    let [charged, over, under] = sums.map(|sum| written(sum, code));
    format!(
        "{{\"provider\":\"{provider}\",{name}{}\"currency\":\"{currency}\",\"lines\":{lines},\"charged\":\"{charged}\",\"over\":\"{over}\",\"under\":\"{under}\",\"not_known\":{not_known}}}",
        field("month", month),
    )
}
