//! What each metric of an autoscaler asks for, and what is said when it cannot be had.
//! Models `pkg/controller/podautoscaler` computeReplicasForMetrics.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::load::{self, Goal};
use super::{Autoscalers, Look};
use crate::api::Api;
use crate::arrange::Arrange;
use crate::control::pods;
use crate::object::quantity::Quantity;
use crate::object::resources::{HORIZONTAL_POD_AUTOSCALERS, PODS};
use crate::object::selector::Selector;
use crate::object::value::{at, i64_at, str_at, text_at};
use crate::object::{Object, go};

/// What a metric came to: the size it asks for, its name in texts, and its part of the status.
type Proposal = (i64, String, Value);

/// Why there is none: the reason of the event and the condition, and the text.
type Trouble = (&'static str, String);

fn resource(api: &Api, look: &Look, selector: &Selector, source: &Value, container: &str) -> Result<Proposal, Trouble> {
    let reason = if container.is_empty() { "FailedGetResourceMetric" } else { "FailedGetContainerResourceMetric" };
    let name = text_at(source, "name");
    let goal = match at(source, "target").and_then(|t| str_at(t, "averageValue")) {
        Some(amount) => Goal::Amount(Quantity::parse(amount).map_or(0, |q| q.milli_value())),
        None => Goal::Percent(at(source, "target").and_then(|t| i64_at(t, "averageUtilization")).unwrap_or(80)),
    };
    let found = load::find(api, look.hpa.namespace(), selector, (name, container), look.size, goal, tolerance(look));
    let found = found.map_err(|why| {
        let word = if matches!(goal, Goal::Percent(_)) { "utilization" } else { "usage" };
        (reason, alloc::format!("failed to get {name} {word}: {why}"))
    })?;
    let mut current = json!({"averageValue": Quantity::from_millis(found.average).print()});
    if let Some(percent) = found.percent {
        crate::object::value::set(&mut current, "averageUtilization", percent);
    }
    let word = if found.percent.is_some() { "resource utilization (percentage of request)" } else { "resource" };
    let (kind, field, text) = match container {
        "" => ("Resource", "resource", alloc::format!("{name} {word}")),
        _ => ("ContainerResource", "containerResource", alloc::format!("{name} container {word}")),
    };
    let mut inner = json!({"name": name, "current": current});
    if !container.is_empty() {
        crate::object::value::set(&mut inner, "container", container);
    }
    let mut status = json!({"type": kind});
    crate::object::value::set(&mut status, field, inner);
    Ok((found.size, text, status))
}

/// A tenth, or what the autoscaler's behaviour says.
fn tolerance(look: &Look) -> load::Tolerance {
    let of = |way: &str| {
        let text = look.hpa.text_at(&["/spec/behavior/", way, "/tolerance"].concat());
        Quantity::parse(text).ok().filter(|_| !text.is_empty()).map_or(100, |q| q.milli_value())
    };
    (of("scaleDown"), of("scaleUp"))
}

fn proposal(api: &Api, look: &Look, selector: &Selector, metric: &Value) -> Result<Proposal, Trouble> {
    let none = Value::Null;
    let source = |field: &str| at(metric, field).unwrap_or(&none);
    let named = |field: &str| text_at(source(field), "metric/name").to_string();
    const CUSTOM: &str = "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
    const EXTERNAL: &str =
        "unable to fetch metrics from external metrics API: no external metrics API (external.metrics.k8s.io) registered";
    match text_at(metric, "type") {
        "Resource" => resource(api, look, selector, source("resource"), ""),
        "ContainerResource" => {
            let source = source("containerResource");
            resource(api, look, selector, source, text_at(source, "container"))
        }
        "Pods" => Err(("FailedGetPodsMetric", alloc::format!("unable to get metric {}: {CUSTOM}", named("pods")))),
        "Object" => {
            let object = at(source("object"), "describedObject").unwrap_or(&none);
            let (kind, name) = (text_at(object, "kind"), text_at(object, "name"));
            let ns = look.hpa.namespace();
            let text = alloc::format!("unable to get metric {}: {kind} on {ns} {name}/{CUSTOM}", named("object"));
            Err(("FailedGetObjectMetric", text))
        }
        "External" => {
            let selector = at(source("external"), "metric/selector").filter(|s| !s.is_null());
            let selector = selector.map_or("nil".to_string(), |s| go::label_selector(Some(s)));
            let text =
                alloc::format!("unable to get external metric {}/{}/{selector}: {EXTERNAL}", look.hpa.namespace(), named("external"));
            Err(("FailedGetExternalMetric", text))
        }
        other => Err(("InvalidMetricSourceType", alloc::format!("unknown metric source type {other:?}"))),
    }
}

/// What the event about all metrics says of one.
fn whole_trouble(metric: &Value, why: &str) -> String {
    match text_at(metric, "type") {
        "Resource" => alloc::format!("failed to get {} resource metric value: {why}", text_at(metric, "resource/name")),
        "ContainerResource" => {
            alloc::format!("failed to get {} container metric value: {why}", text_at(metric, "containerResource/container"))
        }
        "External" => {
            let name = text_at(metric, "external/metric/name");
            let each = at(metric, "external/target/averageValue").is_some_and(|v| !v.is_null());
            let inner = if each { [name, " external metric"].concat() } else { ["external metric ", name].concat() };
            alloc::format!("failed to get {name} external metric value: failed to get {inner}: {why}")
        }
        kind => alloc::format!("failed to get {} metric value: {why}", kind.to_lowercase()),
    }
}

/// What is said where other autoscalers scale what has the same Pods. Models hpasControllingPodsUnderSelector.
fn ambiguous(look: &Look, selector: &Selector, api: &Api) -> Option<String> {
    let ns = look.hpa.namespace();
    let others = api.list(HORIZONTAL_POD_AUTOSCALERS, Some(ns)).filter(|hpa| hpa.name() != look.hpa.name());
    let others: Vec<_> = others.filter(|hpa| pods::condition(hpa, "AbleToScale").is_some_and(|c| text_at(c, "status") == "True")).collect();
    if others.is_empty() {
        return None;
    }
    let own: Vec<_> = api.list(PODS, Some(ns)).filter(|pod| selector.matches(&pod.meta)).collect();
    let shares = |hpa: &&&alloc::rc::Rc<Object>| {
        let scaled = super::target(api, hpa).ok().and_then(|target| super::selector_of(&target));
        scaled.is_some_and(|selector| own.iter().any(|pod| selector.matches(&pod.meta)))
    };
    let mut names: Vec<String> = others.iter().filter(shares).map(|hpa| hpa.name().to_string()).collect();
    if names.is_empty() {
        return None;
    }
    names.push(look.hpa.name().to_string());
    names.arrange();
    let keys: Vec<String> = names.iter().map(|name| ["{", name, " ", ns, "}"].concat()).collect();
    let text = alloc::format!("pods by selector {} are controlled by multiple HPAs: [{}]", selector.print(), keys.join(" "));
    Some(text)
}

impl Autoscalers {
    /// The largest size that a metric asks for, with that metric's name.
    ///
    /// # Errors
    /// The text of the event that says that no size could be found.
    pub(super) fn by_metrics(&mut self, look: &mut Look, api: &mut Api) -> Result<(i64, String), String> {
        let Some(selector) = look.selector() else {
            self.warn(&look.hpa, "SelectorRequired", "selector is required", api);
            look.set_condition("ScalingActive", false, "InvalidSelector", "the HPA target's scale is missing a selector");
            return Err("selector is required".to_string());
        };
        if let Some(text) = ambiguous(look, &selector, api) {
            self.warn(&look.hpa, "AmbiguousSelector", &text, api);
            look.set_condition("ScalingActive", false, "AmbiguousSelector", &text);
            return Err(text);
        }
        let specs = look.hpa.items_at("/spec/metrics").to_vec();
        let mut statuses: Vec<Value> = Vec::new();
        let (mut best, mut first_trouble, mut troubles) = (None::<(i64, String)>, None, 0);
        for metric in &specs {
            match proposal(api, look, &selector, metric) {
                Ok((size, name, status)) => {
                    statuses.push(status);
                    if best.as_ref().is_none_or(|(most, _)| size > *most) {
                        best = Some((size, name));
                    }
                }
                Err((reason, why)) => {
                    self.warn(&look.hpa, reason, &why, api);
                    statuses.push(json!({"type": ""}));
                    troubles += 1;
                    let what = whole_trouble(metric, &why);
                    first_trouble.get_or_insert((reason, why, what));
                }
            }
        }
        look.hpa.set("/status/currentMetrics", statuses);
        let shrinks = best.as_ref().is_some_and(|(size, _)| *size < look.size);
        if let Some((reason, why, what)) = first_trouble.filter(|_| best.is_none() || shrinks) {
            let text = ["the HPA was unable to compute the replica count: ", &why].concat();
            look.set_condition("ScalingActive", false, reason, &text);
            return Err(alloc::format!("invalid metrics ({troubles} invalid out of {}), first error is: {what}", specs.len()));
        }
        let (size, name) = best.unwrap_or((look.size, String::new()));
        let text = ["the HPA was able to successfully calculate a replica count from ", &name].concat();
        look.set_condition("ScalingActive", true, "ValidMetricFound", &text);
        Ok((size, name))
    }
}
