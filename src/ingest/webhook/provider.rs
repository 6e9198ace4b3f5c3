//! Says which providers push events, how each signs them, and where an event names itself.
//!
//! What the fields of a body mean is a profile of the same schema as those of files (`profiles/`).

use super::super::profile::Profile;
use super::super::shipped;

/// A provider that pushes events.
#[derive(Debug)]
pub(super) struct Provider {
    /// The name that people know.
    pub(super) title: &'static str,
    /// The text of the profile by which bodies are read.
    profile: &'static str,
    /// How deliveries are signed.
    pub(super) scheme: Scheme,
    /// Where the body says what happened.
    pub(super) event: &'static str,
    /// Where it has a name of its own, the first that is there: an event that comes again has the
    /// same.
    pub(super) id: &'static [&'static str],
    /// The header that names the event, if the body does not.
    pub(super) id_header: &'static str,
    /// What is taken to be so of its events: what, value, why.
    pub(super) assumes: Option<(&'static str, &'static str, &'static str)>,
}

/// How a provider signs a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// `t=…,v1=…` in this header: HMAC-SHA256 of `t.body` in hex; any `v1` may be the right one.
    Stripe(&'static str),
    /// HMAC of the body in this header.
    Body(&'static str, Hash, Encoding),
    /// The first header: HMAC-SHA256, in Base64, of the second header and the body.
    Timestamped(&'static str, &'static str),
    /// The secret itself in this header.
    Shared(&'static str),
    /// In the body: HMAC-SHA256, in Base64, of fields of the notification; the key is in hex.
    Adyen,
}

/// Which hash a HMAC is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha512,
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Hex,
    Base64,
}

impl Scheme {
    /// The header that has the signature; `None`: it is in the body.
    pub(super) fn header(self) -> Option<&'static str> {
        match self {
            Self::Stripe(name)
            | Self::Body(name, ..)
            | Self::Timestamped(name, _)
            | Self::Shared(name) => Some(name),
            Self::Adyen => None,
        }
    }
}

impl Provider {
    /// How its bodies are read.
    pub(super) fn profile(&self) -> Profile {
        shipped::parse(self.profile)
    }
}

/// All of them; of two that could have sent a body, the first counts.
pub(super) const PROVIDERS: &[Provider] = &[
    Provider {
        title: "Stripe",
        profile: include_str!("profiles/stripe-webhook.toml"),
        scheme: Scheme::Stripe("stripe-signature"),
        event: "type",
        id: &["id"],
        id_header: "",
        assumes: None,
    },
    Provider {
        title: "Razorpay",
        profile: include_str!("profiles/razorpay-webhook.toml"),
        scheme: Scheme::Body("x-razorpay-signature", Hash::Sha256, Encoding::Hex),
        event: "event",
        id: &[],
        id_header: "x-razorpay-event-id",
        assumes: None,
    },
    Provider {
        title: "Cashfree",
        profile: include_str!("profiles/cashfree-webhook.toml"),
        scheme: Scheme::Timestamped("x-webhook-signature", "x-webhook-timestamp"),
        event: "type",
        id: &["data.refund.cf_refund_id", "data.payment.cf_payment_id"],
        id_header: "",
        assumes: None,
    },
    Provider {
        title: "Adyen",
        profile: include_str!("profiles/adyen-webhook.toml"),
        scheme: Scheme::Adyen,
        event: "eventCode",
        id: &["pspReference"],
        id_header: "",
        assumes: Some((
            "authorisations",
            "payments",
            "Adyen captures at once unless the account says otherwise; a capture that is notified \
             stands in the place of its authorisation",
        )),
    },
    Provider {
        title: "Flutterwave v4",
        profile: include_str!("profiles/flutterwave-v4-webhook.toml"),
        scheme: Scheme::Body("flutterwave-signature", Hash::Sha256, Encoding::Base64),
        event: "type",
        id: &["webhook_id", "id"],
        id_header: "",
        assumes: None,
    },
    Provider {
        title: "Flutterwave v3",
        profile: include_str!("profiles/flutterwave-v3-webhook.toml"),
        scheme: Scheme::Shared("verif-hash"),
        event: "event",
        id: &["data.id"],
        id_header: "",
        assumes: None,
    },
    Provider {
        title: "Paystack",
        profile: include_str!("profiles/paystack-webhook.toml"),
        scheme: Scheme::Body("x-paystack-signature", Hash::Sha512, Encoding::Hex),
        event: "event",
        id: &["data.id", "data.refund_reference", "data.transaction_reference"],
        id_header: "",
        assumes: None,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_has_a_profile_of_its_own() {
        let profiles: Vec<Profile> = PROVIDERS.iter().map(Provider::profile).collect();
        for (at, profile) in profiles.iter().enumerate() {
            assert_eq!(profile.side.as_deref(), Some("webhook"), "{}", profile.name);
            assert!(profile.name.ends_with("-webhook") && !profile.signature.is_empty());
            let last = profile.rows.last().expect("rows");
            assert!(last.structural, "{}: what is not known moves no money", profile.name);
            assert!(profiles.iter().skip(at + 1).all(|other| other.name != profile.name));
        }
    }
}
