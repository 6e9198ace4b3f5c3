//! Reads the public corpora of damaged files in the folder that `CROSSFOOT_TORTURE` names: CSV files
//! with one pollution each beside their clean twins (Pollock), the JSON parsing suite
//! (JSONTestSuite), and CSV files beside the JSON that they mean (csv-spectrum).
//!
//! The files are not part of the project. Without the folder each test says that it was skipped.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crossfoot::error::Error;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::table::{Table, read_table};

/// A corpus in the folder of corpora, if there is one.
fn corpus(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CROSSFOOT_TORTURE").map(|folder| Path::new(&folder).join(name));
    if folder.is_none() {
        println!("skipped: CROSSFOOT_TORTURE names no folder of damaged files");
    }
    folder
}

/// The file as `crossfoot table` reads it.
fn read(name: &str, bytes: &[u8]) -> Result<Table, Error> {
    read_table(name, bytes, native_decoder)
}

/// The files of a folder in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// All records of a table with their rows, the header in its place.
fn records(table: &Table) -> Vec<(u32, &[String])> {
    let rows = table.header.iter().chain(&table.rows);
    let mut records: Vec<_> = rows.map(|row| (row.row.unwrap(), row.cells.as_slice())).collect();
    records.sort_by_key(|(row, _)| *row);
    records
}

/// What every record of a file is, by a CSV reader that is not ours.
fn twin_of(clean: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(clean);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn pollock() {
    let Some(archive) = corpus("pollock.tar.xz") else { return };
    let pollock = Pollock::unpack(&archive);
    assert_eq!(pollock.csv.len(), 2290);
    let (classes, alarms) = judge_all(&pollock);
    println!(
        "{:<28}{:>6}{:>7}{:>7}{:>7}{:>12}",
        "class", "files", "equal", "said", "silent", "rows %"
    );
    let mut sum = Class::default();
    for (name, class) in &classes {
        class.print(name);
        sum.add(class);
    }
    sum.print("all");
    println!("false alarms on clean twins: {}", alarms.len());
    for (what, files) in
        [("silently wrong", &sum.silent), ("rows lost beside the damaged one", &sum.lossy)]
    {
        let some: Vec<_> = files.iter().take(20).collect();
        assert!(some.is_empty(), "{what}: {} files, such as {some:?}", files.len());
    }
    assert!(alarms.len() * 100 <= pollock.csv.len(), "{alarms:?}");
}

/// Judges every file, on as many threads as there are processors.
fn judge_all(pollock: &Pollock) -> (BTreeMap<String, Class>, Vec<String>) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let files: Vec<_> = pollock.csv.iter().collect();
    let part = |thread: usize| {
        let mut classes: BTreeMap<String, Class> = BTreeMap::new();
        let mut alarms = Vec::new();
        // Most twins are the same file.
        let mut quiet: BTreeMap<&[u8], bool> = BTreeMap::new();
        for (name, polluted) in files.iter().skip(thread).step_by(threads) {
            let clean = pollock.clean.get(*name).unwrap().as_slice();
            classes.entry(class_of(name)).or_default().judge(name, polluted, clean);
            let is_quiet = quiet.entry(clean).or_insert_with(|| match read(name, clean) {
                Ok(table) => table.diagnostics.is_empty(),
                Err(error) => clean.is_empty() && error.code() == "ingest/empty",
            });
            if !*is_quiet {
                alarms.push((*name).clone());
            }
        }
        (classes, alarms)
    };
    let part = &part;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|t| scope.spawn(move || part(t))).collect();
        let (mut classes, mut alarms) = (BTreeMap::<String, Class>::new(), Vec::new());
        for done in running {
            let (part, more) = done.join().unwrap();
            alarms.extend(more);
            for (name, class) in part {
                classes.entry(name).or_default().add(&class);
            }
        }
        (classes, alarms)
    })
}

/// The archive: polluted files and their clean twins by name.
struct Pollock {
    csv: BTreeMap<String, Vec<u8>>,
    clean: BTreeMap<String, Vec<u8>>,
}

impl Pollock {
    fn unpack(archive: &Path) -> Self {
        let file = std::io::BufReader::new(fs::File::open(archive).unwrap());
        let mut tar = tar::Archive::new(lzma_rust2::XzReader::new(file, true));
        let mut this = Pollock { csv: BTreeMap::new(), clean: BTreeMap::new() };
        for entry in tar.entries().unwrap() {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().into_owned();
            let folder = path.parent().map(name_of_folder).unwrap_or_default();
            let files = match folder.as_str() {
                "csv" => &mut this.csv,
                "clean" => &mut this.clean,
                _ => continue,
            };
            if entry.header().entry_type().is_file() {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).unwrap();
                files.insert(name_of(&path).to_owned(), bytes);
            }
        }
        this
    }
}

fn name_of_folder(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The pollution of a file by its name, without the row and the column that it hits.
fn class_of(name: &str) -> String {
    for (start, class) in [
        ("row_more_sep", "a separator too many"),
        ("row_less_sep", "a separator missing"),
        ("row_extra_quote", "a stray quote"),
        ("row_field_delimiter", "another delimiter in a row"),
    ] {
        if name.starts_with(start) {
            return class.to_owned();
        }
    }
    name.trim_end_matches(".csv").to_owned()
}

/// The row of the one record that a pollution hits.
fn damaged_row(name: &str) -> Option<u32> {
    let rest = name.strip_prefix("row_")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?;
    Some(digits.parse::<u32>().unwrap() + 1)
}

/// What became of the files of one pollution.
#[derive(Default)]
struct Class {
    files: usize,
    /// The output is the clean twin's.
    equal: usize,
    /// It is not, and a diagnostic names each row that differs, or the file.
    said: usize,
    silent: Vec<String>,
    /// Files in which under 98 % of the undamaged rows are the twin's.
    lossy: Vec<String>,
    rows: usize,
    rows_equal: usize,
}

impl Class {
    fn judge(&mut self, name: &str, polluted: &[u8], clean: &[u8]) {
        self.files += 1;
        let twin = twin_of(clean);
        let table = match read(name, polluted) {
            Ok(table) => table,
            Err(error) => {
                assert_eq!((error.code(), twin.len()), ("ingest/empty", 0), "{name}");
                self.said += 1;
                return;
            }
        };
        let found = records(&table);
        let at = |row: u32| found.binary_search_by_key(&row, |(row, _)| *row).ok();
        if let Some(damaged) = damaged_row(name) {
            let others = (1u32..).zip(&twin).filter(|(row, _)| *row != damaged);
            let same =
                others.filter(|(row, cells)| at(*row).is_some_and(|at| found[at].1 == **cells));
            let same = same.count();
            self.rows += twin.len() - 1;
            self.rows_equal += same;
            if same * 100 < (twin.len() - 1) * 98 {
                self.lossy.push(name.to_owned());
            }
        }
        let equal = found.len() == twin.len()
            && found.iter().zip(&twin).all(|((_, cells), twin)| cells == twin);
        if equal {
            self.equal += 1;
        } else if self.is_said(&table, damaged_row(name), &twin) {
            self.said += 1;
        } else {
            self.silent.push(name.to_owned());
        }
    }

    /// Whether a diagnostic names the file, or every row that differs from the twin's.
    fn is_said(&self, table: &Table, damaged: Option<u32>, twin: &[Vec<String>]) -> bool {
        let names = |row: Option<u32>| table.diagnostics.iter().any(|d| d.row == row);
        if names(None) {
            return true;
        }
        let found = records(table);
        match damaged {
            // Every record stands on its own line.
            Some(_) => (1..=twin.len().max(found.len())).all(|line| {
                let row = u32::try_from(line).unwrap();
                let cells = found.iter().find(|(at, _)| *at == row).map(|(_, cells)| *cells);
                cells == twin.get(line - 1).map(Vec::as_slice) || names(Some(row))
            }),
            None => !table.diagnostics.is_empty(),
        }
    }

    fn add(&mut self, other: &Class) {
        self.files += other.files;
        self.equal += other.equal;
        self.said += other.said;
        self.silent.extend(other.silent.iter().cloned());
        self.lossy.extend(other.lossy.iter().cloned());
        self.rows += other.rows;
        self.rows_equal += other.rows_equal;
    }

    fn print(&self, name: &str) {
        let Class { files, equal, said, .. } = self;
        let silent = self.silent.len();
        let share = (self.rows_equal * 10_000).checked_div(self.rows);
        let share = share.map(|n| format!("{}.{:02}", n / 100, n % 100)).unwrap_or_default();
        println!("{name:<28}{files:>6}{equal:>7}{said:>7}{silent:>7}{share:>12}");
    }
}

#[test]
fn json_test_suite() {
    let Some(folder) = corpus("JSONTestSuite/test_parsing") else { return };
    let (mut right, mut wrong) = (0, Vec::new());
    for path in files(&folder) {
        let name = name_of(&path);
        let result = read(name, &fs::read(&path).unwrap());
        let code = result.as_ref().err().map(Error::code);
        let holds = match name.split('_').next() {
            Some("y") => matches!(code, None | Some("ingest/no-table")),
            Some("n") => matches!(
                code,
                Some("ingest/bad-json" | "ingest/bad-encoding" | "ingest/empty" | "limit/nesting")
            ),
            // Either is right; a panic would not be.
            _ => continue,
        };
        if holds {
            right += 1;
        } else {
            wrong.push((name.to_owned(), code));
        }
    }
    println!("JSONTestSuite: {right} of {} right", right + wrong.len());
    assert_eq!((right, wrong), (283, Vec::new()));
}

#[test]
fn csv_spectrum() {
    let Some(folder) = corpus("csv-spectrum") else { return };
    let paths = files(&folder.join("csvs"));
    for path in &paths {
        let name = name_of(path);
        let table = read(name, &fs::read(path).unwrap()).unwrap();
        let header = &table.header.as_ref().unwrap_or_else(|| panic!("{name}: no header")).cells;
        let found: Vec<BTreeMap<&str, &str>> = table
            .rows
            .iter()
            .map(|row| {
                header
                    .iter()
                    .map(String::as_str)
                    .zip(row.cells.iter().map(String::as_str))
                    .collect()
            })
            .collect();
        let json = folder.join("json").join(name.replace(".csv", ".json"));
        let text = fs::read_to_string(json).unwrap();
        let expected: Vec<BTreeMap<&str, String>> = serde_json::from_str(&text).unwrap();
        let expected: Vec<BTreeMap<&str, &str>> = expected
            .iter()
            .map(|row| row.iter().map(|(key, value)| (*key, value.as_str())).collect())
            .collect();
        assert_eq!(found, expected, "{name}");
        assert_eq!(table.diagnostics, [], "{name}");
    }
    assert_eq!(paths.len(), 11);
}
