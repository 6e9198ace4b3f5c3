//! Finds a Chrome or Chromium for the browser tests, and installs one where there is none.

use crate::command;
use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names that are looked up on the search path, in this order.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MACOS: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const REMEDY: &str = "install Chrome or Chromium and set CHROME to the path of its program";

/// The path of a browser; if there is none, says what it is about to install and does it.
pub(crate) fn find_or_install(project: &Project) -> Result<PathBuf> {
    if let Some(path) = find(project)? {
        return Ok(path);
    }
    if is_root() && on_path("apt-get").is_some() {
        println!("no Chrome or Chromium found: about to install Debian's `chromium` with apt-get");
        let apt = || {
            let mut apt = Command::new("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive");
            apt
        };
        command::run(apt().args(["update", "-qq"]))
            .and_then(|()| command::run(apt().args(["install", "-y", "-qq", "chromium"])))
            .context(REMEDY)?;
    } else {
        println!("no Chrome or Chromium found: about to install Playwright's own for this user");
        let mut playwright = command::node_tool(project, "@playwright/test/cli.js");
        command::run(playwright.args(["install", "chromium"])).context(REMEDY)?;
    }
    find(project)?.context(REMEDY)
}

fn find(project: &Project) -> Result<Option<PathBuf>> {
    if let Some(chosen) = std::env::var_os("CHROME").filter(|path| !path.is_empty()) {
        let chosen = PathBuf::from(chosen);
        if !chosen.exists() {
            bail!("CHROME names {}, which does not exist: {REMEDY}", chosen.display());
        }
        return Ok(Some(chosen));
    }
    if let Some(path) = NAMES.iter().find_map(|name| on_path(name)) {
        return Ok(Some(path));
    }
    if Path::new(MACOS).exists() {
        return Ok(Some(MACOS.into()));
    }
    let script = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
    let mut node = Command::new("node");
    let own = command::first_line(node.args(["-e", script]).current_dir(&project.www));
    Ok(own.map(PathBuf::from).filter(|path| path.is_file()))
}

fn on_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn is_root() -> bool {
    command::first_line(Command::new("id").arg("-u")).as_deref() == Some("0")
}
