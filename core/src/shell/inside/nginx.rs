//! The program `nginx` beside the server that runs: its version, the test of its configuration, its signals.
//! Never: what it serves (`kubelet::answers`).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::shell::process::ProcessContext;
use crate::text::fs::FileSystem;

const MAIN: &str = "/etc/nginx/nginx.conf";

/// `nginx -v`, `-t`, `-s reload`; `None` if the server itself is meant.
pub(super) fn run(args: &[String], io: &mut ProcessContext<'_>) -> Option<i32> {
    // The image says in its environment which one it is.
    let version = io.env.get("NGINX_VERSION").unwrap_or("1.29.4").to_string();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["-v"] => io.err(&alloc::format!("nginx version: nginx/{version}\n")),
        ["-V"] => io.err(&alloc::format!(
            "nginx version: nginx/{version}\nbuilt with OpenSSL 3.5.4 30 Sep 2025\nTLS SNI support enabled\nconfigure arguments: --prefix=/etc/nginx --sbin-path=/usr/sbin/nginx --modules-path=/usr/lib/nginx/modules --conf-path={MAIN} --error-log-path=/var/log/nginx/error.log --http-log-path=/var/log/nginx/access.log --pid-path=/run/nginx.pid\n"
        )),
        ["-t" | "-T"] => match wrong(io.fs) {
            Some(why) => {
                io.err(&alloc::format!("nginx: [emerg] {why}\nnginx: configuration file {MAIN} test failed\n"));
                return Some(1);
            }
            None => {
                io.err(&alloc::format!(
                    "nginx: the configuration file {MAIN} syntax is ok\nnginx: configuration file {MAIN} test is successful\n"
                ));
                if args.first().is_some_and(|arg| arg == "-T") {
                    for (path, text) in files(io.fs) {
                        io.out(&alloc::format!("# configuration file {path}:\n{text}\n"));
                    }
                }
            }
        },
        ["-s", "reload" | "stop" | "quit" | "reopen"] => match wrong(io.fs) {
            Some(why) => {
                io.err(&alloc::format!("nginx: [emerg] {why}\n"));
                return Some(1);
            }
            None => io.err("[notice] 41#41: signal process started\n"),
        },
        ["-s", other] => {
            io.err(&alloc::format!("nginx: invalid option: \"-s {other}\"\n"));
            return Some(1);
        }
        ["-s"] => {
            io.err("nginx: option \"-s\" requires parameter\n");
            return Some(1);
        }
        _ => return None,
    }
    Some(0)
}

/// The files of the configuration: the main one and those of its `conf.d`.
fn files(fs: &FileSystem) -> Vec<(String, String)> {
    let mut paths = Vec::from([MAIN.to_string()]);
    for (name, _) in fs.list("/etc/nginx/conf.d").unwrap_or_default() {
        if name.ends_with(".conf") {
            paths.push(["/etc/nginx/conf.d/", &name].concat());
        }
    }
    paths.into_iter().filter_map(|path| fs.read(&path).ok().map(|text| (path, text.to_string()))).collect()
}

/// The first mistake in the punctuation of the configuration, as nginx tells it.
fn wrong(fs: &FileSystem) -> Option<String> {
    let files = files(fs);
    if !files.iter().any(|(path, _)| path == MAIN) {
        return Some(alloc::format!("open() \"{MAIN}\" failed (2: No such file or directory)"));
    }
    files.iter().find_map(|(path, text)| mistake(text).map(|(what, line)| alloc::format!("{what} in {path}:{line}")))
}

/// The name of a directive into which another one has run: the one before was not ended.
fn unended(directive: &str) -> Option<&str> {
    let mut words = directive.split_whitespace();
    let first = words.next()?;
    let names = ["listen", "server_name", "root", "index", "location", "proxy_pass", "return"];
    words.any(|word| names.contains(&word)).then_some(first)
}

/// What is wrong with a text, and in which line.
fn mistake(text: &str) -> Option<(String, usize)> {
    let mut directive = String::new();
    let mut depth = 0_usize;
    let mut last = 1;
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        last = number;
        let mut quote = None;
        for c in line.chars() {
            match (quote, c) {
                (Some(q), c) if q == c => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '#') => break,
                (None, ';' | '{') if unended(&directive).is_some() => {
                    let first = unended(&directive).unwrap_or_default();
                    return Some((alloc::format!("directive \"{first}\" is not terminated by \";\""), number));
                }
                (None, ';' | '{') if directive.trim().is_empty() => return Some((alloc::format!("unexpected \"{c}\""), number)),
                (None, ';') => directive.clear(),
                (None, '{') => {
                    directive.clear();
                    depth += 1;
                }
                (None, '}') if !directive.trim().is_empty() => {
                    return Some((alloc::format!("unexpected \"{c}\""), number));
                }
                (None, '}') if depth == 0 => return Some(("unexpected \"}\"".to_string(), number)),
                (None, '}') => depth -= 1,
                (None, c) => directive.push(c),
            }
        }
        directive.push(' ');
    }
    if !directive.trim().is_empty() || depth > 0 {
        return Some(("unexpected end of file, expecting \";\" or \"}\"".to_string(), last));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_found_where_they_are() {
        assert_eq!(mistake("server {\n  listen 80;\n}\n"), None);
        assert_eq!(
            mistake("server {\n  listen 80\n  server_name x;\n}\n").map(|(what, _)| what).as_deref(),
            Some("directive \"listen\" is not terminated by \";\"")
        );
        assert_eq!(mistake("server {\n  listen 80;\n").map(|(_, line)| line), Some(2));
        assert_eq!(mistake("}\n"), Some(("unexpected \"}\"".to_string(), 1)));
    }
}
