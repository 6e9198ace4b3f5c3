//! How a single value of a contract is written, and what is wrong with one that cannot be used.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::model::{By, Per, Refund};
use super::volume::Month;
use crate::calendar::Cycle;
use crate::entry::Kind;
use crate::money::{Amount, Currency, Rounding};
use crate::settings::without_indices;
use crate::time::{Date, Weekday};

/// Decimals of a percentage: more than any contract has, and few enough for exact products.
pub(super) const PERCENT_DECIMALS: u32 = 12;

/// A value that is written as text and has a stated form; read once its path is known.
#[derive(Deserialize)]
pub(super) struct Text(Box<RawValue>);

/// Something that is not as it should be: its path with indices, what, and what to do.
pub(super) struct Wrong {
    pub(super) path: String,
    pub(super) message: String,
    pub(super) remedy: &'static str,
}

impl Wrong {
    pub(super) fn new(path: &str, message: String, remedy: &'static str) -> Self {
        Self { path: path.to_owned(), message, remedy }
    }
}

pub(super) fn percent(text: &Text, path: &str) -> Result<Decimal, Wrong> {
    let number = text.value::<Decimal>(path)?.normalize();
    if number < Decimal::ZERO || number > Decimal::ONE_HUNDRED || number.scale() > PERCENT_DECIMALS
    {
        let message = format!("`{}`: {number} is no percentage", without_indices(path));
        return Err(Wrong::new(path, message, "it goes from 0 to 100 with at most 12 decimals"));
    }
    Ok(number)
}

pub(super) fn amount(
    text: &Text,
    path: &str,
    currency: Currency,
    decimals: u32,
) -> Result<Amount, Wrong> {
    let number = text.value::<Decimal>(path)?.normalize();
    let wrong = |why: &str, remedy| {
        Wrong::new(path, format!("`{}`: {number} {why}", without_indices(path)), remedy)
    };
    if number < Decimal::ZERO {
        return Err(wrong("is negative", "fees are written as positive amounts"));
    }
    if number.scale() > decimals {
        let why = format!("has more decimals than {currency} ({})", currency.exponent());
        return Err(wrong(&why, "write the amount in major units of the fee's currency"));
    }
    Amount::from_major(number, currency)
        .map_err(|error| wrong(&error.to_string(), "write a smaller amount"))
}

impl Text {
    /// Whether it is a table or a list, and no single value.
    pub(super) fn is_table(&self) -> bool {
        self.0.get().starts_with('{')
    }

    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        self.0.get().starts_with('[')
    }

    /// What is in it, as another type.
    pub(super) fn inner<'t, T: Deserialize<'t>>(&'t self) -> Option<T> {
        serde_json::from_str(self.0.get()).ok()
    }

    /// Integers are exact too, so that `percent = 2` is no trap.
    pub(super) fn value<T: Written>(&self, path: &str) -> Result<T, Wrong> {
        let raw = self.0.get();
        let form = T::FORM;
        let wrong = |what: String, remedy| {
            let message = format!("`{}`: invalid {what}, expected {form}", without_indices(path));
            Wrong::new(path, message, remedy)
        };
        if let Ok(text) = serde_json::from_str::<String>(raw) {
            let what = || wrong(format!("value: string {text:?}"), "correct this value");
            T::read(&text).ok_or_else(what)
        } else if raw.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            let what = || wrong(format!("type: integer `{raw}`"), "correct this value");
            T::read(raw).ok_or_else(what)
        } else if raw.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
            let remedy =
                "put quotes around the number: a TOML float does not hold every decimal exactly";
            Err(wrong(format!("type: floating point `{raw}`"), remedy))
        } else {
            Err(wrong("type".to_owned(), "correct this value"))
        }
    }

    /// One value, or a list of them.
    pub(super) fn values<T: Written>(&self, path: &str) -> Result<Vec<T>, Wrong> {
        if !self.is_list() {
            return Ok(vec![self.value(path)?]);
        }
        let texts: Vec<Text> = self.inner().unwrap_or_default();
        if texts.is_empty() {
            let message = format!("`{}`: the list is empty", without_indices(path));
            return Err(Wrong::new(path, message, "name at least one, or leave the line out"));
        }
        values(&texts, path)
    }
}

/// The values of a list.
pub(super) fn values<T: Written>(texts: &[Text], path: &str) -> Result<Vec<T>, Wrong> {
    let value = |(index, text): (usize, &Text)| text.value(&format!("{path}[{index}]"));
    texts.iter().enumerate().map(value).collect()
}

/// What a text in a contract can be.
pub(super) trait Written: Sized {
    const FORM: &'static str;
    fn read(text: &str) -> Option<Self>;
}

/// A text as it is.
pub(super) struct Plain(pub(super) String);

/// Two currencies, `EUR>USD`.
pub(super) struct Pair(pub(super) Currency, pub(super) Currency);

/// Whether rounding is done for each component.
pub(super) struct RoundComponents(pub(super) bool);

/// Whether tiers are marginal.
pub(super) struct Marginal(pub(super) bool);

/// Whether the volume is that of the whole currency.
pub(super) struct WholeCurrency(pub(super) bool);

/// Whether a tax is shown apart.
pub(super) struct Apart(pub(super) bool);

/// Whether a fee is given back when a chargeback was won.
pub(super) struct Won(pub(super) bool);

macro_rules! written {
    ($($type:ty, $form:literal, $text:ident => $read:expr;)+) => {
        $(impl Written for $type {
            const FORM: &'static str = $form;
            fn read($text: &str) -> Option<Self> {
                $read
            }
        })+
    };
}

written! {
    Decimal, "an exact decimal in quotes, such as \"1.5\"", text => {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
        Self::from_str_exact(text).ok().filter(|_| plain)
    };
    Cycle, "a cycle such as \"T+2\" (business days), \"D+1\" (calendar days), \
            \"weekly friday\", \"monthly 5\" or \"month-end\"", text => Self::parse(text);
    Weekday, "a weekday such as \"saturday\"", text => Self::from_name(text);
    Date, "a date in quotes, such as \"2026-02-17\"", text => Self::from_iso(text);
    Month, "a month in quotes, such as \"2026-02\"", text => Self::from_iso(text);
    Currency, "an ISO 4217 code such as \"KES\"", text => Self::from_code(text);
    Kind, "a kind of line such as \"sale\", \"capture\" or \"refund\"", text => Self::from_name(text);
    Refund, "\"kept\", \"returned\", \"pro_rata\" or \"percent_returned\"", text => Self::from_name(text);
    Per, "\"line\", \"batch\" or \"month\"", text => Self::from_name(text);
    Plain, "a text in quotes", text => Some(Self(text.to_owned()));
    u32, "a whole number from 0 to 4", text => text.parse().ok().filter(|number| *number <= 4);
    Pair, "the order's currency and the settlement's, such as \"EUR>USD\"", text => {
        let (from, to) = text.split_once('>')?;
        Some(Self(Currency::from_code(from.trim())?, Currency::from_code(to.trim())?))
    };
    Rounding, "\"half_up\", \"half_even\", \"up\" or \"down\"", text => match text {
        "half_up" => Some(Self::HalfUp),
        "half_even" => Some(Self::HalfEven),
        "up" => Some(Self::Up),
        "down" => Some(Self::Down),
        _ => None,
    };
    By, "\"amount\", \"previous_month\", \"this_month\" or \"month_total\"", text => match text {
        "amount" => Some(Self::Amount),
        "previous_month" => Some(Self::PreviousMonth),
        "this_month" => Some(Self::ThisMonth),
        "month_total" => Some(Self::MonthTotal),
        _ => None,
    };
    RoundComponents, "\"total\" or \"component\"", text => either(text, "total", "component").map(Self);
    Marginal, "\"whole\" or \"marginal\"", text => either(text, "whole", "marginal").map(Self);
    WholeCurrency, "\"fee\" or \"currency\"", text => either(text, "fee", "currency").map(Self);
    Apart, "\"fee\" or \"tax\", the column that shows it", text => either(text, "fee", "tax").map(Self);
    Won, "\"kept\" or \"returned\"", text => either(text, "kept", "returned").map(Self);
}

/// Which of two words it is: `false` for the first.
fn either(text: &str, first: &str, second: &str) -> Option<bool> {
    if text == first {
        return Some(false);
    }
    (text == second).then_some(true)
}
