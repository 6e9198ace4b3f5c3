//! The page: Vite builds `www/index.html` and `www/app` into `www/dist/`.

use crate::command;
use crate::project::Project;
use crate::stamp::Stamp;
use anyhow::Result;

/// Builds the page where its sources, its tools or the engine changed.
pub(crate) fn build(project: &Project) -> Result<()> {
    let csp = project.root.join("pkg-config").join("csp.json");
    let engine = project.www.join("pkg").join("crossfoot_bg.wasm");
    let glue = project.www.join("pkg").join("crossfoot.js");
    let stamp = Stamp::of(project, "page", &[&project.www, &csp, &engine, &glue], &[])?;
    if stamp.is_fresh(&[&project.www.join("dist").join("index.html")]) {
        return Ok(());
    }
    println!("vite build into www/dist");
    let mut vite = command::node_tool(project, "vite/bin/vite.js");
    command::run(vite.args(["build", "--logLevel", "warn"]))?;
    stamp.keep()
}
