//! The page: Vite builds `www/index.html` and `www/app` into `www/dist/`.

use crate::command;
use crate::project::Project;
use crate::stamp::Stamp;
use anyhow::Result;

/// Builds the page where its sources, its tools or the engine changed.
pub(crate) fn build(project: &Project) -> Result<()> {
    let csp = project.root.join("pkg-config").join("csp.json");
    let pkg = |name: &str| project.www.join("pkg").join(name);
    let (engine, glue) = (pkg("crossfoot_bg.wasm"), pkg("crossfoot.js"));
    let (readers, readers_glue) = (pkg("readers_bg.wasm"), pkg("readers.js"));
    let second = pkg("reconcile.wasm");
    let inputs = [&project.www, &csp, &engine, &glue, &second, &readers, &readers_glue];
    let stamp = Stamp::of(project, "page", &inputs.map(|path| path.as_path()), &[])?;
    if stamp.is_fresh(&[&project.www.join("dist").join("index.html")]) {
        return Ok(());
    }
    println!("vite build into www/dist");
    let mut vite = command::node_tool(project, "vite/bin/vite.js");
    command::run(vite.args(["build", "--logLevel", "warn"]))?;
    stamp.keep()
}
