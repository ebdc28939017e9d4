//! `curl`, `wget`, `nslookup`, `ping`, `nc` and `getent`: at the terminal and in containers, over whatever network
//! the host has.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::number::duration_ms;
use super::process::{Io, OnInterrupt, Poll, Process, StartIo, Started, Wake};
use crate::api::network::{Lookup, NetAnswer, NetRequest};
use crate::time::Instant;

/// How long a connection that nobody answers is tried by default.
const PATIENCE_MS: u64 = 130_000;

/// The programs here, with a line of help.
pub const PROGRAMS: &[(&str, &str)] = &[
    ("curl", "fetches a page"),
    ("getent", "looks a name up"),
    ("nc", "opens a connection"),
    ("nslookup", "looks a name up"),
    ("ping", "asks for an echo"),
    ("wget", "fetches a page"),
];

/// Starts one of [`PROGRAMS`].
pub fn start(program: &str, args: &[String], io: &mut StartIo<'_>) -> Started {
    match program {
        "curl" => match Fetch::curl(args, io.now) {
            Ok(fetch) => Started::Run(Box::new(fetch)),
            Err((text, code)) => refuse(io, &text, code),
        },
        "wget" => match Fetch::wget(args, io.now) {
            Ok(fetch) => Started::Run(Box::new(fetch)),
            Err((text, code)) => refuse(io, &text, code),
        },
        "nc" => match Fetch::nc(args, io.now) {
            Ok(fetch) => Started::Run(Box::new(fetch)),
            Err((text, code)) => refuse(io, &text, code),
        },
        "ping" => match Ping::new(args, io.now) {
            Some(ping) => Started::Run(Box::new(ping)),
            None => refuse(io, "ping: usage error: Destination address required\n", 1),
        },
        _ => Started::Run(Box::new(LookUp { program: program.to_string(), args: args.to_vec() })),
    }
}

fn refuse(io: &mut StartIo<'_>, text: &str, code: i32) -> Started {
    io.err(text);
    Started::Done(code)
}

/// Which program's words are spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tongue {
    Curl,
    Wget,
    Nc,
}

/// A request under way.
#[derive(Clone)]
struct Fetch {
    tongue: Tongue,
    url: String,
    request: NetRequest,
    begun: Instant,
    until: Instant,
    silent: bool,
    show_error: bool,
    headers: bool,
    only_headers: bool,
    fail: bool,
    verbose: bool,
    output: Option<String>,
    write_out: String,
    timed_out: bool,
}

type Complaint = (String, i32);

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
    fn new(tongue: Tongue, now: Instant) -> Fetch {
        Fetch {
            tongue,
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
            timed_out: false,
        }
    }

    fn curl(args: &[String], now: Instant) -> Result<Fetch, Complaint> {
        let mut f = Fetch::new(Tongue::Curl, now);
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
            let takes = |name: &str| {
                matches!(
                    name,
                    "-m" | "--max-time"
                        | "--connect-timeout"
                        | "-o"
                        | "--output"
                        | "-w"
                        | "--write-out"
                        | "-H"
                        | "--header"
                        | "-X"
                        | "--request"
                        | "-d"
                        | "--data"
                        | "--retry"
                        | "--resolve"
                        | "-u"
                        | "-A"
                        | "--user-agent"
                        | "--interface"
                )
            };
            let mut flags: Vec<String> = Vec::new();
            if name.starts_with("--") {
                flags.push(name.to_string());
            } else {
                let mut rest = name.trim_start_matches('-');
                while let Some(c) = rest.chars().next() {
                    let flag = ["-", c.encode_utf8(&mut [0; 4])].concat();
                    rest = rest.get(c.len_utf8()..).unwrap_or_default();
                    if takes(&flag) && !rest.is_empty() {
                        f.curl_option(&flag, rest)?;
                        rest = "";
                    } else {
                        flags.push(flag);
                    }
                }
            }
            for flag in flags {
                if takes(&flag) {
                    let value = match &inline {
                        Some(v) => v.clone(),
                        None => words.next().cloned().ok_or_else(|| missing_value(&flag))?,
                    };
                    f.curl_option(&flag, &value)?;
                } else {
                    f.curl_flag(&flag)?;
                }
            }
        }
        if f.url.is_empty() {
            return Err(("curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n".to_string(), 2));
        }
        f.aim("curl: (3) URL using bad/illegal format or missing URL\n", 3)
    }

    fn curl_flag(&mut self, flag: &str) -> Result<(), Complaint> {
        match flag {
            "-s" | "--silent" => self.silent = true,
            "-S" | "--show-error" => self.show_error = true,
            "-i" | "--include" => self.headers = true,
            "-I" | "--head" => {
                self.only_headers = true;
                self.request.method = "HEAD".to_string();
            }
            "-f" | "--fail" => self.fail = true,
            "-v" | "--verbose" => self.verbose = true,
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

    fn curl_option(&mut self, flag: &str, value: &str) -> Result<(), Complaint> {
        match flag {
            "-m" | "--max-time" | "--connect-timeout" => {
                let ms = duration_ms(value)
                    .ok_or_else(|| (alloc::format!("curl: option {flag}: expected a proper numerical parameter\n"), 2))?;
                self.until = self.until.min(self.begun + ms);
            }
            "-o" | "--output" => self.output = Some(value.to_string()),
            "-w" | "--write-out" => self.write_out = value.to_string(),
            "-H" | "--header" => {
                if let Some((name, host)) = value.split_once(':')
                    && name.eq_ignore_ascii_case("host")
                {
                    self.request.virtual_host = host.trim().to_string();
                }
            }
            "-X" | "--request" => self.request.method = value.to_string(),
            "-d" | "--data" if self.request.method.is_empty() => self.request.method = "POST".to_string(),
            _ => {}
        }
        Ok(())
    }

    fn wget(args: &[String], now: Instant) -> Result<Fetch, Complaint> {
        let mut f = Fetch::new(Tongue::Wget, now);
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

    fn nc(args: &[String], now: Instant) -> Result<Fetch, Complaint> {
        let mut f = Fetch::new(Tongue::Nc, now);
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

    fn aim(mut self, bad: &str, code: i32) -> Result<Fetch, Complaint> {
        let Some((host, port, path)) = parse_url(&self.url) else { return Err((bad.to_string(), code)) };
        (self.request.host, self.request.port, self.request.path) = (host, port, path);
        Ok(self)
    }

    fn answered(&self, answer: &NetAnswer, io: &mut Io<'_>) -> i32 {
        match self.tongue {
            Tongue::Curl => self.curl_answer(answer, io),
            Tongue::Wget => self.wget_answer(answer, io),
            Tongue::Nc => self.nc_answer(answer, io),
        }
    }

    fn curl_answer(&self, answer: &NetAnswer, io: &mut Io<'_>) -> i32 {
        let (host, port) = (&self.request.host, self.request.port);
        let ms = io.now.since(self.begun);
        let mut status_code = 0;
        let (text, code) = match answer {
            NetAnswer::Http { status, server, content_type, body, .. } => {
                status_code = *status;
                if self.fail && *status >= 400 {
                    (alloc::format!("curl: (22) The requested URL returned error: {status}"), 22)
                } else {
                    let mut text = String::new();
                    if self.headers || self.only_headers {
                        text.push_str(&alloc::format!(
                            "HTTP/1.1 {status} {}\r\nServer: {server}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\r\n",
                            phrase(*status),
                            body.len()
                        ));
                    }
                    if !self.only_headers {
                        text.push_str(body);
                    }
                    self.deliver(&text, io);
                    (String::new(), 0)
                }
            }
            NetAnswer::Open => ("curl: (52) Empty reply from server".to_string(), 52),
            NetAnswer::Refused => {
                (alloc::format!("curl: (7) Failed to connect to {host} port {port} after {ms} ms: Couldn't connect to server"), 7)
            }
            NetAnswer::TimedOut if self.until.since(self.begun) < PATIENCE_MS => {
                (alloc::format!("curl: (28) Connection timed out after {ms} milliseconds"), 28)
            }
            NetAnswer::TimedOut => {
                (alloc::format!("curl: (28) Failed to connect to {host} port {port} after {ms} ms: Couldn't connect to server"), 28)
            }
            NetAnswer::Unresolved => (alloc::format!("curl: (6) Could not resolve host: {host}"), 6),
        };
        if !text.is_empty() && (!self.silent || self.show_error) {
            io.err(&[text.as_str(), "\n"].concat());
        }
        let written = self.write_out.replace("%{http_code}", &alloc::format!("{status_code:03}")).replace("\\n", "\n");
        if !written.is_empty() {
            io.out(&written);
        }
        code
    }

    fn deliver(&self, text: &str, io: &mut Io<'_>) {
        match self.output.as_deref() {
            Some("/dev/null") => {}
            Some("-") | None => io.out(text),
            Some(file) => {
                let (path, at) = (io.path(file), io.mtime());
                let _ = io.fs.write(&path, text, at);
            }
        }
    }

    fn wget_answer(&self, answer: &NetAnswer, io: &mut Io<'_>) -> i32 {
        let (host, port) = (&self.request.host, self.request.port);
        let complaint = match answer {
            NetAnswer::Http { status, body, address, .. } if *status < 400 => {
                if !self.silent {
                    io.err(&alloc::format!("Connecting to {host} ({address}:{port})\n"));
                }
                self.deliver(body, io);
                return 0;
            }
            NetAnswer::Http { status, .. } => alloc::format!("wget: server returned error: HTTP/1.1 {status} {}", phrase(*status)),
            NetAnswer::Open => "wget: error getting response".to_string(),
            NetAnswer::Refused => alloc::format!("wget: can't connect to remote host ({host}): Connection refused"),
            NetAnswer::TimedOut if self.until.since(self.begun) < PATIENCE_MS => "wget: download timed out".to_string(),
            NetAnswer::TimedOut => alloc::format!("wget: can't connect to remote host ({host}): Connection timed out"),
            NetAnswer::Unresolved => alloc::format!("wget: bad address '{host}'"),
        };
        io.err(&[complaint.as_str(), "\n"].concat());
        1
    }

    fn nc_answer(&self, answer: &NetAnswer, io: &mut Io<'_>) -> i32 {
        let (host, port) = (&self.request.host, self.request.port);
        let (text, code) = match answer {
            NetAnswer::Http { .. } | NetAnswer::Open if self.verbose => (alloc::format!("{host} ({host}:{port}) open\n"), 0),
            NetAnswer::Http { .. } | NetAnswer::Open => (String::new(), 0),
            NetAnswer::Refused if self.verbose => (alloc::format!("nc: {host} ({host}:{port}): Connection refused\n"), 1),
            NetAnswer::TimedOut if self.verbose => (alloc::format!("nc: {host} ({host}:{port}): Connection timed out\n"), 1),
            NetAnswer::Unresolved => (alloc::format!("nc: bad address '{host}'\n"), 1),
            _ => (String::new(), 1),
        };
        io.err(&text);
        code
    }
}

fn missing_value(flag: &str) -> Complaint {
    (alloc::format!("curl: option {flag}: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n"), 2)
}

fn phrase(status: u16) -> &'static str {
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
        if self.timed_out {
            if io.now < self.until {
                return Poll::Wait(Wake::At(self.until));
            }
            return Poll::Done(self.answered(&NetAnswer::TimedOut, io));
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
            Some(answer) => Poll::Done(self.answered(&answer, io)),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

/// `nslookup` and `getent hosts`.
#[derive(Clone)]
struct LookUp {
    program: String,
    args: Vec<String>,
}

impl Process for LookUp {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let skip = if self.program == "getent" { 1 } else { 0 };
        let Some(name) = self.args.iter().filter(|a| !a.starts_with('-')).nth(skip).cloned() else {
            io.err("Usage: nslookup [HOST]\n");
            return Poll::Done(1);
        };
        let found = io.host.network().map_or_else(Lookup::default, |n| n.resolve("", &name));
        if self.program == "getent" {
            for address in &found.addresses {
                io.out(&alloc::format!("{address:<15} {}\n", found.name));
            }
            return Poll::Done(if found.addresses.is_empty() { 2 } else { 0 });
        }
        let server = if found.server.is_empty() { "127.0.0.53" } else { &found.server };
        io.out(&alloc::format!("Server:\t\t{server}\nAddress:\t{server}:53\n\n"));
        if found.addresses.is_empty() {
            io.out(&alloc::format!("** server can't find {name}: NXDOMAIN\n\n"));
            return Poll::Done(1);
        }
        for address in &found.addresses {
            io.out(&alloc::format!("Name:\t{}\nAddress: {address}\n", found.name));
        }
        io.out("\n");
        Poll::Done(0)
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

/// `ping`: one echo a second.
#[derive(Clone)]
struct Ping {
    host: String,
    count: u64,
    sent: u64,
    received: u64,
    next: Instant,
    address: String,
    stopped: bool,
}

impl Ping {
    fn new(args: &[String], now: Instant) -> Option<Ping> {
        let mut ping =
            Ping { host: String::new(), count: u64::MAX, sent: 0, received: 0, next: now, address: String::new(), stopped: false };
        let mut words = args.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "-c" => ping.count = words.next().and_then(|w| w.parse().ok()).unwrap_or(1),
                "-w" | "-W" | "-i" => {
                    words.next();
                }
                word if word.starts_with("-c") => ping.count = word.trim_start_matches("-c").parse().unwrap_or(1),
                word if word.starts_with('-') => {}
                host => ping.host = host.to_string(),
            }
        }
        (!ping.host.is_empty()).then_some(ping)
    }

    fn summary(&self, io: &mut Io<'_>) -> i32 {
        let lost = self.sent.saturating_sub(self.received).saturating_mul(100).checked_div(self.sent).unwrap_or(0);
        io.out(&alloc::format!(
            "\n--- {} ping statistics ---\n{} packets transmitted, {} packets received, {lost}% packet loss\n",
            self.host,
            self.sent,
            self.received
        ));
        i32::from(self.received == 0)
    }
}

impl Process for Ping {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if self.stopped {
            return Poll::Done(self.summary(io));
        }
        if self.sent == 0 && self.address.is_empty() {
            let found = io.host.network().map_or_else(Lookup::default, |n| n.resolve("", &self.host));
            let Some(address) = found.addresses.first() else {
                io.err(&alloc::format!("ping: bad address '{}'\n", self.host));
                return Poll::Done(1);
            };
            self.address = address.clone();
            io.out(&alloc::format!("PING {} ({}): 56 data bytes\n", self.host, self.address));
        }
        if io.now < self.next {
            return Poll::Wait(Wake::At(self.next));
        }
        let echo = NetRequest { host: self.address.clone(), port: 0, ..NetRequest::default() };
        let alive = io.host.network().is_some_and(|n| !matches!(n.request(&echo), Some(NetAnswer::TimedOut | NetAnswer::Unresolved)));
        if alive {
            self.received += 1;
            io.out(&alloc::format!("64 bytes from {}: seq={} ttl=62 time=0.421 ms\n", self.address, self.sent));
        }
        self.sent += 1;
        if self.sent >= self.count {
            return Poll::Done(self.summary(io));
        }
        self.next = io.now + 1000;
        Poll::Wait(Wake::At(self.next))
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }

    fn interrupt(&mut self) -> OnInterrupt {
        self.stopped = true;
        self.next = Instant(0);
        OnInterrupt::Handled
    }
}
