//! Decides what a person sees of ageing, forecast and exchange rates: a small object for each row.
//!
//! The TypeScript twin of these types is in `www/sdk/types/report.ts`.

use serde::Serialize;

use crate::exceptions::{AgeBucket, DueDay, FxDay, FxGain};
use crate::money::{Amount, Currency};
use crate::report::FeeRow;

/// What was charged for some lines, beside the contract.
#[derive(Debug, Serialize)]
pub struct FeesRow {
    pub provider: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    pub currency: &'static str,
    pub lines: u64,
    pub charged: String,
    pub over: String,
    pub under: String,
    pub not_known: u64,
}

impl FeesRow {
    pub(crate) fn of(row: FeeRow) -> Self {
        let currency = Currency::from_code(row.currency);
        let shown = |amount: Amount| currency.map_or_else(String::new, |c| amount.format(c));
        let (payout, method) =
            if row.of_payout { (Some(row.name), None) } else { (None, Some(row.name)) };
        Self {
            payout,
            method,
            month: Some(row.month).filter(|month| !month.is_empty()),
            currency: row.currency,
            lines: row.lines,
            charged: shown(row.charged),
            over: shown(row.over),
            under: shown(row.under),
            not_known: row.not_known,
            provider: row.provider,
        }
    }
}

/// Open orders of one age.
#[derive(Debug, Serialize)]
pub struct AgeRow {
    pub bucket: &'static str,
    pub rows: u64,
    pub amount: String,
}

impl AgeRow {
    pub(crate) fn of(age: AgeBucket, currency: Currency) -> Self {
        Self { bucket: age.bucket, rows: age.rows, amount: age.amount.format(currency) }
    }
}

/// Money that is due on a day.
#[derive(Debug, Serialize)]
pub struct DueRow {
    pub on: String,
    pub side: &'static str,
    pub rows: u64,
    pub amount: String,
}

impl DueRow {
    pub(crate) fn of(due: DueDay, currency: Currency) -> Self {
        Self {
            on: due.on.to_string(),
            side: due.side.name(),
            rows: due.rows,
            amount: due.amount.format(currency),
        }
    }
}

/// How punctual the provider was.
#[derive(Debug, Serialize)]
pub struct PaidRow {
    pub early: u64,
    pub on_time: u64,
    pub late: u64,
}

/// What conversions cost on a day.
#[derive(Debug, Serialize)]
pub struct FxRow {
    pub on: String,
    pub provider: String,
    pub from: &'static str,
    pub rate: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    pub rows: u64,
    pub sent: String,
    pub fair: String,
    pub arrived: String,
    pub spread: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_points: Option<String>,
}

impl FxRow {
    pub(crate) fn of(day: FxDay<'_>, currency: Currency) -> Self {
        Self {
            on: day.on.to_string(),
            provider: day.provider.to_owned(),
            from: day.from.code(),
            rate: day.rate.to_string(),
            source: day.source.to_owned(),
            rows: day.rows,
            sent: day.sent.format(day.from),
            fair: day.fair.format(currency),
            arrived: day.arrived.format(currency),
            spread: day.spread.format(currency),
            basis_points: day.basis_points.map(|points| points.to_string()),
        }
    }
}

/// What changing rates did to conversions.
#[derive(Debug, Serialize)]
pub struct FxGainRow {
    pub from: &'static str,
    pub rows: u64,
    pub to_settlement: String,
    pub to_payout: String,
    pub unknown: u64,
}

impl FxGainRow {
    pub(crate) fn of(gain: FxGain, currency: Currency) -> Self {
        Self {
            from: gain.from.code(),
            rows: gain.rows,
            to_settlement: gain.to_settlement.format(currency),
            to_payout: gain.to_payout.format(currency),
            unknown: gain.unknown,
        }
    }
}
