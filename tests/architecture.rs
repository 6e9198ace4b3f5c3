//! Holds the shape of the source: who may know whom, where floats and JavaScript may not be, and
//! how long a file may get.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The modules of the crate, each may import itself and those before it.
const ORDER: &[&str] = &[
    "error",
    "limits",
    "settings",
    "sort",
    "money",
    "time",
    "ids",
    "entry",
    "codes",
    "ingest",
    "calendar",
    "fx",
    "fees",
    "infer",
    "matching",
    "exceptions",
    "causes",
    "proof",
    "decisions",
    "report",
    "export",
    "engine",
    "wasm",
    "cli",
    "main",
];

/// What the proof may know: nothing that decides anything.
const VOCABULARY: &[&str] = &["error", "limits", "money", "time", "ids", "entry", "codes"];

/// Where a number is money, or is shown beside money.
const WITHOUT_FLOATS: &[&str] = &[
    "money",
    "fees",
    "fx",
    "infer",
    "matching",
    "exceptions",
    "causes",
    "proof",
    "report",
    "export",
];

/// The crates that know JavaScript.
const JAVASCRIPT: &[&str] = &["wasm_bindgen", "js_sys", "serde_wasm_bindgen", "web_sys"];

/// Lines after which a file is more than one noun.
const LONGEST: usize = 700;

/// A source file: its module path, its code without comments, and that code without its tests.
struct File {
    path: PathBuf,
    module: Vec<String>,
    lines: usize,
    code: String,
    shipped: String,
}

impl File {
    fn read(root: &Path, path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let within = path.strip_prefix(root).unwrap().with_extension("");
        let mut module: Vec<String> =
            within.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        module.retain(|part| part != "mod");
        let code = without_comments(&text);
        let tests = module.iter().any(|part| part == "tests");
        let shipped = if tests { "" } else { code.split("#[cfg(test)]").next().unwrap() };
        let shipped = shipped.to_owned();
        Self { path: path.to_owned(), module, lines: text.lines().count(), code, shipped }
    }

    /// The module right under the crate.
    fn top(&self) -> &str {
        &self.module[0]
    }
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for item in std::fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(File::read(&root, &path));
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 50, "the source is where it was");
    files
}

/// The text without `//` and `/* */`. A text with `//` in it loses its end, which hides no import.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        rest = rest[at..].split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.lines().map(|line| line.split("//").next().unwrap().to_owned() + "\n").collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c| !is_word(c)).filter(|word| !word.is_empty())
}

/// The modules right under the crate that the code of a module names, by `crate::` or `super::`.
fn imports(module: &[String], code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if !code[..at].ends_with(is_word) && !code[..at].ends_with("$") {
            found.extend(named(&code[at + "crate::".len()..]));
        }
    }
    let depth = "super::".repeat(module.len());
    for (at, _) in code.match_indices(&depth) {
        if !code[..at].ends_with("super::") {
            found.extend(named(&code[at + depth.len()..]));
        }
    }
    found.remove("");
    found
}

/// The first names of a path or of a list of paths.
fn named(path: &str) -> Vec<String> {
    let first = |path: &str| path.trim_start().chars().take_while(|c| is_word(*c)).collect();
    let Some(list) = path.strip_prefix('{') else { return vec![first(path)] };
    let mut names = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(first(&list[start..]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

#[test]
fn imports_point_downward_only() {
    let rank = |name: &str| ORDER.iter().position(|known| *known == name);
    let mut upward = Vec::new();
    for file in files() {
        let top = file.top();
        if top == "lib" || top == "demo" {
            continue;
        }
        assert!(rank(top).is_some(), "{}: give the module {top} a place", file.path.display());
        for import in imports(&file.module, &file.shipped) {
            // Anything else under the crate is a macro or a function of the crate's root.
            let demo = import == "demo" && !["cli", "main", "wasm"].contains(&top);
            if rank(&import) > rank(top) || demo {
                upward.push(format!("{}: {top} imports {import}", file.path.display()));
            }
        }
    }
    assert!(upward.is_empty(), "{}", upward.join("\n"));
}

#[test]
fn the_proof_knows_only_the_vocabulary() {
    let mut seen = BTreeSet::new();
    for file in files().into_iter().filter(|file| file.top() == "proof") {
        for import in imports(&file.module, &file.shipped) {
            let known = import == "proof" || VOCABULARY.contains(&import.as_str());
            assert!(known, "{}: {import}", file.path.display());
            seen.insert(import);
        }
    }
    assert!(seen.contains("entry") && seen.contains("money"), "{seen:?}");
}

/// The demo's files are the oracle of the engine's tests, so the engine may not help to make them.
#[test]
fn the_demo_knows_nothing_of_the_engine() {
    let demo: Vec<File> = files().into_iter().filter(|file| file.top() == "demo").collect();
    assert!(!demo.is_empty());
    for file in demo {
        let imports = imports(&file.module, &file.code);
        let own = imports.iter().all(|import| import == "demo");
        let own = own && !file.code.contains("crossfoot::");
        assert!(own, "{}: {imports:?}", file.path.display());
    }
}

#[test]
fn money_is_never_a_float() {
    for file in files().into_iter().filter(|file| WITHOUT_FLOATS.contains(&file.top())) {
        let float = words(&file.code).find(|word| ["f32", "f64"].contains(word));
        assert_eq!(float, None, "{}", file.path.display());
    }
}

#[test]
fn only_the_boundary_knows_javascript() {
    for file in files().into_iter().filter(|file| file.top() != "wasm") {
        let known = words(&file.code).find(|word| JAVASCRIPT.contains(word));
        assert_eq!(known, None, "{}", file.path.display());
    }
}

#[test]
fn a_file_is_one_noun() {
    for file in files() {
        assert!(file.lines <= LONGEST, "{}: {} lines", file.path.display(), file.lines);
    }
}

/// A rule is found by its code: one file of that name, and one line in the registry.
#[test]
fn every_matching_rule_is_one_file_and_registered() {
    let mut rules: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut registered = BTreeSet::new();
    for file in files() {
        if file.module.len() < 2 || file.module[..2] != ["matching", "rules"] {
            continue;
        }
        match file.module.get(2) {
            Some(name) => {
                let code = name.split('_').next().unwrap().to_uppercase();
                let before = rules.insert(code.clone(), file.path.clone());
                assert!(before.is_none(), "{code} has two files");
            }
            None => {
                let texts = file.code.split('"').skip(1).step_by(2);
                registered = texts.filter(|text| is_rule(text)).map(str::to_owned).collect();
            }
        }
    }
    assert!(!rules.is_empty());
    assert_eq!(rules.keys().cloned().collect::<BTreeSet<_>>(), registered);
}

fn is_rule(text: &str) -> bool {
    text.strip_prefix('M').is_some_and(|n| n.len() == 3 && n.bytes().all(|b| b.is_ascii_digit()))
}

#[test]
fn imports_are_read_as_the_compiler_reads_them() {
    let module = ["matching", "rules", "m010"].map(str::to_owned);
    let read = |code: &str| {
        let found = imports(&module, &without_comments(code));
        found.into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(read("use crate::entry::{Entries, Kind};"), "entry");
    assert_eq!(read("use crate::{entry::{A, B}, report, money::Amount};"), "entry money report");
    assert_eq!(read("let x = crate::report::VALUE;"), "report");
    assert_eq!(read("use super::super::super::report::X;"), "report");
    assert_eq!(read("use super::super::keys;"), "", "a sibling in the same module");
    assert_eq!(read("// crate::report\n/* crate::wasm */\nuse crate::ids::EntryId;"), "ids");
    assert_eq!(read("use other_crate::report;"), "");
}
