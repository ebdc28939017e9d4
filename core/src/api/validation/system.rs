//! Validation of what a Pod wants of its machine: the operating system, users of its own, a name, resources for the whole
//! Pod, and variables from files. Models kubernetes `pkg/apis/core/validation` validateOS, validateLinux, validateWindows,
//! validateHostUsers, validatePodHostName, validatePodResources and validateFileKeyRefVolumes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

use super::field::{Errors, join, keyed, nth};
use super::resources;
use crate::object::names;
use crate::object::quantity::Quantity;
use crate::object::value::{at, bool_at, items_at, map_at, pairs_at, text_at};

/// The lists of containers, in the order in which the API server visits them.
const LISTS: &[&str] = &["initContainers", "containers", "ephemeralContainers"];

/// All containers of a PodSpec with their paths.
pub fn all<'a>(spec: &'a Value, path: &str) -> Vec<(String, &'a Value)> {
    let of = |list: &str| {
        let base = join(path, list);
        let named = items_at(spec, list).iter().enumerate().map(|(number, container)| (nth(&base, number), container));
        named.collect::<Vec<_>>()
    };
    LISTS.iter().flat_map(|list| of(list)).collect()
}

fn set(object: &Value, field: &str) -> bool {
    at(object, field).is_some_and(|value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()))
}

/// What the security context of a Pod may not say on Windows, in the API server's order; the first ones stand in the
/// PodSpec.
const POD_ON_LINUX: &[&str] = &[
    "securityContext/appArmorProfile",
    "securityContext/seLinuxOptions",
    "hostUsers",
    "hostPID",
    "hostIPC",
    "securityContext/seccompProfile",
    "securityContext/fsGroup",
    "securityContext/fsGroupChangePolicy",
    "securityContext/sysctls",
    "shareProcessNamespace",
    "securityContext/runAsUser",
    "securityContext/runAsGroup",
    "securityContext/supplementalGroups",
    "securityContext/supplementalGroupsPolicy",
    "securityContext/seLinuxChangePolicy",
];

/// What that of a container may not say on Windows.
const ONE_ON_LINUX: &[&str] = &[
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
];

/// The operating system, and what the rest of the Pod says that does not go with it.
pub fn machine(spec: &Value, name: &str, path: &str, errors: &mut Errors) {
    match name {
        "" => errors.required(&join(path, "os.name"), ""),
        "linux" => {
            const TEXT: &str = "windows options cannot be set for a linux pod";
            let own = core::iter::once((path.into(), spec)).chain(all(spec, path));
            for (path, _) in own.filter(|(_, holder)| set(holder, "securityContext/windowsOptions")) {
                errors.forbidden(&join(&path, "securityContext.windowsOptions"), TEXT);
            }
        }
        "windows" => {
            const TEXT: &str = "cannot be set for a windows pod";
            let off = |field: &str| matches!(field, "hostPID" | "hostIPC") && !bool_at(spec, field);
            for field in POD_ON_LINUX.iter().filter(|field| set(spec, field) && !off(field)) {
                errors.forbidden(&join(path, &field.replace('/', ".")), TEXT);
            }
            for (path, container) in all(spec, path) {
                let context = at(container, "securityContext").unwrap_or(&Value::Null);
                for field in ONE_ON_LINUX.iter().filter(|field| set(context, field)) {
                    errors.forbidden(&join(&join(&path, "securityContext"), field), TEXT);
                }
            }
        }
        other => errors.unsupported(&join(path, "os"), other, &["linux", "windows"]),
    }
}

/// What a Pod with users of its own may not share with its machine.
pub fn host_users(spec: &Value, path: &str, errors: &mut Errors) {
    const TEXT: &str = "when `hostUsers` is false";
    if at(spec, "hostUsers").and_then(Value::as_bool) != Some(false) {
        return;
    }
    for (field, shown) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        if bool_at(spec, field) {
            errors.forbidden(&join(path, shown), TEXT);
        }
    }
    for (path, _) in all(spec, path).iter().filter(|(_, container)| !items_at(container, "volumeDevices").is_empty()) {
        errors.forbidden(&join(path, "volumeDevices"), TEXT);
    }
}

/// A host name that stands for all others.
pub fn host_name(spec: &Value, path: &str, errors: &mut Errors) {
    let Some(name) = at(spec, "hostnameOverride").and_then(Value::as_str) else { return };
    let field = join(path, "hostnameOverride");
    for other in ["setHostnameAsFQDN", "hostNetwork"] {
        if bool_at(spec, other) {
            errors.forbidden(&field, format!("may not be specified when {other} is true"));
        }
    }
    if name.len() > 64 {
        errors.too_long(&field, 64);
    }
    errors.each(&field, name, names::dns_subdomain(name));
}

/// Variables that come from files must come from an empty volume.
pub fn file_keys(spec: &Value, path: &str, errors: &mut Errors) {
    for (path, container) in all(spec, path) {
        for (number, variable) in items_at(container, "env").iter().enumerate() {
            let Some(reference) = at(variable, "valueFrom/fileKeyRef").filter(|reference| !reference.is_null()) else { continue };
            let field = join(&nth(&join(&path, "env"), number), "valueFrom.fileKeyRef.volumeName");
            let name = text_at(reference, "volumeName");
            match items_at(spec, "volumes").iter().rfind(|volume| text_at(volume, "name") == name) {
                None => errors.not_found(&field, name),
                Some(volume) if !set(volume, "emptyDir") => {
                    errors.invalid(&field, name, "referenced volume must be of type emptyDir");
                }
                Some(_) => {}
            }
        }
    }
}

/// What the containers of a Pod ask for together.
fn asked(spec: &Value, name: &str) -> Quantity {
    let amount = |container: &Value| {
        let text = map_at(container, "resources/requests").and_then(|all| all.get(name)).and_then(Value::as_str);
        text.and_then(|text| Quantity::parse(text).ok())
    };
    let mut sum = Quantity::default();
    items_at(spec, "containers").iter().filter_map(amount).for_each(|more| sum = sum.plus(more));
    let (mut most, mut before) = (Quantity::default(), Quantity::default());
    for container in items_at(spec, "initContainers") {
        let Some(more) = amount(container) else { continue };
        if text_at(container, "restartPolicy") == "Always" {
            sum = sum.plus(more);
            before = before.plus(more);
            most = most.max(before);
        } else {
            most = most.max(before.plus(more));
        }
    }
    sum.max(most)
}

/// The resources of the whole Pod, at `path`.
pub fn resources(spec: &Value, path: &str, errors: &mut Errors) {
    let Some(own) = at(spec, "resources").filter(|own| !own.is_null()) else { return };
    if text_at(spec, "os/name") == "windows" {
        return errors.forbidden(path, "may not be set for a windows pod");
    }
    if set(own, "claims") {
        errors.forbidden(&join(path, "claims"), "claims may not be set for Resources at pod-level");
    }
    resources::of_pod(own, path, errors);
    for (name, text) in pairs_at(own, "requests") {
        let Ok(limit) = Quantity::parse(text) else { continue };
        let sum = asked(spec, name);
        if sum > limit {
            let text = format!("must be greater than or equal to aggregate container requests of {}", sum.print());
            errors.invalid(&keyed(&join(path, "requests"), name), limit.print(), text);
        }
    }
    let most = |name: &str| map_at(own, "limits").and_then(|all| all.get(name)).and_then(Value::as_str);
    for (number, container) in items_at(spec, "containers").iter().enumerate() {
        for (name, text) in at(container, "resources").map(|own| pairs_at(own, "limits")).into_iter().flatten() {
            let (Ok(limit), Some(Ok(most))) = (Quantity::parse(text), most(name).map(Quantity::parse)) else { continue };
            if limit > most {
                let field = join(&keyed(&nth(&join(path, "containers"), number), name), "limits");
                errors.invalid(&field, limit.print(), format!("must be less than or equal to pod limits of {}", most.print()));
            }
        }
    }
}
