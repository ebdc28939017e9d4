//! Namespaces, quotas and priority classes.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::Page;
use crate::arrange::Arrange;
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::scalar;
use crate::object::Object;
use crate::object::resources::{LIMIT_RANGES, RESOURCE_QUOTAS};
use crate::object::value::text_at;

/// What the scopes of a quota mean.
const SCOPES: &[(&str, &str)] = &[
    ("BestEffort", "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service."),
    (
        "NotBestEffort",
        "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.",
    ),
    (
        "NotTerminating",
        "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.",
    ),
    (
        "Terminating",
        "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.",
    ),
];

/// Writes the scopes of a quota, each with what it means after `mark`.
fn scopes(page: &mut Page, indent: usize, mark: &str, quota: &Object) {
    let mut all: Vec<&str> = quota.items_at("/spec/scopes").iter().filter_map(Value::as_str).collect();
    if all.is_empty() {
        return;
    }
    all.arrange();
    page.field(indent, "Scopes", &all.join(", "));
    for (_, text) in all.iter().filter_map(|scope| SCOPES.iter().find(|(name, _)| name == scope)) {
        page.put(indent, &[mark, text].concat());
    }
}

/// Each resource of a quota with what is used and what is allowed.
fn rows(quota: &Object) -> Vec<(String, String, String)> {
    let used = |name: &str| quota.at("/status/used").and_then(|u| u.get(name)).map_or_else(|| "0".to_string(), scalar);
    let hard = quota.at("/status/hard").and_then(Value::as_object);
    hard.into_iter().flatten().map(|(name, amount)| (name.clone(), used(name), scalar(amount))).collect()
}

/// Writes the conditions of a Namespace (or a ServiceCIDR), where it has some.
pub fn conditions(page: &mut Page, o: &Object) {
    let all = o.items_at("/status/conditions");
    if all.is_empty() {
        return;
    }
    page.line("Conditions:\n  Type\tStatus\tLastTransitionTime\tReason\tMessage\n  ----\t------\t------------------\t------\t-------");
    for c in all {
        let text = |key: &str| text_at(c, key);
        let moment = super::page::time(text("lastTransitionTime"));
        page.line(&format!("  {}\t{}\t{moment}\t{}\t{}", text("type"), text("status"), text("reason"), text("message")));
    }
}

/// Writes a Namespace.
pub fn namespace(cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.annotations(o);
    page.field(0, "Status", o.text_at("/status/phase"));
    conditions(page, o);
    page.line("");
    let quotas: Vec<Rc<Object>> = cx.api().list(RESOURCE_QUOTAS, Some(o.name())).cloned().collect();
    if quotas.is_empty() {
        page.line("No resource quota.");
    } else {
        page.line("Resource Quotas");
    }
    for quota in &quotas {
        page.field(2, "Name", quota.name());
        scopes(page, 2, "* ", quota);
        page.line("  Resource\tUsed\tHard\n  --------\t---\t---");
        rows(quota).iter().for_each(|(name, used, hard)| page.line(&format!("  {name}\t{used}\t{hard}")));
    }
    page.line("");
    let limits: Vec<Rc<Object>> = cx.api().list(LIMIT_RANGES, Some(o.name())).cloned().collect();
    if limits.is_empty() {
        page.line("No LimitRange resource.");
        return;
    }
    page.line("Resource Limits\n Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio");
    page.line(" ----\t--------\t---\t---\t---------------\t-------------\t-----------------------");
    limits.iter().for_each(|range| limit_rows(page, range, " "));
}

fn limit_rows(page: &mut Page, range: &Object, indent: &str) {
    for limit in range.items_at("/spec/limits") {
        let mut names: Vec<&String> = Vec::new();
        for key in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
            names.extend(crate::object::value::map_at(limit, key).into_iter().flatten().map(|(name, _)| name));
        }
        names.arrange();
        names.dedup();
        for name in names {
            let cell = |key: &str| limit.get(key).and_then(|all| all.get(name)).map_or_else(|| "-".to_string(), scalar);
            page.line(&format!(
                "{indent}{}\t{name}\t{}\t{}\t{}\t{}\t{}",
                text_at(limit, "type"),
                cell("min"),
                cell("max"),
                cell("defaultRequest"),
                cell("default"),
                cell("maxLimitRequestRatio")
            ));
        }
    }
}

/// Writes a LimitRange.
pub fn limit_range(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.line("Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio");
    page.line("----\t--------\t---\t---\t---------------\t-------------\t-----------------------");
    limit_rows(page, o, "");
}

/// Writes a ResourceQuota.
pub fn quota(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    scopes(page, 0, " * ", o);
    page.line("Resource\tUsed\tHard\n--------\t----\t----");
    rows(o).iter().for_each(|(name, used, hard)| page.line(&format!("{name}\t{used}\t{hard}")));
}

/// Writes a PriorityClass.
pub fn priority_class(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.field(0, "Value", &o.at("/value").map_or_else(|| "0".to_string(), scalar));
    page.field(0, "GlobalDefault", if o.at("/globalDefault").and_then(Value::as_bool) == Some(true) { "true" } else { "false" });
    page.field(0, "PreemptionPolicy", o.text_at("/preemptionPolicy"));
    page.field(0, "Description", o.text_at("/description"));
    page.field(0, "Annotations", &super::page::joined(o.meta.annotations.iter().map(|(k, v)| (k.as_str(), v.as_str()))));
}
