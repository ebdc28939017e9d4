//! Namespaces, quotas and priority classes.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::Page;
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::scalar;
use crate::object::Object;
use crate::object::resources::{LIMIT_RANGES, RESOURCE_QUOTAS};

/// Each resource of a quota with what is used and what is allowed.
fn rows(quota: &Object) -> Vec<(String, String, String)> {
    let used = |name: &str| quota.at("/status/used").and_then(|u| u.get(name)).map_or_else(|| "0".to_string(), scalar);
    let hard = quota.at("/status/hard").and_then(Value::as_object);
    hard.into_iter().flatten().map(|(name, amount)| (name.clone(), used(name), scalar(amount))).collect()
}

/// Writes a Namespace.
pub fn namespace(cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.annotations(o);
    page.field(0, "Status", o.text_at("/status/phase"));
    page.line("");
    let quotas: Vec<Rc<Object>> = cx.api().list(RESOURCE_QUOTAS, Some(o.name())).cloned().collect();
    if quotas.is_empty() {
        page.line("No resource quota.");
    } else {
        page.line("Resource Quotas");
    }
    for quota in &quotas {
        page.line(&format!("  Name:\t{}\n  Resource\tUsed\tHard\n  --------\t---\t---", quota.name()));
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
        names.sort();
        names.dedup();
        for name in names {
            let cell = |key: &str| limit.get(key).and_then(|all| all.get(name)).map_or_else(|| "-".to_string(), scalar);
            page.line(&format!(
                "{indent}{}\t{name}\t{}\t{}\t{}\t{}\t{}",
                crate::object::value::text_at(limit, "type"),
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
    page.annotations(o);
}
