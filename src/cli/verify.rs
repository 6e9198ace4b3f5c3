//! `crossfoot verify`: checks the proof of a result document.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use crossfoot::proof;

use super::output::{io_error, open, say};
use super::{Done, PROOF_FAILED, RECONCILED};

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The result document; `-` reads standard input
    result: PathBuf,
}

impl Verify {
    pub(crate) fn run(&self) -> Done {
        let document = open(&self.result)?;
        let verdict =
            proof::verify(document).map_err(|error| io_error(&self.result, "read", &error))?;
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
        let counts = verdict.counts;
        let _ = writeln!(
            text,
            "\n{} entries, {} matches, {} exceptions: the proof {}",
            counts.entries,
            counts.matches,
            counts.exceptions,
            if verdict.holds { "holds" } else { "DOES NOT HOLD" }
        );
        say(&text);
        Ok(if verdict.holds { RECONCILED } else { PROOF_FAILED })
    }
}
