//! `redis-cli` and the data it works on, which lies in the container's file system: it lasts as long as that does, or
//! as the volume mounted there. Never: a protocol, or the data of another Pod.

mod commands;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value};

use crate::api::network::{NetAnswer, NetRequest};
use crate::shell::process::{Io, Poll, Process, ProcessContext, Started, Wake};
use crate::text::json;

use commands::{Reply, answer};

/// Where the server keeps its data.
const STORE: &str = "/data/dump.rdb";
/// The most that is kept, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// A client: of one command, or of lines as they are typed.
#[derive(Clone)]
struct Client {
    host: String,
    port: u16,
    words: Vec<String>,
    connected: bool,
    prompted: bool,
}

/// `redis-cli [-h HOST] [-p PORT] [COMMAND...]`
pub(super) fn start(args: &[String], io: &mut ProcessContext<'_>) -> Started {
    let mut client = Client { host: "127.0.0.1".to_string(), port: 6379, words: Vec::new(), connected: false, prompted: false };
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "-h" => client.host = rest.next().cloned().unwrap_or_default(),
            "-p" => client.port = rest.next().and_then(|port| port.parse().ok()).unwrap_or(6379),
            "-a" | "-n" | "--pass" | "-u" | "--user" | "-i" | "-r" => {
                rest.next();
            }
            "--version" | "-v" => {
                io.out("redis-cli 8.2.2\n");
                return Started::Done(0);
            }
            "--raw" | "--no-auth-warning" | "-e" | "--no-raw" => {}
            flag if flag.starts_with('-') => {
                io.err(&alloc::format!("Unrecognized option or bad number of args for: '{flag}'\n"));
                return Started::Done(1);
            }
            word => {
                client.words.push(word.to_string());
                client.words.extend(rest.by_ref().cloned());
            }
        }
    }
    Started::Run(Box::new(client))
}

impl Client {
    /// Whether the server that was asked for is there; `None`: not known yet.
    fn reach(&self, io: &mut Io<'_>) -> Option<Result<(), String>> {
        let request = NetRequest { host: self.host.clone(), port: self.port, http: false, ..NetRequest::default() };
        let answer = match io.host.network() {
            Some(network) => network.request(&request)?,
            None => NetAnswer::Refused,
        };
        let why = match answer {
            NetAnswer::Open | NetAnswer::Http { .. } => return Some(Ok(())),
            NetAnswer::Unresolved => "Name or service not known",
            NetAnswer::Refused => "Connection refused",
            NetAnswer::TimedOut => "Connection timed out",
        };
        Some(Err(alloc::format!("Could not connect to Redis at {}:{}: {why}\n", self.host, self.port)))
    }

    fn command(&self, words: &[String], io: &mut Io<'_>) -> String {
        let local = matches!(self.host.as_str(), "127.0.0.1" | "localhost");
        let name = words.first().map(|word| word.to_ascii_lowercase()).unwrap_or_default();
        if !local && name != "ping" && name != "echo" {
            io.err("kubepie: what another Pod's Redis holds is not simulated; use redis-cli in that Pod\n");
            return String::new();
        }
        let mut data = match io.fs.read(STORE).ok().and_then(|text| json::parse(&text).ok()) {
            Some(Value::Object(map)) => map,
            _ => Map::new(),
        };
        let before = data.clone();
        let reply = answer(&name, words.get(1..).unwrap_or_default(), &mut data);
        if data != before {
            let (text, at) = (json::compact(&Value::Object(data)), io.mtime());
            if text.len() > MAX_BYTES || io.fs.write(STORE, &text, at).is_err() {
                return "(error) OOM command not allowed when used memory > 'maxmemory'.\n".to_string();
            }
        }
        shown(&reply, io.stdout_is_terminal)
    }
}

impl Process for Client {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if !self.connected {
            match self.reach(io) {
                None => return Poll::Wait(Wake::At(io.now + 1)),
                Some(Err(why)) => {
                    io.err(&why);
                    return Poll::Done(1);
                }
                Some(Ok(())) => self.connected = true,
            }
        }
        if !self.words.is_empty() {
            let text = self.command(&self.words, io);
            io.out(&text);
            return Poll::Done(0);
        }
        loop {
            if io.stdout_is_terminal && !self.prompted {
                io.out(&alloc::format!("{}:{}> ", self.host, self.port));
                self.prompted = true;
            }
            let Some(line) = io.stdin.take_line() else {
                return if io.stdin.is_eof() { Poll::Done(0) } else { Poll::Wait(Wake::Input) };
            };
            self.prompted = false;
            let words = split(&line);
            match words.first().map(String::as_str) {
                None => {}
                Some("quit" | "exit") => return Poll::Done(0),
                Some(_) => {
                    let text = self.command(&words, io);
                    io.out(&text);
                }
            }
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

/// The words of a line, quotes taken off.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut any) = (String::new(), None, false);
    for c in line.trim().chars() {
        match quote {
            Some(q) if q == c => quote = None,
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                any = true;
            }
            None if c.is_whitespace() => {
                if any || !word.is_empty() {
                    words.push(core::mem::take(&mut word));
                }
                any = false;
            }
            _ => word.push(c),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}

fn shown(reply: &Reply, terminal: bool) -> String {
    let quoted = |text: &str| {
        let mut out = String::new();
        json::quote_into(text, &mut out);
        out
    };
    match reply {
        Reply::Status(text) => [*text, "\n"].concat(),
        Reply::Error(text) if terminal => ["(error) ", text, "\n"].concat(),
        Reply::Error(text) => [text, "\n\n"].concat(),
        Reply::Count(n) if terminal => alloc::format!("(integer) {n}\n"),
        Reply::Count(n) => alloc::format!("{n}\n"),
        Reply::Text(Some(text)) if terminal => [&quoted(text), "\n"].concat(),
        Reply::Text(None) if terminal => "(nil)\n".to_string(),
        Reply::Text(text) => [text.as_deref().unwrap_or_default(), "\n"].concat(),
        Reply::List(all) if terminal && all.is_empty() => "(empty array)\n".to_string(),
        Reply::List(all) if terminal => {
            let width = all.len().to_string().len();
            all.iter().enumerate().map(|(place, one)| alloc::format!("{:>width$}) {}\n", place + 1, quoted(one))).collect()
        }
        Reply::List(all) => [all.join("\n").as_str(), "\n"].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_work_on_what_earlier_ones_left() {
        let mut data = Map::new();
        let mut run = |line: &str, terminal: bool| {
            let words = split(line);
            shown(&answer(&words[0].to_lowercase(), &words[1..], &mut data), terminal)
        };
        assert_eq!(run("SET name 'a b'", true), "OK\n");
        assert_eq!(run("GET name", true), "\"a b\"\n");
        assert_eq!(run("get name", false), "a b\n");
        assert_eq!(run("get nope", true), "(nil)\n");
        assert_eq!(run("incr n", true), "(integer) 1\n");
        assert_eq!(run("incrby n 9", false), "10\n");
        assert_eq!(run("incr name", false), "ERR value is not an integer or out of range\n\n");
        assert_eq!(run("rpush l a b c", true), "(integer) 3\n");
        assert_eq!(run("lrange l 0 -1", true), "1) \"a\"\n2) \"b\"\n3) \"c\"\n");
        assert_eq!(run("keys n*", false), "n\nname\n");
        assert_eq!(run("del n l nope", false), "2\n");
        assert_eq!(run("get", true), "(error) ERR wrong number of arguments for 'get' command\n");
        assert_eq!(run("foo a", true), "(error) ERR unknown command 'foo', with args beginning with: 'a' \n");
    }
}
