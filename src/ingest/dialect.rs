//! A dialect: how the characters of a text table become lines and cells.

/// How one line is cut into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The ASCII character between two cells.
    pub delimiter: u8,
    /// What quotes mean.
    pub quoting: Quoting,
    /// Whether one blank behind each delimiter belongs to it (`a, b, "c"`).
    pub padded: bool,
    /// How many cells most records have, 0 where nothing is known: a line with damaged quotes is
    /// read in the way that gives it as many.
    pub width: u16,
}

/// What protects a delimiter or a line end inside a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// RFC 4180: a cell that starts with `"` ends at the next lone `"`; `""` is one quote.
    Double,
    /// The same with `'`.
    Single,
    /// A cell that starts with `"` ends at the next `"` without a backslash; `\"` is one quote.
    Backslash,
    /// Nothing: quotes are text.
    Off,
    /// WeChat Pay: quotes are text; on a line that starts with a back-tick every cell starts with
    /// one, and only a delimiter before a back-tick separates. Other lines are cut at each delimiter.
    BackTick,
}

impl Quoting {
    /// The character that a protected cell starts and ends with.
    #[must_use]
    pub fn quote(self) -> Option<u8> {
        match self {
            Quoting::Double | Quoting::Backslash => Some(b'"'),
            Quoting::Single => Some(b'\''),
            Quoting::Off | Quoting::BackTick => None,
        }
    }

    /// The written name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Quoting::Double => "double",
            Quoting::Single => "single",
            Quoting::Backslash => "backslash",
            Quoting::Off => "off",
            Quoting::BackTick => "back-tick",
        }
    }
}

impl Dialect {
    /// Comma and double quotes: what "CSV" means where nothing else is known.
    pub const CSV: Dialect = Dialect::new(b',', Quoting::Double);
    /// Tabs and double quotes.
    pub const TSV: Dialect = Dialect::new(b'\t', Quoting::Double);
    /// WeChat Pay's bills.
    pub const BACK_TICK: Dialect = Dialect::new(b',', Quoting::BackTick);

    /// A dialect of which nothing else is known.
    #[must_use]
    pub const fn new(delimiter: u8, quoting: Quoting) -> Self {
        Dialect { delimiter, quoting, padded: false, width: 0 }
    }

    /// The same for records of this many cells.
    #[must_use]
    pub fn with_width(self, cells: usize) -> Self {
        Dialect { width: u16::try_from(cells).unwrap_or(0), ..self }
    }
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect::CSV
    }
}
