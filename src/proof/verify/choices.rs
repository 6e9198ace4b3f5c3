//! Checks how certain pairs without a reference say that they are.
//!
//! The matching decides this over all rows and windows; the verifier knows neither. But a pair whose
//! rows could change partners with those of another pair, whatever the window is, was not the only
//! possible one.

use std::collections::BTreeMap;

use crate::money::{Amount, Currency};
use crate::time::Date;

use super::Verifier;
use super::ledger::{Index, MatchName};
use super::verdict::CheckName;

/// A pair that was made by amount and time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) name: MatchName,
    pub(super) order: Index,
    pub(super) line: Index,
    pub(super) class: Class,
}

/// How certain a match says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Forced,
    Interchangeable,
}

impl Class {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "forced" => Some(Self::Forced),
            "interchangeable" => Some(Self::Interchangeable),
            // What is ambiguous is a question and no match.
            _ => None,
        }
    }
}

/// Pairs whose orders have one amount, one day and one offset, and so one end of their windows.
type Alike = (Currency, Amount, Date, i16, usize);

impl Verifier<'_> {
    /// After the last match.
    pub(super) fn close_choices(&mut self) {
        let choices = std::mem::take(&mut self.matches.choices);
        let mut alike: BTreeMap<Alike, Vec<Choice>> = BTreeMap::new();
        for choice in &choices {
            let order = self.ledger.get(choice.order);
            let day = order.and_then(|order| Some((order.local_date()?, order.offset_minutes)));
            if let (Some((amount, currency)), Some((date, offset))) =
                (self.ledger.claim(choice.order), day)
            {
                let scope = self.scope_of(choice.order);
                alike.entry((currency, amount, date, offset, scope)).or_default().push(*choice);
            }
        }
        alike.values().for_each(|pairs| self.check_forced(pairs));
    }

    /// Lines that came after the last of these orders can be the line of any of them.
    fn check_forced(&mut self, pairs: &[Choice]) {
        let at = |index| self.ledger.get(index).and_then(|record| record.occurred_at);
        let last = pairs.iter().filter_map(|pair| at(pair.order)).max();
        let free: Vec<&Choice> = pairs.iter().filter(|pair| at(pair.line) >= last).collect();
        if free.len() < 2 {
            return;
        }
        for pair in free.into_iter().filter(|pair| pair.class == Class::Forced) {
            let what = "a match says that it is the only possible one, and its rows fit others";
            self.findings.differs(
                CheckName::Matches,
                what,
                || pair.name.to_string(),
                ("forced", ""),
            );
        }
    }
}
