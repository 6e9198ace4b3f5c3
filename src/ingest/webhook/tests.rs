//! Logs as servers keep them, and what becomes of each element.

use super::*;
use crate::entry::Side;
use crate::money::Currency;

/// A delivery of a body, as it is kept.
fn kept(headers: &[(&str, &str)], body: &str) -> String {
    let headers: serde_json::Map<String, serde_json::Value> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    serde_json::json!({"received_at": "2026-02-03T07:00:04Z", "headers": headers, "body": body})
        .to_string()
}

fn read_log(log: &str, secrets: &str) -> Result<(SourceReport, Vec<String>), Error> {
    let mut spec = SourceSpec::new("events.ndjson");
    spec.side = Some(Side::Webhook);
    spec.secrets = Secrets::parse(secrets);
    let mut entries = Entries::default();
    entries.begin_source(Side::Webhook);
    let report = read(&spec, log.as_bytes(), &mut entries)?;
    let shown = entries.ids().map(|id| {
        let currency = entries.currency(id);
        let at = entries.occurred_at(id).map_or_else(String::new, |at| {
            let mut out = Vec::new();
            at.append_rfc3339(&mut out);
            String::from_utf8(out).unwrap()
        });
        let amount = entries.amount(id).format(currency);
        let ids = [entries.transaction_id(id), entries.order_number(id), entries.reference(id)];
        let words = [entries.kind(id).name(), entries.status(id).name()];
        let row = entries.row(id);
        format!(
            "{row} {} {} {} {amount} {} {at} {}",
            words.join(" "),
            ids.map(|id| if id.is_empty() { "-" } else { id }).join(" "),
            entries.memo(id),
            currency.code(),
            entries.side(id).name()
        )
    });
    let shown = shown.collect();
    Ok((report, shown))
}

/// Bodies of one provider, and the entries that they become.
fn assert_read(profile: &str, bodies: &[&str], expected: &[&str], structural: u64) {
    let log: Vec<String> = bodies.iter().map(|body| kept(&[], body)).collect();
    let (report, entries) = read_log(&log.join("\n"), "").unwrap();
    assert_eq!(report.profile, profile);
    let expected: Vec<String> = expected.iter().map(|line| format!("{line} webhook")).collect();
    assert_eq!(entries, expected, "{:?}", report.rejected);
    assert_eq!((report.rows.rejected, report.rows.structural), (0, structural));
    assert!(report.rows.ties() && report.rows.read == bodies.len() as u64);
    assert!(report.assumptions.iter().any(|one| one.what == "signatures"));
}

#[test]
fn events_of_stripe() {
    let event = |kind: &str, object: &str| {
        format!(
            r#"{{"id":"evt_1","object":"event","created":1770102000,"livemode":true,"type":"{kind}","data":{{"object":{object}}}}}"#
        )
    };
    let charge = |more: &str| {
        format!(
            r#"{{"id":"ch_1","object":"charge","amount":2500,"currency":"eur","payment_intent":"pi_1","metadata":{{"order_id":"1001"}},{more}}}"#
        )
    };
    let bodies = [
        event(
            "charge.succeeded",
            &charge(r#""captured":true,"amount_captured":2500,"status":"succeeded""#),
        ),
        event(
            "payment_intent.succeeded",
            r#"{"id":"pi_1","object":"payment_intent","amount":2500,"amount_received":2500,"currency":"eur","latest_charge":"ch_1","metadata":{"order_id":"1001"},"status":"succeeded"}"#,
        ),
        event(
            "checkout.session.completed",
            r#"{"id":"cs_1","object":"checkout.session","amount_total":2500,"currency":"eur","payment_intent":"pi_1","payment_status":"paid","client_reference_id":"1001","status":"complete"}"#,
        ),
        event(
            "charge.succeeded",
            &charge(r#""captured":false,"amount_captured":0,"status":"succeeded""#),
        ),
        event(
            "charge.captured",
            &charge(r#""captured":true,"amount_captured":2000,"status":"succeeded""#),
        ),
        event(
            "charge.failed",
            &charge(r#""captured":false,"amount_captured":0,"status":"failed""#),
        ),
        event(
            "refund.created",
            r#"{"id":"re_1","object":"refund","amount":700,"charge":"ch_1","currency":"eur","payment_intent":"pi_1","status":"succeeded"}"#,
        ),
        event(
            "refund.updated",
            r#"{"id":"re_2","object":"refund","amount":700,"charge":"ch_1","currency":"eur","payment_intent":"pi_1","status":"pending"}"#,
        ),
        event(
            "charge.dispute.funds_withdrawn",
            r#"{"id":"du_1","object":"dispute","amount":2500,"charge":"ch_1","currency":"eur","payment_intent":"pi_1","status":"needs_response"}"#,
        ),
        event(
            "charge.dispute.created",
            r#"{"id":"du_1","object":"dispute","amount":2500,"currency":"eur"}"#,
        ),
        event(
            "payout.paid",
            r#"{"id":"po_1","object":"payout","amount":1500,"currency":"jpy","status":"paid"}"#,
        ),
        event("customer.created", r#"{"id":"cus_1","object":"customer"}"#),
    ];
    let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
    let at = "2026-02-03T07:00:00Z";
    let expected = [
        format!("1 sale paid ch_1 pi_1 1001 charge.succeeded evt_1 25.00 EUR {at}"),
        format!("2 sale paid ch_1 pi_1 1001 payment_intent.succeeded evt_1 25.00 EUR {at}"),
        format!("3 sale paid cs_1 pi_1 1001 checkout.session.completed evt_1 25.00 EUR {at}"),
        format!("4 preauth authorized ch_1 pi_1 1001 charge.succeeded evt_1 25.00 EUR {at}"),
        format!("5 capture paid ch_1 pi_1 1001 charge.captured evt_1 20.00 EUR {at}"),
        format!("6 sale failed ch_1 pi_1 1001 charge.failed evt_1 25.00 EUR {at}"),
        format!("7 refund paid re_1 pi_1 - refund.created evt_1 -7.00 EUR {at}"),
        format!("8 refund pending re_2 pi_1 - refund.updated evt_1 -7.00 EUR {at}"),
        format!(
            "9 chargeback paid du_1 pi_1 - charge.dispute.funds_withdrawn evt_1 -25.00 EUR {at}"
        ),
        format!("11 payout paid po_1 po_1 - payout.paid evt_1 -1500 JPY {at}"),
    ];
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_read("stripe-webhook", &bodies, &expected, 2);
}

#[test]
fn events_of_the_other_providers() {
    assert_read(
        "razorpay-webhook",
        &[
            r#"{"entity":"event","account_id":"acc_1","event":"payment.captured","contains":["payment"],"payload":{"payment":{"entity":{"id":"pay_1","amount":50000,"currency":"INR","status":"captured","order_id":"order_1","method":"card","created_at":1770101990}}},"created_at":1770102000}"#,
            r#"{"entity":"event","account_id":"acc_1","event":"order.paid","contains":["payment","order"],"payload":{"payment":{"entity":{"id":"pay_1","amount":50000,"currency":"INR","status":"captured","order_id":"order_1","created_at":1770101990}},"order":{"entity":{"id":"order_1","receipt":"1001"}}},"created_at":1770102000}"#,
            r#"{"entity":"event","account_id":"acc_1","event":"refund.processed","contains":["refund","payment"],"payload":{"refund":{"entity":{"id":"rfnd_1","amount":4000,"currency":"INR","payment_id":"pay_1","status":"processed"}},"payment":{"entity":{"id":"pay_1","amount":50000,"currency":"INR"}}},"created_at":1770102000}"#,
            r#"{"entity":"event","account_id":"acc_1","event":"payment.dispute.created","contains":["dispute"],"payload":{},"created_at":1770102000}"#,
        ],
        &[
            "1 sale paid pay_1 - order_1 payment.captured 500.00 INR 2026-02-03T07:00:00Z",
            "2 sale paid pay_1 - 1001 order.paid 500.00 INR 2026-02-03T07:00:00Z",
            "3 refund paid rfnd_1 - - refund.processed -40.00 INR 2026-02-03T07:00:00Z",
        ],
        1,
    );
    assert_read(
        "paystack-webhook",
        &[
            r#"{"event":"charge.success","data":{"id":302961,"domain":"live","status":"success","reference":"1001","amount":10000,"paid_at":"2026-02-03T07:00:00.000Z","channel":"card","currency":"NGN"}}"#,
            r#"{"event":"refund.processed","data":{"status":"processed","transaction_reference":"1001","refund_reference":"R1","amount":"2500","currency":"NGN"}}"#,
            r#"{"event":"transfer.success","data":{"id":1,"domain":"live","amount":10000,"currency":"NGN","reference":"t"}}"#,
        ],
        &[
            "1 sale paid 302961 - 1001 charge.success 302961 100.00 NGN 2026-02-03T07:00:00Z",
            "2 refund paid R1 - 1001 refund.processed R1 -25.00 NGN 2026-02-03T07:00:04Z",
        ],
        1,
    );
    assert_read(
        "cashfree-webhook",
        &[
            r#"{"data":{"order":{"order_id":"1001","order_amount":170.00,"order_currency":"INR"},"payment":{"cf_payment_id":1453002795,"payment_status":"SUCCESS","payment_amount":170.00,"payment_currency":"INR","payment_time":"2026-02-03T12:30:00+05:30","payment_group":"upi"}},"event_time":"2026-02-03T12:30:02+05:30","type":"PAYMENT_SUCCESS_WEBHOOK"}"#,
            r#"{"data":{"refund":{"cf_refund_id":11325632,"cf_payment_id":1453002795,"refund_id":"r","order_id":"1001","refund_amount":2.00,"refund_currency":"INR","refund_status":"SUCCESS","processed_at":"2026-02-03T12:30:00+05:30"}},"event_time":"2026-02-03T12:30:02+05:30","type":"REFUND_STATUS_WEBHOOK"}"#,
        ],
        &[
            "1 sale paid 1453002795 - 1001 PAYMENT_SUCCESS_WEBHOOK 1453002795 170.00 INR 2026-02-03T07:00:00Z",
            "2 refund paid 11325632 1453002795 1001 REFUND_STATUS_WEBHOOK 11325632 -2.00 INR 2026-02-03T07:00:00Z",
        ],
        0,
    );
    assert_read(
        "flutterwave-v4-webhook",
        &[
            r#"{"webhook_id":"wbk_1","timestamp":1770102001000,"type":"charge.completed","data":{"id":"chg_1","amount":200.5,"currency":"NGN","reference":"1001","status":"succeeded","created_datetime":"2026-02-03T07:00:00.001Z"}}"#,
        ],
        &["1 sale paid chg_1 - 1001 charge.completed wbk_1 200.50 NGN 2026-02-03T07:00:00.001Z"],
        0,
    );
    assert_read(
        "flutterwave-v3-webhook",
        &[
            r#"{"event":"charge.completed","data":{"id":285959875,"tx_ref":"1001","flw_ref":"F1","amount":100,"currency":"KES","status":"successful","created_at":"2026-02-03T07:00:00.000Z","payment_type":"card"}}"#,
        ],
        &[
            "1 sale paid 285959875 F1 1001 charge.completed 285959875 100.00 KES 2026-02-03T07:00:00Z",
        ],
        0,
    );
    let adyen = |code: &str, psp: &str, original: &str, success: &str| {
        format!(
            r#"{{"live":"true","notificationItems":[{{"NotificationRequestItem":{{"additionalData":{{"hmacSignature":"x"}},"amount":{{"currency":"ISK","value":113000}},"eventCode":"{code}","eventDate":"2026-02-03T08:00:00+01:00","merchantAccountCode":"Shop","merchantReference":"1001","originalReference":"{original}","pspReference":"{psp}","success":"{success}"}}}}]}}"#
        )
    };
    let bodies = [
        adyen("AUTHORISATION", "A", "", "true"),
        adyen("CAPTURE", "B", "A", "true"),
        adyen("REFUND", "C", "A", "true"),
        adyen("AUTHORISATION", "D", "", "false"),
        adyen("REPORT_AVAILABLE", "E", "", "true"),
    ];
    let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
    assert_read(
        "adyen-webhook",
        &bodies,
        &[
            "1 sale paid A - 1001 AUTHORISATION A 1130 ISK 2026-02-03T07:00:00Z",
            "2 capture paid B A 1001 CAPTURE B 1130 ISK 2026-02-03T07:00:00Z",
            "3 refund paid C A 1001 REFUND C -1130 ISK 2026-02-03T07:00:00Z",
            "4 preauth failed D - 1001 AUTHORISATION D 1130 ISK 2026-02-03T07:00:00Z",
        ],
        1,
    );
    assert_eq!(Currency::from_code("ISK").unwrap().exponent(), 0, "Adyen counts it in hundredths");
}

const PAYSTACK: &str = r#"{"event":"charge.success","data":{"id":7,"domain":"live","status":"success","reference":"1001","amount":10000,"paid_at":"2026-02-03T07:00:00Z","currency":"NGN"}}"#;
/// HMAC-SHA512 of it by `sk_1`.
const SIGNED: &str = "9892f0f3ad20ba67c3563bde39de4a719ed308794cbee6f5565a0b5f083e460edcc37e613d535be20bf3c2a94dcc6b20704a60cbc13cda4d86f7771edfa4b8f4";

#[test]
fn nothing_is_used_of_a_delivery_that_is_not_believed() {
    let log = [
        kept(&[("X-Paystack-Signature", SIGNED)], PAYSTACK),
        kept(&[("X-Paystack-Signature", SIGNED)], &PAYSTACK.replace("10000", "90000")),
        kept(&[], PAYSTACK),
        kept(&[("Authorization", "sk_1")], "{\"key\":\"sk_1\"}"),
        kept(&[("X-Paystack-Signature", SIGNED)], "{\"cut"),
        "{\"headers\":{\"a\":\"sk_1\"}}".to_owned(),
        "{\"body\":".to_owned(),
        "7".to_owned(),
    ];
    let (report, entries) = read_log(&log.join("\n"), "sk_1").unwrap();
    assert_eq!(entries.len(), 1);
    assert!(report.rows.ties());
    let rejected: Vec<(u32, &str)> =
        report.rejected.iter().map(|row| (row.row, row.code.name())).collect();
    let invalid = "SIGNATURE_INVALID";
    let other = "UNPARSEABLE";
    let expected =
        [(2, invalid), (3, invalid), (4, other), (5, invalid), (6, other), (7, other), (8, other)];
    assert_eq!(rejected, expected);
    assert!(report.assumptions.iter().all(|one| one.what != "signatures"));
    let raw: Vec<&str> = report.rejected.iter().map(|row| row.raw.as_str()).collect();
    assert!(raw.iter().all(|raw| !raw.contains("sk_1")), "{raw:?}");
    assert_eq!(raw[2], "{\"key\":\"[secret]\"}");
    // Of another secret not a single event is left, and it is still known what the file is.
    let (report, entries) = read_log(&log[0], "sk_2").unwrap();
    assert_eq!((entries.len(), report.rows.rejected), (0, 1));
}

#[test]
fn a_log_is_of_one_provider_and_says_so() {
    let flutterwave = r#"{"event":"charge.completed","data":{"id":2,"tx_ref":"1","flw_ref":"F1","amount":100,"currency":"KES","status":"successful","created_at":"2026-02-03T07:00:00Z"}}"#;
    let log = [kept(&[], flutterwave), kept(&[], PAYSTACK), kept(&[], PAYSTACK)];
    let array = format!("\u{feff}[{}]", log.join(","));
    let (report, entries) = read_log(&array, "").unwrap();
    assert_eq!((report.profile.as_str(), entries.len()), ("paystack-webhook", 2));
    assert!(report.rejected[0].reason.starts_with("it is an event of Flutterwave v3"));
    for (log, code) in [
        ("", "ingest/empty"),
        ("{\"a\":1}", "ingest/no-deliveries"),
        ("{\"body\":\"{}\"}", "ingest/no-deliveries"),
        ("[1,2", "ingest/bad-json"),
    ] {
        let error = read_log(log, "").unwrap_err();
        assert_eq!(error.code(), code, "{log}");
        assert_eq!(error.place().unwrap().file, "events.ndjson");
    }
}

/// Only some fields of a notification are signed: what is read must be what was signed.
#[test]
fn a_field_that_comes_twice_is_refused() {
    let twice = PAYSTACK.replace("\"amount\":10000", "\"amount\":10000,\"amount\":1");
    let dotted = PAYSTACK.replace("\"data\":{", "\"data.amount\":1,\"data\":{");
    let mine = PAYSTACK.replace("\"data\":{", "\"delivery\":{\"event\":\"x\"},\"data\":{");
    for body in [twice, dotted, mine] {
        let (report, entries) = read_log(&kept(&[], &body), "").unwrap();
        assert!(entries.is_empty());
        assert!(report.rejected[0].reason.contains(" twice, so that nobody can say"), "{body}");
    }
}
