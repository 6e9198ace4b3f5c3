//! Decides when two spellings of a reference are the same reference.
//!
//! Full-width characters become ASCII, letters upper case, everything but letters and digits goes,
//! then leading words such as `ORDER`, then the zeros before a number. The result is evidence
//! that a match shows, never a silent change of what the file says.

/// Words that people and systems write before an order number; longer ones first.
const PREFIXES: [&[u8]; 9] =
    [b"INVOICE", b"ORDER", b"ORD", b"INV", b"REF", b"PAY", b"TXN", b"NO", b"PO"];

/// Writes the normalised form of `reference` into `out`; empty if nothing is left of it.
///
/// Letters outside ASCII and full-width ASCII are kept as they are, so that `单号7` and `8号7`
/// stay two references.
pub fn normalise(reference: &str, out: &mut Vec<u8>) {
    out.clear();
    for character in reference.chars() {
        let narrow = match character {
            '\u{FF01}'..='\u{FF5E}' => u32::from(character)
                .checked_sub(0xFEE0)
                .and_then(char::from_u32)
                .unwrap_or(character),
            other => other,
        };
        if narrow.is_ascii_alphanumeric() {
            out.push(narrow.to_ascii_uppercase() as u8);
        } else if narrow.is_alphanumeric() {
            let mut buffer = [0; 4];
            out.extend_from_slice(narrow.encode_utf8(&mut buffer).as_bytes());
        }
    }
    let start = prefix_length(out);
    out.drain(..start);
}

/// How many bytes of leading words and zeros go.
fn prefix_length(key: &[u8]) -> usize {
    let mut rest = key;
    while let Some(next) = PREFIXES.iter().find_map(|p| rest.strip_prefix(*p)) {
        // A reference that is nothing but a word keeps it.
        if next.is_empty() {
            break;
        }
        rest = next;
    }
    if rest.iter().all(u8::is_ascii_digit) {
        while let [b'0', next @ ..] = rest {
            if next.is_empty() {
                break;
            }
            rest = next;
        }
    }
    key.len().saturating_sub(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(reference: &str) -> String {
        let mut out = Vec::new();
        normalise(reference, &mut out);
        String::from_utf8(out).expect("UTF-8 stays UTF-8")
    }

    #[test]
    fn spellings_of_one_reference_are_equal() {
        for (spelling, expected) in [
            ("KE-1001", "KE1001"),
            ("ke-1001", "KE1001"),
            ("#1001", "1001"),
            ("Order #1001", "1001"),
            ("ORDER_NO: 0001001", "1001"),
            ("ＫＥ－１００１", "KE1001"),
            ("INV/KE/1001", "KE1001"),
            ("订单1001", "订单1001"),
            ("NO", "NO"),
            ("000", "0"),
            ("", ""),
            ("--", ""),
        ] {
            assert_eq!(normal(spelling), expected, "{spelling}");
        }
    }

    #[test]
    fn near_misses_stay_apart() {
        for (one, other) in [
            ("KE-1001", "KE-10011"),
            ("KE-1001", "KE-1010"),
            ("KE-1001", "NG-1001"),
            ("A-0100", "A-100"),
            ("1001", "1001-1"),
        ] {
            assert_ne!(normal(one), normal(other), "{one} and {other}");
        }
    }
}
