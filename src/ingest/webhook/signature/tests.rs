//! Signatures that Python's `hmac` and OpenSSL computed, and everything that is nearly one.

use super::super::provider::PROVIDERS;
use super::*;

const BODY: &str = r#"{"id":"evt_1","amount":"é 1"}"#;
const STRIPE: &str = "c08424fd92eebc269a1c2e3aac6bfb64a9fcb48d55eb7056371993b2cf074237";
const STRIPE_OLD: &str = "48f42ce7c488feaa9e388aff02e96da64b0114cf1dc8eafabd0df2557fe742e7";
const PAYSTACK: &str = "5972c78223a517fffbceea383beaa529a5e514391a73eec1791ae43568799960\
                        819bc535f0e0198a830ac2e2ae5c82256f598feb6169580b1a3a04d6190004b2";
const RAZORPAY: &str = "17967c4fa3af059853a78e664cf2d26dfc2685da44bbe93a52f465b201508d11";
const FLUTTERWAVE: &str = "1fErHtrVQOEbCdWf7Xf30dxV2AOa5ZwJ03nU0zC+TXk=";
const CASHFREE: &str = "N9NAFnvwpatjgss72O6PSNBShDvSiq0FBc+44zD0vTc=";
const ADYEN_KEY: &str = "44782DEF547AAA06C910C43932B1EB0C";
const ADYEN: &str = "H9Ra503EwBkL0MRP3rol61ll+7LQxu65BCZivY5uWHA=";
const ADYEN_ESCAPED: &str = "7p83Ucdi/3km9ce9tNUrdoxtl2KpaIW35KPFT00zTwc=";

fn provider(title: &str) -> &'static Provider {
    PROVIDERS.iter().find(|provider| provider.title == title).expect("a provider")
}

/// What is wrong with a delivery; nothing, if its signature holds.
fn verdict(title: &str, headers: &[(&str, &str)], secrets: &str, body: &str, at: &str) -> String {
    let headers: serde_json::Map<String, serde_json::Value> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let element = serde_json::json!({"received_at": at, "headers": headers, "body": body});
    let delivery = Delivery::read(&element.to_string()).expect("a delivery");
    let item = super::super::leaves(body).unwrap_or_default();
    match check(provider(title), &delivery, &item, &Secrets::parse(secrets)) {
        Ok(()) => String::new(),
        Err(rejection) => {
            assert_eq!(rejection.code, Code::SignatureInvalid);
            rejection.reason.strip_prefix("signature: ").expect("says what it is about").to_owned()
        }
    }
}

/// A provider, the headers of a delivery, and the secret.
type Sound = (&'static str, Vec<(&'static str, String)>, &'static str);

/// A delivery of each scheme.
fn sound() -> [Sound; 6] {
    [
        (
            "Stripe",
            vec![("Stripe-Signature", format!("t=1770102000,v1={STRIPE},v0=6ffb"))],
            "whsec_test",
        ),
        ("Paystack", vec![("X-Paystack-Signature", PAYSTACK.to_owned())], "sk_test_1"),
        ("Razorpay", vec![("X-Razorpay-Signature", RAZORPAY.to_owned())], "rzp_secret"),
        ("Flutterwave v4", vec![("flutterwave-signature", FLUTTERWAVE.to_owned())], "flw_hash"),
        ("Flutterwave v3", vec![("verif-hash", "flw_hash".to_owned())], "flw_hash"),
        (
            "Cashfree",
            vec![
                ("x-webhook-signature", CASHFREE.to_owned()),
                ("x-webhook-timestamp", "1770102000123".to_owned()),
            ],
            "cf_secret",
        ),
    ]
}

#[test]
fn a_signature_is_that_of_one_body_and_one_secret() {
    for (title, headers, secret) in sound() {
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let of = |headers: &[(&str, &str)], secret: &str, body: &str| {
            verdict(title, headers, secret, body, "")
        };
        assert_eq!(of(&headers, secret, BODY), "", "{title}");
        assert_eq!(of(&headers, &format!("other,{secret}"), BODY), "", "{title}: a new secret");
        assert_eq!(of(&[], "", BODY), "", "{title}: nothing is checked without a secret");
        let wrong = "it is not that of this body by any secret";
        assert!(of(&headers, "other", BODY).starts_with(wrong), "{title}: another secret");
        assert!(of(&headers, &secret[1..], BODY).starts_with(wrong), "{title}");
        let none = of(&[("x-other", "1")], secret, BODY);
        assert!(none.starts_with("the delivery has none in "), "{title}: {none}");
        if title == "Flutterwave v3" {
            continue; // It signs nothing.
        }
        for changed in [BODY.replace('1', "2"), format!("{BODY}\n"), BODY.replace('é', "e")] {
            assert!(of(&headers, secret, &changed).starts_with(wrong), "{title}: {changed}");
        }
        let mut cut = headers.clone();
        cut[0].1 = &headers[0].1[..headers[0].1.len() - 9];
        assert!(of(&cut, secret, BODY).starts_with(wrong), "{title}: {cut:?}");
    }
}

#[test]
fn a_signature_of_stripe_has_a_version_and_a_time() {
    let of = |header: &str, at: &str| {
        verdict("Stripe", &[("stripe-signature", header)], "whsec_test", BODY, at)
    };
    let signed = format!("t=1770102000,v1={STRIPE}");
    let wrong = "it is not that of this body";
    for (header, at, said) in [
        // 07:00:00Z; while the secret is being replaced there are two.
        (format!("t=1770102000,v1={STRIPE_OLD},v1={STRIPE}"), "2026-02-03T07:00:00Z", ""),
        (signed.clone(), "2026-02-03T10:05:00+03:00", ""),
        (signed.clone(), "2026-02-03T06:55:00Z", ""),
        (signed.clone(), "2026-02-03T07:05:01Z", "it was made 301 seconds apart"),
        (signed.clone(), "2026-02-03T06:54:59Z", "it was made 301 seconds apart"),
        // A day has no seconds.
        (signed.clone(), "2026-02-09", ""),
        (format!("t=1770102001,v1={STRIPE}"), "", wrong),
        (format!("t=1770102000,v1={STRIPE_OLD}"), "", wrong),
        (format!("t=1770102000,v1={}", &STRIPE[1..]), "", wrong),
        (format!("t=1770102000,v1={}0", &STRIPE[1..]), "", wrong),
        (format!("t=1770102000,v0={STRIPE}"), "", "none is of version 1"),
        (format!("v1={STRIPE}"), "", "it does not say when it was made"),
        ("t=1770102000,v1=".to_owned(), "", wrong),
        ("nonsense".to_owned(), "", "it does not say when it was made"),
    ] {
        let found = of(&header, at);
        assert!(
            found.starts_with(said) && found.is_empty() == said.is_empty(),
            "{header}: {found}"
        );
    }
}

#[test]
fn a_signature_of_adyen_is_of_fields_and_in_the_body() {
    let body = |amount: u32, reference: &str, signature: &str| {
        let reference = serde_json::Value::from(reference);
        format!(
            r#"{{"amount":{{"currency":"EUR","value":{amount}}},"eventCode":"AUTHORISATION",
            "merchantAccountCode":"Shop","merchantReference":{reference},"pspReference":"PSP1",
            "success":"true","additionalData":{{"hmacSignature":"{signature}"}}}}"#
        )
    };
    let of = |body: &str, key: &str| verdict("Adyen", &[], key, body, "");
    for signature in [ADYEN, ADYEN_ESCAPED] {
        assert_eq!(of(&body(1130, "R:1\\2", signature), ADYEN_KEY), "");
        assert_eq!(of(&body(1130, "R:1\\2", signature), &ADYEN_KEY.to_lowercase()), "");
        for (amount, reference, key) in [
            (1131, "R:1\\2", ADYEN_KEY),
            (1130, "R:1", ADYEN_KEY),
            (1130, "R:1\\2", "45782DEF547AAA06C910C43932B1EB0C"),
            (1130, "R:1\\2", "no hex"),
        ] {
            let found = of(&body(amount, reference, signature), key);
            assert!(found.starts_with("it is not that of this body"), "{amount} {found}");
        }
    }
    assert!(of(&body(1130, "R", ""), ADYEN_KEY).starts_with("the delivery has none in "));
}
