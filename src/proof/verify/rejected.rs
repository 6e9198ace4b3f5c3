//! Checks the rows of a source that became no entries: each has the code of its reason, and all are
//! counted.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::Side;
use crate::limits;
use crate::money::AmountError;
use crate::time::DateError;

use super::Verifier;
use super::counts;
use super::cursor::{Cursor, Read};
use super::sources::Source;
use super::verdict::CheckName;

/// The code of a reason: what it says behind the last cell that it quotes.
fn code_of(reason: &str) -> Code {
    if reason.starts_with("signature: ") {
        return Code::SignatureInvalid;
    }
    let said = reason.rsplit('”').next().unwrap_or(reason).trim_start();
    if DateError::is_said_in(said) {
        Code::BadDate
    } else if AmountError::says_too_fine(said) {
        Code::PrecisionError
    } else {
        Code::Unparseable
    }
}

impl Verifier<'_> {
    /// The rejected rows of a source and the number of each code, those included that are not
    /// listed.
    pub(super) fn rejected(&mut self, c: &mut Cursor<'_>, source: &mut Source) -> Read<()> {
        let place = || source.file.clone();
        let mut listed: BTreeMap<String, u64> = BTreeMap::new();
        c.list_of("rejected", |c| {
            c.literal("{")?;
            let row = c.text("row")?.value;
            let code = c.word("code", Code::from_name)?;
            let reason = c.text("reason")?.value;
            c.text("raw")?;
            let shown = (code.name(), code_of(&reason).name());
            let place = || row.to_string();
            self.findings.equal(CheckName::Sources, "the code of a rejected row", place, shown);
            if code == Code::SignatureInvalid && source.side != Side::Webhook {
                let what = "only events that were pushed have a signature";
                self.findings.differs(CheckName::Sources, what, place, (code.name(), ""));
            }
            let count = listed.entry(code.name().to_owned()).or_default();
            *count = count.saturating_add(1);
            c.literal("}")
        })?;
        let all = if c.has("rejected_by_code") { counts::by_code(c)? } else { BTreeMap::new() };
        let sum = |counts: &BTreeMap<String, u64>| {
            counts.values().fold(0_u64, |sum, count| sum.saturating_add(*count))
        };
        let kept = source.rejected.min(u64::try_from(limits::REJECTED_KEPT).unwrap_or(u64::MAX));
        let what = "rejected rows listed";
        self.findings.equal(CheckName::Sources, what, place, (sum(&listed), kept));
        let what = "rejected rows by code";
        self.findings.equal(CheckName::Sources, what, place, (sum(&all), source.rejected));
        for (code, listed) in &listed {
            let stated = all.get(code).copied().unwrap_or(0);
            if stated < *listed {
                let what = "more rejected rows of a code are listed than there are";
                self.findings.differs(CheckName::Sources, what, place, (stated, *listed));
            }
        }
        for (code, count) in all {
            source.count(&code, count);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, NumberFormat};

    #[test]
    fn a_reason_says_which_code_it_is() {
        let usd = Currency::from_code("USD").expect("active");
        let dates = [
            DateError::NotADate,
            DateError::NoSuchDay { year: 2026, month: 2, day: 30 },
            DateError::NoSuchTime,
            DateError::UnknownZone,
            DateError::OutOfRange,
        ];
        let mut cases: Vec<(String, Code)> = Vec::new();
        for error in dates {
            cases.push((error.explain("30/02/2026").message().to_owned(), Code::BadDate));
        }
        let amounts = [
            (AmountError::NotANumber, Code::Unparseable),
            (AmountError::Scientific, Code::Unparseable),
            (AmountError::TooFine { decimals: 3, allowed: 2 }, Code::PrecisionError),
            (AmountError::Marks(NumberFormat::default()), Code::Unparseable),
            (AmountError::Signs, Code::Unparseable),
            (AmountError::OtherCurrency(usd), Code::Unparseable),
            (AmountError::OutOfRange, Code::Unparseable),
        ];
        for (error, code) in amounts {
            // The cell may say anything.
            let cell = "” is not a date, 3 decimals, but this column can have “";
            cases.push((error.explain(cell).message().to_owned(), code));
        }
        cases.push(("the row has 2 cells, but the header has 3".to_owned(), Code::Unparseable));
        cases.push(("it is not that of this body".to_owned(), Code::Unparseable));
        cases.push(("opening: “2026-02-30” is no date: export again".to_owned(), Code::BadDate));
        for (message, code) in cases {
            let reason = format!("column Date of “sale”: {message}; correct the cell");
            assert_eq!(code_of(&reason), code, "{reason}");
        }
        assert_eq!(code_of("signature: it is not that of this body"), Code::SignatureInvalid);
    }
}
