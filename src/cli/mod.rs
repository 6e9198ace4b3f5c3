//! Reads the command line, runs one command, and decides the exit status.
//!
//! 0: reconciled with nothing open. 1: open exceptions. 2: unusable arguments or input. 3: the
//! proof failed.

mod changes;
mod demo;
mod detect;
mod explain;
mod given;
mod infer_fees;
mod intake;
mod output;
mod profiles;
mod reconcile;
mod summary;
mod table;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use crossfoot::error::Error;

/// Nothing open.
const RECONCILED: u8 = 0;
/// Open exceptions.
const OPEN: u8 = 1;
/// Unusable arguments or input.
const UNUSABLE: u8 = 2;
/// The proof failed.
const PROOF_FAILED: u8 = 3;

/// Reconciles what you expected (orders) with what payment providers settled, line by line, and
/// proves that every cent is accounted for. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "crossfoot", version, after_help = EXIT_HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_HELP: &str = "Exit status:
  0  reconciled, nothing open
  1  there are open exceptions
  2  the arguments or a file cannot be used: the message says where and what to do
  3  the proof failed";

#[derive(Debug, Subcommand)]
enum Command {
    /// Compare orders with settlements and explain every difference
    Reconcile(Box<reconcile::Reconcile>),
    /// Say what files are, and how they would be read
    Detect(detect::Detect),
    /// Print a file as it was read, before any mapping
    Table(table::Table),
    /// List the providers whose files are understood
    Profiles(profiles::Profiles),
    /// Check the proof of a result that someone else made; with its files, also every row
    Verify(Box<verify::Verify>),
    /// Find the fee contract that settlement files follow, and write it down
    InferFees(Box<infer_fees::InferFees>),
    /// Say of one row of a result where it ended, why, and how its fee is worked out
    Explain(explain::Explain),
    /// Write a month of sample files to try things with
    Demo(demo::Demo),
}

/// Runs the command of the process's arguments.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Reconcile(command) => command.run(),
        Command::Detect(command) => command.run(),
        Command::Table(command) => command.run(),
        Command::Profiles(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::InferFees(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Demo(command) => command.run(),
    };
    match done {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            output::complain(&error);
            ExitCode::from(UNUSABLE)
        }
    }
}

/// What a command answers: its exit status, or why its input cannot be used.
type Done = Result<u8, Error>;
