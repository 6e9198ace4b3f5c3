//! Decides how the document writes ageing, forecast and exchange rates of a currency.

use crate::exceptions::{AgeBucket, DueDay, FxDay, FxGain, Insights};
use crate::money::Currency;
use crate::report::json::{Object, append_array};

/// What is known of time and exchange rates; what has no row is left out.
pub(crate) fn append_insights(object: &mut Object<'_>, currency: Currency, insights: &Insights) {
    let ageing: Vec<AgeBucket> = insights.ageing(currency).collect();
    append_some(object, "ageing", ageing, |object, age| {
        object.text("bucket", age.bucket);
        object.number("rows", age.rows);
        object.amount("amount", age.amount, currency);
    });
    let forecast: Vec<DueDay> = insights.forecast(currency).collect();
    append_some(object, "forecast", forecast, |object, due| {
        object.text("on", &due.on.to_string());
        object.text("side", due.side.name());
        object.number("rows", due.rows);
        object.amount("amount", due.amount, currency);
    });
    if let Some([early, on_time, late]) = insights.paid(currency) {
        let mut paid = Object::open(object.field("paid"));
        paid.number("early", early);
        paid.number("on_time", on_time);
        paid.number("late", late);
        paid.close();
    }
    let spreads: Vec<FxDay<'_>> = insights.spreads(currency).collect();
    append_some(object, "fx", spreads, |object, day| {
        object.text("on", &day.on.to_string());
        object.text("provider", day.provider);
        object.text("from", day.from.code());
        object.text("rate", &day.rate.to_string());
        object.some_text("source", day.source);
        object.number("rows", day.rows);
        object.amount("sent", day.sent, day.from);
        object.amount("fair", day.fair, currency);
        object.amount("arrived", day.arrived, currency);
        object.amount("spread", day.spread, currency);
        if let Some(points) = day.basis_points {
            object.text("basis_points", &points.to_string());
        }
    });
    let gains: Vec<FxGain> = insights.gains(currency).collect();
    append_some(object, "fx_gains", gains, |object, gain| {
        object.text("from", gain.from.code());
        object.number("rows", gain.rows);
        object.amount("to_settlement", gain.to_settlement, currency);
        object.amount("to_payout", gain.to_payout, currency);
        object.number("unknown", gain.unknown);
    });
}

/// A list of objects, unless it is empty.
fn append_some<T>(
    object: &mut Object<'_>,
    name: &str,
    items: Vec<T>,
    write: impl Fn(&mut Object<'_>, T),
) {
    if items.is_empty() {
        return;
    }
    append_array(object.field(name), items, |out, item| {
        let mut object = Object::open(out);
        write(&mut object, item);
        object.close();
    });
}
