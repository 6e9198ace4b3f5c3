//! Decides which profiles come with the program.

use std::sync::OnceLock;

use super::mapping::{fold_words, validate};
use super::profile::{Profile, Tested};
use super::rule::FieldRule;
use crate::entry::Side;
use crate::settings::Settings;

/// The files, in the order in which `crossfoot profiles` lists them.
const FILES: &[&str] = &[
    include_str!("profiles/account-balances-json.toml"),
    include_str!("profiles/account-transactions-json.toml"),
    include_str!("profiles/adyen-payments-accounting.toml"),
    include_str!("profiles/adyen-settlement-detail.toml"),
    include_str!("profiles/airtel-money-transactions.toml"),
    include_str!("profiles/airwallex-transactions-json.toml"),
    include_str!("profiles/alipay-account-log.toml"),
    include_str!("profiles/alipay-merchant-detail.toml"),
    include_str!("profiles/alipay-personal-bill.toml"),
    include_str!("profiles/allinpay-settlement.toml"),
    include_str!("profiles/amazon-date-range.toml"),
    include_str!("profiles/amazon-settlement-v1.toml"),
    include_str!("profiles/amazon-settlement-v2.toml"),
    include_str!("profiles/antom-settlement.toml"),
    include_str!("profiles/antom-settlement-batch.toml"),
    include_str!("profiles/antom-settlement-details.toml"),
    include_str!("profiles/bai2.toml"),
    include_str!("profiles/boc-statement.toml"),
    include_str!("profiles/braintree-json.toml"),
    include_str!("profiles/camt053.toml"),
    include_str!("profiles/checkout-payouts.toml"),
    include_str!("profiles/checkout-settlement.toml"),
    include_str!("profiles/cmb-statement.toml"),
    include_str!("profiles/daily-statement-cn.toml"),
    include_str!("profiles/dlocal-settlement.toml"),
    include_str!("profiles/dlocal-transactions.toml"),
    include_str!("profiles/flutterwave-settlements-json.toml"),
    include_str!("profiles/flutterwave-transactions-json.toml"),
    include_str!("profiles/flutterwave-transfers-json.toml"),
    include_str!("profiles/generic-bank.toml"),
    include_str!("profiles/generic-orders.toml"),
    include_str!("profiles/generic-settlement.toml"),
    include_str!("profiles/gr4vy-transactions.toml"),
    include_str!("profiles/icbc-statement.toml"),
    include_str!("profiles/jd-personal-bill.toml"),
    include_str!("profiles/lazada-transactions.toml"),
    include_str!("profiles/maribank-balances-json.toml"),
    include_str!("profiles/maribank-transactions-json.toml"),
    include_str!("profiles/meituan-personal-bill.toml"),
    include_str!("profiles/mercadopago-released-money.toml"),
    include_str!("profiles/mercadopago-settlement.toml"),
    include_str!("profiles/mfs-africa-settlement.toml"),
    include_str!("profiles/mpesa-c2b-json.toml"),
    include_str!("profiles/mpesa-organisation-statement.toml"),
    include_str!("profiles/mpesa-personal-statement.toml"),
    include_str!("profiles/mt940.toml"),
    include_str!("profiles/mt942.toml"),
    include_str!("profiles/ofx.toml"),
    include_str!("profiles/paypal-activity.toml"),
    include_str!("profiles/paypal-disputes.toml"),
    include_str!("profiles/paypal-settlement.toml"),
    include_str!("profiles/paystack-settlements-json.toml"),
    include_str!("profiles/paystack-transactions-json.toml"),
    include_str!("profiles/razorpay-settlement.toml"),
    include_str!("profiles/razorpay-settlement-json.toml"),
    include_str!("profiles/shopee-balance.toml"),
    include_str!("profiles/shopee-income.toml"),
    include_str!("profiles/shopify-orders.toml"),
    include_str!("profiles/shopify-orders-json.toml"),
    include_str!("profiles/shopify-payments-transactions.toml"),
    include_str!("profiles/shopify-payouts.toml"),
    include_str!("profiles/square-items.toml"),
    include_str!("profiles/square-transactions.toml"),
    include_str!("profiles/stripe-balance-transactions-json.toml"),
    include_str!("profiles/stripe-itemized.toml"),
    include_str!("profiles/stripe-payments.toml"),
    include_str!("profiles/tazapay-settlement.toml"),
    include_str!("profiles/tiktok-shop-income.toml"),
    include_str!("profiles/trustly-funding.toml"),
    include_str!("profiles/trustly-reconciliation.toml"),
    include_str!("profiles/unionpay-zm.toml"),
    include_str!("profiles/venmo-statement.toml"),
    include_str!("profiles/wechat-fund-flow.toml"),
    include_str!("profiles/wechat-personal-bill.toml"),
    include_str!("profiles/wechat-trade-bill.toml"),
    include_str!("profiles/wise-statement.toml"),
    include_str!("profiles/yeepay-fund-bill.toml"),
];

/// All shipped profiles, sorted by name.
pub fn profiles() -> &'static [Profile] {
    static PROFILES: OnceLock<Vec<Profile>> = OnceLock::new();
    PROFILES.get_or_init(|| FILES.iter().map(|text| parse(text)).collect())
}

/// The shipped profile of this name.
#[must_use]
pub fn profile(name: &str) -> Option<&'static Profile> {
    profiles().iter().find(|profile| profile.name == name)
}

/// The profile that reads any file of a side by the names of its columns.
#[must_use]
pub fn generic(side: Side) -> &'static Profile {
    let name = match side {
        Side::Orders => "generic-orders",
        Side::Bank => "generic-bank",
        Side::Settlement | Side::Webhook => "generic-settlement",
    };
    profile(name).expect("invariant: the generic profiles are in FILES")
}

pub(super) fn parse(text: &str) -> Profile {
    let read = Settings::parse(text).and_then(|settings| settings.read());
    let mut profile: Profile = read.expect("invariant: shipped profiles parse; a test holds it");
    profile.fields.values_mut().for_each(fold_words);
    if profile.status == Tested::Generic {
        profile.fields.values_mut().for_each(fold_columns);
    }
    validate(&profile).expect("invariant: shipped profiles are valid; a test holds it");
    profile
}

/// The names of a dictionary are many, and each is compared with every possible header.
fn fold_columns(rule: &mut FieldRule) {
    for names in [&mut rule.columns, &mut rule.or_columns, &mut rule.credit, &mut rule.debit] {
        names.iter_mut().for_each(|name| *name = super::fold::fold(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_parses_is_sorted_and_says_what_it_is() {
        assert!(profiles().windows(2).all(|pair| pair[0].name < pair[1].name));
        assert_eq!(profiles().len(), FILES.len());
        for profile in profiles() {
            assert!(!profile.title.en.is_empty() && !profile.title.zh_hans.is_empty());
            assert!(!profile.source.is_empty(), "{}", profile.name);
            assert_ne!(profile.status, Tested::Mapping, "{}", profile.name);
            assert!(profile.side.is_some(), "{}", profile.name);
            let generic = profile.status == Tested::Generic;
            assert_eq!(profile.signature.is_empty(), generic, "{}", profile.name);
        }
    }

    #[test]
    fn every_signature_column_is_one_that_the_profile_can_read() {
        // A signature that names what no rule reads is a typing mistake, or the layout is only
        // half described. Columns that are there to recognise a file, and nothing else:
        let markers = [
            "camt.053",
            "MT940",
            "MT942",
            "BAI2",
            "OFX",
            "CH",
            "Item",
            "Qty",
            "Gross Sales",
            "Captured",
            "Payout Status",
            "Lineitem name",
            "gross_amount",
            "app_fee",
            "stampduty_charge",
            "transaction_count",
            "交易名称",
            "商户名称",
            "资金状态",
            "业务流水号",
            "账务流水号",
            "PSP",
            "acquirer",
            "account_number",
            "bank_code",
            "full_name",
            "complete_message",
            "gateway_response",
            "Lazada SKU",
            "Other Party Info",
            "Total Fees",
        ];
        for profile in profiles() {
            // Without a header the signature is the first cells of the first record.
            if profile.codes.as_ref().is_some_and(|codes| !codes.columns.is_empty()) {
                continue;
            }
            let rules = profile.fields.values();
            let rules = rules.chain(profile.also.iter().filter_map(|also| also.amount.as_ref()));
            let mut read: Vec<&str> = rules.flat_map(FieldRule::mentioned).collect();
            read.extend(
                profile.rows.iter().flat_map(|row| row.condition.keys().map(String::as_str)),
            );
            let more =
                profile.components.iter().flat_map(|rows| rows.key.iter().chain(&rows.column));
            let more =
                more.chain(&profile.balance).chain(profile.lead.iter().map(|lead| &lead.filled));
            let checked =
                profile.checks.iter().flat_map(|check| check.plus.iter().chain(&check.minus));
            read.extend(more.chain(checked).map(String::as_str));
            let totals = profile.footer.iter().flat_map(|footer| &footer.totals);
            read.extend(totals.flat_map(|total| total.condition.keys()).map(String::as_str));
            let accounts = profile.statement.iter().flat_map(|rule| {
                let balances = [&rule.opening, &rule.closing, &rule.balance, &rule.available];
                let more = [&rule.frozen, &rule.account, &rule.figures];
                balances.into_iter().chain(more).flatten()
            });
            read.extend(accounts.map(String::as_str));
            for column in profile.signature.iter().flatten() {
                let known = read.contains(&column.as_str());
                assert!(known || markers.contains(&column.as_str()), "{} {column}", profile.name);
            }
        }
    }
}
