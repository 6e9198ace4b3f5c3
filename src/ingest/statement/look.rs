//! Decides by the head of a text whether it is a bank statement, and of which format.
//!
//! A look must be sure: no table of cells may pass it.

/// The fields that MT940 and MT942 statements have.
pub const MT940_TAGS: [&str; 19] = [
    "20", "21", "25", "25P", "28", "28C", "34F", "13", "13D", "60F", "60M", "61", "86", "62F",
    "62M", "64", "65", "90C", "90D",
];

/// Lines of the head in which a message has to begin.
const LINES: usize = 40;

/// The tag of a line that opens a field of a message.
#[must_use]
pub fn mt940_tag(line: &str) -> Option<&str> {
    let (tag, _) = line.strip_prefix(':')?.split_once(':')?;
    MT940_TAGS.contains(&tag).then_some(tag)
}

/// The tags with which a message begins, as far as a head shows them.
fn tags(head: &str) -> Vec<&str> {
    let control = |letter: char| letter.is_control() || letter == '\u{feff}';
    let lines = head.split(['\n', '\r']).map(|line| line.trim_start_matches(control));
    lines.filter(|line| !line.is_empty()).take(LINES).filter_map(mt940_tag).collect()
}

/// Whether a text is MT940 or MT942: one of its first lines opens a message, its account or number
/// follows, and then a balance, a movement, or what an interim report starts with.
#[must_use]
pub fn is_mt940(head: &str) -> bool {
    let tags = tags(head);
    let opens = tags.iter().take(4).any(|tag| *tag == "20");
    let named = tags.iter().take(4).any(|tag| tag.starts_with("25") || tag.starts_with("28"));
    let goes_on = ["60F", "60M", "61", "62F", "62M", "34F", "13D"];
    opens && named && tags.iter().any(|tag| goes_on.contains(tag))
}

/// Whether a message is an interim report, which states sums in place of balances.
#[must_use]
pub fn is_mt942(head: &str) -> bool {
    let tags = tags(head);
    let states = |balance: &str| tags.iter().any(|tag| tag.starts_with(balance));
    is_mt940(head) && !states("60") && (states("34F") || states("13D"))
}

/// Whether a text is BAI2: it starts with a file header.
#[must_use]
pub fn is_bai2(head: &str) -> bool {
    let first = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let fields: Vec<&str> = first.lines().next().unwrap_or_default().split(',').take(9).collect();
    let is_date =
        |text: &str| matches!(text.len(), 6 | 8) && text.bytes().all(|b| b.is_ascii_digit());
    matches!(fields.as_slice(), ["01", _, _, date, time, _, ..]
        if is_date(date) && time.len() <= 4 && time.bytes().all(|b| b.is_ascii_digit()))
        && (fields.len() >= 9 || first.lines().nth(1).is_some_and(|line| line.starts_with("02,")))
}

/// Whether a text is OFX or QFX: its header or its root says so.
#[must_use]
pub fn is_ofx(head: &str) -> bool {
    let start = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let head: String = start.chars().take(2_048).collect::<String>().to_ascii_uppercase();
    head.starts_with("OFXHEADER") || (head.starts_with('<') && head.contains("<OFX>"))
}

/// Whether an XML text is an ISO 20022 statement, report or notification of an account.
#[must_use]
pub fn is_camt(head: &str) -> bool {
    let start: String = head.chars().take(4_096).collect();
    [
        "camt.053",
        "camt.052",
        "camt.054",
        "BkToCstmrStmt>",
        "BkToCstmrAcctRpt>",
        "BkToCstmrDbtCdtNtfctn>",
    ]
    .iter()
    .any(|name| start.contains(name))
        && start.contains("<")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_are_taken_for_messages() {
        for (text, is, interim) in [
            (":20:ST1\r\n:25:NL01\r\n:28C:7/1\r\n:60F:C260301EUR1,\r\n", true, false),
            ("{1:F01X}{2:O940X}{4:\n:20:1\n:25:2\n:61:2\n", true, false),
            ("BANK\n940\nBANK\n:20:X\n:28C:1\n:60M:C\n", true, false),
            (":940:\n:20:X\n:25:1\n:62F:D\n", true, false),
            ("\u{1}\r\n:20:X\r\n:25:1\r\n:28C:1/1\r\n:34F:PLN0\r\n", true, true),
            (":20:1\n", false, false),
            (":20:,10:20:30\n:25:,10:25:30\n", false, false),
            ("a,b\n:20:,:25:\n", false, false),
            ("time\n10:20:30\n", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_mt940(text), is_mt942(text)), (is, interim), "{text}");
        }
    }

    #[test]
    fn only_a_file_header_is_taken_for_bai2() {
        for (text, is) in [
            ("01,A,B,260301,0700,1,80,,2/\n", true),
            ("01,A,B,260301,0700,1,,,2/   02,B,A,1,260301/", true),
            ("\u{feff}\n01,A,B,260301,0700,1/\n02,B,A,1,260301/", true),
            ("01,A,B,260301,0700,1/\n", false),
            ("01,02,03\n1,2,3\n", false),
            ("02,ME,BANK,1,260228,,EUR,/", false),
            ("01,a,b,c,d,e,f,g,h", false),
            ("", false),
        ] {
            assert_eq!(is_bai2(text), is, "{text}");
        }
    }

    #[test]
    fn only_ofx_is_taken_for_it() {
        for (text, is) in [
            ("OFXHEADER:100\nDATA:OFXSGML\n", true),
            ("<?xml version='1.0'?>\n<?OFX OFXHEADER='200'?>\n<OFX>", true),
            ("\u{feff}<ofx><x>", true),
            ("<html><body>OFX</body></html>", false),
            ("OFX,1\n", false),
            ("", false),
        ] {
            assert_eq!(is_ofx(text), is, "{text}");
        }
    }

    #[test]
    fn only_statements_are_taken_for_camt() {
        for (text, is) in [
            ("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">", true),
            ("<n:Document xmlns:n='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>", true),
            ("<Document><BkToCstmrStmt>", true),
            ("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.03'>", false),
            ("<response/>", false),
            ("name\ncamt.053\n", false),
        ] {
            assert_eq!(is_camt(text), is, "{text}");
        }
    }
}
