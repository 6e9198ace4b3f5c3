use super::*;
use crate::ingest::record::Rows;

fn table(text: &str) -> Rows {
    let mut rows = Rows::default();
    let _ = read(text, &mut rows).unwrap();
    rows
}

fn column(rows: &Rows, column: Column) -> Vec<&str> {
    rows.rows.iter().map(|row| row.cells[column as usize].as_str()).collect()
}

const HEAD: &str = "<?xml version=\"1.0\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\n<BkToCstmrStmt>\n<Stmt>\n<Id>S1</Id>\n<Acct><Id><IBAN>DE00</IBAN></Id><Ccy>EUR</Ccy></Acct>\n";
const FOOT: &str = "</Stmt>\n</BkToCstmrStmt>\n</Document>\n";

fn balance(code: &str, amount: &str, indicator: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{indicator}</CdtDbtInd><Dt><Dt>2026-03-01</Dt></Dt></Bal>\n"
    )
}

fn booking(amount: &str, indicator: &str, status: &str, details: &str) -> String {
    format!(
        "<Ntry>\n<Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{indicator}</CdtDbtInd>{status}<BookgDt><Dt>2026-03-02+01:00</Dt></BookgDt><ValDt><Dt>2026-03-03</Dt></ValDt><AcctSvcrRef>B1</AcctSvcrRef>\n<NtryDtls>{details}</NtryDtls>\n</Ntry>\n"
    )
}

fn payment(amount: &str, id: &str) -> String {
    format!(
        "<TxDtls>\n<Refs><EndToEndId>{id}</EndToEndId></Refs><Amt Ccy=\"EUR\">{amount}</Amt><RltdPties><Dbtr><Pty><Nm>A &amp; B</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>order</Ustrd><Ustrd>7</Ustrd></RmtInf></TxDtls>\n"
    )
}

#[test]
fn balances_bookings_and_what_they_say() {
    let text = [
        HEAD,
        &balance("CLBD", "15.00", "CRDT"),
        &balance("OPBD", "5.00", "DBIT"),
        "<TxsSummry><TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>20.00</Sum></TtlCdtNtries></TxsSummry>\n",
        &booking("20.00", "CRDT", "<Sts><Cd>BOOK</Cd></Sts>", &payment("20.00", "E1")),
        &booking("1.00", "DBIT", "<Sts>PDNG</Sts><RvslInd>true</RvslInd>", ""),
        &booking("1.00", "DBIT", "<Sts>INFO</Sts>", ""),
        FOOT,
    ]
    .concat();
    let rows = table(&text);
    assert_eq!(
        column(&rows, Column::Record),
        ["statement", "balance", "balance", "summary", "movement", "movement", "information"]
    );
    assert_eq!(
        column(&rows, Column::Figures)[1..4],
        [
            "closing=15.00 on 2026-03-01",
            "opening=-5.00 on 2026-03-01",
            "credits=20.00; check of number of credit bookings=1 found 1"
        ]
    );
    assert_eq!(column(&rows, Column::Amount)[4..6], ["20.00", "-1.00"]);
    assert_eq!(column(&rows, Column::Status)[4..6], ["booked", "pending"]);
    assert_eq!(column(&rows, Column::Kind)[4..6], ["movement", "reversal"]);
    assert_eq!(column(&rows, Column::EndToEndId)[4], "E1");
    assert_eq!(column(&rows, Column::BookedOn)[4], "2026-03-02");
    assert_eq!(column(&rows, Column::ValueDate)[4], "2026-03-03");
    assert_eq!(column(&rows, Column::Memo)[4], "A & B · order 7");
    assert_eq!(column(&rows, Column::Account)[4], "DE00");
    assert_eq!(rows.rows[4].row, 10);
}

#[test]
fn a_booking_is_split_only_where_its_payments_sum_up() {
    for (amount, payments, records) in [
        (
            "3.00",
            [payment("1.00", "A"), payment("2.00", "B")].concat(),
            vec!["batch", "movement", "movement"],
        ),
        ("4.00", [payment("1.00", "A"), payment("2.00", "B")].concat(), vec!["movement"]),
        ("1.00", payment("1.00", "A"), vec!["movement"]),
        ("3.00", [payment("1.00", "A"), payment("x", "B")].concat(), vec!["movement"]),
    ] {
        let text = [HEAD, &booking(amount, "CRDT", "", &payments), FOOT].concat();
        let rows = table(&text);
        assert_eq!(column(&rows, Column::Record)[1..], records, "{amount}");
    }
}

#[test]
fn interim_balances_open_and_close_pages() {
    for (codes, expected) in [
        (["OPBD", "ITBD"], ["opening", "closing"]),
        (["ITBD", "CLBD"], ["opening", "closing"]),
        (["ITBD", "ITBD"], ["opening", "closing"]),
        (["PRCD", "CLBD"], ["opening", "closing"]),
        (["CLBD", "XPCD"], ["closing", ""]),
    ] {
        let balances: String = codes.iter().map(|code| balance(code, "1.00", "CRDT")).collect();
        let rows = table(&[HEAD, &balances, FOOT].concat());
        let found: Vec<&str> = column(&rows, Column::Figures)[1..]
            .iter()
            .map(|figure| figure.split('=').next().unwrap())
            .collect();
        assert_eq!(found, expected, "{codes:?}");
    }
}

#[test]
fn one_line_is_read_as_many() {
    let text =
        [HEAD, &booking("1.00", "CRDT", "", ""), &booking("2.00", "CRDT", "", ""), FOOT].concat();
    let rows = table(&text.replace('\n', ""));
    assert_eq!(rows.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn damage_is_an_error_with_its_line() {
    for (text, code) in [
        (format!("{HEAD}<Ntry>"), "ingest/bad-xml"),
        (format!("{HEAD}</Wrong>"), "ingest/bad-xml"),
        ("<a>".repeat(100), "limit/nesting"),
        (HEAD.replace("<Id>S1</Id>", "<Id"), "ingest/bad-xml"),
    ] {
        let error = read(&text, &mut Rows::default()).unwrap_err();
        assert_eq!(error.code(), code, "{text}");
        assert!(error.place().unwrap().line.is_some());
    }
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Document><Stmt><Id>&b;</Id></Stmt></Document>";
    assert_eq!(column(&table(bomb), Column::Record), ["statement"]);
}
