//! Decides whether a delivery was signed by who knows the secret.
//!
//! Signatures are compared in constant time, by the crate that computes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::{Sha256, Sha512};

use super::super::rejection::Rejection;
use super::delivery::Delivery;
use super::provider::{Encoding, Hash, Provider, Scheme};
use super::secrets::Secrets;
use crate::codes::Code;
use crate::limits::SIGNATURE_SECONDS;

/// Checks the signature of a delivery; `item` is what it tells: the body, or the part of it that is
/// the event.
///
/// # Errors
/// `SIGNATURE_INVALID` with the reason.
pub(super) fn check(
    provider: &Provider,
    delivery: &Delivery,
    item: &[(String, String)],
    secrets: &Secrets,
) -> Result<(), Rejection> {
    if secrets.is_empty() {
        return Ok(());
    }
    let stated = match provider.scheme.header() {
        Some(header) => delivery.header(header),
        None => field(item, ADYEN_SIGNATURE),
    };
    let Some(stated) = stated.filter(|stated| !stated.is_empty()) else {
        let place = provider.scheme.header().unwrap_or(ADYEN_SIGNATURE);
        return Err(invalid(format!(
            "signature: the delivery has none in {place}, so that anybody may have sent it: keep the headers \
             of deliveries as they come"
        )));
    };
    match provider.scheme {
        Scheme::Stripe(_) => stripe(delivery, stated, secrets),
        Scheme::Body(_, hash, encoding) => {
            let stated = decode(stated, encoding);
            fits(&delivery.body, hash, stated.as_slice(), secrets, str::as_bytes)
        }
        Scheme::Timestamped(_, header) => {
            let Some(timestamp) = delivery.header(header) else {
                return Err(invalid(format!(
                    "signature: it is of the header {header}, which was not kept"
                )));
            };
            let message = format!("{timestamp}{}", delivery.body);
            let stated = decode(stated, Encoding::Base64);
            fits(&message, Hash::Sha256, stated.as_slice(), secrets, str::as_bytes)
        }
        Scheme::Shared(_) => {
            // The same key signs both, so that equal signatures are equal texts, in constant time.
            let digest = |text: &str| mac::<Hmac<Sha256>>(b"shared", text.as_bytes());
            let own = digest(stated).map(|mac| mac.finalize().into_bytes());
            let equal = own.is_some_and(|own| {
                let same = |secret: &str| digest(secret).map(|mac| mac.verify(&own).is_ok());
                secrets.iter().any(|secret| same(secret) == Some(true))
            });
            if equal { Ok(()) } else { Err(wrong()) }
        }
        Scheme::Adyen => adyen(item, stated, secrets),
    }
}

const ADYEN_SIGNATURE: &str = "additionalData.hmacSignature";

fn field<'i>(item: &'i [(String, String)], path: &str) -> Option<&'i str> {
    item.iter().find(|(known, _)| known == path).map(|(_, value)| value.as_str())
}

/// Any signature of version 1 may be the right one; and it was made when the delivery came.
fn stripe(delivery: &Delivery, stated: &str, secrets: &Secrets) -> Result<(), Rejection> {
    let parts = || stated.split(',').filter_map(|part| part.trim().split_once('='));
    let Some((_, made)) = parts().find(|(name, _)| *name == "t") else {
        return Err(invalid("signature: it does not say when it was made"));
    };
    let message = format!("{made}.{}", delivery.body);
    let mut signatures =
        parts().filter(|(name, _)| *name == "v1").map(|(_, value)| value).peekable();
    if signatures.peek().is_none() {
        return Err(invalid("signature: none is of version 1, the only one that is checked"));
    }
    let fit = |value: &str| {
        let value = decode(value, Encoding::Hex);
        fits(&message, Hash::Sha256, &value, secrets, str::as_bytes).is_ok()
    };
    if !signatures.any(fit) {
        return Err(wrong());
    }
    let made: Option<i64> = made.parse().ok();
    let Some((made, received)) = made.zip(delivery.received_at) else { return Ok(()) };
    let apart = received.0.div_euclid(1_000_000).saturating_sub(made).unsigned_abs();
    if apart <= SIGNATURE_SECONDS {
        return Ok(());
    }
    Err(invalid(format!(
        "signature: it was made {apart} seconds apart from when the delivery came, and {SIGNATURE_SECONDS} are \
         allowed: somebody may have sent an old delivery again"
    )))
}

/// The fields of a notification that are signed, in their order.
const ADYEN_FIELDS: [&str; 8] = [
    "pspReference",
    "originalReference",
    "merchantAccountCode",
    "merchantReference",
    "amount.value",
    "amount.currency",
    "eventCode",
    "success",
];

/// Fields with a colon or backslash are signed as they are, or with a backslash before each, by the
/// age of the account's settings.
fn adyen(item: &[(String, String)], stated: &str, secrets: &Secrets) -> Result<(), Rejection> {
    let values = ADYEN_FIELDS.map(|path| field(item, path).unwrap_or_default());
    let escaped = values.map(|value| value.replace('\\', "\\\\").replace(':', "\\:"));
    let stated = decode(stated, Encoding::Base64);
    let key = |secret: &str| decode(secret, Encoding::Hex);
    let fit =
        |message: &str| fits_keys(message, Hash::Sha256, &stated, secrets.iter().map(key)).is_ok();
    if fit(&values.join(":")) || fit(&escaped.join(":")) { Ok(()) } else { Err(wrong()) }
}

/// Whether a signature is that of a message by one of the secrets.
fn fits(
    message: &str,
    hash: Hash,
    stated: &[u8],
    secrets: &Secrets,
    key: fn(&str) -> &[u8],
) -> Result<(), Rejection> {
    fits_keys(message, hash, stated, secrets.iter().map(key))
}

fn fits_keys<K: AsRef<[u8]>>(
    message: &str,
    hash: Hash,
    stated: &[u8],
    mut keys: impl Iterator<Item = K>,
) -> Result<(), Rejection> {
    let message = message.as_bytes();
    let fit = |key: K| match hash {
        Hash::Sha256 => mac::<Hmac<Sha256>>(key.as_ref(), message)
            .is_some_and(|mac| mac.verify_slice(stated).is_ok()),
        Hash::Sha512 => mac::<Hmac<Sha512>>(key.as_ref(), message)
            .is_some_and(|mac| mac.verify_slice(stated).is_ok()),
    };
    if !stated.is_empty() && keys.any(fit) { Ok(()) } else { Err(wrong()) }
}

fn mac<M: hmac::Mac + hmac::KeyInit>(key: &[u8], message: &[u8]) -> Option<M> {
    let mut mac = <M as hmac::KeyInit>::new_from_slice(key).ok().filter(|_| !key.is_empty())?;
    mac.update(message);
    Some(mac)
}

/// The bytes that a signature or key is written for; none if it is not written so.
fn decode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Base64 => STANDARD.decode(text).unwrap_or_default(),
        Encoding::Hex => {
            let (pairs, rest) = text.as_bytes().as_chunks::<2>();
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let byte = |[high, low]: &[u8; 2]| {
                let value = digit(*high)?.checked_mul(16)?.checked_add(digit(*low)?)?;
                u8::try_from(value).ok()
            };
            let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
            bytes.filter(|_| rest.is_empty()).unwrap_or_default()
        }
    }
}

fn wrong() -> Rejection {
    invalid(
        "signature: it is not that of this body by any secret that was given: the body was changed, somebody \
         else sent it, or the secret is another one",
    )
}

fn invalid(reason: impl Into<String>) -> Rejection {
    Rejection { code: Code::SignatureInvalid, reason: reason.into() }
}

#[cfg(test)]
mod tests;
