//! Decides what one element of a log of deliveries holds: when it came, its headers, and its body
//! byte for byte.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;

use super::super::json::{Fields, Text, check_nesting, parse};
use super::super::rejection::Rejection;
use crate::time::{DateFormat, Instant, Zone, parse_stamp};

/// One delivery as the seller's server kept it.
#[derive(Debug)]
pub(super) struct Delivery {
    /// When it was received, if that was kept.
    pub(super) received_at: Option<Instant>,
    /// The same as it is written.
    pub(super) received: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    /// The body exactly as it came.
    pub(super) body: String,
}

impl Delivery {
    /// Reads one element.
    pub(super) fn read(element: &str) -> Result<Self, Rejection> {
        let fields: Fields<'_> = parse(element).map_err(|_| unreadable(NO_OBJECT))?;
        let received = match fields.get("received_at") {
            Some(value) => text_of(value).unwrap_or_default().into_owned(),
            None => String::new(),
        };
        let received_at = match received.as_str() {
            "" => None,
            text => {
                let stamp = parse_stamp(text, &DateFormat::Iso, &Zone::UTC);
                let stamp =
                    stamp.map_err(|error| Rejection::of_date("received_at", error, text))?;
                stamp.instant
            }
        };
        let headers = match fields.get("headers") {
            Some(value) => headers_of(value)?,
            None => Vec::new(),
        };
        let body = body_of(&fields)?;
        Ok(Self { received_at, received, headers, body })
    }

    /// The value of a header; `name` is in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim())
    }

    /// Whether the body is an object that can be looked into.
    pub(super) fn check_body(&self) -> Result<(), Rejection> {
        let body = self.body.trim();
        let readable = check_nesting(body).is_ok() && parse::<Fields<'_>>(body).is_ok();
        if readable { Ok(()) } else { Err(unreadable(BAD_BODY)) }
    }
}

const NO_OBJECT: &str = "the element is no JSON object: export the file again";
const BAD_BODY: &str = "the body of the delivery is no JSON object: it may have been cut off";
const NO_BODY: &str =
    "the delivery has no body: keep it as a text in body, or in body_base64, as it was received";
const PARSED_BODY: &str = "the body of the delivery is no text: keep it exactly as it was received, \
                           since a signature is of its bytes";
const BAD_BASE64: &str = "body_base64 of the delivery is no Base64 of a text in UTF-8";
const BAD_HEADERS: &str = "the headers of the delivery are no object of texts";

fn unreadable(reason: &str) -> Rejection {
    Rejection::unreadable(reason)
}

/// A JSON text; `None` for any other value.
fn text_of(value: &RawValue) -> Option<Cow<'_, str>> {
    value.get().starts_with('"').then(|| parse::<Text<'_>>(value.get()).ok()).flatten().map(|t| t.0)
}

/// A header may have come several times.
fn headers_of(value: &RawValue) -> Result<Vec<(String, String)>, Rejection> {
    if value.get() == "null" {
        return Ok(Vec::new());
    }
    let fields: Fields<'_> = parse(value.get()).map_err(|_| unreadable(BAD_HEADERS))?;
    let mut headers = Vec::new();
    for (name, value) in fields.0 {
        let text = match text_of(value) {
            Some(text) => text.into_owned(),
            None => {
                let list: Vec<&RawValue> = parse(value.get()).unwrap_or_default();
                list.into_iter().filter_map(text_of).collect::<Vec<_>>().join(",")
            }
        };
        headers.push((name.to_ascii_lowercase(), text));
    }
    Ok(headers)
}

fn body_of(fields: &Fields<'_>) -> Result<String, Rejection> {
    if let Some(value) = fields.get("body") {
        return match text_of(value) {
            Some(text) => Ok(text.into_owned()),
            None => Err(unreadable(PARSED_BODY)),
        };
    }
    let value = fields.get("body_base64").ok_or_else(|| unreadable(NO_BODY))?;
    let text = text_of(value).ok_or_else(|| unreadable(BAD_BASE64))?;
    let bytes = STANDARD.decode(text.trim()).map_err(|_| unreadable(BAD_BASE64))?;
    String::from_utf8(bytes).map_err(|_| unreadable(BAD_BASE64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_read_as_it_was_kept() {
        let element = r#"{"received_at":"2026-02-03T10:00:05+03:00","headers":{"X-Sig":"a ","Via":["b","c"]},
            "body":"{\"a\": \"\\u00e9\"}\n","ip":"198.51.100.7"}"#;
        let delivery = Delivery::read(element).unwrap();
        assert_eq!(delivery.body, "{\"a\": \"\\u00e9\"}\n", "no byte is changed");
        assert_eq!(delivery.received_at.unwrap().0, 1_770_102_005_000_000);
        assert_eq!(delivery.header("x-sig"), Some("a"));
        assert_eq!(delivery.header("via"), Some("b,c"));
        assert_eq!(delivery.header("x-other"), None);
        assert!(delivery.check_body().is_ok());
        let encoded = Delivery::read(r#"{"body_base64":"eyJhIjoxfQ=="}"#).unwrap();
        assert_eq!((encoded.body.as_str(), encoded.received_at), (r#"{"a":1}"#, None));
    }

    #[test]
    fn what_was_not_kept_whole_is_said() {
        for (element, reason) in [
            ("[1]", NO_OBJECT),
            ("{}", NO_BODY),
            (r#"{"body":{"a":1}}"#, PARSED_BODY),
            (r#"{"body_base64":"&"}"#, BAD_BASE64),
            (r#"{"body_base64":"/w=="}"#, BAD_BASE64),
            (r#"{"headers":["a"],"body":"{}"}"#, BAD_HEADERS),
        ] {
            assert_eq!(Delivery::read(element).unwrap_err().reason, reason, "{element}");
        }
        let bad = Delivery::read(r#"{"received_at":"yesterday","body":"{}"}"#).unwrap_err();
        assert_eq!(bad.code, crate::codes::Code::BadDate);
        for body in ["", "null", "[1]", "{\\\"a\\\":", "text"] {
            let delivery = Delivery::read(&format!("{{\"body\":\"{body}\"}}")).unwrap();
            assert_eq!(delivery.check_body().unwrap_err().reason, BAD_BODY, "{body}");
        }
    }
}
