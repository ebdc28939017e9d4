//! Roles and their bindings.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::Page;
use crate::arrange::Arrange;
use crate::kubectl::Cx;
use crate::object::Object;
use crate::object::value::{items_at, text_at};

fn words(rule: &Value, key: &str) -> Vec<String> {
    items_at(rule, key).iter().filter_map(Value::as_str).map(ToString::to_string).collect()
}

fn list(all: &[String]) -> String {
    format!("[{}]", all.join(" "))
}

/// One line of the table: a rule about a single resource of a single group, or about URLs.
struct Rule {
    group: String,
    resource: String,
    urls: Vec<String>,
    names: Vec<String>,
    verbs: Vec<String>,
}

/// A rule taken apart, one for each resource, group, name and verb, and put together again by what they share.
/// Models kubectl `pkg/util/rbac` BreakdownRule and CompactRules.
fn compact(rules: &[Value]) -> Vec<Rule> {
    let mut out: Vec<Rule> = Vec::new();
    let mut add = |group: &str, resource: &str, names: &[String], urls: &[String], verb: &String| {
        let same = |rule: &&mut Rule| {
            urls.is_empty() && rule.urls.is_empty() && rule.group == group && rule.resource == resource && rule.names == names
        };
        match out.iter_mut().find(same) {
            Some(rule) => rule.verbs.push(verb.clone()),
            None => out.push(Rule {
                group: group.to_string(),
                resource: resource.to_string(),
                urls: urls.to_vec(),
                names: names.to_vec(),
                verbs: alloc::vec![verb.clone()],
            }),
        }
    };
    for rule in rules {
        let (verbs, names) = (words(rule, "verbs"), words(rule, "resourceNames"));
        for group in &words(rule, "apiGroups") {
            for resource in &words(rule, "resources") {
                for verb in &verbs {
                    match names.is_empty() {
                        true => add(group, resource, &[], &[], verb),
                        false => names.iter().for_each(|name| add(group, resource, core::slice::from_ref(name), &[], verb)),
                    }
                }
            }
        }
        for url in &words(rule, "nonResourceURLs") {
            verbs.iter().for_each(|verb| add("", "", &[], core::slice::from_ref(url), verb));
        }
    }
    out.arrange_by_key(sort_text);
    out
}

/// A rule as its Go struct prints, which is what kubectl sorts by: verbs first.
fn sort_text(rule: &Rule) -> String {
    let (verbs, names, urls) = (list(&rule.verbs), list(&rule.names), list(&rule.urls));
    format!("{verbs},APIGroups:[{}],Resources:[{}],ResourceNames:{names},NonResourceURLs:{urls}", rule.group, rule.resource)
}

/// `deployments.apps/scale`
fn full_name(rule: &Rule) -> String {
    let (resource, sub) = match rule.resource.split_once('/') {
        Some((resource, sub)) => (resource, format!("/{sub}")),
        None => (rule.resource.as_str(), String::new()),
    };
    let dot = if rule.group.is_empty() { "" } else { "." };
    format!("{resource}{dot}{}{sub}", rule.group)
}

/// Writes a Role or ClusterRole: a line for each resource.
pub fn role(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.annotations(o);
    page.line("PolicyRule:\n  Resources\tNon-Resource URLs\tResource Names\tVerbs\n  ---------\t-----------------\t--------------\t-----");
    for rule in compact(o.items_at("/rules")) {
        page.line(&format!("  {}\t{}\t{}\t{}", full_name(&rule), list(&rule.urls), list(&rule.names), list(&rule.verbs)));
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
