//! Fees worked out by hand, and every mistake that a contract can have.

use super::*;
use crate::calendar::Cycle;
use crate::entry::Kind;
use crate::money::Currency;
use crate::time::Date;
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

fn amount(text: &str, code: &str) -> Amount {
    Amount::from_major(text.parse().unwrap(), currency(code)).unwrap()
}

const CONTRACT: &str = r#"
    schema = 1
    [[fee]]
    currency = "KES"
    percent = "1.5"
    fixed = "5.00"
    cap = "120"
    [[fee]]
    currency = "UGX"
    percent = "2.25"
    minimum = 500
    [[fee]]
    currency = "USD"
    kinds = ["sale"]
    percent = "2.9"
    fixed = "0.30"
    [[fee]]
    currency = "USD"
    kinds = ["refund", "chargeback"]
    percent = 0
    fixed = "15"
    [[fee]]
    currency = "XOF"
    percent = "2.5"
    fixed = "50"
    [[fee]]
    currency = "EUR"
    percent = "0.25"
    fixed = "0.0025"
    minimum = "0.01"
    cap = "1"
"#;

#[test]
fn fees_worked_out_by_hand() {
    use Kind::{Capture, Chargeback, Refund, Sale};
    let contract = Contract::parse(CONTRACT).unwrap();
    for (kind, code, gross, expected) in [
        (Sale, "KES", "1000.00", Some(("20.00", 0, Bound::None))),
        (Sale, "KES", "1250.35", Some(("23.76", 0, Bound::None))), // 18.75525 + 5
        (Sale, "KES", "7666.00", Some(("119.99", 0, Bound::None))),
        (Sale, "KES", "7666.66", Some(("120.00", 0, Bound::None))), // 119.9999
        (Sale, "KES", "7667.00", Some(("120.00", 0, Bound::Cap))),  // 120.005
        (Sale, "KES", "8000.00", Some(("120.00", 0, Bound::Cap))),
        (Sale, "KES", "-1000.00", Some(("20.00", 0, Bound::None))),
        (Sale, "KES", "0", Some(("5.00", 0, Bound::None))),
        (Capture, "KES", "1000.00", Some(("20.00", 0, Bound::None))),
        (Refund, "KES", "1000.00", None),
        (Sale, "UGX", "10500", Some(("500", 1, Bound::Minimum))), // 236.25
        (Sale, "UGX", "22222", Some(("500", 1, Bound::None))),    // 499.995
        (Sale, "UGX", "30022", Some(("675", 1, Bound::None))),    // 675.495
        (Sale, "UGX", "30023", Some(("676", 1, Bound::None))),    // 675.5175
        (Sale, "USD", "10.00", Some(("0.59", 2, Bound::None))),
        (Capture, "USD", "10.00", None),
        (Refund, "USD", "-10.00", Some(("15.00", 3, Bound::None))),
        (Chargeback, "USD", "-10.00", Some(("15.00", 3, Bound::None))),
        (Sale, "XOF", "1420", Some(("86", 4, Bound::None))), // 35.5 + 50
        (Sale, "XOF", "1419", Some(("85", 4, Bound::None))), // 35.475 + 50
        (Sale, "EUR", "9.00", Some(("0.03", 5, Bound::None))), // 0.0225 + 0.0025
        (Sale, "EUR", "0.40", Some(("0.01", 5, Bound::Minimum))), // 0.0035
        (Sale, "NGN", "10.00", None),
    ] {
        let line = Line::new(kind, currency(code), amount(gross, code));
        let got = contract.charge(&line, &Volumes::default()).charge();
        let shown = got.map(|fee| (fee.fee.format(currency(code)), fee.component, fee.bound));
        let expected = expected.map(|(fee, index, bound)| (fee.to_owned(), index, bound));
        assert_eq!(shown, expected, "{kind:?} {gross} {code}");
    }
}

#[test]
fn a_whole_contract_is_read() {
    let contract = Contract::parse(
        "schema = 1\nname = \"Agreement\"\n[settlement]\ncycle = \"T+2\"\n\
         weekend = [\"friday\", \"saturday\"]\nholidays = [\"2026-02-17\"]\n\
         working_days = [\"2026-02-20\"]\n[fx]\ntolerance_percent = \"0.5\"\n\
         [[fee]]\ncurrency = \"KES\"\npercent = 2\nfixed = \"5.00\"\ncap = 120\n",
    )
    .unwrap();
    assert_eq!(contract.name(), "Agreement");
    let settlement = contract.settlement().unwrap();
    assert_eq!(settlement.cycle, Cycle::Business(2));
    let works = |day| settlement.calendar.is_business_day(Date::from_iso(day).unwrap());
    assert!(works("2026-02-15") && works("2026-02-20") && !works("2026-02-17"));
    assert!(!works("2026-02-21"));
    assert_eq!(contract.fx_tolerance_percent(), Some(Decimal::new(5, 1)));
    let [fee] = contract.fees() else { panic!() };
    assert_eq!(
        (fee.rate.percent, fee.kinds.as_slice()),
        (Decimal::TWO, &[Kind::Sale, Kind::Capture][..])
    );
    assert_eq!(fee.cap, Some(Amount::from_minor(12_000)));

    let least = Contract::parse("schema = 1").unwrap();
    assert_eq!((least.settlement(), least.fx_tolerance_percent()), (None, None));
}

#[test]
fn errors_name_line_column_key_and_remedy() {
    let fee = "schema = 1\n[[fee]]\ncurrency = \"KES\"\n";
    for (toml, expected) in [
        (
            format!("{fee}percent = 1.5\n"),
            "4:11: `fee.percent`: invalid type: floating point `1.5`, expected an exact \
             decimal in quotes, such as \"1.5\"; put quotes around the number: a TOML float \
             does not hold every decimal exactly",
        ),
        (
            format!("{fee}percent = \"1,5\"\n"),
            "4:11: `fee.percent`: invalid value: string \"1,5\", expected an exact decimal in \
             quotes, such as \"1.5\"; correct this value",
        ),
        (
            format!("{fee}percent = \"101\"\n"),
            "4:11: `fee.percent`: 101 is no percentage; it goes from 0 to 100 with at most 12 \
             decimals",
        ),
        (
            format!("{fee}fixed = \"-5\"\n"),
            "4:9: `fee.fixed`: -5 is negative; fees are written as positive amounts",
        ),
        (
            format!("{fee}fixed = \"1\"\ncap = \"120.005\"\n"),
            "5:7: `fee.cap`: 120.005 has more decimals than KES (2); write the amount in \
             major units of the fee's currency",
        ),
        (
            format!("{fee}fixed = \"1\"\nminimum = \"2\"\ncap = \"1\"\n"),
            "2:1: `fee.minimum` is above `fee.cap`; swap them or correct one",
        ),
        (
            fee.to_owned(),
            "2:1: the fee has neither `percent` nor `fixed`; state one of them, such as \
             percent = \"1.5\"",
        ),
        (
            format!(
                "{fee}fixed = \"1\"\n[[fee]]\ncurrency = \"KES\"\nkinds = [\"capture\"]\nfixed = \"2\"\n"
            ),
            "5:1: a second `[[fee]]` for KES and the same kind; the first takes every such line: \
             give it a `when` or dates, or put it after the special ones",
        ),
        (
            format!("{fee}percentage = \"1\"\n"),
            "4:1: `fee`: unknown field `percentage`, expected one of `name`, `currency`, `kinds`, \
             `percent`, `fixed`, `fixed_from`, `minimum`, `cap`, `maximum`, `bands`, `tiers`, \
             `tier_by`, `tier_mode`, `volume_of`, `gross_up`, `pass_through`, `merchant_share`, \
             `per`, `refund`, `won`, `from`, `until`, `rounding`, `decimals`, `when`; correct the \
             name or remove the line",
        ),
        (
            "schema = 1\n[[fee]]\ncurrency = \"KSH\"\nfixed = \"1\"\n".to_owned(),
            "3:12: `fee.currency`: invalid value: string \"KSH\", expected an ISO 4217 code \
             such as \"KES\"; correct this value",
        ),
        (
            format!("{fee}kinds = [\"sale\", \"sales\"]\nfixed = \"1\"\n"),
            "4:18: `fee.kinds`: invalid value: string \"sales\", expected a kind of line such \
             as \"sale\", \"capture\" or \"refund\"; correct this value",
        ),
        ("schema = 2\n".to_owned(), "1:10: schema 2 is unknown; this version reads `schema = 1`"),
        ("".to_owned(), "1:1: missing field `schema`; add the line"),
        (
            "schema = 1\n[settlement]\ncycle = \"2 days\"\n".to_owned(),
            "3:9: `settlement.cycle`: invalid value: string \"2 days\", expected a cycle such \
             as \"T+2\" (business days), \"D+1\" (calendar days), \"weekly friday\", \
             \"monthly 5\" or \"month-end\"; correct this value",
        ),
        (
            "schema = 1\n[settlement]\ncycle = \"T+2\"\nholidays = [\"2026-02-30\"]\n".to_owned(),
            "4:13: `settlement.holidays`: invalid value: string \"2026-02-30\", expected a \
             date in quotes, such as \"2026-02-17\"; correct this value",
        ),
        (
            "schema = 1\n[fx]\ntolerance_percent = \"-1\"\n".to_owned(),
            "3:21: `fx.tolerance_percent`: -1 is no percentage; it goes from 0 to 100 with at \
             most 12 decimals",
        ),
    ] {
        let error = Contract::parse(&toml).unwrap_err().in_file("");
        assert_eq!(
            error.in_file("fees.toml").to_string(),
            format!("fees.toml:{expected}"),
            "{toml}"
        );
    }
    let unclosed = Contract::parse("schema = 1\nname = \"x\n").unwrap_err();
    assert_eq!(unclosed.place().unwrap().line, Some(2));
    let full = Contract::parse(
        "schema = 1\n[settlement]\ncycle = \"T+2\"\nholidays = [\"2026-02-17\"]\n\
         working_days = [\"2026-02-17\"]\n",
    );
    assert_eq!(
        full.unwrap_err().message(),
        "`settlement`: 2026-02-17 is listed as a holiday and as a working day"
    );
}

#[test]
fn mistakes_of_the_longer_tables_are_named_too() {
    let mut wrong = Vec::new();
    let fee = "schema = 1\n[[fee]]\ncurrency = \"KES\"\n";
    for (toml, expected) in [
        (
            "schema = 1\n[[fee]]\nfixed = 5\n".to_owned(),
            "2:1: `fee` states amounts and no currency; add the currency, such as currency = \"KES\", or give an amount for each: fixed = { USD = \"0.30\", EUR = \"0.25\" }",
        ),
        (
            "schema = 1\n[[fee]]\ncurrency = [\"KES\", \"UGX\"]\nfixed = 5\n".to_owned(),
            "4:9: `fee.fixed` is one amount for several currencies; give an amount for each, such as { USD = \"0.30\", EUR = \"0.25\" }",
        ),
        (
            "schema = 1\n[[fee]]\nfixed = { USD = 1, ABC = 2 }\n".to_owned(),
            "3:9: `fee.fixed`: ABC is no currency; write ISO 4217 codes such as KES",
        ),
        (
            "schema = 1\n[[fee]]\nfixed = { USD = 1, KES = 2 }\ncap = { USD = 3 }\n".to_owned(),
            "4:7: `fee.cap` has no amount for KES; add it, or 0 if there is none",
        ),
        (
            format!("{fee}bands = [{{ up_to = 10, fixed = 1 }}, {{ up_to = 10, fixed = 2 }}]\n"),
            "4:37: the steps do not rise; sort them by `up_to`, each above the one before; only the last may have none",
        ),
        (
            format!("{fee}bands = [{{ fixed = 1 }}, {{ up_to = 10, fixed = 2 }}]\n"),
            "4:25: the steps do not rise; sort them by `up_to`, each above the one before; only the last may have none",
        ),
        (
            format!("{fee}bands = [{{ up_to = 10 }}]\n"),
            "4:10: the step has neither `percent` nor `fixed`; state one of them; a step that is free has fixed = 0",
        ),
        (
            format!("{fee}bands = []\n"),
            "4:9: `bands` has no step; list at least one, such as {{ percent = \"1\" }}",
        ),
        (
            format!("{fee}tiers = [{{ percent = 1 }}]\n"),
            "4:9: `tiers` do not say what they go by; add tier_by = \"previous_month\" (or \"this_month\", \"month_total\", \"amount\")",
        ),
        (
            format!("{fee}percent = 1\ntier_by = \"amount\"\n"),
            "5:11: `fee.tier_by` has no `tiers`; add the tiers, or leave it out",
        ),
        (
            format!(
                "{fee}tier_by = \"amount\"\ntier_mode = \"marginal\"\ntiers = [{{ fixed = 1 }}]\n"
            ),
            "6:10: a marginal step has no fixed part; state it as `fixed` of the fee, or use tier_mode = \"whole\"",
        ),
        (
            format!("{fee}percent = 1\nfixed_from = 5\n"),
            "5:14: `fee.fixed_from` has no `fixed` to waive; state the fixed part that is waived below it",
        ),
        (
            format!("{fee}percent = 100\ngross_up = true\n"),
            "4:11: `fee.percent` leaves nothing; a fee that is charged on itself is below 100 percent",
        ),
        (
            format!("{fee}percent = 1\nfrom = 2026-02-02\nuntil = \"2026-02-01\"\n"),
            "2:1: `fee.until` is before `from`; swap the two days or correct one",
        ),
        (
            format!("{fee}percent = 1\nrounding = \"half-up\"\n"),
            "5:12: `fee.rounding`: invalid value: string \"half-up\", expected \"half_up\", \"half_even\", \"up\" or \"down\"; correct this value",
        ),
        (
            format!("{fee}percent = 1\nwon = \"kept\"\n"),
            "5:7: `fee.won` is for the fee of a chargeback; add kinds = [\"chargeback\"], or leave `won` out",
        ),
        (
            format!("{fee}percent = 1\nwhen = {{ amount_from = 5, amount_to = 4 }}\n"),
            "5:8: `fee.when.amount_from` is above `amount_to`; swap them or correct one",
        ),
        (
            format!("{fee}percent = 1\nwhen = {{ pair = \"EURUSD\" }}\n"),
            "5:17: `fee.when.pair`: invalid value: string \"EURUSD\", expected the order's currency and the settlement's, such as \"EUR>USD\"; correct this value",
        ),
        (
            format!("{fee}percent = 1\nwhen = {{ method = [] }}\n"),
            "5:19: `fee.when.method`: the list is empty; name at least one, or leave the line out",
        ),
        (
            format!("{fee}percent = 1\ncap = 1\nmaximum = 1\n"),
            "6:11: `cap` and `maximum` are the same; keep one of them",
        ),
        (
            "schema = 1\n[[surcharge]]\npercent = 1\nrefund = \"kept\"\n".to_owned(),
            "4:10: `surcharge.refund` has no meaning: it is a matter of the fee; state it in the `[[fee]]` that the surcharge is added to",
        ),
        (
            "schema = 1\n[[volume]]\nmonth = \"2026-13\"\ncurrency = \"KES\"\namount = 1\n"
                .to_owned(),
            "3:9: `volume.month`: invalid value: string \"2026-13\", expected a month in quotes, such as \"2026-02\"; correct this value",
        ),
        (
            "schema = 1\nround = \"all\"\n".to_owned(),
            "2:9: `round`: invalid value: string \"all\", expected \"total\" or \"component\"; correct this value",
        ),
        (
            "{\"schema\": 1,\n \"fee\": [{\"currency\": \"KES\",\n  \"percent\": \"1,5\"}]}"
                .to_owned(),
            "3:14: `fee.percent`: invalid value: string \"1,5\", expected an exact decimal in quotes, such as \"1.5\"; correct this value",
        ),
        ("{\"schema\": 1,\n \"fees\": []}".to_owned(), "2:10: unknown field `fees`"),
    ] {
        let error = Contract::parse(&toml).unwrap_err().in_file("fees.toml").to_string();
        let expected = expected.replace("{{", "{").replace("}}", "}");
        if !error.starts_with(&format!("fees.toml:{expected}")) {
            wrong.push(format!("{toml}\n{error}\n{expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_contract_may_be_written_as_json() {
    let toml = "schema = 1\nname = \"A\"\n[[fee]]\ncurrency = \"KES\"\npercent = \"1.5\"\nkinds = [\"sale\"]\nwhen = { method = \"card\" }\n";
    let json = r#"{"schema": 1, "name": "A", "fee": [
        {"currency": "KES", "percent": "1.5", "kinds": ["sale"], "when": {"method": "card"}}]}"#;
    assert_eq!(Contract::parse(toml).unwrap(), Contract::parse(json).unwrap());
    let unclosed = Contract::parse("{\"schema\": 1,").unwrap_err();
    assert_eq!((unclosed.code(), unclosed.place().unwrap().line), ("fees/toml", Some(1)));
}

proptest! {
    /// A twin that counts with decimals, and rounds with the library's own rounding.
    #[test]
    fn a_simple_fee_is_what_decimals_say(
        minor in 0_i64..1_000_000_000_000,
        percent in 0_i64..100_000, scale in 3_u32..6, fixed in 0_i64..1_000_000,
        waived in 0_i64..1_000_000, share in 0_i64..100,
    ) {
        use crate::money::{Rounding, round_minor};
        for (name, rounding) in [
            ("half_up", Rounding::HalfUp),
            ("half_even", Rounding::HalfEven),
            ("up", Rounding::Up),
            ("down", Rounding::Down),
        ] {
            let text = format!(
                "schema = 1\nrounding = \"{name}\"\n[[fee]]\ncurrency = \"UGX\"\npercent = \"{}\"\n\
                 fixed = {}\nfixed_from = {waived}\nmerchant_share = {share}\n",
                Decimal::new(percent, scale), fixed + 1,
            );
            let contract = Contract::parse(&text).unwrap();
            let line = Line::new(Kind::Sale, currency("UGX"), Amount::from_minor(minor));
            let found = contract.charge(&line, &Volumes::default()).charge().unwrap().fee;
            let rate = Decimal::new(percent, scale) / Decimal::ONE_HUNDRED;
            let added = if minor < waived { 0 } else { fixed + 1 };
            let exact = Decimal::from(minor) * rate + Decimal::from(added);
            let exact = exact * Decimal::new(share, 2);
            prop_assert_eq!(found, round_minor(exact, rounding).unwrap());
        }
    }

    #[test]
    fn no_amount_makes_a_contract_panic(minor in any::<i64>(), by in 0_u32..63) {
        let contract = Contract::parse(CONTRACT).unwrap();
        for code in ["KES", "UGX", "USD", "XOF", "EUR"] {
            let line = Line::new(Kind::Sale, currency(code), Amount::from_minor(minor >> by));
            let _ = contract.calculation(&line, &Volumes::default());
            let charge = contract.charge(&line, &Volumes::default());
            prop_assert!(charge.charge().is_some());
        }
    }
}
