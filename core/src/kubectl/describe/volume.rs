//! Volumes of Pods and Pod templates.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

use super::{Page, sources};
use crate::object::value::{at, bool_at, i64_at, items_at, pairs_at, str_at, text_at};

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
    for (key, heading, rows) in sources::SOURCES {
        if let Some(source) = at(volume, key) {
            page.field(4, "Type", heading);
            for (title, field, missing) in *rows {
                // Only volumes that persist have a handle.
                if *missing == "-" && at(source, field).is_none() {
                    continue;
                }
                let text = at(source, field).map_or_else(|| (*missing).to_string(), |value| sources::told(title, value));
                match title.strip_suffix('!') {
                    Some(title) => page.put(4, &format!("{title}\t{text}")),
                    None => page.field(4, title, &text),
                }
            }
            if *key == "csi" {
                page.pairs("    ", "VolumeAttributes", pairs_at(source, "volumeAttributes"));
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
            for source in ["fieldRef/fieldPath", "resourceFieldRef/resource"] {
                if !text_at(item, source).is_empty() {
                    page.put(6, &format!("{} -> {}", text_at(item, source), text_at(item, "path")));
                }
            }
        }
    } else if let Some(template) = at(volume, "ephemeral/volumeClaimTemplate") {
        page.field(4, "Type", "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)");
        page.field(4, "StorageClass", text_at(template, "spec/storageClassName"));
        page.field(4, "Volume", "");
        page.pairs("    ", "Labels", pairs_at(template, "metadata/labels"));
        page.pairs("    ", "Annotations", pairs_at(template, "metadata/annotations"));
        page.field(4, "Capacity", "");
        page.field(4, "Access Modes", "");
        page.field(4, "VolumeMode", str_at(template, "spec/volumeMode").unwrap_or("Filesystem"));
        super::storage::data_source(page, 4, at(template, "spec/dataSource"));
    } else {
        page.put(2, "<unknown>");
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
