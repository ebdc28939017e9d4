//! One Pod on its node: what its kubelet knows of it, and the syncs that bring it to what its spec says.
//!
//! A sync first writes the status that the runtime's state amounts to, then does what is missing, one thing after
//! another. What happens meanwhile asks for another sync. Models `pkg/kubelet` pod workers and SyncPod.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::images::Image;
use super::node::Node;
use crate::api::kubelet::Sandbox;
use crate::api::runtime::{ContainerProcess, Runtime};
use crate::api::seen::Act;
use crate::api::{Cx, EventNote, LogLine, Timing, Token};
use crate::object::value::{items_at, text_at};
use crate::object::{Key, Object};
use crate::time::{Instant, Rng, TimerClass};

/// What a timer of a worker is for; the container's number is in the upper bits of the token.
pub mod step {
    /// Sync.
    pub const SYNC: u32 = 1;
    /// The Pod's sandbox is there.
    pub const SANDBOX_UP: u32 = 2;
    /// A pull has ended.
    pub const PULLED: u32 = 3;
    /// A container starts.
    pub const START: u32 = 4;
    /// A container's process wants a turn.
    pub const TURN: u32 = 5;
    /// The runtime's state is looked at.
    pub const LOOK: u32 = 6;
    /// The Pod is over: its last status is due.
    pub const FINISH: u32 = 7;
    /// The Pod's object goes.
    pub const REMOVE: u32 = 8;
    /// A grace period has ended.
    pub const GRACE_OVER: u32 = 9;
    /// A deletion begins to be worked on.
    pub const BEGIN_STOP: u32 = 10;
    /// A probe is due; bits 4..8 hold its kind.
    pub const PROBE: u32 = 11;
    /// A hook before the stop has ended.
    pub const HOOK_OVER: u32 = 12;
    /// The active deadline has passed.
    pub const DEADLINE: u32 = 13;
    /// A container has met its limit of memory.
    pub const OUT_OF_MEMORY: u32 = 14;
    /// The mirror of a static Pod is to be made anew.
    pub const MIRROR: u32 = 15;
    /// A new mirror is to be told its status.
    pub const TOLD: u32 = 16;
}

/// What part a container plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Runs to its end before the next begins.
    Init,
    /// Begins in turn with the init containers and stays.
    Sidecar,
    /// An ordinary container.
    Main,
    /// Added to a Pod that runs; begins at once and is not begun again.
    Ephemeral,
}

/// A container that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Exit code.
    pub code: i32,
    /// `Completed`, `Error`, `OOMKilled`, `StartError`, `ContainerStatusUnknown`.
    pub reason: &'static str,
    /// More about it; usually empty.
    pub message: String,
    /// Wall-clock start; `None` if it never started.
    pub started_ms: Option<i64>,
    /// Wall-clock end; `None` if not known.
    pub finished_ms: Option<i64>,
    /// Its ID; empty if it had none.
    pub id: String,
}

/// A container that runs.
#[derive(Clone)]
pub struct Run {
    /// Its ID.
    pub id: String,
    /// Wall-clock start.
    pub started_ms: i64,
    /// Its start.
    pub started_at: Instant,
    /// Its command line.
    pub argv: Vec<String>,
    /// Its process.
    pub process: Box<dyn ContainerProcess>,
    /// Its inside, made when first needed.
    pub sandbox: Option<Box<Sandbox>>,
    /// Its environment.
    pub env: Rc<Vec<(String, String)>>,
    /// It has ended with this code at this wall-clock time, and nobody has looked yet.
    pub exited: Option<(i32, i64)>,
    /// Why it ended, when not by itself.
    pub cause: &'static str,
    /// Whether it has been asked to end.
    pub stopping: bool,
    /// The timer of its process.
    pub timer: Option<(Instant, u64)>,
    /// Whether its startup probe has succeeded (or there is none).
    pub started: bool,
    /// Whether its readiness probe has succeeded (or there is none).
    pub ready: bool,
    /// Successes (positive) or failures (negative) in a row, per kind of probe.
    pub streaks: [i32; 3],
    /// Memory that it holds, in bytes; zero when it is the ordinary.
    pub held: u64,
    /// Memory that it takes each second, in bytes, when something makes it take more and more.
    pub leaked: u64,
    /// Since when it does.
    pub leaks_since: Instant,
    /// Whether it does not answer.
    pub hangs: bool,
    /// What it plays, where it is of a cluster that was brought.
    pub plays: Option<Act>,
}

/// A container of the Pod.
#[derive(Clone)]
pub struct Slot {
    /// Its name.
    pub name: Rc<str>,
    /// What part it plays.
    pub part: Part,
    /// Its number among the init containers or the containers of the spec.
    pub index: usize,
    /// What runs.
    pub run: Option<Run>,
    /// How the last run ended.
    pub ended: Option<Ended>,
    /// How the run before that ended.
    pub last: Option<Ended>,
    /// How often it was started again.
    pub restarts: u32,
    /// Why it cannot start: reason and message.
    pub waiting: Option<(&'static str, String)>,
    /// The present back-off of restarts, in milliseconds; zero before the first.
    pub back_off_ms: u64,
    /// When the last run ended, for the back-off.
    pub ended_at: Instant,
    /// The present back-off of pulls, and when the last failed.
    pub pull_back_off: Option<(u64, Instant, String)>,
    /// The image that its last run had.
    pub image: Option<Rc<Image>>,
    /// What its present or last run wrote.
    pub log: Rc<Vec<LogLine>>,
    /// What the run before wrote.
    pub previous_log: Rc<Vec<LogLine>>,
    /// Whether this sync has tried to start it.
    pub tried: bool,
    /// When the back-off last grew.
    pub backed_off_at: Instant,
    /// How long the present pull takes by itself and with waiting, in milliseconds.
    pub pull_ms: (u64, u64),
    /// The environment of the run that is about to start.
    pub next_env: Rc<Vec<(String, String)>>,
}

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
}

/// What a worker works with.
pub struct Desk<'a, 'b> {
    /// The cluster.
    pub cx: &'a mut Cx<'b>,
    /// The node.
    pub node: &'a mut Node,
    /// The pace.
    pub timing: Timing,
    /// Draws for jitter.
    pub jitter: &'a mut Rng,
    /// Draws for IDs of containers.
    pub ids: &'a mut Rng,
    /// The interpreter of commands, if there is one.
    pub runtime: Option<&'a dyn Runtime>,
    /// Environment from Services, by namespace.
    pub services: &'a mut super::env::ServiceEnv,
    /// Directories that are shared or outlive containers.
    pub stores: &'a mut super::stores::Stores,
    /// What requests there were.
    pub net: &'a mut super::web::Traffic,
    /// Images that some node of the cluster has pulled.
    pub pulled_before: &'a mut alloc::collections::BTreeSet<String>,
    /// Whether no registry answers.
    pub registry_down: bool,
}

impl Desk<'_, '_> {
    /// Sets a timer for a worker's step.
    pub fn later(&mut self, worker: &Worker, what: u32, ms: u64, class: TimerClass) -> (Instant, u64) {
        let token = Token { what, key: Some(Key { namespace: "".into(), name: worker.uid.clone() }), detail: String::new() };
        let at = self.cx.now + ms;
        match class {
            TimerClass::Work => self.cx.wake_at(at, token),
            TimerClass::Background => self.cx.wake_later(at, token),
        }
    }

    /// Milliseconds until the kubelet next looks at the runtime.
    pub fn until_look(&self) -> u64 {
        let period = self.timing.kubelet_ms.max(1);
        let rest = period - self.cx.now.as_ms() % period;
        if rest < 60 { rest + period } else { rest }
    }

    /// Records an Event about a worker's Pod.
    pub fn note(&mut self, worker: &Worker, note: &EventNote<'_>) {
        if self.node.lives() {
            self.node.recorder.record(self.cx.api, &worker.pod, note);
        }
    }

    /// Records an Event about one container.
    pub fn note_slot(&mut self, worker: &Worker, slot: usize, kind: &'static str, reason: &str, message: &str) {
        let path = worker.field_path(slot);
        self.note(worker, &EventNote { kind, reason, message, field_path: &path });
    }
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
        self.write_status(d);
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
                if !self.mount(d) {
                    return self.end_sync(d);
                }
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
            let extra = d.jitter.below(back_off_ms / 2 + 1);
            let class = if self.shows_flight() { TimerClass::Work } else { TimerClass::Background };
            self.requeue = Some(d.later(self, step::SYNC, back_off_ms + extra, class));
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
        let now = d.cx.now;
        for slot in &mut self.slots {
            slot.take_exit(now);
        }
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

impl Slot {
    /// A container that has not run yet.
    pub fn new(name: &str, part: Part, index: usize) -> Slot {
        Slot {
            name: name.into(),
            part,
            index,
            run: None,
            ended: None,
            last: None,
            restarts: 0,
            waiting: None,
            back_off_ms: 0,
            ended_at: Instant(0),
            pull_back_off: None,
            image: None,
            log: Rc::default(),
            previous_log: Rc::default(),
            tried: false,
            backed_off_at: Instant(0),
            pull_ms: (0, 0),
            next_env: Rc::default(),
        }
    }

    /// Turns a run that has ended into its end.
    pub fn take_exit(&mut self, now: Instant) {
        let Some((code, finished_ms)) = self.run.as_ref().and_then(|r| r.exited) else { return };
        let Some(run) = self.run.take() else { return };
        let reason = match (run.cause, code) {
            ("OOMKilled", _) => "OOMKilled",
            (cause, code) if (code, cause) == super::plight::LOST => cause,
            (_, 0) => "Completed",
            _ => "Error",
        };
        self.set_ended(
            Ended {
                code,
                reason,
                message: String::new(),
                started_ms: Some(run.started_ms),
                finished_ms: Some(finished_ms),
                id: run.id.to_string(),
            },
            now,
        );
    }

    /// Records an end.
    pub fn set_ended(&mut self, ended: Ended, now: Instant) {
        self.last = self.ended.replace(ended);
        self.ended_at = now;
    }
}
