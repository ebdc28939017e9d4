//! The indexes of an Indexed Job: ranges as text, and what a Pod with an index carries.
//! Models `pkg/controller/job/indexed_job_utils.go`.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::object::Object;
use crate::object::value;

const INDEX: &str = "batch.kubernetes.io/job-completion-index";

/// The most indexes that are read from a text.
const MOST: i64 = 100_000;

/// `0,2-4` as a set.
pub fn parse(text: &str) -> BTreeSet<i64> {
    let mut all = BTreeSet::new();
    for part in text.split(',').filter(|p| !p.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        if let (Ok(first), Ok(last)) = (first.parse::<i64>(), last.parse::<i64>()) {
            all.extend((first..=last.min(first.saturating_add(MOST))).take(MOST as usize));
        }
    }
    all
}

/// A set as `0,2-4`.
pub fn print(all: &BTreeSet<i64>) -> String {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for index in all {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *index => *last = *index,
            _ => ranges.push((*index, *index)),
        }
    }
    let texts: Vec<String> = ranges
        .into_iter()
        .map(|(first, last)| match last - first {
            0 => first.to_string(),
            1 => alloc::format!("{first},{last}"),
            _ => alloc::format!("{first}-{last}"),
        })
        .collect();
    texts.join(",")
}

/// The index of a Pod.
pub fn of(pod: &Object) -> Option<i64> {
    pod.meta.annotation(INDEX)?.parse().ok()
}

/// A Pod with an index: in its name, label, annotation, host name and environment.
pub fn give(mut pod: Object, job: &Object, index: i64) -> Object {
    let text = index.to_string();
    pod.meta.set_label(INDEX, Some(&text));
    pod.meta.set_annotation(INDEX, Some(&text));
    let host = [job.name(), "-", &text].concat();
    pod.meta.set_extra("generateName", Value::from([host.as_str(), "-"].concat()));
    pod.set("/spec/hostname", host);
    let path = ["metadata.labels['", INDEX, "']"].concat();
    let variable = json!({"name": "JOB_COMPLETION_INDEX", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": path}}});
    for list in ["/spec/containers", "/spec/initContainers"] {
        let mut containers = pod.items_at(list).to_vec();
        for container in &mut containers {
            let mut env = value::items_at(container, "env").to_vec();
            if !env.iter().any(|e| value::text_at(e, "name") == "JOB_COMPLETION_INDEX") {
                env.push(variable.clone());
            }
            value::set(container, "env", env);
        }
        if !containers.is_empty() {
            pod.set(list, containers);
        }
    }
    pod
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(print(&parse("0-2,4,6-7")), "0-2,4,6,7");
        assert_eq!(print(&parse("")), "");
    }
}
