//! `cargo xtask serve`, and the small static server that the browser tests use too.
//!
//! It serves `dist` at `/` and again at `/elsewhere/`, so that the tests can see that the page works
//! under any path. For this machine only: it listens on 127.0.0.1.

use crate::page;
use crate::run::say;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};

/// The port that is tried first.
const PORT: u16 = 8080;
/// How many ports after it are tried where it is taken.
const MORE_PORTS: u16 = 20;

/// `cargo xtask serve [--port N]`: builds the page, serves it, prints the address.
///
/// # Errors
/// A sentence about what failed to build, or that no port was free.
pub fn main(args: &[String]) -> Result<(), String> {
    let port = match args {
        [] => PORT,
        [flag, port] if flag == "--port" => port.parse().map_err(|_| format!("{port} is not a port number"))?,
        _ => return Err("usage: cargo xtask serve [--port N]".to_owned()),
    };
    page::build()?;
    let listener = (port..=port.saturating_add(MORE_PORTS))
        .find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok())
        .ok_or("no free port; choose one with --port")?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("Kubepie is at http://{address}/ (Ctrl-C ends it)");
    accept(&listener);
    Ok(())
}

/// Serves an already built page on a free port until the process ends; answers the port.
///
/// # Errors
/// Where there is no page yet.
pub fn in_background() -> Result<u16, String> {
    if !page::dist().join("index.html").is_file() {
        return Err("there is no page yet: cargo xtask build".to_owned());
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    say(&format!("serving dist on port {port}"));
    std::thread::spawn(move || accept(&listener));
    Ok(port)
}

fn accept(listener: &TcpListener) {
    for stream in listener.incoming().flatten() {
        std::thread::spawn(move || {
            // A browser that goes away in the middle is nobody's error.
            let _ = answer(&stream);
        });
    }
}

/// Reads one request and answers it; the connection is then closed.
fn answer(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
    }
    let mut words = request.split_whitespace();
    let method = words.next().unwrap_or_default();
    let file = words.next().and_then(file_of);
    let (status, kind, body) = match file.and_then(|file| Some((kind_of(&file), fs::read(file).ok()?))) {
        Some((kind, body)) => ("200 OK", kind, body),
        None => ("404 Not Found", "text/plain", b"not found\n".to_vec()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Cache-Control: no-cache\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    if method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// The file of `dist` that a request's target names; none that lies outside of it.
fn file_of(target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.trim_start_matches('/');
    let path = path.strip_prefix("elsewhere/").unwrap_or(path);
    let relative = Path::new(path);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let file = page::dist().join(relative);
    Some(if file.is_dir() { file.join("index.html") } else { file })
}

fn kind_of(file: &Path) -> &'static str {
    match file.extension().and_then(|end| end.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "webmanifest") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("yaml" | "md" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_stays_inside_of_dist() {
        assert_eq!(file_of("/app.js?v=1"), Some(page::dist().join("app.js")));
        assert_eq!(file_of("/elsewhere/app.js"), Some(page::dist().join("app.js")));
        assert_eq!(file_of("/../Cargo.toml"), None);
        assert_eq!(file_of("/a/../../Cargo.toml"), None);
    }
}
