//! What is added to new claims and volumes: the finalizer that keeps them while they are used, and the default class.
//! Models the plugins StorageObjectInUseProtection and DefaultStorageClass.

use alloc::string::ToString;
use core::cmp::Reverse;

use crate::api::server::Api;
use crate::object::Object;
use crate::object::resources::{PERSISTENT_VOLUME_CLAIMS, STORAGE_CLASSES};

const DEFAULT_CLASS: &str = "storageclass.kubernetes.io/is-default-class";

/// Completes a new claim or volume.
pub fn admit(api: &Api, object: &mut Object) {
    let is_claim = object.ty.resource == PERSISTENT_VOLUME_CLAIMS;
    let finalizer = if is_claim { "kubernetes.io/pvc-protection" } else { "kubernetes.io/pv-protection" };
    if !object.meta.has_finalizer(finalizer) {
        object.meta.finalizers = object.meta.finalizers.iter().cloned().chain([finalizer.to_string()]).collect();
    }
    if is_claim && object.at("/spec/storageClassName").is_none() {
        let defaults = api.list(STORAGE_CLASSES, None).filter(|c| c.meta.annotation(DEFAULT_CLASS) == Some("true"));
        if let Some(class) = defaults.min_by_key(|c| (Reverse(c.meta.creation), c.meta.name.clone())) {
            object.set("/spec/storageClassName", class.name());
        }
    }
}
