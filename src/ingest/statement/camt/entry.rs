//! Decides which rows a booking becomes, and what they say.

use rust_decimal::Decimal;

use super::element::Element;
use super::{day, number, signed};
use crate::ingest::statement::sheet::{Column, MOVEMENT, Row};

/// End-to-end ids that mean "none".
const NOT_PROVIDED: [&str; 3] = ["NOTPROVIDED", "NOT PROVIDED", "NONREF"];

/// The rows of a booking: itself, or its payments behind a row of structure.
pub(super) fn rows<'t>(
    booking: &Element,
    new: impl Fn(&'static str, usize, usize) -> Row<'t>,
) -> Vec<Row<'t>> {
    let indicator = booking.get("CdtDbtInd");
    let is_informative = state(booking) == "INFO";
    if is_split(booking) && !is_informative {
        let mut rows = vec![new("batch", booking.from, booking.from.saturating_add(1))];
        for payment in &booking.details {
            let mut row = new(MOVEMENT, payment.from, payment.to);
            let own = payment.get("CdtDbtInd").or(indicator);
            row.set(Column::Amount, signed(amount(payment), own));
            describe(&mut row, booking, Some(payment), own);
            rows.push(row);
        }
        return rows;
    }
    let record = if is_informative { "information" } else { MOVEMENT };
    let mut row = new(record, booking.from, booking.to);
    row.set(Column::Amount, signed(booking.get("Amt"), indicator));
    let only = match booking.details.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    describe(&mut row, booking, only, indicator);
    vec![row]
}

/// Whether all payments of a booking state amounts in its currency that sum up to it.
fn is_split(booking: &Element) -> bool {
    if booking.details.len() < 2 {
        return false;
    }
    let currency = booking.get("Amt@Ccy");
    let total = || {
        let mut sum = Decimal::ZERO;
        for payment in &booking.details {
            let own = payment.first(&["Amt@Ccy", "AmtDtls/TxAmt/Amt@Ccy"]);
            if own.is_some() && own != currency {
                return None;
            }
            let same =
                payment.get("CdtDbtInd").is_none_or(|own| Some(own) == booking.get("CdtDbtInd"));
            let amount = number(amount(payment)?)?;
            let amount = if same { amount } else { -amount };
            sum = sum.checked_add(amount)?;
        }
        Some(sum)
    };
    total().is_some_and(|total| booking.get("Amt").and_then(number) == Some(total))
}

/// The amount of one payment in the currency of the account.
fn amount(payment: &Element) -> Option<&str> {
    payment.first(&["Amt", "AmtDtls/TxAmt/Amt"])
}

/// The state of a booking; without one it is booked.
pub(super) fn state(booking: &Element) -> &str {
    booking.first(&["Sts", "Sts/Cd", "Sts/Prtry"]).unwrap_or("BOOK")
}

fn describe(
    row: &mut Row<'_>,
    booking: &Element,
    payment: Option<&Element>,
    indicator: Option<&str>,
) {
    if let Some(currency) = booking.get("Amt@Ccy") {
        row.set(Column::Currency, currency.to_owned());
    }
    let booked = booking.first(&["BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"]);
    row.set(Column::BookedOn, moment(booked.unwrap_or_default()));
    let value = booking.first(&["ValDt/Dt", "ValDt/DtTm"]).unwrap_or_default();
    row.set(Column::ValueDate, day(value));
    row.set(Column::Status, if state(booking) == "PDNG" { "pending" } else { "booked" });
    let code = code(payment).or_else(|| code(Some(booking))).unwrap_or_default();
    let is_reversal = booking.get("RvslInd") == Some("true")
        || payment
            .is_some_and(|payment| payment.first(&["RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"]).is_some());
    let is_fee =
        ["CHRG", "COMM", "FEES"].iter().any(|fee| code.split('-').any(|part| part == *fee));
    let is_interest = code.split('-').any(|part| part == "INTR");
    row.set(
        Column::Kind,
        match (is_reversal, is_fee, is_interest) {
            (true, ..) => "reversal",
            (_, true, _) => "fee",
            (.., true) => "interest",
            _ => "movement",
        },
    );
    row.set(Column::Code, code);
    set(row, Column::Batch, booking.first(&["NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId"]));
    set(row, Column::BankReference, booking.first(&["AcctSvcrRef", "NtryRef"]));
    let mut memo: Vec<&str> = Vec::new();
    if let Some(payment) = payment {
        refer(row, payment);
        party(row, payment, indicator);
        memo.extend(payment.all("RmtInf/Ustrd"));
        memo.extend(payment.all("RmtInf/Strd/CdtrRefInf/Ref"));
        if memo.is_empty() {
            memo.extend(payment.get("AddtlTxInf"));
        }
    }
    if memo.is_empty() {
        memo.extend(booking.get("AddtlNtryInf"));
    }
    let words = memo.iter().flat_map(|text| text.split_whitespace());
    row.set(Column::Memo, words.collect::<Vec<_>>().join(" "));
}

/// References, and the conversion where there was one.
fn refer(row: &mut Row<'_>, payment: &Element) {
    let end_to_end = payment.get("Refs/EndToEndId").filter(|id| !NOT_PROVIDED.contains(id));
    set(row, Column::EndToEndId, end_to_end);
    set(row, Column::CustomerReference, payment.first(&["Refs/InstrId", "Refs/ChqNb"]));
    set(row, Column::Mandate, payment.get("Refs/MndtId"));
    if let Some(reference) = payment.first(&["Refs/AcctSvcrRef", "Refs/TxId"]) {
        row.set(Column::BankReference, reference.to_owned());
    }
    if row.get(Column::Batch).is_empty() {
        set(row, Column::Batch, payment.get("Refs/PmtInfId"));
    }
    let original = payment.get("AmtDtls/InstdAmt/Amt@Ccy");
    if original.is_some() && original != Some(row.get(Column::Currency)) {
        set(row, Column::OriginalCurrency, original);
        set(row, Column::OriginalAmount, payment.get("AmtDtls/InstdAmt/Amt"));
    }
}

/// The other side: the debtor of what came in, the creditor of what went out.
fn party(row: &mut Row<'_>, payment: &Element, indicator: Option<&str>) {
    let order = if indicator == Some("DBIT") { ["Cdtr", "Dbtr"] } else { ["Dbtr", "Cdtr"] };
    for who in order {
        let of = |rest: &str| format!("RltdPties/{who}{rest}");
        let name = payment.get(&of("/Nm")).or_else(|| payment.get(&of("/Pty/Nm")));
        let account =
            payment.get(&of("Acct/Id/IBAN")).or_else(|| payment.get(&of("Acct/Id/Othr/Id")));
        if name.is_some() || account.is_some() {
            set(row, Column::Counterparty, name);
            set(row, Column::CounterpartyAccount, account);
            return;
        }
    }
}

/// `PMNT-RCDT-ESCT`, or the bank's own code.
fn code(element: Option<&Element>) -> Option<String> {
    let element = element?;
    let domain = ["BkTxCd/Domn/Cd", "BkTxCd/Domn/Fmly/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd"];
    let parts: Vec<&str> = domain.iter().filter_map(|path| element.get(path)).collect();
    if !parts.is_empty() {
        return Some(parts.join("-"));
    }
    element.get("BkTxCd/Prtry/Cd").map(str::to_owned)
}

/// A time with its offset, or a day: XML allows an offset behind a day, which says nothing here.
fn moment(text: &str) -> String {
    if text.contains('T') { text.to_owned() } else { day(text) }
}

fn set(row: &mut Row<'_>, column: Column, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        row.set(column, text.to_owned());
    }
}
