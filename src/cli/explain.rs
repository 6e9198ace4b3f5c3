//! `crossfoot explain`: says of one row of a result where it ended, why, and how its fee is worked
//! out, as a person would write it.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use crossfoot::entry::Kind;
use crossfoot::error::Error;
use crossfoot::fees::{Contract, Expected, Line, Volumes};
use crossfoot::money::{Amount, Currency};
use crossfoot::time::Date;
use serde_json::Value;

use super::output::{Spoken, file_name, read_file, read_text, say};
use super::{Done, RECONCILED};

/// Rows that are named where one was not found.
const NEAR: usize = 3;

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The result document; `-` reads standard input
    result: PathBuf,
    /// The row as the result names it, such as `mfs.csv:8`
    row: String,
    /// Another fee contract than that of the result
    #[arg(long, value_name = "FILE")]
    contract: Option<PathBuf>,
    /// The language of the answer
    #[arg(long, value_enum, default_value = "en")]
    language: Spoken,
}

impl Explain {
    pub(crate) fn run(&self) -> Done {
        let document = document(&read_file(&self.result)?)
            .map_err(|error| error.in_file(&file_name(&self.result)))?;
        let contract = match &self.contract {
            Some(path) => Some(
                Contract::parse(&read_text(path)?)
                    .map_err(|error| error.in_file(&file_name(path)))?,
            ),
            None => {
                let own = document.get("contract").and_then(Value::as_str);
                own.map(Contract::parse).transpose()?
            }
        };
        let result = Result { document: &document, contract, language: self.language };
        say(&result.explain(&self.row)?);
        Ok(RECONCILED)
    }
}

fn document(bytes: &[u8]) -> std::result::Result<Value, Error> {
    let wrong = |message: String| {
        Error::new("document/not-a-result", message)
            .remedy_is("name a JSON document that `crossfoot reconcile --out` wrote")
    };
    let document: Value = serde_json::from_slice(bytes)
        .map_err(|error| wrong(format!("this is no JSON document: {error}")))?;
    let schema = document.get("schema").and_then(Value::as_u64);
    if document.get("entries").is_some_and(Value::is_array) && schema == Some(1) {
        return Ok(document);
    }
    Err(wrong("this is JSON, but no result of schema 1".to_owned()))
}

/// A result with what its lines are held against.
struct Result<'d> {
    document: &'d Value,
    contract: Option<Contract>,
    language: Spoken,
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a list of names has one.
fn names(value: &Value, name: &str, row: &str) -> bool {
    list(value, name).iter().any(|one| one == row)
}

impl<'d> Result<'d> {
    fn say(&self, english: &str, chinese: &str) -> String {
        match self.language {
            Spoken::En => english.to_owned(),
            Spoken::Chinese => chinese.to_owned(),
        }
    }

    fn explain(&self, row: &str) -> std::result::Result<String, Error> {
        let Some(entry) = self.entry(row) else {
            return self.rejected(row).ok_or_else(|| self.not_found(row));
        };
        let mut out = String::new();
        self.facts_of_row(&mut out, entry);
        let found = list(self.document, "matches")
            .iter()
            .find(|one| ["orders", "settlement", "bank"].iter().any(|side| names(one, side, row)));
        if let Some(found) = found {
            self.match_of(&mut out, found, row);
        } else {
            self.ending(&mut out, entry, row);
        }
        self.fees(&mut out, entry, found);
        self.exceptions(&mut out, row);
        Ok(out)
    }

    fn entry(&self, row: &str) -> Option<&'d Value> {
        list(self.document, "entries").iter().find(|entry| text(entry, "row") == row)
    }

    /// Why a row is no entry; `None` if it is not one of those that could not be read.
    fn rejected(&self, row: &str) -> Option<String> {
        let rejected =
            list(self.document, "sources").iter().flat_map(|source| list(source, "rejected"));
        let found = rejected.into_iter().find(|rejected| text(rejected, "row") == row)?;
        let (code, reason, raw) = (text(found, "code"), text(found, "reason"), text(found, "raw"));
        let why = self.say("could not be read", "未能读取");
        Some(format!("{row}: {why} ({code})\n  {reason}\n  {raw}\n"))
    }

    fn not_found(&self, row: &str) -> Error {
        let file = row.rsplit_once(':').map_or(row, |(file, _)| file);
        let entries = list(self.document, "entries").iter().map(|entry| text(entry, "row"));
        let of_file = entries.clone().filter(|name| name.starts_with(file));
        let near: Vec<&str> = of_file.take(NEAR).collect();
        let near = if near.is_empty() { entries.take(NEAR).collect() } else { near };
        Error::new("document/no-such-row", format!("the result has no row {row}"))
            .remedy_is(format!("write it as the result does, such as {}", near.join(", ")))
    }

    /// What the row says.
    fn facts_of_row(&self, out: &mut String, entry: &Value) {
        let (side, kind) = (text(entry, "side"), text(entry, "kind"));
        let (amount, currency) = (text(entry, "amount"), text(entry, "currency"));
        let _ = writeln!(out, "{}: {side}, {kind}, {amount} {currency}", text(entry, "row"));
        let mut said = Vec::new();
        for name in [
            "status",
            "reference",
            "transaction_id",
            "order_number",
            "fee",
            "tax",
            "net",
            "net_currency",
            "original_amount",
            "original_currency",
            "fx_rate",
            "occurred_at",
            "settled_on",
            "batch",
            "method",
            "country",
            "memo",
        ] {
            if let Some(value) = entry.get(name).and_then(Value::as_str) {
                said.push(format!("{name} {value}"));
            }
        }
        let _ = writeln!(out, "  {}", said.join(", "));
    }

    fn match_of(&self, out: &mut String, found: &Value, row: &str) {
        let others: Vec<&str> = ["orders", "settlement", "bank"]
            .iter()
            .flat_map(|side| list(found, side))
            .filter_map(Value::as_str)
            .filter(|other| *other != row)
            .collect();
        let (rule, class) = (text(found, "rule"), text(found, "class"));
        let with = others.join(", ");
        let line = self.say(
            &format!("Matched with {with} by {rule} ({class})"),
            &format!("已与 {with} 匹配，规则 {rule}（{class}）"),
        );
        let _ = writeln!(out, "{line}");
        for reason in list(found, "evidence") {
            let _ = writeln!(out, "  {}: {}", text(reason, "kind"), text(reason, "value"));
        }
        let parts: Vec<String> = list(found, "difference").iter().map(part).collect();
        let none = self.say("none", "无");
        let parts = if parts.is_empty() { none } else { parts.join(", ") };
        let line =
            self.say(&format!("Received − expected: {parts}"), &format!("实收 − 应收：{parts}"));
        let _ = writeln!(out, "{line}");
    }

    fn ending(&self, out: &mut String, entry: &Value, row: &str) {
        let due = list(self.document, "in_transit").iter().find(|one| text(one, "row") == row);
        let line = match (text(entry, "disposition"), due) {
            ("in_transit", Some(due)) => {
                let due = text(due, "due");
                self.say(&format!("In transit: due on {due}"), &format!("在途：应于 {due} 到账"))
            }
            ("excluded", _) => {
                let reason = text(entry, "reason");
                self.say(&format!("Left out: {reason}"), &format!("不参与匹配：{reason}"))
            }
            ("closed_before", _) => self.say("Closed in an earlier run", "此前已核销"),
            (other, _) => self.say(&format!("No match: {other}"), &format!("未匹配：{other}")),
        };
        let _ = writeln!(out, "{line}");
    }

    /// How the fee of a line, or of the payments of an order, is worked out.
    fn fees(&self, out: &mut String, entry: &'d Value, found: Option<&'d Value>) {
        let Some(contract) = &self.contract else {
            if text(entry, "side") == "settlement" {
                let line = self.say("No fee contract was given.", "未提供手续费合同。");
                let _ = writeln!(out, "{line}");
            }
            return;
        };
        let (running, volumes) = self.volumes(contract);
        let lines: Vec<&Value> = match text(entry, "side") {
            "settlement" => vec![entry],
            _ => found.map_or_else(Vec::new, |found| {
                list(found, "settlement")
                    .iter()
                    .filter_map(|row| self.entry(row.as_str()?))
                    .filter(|line| kind(line).is_some_and(Kind::is_payment))
                    .collect()
            }),
        };
        for entry in lines {
            let Some(line) = line(entry) else { continue };
            if line.kind == Kind::Fee {
                continue;
            }
            let paid = found.and_then(|found| self.payment(found, &line));
            let before = running.iter().find(|(row, _)| *row == text(entry, "row"));
            let line = Line {
                payment: paid.as_ref(),
                volume_before: before.and_then(|(_, before)| *before),
                ..line
            };
            self.fee(out, contract, &line, &volumes, entry);
        }
    }

    fn fee(
        &self,
        out: &mut String,
        contract: &Contract,
        line: &Line<'_>,
        volumes: &Volumes,
        entry: &Value,
    ) {
        let name = [contract.name(), contract.version()].join(" ");
        let row = text(entry, "row");
        let said = match contract.charge(line, volumes) {
            Expected::Silent => self.say(
                "The contract says nothing of such a line: its fee is taken as stated.",
                "合同没有规定此类记录：按账单所列手续费计。",
            ),
            Expected::NotKnown(gap) => self.say(
                &format!("The fee is not known: it depends on {}, which is not given.", gap.name()),
                &format!("无法确定手续费：取决于未给出的 {}。", gap.name()),
            ),
            Expected::Charge(charge) => {
                let worked_out = contract.calculation(line, volumes);
                let worked_out =
                    worked_out.map(|c| c.text(self.language.language())).unwrap_or_default();
                let due = charge.fee.format(line.currency);
                let stated = amount(entry, "fee", line.currency).unwrap_or_default();
                let stated = stated.checked_neg().unwrap_or_default();
                let charged = stated.format(line.currency);
                let judged = match stated.cmp(&charge.fee) {
                    std::cmp::Ordering::Equal => self.say(
                        &format!("charged {charged}: right"),
                        &format!("实扣 {charged}：相符"),
                    ),
                    order => {
                        let difference = stated.checked_sub(charge.fee).unwrap_or_default().abs();
                        let difference = difference.format(line.currency);
                        let more = order.is_gt();
                        let (en, zh) = if more { ("much", "多扣") } else { ("little", "少扣") };
                        self.say(
                            &format!("charged {charged}, due {due}: {difference} too {en}"),
                            &format!("实扣 {charged}，应扣 {due}：{zh} {difference}"),
                        )
                    }
                };
                format!("{worked_out}\n  {judged}")
            }
        };
        let head = self.say("Fee by the contract", "按合同的手续费");
        let name = name.trim();
        let name = if name.is_empty() { String::new() } else { format!(" “{name}”") };
        let _ = writeln!(out, "{head}{name}, {row}:\n  {said}");
    }

    /// The payment of a refund's match that is large enough.
    fn payment(&self, found: &'d Value, refund: &Line<'_>) -> Option<Line<'d>> {
        let mut lines = list(found, "settlement")
            .iter()
            .filter_map(|row| self.entry(row.as_str()?).and_then(line));
        lines.find(|line| {
            line.kind.is_payment()
                && line.currency == refund.currency
                && line.amount.abs() >= refund.amount.abs()
        })
    }

    /// The volumes of the months, and of each line that before it.
    fn volumes(&self, contract: &Contract) -> (Vec<(&'d str, Option<Amount>)>, Volumes) {
        let mut volumes = Volumes::of(contract);
        let mut running = Vec::new();
        if !contract.needs_volumes() {
            return (running, volumes);
        }
        let sources = list(self.document, "sources").iter();
        // Of a month before, only the lines that were left open are here.
        let carried: Vec<&str> = sources
            .filter(|source| source.get("carried").is_some())
            .map(|source| text(source, "file"))
            .collect();
        let moved = |entry: &&Value| {
            let reason = text(entry, "reason");
            let file = text(entry, "row").rsplit_once(':').map_or("", |(file, _)| file);
            text(entry, "side") == "settlement"
                && !carried.contains(&file)
                && !matches!(reason, "failed" | "pending" | "authorisation" | "payout" | "repeated")
        };
        let lines = || list(self.document, "entries").iter().filter(moved);
        lines().filter_map(day).for_each(|day| volumes.see(day));
        for entry in lines() {
            if let Some(line) = line(entry) {
                running.push((text(entry, "row"), volumes.count(contract, &line)));
            }
        }
        (running, volumes)
    }

    fn exceptions(&self, out: &mut String, row: &str) {
        for exception in list(self.document, "exceptions") {
            if !names(exception, "rows", row) {
                continue;
            }
            let codes: Vec<&str> = list(exception, "facts")
                .iter()
                .filter(|fact| names(fact, "rows", row))
                .map(|fact| text(fact, "code"))
                .collect();
            let language = self.say("en", "zh-Hans");
            let words = exception.get("explanation").map_or("", |words| text(words, &language));
            let _ = writeln!(out, "{}: {words}", codes.join(", "));
            for candidate in list(exception, "candidates") {
                let (other, why) = (text(candidate, "row"), text(candidate, "why"));
                let line = self.say(
                    &format!("  perhaps {other} ({why})"),
                    &format!("  可能是 {other}（{why}）"),
                );
                let _ = writeln!(out, "{line}");
            }
            if let Some(why) = exception.get("why_not") {
                let words = why.get("explanation").map_or("", |words| text(words, &language));
                let nearest = text(why, "row");
                let nearest = match nearest {
                    "" => String::new(),
                    row => self.say(&format!(" ({row})"), &format!("（{row}）")),
                };
                let not = self.say("Not matched", "未匹配");
                let _ = writeln!(out, "{not}{nearest}: {words}");
            }
        }
    }
}

fn part(part: &Value) -> String {
    format!("{} {} {}", text(part, "part"), text(part, "amount"), text(part, "currency"))
}

fn kind(entry: &Value) -> Option<Kind> {
    Kind::from_name(text(entry, "kind"))
}

fn amount(entry: &Value, name: &str, currency: Currency) -> Option<Amount> {
    Amount::from_major(entry.get(name).and_then(Value::as_str)?.parse().ok()?, currency).ok()
}

/// What a contract looks at in an entry.
fn line(entry: &Value) -> Option<Line<'_>> {
    let currency = Currency::from_code(text(entry, "currency"))?;
    let code = |name: &str| Currency::from_code(text(entry, name));
    let pair = match (code("original_currency"), code("net_currency")) {
        (Some(original), _) if original != currency => Some((original, currency)),
        (_, Some(net)) if net != currency => Some((currency, net)),
        _ => None,
    };
    Some(Line {
        date: day(entry),
        settled_on: Date::from_iso(text(entry, "settled_on")),
        method: text(entry, "method"),
        country: text(entry, "country"),
        memo: text(entry, "memo"),
        pair,
        ..Line::new(kind(entry)?, currency, amount(entry, "amount", currency)?)
    })
}

/// The day of an entry on the clock of its source.
fn day(entry: &Value) -> Option<Date> {
    let instant = text(entry, "occurred_at");
    let date = Date::from_iso(instant.get(..10)?)?;
    let number = |range: std::ops::Range<usize>| instant.get(range)?.parse::<i64>().ok();
    let minutes = number(11..13)?.checked_mul(60)?.checked_add(number(14..16)?)?;
    let offset = entry.get("offset_minutes").and_then(Value::as_i64).unwrap_or_default();
    let days = minutes.checked_add(offset)?.div_euclid(24 * 60);
    date.add_days(i32::try_from(days).ok()?)
}
