//! Decides where the cells of UnionPay's ZM file are: at fixed widths, counted in bytes of GBK.
//!
//! A character of two bytes may stand anywhere, so that widths are counted while the text is cut. A
//! file that was saved in another encoding keeps the widths of GBK. Lines of another length become
//! one cell and are rejected by their width. The year stands in the file's name only.

use super::record::{Counts, Flow, Record, RecordSink, Span};
use crate::error::Error;
use crate::limits;

/// What the file's name says: `INyymmddvvZM_<merchant>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileDate {
    year: u16,
    month: u8,
}

/// How a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    Text,
    /// `MMDDhhmmss`.
    Time,
    /// A letter (C: to the merchant, D: from the merchant) and digits.
    Signed,
}

/// Names, widths in bytes, and how each is written. One byte stands between two cells; the last cell
/// takes what is left, since it has grown over time.
const FIELDS: [(&str, usize, Cell); 42] = [
    ("交易代码", 3, Cell::Text),
    ("代理机构标识码", 11, Cell::Text),
    ("发送机构标识码", 11, Cell::Text),
    ("系统跟踪号", 6, Cell::Text),
    ("交易传输时间", 10, Cell::Time),
    ("帐号", 19, Cell::Text),
    ("交易金额", 12, Cell::Text),
    ("商户类别", 4, Cell::Text),
    ("终端类型", 2, Cell::Text),
    ("查询流水号", 21, Cell::Text),
    ("支付方式(旧)", 2, Cell::Text),
    ("商户订单号", 32, Cell::Text),
    ("支付卡类型", 2, Cell::Text),
    ("原始交易系统跟踪号", 6, Cell::Text),
    ("原始交易日期时间", 10, Cell::Text),
    ("商户手续费", 13, Cell::Signed),
    ("结算金额", 13, Cell::Signed),
    ("支付方式", 4, Cell::Text),
    ("集团商户代码", 15, Cell::Text),
    ("交易类型", 2, Cell::Text),
    ("交易子类", 2, Cell::Text),
    ("业务类型", 6, Cell::Text),
    ("帐号类型", 2, Cell::Text),
    ("账单类型", 4, Cell::Text),
    ("账单号码", 32, Cell::Text),
    ("交互方式", 1, Cell::Text),
    ("原交易查询流水号", 21, Cell::Text),
    ("商户代码", 15, Cell::Text),
    ("分账入账方式", 1, Cell::Text),
    ("二级商户代码", 15, Cell::Text),
    ("二级商户简称", 32, Cell::Text),
    ("二级商户分账入账金额", 13, Cell::Signed),
    ("清算净额", 13, Cell::Signed),
    ("终端号", 8, Cell::Text),
    ("商户自定义域", 32, Cell::Text),
    ("优惠金额", 13, Cell::Signed),
    ("发票金额", 13, Cell::Signed),
    ("分期付款附加手续费", 12, Cell::Text),
    ("分期付款期数", 2, Cell::Text),
    ("交易介质", 1, Cell::Text),
    ("原始交易订单号", 32, Cell::Text),
    ("保留", usize::MAX, Cell::Text),
];

/// The date in the name of a ZM file; `None` for any other file.
#[must_use]
pub fn file_date(name: &str) -> Option<FileDate> {
    let name = name.rsplit(['/', '\\', '!']).next().unwrap_or(name);
    let rest = name.get(..2).filter(|start| start.eq_ignore_ascii_case("IN")).and(name.get(2..))?;
    let digits = rest.get(..8).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    let kind = rest.get(8..11)?;
    let number = |at: std::ops::Range<usize>| digits.get(at)?.parse::<u8>().ok();
    let (year, month) = (number(0..2)?, number(2..4)?);
    let is_zm = kind.eq_ignore_ascii_case("ZM_") && (1..=12).contains(&month);
    is_zm.then_some(FileDate { year: 2000 + u16::from(year), month })
}

/// Reads the lines of a ZM file.
#[derive(Debug)]
pub struct FixedWidthReader {
    date: FileDate,
    /// The beginning of a line whose end has not come yet.
    line: String,
    offset: u64,
    counts: Counts,
    named: bool,
}

impl FixedWidthReader {
    /// A reader of a file of this date whose text starts at `offset`.
    #[must_use]
    pub fn new(date: FileDate, offset: u64) -> Self {
        Self { date, line: String::new(), offset, counts: Counts::default(), named: false }
    }

    /// What has been read so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Reads the next piece of text, cut anywhere.
    ///
    /// # Errors
    /// `limit/record` for a line that is longer than any record.
    pub fn push(&mut self, piece: &str, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        for part in piece.split_inclusive('\n') {
            if self.line.len().saturating_add(part.len()) > limits::RECORD_BYTES {
                let message = format!("a line is longer than {} bytes", limits::RECORD_BYTES);
                return Err(Error::new("limit/record", message)
                    .remedy_is("download the file again")
                    .at_line(self.counts.lines.saturating_add(1)));
            }
            self.line.push_str(part);
            if part.ends_with('\n') && self.end_line(sink).is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Reads a last line that has no end.
    pub fn finish(&mut self, sink: &mut dyn RecordSink) -> Flow {
        if self.line.is_empty() { Flow::Continue(()) } else { self.end_line(sink) }
    }

    fn end_line(&mut self, sink: &mut dyn RecordSink) -> Flow {
        if !std::mem::replace(&mut self.named, true) {
            sink.columns(&FIELDS.map(|(name, ..)| name.to_owned()));
        }
        let line = std::mem::take(&mut self.line);
        let start = self.offset;
        self.offset = self.offset.saturating_add(line.len() as u64);
        self.counts.lines = self.counts.lines.saturating_add(1);
        let raw = line.trim_end_matches(['\r', '\n']);
        if raw.trim().is_empty() {
            self.counts.blank = self.counts.blank.saturating_add(1);
            return Flow::Continue(());
        }
        self.counts.records = self.counts.records.saturating_add(1);
        let cells = cells_of(raw, self.date).unwrap_or_else(|| vec![raw.to_owned()]);
        let mut spans: Vec<Span> = Vec::with_capacity(cells.len());
        let mut text = String::with_capacity(raw.len());
        for cell in cells {
            let start = u32::try_from(text.len()).unwrap_or(u32::MAX);
            text.push_str(&cell);
            spans.push((start, u32::try_from(text.len()).unwrap_or(u32::MAX)));
        }
        sink.record(&Record::new(self.counts.lines, start, raw, &text, &spans))
    }
}

/// The cells of a line; `None` if it ends before its last cell begins.
fn cells_of(line: &str, date: FileDate) -> Option<Vec<String>> {
    let mut rest = line;
    let mut cells = Vec::with_capacity(FIELDS.len());
    for (_, width, kind) in FIELDS {
        if width == usize::MAX {
            cells.push(rest.trim().to_owned());
            break;
        }
        let (cell, after) = rest.split_at_checked(end_of(rest, width, 2)?)?;
        // One byte between cells; the text is decoded, so that it is one character.
        rest = after.get(after.chars().next()?.len_utf8()..)?;
        let cell = cell.trim();
        cells.push(match kind {
            Cell::Text => cell.to_owned(),
            Cell::Time => instant(cell, date).unwrap_or_else(|| cell.to_owned()),
            Cell::Signed => signed(cell),
        });
    }
    Some(cells)
}

/// Where `width` bytes end in a decoded text whose characters beyond ASCII have `wide` bytes (2 in
/// GBK); `None` if it is shorter, or if a character stands across the border.
pub(super) fn end_of(text: &str, width: usize, wide: usize) -> Option<usize> {
    let mut bytes = 0_usize;
    for (at, letter) in text.char_indices() {
        if bytes >= width {
            return (bytes == width).then_some(at);
        }
        bytes = bytes.saturating_add(if letter.is_ascii() { 1 } else { wide });
    }
    (bytes == width).then_some(text.len())
}

/// `MMDDhhmmss` with the year of the file: a December in a January's file is of the year before.
fn instant(cell: &str, date: FileDate) -> Option<String> {
    let digits = cell.len() == 10 && cell.bytes().all(|byte| byte.is_ascii_digit());
    let part = |at: usize| cell.get(at..at.saturating_add(2));
    let month: u8 = part(0).filter(|_| digits)?.parse().ok()?;
    let year = date.year.saturating_sub(u16::from(month > date.month));
    Some(format!("{year}-{}-{} {}:{}:{}", part(0)?, part(2)?, part(4)?, part(6)?, part(8)?))
}

/// `D000000000012` as `-12`; a cell without a letter stays what it is.
fn signed(cell: &str) -> String {
    let number = |digits: &str| {
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() { "0".to_owned() } else { digits.to_owned() }
    };
    match (cell.strip_prefix('C'), cell.strip_prefix('D')) {
        (Some(digits), _) => number(digits),
        (_, Some(digits)) if digits.bytes().any(|byte| byte != b'0') => {
            format!("-{}", number(digits))
        }
        (_, Some(_)) => "0".to_owned(),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::Rows;

    #[test]
    fn the_name_says_that_it_is_one_and_the_year() {
        for (name, found) in [
            ("IN26010501ZM_777290058110048", Some((2026, 1))),
            ("bills.zip!IN25123101ZM_777290058110048.txt", Some((2025, 12))),
            ("in26010501zm_1", Some((2026, 1))),
            ("IN26010501ZME_777290058110048", None),
            ("IN26130501ZM_1", None),
            ("INVOICE01ZM_1", None),
            ("orders.csv", None),
            ("IN", None),
            ("中文", None),
        ] {
            let date = file_date(name).map(|date| (date.year, date.month));
            assert_eq!(date, found, "{name}");
        }
    }

    /// A line with these cells and blanks in all others.
    fn line(given: &[(&str, &str)]) -> String {
        let mut line = String::new();
        for (name, width, _) in FIELDS {
            let cell = given.iter().find(|(known, _)| *known == name).map_or("", |(_, cell)| cell);
            let width = if width == usize::MAX { 98 } else { width };
            let bytes: usize = cell.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            line.push_str(cell);
            line.push_str(&" ".repeat(width - bytes + 1));
        }
        line
    }

    #[test]
    fn widths_are_bytes_of_gbk_and_the_year_turns() {
        let whole = line(&[
            ("交易代码", "S22"),
            ("交易传输时间", "1231235959"),
            ("二级商户简称", "北京店"),
            ("商户手续费", "D000000000060"),
            ("清算净额", "C000000009940"),
            ("原始交易订单号", "A-1"),
        ]);
        let text =
            format!("{whole}\n\n{}\r\nS22 short\n", whole.replace("1231235959", "0101000000"));
        for size in [1, 7, text.len()] {
            let mut reader = FixedWidthReader::new(file_date("IN26010101ZM_1").unwrap(), 0);
            let mut rows = Rows::default();
            let letters: Vec<char> = text.chars().collect();
            for piece in letters.chunks(size) {
                let piece: String = piece.iter().collect();
                assert!(reader.push(&piece, &mut rows).unwrap().is_continue());
            }
            assert!(reader.finish(&mut rows).is_continue());
            assert_eq!(rows.columns.len(), 42);
            assert_eq!((reader.counts().records, reader.counts().blank), (3, 1));
            let cell = |row: usize, name: &str| {
                let at = rows.columns.iter().position(|known| known == name).unwrap();
                rows.rows[row].cells[at].clone()
            };
            assert_eq!(cell(0, "交易传输时间"), "2025-12-31 23:59:59");
            assert_eq!(cell(1, "交易传输时间"), "2026-01-01 00:00:00");
            assert_eq!(cell(0, "二级商户简称"), "北京店");
            assert_eq!((cell(0, "商户手续费"), cell(0, "清算净额")), ("-60".into(), "9940".into()));
            assert_eq!(cell(0, "原始交易订单号"), "A-1");
            assert_eq!(rows.rows[2].cells, ["S22 short"]);
            assert_eq!((rows.rows[1].row, rows.rows[2].row), (3, 4));
        }
    }

    #[test]
    fn letters_are_signs() {
        for (cell, number) in [
            ("C000000001234", "1234"),
            ("D000000001234", "-1234"),
            ("D000000000000", "0"),
            ("C000000000000", "0"),
            ("000000001234", "000000001234"),
            ("", ""),
        ] {
            assert_eq!(signed(cell), number);
        }
    }
}
