//! `wget`, as busybox has it: its command line, and what it says about an answer.

use alloc::string::{String, ToString};

use super::fetch::{Complaint, Fetch, PATIENCE_MS, phrase};
use crate::api::network::NetAnswer;
use crate::shell::number::duration_ms;
use crate::shell::process::Io;
use crate::time::Instant;

/// What a command line asks for.
pub(super) fn fetch(args: &[String], now: Instant) -> Result<Fetch, Complaint> {
    let mut f = Fetch::new(answered, now);
    let mut to_stdout = false;
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-q" | "--quiet" => f.silent = true,
            "-qO-" | "-qO" => {
                f.silent = true;
                to_stdout = word == "-qO-" || words.next().is_some_and(|w| w == "-");
            }
            "-O-" => to_stdout = true,
            "-O" => match words.next().map(String::as_str) {
                Some("-") => to_stdout = true,
                Some(file) => f.output = Some(file.to_string()),
                None => {}
            },
            "-T" | "--timeout" => f.until = f.begun + words.next().and_then(|w| duration_ms(w)).unwrap_or(PATIENCE_MS),
            "-t" | "--tries" => {
                words.next();
            }
            "--spider" | "-S" | "-c" => {}
            word if word.starts_with("--timeout=") || word.starts_with("-T") => {
                let text = word.trim_start_matches("--timeout=").trim_start_matches("-T");
                f.until = f.begun + duration_ms(text).unwrap_or(PATIENCE_MS);
            }
            word if word.starts_with('-') => {}
            url => f.url = url.to_string(),
        }
    }
    if f.url.is_empty() {
        return Err(("BusyBox v1.37.0 multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-T SEC] URL...\n".to_string(), 1));
    }
    let mut f = f.aim("wget: bad address\n", 1)?;
    if !to_stdout && f.output.is_none() {
        let name = f.request.path.rsplit('/').next().unwrap_or_default();
        f.output = Some(if name.is_empty() { "index.html".to_string() } else { name.to_string() });
    }
    Ok(f)
}

fn answered(fetch: &Fetch, answer: &NetAnswer, io: &mut Io<'_>) -> i32 {
    let (host, port) = (&fetch.request.host, fetch.request.port);
    let complaint = match answer {
        NetAnswer::Http { status, body, address, .. } if *status < 400 => {
            if !fetch.silent {
                io.err(&alloc::format!("Connecting to {host} ({address}:{port})\n"));
            }
            fetch.deliver(body, io);
            return 0;
        }
        NetAnswer::Http { status, .. } => alloc::format!("wget: server returned error: HTTP/1.1 {status} {}", phrase(*status)),
        NetAnswer::Open => "wget: error getting response".to_string(),
        NetAnswer::Refused => alloc::format!("wget: can't connect to remote host ({host}): Connection refused"),
        NetAnswer::TimedOut if fetch.until.since(fetch.begun) < PATIENCE_MS => "wget: download timed out".to_string(),
        NetAnswer::TimedOut => alloc::format!("wget: can't connect to remote host ({host}): Connection timed out"),
        NetAnswer::Unresolved => alloc::format!("wget: bad address '{host}'"),
    };
    io.err(&[complaint.as_str(), "\n"].concat());
    1
}
