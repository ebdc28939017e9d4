//! Volumes of Pods and Pod templates.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

use super::Page;
use crate::kubectl::tables::cells::scalar;
use crate::object::value::{at, bool_at, i64_at, items_at, pairs_at, str_at, text_at};

/// The sources that are told by a heading and some of their fields: key, heading, rows of title, field and what
/// stands there when the field is missing.
type Source = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

const SOURCES: &[Source] = &[
    ("hostPath", "HostPath (bare host directory volume)", &[("Path", "path", ""), ("HostPathType", "type", "<none>")]),
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
    ("local", "LocalVolume (a persistent volume backed by local storage on a node)", &[("Path", "path", "")]),
    (
        "csi",
        "CSI (a Container Storage Interface (CSI) volume source)",
        &[("Driver", "driver", ""), ("FSType", "fsType", ""), ("VolumeHandle", "volumeHandle", "-"), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "gcePersistentDisk",
        "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        &[("PDName", "pdName", ""), ("FSType", "fsType", ""), ("Partition", "partition", "0"), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "awsElasticBlockStore",
        "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        &[("VolumeID", "volumeID", ""), ("FSType", "fsType", ""), ("Partition", "partition", "0"), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "azureFile",
        "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        &[("SecretName", "secretName", ""), ("ShareName", "shareName", ""), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "gitRepo",
        "GitRepo (a volume that is pulled from git when the pod is created)",
        &[("Repository", "repository", ""), ("Revision", "revision", "")],
    ),
    ("image", "Image (a container image or OCI artifact)", &[("Reference", "reference", ""), ("PullPolicy", "pullPolicy", "")]),
    (
        "iscsi",
        "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
        &[
            ("TargetPortal", "targetPortal", ""),
            ("IQN", "iqn", ""),
            ("Lun", "lun", "0"),
            ("FSType", "fsType", ""),
            ("ReadOnly", "readOnly", "false"),
        ],
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
                // Only volumes that persist have a handle.
                if *missing != "-" || at(source, field).is_some() {
                    page.field(4, title, &at(source, field).map_or_else(|| (*missing).to_string(), scalar));
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
