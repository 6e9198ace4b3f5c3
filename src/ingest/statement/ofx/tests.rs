use super::*;
use crate::ingest::record::Rows;

fn column(text: &str, column: Column) -> Vec<String> {
    let mut rows = Rows::default();
    let _ = read(text, &mut rows);
    rows.rows.iter().map(|row| row.cells[column as usize].clone()).collect()
}

const SGML: &str = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX>
<BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>1<ACCTID>900<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260302120000[-5:EST]<TRNAMT>12,50<FITID>F1<NAME>A &amp; B<MEMO>PO 7
</STMTTRN>
<STMTTRN><TRNTYPE>FEE<DTPOSTED>20260303<TRNAMT>-1.00<FITID>F2<MEMO>Fee
<STMTTRN><TRNTYPE>XFER<DTPOSTED>20260304000000<TRNAMT>-2.00<FITID>F3<BANKACCTTO><ACCTID>77</BANKACCTTO><MEMO>out
</BANKTRANLIST>
<LEDGERBAL><BALAMT>109.50<DTASOF>20260331</LEDGERBAL>
<AVAILBAL><BALAMT>100.00<DTASOF>20260331</AVAILBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>";

#[test]
fn unclosed_elements_are_told_apart() {
    assert_eq!(
        column(SGML, Column::Record),
        ["statement", "movement", "movement", "movement", "closing", "available"]
    );
    assert_eq!(column(SGML, Column::Amount)[1..4], ["12.50", "-1.00", "-2.00"]);
    assert_eq!(
        column(SGML, Column::BookedOn)[1..4],
        ["2026-03-02T12:00:00-05:00", "2026-03-03", "2026-03-04"]
    );
    assert_eq!(column(SGML, Column::Kind)[1..4], ["movement", "fee", "movement"]);
    assert_eq!(column(SGML, Column::BankReference)[1..4], ["F1", "F2", "F3"]);
    assert_eq!(column(SGML, Column::Memo)[1..4], ["A & B · PO 7", "Fee", "out"]);
    assert_eq!(column(SGML, Column::CounterpartyAccount)[3], "77");
    assert_eq!(column(SGML, Column::Account)[1], "900");
    assert_eq!(
        column(SGML, Column::Figures)[4..],
        ["closing=109.50 on 2026-03-31", "available=100.00 on 2026-03-31"]
    );
}

#[test]
fn version_2_is_the_same_in_xml() {
    let xml = "<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\"?><OFX><CCSTMTRS><CURDEF>EUR</CURDEF><CCACCTFROM><ACCTID>5</ACCTID></CCACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>POS</TRNTYPE><DTPOSTED>20260301</DTPOSTED><TRNAMT>-80</TRNAMT><FITID>1</FITID><NAME>Shop</NAME><ORIGCURRENCY><CURRATE>1.1</CURRATE><CURSYM>USD</CURSYM></ORIGCURRENCY></STMTTRN></BANKTRANLIST></CCSTMTRS></OFX>";
    assert_eq!(column(xml, Column::Record), ["statement", "movement"]);
    assert_eq!(column(xml, Column::OriginalCurrency)[1], "USD");
    assert_eq!(column(xml, Column::Counterparty)[1], "Shop");
}

#[test]
fn dates_with_and_without_an_offset() {
    for (text, expected) in [
        ("20260301", "2026-03-01"),
        ("20260301235959", "2026-03-01"),
        ("20260301235959.123[-8:PST]", "2026-03-01T23:59:59-08:00"),
        ("202603012359[+5.5:IST]", "2026-03-01T23:59:00+05:30"),
        ("20260301000000[0:GMT]", "2026-03-01T00:00:00+00:00"),
        ("20260301000000[x]", "2026-03-01"),
        ("2026", "2026"),
        ("", ""),
    ] {
        assert_eq!(date(text), expected, "{text}");
    }
}

#[test]
fn damage_is_no_panic() {
    for text in
        ["<STMTTRN>", "<OFX><STMTTRN><TRNAMT>é", "</STMTTRN>", "<LEDGERBAL><STMTTRN><LEDGERBAL>"]
    {
        column(text, Column::Record);
    }
}
