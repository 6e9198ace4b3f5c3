//! `crossfoot profiles`: lists the files that are understood, and checks profiles of one's own.

use std::path::PathBuf;

use clap::Args;
use crossfoot::ingest::mapping::parse_mapping;
use crossfoot::ingest::profile::Profile;
use crossfoot::ingest::shipped;

use super::output::{complain, file_name, read_text, say};
use super::{Done, RECONCILED, UNUSABLE};

#[derive(Debug, Args)]
pub(crate) struct Profiles {
    /// Profiles of your own, as JSON: each is checked, and listed behind those that are shipped
    files: Vec<PathBuf>,
}

impl Profiles {
    pub(crate) fn run(&self) -> Done {
        let mut status = RECONCILED;
        for profile in shipped::profiles() {
            say(&line(profile));
        }
        for path in &self.files {
            let read = read_text(path).and_then(|json| parse_mapping(&json));
            match read {
                Ok(profile) => say(&line(&profile)),
                Err(error) => {
                    complain(&error.in_file(&file_name(path)));
                    status = UNUSABLE;
                }
            }
        }
        Ok(status)
    }
}

fn line(profile: &Profile) -> String {
    format!(
        "{:<36} {:<11} {:<17} {}\n",
        profile.name,
        profile.side.as_deref().unwrap_or("either"),
        profile.status.name(),
        profile.title.en,
    )
}
