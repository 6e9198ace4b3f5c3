use super::*;
use crate::ingest::record::Rows;

fn table(text: &str) -> Rows {
    let mut rows = Rows::default();
    let _ = read(text, &mut rows);
    rows
}

fn column(rows: &Rows, column: Column) -> Vec<&str> {
    rows.rows.iter().map(|row| row.cells[column as usize].as_str()).collect()
}

const PLAIN: &str = "\u{1}\r
:20:ST1\r
:25:NL01BANK/EUR\r
:28C:7/1\r
:60F:C260301EUR100,00\r
:61:2603010301C5,50NTRFPO-1//B1\r
supplement\r
:86:/EREF/E1//REMI/USTD//hello/\r
:61:2603020302D0,50NCHGNONREF\r
:62F:C260302EUR105,\r
:86:/SUM/1/1/0,50/5,50/\r
-\u{3}\r
";

#[test]
fn a_message_becomes_rows_with_their_lines() {
    let rows = table(PLAIN);
    assert_eq!(rows.columns.len(), 23);
    let lines: Vec<u32> = rows.rows.iter().map(|row| row.row).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 9, 10, 11, 12]);
    assert_eq!(
        column(&rows, Column::Record),
        [
            "message",
            "account",
            "number",
            "opening",
            "movement",
            "movement",
            "closing",
            "information",
            "message end"
        ]
    );
    assert_eq!(
        column(&rows, Column::Figures),
        [
            "",
            "",
            "",
            "opening=100.00 on 2026-03-01",
            "",
            "",
            "closing=105 on 2026-03-02",
            "debits=0.50 x1; credits=5.50 x1",
            "",
        ]
    );
    assert_eq!(&column(&rows, Column::Amount)[4..6], ["5.50", "-0.50"]);
    assert_eq!(&column(&rows, Column::EndToEndId)[4..6], ["E1", ""]);
    assert_eq!(&column(&rows, Column::Memo)[4..6], ["supplement hello", ""]);
    assert_eq!(
        rows.rows[4].raw,
        ":61:2603010301C5,50NTRFPO-1//B1\r\nsupplement\r\n:86:/EREF/E1//REMI/USTD//hello/"
    );
    assert_eq!(column(&rows, Column::Currency)[4], "EUR");
}

#[test]
fn messages_without_an_end_and_texts_with_a_dash() {
    let two = ":20:A\n:25:1\n:60F:C260301EUR1,00\n:61:260301C1,00NTRFX\n:86:text\n-\nmore\n:61:260301C2,00NTRFX\n:62F:C260301EUR4,00\n\n:20:B\n:25:2\n:28:0\n";
    let rows = table(two);
    assert_eq!(column(&rows, Column::Memo)[3], "text - more");
    assert_eq!(column(&rows, Column::Part), ["1", "1", "1", "1", "1", "1", "2", "2", "2"]);
    // Without an account of its own, the next message does not inherit one.
    assert_eq!(column(&rows, Column::Account)[6], "");
}

#[test]
fn an_interim_report_states_sums() {
    let rows = table(
        ":20:A\n:25:1\n:28C:1\n:34F:PLND0,\n:13D:2603011200+0100\n:61:260301CN0,01NTRFX\n:90D:0PLN0,00\n:90C:1PLN0,01\n-}{5:}\n",
    );
    assert_eq!(column(&rows, Column::Currency)[5], "PLN");
    assert_eq!(&column(&rows, Column::Figures)[6..8], ["debits=0.00 x0", "credits=0.01 x1"]);
    assert_eq!(column(&rows, Column::Record)[8], "message end");
}

#[test]
fn damage_costs_one_row() {
    for text in [
        "",
        ":61:",
        ":60F:",
        ":90C:é",
        ":86:",
        ":61:é",
        ":60F:C2603",
        ":20:\n:61:2603010301",
        "-",
        ":20:A\n:60F:Cééééé",
    ] {
        let rows = table(text);
        assert!(rows.rows.len() <= 2, "{text}");
    }
    let rows = table(":20:A\n:60F:X260301EUR1,00\n");
    assert_eq!(column(&rows, Column::Figures)[1], "opening=X260301EUR1,00");
}
