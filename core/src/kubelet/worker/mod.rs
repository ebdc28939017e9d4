//! One Pod on its node: what its kubelet knows of it, and the syncs that bring it to what its spec says.
//!
//! A sync first writes the status that the runtime's state amounts to, then does what is missing, one thing after
//! another. What happens meanwhile asks for another sync. Models `pkg/kubelet` pod workers and SyncPod.

mod desk;
mod slot;
pub mod step;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::api::EventNote;
use crate::api::kubelet::Sandbox;
use crate::object::value::{items_at, text_at};
use crate::object::{Key, Object};
use crate::time::{Instant, TimerClass};

use serde_json::Value;

pub use super::resize::Resize;
pub use desk::Desk;
pub use slot::{Ended, Part, Run, Slot};

/// The longest until a Pod is looked at again.
const RESYNC_MS: u64 = 60_000;

/// Where the Pod's sandbox is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PodSandbox {
    /// Not made.
    None,
    /// Being made.
    Coming,
    /// There.
    Up,
    /// Taken down.
    Down,
}

/// Where the Pod is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is to run.
    Active,
    /// It has run its course; its last status is not written yet.
    Finishing,
    /// Its containers are being stopped.
    Stopping,
    /// Nothing runs any more.
    Over,
}

/// One Pod on its node.
#[derive(Clone)]
pub struct Worker {
    /// Namespace and name.
    pub key: Key,
    /// Its UID.
    pub uid: Rc<str>,
    /// Its node.
    pub node: Rc<str>,
    /// Its last known object.
    pub pod: Rc<Object>,
    /// Where it is in its life.
    pub stage: Stage,
    /// Its sandbox.
    pub sandbox: PodSandbox,
    /// Its address; empty before it has one.
    pub ip: Rc<str>,
    /// Its containers, init containers first.
    pub slots: Vec<Slot>,
    /// Whether a sync is under way.
    pub busy: bool,
    /// Whether another sync was asked for meanwhile.
    pub pending: bool,
    /// Whether the runtime's state will be looked at.
    pub look_set: bool,
    /// The timer of the next sync that nothing but time asks for.
    pub requeue: Option<(Instant, u64)>,
    /// Whether something has gone wrong in this sync, and for how long to back off at least.
    pub failed: Option<u64>,
    /// Why the Pod is put off the node: reason and message of its status.
    pub put_off: Option<(&'static str, String)>,
    /// Whether it is to be removed from the API server once it is over.
    pub deleting: bool,
    /// Whether volumes are mounted.
    pub mounted: bool,
    /// How often mounting has failed.
    pub mount_failures: u32,
    /// The status of a static Pod that its new mirror does not have yet.
    pub before_mirror: Option<Rc<Value>>,
    /// Whether secrets for pulling its images are not there.
    pub lacks_secrets: bool,
    /// Other resources that it is to have, while that is not done.
    pub resize: Option<Resize>,
    /// The Pods that it is admitted in place of, by UID.
    pub victims: Vec<Rc<str>>,
    /// Since when its probes tick.
    pub probes_from: Option<Instant>,
}

impl Worker {
    /// A worker for a Pod that has just come to its node.
    pub fn new(pod: &Rc<Object>) -> Worker {
        let named = |path: &'static str, part: fn(&Value) -> Part| {
            pod.items_at(path).iter().enumerate().map(move |(index, c)| Slot::new(text_at(c, "name"), part(c), index))
        };
        let init = |c: &Value| if text_at(c, "restartPolicy") == "Always" { Part::Sidecar } else { Part::Init };
        let slots = named("/spec/initContainers", init).chain(named("/spec/containers", |_| Part::Main)).collect();
        Worker {
            key: pod.key(),
            uid: pod.meta.uid.clone(),
            node: pod.text_at("/spec/nodeName").into(),
            pod: pod.clone(),
            stage: Stage::Active,
            sandbox: PodSandbox::None,
            ip: "".into(),
            slots,
            busy: false,
            pending: false,
            look_set: false,
            requeue: None,
            failed: None,
            put_off: None,
            deleting: false,
            mounted: false,
            mount_failures: 0,
            before_mirror: None,
            lacks_secrets: false,
            resize: None,
            victims: Vec::new(),
            probes_from: None,
        }
    }

    /// The spec of a container.
    pub fn spec(&self, slot: &Slot) -> &Value {
        self.pod.items_at(slot.part.specs()).get(slot.index).unwrap_or(&Value::Null)
    }

    /// `spec.containers{nginx}`.
    pub fn field_path(&self, slot: usize) -> String {
        match self.slots.get(slot) {
            Some(s) => [&s.part.specs().trim_start_matches('/').replace('/', "."), "{", &*s.name, "}"].concat(),
            None => String::new(),
        }
    }

    /// The Pod's restart policy.
    pub fn restart_policy(&self) -> &str {
        match self.pod.text_at("/spec/restartPolicy") {
            "" => "Always",
            policy => policy,
        }
    }

    /// Asks for a sync: now, or after the one under way.
    pub fn want_sync(&mut self, d: &mut Desk<'_, '_>) {
        if self.busy {
            self.pending = true;
        } else {
            self.sync(d);
        }
    }

    /// Writes the status and begins to do what is missing.
    pub fn sync(&mut self, d: &mut Desk<'_, '_>) {
        if self.busy || self.stage != Stage::Active || !d.node.lives() {
            return;
        }
        if let Some(timer) = self.requeue.take() {
            d.cx.cancel(timer);
        }
        self.busy = true;
        self.pending = false;
        self.failed = None;
        self.slots.iter_mut().for_each(|s| s.tried = false);
        self.take_ephemeral();
        self.restart_changed(d);
        self.apply_resize(d);
        self.write_status(d);
        if self.mounted {
            self.look_for_pull_secrets(d);
        }
        if self.is_finished() {
            self.busy = false;
            self.finish(d);
            return;
        }
        self.proceed(d);
    }

    /// Does the next thing that is missing, or ends the sync.
    pub fn proceed(&mut self, d: &mut Desk<'_, '_>) {
        if self.stage != Stage::Active {
            self.busy = false;
            return;
        }
        match self.sandbox {
            PodSandbox::None => {
                let before = self.mounted;
                if !self.mount(d) {
                    return self.end_sync(d);
                }
                if !before {
                    self.look_for_pull_secrets(d);
                }
                self.probes_from.get_or_insert(d.cx.now);
                if self.slots.iter().any(|s| s.ended.is_some() || s.last.is_some()) {
                    let text = "Pod sandbox changed, it will be killed and re-created.";
                    d.note(self, &EventNote::normal("SandboxChanged", text));
                }
                self.sandbox = PodSandbox::Coming;
                d.later(self, step::SANDBOX_UP, d.timing.sandbox_ms, TimerClass::Work);
                return;
            }
            PodSandbox::Coming | PodSandbox::Down => return,
            PodSandbox::Up => {}
        }
        while let Some(slot) = self.next_to_start() {
            if let Some(s) = self.slots.get_mut(slot) {
                s.tried = true;
            }
            if self.begin_start(slot, d) {
                return;
            }
        }
        self.end_sync(d);
    }

    /// The next container that should run and does not. Init containers go one after another.
    fn next_to_start(&self) -> Option<usize> {
        if let Some(added) = self.next_ephemeral() {
            return Some(added);
        }
        for (i, slot) in self.slots.iter().enumerate() {
            match slot.part {
                Part::Init => {
                    let succeeded = slot.ended.as_ref().is_some_and(|e| e.code == 0) && slot.run.is_none();
                    if !succeeded {
                        return (slot.run.is_none() && !slot.tried && self.may_restart(slot)).then_some(i);
                    }
                }
                Part::Sidecar => match &slot.run {
                    None => return (!slot.tried).then_some(i),
                    Some(run) if !run.started => return None,
                    Some(_) => {}
                },
                Part::Main if slot.run.is_none() && !slot.tried && self.may_restart(slot) => return Some(i),
                Part::Main | Part::Ephemeral => {}
            }
        }
        None
    }

    /// Whether a container that does not run is to be run (again).
    pub fn may_restart(&self, slot: &Slot) -> bool {
        let Some(ended) = &slot.ended else { return true };
        match slot.part {
            Part::Sidecar => true,
            Part::Ephemeral => false,
            Part::Init => ended.code != 0 && self.restart_policy() != "Never",
            Part::Main => match self.restart_policy() {
                "Never" => false,
                "OnFailure" => ended.code != 0,
                _ => true,
            },
        }
    }

    /// The sync is over: another if one was asked for, or one when time has passed.
    pub fn end_sync(&mut self, d: &mut Desk<'_, '_>) {
        self.busy = false;
        if self.pending && self.failed.is_none() {
            self.pending = false;
            d.later(self, step::SYNC, 5, TimerClass::Work);
            return;
        }
        if self.pending {
            self.pending = false;
            self.look_soon(d);
            return;
        }
        if let Some(back_off_ms) = self.failed {
            // Models completeWork: however long there is to wait, the Pod is looked at about once a minute.
            let back_off_ms = back_off_ms.min(RESYNC_MS);
            let extra = d.jitter.below(back_off_ms / 2 + 1);
            let class = if self.shows_flight() { TimerClass::Work } else { TimerClass::Background };
            self.requeue = Some(d.later(self, step::SYNC, back_off_ms + extra, class));
        } else if self.lacks_secrets {
            // Nothing else of a resync would be seen.
            let ms = RESYNC_MS + d.jitter.below(RESYNC_MS / 2 + 1);
            self.requeue = Some(d.later(self, step::SYNC, ms, TimerClass::Background));
        }
    }

    /// Whether the written status says that the Pod is on its way, so that the cluster is not at rest.
    fn shows_flight(&self) -> bool {
        self.slots.iter().any(|s| s.run.is_none() && matches!(s.waiting, Some(("ImagePullBackOff" | "ErrImagePull", _))))
            && self
                .pod
                .items_at("/status/containerStatuses")
                .iter()
                .chain(self.pod.items_at("/status/initContainerStatuses"))
                .any(|s| matches!(text_at(s, "state/waiting/reason"), "ContainerCreating" | "ErrImagePull"))
    }

    /// Has the runtime's state looked at when the kubelet next does.
    pub fn look_soon(&mut self, d: &mut Desk<'_, '_>) {
        if !self.look_set {
            self.look_set = true;
            let ms = d.until_look();
            d.later(self, step::LOOK, ms, TimerClass::Work);
        }
    }

    /// Looks at the runtime's state: containers that have ended are known to have ended.
    pub fn look(&mut self, d: &mut Desk<'_, '_>) {
        self.look_set = false;
        self.take_exits(d.cx.now);
        match self.stage {
            Stage::Active => self.want_sync(d),
            Stage::Stopping => self.check_stopped(d),
            Stage::Finishing | Stage::Over => {}
        }
    }

    /// Whether every container has run its course and none will run again.
    fn is_finished(&self) -> bool {
        if self.put_off.is_some() {
            return true;
        }
        let failed_init =
            self.slots.iter().any(|s| s.part == Part::Init && s.run.is_none() && s.ended.as_ref().is_some_and(|e| e.code != 0));
        if failed_init && self.restart_policy() == "Never" {
            return true;
        }
        let mut mains = self.slots.iter().filter(|s| s.part == Part::Main).peekable();
        mains.peek().is_some() && mains.all(|s| s.run.is_none() && s.ended.is_some() && !self.may_restart(s))
    }

    /// Takes the inside of a running container out, made if need be, with its volumes as they are now.
    pub fn take_sandbox(&mut self, slot: usize, d: &mut Desk<'_, '_>) -> Option<Sandbox> {
        let s = self.slots.get_mut(slot)?;
        let run = s.run.as_mut().filter(|r| r.exited.is_none())?;
        let (taken, argv, env) = (run.sandbox.take(), run.argv.clone(), run.env.clone());
        // Its server goes on reading the files while something else writes them.
        run.sandbox = taken.as_ref().map(|inside| Box::new(Sandbox { files: inside.files.clone(), ..Sandbox::default() }));
        let s = self.slots.get(slot)?;
        Some(match taken {
            Some(mut sandbox) => {
                self.refresh(s, &mut sandbox, d);
                *sandbox
            }
            None => self.make_sandbox(s, &argv, &env, d),
        })
    }

    /// Puts the inside of a container back, keeping what was written into shared directories.
    pub fn put_sandbox(&mut self, slot: usize, sandbox: Sandbox, d: &mut Desk<'_, '_>) {
        if let Some(s) = self.slots.get(slot) {
            self.keep(s, &sandbox, d);
        }
        if let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) {
            run.sandbox = Some(Box::new(sandbox));
        }
    }

    /// The containers of a kind by the spec's list they are in.
    pub fn slot_named(&self, name: &str) -> Option<usize> {
        self.slots.iter().position(|s| &*s.name == name)
    }

    /// The ports that a container's spec names: `http` is 80.
    pub fn port(&self, slot: &Slot, port: &Value) -> Option<u16> {
        if let Some(n) = port.as_i64() {
            return u16::try_from(n).ok();
        }
        let name = port.as_str()?;
        if let Ok(n) = name.parse() {
            return Some(n);
        }
        let all = items_at(self.spec(slot), "ports");
        let found = all.iter().find(|p| text_at(p, "name") == name)?;
        found.get("containerPort").and_then(Value::as_i64).and_then(|n| u16::try_from(n).ok())
    }
}
