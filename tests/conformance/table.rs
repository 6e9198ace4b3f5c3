//! Prints what became of every sample: `cargo xtask conformance`. It fails where a file's rows do not
//! add up, so that the table cannot hide one.

use std::fs;
use std::path::{Path, PathBuf};

use crossfoot::entry::Entries;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::reader::{SourceSpec, read_whole};
use crossfoot::ingest::unpack::{Options, needed, parts};
use crossfoot::money::Currency;

#[test]
fn table() {
    let Some(root) = super::samples() else { return };
    println!("{:<62} {:<30} {:>26}  controls", "file", "profile", "read=entries+struct+reject");
    let (mut read, mut unread) = (0, 0);
    for path in files(&root) {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        for (part, bytes) in parts_of(&path) {
            let shown = part.split_once(['#', '!']).map(|(_, inner)| format!("{name} {inner}"));
            let shown = shown.unwrap_or_else(|| name.clone());
            match bytes.and_then(|bytes| line(&part, &bytes)) {
                Ok(line) => {
                    read += 1;
                    println!("{} {line}", cut(&shown, 62));
                }
                Err(error) => {
                    unread += 1;
                    println!("{} not read: {}", cut(&shown, 62), cut(&error, 120).trim_end());
                }
            }
        }
    }
    println!("{read} read, {unread} not");
    assert!(read > 0);
}

/// All files under a folder, sorted; the list of sources is none of them.
fn files(root: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for folder in folders {
        let mut inner: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        inner.sort();
        all.extend(inner);
    }
    all
}

/// A file as it is, or its parts.
fn parts_of(path: &Path) -> Vec<(String, Result<Vec<u8>, String>)> {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let bytes = fs::read(path).unwrap();
    if !needed(&bytes) {
        return vec![(name, Ok(bytes))];
    }
    let options = Options { password: None, decoder: native_decoder };
    match parts(&name, &bytes, options) {
        Err(error) => vec![(name, Err(error.to_string()))],
        Ok(found) => found
            .into_iter()
            .map(|part| (part.name, part.problem.map_or(Ok(part.bytes), |e| Err(e.to_string()))))
            .collect(),
    }
}

/// Profile, rows and controls of a file. Files that name no currency are read in euros.
fn line(name: &str, bytes: &[u8]) -> Result<String, String> {
    let read = |currency: Option<&str>| {
        let mut spec = SourceSpec::new(name);
        spec.currency = currency.and_then(Currency::from_code);
        read_whole(spec, bytes, native_decoder, &mut Entries::default())
    };
    let plain = read(None).map_err(|error| error.to_string())?;
    let needs_one = plain.rejected.iter().any(|row| row.reason.contains("--currency"));
    let report = if needs_one { read(Some("EUR")).unwrap() } else { plain };
    assert!(report.rows.ties(), "{name}: {:?}", report.rows);
    let rows = report.rows;
    let counts = format!("{}={}+{}+{}", rows.read, rows.entries, rows.structural, rows.rejected);
    let broken: Vec<String> = report
        .controls
        .iter()
        .filter(|control| !control.ok)
        .map(|control| format!("{} {} ≠ {}", control.name, control.stated, control.computed))
        .collect();
    let held = report.controls.len() - broken.len();
    let mut controls = format!("{held} hold");
    if !broken.is_empty() {
        controls.push_str(&format!(", {} broken: {}", broken.len(), broken.join("; ")));
    }
    let euro = if needs_one { " (EUR stated)" } else { "" };
    Ok(format!("{:<30} {counts:>26}  {controls}{euro}", report.profile))
}

fn cut(text: &str, width: usize) -> String {
    let short: String = text.chars().take(width).collect();
    format!("{short:<width$}")
}
