//! How long it takes to refuse each file that would be huge.
//!
//! `cargo bench --bench bombs --features unpack`; it prints and asserts nothing: a time belongs to
//! the machine it was measured on. What is refused, and within how much memory, is a test.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    dead_code,
    missing_docs,
    reason = "a bench prints, and shares helpers with the tests"
)]

#[path = "../tests/support/archive.rs"]
mod archive;
#[path = "../tests/support/bombs.rs"]
mod bombs;

use std::time::Instant;

use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::unpack::{Options, parts};

fn main() {
    for bomb in bombs::bombs() {
        let started = Instant::now();
        let found =
            parts(bomb.file, &bomb.bytes, Options { password: None, decoder: native_decoder });
        let took = started.elapsed();
        let what = match &found {
            Err(error) => error.code(),
            Ok(parts) => {
                parts.iter().find_map(|part| part.problem.as_ref()).map_or("read", |p| p.code())
            }
        };
        println!(
            "{:<28}{:>10} bytes{:>8} ms  {what}",
            bomb.name,
            bomb.bytes.len(),
            took.as_millis()
        );
    }
}
