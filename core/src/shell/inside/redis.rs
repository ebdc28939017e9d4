//! `redis-cli` and the data it works on, which lies in the container's file system: it lasts as long as that does, or
//! as the volume mounted there. Never: a protocol, or the data of another Pod.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value};

use crate::api::network::{NetAnswer, NetRequest};
use crate::shell::pattern::Pattern;
use crate::shell::process::{Io, Poll, Process, ProcessContext, Started, Wake};
use crate::text::json;

/// Where the server keeps its data.
const STORE: &str = "/data/dump.rdb";
/// The most that is kept, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// What a command is answered.
enum Reply {
    Status(&'static str),
    Count(i64),
    Text(Option<String>),
    List(Vec<String>),
    Error(String),
}

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

/// How many words a command takes at least, beside its name.
const COMMANDS: &[(&str, usize)] = &[
    ("append", 2),
    ("dbsize", 0),
    ("decr", 1),
    ("del", 1),
    ("echo", 1),
    ("exists", 1),
    ("flushall", 0),
    ("flushdb", 0),
    ("get", 1),
    ("hget", 2),
    ("hgetall", 1),
    ("hset", 3),
    ("incr", 1),
    ("incrby", 2),
    ("info", 0),
    ("keys", 1),
    ("llen", 1),
    ("lpush", 2),
    ("lrange", 3),
    ("mget", 1),
    ("ping", 0),
    ("rpush", 2),
    ("save", 0),
    ("set", 2),
    ("strlen", 1),
    ("type", 1),
];

/// Commands of the real one that change or read what is not kept here.
const REFUSED: &[&str] = &[
    "bgsave",
    "client",
    "config",
    "expire",
    "lpop",
    "monitor",
    "mset",
    "publish",
    "replicaof",
    "rpop",
    "sadd",
    "scan",
    "select",
    "shutdown",
    "smembers",
    "subscribe",
    "ttl",
    "xadd",
    "zadd",
    "zrange",
    "auth",
    "cluster",
    "hdel",
    "setex",
    "setnx",
    "getset",
    "rename",
];

fn answer(name: &str, args: &[String], data: &mut Map<String, Value>) -> Reply {
    let Some((_, least)) = COMMANDS.iter().find(|(one, _)| *one == name) else {
        if REFUSED.contains(&name) {
            return Reply::Error(alloc::format!("kubepie: the simulated server does not know '{name}'"));
        }
        let beginning: String = args.iter().map(|arg| alloc::format!("'{arg}' ")).collect();
        return Reply::Error(alloc::format!("ERR unknown command '{name}', with args beginning with: {beginning}"));
    };
    if args.len() < *least {
        return Reply::Error(alloc::format!("ERR wrong number of arguments for '{name}' command"));
    }
    let key = args.first().cloned().unwrap_or_default();
    match name {
        "ping" if args.is_empty() => Reply::Status("PONG"),
        "ping" | "echo" => Reply::Text(Some(key)),
        "save" => Reply::Status("OK"),
        "flushall" | "flushdb" => {
            data.clear();
            Reply::Status("OK")
        }
        "dbsize" => count(data.len()),
        "keys" => {
            let pattern = Pattern::new(&key);
            Reply::List(data.keys().filter(|name| pattern.matches(name)).cloned().collect())
        }
        "exists" => count(args.iter().filter(|key| data.contains_key(*key)).count()),
        "del" => count(args.iter().filter(|key| data.remove(*key).is_some()).count()),
        "type" => Reply::Status(match data.get(&key) {
            None => "none",
            Some(Value::Array(_)) => "list",
            Some(Value::Object(_)) => "hash",
            Some(_) => "string",
        }),
        "info" => Reply::Text(Some(alloc::format!(
            "# Server\nredis_version:8.2.2\nredis_mode:standalone\nos:Linux 5.15.0-164-generic x86_64\ntcp_port:6379\n\n# Replication\nrole:master\nconnected_slaves:0\n\n# Keyspace\n{}",
            if data.is_empty() { String::new() } else { alloc::format!("db0:keys={},expires=0,avg_ttl=0", data.len()) }
        ))),
        "hset" | "hget" | "hgetall" => hash(name, &key, args.get(1..).unwrap_or_default(), data),
        "lpush" | "rpush" | "lrange" | "llen" => list(name, &key, args.get(1..).unwrap_or_default(), data),
        _ => text(name, &key, args, data),
    }
}

fn count(n: usize) -> Reply {
    Reply::Count(i64::try_from(n).unwrap_or(i64::MAX))
}

fn wrong_type() -> Reply {
    Reply::Error("WRONGTYPE Operation against a key holding the wrong kind of value".to_string())
}

fn text(name: &str, key: &str, args: &[String], data: &mut Map<String, Value>) -> Reply {
    let value = args.get(1).cloned().unwrap_or_default();
    let old = match data.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) if !matches!(name, "set" | "mget") => return wrong_type(),
        _ => None,
    };
    match name {
        "set" => {
            let flag = args.get(2).map(|flag| flag.to_ascii_lowercase());
            match flag.as_deref() {
                None => {}
                Some("nx") if data.contains_key(key) => return Reply::Text(None),
                Some("xx") if !data.contains_key(key) => return Reply::Text(None),
                Some("nx" | "xx") => {}
                Some("ex" | "px") => return Reply::Error("kubepie: the simulated server lets no key expire".to_string()),
                Some(_) => return Reply::Error("ERR syntax error".to_string()),
            }
            data.insert(key.to_string(), Value::String(value));
            Reply::Status("OK")
        }
        "get" => Reply::Text(old),
        "mget" => {
            let of = |key: &String| data.get(key).and_then(Value::as_str).unwrap_or_default().to_string();
            Reply::List(args.iter().map(of).collect())
        }
        "strlen" => count(old.map_or(0, |text| text.len())),
        "append" => {
            let whole = [old.unwrap_or_default(), value].concat();
            let length = count(whole.len());
            data.insert(key.to_string(), Value::String(whole));
            length
        }
        _ => {
            let by = match name {
                "incr" => Some(1),
                "decr" => Some(-1),
                _ => value.parse::<i64>().ok(),
            };
            let now = old.as_deref().unwrap_or("0").parse::<i64>().ok();
            let (Some(by), Some(now)) = (by, now) else {
                return Reply::Error("ERR value is not an integer or out of range".to_string());
            };
            let next = now.saturating_add(by);
            data.insert(key.to_string(), Value::String(next.to_string()));
            Reply::Count(next)
        }
    }
}

fn hash(name: &str, key: &str, args: &[String], data: &mut Map<String, Value>) -> Reply {
    if name == "hset" && !data.contains_key(key) {
        data.insert(key.to_string(), Value::Object(Map::new()));
    }
    let fields = match data.get_mut(key) {
        Some(Value::Object(fields)) => fields,
        Some(_) => return wrong_type(),
        None if name == "hget" => return Reply::Text(None),
        None => return Reply::List(Vec::new()),
    };
    let of = |value: &Value| value.as_str().unwrap_or_default().to_string();
    match name {
        "hset" => {
            let pairs = args.chunks_exact(2);
            count(
                pairs
                    .filter(|pair| matches!(pair, [field, value] if fields.insert(field.clone(), Value::String(value.clone())).is_none()))
                    .count(),
            )
        }
        "hget" => Reply::Text(args.first().and_then(|field| fields.get(field)).map(of)),
        _ => Reply::List(fields.iter().flat_map(|(field, value)| [field.clone(), of(value)]).collect()),
    }
}

fn list(name: &str, key: &str, args: &[String], data: &mut Map<String, Value>) -> Reply {
    if matches!(name, "lpush" | "rpush") && !data.contains_key(key) {
        data.insert(key.to_string(), Value::Array(Vec::new()));
    }
    let all = match data.get_mut(key) {
        Some(Value::Array(all)) => all,
        Some(_) => return wrong_type(),
        None if name == "llen" => return Reply::Count(0),
        None => return Reply::List(Vec::new()),
    };
    match name {
        "lpush" => args.iter().for_each(|one| all.insert(0, Value::String(one.clone()))),
        "rpush" => all.extend(args.iter().map(|one| Value::String(one.clone()))),
        "lrange" => {
            let place = |word: Option<&String>| {
                let n = word?.parse::<i64>().ok()?;
                let len = i64::try_from(all.len()).ok()?;
                usize::try_from(if n < 0 { n + len } else { n }.max(0)).ok()
            };
            let (Some(from), Some(to)) = (place(args.first()), place(args.get(1))) else {
                return Reply::Error("ERR value is not an integer or out of range".to_string());
            };
            let chosen = all.iter().take(to.saturating_add(1)).skip(from);
            return Reply::List(chosen.map(|one| one.as_str().unwrap_or_default().to_string()).collect());
        }
        _ => {}
    }
    count(all.len())
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
