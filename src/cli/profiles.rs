//! `crossfoot profiles`: lists the files that are understood.

use crossfoot::ingest::shipped;

use super::output::say;
use super::{Done, RECONCILED};

pub(crate) fn run() -> Done {
    let mut text = String::new();
    for profile in shipped::profiles() {
        text.push_str(&format!(
            "{:<32} {:<11} {:<24} {}\n",
            profile.name,
            profile.side.as_deref().unwrap_or("either"),
            profile.status.name(),
            profile.title.en,
        ));
    }
    say(&text);
    Ok(RECONCILED)
}
