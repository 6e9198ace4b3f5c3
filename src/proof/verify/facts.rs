//! Holds a fact against the rows that it names: a code cannot be changed without its rows.

use rust_decimal::Decimal;

use crate::codes::Code;
use crate::entry::{Disposition, Kind, Side};
use crate::money::{Amount, Currency};
use crate::time::Date;

use super::cursor::{Cursor, Read};
use super::ledger::{Figure, Index, Ledger, Record};
use super::sums::Sum;
use super::values;

/// One thing that the document says of some rows.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) code: Code,
    pub(super) rows: Vec<Index>,
    pub(super) expected: String,
    pub(super) actual: String,
    pub(super) money: Option<(Amount, Currency)>,
}

/// What a fact says that its rows do not.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) what: &'static str,
    pub(super) stated: String,
    pub(super) computed: String,
}

type Holds = Result<(), Wrong>;

fn equal<T: PartialEq>(
    what: &'static str,
    (stated, computed): (T, T),
    show: impl Fn(T) -> String,
) -> Holds {
    if stated == computed {
        return Ok(());
    }
    Err(Wrong { what, stated: show(stated), computed: show(computed) })
}

fn must(what: &'static str, holds: bool) -> Holds {
    if holds {
        return Ok(());
    }
    Err(Wrong { what, stated: String::new(), computed: String::new() })
}

/// Reads the figures of a fact: everything after its code and rows.
pub(super) fn figures(c: &mut Cursor<'_>, fact: &mut Fact) -> Read<()> {
    fact.expected = c.optional("expected")?.into_owned();
    fact.actual = c.optional("actual")?.into_owned();
    fact.money = money(c)?;
    Ok(())
}

/// An amount and its currency, if they are stated.
pub(super) fn money(c: &mut Cursor<'_>) -> Read<Option<(Amount, Currency)>> {
    let amount = c.optional("amount")?;
    if !c.has("currency") {
        let what = "an amount needs its currency";
        return if amount.is_empty() { Ok(None) } else { Err(c.wrong(what, &amount)) };
    }
    let code = c.string()?.value;
    let currency = Currency::from_code(&code);
    let currency = currency.ok_or_else(|| c.wrong("unknown currency", &code))?;
    if amount.is_empty() {
        return Ok(None);
    }
    let what = "not an amount with the digits of its currency";
    let amount = values::amount(&amount, currency).ok_or_else(|| c.wrong(what, &amount))?;
    Ok(Some((amount, currency)))
}

/// Whether the rows of a fact say what it says.
pub(super) fn check(ledger: &Ledger, fact: &Fact) -> Holds {
    must("a fact names its rows", !fact.rows.is_empty())?;
    match fact.code {
        Code::AmountOver
        | Code::AmountUnder
        | Code::WithinTolerance
        | Code::PartialSettlement
        | Code::Rounding
        | Code::UnitMismatch
        | Code::SignMismatch => gross(ledger, fact),
        Code::FeeOvercharge
        | Code::FeeUndercharge
        | Code::FeeMissing
        | Code::FeeNotRefunded
        | Code::TierMisapplied => fee(ledger, fact),
        Code::FeeUnknownType => unknown_fee(ledger, fact),
        Code::LineIdentityBroken => line_identity(ledger, fact),
        Code::FxRateVariance => rate(ledger, fact),
        Code::FxRateInverted | Code::FxRatePerHundred => misquote(ledger, fact),
        Code::FxCurrencySwapped => swapped(ledger, fact),
        Code::LateSettlement | Code::EarlySettlement => settled(ledger, fact),
        Code::CutoffShift => cutoff(ledger, fact),
        Code::StatusMismatch => status(ledger, fact),
        Code::CurrencyMismatch => currencies(ledger, fact),
        Code::MissingInSettlement
        | Code::MissingInOrders
        | Code::DuplicateInSettlement
        | Code::DuplicateInOrders
        | Code::RefundUnmatched
        | Code::ReversalUnmatched
        | Code::SettledAfterReversal
        | Code::Chargeback => alone(ledger, fact),
        Code::DoubleClaim => claimed_again(ledger, fact),
        Code::FileGap => in_a_gap(ledger, fact),
        Code::PreauthNotCaptured => reserved(ledger, fact),
        Code::ScientificNotationId | Code::MissingKey => unusable_key(ledger, fact),
        Code::PayoutTotalMismatch => paid_out(ledger, fact),
        Code::SplitMismatch | Code::SplitIncomplete => shared_out(ledger, fact),
        Code::RefundOverOriginal => given_back(ledger, fact),
        Code::FxRateMissing => unconverted(ledger, fact),
        Code::AmbiguousPair
        | Code::AmbiguousSubset
        | Code::LowEvidence
        | Code::ReferenceMismatch
        | Code::SearchBudgetReached => question(ledger, fact),
        _ => must("no check of this version states this code", false),
    }
}

/// The one row of a fact.
fn only<'a>(ledger: &'a Ledger, fact: &Fact) -> Result<(Index, &'a Record), Wrong> {
    let found = match fact.rows.as_slice() {
        [one] => ledger.get(*one).map(|record| (*one, record)),
        _ => None,
    };
    let what = "a fact of this code names one row";
    found.ok_or_else(|| Wrong { what, stated: fact.rows.len().to_string(), computed: "1".into() })
}

/// Expected and actual as amounts, whose difference is the fact's amount.
fn compared(fact: &Fact) -> Result<(Amount, Amount, Currency), Wrong> {
    let read = || {
        let (amount, currency) = fact.money?;
        let expected = values::amount(&fact.expected, currency)?;
        let actual = values::amount(&fact.actual, currency)?;
        Some((expected, actual, amount, currency))
    };
    let what = "a fact of this code has amounts, expected and actual";
    let (expected, actual, amount, currency) =
        read().ok_or_else(|| Wrong { what, stated: String::new(), computed: String::new() })?;
    let difference = Sum::of(actual).minus(Sum::of(expected));
    equal("the amount is actual − expected", (Sum::of(amount), difference), |sum| {
        sum.show(currency)
    })?;
    Ok((expected, actual, currency))
}

/// Gross amounts of both sides, in the currency of the order.
fn gross(ledger: &Ledger, fact: &Fact) -> Holds {
    let (expected, actual, currency) = compared(fact)?;
    let fits = match fact.code {
        Code::AmountOver => actual > expected,
        Code::AmountUnder | Code::PartialSettlement => actual < expected,
        Code::UnitMismatch => {
            actual.is_scaled_by(expected, 100) || expected.is_scaled_by(actual, 100)
        }
        Code::SignMismatch => expected.checked_neg() == Some(actual),
        _ => actual != expected,
    };
    must("the code says otherwise than its amounts", fits)?;
    if let [row] = fact.rows.as_slice()
        && let Some(event) = ledger.get(*row).filter(|record| record.side == Side::Webhook)
    {
        // What the lines come to is held against the candidates.
        let own = ledger.figure(*row, Figure::Amount);
        must("the event is in another currency than the fact", event.currency == currency)?;
        let code = matches!(fact.code, Code::AmountOver | Code::AmountUnder);
        must("the code is none of an event", code && event.disposition == Disposition::Open)?;
        return equal("expected is the amount of the event", (expected, own), |amount| {
            amount.format(currency)
        });
    }
    let (mut orders, mut lines) = (Sum::default(), Sum::default());
    let mut payments = 0_u32;
    for index in &fact.rows {
        let record = ledger.get(*index).filter(|record| record.kind.is_payment());
        // Of returns, only those that both sides know are compared: not told by the rows alone.
        let (Some(record), Some((amount, own))) = (record, ledger.claim(*index)) else {
            return Ok(());
        };
        must("a row is in another currency than the fact", own == currency)?;
        match record.side {
            Side::Orders => orders.add(amount),
            _ => {
                lines.add(amount);
                payments = payments.saturating_add(1);
            }
        }
    }
    diagnosed(fact.code, (expected, actual), payments)?;
    let show = |sum: Sum| sum.show(currency);
    equal("expected is the gross of the orders named", (Sum::of(expected), orders), show)?;
    equal("actual is the gross of the lines named", (Sum::of(actual), lines), show)
}

/// A plain difference has no better explanation, and parts are several payments.
fn diagnosed(code: Code, (expected, actual): (Amount, Amount), payments: u32) -> Holds {
    let hundredfold = actual.is_scaled_by(expected, 100) || expected.is_scaled_by(actual, 100);
    let scaled = hundredfold && !expected.is_zero() && !actual.is_zero();
    let told = scaled || expected.checked_neg() == Some(actual);
    let lines = Amount::from_minor(i64::from(payments));
    let apart = actual.checked_sub(expected).map(Amount::abs);
    let rounded = payments > 1 && apart.is_some_and(|apart| apart <= lines);
    let fits = match code {
        Code::AmountUnder => !told && payments < 2,
        Code::AmountOver => !told && !rounded,
        Code::PartialSettlement => !told && payments > 1 && !rounded,
        Code::Rounding => !told && rounded,
        _ => true,
    };
    must("the amounts say why they differ, and the code says otherwise", fits)
}

/// A line whose conversion could not be checked.
fn unconverted(ledger: &Ledger, fact: &Fact) -> Holds {
    let (index, record) = only(ledger, fact)?;
    let own = ledger.claim(index).map(|(_, currency)| currency);
    let converted = record.currency != record.net_currency || own != Some(record.currency);
    must("the row is no converted line", record.side == Side::Settlement && converted)
}

/// More was given back than paid: the first rows are the payments, the others what went back.
fn given_back(ledger: &Ledger, fact: &Fact) -> Holds {
    let read = || {
        let (amount, currency) = fact.money?;
        let expected = values::amount(&fact.expected, currency)?;
        Some((expected, values::amount(&fact.actual, currency)?, amount, currency))
    };
    let what = "a fact of this code has amounts, expected and actual";
    let (expected, actual, amount, currency) =
        read().ok_or_else(|| Wrong { what, stated: String::new(), computed: String::new() })?;
    let (mut paid, mut back) = (Sum::default(), Sum::default());
    for index in &fact.rows {
        let found = ledger.get(*index).zip(ledger.claim(*index));
        let Some((record, (own, of))) = found.filter(|(record, _)| record.side == Side::Settlement)
        else {
            return must("a row is no settlement line", false);
        };
        must("a row is in another currency than the fact", of == currency)?;
        if record.kind.is_payment() { paid.add(own) } else { back.add(own) }
    }
    let show = |sum: Sum| sum.show(currency);
    equal("expected is the gross of the payments named", (Sum::of(expected), paid), show)?;
    let none = Sum::default();
    equal("actual is what the other rows gave back", (Sum::of(actual), none.minus(back)), show)?;
    equal(
        "the amount is paid − given back",
        (Sum::of(amount), Sum::of(expected).minus(Sum::of(actual))),
        show,
    )?;
    must("the code says otherwise than its amounts", actual > expected)
}

/// A question about one open row.
fn question(ledger: &Ledger, fact: &Fact) -> Holds {
    let (_, record) = only(ledger, fact)?;
    must("the code is one of an open row", record.disposition == Disposition::Open)?;
    own_amount(ledger, fact)
}

/// The fee of a line, or its tax; of a row that is a fee, its net; of a payment that is charged in
/// rows of its own, all of them together.
fn fee(ledger: &Ledger, fact: &Fact) -> Holds {
    let what = "a fact about a fee names its line, and the rows of its fee";
    let none = || Wrong { what, stated: fact.rows.len().to_string(), computed: "1".into() };
    // They stand in the order of the file, in which a fee may come before its line.
    let charges = |row: &&Index| ledger.get(**row).is_some_and(|r| r.kind == Kind::Fee);
    let line = fact.rows.iter().find(|row| !charges(row)).or(fact.rows.first()).ok_or_else(none)?;
    let rows = || fact.rows.iter().filter(|row| *row != line);
    let record = ledger.get(*line).ok_or_else(none)?;
    let (expected, actual, currency) = compared(fact)?;
    let is_row = record.kind == Kind::Fee;
    let own = if is_row { record.net_currency } else { record.currency };
    must("a fee is in the currency of its line", currency == own)?;
    let mut stated = Sum::of(ledger.figure(*line, if is_row { Figure::Net } else { Figure::Fee }));
    for row in rows() {
        let charges =
            ledger.get(*row).is_some_and(|r| r.kind == Kind::Fee && r.net_currency == currency);
        must(what, charges && !is_row)?;
        stated.add(ledger.figure(*row, Figure::Net));
    }
    let of_tax = rows().next().is_none() && !is_row && actual == ledger.tax(*line);
    if !of_tax {
        let show = |sum: Sum| sum.show(currency);
        equal("actual is the fee of the line", (Sum::of(actual), stated), show)?;
    }
    let fits = match fact.code {
        Code::FeeMissing => actual.is_zero() && expected.is_negative(),
        Code::FeeOvercharge => actual < expected,
        Code::FeeNotRefunded => {
            actual < expected && record.kind == Kind::Refund && expected > Amount::ZERO
        }
        Code::TierMisapplied => actual != expected,
        _ => actual > expected && !actual.is_zero(),
    };
    must("the code says otherwise than its amounts", fits)
}

/// A row that is a fee of an unknown type.
fn unknown_fee(ledger: &Ledger, fact: &Fact) -> Holds {
    let (index, record) = only(ledger, fact)?;
    must("the row is no fee", record.side == Side::Settlement && record.kind == Kind::Fee)?;
    let Some((amount, currency)) = fact.money else {
        return must("the fact states its money", false);
    };
    must("the amount is in the currency of the row", currency == record.net_currency)?;
    let own = ledger.figure(index, Figure::Net);
    equal("the amount is the net of the row", (amount, own), |amount| amount.format(currency))
}

fn line_identity(ledger: &Ledger, fact: &Fact) -> Holds {
    let (index, record) = only(ledger, fact)?;
    let (expected, actual, currency) = compared(fact)?;
    must("the net is in another currency", currency == record.net_currency)?;
    let show = |amount: Amount| amount.format(currency);
    equal("actual is the net of the line", (actual, ledger.figure(index, Figure::Net)), show)?;
    must("the code says otherwise than its amounts", actual != expected)
}

fn rate(ledger: &Ledger, fact: &Fact) -> Holds {
    let (index, _) = only(ledger, fact)?;
    let Some(stated) = ledger.rate(index) else {
        return compared(fact).map(|_| ());
    };
    let what = "actual is the rate of the line";
    let actual = values::decimal(&fact.actual);
    equal(what, (actual, Some(stated)), |rate| rate.map_or_else(String::new, |r| r.to_string()))?;
    let expected = values::decimal(&fact.expected);
    must("expected is another rate", expected.is_some() && expected != actual)
}

/// A rate whose fault is named: it is the inverse of the one that is meant, or a hundred times it.
fn misquote(ledger: &Ledger, fact: &Fact) -> Holds {
    let (index, _) = only(ledger, fact)?;
    rate(ledger, fact)?;
    if ledger.rate(index).is_none() {
        return Ok(());
    }
    let [expected, actual] = [&fact.expected, &fact.actual].map(|text| values::decimal(text));
    let of = |ratio: Option<Decimal>, whole: u8| {
        let whole = Decimal::from(whole);
        let off = ratio.and_then(|ratio| ratio.checked_sub(whole)).map(|off| off.abs());
        off.zip(whole.checked_div(Decimal::from(20_u8))).is_some_and(|(off, near)| off <= near)
    };
    let (ratio, back) = (
        expected.zip(actual).and_then(|(one, other)| other.checked_div(one)),
        expected.zip(actual).and_then(|(one, other)| one.checked_div(other)),
    );
    let fits = match fact.code {
        Code::FxRateInverted => {
            of(expected.zip(actual).and_then(|(one, other)| one.checked_mul(other)), 1)
        }
        _ => of(ratio, 100) || of(back, 100),
    };
    must("the code says otherwise than its rates", fits)
}

/// Two amounts of a conversion, or the names of its currencies, in each other's place.
fn swapped(ledger: &Ledger, fact: &Fact) -> Holds {
    let [order, line] = fact.rows.as_slice() else {
        let (index, record) = only(ledger, fact)?;
        let own = ledger.claim(index).map_or("", |(_, currency)| currency.code());
        must("the row is no line", record.side == Side::Settlement)?;
        equal("actual is the currency of the line", (fact.actual.as_str(), own), str::to_owned)?;
        return must("the currencies differ", fact.expected != fact.actual);
    };
    let (expected, actual, currency) = compared(fact)?;
    let claims = [ledger.claim(*order), ledger.claim(*line)];
    let what = "the amounts are those of the order and the line";
    let own =
        claims.map(|claim| claim.filter(|(_, own)| *own == currency).map(|(amount, _)| amount));
    let show = |amounts: [Option<Amount>; 2]| {
        amounts.map(|amount| amount.map_or_else(String::new, |a| a.format(currency))).join(" → ")
    };
    equal(what, ([Some(expected), Some(actual)], own), show)?;
    let other = ledger.get(*line).map(|record| record.currency);
    let figure = ledger.figure(*line, Figure::Amount);
    let same = other.is_some_and(|other| {
        other != currency && figure.to_major(other) == expected.to_major(currency)
    });
    must("the line does not have the order's figure in its other currency", same)
}

fn settled(ledger: &Ledger, fact: &Fact) -> Holds {
    let (index, record) = only(ledger, fact)?;
    if record.kind == Kind::Payout {
        let own = (ledger.figure(index, Figure::Amount), record.currency);
        return must("the money is that of the payout", fact.money == Some(own));
    }
    let (expected, actual) = (Date::from_iso(&fact.expected), Date::from_iso(&fact.actual));
    let show = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    equal("actual is the settlement date of the line", (actual, record.settled_on), show)?;
    let late = actual > expected;
    let wants_late = fact.code == Code::LateSettlement;
    must("the code says otherwise than its dates", expected.is_some() && late == wants_late)
}

fn cutoff(ledger: &Ledger, fact: &Fact) -> Holds {
    let dates = match fact.rows.as_slice() {
        [order, line] => {
            [*order, *line].map(|index| ledger.get(index).and_then(Record::local_date))
        }
        _ => [None, None],
    };
    let stated = [&fact.expected, &fact.actual].map(|text| Date::from_iso(text));
    let show = |dates: [Option<Date>; 2]| {
        dates.map(|date| date.map_or_else(String::new, |date| date.to_string())).join(" → ")
    };
    equal("the dates are those of the order and the line", (stated, dates), show)?;
    let [order, line] = stated;
    must("the two dates differ", order.is_some() && line.is_some() && order != line)?;
    let apart = order.zip(line).map(|(order, line)| order.days_since(line).abs());
    must("one event is not on days that are further apart", apart.is_some_and(|days| days <= 2))
}

fn status(ledger: &Ledger, fact: &Fact) -> Holds {
    let order = fact.rows.first().and_then(|index| ledger.get(*index));
    must("the first row is an order", order.is_some_and(|record| record.side == Side::Orders))?;
    let status = order.map_or("", |record| record.status.name());
    equal("expected is the status of the order", (fact.expected.as_str(), status), str::to_owned)?;
    let (Some((amount, currency)), Some(line)) = (fact.money, fact.rows.last()) else {
        return Ok(());
    };
    let own = ledger.figure(*line, Figure::Amount);
    equal("the amount is that of the line", (amount, own), |amount| amount.format(currency))
}

fn currencies(ledger: &Ledger, fact: &Fact) -> Holds {
    let (_, record) = only(ledger, fact)?;
    must("the currencies differ", fact.expected != fact.actual)?;
    let own = if record.side == Side::Orders { &fact.expected } else { &fact.actual };
    equal("the currency of the row", (own.as_str(), record.currency.code()), str::to_owned)?;
    own_amount(ledger, fact)
}

/// A fact about one row that has no counterpart.
fn alone(ledger: &Ledger, fact: &Fact) -> Holds {
    let (_, record) = only(ledger, fact)?;
    let fits = match fact.code {
        Code::MissingInSettlement => record.side != Side::Settlement,
        Code::DuplicateInOrders => record.side == Side::Orders,
        _ => record.side == Side::Settlement,
    };
    must("the code is one of the other side", fits)?;
    let kind = match fact.code {
        Code::RefundUnmatched => Kind::Refund,
        Code::ReversalUnmatched => Kind::Reversal,
        Code::Chargeback => Kind::Chargeback,
        _ => record.kind,
    };
    must("the code is one of another kind of row", record.kind == kind)?;
    let open = record.disposition == Disposition::Open || fact.code == Code::Chargeback;
    must("the code is one of an open row", open)?;
    own_amount(ledger, fact)
}

/// A payment that claims a row which an earlier run closed; which row is held against it elsewhere.
fn claimed_again(ledger: &Ledger, fact: &Fact) -> Holds {
    let (_, record) = only(ledger, fact)?;
    let open = record.disposition == Disposition::Open && record.kind.is_payment();
    let fits = open && matches!(record.side, Side::Orders | Side::Settlement);
    must("the code is one of an open payment", fits)?;
    must("it says when the row was closed", Date::from_iso(&fact.expected).is_some())?;
    own_amount(ledger, fact)
}

/// A row that is alone in a gap; which rows those are is decided once all are known.
fn in_a_gap(ledger: &Ledger, fact: &Fact) -> Holds {
    let (_, record) = only(ledger, fact)?;
    must("the code is one of an open payment", {
        record.disposition == Disposition::Open && record.kind.is_payment()
    })?;
    let days = [&fact.expected, &fact.actual].map(|text| Date::from_iso(text));
    let [from, to] = days;
    let own = record.local_date();
    must("the row is of a day outside of the gap", from.is_some() && from <= own && own <= to)?;
    own_amount(ledger, fact)
}

/// A reservation that moved no money, and whose days are over.
fn reserved(ledger: &Ledger, fact: &Fact) -> Holds {
    let (_, record) = only(ledger, fact)?;
    let kept = record.kind == Kind::Preauth && record.disposition == Disposition::Excluded;
    must("the row is no reservation that was left out", kept)?;
    let made = Date::from_iso(&fact.expected);
    let show = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    equal("expected is the day of the row", (made, record.local_date()), show)?;
    must("it ended before it was made", Date::from_iso(&fact.actual) >= made)?;
    own_amount(ledger, fact)
}

/// A share of a payment: the corrections that are named shared it out, or none is.
fn shared_out(ledger: &Ledger, fact: &Fact) -> Holds {
    let (expected, actual, currency) = compared(fact)?;
    let (mut shared, mut payments, mut shares) = (Sum::default(), 0_u32, 0_u32);
    for row in &fact.rows {
        let record = ledger.get(*row).filter(|record| record.side == Side::Settlement);
        let own = record.filter(|record| record.currency == currency);
        match own.map(|record| record.kind) {
            Some(Kind::Adjustment) => {
                shares = shares.saturating_add(1);
                shared.subtract(ledger.figure(*row, Figure::Amount));
            }
            Some(kind) if kind.is_payment() => payments = payments.saturating_add(1),
            _ => return must("a row is neither a payment nor a share of it", false),
        }
    }
    must("the payment is named", payments > 0)?;
    let show = |sum: Sum| sum.show(currency);
    equal("actual is what the lines shared out", (Sum::of(actual), shared), show)?;
    let missing = fact.code == Code::SplitIncomplete;
    let fits = missing == (shares == 0) && expected != actual;
    must("the code says otherwise than its amounts", fits)
}

/// Rows that say that money was paid out; what their lines leave is held against them elsewhere.
fn paid_out(ledger: &Ledger, fact: &Fact) -> Holds {
    let (_, _, currency) = compared(fact)?;
    if let [row] = fact.rows.as_slice()
        && let Some(record) = ledger.get(*row).filter(|record| record.side == Side::Bank)
    {
        let own = ledger.figure(*row, Figure::Amount).format(record.currency);
        must("the deposit is open", record.disposition == Disposition::Open)?;
        must("the deposit is in this currency", record.currency == currency)?;
        return equal("actual is what arrived", (fact.actual.clone(), own), |text| text);
    }
    let fits = |row: &Index| {
        ledger.get(*row).is_some_and(|record| {
            let side = record.side == Side::Settlement && record.kind == Kind::Payout;
            side && record.net_currency == currency
        })
    };
    must("the rows are payouts of this currency", fact.rows.iter().all(fits))
}

/// The code of an open row that cannot be found by a number.
pub(super) fn key_of(record: &Record) -> Option<Code> {
    use Kind::{Capture, Chargeback, Refund, Reversal, Sale};
    let refers = matches!(record.side, Side::Orders | Side::Settlement)
        && matches!(record.kind, Sale | Capture | Refund | Reversal | Chargeback);
    match record.damaged {
        true => Some(Code::ScientificNotationId),
        false => (refers && record.keys.is_empty()).then_some(Code::MissingKey),
    }
}

/// Whether a row cannot be found by a number, and how many digits of it are left.
fn unusable_key(ledger: &Ledger, fact: &Fact) -> Holds {
    let (_, record) = only(ledger, fact)?;
    must("the code is one of an open row", record.disposition == Disposition::Open)?;
    let stated = (Some(fact.code), key_of(record));
    let show = |code: Option<Code>| code.map_or_else(String::new, |code| code.name().to_owned());
    equal("why the row cannot be found by a number", stated, show)?;
    if !(fact.expected.is_empty() && fact.actual.is_empty()) {
        let [all, left] = [&fact.expected, &fact.actual].map(|text| text.parse::<u32>().ok());
        let fewer = left.is_some() && left < all && fact.code == Code::ScientificNotationId;
        must("fewer digits are left than there were", fewer)?;
    }
    own_amount(ledger, fact)
}

/// The fact's amount is that of its row.
fn own_amount(ledger: &Ledger, fact: &Fact) -> Holds {
    let (index, record) = only(ledger, fact)?;
    let Some((amount, currency)) = fact.money else { return Ok(()) };
    must("the amount is in the currency of the row", currency == record.currency)?;
    let own = ledger.figure(index, Figure::Amount);
    equal("the amount is that of the row", (amount, own), |amount| amount.format(currency))
}
