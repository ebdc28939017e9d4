//! Pod templates, and what Pods share with them: node selectors and tolerations.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::page::map;
use super::{Page, container, volume};
use crate::arrange::Arrange;
use crate::object::Object;
use crate::object::value::{at, i64_at, items_at, text_at};

/// Writes the template of a workload.
pub fn write(page: &mut Page, template: Option<&Value>) {
    page.line("Pod Template:");
    let Some(template) = template else {
        page.line("  <unset>");
        return;
    };
    page.pairs("  ", "Labels", map(Some(template), "metadata/labels"));
    let annotations = map(Some(template), "metadata/annotations").map(|(k, v)| (k.to_string(), v.to_string()));
    let annotations: alloc::collections::BTreeMap<String, String> = annotations.collect();
    if !annotations.is_empty() {
        page.annotation_map("  ", &annotations);
    }
    let spec = at(template, "spec").unwrap_or(&Value::Null);
    if !text_at(spec, "serviceAccountName").is_empty() {
        page.field(2, "Service Account", text_at(spec, "serviceAccountName"));
    }
    if !items_at(spec, "initContainers").is_empty() {
        container::list(page, "Init Containers", items_at(spec, "initContainers"), &[], None);
    }
    container::list(page, "Containers", items_at(spec, "containers"), &[], None);
    volume::list(page, items_at(spec, "volumes"), true);
    spread(page, "  ", spec);
    if !text_at(spec, "priorityClassName").is_empty() {
        page.field(2, "Priority Class Name", text_at(spec, "priorityClassName"));
    }
    placement(page, "  ", spec);
}

/// Node selectors and tolerations.
pub fn placement(page: &mut Page, indent: &str, spec: &Value) {
    page.pairs(indent, "Node-Selectors", map(Some(spec), "nodeSelector"));
    let mut all: Vec<&Value> = items_at(spec, "tolerations").iter().collect();
    all.arrange_by_key(|t| text_at(t, "key"));
    if all.is_empty() {
        page.line(&format!("{indent}Tolerations:\t<none>"));
    }
    for (i, toleration) in all.iter().enumerate() {
        let head = if i == 0 { [indent, "Tolerations:"].concat() } else { String::new() };
        page.line(&[&head, "\t", &tolerated(toleration)].concat());
    }
}

/// `node.kubernetes.io/not-ready:NoExecute op=Exists for 300s`
fn tolerated(t: &Value) -> String {
    let mut text = text_at(t, "key").to_string();
    let value = text_at(t, "value");
    if !value.is_empty() {
        text.push_str(&format!("={value}"));
    }
    if !text_at(t, "effect").is_empty() {
        text.push_str(&format!(":{}", text_at(t, "effect")));
    }
    if text_at(t, "operator") == "Exists" && value.is_empty() {
        text.push_str(if text.is_empty() { "op=Exists" } else { " op=Exists" });
    }
    if let Some(seconds) = i64_at(t, "tolerationSeconds") {
        text.push_str(&format!(" for {seconds}s"));
    }
    text
}

/// Topology spread constraints, where there are some.
pub fn spread(page: &mut Page, indent: &str, spec: &Value) {
    let mut all: Vec<&Value> = items_at(spec, "topologySpreadConstraints").iter().collect();
    all.arrange_by_key(|c| text_at(c, "topologyKey"));
    for (i, c) in all.iter().enumerate() {
        let head = if i == 0 { "Topology Spread Constraints:" } else { "" };
        let skew = i64_at(c, "maxSkew").unwrap_or(1);
        let mut text = format!("{}:{} when max skew {skew} is exceeded", text_at(c, "topologyKey"), text_at(c, "whenUnsatisfiable"));
        if let Some(selector) = at(c, "labelSelector") {
            text.push_str(&format!(" for selector {}", crate::kubectl::tables::cells::selector(Some(selector))));
        }
        page.line(&format!("{indent}{head}\t{text}"));
    }
}

/// `Controlled By`, where there is an owner that manages the object.
pub fn controlled_by(page: &mut Page, object: &Object) {
    if let Some(owner) = object.controller() {
        page.field(0, "Controlled By", &format!("{}/{}", owner.kind, owner.name));
    }
}
