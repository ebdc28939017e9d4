//! Admission: what the API server adds to or refuses of a new object by looking at others: namespaces that are going,
//! ServiceAccounts, priorities, limits, quotas, addresses. Every new object passes here, a controller's too.
//! Models the plugins that kubeadm's API server runs. What one object alone tells is defaulting's and validation's.

mod account;
mod addresses;
pub mod app_armor;
mod daemons;
mod job;
mod label_keys;
mod limits;
mod priority;
mod quota;
mod runtime;
mod security;
mod standards;
mod storage;
mod usage;

pub use usage::{Amounts, of_pod, qos_class};

use alloc::string::String;
use alloc::vec::Vec;

use super::server::Api;
use super::status::Status;
use crate::object::Object;
use crate::object::resources::{
    DAEMON_SETS, JOBS, NAMESPACES, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, PRIORITY_CLASSES, SERVICES,
};
use crate::time::Rng;

/// Completes a new object before it is validated. Doing it twice changes nothing more.
///
/// # Errors
/// `Forbidden`, with the plugin's text; `Invalid` for addresses that cannot be had.
pub fn complete(api: &Api, object: &mut Object) -> Result<(), Status> {
    match object.ty.resource.as_str() {
        PODS => {
            super::defaults::fill_pod(object.field_mut("spec"));
            account::admit(api, object)?;
            priority::admit(api, object)?;
            priority::tolerate_lost_nodes(object);
            runtime::admit(api, object)?;
            limits::fill(api, object);
            label_keys::apply(object);
            usage::begin(object, &api.timestamp());
        }
        PERSISTENT_VOLUME_CLAIMS => {
            fill(api, object);
            storage::admit(api, object);
        }
        PERSISTENT_VOLUMES => storage::admit(api, object),
        JOBS => fill(api, object),
        DAEMON_SETS => daemons::count_templates(object, None),
        _ => {}
    }
    Ok(())
}

/// Gives a valid new object what the server has to give: a Service's addresses and ports.
///
/// # Errors
/// `Invalid` for what cannot be had.
pub fn allot(api: &Api, object: &mut Object) -> Result<(), Status> {
    if object.ty.resource == SERVICES { addresses::admit(api, object, None) } else { Ok(()) }
}

/// Completes a changed object.
///
/// # Errors
/// As [`complete`].
pub fn complete_update(api: &Api, object: &mut Object, old: &Object) -> Result<(), Status> {
    match object.ty.resource.as_str() {
        PODS => {
            priority::admit(api, object)?;
            priority::tolerate_lost_nodes(object);
        }
        DAEMON_SETS => daemons::count_templates(object, Some(old)),
        SERVICES => addresses::admit(api, object, Some(old))?,
        _ => {}
    }
    Ok(())
}

/// Defaults of an object that a controller made from a template.
fn fill(api: &Api, object: &mut Object) {
    if let Some(resource) = api.registry.by_key(&object.ty.resource) {
        let mut value = object.to_value();
        super::defaults::apply(resource, &mut value);
        *object = Object::from_value(&object.ty.clone(), value);
    }
}

/// What only makes sense once the object has its UID.
pub fn with_uid(object: &mut Object) {
    if object.ty.resource == JOBS {
        job::select_own(object);
    }
}

/// Checks a complete and valid object against the limits of its namespace.
///
/// # Errors
/// `Forbidden` when it is out of bounds.
pub fn check(api: &Api, object: &Object) -> Result<(), Status> {
    match object.ty.resource.as_str() {
        PODS => limits::check(api, object).and_then(|()| security::enforce(api, object)),
        PERSISTENT_VOLUME_CLAIMS => limits::check(api, object),
        PRIORITY_CLASSES => priority::one_default(api, object),
        _ => Ok(()),
    }
}

/// What is said of a valid object that a client writes, beside what [`check`] refuses of every new one.
///
/// # Errors
/// `Invalid` for labels of a namespace that mean nothing; `Forbidden` for a Pod that changed into one its namespace does
/// not let in.
pub fn review(api: &Api, object: &Object, old: Option<&Object>, notes: &mut Vec<String>) -> Result<(), Status> {
    match (object.ty.resource.as_str(), old) {
        (NAMESPACES, _) => return security::namespace(api, object, old, notes),
        (PERSISTENT_VOLUME_CLAIMS, Some(old)) => return storage::grow(api, object, old),
        (PODS, Some(old)) if !security::matters(object, old) => return Ok(()),
        (PODS, Some(_)) => security::enforce(api, object)?,
        _ => {}
    }
    security::warn(api, object, notes);
    Ok(())
}

/// Counts a new object against the quotas of its namespace.
///
/// # Errors
/// `Forbidden` when a quota would be exceeded, or cannot be counted.
pub fn count(api: &mut Api, object: &Object) -> Result<(), Status> {
    quota::admit(api, object, None)
}

/// Counts what a Pod is to have more than before.
///
/// # Errors
/// As [`count`].
pub fn count_more(api: &mut Api, object: &Object, before: &Object) -> Result<(), Status> {
    quota::admit(api, object, Some(before))
}

pub use quota::status as quota_status;

/// Whether an object may be deleted at all.
///
/// # Errors
/// `Forbidden` for namespaces that the cluster cannot do without.
pub fn may_delete(resource: &str, name: &str) -> Result<(), Status> {
    if resource == NAMESPACES && matches!(name, "default" | "kube-system" | "kube-public") {
        return Err(Status::forbidden(NAMESPACES, name, "this namespace may not be deleted"));
    }
    Ok(())
}

/// A generator for one object, so that what it draws depends on nothing else.
fn dice(api: &Api, object: &Object, purpose: &str) -> Rng {
    let mut seed = api.now.0 ^ 0x9e37_79b9_7f4a_7c15;
    for byte in object.namespace().bytes().chain([0]).chain(object.name().bytes()) {
        seed = (seed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    Rng::new(seed, purpose)
}

#[cfg(test)]
mod tests;
