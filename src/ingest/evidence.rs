//! Decides how a column writes its numbers and dates, by all of its cells together.
//!
//! A profile that states the formats needs no evidence. Otherwise the head of the source is often
//! enough: one cell that can be read in one way only settles its column. Only where the head leaves
//! a column open is the whole source asked.

use super::cells::{Words, tidy};
use super::damage::Ids;
use super::fields::Field;
use super::plan::{DatePlan, Plan};
use super::record::Record;
use super::report::{Assumption, Piece};
use super::rule::Sign;
use super::unit_price::UnitPrice;
use crate::money::{Currency, NumberDecision, NumberFormat, NumberVotes};
use crate::time::{DateDecision, DateFormat, DateVotes};

/// The votes of the cells so far.
#[derive(Debug)]
pub(super) struct Evidence {
    numbers: Vec<(usize, NumberVotes)>,
    dates: [Option<DateVotes>; 2],
    /// Fees and taxes above and below zero, where their sign is not stated.
    charges: Option<[u64; 2]>,
    /// The same for the debits of amounts and nets, where they have a column of their own.
    debits: [Option<[u64; 2]>; 2],
    currencies: Words<u32>,
    /// The most decimals of the currencies seen; `None` until one was seen.
    decimals: Option<u32>,
    /// What the ids show of damage; no question of a whole source.
    ids: Ids,
    /// What rows of several pieces show of their amounts; no question of a whole source either.
    unit_price: Option<UnitPrice>,
}

impl Evidence {
    /// The questions that a plan leaves open.
    pub(super) fn new(plan: &Plan) -> Self {
        let columns = if plan.numbers_stated { Vec::new() } else { plan.number_columns() };
        let ask = |date: &DatePlan| {
            (date.format.is_none() && date.source.is_given()).then(DateVotes::default)
        };
        let open_sign = [&plan.fee, &plan.tax]
            .into_iter()
            .any(|money| money.sign == Sign::Auto && money.is_given());
        Self {
            numbers: columns.into_iter().map(|column| (column, NumberVotes::default())).collect(),
            dates: [ask(&plan.occurred_at), ask(&plan.settled_at)],
            charges: open_sign.then_some([0; 2]),
            debits: [&plan.amount, &plan.net].map(|money| money.open_debit().map(|_| [0; 2])),
            currencies: Words::new(),
            decimals: None,
            ids: Ids::new(
                [&plan.reference, &plan.transaction_id, &plan.order_number]
                    .into_iter()
                    .flat_map(|source| source.columns()),
            ),
            unit_price: UnitPrice::of(plan),
        }
    }

    /// Whether nothing is asked at all.
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
            && self.dates.iter().all(Option::is_none)
            && self.charges.is_none()
            && self.debits.iter().all(Option::is_none)
            && self.ids.is_empty()
    }

    /// Takes a row into account.
    pub(super) fn observe(&mut self, plan: &Plan, record: &Record<'_>) {
        for (column, votes) in &mut self.numbers {
            votes.observe(tidy(record.get(*column).unwrap_or_default()));
        }
        let dates = [&plan.occurred_at.source, &plan.settled_at.source];
        for (votes, source) in self.dates.iter_mut().zip(dates) {
            if let Some(votes) = votes {
                votes.observe(source.text(record));
            }
        }
        self.ids.observe(record);
        if let Some(unit_price) = &mut self.unit_price {
            unit_price.observe(plan, record);
        }
        if let Some(charges) = &mut self.charges {
            for money in [&plan.fee, &plan.tax] {
                if money.sign == Sign::Auto
                    && let super::plan::From::Cell(source) = &money.from
                {
                    count_sign(source.text(record), charges);
                }
            }
        }
        for (debits, money) in self.debits.iter_mut().zip([&plan.amount, &plan.net]) {
            if let (Some(debits), Some(column)) = (debits, money.open_debit()) {
                count_sign(tidy(record.get(column).unwrap_or_default()), debits);
            }
        }
        if !self.numbers.is_empty() {
            let code = plan.currency.text(record);
            let decimals = self
                .currencies
                .get(code, |code| Currency::from_code(code).map_or(u32::MAX, Currency::exponent));
            if decimals != u32::MAX {
                self.decimals = Some(self.decimals.map_or(decimals, |most| most.max(decimals)));
            }
        }
    }

    /// Whether what was seen settles every question, so that further rows cannot change an answer.
    ///
    /// A column of whole numbers or of no dates is settled with another one of the same file.
    pub(super) fn is_settled(&self) -> bool {
        let settled = |votes: &NumberVotes| (votes.point.cells > 0) != (votes.comma.cells > 0);
        let any = self.numbers.iter().any(|(_, votes)| settled(votes));
        let whole = |votes: &NumberVotes| votes.point.cells == 0 && votes.comma.cells == 0;
        let numbers = self
            .numbers
            .iter()
            .all(|(_, votes)| settled(votes) || (any && whole(votes) && votes.either.cells == 0));
        let certain = |votes: &DateVotes| matches!(votes.decide(), DateDecision::Certain { .. });
        let any = self.dates.iter().flatten().any(certain);
        let dates = self.dates.iter().flatten().all(|votes| {
            certain(votes) || (any && matches!(votes.decide(), DateDecision::NoDates { .. }))
        });
        let is_seen = |[above, below]: [u64; 2]| above > 0 || below > 0;
        let signs = self.debits.iter().flatten().chain(&self.charges).all(|signs| is_seen(*signs));
        (numbers || self.numbers.is_empty()) && dates && signs
    }

    /// Whether a positive fee is a charge, by the majority of the fees.
    pub(super) fn positive_is_charge(&self) -> bool {
        self.charges.is_none_or(|[above, below]| above >= below)
    }

    /// Writes the answers into the plan; returns what had to be assumed.
    pub(super) fn decide(&self, plan: &mut Plan) -> Vec<Assumption> {
        let mut assumptions = Vec::new();
        self.decide_ids(plan, &mut assumptions);
        assumptions.extend(self.unit_price.as_ref().and_then(|found| found.decide(plan)));
        self.decide_numbers(plan, &mut assumptions);
        for (debits, money) in self.debits.iter().zip([&mut plan.amount, &mut plan.net]) {
            if debits.is_some_and(|[above, below]| below > above) {
                money.debits_are_negative();
            }
        }
        let sibling = self.dates.iter().flatten().find_map(|votes| match votes.decide() {
            DateDecision::Certain { format, .. } => Some(format),
            _ => None,
        });
        let dates =
            [(Field::OccurredAt, &mut plan.occurred_at), (Field::SettledAt, &mut plan.settled_at)];
        for (votes, (field, date)) in self.dates.iter().zip(dates) {
            if let Some(votes) = votes {
                let column = date.source.column.or(date.source.or.first().copied());
                let name = column.map_or("", |column| plan.header.name(column));
                let path = format!("fields.{}.format", field.name());
                let decided = decide_dates(name, votes, sibling.as_ref());
                date.format = Some(decided.0);
                assumptions.extend(decided.1.map(|(assumed, open)| {
                    if open { assumed.asks(path, &["dmy", "mdy"]) } else { assumed }
                }));
            }
        }
        for date in [&mut plan.occurred_at, &mut plan.settled_at] {
            date.format.get_or_insert_default();
        }
        assumptions
    }

    /// How many pieces rows are about.
    pub(super) fn into_pieces(self) -> Vec<Piece> {
        self.unit_price.map_or_else(Vec::new, UnitPrice::into_pieces)
    }

    /// Ids that lost their last digits are no keys; lost zeros are said.
    fn decide_ids(&self, plan: &mut Plan, assumptions: &mut Vec<Assumption>) {
        for (column, votes) in self.ids.iter() {
            if votes.are_cut() {
                plan.cut_ids.push(column);
            }
            if let Some(length) = votes.lost_zeros() {
                let what = format!("leading zeros of {}", plan.header.name(column));
                let why = format!(
                    "nearly all of its numbers have {length} digits, some have fewer, and none \
                     starts with a zero: a spreadsheet may have dropped them. Numbers that differ \
                     in leading zeros only are still matched where that is unique"
                );
                assumptions.push(Assumption::new(what, "lost", why));
            }
        }
    }

    fn decide_numbers(&self, plan: &mut Plan, assumptions: &mut Vec<Assumption>) {
        let decimals = self.decimals.unwrap_or(3);
        let mut sibling: Option<(usize, NumberFormat)> = None;
        for (column, votes) in &self.numbers {
            if votes.point.cells == 0 && votes.comma.cells == 0 {
                continue;
            }
            let format = if votes.comma.cells > votes.point.cells {
                NumberFormat::COMMA
            } else {
                NumberFormat::POINT
            };
            sibling.get_or_insert((*column, format));
            set(plan, *column, format);
            if votes.point.cells > 0 && votes.comma.cells > 0 {
                let why = format!(
                    "{} cells such as {} need a decimal point and {} such as {} a decimal \
                         comma; the rarer ones are rejected",
                    votes.point.cells, votes.point.example, votes.comma.cells, votes.comma.example
                );
                let what = format!("number format of {}", plan.header.name(*column));
                assumptions.push(Assumption::new(what, format.to_string(), why));
            }
        }
        for (column, votes) in &self.numbers {
            if votes.point.cells > 0 || votes.comma.cells > 0 || votes.either.cells == 0 {
                // Whole numbers are the same in every format; keep to that of the other columns.
                if votes.point.cells == 0
                    && votes.comma.cells == 0
                    && let Some((_, format)) = sibling
                {
                    set(plan, *column, format);
                }
                continue;
            }
            let name = plan.header.name(*column).to_owned();
            let (format, why) = match (sibling, votes.decide_for(decimals)) {
                (Some((other, format)), _) => {
                    (format, format!("as in the column {}", plan.header.name(other)))
                }
                (None, NumberDecision::Certain { format, .. }) => {
                    (format, "no currency in it has three decimals".to_owned())
                }
                (None, NumberDecision::Ambiguous { readings: [point, comma], .. }) => (
                    NumberFormat::POINT,
                    format!("{} could be {point} or {comma}", votes.either.example),
                ),
                (None, NumberDecision::Contradictory { .. }) => continue,
            };
            set(plan, *column, format);
            let why = format!("{why}; no cell settles it, such as {}", votes.either.example);
            let found =
                Assumption::new(format!("number format of {name}"), format.to_string(), why);
            let is_open = sibling.is_none();
            assumptions.push(if is_open {
                found.asks("numbers", &["point", "comma"])
            } else {
                found
            });
        }
    }
}

fn set(plan: &mut Plan, column: usize, format: NumberFormat) {
    if let Some(slot) = plan.formats.get_mut(column) {
        *slot = format;
    }
}

fn count_sign(text: &str, charges: &mut [u64; 2]) {
    if !text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        return;
    }
    let negative = text.contains(['-', '(', '\u{2212}', '\u{ff0d}']);
    let [above, below] = charges;
    let side = if negative { below } else { above };
    *side = side.saturating_add(1);
}

/// The format of a date column; one that is open follows `sibling`, the other one of the file. With
/// it what had to be assumed, and whether no cell of the file can tell.
fn decide_dates(
    name: &str,
    votes: &DateVotes,
    sibling: Option<&DateFormat>,
) -> (DateFormat, Option<(Assumption, bool)>) {
    let (format, why) = match (votes.decide(), sibling) {
        (DateDecision::Certain { format, .. }, _) => return (format, None),
        (DateDecision::NoDates { .. }, sibling) => {
            return (sibling.cloned().unwrap_or_default(), None);
        }
        (
            DateDecision::Ambiguous { either, .. },
            Some(format @ (DateFormat::DayFirst | DateFormat::MonthFirst)),
        ) => (
            format.clone(),
            format!("as in the other date column; {} alone could be either", either.example),
        ),
        (DateDecision::Ambiguous { either, readings: [day_first, month_first] }, _) => (
            DateFormat::DayFirst,
            format!("{} could be {day_first} or {month_first}; no cell settles it", either.example),
        ),
        (DateDecision::Contradictory { one, other }, _) => {
            let [most, least] =
                if other.1.cells > one.1.cells { [other, one] } else { [one, other] };
            let why = format!(
                "{} cells such as {} need it, {} such as {} need {}; those are rejected",
                most.1.cells, most.1.example, least.1.cells, least.1.example, least.0
            );
            (most.0, why)
        }
    };
    let is_open = why.ends_with("no cell settles it");
    let assumed = Assumption::new(format!("date format of {name}"), format.to_string(), why);
    (format, Some((assumed, is_open)))
}
