//! `cargo xtask test`: every check and test there is, one step after the other.
//!
//! A step that fails does not stop the others, so that one run shows all that is wrong. The last
//! line is `N passed, N failed`; with `CI=true` a skipped test is a failed one.

use crate::counts::Counts;
use crate::engine::WASM_TARGET;
use crate::project::Project;
use crate::serve::Server;
use crate::{browser, command, duckdb, engine, npm, pack, page, wasm_tests};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

type Step = (&'static str, fn(&Project) -> Result<Counts>);

/// The steps in the order in which they run: quick answers first.
const STEPS: [Step; 11] = [
    ("format", format),
    ("clippy", clippy),
    ("clippy-wasm", clippy_wasm),
    ("native", native),
    ("tool", tool),
    ("wasm-node", wasm_tests::in_node),
    ("wasm-chromium", wasm_tests::in_chromium),
    ("types", types),
    ("unit", unit),
    ("e2e", end_to_end),
    ("package", pack::test),
];

/// The first step that needs what [`build_ahead`] makes.
const BUILT_AHEAD_OF: &str = "wasm-node";

/// Builds the engine and the runner of its tests beside the first steps: linking and most tests use
/// one core only.
fn build_ahead(project: &Project) -> Result<()> {
    engine::build(project)?;
    wasm_tests::build_runner(project)
}

/// The names that `--only` takes, for messages.
pub(crate) fn names() -> String {
    STEPS.map(|(name, _)| name).join(", ")
}

/// Runs all steps, or only one, and prints the counts.
pub(crate) fn run(project: &Project, only: Option<&str>) -> Result<ExitCode> {
    if let Some(name) = only.filter(|only| !STEPS.iter().any(|(name, _)| name == only)) {
        bail!("no such step: {name}; the steps are {}", names());
    }
    npm::install(project)?;
    engine::add_target(project)?;

    let mut sum = Counts::default();
    let mut table = Vec::new();
    std::thread::scope(|scope| {
        let mut ahead = only.is_none().then(|| scope.spawn(|| build_ahead(project)));
        for (name, step) in STEPS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
            println!("\n── {name}");
            let start = Instant::now();
            if let Some(ahead) = ahead.take_if(|_| BUILT_AHEAD_OF == *name) {
                // What failed there is tried again, and said, by the step that needs it.
                drop(ahead.join());
            }
            let counts = step(project).unwrap_or_else(|error| {
                eprintln!("error: {error:#}");
                Counts::one(false)
            });
            table.push((*name, start.elapsed(), counts));
            sum += counts;
        }
    });
    print_table(&table);
    if std::env::var("CI").is_ok_and(|value| value == "true") {
        sum.failed += sum.skipped;
        sum.skipped = 0;
    }
    let skipped = sum.skipped + sum.excused;
    let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    println!("{} passed, {} failed{skipped}", sum.passed, sum.failed);
    Ok(if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print_table(table: &[(&str, Duration, Counts)]) {
    println!("\n{:<16}{:>8}{:>9}{:>9}{:>9}", "step", "seconds", "passed", "failed", "skipped");
    for (name, time, counts) in table {
        println!(
            "{name:<16}{:>8}{:>9}{:>9}{:>9}",
            time.as_secs(),
            counts.passed,
            counts.failed,
            counts.skipped + counts.excused
        );
    }
    let total: Duration = table.iter().map(|(_, time, _)| *time).sum();
    println!("{:<16}{:>8}\n", "all", total.as_secs());
}

fn check(command: &mut Command) -> Result<Counts> {
    let holds = command::run(command).inspect_err(|error| eprintln!("error: {error:#}")).is_ok();
    Ok(Counts::one(holds))
}

fn format(project: &Project) -> Result<Counts> {
    check(command::cargo(&project.root).args(["fmt", "--all", "--check"]))
}

fn clippy(project: &Project) -> Result<Counts> {
    let mut cargo = command::cargo(&project.root);
    cargo.args(["clippy", "--workspace", "--all-targets", "--features", "crossfoot/cli"]);
    check(cargo.args(["--quiet", "--", "-D", "warnings"]))
}

fn clippy_wasm(project: &Project) -> Result<Counts> {
    let mut cargo = command::cargo(&project.root);
    cargo.args(["clippy", "--package", "crossfoot", "--target", WASM_TARGET, "--lib"]);
    let mut counts = check(cargo.args(["--test", "wasm", "--quiet", "--", "-D", "warnings"]))?;
    let mut readers = command::cargo(&project.root);
    readers.args(["clippy", "--package", "crossfoot-readers", "--target", WASM_TARGET, "--lib"]);
    counts += check(readers.args(["--quiet", "--", "-D", "warnings"]))?;
    Ok(counts)
}

fn rust_tests(cargo: &mut Command) -> Result<Counts> {
    let (text, success) = command::run_and_read(cargo)?;
    Ok(Counts::of_rust(&text).with_success(success))
}

/// Tests that read folders of real or public files, and the variables that name these folders.
const CORPORA: [(&str, &str); 5] = [
    ("conformance", "CROSSFOOT_SAMPLES"),
    ("conformance_bank", "CROSSFOOT_SAMPLES"),
    ("conformance_west", "CROSSFOOT_SAMPLES"),
    ("infer_samples", "CROSSFOOT_SAMPLES"),
    ("torture", "CROSSFOOT_TORTURE"),
];

/// All native tests; those that have nothing to read where no folder of files is set count as
/// skipped, without being failures.
fn native(project: &Project) -> Result<Counts> {
    let tests = || {
        let mut cargo = command::cargo_optimised(&project.root);
        cargo.args(["test", "--package", "crossfoot", "--features", "cli", "--no-fail-fast"]);
        cargo
    };
    let mut all = tests();
    let python = duckdb::python(project);
    if let Ok(python) = &python {
        all.env(duckdb::VARIABLE, python);
    }
    let mut counts = rust_tests(&mut all)?;
    if let Err(error) = python {
        // Where everything must run it is a failure.
        println!("differential: skipped, since {error:#}");
        counts.passed = counts.passed.saturating_sub(1);
        counts.skipped += 1;
    }
    for (test, variable) in CORPORA {
        if std::env::var_os(variable).is_none() {
            println!("{test}: skipped, since {variable} names no folder of files");
            let mut list = tests();
            list.args(["--quiet", "--test", test, "--", "--list", "--format", "terse"]);
            let (list, _) = command::run_and_read(&mut list)?;
            let skipped = list.lines().filter(|line| line.ends_with(": test")).count() as u64;
            counts.excused += skipped;
            counts.passed = counts.passed.saturating_sub(skipped);
        }
    }
    Ok(counts)
}

fn tool(project: &Project) -> Result<Counts> {
    rust_tests(command::cargo(&project.root).args([
        "test",
        "--profile",
        "tool",
        "--package",
        "xtask",
    ]))
}

fn types(project: &Project) -> Result<Counts> {
    engine::build(project)?;
    check(command::node_tool(project, "typescript/bin/tsc").args(["--noEmit", "--pretty", "false"]))
}

fn unit(project: &Project) -> Result<Counts> {
    let report = project.work("reports")?.join("unit.json");
    engine::build(project)?;
    build_native_command(project)?;
    let mut vitest = command::node_tool(project, "vitest/vitest.mjs");
    vitest.args(["run", "--passWithNoTests", "--reporter=default", "--reporter=json"]);
    vitest.arg(format!("--outputFile.json={}", report.display()));
    vitest.env("CROSSFOOT_BIN", project.native_command());
    counts_of_report(&mut vitest, &report, Counts::of_vitest)
}

fn end_to_end(project: &Project) -> Result<Counts> {
    let chrome = browser::find_or_install(project)?;
    engine::build(project)?;
    page::build(project)?;
    build_native_command(project)?;

    let work = project.work("e2e")?;
    let demo = demo(project, &work)?;
    let log = work.join("access.log");
    let server = Server::bind(project, &project.www.join("dist"), "page", Some(0))?;
    let server = server.with_access_log(log.clone())?;
    let address = server.address();
    server.spawn();

    let report = project.work("reports")?.join("e2e.json");
    let mut playwright = command::node_tool(project, "@playwright/test/cli.js");
    playwright
        .args(["test", "--reporter=list,json"])
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("CHROME", chrome)
        .env("CROSSFOOT_URL", address)
        .env("CROSSFOOT_BIN", project.native_command())
        .env("CROSSFOOT_DEMO", demo)
        .env("CROSSFOOT_ACCESS_LOG", log);
    counts_of_report(&mut playwright, &report, Counts::of_playwright)
}

/// The demo month and the native command's result for it, made anew in `demo/` of a folder.
pub(crate) fn demo(project: &Project, work: &Path) -> Result<PathBuf> {
    let folder = work.join("demo");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("clear the demo folder")?;
    }
    // Relative paths, so that the printed command needs no quotes whatever the folder is called.
    let native = || {
        let mut command = Command::new(project.native_command());
        command.current_dir(work);
        command
    };
    let (text, success) =
        command::run_and_read(native().args(["demo", "--seed", "7", "--out", "demo"]))?;
    let reconcile =
        text.lines().next_back().filter(|line| line.starts_with("crossfoot reconcile "));
    let (true, Some(reconcile)) = (success, reconcile) else {
        bail!("`crossfoot demo` did not end with a `crossfoot reconcile` command");
    };
    let mut run = native();
    run.args(reconcile.split_whitespace().skip(1)).args(["--out", "demo/result.json", "--quiet"]);
    // Open exceptions are what the demo is for: status 1 is the expected one.
    let status = run.status().with_context(|| format!("cannot start {}", command::shown(&run)))?;
    if !matches!(status.code(), Some(0 | 1)) {
        bail!("{} failed ({status})", command::shown(&run));
    }
    Ok(folder)
}

pub(crate) fn build_native_command(project: &Project) -> Result<()> {
    let mut cargo = command::cargo_optimised(&project.root);
    command::run(cargo.args(["build", "--quiet", "--package", "crossfoot", "--features", "cli"]))
}

fn counts_of_report(
    command: &mut Command,
    report: &Path,
    count: fn(&serde_json::Value) -> Counts,
) -> Result<Counts> {
    if report.exists() {
        std::fs::remove_file(report).context("remove the last report")?;
    }
    let success = command
        .status()
        .with_context(|| format!("cannot start {}", command::shown(command)))?
        .success();
    let text = std::fs::read_to_string(report).context("the runner wrote no report")?;
    let report = serde_json::from_str(&text).context("the runner's report is not JSON")?;
    Ok(count(&report).with_success(success))
}
