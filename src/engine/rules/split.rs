//! Reads `[[split]]` of `rules.toml`: who gets what of a payment (分账).

use rust_decimal::Decimal;
use serde::Deserialize;

use super::{decimal, invalid};
use crate::error::Error;
use crate::exceptions::{NamedIn, Share, SharePart, Split};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SplitTable {
    #[serde(default)]
    method: String,
    named_in: Option<String>,
    share: Vec<ShareTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareTable {
    #[serde(default)]
    to: String,
    percent: Option<String>,
    fixed: Option<String>,
    #[serde(default)]
    rest: bool,
}

impl SplitTable {
    /// The rule, whose shares add up to any payment.
    pub(super) fn read(&self) -> Result<Split, Error> {
        let named_in = match self.named_in.as_deref() {
            None | Some("memo") => NamedIn::Memo,
            Some("method") => NamedIn::Method,
            Some("order_number") => NamedIn::OrderNumber,
            Some(other) => {
                return Err(invalid(format!("split.named_in: {other} is not known"))
                    .remedy_is("write \"memo\", \"method\" or \"order_number\""));
            }
        };
        let shares = self.share.iter().map(ShareTable::read).collect::<Result<Vec<_>, _>>()?;
        let rests = shares.iter().filter(|share| share.part == SharePart::Rest).count();
        let percent = shares.iter().filter_map(|share| match share.part {
            SharePart::Percent(percent) => Some(percent),
            _ => None,
        });
        let percent = percent.fold(Decimal::ZERO, Decimal::saturating_add);
        let only = shares.iter().all(|share| matches!(share.part, SharePart::Percent(_)));
        let whole = only && percent == Decimal::ONE_HUNDRED;
        let fits = if rests == 1 { percent <= Decimal::ONE_HUNDRED } else { rests == 0 && whole };
        if shares.is_empty() || !fits {
            return Err(invalid("split: the shares do not add up to the payment".to_owned())
                .remedy_is("let one share be `rest = true`, or percentages of 100 in all"));
        }
        Ok(Split { method: self.method.clone(), named_in, shares })
    }
}

impl ShareTable {
    fn read(&self) -> Result<Share, Error> {
        let part = match (&self.percent, &self.fixed, self.rest) {
            (Some(percent), None, false) => SharePart::Percent(decimal("split.percent", percent)?),
            (None, Some(fixed), false) => SharePart::Fixed(decimal("split.fixed", fixed)?),
            (None, None, true) => SharePart::Rest,
            _ => {
                return Err(invalid("split.share: a share is one of three".to_owned())
                    .remedy_is("write percent = \"…\", fixed = \"…\" or rest = true"));
            }
        };
        if self.to.is_empty() && part != SharePart::Rest {
            return Err(invalid("split.share: nobody gets this share".to_owned())
                .remedy_is("name who gets it in `to`; only the rest may stay with you"));
        }
        Ok(Share { to: self.to.clone(), part })
    }
}
