//! The status of a Pod as its kubelet writes it. Models `pkg/kubelet` generateAPIPodStatus and `pkg/kubelet/status`.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

use super::worker::{Desk, Ended, Part, PodSandbox, Slot, Stage, Worker};
use crate::arrange::Arrange;
use crate::object::Object;
use crate::object::resources::PODS;
use crate::object::value::{at, items_at, set, text_at};
use crate::text::timestamp;

/// The conditions that kubelets write, in their order.
const CONDITIONS: [&str; 7] =
    ["PodResizePending", "PodResizeInProgress", "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

/// What a kubelet writes anew whenever it writes a status.
const OWN: &[&str] =
    &["conditions", "containerStatuses", "hostIP", "hostIPs", "initContainerStatuses", "observedGeneration", "phase", "podIP", "podIPs"];

impl Worker {
    /// Writes the status that the Pod's state amounts to, if it differs from the one written before.
    pub fn write_status(&mut self, d: &mut Desk<'_, '_>) {
        if d.cx.api.get(PODS, &self.key).is_some_and(|stored| self.has_news(stored)) {
            self.put_status(d);
        }
    }

    /// The same of a Pod of which there may be nothing new to tell.
    pub(super) fn put_status(&mut self, d: &mut Desk<'_, '_>) {
        if !d.node.lives() {
            return;
        }
        let Some(stored) = d.cx.api.get(PODS, &self.key).filter(|o| o.meta.uid == self.uid).cloned() else { return };
        self.take_pod(stored.clone());
        let now = d.cx.api.timestamp();
        let status = self.status(&stored, &d.node.ip, &now);
        if stored.field("status") == Some(&status) {
            return;
        }
        let mut object = (*stored).clone();
        object.fields.insert("status".to_string(), Rc::new(status));
        if let Ok(stored) = d.cx.api.update(object) {
            self.take_pod(stored);
        }
    }

    /// The status as JSON.
    fn status(&self, stored: &Object, host: &str, now: &str) -> Value {
        let mut map: Map<String, Value> = match stored.field("status") {
            Some(Value::Object(map)) => {
                map.iter().filter(|(key, _)| !OWN.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect()
            }
            _ => Map::new(),
        };
        let mut put = |key: &str, v: Value| {
            map.insert(key.to_string(), v);
        };
        for (part, key) in
            [(Part::Main, "containerStatuses"), (Part::Init, "initContainerStatuses"), (Part::Ephemeral, "ephemeralContainerStatuses")]
        {
            let own: Vec<&Slot> = self.slots.iter().filter(|s| s.part.specs() == part.specs()).collect();
            if part == Part::Main || !own.is_empty() {
                put(key, self.container_statuses(&own));
            }
        }
        put("hostIP", host.into());
        put("hostIPs", json!([{"ip": host}]));
        let old_ip = stored.text_at("/status/podIP");
        let ip = if self.ip.is_empty() { old_ip } else { &*self.ip };
        if !ip.is_empty() {
            put("podIP", ip.into());
            put("podIPs", json!([{"ip": ip}]));
        }
        let phase = self.phase(stored.text_at("/status/phase"));
        put("phase", phase.into());
        put("observedGeneration", stored.meta.generation.into());
        if stored.text_at("/status/qosClass").is_empty() {
            put("qosClass", super::qos::class(stored).into());
        }
        if stored.text_at("/status/startTime").is_empty() {
            let seen = stored.meta.annotation("kubernetes.io/config.seen").and_then(timestamp::parse_rfc3339_ms);
            put("startTime", seen.map_or(now.into(), |ms| timestamp::rfc3339(ms).into()));
        }
        if self.slots.iter().any(|s| s.run.is_some()) || at(stored.field("status").unwrap_or(&Value::Null), "resources").is_some() {
            put("resources", stored.at("/spec/resources").cloned().unwrap_or_else(|| json!({})));
        }
        if let Some((reason, message)) = self.put_off.as_ref().filter(|_| self.stage == Stage::Over) {
            put("reason", (*reason).into());
            put("message", message.as_str().into());
        }
        let conditions = self.conditions(stored, phase, now);
        map.insert("conditions".to_string(), conditions);
        Value::Object(map)
    }

    /// The phase. A Pod that has run its course keeps its phase until its sandbox is down.
    fn phase(&self, before: &str) -> &'static str {
        let raw = self.raw_phase();
        if matches!(raw, "Succeeded" | "Failed") && self.stage != Stage::Over {
            return if before == "Running" { "Running" } else { "Pending" };
        }
        raw
    }

    /// Models getPhase.
    fn raw_phase(&self) -> &'static str {
        if self.put_off.is_some() && self.stage == Stage::Over {
            return "Failed";
        }
        let never = self.restart_policy() == "Never";
        let over = self.stage == Stage::Over;
        for slot in self.slots.iter().filter(|s| s.part == Part::Init) {
            match (&slot.run, &slot.ended) {
                (None, Some(e)) if e.code != 0 && (never || over) => return "Failed",
                (None, Some(e)) if e.code == 0 => {}
                _ if over => return "Failed",
                _ => return "Pending",
            }
        }
        let mains = || self.slots.iter().filter(|s| s.part == Part::Main);
        let waiting = mains().any(|s| s.run.is_none() && s.ended.is_none());
        if waiting {
            return if over { "Failed" } else { "Pending" };
        }
        if mains().any(|s| s.run.is_some()) {
            return "Running";
        }
        let well = mains().all(|s| s.ended.as_ref().is_some_and(|e| e.code == 0));
        match (self.restart_policy(), well) {
            _ if over => {
                if well {
                    "Succeeded"
                } else {
                    "Failed"
                }
            }
            ("Always", _) | ("OnFailure", false) => "Running",
            (_, true) => "Succeeded",
            _ => "Failed",
        }
    }

    fn container_statuses(&self, slots: &[&Slot]) -> Value {
        let mut slots: Vec<&&Slot> = slots.iter().collect();
        if slots.first().is_some_and(|s| matches!(s.part, Part::Main | Part::Ephemeral)) {
            slots.arrange_by(|a, b| a.name.cmp(&b.name));
        }
        slots.into_iter().map(|s| self.container_status(s)).collect::<Vec<_>>().into()
    }

    fn container_status(&self, slot: &Slot) -> Value {
        let spec = self.spec(slot);
        let mut v = json!({"name": &*slot.name, "restartCount": slot.restarts, "imageID": "", "image": text_at(spec, "image")});
        if let Some(image) = slot.image.as_ref().filter(|_| slot.run.is_some() || slot.ended.as_ref().is_some_and(|e| !e.id.is_empty())) {
            set(&mut v, "image", image.name.as_str());
            set(&mut v, "imageID", image.id.as_str());
        }
        let (state, last) = self.states(slot);
        set(&mut v, "state", state);
        set(&mut v, "lastState", last);
        let id = slot.run.as_ref().map(|r| r.id.as_str()).or(slot.ended.as_ref().map(|e| e.id.as_str())).unwrap_or_default();
        if !id.is_empty() {
            set(&mut v, "containerID", id);
        }
        let done = slot.part == Part::Init && slot.run.is_none() && slot.ended.as_ref().is_some_and(|e| e.code == 0);
        set(&mut v, "ready", done || is_ready(slot));
        if slot.part != Part::Ephemeral {
            set(&mut v, "started", slot.run.as_ref().is_some_and(|r| r.started && (slot.part != Part::Init)));
        }
        if slot.run.is_some() {
            let asked = at(spec, "resources");
            let granted = slot.granted.as_ref().or(asked);
            set(&mut v, "resources", slot.applied.as_ref().or(granted).cloned().unwrap_or_else(|| json!({})));
            if let Some(requests) = granted.and_then(|r| at(r, "requests")) {
                set(&mut v, "allocatedResources", requests.clone());
            }
            let who = self.identity(slot);
            set(&mut v, "user", json!({"linux": {"uid": who.uid, "gid": who.gid, "supplementalGroups": who.groups}}));
        }
        let mounts: Vec<Value> = items_at(spec, "volumeMounts").iter().map(mount_status).collect();
        if !mounts.is_empty() {
            set(&mut v, "volumeMounts", mounts);
        }
        v
    }

    /// What a container's status says of now and of before.
    fn states(&self, slot: &Slot) -> (Value, Value) {
        let before = |e: &Option<Ended>| e.as_ref().map_or_else(|| json!({}), terminated);
        if let Some(run) = &slot.run {
            return (json!({"running": {"startedAt": timestamp::rfc3339(run.started_ms)}}), before(&slot.ended));
        }
        // A container that is not started again stays as it ended, though the kubelet remembers why it did not start.
        let over = slot.ended.as_ref().is_some_and(|e| e.reason == "StartError") && self.restart_policy() == "Never";
        if let Some((reason, message)) = slot.waiting.as_ref().filter(|_| !over) {
            return (json!({"waiting": {"reason": reason, "message": message}}), before(&slot.ended));
        }
        if let Some(ended) = &slot.ended {
            return (terminated(ended), before(&slot.last));
        }
        let reason =
            if self.slots.iter().any(|s| matches!(s.part, Part::Init | Part::Sidecar)) { "PodInitializing" } else { "ContainerCreating" };
        (json!({"waiting": {"reason": reason}}), json!({}))
    }

    fn conditions(&self, stored: &Object, phase: &str, now: &str) -> Value {
        let old = stored.items_at("/status/conditions");
        let mut all: Vec<Value> = old.iter().filter(|c| !CONDITIONS.contains(&text_at(c, "type"))).cloned().collect();
        let disrupted = match &self.put_off {
            Some(("Evicted", message)) => Some(message.as_str()),
            Some((super::preempt::REASON, _)) => Some(super::preempt::CONDITION),
            _ => None,
        };
        if let Some(message) = disrupted.filter(|_| self.stage == Stage::Over) {
            all.push(json!({
                "type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet", "message": message,
                "lastProbeTime": null, "lastTransitionTime": now, "observedGeneration": stored.meta.generation,
            }));
        }
        all.extend(self.resize.as_ref().map(|resize| resize.condition(old, now)));
        let sandbox = matches!(self.sandbox, PodSandbox::Up);
        let unready: Vec<&str> = self.slots.iter().filter(|s| !is_ready(s)).map(|s| &*s.name).collect();
        let unready: Vec<&str> = unready.into_iter().filter(|n| self.slot_named(n).is_some_and(|i| self.counts_for_ready(i))).collect();
        let (ready, reason, message) = match phase {
            "Succeeded" => (false, "PodCompleted", String::new()),
            "Failed" => (false, "PodFailed", String::new()),
            _ if unready.is_empty() => (true, "", String::new()),
            _ => (false, "ContainersNotReady", ["containers with unready status: [", &unready.join(" "), "]"].concat()),
        };
        let (init, init_reason, init_message) = self.initialized(phase);
        let (gates, gate_message) = readiness_gates(stored, old);
        let ready_all = if ready && !gates { (false, "ReadinessGatesNotReady", gate_message) } else { (ready, reason, message.clone()) };
        for (kind, (ok, why, text)) in [
            ("PodReadyToStartContainers", (sandbox, "", String::new())),
            ("Initialized", (init, init_reason, init_message)),
            ("Ready", ready_all),
            ("ContainersReady", (ready, reason, message)),
            ("PodScheduled", (true, "", String::new())),
        ] {
            let status = if ok { "True" } else { "False" };
            let before = old.iter().find(|c| text_at(c, "type") == kind && text_at(c, "status") == status);
            let since = before.map_or(now, |c| text_at(c, "lastTransitionTime"));
            let mut c = json!({
                "type": kind, "status": status, "lastProbeTime": null, "lastTransitionTime": since,
                "observedGeneration": stored.meta.generation,
            });
            for (key, value) in [("reason", why), ("message", &text)] {
                if !value.is_empty() {
                    set(&mut c, key, value);
                }
            }
            all.push(c);
        }
        Value::Array(all)
    }

    /// Whether a container has a say in whether the Pod is ready.
    fn counts_for_ready(&self, slot: usize) -> bool {
        self.slots.get(slot).is_some_and(|s| matches!(s.part, Part::Main | Part::Sidecar))
    }

    fn initialized(&self, phase: &str) -> (bool, &'static str, String) {
        if phase == "Succeeded" {
            return (true, "PodCompleted", String::new());
        }
        if self.slots.iter().any(|s| s.part == Part::Main && (s.run.is_some() || s.ended.as_ref().is_some_and(|e| !e.id.is_empty()))) {
            return (true, "", String::new());
        }
        let done = |s: &&Slot| match s.part {
            Part::Init => s.run.is_none() && s.ended.as_ref().is_some_and(|e| e.code == 0),
            Part::Sidecar => s.run.as_ref().is_some_and(|r| r.started),
            Part::Main | Part::Ephemeral => true,
        };
        let missing: Vec<&str> = self.slots.iter().filter(|s| !done(s)).map(|s| &*s.name).collect();
        if missing.is_empty() {
            return (true, "", String::new());
        }
        (false, "ContainersNotInitialized", ["containers with incomplete status: [", &missing.join(" "), "]"].concat())
    }
}

/// Whether a container is ready.
pub fn is_ready(slot: &Slot) -> bool {
    matches!(slot.part, Part::Main | Part::Sidecar) && slot.run.as_ref().is_some_and(|r| r.started && r.ready)
}

fn readiness_gates(pod: &Object, conditions: &[Value]) -> (bool, String) {
    let missing: Vec<String> = pod
        .items_at("/spec/readinessGates")
        .iter()
        .filter_map(|g| {
            let kind = text_at(g, "conditionType");
            match conditions.iter().find(|c| text_at(c, "type") == kind) {
                None => Some(alloc::format!("corresponding condition of pod readiness gate {kind:?} does not exist.")),
                Some(c) if text_at(c, "status") != "True" => {
                    Some(alloc::format!("the status of pod readiness gate {kind:?} is not \"True\", but {}", text_at(c, "status")))
                }
                Some(_) => None,
            }
        })
        .collect();
    (missing.is_empty(), missing.join(", "))
}

fn terminated(ended: &Ended) -> Value {
    let time = |ms: Option<i64>| ms.map_or(Value::Null, |ms| timestamp::rfc3339(ms).into());
    let mut v = json!({"exitCode": ended.code, "reason": ended.reason});
    match (ended.started_ms, ended.finished_ms) {
        (None, Some(_)) => set(&mut v, "startedAt", timestamp::rfc3339(0)),
        (started, _) => set(&mut v, "startedAt", time(started)),
    }
    set(&mut v, "finishedAt", time(ended.finished_ms));
    if !ended.id.is_empty() {
        set(&mut v, "containerID", ended.id.as_str());
    }
    if !ended.message.is_empty() {
        set(&mut v, "message", ended.message.as_str());
    }
    json!({"terminated": v})
}

fn mount_status(mount: &Value) -> Value {
    let mut v = json!({"mountPath": text_at(mount, "mountPath"), "name": text_at(mount, "name")});
    if crate::object::value::bool_at(mount, "readOnly") {
        set(&mut v, "readOnly", true);
        set(&mut v, "recursiveReadOnly", "Disabled");
    }
    v
}
