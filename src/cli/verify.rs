//! `crossfoot verify`: checks the proof of a result document.

use std::fmt::Write as _;
use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use crossfoot::engine::{Audit, OtherSettings};
use crossfoot::error::Error;
use crossfoot::proof::{self, CheckName, Verdict};

use super::given::Given;
use super::output::{CHUNK, io_error, open, say};
use super::{Done, PROOF_FAILED, RECONCILED};

/// Said where only the rows could be checked.
const NOT_AGAIN: &str = "--    The result was made with other settings than are given, so it was not made again: \
    give --contract, --rates, --rules, --as-of, --timezone and --currency as they were\n";

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The result document; `-` reads standard input
    result: PathBuf,
    #[command(flatten)]
    given: Given,
}

impl Verify {
    pub(crate) fn run(&self) -> Done {
        let document = open(&self.result)?;
        let verdict = match self.given.names_files() {
            true => self.with_files(document)?,
            false => {
                proof::verify(document).map_err(|error| io_error(&self.result, "read", &error))?
            }
        };
        say(&self.answer(&verdict));
        Ok(if verdict.holds { RECONCILED } else { PROOF_FAILED })
    }

    /// Reads the files again and makes the result again.
    fn with_files(&self, mut document: impl Read) -> Result<Verdict, Error> {
        let run = self.given.run(true)?;
        let other = match self.given.names_terms() {
            true => OtherSettings::Wrong,
            false => OtherSettings::Unknown,
        };
        let mut audit = Audit::new(&run, other);
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = document
                .read(&mut buffer)
                .map_err(|error| io_error(&self.result, "read", &error))?;
            if count == 0 {
                return Ok(audit.finish());
            }
            audit.push(buffer.get(..count).unwrap_or_default());
        }
    }

    fn answer(&self, verdict: &Verdict) -> String {
        let mut text = String::new();
        for check in &verdict.checks {
            let mark = if check.ok { "ok  " } else { "FAIL" };
            let _ = writeln!(text, "{mark}  {}", check.name.title());
            for finding in check.findings.iter().take(10) {
                let _ = write!(text, "      {}: {}", finding.place, finding.what);
                if !finding.stated.is_empty() || !finding.computed.is_empty() {
                    let _ =
                        write!(text, " (stated {}, computed {})", finding.stated, finding.computed);
                }
                text.push('\n');
            }
            if check.failures > 10 {
                let _ = writeln!(text, "      {} failures in all", check.failures);
            }
        }
        let again = verdict.checks.iter().any(|check| check.name == CheckName::Repeated);
        if self.given.names_files() && !again {
            text.push_str(NOT_AGAIN);
        }
        let counts = verdict.counts;
        let _ = writeln!(
            text,
            "\n{} entries, {} matches, {} exceptions: the proof {}",
            counts.entries,
            counts.matches,
            counts.exceptions,
            if verdict.holds { "holds" } else { "DOES NOT HOLD" }
        );
        text
    }
}
