//! Pod security: which level a namespace's labels ask for, what is refused there and what is warned of.
//! Models `k8s.io/pod-security-admission/admission`.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

use super::standards::{self, Finding};
use crate::api::server::Api;
use crate::api::status::Status;
use crate::api::validation::{self, field::Errors};
use crate::object::resources::{NAMESPACES, PODS};
use crate::object::value::text_at;
use crate::object::{Meta, Object};

const PREFIX: &str = "pod-security.kubernetes.io/";
const LEVELS: &[&str] = &["privileged", "baseline", "restricted"];

/// A level and the version of its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Policy {
    /// 0 for privileged, 1 for baseline, 2 for restricted.
    level: usize,
    version: String,
}

impl Policy {
    fn print(&self) -> String {
        [LEVELS.get(self.level).unwrap_or(&""), ":", &self.version].concat()
    }

    fn findings(&self, spec: &Value) -> Vec<Finding> {
        if self.level == 0 { Vec::new() } else { standards::findings(spec, self.level == 2) }
    }
}

fn label<'m>(meta: &'m Meta, name: &str) -> Option<&'m str> {
    meta.labels.get(&[PREFIX, name].concat()).map(String::as_str)
}

/// What one mode (`enforce`, `warn`) asks for; a level that is none counts as the strictest when it is enforced and is
/// left out otherwise.
fn policy(meta: &Meta, mode: &str) -> Policy {
    let wrong = if mode == "enforce" { 2 } else { 0 };
    let level = label(meta, mode).map_or(0, |level| LEVELS.iter().position(|known| *known == level).unwrap_or(wrong));
    let version = label(meta, &[mode, "-version"].concat()).filter(|version| is_version(version)).unwrap_or("latest");
    Policy { level, version: version.into() }
}

/// What is warned of: what the labels say, or else what is enforced.
fn warned(meta: &Meta) -> Policy {
    let enforced = policy(meta, "enforce");
    let known = label(meta, "enforce").is_some_and(|level| LEVELS.contains(&level));
    if label(meta, "warn").is_none() && known && enforced.level > 0 { enforced } else { policy(meta, "warn") }
}

fn is_version(version: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    version == "latest" || version.strip_prefix("v1.").is_some_and(digits)
}

/// `reason (detail), reason`.
fn detail(findings: &[Finding]) -> String {
    let one = |(reason, detail): &Finding| if detail.is_empty() { reason.clone() } else { format!("{reason} ({detail})") };
    findings.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Whether a Pod may be in its namespace.
///
/// # Errors
/// `Forbidden`: `violates PodSecurity "restricted:latest": …`.
pub fn enforce(api: &Api, pod: &Object) -> Result<(), Status> {
    let Some(namespace) = api.find(NAMESPACES, "", pod.namespace()) else { return Ok(()) };
    let policy = policy(&namespace.meta, "enforce");
    let findings = policy.findings(pod.field("spec").unwrap_or(&Value::Null));
    if findings.is_empty() {
        return Ok(());
    }
    let text = format!("violates PodSecurity \"{}\": {}", policy.print(), detail(&findings));
    Err(Status::forbidden(PODS, pod.name(), &text))
}

/// Says what a Pod, or a Pod made from a template, would violate at the level that is warned of.
pub fn warn(api: &Api, object: &Object, notes: &mut Vec<String>) {
    let path = match object.ty.kind.as_str() {
        "Pod" => "/spec",
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        "PodTemplate" => "/template/spec",
        "Deployment" | "ReplicaSet" | "ReplicationController" | "DaemonSet" | "StatefulSet" | "Job" => "/spec/template/spec",
        _ => return,
    };
    let (Some(spec), Some(namespace)) = (object.at(path), api.find(NAMESPACES, "", object.namespace())) else { return };
    if object.ty.kind == "Pod" && !policy(&namespace.meta, "enforce").findings(spec).is_empty() {
        return;
    }
    let policy = warned(&namespace.meta);
    let findings = policy.findings(spec);
    if !findings.is_empty() {
        notes.push(format!("would violate PodSecurity \"{}\": {}", policy.print(), detail(&findings)));
    }
}

/// Whether what changed in a Pod is anything that these rules look at: images and containers.
pub fn matters(new: &Object, old: &Object) -> bool {
    let images = |pod: &Object| -> Vec<String> {
        let lists = ["/spec/initContainers", "/spec/containers", "/spec/ephemeralContainers"];
        lists.iter().flat_map(|list| pod.items_at(list)).map(|container| text_at(container, "image").into()).collect()
    };
    images(new) != images(old)
}

fn label_errors(meta: &Meta) -> Errors {
    let mut errors = Errors::default();
    for name in ["enforce", "enforce-version", "audit", "audit-version", "warn", "warn-version"] {
        let Some(value) = label(meta, name) else { continue };
        let text = match name.ends_with("-version") {
            true if !is_version(value) => "must be \"latest\" or \"v1.x\"",
            false if !LEVELS.contains(&value) => "must be one of privileged, baseline, restricted",
            _ => continue,
        };
        errors.invalid(&["metadata.labels[", PREFIX, name, "]"].concat(), value, text);
    }
    errors
}

/// Checks a namespace's labels, and says which of its Pods would not be let in any more.
///
/// # Errors
/// `Invalid` for a level or a version that there is not.
pub fn namespace(api: &Api, new: &Object, old: Option<&Object>, notes: &mut Vec<String>) -> Result<(), Status> {
    let errors = label_errors(&new.meta);
    if old.is_none_or(|old| label_errors(&old.meta) != errors)
        && let Some(resource) = api.registry.by_key(NAMESPACES)
    {
        validation::refuse(resource, &new.to_value(), &errors.0)?;
    }
    let Some(old) = old else { return Ok(()) };
    let (now, before) = (policy(&new.meta, "enforce"), policy(&old.meta, "enforce"));
    if now.level == 0 || now == before || now.version == before.version && now.level <= before.level {
        return Ok(());
    }
    let mut reasons: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for pod in api.list(PODS, Some(new.name())) {
        let findings = now.findings(pod.field("spec").unwrap_or(&Value::Null));
        if !findings.is_empty() {
            let reason = findings.into_iter().map(|(reason, _)| reason).collect::<Vec<_>>().join(", ");
            let entry = reasons.entry(reason).or_insert_with(|| (pod.name().into(), 0));
            if pod.name() < entry.0.as_str() {
                entry.0 = pod.name().into();
            }
            entry.1 += 1;
        }
    }
    if reasons.is_empty() {
        return Ok(());
    }
    notes.push(format!("existing pods in namespace \"{}\" violate the new PodSecurity enforce level \"{}\"", new.name(), now.print()));
    let mut lines: Vec<String> = reasons
        .into_iter()
        .map(|(reason, (name, count))| match count {
            1 => format!("{name}: {reason}"),
            2 => format!("{name} (and 1 other pod): {reason}"),
            _ => format!("{name} (and {} other pods): {reason}", count.saturating_sub(1)),
        })
        .collect();
    lines.sort();
    notes.append(&mut lines);
    Ok(())
}
