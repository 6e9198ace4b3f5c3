//! Decides whether a step may be skipped: its inputs are the same bytes and its outputs exist.

use crate::project::Project;
use anyhow::{Context, Result};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Folders that are outputs or somebody else's, never inputs.
const NOT_INPUTS: [&str; 4] = ["node_modules", "dist", "pkg", "target"];

/// What a step read, condensed to a number that is kept in the target folder.
pub(crate) struct Stamp {
    path: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// The stamp of a step over its input files and folders and over words such as versions.
    pub(crate) fn of(
        project: &Project,
        step: &str,
        inputs: &[&Path],
        words: &[&str],
    ) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        // Two clones may share one target folder.
        project.root.hash(&mut hasher);
        let path = project.work("stamps")?.join(format!("{step}-{:016x}", hasher.finish()));
        words.hash(&mut hasher);
        for input in inputs {
            add(input, &mut hasher)?;
        }
        Ok(Self { path, fingerprint: format!("{:016x}", hasher.finish()) })
    }

    /// True where the step last succeeded on the same inputs and these outputs still exist.
    pub(crate) fn is_fresh(&self, outputs: &[&Path]) -> bool {
        outputs.iter().all(|output| output.exists())
            && std::fs::read_to_string(&self.path).is_ok_and(|kept| kept == self.fingerprint)
    }

    /// Notes that the step succeeded.
    pub(crate) fn keep(&self) -> Result<()> {
        std::fs::write(&self.path, &self.fingerprint)
            .with_context(|| format!("write {}", self.path.display()))
    }
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if !path.is_dir() {
        path.hash(hasher);
        if path.exists() {
            let bytes = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
            bytes.hash(hasher);
        }
        return Ok(());
    }
    let mut entries = std::fs::read_dir(path)
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .with_context(|| format!("list {}", path.display()))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        if !NOT_INPUTS.iter().any(|name| entry.file_name() == *name) {
            add(&entry.path(), hasher)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_fresh_until_an_input_changes_or_an_output_is_gone() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        let project = Project {
            root: folder.clone(),
            www: folder.join("www"),
            target: folder.join("target"),
        };
        std::fs::create_dir_all(folder.join("in/node_modules")).unwrap();
        let (input, output) = (folder.join("in"), folder.join("out"));
        std::fs::write(input.join("a"), "1").unwrap();
        std::fs::write(&output, "").unwrap();
        let stamp = || Stamp::of(&project, "step", &[&input], &["v1"]).unwrap();

        assert!(!stamp().is_fresh(&[&output]), "never run");
        stamp().keep().unwrap();
        assert!(stamp().is_fresh(&[&output]));
        std::fs::write(input.join("node_modules/b"), "1").unwrap();
        assert!(stamp().is_fresh(&[&output]), "installed packages are no input");
        std::fs::write(input.join("a"), "2").unwrap();
        assert!(!stamp().is_fresh(&[&output]), "an input changed");
        stamp().keep().unwrap();
        assert!(!Stamp::of(&project, "step", &[&input], &["v2"]).unwrap().is_fresh(&[&output]));
        std::fs::remove_file(&output).unwrap();
        assert!(!stamp().is_fresh(&[&output]), "the output is gone");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
