//! From what Pods use to how many there should be. Models `pkg/controller/podautoscaler/replica_calculator.go`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::counts;
use crate::api::Api;
use crate::control::pods;
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::selector::Selector;
use crate::object::value::{at, str_at, text_at};
use crate::text::timestamp;

/// So long after its start a Pod's CPU counts only once it is ready.
const BEGINNING_MS: i64 = 300_000;
/// A Pod that was never ready for this long after its start is taken as not ready yet.
const FIRST_READY_MS: i64 = 30_000;

/// Over so long a time a use is measured: one that began before the Pod was ready says nothing.
const WINDOW_MS: i64 = 15_000;

/// What is wanted of each Pod.
#[derive(Clone, Copy)]
pub enum Goal {
    /// A percentage of what it asks for.
    Percent(i64),
    /// An amount, in thousandths.
    Amount(i64),
}

/// What was found.
pub struct Found {
    /// The size that is wanted.
    pub size: i64,
    /// The percentage of what is asked for, where that is the goal.
    pub percent: Option<i64>,
    /// What a Pod uses on average, in thousandths.
    pub average: i64,
}

/// One Pod that counts: what it uses and asks for, in thousandths.
#[derive(Clone, Copy)]
struct Share {
    used: i64,
    asked: i64,
}

fn milli(text: &str) -> i64 {
    Quantity::parse(text).map_or(0, |q| q.milli_value())
}

/// What a Pod asks for of a resource; of one container if it is named.
fn asked(pod: &Object, resource: &str, container: &str) -> Result<i64, String> {
    let mut sum = 0_i64;
    for c in pod.items_at("/spec/containers").iter().filter(|c| container.is_empty() || text_at(c, "name") == container) {
        let Some(text) = at(c, "resources/requests").and_then(|r| str_at(r, resource)) else {
            return Err(alloc::format!("missing request for {resource} in container {} of Pod {}", text_at(c, "name"), pod.name()));
        };
        sum = sum.saturating_add(milli(text));
    }
    Ok(sum)
}

/// What a Pod uses of a resource, and when that was measured.
fn used(api: &Api, pod: &Object, resource: &str, container: &str) -> Option<(i64, i64)> {
    let usage = api.usage.of(&pod.meta.uid)?;
    let of = usage.containers.iter().filter(|(name, _)| container.is_empty() || **name == *container);
    let one = |u: &crate::api::usage::Used| if resource == "cpu" { u.cpu_m } else { u.memory.saturating_mul(1000) };
    Some((of.map(|(_, u)| one(u)).fold(0_i64, i64::saturating_add), usage.at_ms))
}

/// Whether a Pod's CPU says nothing yet.
fn is_beginning(pod: &Object, measured_ms: i64, now_ms: i64) -> bool {
    let started = timestamp::parse_rfc3339_ms(pod.text_at("/status/startTime"));
    let (Some(ready), Some(started)) = (pods::condition(pod, "Ready"), started) else { return true };
    let since = timestamp::parse_rfc3339_ms(text_at(ready, "lastTransitionTime")).unwrap_or_default();
    let is_ready = text_at(ready, "status") == "True";
    match started + BEGINNING_MS > now_ms {
        true => !is_ready || measured_ms < since + WINDOW_MS,
        false => !is_ready && started + FIRST_READY_MS > since,
    }
}

/// Pods by what is known of them.
#[derive(Default)]
struct Groups {
    ready: Vec<Share>,
    unready: Vec<i64>,
    missing: Vec<i64>,
}

fn group(api: &Api, all: &[&Object], resource: &str, container: &str, percent: bool) -> Result<Groups, String> {
    let mut groups = Groups::default();
    let mut refused = None;
    for pod in all {
        if pod.is_deleting() || pod.text_at("/status/phase") == "Failed" {
            continue;
        }
        let asked = match asked(pod, resource, container) {
            Err(why) if percent => {
                refused = refused.or(Some(why));
                0
            }
            amount => amount.unwrap_or(0),
        };
        match used(api, pod, resource, container) {
            _ if pod.text_at("/status/phase") == "Pending" => groups.unready.push(asked),
            None => groups.missing.push(asked),
            Some((_, at_ms)) if resource == "cpu" && is_beginning(pod, at_ms, api.wall_ms()) => groups.unready.push(asked),
            Some((used, _)) => groups.ready.push(Share { used, asked }),
        }
    }
    if groups.ready.is_empty() {
        return Err("did not receive metrics for targeted pods (pods might be unready)".to_string());
    }
    refused.map_or(Ok(groups), Err)
}

/// What these Pods use, in the unit of the goal, with the goal.
fn compare(shares: &[Share], goal: Goal) -> (i64, i64) {
    let used: i64 = shares.iter().map(|s| s.used).fold(0, i64::saturating_add);
    match goal {
        Goal::Percent(target) => {
            let asked: i64 = shares.iter().map(|s| s.asked).fold(0, i64::saturating_add);
            (used.saturating_mul(100) / asked.max(1), target.max(1))
        }
        Goal::Amount(target) => (used / i64::try_from(shares.len()).unwrap_or(1).max(1), target.max(1)),
    }
}

/// How far below and above the goal the use may be before anything is done, in thousandths of the goal.
pub type Tolerance = (i64, i64);

/// Whether the use is so near to the goal that nothing is done.
fn is_close((now, target): (i64, i64), (below, above): Tolerance) -> bool {
    let off = (now - target).saturating_mul(1000);
    off >= target.saturating_mul(-below) && off <= target.saturating_mul(above)
}

fn scaled((now, target): (i64, i64), count: usize) -> i64 {
    let product = now.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX));
    product.saturating_add(target - 1) / target
}

/// The size at which a resource would be used as wanted. `container` names one container, or none.
///
/// # Errors
/// Why nothing can be said, as the conditions tell it.
pub fn find(
    api: &Api,
    ns: &str,
    selector: &Selector,
    (name, container): (&str, &str),
    size: i64,
    goal: Goal,
    tolerance: Tolerance,
) -> Result<Found, String> {
    let percent = matches!(goal, Goal::Percent(_));
    let what = ["unable to get metrics for resource ", name, ": "].concat();
    if !api.usage.served {
        let why =
            "unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";
        return Err([&what, why].concat());
    }
    let all: Vec<&Object> =
        api.list(crate::object::resources::PODS, Some(ns)).filter(|p| selector.matches(&p.meta)).map(|p| &**p).collect();
    if !all.iter().any(|p| counts(p) && api.usage.of(&p.meta.uid).is_some()) {
        return Err([&what, "no metrics returned from resource metrics API"].concat());
    }
    let Groups { ready, unready, missing } = group(api, &all, name, container, percent)?;
    let first = compare(&ready, goal);
    let average = ready.iter().map(|s| s.used).fold(0, i64::saturating_add) / i64::try_from(ready.len()).unwrap_or(1).max(1);
    let found = |size: i64| Found { size, percent: percent.then_some(first.0), average };
    let up = first.0 > first.1;
    if (unready.is_empty() || !up) && missing.is_empty() {
        return Ok(found(if is_close(first, tolerance) { size } else { scaled(first, ready.len()) }));
    }
    let full = |asked: i64| match goal {
        Goal::Percent(target) => asked.saturating_mul(target.max(100)) / 100,
        Goal::Amount(target) => target,
    };
    let mut shares = ready;
    let filled = |asked: i64| Share { used: if up { 0 } else { full(asked) }, asked };
    shares.extend(missing.into_iter().filter(|_| first.0 != first.1).map(filled));
    if up {
        shares.extend(unready.into_iter().map(|asked| Share { used: 0, asked }));
    }
    let second = compare(&shares, goal);
    let turned = (first.0 < first.1) != (second.0 < second.1) || (first.0 > first.1) != (second.0 > second.1);
    let size_then = scaled(second, shares.len());
    let wrong = second.0 < second.1 && size_then > size || second.0 > second.1 && size_then < size;
    Ok(found(if is_close(second, tolerance) || turned || wrong { size } else { size_then }))
}
