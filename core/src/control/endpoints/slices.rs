//! The EndpointSlices of a Service: at most a hundred addresses each, filled so that few of them change at a time.
//! Models `endpointslice/reconciler.go`.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::cmp::Reverse;

use serde_json::{Value, json};

use super::topology::{self, Zones};
use super::{TRIGGER, by_ports, host_name, labels, target};
use crate::api::{Api, DeleteOptions, Status};
use crate::arrange::Arrange;
use crate::control::pods;
use crate::object::Object;
use crate::object::resources::{ENDPOINT_SLICES, NODES};
use crate::object::value::{self, bool_at, text_at};

/// The most addresses of a slice.
const MOST: usize = 100;

/// The conditions of an address: ready, serving, terminating.
pub(super) fn conditions(pod: &Object, everyone: bool) -> [bool; 3] {
    let serving = pods::is_ready(pod);
    [everyone || serving && !pod.is_deleting(), serving, pod.is_deleting()]
}

fn endpoint(service: &Object, pod: &Object, zones: &Zones, api: &Api) -> Value {
    let [ready, serving, terminating] = conditions(pod, service.bool_at("/spec/publishNotReadyAddresses"));
    let node = pod.text_at("/spec/nodeName");
    let mut endpoint = json!({"addresses": [pod.text_at("/status/podIP")],
        "conditions": {"ready": ready, "serving": serving, "terminating": terminating},
        "nodeName": node, "targetRef": target(pod)});
    if let Some(host) = host_name(service, pod) {
        value::set(&mut endpoint, "hostname", host);
    }
    let zone = api.find(NODES, "", node).and_then(|n| n.meta.label("topology.kubernetes.io/zone"));
    if let Some(zone) = zone {
        value::set(&mut endpoint, "zone", zone);
    }
    if let Some(hints) = hints(service, pod, zone, zones).filter(|_| ready) {
        value::set(&mut endpoint, "hints", hints);
    }
    endpoint
}

/// For whom an address is meant first, where the Service says so; `zones` are those that its topology mode comes to.
/// Models `endpointslice/trafficdist`.
fn hints(service: &Object, pod: &Object, zone: Option<&str>, zones: &Zones) -> Option<Value> {
    let names = |name: &str| json!([{"name": name}]);
    if topology::wanted(service) {
        return zones.get(&pod.meta.uid).map(|zone| json!({"forZones": names(zone)}));
    }
    let node = pod.text_at("/spec/nodeName");
    match (service.text_at("/spec/trafficDistribution"), zone) {
        ("PreferClose" | "PreferSameZone", Some(zone)) => Some(json!({"forZones": names(zone)})),
        ("PreferSameNode", Some(zone)) => Some(json!({"forNodes": names(node), "forZones": names(zone)})),
        ("PreferSameNode", None) => Some(json!({"forNodes": names(node)})),
        _ => None,
    }
}

/// When the slices of a Service were last brought up to date: the newest version of any object before and after that.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    before: u64,
    after: u64,
}

impl Written {
    /// Whether a Pod's address in a slice must be as it was then, because nothing about it has changed.
    fn vouches(self, service: &Object, slice: &Object, pod: &Object) -> bool {
        pod.meta.resource_version <= self.before
            && service.meta.resource_version <= self.before
            && slice.meta.resource_version <= self.after
    }
}

/// Whether an address still tells what is true of its Pod.
fn is_same(old: &Value, service: &Object, pod: &Object, zones: &Zones) -> bool {
    let now = conditions(pod, service.bool_at("/spec/publishNotReadyAddresses"));
    let [ready, ..] = now;
    let zone = Some(text_at(old, "zone")).filter(|zone| !zone.is_empty());
    if hints(service, pod, zone, zones).filter(|_| ready).as_ref() != old.get("hints") {
        return false;
    }
    ["conditions/ready", "conditions/serving", "conditions/terminating"].iter().zip(now).all(|(path, is)| bool_at(old, path) == is)
        && text_at(old, "addresses/0") == pod.text_at("/status/podIP")
        && text_at(old, "hostname") == host_name(service, pod).unwrap_or_default()
}

/// An address of a slice on its way: as the slice has it at a place, or made from a Pod.
#[derive(Clone)]
enum Entry {
    Kept(usize),
    Made(Rc<Object>),
}

/// A slice on its way to what it is to hold: one that is there, or (without a name) a new one.
#[derive(Clone)]
struct Draft {
    slice: Option<Rc<Object>>,
    ports: Value,
    endpoints: Vec<Entry>,
}

impl Draft {
    /// The addresses that the slice is to hold.
    fn written(&self, service: &Object, zones: &Zones, api: &Api) -> Vec<Value> {
        let old = self.slice.as_deref().map_or(&[][..], |slice| slice.items_at("/endpoints"));
        let written = |entry: &Entry| match entry {
            Entry::Kept(at) => old.get(*at).cloned(),
            Entry::Made(pod) => Some(endpoint(service, pod, zones, api)),
        };
        self.endpoints.iter().filter_map(written).collect()
    }
}

/// What is to be done with the slices of a Service.
#[derive(Clone, Default)]
pub(super) struct Plan {
    written: Option<Written>,
    zones: Zones,
    /// The newest version of any object when the Pods were listed.
    before: u64,
    create: VecDeque<Draft>,
    update: VecDeque<Draft>,
    delete: Vec<Rc<Object>>,
    unchanged: Vec<Rc<Object>>,
}

impl Plan {
    /// Fits Pods that share their ports into the slices that have those. Models reconcileByPortMapping.
    fn add_group(&mut self, service: &Object, ports: &Value, pods: &[&Rc<Object>], own: &[Rc<Object>]) {
        let mut wanted: BTreeMap<&str, &Rc<Object>> = pods.iter().map(|p| (&*p.meta.uid, *p)).collect();
        let (mut update, mut unchanged) = (Vec::new(), Vec::new());
        for slice in own {
            let old = slice.items_at("/endpoints");
            let stay: Vec<Option<&Rc<Object>>> = old.iter().map(|e| wanted.remove(text_at(e, "targetRef/uid"))).collect();
            let vouched = |p: &Object| self.written.is_some_and(|w| w.vouches(service, slice, p));
            let is_same = |e: &Value, p: &Object| vouched(p) || is_same(e, service, p, &self.zones);
            let same: Vec<bool> = old.iter().zip(&stay).map(|(e, pod)| pod.is_some_and(|p| is_same(e, p))).collect();
            if same.iter().all(|same| *same) && !relabelled(service, slice) {
                unchanged.push(slice.clone());
            } else if stay.iter().all(Option::is_none) {
                self.delete.push(slice.clone());
            } else {
                let kept = same.into_iter().zip(&stay).enumerate().filter_map(|(at, (same, pod))| pod.map(|p| (at, same, p)));
                let renew = |(at, same, p): (usize, bool, &Rc<Object>)| if same { Entry::Kept(at) } else { Entry::Made(p.clone()) };
                update.push(Draft { slice: Some(slice.clone()), ports: ports.clone(), endpoints: kept.map(renew).collect() });
            }
        }
        let mut left: VecDeque<&Rc<Object>> = pods.iter().copied().filter(|p| wanted.contains_key(&*p.meta.uid)).collect();
        // The fullest first.
        update.arrange_by_key(|d| Reverse(d.endpoints.len()));
        update.iter_mut().for_each(|d| fill(d, &mut left));
        while !left.is_empty() {
            let mut draft = match to_fill(&unchanged, left.len()).map(|i| unchanged.remove(i)) {
                Some(slice) => Draft {
                    endpoints: (0..slice.items_at("/endpoints").len()).map(Entry::Kept).collect(),
                    slice: Some(slice),
                    ports: ports.clone(),
                },
                None => Draft { slice: None, ports: ports.clone(), endpoints: Vec::new() },
            };
            fill(&mut draft, &mut left);
            if draft.slice.is_some() { update.push(draft) } else { self.create.push_back(draft) }
        }
        self.update.extend(update);
        self.unchanged.extend(unchanged);
    }

    /// What would be deleted is rather filled anew, and a Service always has a slice. Models reconcileByAddressType and
    /// finalize.
    fn settle(&mut self, service: &Object) {
        if self.create.is_empty() && self.update.is_empty() && self.unchanged.is_empty() {
            let kept = self.delete.iter().position(|s| s.items_at("/endpoints").is_empty() && !relabelled(service, s));
            match kept {
                Some(i) => drop(self.delete.remove(i)),
                None => self.create.push_back(Draft { slice: None, ports: Value::Null, endpoints: Vec::new() }),
            }
        }
        while !self.delete.is_empty()
            && let Some(draft) = self.create.pop_back()
        {
            let slice = Some(self.delete.remove(0));
            self.update.push_back(Draft { slice, ..draft });
        }
    }
}

fn fill(draft: &mut Draft, left: &mut VecDeque<&Rc<Object>>) {
    while draft.endpoints.len() < MOST
        && let Some(pod) = left.pop_front()
    {
        draft.endpoints.push(Entry::Made(pod.clone()));
    }
}

/// The slice that so many more addresses fill best. Models getSliceToFill.
fn to_fill(slices: &[Rc<Object>], more: usize) -> Option<usize> {
    let full = |s: &Rc<Object>| s.items_at("/endpoints").len() + more;
    let fitting = slices.iter().enumerate().filter(|(_, s)| full(s) <= MOST);
    fitting.min_by_key(|(_, s)| MOST - full(s)).map(|(i, _)| i)
}

fn dress(service: &Object, slice: &mut Object) {
    labels(service, slice);
    slice.meta.set_label("endpointslice.kubernetes.io/managed-by", Some("endpointslice-controller.k8s.io"));
    slice.meta.set_label("kubernetes.io/service-name", Some(service.name()));
}

fn relabelled(service: &Object, slice: &Rc<Object>) -> bool {
    let mut dressed = Object { fields: BTreeMap::new(), ..(**slice).clone() };
    dress(service, &mut dressed);
    dressed.meta.labels != slice.meta.labels
}

/// What is to be done so that the EndpointSlices of a Service tell of these Pods, as they were at the version `before`;
/// `written` is what the last time gave, and `zones` for whom the addresses are meant.
pub(super) fn plan(service: &Object, pods: &[Rc<Object>], zones: Zones, before: u64, written: Option<Written>, api: &Api) -> Plan {
    let existing: Vec<Rc<Object>> = api.owned(&service.meta.uid, ENDPOINT_SLICES).filter(|s| !s.is_deleting()).cloned().collect();
    let written = written.filter(|_| !topology::wanted(service));
    let mut plan = Plan { written, zones, before, ..Plan::default() };
    let mut known: Vec<Value> = Vec::new();
    for (mut ports, pods) in by_ports(service, pods.iter()) {
        ports.iter_mut().for_each(|p| value::set_default(p, "name", ""));
        let ports = Value::Array(ports);
        let own: Vec<Rc<Object>> = existing.iter().filter(|s| s.at("/ports") == Some(&ports)).cloned().collect();
        plan.add_group(service, &ports, &pods, &own);
        known.push(ports);
    }
    plan.delete.extend(existing.iter().filter(|s| !s.at("/ports").is_some_and(|p| known.contains(p))).cloned());
    plan.settle(service);
    plan
}

impl Plan {
    /// Does the next `most` things of the plan. Returns when the slices were brought up to date, once all is done.
    pub(super) fn go_on(&mut self, service: &Object, most: usize, api: &mut Api) -> Result<Option<Written>, Status> {
        let now = api.timestamp();
        for _ in 0..most {
            if let Some(draft) = self.create.pop_front() {
                let suffix = api.random_suffix();
                let name = [service.name(), "-", &suffix].concat();
                let Some(mut slice) = api.new_object(ENDPOINT_SLICES, service.namespace(), &name) else { continue };
                slice.meta.set_extra("generateName", [service.name(), "-"].concat().into());
                slice.meta.owners = [service.as_controller()].into();
                put(&mut slice, service, &draft, draft.written(service, &self.zones, api), &now);
                api.create(slice)?;
            } else if let Some(draft) = self.update.pop_front() {
                let Some(slice) = &draft.slice else { continue };
                let endpoints = draft.written(service, &self.zones, api);
                api.modify(ENDPOINT_SLICES, &slice.key(), |s| put(s, service, &draft, endpoints, &now))?;
            } else {
                for slice in core::mem::take(&mut self.delete) {
                    api.delete(ENDPOINT_SLICES, &slice.key(), &DeleteOptions::default())?;
                }
                return Ok(Some(Written { before: self.before, after: api.store.resource_version }));
            }
        }
        Ok(None)
    }
}

fn put(slice: &mut Object, service: &Object, draft: &Draft, endpoints: Vec<Value>, now: &str) {
    dress(service, slice);
    let endpoints: Value = if endpoints.is_empty() { Value::Null } else { endpoints.into() };
    let differs = slice.at("/endpoints").unwrap_or(&Value::Null) != &endpoints;
    if differs || slice.meta.annotation(TRIGGER).is_none() {
        slice.meta.set_annotation(TRIGGER, Some(now));
    }
    slice.set("/addressType", "IPv4");
    match differs {
        true => drop(slice.fields.insert("endpoints".to_string(), Rc::new(endpoints))),
        false => slice.set("/endpoints", endpoints),
    }
    slice.set("/ports", draft.ports.clone());
}
