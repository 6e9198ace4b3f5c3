//! Writes a cause of the result document. It names exceptions and no rows, so that its bytes do not
//! depend on what a file is called.

use crate::causes::{Card, title};
use crate::report::Run;
use crate::report::json::{Object, append_array, append_text};

/// One cause.
pub(crate) fn append_cause(out: &mut Vec<u8>, run: &Run, card: &Card) {
    let mut object = Object::open(out);
    object.text("id", &run.cause_name(card));
    object.text("cause", card.cause.name());
    let words = title(card, &run.exceptions);
    let mut languages = Object::open(object.field("title"));
    languages.text("en", &words.en);
    languages.text("zh-Hans", &words.zh);
    languages.close();
    for (name, date) in [("from", card.from), ("to", card.to)] {
        object.some_text(name, &date.map_or_else(String::new, |date| date.to_string()));
    }
    object.some_text("store", &card.store);
    object.some_text("currency", card.currency.map_or("", |currency| currency.code()));
    append_array(object.field("exceptions"), &run.exceptions_of(card), |out, name| {
        append_text(out, name);
    });
    append_array(object.field("amounts"), card.amounts(&run.exceptions), |out, (of, amount)| {
        let mut object = Object::open(out);
        object.text("currency", of.code());
        object.amount("amount", amount, of);
        object.close();
    });
    object.close();
}
