//! Starting other programs, with errors that say what was tried.

use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// A cargo command in the root of the clone.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// A cargo command whose code runs long enough to be worth optimising a little: its tests take a
/// third of the time, and `cargo test` by hand stays quick to compile. Dependencies are the same.
pub(crate) fn cargo_optimised(root: &Path) -> Command {
    let mut command = cargo(root);
    command.env("CARGO_PROFILE_DEV_OPT_LEVEL", "1").env("CARGO_PROFILE_DEV_DEBUG", "false");
    command
}

/// A script of `www/node_modules`, named by its path there, run by Node in `www/`.
pub(crate) fn node_tool(project: &Project, script: &str) -> Command {
    let mut command = Command::new("node");
    command.current_dir(&project.www).arg(project.www.join("node_modules").join(script));
    command
}

/// Runs a command whose output goes to the terminal; a failure is an error that shows it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs a command, shows what it prints as it comes, and gives back standard output and success.
pub(crate) fn run_and_read(command: &mut Command) -> Result<(String, bool)> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let mut text = String::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.context("read the output of a command")?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            text.push_str(&line);
            text.push('\n');
        }
    }
    let status = child.wait().with_context(|| format!("wait for {}", shown(command)))?;
    Ok((text, status.success()))
}

/// The first line that a quiet command prints, if it starts and succeeds.
pub(crate) fn first_line(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

/// The command as a person would type it, without the environment.
pub(crate) fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
