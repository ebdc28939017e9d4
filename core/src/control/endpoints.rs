//! Endpoints and EndpointSlices: the addresses behind a Service. Models `pkg/controller/endpoint` and `endpointslice`.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, Status, Token};
use crate::arrange::Arrange;
use crate::object::resources::{ENDPOINT_SLICES, ENDPOINTS, PODS, SERVICES};
use crate::object::value::{self, items_at, pairs_at, text_at};
use crate::object::{Key, Object};
use crate::time::TimerClass;

/// When what an object tells of last changed.
const TRIGGER: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// The controller of both.
#[derive(Clone, Default)]
pub struct Endpoints {
    /// Selectors of the Services by namespace and name.
    selectors: BTreeMap<Key, Vec<(String, String)>>,
    /// How many Pods were behind large Services when last looked at.
    sizes: BTreeMap<Key, usize>,
}

/// Services with more Pods than this are not looked at after every change: changes are gathered.
const MANY: usize = 64;
/// Pods per millisecond for which changes are gathered.
const PER_MS: usize = 8;
/// The longest that changes are gathered.
const LONGEST_MS: u64 = 1_000;

fn selector(service: &Object) -> Vec<(String, String)> {
    pairs_at(service.field("spec").unwrap_or(&Value::Null), "selector").map(|(k, v)| (k.to_string(), v.to_string())).collect()
}

/// The Pods a Service selects that have an address and have not ended.
fn behind(api: &Api, service: &Object) -> Vec<Rc<Object>> {
    let labels = selector(service);
    let fits = |p: &&Rc<Object>| !p.text_at("/status/podIP").is_empty() && !pods::is_over(p);
    let mut list: Vec<Rc<Object>> = api.pods_with_labels(service.namespace(), &labels).into_iter().filter(fits).cloned().collect();
    list.arrange_by_key(|p| p.text_at("/status/podIP").split('.').filter_map(|n| n.parse::<u32>().ok()).collect::<Vec<_>>());
    list
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

/// A Pod's own name within a Service that governs it.
fn host_name<'p>(service: &Object, pod: &'p Object) -> Option<&'p str> {
    Some(pod.text_at("/spec/hostname")).filter(|h| !h.is_empty() && pod.text_at("/spec/subdomain") == service.name())
}

/// Whether a Service has no address of its own.
fn is_headless(service: &Object) -> bool {
    service.text_at("/spec/clusterIP") == "None"
}

/// Addresses that have the same ports, together.
fn subsets(service: &Object, pods: &[Rc<Object>]) -> Value {
    let everyone = service.bool_at("/spec/publishNotReadyAddresses");
    let mut sets: Vec<(Vec<Value>, [Vec<Value>; 2])> = Vec::new();
    for pod in pods.iter().filter(|p| everyone || !p.is_deleting()) {
        let mut address = json!({"ip": pod.text_at("/status/podIP"), "nodeName": pod.text_at("/spec/nodeName"),
            "targetRef": {"kind": "Pod", "name": pod.name(), "namespace": pod.namespace(), "uid": &*pod.meta.uid}});
        if let Some(host) = host_name(service, pod) {
            value::set(&mut address, "hostname", host);
        }
        let ports = ports_of(service, pod);
        let bare = service.items_at("/spec/ports").is_empty() && is_headless(service);
        if ports.is_empty() && !bare {
            continue;
        }
        if !sets.iter().any(|(p, _)| *p == ports) {
            sets.push((ports.clone(), Default::default()));
        }
        if let Some((_, [ready, not_ready])) = sets.iter_mut().find(|(p, _)| *p == ports) {
            if everyone || pods::is_ready(pod) { ready.push(address) } else { not_ready.push(address) }
        }
    }
    let write = |(ports, [ready, not_ready]): (Vec<Value>, [Vec<Value>; 2])| {
        let mut set = json!({});
        for (key, list) in [("addresses", ready), ("notReadyAddresses", not_ready), ("ports", ports)] {
            if !list.is_empty() {
                value::set(&mut set, key, list);
            }
        }
        set
    };
    let all: Vec<Value> = sets.into_iter().map(write).collect();
    if all.is_empty() { Value::Null } else { all.into() }
}

/// The labels that both kinds take over, with the mark of Services without an address.
fn labels(service: &Object, object: &mut Object) {
    object.meta.labels = service.meta.labels.clone();
    if is_headless(service) {
        object.meta.set_label("service.kubernetes.io/headless", Some(""));
    }
}

fn port(port: &Value, pod: &Object) -> Option<Value> {
    let mut out = json!({"port": target_port(port, pod)?, "protocol": text_at(port, "protocol")});
    if !text_at(port, "name").is_empty() {
        value::set(&mut out, "name", text_at(port, "name"));
    }
    Some(out)
}

impl Endpoints {
    fn write_endpoints(&self, service: &Object, pods: &[Rc<Object>], api: &mut Api) -> Result<(), Status> {
        let subsets = subsets(service, pods);
        let now = api.timestamp();
        let put = |e: &mut Object| {
            labels(service, e);
            e.meta.set_label("endpoints.kubernetes.io/managed-by", Some("endpoint-controller"));
            if e.at("/subsets").unwrap_or(&Value::Null) != &subsets || e.meta.annotation(TRIGGER).is_none() {
                e.meta.set_annotation(TRIGGER, Some(&now));
            }
            match &subsets {
                Value::Null => drop(e.remove("/subsets")),
                list => e.set("/subsets", list.clone()),
            }
        };
        if api.get(ENDPOINTS, &service.key()).is_some() {
            api.modify(ENDPOINTS, &service.key(), put)?;
            return Ok(());
        }
        let Some(mut endpoints) = api.new_object(ENDPOINTS, service.namespace(), service.name()) else { return Ok(()) };
        put(&mut endpoints);
        api.create(endpoints).map(drop)
    }

    fn write_slice(&self, service: &Object, pods: &[Rc<Object>], api: &mut Api) -> Result<(), Status> {
        let everyone = service.bool_at("/spec/publishNotReadyAddresses");
        let endpoint = |pod: &Rc<Object>| {
            let serving = pods::is_ready(pod);
            let mut endpoint = json!({"addresses": [pod.text_at("/status/podIP")],
                "conditions": {"ready": everyone || serving && !pod.is_deleting(), "serving": serving, "terminating": pod.is_deleting()},
                "nodeName": pod.text_at("/spec/nodeName"),
                "targetRef": {"kind": "Pod", "name": pod.name(), "namespace": pod.namespace(), "uid": &*pod.meta.uid}});
            if let Some(host) = host_name(service, pod) {
                value::set(&mut endpoint, "hostname", host);
            }
            endpoint
        };
        let endpoints: Vec<Value> = pods.iter().map(endpoint).collect();
        let name_port = |p: &Value| {
            let mut out = port(p, pods.first()?)?;
            value::set_default(&mut out, "name", "");
            Some(out)
        };
        let ports: Value = match pods.is_empty() {
            true => Value::Null,
            false => service.items_at("/spec/ports").iter().filter_map(name_port).collect::<Vec<_>>().into(),
        };
        let endpoints: Value = if endpoints.is_empty() { Value::Null } else { endpoints.into() };
        let now = api.timestamp();
        let put = |s: &mut Object| {
            labels(service, s);
            s.meta.set_label("endpointslice.kubernetes.io/managed-by", Some("endpointslice-controller.k8s.io"));
            s.meta.set_label("kubernetes.io/service-name", Some(service.name()));
            if s.at("/endpoints").unwrap_or(&Value::Null) != &endpoints || s.meta.annotation(TRIGGER).is_none() {
                s.meta.set_annotation(TRIGGER, Some(&now));
            }
            s.set("/addressType", "IPv4");
            s.set("/endpoints", endpoints.clone());
            s.set("/ports", ports.clone());
        };
        let existing = api.owned(&service.meta.uid, ENDPOINT_SLICES).next().map(|s| s.key());
        if let Some(key) = existing {
            api.modify(ENDPOINT_SLICES, &key, put)?;
            return Ok(());
        }
        let suffix = api.random_suffix();
        let Some(mut slice) = api.new_object(ENDPOINT_SLICES, service.namespace(), &[service.name(), "-", &suffix].concat()) else {
            return Ok(());
        };
        slice.meta.set_extra("generateName", [service.name(), "-"].concat().into());
        slice.meta.owners = [service.as_controller()].into();
        put(&mut slice);
        api.create(slice).map(drop)
    }
}

impl Reconcile for Endpoints {
    fn name(&self) -> &'static str {
        "endpoint-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[SERVICES, PODS]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        let object = &change.object;
        if change.resource() == SERVICES {
            match change.kind {
                ChangeKind::Deleted => self.selectors.remove(&object.key()),
                _ => self.selectors.insert(object.key(), selector(object)),
            };
            return todo.add(object.key());
        }
        let relevant = |p: &Object| {
            (p.text_at("/status/podIP").to_string(), pods::is_ready(p), p.is_deleting(), pods::is_over(p), p.meta.labels.clone())
        };
        if change.kind == ChangeKind::Modified && change.previous.as_ref().is_some_and(|p| relevant(p) == relevant(object)) {
            return;
        }
        let fits = |labels: &[(String, String)], p: &Object| !labels.is_empty() && labels.iter().all(|(k, v)| p.meta.label(k) == Some(v));
        for (key, labels) in self.selectors.iter().filter(|(k, _)| k.namespace == object.meta.namespace) {
            if fits(labels, object) || change.previous.as_ref().is_some_and(|p| fits(labels, p)) {
                match self.sizes.get(key) {
                    Some(size) => {
                        let ms = ((size / PER_MS) as u64).min(LONGEST_MS);
                        todo.add_token_in(Token::about(0, key.clone()), ms, TimerClass::Work);
                    }
                    None => todo.add(key.clone()),
                }
            }
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        let Some(service) = work.api.get(SERVICES, key).cloned() else {
            if work.api.get(ENDPOINTS, key).is_some() {
                work.api.delete(ENDPOINTS, key, &DeleteOptions::default())?;
            }
            return Ok(());
        };
        if selector(&service).is_empty() || service.is_deleting() || service.text_at("/spec/type") == "ExternalName" {
            return Ok(());
        }
        let pods = behind(work.api, &service);
        match pods.len() > MANY {
            true => self.sizes.insert(key.clone(), pods.len()),
            false => self.sizes.remove(key),
        };
        self.write_endpoints(&service, &pods, work.api)?;
        self.write_slice(&service, &pods, work.api)
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
