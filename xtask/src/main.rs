//! The build tool: `cargo xtask start | build | test | conformance | pack | bench | fuzz`.
//!
//! Everything that a clone needs beyond Rust and Node is fetched through `Cargo.lock` and
//! `www/package-lock.json`; nothing is installed by hand, and no build script downloads.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a build tool talks to its terminal")]

mod bench;
mod browser;
mod command;
mod counts;
mod deep;
mod duckdb;
mod engine;
mod fuzz;
mod npm;
mod pack;
mod page;
mod pair;
mod project;
mod serve;
mod split;
mod stamp;
mod suite;
mod wasm_tests;

use anyhow::{Result, bail};
use project::Project;
use std::process::ExitCode;

const HELP: &str = "\
Crossfoot's build tool.

  cargo xtask start [--port N] [--no-serve]   build the engine and the page, serve them on 127.0.0.1
  cargo xtask build                           the same without serving; steps that are fresh are skipped
  cargo xtask test [--only STEP]              every test there is; the last line says `N passed, N failed`
  cargo xtask pack                            the npm package, as target/pack/crossfoot-VERSION.tgz
  cargo xtask bench [--rows N] [--rounds N]   sizes, stages, and the comparison with a bare join in JavaScript
                    [--megabytes N] [--only readers]   and files in awkward encodings and quotes beside a clean one
                    [--only quality]                   how much of mixed months is matched, beside a plain join
  cargo xtask conformance                     what becomes of every file in the folder CROSSFOOT_SAMPLES, as a table
  cargo xtask test --deep [PART …]            what takes hours; resumes, and writes tests/DEEP.md
  cargo xtask rules                           writes the rule book, tests/RULES.md, anew
  cargo xtask fuzz [--seconds N] [--target T] libFuzzer on every target, from the committed corpus
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let project = Project::find()?;
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["start", rest @ ..] => start(&project, rest)?,
        ["build"] => build(&project)?,
        ["test", "--deep", only @ ..] => deep::run(&project, only)?,
        ["test", rest @ ..] => return suite::run(&project, only(rest)?),
        ["conformance"] => conformance(&project)?,
        ["rules"] => rules(&project)?,
        ["pack"] => println!("{}", pack::pack(&project)?.display()),
        ["bench", rest @ ..] => bench::run(&project, &bench::Options::parse(rest)?)?,
        ["fuzz", rest @ ..] => fuzz::run(&project, &fuzz::Options::parse(rest)?)?,
        [] | ["help" | "--help" | "-h"] => println!("{HELP}"),
        _ => bail!("no such command: {}\n\n{HELP}", words.join(" ")),
    }
    Ok(ExitCode::SUCCESS)
}

fn start(project: &Project, options: &[&str]) -> Result<()> {
    let mut port = None;
    let mut serves = true;
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--no-serve" => serves = false,
            "--port" => match options.next().map(|text| text.parse::<u16>()) {
                Some(Ok(number)) => port = Some(number),
                _ => bail!("--port takes a number from 0 to 65535"),
            },
            other => bail!("no such option of start: {other}\n\n{HELP}"),
        }
    }
    build(project)?;
    if serves {
        let server = serve::Server::bind(project, &project.www.join("dist"), "page", port)?;
        println!("\nCrossfoot is at {}  (Ctrl+C stops it)", server.address());
        server.run();
    }
    Ok(())
}

fn build(project: &Project) -> Result<()> {
    npm::install(project)?;
    engine::build(project)?;
    page::build(project)
}

/// The table is a test, so that it cannot print what the tests do not see.
fn conformance(project: &Project) -> Result<()> {
    if std::env::var_os("CROSSFOOT_SAMPLES").is_none() {
        bail!("CROSSFOOT_SAMPLES names no folder of provider files");
    }
    let test = ["test", "--quiet", "--features", "cli", "--test", "conformance"];
    command::run(command::cargo(&project.root).args(test).args([
        "--",
        "--nocapture",
        "table::table",
    ]))
}

/// The book is a test, so that what it writes is what the tests hold.
fn rules(project: &Project) -> Result<()> {
    let test = [
        "test",
        "--quiet",
        "--package",
        "crossfoot",
        "--features",
        "cli",
        "--test",
        "golden",
        "the_rule_book",
    ];
    command::run(command::cargo(&project.root).args(test).env("CROSSFOOT_BLESS", "1"))?;
    println!("wrote tests/RULES.md");
    Ok(())
}

fn only<'a>(options: &[&'a str]) -> Result<Option<&'a str>> {
    match options {
        [] => Ok(None),
        ["--only", step] => Ok(Some(step)),
        _ => bail!("test takes nothing or --only STEP; the steps are {}", suite::names()),
    }
}
