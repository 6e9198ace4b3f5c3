//! What the forger adds up anew: counts, totals and the summary.

use std::collections::BTreeMap;

use crossfoot::entry::{Kind, Side};
use crossfoot::money::Currency;
use rust_decimal::Decimal;

use super::insights::{Tally, fitted};
use super::{Leaf, List, Object, Paper, number, object, plain, text, written};

impl Paper {
    /// Recomputes counts, totals and the summary from entries, matches and exceptions.
    pub(crate) fn settle(&mut self) {
        self.settle_counts();
        self.settle_totals();
        self.settle_summary();
        self.settle_fees();
    }

    fn settle_counts(&mut self) {
        let count = |found: &dyn Fn(&Leaf) -> bool| {
            self.elements("entries").iter().filter(|entry| found(entry)).count()
        };
        let mut counts: Vec<(String, Leaf)> = Vec::new();
        for side in ["orders", "settlement", "bank", "webhook"] {
            if self.counts.get(side).is_some() {
                let number = count(&|entry| entry.text("side") == side);
                counts.push((side.to_owned(), plain(number)));
            }
        }
        counts.push(("matches".to_owned(), plain(self.elements("matches").len())));
        for end in ["matched", "open", "in_transit", "excluded", "closed_before"] {
            let number = count(&|entry| entry.text("disposition") == end);
            counts.push((end.to_owned(), plain(number)));
        }
        counts.push(("rejected".to_owned(), plain(self.counts.text("rejected"))));
        counts.push(("exceptions".to_owned(), plain(self.elements("exceptions").len())));
        let mut codes: BTreeMap<String, usize> = BTreeMap::new();
        let mut notes = 0;
        let facts = |element: &Leaf, name: &str| match element.get(name) {
            Some(List(list)) => list.iter().map(|fact| fact.text("code").to_owned()).collect(),
            _ => Vec::new(),
        };
        for found in self.elements("matches").iter().chain(self.elements("payouts")) {
            for code in facts(found, "notes") {
                notes += 1;
                *codes.entry(code).or_default() += 1;
            }
        }
        for exception in self.elements("exceptions") {
            for code in facts(exception, "facts") {
                *codes.entry(code).or_default() += 1;
            }
        }
        for source in self.elements("sources") {
            if let Some(Object(own)) = source.get("rejected_by_code") {
                for (code, number) in own {
                    *codes.entry(code.clone()).or_default() += number.render().parse().unwrap_or(0);
                }
            }
            if let Some(columns) = source.get("columns") {
                *codes.entry(columns.text("code").to_owned()).or_default() += 1;
            }
            let stated = ["controls", "assumptions"].map(|list| facts(source, list)).concat();
            for code in stated.into_iter().filter(|code| !code.is_empty()) {
                *codes.entry(code).or_default() += 1;
            }
        }
        counts.push(("notes".to_owned(), plain(notes)));
        let codes = codes.into_iter().map(|(code, number)| (code, plain(number)));
        counts.push(("by_code".to_owned(), Object(codes.collect())));
        self.counts = Object(counts);
    }

    fn settle_totals(&mut self) {
        const ENDS: [&str; 5] = ["matched", "open", "in_transit", "excluded", "closed_before"];
        type Key = (Side, Kind, Currency, usize);
        let mut totals: BTreeMap<Key, (u64, Decimal, [Decimal; 5])> = BTreeMap::new();
        for entry in self.elements("entries") {
            let (Some(side), Some(kind), Some(own)) = (
                Side::from_name(entry.text("side")),
                Kind::from_name(entry.text("kind")),
                Currency::from_code(entry.text("currency")),
            ) else {
                return;
            };
            let paid = Currency::from_code(entry.text("net_currency")).unwrap_or(own);
            let end = ENDS.iter().position(|end| *end == entry.text("disposition"));
            for (measure, name) in ["amount", "fee", "tax", "net"].into_iter().enumerate() {
                let currency = if name == "net" { paid } else { own };
                let total = totals.entry((side, kind, currency, measure)).or_default();
                let amount = number(entry, name);
                total.0 += 1;
                total.1 += amount;
                if let Some(end) = end {
                    total.2[end] += amount;
                }
            }
        }
        let zero = |(_, input, ends): &(u64, Decimal, [Decimal; 5])| {
            input.is_zero() && ends.iter().all(Decimal::is_zero)
        };
        let lines = totals.iter().filter(|(key, total)| key.3 == 0 || !zero(total)).map(
            |((side, kind, currency, measure), (rows, input, ends))| {
                let mut line = object(&[
                    ("side", text(side.name())),
                    ("kind", text(kind.name())),
                    ("currency", text(currency.code())),
                    ("measure", text(["amount", "fee", "tax", "net"][*measure])),
                    ("rows", plain(rows)),
                    ("input", text(written(*input, *currency))),
                ]);
                for (name, sum) in ENDS.iter().zip(ends) {
                    line.put(name, &written(*sum, *currency));
                }
                line
            },
        );
        let lines = lines.collect();
        *self.section("totals") = lines;
    }

    fn settle_summary(&mut self) {
        let mut accounts: BTreeMap<Currency, Account> = BTreeMap::new();
        for entry in self.elements("entries") {
            let Some(own) = Currency::from_code(entry.text("currency")) else { return };
            let paid = Currency::from_code(entry.text("net_currency")).unwrap_or(own);
            let end = (entry.text("disposition"), entry.text("reason"));
            match (entry.text("side"), entry.text("kind")) {
                ("orders", _) => accounts.entry(own).or_default().order(entry, end.0),
                ("settlement", "payout") => drop(accounts.entry(paid).or_default()),
                ("settlement", _) => accounts.entry(paid).or_default().line(entry, end),
                _ => {}
            }
        }
        for found in self.elements("matches") {
            let Some(List(parts)) = found.get("difference") else { continue };
            for part in parts {
                let Some(own) = Currency::from_code(part.text("currency")) else { return };
                let account = accounts.entry(own).or_default();
                *account.part(part.text("part")) += number(part, "amount");
            }
        }
        let stated = |own: &Currency| {
            self.elements("summary").iter().find(|line| line.text("currency") == own.code())
        };
        // A currency in which nothing moved is not in the summary.
        let lines = accounts
            .iter()
            .filter(|(own, account)| account.moved() || stated(own).is_some())
            .map(|(own, account)| account.line_of(*own, stated(own)))
            .collect();
        *self.section("summary") = lines;
    }
}

/// The summary of a currency.
#[derive(Default)]
struct Account {
    expected: Decimal,
    received: Decimal,
    unexplained: Decimal,
    parts: BTreeMap<String, Decimal>,
    /// Orders that are open or in transit.
    open: Tally,
    awaited: Tally,
}

impl Account {
    fn part(&mut self, part: &str) -> &mut Decimal {
        match part {
            "unexplained" => &mut self.unexplained,
            _ => self.parts.entry(part.to_owned()).or_default(),
        }
    }

    fn order(&mut self, entry: &Leaf, end: &str) {
        let amount = number(entry, "amount");
        if matches!(end, "matched" | "open") {
            self.expected += amount;
        }
        if end == "open" {
            self.unexplained -= amount;
        }
        if matches!(end, "open" | "in_transit") {
            self.open.add(entry);
        }
        if end == "in_transit" {
            self.awaited.add(entry);
        }
    }

    fn line(&mut self, entry: &Leaf, (end, reason): (&str, &str)) {
        let net = number(entry, "net");
        let kind = entry.text("kind");
        let moved = match (end, reason) {
            ("matched" | "open", _) => true,
            ("excluded", reason) => {
                !matches!(reason, "failed" | "pending" | "authorisation" | "payout")
            }
            _ => false,
        };
        if moved {
            self.received += net;
        }
        match (end, reason, kind) {
            ("open", ..) => self.unexplained += net,
            ("excluded", "provider_fee", _) => *self.part("fee") += net,
            ("excluded", "own_balance", "reserve" | "release") => *self.part("reserve") += net,
            ("excluded", "own_balance", _) => *self.part("transfer") += net,
            _ => {}
        }
    }

    fn moved(&self) -> bool {
        let sums = [self.expected, self.received, self.unexplained];
        sums.iter().chain(self.parts.values()).any(|sum| !sum.is_zero())
    }

    fn line_of(&self, currency: Currency, stated: Option<&Leaf>) -> Leaf {
        let money = |amount: Decimal| text(written(amount, currency));
        let parts = self.parts.iter().filter(|(_, amount)| !amount.is_zero());
        let parts = parts.map(|(part, amount)| {
            object(&[("part", text(part.as_str())), ("amount", money(*amount))])
        });
        let mut line = object(&[
            ("currency", text(currency.code())),
            ("expected", money(self.expected)),
            ("received", money(self.received)),
            ("difference", money(self.received - self.expected)),
            ("explained", List(parts.collect())),
            ("unexplained", money(self.unexplained)),
        ]);
        if let Object(fields) = &mut line {
            fields.extend(fitted(stated, currency, (self.open, self.awaited)));
        }
        line
    }
}
