//! Sets up the DuckDB that the keyed passes are compared with, in a virtual environment of its own.

use crate::command;
use crate::project::Project;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// Names the Python to the test.
pub(crate) const VARIABLE: &str = "CROSSFOOT_DUCKDB";

/// The one version that is compared with.
const VERSION: &str = "1.4.1";

const REMEDY: &str = "DuckDB could not be set up: install Python 3 with its venv module and let pip reach \
    its package index, or name a Python that has duckdb in CROSSFOOT_DUCKDB";

/// A Python that has DuckDB: the one that is named, or one of an environment that is made once.
pub(crate) fn python(project: &Project) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        return Ok(named.into());
    }
    let folder = project.work("duckdb")?.join(VERSION);
    let programs = if cfg!(windows) { "Scripts" } else { "bin" };
    let python = folder.join(programs).join(format!("python{}", std::env::consts::EXE_SUFFIX));
    if !has_duckdb(&python) {
        println!("differential: about to install duckdb {VERSION} into {}", folder.display());
        let system = if cfg!(windows) { "python" } else { "python3" };
        let mut venv = Command::new(system);
        command::run(venv.args(["-m", "venv", "--clear"]).arg(&folder)).context(REMEDY)?;
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip.args(["--only-binary", ":all:", "--retries", "1"]).arg(format!("duckdb=={VERSION}"));
        command::run(&mut pip).context(REMEDY)?;
    }
    Ok(python)
}

fn has_duckdb(python: &PathBuf) -> bool {
    let version = "import duckdb; print(duckdb.__version__)";
    let installed = command::first_line(Command::new(python).args(["-c", version]));
    installed.as_deref() == Some(VERSION)
}
