//! A source as JavaScript describes it.

use serde::{Deserialize, Serialize};

use crate::entry::Side;
use crate::error::Error;
use crate::ingest::columns_flag::parse_columns;
use crate::ingest::mapping::parse_mapping;
use crate::ingest::reader::{EntryReader, Mapping, SourceSpec};
use crate::report::detection::{Detection, DetectionRow};

/// What the user says about a source.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    name: String,
    side: Option<String>,
    profile: Option<String>,
    scope: Option<String>,
    /// A saved mapping, as the text of its JSON.
    mapping: Option<String>,
    /// A mapping in one line: the text of `--columns` without the file's name.
    columns: Option<String>,
    /// Parts of the same file that are not read, each with the reason.
    #[serde(default)]
    left_out: Vec<(String, String)>,
    /// By which pushed events are signed; on the side `webhook` only.
    #[serde(default)]
    secrets: Vec<String>,
}

impl Given {
    /// The same for the engine.
    pub(super) fn spec(self) -> Result<SourceSpec, Error> {
        let mut spec = SourceSpec::new(self.name);
        spec.side = self.side.as_deref().map(side_named).transpose()?;
        spec.profile = self.profile;
        spec.scope = self.scope;
        spec.left_out = self.left_out;
        self.secrets.iter().for_each(|secret| spec.secrets.add(secret));
        if let Some(json) = &self.mapping {
            let profile = parse_mapping(json).map_err(|error| error.in_file(&spec.name))?;
            spec.mapping = Some(Mapping { profile, completes: false });
        } else if let Some(columns) = &self.columns {
            let flag = parse_columns(&format!("source: {columns}"));
            let profile = flag.map_err(|error| error.in_file(&spec.name))?.mapping;
            spec.mapping = Some(Mapping { profile, completes: true });
        }
        Ok(spec)
    }
}

pub(super) fn side_named(word: &str) -> Result<Side, Error> {
    Side::from_name(word).ok_or_else(|| {
        Error::new("config/unknown-side", format!("there is no side {word}"))
            .arg("path", "side")
            .remedy_is("it is orders, settlement, bank or webhook")
    })
}

/// How a source will be read.
#[derive(Serialize)]
pub(super) struct Inspected<'d> {
    profile: &'d str,
    side: &'static str,
    detection: DetectionRow<'d>,
}

impl<'d> Inspected<'d> {
    pub(super) fn new(reader: &'d EntryReader, detection: &'d Detection) -> Self {
        let side = reader.side().name();
        Self { profile: reader.profile(), side, detection: detection.row() }
    }

    /// A log of pushed events, which is understood only as a whole.
    pub(super) fn log(detection: &'d Detection) -> Self {
        Self { profile: "", side: Side::Webhook.name(), detection: detection.row() }
    }
}
