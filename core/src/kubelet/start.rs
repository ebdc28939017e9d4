//! Starting a container: back-off, create, start. Never: how its image comes (`pull`), how its process goes on (`turn`).

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::behaviour::{self, OwnProcess, Takes};
use super::images::{self, Image};
use super::pull::{FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS};
use super::worker::{Desk, Ended, PodSandbox, Run, Stage, Worker, step};
use crate::api::runtime::{ContainerProcess, ProcessCx};
use crate::object::value::{at, items_at, text_at};
use crate::text::duration;
use crate::time::TimerClass;

use serde_json::Value;

/// Between two syncs of a Pod in which something went wrong, before jitter.
const RETRY_MS: u64 = 10_000;

impl Worker {
    /// The Pod's sandbox is up: it has an address, and says so.
    pub fn sandbox_up(&mut self, d: &mut Desk<'_, '_>) {
        if self.sandbox != PodSandbox::Coming || self.stage != Stage::Active {
            return;
        }
        self.sandbox = PodSandbox::Up;
        self.ip = match self.pod.bool_at("/spec/hostNetwork") {
            true => d.node.ip.clone(),
            false => d.node.take_address().into(),
        };
        self.write_status(d);
        if let Some(seconds) = self.pod.i64_at("/spec/activeDeadlineSeconds") {
            let start = crate::text::timestamp::parse_rfc3339_ms(self.pod.text_at("/status/startTime")).unwrap_or(0);
            let left = start.saturating_add(seconds.saturating_mul(1000)).saturating_sub(d.cx.api.wall_ms());
            d.later(self, step::DEADLINE, u64::try_from(left).unwrap_or(0).max(1), TimerClass::Background);
        }
        self.proceed(d);
        self.pending = true;
    }

    /// Begins to start a container. Returns whether something is under way that will call back.
    pub fn begin_start(&mut self, slot: usize, d: &mut Desk<'_, '_>) -> bool {
        if self.backs_off(slot, d) {
            return false;
        }
        let Some(s) = self.slots.get(slot) else { return false };
        let spec = self.spec(s);
        let image = text_at(spec, "image").to_string();
        let policy = text_at(spec, "imagePullPolicy").to_string();
        let Some(full) = images::full_name(&image) else {
            let why = alloc::format!(
                "Failed to apply default image tag {image:?}: couldn't parse image name {image:?}: invalid reference format"
            );
            self.fail(slot, "InvalidImageName", &why);
            d.note_slot(self, slot, "Warning", "InspectFailed", &why);
            d.note_slot(self, slot, "Warning", "Failed", "Error: InvalidImageName");
            return false;
        };
        let present = d.node.images.contains_key(&full);
        let pulls = match policy.as_str() {
            "Always" => true,
            "Never" => false,
            _ => !present,
        };
        if !pulls && !present {
            let why = alloc::format!("Container image {image:?} is not present with pull policy of Never");
            self.fail(slot, "ErrImageNeverPull", &why);
            d.note_slot(self, slot, "Warning", "ErrImageNeverPull", &why);
            d.note_slot(self, slot, "Warning", "Failed", "Error: ErrImageNeverPull");
            return false;
        }
        if !pulls {
            let text = alloc::format!("Container image {image:?} already present on machine and can be accessed by the pod");
            d.note_slot(self, slot, "Normal", "Pulled", &text);
            return self.create(slot, &full, d);
        }
        if let Some(s) = self.slots.get(slot)
            && let Some((wait_ms, failed_at, error)) = s.pull_back_off.clone()
            && d.cx.now < failed_at + wait_ms
        {
            let text = alloc::format!("Back-off pulling image {image:?}");
            self.fail(slot, "ImagePullBackOff", &[text.as_str(), ": ErrImagePull: ", &error].concat());
            d.note_slot(self, slot, "Normal", "BackOff", &text);
            d.note_slot(self, slot, "Warning", "Failed", "Error: ImagePullBackOff");
            return false;
        }
        d.note_slot(self, slot, "Normal", "Pulling", &alloc::format!("Pulling image {image:?}"));
        self.pull(slot, &image, present, d);
        true
    }

    /// A container could not be started.
    pub fn fail(&mut self, slot: usize, reason: &'static str, message: &str) {
        if let Some(s) = self.slots.get_mut(slot) {
            s.waiting = Some((reason, message.to_string()));
        }
        self.failed = Some(self.failed.map_or(RETRY_MS, |ms| ms.min(RETRY_MS)));
    }

    /// Whether a container that has ended must wait before it is started again.
    fn backs_off(&mut self, slot: usize, d: &mut Desk<'_, '_>) -> bool {
        let now = d.cx.now;
        let uid = self.own_uid().to_string();
        let Some(s) = self.slots.get_mut(slot) else { return true };
        let renewed = core::mem::take(&mut s.renewed);
        if s.ended.is_none() || renewed && s.last.is_none() {
            return false;
        }
        let ended_at = if renewed { s.ended_before } else { s.ended_at };
        let end = ended_at + s.back_off_ms;
        if s.back_off_ms == 0 || now >= end {
            let long_run = ended_at.since(s.backed_off_at) > 2 * LONGEST_BACK_OFF_MS;
            s.back_off_ms = match s.back_off_ms {
                0 => FIRST_BACK_OFF_MS,
                _ if long_run => FIRST_BACK_OFF_MS,
                ms => (ms * 2).min(LONGEST_BACK_OFF_MS),
            };
            s.backed_off_at = now;
            return false;
        }
        let (left, wait) = (end.since(now), s.back_off_ms);
        let name = s.name.clone();
        let again = s.restarts == 1 && !matches!(s.waiting, Some(("CrashLoopBackOff", _)));
        let pod = alloc::format!("{}_{}({uid})", self.key.name, self.key.namespace);
        let time = duration::format_millis(i64::try_from(wait).unwrap_or(0));
        if let Some(s) = self.slots.get_mut(slot) {
            s.waiting = Some(("CrashLoopBackOff", alloc::format!("back-off {time} restarting failed container={name} pod={pod}")));
        }
        d.note_slot(self, slot, "Warning", "BackOff", &alloc::format!("Back-off restarting failed container {name} in pod {pod}"));
        self.failed = Some(self.failed.map_or(left, |ms| ms.min(left)));
        // The events of the first restart reach the worker one by one, those of later ones together.
        self.pending |= again;
        true
    }

    /// Creates a container whose image is there. Returns whether it will call back.
    pub(super) fn create(&mut self, slot: usize, full: &str, d: &mut Desk<'_, '_>) -> bool {
        let image = d.node.images.get(full).cloned();
        if let Some(s) = self.slots.get_mut(slot) {
            s.image = image;
        }
        if let Err((reason, why)) = self.prepare_env(slot, d) {
            self.fail(slot, reason, &why);
            d.note_slot(self, slot, "Warning", "Failed", &["Error: ", &why].concat());
            return false;
        }
        if let Err(why) = self.verify_user(slot, d) {
            self.fail(slot, "CreateContainerConfigError", &why);
            d.note_slot(self, slot, "Warning", "Failed", &["Error: ", &why].concat());
            return false;
        }
        d.note_slot(self, slot, "Normal", "Created", "Container created");
        d.later(self, step::START | (slot as u32) << 8, d.timing.start_ms, TimerClass::Work);
        true
    }

    /// Whether a container that must not run as root does not. Models `pkg/kubelet/kuberuntime` verifyRunAsNonRoot.
    ///
    /// # Errors
    /// What its status and Event say.
    fn verify_user(&self, slot: usize, d: &Desk<'_, '_>) -> Result<(), String> {
        let Some(s) = self.slots.get(slot) else { return Ok(()) };
        if self.seen(s, d.cx.api, false).is_some() {
            return Ok(());
        }
        let own = |key: &str| at(self.spec(s), &["securityContext/", key].concat());
        let whole = |key: &str| self.pod.at(&["/spec/securityContext/", key].concat());
        let must = own("runAsNonRoot").or(whole("runAsNonRoot")).and_then(Value::as_bool).unwrap_or(false);
        if !must {
            return Ok(());
        }
        let user = own("runAsUser").or(whole("runAsUser")).and_then(Value::as_i64);
        let image_user = s.image.as_ref().map_or("root", |i| i.user);
        let who = alloc::format!("(pod: \"{}_{}({})\", container: {})", self.key.name, self.key.namespace, self.own_uid(), s.name);
        match (user, image_user) {
            (Some(0), _) => Err(["container's runAsUser breaks non-root policy ", &who].concat()),
            (Some(_), _) => Ok(()),
            (None, "root") => Err(["container has runAsNonRoot and image will run as root ", &who].concat()),
            (None, name) if name.parse::<u32>().is_err() => Err(alloc::format!(
                "container has runAsNonRoot and image has non-numeric user ({name}), cannot verify user is non-root {who}"
            )),
            _ => Ok(()),
        }
    }

    /// Starts a container that was created.
    pub fn start(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        if self.stage != Stage::Active || !self.busy {
            return;
        }
        let Some(s) = self.slots.get(slot) else { return };
        let Some(image) = s.image.clone() else { return };
        let spec = self.spec(s);
        let argv = self.argv(spec, &s.next_env, &image);
        let env = s.next_env.clone();
        let id = ["containerd://", &d.ids.hex(64)].concat();
        let no_probe = |kind: &str| at(spec, kind).is_none();
        let (started, ready) = (no_probe("startupProbe"), no_probe("readinessProbe"));
        let restarted = s.ended.is_some();
        let own = behaviour::of(&image);
        let plays = self.seen(s, d.cx.api, false);
        let process: Option<Box<dyn ContainerProcess>> = if let Some(act) = plays {
            Some(self.played(act, &image, &argv, None, d))
        } else if own.is_own(&argv) {
            let acts = own.doing(&argv).within(&env);
            Some(Box::new(OwnProcess::new(acts, d.timing.stop_server_ms)))
        } else {
            None
        };
        let mut run = Run {
            argv,
            env,
            started,
            ready,
            plays,
            ..Run::new(id, process.clone().unwrap_or_else(|| Box::new(OwnProcess::new(own, 0))), (d.cx.now, d.cx.api.wall_ms()))
        };
        if process.is_none() {
            run.sandbox = self.slots.get(slot).map(|s| Box::new(self.make_sandbox(s, &run.argv, &run.env, d)));
            match self.interpret(&mut run, d) {
                Some(process) => run.process = process,
                None => return self.start_failed(slot, &run, d),
            }
        }
        let lines_before = if restarted { self.slots.get(slot).map(|s| s.log.clone()) } else { None };
        if let Some(s) = self.slots.get_mut(slot) {
            s.previous_log = lines_before.unwrap_or_default();
            s.log = Rc::default();
            s.restarts += u32::from(restarted);
            s.waiting = None;
            s.applied = None;
            s.run = Some(run);
        }
        d.note_slot(self, slot, "Normal", "Started", "Container started");
        if !d.cx.api.stopped.is_empty()
            && let Some(program) = self.program()
        {
            super::leads::begun(&program, d.cx);
        }
        self.turn(slot, d);
        self.begin_use(slot, &image, d);
        self.begin_probes(slot, d);
        if !self.begin_post_start(slot, d) {
            self.pending = true;
            self.proceed(d);
        }
    }

    fn interpret(&self, run: &mut Run, d: &mut Desk<'_, '_>) -> Option<Box<dyn ContainerProcess>> {
        let sandbox = run.sandbox.as_mut()?;
        let (uid, node, pod, ip) = (&self.uid, &self.node, &self.pod, &self.ip);
        let (mut log, mut signals) = (Vec::new(), Vec::new());
        let mut net = super::web::Seen { traffic: d.net, api: d.cx.api, from_pod: uid, from_node: node, pod, ip };
        let (now, wall_ms) = (d.cx.now, d.cx.api.wall_ms());
        let mut cx = ProcessCx { sandbox, now, wall_ms, log: &mut log, net: &mut net, pod_uid: uid, node, signals: &mut signals };
        match d.runtime {
            Some(runtime) => runtime.start(&run.argv, &mut cx),
            None => super::plain::start(&run.argv, d.timing.stop_shell_ms),
        }
    }

    /// The program is not in the image.
    fn start_failed(&mut self, slot: usize, run: &Run, d: &mut Desk<'_, '_>) {
        let program = run.argv.first().cloned().unwrap_or_default();
        let what = match program.starts_with('/') {
            true => alloc::format!("exec: {program:?}: stat {program}: no such file or directory"),
            false => alloc::format!("exec: {program:?}: executable file not found in $PATH"),
        };
        let why = [
            "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ",
            &what,
        ]
        .concat();
        let (now, wall_ms) = (d.cx.now, d.cx.api.wall_ms());
        if let Some(s) = self.slots.get_mut(slot) {
            s.restarts += u32::from(s.ended.is_some());
            let ended = Ended {
                code: 128,
                reason: "StartError",
                message: why.clone(),
                started_ms: None,
                finished_ms: Some(wall_ms),
                id: run.id.clone(),
            };
            s.set_ended(ended, now);
        }
        let name = self.slots.get(slot).map(|s| s.name.clone()).unwrap_or_default();
        self.fail(slot, "RunContainerError", &why);
        d.note_slot(self, slot, "Warning", "Failed", &alloc::format!("Error: failed to start container {name:?}: {why}"));
        if let Some(s) = self.slots.get(slot) {
            let left = (s.ended_at + s.back_off_ms.max(1)).since(now);
            self.pending = true;
            self.failed = Some(left);
        }
        self.proceed(d);
    }

    /// The command line of a container, with `$(NAME)` filled in.
    pub(super) fn argv(&self, spec: &Value, env: &[(String, String)], image: &Image) -> Vec<String> {
        let words = |key: &str| -> Vec<String> {
            items_at(spec, key).iter().filter_map(Value::as_str).map(|w| super::env::expand(w, env)).collect()
        };
        behaviour::of(image).argv(&words("command"), &words("args"))
    }

    /// What a container that has just started does to its node's memory.
    fn begin_use(&mut self, slot: usize, image: &Image, d: &mut Desk<'_, '_>) {
        match behaviour::of(image).takes {
            Takes::Idle => {}
            Takes::Leak(bytes) => self.begin_leak(slot, bytes, d),
            Takes::Asked => {
                let Some(run) = self.slots.get(slot).and_then(|s| s.run.as_ref()) else { return };
                let bytes = behaviour::stress_bytes(&run.argv);
                if bytes > 0 {
                    self.take_memory(slot, bytes, 256 << 20, d);
                }
            }
        }
    }
}
