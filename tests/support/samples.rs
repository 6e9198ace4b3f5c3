//! Where the real provider files are.

use std::path::PathBuf;

/// The folder of samples, if there is one; a test without it says that it was skipped.
pub(crate) fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("CROSSFOOT_SAMPLES").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: CROSSFOOT_SAMPLES names no folder of provider files");
    }
    folder
}
