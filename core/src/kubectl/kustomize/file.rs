//! The kustomization file: finding it, reading it, and refusing what it may not hold. Models kustomize `api/types`
//! Kustomization and `api/internal/target` LoadKustFile.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value};

use crate::kubectl::cx::Cx;
use crate::object::value::{items_at, text_at};
use crate::text::yaml;

const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The fields of a kustomization with their Go types: `s` text, `l` a list of texts, `m` a map of texts, `x` others.
const FIELDS: &[(&str, char)] = &[
    ("apiVersion", 's'),
    ("kind", 's'),
    ("metadata", 'x'),
    ("openapi", 'x'),
    ("namePrefix", 's'),
    ("nameSuffix", 's'),
    ("namespace", 's'),
    ("commonLabels", 'm'),
    ("labels", 'x'),
    ("commonAnnotations", 'm'),
    ("patchesStrategicMerge", 'l'),
    ("patchesJson6902", 'x'),
    ("patches", 'x'),
    ("images", 'x'),
    ("imageTags", 'x'),
    ("replacements", 'x'),
    ("replicas", 'x'),
    ("vars", 'x'),
    ("sortOptions", 'x'),
    ("resources", 'l'),
    ("components", 'l'),
    ("crds", 'l'),
    ("bases", 'l'),
    ("configMapGenerator", 'x'),
    ("secretGenerator", 'x'),
    ("helmGlobals", 'x'),
    ("helmCharts", 'x'),
    ("helmChartInflationGenerator", 'x'),
    ("generatorOptions", 'x'),
    ("configurations", 'l'),
    ("generators", 'l'),
    ("transformers", 'l'),
    ("validators", 'l'),
    ("buildMetadata", 'l'),
];

/// Fields that are told to be on their way out, and what to use instead.
const DEPRECATED: &[(&str, &str, bool)] = &[
    ("bases", "resources", false),
    ("commonLabels", "labels", false),
    ("imageTags", "images", false),
    ("patchesJson6902", "patches", false),
    ("patchesStrategicMerge", "patches", false),
    ("vars", "replacements", true),
];

/// Reads the kustomization file of a folder.
pub(super) fn read(cx: &Cx<'_>, root: &str, notices: &mut Vec<String>) -> Result<Value, String> {
    let path = |name: &&str| [root.trim_end_matches('/'), "/", name].concat();
    let found: Vec<&str> = NAMES.into_iter().filter(|name| cx.files.is_file(&path(name))).collect();
    let name = match found.as_slice() {
        [name] => *name,
        [] => {
            return Err(format!(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{root}'"
            ));
        }
        _ => return Err(format!("Found multiple kustomization files under: {root}\n")),
    };
    let text = cx.files.read(&path(&name)).map_err(|error| format!("open {}: {}", path(&name), error.text().to_lowercase()))?;
    let parsed = yaml::parse(&text).map_err(|error| format!("invalid Kustomization: {error}"))?;
    let file = match parsed {
        Value::Null => Value::Object(Map::new()),
        Value::Object(map) => Value::Object(map),
        other => {
            let what = go_word(&other);
            return Err(format!("invalid Kustomization: json: cannot unmarshal {what} into Go value of type types.Kustomization"));
        }
    };
    check_types(&file)?;
    for (field, instead, experimental) in DEPRECATED.iter().filter(|(field, ..)| file.get(*field).is_some()) {
        let mark = if *experimental { "[EXPERIMENTAL] " } else { "" };
        notices.push(format!(
            "# Warning: '{field}' is deprecated. Please use '{instead}' instead. {mark}Run 'kustomize edit fix' to update your Kustomization automatically.\n"
        ));
    }
    check_kind(&file, root)?;
    Ok(file)
}

/// Refuses a kustomization that asks for nothing.
pub(super) fn refuse_empty(file: &Value) -> Result<(), String> {
    let asks = |map: &Map<String, Value>| map.keys().any(|key| !matches!(key.as_str(), "apiVersion" | "kind" | "metadata"));
    match file.as_object().is_some_and(asks) {
        true => Ok(()),
        false => Err("kustomization.yaml is empty".to_string()),
    }
}

fn check_kind(file: &Value, root: &str) -> Result<(), String> {
    let (kind, version) = (text_at(file, "kind"), text_at(file, "apiVersion"));
    let mut wrong = Vec::new();
    if !matches!(kind, "" | "Kustomization" | "Component") {
        wrong.push("kind should be Kustomization or Component".to_string());
    }
    let wanted = if kind == "Component" { "kustomize.config.k8s.io/v1alpha1" } else { "kustomize.config.k8s.io/v1beta1" };
    if !version.is_empty() && version != wanted {
        let kind = if kind.is_empty() { "Kustomization" } else { kind };
        wrong.push(format!("apiVersion for {kind} should be {wanted}"));
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("Failed to read kustomization file under {root}:\n{}", wrong.join("\n"))),
    }
}

fn check_types(file: &Value) -> Result<(), String> {
    for (name, value) in file.as_object().into_iter().flatten() {
        let Some((field, ty)) = FIELDS.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)) else {
            return Err(format!("invalid Kustomization: json: unknown field {name:?}"));
        };
        let refuse = |value: &Value, ty: &str| {
            let what = go_word(value);
            Err(format!("invalid Kustomization: json: cannot unmarshal {what} into Go struct field Kustomization.{field} of type {ty}"))
        };
        let texts = |value: &Value| value.is_null() || value.is_string();
        match (ty, value) {
            (_, Value::Null) | ('x', _) => {}
            ('s', value) if !texts(value) => return refuse(value, "string"),
            ('l', Value::Array(items)) => {
                if let Some(item) = items.iter().find(|item| !texts(item)) {
                    return refuse(item, "string");
                }
            }
            ('l', value) => return refuse(value, "[]string"),
            ('m', Value::Object(map)) => {
                if let Some(item) = map.values().find(|item| !texts(item)) {
                    return refuse(item, "string");
                }
            }
            ('m', value) => return refuse(value, "map[string]string"),
            _ => {}
        }
    }
    for image in items_at(file, "images") {
        for field in ["name", "newName", "newTag", "digest", "tagSuffix"] {
            if let Some(value) = image.get(field).filter(|value| !value.is_string() && !value.is_null()) {
                let what = go_word(value);
                return Err(format!(
                    "invalid Kustomization: json: cannot unmarshal {what} into Go struct field Image.images.{field} of type string"
                ));
            }
        }
    }
    Ok(())
}

/// What Go's JSON decoder calls a value.
fn go_word(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    }
}

/// The texts of a list field.
pub(super) fn texts<'v>(file: &'v Value, field: &str) -> impl Iterator<Item = &'v str> {
    items_at(file, field).iter().filter_map(Value::as_str)
}
