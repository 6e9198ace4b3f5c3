//! A result document that can be taken apart, changed and put together again, with every checksum,
//! identity and total made to fit: what somebody would do who wants to hide a change.
//!
//! Nothing here is shared with the verifier or the writer but the vocabulary.

mod fees;
mod insights;
mod leaf;
mod settle;

use std::collections::BTreeMap;

use crossfoot::entry::{Kind, Part, Side, Status};
use crossfoot::money::{Amount, Currency};
use crossfoot::time::Date;
use rust_decimal::Decimal;
use xxhash_rust::xxh3::xxh3_128;

use super::sha256;
pub(crate) use Leaf::{List, Object, Plain, Text};
pub(crate) use leaf::{Leaf, object, plain, text};

/// The sections, in their order.
pub(crate) const SECTIONS: [&str; 9] = [
    "sources",
    "summary",
    "entries",
    "matches",
    "exceptions",
    "in_transit",
    "payouts",
    "causes",
    "totals",
];

/// A document in parts.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    pub(crate) head: String,
    opens: Vec<String>,
    pub(crate) sections: [Vec<Leaf>; 9],
    pub(crate) counts: Leaf,
    /// The list of what was charged; empty where there is none.
    pub(crate) fees: String,
    sums: Leaf,
}

impl Paper {
    pub(crate) fn parse(document: &str) -> Self {
        let mut lines = document.lines();
        let head = lines.next().unwrap().to_owned();
        let mut paper = Self {
            head,
            opens: Vec::new(),
            sections: Default::default(),
            counts: List(Vec::new()),
            fees: String::new(),
            sums: List(Vec::new()),
        };
        for line in lines {
            if line.ends_with('[') {
                paper.opens.push(line.to_owned());
            } else if let Some(counts) = line.strip_prefix("],\"counts\":") {
                let counts = counts.strip_suffix("},").unwrap();
                let (counts, fees) = match counts.split_once(",\"fees\":") {
                    Some((counts, fees)) => (counts, fees),
                    None => (counts, ""),
                };
                paper.counts = Leaf::parse(counts);
                fees.clone_into(&mut paper.fees);
            } else if let Some(tail) = line.strip_prefix("],\"sections\":") {
                let (sums, _) = tail.split_once(",\"result_sha256\"").unwrap();
                paper.sums = Leaf::parse(sums);
            } else if line != "]," {
                let element = Leaf::parse(line.strip_suffix(',').unwrap_or(line));
                paper.sections[paper.opens.len() - 1].push(element);
            }
        }
        paper
    }

    pub(crate) fn section(&mut self, name: &str) -> &mut Vec<Leaf> {
        &mut self.sections[SECTIONS.iter().position(|own| *own == name).unwrap()]
    }

    pub(crate) fn elements(&self, name: &str) -> &[Leaf] {
        &self.sections[SECTIONS.iter().position(|own| *own == name).unwrap()]
    }

    /// The place of an entry.
    pub(crate) fn entry(&self, row: &str) -> Option<usize> {
        self.elements("entries").iter().position(|entry| entry.text("row") == row)
    }

    /// The line in which the document says that it balances.
    pub(crate) fn balance(&mut self) -> &mut String {
        self.opens.last_mut().unwrap()
    }

    /// The document with every checksum made to fit.
    pub(crate) fn sealed(mut self) -> String {
        let entries: Vec<String> = self.elements("entries").iter().map(Leaf::render).collect();
        let files: Vec<String> = self
            .elements("entries")
            .iter()
            .map(|entry| entry.text("row").rsplit_once(':').map_or("", |(file, _)| file).to_owned())
            .collect();
        let head = self.head.clone();
        for source in self.section("sources") {
            let file = source.text("file").to_owned();
            let mut body = source.clone();
            body.remove("certificate");
            let body = body.render();
            let mut sealed = format!("{head}\n{}\n", body.strip_suffix('}').unwrap());
            for (_, entry) in files.iter().zip(&entries).filter(|(own, _)| **own == file) {
                sealed.push_str(entry);
                sealed.push('\n');
            }
            source.set("certificate", &sha256(sealed.as_bytes()));
        }
        let entries = self.elements("entries").iter();
        let identities: BTreeMap<String, String> = entries
            .map(|entry| (entry.text("row").to_owned(), entry.text("identity").to_owned()))
            .collect();
        for (name, section) in SECTIONS.iter().zip(&self.sections).skip(1) {
            let mut lines = String::new();
            for element in section {
                let mut element = element.clone();
                element.rename(&identities);
                lines.push_str(&element.render());
                lines.push('\n');
            }
            if *name == "summary" {
                lines.push_str(&self.counts.render());
                lines.push('\n');
                if !self.fees.is_empty() {
                    lines.push_str(&self.fees);
                    lines.push('\n');
                }
            }
            self.sums.set(name, &sha256(lines.as_bytes()));
        }
        let open = self.render("");
        let seal = sha256(open.as_bytes());
        self.render(&seal)
    }

    fn render(&self, seal: &str) -> String {
        let mut out = format!("{}\n", self.head);
        for ((open, section), name) in self.opens.iter().zip(&self.sections).zip(SECTIONS) {
            let elements: Vec<String> = section.iter().map(Leaf::render).collect();
            out.push_str(open);
            out.push('\n');
            out.push_str(&elements.join(",\n"));
            out.push_str(if section.is_empty() { "" } else { "\n" });
            match name {
                "summary" => {
                    out.push_str(&format!("],\"counts\":{}", self.counts.render()));
                    if !self.fees.is_empty() {
                        out.push_str(&format!(",\"fees\":{}", self.fees));
                    }
                    out.push_str("},\n");
                }
                "totals" => out.push_str(&format!("],\"sections\":{}", self.sums.render())),
                _ => out.push_str("],\n"),
            }
        }
        out.push_str(&format!(",\"result_sha256\":\"{seal}\"}}}}\n"));
        out
    }

    /// Recomputes the identities of entries, the names that follow from them, and every order.
    pub(crate) fn identify(&mut self) {
        let mut names = BTreeMap::new();
        for entry in self.section("entries") {
            let hash = identity(entry);
            entry.set("identity", &format!("{hash:032x}-0"));
        }
        self.section("entries").sort_by_cached_key(order);
        let mut last = (String::new(), 0);
        for entry in self.section("entries") {
            let hash = entry.text("identity").split('-').next().unwrap().to_owned();
            last = (hash.clone(), if hash == last.0 { last.1 + 1 } else { 0 });
            entry.set("identity", &format!("{hash}-{}", last.1));
            names.insert(entry.text("row").to_owned(), format!("{}-{}", &hash[..16], last.1));
        }
        let mut renamed = BTreeMap::new();
        for found in self.elements("matches") {
            let rows = found.texts("orders").into_iter().chain(found.texts("settlement"));
            if let Some(name) = rows.filter_map(|row| names.get(&row)).next() {
                let id = found.text("id");
                renamed.insert(id.to_owned(), format!("m{name}"));
                renamed.insert(format!("x{id}"), format!("xm{name}"));
            }
        }
        for exception in self.elements("exceptions") {
            if let (None, Some(row)) = (exception.get("match"), exception.texts("rows").first()) {
                let name = names.get(row).cloned().unwrap_or_default();
                renamed.insert(exception.text("id").to_owned(), format!("x{name}"));
            }
        }
        for section in ["entries", "matches", "exceptions"] {
            self.section(section).iter_mut().for_each(|element| element.rename(&renamed));
        }
        self.arrange();
    }

    /// Puts rows, matches and exceptions into the order of the entries.
    fn arrange(&mut self) {
        let rows: BTreeMap<String, usize> = self
            .elements("entries")
            .iter()
            .enumerate()
            .map(|(at, entry)| (entry.text("row").to_owned(), at))
            .collect();
        let of = |row: &str| rows.get(row).copied().unwrap_or(usize::MAX);
        let first = |element: &Leaf| {
            ["row", "rows", "orders", "settlement"]
                .iter()
                .flat_map(|name| element.texts(name).into_iter().chain([element.text(name).into()]))
                .map(|row| of(&row))
                .min()
        };
        for name in ["matches", "exceptions", "in_transit"] {
            for element in self.section(name) {
                for list in ["orders", "settlement", "rows"] {
                    if let Some(list) = element.list_mut(list) {
                        list.sort_by_key(|row| match row {
                            Text(row) => of(row),
                            _ => usize::MAX,
                        });
                    }
                }
            }
            self.section(name).sort_by_key(first);
        }
    }
}

/// The amount of a field; zero if there is none.
pub(crate) fn number(element: &Leaf, name: &str) -> Decimal {
    element.text(name).parse().unwrap_or_default()
}

/// An amount as a document writes it.
pub(crate) fn written(amount: Decimal, currency: Currency) -> String {
    let amount = Amount::from_major(amount, currency);
    amount.map_or_else(|_| "0".to_owned(), |amount| amount.format(currency))
}

/// Entries stand by side, the oldest first, then by identity.
fn order(entry: &Leaf) -> (Option<Side>, bool, Option<i64>, String) {
    let instant = chrono::DateTime::parse_from_rfc3339(entry.text("occurred_at"));
    let micros = instant.ok().map(|instant| instant.timestamp_micros());
    let side = Side::from_name(entry.text("side"));
    (side, micros.is_none(), micros, entry.text("identity").to_owned())
}

/// The hash of what an entry says: every field with its number and length.
pub(crate) fn identity(entry: &Leaf) -> u128 {
    let texts = |name: &str| -> String {
        serde_json::from_str(&format!("\"{}\"", entry.text(name))).expect("a text")
    };
    let mut bytes = Vec::new();
    let mut add = |field: u8, value: &[u8]| {
        if !value.is_empty() {
            bytes.push(field);
            bytes.extend_from_slice(&u32::try_from(value.len()).unwrap().to_le_bytes());
            bytes.extend_from_slice(value);
        }
    };
    let currency = |name: &str| Currency::from_code(entry.text(name));
    let own = currency("currency");
    let money = |name: &str, own: Option<Currency>| {
        let amount = own.and_then(|own| Amount::from_major(number(entry, name), own).ok());
        match amount.map(|amount| (amount, amount.as_minor())) {
            None | Some((_, Some(0))) => Vec::new(),
            Some((_, Some(minor))) => minor.to_le_bytes().to_vec(),
            Some((fine, None)) => fine.minor_decimal().normalize().to_string().into_bytes(),
        }
    };
    let part =
        entry.text("row").split_once('/').map_or(String::new(), |(_, part)| format!("/{part}"));
    let status = Status::from_name(entry.text("status")).unwrap_or(Status::Unstated);
    add(1, &[Side::from_name(entry.text("side")).map_or(u8::MAX, |side| side as u8)]);
    let kind = Kind::from_name(entry.text("kind")).map_or(u8::MAX, |kind| kind as u8);
    add(2, &[kind, Part::from_name(&part).map_or(0, |part| part as u8)]);
    add(3, &[status as u8]);
    add(4, texts("reference").as_bytes());
    add(5, texts("transaction_id").as_bytes());
    add(6, texts("order_number").as_bytes());
    add(7, &money("amount", own));
    add(8, &money("fee", own));
    add(9, &money("tax", own));
    add(10, &money("net", currency("net_currency").or(own)));
    add(11, entry.text("currency").as_bytes());
    add(12, entry.text("net_currency").as_bytes());
    add(13, &money("original_amount", currency("original_currency")));
    add(14, entry.text("original_currency").as_bytes());
    add(15, entry.text("fx_rate").as_bytes());
    if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(entry.text("occurred_at")) {
        add(16, &instant.timestamp_micros().to_le_bytes());
        add(17, &[u8::from(entry.get("date_only").is_none())]);
        let offset: i16 = entry.text("offset_minutes").parse().unwrap_or(0);
        add(18, &offset.to_le_bytes());
    }
    if let Some(date) = Date::from_iso(entry.text("settled_on")) {
        add(19, &date.0.to_le_bytes());
    }
    for (field, name) in [(20, "batch"), (21, "method"), (22, "country"), (23, "memo")] {
        add(field, texts(name).as_bytes());
    }
    xxh3_128(&bytes)
}
