//! `replacements`: a value of one object is copied into fields of others. Models kustomize `api/filters/replacement`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value, json};

use super::gather::Gathering;
use super::patches::{configured, matches};
use super::resource::Res;
use crate::object::value::{at, bool_at, i64_at, items_at, str_at, text_at};
use crate::text::yaml;

/// Copies what the kustomization asks for.
pub(super) fn run(gathering: &Gathering<'_, '_>, root: &str, file: &Value, all: &mut [Res]) -> Result<(), String> {
    for entry in items_at(file, "replacements") {
        match str_at(entry, "path") {
            None => one(entry, all)?,
            Some(path) => {
                let config = json!({"Replacements": items_at(file, "replacements")});
                let text = configured("ReplacementTransformer", &config, gathering.load(root, path))?;
                let read = yaml::parse(&text).map_err(|error| error.to_string())?;
                match &read {
                    Value::Array(entries) => entries.iter().try_for_each(|entry| one(entry, all))?,
                    entry => one(entry, all)?,
                }
            }
        }
    }
    Ok(())
}

fn one(entry: &Value, all: &mut [Res]) -> Result<(), String> {
    if at(entry, "source").is_none() && at(entry, "sourceValue").is_none() || items_at(entry, "targets").is_empty() {
        return Err("replacements must specify a source and at least one target".to_string());
    }
    let empty = Value::Object(Map::new());
    let source = at(entry, "source").unwrap_or(&empty);
    let found: Vec<&Res> = all.iter().filter(|one| selected(one, source, false)).collect();
    let path = str_at(source, "fieldPath").unwrap_or("metadata.name");
    let from = match found.as_slice() {
        [one] => one,
        [] => return Err(format!("nothing selected by {}", told(source))),
        _ => return Err(format!("multiple matches for selector {}", told(source))),
    };
    let mut value = None;
    let mut whole = from.body.clone();
    visit(&mut whole, &steps(path), false, &mut |slot| value = value.take().or(Some(slot.clone())));
    let value = value
        .filter(|value| !value.is_null())
        .ok_or_else(|| format!("fieldPath `{path}` is missing for replacement source {}", told(source)))?;
    let value = part(&value, source);
    for target in items_at(entry, "targets") {
        let select = at(target, "select").unwrap_or(&empty);
        for one in all.iter_mut() {
            let rejected = items_at(target, "reject").iter().any(|reject| selected(one, reject, true));
            if !selected(one, select, true) || rejected {
                continue;
            }
            let paths: Vec<&str> = super::file::texts(target, "fieldPaths").collect();
            let paths = if paths.is_empty() { alloc::vec!["metadata.name"] } else { paths };
            for path in paths {
                let create = bool_at(target, "options/create");
                let mut hit = false;
                visit(&mut one.body, &steps(path), create, &mut |slot| {
                    hit = true;
                    *slot = placed(slot, &value, target);
                });
                if !hit {
                    return Err(format!("unable to find field {path:?} in replacement target"));
                }
            }
        }
    }
    Ok(())
}

fn selected(one: &Res, select: &Value, pattern: bool) -> bool {
    let (group, version) = one.group_version();
    let fits = |field: &str, text: &str| {
        let wanted = text_at(select, field);
        wanted.is_empty() || if pattern { matches(wanted, text) } else { wanted == text }
    };
    let name = text_at(select, "name");
    fits("group", group)
        && fits("version", version)
        && fits("kind", one.kind())
        && (name.is_empty() || fits("name", one.name()) || one.names.iter().any(|old| fits("name", old)))
        && fits("namespace", one.namespace())
}

fn told(source: &Value) -> String {
    let path = str_at(source, "fieldPath").map(|path| [":", path].concat()).unwrap_or_default();
    let or = |field: &str, none: &str| Some(text_at(source, field)).filter(|text| !text.is_empty()).unwrap_or(none).to_string();
    let parts = [or("kind", "[noKind]"), or("version", "[noVer]"), or("group", "[noGrp]")].join(".");
    [&parts, "/", &or("name", "[noName]"), ".", &or("namespace", "[noNs]"), &path].concat()
}

/// The part of a text that `delimiter` and `index` mean.
fn part(value: &Value, options: &Value) -> Value {
    let delimiter = text_at(options, "options/delimiter");
    match value {
        Value::String(text) if !delimiter.is_empty() => {
            let index = usize::try_from(i64_at(options, "options/index").unwrap_or(0)).unwrap_or(0);
            text.split(delimiter).nth(index).unwrap_or_default().into()
        }
        other => other.clone(),
    }
}

/// The new value of a target's field.
fn placed(old: &Value, new: &Value, target: &Value) -> Value {
    let delimiter = text_at(target, "options/delimiter");
    let (Value::String(old), false) = (old, delimiter.is_empty()) else { return new.clone() };
    let new = new.as_str().map_or_else(|| new.to_string(), ToString::to_string);
    let mut parts: Vec<&str> = old.split(delimiter).collect();
    let index = i64_at(target, "options/index").unwrap_or(0);
    match usize::try_from(index) {
        Err(_) => parts.insert(0, &new),
        Ok(index) => match parts.get_mut(index) {
            Some(slot) => *slot = &new,
            None => parts.push(&new),
        },
    }
    parts.join(delimiter).into()
}

/// The steps of a path: `spec.containers.[name=c].image`, `a\.b.c`.
fn steps(path: &str) -> Vec<String> {
    let mut steps = alloc::vec![String::new()];
    let mut depth = 0usize;
    let mut letters = path.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' => steps.last_mut().into_iter().for_each(|step| step.extend(letters.next())),
            '[' => {
                depth += 1;
                steps.last_mut().into_iter().for_each(|step| step.push(c));
            }
            ']' => {
                depth = depth.saturating_sub(1);
                steps.last_mut().into_iter().for_each(|step| step.push(c));
            }
            '.' if depth == 0 => steps.push(String::new()),
            c => steps.last_mut().into_iter().for_each(|step| step.push(c)),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps
}

/// Calls `act` on every field that a path means.
fn visit(value: &mut Value, path: &[String], create: bool, act: &mut dyn FnMut(&mut Value)) {
    let Some((first, rest)) = path.split_first() else { return act(value) };
    match value {
        Value::Array(items) => {
            let filter = first.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).and_then(|inner| inner.split_once('='));
            let number = first.parse::<usize>().ok();
            for (at, item) in items.iter_mut().enumerate() {
                let taken = match filter {
                    Some((key, wanted)) => text_at(item, key) == wanted,
                    None => first == "*" || number == Some(at),
                };
                if taken {
                    visit(item, rest, create, act);
                }
            }
        }
        Value::Object(map) => {
            if create && !map.contains_key(first) {
                map.insert(first.clone(), if rest.is_empty() { Value::Null } else { Value::Object(Map::new()) });
            }
            if let Some(inner) = map.get_mut(first) {
                visit(inner, rest, create, act);
            }
        }
        _ => {}
    }
}
