//! Checks one match: that its rows are its own, and that its parts add up to its difference.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::{Disposition, Side};
use crate::money::{Amount, Currency};

use super::Verifier;
use super::choices::{Choice, Class};
use super::cursor::{Cursor, Read};
use super::facts::{self, Fact};
use super::ledger::{Figure, Index, Ledger, MatchName, Named};
use super::links::Evidence;
use super::members::Wants;
use super::sums::{PARTS, Sum, UNEXPLAINED};
use super::verdict::CheckName;

/// What the exceptions need of a match.
#[derive(Debug)]
pub(super) struct Match {
    pub(super) name: MatchName,
    pub(super) unexplained: Vec<(Currency, Amount)>,
    /// What its exception must say.
    pub(super) wants: Wants,
    /// Whether an exception annotates it.
    pub(super) annotated: bool,
}

/// All matches.
#[derive(Debug, Default)]
pub(super) struct Matches {
    all: Vec<Match>,
    /// Pairs that were made by amount and time.
    pub(super) choices: Vec<Choice>,
    /// The first row of the match before.
    last: Option<Index>,
}

impl Matches {
    pub(super) fn len(&self) -> u64 {
        u64::try_from(self.all.len()).unwrap_or(u64::MAX)
    }

    /// Makes matches findable; gives the names that two of them have.
    fn sort(&mut self) -> Vec<MatchName> {
        self.all.sort_unstable_by_key(|found| found.name);
        let pairs = self.all.iter().zip(self.all.iter().skip(1));
        pairs.filter(|(a, b)| a.name == b.name).map(|(a, _)| a.name).collect()
    }

    pub(super) fn find(&mut self, name: MatchName) -> Option<&mut Match> {
        let at = self.all.partition_point(|found| found.name < name);
        self.all.get_mut(at).filter(|found| found.name == name)
    }
}

impl Verifier<'_> {
    /// One match.
    pub(super) fn one_match(&mut self, line: &str) -> Read<()> {
        let mut c = Cursor::new(line);
        let mut names = Vec::new();
        c.literal("{")?;
        let name = c.word("id", MatchName::parse)?;
        let rule = c.word("rule", is_rule)?;
        let class = c.word("class", Class::parse)?;
        let mut members = [const { Vec::new() }; 3];
        for (side, rows) in
            [Side::Orders, Side::Settlement, Side::Bank].into_iter().zip(&mut members)
        {
            if c.has(side.name()) {
                self.rows(&mut c, &mut names, rows)?;
            }
            self.check_members(name, side, rows);
        }
        let rows = members.concat();
        let mut parts = Vec::new();
        c.list_of("difference", |c| {
            parts.push(part(c)?);
            Ok(())
        })?;
        let mut evidence = Vec::new();
        c.list_of("evidence", |c| {
            evidence.push(reason(c)?);
            Ok(())
        })?;
        let mut notes = Vec::new();
        c.list_of("notes", |c| {
            let fact = self.fact(c, &mut names)?;
            self.notes = self.notes.saturating_add(1);
            self.check_fact(&fact, &name.to_string());
            self.check_note(&fact, name);
            notes.push(fact);
            Ok(())
        })?;
        c.literal("}")?;
        c.end()?;

        self.check_first_row(name, &rows);
        if rule == "M110" {
            self.check_payout_match(name, &members, (class, parts.len()), &evidence);
            let wants = Wants::default();
            self.matches.all.push(Match { name, unexplained: Vec::new(), wants, annotated: false });
            self.seal(line, &names);
            return Ok(());
        }
        self.check_difference(name, &rows, &parts);
        let [orders, lines, bank] = &members;
        if !bank.is_empty() {
            let what = "only payouts are matched with the bank";
            self.findings.differs(CheckName::Matches, what, || name.to_string(), (&rule, "M110"));
        }
        self.check_rule(name, &rule, class, &evidence);
        self.check_links(name, [orders, lines], &evidence);
        if let ("M060" | "M070", [order], [line]) = (rule.as_str(), &**orders, &**lines) {
            self.matches.choices.push(Choice { name, order: *order, line: *line, class });
        }
        let tolerance = parts.iter().any(|(part, ..)| part == "tolerance");
        let wants = self.check_rows_and_notes(name, &rows, (&notes, tolerance));
        for (part, currency, amount) in &parts {
            self.sums.part(part, *currency, *amount);
        }
        let rest = parts.iter().filter(|(part, ..)| part == UNEXPLAINED);
        let unexplained = rest.map(|(_, currency, amount)| (*currency, *amount)).collect();
        self.matches.all.push(Match { name, unexplained, wants, annotated: false });
        self.seal(line, &names);
        Ok(())
    }

    /// The rows of one side of a match: of that side, in order, and nowhere else.
    fn check_members(&mut self, name: MatchName, side: Side, rows: &[Index]) {
        if !rows.is_sorted_by(|a, b| a < b) {
            let what = "the rows of a match are not in the order of the entries";
            self.findings.differs(CheckName::Order, what, || name.to_string(), ("", ""));
        }
        for index in rows {
            let before = self.ledger.hold(*index);
            let Some(record) = self.ledger.get(*index) else { continue };
            let place = || format!("{name} {}", self.ledger.name(*index));
            let group = record.group.map_or_else(String::new, |group| group.to_string());
            if record.group != Some(name) || before > 0 {
                let what = "a row is in a match that its entry does not name, or in two places";
                let shown = (name.to_string(), group);
                self.findings.differs(CheckName::Partition, what, place, shown);
            }
            let what = "the side on which a match lists a row";
            let shown = (side.name(), record.side.name());
            self.findings.equal(CheckName::Partition, what, place, shown);
        }
    }

    /// A match is named after its first row, and matches stand in the order of these.
    fn check_first_row(&mut self, name: MatchName, rows: &[Index]) {
        if rows.len() < 2 {
            let what = "a match of fewer than two rows";
            let shown = (rows.len(), 2);
            self.findings.differs(CheckName::Matches, what, || name.to_string(), shown);
        }
        let first = rows.iter().min().copied();
        if first <= self.matches.last {
            let what = "matches are not in the order of their first rows";
            self.findings.differs(CheckName::Order, what, || name.to_string(), ("", ""));
        }
        self.matches.last = first.max(self.matches.last);
        let record = first.and_then(|first| self.ledger.get(first));
        if let Some(record) = record {
            let what = "the id of a match is not that of its first row";
            let shown = (name.to_string(), MatchName::after(record.identity).to_string());
            self.findings.equal(CheckName::Identities, what, || name.to_string(), shown);
        }
    }

    /// Σ parts + rest = Σ net of the lines − Σ amount of the orders, in each currency.
    fn check_difference(
        &mut self,
        name: MatchName,
        rows: &[Index],
        parts: &[(String, Currency, Amount)],
    ) {
        let mut stated: BTreeMap<Currency, Sum> = BTreeMap::new();
        for (_, currency, amount) in parts {
            stated.entry(*currency).or_default().add(*amount);
        }
        let mut computed = difference(&self.ledger, rows);
        for currency in stated.keys() {
            computed.entry(*currency).or_default();
        }
        for (currency, sum) in computed {
            let said = stated.get(&currency).copied().unwrap_or_default();
            if !said.equals(sum) {
                let what = "the parts do not add up to received − expected";
                let show = |sum: Sum| format!("{} {currency}", sum.show(currency));
                let shown = (show(said), show(sum));
                self.findings.differs(CheckName::Matches, what, || name.to_string(), shown);
            }
        }
    }

    /// A note is for information, about rows of its match.
    fn check_note(&mut self, fact: &Fact, name: MatchName) {
        if !fact.code.is_info() {
            let what = "this code is an exception, not a note";
            let shown = (fact.code.name(), "");
            self.findings.differs(CheckName::Facts, what, || name.to_string(), shown);
        }
        self.check_rows_of_match(fact, name);
    }

    /// Facts about a match name rows of that match.
    pub(super) fn check_rows_of_match(&mut self, fact: &Fact, name: MatchName) {
        for index in &fact.rows {
            if self.ledger.get(*index).is_none_or(|record| record.group != Some(name)) {
                let what = "a fact about a match names a row of another place";
                let place = || format!("{name} {}", fact.code.name());
                let shown = (self.ledger.name(*index), "");
                self.findings.differs(CheckName::Facts, what, place, shown);
            }
        }
    }

    /// Reads a fact.
    pub(super) fn fact(&mut self, c: &mut Cursor<'_>, names: &mut Vec<Named>) -> Read<Fact> {
        c.literal("{")?;
        let code = c.word("code", Code::from_name)?;
        let mut rows = Vec::new();
        c.field("rows")?;
        self.rows(c, names, &mut rows)?;
        let none = String::new;
        let mut fact = Fact { code, rows, expected: none(), actual: none(), money: None };
        facts::figures(c, &mut fact)?;
        c.literal("}")?;
        Ok(fact)
    }

    /// Counts a fact and holds it against its rows.
    pub(super) fn check_fact(&mut self, fact: &Fact, place: &str) {
        let count = self.by_code.entry(fact.code.name().to_owned()).or_default();
        *count = count.saturating_add(1);
        self.charges.fact(fact);
        if let Err(wrong) = facts::check(&self.ledger, fact) {
            let place = || format!("{place} {}", fact.code.name());
            let shown = (wrong.stated, wrong.computed);
            self.findings.differs(CheckName::Facts, wrong.what, place, shown);
        }
    }

    /// Reads a list of row names; one that names no entry is a finding.
    pub(super) fn rows(
        &mut self,
        c: &mut Cursor<'_>,
        names: &mut Vec<Named>,
        rows: &mut Vec<Index>,
    ) -> Read<()> {
        c.list(|c| {
            rows.extend(self.row(c, names)?);
            Ok(())
        })
    }

    /// Reads a row name.
    pub(super) fn row(
        &mut self,
        c: &mut Cursor<'_>,
        names: &mut Vec<Named>,
    ) -> Read<Option<Index>> {
        let text = c.string()?;
        let index = self.ledger.find(&text.value);
        if index.is_none() {
            let line = self.line;
            let what = "no entry has this row name";
            let place = || format!("line {line}");
            self.findings.differs(CheckName::Names, what, place, (&text.value, ""));
        }
        names.push(Named { range: text.range, index });
        Ok(index)
    }

    /// After the last match: every name once, and every matched entry in one.
    pub(super) fn close_matches(&mut self) {
        for name in self.matches.sort() {
            let what = "two matches have the same id";
            self.findings.differs(CheckName::Partition, what, || name.to_string(), ("", ""));
        }
        for (index, record) in self.ledger.iter() {
            if record.disposition == Disposition::Matched && record.held == 0 {
                let what = "a matched entry is in no match";
                let group = record.group.map_or_else(String::new, |group| group.to_string());
                let place = || self.ledger.name(index);
                self.findings.differs(CheckName::Partition, what, place, (group, ""));
            }
        }
    }

    /// After the last exception: every rest of a match was said to someone.
    pub(super) fn close_annotations(&mut self) {
        for found in &self.matches.all {
            if found.wants.anything() && !found.annotated {
                let what = "the rows of a match disagree, and it has no exception";
                let place = || found.name.to_string();
                self.findings.differs(CheckName::Facts, what, place, ("", ""));
            }
            if let (Some((currency, amount)), false) = (found.unexplained.first(), found.annotated)
            {
                let what = "a match has an unexplained rest and no exception";
                let rest = format!("{} {currency}", amount.format(*currency));
                let place = || found.name.to_string();
                self.findings.differs(CheckName::Partition, what, place, (rest, ""));
            }
        }
    }
}

/// Received − expected of some rows, by currency.
fn difference(ledger: &Ledger, rows: &[Index]) -> BTreeMap<Currency, Sum> {
    let mut sums: BTreeMap<Currency, Sum> = BTreeMap::new();
    for index in rows {
        let Some(record) = ledger.get(*index) else { continue };
        match record.side {
            Side::Orders => {
                let amount = ledger.figure(*index, Figure::Amount);
                sums.entry(record.currency).or_default().subtract(amount);
            }
            Side::Settlement => {
                let net = ledger.figure(*index, Figure::Net);
                sums.entry(record.net_currency).or_default().add(net);
            }
            Side::Bank | Side::Webhook => {}
        }
    }
    sums
}

fn part(c: &mut Cursor<'_>) -> Read<(String, Currency, Amount)> {
    c.literal("{")?;
    let part = c.text("part")?.value.into_owned();
    if !PARTS.contains(&part.as_str()) && part != UNEXPLAINED {
        return Err(c.wrong("unknown part of a difference", &part));
    }
    let money = facts::money(c)?;
    let (amount, currency) = money.ok_or_else(|| c.expected("an amount and its currency"))?;
    c.literal("}")?;
    Ok((part, currency, amount))
}

fn reason(c: &mut Cursor<'_>) -> Read<Evidence> {
    c.literal("{")?;
    let kind = c.text("kind")?.value.into_owned();
    let value = c.text("value")?.value.into_owned();
    let orders = c.optional("orders")?.into_owned();
    let settlement = c.optional("settlement")?.into_owned();
    c.literal("}")?;
    Ok(Evidence { kind, value, orders, settlement })
}

/// The code of a rule: M and three digits.
fn is_rule(text: &str) -> Option<String> {
    let digits = text.strip_prefix('M')?;
    let fits = digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.to_owned())
}
