//! The kubelet: the life of Pods on their nodes. Meets the rest of the cluster only in the API server.

pub mod admit;
pub mod adopt;
pub mod answers;
mod apiserver;
mod backends;
pub mod beat;
pub mod behaviour;
pub mod env;
pub mod ephemeral;
pub mod hooks;
pub mod images;
pub mod insides;
mod leads;
pub mod names;
pub mod node;
pub mod plain;
pub mod plight;
pub mod policies;
mod preempt;
pub mod pressure;
pub mod probes;
pub mod processes;
mod pull;
pub mod qos;
mod releases;
pub mod resize;
pub mod resolver;
pub mod seen;
pub mod start;
pub mod statics;
pub mod status;
pub mod stop;
pub mod stores;
mod sysctls;
mod turn;
pub mod usage;
mod users;
pub mod volumes;
pub mod web;
pub mod worker;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::String;
use core::any::Any;

use crate::api::kubelet::Sandbox;
use crate::api::runtime::Runtime;
use crate::api::{Change, ChangeKind, Component, Cx, KubeletProxy, LogLine, Timing, Token};
use crate::object::Object;
use crate::object::resources::{CONFIG_MAPS, NODES, PODS, SECRETS, SERVICES};
use crate::shared::SharedMap;
use crate::time::Rng;
use node::Node;
use web::Traffic;
use worker::{Desk, Stage, Worker, step};

/// The kubelets of all nodes, as one component.
#[derive(Clone)]
pub struct Kubelet {
    timing: Timing,
    nodes: BTreeMap<Rc<str>, Rc<Node>>,
    workers: SharedMap<Rc<str>, Rc<Worker>>,
    /// Pods of metrics servers, by UID.
    metrics_servers: BTreeSet<Rc<str>>,
    jitter: Rng,
    ids: Rng,
    runtime: Option<Box<dyn Runtime>>,
    services: env::ServiceEnv,
    stores: Rc<stores::Stores>,
    traffic: Traffic,
    pulled_before: BTreeSet<String>,
    registry_down: bool,
    lease_namespace: Rc<str>,
    former: BTreeMap<Rc<str>, Rc<Object>>,
    folders: BTreeMap<Rc<str>, statics::Folder>,
}

impl Kubelet {
    /// The kubelets of a cluster with this seed and pace.
    pub fn new(seed: u64, timing: Timing) -> Kubelet {
        Kubelet {
            timing,
            nodes: BTreeMap::new(),
            workers: SharedMap::new(),
            metrics_servers: BTreeSet::new(),
            jitter: Rng::new(seed, "kubelet-jitter"),
            ids: Rng::new(seed, "container-ids"),
            runtime: None,
            services: env::ServiceEnv::default(),
            stores: Rc::default(),
            traffic: Traffic::new(seed),
            pulled_before: BTreeSet::new(),
            registry_down: false,
            lease_namespace: "kube-node-lease".into(),
            former: BTreeMap::new(),
            folders: BTreeMap::new(),
        }
    }

    /// The pace at which containers come and go.
    pub fn timing(&self) -> Timing {
        self.timing
    }

    /// Gives the kubelets an interpreter for the commands of containers.
    pub fn set_runtime(&mut self, runtime: Box<dyn Runtime>) {
        self.runtime = Some(runtime);
    }

    /// The worker of a Pod.
    pub fn worker(&self, uid: &str) -> Option<&Worker> {
        self.workers.get(uid).map(Rc::as_ref)
    }

    /// Lets a Pod's worker act.
    pub fn with_worker<R>(&mut self, uid: &str, cx: &mut Cx<'_>, act: impl FnOnce(&mut Worker, &mut Desk<'_, '_>) -> R) -> Option<R> {
        let worker = Rc::make_mut(self.workers.get_mut(uid)?);
        let node = Rc::make_mut(self.nodes.get_mut(&worker.node)?);
        let mut desk = Desk {
            cx,
            node,
            timing: self.timing,
            jitter: &mut self.jitter,
            ids: &mut self.ids,
            runtime: self.runtime.as_deref(),
            services: &mut self.services,
            stores: Rc::make_mut(&mut self.stores),
            net: &mut self.traffic,
            pulled_before: &mut self.pulled_before,
            registry_down: self.registry_down,
        };
        Some(act(worker, &mut desk))
    }

    fn observe_pod(&mut self, change: &Change, cx: &mut Cx<'_>) {
        let pod = &change.object;
        let uid = pod.meta.uid.clone();
        if change.kind == ChangeKind::Deleted {
            self.gone(&uid, cx);
            return;
        }
        let node = pod.text_at("/spec/nodeName");
        if node.is_empty() || !self.nodes.contains_key(node) {
            return;
        }
        if !self.workers.contains_key(&uid) {
            self.take_on(pod, cx);
            return;
        }
        let Some(before) = &change.previous else { return };
        let (spec_same, meta_same) = (before.same_field(pod, "spec"), before.meta.labels == pod.meta.labels);
        let deleted_now = pod.is_deleting() && !before.is_deleting();
        let grace_shorter = before.meta.deletion_grace != pod.meta.deletion_grace && before.is_deleting();
        if spec_same && meta_same && !deleted_now && !grace_shorter {
            return;
        }
        let pod = pod.clone();
        self.with_worker(&uid, cx, |w, d| {
            let stored = d.cx.api.get(PODS, &w.key).filter(|o| o.meta.uid == w.uid).cloned().unwrap_or(pod);
            w.take_pod(stored);
            if adopt::is_mirror(&w.pod) {
                if deleted_now {
                    w.delete_mirror(d);
                }
            } else if deleted_now {
                w.delete(d);
            } else if grace_shorter {
                w.hurry(d);
            } else if !spec_same && w.has_new_ephemeral() {
                d.later(w, step::SYNC, 8, crate::time::TimerClass::Work);
            } else if !spec_same && w.is_resized(before) {
                w.begin_resize(before, d);
            } else if !spec_same && w.stage == Stage::Active && w.sandbox != worker::PodSandbox::None {
                w.look_soon(d);
            }
        });
    }

    /// A Pod has come to a node.
    fn take_on(&mut self, pod: &Rc<Object>, cx: &mut Cx<'_>) {
        if matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed") {
            return;
        }
        let uid = pod.meta.uid.clone();
        self.workers.insert(uid.clone(), Rc::new(Worker::new(pod)));
        if usage::is_metrics_server(pod) {
            self.metrics_servers.insert(uid.clone());
        }
        let running = !pod.items_at("/status/containerStatuses").is_empty() && !pod.text_at("/status/podIP").is_empty();
        self.with_worker(&uid, cx, |w, d| {
            if running {
                w.adopt(d);
                if d.node.plight.off {
                    w.power_lost(d);
                }
                return;
            }
            if w.pod.is_deleting() {
                return w.delete(d);
            }
            if adopt::is_mirror(&w.pod) {
                w.tell_soon(d);
            }
            if !w.refuse_under_pressure(d) && !w.refuse_misplaced(d) {
                d.later(w, step::SYNC, 8, crate::time::TimerClass::Work);
            }
        });
    }

    /// A Pod's object is gone: whatever still runs of it is stopped.
    fn gone(&mut self, uid: &str, cx: &mut Cx<'_>) {
        if self.workers.get(uid).is_some_and(|w| adopt::is_mirror(&w.pod) && !w.deleting) {
            return self.make_mirror(uid, cx);
        }
        let node = self.with_worker(uid, cx, |w, d| {
            w.abandon(d);
            w.node.clone()
        });
        self.workers.remove(uid);
        self.retry_resizes(node.as_deref(), cx);
        node.iter().for_each(|node| self.raise(node, cx));
        self.metrics_servers.remove(uid);
        self.traffic.answered.remove(uid);
        cx.api.usage.forget(uid);
        Rc::make_mut(&mut self.stores).forget(&["empty/", uid, "/"].concat());
    }
}

impl Component for Kubelet {
    fn name(&self) -> &'static str {
        "kubelet"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[PODS, NODES, SERVICES, CONFIG_MAPS, SECRETS]
    }

    fn observe(&mut self, change: &Change, cx: &mut Cx<'_>) {
        match change.resource() {
            PODS => self.observe_pod(change, cx),
            NODES => self.observe_node(change, cx),
            SERVICES => self.services.clear(),
            _ => self.observe_data(change, cx),
        }
    }

    fn wake(&mut self, token: Token, cx: &mut Cx<'_>) {
        let Some(key) = token.key else {
            match token.what {
                pressure::LOOK => self.look_for_pressure(&token.detail, cx),
                pressure::EASE => self.ease(&token.detail, cx),
                statics::RAISE => self.raise(&token.detail, cx),
                leads::ASK..=leads::LOSE => self.lead(&token, cx),
                _ => self.beat(&token, cx),
            }
            return;
        };
        let (what, slot) = (token.what & 0xff, (token.what >> 8) as usize);
        match what {
            step::MIRROR => return self.replace_mirror(&key.name, cx),
            step::ADMIT => return self.make_way(&key.name, cx),
            _ => {}
        }
        self.with_worker(&key.name, cx, |w, d| {
            if d.node.plight.off && what != step::BEGIN_STOP {
                return;
            }
            match what {
                step::SYNC => w.want_sync(d),
                step::SANDBOX_UP => w.sandbox_up(d),
                step::PULLED => w.pulled(slot, d),
                step::START => w.start(slot, d),
                step::TURN => w.turn(slot, d),
                step::LOOK => w.look(d),
                step::FINISH => w.finished(d),
                step::REMOVE => w.remove(d),
                step::GRACE_OVER => w.grace_over(slot, d),
                step::BEGIN_STOP => w.begin_stop(d),
                step::PROBE => w.probe(slot & 0xff, slot >> 8, d),
                step::HOOK_OVER => w.hook_over(slot, d),
                step::DEADLINE => w.deadline(d),
                step::OUT_OF_MEMORY => w.out_of_memory(slot, d),
                step::TOLD => w.tell_mirror(d),
                step::STARTED => w.post_start_over(slot, d),
                step::RESIZE => w.decide_resize(d),
                _ => {}
            }
        });
        self.serve(cx.api, cx.now);
        self.read_manifests(cx);
    }

    fn boxed_clone(&self) -> Box<dyn Component> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl KubeletProxy for Kubelet {
    fn log_lines(&self, pod_uid: &str, container: &str, previous: bool) -> Option<&[LogLine]> {
        let slot = self.workers.get(pod_uid)?.slots.iter().find(|s| &*s.name == container)?;
        match previous {
            true if slot.last.is_some() || slot.run.is_some() && slot.ended.is_some() => Some(&slot.previous_log),
            false if slot.run.is_some() || slot.ended.is_some() => Some(&slot.log),
            _ => None,
        }
    }

    fn sandbox(&mut self, pod_uid: &str, container: &str) -> Option<&mut Sandbox> {
        let worker = Rc::make_mut(self.workers.get_mut(pod_uid)?);
        let i = worker.slot_named(container)?;
        let needs = worker.slots.get(i)?.run.as_ref()?;
        if needs.exited.is_some() {
            return None;
        }
        if needs.sandbox.is_none() {
            let slot = worker.slots.get(i)?;
            let made = insides::sandbox(worker, slot, &needs.argv, &needs.env);
            worker.slots.get_mut(i)?.run.as_mut()?.sandbox = Some(Box::new(made));
        }
        let run = worker.slots.get_mut(i)?.run.as_mut()?;
        let children = run.process.children();
        let sandbox = run.sandbox.as_deref_mut()?;
        for child in children {
            if !sandbox.processes.contains(&child) {
                sandbox.processes.push(child);
            }
        }
        Some(sandbox)
    }

    fn signal(&mut self, _pod_uid: &str, _container: &str, _pid: u32, _signal: i32) {}
}

impl Kubelet {
    /// Takes the inside of a running container out, made if need be, with its volumes as they are now.
    pub fn take_inside(&mut self, pod_uid: &str, container: &str, cx: &mut Cx<'_>) -> Option<Sandbox> {
        self.with_worker(pod_uid, cx, |w, d| {
            let slot = w.slot_named(container)?;
            w.take_sandbox(slot, d)
        })?
    }

    /// Puts the inside of a container back.
    pub fn put_inside(&mut self, pod_uid: &str, container: &str, sandbox: Sandbox, cx: &mut Cx<'_>) {
        self.with_worker(pod_uid, cx, |w, d| {
            if let Some(slot) = w.slot_named(container) {
                w.put_sandbox(slot, sandbox, d);
            }
        });
        self.read_manifests(cx);
    }

    /// Sends a signal to a process of a container.
    pub fn signal_inside(&mut self, pod_uid: &str, container: &str, pid: u32, signal: i32, cx: &mut Cx<'_>) {
        self.with_worker(pod_uid, cx, |w, d| {
            if let Some(slot) = w.slot_named(container) {
                let (slot, pid) = processes::owner_of(w, slot, pid);
                w.signal_process(slot, pid, signal, d);
            }
        });
    }
}
