//! Which mark separates decimals in a column: decided by all of its cells together.
//!
//! `1.234` alone is one or one thousand. A column usually says which: `1.234,56` in any cell, or
//! `0.5`, or `1.234.567` settles it for all of them. Where no cell does, the column stays open and
//! a person is asked.

use std::fmt;

use super::marks;
use super::parse::is_grouped;

/// The mark before the decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DecimalMark {
    /// `1234.56`
    #[default]
    Point,
    /// `1234,56`
    Comma,
}

/// Whether thousands may be grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// By any mark that is not the decimal one (`,` `.` `'` blank), in well-formed groups.
    #[default]
    Accepted,
    /// Not at all.
    Refused,
}

/// How a column writes its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NumberFormat {
    /// The mark before the decimals.
    pub decimal: DecimalMark,
    /// Whether thousands may be grouped.
    pub grouping: Grouping,
}

impl NumberFormat {
    /// `1,234.56`
    pub const POINT: Self = Self { decimal: DecimalMark::Point, grouping: Grouping::Accepted };
    /// `1.234,56`
    pub const COMMA: Self = Self { decimal: DecimalMark::Comma, grouping: Grouping::Accepted };
    /// `1234.56`
    pub const PLAIN: Self = Self { decimal: DecimalMark::Point, grouping: Grouping::Refused };
    /// `1234,56`
    pub const PLAIN_COMMA: Self = Self { decimal: DecimalMark::Comma, grouping: Grouping::Refused };

    /// The format of a sample, as profiles and mappings write it: `"1,234.56"`, `"1.234,56"`,
    /// `"1'234.56"`, `"1 234,56"`, `"1234.56"` or `"1234,56"`.
    #[must_use]
    pub fn parse(sample: &str) -> Option<Self> {
        Some(match sample {
            "1,234.56" | "1'234.56" | "1 234.56" => Self::POINT,
            "1.234,56" | "1'234,56" | "1 234,56" => Self::COMMA,
            "1234.56" => Self::PLAIN,
            "1234,56" => Self::PLAIN_COMMA,
            _ => return None,
        })
    }
}

/// A sample that [`NumberFormat::parse`] reads.
impl fmt::Display for NumberFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.decimal, self.grouping) {
            (DecimalMark::Point, Grouping::Accepted) => "1,234.56",
            (DecimalMark::Comma, Grouping::Accepted) => "1.234,56",
            (DecimalMark::Point, Grouping::Refused) => "1234.56",
            (DecimalMark::Comma, Grouping::Refused) => "1234,56",
        })
    }
}

/// Cells of one kind: how many, and the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Number of cells.
    pub cells: u32,
    /// The first such cell, cut to 40 characters; empty if there is none.
    pub example: String,
}

impl Seen {
    pub(crate) fn add(&mut self, cell: &str) {
        if self.cells == 0 {
            self.example = cell.chars().take(40).collect();
        }
        self.cells = self.cells.saturating_add(1);
    }

    pub(crate) fn merge(&mut self, later: &Self) {
        if self.cells == 0 {
            self.example.clone_from(&later.example);
        }
        self.cells = self.cells.saturating_add(later.cells);
    }
}

/// What the cells of one column say about its decimal mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberVotes {
    /// Cells that can only be read with a decimal point.
    pub point: Seen,
    /// Cells that can only be read with a decimal comma.
    pub comma: Seen,
    /// Cells such as `1.234` or `1,234`, which can be read both ways.
    pub either: Seen,
    /// Cells with digits and no mark, which are the same in every format.
    pub whole: Seen,
    /// Cells that are no numbers in any format (empty ones are not counted).
    pub other: Seen,
}

/// The verdict on a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberDecision {
    /// One format reads every number.
    Certain {
        /// That format.
        format: NumberFormat,
        /// The cells that settled it; none if all numbers are whole.
        evidence: Seen,
    },
    /// Every number with a mark can be read both ways.
    Ambiguous {
        /// The first such cell and their count.
        either: Seen,
        /// What that cell is with a decimal point, and with a decimal comma.
        readings: [String; 2],
    },
    /// Some cells need a decimal point, others a decimal comma.
    Contradictory {
        /// The cells that need a point.
        point: Seen,
        /// The cells that need a comma.
        comma: Seen,
    },
}

impl NumberVotes {
    /// Takes one cell into account.
    pub fn observe(&mut self, cell: &str) {
        let class = classify_plain(cell.as_bytes()).unwrap_or_else(|| classify(cell));
        let seen = match class {
            Class::Empty => return,
            Class::Point => &mut self.point,
            Class::Comma => &mut self.comma,
            Class::Either => &mut self.either,
            Class::Whole => &mut self.whole,
            Class::Other => &mut self.other,
        };
        seen.add(cell);
    }

    /// Adds what a later part of the column says.
    pub fn merge(&mut self, later: &Self) {
        self.point.merge(&later.point);
        self.comma.merge(&later.comma);
        self.either.merge(&later.either);
        self.whole.merge(&later.whole);
        self.other.merge(&later.other);
    }

    /// Decides by the cells alone.
    #[must_use]
    pub fn decide(&self) -> NumberDecision {
        let certain = |format, evidence: &Seen| NumberDecision::Certain {
            format,
            evidence: evidence.clone(),
        };
        match (self.point.cells, self.comma.cells, self.either.cells) {
            (0, 0, 0) => certain(NumberFormat::POINT, &Seen::default()),
            (0, 0, _) => self.ambiguous(),
            (_, 0, _) => certain(NumberFormat::POINT, &self.point),
            (0, _, _) => certain(NumberFormat::COMMA, &self.comma),
            _ => NumberDecision::Contradictory {
                point: self.point.clone(),
                comma: self.comma.clone(),
            },
        }
    }

    /// Decides by the cells and by the most decimals that the column's currencies have: three
    /// digits after a mark are thousands where no currency has three decimals.
    #[must_use]
    pub fn decide_for(&self, decimals: u32) -> NumberDecision {
        match self.decide() {
            NumberDecision::Ambiguous { either, .. } if decimals < 3 => {
                let grouped_by_point = either.example.contains('.');
                let format =
                    if grouped_by_point { NumberFormat::COMMA } else { NumberFormat::POINT };
                NumberDecision::Certain { format, evidence: either }
            }
            decision => decision,
        }
    }

    fn ambiguous(&self) -> NumberDecision {
        let example = &self.either.example;
        let without = example.replace(['.', ','], "");
        let (point, comma) = if example.contains('.') {
            (example.clone(), without)
        } else {
            (without, example.replace(',', "."))
        };
        NumberDecision::Ambiguous { either: self.either.clone(), readings: [point, comma] }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Empty,
    Point,
    Comma,
    Either,
    Whole,
    Other,
}

/// The fast path: `-1234.56` and its like. `None` means "look closer".
#[inline]
fn classify_plain(cell: &[u8]) -> Option<Class> {
    let digits = cell.strip_prefix(b"-").unwrap_or(cell);
    let first = *digits.first()?;
    let mut mark: Option<(usize, u8)> = None;
    for (index, &byte) in digits.iter().enumerate() {
        if byte.is_ascii_digit() {
            continue;
        }
        if mark.is_some() || !matches!(byte, b'.' | b',') {
            return None;
        }
        mark = Some((index, byte));
    }
    let Some((whole, mark)) = mark else { return Some(Class::Whole) };
    match digits.len().wrapping_sub(whole) {
        // No digit after the mark, or none before it.
        1 => None,
        _ if whole == 0 => None,
        4 if whole <= 3 && first != b'0' => Some(Class::Either),
        _ => Some(if mark == b'.' { Class::Point } else { Class::Comma }),
    }
}

/// What one cell alone says: the slow twin.
fn classify(cell: &str) -> Class {
    let text = marks::to_ascii(cell);
    let is_digit = |c: char| c.is_ascii_digit();
    // The number starts at the first digit, or at a mark right before it (`.5`).
    let Some(first) = text.find(is_digit) else {
        return if text.trim().is_empty() || text.trim() == "-" {
            Class::Empty
        } else {
            Class::Other
        };
    };
    let (before, from_digit) = text.split_at(first);
    let last = from_digit.rfind(is_digit).map_or(0, |index| index.saturating_add(1));
    let number = from_digit.split_at(last).0;
    let leading = before.chars().next_back().filter(|mark| matches!(mark, '.' | ','));
    if let Some(mark) = leading.filter(|_| !before.ends_with(|c: char| c.is_alphabetic())) {
        // `Rs.500` has an abbreviation before the digits, `.50` a decimal mark.
        let abbreviation = before.chars().rev().nth(1).is_some_and(char::is_alphabetic);
        if !abbreviation && number.chars().all(is_digit) {
            return if mark == '.' { Class::Point } else { Class::Comma };
        }
    }
    classify_number(number)
}

fn classify_number(number: &str) -> Class {
    if number.bytes().any(|byte| !byte.is_ascii_digit() && !b".,' ".contains(&byte)) {
        return Class::Other;
    }
    let count = |mark: char| number.matches(mark).count();
    let (points, commas) = (count('.'), count(','));
    let decimal = |mark: char| if mark == '.' { Class::Point } else { Class::Comma };
    let mark = match (points, commas) {
        (0, 0) => return Class::Whole,
        (1, 0) => '.',
        (0, 1) => ',',
        // One mark several times groups thousands, so that the other one is the decimal mark.
        (_, 0) => return if is_grouped(number, b'.') { Class::Comma } else { Class::Other },
        (0, _) => return if is_grouped(number, b',') { Class::Point } else { Class::Other },
        // Both: the last one stands before the decimals, and stands there once.
        (_, 1) if number.rfind(',') > number.rfind('.') => ',',
        (1, _) if number.rfind('.') > number.rfind(',') => '.',
        _ => return Class::Other,
    };
    let Some((whole, fraction)) = number.rsplit_once(mark) else { return Class::Other };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Class::Other;
    }
    match whole.bytes().find(|byte| !byte.is_ascii_digit()) {
        Some(group) if is_grouped(whole, group) => decimal(mark),
        Some(_) => Class::Other,
        None if fraction.len() == 3 && matches!(whole.len(), 1..=3) && !whole.starts_with('0') => {
            Class::Either
        }
        None => decimal(mark),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_cell_says_what_it_can() {
        for (cell, expected) in [
            ("", Class::Empty),
            (" - ", Class::Empty),
            ("12", Class::Whole),
            ("-1 234", Class::Whole),
            ("1'234'567", Class::Whole),
            ("12.5", Class::Point),
            ("12.50", Class::Point),
            ("1234.567", Class::Point),
            ("0.123", Class::Point),
            (".123", Class::Point),
            ("$.50", Class::Point),
            ("1,234.56", Class::Point),
            ("1,234,567", Class::Point),
            ("12,34,567", Class::Point),
            ("1'234.567", Class::Point),
            ("12,5", Class::Comma),
            ("-50,00 €", Class::Comma),
            ("0,123", Class::Comma),
            ("1.234,56", Class::Comma),
            ("1.234.567", Class::Comma),
            ("1 234,567", Class::Comma),
            ("１．２３４，５６", Class::Comma),
            ("1.234", Class::Either),
            ("($1,234)", Class::Either),
            ("Rs.500", Class::Whole),
            ("9.700", Class::Either),
            ("1.2.3", Class::Other),
            ("1,23.4,5", Class::Other),
            ("n/a", Class::Other),
            ("2026-02-03", Class::Other),
            ("7.4E+22", Class::Other),
        ] {
            assert_eq!(classify(cell), expected, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn the_fast_path_agrees_with_the_slow_one(cell in "-?[0-9]{0,5}[.,]?[0-9]{0,5}|[-0-9., ]{0,8}") {
            if let Some(fast) = classify_plain(cell.as_bytes()) {
                prop_assert_eq!(fast, classify(&cell), "{}", cell);
            }
        }
    }

    fn votes(cells: &[&str]) -> NumberVotes {
        let mut votes = NumberVotes::default();
        cells.iter().for_each(|cell| votes.observe(cell));
        votes
    }

    #[test]
    fn a_single_clear_cell_settles_the_column() {
        let decision = votes(&["1.234", "12", "", "1.234,50", "9.700"]).decide();
        let NumberDecision::Certain { format, evidence } = decision else { panic!("{decision:?}") };
        assert_eq!((format, evidence.cells), (NumberFormat::COMMA, 1));
        assert_eq!(evidence.example, "1.234,50");
    }

    #[test]
    fn a_column_that_can_be_read_both_ways_is_asked_about() {
        let column = votes(&["1.234", "12", "9.700"]);
        let NumberDecision::Ambiguous { either, readings } = column.decide() else { panic!() };
        assert_eq!(either.cells, 2);
        assert_eq!(readings, ["1.234", "1234"]);
        let NumberDecision::Ambiguous { readings, .. } = votes(&["1,234"]).decide() else {
            panic!()
        };
        assert_eq!(readings, ["1234", "1.234"]);

        let certain = |decision| match decision {
            NumberDecision::Certain { format, .. } => Some(format),
            _ => None,
        };
        assert_eq!(certain(column.decide_for(0)), Some(NumberFormat::COMMA));
        assert_eq!(certain(votes(&["1,234"]).decide_for(2)), Some(NumberFormat::POINT));
        assert_eq!(certain(column.decide_for(3)), None, "a dinar column has three decimals");
    }

    #[test]
    fn cells_that_disagree_are_both_shown() {
        let column = votes(&["1.50", "2,50", "3.50"]);
        let NumberDecision::Contradictory { point, comma } = column.decide_for(2) else { panic!() };
        assert_eq!((point.cells, point.example.as_str()), (2, "1.50"));
        assert_eq!((comma.cells, comma.example.as_str()), (1, "2,50"));
    }

    #[test]
    fn whole_numbers_need_no_decision_and_parts_of_a_column_add_up() {
        assert!(matches!(
            votes(&["1", "2", "n/a"]).decide(),
            NumberDecision::Certain { format: NumberFormat::POINT, evidence } if evidence.cells == 0
        ));
        let mut first = votes(&["1", "1.234"]);
        first.merge(&votes(&["1,5", "2"]));
        assert_eq!(first, votes(&["1", "1.234", "1,5", "2"]));
    }

    #[test]
    fn format_names_round_trip() {
        for name in ["1,234.56", "1.234,56", "1234.56", "1234,56"] {
            assert_eq!(NumberFormat::parse(name).unwrap().to_string(), name);
        }
        assert_eq!(NumberFormat::parse("1 234,56"), Some(NumberFormat::COMMA));
        assert_eq!(NumberFormat::parse("1.234.56"), None);
    }
}
