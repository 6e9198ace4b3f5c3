//! `crossfoot table`: prints a file as it was read, before any mapping.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::table::read_table;

use super::output::{file_name, read_file, say};
use super::{Done, RECONCILED};

#[derive(Debug, Args)]
pub(crate) struct Table {
    /// The file; `-` reads standard input
    file: PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Json,
    Csv,
}

impl Table {
    pub(crate) fn run(&self) -> Done {
        let bytes = read_file(&self.file)?;
        let table = read_table(&file_name(&self.file), &bytes, native_decoder)?;
        match self.format {
            Format::Json => say(&format!("{}\n", table.to_json())),
            Format::Csv => {
                let _ = std::io::stdout().lock().write_all(&table.to_csv());
            }
        }
        Ok(RECONCILED)
    }
}
