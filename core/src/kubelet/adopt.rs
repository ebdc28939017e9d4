//! Pods that were there before the kubelet: the base cluster's own, and mirrors of static Pods.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::ToString;
use serde_json::Value;

use super::Kubelet;
use super::behaviour::{self, OwnProcess};
use super::images;
use super::pull::LONGEST_BACK_OFF_MS;
use super::seen;
use super::worker::{Desk, Ended, Part, PodSandbox, Run, Slot, Stage, Worker, step};
use crate::api::runtime::ContainerProcess;
use crate::api::{Cx, DeleteOptions};
use crate::object::Object;
use crate::object::resources::PODS;
use crate::object::value::{at, bool_at, i64_at, str_at, text_at};
use crate::text::{duration, timestamp};
use crate::time::{Instant, TimerClass};

/// Until a kubelet looks again after a pull that failed.
const NEXT_LOOK_MS: u64 = 12_000;
/// What is left of the wait for the next pull, when nobody can tell.
const PULL_BACK_OFF_MS: u64 = 160_000;

/// Reasons that a container waits for, or has ended with, as the kubelet writes them.
const REASONS: [&str; 12] = [
    "CrashLoopBackOff",
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "OOMKilled",
    "StartError",
    "ContainerStatusUnknown",
    "DeadlineExceeded",
];

fn reason(text: &str) -> Option<&'static str> {
    REASONS.iter().copied().find(|known| *known == text)
}

/// How a container ended, by its status.
fn ended(end: &Value) -> Ended {
    let code = i64_at(end, "exitCode").and_then(|code| i32::try_from(code).ok()).unwrap_or(0);
    let time = |field: &str| timestamp::parse_rfc3339_ms(text_at(end, field));
    Ended {
        code,
        reason: reason(text_at(end, "reason")).unwrap_or(if code == 0 { "Completed" } else { "Error" }),
        message: text_at(end, "message").to_string(),
        started_ms: time("startedAt"),
        finished_ms: time("finishedAt"),
        id: text_at(end, "containerID").to_string(),
    }
}

impl Slot {
    /// Takes over what a container's status says of how it ended before, and what it waits for.
    fn adopt_past(&mut self, status: &Value, now: Instant) {
        self.restarts = i64_at(status, "restartCount").and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let last = at(status, "lastState/terminated").map(ended);
        match at(status, "state/terminated").map(ended) {
            Some(end) => (self.last, self.ended) = (last, Some(end)),
            None => self.ended = last,
        }
        (self.ended_at, self.backed_off_at) = (now, now);
        let (why, message) = (text_at(status, "state/waiting/reason"), text_at(status, "state/waiting/message"));
        self.waiting = reason(why).map(|why| (why, message.to_string()));
        match why {
            "CrashLoopBackOff" => {
                let wait = message.split_whitespace().nth(1).and_then(|text| duration::parse_millis(text).ok());
                self.back_off_ms = wait.and_then(|ms| u64::try_from(ms).ok()).unwrap_or(LONGEST_BACK_OFF_MS);
            }
            "ErrImagePull" | "ImagePullBackOff" => {
                let error = message.split_once("ErrImagePull: ").map_or(message, |(_, error)| error);
                self.pull_back_off = Some((PULL_BACK_OFF_MS, now, error.to_string()));
            }
            _ => {}
        }
    }
}

impl Worker {
    /// Takes over a Pod whose status says that it runs.
    pub fn adopt(&mut self, d: &mut Desk<'_, '_>) {
        self.sandbox = PodSandbox::Up;
        self.mounted = true;
        self.take_ephemeral();
        self.ip = self.pod.text_at("/status/podIP").into();
        let ip = self.ip.clone();
        d.node.keep_address(&ip);
        for i in 0..self.slots.len() {
            let Some(slot) = self.slots.get(i) else { continue };
            let status =
                self.pod.items_at(slot.part.statuses()).iter().find(|s| text_at(s, "name") == &*slot.name).cloned().unwrap_or(Value::Null);
            self.adopt_slot(i, &status, d);
        }
        if self.pod.is_deleting() {
            self.delete(d);
        } else if self.slots.iter().any(|s| matches!(s.waiting, Some(("ErrImagePull", _)))) {
            d.later(self, step::SYNC, NEXT_LOOK_MS, TimerClass::Background);
        } else if self.slots.iter().any(|s| s.run.is_none() && s.part == Part::Main) {
            d.later(self, step::SYNC, 8, TimerClass::Work);
        }
    }

    fn adopt_slot(&mut self, i: usize, status: &Value, d: &mut Desk<'_, '_>) {
        if let Some(slot) = self.slots.get_mut(i) {
            slot.adopt_past(status, d.cx.now);
        }
        let Some(slot) = self.slots.get(i) else { return };
        let spec = self.spec(slot);
        if text_at(status, "imageID").is_empty() {
            return;
        }
        let Ok(mut image) = seen::image(d.cx.api, text_at(spec, "image")) else { return };
        image.id = text_at(status, "imageID").to_string();
        // A runtime may tell another name of the same image, which would look like a change of the spec.
        if d.cx.api.seen.is_none() {
            image.name = text_at(status, "image").to_string();
        }
        let image = Rc::new(image);
        if let Some(full) = images::full_name(text_at(spec, "image")) {
            image_on(d, full, &image);
        }
        let Some(since) = str_at(status, "state/running/startedAt") else {
            if let Some(slot) = self.slots.get_mut(i) {
                slot.image = Some(image);
            }
            return;
        };
        let own = behaviour::of(&image);
        let plays = self.seen(slot, d.cx.api, true);
        let (argv, process): (_, Box<dyn ContainerProcess>) = match plays {
            Some(act) => {
                let argv = self.argv(spec, &[], &image);
                let process = self.played(act, &image, &argv, Some(d.cx.now), d);
                (argv, process)
            }
            None => (own.argv(&[], &[]), Box::new(OwnProcess::running(own, d.timing.stop_server_ms, d.cx.now))),
        };
        if plays.is_some_and(|act| act.ends.is_some()) {
            d.later(self, step::TURN | (i as u32) << 8, 1, TimerClass::Background);
        }
        let since_ms = timestamp::parse_rfc3339_ms(since).unwrap_or(0);
        let run = Run {
            argv,
            started: bool_at(status, "started"),
            ready: bool_at(status, "ready"),
            plays,
            ..Run::new(text_at(status, "containerID").to_string(), process, (d.cx.now, since_ms))
        };
        if let Some(slot) = self.slots.get_mut(i) {
            slot.image = Some(image);
            slot.run = Some(run);
        }
    }

    /// The Pod's object has gone at once: its containers are stopped without further ado.
    pub fn abandon(&mut self, d: &mut Desk<'_, '_>) {
        if matches!(self.stage, Stage::Active) {
            for slot in 0..self.slots.len() {
                if let Some(s) = self.slots.get(slot).filter(|s| s.run.is_some()) {
                    let text = ["Stopping container ", &s.name].concat();
                    d.note_slot(self, slot, "Normal", "Killing", &text);
                }
            }
        }
        for slot in &mut self.slots {
            if let Some(timer) = slot.run.as_mut().and_then(|r| r.timer.take()) {
                d.cx.cancel(timer);
            }
        }
        if let Some(timer) = self.requeue.take() {
            d.cx.cancel(timer);
        }
        if self.stage != Stage::Over && !self.ip.is_empty() {
            let ip = self.ip.clone();
            d.node.give_back(&ip);
        }
    }

    /// A shorter grace was given: containers that are stopping have less time.
    pub fn hurry(&mut self, d: &mut Desk<'_, '_>) {
        let grace_ms = u64::try_from(self.pod.meta.deletion_grace.unwrap_or(0)).unwrap_or(0).saturating_mul(1000);
        for slot in 0..self.slots.len() {
            d.later(self, step::GRACE_OVER | (slot as u32) << 8, grace_ms.max(1), TimerClass::Work);
        }
    }

    /// The Pod's active deadline has passed.
    pub fn deadline(&mut self, d: &mut Desk<'_, '_>) {
        if self.stage == Stage::Active {
            self.put_off = Some(("DeadlineExceeded", "Pod was active on the node longer than the specified deadline".to_string()));
            d.note(
                self,
                &crate::api::EventNote::normal("DeadlineExceeded", "Pod was active on the node longer than the specified deadline"),
            );
            self.begin_stop(d);
        }
    }
}

fn image_on(d: &mut Desk<'_, '_>, full: alloc::string::String, image: &Rc<images::Image>) {
    d.node.images.insert(full, image.clone());
}

/// The file that a static Pod comes from is looked at, and statuses that nobody asked for are written, as often.
pub(super) const TICK_MS: u64 = 10_000;

/// Whether a Pod is but the mirror of a static one.
pub fn is_mirror(pod: &Object) -> bool {
    pod.meta.annotation("kubernetes.io/config.mirror").is_some()
}

impl Worker {
    /// A mirror is to be deleted: its kubelet removes it and makes another, and the containers never notice.
    /// Models tryReconcileMirrorPods.
    pub fn delete_mirror(&mut self, d: &mut Desk<'_, '_>) {
        d.later(self, step::MIRROR, 8, TimerClass::Work);
    }

    /// Tells the new mirror what has been true all along.
    pub fn tell_mirror(&mut self, d: &mut Desk<'_, '_>) {
        let Some(status) = self.before_mirror.take() else {
            if self.stage == Stage::Active {
                self.put_status(d);
            }
            return;
        };
        let told = d.cx.api.modify(PODS, &self.key, |pod| drop(pod.fields.insert("status".to_string(), status)));
        if let Ok(pod) = told {
            self.take_pod(pod);
        }
    }
}

impl Kubelet {
    /// Removes the mirror of a static Pod and makes it anew.
    pub(super) fn replace_mirror(&mut self, uid: &str, cx: &mut Cx<'_>) {
        let Some(worker) = self.workers.get(uid).filter(|w| !w.deleting && self.nodes.get(&w.node).is_some_and(|n| n.lives())).cloned()
        else {
            return;
        };
        let options = DeleteOptions { grace_period_s: Some(0), uid: uid.to_string(), propagation: None };
        if cx.api.delete(PODS, &worker.key, &options).is_ok() {
            self.make_mirror(uid, cx);
        }
    }

    /// Makes the mirror of a static Pod whose last one is gone.
    pub(super) fn make_mirror(&mut self, uid: &str, cx: &mut Cx<'_>) {
        let Some(mut worker) = self.workers.remove(uid) else { return };
        if !self.nodes.contains_key(&worker.node) {
            return;
        }
        let mut mirror = (*worker.pod).clone();
        let status = mirror.fields.remove("status");
        mirror.meta.resource_version = 0;
        mirror.meta.deletion = None;
        mirror.meta.deletion_grace = None;
        mirror.set("/status/phase", "Pending");
        mirror.set("/status/qosClass", super::qos::class(&worker.pod));
        let Ok(mirror) = cx.api.create(mirror) else { return };
        let own = Rc::make_mut(&mut worker);
        own.uid = mirror.meta.uid.clone();
        own.pod = mirror.clone();
        own.before_mirror = status;
        let uid = mirror.meta.uid.clone();
        self.workers.insert(uid.clone(), worker);
        self.with_worker(&uid, cx, |w, d| w.tell_soon(d));
    }
}
