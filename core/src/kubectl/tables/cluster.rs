//! Namespaces, Events, priority classes, leases.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use serde_json::Value;

use super::cells::{age, scalar, since};
use crate::object::Object;
use crate::text::timestamp::parse_rfc3339_ms;

/// The cells of a Namespace.
pub fn namespace(o: &Object, now_ms: i64) -> Vec<String> {
    vec![o.name().to_string(), o.text_at("/status/phase").to_string(), age(o, now_ms)]
}

/// When an Event was first and last seen, and how often.
pub fn seen(o: &Object) -> (Option<i64>, Option<i64>, i64) {
    let moment = |path: &str| parse_rfc3339_ms(o.text_at(path));
    let first = moment("/firstTimestamp").or_else(|| moment("/eventTime"));
    let last = moment("/series/lastObservedTime").or_else(|| moment("/lastTimestamp")).or(first);
    let count = o.i64_at("/series/count").unwrap_or_else(|| o.i64_at("/count").unwrap_or(0).max(1));
    (first, last, count)
}

/// Who recorded an Event: component and host.
pub fn source(o: &Object) -> String {
    let pick = |a: &str, b: &str| match o.text_at(a) {
        "" => o.text_at(b).to_string(),
        text => text.to_string(),
    };
    let component = pick("/source/component", "/reportingComponent");
    let host = pick("/source/host", "/reportingInstance");
    if host.is_empty() { component } else { format!("{component}, {host}") }
}

/// The cells of an Event.
pub fn event(o: &Object, now_ms: i64) -> Vec<String> {
    let (first, last, count) = seen(o);
    let kind = o.text_at("/involvedObject/kind").to_lowercase();
    let target = match o.text_at("/involvedObject/name") {
        "" => kind,
        name => format!("{kind}/{name}"),
    };
    vec![
        since(last, now_ms),
        o.text_at("/type").to_string(),
        o.text_at("/reason").to_string(),
        target,
        o.text_at("/involvedObject/fieldPath").to_string(),
        source(o),
        o.text_at("/message").trim().to_string(),
        since(first, now_ms),
        count.to_string(),
        o.name().to_string(),
    ]
}

/// The cells of a PriorityClass.
pub fn priority_class(o: &Object, now_ms: i64) -> Vec<String> {
    vec![
        o.name().to_string(),
        o.at("/value").map_or_else(|| "0".to_string(), scalar),
        o.at("/globalDefault").and_then(Value::as_bool).unwrap_or(false).to_string(),
        age(o, now_ms),
        o.text_at("/preemptionPolicy").to_string(),
    ]
}

/// The cells of a Lease.
pub fn lease(o: &Object, now_ms: i64) -> Vec<String> {
    vec![o.name().to_string(), o.text_at("/spec/holderIdentity").to_string(), age(o, now_ms)]
}
