//! `curl`: its command line, and what it says about an answer.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::fetch::{Complaint, Fetch, PATIENCE_MS, phrase};
use crate::api::network::NetAnswer;
use crate::shell::number::duration_ms;
use crate::shell::process::Io;
use crate::time::Instant;

/// The flags with a value behind them.
const TAKE_VALUE: [&str; 33] = [
    "-m",
    "--max-time",
    "--connect-timeout",
    "-o",
    "--output",
    "-w",
    "--write-out",
    "-H",
    "--header",
    "-X",
    "--request",
    "-d",
    "--data",
    "--retry",
    "--resolve",
    "-u",
    "-A",
    "--user-agent",
    "--interface",
    "--cacert",
    "--capath",
    "--cert",
    "-E",
    "--key",
    "--data-raw",
    "--data-binary",
    "--data-urlencode",
    "--json",
    "--retry-delay",
    "-x",
    "--proxy",
    "-b",
    "-c",
];

/// What a command line asks for.
pub(super) fn fetch(args: &[String], now: Instant) -> Result<Fetch, Complaint> {
    let mut f = Fetch::new(answered, now);
    let mut words = args.iter();
    while let Some(word) = words.next() {
        if !word.starts_with('-') || word == "-" {
            f.url = word.clone();
            continue;
        }
        let (name, inline) = match word.split_once('=') {
            Some((n, v)) if n.starts_with("--") => (n, Some(v.to_string())),
            _ => (word.as_str(), None),
        };
        let mut flags: Vec<String> = Vec::new();
        if name.starts_with("--") {
            flags.push(name.to_string());
        } else {
            let mut rest = name.trim_start_matches('-');
            while let Some(c) = rest.chars().next() {
                let one = ["-", c.encode_utf8(&mut [0; 4])].concat();
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
                if TAKE_VALUE.contains(&one.as_str()) && !rest.is_empty() {
                    option(&mut f, &one, rest)?;
                    rest = "";
                } else {
                    flags.push(one);
                }
            }
        }
        for one in flags {
            if TAKE_VALUE.contains(&one.as_str()) {
                let value = match &inline {
                    Some(v) => v.clone(),
                    None => words.next().cloned().ok_or_else(|| missing_value(&one))?,
                };
                option(&mut f, &one, &value)?;
            } else {
                flag(&mut f, &one)?;
            }
        }
    }
    if f.url.is_empty() {
        return Err(("curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n".to_string(), 2));
    }
    f.aim("curl: (3) URL using bad/illegal format or missing URL\n", 3)
}

fn flag(fetch: &mut Fetch, flag: &str) -> Result<(), Complaint> {
    match flag {
        "-s" | "--silent" => fetch.silent = true,
        "-S" | "--show-error" => fetch.show_error = true,
        "-i" | "--include" => fetch.headers = true,
        "-I" | "--head" => {
            fetch.only_headers = true;
            fetch.request.method = "HEAD".to_string();
        }
        "-f" | "--fail" => fetch.fail = true,
        "-v" | "--verbose" => fetch.verbose = true,
        "-k"
        | "--insecure"
        | "-L"
        | "--location"
        | "-g"
        | "-4"
        | "-6"
        | "--http1.1"
        | "--no-buffer"
        | "-N"
        | "-#"
        | "-G"
        | "--no-progress-meter"
        | "--compressed" => {}
        _ => {
            return Err((
                alloc::format!("curl: option {flag}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n"),
                2,
            ));
        }
    }
    Ok(())
}

fn option(fetch: &mut Fetch, flag: &str, value: &str) -> Result<(), Complaint> {
    match flag {
        "-m" | "--max-time" | "--connect-timeout" => {
            let ms =
                duration_ms(value).ok_or_else(|| (alloc::format!("curl: option {flag}: expected a proper numerical parameter\n"), 2))?;
            fetch.until = fetch.until.min(fetch.begun + ms);
        }
        "-o" | "--output" => fetch.output = Some(value.to_string()),
        "-w" | "--write-out" => fetch.write_out = value.to_string(),
        "-H" | "--header" => {
            if let Some((name, text)) = value.split_once(':') {
                match name.to_ascii_lowercase().as_str() {
                    "host" => fetch.request.virtual_host = text.trim().to_string(),
                    "authorization" => fetch.request.bearer = text.trim().trim_start_matches("Bearer ").to_string(),
                    _ => {}
                }
            }
        }
        "-X" | "--request" => fetch.request.method = value.to_string(),
        "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-urlencode" | "--json" if fetch.request.method.is_empty() => {
            fetch.request.method = "POST".to_string()
        }
        _ => {}
    }
    Ok(())
}

fn answered(fetch: &Fetch, answer: &NetAnswer, io: &mut Io<'_>) -> i32 {
    let (host, port) = (&fetch.request.host, fetch.request.port);
    let ms = io.now.since(fetch.begun);
    let mut status_code = 0;
    let (mut size, mut from, mut kind) = (0, "", "");
    let (text, code) = match answer {
        NetAnswer::Http { status, server, content_type, body, address } => {
            status_code = *status;
            (size, from, kind) = (body.len(), address.as_str(), content_type.as_str());
            if fetch.fail && *status >= 400 {
                (alloc::format!("curl: (22) The requested URL returned error: {status}"), 22)
            } else {
                let mut text = String::new();
                if fetch.headers || fetch.only_headers {
                    text.push_str(&alloc::format!(
                        "HTTP/1.1 {status} {}\r\nServer: {server}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\r\n",
                        phrase(*status),
                        body.len()
                    ));
                }
                if !fetch.only_headers {
                    text.push_str(body);
                }
                fetch.deliver(&text, io);
                (String::new(), 0)
            }
        }
        NetAnswer::Open => ("curl: (52) Empty reply from server".to_string(), 52),
        NetAnswer::Refused => {
            (alloc::format!("curl: (7) Failed to connect to {host} port {port} after {ms} ms: Couldn't connect to server"), 7)
        }
        NetAnswer::TimedOut if fetch.until.since(fetch.begun) < PATIENCE_MS => {
            (alloc::format!("curl: (28) Connection timed out after {ms} milliseconds"), 28)
        }
        NetAnswer::TimedOut => {
            (alloc::format!("curl: (28) Failed to connect to {host} port {port} after {ms} ms: Couldn't connect to server"), 28)
        }
        NetAnswer::Unresolved => (alloc::format!("curl: (6) Could not resolve host: {host}"), 6),
    };
    if !text.is_empty() && (!fetch.silent || fetch.show_error) {
        io.err(&[text.as_str(), "\n"].concat());
    }
    let mut written = fetch.write_out.replace("\\n", "\n").replace("\\t", "\t");
    let seconds = alloc::format!("{}.{:06}", ms / 1000, ms % 1000 * 1000);
    let code_text = alloc::format!("{status_code:03}");
    let port_text = alloc::format!("{port}");
    let exit = alloc::format!("{code}");
    let size_text = alloc::format!("{size}");
    for (name, value) in [
        ("http_code", code_text.as_str()),
        ("response_code", &code_text),
        ("size_download", &size_text),
        ("time_total", &seconds),
        ("time_connect", &seconds),
        ("url_effective", &fetch.url),
        ("remote_ip", from),
        ("remote_port", &port_text),
        ("content_type", kind),
        ("exitcode", &exit),
        ("num_redirects", "0"),
        ("http_version", "1.1"),
    ] {
        written = written.replace(&["%{", name, "}"].concat(), value);
    }
    if !written.is_empty() {
        io.out(&written);
    }
    code
}

fn missing_value(flag: &str) -> Complaint {
    (alloc::format!("curl: option {flag}: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n"), 2)
}
