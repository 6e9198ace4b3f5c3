//! The npm package: `target/pack/crossfoot-VERSION.tgz`, and the test that installs it.
//!
//! esbuild makes one file per entry, the worker without a single import; `tsc` writes the types.

use crate::counts::Counts;
use crate::project::Project;
use crate::serve::Server;
use crate::{browser, command, engine, npm, suite};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An entry of the package: its source in `www/sdk` and esbuild's settings for it.
const ENTRIES: [(&str, &[&str]); 3] = [
    ("index.ts", &["--format=esm", "--platform=browser"]),
    // Run as it is and never imported; the bindings know a URL that is used only without a module.
    (
        "worker.ts",
        &["--format=iife", "--platform=browser", "--define:import.meta.url=\"about:blank\""],
    ),
    ("node.ts", &["--format=esm", "--platform=node"]),
];

/// Builds the tarball and gives its path.
pub(crate) fn pack(project: &Project) -> Result<PathBuf> {
    npm::install(project)?;
    engine::build(project)?;
    let staging = empty(&project.work("package")?)?;
    let dist = staging.join("dist");
    for (entry, options) in ENTRIES {
        bundle(project, entry, options, &dist)?;
    }
    for (from, to) in [
        ("crossfoot_bg.wasm", "crossfoot.wasm"),
        ("reconcile.wasm", "reconcile.wasm"),
        ("readers_bg.wasm", "readers.wasm"),
    ] {
        fs::copy(project.www.join("pkg").join(from), dist.join(to))
            .with_context(|| format!("copy {to} into the package"))?;
    }
    copy_contracts(project, &dist)?;
    let config = project.root.join("pkg-config").join("tsconfig.json");
    let mut tsc = command::node_tool(project, "typescript/bin/tsc");
    command::run(tsc.arg("--project").arg(config).arg("--outDir").arg(&dist))?;
    write_manifest(project, &staging)?;
    for file in ["README.md", "CHANGELOG.md", "LICENSE"] {
        fs::copy(project.root.join(file), staging.join(file))
            .with_context(|| format!("copy {file} into the package"))?;
    }

    let pack = project.target.join("pack");
    fs::create_dir_all(&pack).context("create target/pack")?;
    command::run(
        npm::npm()
            .args(["pack", "--silent", "--pack-destination"])
            .arg(&pack)
            .current_dir(&staging),
    )?;
    Ok(pack.join(format!("crossfoot-{VERSION}.tgz")))
}

/// The JSON Schema of fee contracts, and the ready ones.
fn copy_contracts(project: &Project, dist: &Path) -> Result<()> {
    let (from, to) = (project.root.join("pkg-config"), dist.join("contracts"));
    let schema = "contract.schema.json";
    fs::copy(from.join(schema), dist.join(schema)).context("copy the schema of contracts")?;
    fs::create_dir_all(&to).context("create the folder of contracts")?;
    for item in fs::read_dir(from.join("contracts")).context("list the ready contracts")? {
        let path = item.context("list the ready contracts")?.path();
        let Some(name) = path.file_name() else { continue };
        fs::copy(&path, to.join(name)).with_context(|| format!("copy {}", path.display()))?;
    }
    Ok(())
}

fn bundle(project: &Project, entry: &str, options: &[&str], dist: &Path) -> Result<()> {
    let mut esbuild = command::node_tool(project, "esbuild/bin/esbuild");
    esbuild.arg(format!("sdk/{entry}")).args(options).arg(format!("--outdir={}", dist.display()));
    esbuild.args(["--bundle", "--minify-syntax", "--target=es2022", "--legal-comments=none"]);
    command::run(esbuild.arg("--log-level=warning"))
}

/// Writes package.json with the crate's version; everything that it exports must be there.
fn write_manifest(project: &Project, staging: &Path) -> Result<()> {
    let path = project.root.join("pkg-config").join("package.json");
    let text = fs::read_to_string(path).context("read pkg-config/package.json")?;
    let text = text.replacen("\"0.0.0\"", &format!("\"{VERSION}\""), 1);
    fs::write(staging.join("package.json"), &text).context("write package.json")?;
    let manifest: Value = serde_json::from_str(&text).context("parse pkg-config/package.json")?;
    for target in exported(manifest.get("exports").unwrap_or(&Value::Null)) {
        let known = match target.split_once('*') {
            Some((folder, _)) => staging.join(folder).is_dir(),
            None => staging.join(&target).is_file(),
        };
        if !known {
            bail!("pkg-config/package.json exports {target}, which the package does not have");
        }
    }
    Ok(())
}

fn exported(exports: &Value) -> Vec<String> {
    match exports {
        Value::String(target) => vec![target.clone()],
        Value::Object(conditions) => conditions.values().flat_map(exported).collect(),
        _ => Vec::new(),
    }
}

/// Installs the tarball into empty folders and reconciles the demo month there: from Node, from a
/// plain page under a strict policy, and with the types checked. The totals must be the command's.
pub(crate) fn test(project: &Project) -> Result<Counts> {
    let tarball = pack(project)?;
    suite::build_native_command(project)?;
    let demo = suite::demo(project, &project.work("consumers")?)?;
    let result = fs::read_to_string(demo.join("result.json")).context("read result.json")?;
    let result: Value = serde_json::from_str(&result).context("parse result.json")?;
    let expected = result.pointer("/summary/per_currency").context("result.json has no totals")?;

    let node = install(project, "node-esm", &tarball)?;
    let page = install(project, "plain-html", &tarball)?;
    let mut counts = Counts::default();
    let mut check = |name: &str, outcome: Result<()>| {
        match &outcome {
            Ok(()) => println!("test {name} ... ok"),
            Err(error) => println!("test {name} ... FAILED\n{error:#}"),
        }
        counts += Counts::one(outcome.is_ok());
    };
    check("node-esm reconciles", from_node(&node, &demo).and_then(|text| equal(&text, expected)));
    check("node-esm type-checks", type_check(project, &node));
    check(
        "plain-html reconciles",
        from_page(project, &page, &demo).and_then(|text| equal(&text, expected)),
    );
    check("the package writes the command's document", same_document(project, &node, &demo));
    Ok(counts)
}

/// The result document from WebAssembly is the native one, byte for byte.
fn same_document(project: &Project, consumer: &Path, demo: &Path) -> Result<()> {
    let package = consumer.join("node_modules").join("crossfoot");
    let mut node = Command::new("node");
    node.arg("e2e/export.mjs").arg(package).arg(demo);
    let ours = read(node.current_dir(&project.www))?;
    let native = fs::read_to_string(demo.join("result.json")).context("read result.json")?;
    let differing = ours.lines().zip(native.lines()).position(|(ours, native)| ours != native);
    match differing {
        None if ours == native => Ok(()),
        None => bail!("one document is longer: {} and {} bytes", ours.len(), native.len()),
        Some(line) => {
            let at = |text: &str| text.lines().nth(line).unwrap_or_default().to_owned();
            bail!("line {} differs\n  package: {}\n  command: {}", line + 1, at(&ours), at(&native))
        }
    }
}

fn equal(totals: &str, expected: &Value) -> Result<()> {
    let totals: Value =
        serde_json::from_str(totals.trim()).with_context(|| format!("no totals but: {totals}"))?;
    if totals != *expected {
        bail!("totals differ from the command's\n  package: {totals}\n  command: {expected}");
    }
    Ok(())
}

/// An empty folder with a consumer's files and the tarball installed.
fn install(project: &Project, name: &str, tarball: &Path) -> Result<PathBuf> {
    let folder = empty(&project.work("consumers")?.join(name))?;
    let source = project.root.join("pkg-config").join("consumers").join(name);
    for entry in fs::read_dir(&source).with_context(|| format!("list {}", source.display()))? {
        let entry = entry.context("list a consumer's files")?;
        fs::copy(entry.path(), folder.join(entry.file_name())).context("copy a consumer's file")?;
    }
    fs::write(folder.join("package.json"), "{\"private\": true, \"type\": \"module\"}\n")
        .context("write a consumer's package.json")?;
    let options =
        ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--offline", "--silent"];
    command::run(npm::npm().args(options).arg(tarball).current_dir(&folder))?;
    Ok(folder)
}

fn from_node(folder: &Path, demo: &Path) -> Result<String> {
    read(Command::new("node").arg("reconcile.mjs").arg(demo).current_dir(folder))
}

fn from_page(project: &Project, folder: &Path, demo: &Path) -> Result<String> {
    let chrome = browser::find_or_install(project)?;
    let server = Server::bind(project, folder, "package", Some(0))?;
    let address = server.address();
    server.spawn();
    let mut node = Command::new("node");
    node.args(["e2e/consumer-page.mjs", &address]).arg(demo).env("CHROME", chrome);
    read(node.current_dir(&project.www))
}

fn type_check(project: &Project, folder: &Path) -> Result<()> {
    let mut tsc = command::node_tool(project, "typescript/bin/tsc");
    tsc.current_dir(folder).args(["--noEmit", "--allowJs", "--checkJs", "--strict"]);
    tsc.args(["--target", "es2022", "--module", "nodenext", "--types", "node", "--typeRoots"]);
    command::run(tsc.arg(project.www.join("node_modules").join("@types")).arg("reconcile.mjs"))
}

fn read(command: &mut Command) -> Result<String> {
    let shown = command::shown(command);
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {shown}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!("{shown} failed ({}): {text}", output.status);
    }
    Ok(text)
}

fn empty(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("clear {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    Ok(folder.to_path_buf())
}
