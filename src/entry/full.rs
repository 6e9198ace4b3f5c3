//! What is full where a run has more than its columns can hold.

use std::fmt;

/// The columns are full, a text is longer than a key may be, or a total left the exact range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntriesFull {
    /// More entries than a run can hold.
    Entries,
    /// The texts do not fit.
    Texts,
    /// A total of amounts is beyond 28 digits.
    Totals,
}

impl fmt::Display for EntriesFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Entries => "too many entries for one run",
            Self::Texts => "the references do not fit: more than 4 GiB, or one of over 64 KiB",
            Self::Totals => "the amounts add up to more than 28 digits",
        })
    }
}
