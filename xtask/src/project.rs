//! Where things are: the root of the clone, the page's folder, cargo's target folder.

use crate::command;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The folders that every step works in, all absolute.
pub(crate) struct Project {
    /// The root of the clone.
    pub(crate) root: PathBuf,
    /// `www/`: the page, the SDK and the one npm root.
    pub(crate) www: PathBuf,
    /// Cargo's target folder, wherever it was configured to be.
    pub(crate) target: PathBuf,
}

impl Project {
    pub(crate) fn find() -> Result<Self> {
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
            .context("run this as `cargo xtask`, not as a bare binary")?;
        let root = Path::new(&xtask).parent().context("xtask/ has no parent folder")?.to_path_buf();
        let metadata = command::cargo(&root)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo metadata did not start")?;
        let metadata: serde_json::Value =
            serde_json::from_slice(&metadata.stdout).context("cargo metadata printed no JSON")?;
        let target = metadata.get("target_directory").and_then(|path| path.as_str());
        let target = PathBuf::from(target.context("cargo metadata names no target folder")?);
        Ok(Self { www: root.join("www"), target, root })
    }

    /// A folder for what this tool makes, created if missing.
    pub(crate) fn work(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join("xtask").join(name);
        std::fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
        Ok(folder)
    }

    /// The native command as the tests build it.
    pub(crate) fn native_command(&self) -> PathBuf {
        self.target.join("debug").join(format!("crossfoot{}", std::env::consts::EXE_SUFFIX))
    }
}
