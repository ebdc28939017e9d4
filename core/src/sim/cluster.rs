//! The event queue: delivers changes to components in order, fires timers in order, and stops at its budget.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::components;
use crate::api::kubelet::Sandbox;
use crate::api::network::{Lookup, NetAnswer, NetRequest, Network};
use crate::api::runtime::{Inside, Runtime};
use crate::api::{Api, Change, Component, Cx, KubeletProxy, Server, Timing, Token};
use crate::kubelet::Kubelet;
use crate::kubelet::web::Sent;
use crate::object::resources::{NAMESPACES, PODS};
use crate::time::{Instant, TimerClass, Timers};

/// How far ahead work may be due and the cluster still counts as at rest.
pub const REST_HORIZON_MS: u64 = 1100;

/// How often it is looked whether a part of the control plane that is stopped runs again.
const STOPPED_MS: u64 = 1_000;

/// A cluster: the API server, everything around it, and the time. A clone is a checkpoint.
pub struct Cluster {
    /// The API server.
    pub api: Api,
    components: Vec<Box<dyn Component>>,
    timers: Timers<(usize, Token)>,
    seen: u64,
    now: Instant,
}

impl Clone for Cluster {
    fn clone(&self) -> Self {
        Cluster {
            api: self.api.clone(),
            components: self.components.iter().map(|c| c.boxed_clone()).collect(),
            timers: self.timers.clone(),
            seen: self.seen,
            now: self.now,
        }
    }
}

impl Cluster {
    /// A cluster around an API server that already holds its base objects. Components see those as added.
    pub fn new(api: Api, seed: u64, timing: Timing) -> Cluster {
        Cluster { components: components::all(seed, timing), api, timers: Timers::default(), seen: 0, now: Instant(0) }
    }

    /// The present instant.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// When something is next due; the present if changes wait to be seen.
    pub fn poll_at(&self) -> Option<Instant> {
        match self.is_behind() {
            true => Some(self.now),
            false => self.timers.next_at(),
        }
    }

    /// Whether changes wait to be seen.
    pub fn is_behind(&self) -> bool {
        self.seen < self.api.store.log.end()
    }

    /// Runs what is due up to `now`, at most `budget` steps (a step is one change seen by one component or one timer; a
    /// timer whose work is long counts for several).
    /// Returns the steps left; zero means there may be more to do at once.
    pub fn poll(&mut self, now: Instant, mut budget: u32) -> u32 {
        while budget > 0 {
            budget = self.deliver(budget);
            if budget == 0 || self.is_behind() {
                return 0;
            }
            let Some((at, (component, token))) = self.timers.pop(now) else {
                self.set_now(now);
                return budget;
            };
            self.set_now(at);
            if let Some(c) = self.components.get_mut(component) {
                if is_stopped(&self.api, c.name()) {
                    self.timers.set(at + STOPPED_MS, TimerClass::Background, (component, token));
                    continue;
                }
                let mut cx = Cx::new(&mut self.api, self.now, &mut self.timers, component);
                c.wake(token, &mut cx);
                // Delivering may have used the last step.
                budget = budget.saturating_sub(cx.steps);
            }
        }
        0
    }

    /// Whether nothing is in flight: no work due soon and no Pod on its way up or out. See DESIGN, "Rest".
    pub fn at_rest(&self) -> bool {
        !self.is_behind() && self.timers.next_work_at(self.now + REST_HORIZON_MS).is_none() && !self.in_flight()
    }

    fn in_flight(&self) -> bool {
        self.timers.next_work_at(Instant(u64::MAX)).is_some() && self.api.list(PODS, None).any(|p| pod_in_flight(p))
            || self.api.list(NAMESPACES, None).any(|namespace| namespace.is_deleting() && !self.is_held(namespace.name()))
    }

    /// Whether a namespace on its way out still holds something that does not go by itself.
    fn is_held(&self, namespace: &str) -> bool {
        let foreign = |finalizer: &alloc::string::String| finalizer.contains('/') && !finalizer.contains("kubernetes.io/");
        let held = |resource: &str| self.api.list(resource, Some(namespace)).any(|object| object.meta.finalizers.iter().any(foreign));
        self.api.types().any(|ty| ty.namespaced && held(&ty.resource))
    }

    fn set_now(&mut self, at: Instant) {
        self.now = self.now.max(at);
        self.api.now = self.now;
    }

    fn deliver(&mut self, mut budget: u32) -> u32 {
        while budget > 0 {
            if self.seen < self.api.store.log.start() {
                self.seen = self.api.store.log.start();
            }
            let Some(change) = self.api.store.log.get(self.seen).cloned() else {
                break;
            };
            self.seen += 1;
            budget -= 1;
            self.show(&change);
            self.api.store.seen(self.seen);
        }
        budget
    }

    fn show(&mut self, change: &Change) {
        for (i, component) in self.components.iter_mut().enumerate() {
            let watches = component.watches();
            if watches.is_empty() || watches.contains(&change.resource()) {
                component.observe(change, &mut Cx::new(&mut self.api, self.now, &mut self.timers, i));
            }
        }
    }

    /// The component of a type, to read.
    pub fn component<T: 'static>(&self) -> Option<&T> {
        self.components.iter().find_map(|c| c.as_any().downcast_ref())
    }

    /// The component of a type, to change.
    pub fn component_mut<T: 'static>(&mut self) -> Option<&mut T> {
        self.components.iter_mut().find_map(|c| c.as_any_mut().downcast_mut())
    }

    /// The requests over the network from a number on, as far as they are kept.
    pub fn requests_since(&self, number: u64) -> impl Iterator<Item = &Sent> {
        self.component::<Kubelet>().into_iter().flat_map(move |k| k.traffic().sent.since(number))
    }

    /// The number that the next request will have.
    pub fn requests_end(&self) -> u64 {
        self.component::<Kubelet>().map_or(0, |k| k.traffic().sent.end())
    }

    /// Gives the kubelets an interpreter for the commands of containers.
    pub fn set_runtime(&mut self, runtime: Box<dyn Runtime>) {
        if let Some(kubelet) = self.component_mut::<Kubelet>() {
            kubelet.set_runtime(runtime);
        }
    }

    /// Lets a component act outside its own timers (a fault, an exec): `act` gets it with its context.
    pub fn with_component<T: 'static, R>(&mut self, act: impl FnOnce(&mut T, &mut Cx<'_>) -> R) -> Option<R> {
        let i = self.components.iter().position(|c| c.as_any().is::<T>())?;
        let component = self.components.get_mut(i)?.as_any_mut().downcast_mut::<T>()?;
        Some(act(component, &mut Cx::new(&mut self.api, self.now, &mut self.timers, i)))
    }
}

/// Whether a component does nothing because the static Pod that it runs in was taken away, or the one that it asks.
fn is_stopped(api: &Api, component: &str) -> bool {
    let program = match component {
        "kubelet" => return false,
        _ if !api.answers() => return true,
        "etcd" => return false,
        "default-scheduler" => "kube-scheduler",
        _ => "kube-controller-manager",
    };
    !api.stopped.is_empty() && api.stopped.contains(program)
}

/// Whether a Pod is on its way: being deleted, or bound and being created, or its image has just failed to be pulled.
fn pod_in_flight(pod: &crate::object::Object) -> bool {
    let bound = !pod.text_at("/spec/nodeName").is_empty();
    let waiting = |path| {
        pod.items_at(path)
            .iter()
            .any(|s| matches!(crate::object::value::text_at(s, "state/waiting/reason"), "ContainerCreating" | "ErrImagePull"))
    };
    bound && (pod.is_deleting() || waiting("/status/containerStatuses") || waiting("/status/initContainerStatuses"))
}

impl Server for Cluster {
    fn api(&mut self) -> &mut Api {
        &mut self.api
    }

    fn api_ref(&self) -> &Api {
        &self.api
    }

    fn kubelets(&mut self) -> &mut dyn KubeletProxy {
        let i = self.components.iter().position(|c| c.as_any().is::<Kubelet>()).unwrap_or_default();
        kubelet_in(&mut self.components, i)
    }
}

impl Network for Cluster {
    fn request(&mut self, request: &NetRequest) -> Option<NetAnswer> {
        let answer = self.with_component(|kubelet: &mut Kubelet, cx| kubelet.request(cx.api, cx.now, request));
        Some(answer.unwrap_or(NetAnswer::Unresolved))
    }

    fn resolve(&mut self, from_pod: &str, name: &str) -> Lookup {
        self.with_component(|kubelet: &mut Kubelet, cx| kubelet.resolve(cx.api, from_pod, name)).unwrap_or_default()
    }
}

impl Inside for Cluster {
    fn take(&mut self, pod_uid: &str, container: &str) -> Option<Sandbox> {
        self.with_component(|kubelet: &mut Kubelet, cx| kubelet.take_inside(pod_uid, container, cx))?
    }

    fn put(&mut self, pod_uid: &str, container: &str, sandbox: Sandbox) {
        self.with_component(|kubelet: &mut Kubelet, cx| kubelet.put_inside(pod_uid, container, sandbox, cx));
    }

    fn signal(&mut self, pod_uid: &str, container: &str, pid: u32, signal: i32) {
        self.with_component(|kubelet: &mut Kubelet, cx| kubelet.signal_inside(pod_uid, container, pid, signal, cx));
    }
}

/// The kubelet among the components. It is always there: `components::all` puts it in.
#[allow(clippy::expect_used)]
fn kubelet_in(components: &mut [Box<dyn Component>], i: usize) -> &mut Kubelet {
    components.get_mut(i).and_then(|c| c.as_any_mut().downcast_mut()).expect("the kubelet is a component of every cluster")
}
