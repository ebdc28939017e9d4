//! What is added to new claims and volumes: the finalizer that keeps them while they are used, and the default class; and
//! whether a claim may grow. Models the plugins StorageObjectInUseProtection, DefaultStorageClass and
//! PersistentVolumeClaimResize.

use alloc::string::ToString;
use core::cmp::Reverse;

use crate::api::server::Api;
use crate::api::status::Status;
use crate::object::Object;
use crate::object::quantity::Quantity;
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

/// Whether a changed claim may ask for more than it did.
///
/// # Errors
/// `Forbidden` when it is not bound, or its class does not let its volumes grow.
pub fn grow(api: &Api, claim: &Object, old: &Object) -> Result<(), Status> {
    let size = |claim: &Object| Quantity::parse(claim.text_at("/spec/resources/requests/storage")).unwrap_or_default();
    if size(claim) <= size(old) {
        return Ok(());
    }
    let why = if old.text_at("/status/phase") != "Bound" {
        "only bound persistent volume claims can be expanded"
    } else {
        let class = api.find(STORAGE_CLASSES, "", claim.text_at("/spec/storageClassName"));
        if class.is_some_and(|class| class.at("/allowVolumeExpansion") == Some(&true.into())) {
            return Ok(());
        }
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
    };
    Err(Status::forbidden(PERSISTENT_VOLUME_CLAIMS, claim.name(), why))
}
