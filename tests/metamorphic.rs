//! What must not change what a file says: its line ends, its byte order mark, its encoding, how it is
//! cut into files, and one damaged line among many.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use crossfoot::entry::{Entries, Side};
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::reader::{SourceSpec, read_whole};
use crossfoot::ingest::sniff::sniff;
use support::{Dice, cases};

/// Tables of each relation.
const CASES: u32 = 500;

/// A settlement table as its header and its records, without line ends.
struct Sheet {
    header: String,
    records: Vec<String>,
}

impl Sheet {
    /// A table of one to eight rows with cells that need quotes, in several scripts.
    fn random(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let notes = [
            "交易成功",
            "退款，部分",
            "\"订单, 备注\"",
            "\"他说 \"\"好\"\"\"",
            "\"\"",
            "",
            "手续费；五角",
            "商户订单",
            "\" 已付款 \"",
            "二月结算",
        ];
        let count = 1 + dice.below(8);
        let record = |n: usize| {
            let amount = format!("{}.{:02}", 1 + dice.below(99_999), dice.below(100));
            let fee = format!("0.{:02}", dice.below(100));
            let (day, minute) = (1 + dice.below(28), dice.below(60));
            let note = notes[dice.below(notes.len())];
            format!("订单{n},2026-02-{day:02} 08:{minute:02}:00,{amount},{fee},CNY,{note}")
        };
        Sheet {
            header: "订单号,交易时间,金额,手续费,币种,备注".to_owned(),
            records: (1..=count).map(record).collect(),
        }
    }

    /// The file with these records, each line ended as `end` says for its number.
    fn text(&self, records: &[String], end: impl Fn(usize) -> &'static str) -> String {
        let lines = std::iter::once(&self.header).chain(records);
        lines.enumerate().map(|(line, text)| format!("{text}{}", end(line))).collect()
    }

    fn plain(&self) -> String {
        self.text(&self.records, |_| "\n")
    }
}

/// All that the entries of a file say, with the rows that they come from.
fn entries(bytes: &[u8]) -> Vec<(u32, String)> {
    let mut spec = SourceSpec::new("lines.csv");
    spec.side = Some(Side::Settlement);
    let mut entries = Entries::default();
    let report = read_whole(spec, bytes, native_decoder, &mut entries).unwrap();
    assert!(report.rows.ties() && report.rows.rejected == 0, "{:?}", report.rejected);
    let said = entries.ids().map(|id| {
        let said = format!(
            "{:?} {} {:?} {:?} {:?} {:?} {:?} {}",
            entries.kind(id),
            entries.reference(id),
            entries.amount(id),
            entries.fee(id),
            entries.net(id),
            entries.currency(id),
            entries.occurred_at(id),
            entries.memo(id),
        );
        (entries.row(id), said)
    });
    said.collect()
}

/// Holds that a changed file says what the plain one does, for many tables.
fn assert_same(change: impl Fn(&Sheet, u64) -> Vec<u8>) {
    for seed in 0..u64::from(cases(CASES)) {
        let sheet = Sheet::random(seed);
        let plain = entries(sheet.plain().as_bytes());
        assert_eq!(plain.len(), sheet.records.len(), "seed {seed}");
        assert_eq!(entries(&change(&sheet, seed)), plain, "seed {seed}");
    }
}

fn encoded(label: &str, text: &str) -> Vec<u8> {
    encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
}

#[test]
fn line_ends_do_not_matter() {
    assert_same(|sheet, _| sheet.text(&sheet.records, |_| "\r\n").into_bytes());
    assert_same(|sheet, _| sheet.text(&sheet.records, |_| "\r").into_bytes());
    assert_same(|sheet, seed| {
        let ends = ["\n", "\r\n", "\r"];
        let end = |line: usize| ends[Dice(seed ^ (line as u64) << 32).below(3)];
        sheet.text(&sheet.records, end).into_bytes()
    });
}

#[test]
fn a_missing_last_line_end_does_not_matter() {
    assert_same(|sheet, _| sheet.plain().trim_end().as_bytes().to_vec());
}

#[test]
fn a_byte_order_mark_does_not_matter() {
    assert_same(|sheet, _| format!("\u{feff}{}", sheet.plain()).into_bytes());
}

#[test]
fn utf16_does_not_matter() {
    let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    let little = |text: &str| units(text).into_iter().flat_map(u16::to_le_bytes).collect();
    let big = |text: &str| units(text).into_iter().flat_map(u16::to_be_bytes).collect();
    assert_same(|sheet, _| little(&sheet.plain()));
    assert_same(|sheet, _| big(&sheet.plain()));
    assert_same(|sheet, _| little(&format!("\u{feff}{}", sheet.plain())));
    assert_same(|sheet, _| big(&format!("\u{feff}{}", sheet.plain())));
}

#[test]
fn gb18030_does_not_matter() {
    assert_same(|sheet, _| encoded("gb18030", &sheet.plain()));
}

#[test]
fn a_file_that_is_split_says_the_same_in_two() {
    for seed in 0..u64::from(cases(CASES)) {
        let sheet = Sheet::random(seed);
        let said = |text: &str| {
            entries(text.as_bytes()).into_iter().map(|(_, said)| said).collect::<Vec<_>>()
        };
        let whole = said(&sheet.plain());
        let mut dice = Dice(seed + 1);
        let at = dice.below(sheet.records.len() + 1);
        let (one, other) = sheet.records.split_at(at);
        let parts = [one, other].map(|records| said(&sheet.text(records, |_| "\n")));
        assert_eq!(parts.concat(), whole, "seed {seed}, split at {at}");
    }
}

#[test]
fn one_bad_row_does_not_change_the_dialect() {
    let (mut damaged, cases) = (0, u64::from(cases(CASES)));
    for seed in 0..cases {
        let mut dice = Dice(seed + 1);
        let mut sheet = Sheet::random(seed);
        while sheet.records.len() < 5 {
            sheet.records.extend(Sheet::random(seed + cases).records);
        }
        let delimiter = [",", ";", "\t", "|"][dice.below(4)];
        let text = |records: &[String]| sheet.text(records, |_| "\n").replace(',', delimiter);
        let before = sniff(&text(&sheet.records), true);
        assert_eq!(before.delimiter, delimiter.as_bytes()[0], "seed {seed}");
        let mut records = sheet.records.clone();
        let row = dice.below(records.len());
        let cells: Vec<&str> = records[row].split(',').collect();
        let column = dice.below(cells.len());
        let mut bad: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        bad[column].insert(0, '"');
        records[row] = match dice.below(5) {
            0 => bad.join(","),
            1 => cells.join(";"),
            2 => cells.join(" "),
            3 => cells.concat(),
            _ => cells.join(",,"),
        };
        let after = sniff(&text(&records), true);
        assert_eq!(
            (after.delimiter, after.quoting, after.width),
            (before.delimiter, before.quoting, before.width),
            "seed {seed}: {}",
            records[row]
        );
        damaged += 1;
    }
    assert_eq!(damaged, cases);
}
