//! The Pod Security Standards: what the levels baseline and restricted forbid a Pod, in the API server's words. Whether a
//! namespace asks for a level is the business of `security`. Models `k8s.io/pod-security-admission/policy`.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use crate::object::value::{at, bool_at, i64_at, items_at, text_at};

/// A Pod as the checks see it.
struct Pod<'v> {
    spec: &'v Value,
    /// Containers of every sort, those that come first in life first.
    containers: Vec<&'v Value>,
}

/// What a check found: the reason, and the detail in brackets behind it.
pub type Finding = (String, String);

/// A check and the levels that have it.
struct Check(fn(&Pod<'_>) -> Option<Finding>, Level);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Of baseline and of restricted.
    Both,
    /// Of baseline; restricted has a stricter one.
    Baseline,
    /// Of restricted.
    Restricted,
}

/// In the order in which they are told.
const CHECKS: &[Check] = &[
    Check(baseline_capabilities, Level::Baseline),
    Check(host_namespaces, Level::Both),
    Check(host_paths, Level::Baseline),
    Check(host_ports, Level::Both),
    Check(probe_hosts, Level::Both),
    Check(privileged, Level::Both),
    Check(proc_mount, Level::Both),
    Check(selinux, Level::Both),
    Check(baseline_seccomp, Level::Baseline),
    Check(sysctls, Level::Both),
    Check(privilege_escalation, Level::Restricted),
    Check(restricted_capabilities, Level::Restricted),
    Check(volume_types, Level::Restricted),
    Check(non_root, Level::Restricted),
    Check(root_user, Level::Restricted),
    Check(restricted_seccomp, Level::Restricted),
];

/// What a level forbids of a PodSpec.
pub fn findings(spec: &Value, restricted: bool) -> Vec<Finding> {
    let lists = ["initContainers", "containers", "ephemeralContainers"];
    let pod = Pod { spec, containers: lists.iter().flat_map(|list| items_at(spec, list)).collect() };
    let other = if restricted { Level::Baseline } else { Level::Restricted };
    CHECKS.iter().filter(|check| check.1 != other).filter_map(|check| check.0(&pod)).collect()
}

impl<'v> Pod<'v> {
    fn those(&self, bad: &dyn Fn(&Value) -> bool) -> Vec<&'v str> {
        self.containers.iter().filter(|container| bad(container)).map(|container| text_at(container, "name")).collect()
    }

    /// Whether its users are not those of the node, which lets it do more.
    fn has_own_users(&self) -> bool {
        at(self.spec, "hostUsers") == Some(&Value::Bool(false))
    }

    fn on_windows(&self) -> bool {
        text_at(self.spec, "os/name") == "windows"
    }
}

fn quoted<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = names.into_iter().map(|name| ["\"", name.as_ref(), "\""].concat()).collect();
    all.join(", ")
}

fn plural<'t>(one: &'t str, many: &'t str, count: usize) -> &'t str {
    if count == 1 { one } else { many }
}

/// `container "a"`, `containers "a", "b"`.
fn who(names: &[&str]) -> String {
    [plural("container", "containers", names.len()), " ", &quoted(names)].concat()
}

/// `container "a" must …`, when there are any.
fn told(reason: &str, names: &[&str], what: &str) -> Option<Finding> {
    (!names.is_empty()).then(|| (reason.to_string(), [&who(names), " ", what].concat()))
}

/// Who set something bad: the Pod, containers, or both.
fn setters(pod: bool, containers: &[&str]) -> Option<String> {
    let mut all = Vec::new();
    if pod {
        all.push("pod".to_string());
    }
    if !containers.is_empty() {
        all.push(who(containers));
    }
    (!all.is_empty()).then(|| all.join(" and "))
}

/// Capabilities that a container may have at baseline.
const CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Containers that add capabilities other than these, and the text of it.
fn added(pod: &Pod<'_>, allowed: &[&str]) -> Option<String> {
    let extra = |container: &Value| -> Vec<String> {
        let added = items_at(container, "securityContext/capabilities/add").iter().filter_map(Value::as_str);
        added.filter(|one| !allowed.contains(one)).map(ToString::to_string).collect()
    };
    let bad = pod.those(&|container| !extra(container).is_empty());
    let all: BTreeSet<String> = pod.containers.iter().flat_map(|container| extra(container)).collect();
    (!bad.is_empty()).then(|| format!("{} must not include {} in securityContext.capabilities.add", who(&bad), quoted(&all)))
}

fn baseline_capabilities(pod: &Pod<'_>) -> Option<Finding> {
    Some(("non-default capabilities".to_string(), added(pod, CAPABILITIES)?))
}

fn restricted_capabilities(pod: &Pod<'_>) -> Option<Finding> {
    if pod.on_windows() {
        return None;
    }
    let keeps = |container: &Value| !items_at(container, "securityContext/capabilities/drop").iter().any(|one| one == "ALL");
    let missing = told("", &pod.those(&keeps), "must set securityContext.capabilities.drop=[\"ALL\"]").map(|(_, text)| text);
    let texts: Vec<String> = missing.into_iter().chain(added(pod, &["NET_BIND_SERVICE"])).collect();
    (!texts.is_empty()).then(|| ("unrestricted capabilities".to_string(), texts.join("; ")))
}

fn host_namespaces(pod: &Pod<'_>) -> Option<Finding> {
    let set: Vec<String> = ["hostNetwork", "hostPID", "hostIPC"]
        .iter()
        .filter(|field| bool_at(pod.spec, field))
        .map(|field| format!("{field}=true"))
        .collect();
    (!set.is_empty()).then(|| ("host namespaces".to_string(), set.join(", ")))
}

fn host_paths(pod: &Pod<'_>) -> Option<Finding> {
    let of_host = items_at(pod.spec, "volumes").iter().filter(|volume| at(volume, "hostPath").is_some());
    let names: Vec<&str> = of_host.map(|volume| text_at(volume, "name")).collect();
    let detail = [plural("volume", "volumes", names.len()), " ", &quoted(&names)].concat();
    (!names.is_empty()).then(|| ("hostPath volumes".to_string(), detail))
}

fn host_ports(pod: &Pod<'_>) -> Option<Finding> {
    let ports = |container: &Value| -> Vec<String> {
        items_at(container, "ports").iter().filter_map(|port| i64_at(port, "hostPort")).filter(|n| *n != 0).map(|n| n.to_string()).collect()
    };
    let bad = pod.those(&|container| !ports(container).is_empty());
    let all: BTreeSet<String> = pod.containers.iter().flat_map(|container| ports(container)).collect();
    let what = [
        plural("uses", "use", bad.len()),
        " ",
        plural("hostPort", "hostPorts", all.len()),
        " ",
        &all.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
    ]
    .concat();
    told("hostPort", &bad, &what)
}

fn probe_hosts(pod: &Pod<'_>) -> Option<Finding> {
    const HANDLERS: &[&str] = &["livenessProbe", "readinessProbe", "startupProbe", "lifecycle/postStart", "lifecycle/preStop"];
    let hosts = |container: &Value| -> Vec<String> {
        let all = HANDLERS.iter().flat_map(|handler| ["httpGet", "tcpSocket"].map(|kind| [handler, "/", kind, "/host"].concat()));
        all.map(|path| text_at(container, &path).to_string()).filter(|host| !host.is_empty()).collect()
    };
    let bad: BTreeSet<&str> = pod.those(&|container| !hosts(container).is_empty()).into_iter().collect();
    let bad: Vec<&str> = bad.into_iter().collect();
    let all: BTreeSet<String> = pod.containers.iter().flat_map(|container| hosts(container)).collect();
    let noun = plural("probe or lifecycle host", "probe or lifecycle hosts", all.len());
    told("probe or lifecycle host", &bad, &format!("{} {noun} {}", plural("uses", "use", bad.len()), quoted(&all)))
}

fn privileged(pod: &Pod<'_>) -> Option<Finding> {
    let bad = pod.those(&|container| bool_at(container, "securityContext/privileged"));
    told("privileged", &bad, "must not set securityContext.privileged=true")
}

fn proc_mount(pod: &Pod<'_>) -> Option<Finding> {
    let bad = |container: &Value| !matches!(text_at(container, "securityContext/procMount"), "" | "Default");
    let kinds: BTreeSet<&str> =
        pod.containers.iter().filter(|container| bad(container)).map(|container| text_at(container, "securityContext/procMount")).collect();
    let names = if pod.has_own_users() { Vec::new() } else { pod.those(&bad) };
    told("procMount", &names, &["must not set securityContext.procMount to ", &quoted(&kinds)].concat())
}

fn selinux(pod: &Pod<'_>) -> Option<Finding> {
    const OPTIONS: &str = "securityContext/seLinuxOptions/";
    let text = |holder: &Value, field: &str| text_at(holder, &[OPTIONS, field].concat()).to_string();
    let bad_type = |holder: &Value| {
        let ty = text(holder, "type");
        (!matches!(ty.as_str(), "" | "container_t" | "container_init_t" | "container_kvm_t" | "container_engine_t")).then_some(ty)
    };
    let set = |holder: &Value, field: &str| !text(holder, field).is_empty();
    let bad = |holder: &Value| bad_type(holder).is_some() || set(holder, "user") || set(holder, "role");
    let by = setters(bad(pod.spec), &pod.those(&bad))?;
    let holders = || core::iter::once(pod.spec).chain(pod.containers.iter().copied());
    let types: BTreeSet<String> = holders().filter_map(bad_type).collect();
    let mut data = Vec::new();
    if !types.is_empty() {
        data.push([plural("type", "types", types.len()), " ", &quoted(&types)].concat());
    }
    for (field, text) in [("user", "user may not be set"), ("role", "role may not be set")] {
        if holders().any(|holder| set(holder, field)) {
            data.push(text.to_string());
        }
    }
    Some(("seLinuxOptions".to_string(), format!("{by} set forbidden securityContext.seLinuxOptions: {}", data.join("; "))))
}

fn profile(holder: &Value) -> &str {
    text_at(holder, "securityContext/seccompProfile/type")
}

fn baseline_seccomp(pod: &Pod<'_>) -> Option<Finding> {
    let bad = |holder: &Value| !matches!(profile(holder), "" | "RuntimeDefault" | "Localhost");
    let by = setters(bad(pod.spec), &pod.those(&bad))?;
    let holders = core::iter::once(pod.spec).chain(pod.containers.iter().copied());
    let kinds: BTreeSet<&str> = holders.filter(|holder| bad(holder)).map(profile).collect();
    Some(("seccompProfile".to_string(), format!("{by} must not set securityContext.seccompProfile.type to {}", quoted(&kinds))))
}

fn restricted_seccomp(pod: &Pod<'_>) -> Option<Finding> {
    if pod.on_windows() {
        return None;
    }
    if let Some(found) = baseline_seccomp(pod) {
        return Some(found);
    }
    let open = |container: &Value| profile(pod.spec).is_empty() && profile(container).is_empty();
    let mut found =
        told("seccompProfile", &pod.those(&open), "must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"")?;
    found.1.insert_str(0, "pod or ");
    Some(found)
}

fn sysctls(pod: &Pod<'_>) -> Option<Finding> {
    const SAFE: &[&str] = &[
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
    ];
    let all = items_at(pod.spec, "securityContext/sysctls").iter().map(|one| text_at(one, "name"));
    let bad: Vec<&str> = all.filter(|name| !SAFE.contains(name)).collect();
    (!bad.is_empty()).then(|| ("forbidden sysctls".to_string(), bad.join(", ")))
}

fn privilege_escalation(pod: &Pod<'_>) -> Option<Finding> {
    let bad = |container: &Value| at(container, "securityContext/allowPrivilegeEscalation") != Some(&Value::Bool(false));
    let names = if pod.on_windows() { Vec::new() } else { pod.those(&bad) };
    told("allowPrivilegeEscalation != false", &names, "must set securityContext.allowPrivilegeEscalation=false")
}

fn volume_types(pod: &Pod<'_>) -> Option<Finding> {
    const ALLOWED: &[&str] =
        &["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];
    let bad_type = |volume: &Value| {
        let kind = volume.as_object()?.keys().find(|key| *key != "name")?;
        (!ALLOWED.contains(&kind.as_str())).then(|| kind.clone())
    };
    let volumes = items_at(pod.spec, "volumes");
    let names: Vec<&str> = volumes.iter().filter(|volume| bad_type(volume).is_some()).map(|volume| text_at(volume, "name")).collect();
    let kinds: BTreeSet<String> = volumes.iter().filter_map(bad_type).collect();
    let (subject, verb) = (plural("volume", "volumes", names.len()), plural("uses", "use", names.len()));
    let noun = plural("restricted volume type", "restricted volume types", kinds.len());
    let detail = format!("{subject} {} {verb} {noun} {}", quoted(&names), quoted(&kinds));
    (!names.is_empty()).then(|| ("restricted volume types".to_string(), detail))
}

fn non_root(pod: &Pod<'_>) -> Option<Finding> {
    const REASON: &str = "runAsNonRoot != true";
    if pod.has_own_users() {
        return None;
    }
    let set = |holder: &Value| at(holder, "securityContext/runAsNonRoot").and_then(Value::as_bool);
    let bad = |holder: &Value| set(holder) == Some(false);
    if let Some(by) = setters(bad(pod.spec), &pod.those(&bad)) {
        return Some((REASON.to_string(), [&by, " must not set securityContext.runAsNonRoot=false"].concat()));
    }
    let open = |container: &Value| set(pod.spec).is_none() && set(container).is_none();
    let mut found = told(REASON, &pod.those(&open), "must set securityContext.runAsNonRoot=true")?;
    found.1.insert_str(0, "pod or ");
    Some(found)
}

fn root_user(pod: &Pod<'_>) -> Option<Finding> {
    let bad = |holder: &Value| !pod.has_own_users() && i64_at(holder, "securityContext/runAsUser") == Some(0);
    let by = setters(bad(pod.spec), &pod.those(&bad))?;
    Some(("runAsUser=0".to_string(), [&by, " must not set runAsUser=0"].concat()))
}
