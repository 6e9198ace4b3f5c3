//! Runs the wasm tests.
fn main() {}
