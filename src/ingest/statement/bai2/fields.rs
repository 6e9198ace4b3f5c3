//! Walks the comma separated fields of one logical record over its continuations.

/// The fields that are still to come.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    pieces: &'a [&'a str],
    /// What is left of the first piece; `None` once it is used up.
    rest: Option<&'a str>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(pieces: &'a [&'a str]) -> Self {
        Self { pieces, rest: None }
    }

    /// Whether no field is left.
    pub(super) fn is_over(&self) -> bool {
        self.rest.is_none() && self.pieces.is_empty()
    }

    /// The next field; empty behind the last one. A piece always starts a field.
    pub(super) fn next(&mut self) -> &'a str {
        let rest = match (self.rest, self.pieces.split_first()) {
            (Some(rest), _) => rest,
            (None, Some((next, pieces))) => {
                self.pieces = pieces;
                next
            }
            (None, None) => return "",
        };
        let (field, rest) = match rest.split_once(',') {
            Some((field, rest)) => (field, Some(rest)),
            None => (rest, None),
        };
        self.rest = rest;
        field
    }

    pub(super) fn skip(&mut self, fields: usize) {
        for _ in 0..fields {
            self.next();
        }
    }

    /// The field behind `skipped` others.
    pub(super) fn nth(&mut self, skipped: usize) -> &'a str {
        self.skip(skipped);
        self.next()
    }

    /// Passes over when the money is available; gives the value date where one is stated.
    pub(super) fn skip_funds(&mut self) -> Option<&'a str> {
        match self.next().trim() {
            "V" | "v" => {
                let date = self.next();
                self.skip(1);
                Some(date).filter(|date| !date.trim().is_empty())
            }
            "S" | "s" => {
                self.skip(3);
                None
            }
            "D" | "d" => {
                let pairs = self.next().trim().parse::<usize>().unwrap_or_default();
                // A distribution of more days than a year has is damage.
                self.skip(pairs.min(366).saturating_mul(2));
                None
            }
            _ => None,
        }
    }

    /// The text that ends a movement, piece by piece, with its commas.
    pub(super) fn rest(&mut self) -> Vec<&'a str> {
        let mut lines: Vec<&str> = self.rest.take().into_iter().collect();
        lines.extend(std::mem::take(&mut self.pieces));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_go_on_behind_a_continuation() {
        for (pieces, expected) in [
            (vec!["a,b"], vec!["a", "b"]),
            (vec!["a,,b"], vec!["a", "", "b"]),
            (vec!["a,b,", "c"], vec!["a", "b", "", "c"]),
            (vec!["a", "", "b"], vec!["a", "", "b"]),
            (vec![""], vec![""]),
            (vec![], vec![]),
        ] {
            let mut fields = Fields::new(&pieces);
            let mut found = Vec::new();
            while !fields.is_over() {
                found.push(fields.next());
            }
            assert_eq!(found, expected, "{pieces:?}");
            assert_eq!(fields.next(), "");
        }
    }

    #[test]
    fn funds_of_every_type_are_passed_over() {
        for (text, date, next) in [
            ("Z,bank", None, "bank"),
            (",bank", None, "bank"),
            ("0,bank", None, "bank"),
            ("V,260301,1200,bank", Some("260301"), "bank"),
            ("V,,,bank", None, "bank"),
            ("S,1,2,3,bank", None, "bank"),
            ("D,2,0,100,1,200,bank", None, "bank"),
            ("D,x,bank", None, "bank"),
        ] {
            let pieces = [text];
            let mut fields = Fields::new(&pieces);
            assert_eq!((fields.skip_funds(), fields.next()), (date, next), "{text}");
        }
    }
}
