//! Traces: the order in which the objects of a cluster changed. Their shape and how two are compared.
//!
//! Recording one from the engine is in `record`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A scenario of changes.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Trace {
    /// Unique among traces; the stem of its file.
    pub name: String,
    /// Typed before recording began, the cluster coming to rest after each.
    #[serde(default)]
    pub setup: Vec<Action>,
    /// Typed one after another while recording, the cluster coming to rest after each.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// Whether Pods became ready at the same moment, so that only first, last and bounds count.
    #[serde(default)]
    pub loose: bool,
    /// Events (`KIND/NAME REASON`) that only one of two recordings had.
    #[serde(default)]
    pub varying: Vec<String>,
    /// The changes.
    #[serde(default)]
    pub trace: Vec<Map<String, Value>>,
}

/// One command of a trace.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Action {
    /// When it was typed, in seconds from the first.
    #[serde(default)]
    pub t: f64,
    /// The line for the shell.
    pub run: String,
    /// What it is given on standard input.
    #[serde(default)]
    pub stdin: Option<String>,
    /// What it printed.
    #[serde(default)]
    pub output: String,
}

/// What is held against a recording, each by itself.
pub const PARTS: [&str; 3] = ["sizes", "pods", "events"];

/// The kinds whose wanted size is followed.
const SIZED: [&str; 4] = ["ReplicaSet", "StatefulSet", "DaemonSet", "Deployment"];

fn text<'a>(row: &'a Map<String, Value>, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A name without what tells Pods of one owner apart.
fn owner(name: &str) -> String {
    let mut out = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("-<p") {
        out.push_str(before);
        let tail = after.trim_start_matches(|c: char| c.is_ascii_digit());
        match tail.strip_prefix('>') {
            Some(tail) if tail.len() + 1 < after.len() => rest = tail,
            _ => {
                out.push_str("-<p");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Every change of the wanted size of anything that has one, in order.
fn sizes(trace: &Trace) -> Vec<String> {
    let mut last: BTreeMap<(String, String), Value> = BTreeMap::new();
    let mut out = Vec::new();
    for row in &trace.trace {
        let Some(desired) = row.get("desired") else {
            continue;
        };
        let (kind, name) = (text(row, "kind"), text(row, "name"));
        if !SIZED.contains(&kind) {
            continue;
        }
        let key = (kind.to_owned(), name.to_owned());
        if last.get(&key) == Some(desired) {
            continue;
        }
        last.insert(key, desired.clone());
        if text(row, "type") != "EXISTING" {
            out.push(format!("{kind}/{name} {desired}"));
        }
    }
    out
}

/// The life of each Pod as one line, sorted; Pods of one owner are interchangeable.
fn pods(trace: &Trace) -> Vec<String> {
    let mut lives: Vec<(String, Vec<String>)> = Vec::new();
    for row in &trace.trace {
        if text(row, "kind") != "Pod" {
            continue;
        }
        let gone = text(row, "type") == "DELETED";
        let truth = |key| row.get(key).and_then(Value::as_bool) == Some(true);
        let containers: Vec<&str> =
            row.get("containers").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let state = format!(
            "{}{} {}{}{}",
            text(row, "phase"),
            if truth("ready") { " ready" } else { "" },
            containers.join("+"),
            if truth("deleting") || gone { " going" } else { "" },
            if gone { " gone" } else { "" },
        );
        let name = text(row, "name");
        match lives.iter_mut().find(|(pod, _)| pod == name) {
            Some((_, states)) if states.last() == Some(&state) => {}
            Some((_, states)) => states.push(state),
            None => lives.push((name.to_owned(), vec![state])),
        }
    }
    let mut lines: Vec<String> = lives.iter().map(|(name, states)| format!("{}: {}", owner(name), states.join(" > "))).collect();
    lines.sort();
    lines
}

/// Which Events there were (about what, reason), however often.
fn events(trace: &Trace, but: &[String]) -> Vec<String> {
    let rows = trace.trace.iter().filter(|row| text(row, "kind") == "Event");
    let seen: BTreeSet<String> =
        rows.map(|row| format!("{} {}", owner(text(row, "of")), text(row, "reason"))).filter(|event| !but.contains(event)).collect();
    seen.into_iter().collect()
}

/// The first change and the last of each: all that counts of a loose trace's sizes.
fn ends(sizes: &[String]) -> (Option<&String>, Vec<&String>) {
    let mut last: BTreeMap<&str, &String> = BTreeMap::new();
    for size in sizes {
        last.insert(size.split(' ').next().unwrap_or_default(), size);
    }
    let mut last: Vec<&String> = last.into_values().collect();
    last.sort();
    (sizes.first(), last)
}

/// The lines that others lack, those among them that they have less often.
fn without<'l>(lines: &'l [String], others: &[String]) -> impl Iterator<Item = &'l String> {
    let mut left = others.to_vec();
    lines.iter().filter(move |line| left.iter().position(|other| other == *line).map(|at| left.swap_remove(at)).is_none())
}

/// Holds a trace against the recorded one: the parts that differ, with what the real one had (`-`) and
/// ours had instead (`+`).
#[must_use]
pub fn judge(want: &Trace, got: &Trace) -> Vec<(&'static str, Vec<String>)> {
    let mut differing = Vec::new();
    let (a, b) = (sizes(want), sizes(got));
    let same = if want.loose { ends(&a) == ends(&b) } else { a == b };
    if !same {
        differing.push(("sizes", vec![a.join(", "), b.join(", ")]));
    }
    let but = &want.varying;
    for (part, real, ours) in [("pods", pods(want), pods(got)), ("events", events(want, but), events(got, but))] {
        if real != ours {
            let mut shown: Vec<String> = without(&real, &ours).map(|line| format!("-{line}")).collect();
            shown.extend(without(&ours, &real).map(|line| format!("+{line}")));
            differing.push((part, shown));
        }
    }
    differing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_there_less_often_is_told() {
        let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(without(&lines("a a b"), &lines("b a c")).collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn the_owner_of_a_pod_is_its_name_without_its_number() {
        assert_eq!(owner("web-<h1>-<p12>"), "web-<h1>");
        assert_eq!(owner("Pod/web-<h1>-<p1>"), "Pod/web-<h1>");
        assert_eq!(owner("db-0"), "db-0");
        assert_eq!(owner("x-<p>-<p"), "x-<p>-<p");
    }
}
