//! A static server for one folder on 127.0.0.1, with the shipped policy as a header.
//!
//! It serves the tests and a person who tries the page; it is not meant for a public host.
//! GET and HEAD only, one request per connection, and never a file outside its folder.

use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const DEFAULT_PORT: u16 = 8137;
const HEAD_BYTES_MAX: u64 = 16 * 1024;
const TIMEOUT: Duration = Duration::from_secs(10);

/// A bound server; it answers once [`Server::run`] or [`Server::spawn`] is called.
pub(crate) struct Server {
    listener: TcpListener,
    site: Arc<Site>,
}

struct Site {
    folder: PathBuf,
    policy: String,
    access_log: Option<PathBuf>,
}

impl Server {
    /// Binds `port` (0: any free one; none: the usual one, or any free one if that is taken) for
    /// a folder, under the policy of that name in `pkg-config/csp.json`.
    pub(crate) fn bind(
        project: &Project,
        folder: &Path,
        policy: &str,
        port: Option<u16>,
    ) -> Result<Self> {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("nothing to serve at {}", folder.display()))?;
        let at = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let listener = match port {
            Some(port) => at(port).with_context(|| format!("port {port} cannot be used"))?,
            None => at(DEFAULT_PORT).or_else(|_| at(0)).context("no free port")?,
        };
        let policy = policy_text(project, policy)?;
        Ok(Self { listener, site: Arc::new(Site { folder, policy, access_log: None }) })
    }

    /// Also appends one line `METHOD PATH` per request to a file.
    pub(crate) fn with_access_log(mut self, path: PathBuf) -> Result<Self> {
        std::fs::write(&path, "").with_context(|| format!("write {}", path.display()))?;
        let site = Arc::get_mut(&mut self.site).context("the server already runs")?;
        site.access_log = Some(path);
        Ok(self)
    }

    pub(crate) fn address(&self) -> String {
        let port = self.listener.local_addr().map_or(0, |address: SocketAddr| address.port());
        format!("http://127.0.0.1:{port}/")
    }

    /// Answers requests until the program ends.
    pub(crate) fn run(self) {
        for stream in self.listener.incoming().flatten() {
            let site = Arc::clone(&self.site);
            // A connection that breaks off concerns nobody but its client.
            std::thread::spawn(move || drop(site.answer(&stream)));
        }
    }

    /// Answers requests in a thread of its own.
    pub(crate) fn spawn(self) {
        std::thread::spawn(move || self.run());
    }
}

/// The text of a policy of `pkg-config/csp.json`.
fn policy_text(project: &Project, name: &str) -> Result<String> {
    let path = project.root.join("pkg-config").join("csp.json");
    let text = std::fs::read_to_string(&path).context("read pkg-config/csp.json")?;
    let all: serde_json::Value =
        serde_json::from_str(&text).context("parse pkg-config/csp.json")?;
    let Some(directives) = all.get(name).and_then(serde_json::Value::as_array) else {
        bail!("pkg-config/csp.json has no policy {name}");
    };
    Ok(directives.iter().filter_map(|d| d.as_str()).collect::<Vec<_>>().join("; "))
}

impl Site {
    fn answer(&self, stream: &TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        let mut reader = BufReader::new(stream.take(HEAD_BYTES_MAX));
        let mut request = String::new();
        reader.read_line(&mut request)?;
        let mut header = String::new();
        while reader.read_line(&mut header)? > 2 {
            header.clear();
        }
        let mut words = request.split_whitespace();
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        self.log(method, target)?;
        if !matches!(method, "GET" | "HEAD") {
            return self.send(
                stream,
                "405 Method Not Allowed",
                "text/plain",
                b"GET or HEAD\n",
                true,
            );
        }
        match resolve(&self.folder, target) {
            Some(path) => {
                let bytes = std::fs::read(&path)?;
                self.send(stream, "200 OK", mime(&path), &bytes, method == "GET")
            }
            None => {
                self.send(stream, "404 Not Found", "text/plain", b"no such file\n", method == "GET")
            }
        }
    }

    fn send(
        &self,
        mut stream: &TcpStream,
        status: &str,
        mime: &str,
        body: &[u8],
        with_body: bool,
    ) -> std::io::Result<()> {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\n\
             Content-Security-Policy: {}\r\nX-Content-Type-Options: nosniff\r\n\
             Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
            body.len(),
            self.policy,
        );
        stream.write_all(head.as_bytes())?;
        if with_body {
            stream.write_all(body)?;
        }
        stream.flush()
    }

    fn log(&self, method: &str, target: &str) -> std::io::Result<()> {
        let Some(path) = &self.access_log else { return Ok(()) };
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
        // One write, so that lines of two requests do not mix.
        file.write_all(format!("{method} {target}\n").as_bytes())
    }
}

/// The file that a request target names, if it is a file inside the folder.
fn resolve(folder: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = percent_decoded(path)?;
    let relative = Path::new(if path.is_empty() { "index.html" } else { path.as_str() });
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let file = folder.join(relative).canonicalize().ok()?;
    (file.starts_with(folder) && file.is_file()).then_some(file)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|path| !path.contains(['\0', '\\']))
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("csv") => "text/csv; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt" | "ftl" | "toml") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_inside_the_folder_are_served() {
        let outer = std::env::temp_dir().join(format!("xtask-serve-{}", std::process::id()));
        let folder = outer.join("site");
        std::fs::create_dir_all(folder.join("a b")).unwrap();
        for file in ["site/index.html", "site/a b/x.js", "secret.txt", "site/.hidden"] {
            std::fs::write(outer.join(file), file).unwrap();
        }
        let folder = folder.canonicalize().unwrap();
        let found = |target: &str| {
            let path = resolve(&folder, target)?;
            Some(std::fs::read_to_string(path).unwrap())
        };
        let served = [
            ("/", "site/index.html"),
            ("/index.html?x=/../..", "site/index.html"),
            ("/a%20b/x.js", "site/a b/x.js"),
        ];
        for (target, file) in served {
            assert_eq!(found(target).as_deref(), Some(file), "{target}");
        }
        let refused = [
            "",
            "index.html",
            "/a%20b",
            "/missing",
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/a%20b/../../secret.txt",
            "/..%2fsecret.txt",
            "/..%5csecret.txt",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/index.html%00",
            "/%",
            "/%zz",
        ];
        for target in refused {
            assert_eq!(found(target), None, "{target}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outer.join("secret.txt"), folder.join("link.txt")).unwrap();
            assert_eq!(found("/link.txt"), None, "a link that leads outside");
        }
        std::fs::remove_dir_all(outer).unwrap();
    }
}
