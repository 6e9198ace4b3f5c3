//! Decides which sources the files on the command line are: themselves, or the parts of an archive
//! or a workbook.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crossfoot::error::Error;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::unpack::{Options, Part, check_size, needed, parts};
use crossfoot::limits::HEAD_BYTES;
use crossfoot::report::detection::Detection;

use super::output::{file_name, io_error, open, read_file};

/// A source on the command line.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// Where its file is.
    pub(crate) path: PathBuf,
    /// What it is called: the file's name, with that of the part.
    pub(crate) name: String,
    /// Its bytes, where they cannot be streamed from the file.
    pub(crate) held: Option<Vec<u8>>,
}

/// A file on the command line.
#[derive(Debug)]
pub(crate) enum File {
    /// A text, read from where it lies.
    Plain(Input),
    /// A file with parts. `chosen` if the user named what to take of it.
    Packed { path: PathBuf, name: String, parts: Vec<Part>, chosen: bool },
}

impl File {
    /// Looks at the file of a path, which may end in the name of a part (`a.zip!b.csv`,
    /// `book.xlsx#Sheet`).
    ///
    /// # Errors
    /// `file/…`, those of unpacking, and `arguments/unknown-part`.
    pub(crate) fn at(path: &Path, password: Option<&str>) -> Result<Self, Error> {
        let (path, part) = split(path);
        let name = file_name(&path);
        if path.as_os_str() == "-" {
            let bytes = read_file(&path)?;
            if !needed(&bytes) {
                return Ok(Self::Plain(Input { path, name, held: Some(bytes) }));
            }
            return Self::unpacked(path, name, &bytes, part.as_deref(), password);
        }
        let mut head = Vec::new();
        let head_only = open(&path)?.take(HEAD_BYTES as u64).read_to_end(&mut head);
        head_only.map_err(|error| io_error(&path, "read", &error))?;
        if !needed(&head) {
            return match part {
                Some(part) => Err(unknown_part(&name, &part, &[])),
                None => Ok(Self::Plain(Input { path, name, held: None })),
            };
        }
        let size = std::fs::metadata(&path).map_or(0, |data| data.len());
        check_size(size).map_err(|error| error.in_file(&name))?;
        let bytes = read_file(&path)?;
        Self::unpacked(path, name, &bytes, part.as_deref(), password)
    }

    fn unpacked(
        path: PathBuf,
        name: String,
        bytes: &[u8],
        part: Option<&str>,
        password: Option<&str>,
    ) -> Result<Self, Error> {
        let mut parts = parts(&name, bytes, Options { password, decoder: native_decoder })?;
        if let Some(part) = part {
            let wanted = format!("{name}{part}");
            let within = |part: &Part| {
                let rest = part.name.strip_prefix(&wanted);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['!', '#']))
            };
            if !parts.iter().any(within) {
                return Err(unknown_part(&name, part, &parts));
            }
            parts.retain(within);
        }
        Ok(Self::Packed { path, name, parts, chosen: part.is_some() })
    }

    /// The sources in it, and what was left out of it with the reason. What the user did not name
    /// is taken if it is known, or if `mapped` says that the user described it.
    ///
    /// # Errors
    /// Where nothing can be taken, or what was named is no table.
    pub(crate) fn sources(self, mapped: &dyn Fn(&Input) -> bool) -> Result<Sources, Error> {
        let (path, name, parts, chosen) = match self {
            Self::Plain(input) => return Ok(Sources { taken: vec![input], left_out: Vec::new() }),
            Self::Packed { path, name, parts, chosen } => (path, name, parts, chosen),
        };
        let only = parts.len() == 1;
        let mut sources = Sources { taken: Vec::new(), left_out: Vec::new() };
        for Part { name, hidden, bytes, problem } in parts {
            let input = Input { path: path.clone(), name, held: Some(bytes) };
            let why = match problem {
                Some(problem) if only || chosen => return Err(problem),
                Some(problem) => Some(problem.message().to_owned()),
                None if only || chosen || mapped(&input) => None,
                None if hidden => Some("the sheet is hidden".to_owned()),
                None if is_known(&input) => None,
                None => Some("its columns are not known".to_owned()),
            };
            match why {
                Some(why) => sources.left_out.push((input.name, why)),
                None => sources.taken.push(input),
            }
        }
        if sources.taken.is_empty() { Err(sources.nothing_known(&name)) } else { Ok(sources) }
    }
}

/// What is taken of a file.
#[derive(Debug)]
pub(crate) struct Sources {
    pub(crate) taken: Vec<Input>,
    /// Names of parts, and why they were left out.
    pub(crate) left_out: Vec<(String, String)>,
}

impl Sources {
    fn nothing_known(&self, name: &str) -> Error {
        let list: Vec<String> =
            self.left_out.iter().map(|(name, why)| format!("{name} ({why})")).collect();
        let message = format!("none of its parts is a known table: {}", list.join(", "));
        Error::new("ingest/no-known-part", message)
            .remedy_is("name one of them in place of the file, and map it with --columns")
            .arg("parts", list.join(", "))
            .in_file(name)
    }
}

/// Whether any profile, or the names of its columns, say what a part is. The package looks at just
/// as many bytes (`HEAD_BYTES` in `www/sdk/host.ts`), so that both take the same parts.
fn is_known(input: &Input) -> bool {
    const LOOK: usize = 256 << 10;
    let Some(bytes) = &input.held else { return false };
    let of = |head: &[u8]| {
        let detection = Detection::of(&input.name, head, head.len() == bytes.len(), native_decoder);
        let row = detection.row();
        (row.format == "json", !row.guesses.is_empty())
    };
    match of(bytes.get(..LOOK).unwrap_or(bytes)) {
        // JSON is understood only as a whole.
        (true, _) => of(bytes).1,
        (false, known) => known,
    }
}

/// The file of a path, and the part of it that is named behind `!` or `#`.
fn split(path: &Path) -> (PathBuf, Option<String>) {
    let text = path.to_string_lossy();
    if path.exists() {
        return (path.to_path_buf(), None);
    }
    for (at, _) in text.match_indices(['!', '#']) {
        let (file, part) = text.split_at(at);
        if Path::new(file).is_file() {
            return (PathBuf::from(file), Some(part.to_owned()));
        }
    }
    (path.to_path_buf(), None)
}

fn unknown_part(name: &str, part: &str, parts: &[Part]) -> Error {
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    let remedy = if names.is_empty() {
        "it is a plain file: name it without a part".to_owned()
    } else {
        format!("it has {}", names.join(", "))
    };
    Error::new("arguments/unknown-part", format!("there is no {name}{part}")).remedy_is(remedy)
}
