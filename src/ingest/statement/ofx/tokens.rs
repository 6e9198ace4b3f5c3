//! Cuts an OFX text into opened elements, each with the text up to the next mark, and closed ones.

/// What stands between two `<`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// An element and the text behind it; aggregates have none.
    Open(&'t str, &'t str),
    /// The end of an element.
    Close(&'t str),
}

/// A token and its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'t> {
    pub(super) token: Token<'t>,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The tokens of a text; declarations, comments and what stands before the first `<` are left out.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Placed<'_>> {
    let mut at = 0usize;
    std::iter::from_fn(move || {
        loop {
            let from = at.saturating_add(text.get(at..)?.find('<')?);
            let inner = text.get(from.saturating_add(1)..)?;
            if let Some(comment) = inner.strip_prefix("!--") {
                at = after(text, comment, "-->");
                continue;
            }
            let length = inner.find('>').unwrap_or(inner.len());
            let mark = inner.get(..length)?;
            let behind = from.saturating_add(length).saturating_add(2).min(text.len());
            if mark.starts_with(['?', '!']) {
                at = behind;
                continue;
            }
            let value = value(text.get(behind..).unwrap_or_default());
            at = behind.saturating_add(value.len());
            let to = behind.saturating_add(value.trim_end().len());
            let token = match mark.strip_prefix('/') {
                Some(name) => Token::Close(name.trim()),
                // `<EMPTY/>` has no text, and attributes do not matter.
                None => {
                    let name = mark.trim_end_matches('/');
                    Token::Open(name.split_whitespace().next().unwrap_or_default(), value)
                }
            };
            return Some(Placed { token, from, to });
        }
    })
}

/// The text up to the next mark; a CDATA section is text.
fn value(rest: &str) -> &str {
    let blank = rest.len().saturating_sub(rest.trim_start().len());
    let section = rest.get(blank..).unwrap_or_default().strip_prefix("<![CDATA[");
    let end = match section {
        Some(section) => after(rest, section, "]]>"),
        None => rest.find('<').unwrap_or(rest.len()),
    };
    rest.get(..end).unwrap_or(rest)
}

/// Where `end` ends in `part`, a slice that ends as `text` does, counted from the start of `text`.
fn after(text: &str, part: &str, end: &str) -> usize {
    let start = text.len().saturating_sub(part.len());
    match part.find(end) {
        Some(at) => start.saturating_add(at).saturating_add(end.len()),
        None => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_and_unclosed_elements() {
        for (text, expected) in [
            ("OFXHEADER:100\n<OFX><A>1\n<B>2</B></OFX>", "+OFX= +A=1 +B=2 -B -OFX"),
            ("<?xml version='1.0'?><!-- <X>1 --><A>1</A>", "+A=1 -A"),
            ("<A><![CDATA[x <b> y]]></A>", "+A=<![CDATA[x <b> y]]> -A"),
            ("<A a='1'>1<B/>", "+A=1 +B="),
            ("<A", "+A="),
            ("<", "+="),
            ("a > b", ""),
            ("<!-- open", ""),
            ("<é>ü", "+é=ü"),
        ] {
            let found: Vec<String> = tokens(text)
                .map(|placed| match placed.token {
                    Token::Open(name, value) => format!("+{name}={}", value.trim()),
                    Token::Close(name) => format!("-{name}"),
                })
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
