//! What the containers of the brought Pods do, by what their statuses say.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::refs::{containers, pod_spec};
use crate::api::seen::{Act, Seen, command, place};
use crate::object::Object;
use crate::object::value::{at, bool_at, i64_at, items_at, text_at};
use crate::text::timestamp;

/// The longest that a container is said to take until it crashes, in milliseconds.
const LONGEST_RUN_MS: i64 = 60_000;

/// A container that crashed before and has not run for longer than this yet is about to crash again, in milliseconds.
const YOUNG_MS: i64 = 600_000;

/// So many restarts make a habit.
const HABIT: i64 = 3;

/// What containers do in the cluster of these objects, which was looked at at this wall-clock time.
pub fn seen(objects: &[Object], seen_ms: i64) -> Seen {
    let mut seen = Seen::default();
    let mut pulled: Vec<&str> = Vec::new();
    let mut acts: BTreeMap<String, Vec<(Act, (Rc<str>, String))>> = BTreeMap::new();
    for pod in objects.iter().filter(|o| o.ty.kind == "Pod") {
        for (container, status) in pairs(pod) {
            let image = text_at(container, "image");
            match text_at(status, "state/waiting/reason") {
                "ErrImagePull" | "ImagePullBackOff" => {
                    let said = text_at(status, "state/waiting/message");
                    let why = said.split_once("ErrImagePull: ").map_or(said, |(_, why)| why);
                    seen.refused.insert(image.to_string(), why.to_string());
                }
                _ if !text_at(status, "imageID").is_empty() => pulled.push(image),
                _ => {}
            }
            if let Some(act) = act(status, seen_ms) {
                let whose = (pod.meta.uid.clone(), text_at(container, "name").to_string());
                acts.entry(command(container)).or_default().push((act, whose));
            }
        }
    }
    pulled.iter().for_each(|image| drop(seen.refused.remove(*image)));
    for (command, all) in acts {
        // A new container does the best that any of its like does.
        let Some(usual) = all.iter().map(|(act, _)| *act).max_by_key(|act| (act.ends.is_none(), act.ready)) else { continue };
        seen.by_pod.extend(all.into_iter().filter(|(act, _)| *act != usual).map(|(act, whose)| (whose, act)));
        seen.by_command.insert(command, usual);
    }
    for object in objects {
        for container in pod_spec(object).into_iter().flat_map(containers) {
            seen.places.insert(place(object.namespace(), container));
        }
    }
    seen
}

/// A Pod's containers, each with its status.
fn pairs(pod: &Object) -> impl Iterator<Item = (&Value, &Value)> {
    let lists = [("/spec/initContainers", "/status/initContainerStatuses"), ("/spec/containers", "/status/containerStatuses")];
    lists.into_iter().flat_map(move |(specs, statuses)| {
        let status = move |name: &str| pod.items_at(statuses).iter().find(|s| text_at(s, "name") == name);
        pod.items_at(specs).iter().filter_map(move |container| Some((container, status(text_at(container, "name"))?)))
    })
}

/// What a container with this status does; `None` if it has not run yet.
fn act(status: &Value, seen_ms: i64) -> Option<Act> {
    let last = at(status, "lastState/terminated");
    if let Some(running) = at(status, "state/running") {
        let began = timestamp::parse_rfc3339_ms(text_at(running, "startedAt")).unwrap_or(0);
        let habit = i64_at(status, "restartCount").unwrap_or(0) >= HABIT && seen_ms - began < YOUNG_MS;
        return match last.filter(|end| habit && i64_at(end, "exitCode") != Some(0) && ran_ms(end) < YOUNG_MS) {
            Some(end) => Some(failure(end)),
            None => Some(Act { ready: bool_at(status, "ready"), ..Act::RUNS }),
        };
    }
    if let Some(end) = at(status, "state/terminated") {
        return Some(failure(end));
    }
    match text_at(status, "state/waiting/reason") {
        "CrashLoopBackOff" | "RunContainerError" | "CreateContainerError" => Some(last.map_or(FAILS, failure)),
        _ => None,
    }
}

/// Fails at once, when nothing more is known.
const FAILS: Act = Act { ends: Some((0, 1)), out_of_memory: false, ready: false };

fn ran_ms(end: &Value) -> i64 {
    let time = |field: &str| timestamp::parse_rfc3339_ms(text_at(end, field));
    time("finishedAt").zip(time("startedAt")).map_or(0, |(end, begin)| end.saturating_sub(begin).max(0))
}

/// Does again what ended so.
fn failure(end: &Value) -> Act {
    let after = u64::try_from(ran_ms(end).min(LONGEST_RUN_MS)).unwrap_or(0);
    let code = i64_at(end, "exitCode").and_then(|code| i32::try_from(code).ok()).unwrap_or(1);
    Act { ends: Some((after, code)), out_of_memory: text_at(end, "reason") == "OOMKilled", ready: code == 0 }
}

/// The images of a list of statuses whose containers wait for what they lack: the names that its message quotes.
pub fn lacking(pod: &Object) -> impl Iterator<Item = &str> {
    let statuses = ["/status/initContainerStatuses", "/status/containerStatuses"].into_iter().flat_map(|list| pod.items_at(list));
    let lacks = |s: &&Value| text_at(s, "state/waiting/reason") == "CreateContainerConfigError";
    statuses.filter(lacks).flat_map(|s| text_at(s, "state/waiting/message").split('"').skip(1).step_by(2))
}

/// Whether a Pod's containers are all there is of it, or some are still on their way.
pub fn on_its_way(pod: &Object) -> bool {
    let all = items_at(pod.field("status").unwrap_or(&Value::Null), "containerStatuses");
    let waits = |s: &Value| matches!(text_at(s, "state/waiting/reason"), "ContainerCreating" | "PodInitializing");
    !pod.text_at("/spec/nodeName").is_empty() && (all.iter().any(waits) || pod.is_deleting())
}
