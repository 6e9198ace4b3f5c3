//! Checks the head of the document and what it says about each source.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::codes::Code;
use crate::entry::Side;
use crate::money::Currency;
use crate::time::Date;

use super::Verifier;
use super::carried::{self, CarriedFrom};
use super::cursor::{Cursor, Read};
use super::seals::{hex, is_sha256};
use super::values;
use super::verdict::CheckName;

/// What a source may say about an account.
const BALANCES: [&str; 5] = ["opening", "closing", "balance", "available", "frozen"];

/// What a source says of itself.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) file: String,
    pub(super) side: Side,
    /// Of which shop, marketplace or account it speaks.
    pub(super) scope: String,
    /// The profile by which it was read.
    pub(super) profile: String,
    /// If it was carried forward: from what.
    pub(super) carried: Option<CarriedFrom>,
    /// Physical rows that became entries.
    pub(super) entry_rows: u64,
    pub(super) rejected: u64,
    /// How often each code is stated of the source itself.
    pub(super) codes: BTreeMap<String, u64>,
    /// The certificate in the making.
    pub(super) certificate: Sha256,
    pub(super) stated_certificate: String,
    /// Whether its rows add up.
    pub(super) balanced: bool,
}

impl Source {
    /// Counts a code that is stated of the source itself.
    pub(super) fn count(&mut self, code: &str, times: u64) {
        let count = self.codes.entry(code.to_owned()).or_default();
        *count = count.saturating_add(times);
    }
}

impl Verifier<'_> {
    /// The first line: who wrote the document, and as of when.
    pub(super) fn head(&mut self, line: &str) -> Read<()> {
        let mut c = Cursor::new(line);
        c.literal("{\"schema\":1,\"engine\":{\"name\":\"crossfoot\",")?;
        c.literal("\"version\":")?;
        c.string()?;
        c.text("ruleset")?;
        c.literal("}")?;
        let as_of = c.optional("as_of")?.into_owned();
        self.as_of = Date::from_iso(&as_of);
        if self.as_of.is_none() && !as_of.is_empty() {
            return Err(c.wrong("`as_of` is no date", &as_of));
        }
        c.text("timezone")?;
        c.word("config_sha256", |text| is_sha256(text).then_some(()))?;
        if !c.optional("contract")?.is_empty() {
            self.charges.want();
        }
        c.literal(",")?;
        c.end()?;
        line.clone_into(&mut self.head_line);
        Ok(())
    }

    /// One source.
    pub(super) fn source(&mut self, line: &str) -> Read<()> {
        let mut c = Cursor::new(line);
        c.literal("{")?;
        let file = c.text("file")?.value;
        let side = c.word("side", Side::from_name)?;
        let scope = c.optional("scope")?.into_owned();
        let profile = c.text("profile")?.value.into_owned();
        self.charges.add_source(&profile);
        let carried = carried::read_source(&mut c)?;
        let mut sha256 = Cow::Borrowed("");
        if c.has("sha256") {
            sha256 = c.string()?.value;
            if !is_sha256(&sha256) {
                return Err(c.wrong("`sha256` is no checksum", &sha256));
            }
        }
        let bytes = c.count("bytes")?;
        let carried = carried.map(|(as_of, closed)| {
            let file = (sha256.clone().into_owned(), bytes);
            CarriedFrom { as_of, closed, file }
        });
        let mut currencies = BTreeSet::new();
        c.list_of("currency", |c| {
            let code = c.string()?.value;
            let currency = Currency::from_code(&code);
            let currency = currency.ok_or_else(|| c.wrong("unknown currency", &code))?;
            currencies.insert(currency);
            Ok(())
        })?;
        let mut source = Source {
            file: file.clone().into_owned(),
            side,
            scope,
            profile,
            carried,
            entry_rows: 0,
            rejected: 0,
            codes: BTreeMap::new(),
            certificate: Sha256::new(),
            stated_certificate: String::new(),
            balanced: true,
        };
        let rows = self.source_rows(&mut c, &mut source)?;
        self.check_carried_source(&source, rows);
        self.check_source_rows(&file, &sha256, rows, &source.codes);
        let body = line.get(..c.position()).unwrap_or(line);
        source.stated_certificate = c.text("certificate")?.value.into_owned();
        c.literal("}")?;
        c.end()?;
        for part in [self.head_line.as_str(), "\n", body, "\n"] {
            source.certificate.update(part.as_bytes());
        }
        if !self.ledger.add_file(&file) {
            let what = "two sources have the same file name";
            self.findings.differs(CheckName::Names, what, || file.to_string(), (&file, ""));
        }
        self.sources.push(source);
        Ok(())
    }

    /// The rows, control totals, assumptions and rejected rows of a source.
    fn source_rows(&mut self, c: &mut Cursor<'_>, source: &mut Source) -> Read<[u64; 4]> {
        c.literal(",\"rows\":{")?;
        let read = c.count("read")?;
        let entries = c.count("entries")?;
        let structural = c.count("structural")?;
        let rejected = c.count("rejected")?;
        c.literal("}")?;
        source.entry_rows = entries;
        source.rejected = rejected;
        let ended = entries.saturating_add(structural).saturating_add(rejected);
        source.balanced = read == ended;
        let place = || source.file.clone();
        let what = "rows read are not entries + structural + rejected";
        self.findings.equal(CheckName::Sources, what, place, (read, ended));
        let mut broken = 0_u64;
        c.list_of("controls", |c| {
            c.literal("{")?;
            let name = c.text("name")?.value;
            let stated = c.text("stated")?.value;
            let computed = c.text("computed")?.value;
            let ok = c.flag("ok")?;
            let both = values::decimal(&stated).zip(values::decimal(&computed));
            let equal = both.map_or(stated == computed, |(a, b)| a == b);
            if ok != equal {
                let what = format!("whether the control total `{name}` fits");
                self.findings.differs(CheckName::Sources, &what, place, (ok, equal));
            }
            // Rows in which an equation does not hold have facts of their own.
            let of_rows = c.has("of_rows");
            if of_rows {
                c.literal("true")?;
                if both.is_none_or(|(all, held)| held >= all || !all.is_integer()) {
                    let what = format!("`{name}` counts as many rows as there are, or more");
                    self.findings.differs(CheckName::Sources, &what, place, (&stated, &computed));
                }
            }
            let is_off = !equal && !of_rows;
            let code = c.optional("code")?;
            let computed = if is_off { Code::ControlTotalMismatch.name() } else { "" };
            let what = "the code of a control total";
            self.findings.equal(CheckName::Sources, what, place, (&*code, computed));
            broken = broken.saturating_add(u64::from(is_off));
            c.literal("}")
        })?;
        if broken > 0 {
            source.count(Code::ControlTotalMismatch.name(), broken);
        }
        if c.has("columns") {
            self.columns(c, source)?;
        }
        c.list_of("assumptions", |c| {
            c.literal("{")?;
            c.text("what")?;
            let value = c.text("value")?.value;
            c.text("why")?;
            let code = Code::TimezoneSuspect.name();
            let suspect = c.has("code");
            if suspect {
                let stated = c.string()?.value;
                if stated != code {
                    return Err(c.wrong("an assumption has no such code", &stated));
                }
                source.count(code, 1);
            }
            let mut other = false;
            if c.has("confirmed") {
                c.literal("false")?;
                c.text("path")?;
                c.list_of("options", |c| {
                    other |= c.string()?.value != value;
                    Ok(())
                })?;
            }
            if suspect && !other {
                return Err(c.wrong("a clock that is suspect has another answer", &value));
            }
            c.literal("}")
        })?;
        self.rejected(c, source)?;
        c.list_of("balances", |c| self.balance(c))?;
        Ok([read, entries, structural, rejected])
    }

    /// Columns that are not those of the format any more.
    fn columns(&mut self, c: &mut Cursor<'_>, source: &mut Source) -> Read<()> {
        c.literal("{")?;
        let code = Code::SchemaDrift.name();
        c.word("code", |stated| (stated == code).then_some(()))?;
        let mut counts = [0_u64; 2];
        for (name, count) in ["missing", "unknown"].into_iter().zip(&mut counts) {
            c.list_of(name, |c| {
                *count = count.saturating_add(1);
                c.string().map(|_| ())
            })?;
        }
        source.count(code, 1);
        if counts == [0, 0] {
            let what = "columns that changed are named";
            self.findings.differs(CheckName::Sources, what, || source.file.clone(), ("", ""));
        }
        c.literal("}")
    }

    /// A balance that a source states.
    fn balance(&mut self, c: &mut Cursor<'_>) -> Read<()> {
        c.literal("{")?;
        let account = c.optional("account")?;
        let what = c.word("balance", |what| BALANCES.into_iter().find(|known| *known == what))?;
        let amount = c.text("amount")?.value;
        let currency = c.word("currency", Currency::from_code)?;
        let Some(amount) = values::amount(&amount, currency) else {
            return Err(c.wrong("not an amount with the digits of its currency", &amount));
        };
        let on = c.optional("on")?;
        let day = Date::from_iso(&on);
        if !on.is_empty() && day.is_none() {
            return Err(c.wrong("not a date", &on));
        }
        let at = c.optional("at")?;
        let instant = values::instant(&at);
        if !at.is_empty() && instant.is_none() {
            return Err(c.wrong("not an instant", &at));
        }
        if what == "frozen" {
            self.frozen.stated(&account, currency, (instant, day, amount));
        }
        c.literal("}")
    }

    /// Compares the certificates and the rows that became entries, after the last entry.
    pub(super) fn close_sources(&mut self) {
        let rows = self.ledger.physical_rows(self.sources.len());
        for (source, rows) in self.sources.iter_mut().zip(rows) {
            let place = || source.file.clone();
            // An order of several rows is one entry, so rows may be more than names, never fewer.
            if rows > source.entry_rows || (rows == 0) != (source.entry_rows == 0) {
                let what = "rows that became entries";
                let shown = (source.entry_rows, rows);
                self.findings.differs(CheckName::Sources, what, place, shown);
            }
            let computed = hex(std::mem::take(&mut source.certificate));
            if source.stated_certificate != computed {
                let what = "the certificate is not that of the source's entries";
                let shown = (source.stated_certificate.as_str(), computed.as_str());
                self.findings.differs(CheckName::Certificates, what, place, shown);
            }
        }
        if self.sources.is_empty() {
            let what = "there is no source, so nothing is certified";
            self.findings.differs(CheckName::Certificates, what, || "sources".to_owned(), ("", ""));
        }
    }
}
