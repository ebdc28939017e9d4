//! A request under way, as `curl`, `wget` and `nc` make it: sent, waited for, given up.
//! Never: what each of them says about the answer.

use alloc::boxed::Box;
use alloc::string::{String, ToString};

use crate::api::network::{NetAnswer, NetRequest};
use crate::shell::process::{Io, Poll, Process, Wake};
use crate::time::Instant;

/// How long a connection that nobody answers is tried by default.
pub(super) const PATIENCE_MS: u64 = 130_000;

/// Tells an answer in a program's own words, and answers its exit code.
pub(super) type Answered = fn(&Fetch, &NetAnswer, &mut Io<'_>) -> i32;

/// A request under way.
#[derive(Clone)]
pub(super) struct Fetch {
    /// What the program says about an answer, and its exit code.
    pub(super) answered: Answered,
    pub(super) url: String,
    pub(super) request: NetRequest,
    pub(super) begun: Instant,
    pub(super) until: Instant,
    pub(super) silent: bool,
    pub(super) show_error: bool,
    pub(super) headers: bool,
    pub(super) only_headers: bool,
    pub(super) fail: bool,
    pub(super) verbose: bool,
    pub(super) output: Option<String>,
    pub(super) write_out: String,
    /// Whether what was written before it can have been seen by a server.
    settled: bool,
    timed_out: bool,
}

/// What is said about a wrong command line, and the exit code.
pub(super) type Complaint = (String, i32);

/// Host, port and path of a URL.
fn parse_url(url: &str) -> Option<(String, u16, String)> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let (authority, path) = match rest.find(['/', '?']) {
        Some(i) => rest.split_at_checked(i)?,
        None => (rest, "/"),
    };
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (authority, if scheme == "https" { 443 } else { 80 }),
    };
    let path = if path.starts_with('/') { path.to_string() } else { ["/", path].concat() };
    if host.is_empty() { None } else { Some((host.trim_matches(['[', ']']).to_string(), port, path)) }
}

impl Fetch {
    pub(super) fn new(answered: Answered, now: Instant) -> Fetch {
        Fetch {
            answered,
            url: String::new(),
            request: NetRequest { http: true, ..NetRequest::default() },
            begun: now,
            until: now + PATIENCE_MS,
            silent: false,
            show_error: false,
            headers: false,
            only_headers: false,
            fail: false,
            verbose: false,
            output: None,
            write_out: String::new(),
            settled: false,
            timed_out: false,
        }
    }

    /// Takes the URL apart; `bad` and `code` if it is none.
    pub(super) fn aim(mut self, bad: &str, code: i32) -> Result<Fetch, Complaint> {
        let Some((host, port, path)) = parse_url(&self.url) else { return Err((bad.to_string(), code)) };
        (self.request.host, self.request.port, self.request.path) = (host, port, path);
        Ok(self)
    }

    /// Puts a page where it was asked for.
    pub(super) fn deliver(&self, text: &str, io: &mut Io<'_>) {
        match self.output.as_deref() {
            Some("/dev/null") => {}
            Some("-") | None => io.out(text),
            Some(file) => {
                let (path, at) = (io.path(file), io.mtime());
                let _ = io.fs.write(&path, text, at);
            }
        }
    }
}

/// The words behind a status of HTTP.
pub(super) fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Not Allowed",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Temporarily Unavailable",
        _ => "",
    }
}

impl Process for Fetch {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        // Files written in a container are its server's only after this turn.
        if !core::mem::replace(&mut self.settled, true) && io.host.identity().is_some() {
            return Poll::Wait(Wake::At(io.now + 1));
        }
        if self.timed_out {
            if io.now < self.until {
                return Poll::Wait(Wake::At(self.until));
            }
            return Poll::Done((self.answered)(self, &NetAnswer::TimedOut, io));
        }
        let answer = match io.host.network() {
            Some(network) => network.request(&self.request),
            None => Some(NetAnswer::Unresolved),
        };
        match answer {
            None => Poll::Wait(Wake::At(io.now + 1)),
            Some(NetAnswer::TimedOut) if io.now < self.until => {
                self.timed_out = true;
                Poll::Wait(Wake::At(self.until))
            }
            Some(answer) => Poll::Done((self.answered)(self, &answer, io)),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}
