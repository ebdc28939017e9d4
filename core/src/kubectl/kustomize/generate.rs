//! `configMapGenerator` and `secretGenerator`. Models kustomize `api/internal/generators` and `api/kv`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value, json};

use super::file;
use super::gather::{Gathering, append};
use super::resource::Res;
use crate::object::value::{at, bool_at, items_at, map_at, set, str_at, text_at};
use crate::text::base64;

/// Makes what the generators describe.
pub(super) fn run(gathering: &Gathering<'_, '_>, root: &str, file: &Value, all: &mut Vec<Res>) -> Result<(), String> {
    for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        for args in items_at(file, field) {
            let one = made(gathering, root, file, args, kind)?;
            absorb(all, one, text_at(args, "behavior"))?;
        }
    }
    Ok(())
}

fn made(gathering: &Gathering<'_, '_>, root: &str, file: &Value, args: &Value, kind: &str) -> Result<Res, String> {
    let pairs = pairs(gathering, root, args).map_err(|why| ["loading KV pairs: ", &why].concat())?;
    let mut body = json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": text_at(args, "name")}});
    if text_at(args, "name").is_empty() {
        // So it is told of Secrets too.
        return Err("a configmap must have a name".to_string());
    }
    if let Some(namespace) = str_at(args, "namespace").filter(|namespace| !namespace.is_empty()) {
        set(&mut body, "metadata/namespace", namespace);
    }
    let mut data = Map::new();
    for (key, value) in pairs {
        let value = if kind == "Secret" { base64::encode(value.as_bytes()) } else { value };
        if data.insert(key.clone(), value.into()).is_some() {
            return Err(format!("configmap {} illegally repeats the key `{key}`", text_at(args, "name")));
        }
    }
    if !data.is_empty() {
        set(&mut body, "data", Value::Object(data));
    }
    if kind == "Secret" {
        let ty = text_at(args, "type");
        set(&mut body, "type", if ty.is_empty() { "Opaque" } else { ty });
    }
    let mut one = Res::new(body);
    one.hashed = true;
    for options in [at(file, "generatorOptions"), at(args, "options")].into_iter().flatten() {
        for part in ["labels", "annotations"] {
            for (name, value) in map_at(options, part).into_iter().flatten() {
                super::labels::put(&mut one.body, &["metadata", part], true, name, value);
            }
        }
        if bool_at(options, "immutable") {
            set(&mut one.body, "immutable", true);
        }
        if options.get("disableNameSuffixHash").is_some() {
            one.hashed = !bool_at(options, "disableNameSuffixHash");
        }
    }
    Ok(one)
}

/// Keys and values from env files, literals and files, in this order.
fn pairs(gathering: &Gathering<'_, '_>, root: &str, args: &Value) -> Result<Vec<(String, String)>, String> {
    let mut all = Vec::new();
    let list = |field: &str| file::texts(args, field).map(ToString::to_string).collect::<Vec<String>>();
    let mut envs = list("envs");
    envs.extend(str_at(args, "env").map(ToString::to_string));
    for path in &envs {
        let text = gathering.load(root, path).map_err(|why| format!("env source files: [{}]: {why}", envs.join(" ")))?;
        for line in text.lines() {
            let line = line.trim_start();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            all.push((key.to_string(), value.to_string()));
        }
    }
    let literals = list("literals");
    for literal in &literals {
        let Some((key, value)) = literal.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(format!(
                "literal sources {literals}: invalid literal source {literal}, expected key=value",
                literals = show(&literals)
            ));
        };
        all.push((key.to_string(), unquoted(value).to_string()));
    }
    let files = list("files");
    for source in &files {
        let (key, path) = source.split_once('=').unwrap_or_else(|| (source.rsplit('/').next().unwrap_or(source), source));
        let told = |why: String| format!("file sources: {}: {why}", show(&files));
        if key.is_empty() {
            return Err(told(format!("missing key name for file path {path:?} in source {source:?}")));
        }
        let text = gathering.load(root, path).map_err(told)?;
        all.push((key.to_string(), text));
    }
    Ok(all)
}

fn show(list: &[String]) -> String {
    format!("[{}]", list.join(" "))
}

/// A literal without the quotes around it.
fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    value
}

/// Adds a generated object, or lets it change the one it names.
fn absorb(all: &mut Vec<Res>, one: Res, behavior: &str) -> Result<(), String> {
    let old = all.iter_mut().find(|known| known.kind() == one.kind() && known.is_named(one.name()));
    let id = go_id(&one);
    match (old, behavior) {
        (None, "merge" | "replace") => Err(format!("merging from generator: id {id} does not exist; cannot merge or replace")),
        (None, _) => append(all, alloc::vec![one]),
        (Some(old), "merge" | "replace") => {
            let mut body = one.body;
            if behavior == "merge" {
                for part in ["data", "binaryData"] {
                    let mut data = map_at(&old.body, part).cloned().unwrap_or_default();
                    data.extend(map_at(&body, part).cloned().unwrap_or_default());
                    if !data.is_empty() {
                        set(&mut body, part, Value::Object(data));
                    }
                }
            }
            for part in ["labels", "annotations"] {
                for (name, value) in map_at(&old.body, &["metadata/", part].concat()).cloned().into_iter().flatten() {
                    let known = map_at(&body, &["metadata/", part].concat()).is_some_and(|map| map.contains_key(&name));
                    if !known {
                        super::labels::put(&mut body, &["metadata", part], true, &name, &value);
                    }
                }
            }
            set(&mut body, "metadata/name", old.name());
            if !old.namespace().is_empty() {
                set(&mut body, "metadata/namespace", old.namespace());
            }
            old.body = body;
            old.hashed |= one.hashed;
            Ok(())
        }
        (Some(_), _) => Err(format!("merging from generator: id {id} exists; behavior must be merge or replace")),
    }
}

/// An id as Go's `%#v` shows it.
fn go_id(one: &Res) -> String {
    let (group, version) = one.group_version();
    format!(
        "resid.ResId{{Gvk:resid.Gvk{{Group:\"{group}\", Version:\"{version}\", Kind:\"{}\", isClusterScoped:false}}, Name:\"{}\", Namespace:\"{}\"}}",
        one.kind(),
        one.name(),
        one.namespace()
    )
}
