//! Validation of security contexts. Models kubernetes `pkg/apis/core/validation` ValidatePodSpecSecurityContext and
//! ValidateSecurityContext.

use serde_json::Value;

use super::common::one_of;
use super::field::{Errors, join, nth};
use crate::object::value::{at, bool_at, i64_at, items_at, text_at};

const ID: &str = "must be between 0 and 2147483647, inclusive";
const SYSCTL: &str =
    "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

fn id(context: &Value, field: &str, path: &str, errors: &mut Errors) {
    if let Some(id) = i64_at(context, field).filter(|id| !(0..=i64::from(i32::MAX)).contains(id)) {
        errors.invalid(&join(path, field), id, ID);
    }
}

fn profiles(context: &Value, path: &str, errors: &mut Errors) {
    for field in ["seccompProfile", "appArmorProfile"] {
        let Some(profile) = at(context, field).filter(|profile| !profile.is_null()) else { continue };
        let path = join(path, field);
        one_of(profile, "type", &path, &["Localhost", "RuntimeDefault", "Unconfined"], true, errors);
        let file = text_at(profile, "localhostProfile");
        match (text_at(profile, "type") == "Localhost", file.is_empty()) {
            (true, true) => errors.required(&join(&path, "localhostProfile"), "must be set when seccomp type is Localhost"),
            (false, false) => {
                errors.invalid(&join(&path, "localhostProfile"), file, "can only be set when seccomp type is Localhost");
            }
            _ => {}
        }
    }
}

/// The security context of a Pod at `path`.
pub fn pod(context: &Value, path: &str, errors: &mut Errors) {
    id(context, "fsGroup", path, errors);
    id(context, "runAsUser", path, errors);
    id(context, "runAsGroup", path, errors);
    for (number, group) in items_at(context, "supplementalGroups").iter().enumerate() {
        if let Some(group) = group.as_i64().filter(|group| !(0..=i64::from(i32::MAX)).contains(group)) {
            errors.invalid(&nth(&join(path, "supplementalGroups"), number), group, ID);
        }
    }
    for (number, sysctl) in items_at(context, "sysctls").iter().enumerate() {
        let field = join(&nth(&join(path, "sysctls"), number), "name");
        let name = text_at(sysctl, "name");
        let word = |part: &str| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            part.chars().all(|c| plain(c) || matches!(c, '-' | '_')) && part.starts_with(plain) && part.ends_with(plain)
        };
        if name.is_empty() {
            errors.required(&field, "");
        } else if name.len() > 253 || !name.split(['.', '/']).all(word) {
            errors.invalid(&field, name, SYSCTL);
        }
    }
    one_of(context, "fsGroupChangePolicy", path, &["Always", "OnRootMismatch"], false, errors);
    profiles(context, path, errors);
    one_of(context, "supplementalGroupsPolicy", path, &["Merge", "Strict"], false, errors);
}

/// The security context of a container at `path`.
pub fn container(context: &Value, path: &str, errors: &mut Errors) {
    id(context, "runAsUser", path, errors);
    id(context, "runAsGroup", path, errors);
    one_of(context, "procMount", path, &["Default", "Unmasked"], false, errors);
    profiles(context, path, errors);
    if at(context, "allowPrivilegeEscalation").and_then(Value::as_bool) != Some(false) {
        return;
    }
    let mut say = |what: &str| {
        let shown = super::internal::internal("SecurityContext", context);
        errors.invalid_raw(path, shown, ["cannot set `allowPrivilegeEscalation` to false and ", what].concat());
    };
    if bool_at(context, "privileged") {
        say("`privileged` to true");
    }
    if items_at(context, "capabilities/add").iter().any(|capability| capability == "CAP_SYS_ADMIN") {
        say("`capabilities.Add` CAP_SYS_ADMIN");
    }
}
