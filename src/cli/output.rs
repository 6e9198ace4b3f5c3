//! Reads files and writes answers, with errors that name the file.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use clap::ValueEnum;
use crossfoot::error::Error;
use crossfoot::fees::Language;

/// Bytes read at a time.
pub(crate) const CHUNK: usize = 1 << 20;

/// A language that an answer is asked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Spoken {
    En,
    #[value(name = "zh-Hans")]
    Chinese,
}

impl Spoken {
    pub(crate) fn language(self) -> Language {
        match self {
            Self::En => Language::English,
            Self::Chinese => Language::Chinese,
        }
    }
}

/// Writes to standard output; a closed pipe (`| head`) is no error.
pub(crate) fn say(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes an error to standard error.
pub(crate) fn complain(error: &Error) {
    let mut out = io::stderr().lock();
    let _ = writeln!(out, "error: {error}");
}

/// The error of a file that cannot be read or written.
pub(crate) fn io_error(path: &Path, what: &str, error: &io::Error) -> Error {
    let code = if what == "written" { "file/not-written" } else { "file/not-read" };
    Error::new(code, format!("{} cannot be {what}: {error}", path.display()))
        .remedy_is("check that the path is right and that you may use it")
}

/// The whole of a file; `-` is standard input.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes).map_err(|error| io_error(path, "read", &error))?;
    Ok(bytes)
}

/// The whole of a text file.
pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    String::from_utf8(read_file(path)?).map_err(|_| {
        Error::new("file/not-text", format!("{} is not UTF-8 text", path.display()))
            .remedy_is("save it as UTF-8")
    })
}

/// Opens a file for reading; `-` is standard input.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, Error> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).map_err(|error| io_error(path, "read", &error))?;
    if file.metadata().is_ok_and(|data| data.is_dir()) {
        return Err(Error::new("file/is-folder", format!("{} is a folder", path.display()))
            .remedy_is("name the files in it"));
    }
    Ok(Box::new(file))
}

/// What a file is called in row names.
pub(crate) fn file_name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        return "stdin".to_owned();
    }
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Creates a file and writes the chunks that come; `-` is standard output.
pub(crate) fn write_chunks(
    path: &Path,
    mut next: impl FnMut() -> Option<Vec<u8>>,
) -> Result<(), Error> {
    let failed = |error: io::Error| io_error(path, "written", &error);
    let mut file: Box<dyn Write> = if path.as_os_str() == "-" {
        Box::new(io::stdout().lock())
    } else {
        Box::new(File::create(path).map_err(failed)?)
    };
    while let Some(chunk) = next() {
        file.write_all(&chunk).map_err(failed)?;
    }
    file.flush().map_err(failed)
}
