//! Rules of roles taken apart and put together again, as `auth can-i --list` shows them and `auth reconcile` compares
//! them. Models kubernetes `pkg/registry/rbac/validation` BreakdownRule and kubectl `pkg/util/rbac` CompactRules.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use crate::arrange::Arrange;
use crate::object::value::items_at;
use crate::text::table::{Layout, align};

/// A rule with one resource or path at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    verbs: Vec<String>,
    groups: Vec<String>,
    resources: Vec<String>,
    names: Vec<String>,
    paths: Vec<String>,
}

impl Rule {
    /// The rule as Go prints the structure; what the list is sorted by.
    pub fn print(&self) -> String {
        let list = |all: &[String]| ["[", &all.join(" "), "]"].concat();
        [
            "{Verbs:",
            &list(&self.verbs),
            " APIGroups:",
            &list(&self.groups),
            " Resources:",
            &list(&self.resources),
            " ResourceNames:",
            &list(&self.names),
            " NonResourceURLs:",
            &list(&self.paths),
            "}",
        ]
        .concat()
    }
}

fn texts(rule: &Value, field: &str) -> Vec<String> {
    items_at(rule, field).iter().filter_map(Value::as_str).map(String::from).collect()
}

/// Every verb on every resource, name or path by itself.
pub fn taken_apart(rules: &[Value]) -> Vec<Rule> {
    let mut all = Vec::new();
    for rule in rules {
        let (verbs, names) = (texts(rule, "verbs"), texts(rule, "resourceNames"));
        let names: Vec<Vec<String>> = match names.is_empty() {
            true => alloc::vec![Vec::new()],
            false => names.into_iter().map(|name| alloc::vec![name]).collect(),
        };
        for group in texts(rule, "apiGroups") {
            for resource in texts(rule, "resources") {
                for verb in &verbs {
                    for name in &names {
                        all.push(Rule {
                            verbs: alloc::vec![verb.clone()],
                            groups: alloc::vec![group.clone()],
                            resources: alloc::vec![resource.clone()],
                            names: name.clone(),
                            paths: Vec::new(),
                        });
                    }
                }
            }
        }
        for path in texts(rule, "nonResourceURLs") {
            for verb in &verbs {
                all.push(Rule { verbs: alloc::vec![verb.clone()], paths: alloc::vec![path.clone()], ..Rule::default() });
            }
        }
    }
    all
}

/// Rules about the same resource become one with all their verbs.
pub fn compact(all: Vec<Rule>) -> Vec<Rule> {
    let mut out: Vec<Rule> = Vec::new();
    for rule in all {
        let same = |old: &&mut Rule| {
            !rule.resources.is_empty() && old.resources == rule.resources && old.groups == rule.groups && old.names == rule.names
        };
        match out.iter_mut().find(same) {
            Some(old) => {
                for verb in rule.verbs {
                    if !old.verbs.contains(&verb) {
                        old.verbs.push(verb);
                    }
                }
            }
            None => out.push(rule),
        }
    }
    out.arrange_by_key(Rule::print);
    out
}

/// The table of `auth can-i --list`.
pub fn table(rules: &[Value], header: bool) -> String {
    let list = |all: &[String]| ["[", &all.join(" "), "]"].concat();
    let mut rows: Vec<Vec<String>> = Vec::new();
    if header {
        rows.push(["Resources", "Non-Resource URLs", "Resource Names", "Verbs"].map(String::from).to_vec());
    }
    for rule in compact(taken_apart(rules)) {
        let what = rule.resources.first().map_or("", String::as_str);
        let (resource, part) = what.split_once('/').map_or((what, None), |(resource, part)| (resource, Some(part)));
        let group = rule.groups.first().map_or("", String::as_str);
        let mut shown = String::from(resource);
        if !group.is_empty() {
            shown.push('.');
            shown.push_str(group);
        }
        if let Some(part) = part {
            shown.push('/');
            shown.push_str(part);
        }
        rows.push(alloc::vec![shown, list(&rule.paths), list(&rule.names), list(&rule.verbs)]);
    }
    align(Layout::GET, &rows)
}
