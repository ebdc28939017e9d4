//! Volumes of Pods and Pod templates.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

use super::Page;
use crate::kubectl::tables::cells::scalar;
use crate::object::value::{at, bool_at, i64_at, items_at, text_at};

/// The sources that are told by a heading and some of their fields: key, heading, rows of title, field and what
/// stands there when the field is missing.
type Source = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

const SOURCES: &[Source] = &[
    ("hostPath", "HostPath (bare host directory volume)", &[("Path", "path", ""), ("HostPathType", "type", "")]),
    (
        "emptyDir",
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        &[("Medium", "medium", ""), ("SizeLimit", "sizeLimit", "<unset>")],
    ),
    ("secret", "Secret (a volume populated by a Secret)", &[("SecretName", "secretName", ""), ("Optional", "optional", "false")]),
    ("configMap", "ConfigMap (a volume populated by a ConfigMap)", &[("Name", "name", ""), ("Optional", "optional", "false")]),
    (
        "persistentVolumeClaim",
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        &[("ClaimName", "claimName", ""), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "nfs",
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        &[("Server", "server", ""), ("Path", "path", ""), ("ReadOnly", "readOnly", "false")],
    ),
];

/// Writes the volumes; those of templates stand two blanks in.
pub fn list(page: &mut Page, volumes: &[Value], template: bool) {
    let (head, name) = if template { (2, 3) } else { (0, 2) };
    if volumes.is_empty() {
        page.put(head, "Volumes:\t<none>");
        return;
    }
    page.put(head, "Volumes:");
    for volume in volumes {
        page.put(name, &format!("{}:", text_at(volume, "name")));
        one(page, volume);
    }
}

/// Writes what a volume is made of.
pub fn one(page: &mut Page, volume: &Value) {
    for (key, heading, rows) in SOURCES {
        if let Some(source) = at(volume, key) {
            page.field(4, "Type", heading);
            for (title, field, missing) in *rows {
                let value = at(source, field).map_or_else(|| (*missing).to_string(), scalar);
                page.field(4, title, &value);
            }
            return;
        }
    }
    if let Some(projected) = at(volume, "projected") {
        page.field(4, "Type", "Projected (a volume that contains injected data from multiple sources)");
        items_at(projected, "sources").iter().for_each(|source| projection(page, source));
    } else if let Some(api) = at(volume, "downwardAPI") {
        page.field(4, "Type", "DownwardAPI (a volume populated by information about the pod)");
        page.put(4, "Items:");
        for item in items_at(api, "items") {
            page.put(6, &format!("{} -> {}", text_at(item, "fieldRef/fieldPath"), text_at(item, "path")));
        }
    } else {
        page.put(4, "<unknown>");
    }
}

fn projection(page: &mut Page, source: &Value) {
    let optional = |of: &Value| bool_at(of, "optional").to_string();
    if let Some(secret) = at(source, "secret") {
        page.field(4, "SecretName", text_at(secret, "name"));
        page.field(4, "Optional", &optional(secret));
    } else if at(source, "downwardAPI").is_some() {
        page.field(4, "DownwardAPI", "true");
    } else if let Some(map) = at(source, "configMap") {
        page.field(4, "ConfigMapName", text_at(map, "name"));
        page.field(4, "Optional", &optional(map));
    } else if let Some(token) = at(source, "serviceAccountToken") {
        let seconds: String = i64_at(token, "expirationSeconds").unwrap_or(3600).to_string();
        page.field(4, "TokenExpirationSeconds", &seconds);
    }
}
