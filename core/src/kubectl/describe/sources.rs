//! The sources of volumes that are told by a heading and some of their fields.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use crate::kubectl::tables::cells::scalar;
use crate::object::value::text_at;

/// The sources that are told by a heading and some of their fields: key, heading, rows of title, field and what
/// stands there when the field is missing.
pub type Source = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

pub const SOURCES: &[Source] = &[
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
            ("ISCSIInterface!", "iscsiInterface", "default"),
            ("FSType", "fsType", ""),
            ("ReadOnly", "readOnly", "false"),
            ("Portals", "portals", "[]"),
            ("DiscoveryCHAPAuth", "chapAuthDiscovery", "false"),
            ("SessionCHAPAuth", "chapAuthSession", "false"),
            ("SecretRef", "secretRef", "<nil>"),
            ("InitiatorName", "initiatorName", "<none>"),
        ],
    ),
    (
        "fc",
        "FC (a Fibre Channel disk)",
        &[("TargetWWNs", "targetWWNs", ""), ("LUN", "lun", "<none>"), ("FSType", "fsType", ""), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "flexVolume",
        "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
        &[
            ("Driver", "driver", ""),
            ("FSType", "fsType", ""),
            ("SecretRef", "secretRef", "<nil>"),
            ("ReadOnly", "readOnly", "false"),
            ("Options", "options", "map[]"),
        ],
    ),
    (
        "rbd",
        "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
        &[
            ("CephMonitors", "monitors", "[]"),
            ("RBDImage", "image", ""),
            ("FSType", "fsType", ""),
            ("RBDPool", "pool", "rbd"),
            ("RadosUser", "user", "admin"),
            ("Keyring", "keyring", "/etc/ceph/keyring"),
            ("SecretRef", "secretRef", "<nil>"),
            ("ReadOnly", "readOnly", "false"),
        ],
    ),
    (
        "cephfs",
        "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
        &[
            ("Monitors", "monitors", "[]"),
            ("Path", "path", ""),
            ("User", "user", ""),
            ("SecretFile", "secretFile", ""),
            ("SecretRef", "secretRef", "<nil>"),
            ("ReadOnly", "readOnly", "false"),
        ],
    ),
    (
        "glusterfs",
        "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
        &[("EndpointsName", "endpoints", ""), ("Path", "path", ""), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "azureDisk",
        "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        &[
            ("DiskName", "diskName", ""),
            ("DiskURI", "diskURI", ""),
            ("Kind", "kind", "Shared"),
            ("FSType", "fsType", "ext4"),
            ("CachingMode", "cachingMode", "ReadWrite"),
            ("ReadOnly", "readOnly", "false"),
        ],
    ),
    (
        "vsphereVolume",
        "vSphereVolume (a Persistent Disk resource in vSphere)",
        &[("VolumePath", "volumePath", ""), ("FSType", "fsType", ""), ("StoragePolicyName", "storagePolicyName", "")],
    ),
    (
        "cinder",
        "Cinder (a Persistent Disk resource in OpenStack)",
        &[("VolumeID", "volumeID", ""), ("FSType", "fsType", ""), ("ReadOnly", "readOnly", "false"), ("SecretRef", "secretRef", "<nil>")],
    ),
    ("portworxVolume", "PortworxVolume (a Portworx Volume resource)", &[("VolumeID", "volumeID", "")]),
];

/// A value as Go prints it: lists and maps in brackets, references by their types.
pub fn told(title: &str, value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let all: Vec<String> = items.iter().map(scalar).collect();
            if title == "TargetWWNs" { all.join(", ") } else { format!("[{}]", all.join(" ")) }
        }
        Value::Object(map) if title == "SecretRef" => match map.contains_key("namespace") {
            true => format!("&SecretReference{{Name:{},Namespace:{},}}", text_at(value, "name"), text_at(value, "namespace")),
            false => format!("&LocalObjectReference{{Name:{},}}", text_at(value, "name")),
        },
        Value::Object(map) => {
            let all: Vec<String> = map.iter().map(|(key, one)| [key, ":", &scalar(one)].concat()).collect();
            format!("map[{}]", all.join(" "))
        }
        one => scalar(one).to_string(),
    }
}
