//! Disruption budgets.

use alloc::string::ToString;

use super::Page;
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::{scalar, selector};
use crate::object::Object;

/// Writes a PodDisruptionBudget.
pub fn disruption_budget(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    match (o.at("/spec/minAvailable"), o.at("/spec/maxUnavailable")) {
        (Some(least), _) => page.field(0, "Min available", &scalar(least)),
        (None, Some(most)) => page.field(0, "Max unavailable", &scalar(most)),
        (None, None) => {}
    }
    page.field(0, "Selector", &o.at("/spec/selector").map_or_else(|| "<unset>".to_string(), |s| selector(Some(s))));
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
