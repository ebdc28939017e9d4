//! `nc`: its command line, and what it says about a port.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::fetch::{Complaint, Fetch, PATIENCE_MS};
use crate::api::network::NetAnswer;
use crate::shell::number::duration_ms;
use crate::shell::process::Io;
use crate::time::Instant;

/// What a command line asks for.
pub(super) fn fetch(args: &[String], now: Instant) -> Result<Fetch, Complaint> {
    let mut f = Fetch::new(answered, now);
    f.request.http = false;
    let mut plain: Vec<&String> = Vec::new();
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-w" => f.until = f.begun + words.next().and_then(|w| duration_ms(w)).unwrap_or(PATIENCE_MS),
            word if word.starts_with('-') => f.verbose |= word.contains('v'),
            _ => plain.push(word),
        }
    }
    match plain.as_slice() {
        [host, port, ..] if port.parse::<u16>().is_ok() => {
            f.request.host = host.to_string();
            f.request.port = port.parse().unwrap_or(0);
            Ok(f)
        }
        _ => Err(("nc: usage: nc [-zv] [-w SEC] HOST PORT\n".to_string(), 1)),
    }
}

fn answered(fetch: &Fetch, answer: &NetAnswer, io: &mut Io<'_>) -> i32 {
    let (host, port) = (&fetch.request.host, fetch.request.port);
    let (text, code) = match answer {
        NetAnswer::Http { .. } | NetAnswer::Open if fetch.verbose => (alloc::format!("{host} ({host}:{port}) open\n"), 0),
        NetAnswer::Http { .. } | NetAnswer::Open => (String::new(), 0),
        NetAnswer::Refused if fetch.verbose => (alloc::format!("nc: {host} ({host}:{port}): Connection refused\n"), 1),
        NetAnswer::TimedOut if fetch.verbose => (alloc::format!("nc: {host} ({host}:{port}): Connection timed out\n"), 1),
        NetAnswer::Unresolved => (alloc::format!("nc: bad address '{host}'\n"), 1),
        _ => (String::new(), 1),
    };
    io.err(&text);
    code
}
