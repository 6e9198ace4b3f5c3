//! `crossfoot detect`: says what files are, and how they would be read.

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use crossfoot::entry::Entries;
use crossfoot::error::Error;
use crossfoot::ingest::detect::{detect, unknown_layout};
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::proposal::proposal;
use crossfoot::ingest::reader::{SourceSpec, read_whole};
use crossfoot::ingest::source::{Layout, Shape, sample};
use crossfoot::limits::{HEAD_BYTES, HEAD_LINES, JSON_BYTES};

use super::intake::File;
use super::output::{complain, file_name, io_error, open, say};
use super::{Done, RECONCILED, UNUSABLE};

#[derive(Debug, Args)]
pub(crate) struct Detect {
    /// The files; `-` reads standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print a mapping to look over and save: what was found, with its open questions answered as
    /// `reconcile` would; give it to `reconcile --mapping`, also for later files of this layout
    #[arg(long)]
    mapping: bool,
    /// The password of archives
    #[arg(long, value_name = "TEXT")]
    password: Option<String>,
}

impl Detect {
    pub(crate) fn run(&self) -> Done {
        let mut status = RECONCILED;
        let mut tell = |described: Result<String, Error>, name: &str| match described {
            Ok(text) => say(&text),
            Err(error) => {
                complain(&error.in_file(name));
                status = UNUSABLE;
            }
        };
        for path in &self.files {
            match File::at(path, self.password.as_deref()) {
                Err(error) => tell(Err(error), &file_name(path)),
                Ok(File::Plain(input)) => {
                    let described = match &input.held {
                        Some(bytes) => {
                            describe(&input.name, &input.path, &mut bytes.as_slice(), self.mapping)
                        }
                        None => open(&input.path).and_then(|mut file| {
                            describe(&input.name, &input.path, &mut file, self.mapping)
                        }),
                    };
                    tell(described, &input.name);
                }
                Ok(File::Packed { path, parts, .. }) => {
                    for part in parts {
                        let described = match part.problem {
                            Some(problem) => Err(problem),
                            None => describe(
                                &part.name,
                                &path,
                                &mut part.bytes.as_slice(),
                                self.mapping,
                            ),
                        };
                        tell(described, &part.name);
                    }
                }
            }
        }
        Ok(status)
    }
}

/// What a file is, in a few lines.
fn describe(name: &str, path: &Path, file: &mut dyn Read, mapping: bool) -> Result<String, Error> {
    let mut head = Vec::new();
    let failed = |error| io_error(path, "read", &error);
    file.take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(failed)?;
    let mut complete = head.len() < HEAD_BYTES;
    let layout = Layout::detect(name, &head, complete, native_decoder)?;
    if layout.shape == Shape::Json && !complete {
        // JSON says nothing before its end.
        file.take(JSON_BYTES).read_to_end(&mut head).map_err(failed)?;
        complete = true;
    }
    let rows = sample(name, &head, complete, layout, HEAD_LINES, native_decoder)?;
    let guesses = detect(name, &rows);
    let Some(surest) = guesses.first() else { return Err(unknown_layout(name, &rows)) };
    if mapping {
        file.take(JSON_BYTES).read_to_end(&mut head).map_err(failed)?;
        let mut entries = Entries::default();
        let report = read_whole(SourceSpec::new(name), &head, native_decoder, &mut entries)?;
        return Ok(format!("{}\n", proposal(surest, &rows, &report.assumptions)));
    }
    let mut text = format!("{name}: {}\n", describe_layout(&layout));
    for guess in guesses {
        let sure = if guess.certain { "" } else { " (by its column names; please check)" };
        let _ = writeln!(text, "  {}, {}{sure}: {}", guess.profile, guess.side.name(), guess.why);
    }
    Ok(text)
}

/// Encoding and dialect, for people.
fn describe_layout(layout: &Layout) -> String {
    let shape = match layout.shape {
        Shape::Json => "JSON".to_owned(),
        Shape::Prepared(origin) => return origin.name().to_uppercase(),
        Shape::FixedWidth(_) => "fixed widths".to_owned(),
        Shape::Delimited(dialect) => match dialect.delimiter {
            b'\t' => "tabs".to_owned(),
            other => format!("cells between {}", char::from(other)),
        },
    };
    format!("{}, {shape}", layout.encoding)
}
