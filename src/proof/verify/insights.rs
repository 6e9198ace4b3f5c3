//! Reads what a document says of time and exchange rates in one currency, and holds it against its
//! entries as far as these show it.

use crate::entry::Side;
use crate::money::{Amount, Currency};
use crate::time::Date;

use super::cursor::{Cursor, Read};
use super::sums::Sum;
use super::values;

/// The buckets of an ageing list, the youngest first.
const BUCKETS: [&str; 8] =
    ["not_due", "1-7", "8-14", "15-30", "31-60", "61-90", "over_90", "undated"];

/// What the lists of one currency add up to, where they are there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Insights {
    /// Orders that are open or in transit: rows and money.
    pub(super) ageing: Option<(u64, Sum)>,
    /// Orders in transit.
    pub(super) awaited: Option<(u64, Sum)>,
}

/// Reads the lists behind the sums of a currency.
pub(super) fn read(c: &mut Cursor<'_>, currency: Currency) -> Read<Insights> {
    let mut insights = Insights::default();
    let mut last = None;
    c.list_of("ageing", |c| {
        c.literal("{")?;
        let known = |bucket: &str| BUCKETS.iter().position(|known| *known == bucket);
        let bucket = c.word("bucket", known)?;
        ordered(c, &mut last, bucket)?;
        tally(c, currency, &mut insights.ageing)
    })?;
    let mut last = None;
    c.list_of("forecast", |c| {
        c.literal("{")?;
        let on = c.word("on", Date::from_iso)?;
        let side = c.word("side", Side::from_name)?;
        ordered(c, &mut last, (side, on))?;
        let mut other = None;
        let orders = side == Side::Orders;
        tally(c, currency, if orders { &mut insights.awaited } else { &mut other })
    })?;
    if c.has("paid") {
        c.literal("{")?;
        for when in ["early", "on_time", "late"] {
            c.count(when)?;
        }
        c.literal("}")?;
    }
    c.list_of("fx", |c| conversion(c, currency))?;
    c.list_of("fx_gains", |c| {
        c.literal("{")?;
        c.word("from", Currency::from_code)?;
        c.count("rows")?;
        amount(c, "to_settlement", currency)?;
        amount(c, "to_payout", currency)?;
        c.count("unknown")?;
        c.literal("}")
    })?;
    Ok(insights)
}

/// The conversions of one day and provider: their spread is what arrived less what was fair.
fn conversion(c: &mut Cursor<'_>, currency: Currency) -> Read<()> {
    c.literal("{")?;
    c.word("on", Date::from_iso)?;
    c.text("provider")?;
    let from = c.word("from", Currency::from_code)?;
    c.word("rate", values::rate)?;
    c.optional("source")?;
    c.count("rows")?;
    amount(c, "sent", from)?;
    let fair = amount(c, "fair", currency)?;
    let arrived = amount(c, "arrived", currency)?;
    let spread = amount(c, "spread", currency)?;
    if arrived.checked_sub(fair) != Some(spread) {
        let what = "a spread is not what arrived less what was fair";
        return Err(c.wrong(what, &spread.format(currency)));
    }
    let points = c.optional("basis_points")?;
    if !points.is_empty() && values::decimal(&points).is_none() {
        return Err(c.wrong("not a number of basis points", &points));
    }
    c.literal("}")
}

/// Rows and an amount, which end an object.
fn tally(c: &mut Cursor<'_>, currency: Currency, into: &mut Option<(u64, Sum)>) -> Read<()> {
    let rows = c.count("rows")?;
    let amount = amount(c, "amount", currency)?;
    let (all, sum) = into.get_or_insert_default();
    *all = all.saturating_add(rows);
    sum.add(amount);
    c.literal("}")
}

fn amount(c: &mut Cursor<'_>, name: &str, currency: Currency) -> Read<Amount> {
    c.word(name, |text| values::amount(text, currency))
}

/// Each element comes behind the one before.
fn ordered<K: PartialOrd>(c: &Cursor<'_>, last: &mut Option<K>, key: K) -> Read<()> {
    if last.as_ref().is_some_and(|last| *last >= key) {
        return Err(c.wrong("a list of insights is not sorted", ""));
    }
    *last = Some(key);
    Ok(())
}
