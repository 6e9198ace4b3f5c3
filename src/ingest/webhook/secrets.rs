//! Decides which secrets a log of deliveries is checked with, and keeps them out of everything that
//! is written.

use std::borrow::Cow;
use std::fmt;

/// The secrets that a provider may have signed with: several while one is being replaced.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(Vec<String>);

/// What stands where a secret stood.
const HIDDEN: &str = "[secret]";

impl Secrets {
    /// The secrets of a text: one, or several with commas or line ends between them.
    ///
    /// A secret may have a comma in it, so that the text as a whole counts too.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let whole = text.trim();
        let parts = whole.split([',', '\n', '\r']).map(str::trim);
        let mut all: Vec<String> = Vec::new();
        for part in parts.chain([whole]).filter(|part| !part.is_empty()) {
            if !all.iter().any(|known| known == part) {
                all.push(part.to_owned());
            }
        }
        Self(all)
    }

    /// The secrets of several texts.
    pub fn add(&mut self, text: &str) {
        for secret in Self::parse(text).0 {
            if !self.0.contains(&secret) {
                self.0.push(secret);
            }
        }
    }

    /// Whether there is none, so that no signature is checked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// A text without the secrets in it.
    pub(super) fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for secret in self.iter().filter(|secret| text.contains(secret)) {
            shown = Cow::Owned(shown.replace(secret, HIDDEN));
        }
        shown
    }
}

/// It says how many there are and never what they are.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_lines_part_secrets() {
        for (text, found) in [
            ("", &[][..]),
            (" \n, ", &[","]),
            ("whsec_1", &["whsec_1"]),
            ("new,old", &["new", "old", "new,old"]),
            ("new\r\nold\n", &["new", "old", "new\r\nold"]),
            ("a,a", &["a", "a,a"]),
        ] {
            assert_eq!(Secrets::parse(text).iter().collect::<Vec<_>>(), found, "{text:?}");
        }
    }

    #[test]
    fn nobody_sees_them() {
        let secrets = Secrets::parse("whsec_1");
        assert_eq!(format!("{secrets:?}"), "Secrets(1)");
        assert_eq!(secrets.hide("key=whsec_1;"), "key=[secret];");
        assert_eq!(secrets.hide("key=whsec_2;"), "key=whsec_2;");
    }
}
