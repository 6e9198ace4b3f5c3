//! Decides what a provider's file looks like: a profile is data, not code.
//!
//! A shipped profile is a TOML file in `src/ingest/profiles/`; a user's own mapping is the same
//! schema as JSON. Adding a provider is adding one file here, one line in `shipped.rs`, and one
//! folder with golden cases under `tests/golden/profiles/`.
//!
//! ```toml
//! schema = 1
//! name = "example-settlement"           # lower case, stable: it is written into results
//! side = "settlement"                   # orders | settlement | bank | webhook
//! status = "published_layout"           # real_file | official_example | published_layout | generic
//! source = "https://…"                  # where the layout is documented
//! # Sets of columns; a header that has all columns of one set is recognised.
//! signature = [["order_no", "gross", "payout_id"]]
//! values = { payout_id = "PO-####*" }   # … and whose ids look like this: # digit, @ letter
//! format = "text"                       # text | json | statement | any (the default)
//! numbers = "point"                     # point | comma | auto (the default: by the whole column)
//! zone = "Asia/Shanghai"                # of dates without an offset; none: --timezone
//!
//! [title]
//! en = "Example settlement"
//! zh-Hans = "示例结算单"
//!
//! [dialect]                             # only what cannot be seen in the file
//! quoting = "back_tick"                 # double | off | back_tick
//! comment = "#"                         # lines that start with it are no rows
//!
//! [fields]                              # see `FieldRule`; the field names are those of an entry
//! reference = "order_no"
//! amount = { columns = ["gross", "amount"], sign = "type" }
//! fee = { sum = ["commission", "scheme fee"], sign = "neg" }
//! net = { credit = ["net credit"], debit = ["net debit"] }
//! currency = { value = "CNY" }
//! type = { columns = ["type"], words = { payment = "sale" }, default = "sale" }
//! occurred_at = { columns = ["created"], zone_column = ["TimeZone"] }
//! settled_at = { columns = ["day"], time_columns = ["time of day"] }
//! tax = { columns = ["vat"], until = "(" }              # `1.20(refunded)` reads `1.20`
//! # The number's own sign does not count: rows with this word are negative, all others positive.
//! net = { columns = ["money"], negative_where = { "in/out" = ["out"] } }
//! fee = { sum = ["charged"], minus = ["tax in it"], sign = "neg" }
//! currency = { preamble = ["All amounts in "], assumed = "USD" }   # the word behind; else USD
//! batch = { columns = ["history"], member = "batchId" }            # of a JSON cell
//! fx_rate = { columns = ["rate"], inverse = true }                 # local per settlement unit
//! settled_at = { columns = ["day"], zone_column = ["zone"], zones = { "Eastern Time" = "America/New_York" } }
//! # The beginnings of words, and what a sale is whose amount is negative.
//! type = { columns = ["code"], prefixes = { t00 = "sale" }, negative = "refund" }
//!
//! # What a row is, where more than one column says it; the first that fits counts, before `type`
//! # and `status`. Words are folded, `*` stands for anything, "" for an empty cell.
//! [[rows]]
//! where = { record = "release", description = ["payout", "withdrawal*"] }
//! kind = "payout"
//!
//! [[rows]]
//! where = { record = ["total", "balance"] }
//! structural = true                     # the row moves no money
//! ```
//!
//! A source of bank movements may state balances and totals of its own (`statement`): see
//! [`StatementRule`].
//!
//! A saved mapping may name the header that it is for (`fingerprint`), a profile that reads what it
//! leaves out (`base`), and the shop or account of which its files speak (`scope`); `crossfoot detect
//! --mapping FILE` writes one.
//!
//! A field may have `columns` and `credit`/`debit`: the pair is read where the header has none of
//! the columns. A debit is taken off; in a column whose debits are written negative it is added.
//!
//! A mapping may cut lines at fixed widths: `{"fixed": {"columns": [["code", 3], ["amount", 12]],
//! "gap": 1, "wide": 2}}`, see [`Fixed`].
//!
//! Names of columns may end with `*`: `"payment_metadata[*"` is every column that begins so. Beyond
//! the fields a profile may state
//!
//! - further entries of a row (`also`) and rows that continue an order (`continuation`);
//! - amounts that have to be derived from line items (`line_items`), and rows that each hold one
//!   component of the same money (`components`);
//! - records of several layouts, told apart by the code in their first cell (`codes`), and a row
//!   that speaks for the rows under it (`lead`);
//! - minor units that are not those of ISO 4217 (`minor_units`);
//! - printed totals (`summary`, `footer` for comment lines and for the lines above the header,
//!   `codes.totals`, `lead`), the column of a running balance (`balance`), the rows of the first and the last
//!   balance (`opening`, `closing`), totals that must tie
//!   (`controls`), and equations that hold within each row (`checks`).
//!
//! ```toml
//! [minor_units]                         # of columns with unit = "minor"; "*" is every other currency
//! "*" = 2                               # hundredths, also of a yen
//!
//! [codes]                               # see `Codes`
//! data = ["SB"]
//! structure = ["RH", "SH", "SF"]
//!
//! [lead]                                # see `Lead`
//! filled = "total-amount"
//! gives = ["currency", "deposit-date"]
//!
//! [components]                          # see `Components`
//! key = ["settlement-id", "transaction-type", "order-id"]
//! needs = ["order-id"]
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use super::conditions::Where;
use super::rule::{FieldRule, names};
pub use super::totals_rule::{Check, CodeTotals, Footer, Printed, Summary, Tie, Total};

/// A provider's file, or a user's own mapping.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Version of this schema: 1.
    #[serde(default = "one")]
    pub schema: u32,
    /// Stable name, written into results.
    #[serde(default)]
    pub name: String,
    /// The name for people.
    #[serde(default)]
    pub title: Title,
    /// Whose view of the money it gives; a mapping may leave it open.
    #[serde(default)]
    pub side: Option<String>,
    /// On what it was tried.
    #[serde(default)]
    pub status: Tested,
    /// Where the layout is documented.
    #[serde(default)]
    pub source: String,
    /// Sets of column names; a header with all names of one set is recognised.
    #[serde(default)]
    pub signature: Vec<Vec<String>>,
    /// How the ids in a column look: `#` is a digit, `@` a letter, `*` at the end anything. A file is
    /// recognised only if the values do, in those of these columns that it has.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Whether the records are lines of text or JSON objects.
    #[serde(default)]
    pub format: Format,
    /// What cannot be seen in the file itself.
    #[serde(default)]
    pub dialect: Dialect,
    /// How numbers are written.
    #[serde(default)]
    pub numbers: Numbers,
    /// The zone of dates that have no offset and whose rule names none.
    #[serde(default)]
    pub zone: Option<String>,
    /// A saved mapping: the header of the files that it is for (see [`super::layout::Header`]).
    #[serde(default)]
    pub fingerprint: Option<String>,
    /// A saved mapping: the profile that reads what the mapping leaves out. A rule of the mapping
    /// without a column changes the profile's own rule.
    #[serde(default)]
    pub base: Option<String>,
    /// A saved mapping: of which shop, marketplace or account the file speaks. Order numbers say
    /// which order is meant only within it.
    #[serde(default)]
    pub scope: Option<String>,
    /// Lines without separators: the widths of their cells. Only in a mapping that is chosen for a
    /// file, since such a file does not say what it is.
    #[serde(default)]
    pub fixed: Option<Fixed>,
    /// How each field is read.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldRule>,
    /// What rows are, where more than one column says it.
    #[serde(default)]
    pub rows: Vec<RowRule>,
    /// The column of the balance after each row.
    #[serde(default, deserialize_with = "names")]
    pub balance: Vec<String>,
    /// Rows that state balances, and what they span.
    #[serde(default)]
    pub statement: Option<StatementRule>,
    /// The rows that hold the balances before the first and after the last movement, in their last
    /// filled cell; they may stand above the header.
    #[serde(default)]
    pub opening: Where,
    /// See `opening`.
    #[serde(default)]
    pub closing: Where,
    /// Further entries of a row.
    #[serde(default)]
    pub also: Vec<Also>,
    /// Rows that only continue an order.
    #[serde(default)]
    pub continuation: Option<Continuation>,
    /// How an order's amount is derived where no column states it.
    #[serde(default)]
    pub line_items: Option<LineItems>,
    /// Rows that each hold one component of the same money.
    #[serde(default)]
    pub components: Option<Components>,
    /// Records of several layouts.
    #[serde(default)]
    pub codes: Option<Codes>,
    /// A row that speaks for the rows under it.
    #[serde(default)]
    pub lead: Option<Lead>,
    /// Decimals of the minor unit by currency (`*`: every other), where not those of ISO 4217.
    #[serde(default)]
    pub minor_units: BTreeMap<String, u32>,
    /// Totals printed as a header and a row of their own.
    #[serde(default)]
    pub summary: Vec<Summary>,
    /// Totals printed within comment lines.
    #[serde(default)]
    pub footer: Vec<Footer>,
    /// Totals that must tie.
    #[serde(default)]
    pub controls: Vec<Tie>,
    /// Equations that hold within each row.
    #[serde(default)]
    pub checks: Vec<Check>,
}

fn one() -> u32 {
    1
}

fn one_place() -> u8 {
    1
}

/// Cells of fixed widths (see `ingest::fixed_columns`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// Names and widths of the cells in their order.
    pub columns: Vec<(String, u16)>,
    /// Places between two cells.
    #[serde(default)]
    pub gap: u8,
    /// How many places a character beyond ASCII takes: 1, or 2 as in bytes of GBK and Shift_JIS.
    #[serde(default = "one_place")]
    pub wide: u8,
}

/// A name for people.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans")]
    pub zh_hans: String,
}

/// On what a profile was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tested {
    /// A provider's real file.
    RealFile,
    /// The example in the provider's documentation.
    OfficialExample,
    /// Nothing but a published description of the layout.
    PublishedLayout,
    /// Any file: columns are found by synonyms.
    Generic,
    /// A user's own mapping.
    #[default]
    Mapping,
}

impl Tested {
    /// The written name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RealFile => "real_file",
            Self::OfficialExample => "official_example",
            Self::PublishedLayout => "published_layout",
            Self::Generic => "generic",
            Self::Mapping => "mapping",
        }
    }
}

/// What the records of a file are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Lines with a header.
    Text,
    /// JSON objects.
    Json,
    /// A bank statement in a format of its own.
    Statement,
    /// Either.
    #[default]
    Any,
}

/// What cannot be seen in the file itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dialect {
    /// What quotes mean.
    pub quoting: Option<Quotes>,
    /// Lines that start with this are no rows.
    pub comment: Option<String>,
}

/// What quotes mean, as a profile states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quotes {
    /// `"…"` protects, `""` is a quote.
    Double,
    /// Quotes are text.
    Off,
    /// Every cell starts with a back-tick and quotes are text.
    BackTick,
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbers {
    /// By the evidence of the whole column.
    #[default]
    Auto,
    /// `1,234.56`.
    Point,
    /// `1.234,56`.
    Comma,
}

/// What the rows are that a condition fits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowRule {
    /// Which rows.
    #[serde(rename = "where")]
    pub condition: Where,
    /// What they do to the money.
    #[serde(default)]
    pub kind: Option<String>,
    /// Their state.
    #[serde(default)]
    pub status: Option<String>,
    /// They are no rows: a balance, a total, a header of something else.
    #[serde(default)]
    pub structural: bool,
}

/// Which rows of a source move money on an account, and where the others state its balances.
///
/// Balances are written in `figures` (see [`super::stated`]) or in columns of their own; they are in
/// the unit of the field `amount`, and hold at the time of `occurred_at`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatementRule {
    /// Which rows move money; all others are structure. None: all rows.
    pub movements: Where,
    /// No row moves money.
    pub balances_only: bool,
    /// The account.
    #[serde(deserialize_with = "names")]
    pub account: Vec<String>,
    /// The statement's own number.
    #[serde(deserialize_with = "names")]
    pub statement: Vec<String>,
    /// What tells the statements of one file apart. None: balances stand apart from the movements,
    /// which may be in other sources.
    #[serde(deserialize_with = "names")]
    pub spans: Vec<String>,
    /// Stated balances and totals, several in one cell.
    #[serde(deserialize_with = "names")]
    pub figures: Vec<String>,
    /// The balance before the movements.
    #[serde(deserialize_with = "names")]
    pub opening: Vec<String>,
    /// The balance after them.
    #[serde(deserialize_with = "names")]
    pub closing: Vec<String>,
    /// The balance at a time.
    #[serde(deserialize_with = "names")]
    pub balance: Vec<String>,
    /// What of it can be spent.
    #[serde(deserialize_with = "names")]
    pub available: Vec<String>,
    /// What of it is held back.
    #[serde(deserialize_with = "names")]
    pub frozen: Vec<String>,
}

/// A further entry of a row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Also {
    /// How its row name ends: `refund`, `void`, `fee`, `tax` or `split`.
    pub part: String,
    /// What it does to the money.
    pub kind: String,
    /// Its amount; it is made where this is not zero.
    #[serde(default)]
    pub amount: Option<FieldRule>,
    /// It undoes the row's whole amount; it is made where the row has this status.
    #[serde(default)]
    pub undoes_status: Option<String>,
    /// The rows that have it; none: all.
    #[serde(default, rename = "where")]
    pub condition: Where,
    /// The net that the row states has it in it already: the row's own entry leaves it out.
    #[serde(default)]
    pub within_net: bool,
}

/// Rows that only continue the order of an earlier row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Continuation {
    /// A row continues an order if all of these columns that the header has are empty.
    #[serde(deserialize_with = "names")]
    pub empty: Vec<String>,
}

/// Derives an order's amount as Σ (quantity × price − discount) + what the order adds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineItems {
    /// Pieces.
    #[serde(deserialize_with = "names")]
    pub quantity: Vec<String>,
    /// Price of one piece.
    #[serde(deserialize_with = "names")]
    pub price: Vec<String>,
    /// Discount on the line.
    #[serde(default, deserialize_with = "names")]
    pub discount: Vec<String>,
    /// Columns that add to the order once, such as shipping and taxes.
    #[serde(default, deserialize_with = "names")]
    pub plus: Vec<String>,
    /// Columns that are taken off the order once, such as a discount code.
    #[serde(default, deserialize_with = "names")]
    pub minus: Vec<String>,
}

/// Rows that each hold one component (price, shipping, commission, …) of the same money: the rows
/// of one key become one entry, with the sums of their figures.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Components {
    /// The columns that are equal in the rows of one entry.
    #[serde(deserialize_with = "names")]
    pub key: Vec<String>,
    /// A row in which all of these are empty is an entry of its own.
    #[serde(deserialize_with = "names")]
    pub needs: Vec<String>,
    /// The column that says what the row's amount is, where it is not always part of the gross …
    #[serde(default, deserialize_with = "names")]
    pub column: Vec<String>,
    /// … its words for fees …
    #[serde(default, deserialize_with = "names")]
    pub fee: Vec<String>,
    /// … and for taxes.
    #[serde(default, deserialize_with = "names")]
    pub tax: Vec<String>,
}

/// Records of several layouts, told apart by the code in their first cell.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    /// The codes of rows.
    pub data: Vec<String>,
    /// The codes of records that are no rows; records with any other code are rejected.
    #[serde(default)]
    pub structure: Vec<String>,
    /// Those of them that begin a section, of which `totals` may speak.
    #[serde(default, deserialize_with = "names")]
    pub section: Vec<String>,
    /// The names of the cells by code, where the file has no header. The profile's signatures are
    /// then the first cells of the file's first record, as they are written.
    #[serde(default)]
    pub columns: BTreeMap<String, Vec<String>>,
    /// Totals that records print.
    #[serde(default)]
    pub totals: Vec<CodeTotals>,
}

/// A row that speaks for the rows under it; it is no entry itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lead {
    /// A row in which this column is filled is one; where it is an amount, it is Σ net of all rows
    /// of the same batch and currency.
    pub filled: String,
    /// Columns whose cells count for the rows under it that leave them empty.
    #[serde(default, deserialize_with = "names")]
    pub gives: Vec<String>,
}
