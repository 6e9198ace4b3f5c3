//! Node and the packages of `www/package-lock.json`.

use crate::command;
use crate::project::Project;
use crate::stamp::Stamp;
use anyhow::{Result, bail};
use std::process::Command;

/// The oldest Node that the pinned tools run on.
const NODE_MAJOR_MIN: u32 = 20;

/// Runs `npm ci` where the packages are missing or are not those of the lock file.
pub(crate) fn install(project: &Project) -> Result<()> {
    check_node()?;
    let lock = project.www.join("package-lock.json");
    let stamp = Stamp::of(project, "npm", &[&lock], &[])?;
    let installed = project.www.join("node_modules").join(".package-lock.json");
    if stamp.is_fresh(&[&installed]) {
        return Ok(());
    }
    println!("npm ci (www/package-lock.json)");
    command::run(npm().arg("ci").current_dir(&project.www))?;
    stamp.keep()
}

/// The npm command.
pub(crate) fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

fn check_node() -> Result<()> {
    let Some(version) = command::first_line(Command::new("node").arg("--version")) else {
        bail!("Node is not installed: install Node {NODE_MAJOR_MIN} or newer, then run this again");
    };
    let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok());
    if major.is_none_or(|major: u32| major < NODE_MAJOR_MIN) {
        bail!(
            "Node {version} is too old: install Node {NODE_MAJOR_MIN} or newer, then run this again"
        );
    }
    Ok(())
}
