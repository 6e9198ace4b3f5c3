//! Adds up the fees of the lines, and holds the stated totals against them.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::{Disposition, Kind, NewEntry, Side};
use crate::money::{Amount, Currency};

use super::cursor::{Cursor, Read};
use super::facts::Fact;
use super::ledger::{Index, Record};
use super::sums::Sum;
use super::values;
use super::verdict::{CheckName, Findings};

/// Which lines are added up together; in the order of the document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    of_payout: bool,
    provider: String,
    currency: Currency,
    name: String,
    month: String,
}

#[derive(Clone, Copy, Debug, Default)]
struct Total {
    lines: u64,
    charged: Sum,
    over: Sum,
    under: Sum,
}

/// The fees by provider, method, currency and month, and by payout.
#[derive(Debug, Default)]
pub(super) struct Charges {
    /// Whether there is a contract, so that the document states them.
    wanted: bool,
    providers: Vec<String>,
    stated: BTreeMap<Group, Total>,
    /// The groups that were met, and what their lines add up to.
    groups: BTreeMap<Group, u32>,
    totals: Vec<Total>,
    /// The groups of each line, by method and month, and by payout.
    of_line: Vec<(Index, [Option<u32>; 2])>,
    /// The group that was found last: lines of one group follow each other.
    last: Option<(Group, u32)>,
}

impl Charges {
    /// Notes that the run had a contract.
    pub(super) fn want(&mut self) {
        self.wanted = true;
    }

    /// Notes the profile of the next source.
    pub(super) fn add_source(&mut self, profile: &str) {
        self.providers.push(profile.to_owned());
    }

    /// Reads the stated totals, if there are any.
    pub(super) fn read(&mut self, c: &mut Cursor<'_>) -> Read<()> {
        c.list(|c| {
            c.literal("{")?;
            let provider = c.text("provider")?.value.into_owned();
            let payout = c.optional("payout")?.into_owned();
            let of_payout = !payout.is_empty();
            let method = if of_payout { payout } else { c.optional("method")?.into_owned() };
            let month = if of_payout { String::new() } else { c.optional("month")?.into_owned() };
            let currency = c.word("currency", Currency::from_code)?;
            let lines = c.count("lines")?;
            let mut amount =
                |name| c.word(name, |text| values::amount(text, currency)).map(Sum::of);
            let (charged, over, under) = (amount("charged")?, amount("over")?, amount("under")?);
            let not_known = c.count("not_known")?;
            c.literal("}")?;
            if not_known > lines {
                return Err(c.wrong("more lines are not known than there are", ""));
            }
            let group = Group { of_payout, provider, currency, name: method, month };
            if self.stated.keys().next_back().is_some_and(|last| *last >= group) {
                return Err(c.wrong("the fees are not sorted", &group.name));
            }
            self.stated.insert(group, Total { lines, charged, over, under });
            Ok(())
        })
    }

    /// Adds a line, if there is a contract.
    pub(super) fn entry(&mut self, index: Index, record: &Record, new: &NewEntry<'_>) {
        let ended = match record.disposition {
            Disposition::Matched | Disposition::Open => true,
            Disposition::Excluded => record.reason.name() == "provider_fee",
            _ => false,
        };
        if !self.wanted || record.side != Side::Settlement || !ended {
            return;
        }
        let is_row = record.kind == Kind::Fee;
        let (charged, currency) =
            if is_row { (new.net, new.net_currency) } else { (new.fee, new.currency) };
        let month = record.local_date().map(|date| {
            let (year, month, _) = date.ymd();
            format!("{year:04}-{month:02}")
        });
        let provider = self.providers.get(usize::from(record.source)).cloned().unwrap_or_default();
        let by_month = Group {
            of_payout: false,
            provider,
            currency,
            name: new.method.to_owned(),
            month: month.unwrap_or_default(),
        };
        let by_payout = (!new.batch.is_empty()).then(|| Group {
            of_payout: true,
            name: new.batch.to_owned(),
            month: String::new(),
            ..by_month.clone()
        });
        let groups = [Some(by_month), by_payout].map(|group| group.map(|group| self.place(group)));
        for at in groups.into_iter().flatten() {
            if let Some(total) = self.totals.get_mut(at as usize) {
                total.lines = total.lines.saturating_add(1);
                total.charged.add(charged);
            }
        }
        self.of_line.push((index, groups));
    }

    fn place(&mut self, group: Group) -> u32 {
        if let Some((last, at)) = &self.last
            && *last == group
        {
            return *at;
        }
        let next = u32::try_from(self.totals.len()).unwrap_or(u32::MAX);
        let at = *self.groups.entry(group.clone()).or_insert(next);
        if at == next {
            self.totals.push(Total::default());
        }
        self.last = Some((group, at));
        at
    }

    /// Adds what a fact says of the fee of its line.
    pub(super) fn fact(&mut self, fact: &Fact) {
        let amount = fact.money.map_or(Amount::ZERO, |(amount, _)| amount);
        let Some(line) = fact.rows.first() else { return };
        let at = self.of_line.partition_point(|(known, _)| known < line);
        let found = self.of_line.get(at).filter(|(known, _)| known == line);
        for at in found.into_iter().flat_map(|(_, groups)| groups).flatten() {
            let Some(total) = self.totals.get_mut(*at as usize) else { continue };
            match fact.code {
                Code::FeeOvercharge | Code::FeeNotRefunded | Code::FeeUnknownType => {
                    total.over.add(amount);
                }
                Code::FeeUndercharge | Code::FeeMissing => total.under.add(amount),
                _ => {}
            }
        }
    }

    /// Compares what is stated with what was added up.
    pub(super) fn compare(&self, findings: &mut Findings) {
        const CHECK: CheckName = CheckName::Summary;
        for (group, at) in &self.groups {
            let place = || format!("fees {} {} {}", group.provider, group.name, group.currency);
            let computed = self.totals.get(*at as usize).copied().unwrap_or_default();
            let Some(stated) = self.stated.get(group) else {
                findings.differs(CHECK, "these fees are missing", place, ("", computed.lines));
                continue;
            };
            findings.equal(CHECK, "lines of the fees", place, (stated.lines, computed.lines));
            for (what, said, sum) in [
                ("fees that were charged", stated.charged, computed.charged),
                ("fees that were too much", stated.over, computed.over),
                ("fees that were too little", stated.under, computed.under),
            ] {
                if !said.equals(sum) {
                    let shown = (said.show(group.currency), sum.show(group.currency));
                    findings.differs(CHECK, what, place, shown);
                }
            }
        }
        for group in self.stated.keys().filter(|group| !self.groups.contains_key(*group)) {
            let place = || format!("fees {} {} {}", group.provider, group.name, group.currency);
            findings.differs(CHECK, "no line belongs to these fees", place, ("", ""));
        }
    }
}
