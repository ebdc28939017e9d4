//! Turns the API server's OpenAPI v2 definitions, its discovery and its table columns into the dense
//! text tables that the core embeds (`core/data/schema.txt`, `core/data/resources.txt`).
//! Only formats are decided here; what the facts mean is decided in `core/src/object/schema` and
//! `core/src/api/registry`. `cargo xtask schema FOLDER` calls [`generate`] with a folder that holds
//! `schema.json`, `discovery.json` and `columns.json`.
//!
//! Grammar of `schema.txt`, definitions sorted by name (the core searches it by halves):
//! `>Name [=group/version/Kind] [&]`, then one line a field in Go's order: `name type flags…`.
//! Types: `s` string, `i` int32, `l` int64, `b` boolean, `n` number, `y` bytes, `q` Quantity, `t` Time,
//! `u` MicroTime, `p` IntOrString, `o` free object, `r` RawExtension, `f` FieldsV1, `x` anything, `@Name` a definition, `[T` array, `{T` map.
//! Flags: `!` required, `+` written even when empty, `*` pointer to a scalar, `^` retainKeys, `-` replaced as a whole by
//! patches,
//! `~key` merge by key (`~` alone: merge as a set), `%a,b` list-map keys (`%` alone: set), `=A|B` enum,
//! `&` replaced as a whole by server-side apply.
//! `schema-more.txt` has the same grammar and is not written here: kinds that such a folder leaves out, from their Go types.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// Go's field order and pointer facts, which OpenAPI leaves out.
const GO_ORDER: &str = include_str!("../data/go-order.txt");

/// `cargo xtask schema FOLDER`: writes `core/data` anew from the three files in FOLDER.
pub fn main(words: &[String]) -> Result<(), String> {
    let [folder] = words else {
        return Err("schema FOLDER: a folder with schema.json, discovery.json and columns.json".into());
    };
    generate(Path::new(folder), Path::new("core/data"))
}

/// Reads the three files in `folder` and writes the two tables into `out` (`core/data`).
pub fn generate(folder: &Path, out: &Path) -> Result<(), String> {
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).map_err(|e| format!("{name}: {e}"));
    let parse = |name: &str, text: &str| -> Result<Value, String> { serde_json::from_str(text).map_err(|e| format!("{name}: {e}")) };
    let schema = schema_table(&parse("schema.json", &text("schema.json")?)?);
    let discovery = text("discovery.json")?;
    let columns = parse("columns.json", &text("columns.json")?)?;
    let resources = resource_table(&parse("discovery.json", &discovery)?, &discovery, &columns);
    std::fs::write(out.join("schema.txt"), schema).map_err(|e| format!("schema.txt: {e}"))?;
    std::fs::write(out.join("resources.txt"), resources).map_err(|e| format!("resources.txt: {e}"))
}

/// Maps OpenAPI's long definition names to the short ones of the table.
fn short_names(definitions: &serde_json::Map<String, Value>) -> BTreeMap<String, String> {
    let tail = |name: &str, n: usize| -> String {
        let parts: Vec<&str> = name.rsplitn(n + 1, '.').take(n).collect();
        parts.into_iter().rev().collect::<Vec<_>>().join(".")
    };
    let mut seen = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for name in definitions.keys() {
        let short = tail(name, 1);
        if !seen.insert(short.clone()) {
            twice.insert(short);
        }
    }
    definitions
        .keys()
        .map(|name| {
            let short = tail(name, 1);
            let short = if twice.contains(&short) { tail(name, 3) } else { short };
            (name.clone(), short)
        })
        .collect()
}

/// The letter of a definition that is no struct, if it is one of those.
fn leaf(name: &str) -> Option<&'static str> {
    Some(match name {
        "Quantity" => "q",
        "Time" => "t",
        "MicroTime" => "u",
        "IntOrString" => "p",
        "RawExtension" => "r",
        "FieldsV1" => "f",
        "JSON" | "JSONSchemaPropsOrArray" | "JSONSchemaPropsOrBool" | "JSONSchemaPropsOrStringArray" => "x",
        _ => return None,
    })
}

/// The type code of one schema node.
fn code(node: &Value, names: &BTreeMap<String, String>) -> String {
    if let Some(reference) = node["$ref"].as_str() {
        let long = reference.trim_start_matches("#/definitions/");
        let short = names.get(long).map_or(long, String::as_str);
        return leaf(short).map_or_else(|| format!("@{short}"), str::to_string);
    }
    match (node["type"].as_str().unwrap_or(""), node["format"].as_str().unwrap_or("")) {
        ("string", "byte") => "y".into(),
        ("string", _) => "s".into(),
        ("integer", "int64") => "l".into(),
        ("integer", _) => "i".into(),
        ("number", _) => "n".into(),
        ("boolean", _) => "b".into(),
        ("array", _) => format!("[{}", code(&node["items"], names)),
        ("object", _) if node["additionalProperties"].is_object() => {
            format!("{{{}", code(&node["additionalProperties"], names))
        }
        ("object", _) => "o".into(),
        _ => "x".into(),
    }
}

/// The strings of a JSON array, joined.
fn joined(node: &Value, by: &str) -> String {
    let texts: Vec<&str> = node.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    texts.join(by)
}

/// One field's line.
fn field_line(name: &str, node: &Value, required: bool, marks: &str, names: &BTreeMap<String, String>) -> String {
    let mut line = format!("{name} {}", code(node, names));
    if required {
        line.push_str(" !");
    }
    for mark in ["+", "*"] {
        if marks.contains(mark) {
            line.push(' ');
            line.push_str(mark);
        }
    }
    let strategy = node["x-kubernetes-patch-strategy"].as_str().unwrap_or("");
    if strategy.split(',').any(|s| s == "retainKeys") {
        line.push_str(" ^");
    }
    if strategy.split(',').any(|s| s == "merge") {
        let _ = write!(line, " ~{}", node["x-kubernetes-patch-merge-key"].as_str().unwrap_or(""));
    }
    if strategy == "replace" {
        line.push_str(" -");
    }
    match node["x-kubernetes-list-type"].as_str() {
        Some("map") => {
            let _ = write!(line, " %{}", joined(&node["x-kubernetes-list-map-keys"], ","));
        }
        Some("set") => line.push_str(" %"),
        _ => {}
    }
    if node["x-kubernetes-map-type"] == "atomic" {
        line.push_str(" &");
    }
    let holder = if node["items"].is_object() { &node["items"] } else { node };
    if holder["enum"].is_array() {
        let _ = write!(line, " ={}", joined(&holder["enum"], "|"));
    }
    line
}

/// The whole of `schema.txt`.
fn schema_table(schema: &Value) -> String {
    let empty = serde_json::Map::new();
    let definitions = schema["definitions"].as_object().unwrap_or(&empty);
    let names = short_names(definitions);
    let order: BTreeMap<&str, Vec<&str>> = GO_ORDER
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.collect()))
        })
        .collect();
    let mut rows: BTreeMap<&str, String> = BTreeMap::new();
    for (long, node) in definitions {
        let short = names.get(long).map_or(long.as_str(), String::as_str);
        if leaf(short).is_some() {
            continue;
        }
        rows.insert(short, definition(short, node, order.get(short).map(Vec::as_slice), &names));
    }
    rows.into_values().collect()
}

/// One definition's block of lines.
fn definition(short: &str, node: &Value, order: Option<&[&str]>, names: &BTreeMap<String, String>) -> String {
    let mut text = format!(">{short}");
    let kinds = node["x-kubernetes-group-version-kind"].as_array();
    if let Some(gvk) = kinds.and_then(|kinds| kinds.first()) {
        let part = |key: &str| gvk[key].as_str().unwrap_or("").to_string();
        let _ = write!(text, " ={}/{}/{}", part("group"), part("version"), part("kind"));
    }
    if node["x-kubernetes-map-type"] == "atomic" {
        text.push_str(" &");
    }
    text.push('\n');
    let empty = serde_json::Map::new();
    let fields = node["properties"].as_object().unwrap_or(&empty);
    let required: BTreeSet<&str> = node["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut sequence: Vec<(&str, &str)> = Vec::new();
    let listed = order.unwrap_or(&["kind", "apiVersion", "metadata+"]);
    for word in listed {
        let name = word.trim_end_matches(['+', '*']);
        match fields.get_key_value(name) {
            Some((name, _)) => sequence.push((name, word.split_at(name.len()).1)),
            None if order.is_some() => eprintln!("go-order.txt: {short} has no field {name}"),
            None => {}
        }
    }
    for name in fields.keys() {
        if !sequence.iter().any(|(known, _)| known == name) {
            sequence.push((name, ""));
        }
    }
    for (name, marks) in sequence {
        text.push_str(&field_line(name, &fields[name], required.contains(name), marks, names));
        text.push('\n');
    }
    text
}

/// The whole of `resources.txt`: `=group/version`, then for each resource
/// `plural singular Kind n|c verbs shorts categories`, `+columns`, and `/subresource Kind verbs`.
fn resource_table(discovery: &Value, raw: &str, columns: &Value) -> String {
    let mut text = String::new();
    let mut groups: Vec<(&String, &Value)> = discovery.as_object().into_iter().flatten().collect();
    // The server's order of groups decides which resource a short name means.
    groups.sort_by_key(|(name, _)| raw.find(&format!("\"{name}\": [")));
    for (group_version, resources) in groups {
        let _ = writeln!(text, "={group_version}");
        for resource in resources.as_array().into_iter().flatten() {
            let word = |key: &str| resource[key].as_str().unwrap_or("").to_string();
            let dash = |text: String| {
                if text.is_empty() { "-".to_string() } else { text }
            };
            let name = word("name");
            let verbs = verb_letters(&resource["verbs"]);
            if let Some((_, sub)) = name.split_once('/') {
                let _ = writeln!(text, "/{sub} {} {verbs}", word("kind"));
                continue;
            }
            let scope = if resource["namespaced"] == true { "n" } else { "c" };
            let _ = writeln!(
                text,
                "{name} {} {} {scope} {} {} {}",
                word("singularName"),
                word("kind"),
                dash(verbs),
                dash(joined(&resource["shortNames"], ",")),
                dash(joined(&resource["categories"], ","))
            );
            let rows = columns[format!("{group_version} {name}")].as_array();
            let cells: Vec<String> = rows.into_iter().flatten().map(column_code).collect();
            if !cells.is_empty() {
                let _ = writeln!(text, "+{}", cells.join("|"));
            }
        }
    }
    text
}

/// One column: its name, then `~` and letters for what differs from a plain string of priority 0.
fn column_code(column: &Value) -> String {
    let mut marks = String::new();
    match column["type"].as_str() {
        Some("integer") => marks.push('i'),
        Some("boolean") => marks.push('b'),
        Some("date") => marks.push('d'),
        _ => {}
    }
    if column["format"] == "name" {
        marks.push('n');
    }
    if column["priority"] == 1 {
        marks.push('1');
    }
    let name = column["name"].as_str().unwrap_or("");
    if marks.is_empty() { name.to_string() } else { format!("{name}~{marks}") }
}

/// One letter a verb, so that a row stays short.
fn verb_letters(verbs: &Value) -> String {
    let letter = |verb: &str| match verb {
        "create" => "c",
        "delete" => "d",
        "deletecollection" => "D",
        "get" => "g",
        "list" => "l",
        "patch" => "p",
        "update" => "u",
        "watch" => "w",
        _ => "?",
    };
    verbs.as_array().into_iter().flatten().filter_map(Value::as_str).map(letter).collect()
}
