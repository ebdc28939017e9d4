//! ConfigMaps and Secrets as variables for `set env --from`, and what `set env --list` shows of references to them.
//! Models kubectl `pkg/cmd/set/env` env_resolve.go.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::arrange::Arrange;
use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Cx, Failure, Parsed};
use crate::object::quantity::Quantity;
use crate::object::value::{self, text_at};
use crate::text::quote::quote;

/// The variables that the keys of `--from` become, each a reference to its key.
pub(super) fn variables(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Vec<Value>, Failure> {
    let ask = Ask { args: alloc::vec![parsed.text("from").to_string()], types_alone: parsed.on("all"), latest: true, ..Ask::default() };
    let keys = parsed.all("keys");
    let (mut all, mut told) = (Vec::new(), String::new());
    for found in resources::find_by_arguments(cx, &ask)? {
        let item = found?;
        let reference = match &*item.row.kind {
            "Secret" => "secretKeyRef",
            "ConfigMap" => "configMapKeyRef",
            _ => return Err(Failure::Client("unsupported resource specified in --from".to_string())),
        };
        let names = item.object.at("/data").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key);
        for key in names.filter(|key| keys.is_empty() || keys.contains(key)) {
            let from = json!({reference: {"key": key, "name": item.object.name()}});
            let name = name_of(key);
            if name != *key {
                told.push_str(&format!("Warning: key {key} transferred to {name}\n"));
            }
            all.push(json!({"name": name, "valueFrom": from}));
        }
    }
    cx.err(&told);
    Ok(all)
}

/// The variable that a key becomes: capitals, and `_` for everything that no name may hold.
fn name_of(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// How a reference is told: `configmap web, key mode`.
fn told(from: &Value) -> String {
    let at = |path: &str| text_at(from, path).to_string();
    if from.get("configMapKeyRef").is_some() {
        return format!("configmap {}, key {}", at("configMapKeyRef/name"), at("configMapKeyRef/key"));
    }
    if from.get("secretKeyRef").is_some() {
        return format!("secret {}, key {}", at("secretKeyRef/name"), at("secretKeyRef/key"));
    }
    if from.get("fieldRef").is_some() {
        return format!("field path {}", at("fieldRef/fieldPath"));
    }
    if from.get("resourceFieldRef").is_some() {
        let container = at("resourceFieldRef/containerName");
        let gap = if container.is_empty() { "" } else { "/" };
        return format!("resource field {container}{gap}{}", at("resourceFieldRef/resource"));
    }
    "invalid valueFrom".to_string()
}

/// The text that a reference means.
fn value_of(cx: &Cx<'_>, item: &Item, container: &Value, from: &Value) -> Result<String, String> {
    let namespace = item.object.namespace();
    for (field, resource, what) in [("configMapKeyRef", "configmaps", "config map"), ("secretKeyRef", "secrets", "secret")] {
        let Some(reference) = from.get(field) else { continue };
        let (name, key) = (text_at(reference, "name"), text_at(reference, "key"));
        let Some(object) = cx.api().find(resource, namespace, name) else {
            return Err(format!("{resource} \"{name}\" not found"));
        };
        let Some(text) = object.at("/data").and_then(|data| data.get(key)).and_then(Value::as_str) else {
            return Err(format!("key {key} not found in {what} {name}"));
        };
        let bytes = if resource == "secrets" { crate::text::base64::decode(text).ok() } else { None };
        return Ok(bytes.map_or_else(|| text.to_string(), |bytes| String::from_utf8_lossy(&bytes).into_owned()));
    }
    if let Some(reference) = value::at(from, "resourceFieldRef") {
        return resource_of(container, reference);
    }
    let path = text_at(from, "fieldRef/fieldPath");
    let meta = &item.object.meta;
    let (name, key) = path.strip_suffix("']").and_then(|path| path.split_once("['")).map_or((path, None), |(name, key)| (name, Some(key)));
    let map = match name {
        "metadata.labels" => Some(&meta.labels),
        "metadata.annotations" => Some(&meta.annotations),
        _ => None,
    };
    match (map, key, path) {
        (Some(map), Some(key), _) => Ok(map.get(key).map(|text| text.to_string()).unwrap_or_default()),
        (Some(map), None, _) => {
            let lines: Vec<String> = map.iter().map(|(key, text)| [key.as_str(), "=", &quote(text)].concat()).collect();
            Ok(lines.join("\n"))
        }
        (None, Some(_), _) => Err(format!("fieldPath {} does not support subscript", quote(path))),
        (_, _, "metadata.name") => Ok(item.object.name().to_string()),
        (_, _, "metadata.namespace") => Ok(namespace.to_string()),
        (_, _, "metadata.uid") => Ok(meta.uid.to_string()),
        (_, _, "") => Err("invalid valueFrom".to_string()),
        _ => Err(format!("unsupported fieldPath: {path}")),
    }
}

/// What a container asks for or may use, in units of the divisor and rounded up.
fn resource_of(container: &Value, reference: &Value) -> Result<String, String> {
    let resource = text_at(reference, "resource");
    let unsupported = || format!("Unsupported container resource : {resource}");
    let (kind, name) = resource.split_once('.').ok_or_else(unsupported)?;
    let known = matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
    if !known || !matches!(kind, "limits" | "requests") {
        return Err(unsupported());
    }
    let text = value::at(container, "resources").and_then(|all| value::get(value::get(all, kind)?, name)).and_then(Value::as_str);
    let parse = |text: &str| Quantity::parse(text).ok();
    let amount = text.and_then(parse).unwrap_or(Quantity::ZERO).milli_value();
    let unit = parse(text_at(reference, "divisor")).map_or(0, |unit| unit.milli_value());
    let unit = if unit > 0 { unit } else { 1000 };
    Ok(amount.saturating_add(unit - 1).checked_div(unit).unwrap_or(0).to_string())
}

/// Lists the variables of a container; references are resolved for `item` when there is one.
pub(super) fn list(cx: &Cx<'_>, container: &Value, item: Option<&Item>, shown: &mut String, missing: &mut String) {
    let mut failed: Vec<(String, Vec<&str>)> = Vec::new();
    for variable in value::items_at(container, "env") {
        let name = text_at(variable, "name");
        let Some(from) = variable.get("valueFrom") else {
            shown.push_str(&[name, "=", text_at(variable, "value"), "\n"].concat());
            continue;
        };
        match item.map(|item| value_of(cx, item, container, from)) {
            Some(Ok(text)) => shown.push_str(&[name, "=", &text, "\n"].concat()),
            other => {
                shown.push_str(&format!("# {name} from {}\n", told(from)));
                if let Some(Err(why)) = other {
                    match failed.iter_mut().find(|(text, _)| *text == why) {
                        Some((_, names)) => names.push(name),
                        None => failed.push((why, alloc::vec![name])),
                    }
                }
            }
        }
    }
    failed.arrange();
    for (why, names) in &failed {
        missing.push_str(&format!("error retrieving reference for {}: {why}\n", names.join(", ")));
    }
}
