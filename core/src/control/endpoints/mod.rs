//! Endpoints and EndpointSlices: the addresses behind a Service. Models `pkg/controller/endpoint`, `endpointslice` and
//! `endpointslicemirroring`. Here: which Services a change is about, and which Pods are behind one.

mod classic;
mod mirror;
mod slices;
mod topology;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, EventNote, Recorder, Status, Token};
use crate::arrange::Arrange;
use crate::object::resources::{ENDPOINTS, NODES, PODS, SERVICES};
use crate::object::value::{self, items_at, pairs_at, text_at};
use crate::object::{Key, Object};
use crate::time::TimerClass;

/// When what an object tells of last changed.
const TRIGGER: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// Work: both kinds of a Service, one after the other.
const BOTH: u32 = 0;
/// Work: the slices of a large Service.
const SLICES: u32 = 1;
/// Work: slices for Endpoints that somebody else writes.
const MIRROR: u32 = 2;
/// Work: to go on with the Endpoints of a large Service, in the same instant.
const GO_ON_CLASSIC: u32 = 3;
/// Work: to go on with its slices.
const GO_ON_SLICES: u32 = 4;

/// What is under way for a large Service: done in parts, so that others have their turn in between.
#[derive(Clone)]
enum Doing {
    /// Its Endpoints are put together.
    Classic(classic::Draft),
    /// Its Pods have been listed for the slices, at this version.
    Listed(Rc<[Rc<Object>]>, u64),
    /// Its slices are written.
    Slices(slices::Plan),
    /// Something was refused: all of it is tried again.
    Failed,
}

/// How many steps of a poll it takes to look at so many Pods.
fn steps_for(pods: usize) -> u32 {
    u32::try_from(pods / PODS_PER_STEP).unwrap_or(u32::MAX).max(1)
}

/// The controller of both.
#[derive(Clone)]
pub struct Endpoints {
    /// Selectors of the Services by namespace and name.
    selectors: Rc<BTreeMap<Key, Vec<(String, String)>>>,
    /// How many Pods were behind large Services when last looked at.
    sizes: Rc<BTreeMap<Key, usize>>,
    /// When the slices of large Services were last brought up to date.
    written: Rc<BTreeMap<Key, slices::Written>>,
    /// What is under way for large Services, by the work that goes on with it.
    doing: Rc<BTreeMap<Token, Doing>>,
    /// Services whose addresses are meant for zones, with how many for each.
    hinted: Rc<BTreeMap<Key, topology::ByZone>>,
    events: Recorder,
}

impl Default for Endpoints {
    fn default() -> Endpoints {
        Endpoints {
            selectors: Rc::default(),
            sizes: Rc::default(),
            written: Rc::default(),
            doing: Rc::default(),
            hinted: Rc::default(),
            events: Recorder::new("endpoint-slice-controller", ""),
        }
    }
}

/// Services with more Pods than this are not looked at after every change: changes are gathered, for [`PER_POD_MS`].
const MANY: usize = 64;
/// For how long changes are gathered, by Pods.
const PER_POD_MS: u64 = 2;
/// Pods that can be looked at in the time of one step of a poll.
const PODS_PER_STEP: usize = 32;
/// Pods of a large Service whose addresses are made before others have their turn.
const STRIDE: usize = 128;
/// Slices of a large Service that are written before others have their turn.
const SLICES_AT_ONCE: usize = 2;
/// The longest that changes are gathered.
const LONGEST_MS: u64 = 2_000;

fn selector(service: &Object) -> Vec<(String, String)> {
    pairs_at(service.field("spec").unwrap_or(&Value::Null), "selector").map(|(k, v)| (k.to_string(), v.to_string())).collect()
}

/// The Pods a Service selects that have an address and have not ended, in the order of their addresses.
fn behind(api: &Api, service: &Object) -> Vec<Rc<Object>> {
    let labels = selector(service);
    let fits = |p: &&Rc<Object>| !p.text_at("/status/podIP").is_empty() && !pods::is_over(p);
    let octet = |sum: u32, n: &str| sum << 8 | n.parse::<u32>().unwrap_or(0);
    let address = |p: &Rc<Object>| p.text_at("/status/podIP").split('.').fold(0, octet);
    let found = api.pods_with_labels(service.namespace(), &labels).into_iter().filter(fits);
    let mut list: Vec<(u32, Rc<Object>)> = found.map(|p| (address(p), p.clone())).collect();
    list.arrange_by_key(|(address, _)| *address);
    list.into_iter().map(|(_, p)| p).collect()
}

/// The number of a Service's target port in a Pod.
fn target_port(port: &Value, pod: &Object) -> Option<i64> {
    match value::at(port, "targetPort") {
        Some(Value::String(name)) => pod
            .items_at("/spec/containers")
            .iter()
            .flat_map(|c| items_at(c, "ports"))
            .find(|p| text_at(p, "name") == name)
            .and_then(|p| value::i64_at(p, "containerPort")),
        Some(v) => v.as_i64(),
        None => value::i64_at(port, "port"),
    }
}

/// The ports of a Service as a Pod has them; those it has not are left out.
fn ports_of(service: &Object, pod: &Object) -> Vec<Value> {
    service.items_at("/spec/ports").iter().filter_map(|p| port(p, pod)).collect()
}

fn port(port: &Value, pod: &Object) -> Option<Value> {
    let mut out = json!({"port": target_port(port, pod)?, "protocol": text_at(port, "protocol")});
    for key in ["name", "appProtocol"] {
        if !text_at(port, key).is_empty() {
            value::set(&mut out, key, text_at(port, key));
        }
    }
    Some(out)
}

/// Whether a port of a Service goes by the name that Pods give it, so that each may have another.
fn has_named_ports(service: &Object) -> bool {
    service.items_at("/spec/ports").iter().any(|p| value::at(p, "targetPort").is_some_and(Value::is_string))
}

/// Pods with the ports that they share; one look is enough where no port goes by its name.
fn by_ports<'p>(service: &Object, pods: impl Iterator<Item = &'p Rc<Object>>) -> Vec<(Vec<Value>, Vec<&'p Rc<Object>>)> {
    let named = has_named_ports(service);
    let mut groups: Vec<(Vec<Value>, Vec<&Rc<Object>>)> = Vec::new();
    for pod in pods {
        if !named && let Some((_, group)) = groups.first_mut() {
            group.push(pod);
            continue;
        }
        let ports = ports_of(service, pod);
        match groups.iter_mut().find(|(p, _)| *p == ports) {
            Some((_, group)) => group.push(pod),
            None => groups.push((ports, [pod].into())),
        }
    }
    groups
}

/// A Pod's own name within a Service that governs it.
fn host_name<'p>(service: &Object, pod: &'p Object) -> Option<&'p str> {
    Some(pod.text_at("/spec/hostname")).filter(|h| !h.is_empty() && pod.text_at("/spec/subdomain") == service.name())
}

/// The Pod that an address belongs to.
fn target(pod: &Object) -> Value {
    json!({"kind": "Pod", "name": pod.name(), "namespace": pod.namespace(), "uid": &*pod.meta.uid})
}

/// Whether a Service has no address of its own.
fn is_headless(service: &Object) -> bool {
    service.text_at("/spec/clusterIP") == "None"
}

/// The labels that both kinds take over, with the mark of Services without an address.
fn labels(service: &Object, object: &mut Object) {
    object.meta.labels = service.meta.labels.clone();
    if is_headless(service) {
        object.meta.set_label("service.kubernetes.io/headless", Some(""));
    }
}

/// Whether a Service's addresses are looked for among Pods.
fn has_pods(service: &Object) -> bool {
    !selector(service).is_empty() && !service.is_deleting() && service.text_at("/spec/type") != "ExternalName"
}

impl Endpoints {
    fn observe_service(&mut self, change: &Change, todo: &mut Todo) {
        let key = change.object.key();
        let selectors = Rc::make_mut(&mut self.selectors);
        match change.kind {
            ChangeKind::Deleted => {
                Rc::make_mut(&mut self.doing).retain(|token, _| token.key.as_ref() != Some(&key));
                Rc::make_mut(&mut self.hinted).remove(&key);
                selectors.remove(&key)
            }
            _ => selectors.insert(key.clone(), selector(&change.object)),
        };
        todo.add_token(Token::about(MIRROR, key.clone()));
        todo.add(key);
    }

    /// For which zones the addresses of a Service are meant, if that is wanted, with an Event when that changes.
    fn zones(&mut self, service: &Object, pods: &[Rc<Object>], api: &mut Api) -> topology::Zones {
        let key = service.key();
        if !topology::wanted(service) {
            if self.hinted.contains_key(&key) {
                Rc::make_mut(&mut self.hinted).remove(&key);
                self.say_unhinted(service, "Topology Aware Hints has been disabled", api);
            }
            return topology::Zones::new();
        }
        let everyone = service.bool_at("/spec/publishNotReadyAddresses");
        let ready: Vec<&Rc<Object>> = pods.iter().filter(|p| slices::conditions(p, everyone)[0]).collect();
        match topology::assign(api, &ready) {
            Ok((zones, counts)) => {
                if Rc::make_mut(&mut self.hinted).insert(key, counts).is_none() {
                    let text = topology::message("Topology Aware Hints has been enabled");
                    self.events.record(api, service, &EventNote::normal("TopologyAwareHintsEnabled", &text));
                }
                zones
            }
            Err(why) => {
                Rc::make_mut(&mut self.hinted).remove(&key);
                self.say_unhinted(service, &why, api);
                topology::Zones::new()
            }
        }
    }

    fn say_unhinted(&mut self, service: &Object, why: &str, api: &mut Api) {
        self.events.record(api, service, &EventNote::warning("TopologyAwareHintsDisabled", &topology::message(why)));
    }

    /// Brings both kinds up to date in one go.
    fn write_all(&mut self, service: &Object, pods: &Rc<[Rc<Object>]>, api: &mut Api) -> Result<(), Status> {
        let mut draft = classic::Draft::new(pods.clone());
        draft.go_on(service, usize::MAX);
        classic::write(service, draft, api)?;
        let zones = self.zones(service, pods, api);
        let mut plan = slices::plan(service, pods, zones, api.store.resource_version, None, api);
        plan.go_on(service, usize::MAX, api).map(drop)
    }

    /// Notes what is under way for a large Service; `what` goes on with it in the same instant.
    fn begin(&mut self, what: u32, key: &Key, doing: Doing, work: &mut Work<'_>) {
        let token = Token::about(what, key.clone());
        Rc::make_mut(&mut self.doing).insert(token.clone(), doing);
        work.todo().add_token_in(token, 0, TimerClass::Work);
    }

    /// Does the next part of what is under way for a large Service.
    fn go_on(&mut self, doing: Doing, key: &Key, service: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        match doing {
            Doing::Classic(mut draft) => {
                work.steps = steps_for(STRIDE);
                if !draft.go_on(service, STRIDE) {
                    self.begin(GO_ON_CLASSIC, key, Doing::Classic(draft), work);
                    return Ok(());
                }
                classic::write(service, draft, work.api)?;
                work.todo().add_token(Token::about(SLICES, key.clone()));
            }
            Doing::Listed(pods, version) => {
                work.steps = steps_for(pods.len());
                let zones = self.zones(service, &pods, work.api);
                let plan = slices::plan(service, &pods, zones, version, self.written.get(key).copied(), work.api);
                self.begin(GO_ON_SLICES, key, Doing::Slices(plan), work);
            }
            Doing::Slices(mut plan) => {
                work.steps = steps_for(STRIDE);
                match plan.go_on(service, SLICES_AT_ONCE, work.api)? {
                    Some(written) => drop(Rc::make_mut(&mut self.written).insert(key.clone(), written)),
                    None => self.begin(GO_ON_SLICES, key, Doing::Slices(plan), work),
                }
            }
            Doing::Failed => {
                let pods = behind(work.api, service).into();
                work.steps = steps_for(usize::MAX);
                self.write_all(service, &pods, work.api)?;
            }
        }
        Ok(())
    }

    fn observe_pod(&mut self, change: &Change, todo: &mut Todo) {
        let pod = &change.object;
        let same = |p: &Object| {
            p.is_deleting() == pod.is_deleting()
                && p.text_at("/status/podIP") == pod.text_at("/status/podIP")
                && pods::is_over(p) == pods::is_over(pod)
                && pods::is_ready(p) == pods::is_ready(pod)
                && p.meta.labels == pod.meta.labels
        };
        if self.selectors.is_empty() || change.kind == ChangeKind::Modified && change.previous.as_ref().is_some_and(|p| same(p)) {
            return;
        }
        let fits = |labels: &[(String, String)], p: &Object| !labels.is_empty() && labels.iter().all(|(k, v)| p.meta.label(k) == Some(v));
        let from = Key { namespace: pod.meta.namespace.clone(), name: "".into() };
        for (key, labels) in self.selectors.range(from..).take_while(|(k, _)| k.namespace == pod.meta.namespace) {
            if fits(labels, pod) || change.previous.as_ref().is_some_and(|p| fits(labels, p)) {
                match self.sizes.get(key) {
                    Some(size) => {
                        let ms = (*size as u64 * PER_POD_MS).min(LONGEST_MS);
                        todo.add_token_in(Token::about(BOTH, key.clone()), ms, TimerClass::Work);
                    }
                    None => todo.add(key.clone()),
                }
            }
        }
    }
}

impl Reconcile for Endpoints {
    fn name(&self) -> &'static str {
        "endpoint-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[SERVICES, PODS, ENDPOINTS, NODES]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        match change.resource() {
            SERVICES => self.observe_service(change, todo),
            PODS => self.observe_pod(change, todo),
            NODES => {
                let overloaded = self.hinted.iter().filter(|(_, counts)| topology::is_overloaded(api, counts));
                overloaded.for_each(|(key, _)| todo.add(key.clone()));
            }
            _ if mirror::is_foreign(api, &change.object) => todo.add_token(Token::about(MIRROR, change.object.key())),
            _ => {}
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        if token.what == MIRROR {
            return mirror::reconcile(key, work.api);
        }
        let Some(service) = work.api.get(SERVICES, key).cloned() else {
            if work.api.get(ENDPOINTS, key).is_some() {
                work.api.delete(ENDPOINTS, key, &DeleteOptions::default())?;
            }
            return Ok(());
        };
        if !has_pods(&service) {
            return Ok(());
        }
        if matches!(token.what, GO_ON_CLASSIC | GO_ON_SLICES) {
            let Some(doing) = Rc::make_mut(&mut self.doing).remove(token) else { return Ok(()) };
            let done = self.go_on(doing, key, &service, work);
            if done.is_err() {
                Rc::make_mut(&mut self.doing).insert(token.clone(), Doing::Failed);
            }
            return done;
        }
        let pods: Rc<[Rc<Object>]> = behind(work.api, &service).into();
        work.steps = steps_for(pods.len());
        if token.what == SLICES {
            let version = work.api.store.resource_version;
            self.begin(GO_ON_SLICES, key, Doing::Listed(pods, version), work);
            return Ok(());
        }
        if pods.len() > MANY {
            Rc::make_mut(&mut self.sizes).insert(key.clone(), pods.len());
            self.begin(GO_ON_CLASSIC, key, Doing::Classic(classic::Draft::new(pods)), work);
            return Ok(());
        }
        if self.sizes.contains_key(key) {
            Rc::make_mut(&mut self.sizes).remove(key);
            Rc::make_mut(&mut self.written).remove(key);
        }
        self.write_all(&service, &pods, work.api)
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
