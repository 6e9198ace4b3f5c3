//! Workbooks give the entries that the CSV of the same table gives, are named by their sheets, and
//! what a spreadsheet did to a value is said.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::table::{Table, read_table};
use crossfoot::ingest::unpack::{Options, Part, parts};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use support::archive::{Entry, zip};
use support::{Dice, Source, assert_same, cases, json, reconcile, sha256, without_names};

fn of(name: &str, bytes: &[u8]) -> Vec<Part> {
    let options = Options { password: None, decoder: native_decoder };
    parts(name, bytes, options).expect("a workbook")
}

fn table(part: &Part) -> Table {
    read_table(&part.name, &part.bytes, native_decoder).expect("a table")
}

/// A made-up table of settlement lines, as CSV and as a workbook.
fn month(dice: &mut Dice) -> (String, Vec<u8>) {
    let names =
        ["transaction id", "order number", "paid at", "amount", "fee", "net", "currency", "memo"];
    let mut csv = format!("{}\n", names.join(","));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    // Preambles and gaps are where sheets differ from tables.
    let mut row = dice.below(4) as u32;
    for _ in 0..row {
        csv.insert(0, '\n');
    }
    for (at, name) in names.iter().enumerate() {
        sheet.write_string(row, at as u16, *name).unwrap();
    }
    let dates = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let money = Format::new().set_num_format("#,##0.00");
    for line in 0..1 + dice.below(12) {
        row += 1;
        if dice.below(8) == 0 {
            row += 1;
            csv.push('\n');
        }
        let cents = dice.below(5_000_000) as i64;
        let fee = cents * 3 / 100;
        let text = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let (day, hour, minute) = (1 + dice.below(28), dice.below(24), dice.below(60));
        let paid = format!("2026-02-{day:02} {hour:02}:{minute:02}:07");
        let memo = ["", "réf \"q\", ok", "金额 ≥ 5", " - ", "=1+1"][dice.below(5)];
        let order = format!("A-{:04}", dice.below(10_000));
        let quoted = memo.replace('"', "\"\"");
        csv.push_str(&format!(
            "t{line},{order},{paid},{},-{},{},USD,\"{quoted}\"\n",
            text(cents),
            text(fee),
            text(cents - fee)
        ));
        let number = |cents: i64| text(cents).parse::<f64>().unwrap();
        let negative = format!("-{}", text(fee)).parse::<f64>().unwrap();
        let date = ExcelDateTime::parse_from_str(&paid.replace(' ', "T")).unwrap();
        sheet.write_string(row, 0, format!("t{line}")).unwrap();
        sheet.write_string(row, 1, order).unwrap();
        sheet.write_datetime_with_format(row, 2, &date, &dates).unwrap();
        sheet.write_number_with_format(row, 3, number(cents), &money).unwrap();
        sheet.write_number(row, 4, negative).unwrap();
        // Half of the net amounts are formulas with a stored result.
        if dice.below(2) == 0 {
            let formula = Formula::new("D2+E2").set_result(text(cents - fee));
            sheet.write_formula(row, 5, formula).unwrap();
        } else {
            sheet.write_number(row, 5, number(cents - fee)).unwrap();
        }
        sheet.write_string(row, 6, "USD").unwrap();
        sheet.write_string(row, 7, memo).unwrap();
    }
    (csv, book.save_to_buffer().unwrap())
}

/// Made-up tables: entries, matches, exceptions, totals and rows are the same.
#[test]
fn a_workbook_gives_what_its_csv_gives() {
    let mut dice = Dice(0x51ee7);
    for case in 0..cases(500) {
        let (csv, xlsx) = month(&mut dice);
        let settings = Settings { currency: Some("USD".to_owned()), ..Settings::default() };
        let part = of("lines.xlsx", &xlsx).remove(0);
        assert_eq!(part.problem, None, "{csv}");
        let of = |name: &str, bytes: Vec<u8>| {
            let document = reconcile(&settings, &[Source::new(name, Side::Settlement, bytes)]);
            let rows = json(&document)["sources"][0]["rows"].clone();
            (without_names(&document), rows, document)
        };
        let (ours, our_rows, document) = of(&part.name, part.bytes);
        let (theirs, their_rows, _) = of("lines.csv", csv.clone().into_bytes());
        assert_same(&ours, &theirs, &format!("case {case}:\n{csv}"));
        assert_eq!(our_rows, their_rows, "case {case}:\n{csv}");
        let row = json(&document)["entries"][0]["row"].as_str().unwrap().to_owned();
        assert!(row.starts_with("lines.xlsx#Sheet1:"), "{row}");
    }
}

#[test]
fn every_sheet_is_a_part_and_says_what_is_wrong_with_it() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Notes").unwrap();
    let sheet = book.add_worksheet().set_name("订单").unwrap();
    let zeros = Format::new().set_num_format("00000000");
    for (at, name) in ["id", "trade no", "amount", "total"].iter().enumerate() {
        sheet.write_string(0, at as u16, *name).unwrap();
    }
    sheet.write_number_with_format(1, 0, 1234.0, &zeros).unwrap();
    sheet.write_number(1, 1, 4_200_001_234_567_890_123.0).unwrap();
    sheet.write_number(1, 2, 0.1 + 0.2).unwrap();
    sheet.write_formula(1, 3, Formula::new("C2*2").set_result("0.6")).unwrap();
    sheet.merge_range(2, 0, 4, 0, "merged", &Format::new()).unwrap();
    book.add_worksheet().set_name("old").unwrap().set_hidden(true).write_string(0, 0, "x").unwrap();
    let bytes = book.save_to_buffer().unwrap();

    let parts = of("book.xlsx", &bytes);
    let names: Vec<_> = parts
        .iter()
        .map(|part| (part.name.as_str(), part.hidden, part.problem.as_ref().map(|p| p.code())))
        .collect();
    let expected = [
        ("book.xlsx#Notes", false, Some("ingest/no-table")),
        ("book.xlsx#订单", false, None),
        ("book.xlsx#old", true, None),
    ];
    assert_eq!(names, expected);
    let table = table(&parts[1]);
    assert_eq!(table.rows[0].cells[..3], ["00001234", "4200001234567890000", "0.3"]);
    let codes: Vec<_> = table.diagnostics.iter().map(|d| (d.code, d.row)).collect();
    for expected in [
        ("ingest/damaged-id", Some(2)),
        ("ingest/damaged-number", Some(2)),
        ("ingest/merged-cells", Some(3)),
    ] {
        assert!(codes.contains(&expected), "{expected:?} in {codes:?}");
    }
}

#[test]
fn a_formula_without_a_stored_result_is_said() {
    let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>amount</t></is></c></row>
        <row r="2"><c r="A2"><v>5</v></c><c r="B2"><f>A2*2</f></c></row>
        <row r="3"><c r="A3"><f>A2</f><v>5</v></c></row>"#;
    let found = of("a.xlsx", &support::bombs::workbook("", rows, &[]));
    let table = table(&found[0]);
    let codes: Vec<_> = table.diagnostics.iter().map(|d| (d.code, d.row)).collect();
    assert_eq!(codes, [("ingest/no-result", Some(2))]);
    assert_eq!(table.rows[1].cells, ["5"]);
}

#[test]
fn a_workbook_in_an_archive_is_read_and_states_its_own_hash() {
    let (_, xlsx) = month(&mut Dice(7));
    let archive = zip(&[Entry::deflated("bills/book.xlsx", &xlsx).locked(b"123456")]);
    let options = Options { password: Some("123456"), decoder: native_decoder };
    let parts = parts("bill.zip", &archive, options).unwrap();
    assert_eq!(parts[0].name, "bill.zip!bills/book.xlsx#Sheet1");
    let source = crossfoot::ingest::prepared::Source::of(&parts[0].bytes).unwrap();
    assert_eq!((source.sha256, source.bytes), (sha256(&xlsx), xlsx.len() as u64));
}

#[test]
fn a_web_page_called_xls_is_a_table() {
    let page = "<html><head><meta charset=gb2312><style>td{}</style></head><body>\
        <table><tr><th>订单号<th>金额<tr><td>A-1<td>&yen;10.00<tr><td>A-2<td>1,234.50</table></body></html>";
    let (gbk, _, _) = encoding_rs::GBK.encode(page);
    for bytes in [page.as_bytes(), &gbk] {
        let found = of("orders.xls", bytes);
        assert_eq!((found.len(), found[0].name.as_str()), (1, "orders.xls"));
        let table = table(&found[0]);
        assert_eq!(table.header.unwrap().cells, ["订单号", "金额"]);
        assert_eq!(table.rows[1].cells, ["A-2", "1,234.50"]);
        assert_eq!(table.rows[1].row, Some(3));
    }
    let login = b"<html><body><p>Please log in</p></body></html>";
    let options = Options { password: None, decoder: native_decoder };
    assert_eq!(parts("page.xls", login, options).unwrap_err().code(), "ingest/no-table");
}

#[test]
fn a_response_in_xml_is_a_table() {
    let xml = "<?xml version='1.0'?><response><payments><payment id='1'><amount currency='KES'>10.00</amount></payment>\
        <payment id='2'><amount currency='KES'>5.50</amount></payment></payments></response>";
    let parts = of("payments.xml", xml.as_bytes());
    let table = table(&parts[0]);
    assert_eq!(table.header.unwrap().cells, ["@id", "amount@currency", "amount"]);
    assert_eq!(table.rows[1].cells, ["2", "KES", "5.50"]);
}

/// Rows of a sheet of orders, with further XML in or behind them.
fn orders(rows: u32, within: impl Fn(u32) -> String, behind: &str) -> Vec<u8> {
    let text = |at: &str, text: &str| format!(r#"<c r="{at}" t="str"><v>{text}</v></c>"#);
    let row = |row: u32| {
        let [first, second, third] = match row {
            1 => ["order id", "amount", "currency"].map(str::to_owned),
            _ => [format!("A-{row}"), format!("{row}.50"), "USD".to_owned()],
        };
        let cells = [("A", first), ("B", second), ("C", third)];
        let cells: String =
            cells.iter().map(|(at, value)| text(&format!("{at}{row}"), value)).collect();
        format!(r#"<row r="{row}">{cells}{}</row>"#, within(row))
    };
    let rows: String = (1..=rows).map(row).collect();
    support::bombs::workbook("", &format!("{rows}{behind}"), &[])
}

/// What is odd about a workbook, its bytes, the cell that is named with its row, and how many rows
/// become entries or are rejected.
type Odd = (&'static str, Vec<u8>, Option<(&'static str, u32)>, [u64; 2]);

/// A forgotten cell far away takes nothing with it: it is named, the row that it stands in is
/// rejected with a reason, and every other row is read.
#[test]
fn a_stray_cell_costs_no_other_row() {
    let cell = |at: &str| format!(r#"<c r="{at}" t="str"><v>note</v></c>"#);
    let below = |at: &str| format!(r#"<row r="1048576">{}</row>"#, cell(at));
    let none = |_: u32| String::new();
    let beside = |row: u32| if row == 2_000 { cell("XFD2000") } else { String::new() };
    let cases: [Odd; 4] = [
        ("a range that is only stated", orders(2_000, none, ""), None, [1_999, 0]),
        (
            "a cell in the last corner",
            orders(2_000, none, &below("XFD1048576")),
            Some(("XFD1048576", 1_048_576)),
            [1_999, 1],
        ),
        (
            "a cell below the table",
            orders(2_000, none, &below("A1048576")),
            Some(("A1048576", 1_048_576)),
            [1_999, 1],
        ),
        (
            "a cell beside the table",
            orders(2_000, beside, ""),
            Some(("XFD2000", 2_000)),
            [1_998, 1],
        ),
    ];
    for (what, bytes, stray, [entries, rejected]) in cases {
        let part = of("orders.xlsx", &bytes).remove(0);
        assert_eq!(part.problem, None, "{what}");
        let named: Vec<_> = table(&part)
            .diagnostics
            .into_iter()
            .filter(|d| d.code == "ingest/stray-cell")
            .map(|d| (d.message.split(' ').next().unwrap().to_owned(), d.row.unwrap()))
            .collect();
        let expected: Vec<_> = stray.iter().map(|(cell, row)| ((*cell).to_owned(), *row)).collect();
        assert_eq!(named, expected, "{what}");
        let document =
            reconcile(&Settings::default(), &[Source::new(&part.name, Side::Orders, part.bytes)]);
        let rows = json(&document)["sources"][0]["rows"].clone();
        let is = ["entries", "rejected"].map(|key| rows[key].as_u64().unwrap());
        assert_eq!(is, [entries, rejected], "{what}: {rows}");
    }
    // In the first row it would make every row 16,384 cells wide; then it is named, and nothing read.
    let first = |row: u32| if row == 1 { cell("XFD1") } else { String::new() };
    let problem = of("orders.xlsx", &orders(2_000, first, "")).remove(0).problem.unwrap();
    assert_eq!(problem.code(), "limit/cells");
    assert!(problem.to_string().contains("XFD1"), "{problem}");
}
