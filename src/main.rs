//! The native command: `crossfoot reconcile`, `detect`, `table`, `profiles`, `verify`, `demo`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
