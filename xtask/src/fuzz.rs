//! `cargo xtask fuzz`: libFuzzer on stable Rust, one target after the other.
//!
//! The instrumentation is that of `cargo fuzz`, given to the compiler as flags; the address
//! sanitizer among them is unstable, so that the compiler is told to allow it. Nothing has to be
//! installed: libFuzzer is a crate, and a C++ compiler builds it.

use crate::command;
use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The targets of `fuzz/src/targets.rs`.
pub(crate) const TARGETS: [&str; 13] = [
    "amounts", "bai2", "camt", "csv", "encoding", "json", "markup", "mt940", "ofx", "profiles",
    "webhook", "xls", "xlsx",
];

const FLAGS: [&str; 9] = [
    "-Zsanitizer=address",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "-Cdebuginfo=1",
    "--cfg=fuzzing",
];

/// What is to be fuzzed, and for how long.
pub(crate) struct Options {
    seconds: u64,
    target: Option<String>,
}

impl Options {
    pub(crate) fn parse(words: &[&str]) -> Result<Self> {
        let mut options = Self { seconds: 15, target: None };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match (*word, words.next()) {
                ("--seconds", Some(seconds)) => {
                    options.seconds = seconds.parse().context("--seconds takes a whole number")?;
                }
                ("--target", Some(target)) if TARGETS.contains(target) => {
                    options.target = Some((*target).to_owned());
                }
                ("--target", _) => bail!("--target takes one of {}", TARGETS.join(", ")),
                _ => bail!("fuzz takes --seconds N and --target NAME"),
            }
        }
        Ok(options)
    }
}

/// What came of one target, as libFuzzer measured it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How many inputs were tried.
    runs: u64,
    /// Seconds that it took.
    seconds: u64,
    /// How many places of the program were reached by what there was, and in the end.
    reached: (u64, u64),
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { runs, seconds, reached: (from, to) } = self;
        write!(
            out,
            "{runs} inputs in {seconds} s, 0 crashes; {from} places reached at the start, {to} in the end"
        )
    }
}

/// Fuzzes one target or all of them; the first crash ends it.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let program = build(project)?;
    for target in
        TARGETS.iter().filter(|name| options.target.as_deref().is_none_or(|only| only == **name))
    {
        let outcome = one(project, &program, target, options.seconds)?;
        println!("{target}: {outcome}");
    }
    Ok(())
}

/// Builds the program of all targets.
pub(crate) fn build(project: &Project) -> Result<PathBuf> {
    let host = host(project)?;
    let folder = project.target.join("fuzz");
    let mut cargo = command::cargo(&project.root.join("fuzz"));
    cargo.args(["build", "--release", "--quiet", "--target", &host, "--target-dir"]);
    cargo.arg(&folder).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", FLAGS.join(" "));
    command::run(&mut cargo)?;
    Ok(folder
        .join(host)
        .join("release")
        .join(format!("crossfoot-fuzz{}", std::env::consts::EXE_SUFFIX)))
}

/// Fuzzes one target for some seconds, from the committed corpus and the files of the golden cases
/// that it reads. What is new goes to a folder of its own under `target/`, and is tried again the
/// next time.
///
/// # Errors
/// A crash, a hang or too much memory: where the input was kept, and how to try it again.
pub(crate) fn one(
    project: &Project,
    program: &Path,
    target: &str,
    seconds: u64,
) -> Result<Outcome> {
    let found = project.work(&format!("fuzz/{target}"))?;
    let crashes = project.work(&format!("fuzz-crashes/{target}"))?;
    println!("\n── {target}: {seconds} s");
    let mut fuzzer = Command::new(program);
    fuzzer.env("CROSSFOOT_FUZZ", target).arg(&found);
    fuzzer.arg(project.root.join("fuzz/corpus").join(target)).arg(golden(project, target)?);
    fuzzer.arg(format!("-max_total_time={seconds}"));
    fuzzer.arg(format!("-artifact_prefix={}/", crashes.display()));
    fuzzer.args(["-timeout=10", "-rss_limit_mb=1024", "-max_len=8192", "-print_funcs=0"]);
    fuzzer.args(["-verbosity=1", "-seed=1"]);
    let output = fuzzer.output().with_context(|| format!("cannot start {}", program.display()))?;
    let log = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        println!("{log}");
        bail!(
            "{target} failed; the input is in {}: fix it, and add the input to fuzz/corpus/{target}",
            crashes.display()
        );
    }
    measured(&log).context("libFuzzer did not print what it did")
}

/// What libFuzzer prints: `#21 INITED cov: 105 …`, and at the end `#99 DONE cov: 120 …` and
/// `Done 99 runs in 300 second(s)`.
fn measured(log: &str) -> Option<Outcome> {
    let number = |line: &str, after: &str| -> Option<u64> {
        let (_, rest) = line.split_once(after)?;
        rest.split_whitespace().next()?.parse().ok()
    };
    let reached = |state: &str| {
        let line = log.lines().find(|line| line.starts_with('#') && line.contains(state))?;
        number(line, "cov: ")
    };
    let done = log.lines().find(|line| line.starts_with("Done "))?;
    Some(Outcome {
        runs: number(done, "Done ")?,
        seconds: number(done, " runs in ")?,
        reached: (reached("INITED")?, reached("DONE")?),
    })
}

/// A folder with copies of the files of all golden cases that a target reads.
fn golden(project: &Project, target: &str) -> Result<PathBuf> {
    let folder = project.work(&format!("fuzz-golden/{target}"))?;
    let endings: &[&str] = match target {
        "bai2" => &["bai"],
        "camt" => &["xml"],
        "csv" => &["csv", "txt", ""],
        "json" => &["json"],
        "mt940" => &["sta"],
        "ofx" => &["ofx", "qfx"],
        _ => return Ok(folder),
    };
    for profile in files(&project.root.join("tests/golden/profiles"))? {
        for case in files(&profile)?.into_iter().filter(|path| path.is_dir()) {
            for file in files(&case)? {
                let ending = file.extension().unwrap_or_default().to_ascii_lowercase();
                let name = file.file_name().unwrap_or_default();
                let is_input = name != "expected.json" && name != "mapping.json";
                if is_input && endings.iter().any(|one| ending == **one) {
                    let names = [&profile, &case, &file].map(|path| {
                        path.file_name().unwrap_or_default().to_string_lossy().into_owned()
                    });
                    std::fs::copy(&file, folder.join(names.join("-")))?;
                }
            }
        }
    }
    Ok(folder)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn host(project: &Project) -> Result<String> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(&project.root).arg("-vV");
    let output = rustc.output().context("rustc did not start")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc -vV names no host")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_that_were_printed() {
        let log = "INFO: seed corpus: files: 19\n\
            #21\tINITED cov: 10643 ft: 20534 corp: 19/6324b exec/s: 0 rss: 147Mb\n\
            #70\tNEW    cov: 10700 ft: 20600 corp: 20/6324b\n\
            #2575\tDONE   cov: 12254 ft: 32965 corp: 834/155Kb lim: 1638 exec/s: 122 rss: 365Mb\n\
            Done 2575 runs in 21 second(s)\n";
        let outcome = Outcome { runs: 2575, seconds: 21, reached: (10643, 12254) };
        assert_eq!(measured(log), Some(outcome));
        assert_eq!(measured(&log.replace("Done ", "")), None);
    }
}
