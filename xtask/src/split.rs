//! Cuts the engine in two: the first part is what a file needs to be dropped and looked at, the second
//! whatever else there is. `src/wasm/split.rs` has the place of the cut.
//!
//! Both are one program: the second part is linked to the memory and the table of functions of the
//! first, and holds the code and the constants that nothing but the cut leads to.

use anyhow::{Context, Result, anyhow};
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use wasm_split_cli_support::Options;

/// The section in which both parts name their build, so that parts of two builds are never linked.
const BUILD: &str = "crossfoot-build";

/// The linked module `raw` as two files in `folder`: the first part, which still wants its bindings,
/// and the second, which needs none.
pub(crate) fn split(raw: &Path, folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let wasm = std::fs::read(raw).with_context(|| format!("read {}", raw.display()))?;
    let first = folder.join("first.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &first;
    let parts = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:#}"));
    match <[PathBuf; 1]>::try_from(parts.context("cut the engine in two")?.split_modules) {
        Ok([second]) => Ok((first, second)),
        Err(parts) => Err(anyhow!("the engine was cut into {} parts, not 2", parts.len() + 1)),
    }
}

/// Notes in each of `parts` that they were made from `raw`.
pub(crate) fn mark(raw: &Path, parts: &[&Path]) -> Result<()> {
    let mut hasher = DefaultHasher::new();
    hasher.write(&std::fs::read(raw).with_context(|| format!("read {}", raw.display()))?);
    let section = custom_section(BUILD, &format!("{:016x}", hasher.finish()))?;
    for part in parts {
        let mut wasm = std::fs::read(part).with_context(|| format!("read {}", part.display()))?;
        wasm.extend_from_slice(&section);
        std::fs::write(part, wasm).with_context(|| format!("write {}", part.display()))?;
    }
    Ok(())
}

/// A section that engines skip. Both of its lengths are below 128, so that each is one byte.
fn custom_section(name: &str, text: &str) -> Result<Vec<u8>> {
    let length = |bytes: usize| u8::try_from(bytes).ok().filter(|byte| *byte < 128);
    let size = length(1 + name.len() + text.len()).context("the section is too long")?;
    let name_size = length(name.len()).context("the section's name is too long")?;
    Ok([&[0, size, name_size], name.as_bytes(), text.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_framed_by_its_lengths() {
        assert_eq!(custom_section("ab", "cde").unwrap(), b"\x00\x06\x02abcde");
        assert!(custom_section("ab", &"c".repeat(125)).is_err());
    }
}
