//! Pods that were there before the kubelet: the base cluster's own, and mirrors of static Pods.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::ToString;
use serde_json::Value;

use super::behaviour::{self, OwnProcess};
use super::images;
use super::worker::{Desk, Part, PodSandbox, Run, Stage, Worker, step};
use crate::api::Cx;
use crate::object::Object;
use crate::object::value::{bool_at, i64_at, str_at, text_at};
use crate::text::timestamp;
use crate::time::TimerClass;

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
        } else if self.slots.iter().any(|s| s.run.is_none() && s.part == Part::Main) {
            d.later(self, step::SYNC, 8, TimerClass::Work);
        }
    }

    fn adopt_slot(&mut self, i: usize, status: &Value, d: &mut Desk<'_, '_>) {
        let Some(since) = str_at(status, "state/running/startedAt") else { return };
        let Some(slot) = self.slots.get(i) else { return };
        let spec = self.spec(slot);
        let Ok(mut image) = images::find(text_at(spec, "image")) else { return };
        image.id = text_at(status, "imageID").to_string();
        image.name = text_at(status, "image").to_string();
        let image = Rc::new(image);
        if let Some(full) = images::full_name(text_at(spec, "image")) {
            image_on(d, full, &image);
        }
        let own = behaviour::of(&image);
        let run = Run {
            id: text_at(status, "containerID").to_string(),
            started_ms: timestamp::parse_rfc3339_ms(since).unwrap_or(0),
            started_at: d.cx.now,
            argv: own.argv(&[], &[]),
            process: Box::new(OwnProcess::new(own, d.timing.stop_server_ms)),
            sandbox: None,
            env: Rc::default(),
            exited: None,
            cause: "",
            stopping: false,
            timer: None,
            started: bool_at(status, "started"),
            ready: bool_at(status, "ready"),
            streaks: [0; 3],
            held: 0,
            leaked: 0,
            leaks_since: d.cx.now,
            hangs: false,
        };
        if let Some(slot) = self.slots.get_mut(i) {
            slot.restarts = i64_at(status, "restartCount").and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
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

/// A static Pod lives on when its mirror in the API server is deleted: the kubelet makes a new mirror.
pub fn restore_mirror(pod: &Object, cx: &mut Cx<'_>) {
    let mut mirror = pod.clone();
    mirror.meta.resource_version = 0;
    mirror.meta.deletion = None;
    mirror.meta.deletion_grace = None;
    let _ = cx.api.create(mirror);
}
