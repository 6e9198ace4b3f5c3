//! Decides what the provider may charge: the fee contract of the sample month and its `fees.toml`.

use super::clock::{CYCLE, HOLIDAYS};
use super::market::{Currency, KES, NGN, UGX, USD, XOF};
use super::money::{divide_half_up, push_amount};

/// Deviation of an exchange rate that the contract tolerates, in percent.
const FX_TOLERANCE: &str = "0.5";

/// One fee; amounts in minor units of the currency, the percentage in hundredths of a percent.
#[derive(Debug)]
struct Fee {
    currency: Currency,
    kinds: Option<&'static str>,
    percent: &'static str,
    basis_points: i64,
    fixed: i64,
    minimum: Option<i64>,
    cap: Option<i64>,
}

const FEES: [Fee; 5] = [
    Fee {
        currency: KES,
        kinds: Some("[\"sale\"]"),
        percent: "1.5",
        basis_points: 150,
        fixed: 500,
        minimum: None,
        cap: Some(12_000),
    },
    Fee {
        currency: NGN,
        kinds: None,
        percent: "1.4",
        basis_points: 140,
        fixed: 10_000,
        minimum: None,
        cap: Some(60_000),
    },
    Fee {
        currency: UGX,
        kinds: None,
        percent: "2.25",
        basis_points: 225,
        fixed: 0,
        minimum: Some(500),
        cap: Some(9_000),
    },
    Fee {
        currency: XOF,
        kinds: None,
        percent: "2.5",
        basis_points: 250,
        fixed: 50,
        minimum: None,
        cap: None,
    },
    Fee {
        currency: USD,
        kinds: Some("[\"sale\", \"capture\"]"),
        percent: "2.9",
        basis_points: 290,
        fixed: 30,
        minimum: None,
        cap: None,
    },
];

fn fee_of(currency: Currency) -> &'static Fee {
    FEES.iter()
        .find(|fee| fee.currency == currency)
        .expect("invariant: the contract has a fee for every currency of a store")
}

/// The contract's fee for a payment of `gross` minor units.
pub(super) fn contract_fee(currency: Currency, gross: i64) -> i64 {
    let fee = fee_of(currency);
    let mut amount = uncapped_fee(currency, gross);
    if let Some(minimum) = fee.minimum {
        amount = amount.max(minimum);
    }
    if let Some(cap) = fee.cap {
        amount = amount.min(cap);
    }
    amount
}

/// What the fee would be if nobody looked at the cap or the minimum.
pub(super) fn uncapped_fee(currency: Currency, gross: i64) -> i64 {
    let fee = fee_of(currency);
    divide_half_up(gross * fee.basis_points, 10_000) + fee.fixed
}

/// `fees.toml`.
pub(super) fn fees_toml() -> String {
    let mut out =
        String::from("schema = 1\nname = \"MFS Africa merchant agreement 2026\"\n\n[settlement]\n");
    let holidays: Vec<String> = HOLIDAYS.iter().map(|(_, date)| format!("\"{date}\"")).collect();
    out.push_str(&format!("cycle = \"T+{CYCLE}\"\nweekend = [\"saturday\", \"sunday\"]\n"));
    out.push_str(&format!("holidays = [{}]\n\n[fx]\n", holidays.join(", ")));
    out.push_str(&format!("tolerance_percent = \"{FX_TOLERANCE}\"\n"));
    for fee in &FEES {
        out.push_str(&format!("\n[[fee]]\ncurrency = \"{}\"\n", fee.currency.code));
        if let Some(kinds) = fee.kinds {
            out.push_str(&format!("kinds = {kinds}\n"));
        }
        out.push_str(&format!("percent = \"{}\"\n", fee.percent));
        let amounts = [("fixed", Some(fee.fixed)), ("minimum", fee.minimum), ("cap", fee.cap)];
        for (name, amount) in amounts {
            if let Some(minor) = amount.filter(|&minor| minor != 0) {
                out.push_str(&format!("{name} = \""));
                push_amount(&mut out, minor, fee.currency.exponent);
                out.push_str("\"\n");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_are_rounded_capped_and_raised_to_the_minimum() {
        // (currency, gross, fee), worked out by hand in minor units.
        let cases = [
            (KES, 100_000, 2_000),    // 15.00 + 5.00
            (KES, 125_035, 2_376),    // 18.75525 + 5.00
            (KES, 766_600, 11_999),   // 114.99 + 5.00
            (KES, 800_000, 12_000),   // 125.00 capped
            (UGX, 10_500, 500),       // 236.25 raised
            (UGX, 30_000, 675),       // 675
            (UGX, 30_020, 675),       // 675.45
            (UGX, 30_022, 675),       // 675.495
            (UGX, 30_023, 676),       // 675.5175
            (XOF, 1_420, 86),         // 35.5 + 50: the half goes up
            (USD, 1_000, 59),         // 0.29 + 0.30
            (NGN, 3_600_000, 60_000), // 504.00 + 100.00 capped
        ];
        for (currency, gross, fee) in cases {
            assert_eq!(contract_fee(currency, gross), fee, "{} {gross}", currency.code);
        }
    }
}
