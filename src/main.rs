//! The native command: `crossfoot reconcile`, `detect`, `table`, `profiles`, `verify`, `explain`,
//! `demo`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
