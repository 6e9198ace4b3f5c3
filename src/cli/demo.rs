//! `crossfoot demo`: writes a month of sample files and the command that reconciles them.

use std::path::PathBuf;

use clap::Args;
use crossfoot::demo::{self, MOST_ORDERS, Options};

use super::output::{io_error, say, write_chunks};
use super::{Done, RECONCILED};

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder to write to; made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The same seed gives the same files
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many orders
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_ORDERS)))]
    orders: u32,
}

impl Demo {
    pub(crate) fn run(&self) -> Done {
        std::fs::create_dir_all(&self.out).map_err(|e| io_error(&self.out, "written", &e))?;
        let files = demo::generate(&Options { seed: self.seed, orders: self.orders });
        for (name, bytes) in files.named() {
            let mut once = Some(bytes.to_vec());
            let path = self.out.join(name);
            write_chunks(&path, || once.take())?;
            say(&format!("wrote {}\n", path.display()));
        }
        let folder = self.out.to_string_lossy();
        say(&format!("\nReconcile them with:\n{}\n", demo::command(&folder, "crossfoot")));
        Ok(RECONCILED)
    }
}
