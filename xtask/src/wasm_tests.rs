//! The boundary tests (`tests/wasm.rs`) in Node and in a worker of a headless Chromium.
//!
//! In the browser the runner serves a page that runs the tests, and `www/e2e/wasm-tests.mjs`
//! opens that page and prints what it says: so any Chromium will do, and no driver is needed.

use crate::counts::Counts;
use crate::engine::WASM_TARGET;
use crate::project::Project;
use crate::{browser, command};
use anyhow::{Context, Result};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

pub(crate) fn in_node(project: &Project) -> Result<Counts> {
    let mut cargo = command::cargo(&project.root);
    cargo.args(["test", "--package", "crossfoot", "--target", WASM_TARGET, "--test", "wasm"]);
    let (text, success) = command::run_and_read(&mut cargo)?;
    Ok(Counts::of_rust(&text).with_success(success))
}

pub(crate) fn in_chromium(project: &Project) -> Result<Counts> {
    let chrome = browser::find_or_install(project)?;
    let tests = build_tests(project)?;
    build_runner(project)?;
    let runner = project.target.join("tool").join("wasm-test-runner");

    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let mut server = Command::new(runner)
        .arg(tests)
        .current_dir(&project.root)
        .env("NO_HEADLESS", "1")
        .env("WASM_BINDGEN_USE_DEDICATED_WORKER", "1")
        .env("WASM_BINDGEN_TEST_ADDRESS", &address)
        .stdout(Stdio::null())
        .spawn()
        .context("the wasm test runner did not start")?;
    let mut page = Command::new("node");
    page.arg("e2e/wasm-tests.mjs").arg(format!("http://{address}/"));
    let outcome = command::run_and_read(page.current_dir(&project.www).env("CHROME", chrome));
    server.kill().and_then(|()| server.wait()).context("stop the wasm test runner")?;
    let (text, success) = outcome?;
    Ok(Counts::of_rust(&text).with_success(success))
}

/// Compiles the runner, which cargo starts for the tests in Node.
pub(crate) fn build_runner(project: &Project) -> Result<()> {
    let mut cargo = command::cargo(&project.root);
    command::run(cargo.args(["build", "--quiet", "--package", "wasm-test-runner"]))
}

/// Compiles `tests/wasm.rs` and gives the path of the wasm file.
fn build_tests(project: &Project) -> Result<PathBuf> {
    let mut cargo = command::cargo(&project.root);
    cargo.args(["test", "--package", "crossfoot", "--target", WASM_TARGET, "--test", "wasm"]);
    let output = cargo
        .args(["--no-run", "--message-format", "json"])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo did not start")?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message.pointer("/target/name").is_some_and(|name| name == "wasm"))
        .find_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
        .context("tests/wasm.rs does not compile")
}
