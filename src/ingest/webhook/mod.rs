//! Reads the events that a provider pushed (webhooks), from the log that the seller's server keeps.
//!
//! A log is JSON Lines, or a JSON array, with one delivery in each element:
//!
//! ```json
//! {"received_at": "2026-02-03T10:00:05Z", "headers": {"Stripe-Signature": "t=…,v1=…"}, "body": "…"}
//! ```
//!
//! `body` is the body exactly as it was received, as a text (or `body_base64`), since a signature is
//! of its bytes. Who sent it is told by the header of the signature, else by the fields of the body;
//! a log holds the deliveries of one provider. Where secrets are given, a delivery whose signature is
//! missing or wrong is rejected (`SIGNATURE_INVALID`), and nothing of it is used.

mod delivery;
mod provider;
mod secrets;
mod signature;

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use self::delivery::Delivery;
use self::provider::{PROVIDERS, Provider, Scheme};
pub use self::secrets::Secrets;
use super::encoding::bad_encoding;
use super::found::Found;
use super::json::{Elements, Fields, check_nesting, leaves, parse, position_in};
use super::layout::Header;
use super::profile::Profile;
use super::reader::{Ready, SourceSpec};
use super::record::{Counts, Record, RecordSink as _, Span};
use super::rejection::Rejection;
use super::report::{Assumption, SourceReport};
use super::rows::RowSink;
use crate::entry::Entries;
use crate::error::Error;
use crate::limits;

/// Reads a whole log into entries, as a source of its own.
///
/// # Errors
/// Those of JSON, `ingest/no-deliveries` where no element is an event of a known provider,
/// `limit/json`, `limit/entries`; all name the file.
pub fn read(spec: &SourceSpec, bytes: &[u8], entries: &mut Entries) -> Result<SourceReport, Error> {
    try_read(spec, bytes, entries).map_err(|error| error.in_file(&spec.name))
}

/// Refuses a log that is too large to be held whole.
///
/// # Errors
/// `limit/json`.
pub fn check_size(bytes: usize) -> Result<(), Error> {
    if bytes as u64 <= limits::JSON_BYTES {
        return Ok(());
    }
    let message = format!("the file is larger than {} MB", limits::JSON_BYTES >> 20);
    Err(Error::new("limit/json", message)
        .remedy_is("split the file, or export a shorter period")
        .arg("bytes", limits::JSON_BYTES))
}

/// One element of the log.
struct Item {
    offset: u64,
    /// What is shown of it, without secrets.
    raw: String,
    /// Who sent it, by its place in [`PROVIDERS`].
    provider: Option<usize>,
    /// The fields of the event by their paths, or why nothing of it is used.
    read: Result<Leaves, Rejection>,
}

/// Paths in a body, and what stands there.
type Leaves = Vec<(String, String)>;

fn try_read(spec: &SourceSpec, bytes: &[u8], entries: &mut Entries) -> Result<SourceReport, Error> {
    check_size(bytes.len())?;
    let mark: &[u8] = b"\xef\xbb\xbf";
    let start = if bytes.starts_with(mark) { mark.len() } else { 0 };
    let body = bytes.get(start..).unwrap_or_default();
    let text = std::str::from_utf8(body).map_err(|error| {
        let before = body.get(..error.valid_up_to()).unwrap_or_default();
        let lines = before.iter().filter(|byte| **byte == b'\n').count();
        let line = u32::try_from(lines).unwrap_or(u32::MAX - 1).saturating_add(1);
        bad_encoding(error.valid_up_to() as u64).at_line(line)
    })?;
    check_nesting(text)?;
    let known: Vec<Known> = PROVIDERS.iter().map(Known::new).collect();
    let elements = Elements::find(text)?;
    let item = |element: &Result<&RawValue, &str>| {
        let raw = match element {
            Ok(raw) => raw.get(),
            Err(line) => line,
        };
        let offset = start.saturating_add(position_in(text, raw)) as u64;
        Item::of(raw, offset, &spec.secrets, &known)
    };
    let mut items: Vec<Item> = elements.0.iter().map(item).collect();
    let most =
        most_of(&items).and_then(|index| known.into_iter().nth(index).map(|one| (index, one)));
    let Some((index, known)) = most else { return Err(no_deliveries(&items)) };
    items.iter_mut().for_each(|item| item.only_of(index, known.provider));
    let mut report = read_items(spec, &known, &items, entries)?;
    report.bytes = bytes.len() as u64;
    Ok(report)
}

/// A provider, and by which fields its events are read.
struct Known {
    provider: &'static Provider,
    profile: Profile,
    paths: Vec<String>,
}

impl Known {
    fn new(provider: &'static Provider) -> Self {
        let profile = provider.profile();
        let mut paths: Vec<String> = Vec::new();
        let on = profile.fields.values().flat_map(|rule| rule.on.values());
        let fields = profile.fields.values().chain(on).flat_map(|rule| rule.mentioned());
        let rows = profile.rows.iter().flat_map(|row| row.condition.keys().map(String::as_str));
        for path in fields.chain(rows) {
            if !paths.iter().any(|known| known == path) {
                paths.push(path.to_owned());
            }
        }
        Self { provider, profile, paths }
    }
}

impl Item {
    fn of(raw: &str, offset: u64, secrets: &Secrets, known: &[Known]) -> Self {
        match Delivery::read(raw) {
            Err(why) => {
                let raw = secrets.hide(raw).into_owned();
                Self { offset, raw, provider: None, read: Err(why) }
            }
            Ok(delivery) => {
                // Headers may hold a secret, and are no part of the event.
                let raw = secrets.hide(&delivery.body).into_owned();
                let provider = sender(&delivery, known);
                let read = match provider.and_then(|index| known.get(index)) {
                    Some(sender) => event_of(&delivery, sender, secrets),
                    None => Err(delivery.check_body().err().unwrap_or_else(unknown_sender)),
                };
                Self { offset, raw, provider, read }
            }
        }
    }

    /// Refuses an event of another provider than that of the log.
    fn only_of(&mut self, index: usize, provider: &Provider) {
        let other = self.provider.filter(|own| *own != index && self.read.is_ok());
        if let Some(other) = other.and_then(|other| PROVIDERS.get(other)) {
            self.read = Err(Rejection::unreadable(format!(
                "it is an event of {}, and most of the file are of {}: put the deliveries of each \
                 provider into a file of its own",
                other.title, provider.title
            )));
        }
    }
}

/// Who sent a delivery: by the header of the signature, else by the fields of the body.
fn sender(delivery: &Delivery, known: &[Known]) -> Option<usize> {
    let signed = PROVIDERS.iter().position(|provider| {
        provider.scheme.header().is_some_and(|header| delivery.header(header).is_some())
    });
    signed.or_else(|| {
        delivery.check_body().ok()?;
        let found = leaves(delivery.body.trim()).ok()?;
        let has = |path: &String| found.iter().any(|(known, _)| known == path);
        known.iter().position(|one| one.profile.signature.iter().any(|all| all.iter().all(has)))
    })
}

/// The fields of an event that may be believed.
fn event_of(delivery: &Delivery, known: &Known, secrets: &Secrets) -> Result<Leaves, Rejection> {
    let provider = known.provider;
    let body = delivery.body.trim();
    let readable = delivery.check_body();
    let item = match provider.scheme {
        Scheme::Adyen if readable.is_ok() => only_notification(body),
        _ => Some(body),
    };
    let found = item.filter(|_| readable.is_ok()).and_then(|item| leaves(item).ok());
    let found = found.unwrap_or_default();
    signature::check(provider, delivery, &found, secrets)?;
    readable?;
    if item.is_none() {
        let reason = "notificationItems of the body is no list of one notification";
        return Err(Rejection::unreadable(reason));
    }
    if let Some(path) = repeated(&found) {
        let reason = format!("the body has {path} twice, so that nobody can say which one counts");
        return Err(Rejection::unreadable(reason));
    }
    let of = |path: &str| {
        let found = found.iter().find(|(known, _)| known == path);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let id = provider.id.iter().find_map(|path| of(path));
    let id = id.or_else(|| delivery.header(provider.id_header)).unwrap_or_default();
    let name = format!("{} {id}", of(provider.event).unwrap_or_default());
    let mut event = vec![
        (EVENT.to_owned(), name.trim().to_owned()),
        (RECEIVED.to_owned(), delivery.received.clone()),
    ];
    event.extend(found.into_iter().filter(|(path, _)| known.paths.contains(path)));
    Ok(event)
}

/// What the reader adds to the fields of a body: what happened, and the name of the event.
const EVENT: &str = "delivery.event";
/// When the delivery came.
const RECEIVED: &str = "delivery.received_at";

/// A path that the body has twice: of a body that is signed field by field, one could be forged.
fn repeated(found: &Leaves) -> Option<&str> {
    let mut seen = BTreeSet::new();
    let added = |path: &str| path == EVENT || path == RECEIVED;
    let mut paths = found.iter().map(|(path, _)| path.as_str());
    paths.find(|path| added(path) || !seen.insert(*path))
}

/// The notification in a body of Adyen, which wraps a list of one.
fn only_notification(body: &str) -> Option<&str> {
    let fields: Fields<'_> = parse(body).ok()?;
    let list: Vec<&RawValue> = parse(fields.get("notificationItems")?.get()).ok()?;
    let [only] = list.as_slice() else { return None };
    let only: Fields<'_> = parse(only.get()).ok()?;
    let item = only.get("NotificationRequestItem")?.get();
    item.starts_with('{').then_some(item)
}

fn unknown_sender() -> Rejection {
    Rejection::unreadable(format!(
        "neither its headers nor its fields are those of a provider whose events are read: {}",
        titles()
    ))
}

fn titles() -> String {
    let titles: Vec<&str> = PROVIDERS.iter().map(|provider| provider.title).collect();
    titles.join(", ")
}

/// The provider of most deliveries; of several with as many, the first.
fn most_of(items: &[Item]) -> Option<usize> {
    let mut counts = vec![0_usize; PROVIDERS.len()];
    for index in items.iter().filter_map(|item| item.provider) {
        if let Some(count) = counts.get_mut(index) {
            *count = count.saturating_add(1);
        }
    }
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    counts.iter().position(|count| *count == most)
}

fn no_deliveries(items: &[Item]) -> Error {
    let why = items.iter().find_map(|item| item.read.as_ref().err());
    let why = why.map_or_else(|| "it is empty".to_owned(), |why| why.reason.clone());
    Error::new("ingest/no-deliveries", format!("no element is a delivery of a provider: {why}"))
        .remedy_is(format!(
            "keep each delivery as {{\"received_at\", \"headers\", \"body\"}}; known are {}",
            titles()
        ))
        .arg("why", why)
        .arg("providers", titles())
}

/// Puts the events under one header, and reads them as the rows of a file.
fn read_items(
    spec: &SourceSpec,
    known: &Known,
    items: &[Item],
    entries: &mut Entries,
) -> Result<SourceReport, Error> {
    let columns = [EVENT, RECEIVED].into_iter().chain(known.paths.iter().map(String::as_str));
    let mut columns: Vec<&str> = columns.collect();
    let mut seen = BTreeSet::new();
    columns.retain(|column| seen.insert(*column));
    let header = Header::new(columns.iter().copied());
    let profile = known.profile.clone();
    let found = Found { profile, header, header_row: None, preamble: Vec::new() };
    let mut ready = Ready::new(spec, found)?;
    let mut text = String::new();
    let mut spans = Vec::new();
    for (row, item) in (1..).zip(items) {
        if let Ok(event) = &item.read {
            fill(event, &columns, &mut text, &mut spans);
            let record = Record::new(row, item.offset, &item.raw, &text, &spans);
            ready.rows.observe(&record, &mut ready.evidence);
        }
    }
    ready.decide();
    let mut counts = Counts::default();
    for (row, item) in (1..).zip(items) {
        counts.records = row;
        match &item.read {
            Ok(event) => {
                fill(event, &columns, &mut text, &mut spans);
                let record = Record::new(row, item.offset, &item.raw, &text, &spans);
                let mut sink = RowSink::new(&mut ready.rows, entries);
                let _ = sink.record(&record);
                if let Some(error) = sink.failure() {
                    return Err(error);
                }
            }
            Err(why) => {
                let record = Record::new(row, item.offset, &item.raw, "", &[]);
                ready.rows.reject(&record, why.clone());
            }
        }
    }
    counts.lines = counts.records;
    ready.assumptions.extend(assumptions(spec, known.provider));
    ready.report(spec.name.clone(), counts, entries)
}

/// Writes the cells of an event in the order of the columns.
fn fill(event: &Leaves, columns: &[&str], text: &mut String, spans: &mut Vec<Span>) {
    let to_u32 = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    text.clear();
    spans.clear();
    for column in columns {
        let from = to_u32(text.len());
        if let Some((_, value)) = event.iter().find(|(path, _)| path == column) {
            text.push_str(value);
        }
        spans.push((from, to_u32(text.len())));
    }
}

fn assumptions(spec: &SourceSpec, provider: &Provider) -> Vec<Assumption> {
    let unchecked = spec.secrets.is_empty().then(|| {
        let why = "no secret was given, so that anybody may have sent these events";
        Assumption::new("signatures", "not checked", why)
    });
    let own = provider.assumes.map(|(what, value, why)| Assumption::new(what, value, why));
    unchecked.into_iter().chain(own).collect()
}

#[cfg(test)]
mod tests;
