//! Decides which ids a damaged one may have been: those that have the digits which are left of it.

/// What is left of an id that a spreadsheet took for a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DamagedId {
    /// How many digits the id had.
    pub length: usize,
    /// The first of them.
    pub digits: String,
    /// Whether the last digit that is left was rounded.
    pub rounded: bool,
}

impl DamagedId {
    /// What is left of `1.23457E+17`; `None` if it is not so written.
    #[must_use]
    pub fn of_exponent(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['E', 'e'])?;
        let exponent: usize = exponent.strip_prefix('+')?.parse().ok()?;
        let digits: String = mantissa.chars().filter(|letter| *letter != '.').collect();
        let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() > 1;
        let length = exponent.checked_add(1).filter(|length| *length >= digits.len())?;
        is_whole.then_some(Self { length, digits, rounded: true })
    }

    /// What is left of a number of which only the first digits were kept.
    #[must_use]
    pub fn of_cut(text: &str, kept: usize) -> Option<Self> {
        let digits = text.get(..kept)?.to_owned();
        Some(Self { length: text.len(), digits, rounded: false })
    }

    /// What the same damage, to so many digits, would have left of a whole id; `None` if it is no
    /// number of more digits.
    #[must_use]
    pub fn of_whole(id: &str, kept: usize, rounded: bool) -> Option<Self> {
        let (first, rest) = id.split_at_checked(kept)?;
        let next = rest.bytes().next()?;
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let cut = Self { length: id.len(), digits: first.to_owned(), rounded };
        Some(if rounded && next >= b'5' { cut.plus_one() } else { cut })
    }

    /// The next greater number of as many digits, or one digit more.
    fn plus_one(mut self) -> Self {
        let nines = self.digits.bytes().rev().take_while(|digit| *digit == b'9').count();
        let (front, _) = self.digits.split_at(self.digits.len().saturating_sub(nines));
        let zeros = "0".repeat(nines);
        self.digits = match front.split_at_checked(front.len().saturating_sub(1)) {
            Some((front, last)) if !last.is_empty() => {
                let last = last.parse::<u8>().unwrap_or_default().saturating_add(1);
                format!("{front}{last}{zeros}")
            }
            _ => {
                self.length = self.length.saturating_add(1);
                format!("1{}", zeros.get(1..).unwrap_or_default())
            }
        };
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_id_is_recognised_by_what_damage_would_leave_of_it() {
        for (whole, damaged) in [
            ("123456789012345678", "1.23457E+17"),
            ("123454999999999999", "1.23455E+17"),
            ("420000123456789012", "4.2E+17"),
            ("199999999999999999", "2.0E+17"),
            ("999999999999999999", "1.0E+18"),
        ] {
            let left = DamagedId::of_exponent(damaged).expect("an exponent");
            let same = DamagedId::of_whole(whole, left.digits.len(), true);
            assert_eq!(same, Some(left), "{whole}");
        }
        let left = DamagedId::of_exponent("1.23457E+17").expect("an exponent");
        for other in ["123456389012345678", "12345678901234567", "A23456789012345678", "12345"] {
            assert_ne!(DamagedId::of_whole(other, 6, true), Some(left.clone()), "{other}");
        }
    }

    #[test]
    fn a_cut_id_has_its_first_digits() {
        let left = DamagedId::of_cut("4200001234567890000", 15).expect("long");
        assert_eq!((left.length, left.digits.as_str()), (19, "420000123456789"));
        assert_eq!(DamagedId::of_whole("4200001234567899123", 15, false), Some(left));
        assert_eq!(DamagedId::of_cut("42", 15), None);
        for text in ["1E+17", "1.2E+", "1.x2E+17", "1.23457E+2", "17"] {
            assert_eq!(DamagedId::of_exponent(text), None, "{text}");
        }
    }
}
