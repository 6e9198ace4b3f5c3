//! Cuts a BAI2 text into its logical records: continuations (88) are put behind what they continue,
//! and several records on one line are told apart.

use super::fields::Fields;

/// The codes with which records start.
const CODES: [&str; 8] = ["01", "02", "03", "16", "49", "88", "98", "99"];

/// One logical record.
#[derive(Debug)]
pub(super) struct Raw<'t> {
    pub(super) code: &'t str,
    pub(super) from: usize,
    pub(super) to: usize,
    /// Physical records, continuations included.
    pub(super) count: usize,
    /// What stands behind the code and behind each 88, and further lines of text.
    pub(super) pieces: Vec<&'t str>,
}

impl<'t> Raw<'t> {
    /// The fields behind the code.
    pub(super) fn fields(&self) -> Fields<'_> {
        Fields::new(&self.pieces)
    }
}

/// All records of a text.
pub(super) fn records(text: &str) -> Vec<Raw<'_>> {
    let mut found: Vec<Raw<'_>> = Vec::new();
    let mut at = 0usize;
    for line in text.split_inclusive('\n') {
        let mut from = at;
        at = at.saturating_add(line.len());
        for part in parts(line) {
            let to = from.saturating_add(part.len());
            take(&mut found, part, from, to);
            from = to;
        }
    }
    found
}

fn take<'t>(found: &mut Vec<Raw<'t>>, part: &'t str, from: usize, to: usize) {
    let control = |letter: char| letter.is_control() || letter == '\u{feff}' || letter == ' ';
    let text = part.trim_matches(control);
    if text.is_empty() {
        return;
    }
    let (code, rest) = code(text).unwrap_or(("", text));
    // The slash ends a record; where a text has blanks behind it, they are no part of it.
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    match found.last_mut() {
        Some(last) if code == "88" => {
            last.count = last.count.saturating_add(1);
            last.to = to;
            last.pieces.push(rest);
        }
        Some(last) if code.is_empty() => {
            last.to = to;
            last.pieces.push(rest);
        }
        _ => {
            let from = from.saturating_add(part.len().saturating_sub(part.trim_start().len()));
            found.push(Raw { code, from, to, count: 1, pieces: vec![rest] });
        }
    }
}

/// The code of a record and what follows its comma.
fn code(text: &str) -> Option<(&str, &str)> {
    let (code, rest) = text.split_at_checked(2)?;
    let rest = rest.strip_prefix(',').or_else(|| rest.is_empty().then_some(""))?;
    CODES.contains(&code).then_some((code, rest))
}

/// The records of one line: a slash, blanks, and a code start the next one.
fn parts(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0usize;
    for (slash, _) in line.match_indices('/') {
        let behind = slash.saturating_add(1);
        let rest = line.get(behind..).unwrap_or_default();
        let next = rest.trim_start_matches([' ', '\t']);
        let is_apart = next.len() < rest.len() && next.get(2..3) == Some(",");
        if is_apart && code(next).is_some() {
            parts.push(line.get(from..behind).unwrap_or_default());
            from = behind;
        }
    }
    parts.push(line.get(from..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continuations_and_several_on_a_line() {
        for (text, expected) in [
            ("01,a,b/\n02,c/\n", vec![("01", 1, "a,b"), ("02", 1, "c")]),
            ("01,a/  02,b/ 16,c/\n", vec![("01", 1, "a"), ("02", 1, "b"), ("16", 1, "c")]),
            ("16,1,2/\n88,more/\n88, and/", vec![("16", 3, "1,2|more| and")]),
            ("16,1,text\nof two lines   /\n88,x/\n", vec![("16", 2, "1,text|of two lines   |x")]),
            // Near misses: a slash inside a text, a number that is no code.
            ("16,1,a/b 16 /c/ 17,d/\n", vec![("16", 1, "1,a/b 16 /c/ 17,d")]),
            ("\u{feff}01,a/", vec![("01", 1, "a")]),
            ("", vec![]),
            ("text", vec![("", 1, "text")]),
        ] {
            let found: Vec<(&str, usize, String)> = records(text)
                .iter()
                .map(|raw| (raw.code, raw.count, raw.pieces.join("|")))
                .collect();
            let expected: Vec<(&str, usize, String)> = expected
                .into_iter()
                .map(|(code, count, text)| (code, count, text.to_owned()))
                .collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
