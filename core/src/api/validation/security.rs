//! Validation of security contexts. Models kubernetes `pkg/apis/core/validation` ValidatePodSpecSecurityContext and
//! ValidateSecurityContext.

use alloc::collections::BTreeSet;
use serde_json::Value;

use super::common::{descending, one_of};
use super::field::{Errors, join, nth};
use super::{internal, windows};
use crate::object::value::{at, bool_at, i64_at, items_at, text_at};

const ID: &str = "must be between 0 and 2147483647, inclusive";
const SYSCTL: &str =
    "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

fn id(context: &Value, field: &str, path: &str, errors: &mut Errors) {
    if let Some(id) = i64_at(context, field).filter(|id| !(0..=i64::from(i32::MAX)).contains(id)) {
        errors.invalid(&join(path, field), id, ID);
    }
}

/// The system calls that are allowed.
fn seccomp(context: &Value, path: &str, errors: &mut Errors) {
    let Some(profile) = at(context, "seccompProfile").filter(|profile| !profile.is_null()) else { return };
    let path = join(path, "seccompProfile");
    let kind = text_at(profile, "type");
    kind_of_profile(kind, "seccompProfile", &path, errors);
    let field = join(&path, "localhostProfile");
    match (kind, at(profile, "localhostProfile").and_then(Value::as_str)) {
        ("Localhost", None) => errors.required(&field, "must be set when seccomp type is Localhost"),
        ("Localhost", Some(file)) => descending(file, &field, errors),
        (_, Some(_)) => {
            let shown = internal::internal("SeccompProfile", profile);
            errors.invalid_raw(&field, shown, "can only be set when seccomp type is Localhost");
        }
        (_, None) => {}
    }
}

/// What AppArmor allows.
fn app_armor(context: &Value, path: &str, errors: &mut Errors) {
    let Some(profile) = at(context, "appArmorProfile").filter(|profile| !profile.is_null()) else { return };
    let path = join(path, "appArmorProfile");
    let kind = text_at(profile, "type");
    kind_of_profile(kind, "appArmorProfile", &path, errors);
    let field = join(&path, "localhostProfile");
    match (kind, at(profile, "localhostProfile").and_then(Value::as_str)) {
        ("Localhost", None | Some("")) => errors.required(&field, "must be set when AppArmor type is Localhost"),
        ("Localhost", Some(file)) if file.trim() != file => {
            errors.invalid(&field, file, "must not be padded with whitespace");
        }
        ("RuntimeDefault" | "Unconfined", Some(file)) => {
            errors.invalid(&field, file, "can only be set when AppArmor type is Localhost");
        }
        _ => {}
    }
}

fn kind_of_profile(kind: &str, what: &str, path: &str, errors: &mut Errors) {
    const KINDS: &[&str] = &["Localhost", "RuntimeDefault", "Unconfined"];
    if kind.is_empty() {
        errors.required(&join(path, "type"), ["type is required when ", what, " is set"].concat());
    } else if !KINDS.contains(&kind) {
        errors.unsupported(&join(path, "type"), kind, KINDS);
    }
}

/// Settings of the kernel.
fn sysctls(spec: &Value, path: &str, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (number, sysctl) in items_at(spec, "securityContext/sysctls").iter().enumerate() {
        let field = join(&nth(path, number), "name");
        let name = text_at(sysctl, "name");
        let word = |part: &str| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            part.chars().all(|c| plain(c) || matches!(c, '-' | '_')) && part.starts_with(plain) && part.ends_with(plain)
        };
        if name.is_empty() {
            errors.required(&field, "");
        } else if name.len() > 253 || !name.split(['.', '/']).all(word) {
            errors.invalid(&field, name, SYSCTL);
        } else if seen.contains(name) {
            errors.duplicate(&field, name);
        }
        let dotted = name.replace('/', ".");
        let of_messages = ["kernel.shm", "kernel.msg", "fs.mqueue."].iter().any(|start| dotted.starts_with(start));
        if bool_at(spec, "hostNetwork") && dotted.starts_with("net.") {
            errors.invalid(&field, name, "may not be specified when 'hostNetwork' is true");
        } else if bool_at(spec, "hostIPC") && (of_messages || dotted == "kernel.sem") {
            errors.invalid(&field, name, "may not be specified when 'hostIPC' is true");
        }
        seen.insert(name);
    }
}

/// The security context of a Pod at `path`.
pub fn pod(spec: &Value, path: &str, errors: &mut Errors) {
    let context = at(spec, "securityContext").unwrap_or(&Value::Null);
    id(context, "fsGroup", path, errors);
    id(context, "runAsUser", path, errors);
    id(context, "runAsGroup", path, errors);
    for (number, group) in items_at(context, "supplementalGroups").iter().enumerate() {
        if let Some(group) = group.as_i64().filter(|group| !(0..=i64::from(i32::MAX)).contains(group)) {
            errors.invalid(&nth(&join(path, "supplementalGroups"), number), group, ID);
        }
    }
    if bool_at(spec, "hostPID") && bool_at(spec, "shareProcessNamespace") {
        let text = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.invalid(&join(path, "shareProcessNamespace"), true, text);
    }
    sysctls(spec, &join(path, "sysctls"), errors);
    one_of(context, "fsGroupChangePolicy", path, &["Always", "OnRootMismatch"], false, errors);
    seccomp(context, path, errors);
    windows::options(context, path, errors);
    app_armor(context, path, errors);
    one_of(context, "supplementalGroupsPolicy", path, &["Merge", "Strict"], false, errors);
    one_of(context, "seLinuxChangePolicy", path, &["MountOption", "Recursive"], false, errors);
}

/// The security context of a container at `path`. `own_users` is whether its Pod does not share the users of its machine.
pub fn container(context: &Value, own_users: bool, path: &str, errors: &mut Errors) {
    id(context, "runAsUser", path, errors);
    id(context, "runAsGroup", path, errors);
    one_of(context, "procMount", path, &["Default", "Unmasked"], false, errors);
    if !own_users && text_at(context, "procMount") == "Unmasked" {
        errors.invalid(&join(path, "procMount"), "Unmasked", "`hostUsers` must be false to use `Unmasked`");
    }
    seccomp(context, path, errors);
    if at(context, "allowPrivilegeEscalation").and_then(Value::as_bool) == Some(false) {
        escalation(context, path, errors);
    }
    windows::options(context, path, errors);
    app_armor(context, path, errors);
}

/// What cannot be together with a refusal of more rights.
fn escalation(context: &Value, path: &str, errors: &mut Errors) {
    let mut say = |what: &str| {
        let shown = internal::internal("SecurityContext", context);
        errors.invalid_raw(path, shown, ["cannot set `allowPrivilegeEscalation` to false and ", what].concat());
    };
    if bool_at(context, "privileged") {
        say("`privileged` to true");
    }
    if items_at(context, "capabilities/add").iter().any(|capability| capability == "CAP_SYS_ADMIN") {
        say("`capabilities.Add` CAP_SYS_ADMIN");
    }
}
