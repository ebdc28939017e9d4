//! The commands of Redis on the data that is kept. Never: who asks (`redis`).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value};

use crate::shell::pattern::Pattern;

/// What a command is answered.
pub(super) enum Reply {
    Status(&'static str),
    Count(i64),
    Text(Option<String>),
    List(Vec<String>),
    Error(String),
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

/// Runs a command.
pub(super) fn answer(name: &str, args: &[String], data: &mut Map<String, Value>) -> Reply {
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
