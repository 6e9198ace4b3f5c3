use super::*;
use crate::ingest::record::Rows;

fn column(text: &str, column: Column) -> Vec<String> {
    let mut rows = Rows::default();
    let _ = read(text, &mut rows);
    rows.rows.iter().map(|row| row.cells[column as usize].clone()).collect()
}

const FILE: &str = "01,BANK,ME,260301,0700,1,80,,2/
02,ME,BANK,1,260228,,EUR,/
03,111,,010,10000,,,015,12000,,/
88,100,2500,1,V,260301,,400,500,1,/
16,142,2500,V,260301,,B1,PO-7,ACH credit, with a comma/
88,EREF: E7
88,DBNM: Pay Co
16,698,500,Z,,,Fees/
49,28000,7/
98,28000,1,9/
99,28001,1,11/
";

#[test]
fn totals_counts_and_movements() {
    assert_eq!(
        column(FILE, Column::Figures)[2..],
        [
            "opening=10000 on 2026-02-28; closing=12000 on 2026-02-28; credits=2500 x1; debits=500 x1",
            "",
            "",
            "check of account 111 control total=28000 found 28000; check of account 111 records=7 found 7",
            "check of group control total=28000 found 28000; check of group accounts=1 found 1; check of group records=9 found 9",
            "check of file control total=28001 found 28000; check of file groups=1 found 1; check of file records=11 found 11",
        ]
    );
    assert_eq!(column(FILE, Column::Amount)[3..5], ["2500", "-500"]);
    assert_eq!(column(FILE, Column::Kind)[3..5], ["movement", "fee"]);
    assert_eq!(column(FILE, Column::ValueDate)[3..5], ["2026-03-01", ""]);
    assert_eq!(column(FILE, Column::BookedOn)[3..5], ["2026-02-28", "2026-02-28"]);
    assert_eq!(column(FILE, Column::EndToEndId)[3], "E7");
    assert_eq!(column(FILE, Column::BankReference)[3], "B1");
    assert_eq!(column(FILE, Column::CustomerReference)[3], "PO-7");
    assert_eq!(column(FILE, Column::Memo)[3], "Pay Co · ACH credit, with a comma");
    assert_eq!(column(FILE, Column::Currency)[3], "EUR");
}

#[test]
fn codes_say_the_direction() {
    for (code, credit) in [
        ("100", Some(true)),
        ("399", Some(true)),
        ("400", Some(false)),
        ("699", Some(false)),
        ("920", Some(true)),
        ("960", Some(false)),
        ("720", None),
        ("890", None),
        ("x", None),
    ] {
        assert_eq!(is_credit(code), credit, "{code}");
    }
}

#[test]
fn damage_is_no_panic() {
    for text in
        ["16", "16,", "88,x", "49,x,y/", "03,é,€,010,é,,D,999999999/", "99", "02", "16,142,5,D,3,1"]
    {
        column(text, Column::Record);
    }
    // A movement whose amount is none keeps it, so that the row is rejected with its reason.
    assert_eq!(column("16,142,5x,Z,,,t/", Column::Amount), ["5x"]);
}
