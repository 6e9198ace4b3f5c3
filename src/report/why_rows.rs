//! Shapes the answer to "why not?" for a page: the nearest row, and what would match it.

use serde::Serialize;

use crate::exceptions::why_not::{WhyNot, words};
use crate::report::Run;
use crate::report::rows::{CandidateRow, Localised};

/// Why an open row is in no match.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct WhyNotRow {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<CandidateRow>,
    pub change: Vec<SettingRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touches: Option<u32>,
    pub explanation: Localised,
}

/// A setting of the rules with its new value.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct SettingRow {
    pub setting: String,
    pub value: String,
}

impl WhyNotRow {
    /// The answer as it is shown.
    pub(crate) fn of(run: &Run, why: &WhyNot) -> Self {
        let said = words(why);
        let settings = why.change.map(|change| change.settings()).unwrap_or_default();
        let change = settings.into_iter().map(|(setting, value)| SettingRow { setting, value });
        Self {
            nearest: why.nearest.map(|id| CandidateRow::of(run, id)),
            change: change.collect(),
            touches: why.change.map(|change| change.touches),
            explanation: Localised { en: said.en, zh: said.zh },
        }
    }
}
