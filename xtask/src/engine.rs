//! The engine as WebAssembly, and beside it the heavy readers: cargo, then the cut of the engine into
//! two parts, then bindings, then `wasm-opt`, into `www/pkg/`.
//!
//! The page, the package and the parity tests all use this one build.

use crate::command;
use crate::project::Project;
use crate::split;
use crate::stamp::Stamp;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A module: its crate, and what its files in `www/pkg/` are called.
struct Module {
    package: &'static str,
    file: &'static str,
    name: &'static str,
    /// The name of its second part, where it has one.
    second: Option<&'static str>,
}

/// The engine, and the readers that few files need.
const MODULES: [Module; 2] = [
    Module {
        package: "crossfoot",
        file: "crossfoot.wasm",
        name: "crossfoot",
        second: Some("reconcile"),
    },
    Module {
        package: "crossfoot-readers",
        file: "crossfoot_readers.wasm",
        name: "readers",
        second: None,
    },
];

/// Builds `www/pkg/crossfoot.js`, `crossfoot_bg.wasm` and their types, the engine's second part
/// `reconcile.wasm`, and the same of the readers, where they are not fresh.
pub(crate) fn build(project: &Project) -> Result<()> {
    add_target(project)?;
    MODULES.iter().try_for_each(|module| module.build(project))
}

impl Module {
    fn build(&self, project: &Project) -> Result<()> {
        // `--crate-type`: link-time optimisation needs a build that makes no rlib on the side.
        let mut cargo = command::cargo(&project.root);
        cargo.args(["rustc", "--profile", "wasm", "--package", self.package, "--lib"]);
        cargo.args(["--crate-type", "cdylib", "--target", WASM_TARGET]);
        if self.second.is_some() {
            // What refers to what is known only to the linker, and is told on request.
            cargo.args(["--features", "split", "--", "-Clink-arg=--emit-relocs"]);
        }
        command::run(&mut cargo)?;

        let raw = project.target.join(WASM_TARGET).join("wasm").join(self.file);
        let flags = project.root.join("pkg-config").join("wasm-opt.json");
        let lock = project.www.join("package-lock.json");
        let folder = project.www.join("pkg");
        let wasm = folder.join(format!("{}_bg.wasm", self.name));
        let second = self.second.map(|name| folder.join(format!("{name}.wasm")));
        let code = project.root.join("xtask").join("src");
        let [this, splits] = ["engine.rs", "split.rs"].map(|file| code.join(file));
        let stamp = Stamp::of(project, self.name, &[&raw, &flags, &lock, &this, &splits], &[])?;
        let glue = folder.join(format!("{}.js", self.name));
        if stamp.is_fresh(&[&wasm, &glue, second.as_deref().unwrap_or(&glue)]) {
            return Ok(());
        }
        println!("bindings and wasm-opt of {} into www/pkg", self.name);
        match &second {
            None => bind(&raw, self.name, &folder)?,
            Some(second) => {
                let (main, rest) = split::split(&raw, &project.work("split")?)?;
                bind(&main, self.name, &folder)?;
                optimise(project, &rest, second)?;
            }
        }
        optimise(project, &wasm, &wasm)?;
        if let Some(second) = &second {
            split::mark(&raw, &[&wasm, second])?;
        }
        stamp.keep()
    }
}

/// Writes the module `NAME_bg.wasm` and its bindings `NAME.js`.
fn bind(wasm: &Path, name: &str, folder: &Path) -> Result<()> {
    Bindgen::new()
        .web(true)?
        .typescript(true)
        .input_path(wasm)
        .out_name(name)
        .reset_state_function(true)
        // The second part of the engine is linked to the table of functions.
        .keep_lld_exports(true)
        .remove_producers_section(true)
        .generate(folder)
        .context("wasm-bindgen could not make the bindings")
}

fn optimise(project: &Project, from: &Path, to: &Path) -> Result<()> {
    let flags = project.root.join("pkg-config").join("wasm-opt.json");
    let flags = std::fs::read_to_string(flags).context("read pkg-config/wasm-opt.json")?;
    let flags: Vec<String> =
        serde_json::from_str(&flags).context("parse pkg-config/wasm-opt.json")?;
    let mut wasm_opt = command::node_tool(project, "binaryen/bin/wasm-opt");
    command::run(wasm_opt.arg(from).args(flags).arg("-o").arg(to))
}

/// Adds the wasm target through rustup where it is missing.
pub(crate) fn add_target(project: &Project) -> Result<()> {
    let mut sysroot = Command::new("rustc");
    let sysroot =
        command::first_line(sysroot.args(["--print", "sysroot"]).current_dir(&project.root))
            .context("rustc does not answer: install Rust through rustup")?;
    let library = std::path::Path::new(&sysroot).join("lib/rustlib").join(WASM_TARGET);
    if library.exists() {
        return Ok(());
    }
    println!("rustup target add {WASM_TARGET}");
    let mut rustup = Command::new("rustup");
    command::run(rustup.args(["target", "add", WASM_TARGET]).current_dir(&project.root))
        .with_context(|| format!("install rustup, or the target {WASM_TARGET} by hand"))
}
