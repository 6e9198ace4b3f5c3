//! `cargo xtask test --deep`: what takes too long for every change. Each part writes its figures,
//! the day and the commit into `tests/DEEP.md` as soon as it is done. A part that was done for the
//! code at hand is not done again, so that a run that was cut goes on where it stopped.

use crate::counts::Counts;
use crate::project::Project;
use crate::{command, fuzz};
use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};

const FILE: &str = "tests/DEEP.md";

const HEAD: &str = "# Deep tests

`cargo xtask test --deep` runs what takes too long for every change and writes this file. A line is
about the commit that it names; a part is run again once the code is no longer that of its commit.

| part | what it did | day | commit |
|---|---|---|---|
";

/// What a commit must share with the one at hand for its results to be those of the code at hand.
const CODE: [&str; 6] =
    ["Cargo.lock", "Cargo.toml", "fuzz", "src", "tests", ":(exclude)tests/DEEP.md"];

/// Seconds of each fuzz target.
const SECONDS: u64 = 300;

/// Random cases of each property and each relation.
const CASES: &str = "10000";

/// A test of random cases: the name of the part, what follows `cargo test`, and the variable that
/// says how many cases.
type Test = (&'static str, &'static [&'static str], (&'static str, &'static str));

/// Simulated months, in parts that are done one by one.
const MONTHS: [(&str, &str); 10] = [
    ("simulation 0", "0..20000"),
    ("simulation 1", "20000..40000"),
    ("simulation 2", "40000..60000"),
    ("simulation 3", "60000..80000"),
    ("simulation 4", "80000..100000"),
    ("simulation 5", "100000..120000"),
    ("simulation 6", "120000..140000"),
    ("simulation 7", "140000..160000"),
    ("simulation 8", "160000..180000"),
    ("simulation 9", "180000..200000"),
];

const TESTS: [Test; 9] = [
    ("assignment", &["--lib", "as_by_brute_force"], ("CROSSFOOT_INSTANCES", "100000")),
    ("inference", &["--test", "inference", "come_back"], ("CROSSFOOT_CONTRACTS", "100")),
    ("metamorphic", &["--test", "metamorphic"], ("PROPTEST_CASES", CASES)),
    ("metamorphic workbooks", &["--test", "workbooks", "csv_gives"], ("PROPTEST_CASES", CASES)),
    ("properties", &["--test", "properties"], ("PROPTEST_CASES", CASES)),
    ("properties order and pace", &["--test", "invariance"], ("PROPTEST_CASES", CASES)),
    ("properties sides and scale", &["--test", "relations"], ("PROPTEST_CASES", CASES)),
    ("properties partitions", &["--lib", "number_of_partitions"], ("PROPTEST_CASES", CASES)),
    ("forgeries", &["--test", "tamper"], ("PROPTEST_CASES", CASES)),
];

/// Runs every part that the code at hand has no line for, or those of them that are named; a part
/// that fails does not stop the others.
pub(crate) fn run(project: &Project, only: &[&str]) -> Result<()> {
    let fuzzed = fuzz::TARGETS.map(|target| (format!("fuzz {target}"), target));
    let simulated = MONTHS.map(|(name, seeds)| -> Test {
        (
            name,
            &["--test", "simulation", "whatever", "--", "--nocapture"],
            ("CROSSFOOT_SEEDS", seeds),
        )
    });
    let tests = || TESTS.into_iter().chain(simulated);
    let names = || fuzzed.iter().map(|(name, _)| name.as_str()).chain(tests().map(|test| test.0));
    if let Some(unknown) = only.iter().find(|only| !names().any(|name| name == **only)) {
        bail!("no such part: {unknown}; the parts are {}", names().collect::<Vec<_>>().join(", "));
    }
    let is_wanted = |name: &str| only.is_empty() || only.contains(&name);
    if !git(project, &["status", "--porcelain", "--", ".", ":(exclude)tests/DEEP.md"])?.is_empty() {
        bail!("commit what was changed first: every result names the commit that it is about");
    }
    let mut failed = Vec::new();
    for (name, target) in fuzzed.iter().filter(|(name, _)| is_wanted(name)) {
        failed.extend(part(project, name, || {
            let program = fuzz::build(project)?;
            Ok(fuzz::one(project, &program, target, SECONDS)?.to_string())
        })?);
    }
    for (name, words, variable) in tests().filter(|(name, ..)| is_wanted(name)) {
        failed.extend(part(project, name, || tested(project, words, variable))?);
    }
    if !failed.is_empty() {
        bail!("{} failed", failed.join(", "));
    }
    Ok(())
}

/// Runs a part unless it was done, and writes its line; its name where it failed.
fn part(
    project: &Project,
    name: &str,
    work: impl FnOnce() -> Result<String>,
) -> Result<Option<String>> {
    let file = project.root.join(FILE);
    let known = || read(&std::fs::read_to_string(&file).unwrap_or_default());
    if let Some(line) =
        known().iter().find(|line| line.part == name && is_of_this_code(project, line))
    {
        println!("{name}: done for {}", line.commit);
        return Ok(None);
    }
    println!("\n── {name}");
    let what = match work() {
        Ok(what) => what,
        Err(error) => {
            eprintln!("error: {error:#}");
            return Ok(Some(name.to_owned()));
        }
    };
    println!("{name}: {what}");
    let commit = git(project, &["rev-parse", "--short=10", "HEAD"])?;
    // Another run may have written its own parts in the meantime.
    let mut lines = known();
    lines.retain(|line| line.part != name);
    lines.push(Line { part: name.to_owned(), what, day: day()?, commit });
    lines.sort_by(|one, other| one.part.cmp(&other.part));
    std::fs::write(&file, written(&lines)).with_context(|| format!("write {FILE}"))?;
    Ok(None)
}

/// Whether the code has not changed since the commit of a line; a commit that is not there is
/// another one.
fn is_of_this_code(project: &Project, line: &Line) -> bool {
    let mut git = Command::new("git");
    git.current_dir(&project.root).args(["diff", "--quiet", &line.commit, "HEAD", "--"]).args(CODE);
    git.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs tests with many cases: as many as the environment says, if it does.
fn tested(project: &Project, words: &[&str], (variable, cases): (&str, &str)) -> Result<String> {
    let said = std::env::var(variable).ok();
    let cases = said.as_deref().unwrap_or(cases);
    let mut cargo = command::cargo_optimised(&project.root);
    cargo.args(["test", "--package", "crossfoot", "--features", "cli"]).args(words);
    let (text, success) = command::run_and_read(cargo.env(variable, cases))?;
    let counts = Counts::of_rust(&text);
    if !success || counts.failed > 0 || counts.passed == 0 {
        bail!("{} of {} tests failed", counts.failed, counts.passed + counts.failed);
    }
    let seconds = seconds(&text).context("the tests did not say how long they took")?;
    if let Some(figures) = text.lines().find_map(|line| line.strip_prefix("figures: ")) {
        return Ok(format!("{figures}, in {seconds} s"));
    }
    Ok(format!("{} tests with {cases} cases each in {seconds} s, 0 failed", counts.passed))
}

/// The seconds in `test result: ok. 3 passed; …; finished in 12.34s`, without those of building.
fn seconds(text: &str) -> Option<u64> {
    let results = text.lines().filter(|line| line.starts_with("test result: "));
    let times = results.filter_map(|line| line.split_once("finished in ")?.1.split_once('.'));
    times.map(|(seconds, _)| seconds.parse::<u64>().ok()).sum()
}

/// One line of the table.
struct Line {
    part: String,
    what: String,
    day: String,
    commit: String,
}

fn read(text: &str) -> Vec<Line> {
    let rows = text.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    rows.filter_map(|row| {
        let mut cells = row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
        Some(Line {
            part: cells.next()?,
            what: cells.next()?,
            day: cells.next()?,
            commit: cells.next()?,
        })
    })
    .collect()
}

fn written(lines: &[Line]) -> String {
    let rows = lines.iter().map(|line| {
        let Line { part, what, day, commit } = line;
        format!("| {part} | {what} | {day} | {commit} |\n")
    });
    HEAD.to_owned() + &rows.collect::<String>()
}

fn git(project: &Project, arguments: &[&str]) -> Result<String> {
    let mut git = Command::new("git");
    git.current_dir(&project.root).args(arguments);
    command::first_line(&mut git).context("git does not say which commit this is")
}

fn day() -> Result<String> {
    let mut date = Command::new("date");
    date.args(["-u", "+%Y-%m-%d"]);
    command::first_line(&mut date).context("`date` did not say which day it is")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_those_of_the_tests() {
        let text = "test result: ok. 2 passed; 0 failed; finished in 61.50s\n\
            test result: ok. 1 passed; 0 failed; finished in 1.02s\n";
        assert_eq!(seconds(text), Some(62));
        assert_eq!(seconds("test result: ok. finished in x.y"), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let line = |part: &str| Line {
            part: part.to_owned(),
            what: "5 inputs".to_owned(),
            day: "2026-01-01".to_owned(),
            commit: "abc".to_owned(),
        };
        let text = written(&[line("fuzz csv"), line("fuzz json")]);
        let lines = read(&text);
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[1].part.as_str(), lines[1].commit.as_str()), ("fuzz json", "abc"));
        assert_eq!(written(&lines), text);
        assert!(read("").is_empty());
    }
}
