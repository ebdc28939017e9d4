//! Validation of devices that a Pod claims, and of which container gets them. Models kubernetes
//! `pkg/apis/core/validation` validatePodResourceClaims and validateResourceClaimNames.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use serde_json::Value;

use super::field::{Errors, join, nth};
use super::internal;
use crate::object::names;
use crate::object::value::{at, items_at, text_at};

/// The claims of a PodSpec.
pub fn of_pod(spec: &Value, path: &str, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (number, claim) in items_at(spec, "resourceClaims").iter().enumerate() {
        let field = nth(&join(path, "resourceClaims"), number);
        let (name, place) = (text_at(claim, "name"), join(&field, "name"));
        if name.is_empty() {
            errors.required(&place, "");
        } else if !seen.insert(name) {
            errors.duplicate(&place, name);
        } else {
            errors.each(&place, name, names::dns_label(name));
        }
        let given = |member: &str| at(claim, member).and_then(Value::as_str);
        let sources = ["resourceClaimName", "resourceClaimTemplateName"].map(|member| (member, given(member)));
        let wrong = match sources.map(|(_, source)| source.is_some()) {
            [true, true] => Some("at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"),
            [false, false] => Some("must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            errors.invalid_raw(&field, internal::internal("PodResourceClaim", claim), wrong);
        }
        for (member, source) in sources {
            if let Some(source) = source {
                errors.each(&join(&field, member), source, names::dns_subdomain(source));
            }
        }
    }
}

/// The claims that a container at `path` uses, which its Pod must have.
pub fn of_container(container: &Value, spec: &Value, path: &str, errors: &mut Errors) {
    let known: BTreeSet<&str> =
        items_at(spec, "resourceClaims").iter().map(|claim| text_at(claim, "name")).filter(|name| !name.is_empty()).collect();
    let mut seen = BTreeSet::new();
    for (number, claim) in items_at(container, "resources/claims").iter().enumerate() {
        let field = nth(&join(path, "resources.claims"), number);
        let (name, request) = (text_at(claim, "name"), text_at(claim, "request"));
        if name.is_empty() {
            errors.required(&field, "");
            continue;
        }
        let whole = if request.is_empty() { name.into() } else { [name, "/", request].concat() };
        if seen.contains(&whole) {
            errors.duplicate(&field, whole.as_str());
        }
        seen.insert(whole);
        if !known.contains(name) {
            errors.not_found(&field, name);
            let all: Vec<&str> = known.iter().copied().collect();
            let rest = if all.is_empty() { " which is empty".into() } else { [": ", &all.join(", ")].concat() };
            if let Some(error) = errors.0.last_mut() {
                error.detail = ["must be one of the names in pod.spec.resourceClaims", &rest].concat();
            }
        }
    }
}
