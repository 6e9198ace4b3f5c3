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
pub(crate) const TARGETS: [&str; 10] =
    ["amounts", "bai2", "camt", "csv", "encoding", "json", "mt940", "ofx", "profiles", "xlsx"];

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

/// What came of one target.
pub(crate) struct Outcome {
    /// How many inputs were tried.
    pub(crate) runs: u64,
    /// Seconds that it took.
    pub(crate) seconds: u64,
}

/// Fuzzes one target or all of them; the first crash ends it.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let program = build(project)?;
    for target in
        TARGETS.iter().filter(|name| options.target.as_deref().is_none_or(|only| only == **name))
    {
        let outcome = one(project, &program, target, options.seconds)?;
        println!("{target}: {} inputs in {} s, no crash", outcome.runs, outcome.seconds);
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

/// Fuzzes one target for some seconds from the committed corpus. What is new goes to a folder of its
/// own under `target/`, and is tried again the next time.
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
    fuzzer.arg(project.root.join("fuzz/corpus").join(target));
    fuzzer.arg(format!("-max_total_time={seconds}"));
    fuzzer.arg(format!("-artifact_prefix={}/", crashes.display()));
    fuzzer.args(["-timeout=10", "-rss_limit_mb=1024", "-max_len=8192", "-print_final_stats=1"]);
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
    let runs = log.lines().find_map(|line| {
        let rest = line.strip_prefix("stat::number_of_executed_units:")?;
        rest.trim().parse().ok()
    });
    Ok(Outcome { runs: runs.context("libFuzzer printed no count of inputs")?, seconds })
}

fn host(project: &Project) -> Result<String> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(&project.root).arg("-vV");
    let output = rustc.output().context("rustc did not start")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc -vV names no host")
}
