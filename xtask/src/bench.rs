//! `cargo xtask bench`: sizes, the stages of a native run, and the comparison with a bare join in
//! JavaScript. It prints figures and asserts nothing: a figure belongs to the machine it was
//! measured on.

use crate::project::Project;
use crate::serve::Server;
use crate::{browser, command, npm, pack, pair};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is measured; all can be made smaller for a quick look.
pub(crate) struct Options {
    /// Rows of each file of the pair.
    pub(crate) rows: usize,
    /// Interleaved rounds of the comparisons.
    pub(crate) rounds: usize,
    /// Size of each file that is written in an awkward way.
    pub(crate) megabytes: usize,
    /// Measures nothing but this.
    pub(crate) only: Option<Only>,
}

/// A part that can be measured on its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Only {
    /// Files that are written in awkward ways.
    Readers,
    /// How much of mixed months is matched rightly.
    Quality,
}

/// Rows of each of the files whose lines name no order.
const OPEN_ROWS: usize = 20_000;

/// Mixed months of each size and level.
const MONTHS: &str = "40";

impl Options {
    pub(crate) fn parse(words: &[&str]) -> Result<Self> {
        let mut options = Self { rows: 1_000_000, rounds: 5, megabytes: 100, only: None };
        for pair in words.chunks(2) {
            match (pair.first().copied(), pair.get(1).and_then(|number| number.parse().ok())) {
                (Some("--rows"), Some(number)) if number > 0 => options.rows = number,
                (Some("--rounds"), Some(number)) if number > 0 => options.rounds = number,
                (Some("--megabytes"), Some(number)) if number > 0 => options.megabytes = number,
                (Some("--only"), None) if pair.get(1) == Some(&"readers") => {
                    options.only = Some(Only::Readers);
                }
                (Some("--only"), None) if pair.get(1) == Some(&"quality") => {
                    options.only = Some(Only::Quality);
                }
                _ => bail!(
                    "bench takes --rows N, --rounds N and --megabytes N, each at least 1, and --only readers or --only quality"
                ),
            }
        }
        Ok(options)
    }
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    if options.only == Some(Only::Quality) {
        return quality(project);
    }
    npm::install(project)?;
    let chrome = browser::find_or_install(project)?;
    if options.only == Some(Only::Readers) {
        return readers(project, &chrome, options);
    }
    println!("\n── size of the page");
    crate::build(project)?;
    let server = Server::bind(project, &project.www.join("dist"), "page", Some(0))?;
    measure(project, &chrome, "bench/first-load.mjs", server, &[])?;

    println!("\n── files that would be huge, refused");
    let mut cargo = command::cargo(&project.root);
    cargo.args(["bench", "--quiet", "--package", "crossfoot", "--bench", "bombs"]);
    command::run(cargo.args(["--features", "unpack"]))?;

    println!("\n── rows without a reference, assigned");
    let mut cargo = command::cargo(&project.root);
    command::run(cargo.args([
        "bench",
        "--quiet",
        "--package",
        "crossfoot",
        "--bench",
        "residual",
    ]))?;

    quality(project)?;

    let pair = pair_of(project, options.rows)?;
    println!("\n── stages of a native run");
    stages(project, &pair)?;

    println!("\n── {0} × {0} clean rows in Chromium", options.rows);
    let site = site(project)?;
    let server = Server::bind(project, &site, "package", Some(0))?;
    let rounds = options.rounds.to_string();
    let pair = pair.to_string_lossy();
    measure(project, &chrome, "bench/run.mjs", server, &[pair.as_ref(), &rounds])?;
    readers(project, &chrome, options)
}

/// Links of orders and lines in mixed months, beside a plain join with an optimal assignment.
fn quality(project: &Project) -> Result<()> {
    println!("\n── mixed months, matched");
    let mut cargo = command::cargo(&project.root);
    cargo.args(["test", "--quiet", "--release", "--package", "crossfoot", "--features", "cli"]);
    cargo.args(["--test", "quality", "--", "--nocapture"]);
    command::run(cargo.env("CROSSFOOT_MONTHS", MONTHS))
}

/// Files that are written in awkward ways, beside a clean one of the same size.
fn readers(project: &Project, chrome: &Path, options: &Options) -> Result<()> {
    let Options { rounds, megabytes, .. } = options;
    println!("\n── {megabytes} MB of awkward CSV, read in Chromium");
    crate::build(project)?;
    let server = Server::bind(project, &site(project)?, "package", Some(0))?;
    let folder = project.work("bench")?.join(format!("ways-{megabytes}"));
    let arguments = [folder.display().to_string(), rounds.to_string(), megabytes.to_string()];
    measure(project, chrome, "bench/readers.mjs", server, &arguments.each_ref().map(String::as_str))
}

fn measure(
    project: &Project,
    chrome: &Path,
    script: &str,
    server: Server,
    arguments: &[&str],
) -> Result<()> {
    let address = server.address();
    server.spawn();
    let mut node = Command::new("node");
    node.arg(script).arg(address).args(arguments).env("CHROME", chrome);
    command::run(node.current_dir(&project.www))
}

/// The folder of the pair, written once for each number of rows.
fn pair_of(project: &Project, rows: usize) -> Result<PathBuf> {
    let folder = project.work("bench")?.join(format!("pair-{rows}"));
    let done = folder.join("done-2");
    if !done.exists() {
        println!("\nwriting a pair of {rows} rows each");
        fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
        pair::write(&folder, rows, 1)?;
        pair::write_without_references(&folder, OPEN_ROWS, 1)?;
        fs::write(done, "").context("note that the pair is written")?;
    }
    Ok(folder)
}

/// The measured page with the package and PapaParse beside it.
fn site(project: &Project) -> Result<PathBuf> {
    pack::pack(project)?;
    let site = project.work("bench")?.join("site");
    let dist = site.join("dist");
    fs::create_dir_all(&dist).context("create the measured page's folder")?;
    let package = project.work("package")?.join("dist");
    let own = project.www.join("bench");
    let papaparse = project.www.join("node_modules").join("papaparse");
    let files = [
        (package.join("index.js"), dist.join("index.js")),
        (package.join("worker.js"), dist.join("worker.js")),
        (package.join("crossfoot.wasm"), dist.join("crossfoot.wasm")),
        (package.join("reconcile.wasm"), dist.join("reconcile.wasm")),
        (package.join("readers.wasm"), dist.join("readers.wasm")),
        (papaparse.join("papaparse.min.js"), site.join("papaparse.min.js")),
        (own.join("index.html"), site.join("index.html")),
        (own.join("bench.js"), site.join("bench.js")),
        (own.join("papa-worker.js"), site.join("papa-worker.js")),
    ];
    for (from, to) in files {
        fs::copy(&from, &to).with_context(|| format!("copy {}", from.display()))?;
    }
    Ok(site)
}

fn stages(project: &Project, pair: &Path) -> Result<()> {
    let mut cargo = command::cargo(&project.root);
    cargo.args(["bench", "--quiet", "--package", "crossfoot", "--bench", "stages", "--"]);
    command::run(cargo.arg(pair.join("orders.csv")).arg(pair.join("mfs.csv")))
}
