//! Defaults of volumes, claims and storage classes. Models kubernetes `pkg/apis/core/v1/defaults.go` and
//! `pkg/apis/storage/v1/defaults.go`.

use serde_json::Value;

use crate::object::value::{at, set_default};

/// A PersistentVolume.
pub fn persistent_volume(object: &mut Value) {
    set_default(object, "/status/phase", "Pending");
    set_default(object, "/spec/persistentVolumeReclaimPolicy", "Retain");
    set_default(object, "/spec/volumeMode", "Filesystem");
    if at(object, "/spec/hostPath").is_some_and(Value::is_object) {
        set_default(object, "/spec/hostPath/type", "");
    }
}

/// A PersistentVolumeClaim, also as a template in a StatefulSet.
pub fn persistent_volume_claim(object: &mut Value) {
    set_default(object, "/status/phase", "Pending");
    set_default(object, "/spec/volumeMode", "Filesystem");
}

/// A claim that is stored by itself: what fills it stands in the old field and in the new. Models
/// `pkg/api/persistentvolumeclaim` NormalizeDataSources.
pub fn stored_claim(object: &mut Value) {
    persistent_volume_claim(object);
    let of = |name: &str| at(object, name).filter(|source| source.is_object()).cloned();
    match (of("/spec/dataSource"), of("/spec/dataSourceRef")) {
        (Some(old), None) => set_default(object, "/spec/dataSourceRef", old),
        (None, Some(new)) if at(&new, "namespace").is_none() => set_default(object, "/spec/dataSource", new),
        _ => {}
    }
}

/// A StorageClass.
pub fn storage_class(object: &mut Value) {
    set_default(object, "reclaimPolicy", "Delete");
    set_default(object, "volumeBindingMode", "Immediate");
}
