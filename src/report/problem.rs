//! Writes an error or a remark as data: the fields that a program needs to show it in any language.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::{Column, Error};

/// An error as data. Its TypeScript twins are `Problem` and `WireError` in `www/sdk`.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct Problem<'e> {
    pub code: &'e str,
    pub message: &'e str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub remedy: &'e str,
    pub args: BTreeMap<&'e str, &'e str>,
    /// The setting at fault, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

impl<'e> From<&'e Error> for Problem<'e> {
    fn from(error: &'e Error) -> Self {
        let args: BTreeMap<&str, &str> =
            error.args().iter().map(|(name, value)| (*name, value.as_str())).collect();
        let place = error.place();
        Self {
            code: error.code(),
            message: error.message(),
            remedy: error.remedy(),
            path: args.get("path").copied(),
            args,
            source: place.map(|place| place.file.as_str()).filter(|file| !file.is_empty()),
            line: place.and_then(|place| place.line),
            column: place.and_then(|place| place.column.as_ref()).map(|column| match column {
                Column::Number(number) => number.to_string(),
                Column::Name(name) => name.clone(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_every_part_of_an_error() {
        let error = Error::new("ingest/bad-amount", "12.345 has too many digits for USD")
            .remedy_is("correct the cell")
            .in_file("mfs.csv")
            .at_line(8)
            .at_column(Column::Name("amount".into()))
            .arg("value", "12.345");
        assert_eq!(
            serde_json::to_value(Problem::from(&error)).unwrap(),
            serde_json::json!({
                "code": "ingest/bad-amount",
                "message": "12.345 has too many digits for USD",
                "remedy": "correct the cell",
                "args": {"value": "12.345"},
                "source": "mfs.csv",
                "line": 8,
                "column": "amount",
            })
        );
    }

    #[test]
    fn leaves_out_what_is_not_known() {
        let error = Error::new("config/bad-date", "x is no date").arg("path", "as_of");
        let problem = serde_json::to_value(Problem::from(&error)).unwrap();
        assert_eq!(problem.get("path").and_then(|path| path.as_str()), Some("as_of"));
        assert!(problem.get("line").is_none() && problem.get("remedy").is_none());
    }
}
