//! Disruption budgets.

use alloc::string::ToString;

use super::Page;
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::{scalar, selector};
use crate::object::Object;

/// Writes a PodDisruptionBudget.
pub fn disruption_budget(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    for (title, path) in [("Min available", "/spec/minAvailable"), ("Max unavailable", "/spec/maxUnavailable")] {
        if let Some(limit) = o.at(path) {
            page.field(0, title, &scalar(limit));
        }
    }
    page.field(0, "Selector", &selector(o.at("/spec/selector")));
    page.line("Status:");
    for (title, path) in [
        ("Allowed disruptions", "/status/disruptionsAllowed"),
        ("Current", "/status/currentHealthy"),
        ("Desired", "/status/desiredHealthy"),
        ("Total", "/status/expectedPods"),
    ] {
        page.field(4, title, &o.i64_at(path).unwrap_or(0).to_string());
    }
}
