//! Requests over the cluster's network: where they go, who answers, and the list of those that were sent.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::Kubelet;
use super::worker::Worker;
use super::{answers, apiserver, backends, names, policies};
use crate::api::Api;
use crate::api::network::{Lookup, NetAnswer, NetRequest, Network};
use crate::history::History;
use crate::object::Object;
use crate::object::resources::{INGRESSES, SERVICES};
use crate::object::value::{i64_at, items_at, text_at};
use crate::time::{Instant, Rng};

/// The most requests that are remembered.
pub const REMEMBERED: usize = 512;
/// How often a request may be passed on: a Service to an Ingress controller to a Service.
const MAX_HOPS: u32 = 4;

/// One request that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its number, from zero.
    pub number: u64,
    /// When.
    pub at: Instant,
    /// What was asked, and from where.
    pub request: NetRequest,
    /// The Services, nodes and Pods that it went through, by UID, in order.
    pub through: Vec<Rc<str>>,
    /// The last Service it went through, by UID; empty if none.
    pub service: Rc<str>,
    /// The Pod that answered or was to answer, by UID; empty if none.
    pub pod: Rc<str>,
    /// What came of it: `200`, `open`, `refused`, `timeout`, `unresolved`.
    pub outcome: String,
}

/// The requests of late, and those of containers that wait for an answer.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// Oldest first; at least the last [`REMEMBERED`].
    pub sent: History<Sent>,
    /// How many requests each Pod (by UID) has answered since it was last asked.
    pub answered: BTreeMap<Rc<str>, u64>,
    choice: Rng,
    asked: Vec<NetRequest>,
    answers: Vec<(NetRequest, NetAnswer)>,
}

impl Traffic {
    /// No traffic yet.
    pub fn new(seed: u64) -> Traffic {
        Traffic {
            sent: History::keeping(REMEMBERED),
            answered: BTreeMap::new(),
            choice: Rng::new(seed, "network"),
            asked: Vec::new(),
            answers: Vec::new(),
        }
    }

    fn note(&mut self, at: Instant, request: &NetRequest, route: Route, answer: &NetAnswer) {
        let outcome = match answer {
            NetAnswer::Http { status, .. } => status.to_string(),
            NetAnswer::Open => "open".to_string(),
            NetAnswer::Refused => "refused".to_string(),
            NetAnswer::TimedOut => "timeout".to_string(),
            NetAnswer::Unresolved => "unresolved".to_string(),
        };
        let Route { through, service, pod } = route;
        if matches!(answer, NetAnswer::Http { .. } | NetAnswer::Open) && !pod.is_empty() {
            *self.answered.entry(pod.clone()).or_insert(0) += 1;
        }
        let number = self.sent.end();
        self.sent.push(Sent { number, at, request: request.clone(), through, service, pod, outcome });
    }
}

/// The network as a process in a container sees it while it is polled: requests are answered between two polls.
pub struct Seen<'a> {
    /// Where requests are noted.
    pub traffic: &'a mut Traffic,
    /// The API server, for Services and names.
    pub api: &'a Api,
    /// The Pod that asks.
    pub from_pod: &'a str,
    /// The node it is on.
    pub from_node: &'a str,
    /// The Pod's object.
    pub pod: &'a Object,
    /// The Pod's address.
    pub ip: &'a str,
}

impl Network for Seen<'_> {
    fn request(&mut self, request: &NetRequest) -> Option<NetAnswer> {
        let request = NetRequest { from_pod: self.from_pod.to_string(), from_node: self.from_node.to_string(), ..request.clone() };
        if let Some(i) = self.traffic.answers.iter().position(|(r, _)| *r == request) {
            return Some(self.traffic.answers.remove(i).1);
        }
        if !self.traffic.asked.contains(&request) {
            self.traffic.asked.push(request);
        }
        None
    }

    fn resolve(&mut self, _from_pod: &str, name: &str) -> Lookup {
        names::resolve(self.api, Some((self.pod, self.ip)), name)
    }
}

/// The way a request has gone.
#[derive(Clone, Debug, Default)]
struct Route {
    through: Vec<Rc<str>>,
    service: Rc<str>,
    pod: Rc<str>,
}

impl Route {
    fn via(&mut self, uid: &Rc<str>) {
        self.through.push(uid.clone());
    }
}

impl Kubelet {
    /// Answers the requests that containers have sent.
    pub(super) fn serve(&mut self, api: &Api, now: Instant) {
        for request in core::mem::take(&mut self.traffic.asked) {
            let answer = self.request(api, now, &request);
            self.traffic.answers.push((request, answer));
        }
        let kept = self.traffic.answers.len().saturating_sub(64);
        self.traffic.answers.drain(..kept);
    }

    /// The requests that were sent of late, oldest first.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Sends a request and gets its answer.
    pub fn request(&mut self, api: &Api, now: Instant, request: &NetRequest) -> NetAnswer {
        let mut route = Route::default();
        let answer = self.answer(api, now, request, &mut route, 0);
        self.traffic.note(now, request, route, &answer);
        answer
    }

    /// Looks a name up for a Pod or, with an empty UID, for the learner's machine.
    pub fn resolve(&self, api: &Api, from_pod: &str, name: &str) -> Lookup {
        let from = self.worker(from_pod).map(|w| (&*w.pod, &*w.ip));
        names::resolve(api, from, name)
    }

    fn answer(&mut self, api: &Api, now: Instant, request: &NetRequest, route: &mut Route, hops: u32) -> NetAnswer {
        let found = self.resolve(api, &request.from_pod, &request.host);
        if found.addresses.is_empty() {
            return NetAnswer::Unresolved;
        }
        let choice = self.traffic.choice.below(found.addresses.len() as u64) as usize;
        let Some(address) = found.addresses.get(choice).or(found.addresses.first()).cloned() else { return NetAnswer::Unresolved };
        self.connect(api, now, &address, request.port, request, route, hops)
    }

    /// Connects to an address: a Service's, a Pod's or a node's.
    #[allow(clippy::too_many_arguments)]
    fn connect(&mut self, api: &Api, now: Instant, ip: &str, port: u16, request: &NetRequest, route: &mut Route, hops: u32) -> NetAnswer {
        if hops > MAX_HOPS {
            return NetAnswer::TimedOut;
        }
        if ip == "127.0.0.1" || ip == "::1" {
            return match self.worker(&request.from_pod) {
                Some(_) => self.ask_pod(api, now, &request.from_pod.clone(), port, request, route, hops),
                None => self.ask_node(api, now, "192.168.1.10", port, request, route, hops),
            };
        }
        if let Some(service) = service_at(api, ip).cloned() {
            return self.ask_service(api, now, &service, port, None, request, route, hops);
        }
        if let Some(uid) = self.pod_at(api, ip) {
            return self.ask_pod(api, now, &uid, port, request, route, hops);
        }
        let is_node = self.nodes.values().any(|n| &*n.ip == ip);
        if is_node { self.ask_node(api, now, ip, port, request, route, hops) } else { NetAnswer::TimedOut }
    }

    /// The Pod with an address that does not belong to its node.
    fn pod_at(&self, api: &Api, ip: &str) -> Option<String> {
        let node = self.nodes.values().find(|n| n.owns(ip))?;
        let own = |p: &&Rc<Object>| p.text_at("/status/podIP") == ip && !p.bool_at("/spec/hostNetwork");
        api.pods_on(&node.name).find(own).map(|p| p.meta.uid.to_string())
    }

    #[allow(clippy::too_many_arguments)]
    fn ask_service(
        &mut self,
        api: &Api,
        now: Instant,
        service: &Object,
        port: u16,
        by_node_port: Option<(u16, &str)>,
        request: &NetRequest,
        route: &mut Route,
        hops: u32,
    ) -> NetAnswer {
        route.service = service.meta.uid.clone();
        route.via(&service.meta.uid);
        let number = |p: &Value, key: &str| i64_at(p, key).and_then(|n| u16::try_from(n).ok());
        let ports = service.items_at("/spec/ports");
        let chosen = ports.iter().find(|p| match by_node_port {
            Some((node_port, _)) => number(p, "nodePort") == Some(node_port),
            None => number(p, "port") == Some(port),
        });
        let Some(chosen) = chosen else {
            return if port == 0 { NetAnswer::Open } else { NetAnswer::TimedOut };
        };
        if service.name() == "kubernetes" && service.namespace() == "default" {
            return if api.answers() { apiserver::answer(api, request) } else { NetAnswer::Refused };
        }
        let all = backends::of(api, service, text_at(chosen, "name"));
        if all.is_empty() {
            return NetAnswer::Refused;
        }
        let from = self.worker(&request.from_pod).map(|w| &*w.node);
        let asker = backends::Asker { node: from, is_pod: from.is_some() };
        let backends = backends::within_reach(api, service, all, asker, by_node_port.map(|(_, node)| node));
        if backends.is_empty() {
            return NetAnswer::TimedOut;
        }
        let pick = match service.text_at("/spec/sessionAffinity") {
            "ClientIP" => crate::text::hash::fnv1a_32(request.from_pod.as_bytes()) as usize % backends.len(),
            _ => self.traffic.choice.below(backends.len() as u64) as usize,
        };
        let Some(backend) = backends.get(pick) else { return NetAnswer::Refused };
        self.connect(api, now, &backend.ip, backend.port, request, route, hops + 1)
    }

    #[allow(clippy::too_many_arguments)]
    fn ask_node(&mut self, api: &Api, now: Instant, ip: &str, port: u16, request: &NetRequest, route: &mut Route, hops: u32) -> NetAnswer {
        let Some(node) = self.nodes.values().find(|n| &*n.ip == ip).cloned() else { return NetAnswer::TimedOut };
        route.via(&node.uid);
        if !node.lives() {
            return NetAnswer::TimedOut;
        }
        let service = api
            .list(SERVICES, None)
            .find(|s| s.items_at("/spec/ports").iter().any(|p| i64_at(p, "nodePort") == Some(i64::from(port)) && port > 0));
        if let Some(service) = service.cloned() {
            return self.ask_service(api, now, &service, port, Some((port, &node.name)), request, route, hops);
        }
        if port == 6443 && &*node.name == "m-k8s" {
            return if api.answers() { apiserver::answer(api, request) } else { NetAnswer::Refused };
        }
        let host = api.pods_on(&node.name).find(|p| has_host_port(p, port)).map(|p| (p.meta.uid.to_string(), target_of(p, port)));
        match host {
            Some((uid, target)) => self.ask_pod(api, now, &uid, target, request, route, hops),
            None if port == 0 => NetAnswer::Open,
            None => NetAnswer::Refused,
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn ask_pod(&mut self, api: &Api, now: Instant, uid: &str, port: u16, request: &NetRequest, route: &mut Route, hops: u32) -> NetAnswer {
        let Some(worker) = self.worker(uid) else { return NetAnswer::TimedOut };
        let reachable = self.nodes.get(&worker.node).is_some_and(|n| n.lives());
        let from = self.worker(&request.from_pod);
        let from_lives = from.is_none_or(|w| self.nodes.get(&w.node).is_some_and(|n| n.lives()));
        let same = request.from_pod == uid;
        route.pod = worker.uid.clone();
        route.via(&worker.uid);
        if !same && (!reachable || !from_lives || !policies::allow(api, from.map(|w| &*w.pod), &worker.pod, port)) {
            return NetAnswer::TimedOut;
        }
        if worker.is_ingress_controller() {
            return match ingress_backend(api, request) {
                Some((host, port)) => {
                    let inner = NetRequest { host, port, ..request.clone() };
                    match self.answer(api, now, &inner, route, hops + 1) {
                        NetAnswer::Refused | NetAnswer::Unresolved => answers::error_page(503, "nginx"),
                        NetAnswer::TimedOut => answers::error_page(504, "nginx"),
                        answer => answer,
                    }
                }
                None => answers::error_page(404, "nginx"),
            };
        }
        if port == 0 {
            return NetAnswer::Open;
        }
        let host = self.nodes.get(&worker.node).map_or("", |n| &*n.ip);
        worker.answer(port, request, now, &super::volumes::Reach { api, stores: &self.stores, host })
    }
}

impl Worker {
    /// Whether the Pod routes requests by Ingresses.
    fn is_ingress_controller(&self) -> bool {
        self.slots.iter().any(|s| s.run.is_some() && s.image.as_ref().is_some_and(|i| i.name.contains("ingress-nginx/controller")))
    }
}

/// The Service that an address belongs to.
fn service_at<'a>(api: &'a Api, ip: &str) -> Option<&'a Rc<Object>> {
    let outside = |s: &Object| s.items_at("/status/loadBalancer/ingress").iter().any(|i| text_at(i, "ip") == ip);
    let external = |s: &Object| s.items_at("/spec/externalIPs").iter().any(|i| i.as_str() == Some(ip));
    api.list(SERVICES, None).find(|s| s.text_at("/spec/clusterIP") == ip || outside(s) || external(s))
}

fn has_host_port(pod: &Object, port: u16) -> bool {
    let wanted = i64::from(port);
    let mut ports = pod.items_at("/spec/containers").iter().flat_map(|c| items_at(c, "ports"));
    ports.any(|p| i64_at(p, "hostPort") == Some(wanted) || pod.bool_at("/spec/hostNetwork") && i64_at(p, "containerPort") == Some(wanted))
}

/// The container's port behind a host port.
fn target_of(pod: &Object, port: u16) -> u16 {
    let mut ports = pod.items_at("/spec/containers").iter().flat_map(|c| items_at(c, "ports"));
    let found = ports.find(|p| i64_at(p, "hostPort") == Some(i64::from(port)));
    found.and_then(|p| i64_at(p, "containerPort")).and_then(|n| u16::try_from(n).ok()).unwrap_or(port)
}

/// The Service that the Ingresses send a request to: its name and port. The longest path wins.
fn ingress_backend(api: &Api, request: &NetRequest) -> Option<(String, u16)> {
    let asked = if request.virtual_host.is_empty() { &request.host } else { &request.virtual_host };
    let path = request.path.split('?').next().unwrap_or("/");
    let mut best: Option<(usize, &Object, &Value)> = None;
    for ingress in api.list(INGRESSES, None) {
        for rule in ingress.items_at("/spec/rules") {
            let host = text_at(rule, "host");
            let wild = host.strip_prefix('*').is_some_and(|rest| asked.ends_with(rest));
            if !host.is_empty() && host != asked && !wild {
                continue;
            }
            for entry in items_at(rule, "http/paths") {
                let wanted = match text_at(entry, "path") {
                    "" => "/",
                    p => p,
                };
                let whole = wanted.trim_end_matches('/');
                let prefix = path == wanted || path.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                let fits = if text_at(entry, "pathType") == "Exact" { path == wanted } else { prefix };
                let weight = wanted.len() + if host.is_empty() { 0 } else { 1000 };
                if fits && best.is_none_or(|(w, _, _)| weight > w) {
                    best = entry.get("backend").map(|b| (weight, &**ingress, b)).or(best);
                }
            }
        }
        if best.is_none() {
            best = ingress.at("/spec/defaultBackend").map(|b| (0, &**ingress, b));
        }
    }
    let (_, ingress, backend) = best?;
    let name = text_at(backend, "service/name");
    let service = api.find(SERVICES, ingress.namespace(), name)?;
    let by_name = |n: &str| service.items_at("/spec/ports").iter().find(|p| text_at(p, "name") == n).and_then(|p| i64_at(p, "port"));
    let port = i64_at(backend, "service/port/number").or_else(|| by_name(text_at(backend, "service/port/name")))?;
    Some(([name, ".", ingress.namespace(), ".svc.cluster.local"].concat(), u16::try_from(port).ok()?))
}
