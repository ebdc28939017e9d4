//! Roles and their bindings.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::Page;
use crate::kubectl::Cx;
use crate::object::Object;
use crate::object::value::{items_at, text_at};

fn list(rule: &Value, key: &str) -> String {
    let all: Vec<&str> = items_at(rule, key).iter().filter_map(Value::as_str).collect();
    format!("[{}]", all.join(" "))
}

/// Writes a Role or ClusterRole: a line for each resource.
pub fn role(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.annotations(o);
    page.line("PolicyRule:\n  Resources\tNon-Resource URLs\tResource Names\tVerbs\n  ---------\t-----------------\t--------------\t-----");
    for rule in o.items_at("/rules") {
        let verbs = list(rule, "verbs");
        let (urls, names) = (list(rule, "nonResourceURLs"), list(rule, "resourceNames"));
        let resources = items_at(rule, "resources");
        if resources.is_empty() {
            page.line(&format!("  \t{urls}\t{names}\t{verbs}"));
        }
        for resource in resources.iter().filter_map(Value::as_str) {
            for group in items_at(rule, "apiGroups").iter().filter_map(Value::as_str) {
                let dot = if group.is_empty() { "" } else { "." };
                page.line(&format!("  {resource}{dot}{group}\t{urls}\t{names}\t{verbs}"));
            }
        }
    }
}

/// Writes a RoleBinding or ClusterRoleBinding.
pub fn binding(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.annotations(o);
    page.line("Role:");
    page.field(2, "Kind", o.text_at("/roleRef/kind"));
    page.field(2, "Name", o.text_at("/roleRef/name"));
    page.line("Subjects:\n  Kind\tName\tNamespace\n  ----\t----\t---------");
    for subject in o.items_at("/subjects") {
        page.line(&format!("  {}\t{}\t{}", text_at(subject, "kind"), text_at(subject, "name"), text_at(subject, "namespace")));
    }
}
