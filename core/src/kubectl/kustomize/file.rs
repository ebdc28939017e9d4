//! The kustomization file: finding it, reading it, and refusing what it may not hold. Models kustomize `api/types`
//! Kustomization and `api/internal/target` LoadKustFile.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::types;
use crate::kubectl::cx::Cx;
use crate::object::value::{items_at, text_at};
use crate::text::yaml;

const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

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
    types::check(&parsed)?;
    let file = if parsed.is_null() { Value::Object(Map::new()) } else { parsed };
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

/// The texts of a list field.
pub(super) fn texts<'v>(file: &'v Value, field: &str) -> impl Iterator<Item = &'v str> {
    items_at(file, field).iter().filter_map(Value::as_str)
}
