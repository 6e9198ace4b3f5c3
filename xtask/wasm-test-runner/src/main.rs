//! Runs a wasm test binary for `cargo test --target wasm32-unknown-unknown`.
//!
//! It is `wasm-bindgen-test-runner` as a member of the workspace, so that its version is in
//! `Cargo.lock` and nobody has to install a tool. Tests run in Node; with
//! `WASM_BINDGEN_USE_BROWSER=1` or `WASM_BINDGEN_USE_DEDICATED_WORKER=1` they run in a headless
//! browser through the driver that `CHROMEDRIVER` names.

use std::process::ExitCode;

fn main() -> ExitCode {
    match wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = std::io::Write::write_fmt(
                &mut std::io::stderr(),
                format_args!("wasm-test-runner: {error:?}\n"),
            );
            ExitCode::FAILURE
        }
    }
}
