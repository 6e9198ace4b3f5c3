//! Holds the lines of frozen funds against the balances that the sources state.

use std::collections::BTreeMap;

use crate::money::{Amount, Currency};
use crate::time::{Date, Instant};

use super::cursor::{Cursor, Read};
use super::values;
use super::verdict::{CheckName, Findings};

/// When an amount holds, and the amount: the greatest of an account is the last that is stated.
type Stated = (Option<Instant>, Option<Date>, Amount);

/// An account in one currency.
type Key = (String, Currency);

/// What the sources say is frozen, and what the totals say.
#[derive(Debug, Default)]
pub(super) struct FrozenFunds {
    stated: BTreeMap<Key, Stated>,
    lines: BTreeMap<Key, (Option<Date>, Amount)>,
}

/// Whether a line of the totals is one of frozen funds.
pub(super) fn is_line(line: &str) -> bool {
    line.starts_with("{\"measure\":\"frozen\",")
}

impl FrozenFunds {
    /// Takes a balance that a source states.
    pub(super) fn stated(&mut self, account: &str, currency: Currency, stated: Stated) {
        let last = self.stated.entry((account.to_owned(), currency)).or_insert(stated);
        *last = (*last).max(stated);
    }

    /// Reads a line.
    pub(super) fn read(&mut self, c: &mut Cursor<'_>) -> Read<()> {
        c.literal("{\"measure\":\"frozen\",\"side\":\"bank\"")?;
        let account = c.optional("account")?.into_owned();
        let currency = c.word("currency", Currency::from_code)?;
        let on = c.optional("on")?;
        let day = Date::from_iso(&on);
        if !on.is_empty() && day.is_none() {
            return Err(c.wrong("not a date", &on));
        }
        let amount = c.word("amount", |text| values::amount(text, currency))?;
        c.literal("}")?;
        c.end()?;
        let key = (account, currency);
        if self.lines.keys().next_back().is_some_and(|last| *last >= key) {
            return Err(c.wrong("the frozen funds are not sorted", &place_of(&key)));
        }
        self.lines.insert(key, (day, amount));
        Ok(())
    }

    /// Frozen funds stand behind all other totals.
    pub(super) fn nothing_before(&self, c: &Cursor<'_>) -> Read<()> {
        match self.lines.keys().next_back() {
            Some(last) => Err(c.wrong("a total stands behind frozen funds", &place_of(last))),
            None => Ok(()),
        }
    }

    /// Compares both.
    pub(super) fn compare(&self, findings: &mut Findings) {
        let keys = self.stated.keys().chain(self.lines.keys().filter(|key| !self.has(key)));
        for key in keys {
            let stated = self.stated.get(key).map(|(_, on, amount)| (*on, *amount));
            let stated = stated.filter(|(_, amount)| !amount.is_zero());
            let line = self.lines.get(key).copied();
            let show = |found: Option<(Option<Date>, Amount)>| {
                found.map_or_else(String::new, |(on, amount)| {
                    let on = on.map_or_else(String::new, |on| format!(" on {on}"));
                    format!("{}{on}", amount.format(key.1))
                })
            };
            if stated != line {
                let what = "frozen funds are not the last that the sources state";
                let shown = (show(line), show(stated));
                findings.differs(CheckName::Totals, what, || place_of(key), shown);
            }
        }
    }

    fn has(&self, key: &Key) -> bool {
        self.stated.contains_key(key)
    }
}

fn place_of((account, currency): &Key) -> String {
    format!("bank {account} {currency} frozen")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(lines: &[&str]) -> Vec<String> {
        let sgd = Currency::from_code("SGD").expect("active");
        let mut funds = FrozenFunds::default();
        for (account, day, minor) in [("8801", 3, 9_000), ("8801", 4, 100), ("8802", 4, 0)] {
            let on = Date::from_ymd(2026, 3, day);
            funds.stated(account, sgd, (None, on, Amount::from_minor(minor)));
        }
        let mut findings = Findings::new();
        for line in lines {
            assert!(is_line(line), "{line}");
            funds.read(&mut Cursor::new(line)).expect("a line of frozen funds");
        }
        funds.compare(&mut findings);
        let verdict = findings.into_verdict(true, super::super::Counts::default());
        verdict
            .findings()
            .map(|(_, f)| format!("{}|{}|{}", f.place, f.stated, f.computed))
            .collect()
    }

    fn line(account: &str, on: &str, amount: &str) -> String {
        format!(
            "{{\"measure\":\"frozen\",\"side\":\"bank\",\"account\":\"{account}\",\
             \"currency\":\"SGD\",\"on\":\"{on}\",\"amount\":\"{amount}\"}}"
        )
    }

    #[test]
    fn the_lines_are_the_last_amounts_that_are_stated() {
        assert_eq!(findings(&[&line("8801", "2026-03-04", "1.00")]), [""; 0]);
        let earlier = findings(&[&line("8801", "2026-03-03", "90.00")]);
        assert_eq!(earlier, ["bank 8801 SGD frozen|90.00 on 2026-03-03|1.00 on 2026-03-04"]);
        assert_eq!(findings(&[]), ["bank 8801 SGD frozen||1.00 on 2026-03-04"]);
        let more = [&line("8801", "2026-03-04", "1.00"), &line("8803", "2026-03-04", "1.00")];
        assert_eq!(
            findings(&more.map(String::as_str)),
            ["bank 8803 SGD frozen|1.00 on 2026-03-04|"]
        );
    }

    #[test]
    fn lines_stand_in_their_order_behind_all_totals() {
        let mut funds = FrozenFunds::default();
        let (one, two) = (line("8801", "2026-03-04", "1.00"), line("8802", "2026-03-04", "2.00"));
        assert!(funds.nothing_before(&Cursor::new("{")).is_ok());
        funds.read(&mut Cursor::new(&two)).expect("a line");
        assert!(funds.nothing_before(&Cursor::new("{")).is_err());
        assert!(funds.read(&mut Cursor::new(&one)).is_err());
        assert!(funds.read(&mut Cursor::new(&line("9", "2026-03-04", "1.0"))).is_err());
        assert!(funds.read(&mut Cursor::new(&line("9", "4.3.", "1.00"))).is_err());
    }
}
