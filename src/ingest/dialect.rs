//! A dialect: how the characters of a text table become lines and cells.

/// How one line is cut into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The ASCII character between two cells.
    pub delimiter: u8,
    /// What quotes mean.
    pub quoting: Quoting,
}

/// What protects a delimiter or a line end inside a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// RFC 4180: a cell that starts with `"` ends at the next lone `"`; `""` is one quote.
    Double,
    /// Nothing: quotes are text.
    Off,
    /// WeChat Pay: quotes are text; on a line that starts with a back-tick every cell starts with
    /// one, and only a delimiter before a back-tick separates. Other lines are cut at each delimiter.
    BackTick,
}

impl Dialect {
    /// Comma and double quotes: what "CSV" means where nothing else is known.
    pub const CSV: Dialect = Dialect { delimiter: b',', quoting: Quoting::Double };
    /// Tabs and double quotes.
    pub const TSV: Dialect = Dialect { delimiter: b'\t', quoting: Quoting::Double };
    /// WeChat Pay's bills.
    pub const BACK_TICK: Dialect = Dialect { delimiter: b',', quoting: Quoting::BackTick };
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect::CSV
    }
}
