//! `namespace`, `namePrefix`, `nameSuffix`, `replicas` and `images`. Models kustomize `api/internal/builtins`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::resource::Res;
use crate::kubectl::cx::Cx;
use crate::object::value::{at_mut, i64_at, items_at, set, text_at};

/// Moves everything into a namespace.
pub(super) fn namespace(cx: &Cx<'_>, file: &Value, all: &mut [Res]) {
    let namespace = text_at(file, "namespace");
    if namespace.is_empty() {
        return;
    }
    for one in all {
        if one.kind() == "Namespace" && one.group_version().0.is_empty() {
            let before = one.name().to_string();
            set(&mut one.body, "metadata/name", namespace);
            one.names.push(before);
            continue;
        }
        if one.namespaced(cx) {
            set(&mut one.body, "metadata/namespace", namespace);
        }
        if matches!(one.kind(), "RoleBinding" | "ClusterRoleBinding")
            && let Some(Value::Array(subjects)) = at_mut(&mut one.body, "subjects")
        {
            for subject in subjects {
                if text_at(subject, "kind") == "ServiceAccount" && text_at(subject, "name") == "default" {
                    set(subject, "namespace", namespace);
                }
            }
        }
    }
}

/// Puts a prefix before and a suffix behind every name.
pub(super) fn names(file: &Value, all: &mut [Res]) {
    let (prefix, suffix) = (text_at(file, "namePrefix"), text_at(file, "nameSuffix"));
    if prefix.is_empty() && suffix.is_empty() {
        return;
    }
    for one in all {
        let fixed = matches!(one.kind(), "CustomResourceDefinition" | "Namespace") || one.kind() == "APIService";
        if fixed {
            continue;
        }
        let before = one.name().to_string();
        set(&mut one.body, "metadata/name", [prefix, &before, suffix].concat());
        one.names.push(before);
        one.prefixes.push([prefix, "*", suffix].concat());
    }
}

/// The kinds that `replicas` counts.
const COUNTED: [&str; 4] = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];

/// Sets the number of Pods of workloads by name.
pub(super) fn replicas(file: &Value, all: &mut [Res]) -> Result<(), String> {
    for entry in items_at(file, "replicas") {
        let (name, count) = (text_at(entry, "name"), i64_at(entry, "count").unwrap_or(0));
        let mut found = false;
        for one in all.iter_mut().filter(|one| one.is_named(name) && COUNTED.contains(&one.kind())) {
            set(&mut one.body, "spec/replicas", count);
            found = true;
        }
        if !found {
            let kinds: Vec<String> = COUNTED.iter().map(|kind| [kind, ".[noVer].[noGrp]"].concat()).collect();
            let kinds = kinds.join(" ");
            return Err(format!("resource with name {name} does not match a config with the following GVK [{kinds}]"));
        }
    }
    Ok(())
}

/// Gives containers other images.
pub(super) fn images(file: &Value, all: &mut [Res]) {
    for entry in items_at(file, "images") {
        for one in all.iter_mut().filter(|one| one.kind() != "CustomResourceDefinition") {
            in_containers(&mut one.body, entry);
        }
    }
}

fn in_containers(value: &mut Value, entry: &Value) {
    match value {
        Value::Object(map) => {
            for (key, member) in map {
                if let (true, Value::Array(containers)) = (matches!(key.as_str(), "containers" | "initContainers"), &mut *member) {
                    for container in containers {
                        let image = text_at(container, "image");
                        if let Some(other) = renamed(image, entry) {
                            set(container, "image", other);
                        }
                    }
                } else {
                    in_containers(member, entry);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| in_containers(item, entry)),
        _ => {}
    }
}

/// The image that an entry makes of this one; none when the entry is about another.
fn renamed(image: &str, entry: &Value) -> Option<String> {
    let wanted = text_at(entry, "name");
    let rest = image.strip_prefix(wanted)?;
    if wanted.is_empty() || !(rest.is_empty() || rest.starts_with(':') || rest.starts_with('@')) || rest.contains('/') {
        return None;
    }
    let (tag, digest) = rest.split_once('@').map_or((rest, ""), |(tag, digest)| (tag, digest));
    let (mut tag, mut digest) = (tag.trim_start_matches(':').to_string(), digest.to_string());
    let (new_tag, new_digest) = (text_at(entry, "newTag"), text_at(entry, "digest"));
    if !new_tag.is_empty() || !new_digest.is_empty() {
        tag = new_tag.to_string();
        digest = new_digest.to_string();
    }
    tag.push_str(text_at(entry, "tagSuffix"));
    let name = Some(text_at(entry, "newName")).filter(|name| !name.is_empty()).unwrap_or(wanted);
    let mut other = name.to_string();
    if !tag.is_empty() {
        other.push_str(&[":", &tag].concat());
    }
    if !digest.is_empty() {
        other.push_str(&["@", &digest].concat());
    }
    Some(other)
}
