//! Decides what a mapping looks like that a person may look over, change and save: what was found,
//! with the answer that was taken to each open question.
//!
//! It names the file's fingerprint, so that the next file with the same header is read by it.

use serde_json::{Map, Value, json};

use super::detect::Guess;
use super::record::Rows;
use super::report::{Assumption, NOT_STATED};

/// The mapping as JSON, its lines indented; `assumptions` are those of the file, read by the guess.
#[must_use]
pub fn proposal(guess: &Guess, head: &Rows, assumptions: &[Assumption]) -> String {
    let header = guess.header(head);
    let mut mapping = json!({
        "schema": 1,
        "name": "saved",
        "side": guess.side.name(),
        "base": guess.profile,
        "fingerprint": header.fingerprint(),
    });
    if !guess.certain {
        let mut fields: Map<String, Value> = Map::new();
        for (field, column) in guess.fields(head) {
            let name = Value::from(header.name(column));
            // A second column of a field is what is taken off: the debits.
            let rule = match fields.remove(field.name()) {
                None => json!({ "columns": [name] }),
                Some(first) => {
                    let credit = first.get("columns").cloned().unwrap_or_default();
                    json!({ "credit": credit, "debit": [name] })
                }
            };
            fields.insert(field.name().to_owned(), rule);
        }
        put(&mut mapping, "fields", Value::Object(fields));
    }
    for assumption in assumptions {
        if let Some(question) = &assumption.question
            && assumption.value != NOT_STATED
            && (question.path.contains('.')
                || ["zone", "numbers"].contains(&question.path.as_str()))
        {
            let is_option = question.options.contains(&assumption.value);
            let taken = question.options.first().filter(|_| !is_option);
            let value = taken.unwrap_or(&assumption.value);
            put(&mut mapping, &question.path, Value::from(value.as_str()));
        }
    }
    serde_json::to_string_pretty(&mapping).unwrap_or_default()
}

/// Puts a value at a path such as `fields.occurred_at.format`. Behind `words` stands one name, whatever
/// is in it.
fn put(mapping: &mut Value, path: &str, value: Value) {
    let mut at = mapping;
    let word = path.find(".words.").map(|dot| dot.saturating_add(".words.".len()));
    let (steps, word) = word.and_then(|word| path.split_at_checked(word)).unwrap_or((path, ""));
    let steps = steps.trim_end_matches('.').split('.');
    for name in steps.chain((!word.is_empty()).then_some(word)) {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        let Some(object) = at.as_object_mut() else { return };
        at = object.entry(name).or_insert(Value::Null);
    }
    *at = value;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Entries;
    use crate::ingest::detect::choose;
    use crate::ingest::encoding::native_decoder;
    use crate::ingest::mapping::parse_mapping;
    use crate::ingest::reader::{SourceSpec, read_whole};
    use crate::ingest::report::SourceReport;
    use crate::ingest::source::{Layout, sample};

    fn read(text: &str, saved: Option<&str>) -> (SourceReport, Entries) {
        let mut spec = SourceSpec::new("psp.csv");
        spec.saved = saved.map(|json| parse_mapping(json).unwrap()).into_iter().collect();
        let mut entries = Entries::default();
        let report = read_whole(spec, text.as_bytes(), native_decoder, &mut entries).unwrap();
        (report, entries)
    }

    fn proposed(text: &str) -> String {
        let layout = Layout::detect("psp.csv", text.as_bytes(), true, native_decoder).unwrap();
        let rows = sample("psp.csv", text.as_bytes(), true, layout, 50, native_decoder).unwrap();
        let guess = choose("psp.csv", &rows, None).unwrap();
        proposal(&guess, &rows, &read(text, None).0.assumptions)
    }

    fn questions(report: &SourceReport) -> Vec<&str> {
        let asked = report.assumptions.iter().filter(|found| found.is_question());
        asked.map(|found| found.what.as_str()).collect()
    }

    #[test]
    fn what_is_proposed_reads_the_file_the_same_and_asks_nothing() {
        for text in [
            "Order No,Transaction ID,Date,Amount,Fee,Type,Currency\n\
             A1,T1,03/04/2026 10:00,10.00,0.30,odd word. v2,USD\n\
             A2,T2,04/04/2026 10:00,-5.00,0.30,Refund,USD\n",
            "Date,Label,Debit,Credit,Balance,Currency\n\
             2026-01-05,In,,10.00,10.00,EUR\n2026-01-06,Out,4.00,,6.00,EUR\n",
            "31/12/2025,Payment,EUR,\"1,525.00\",INV1\n30/12/2025,Fee,EUR,-5.00,INV2\n",
        ] {
            let (plain, entries) = read(text, None);
            assert!(!questions(&plain).is_empty(), "{text}");
            let saved = proposed(text);
            let (report, again) = read(text, Some(&saved));
            assert!(report.profile.ends_with("+saved"), "{}", report.profile);
            assert_eq!(questions(&report), Vec::<&str>::new(), "{saved}");
            assert_eq!(report.rows, plain.rows);
            let identities = |entries: &Entries| -> Vec<_> {
                entries.ids().map(|id| entries.identity(id)).collect()
            };
            assert_eq!(identities(&again), identities(&entries), "{saved}");
        }
    }

    #[test]
    fn an_answer_changes_what_is_read_and_other_headers_are_left_alone() {
        let text = "Order No,Date,Amount,Fee,Currency\nA1,03/04/2026,10.00,0.30,USD\n";
        let saved = proposed(text).replace("\"dmy\"", "\"mdy\"");
        let date = |text: &str| {
            let (report, entries) = read(text, Some(&saved));
            let id = entries.ids().next().unwrap();
            (report.profile, entries.occurred_at(id).unwrap().to_string())
        };
        assert_eq!(date(text).1, "2026-03-04T00:00:00Z");
        let other = text.replace("Order No", "Order ID");
        let plain = ("generic-settlement".to_owned(), "2026-04-03T00:00:00Z".to_owned());
        assert_eq!(date(&other), plain);
    }
}
