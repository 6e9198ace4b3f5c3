//! `crossfoot reconcile`: files in, the answer out.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use crossfoot::error::Error;
use crossfoot::export::{CarryExport, CsvExport};
use crossfoot::ingest::fields::Field;
use crossfoot::report::changes::Changes;
use crossfoot::report::{DocumentWriter, Run};

use super::changes::changes_text;
use super::given::Given;
use super::output::{file_name, io_error, open, say, write_chunks};
use super::summary::summary;
use super::{Done, OPEN, PROOF_FAILED, RECONCILED};

#[derive(Debug, Args)]
#[command(after_long_help = fields_help())]
pub(crate) struct Reconcile {
    #[command(flatten)]
    given: Given,
    /// Where to write the result: a file (.json, .csv, or .crossfoot for the next run's --carry), a
    /// folder, or - for standard output [default: a summary is printed]
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// What to write [default: by the ending of --out; all into a folder]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Say which matches are new, gone or have other rows than in an earlier result
    #[arg(long, value_name = "RESULT.json")]
    diff: Option<PathBuf>,
    /// Print nothing
    #[arg(long)]
    quiet: bool,
}

/// The fields that `--columns` and mappings may name.
fn fields_help() -> String {
    let mut text = "Fields for --columns and mappings:\n".to_owned();
    for field in Field::ALL {
        text.push_str(&format!("  {:<18} {}\n", field.name(), field.help()));
    }
    text.push_str(HINTS_HELP);
    text
}

const HINTS_HELP: &str = "
After a column, hints: `:minor` or `:major` (unit), `:neg` (a positive number is a charge),
`:abs` (the sign comes from the type), `:less=COLUMN` (what is taken off stands there), `:iso`, `:unix_s`, `:unix_ms` or `:%d/%m/%Y` (date),
`@Asia/Shanghai` (zone). currency='USD' is a constant. Example:
  --columns 'psp.csv: reference=order_no, amount=gross:minor, fee=fee:minor:neg, currency=ccy'";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Csv,
    /// What the next run takes up with --carry
    Carry,
}

impl Reconcile {
    pub(crate) fn run(&self) -> Done {
        // A file that is not there is said before the work, not after it.
        let earlier = self.diff.as_deref().map(open).transpose()?;
        let run = self.given.run(self.quiet)?;
        self.write(&run)?;
        if !self.quiet && !self.writes_to_stdout() {
            say(&summary(&run));
        }
        if let (Some(earlier), Some(path), false) = (earlier, &self.diff, self.writes_to_stdout()) {
            let changes = Changes::since(BufReader::new(earlier), &run)
                .map_err(|error| error.in_file(&file_name(path)))?;
            say(&changes_text(&changes));
        }
        Ok(status(&run))
    }

    /// Whether standard output takes the result, and so no summary.
    fn writes_to_stdout(&self) -> bool {
        self.out.as_ref().is_some_and(|out| out.as_os_str() == "-")
    }

    fn write(&self, run: &Run) -> Result<(), Error> {
        let Some(out) = &self.out else { return Ok(()) };
        if self.writes_to_stdout() {
            return write_as(run, self.format.unwrap_or(Format::Json), out);
        }
        let ending = out.extension().and_then(|ending| ending.to_str());
        let by_ending = match ending {
            Some("json") => Some(Format::Json),
            Some("csv") => Some(Format::Csv),
            Some("crossfoot") => Some(Format::Carry),
            _ => None,
        };
        if out.is_dir() || ending.is_none() {
            std::fs::create_dir_all(out).map_err(|error| io_error(out, "written", &error))?;
            let wanted = |format| self.format.is_none_or(|only| only == format);
            if wanted(Format::Json) {
                write_as(run, Format::Json, &out.join("result.json"))?;
            }
            if wanted(Format::Csv) {
                write_as(run, Format::Csv, &out.join("lines.csv"))?;
            }
            // Without any date there is no period that could be carried forward.
            if wanted(Format::Carry) && (run.as_of.is_some() || self.format.is_some()) {
                write_as(run, Format::Carry, &out.join("carry.crossfoot"))?;
            }
            return Ok(());
        }
        let format = self.format.or(by_ending).ok_or_else(|| {
            Error::new("arguments/format", format!("{} has an unknown ending", out.display()))
                .remedy_is("end it in .json, .csv or .crossfoot, or name a --format")
        })?;
        if let Some(folder) = out.parent() {
            std::fs::create_dir_all(folder).map_err(|error| io_error(folder, "written", &error))?;
        }
        write_as(run, format, out)
    }
}

fn write_as(run: &Run, format: Format, path: &Path) -> Result<(), Error> {
    const ROWS: usize = 20_000;
    match format {
        Format::Json => {
            let mut document = DocumentWriter::new(run);
            write_chunks(path, || document.next_chunk(ROWS))
        }
        Format::Csv => {
            let mut table = CsvExport::new(run);
            write_chunks(path, || table.next_chunk(ROWS))
        }
        Format::Carry => {
            let mut carry = CarryExport::new(run)?;
            write_chunks(path, || carry.next_chunk(ROWS))
        }
    }
}

fn status(run: &Run) -> u8 {
    if !run.balanced() {
        PROOF_FAILED
    } else if run.nothing_open() {
        RECONCILED
    } else {
        OPEN
    }
}
