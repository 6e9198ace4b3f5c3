//! `cargo xtask test --deep`: what takes too long for every change. Each part writes its figures,
//! the day and the commit into `tests/DEEP.md` as soon as it is done; a part that was done for the
//! commit at hand is not done again, so that a run that was cut goes on where it stopped.

use crate::project::Project;
use crate::{command, fuzz};
use anyhow::{Context, Result};
use std::process::Command;

const HEAD: &str = "# Deep tests

`cargo xtask test --deep` runs what takes too long for every change and writes this file.

| part | what it did | day | commit |
|---|---|---|---|
";

/// Seconds of each fuzz target.
const SECONDS: u64 = 300;

/// Runs every part that the commit at hand has no line for.
pub(crate) fn run(project: &Project) -> Result<()> {
    let commit = git(project, &["rev-parse", "--short=10", "HEAD"])?;
    let file = project.root.join("tests/DEEP.md");
    let mut lines = read(&std::fs::read_to_string(&file).unwrap_or_default());
    let mut program = None;
    for target in fuzz::TARGETS {
        let part = format!("fuzz {target}");
        if lines.iter().any(|line| line.part == part && line.commit == commit) {
            println!("{part}: done for {commit}");
            continue;
        }
        let program = match &program {
            Some(program) => program,
            None => program.insert(fuzz::build(project)?),
        };
        let outcome = fuzz::one(project, program, target, SECONDS)?;
        let what = format!("{} inputs in {} s, 0 crashes", outcome.runs, outcome.seconds);
        println!("{part}: {what}");
        lines.retain(|line| line.part != part);
        lines.push(Line { part, what, day: day()?, commit: commit.clone() });
        lines.sort_by(|one, other| one.part.cmp(&other.part));
        std::fs::write(&file, written(&lines)).context("write tests/DEEP.md")?;
    }
    Ok(())
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
