//! Decides which code a row has that cannot be read: whether a date is the reason, the decimals of an
//! amount, or anything else.

use crate::codes::Code;
use crate::money::AmountError;
use crate::time::DateError;

/// Why a row becomes no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rejection {
    /// `BAD_DATE`, `PRECISION_ERROR`, or `UNPARSEABLE` for all else.
    pub(super) code: Code,
    /// What is wrong, in which column, and what to do.
    pub(super) reason: String,
}

impl Rejection {
    /// Neither a date nor decimals are the reason.
    pub(super) fn unreadable(reason: impl Into<String>) -> Self {
        Self { code: Code::Unparseable, reason: reason.into() }
    }

    /// A cell is no date.
    pub(super) fn of_date(place: &str, error: DateError, text: &str) -> Self {
        let error = error.explain(text);
        let reason = format!("{place}: {}; {}", error.message(), error.remedy());
        Self { code: Code::BadDate, reason }
    }

    /// A cell is no amount, or one of more decimals than its currency has.
    pub(super) fn of_amount(place: &str, error: AmountError, text: &str) -> Self {
        let code = match error {
            AmountError::TooFine { .. } => Code::PrecisionError,
            _ => Code::Unparseable,
        };
        let error = error.explain(text);
        Self { code, reason: format!("{place}: {}; {}", error.message(), error.remedy()) }
    }
}
