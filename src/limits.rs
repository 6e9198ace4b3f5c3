//! Every hard bound of the engine in one place, each with its reason.
//!
//! Reaching one is a typed error or a diagnostic that names it, never a hang or a silent cut.

/// Largest source in bytes: what a tab can stream while the engine keeps its columns (10,000,000
/// entries of 100 to 200 bytes), and a bound that a hostile file meets early.
pub const SOURCE_BYTES: u64 = 4 << 30;

/// Most rows of one source: row indexes are `u32`, and the last value means "no row".
pub const SOURCE_ROWS: u32 = u32::MAX - 1;

/// Most columns of one row: Excel's own bound, so that any sheet saved as CSV still fits.
pub const COLUMNS: usize = 16_384;

/// Longest record in bytes, over all its lines: Excel cells end at 32,767 characters, and JSON in a
/// cell stays far below 1 MiB. An unclosed quote is noticed after this many bytes.
pub const RECORD_BYTES: usize = 1 << 20;

/// Longest single cell in bytes; a cell is part of a record.
pub const CELL_BYTES: usize = RECORD_BYTES;

/// How many unclosed quotes are recovered, line by line, before the quotes of the rest of the file
/// are read as text: each costs up to [`RECORD_BYTES`] of reading, so this bounds the work.
pub const QUOTE_RECOVERIES: u32 = 64;

/// Largest JSON source in bytes: it is held whole, beside its records.
pub const JSON_BYTES: u64 = 256 << 20;

/// Deepest JSON nesting: payment APIs stay below 10; the parser recurses, and a wasm stack is 1 MiB.
pub const JSON_NESTING: usize = 64;

/// Largest file that is unpacked, in bytes: it is held whole, unlike a text.
pub const PACKED_BYTES: u64 = 256 << 20;

/// Largest carry-forward file in bytes: it is held whole, and a closed row takes about 300 of them.
pub const CARRY_BYTES: u64 = if cfg!(target_arch = "wasm32") { 256 << 20 } else { 1 << 30 };

/// Most bytes that one file may unpack to: what a tab holds beside the engine, and more natively.
pub const UNPACKED_BYTES: u64 = if cfg!(target_arch = "wasm32") { 256 << 20 } else { 1 << 30 };

/// Most entries of one archive: workbooks have tens, and a year of daily bills has hundreds.
pub const ARCHIVE_ENTRIES: usize = 10_000;

/// How many times larger than its compressed form an entry may be: tables reach 20 to 60, and a
/// bomb has up to 1,032.
pub const ARCHIVE_RATIO: u64 = 200;

/// Bytes up to which nobody asks for the ratio: a few megabytes of zeros harm nobody.
pub const ARCHIVE_RATIO_FREE_BYTES: u64 = 10 << 20;

/// Most bytes of the list of texts of a workbook: two columns of a million ids each.
pub const SHARED_STRINGS_BYTES: u64 = 128 << 20;

/// Most sheets of a workbook.
pub const SHEETS: usize = 1_000;

/// Most cells that are held at once, in old workbooks and web pages, which are not streamed: a full
/// old sheet of 45 columns.
pub const HELD_CELLS: u64 = 3_000_000;

/// Empty cells of a sheet beside 16 for every cell with a text: beyond, it is no table.
pub const EMPTY_CELLS: u64 = 4 << 20;

/// Cells of the rectangle around the values of a sheet beyond which these must stand together as a
/// table: a full sheet of the old format.
pub const SPREAD_CELLS: u64 = 1 << 24;

/// Empty rows or columns in front of a cell that stands alone behind them: tables have gaps, but none
/// like that.
pub const STRAY_GAP: usize = 1_000;

/// Most bytes of rows and cells that an OpenDocument spreadsheet repeats by a number.
pub const REPEATED_BYTES: u64 = 4 << 20;

/// Bytes of the head of a source from which its encoding and dialect are decided.
pub const HEAD_BYTES: usize = 256 << 10;

/// Lines of the head that vote on the dialect.
pub const HEAD_LINES: usize = 200;

/// Rejected rows whose raw text is kept per source; further ones are counted only.
pub const REJECTED_KEPT: usize = 10_000;

/// Bytes of raw text kept of one rejected row.
pub const REJECTED_RAW_BYTES: usize = 4_096;

/// Diagnostics kept per source; further ones are counted only.
pub const DIAGNOSTICS_KEPT: usize = 1_000;

/// Damaged ids of one source of which the digits that are left are kept, for suggestions.
pub const DAMAGED_KEPT: usize = 100_000;

/// Most pieces of one order row that are held against what was paid for them.
pub const PIECES: u32 = 10_000;

/// Rows of several pieces of one source that are held against what was paid for them.
pub const PIECES_KEPT: usize = 1_000;

/// Order ids of one file that are compared with those of another file of orders, for a warning:
/// files that overlap do so in more than a few ids, and the sets stay below 20 MB.
pub const ORDERS_COMPARED: usize = 100_000;

/// Largest page of results that leaves the engine in one call.
pub const PAGE_ROWS: usize = 500;

/// Longest text of an amount or a date in bytes: 28 digits with every group, sign, currency and
/// zone name around them stay below it, and it bounds the work on a hostile cell.
pub const AMOUNT_BYTES: usize = 200;

/// Most days of a settlement cycle (`T+n`, `D+n`): a year.
pub const CYCLE_DAYS: u16 = 366;

/// Most holidays and working days of a calendar: thirty days a year for over three centuries.
pub const CALENDAR_DAYS: usize = 10_000;

/// Most channels with a settlement cycle of their own: methods times countries of a large provider.
pub const SETTLEMENT_CHANNELS: usize = 200;

/// Largest table of exchange rates, in rows: every pair of 180 currencies on one day, or 50 pairs
/// for 50 years.
pub const RATE_ROWS: usize = 1_000_000;

/// Most significant digits of an exchange rate: twice what banks quote, and products with an
/// amount stay exact in 128 bits.
pub const RATE_DIGITS: u32 = 18;

/// Most fees of one contract.
pub const FEES: usize = 1_000;

/// Largest amount and fee, in minor units, that a formula is inferred from: products with rates in
/// millionths stay far inside 64 bits, and nobody pays a billion at once.
pub const INFERRED_AMOUNT: i64 = 100_000_000_000;

/// Rates on one step (1 %, 0.1 %, …) that are tried for one group of lines; where more are
/// possible, finer ones are not looked for, since they could not be told apart.
pub const INFERRED_RATES: i64 = 600;

/// Formulas that are kept beside the simplest one of a group, to see whether they agree with it.
pub const INFERRED_FORMS: usize = 32;

/// Lines of one group among which formulas are looked for, evenly spread over the amounts; what is
/// found is held against all lines. More would only take longer.
pub const INFERRED_LINES: usize = 4_096;

/// Formulas that are told apart within one group of lines: the longest published tables of bands
/// have thirty.
pub const INFERRED_PIECES: usize = 48;

/// Most cells of one table that finds the closest pairs among rows of one amount: ten milliseconds.
pub const ALIGNMENT_CELLS: u64 = 1 << 22;

/// Most cells of such a table for each of its rows: what keeps the work in proportion to the rows.
/// A bucket with fewer rows to spare than twice this, or with windows of fewer rows, is below it.
pub const ALIGNMENT_CELLS_PER_ROW: u64 = 32;

/// Most rows of one problem whose pairs are listed: 200 MB, and sums of costs exact in 128 bits.
pub const ASSIGNMENT_ROWS: usize = 1 << 16;

/// Most candidates that are named for one open row, the nearest first: what a person compares.
pub const CANDIDATES_SHOWN: usize = 5;

/// Rows of nearby amounts that are looked at, above and below, for the one that comes nearest to an
/// open row: what a person would leaf through.
pub const WHY_NOT_LOOKS: usize = 64;

/// How many days outside its window a row of the same amount is still called near.
pub const WHY_NOT_DAYS: i64 = 60;

/// Up to which part of an order's amount, in percent, another amount is still called near.
pub const WHY_NOT_PERCENT: i64 = 10;

/// Most pairs that are listed for one row whose amount need not be equal: the nearest in money and
/// time; whoever has more equally good candidates is a question anyway.
pub const CANDIDATES_PER_ROW: usize = 64;

/// A pair is called certain without a reference only if fewer than one line in so many is expected
/// to have its amount by chance: what statisticians call very significant.
pub const COINCIDENCES_PER_MATCH: u64 = 100;

/// Most rows of a day or payout among which a sum is looked for: all 16 million sets of them are two
/// lists of 4,096 sums, and among more rows a set would be no evidence.
pub const SUBSET_ROWS: usize = 24;

/// Most days and payouts that are looked at for the parts of one sum: a month of days, and each of
/// them is one more in which chance may find a set.
pub const SUBSET_ANCHORS: usize = 32;

/// Rows are taken for the parts of a sum only if fewer than one set in so many is expected to add up
/// to it by chance: a month has hundreds of rows for which one is looked for.
pub const SUBSET_COINCIDENCES: u64 = 1_000;

/// Most looks at a pair, for each pair, before the rest of an assignment is filled greedily and
/// said to be unproven: real months need fewer than 10.
pub const ASSIGNMENT_STEPS_PER_PAIR: u64 = 64;

/// Longest line of a result document that is verified: one match of a million rows is below it.
pub const DOCUMENT_LINE_BYTES: usize = 256 << 20;

/// Days for which a reservation on a buyer's account is sure to last: card schemes let most
/// lapse after a week.
pub const RESERVATION_DAYS: i32 = 7;

/// Payouts of one run that are added up. A column that names more is taken to number lines, and the
/// sources say so.
pub const PAYOUTS: usize = 500_000;

/// Days within which a payout arrives in the bank account.
pub const PAYOUT_DAYS: i32 = 7;

/// Payouts or deposits whose sums are tried against one deposit or payout.
pub const PAYOUT_SUBSET: usize = 12;

/// Seconds between when an event was signed and when it was received (Stripe's own tolerance).
pub const SIGNATURE_SECONDS: u64 = 300;
