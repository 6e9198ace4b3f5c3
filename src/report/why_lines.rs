//! Decides the bytes of the answer to "why not?" in an exception.

use crate::exceptions::why_not::{WhyNot, words};
use crate::report::json::{Object, append_array};
use crate::report::lines::Lines;

/// What keeps two rows apart, as it is written.
fn gates(why: &WhyNot) -> Vec<&'static str> {
    let all = [
        (why.nearest.is_none(), "nothing_near"),
        (why.other_number, "other_number"),
        (why.difference.is_some(), "amount"),
        (why.days.is_some(), "time"),
        (why.suggested, "only_suggested"),
        (why.rivals > 0, "several"),
    ];
    all.into_iter().filter_map(|(holds, name)| holds.then_some(name)).collect()
}

impl Lines<'_> {
    /// Why a row is in no match.
    pub(crate) fn why_not(&self, out: &mut Vec<u8>, why: &WhyNot) {
        let mut object = Object::open(out);
        if let Some(nearest) = why.nearest {
            object.text("row", &self.name(nearest));
        }
        append_array(object.field("gates"), gates(why), |out, gate| {
            let mut object = Object::open(out);
            object.text("gate", gate);
            match (gate, why.difference, why.days) {
                ("amount", Some((difference, currency)), _) => {
                    object.amount("amount", difference, currency);
                    object.text("currency", currency.code());
                }
                ("time", _, Some(days)) => object.text("days", &days.to_string()),
                ("several", ..) => object.number("rows", u64::from(why.rivals)),
                _ => {}
            }
            object.close();
        });
        if let Some(change) = &why.change {
            append_array(object.field("change"), change.settings(), |out, (setting, value)| {
                let mut object = Object::open(out);
                object.text("setting", &setting);
                object.text("value", &value);
                object.close();
            });
            object.number("touches", u64::from(change.touches));
        }
        let said = words(why);
        let mut languages = Object::open(object.field("explanation"));
        languages.text("en", &said.en);
        languages.text("zh-Hans", &said.zh);
        languages.close();
        object.close();
    }
}
