//! Decides what the totals that a file prints have to be.
//!
//! They stand in a summary (a header of its own and a row of totals) or within comment lines.

use super::cells::tidy;
use super::conditions::Condition;
use super::controls::same_number;
use super::layout::Header;
use super::plan::Plan;
use super::profile::{Printed, Profile};
use super::record::Record;
use super::report::Control;
use crate::entry::Kind;
use crate::money::{Amount, Currency, Rounding, Scale, Unit, parse_amount, round_minor};

/// The printed totals of one source.
#[derive(Debug)]
pub(super) struct Prints {
    totals: Vec<Total>,
    /// First cells of the summaries' headers.
    headers: Vec<String>,
    /// The rows that are totals themselves.
    rows: Vec<Condition>,
    /// Starts of the comment lines.
    prefixes: Vec<String>,
    currency: Option<Currency>,
}

#[derive(Debug)]
struct Total {
    /// Its summary or comment line, by place.
    place: Place,
    at: Vec<String>,
    kinds: Vec<Kind>,
    condition: Condition,
    is_count: bool,
    is_unsigned: bool,
    column: Option<usize>,
    name: String,
    /// The column of the summary in which it stands, once the summary's header was read.
    slot: Option<usize>,
    stated: Option<String>,
    is_rounded: bool,
    rows: u64,
    sum: Option<Amount>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Summary(usize),
    Footer(usize),
}

impl Prints {
    pub(super) fn new(profile: &Profile, header: &Header) -> Self {
        let mut totals = Vec::new();
        for (index, summary) in profile.summary.iter().enumerate() {
            for printed in &summary.totals {
                totals.extend(Total::new(printed, Place::Summary(index), &[], header));
            }
        }
        for (index, footer) in profile.footer.iter().enumerate() {
            for printed in &footer.totals {
                totals.extend(Total::new(printed, Place::Footer(index), &footer.kinds, header));
            }
        }
        Self {
            totals,
            headers: profile.summary.iter().map(|summary| summary.header.clone()).collect(),
            rows: profile.summary.iter().map(|s| Condition::new(&s.condition, header)).collect(),
            prefixes: profile.footer.iter().map(|footer| footer.prefix.clone()).collect(),
            currency: None,
        }
    }

    /// Whether the profile knows of no printed total.
    pub(super) fn is_empty(&self) -> bool {
        self.totals.is_empty()
    }

    /// Adds a row that became an entry.
    pub(super) fn add(&mut self, plan: &Plan, record: &Record<'_>, kind: Kind, currency: Currency) {
        self.currency.get_or_insert(currency);
        for total in &mut self.totals {
            let other_kind = !total.kinds.is_empty() && !total.kinds.contains(&kind);
            if other_kind || !total.condition.fits(record) {
                continue;
            }
            total.rows = total.rows.saturating_add(1);
            let Some(column) = total.column else { continue };
            let cell = tidy(record.get(column).unwrap_or_default());
            let format = plan.format(column);
            let amount = parse_amount(cell, &format, Unit::Major, currency, Scale::Finer(8));
            let amount = amount.ok().map(Option::unwrap_or_default);
            total.sum = total.sum.zip(amount).and_then(|(sum, amount)| sum.checked_add(amount));
        }
    }

    /// Whether this record is the header of a summary; its columns are then remembered.
    pub(super) fn is_header(&mut self, record: &Record<'_>) -> bool {
        let first = tidy(record.get(0).unwrap_or_default());
        let is_it = |header: &String| !header.is_empty() && header == first;
        let Some(found) = self.headers.iter().position(is_it) else {
            return false;
        };
        let header = Header::new(record.cells());
        let totals = self.totals.iter().filter(|total| total.place == Place::Summary(found));
        // The header of the rows may begin with the same word.
        if !totals.into_iter().any(|total| header.first(&total.at).is_some()) {
            return false;
        }
        for total in self.totals.iter_mut().filter(|total| total.place == Place::Summary(found)) {
            total.slot = header.first(&total.at);
            if let Some(slot) = total.slot {
                header.name(slot).clone_into(&mut total.name);
            }
        }
        true
    }

    /// Whether this record holds totals under the columns of the table; they are then read.
    pub(super) fn is_total(&mut self, record: &Record<'_>) -> bool {
        let is_it = |condition: &Condition| !condition.is_empty() && condition.fits(record);
        let Some(found) = self.rows.iter().position(is_it) else { return false };
        for total in self.totals.iter_mut().filter(|total| total.place == Place::Summary(found)) {
            let cell = total.column.and_then(|column| record.get(column)).map(tidy);
            total.stated = cell.filter(|cell| !cell.is_empty()).map(str::to_owned);
        }
        true
    }

    /// Reads the row of totals under the header of a summary.
    pub(super) fn summary(&mut self, record: &Record<'_>) {
        for total in &mut self.totals {
            if let Some(slot) = total.slot.take() {
                total.stated = record.get(slot).map(|cell| tidy(cell).to_owned());
            }
        }
    }

    /// Reads the totals within a comment line.
    pub(super) fn comment(&mut self, line: &str) {
        let Some(found) = self.prefixes.iter().position(|prefix| line.starts_with(prefix)) else {
            return;
        };
        for total in self.totals.iter_mut().filter(|total| total.place == Place::Footer(found)) {
            total.stated = total.at.iter().find_map(|words| number_after(line, words));
        }
    }

    /// What is printed and what it has to be; nothing for totals that the file does not print.
    pub(super) fn finish(&self) -> Vec<Control> {
        self.totals.iter().filter_map(|total| total.control(self.currency)).collect()
    }

    /// Whether the file printed any of its totals.
    pub(super) fn any_stated(&self) -> bool {
        self.totals.iter().any(|total| total.stated.is_some() || self.is_row(total.place))
    }

    /// Whether a total stands in a row of the table: not every file of such a layout has one.
    fn is_row(&self, place: Place) -> bool {
        let Place::Summary(at) = place else { return false };
        self.headers.get(at).is_some_and(String::is_empty)
    }
}

impl Total {
    /// `None` for the sum of a column that this layout of the file does not have.
    fn new(printed: &Printed, place: Place, kinds: &[String], header: &Header) -> Option<Self> {
        let column = header.first(&printed.sum);
        if !printed.count && column.is_none() {
            return None;
        }
        Some(Self {
            place,
            at: printed.at.clone(),
            kinds: kinds.iter().filter_map(|kind| Kind::from_name(kind)).collect(),
            is_count: printed.count,
            is_unsigned: printed.unsigned,
            column: column.filter(|_| !printed.count),
            condition: Condition::new(&printed.condition, header),
            name: match (&printed.name, printed.at.first()) {
                (Some(name), _) => name.clone(),
                (None, at) => at?.trim_end_matches('：').to_owned(),
            },
            slot: None,
            stated: None,
            is_rounded: printed.rounded,
            rows: 0,
            sum: Some(Amount::ZERO),
        })
    }

    fn control(&self, currency: Option<Currency>) -> Option<Control> {
        let stated = self.stated.clone()?;
        let computed = if self.is_count {
            self.rows.to_string()
        } else {
            match (self.sum, currency) {
                (Some(sum), Some(currency)) if self.is_rounded => {
                    let whole = round_minor(sum.minor_decimal(), Rounding::HalfUp);
                    whole.unwrap_or(sum).format(currency)
                }
                (Some(sum), Some(currency)) => sum.format(currency),
                (Some(_), None) => "0".to_owned(),
                (None, _) => "not every cell is an amount".to_owned(),
            }
        };
        let bare = |number: &str| number.trim_start_matches('-').to_owned();
        let ok = if self.is_unsigned {
            same_number(&bare(&stated), &bare(&computed))
        } else {
            same_number(&stated, &computed)
        };
        Some(Control { name: self.name.clone(), stated, computed, ok, of_rows: false })
    }
}

/// The number directly behind `words`.
fn number_after(line: &str, words: &str) -> Option<String> {
    let (_, rest) = line.split_once(words)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '-'));
    let number = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
    let number = number.trim_end_matches(['.', ',']);
    (!number.is_empty()).then(|| number.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_ends_where_its_unit_begins() {
        for (line, words, number) in [
            ("#交易合计：6笔，商家实收共0.06元", "交易合计：", Some("6")),
            ("#交易合计：6笔，商家实收共0.06元", "商家实收共", Some("0.06")),
            ("#退款合计：4笔，商家实收退款共-0.04元", "商家实收退款共", Some("-0.04")),
            ("#x共1,234.50，", "共", Some("1,234.50")),
            ("#x共元", "共", None),
            ("#x", "共", None),
        ] {
            assert_eq!(number_after(line, words).as_deref(), number, "{line}");
        }
    }
}
