//! `crossfoot table`: prints a file as it was read, before any mapping.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use crossfoot::error::Error;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::table::{self, read_table};
use crossfoot::ingest::unpack::Part;

use super::intake::File;
use super::output::{read_file, say};
use super::{Done, RECONCILED};

#[derive(Debug, Args)]
pub(crate) struct Table {
    /// The file, or a part of it such as a.zip!b.csv or book.xlsx#Sheet; `-` reads standard input
    file: PathBuf,
    /// The password of an archive
    #[arg(long, value_name = "TEXT")]
    password: Option<String>,
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
        let file = File::at(&self.file, self.password.as_deref())?;
        let (name, bytes) = match file {
            File::Plain(input) => match input.held {
                Some(bytes) => (input.name, bytes),
                None => (input.name, read_file(&input.path)?),
            },
            File::Packed { name, parts, .. } => match <[Part; 1]>::try_from(parts) {
                Ok([Part { problem: Some(problem), .. }]) => return Err(problem),
                Ok([Part { name, bytes, .. }]) => (name, bytes),
                Err(parts) => return self.all(&name, &parts),
            },
        };
        let table = read_table(&name, &bytes, native_decoder)?;
        match self.format {
            Format::Json => say(&format!("{}\n", table.to_json())),
            Format::Csv => {
                let _ = std::io::stdout().lock().write_all(&table.to_csv());
            }
        }
        Ok(RECONCILED)
    }

    /// Every part of a file, each with its table or with what is wrong with it.
    fn all(&self, file: &str, parts: &[Part]) -> Done {
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        if matches!(self.format, Format::Csv) {
            return Err(Error::new("arguments/several-parts", "the file has several parts")
                .remedy_is(format!("name one of {}", names.join(", ")))
                .in_file(file));
        }
        let mut first_problem = None;
        let mut tables = 0_usize;
        let mut out = String::from("{\"parts\":[");
        for (index, part) in parts.iter().enumerate() {
            out.push_str(if index == 0 { "\n" } else { ",\n" });
            let read = match &part.problem {
                Some(problem) => Err(problem.clone()),
                None => read_table(&part.name, &part.bytes, native_decoder),
            };
            match read {
                Ok(table) => {
                    tables += 1;
                    let table = table.to_json();
                    let name = table::json(&part.name);
                    out.push_str(&format!("{{\"name\":{name},\"table\":{}}}", table.trim_end()));
                }
                Err(problem) => {
                    let shown = table::json(&crossfoot::report::problem::Problem::from(&problem));
                    let name = table::json(&part.name);
                    out.push_str(&format!("{{\"name\":{name},\"problem\":{shown}}}"));
                    first_problem.get_or_insert(problem);
                }
            }
        }
        match first_problem {
            Some(problem) if tables == 0 => Err(problem),
            _ => {
                say(&format!("{out}]}}\n"));
                Ok(RECONCILED)
            }
        }
    }
}
