//! Cells that many kinds share: ages, containers and images, selectors, lists that end in `+ 2 more...`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use serde_json::Value;

use crate::object::Object;
pub use crate::object::pod_summary::is_true;
use crate::object::selector::Selector;
use crate::object::value::{items_at, pairs_at, text_at};
use crate::text::{duration, timestamp};

/// How long ago a moment was; `<unknown>` when there is none.
pub fn since(moment_ms: Option<i64>, now_ms: i64) -> String {
    moment_ms.map_or_else(|| "<unknown>".to_string(), |at| duration::human(now_ms.saturating_sub(at)))
}

/// How long ago the time at `path` was.
pub fn since_at(value: &Value, path: &str, now_ms: i64) -> String {
    since(timestamp::parse_rfc3339_ms(text_at(value, path)), now_ms)
}

/// The object's age.
pub fn age(object: &Object, now_ms: i64) -> String {
    since(object.meta.creation, now_ms)
}

/// Name and creation time, all that some kinds show.
pub fn created_at(object: &Object, _now_ms: i64) -> Vec<String> {
    vec![object.name().to_string(), object.meta.creation.map_or_else(String::new, timestamp::rfc3339)]
}

/// Text, or `<none>` for none.
pub fn or_none(text: &str) -> String {
    if text.is_empty() { "<none>".to_string() } else { text.to_string() }
}

/// The number at `path`, zero when there is none.
pub fn count(object: &Object, path: &str) -> String {
    object.i64_at(path).unwrap_or(0).to_string()
}

/// Names and images of the containers in a Pod's spec, each separated by commas.
pub fn containers(spec: Option<&Value>) -> [String; 2] {
    let all = spec.map_or(&[][..], |spec| items_at(spec, "containers"));
    let join = |field: &str| all.iter().map(|c| text_at(c, field)).collect::<Vec<_>>().join(",");
    [join("name"), join("image")]
}

/// A `LabelSelector`: `app=web`, `<none>`.
pub fn selector(value: Option<&Value>) -> String {
    Selector::from_label_selector(value).map_or_else(|_| "<error>".to_string(), |selector| selector.print_or_none())
}

/// Label pairs at `path`: `a=b,c=d`, `<none>`.
pub fn labels(value: &Value, path: &str) -> String {
    let pairs: Vec<String> = pairs_at(value, path).map(|(k, v)| format!("{k}={v}")).collect();
    or_none(&pairs.join(","))
}

/// The first three and how many more there are; `empty` for none.
pub fn first_three(all: &[String], empty: &str) -> String {
    let shown = all.get(..3.min(all.len())).unwrap_or_default().join(",");
    match all.len() {
        0 => empty.to_string(),
        n if n > 3 => format!("{shown} + {} more...", n - 3),
        _ if shown.is_empty() => empty.to_string(),
        _ => shown,
    }
}

/// A scalar as text: what a JSON value looks like in a cell.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "<none>".to_string(),
        other => crate::text::json::compact(other),
    }
}
