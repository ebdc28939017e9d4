//! Warnings about Pods and templates of Pods. Models kubernetes `pkg/api/pod/warnings.go`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::fractional;
use crate::object::value::{at, i64_at, items_at, map_at, text_at};

/// Labels of nodes that have newer names.
const OLD_LABELS: &[(&str, &str, &str)] = &[
    ("beta.kubernetes.io/arch", "v1.14", "kubernetes.io/arch"),
    ("beta.kubernetes.io/os", "v1.14", "kubernetes.io/os"),
    ("failure-domain.beta.kubernetes.io/region", "v1.17", "topology.kubernetes.io/region"),
    ("failure-domain.beta.kubernetes.io/zone", "v1.17", "topology.kubernetes.io/zone"),
    ("beta.kubernetes.io/instance-type", "v1.17", "node.kubernetes.io/instance-type"),
];

/// Annotations that do nothing any more.
const OLD_ANNOTATIONS: &[(&str, &str)] = &[
    ("scheduler.alpha.kubernetes.io/critical-pod", "non-functional in v1.16+; use the \"priorityClassName\" field instead"),
    ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    ("security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
];

/// Kinds of volumes that are old or gone.
const OLD_VOLUMES: &[(&str, &str)] = &[
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

/// Warnings about a Pod, or about the template below `template` (`spec.template.`).
pub(super) fn about(object: &Value, template: &str, notes: &mut Vec<String>) {
    let holder = if template.is_empty() { Some(object) } else { at(object, &template.replace('.', "/")) };
    let Some(holder) = holder else { return };
    let empty = Value::Null;
    let spec = at(holder, "spec").unwrap_or(&empty);
    labels(spec, template, notes);
    for (key, text) in OLD_ANNOTATIONS {
        if map_at(holder, "metadata/annotations").is_some_and(|annotations| annotations.contains_key(*key)) {
            notes.push(format!("{template}metadata.annotations[{key}]: {text}"));
        }
    }
    for (number, volume) in items_at(spec, "volumes").iter().enumerate() {
        for (kind, text) in OLD_VOLUMES.iter().filter(|(kind, _)| volume.get(*kind).is_some()) {
            let kind = if *kind == "storageos" { "storageOS" } else { kind };
            notes.push(format!("{template}spec.volumes[{number}].{kind}: {text}"));
        }
    }
    super::paths::about(spec, notes);
    twice(spec, "hostAliases", "ip", template, notes);
    twice(spec, "imagePullSecrets", "name", template, notes);
    for (number, _) in items_at(spec, "imagePullSecrets").iter().enumerate().filter(|(_, secret)| text_at(secret, "name").is_empty()) {
        notes.push(format!("{template}spec.imagePullSecrets[{number}].name: invalid empty name \"\""));
    }
    let containers: Vec<(&Value, String)> = ["initContainers", "containers"]
        .iter()
        .flat_map(|list| items_at(spec, list).iter().enumerate().map(move |(n, one)| (one, format!("{template}spec.{list}[{n}]"))))
        .collect();
    profiles(holder, spec, template, None, notes);
    for (container, path) in &containers {
        profiles(holder, container, template, Some(text_at(container, "name")), notes);
        for resource in ["memory", "ephemeral-storage"] {
            for list in ["limits", "requests"] {
                fractional(container, &["resources/", list].concat(), resource, &format!("{path}.resources.{list}"), notes);
            }
        }
        variables(container, path, notes);
    }
    ports(&containers, notes);
    if i64_at(spec, "terminationGracePeriodSeconds").is_some_and(|grace| grace < 0) {
        notes.push(format!(
            "{template}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
        ));
    }
    affinities(spec, template, notes);
}

/// Annotations that stand for profiles of a Pod, or of its `container`, without the fields that do.
fn profiles(holder: &Value, own: &Value, template: &str, container: Option<&str>, notes: &mut Vec<String>) {
    let annotated = |key: &str| map_at(holder, "metadata/annotations").is_some_and(|annotations| annotations.contains_key(key));
    let given = |of: &Value, field: &str| at(of, &["securityContext/", field].concat()).is_some_and(|profile| !profile.is_null());
    let key = match container {
        None => "seccomp.security.alpha.kubernetes.io/pod".to_string(),
        Some(name) => ["container.seccomp.security.alpha.kubernetes.io/", name].concat(),
    };
    if annotated(&key) && !given(own, "seccompProfile") {
        let text = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
        notes.push(format!("{template}metadata.annotations[{key}]: {text}"));
    }
    let Some(name) = container.filter(|_| !template.is_empty()) else { return };
    let key = ["container.apparmor.security.beta.kubernetes.io/", name].concat();
    let whole = at(holder, "spec").is_some_and(|spec| given(spec, "appArmorProfile"));
    if annotated(&key) && !whole && !given(own, "appArmorProfile") {
        let text = "deprecated since v1.30; use the \"appArmorProfile\" field instead";
        notes.push(format!("{template}metadata.annotations[{key}]: {text}"));
    }
}

/// What is said of a label of nodes; nothing of one that is current.
fn old_label(label: &str) -> Option<String> {
    let (_, since, new) = OLD_LABELS.iter().find(|(old, ..)| *old == label)?;
    Some(format!("deprecated since {since}; use \"{new}\" instead"))
}

/// Old labels in selectors and affinities.
fn labels(spec: &Value, template: &str, notes: &mut Vec<String>) {
    for label in map_at(spec, "nodeSelector").into_iter().flat_map(|selector| selector.keys()) {
        if let Some(text) = old_label(label) {
            notes.push(format!("{template}spec.nodeSelector[{label}]: {text}"));
        }
    }
    let base = [template, "spec.affinity.nodeAffinity."].concat();
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    let list = at(spec, &["affinity/nodeAffinity/", required].concat()).map_or(&[][..], |required| items_at(required, "nodeSelectorTerms"));
    terms(list, &[&base, required, ".nodeSelectorTerms"].concat(), "", notes);
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    terms(items_at(spec, &["affinity/nodeAffinity/", preferred].concat()), &[&base, preferred].concat(), "preference", notes);
    for (number, spread) in items_at(spec, "topologySpreadConstraints").iter().enumerate() {
        let key = text_at(spread, "topologyKey");
        let path = format!("{template}spec.topologySpreadConstraints[{number}]");
        if let Some(text) = old_label(key) {
            notes.push(format!("{path}.topologyKey: {key} is {text}"));
        }
        if spread.get("labelSelector").is_none_or(Value::is_null) {
            notes.push([&path, ".labelSelector", NO_SELECTOR].concat());
        }
    }
}

const NO_SELECTOR: &str = ": a null labelSelector results in matching no pod";

/// Old labels in terms that select nodes; a preferred term has its own in `inner`.
pub(super) fn terms(list: &[Value], path: &str, inner: &str, notes: &mut Vec<String>) {
    for (number, term) in list.iter().enumerate() {
        let (term, dot) = if inner.is_empty() { (Some(term), "") } else { (term.get(inner), ".") };
        for (index, expression) in term.map_or(&[][..], |term| items_at(term, "matchExpressions")).iter().enumerate() {
            let key = text_at(expression, "key");
            if let Some(text) = old_label(key) {
                notes.push(format!("{path}[{number}]{dot}{inner}.matchExpressions[{index}].key: {key} is {text}"));
            }
        }
    }
}

/// Affinities to Pods without a selector.
fn affinities(spec: &Value, template: &str, notes: &mut Vec<String>) {
    for kind in ["podAffinity", "podAntiAffinity"] {
        for (when, inner) in
            [("requiredDuringSchedulingIgnoredDuringExecution", ""), ("preferredDuringSchedulingIgnoredDuringExecution", "podAffinityTerm")]
        {
            for (number, term) in items_at(spec, &format!("affinity/{kind}/{when}")).iter().enumerate() {
                let (holder, dot) = if inner.is_empty() { (Some(term), "") } else { (term.get(inner), ".") };
                if holder.and_then(|holder| holder.get("labelSelector")).is_none_or(Value::is_null) {
                    notes.push(format!("{template}spec.affinity.{kind}.{when}[{number}]{dot}{inner}.labelSelector{NO_SELECTOR}"));
                }
            }
        }
    }
}

/// Elements of a list with a member that another has.
fn twice(spec: &Value, list: &str, member: &str, template: &str, notes: &mut Vec<String>) {
    let all = items_at(spec, list);
    for (number, one) in all.iter().enumerate() {
        let value = text_at(one, member);
        if all.iter().take(number).any(|other| text_at(other, member) == value) {
            notes.push(format!("{template}spec.{list}[{number}].{member}: duplicate {member} \"{value}\""));
        }
    }
}

fn variables(container: &Value, path: &str, notes: &mut Vec<String>) {
    let list = items_at(container, "env");
    for (number, variable) in list.iter().enumerate() {
        let (name, value) = (text_at(variable, "name"), text_at(variable, "value"));
        let reference = ["$(", name, ")"].concat();
        let extends = variable.get("valueFrom").is_none() && value != reference && value.contains(&reference);
        if !extends && list.iter().take(number).any(|before| text_at(before, "name") == name) {
            notes.push(format!("{path}.env[{number}]: hides previous definition of \"{name}\", which may be dropped when using apply"));
        }
    }
}

/// Ports that stand twice: in one container, or in two of a Pod.
fn ports(containers: &[(&Value, String)], notes: &mut Vec<String>) {
    let mut seen: Vec<(i64, String, String, i64, String)> = Vec::new();
    for (container, path) in containers {
        for (index, port) in items_at(container, "ports").iter().enumerate() {
            let path = format!("{path}.ports[{index}]");
            let number = |field: &str| i64_at(port, field).unwrap_or(0);
            let (target, host) = (number("containerPort"), number("hostPort"));
            let (protocol, address) = (text_at(port, "protocol"), text_at(port, "hostIP"));
            if !address.is_empty() && host == 0 {
                let name = text_at(port, "name");
                notes.push(format!(
                    "{path}: hostIP set without hostPort: {{Name:{name} HostPort:0 ContainerPort:{target} Protocol:{protocol} HostIP:{address}}}"
                ));
            }
            for (_, _, other, other_host, first) in seen.iter().filter(|(n, p, ..)| *n == target && p == protocol) {
                let what = if other == address && *other_host == host {
                    "duplicate"
                } else if host == 0 || *other_host == 0 {
                    "overlapping"
                } else if host == *other_host && other.is_empty() != address.is_empty() {
                    "dangerously ambiguous"
                } else {
                    continue;
                };
                notes.push(format!("{path}: {what} port definition with {first}"));
            }
            seen.push((target, protocol.to_string(), address.to_string(), host, path));
        }
    }
}
