//! How a Pod is doing in a few words: what the columns READY, STATUS and RESTARTS say. Models `printPod`.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

use super::Object;
use super::value::{at, bool_at, i64_at, text_at};
use crate::text::timestamp::parse_rfc3339_ms;

/// What the columns READY, STATUS and RESTARTS say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Containers that are ready.
    pub ready: usize,
    /// Containers that should be, sidecars included.
    pub total: usize,
    /// `Running`, `CrashLoopBackOff`, `Init:0/2` …
    pub status: String,
    /// Restarts of all containers.
    pub restarts: i64,
    /// When the last of them ended, in milliseconds since 1970.
    pub last_restart_ms: Option<i64>,
}

fn restartable(container: &Value) -> bool {
    text_at(container, "restartPolicy") == "Always"
}

fn ended_ms(status: &Value) -> Option<i64> {
    parse_rfc3339_ms(text_at(status, "lastState/terminated/finishedAt"))
}

/// How a container ended: its reason, or the signal or code.
fn ending(terminated: &Value) -> String {
    match (text_at(terminated, "reason"), i64_at(terminated, "signal").unwrap_or(0)) {
        ("", 0) => format!("ExitCode:{}", i64_at(terminated, "exitCode").unwrap_or(0)),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_string(),
    }
}

/// Puts READY, STATUS and RESTARTS together.
pub fn summary(pod: &Object) -> Summary {
    let inits = pod.items_at("/spec/initContainers");
    let total = pod.items_at("/spec/containers").len() + inits.iter().filter(|c| restartable(c)).count();
    let phase = pod.text_at("/status/phase");
    let own = pod.text_at("/status/reason");
    let mut s =
        Summary { ready: 0, total, status: if own.is_empty() { phase } else { own }.to_string(), restarts: 0, last_restart_ms: None };
    let gated = |c: &Value| text_at(c, "type") == "PodScheduled" && text_at(c, "reason") == "SchedulingGated";
    if pod.items_at("/status/conditions").iter().any(gated) {
        s.status = "SchedulingGated".to_string();
    }
    let sidecars = init_containers(pod, &mut s);
    let initialized = is_true(pod, "Initialized");
    if sidecars.initializing && !initialized {
        return finish(pod, phase, s);
    }
    s.restarts = sidecars.restarts;
    s.last_restart_ms = sidecars.last_restart_ms;
    let mut running = false;
    for status in pod.items_at("/status/containerStatuses").iter().rev() {
        s.restarts += i64_at(status, "restartCount").unwrap_or(0);
        s.last_restart_ms = s.last_restart_ms.max(ended_ms(status));
        let waiting = text_at(status, "state/waiting/reason");
        if !waiting.is_empty() {
            s.status = waiting.to_string();
        } else if let Some(terminated) = at(status, "state/terminated") {
            s.status = ending(terminated);
        } else if bool_at(status, "ready") && at(status, "state/running").is_some() {
            running = true;
            s.ready += 1;
        }
    }
    if s.status == "Completed" && running {
        s.status = if is_true(pod, "Ready") { "Running" } else { "NotReady" }.to_string();
    }
    finish(pod, phase, s)
}

/// A Pod on its way out says so, whatever its containers do.
fn finish(pod: &Object, phase: &str, mut s: Summary) -> Summary {
    if pod.is_deleting() && pod.text_at("/status/reason") == "NodeLost" {
        s.status = "Unknown".to_string();
    } else if pod.is_deleting() && !matches!(phase, "Succeeded" | "Failed") {
        s.status = "Terminating".to_string();
    }
    s
}

struct Sidecars {
    initializing: bool,
    restarts: i64,
    last_restart_ms: Option<i64>,
}

/// Goes through the init containers up to the one that is not done; sidecars that run count as ready.
fn init_containers(pod: &Object, s: &mut Summary) -> Sidecars {
    let inits = pod.items_at("/spec/initContainers");
    let mut sidecars = Sidecars { initializing: false, restarts: 0, last_restart_ms: None };
    for (i, status) in pod.items_at("/status/initContainerStatuses").iter().enumerate() {
        s.restarts += i64_at(status, "restartCount").unwrap_or(0);
        s.last_restart_ms = s.last_restart_ms.max(ended_ms(status));
        let sidecar = inits.iter().find(|c| text_at(c, "name") == text_at(status, "name")).is_some_and(restartable);
        if sidecar {
            sidecars.restarts += i64_at(status, "restartCount").unwrap_or(0);
            sidecars.last_restart_ms = sidecars.last_restart_ms.max(ended_ms(status));
        }
        let terminated = at(status, "state/terminated");
        let waiting = text_at(status, "state/waiting/reason");
        if terminated.is_some_and(|t| i64_at(t, "exitCode").unwrap_or(0) == 0) {
            continue;
        }
        if sidecar && bool_at(status, "started") {
            s.ready += usize::from(bool_at(status, "ready"));
            continue;
        }
        s.status = match terminated {
            Some(terminated) => format!("Init:{}", ending(terminated)),
            None if !waiting.is_empty() && waiting != "PodInitializing" => format!("Init:{waiting}"),
            None => format!("Init:{i}/{}", inits.len()),
        };
        sidecars.initializing = true;
        break;
    }
    sidecars
}

/// Whether a condition is True.
pub fn is_true(object: &Object, condition: &str) -> bool {
    object.items_at("/status/conditions").iter().any(|c| text_at(c, "type") == condition && text_at(c, "status") == "True")
}
