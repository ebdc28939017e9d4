//! The Endpoints of a Service: one object with all addresses, cut at a thousand. Models `pkg/controller/endpoint`.

use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::{TRIGGER, has_named_ports, host_name, is_headless, labels, ports_of, target};
use crate::api::{Api, Status};
use crate::control::pods;
use crate::object::Object;
use crate::object::resources::ENDPOINTS;
use crate::object::value;

/// The most addresses that Endpoints hold.
const MOST: usize = 1000;
/// Says that some were left out.
const OVER_CAPACITY: &str = "endpoints.kubernetes.io/over-capacity";

/// Addresses that have the same ports.
#[derive(Clone)]
struct Subset {
    ports: Vec<Value>,
    ready: Vec<Value>,
    not_ready: Vec<Value>,
}

/// The Endpoints of a Service while they are put together, some Pods at a time.
#[derive(Clone)]
pub(super) struct Draft {
    pods: Rc<[Rc<Object>]>,
    done: usize,
    sets: Vec<Subset>,
}

fn address(service: &Object, pod: &Object) -> Value {
    let mut address = json!({"ip": pod.text_at("/status/podIP"), "nodeName": pod.text_at("/spec/nodeName"), "targetRef": target(pod)});
    if let Some(host) = host_name(service, pod) {
        value::set(&mut address, "hostname", host);
    }
    address
}

impl Draft {
    /// Nothing yet of what these Pods make.
    pub(super) fn new(pods: Rc<[Rc<Object>]>) -> Draft {
        Draft { pods, done: 0, sets: Vec::new() }
    }

    /// Puts in at most `most` more Pods. Returns whether that were all.
    pub(super) fn go_on(&mut self, service: &Object, most: usize) -> bool {
        let everyone = service.bool_at("/spec/publishNotReadyAddresses");
        let named = has_named_ports(service);
        let end = self.done.saturating_add(most).min(self.pods.len());
        for pod in self.pods.get(self.done..end).unwrap_or_default() {
            if !everyone && pod.is_deleting() {
                continue;
            }
            let at = match self.sets.is_empty() || named {
                true => {
                    let ports = ports_of(service, pod);
                    let at = self.sets.iter().position(|set| set.ports == ports);
                    at.unwrap_or_else(|| {
                        self.sets.push(Subset { ports, ready: Vec::new(), not_ready: Vec::new() });
                        self.sets.len() - 1
                    })
                }
                false => 0,
            };
            let Some(set) = self.sets.get_mut(at) else { continue };
            let list = if everyone || pods::is_ready(pod) { &mut set.ready } else { &mut set.not_ready };
            list.push(address(service, pod));
        }
        self.done = end;
        end == self.pods.len()
    }
}

/// Leaves addresses out beyond [`MOST`], each subset its share, those that are not ready first. Returns whether any was.
/// Models truncateEndpoints.
fn truncate(sets: &mut [Subset]) -> bool {
    let ready: usize = sets.iter().map(|s| s.ready.len()).sum();
    let not_ready: usize = sets.iter().map(|s| s.not_ready.len()).sum();
    if ready + not_ready <= MOST {
        return false;
    }
    let cut_ready = ready > MOST;
    let (room, total) = if cut_ready { (MOST, ready) } else { (MOST - ready, not_ready) };
    let mut left = room;
    for set in sets {
        if cut_ready {
            set.not_ready.clear();
        }
        let list = if cut_ready { &mut set.ready } else { &mut set.not_ready };
        list.truncate((list.len() * room).div_ceil(total.max(1)).min(left));
        left -= list.len();
    }
    true
}

fn written(set: Subset) -> Value {
    let mut out = json!({});
    for (key, list) in [("addresses", set.ready), ("notReadyAddresses", set.not_ready), ("ports", set.ports)] {
        if !list.is_empty() {
            value::set(&mut out, key, list);
        }
    }
    out
}

/// Brings the Endpoints of a Service up to date.
pub(super) fn write(service: &Object, draft: Draft, api: &mut Api) -> Result<(), Status> {
    let bare = service.items_at("/spec/ports").is_empty() && is_headless(service);
    let mut sets = draft.sets;
    sets.retain(|set| bare || !set.ports.is_empty());
    let truncated = truncate(&mut sets);
    let subsets: Value = if sets.is_empty() { Value::Null } else { sets.into_iter().map(written).collect::<Vec<_>>().into() };
    let now = api.timestamp();
    let put = |e: &mut Object| {
        labels(service, e);
        e.meta.set_label("endpoints.kubernetes.io/managed-by", Some("endpoint-controller"));
        e.meta.set_annotation(OVER_CAPACITY, truncated.then_some("truncated"));
        let same = e.field("subsets").unwrap_or(&Value::Null) == &subsets;
        if !same || e.meta.annotation(TRIGGER).is_none() {
            e.meta.set_annotation(TRIGGER, Some(&now));
        }
        match subsets {
            _ if same => {}
            Value::Null => drop(e.fields.remove("subsets")),
            list => drop(e.fields.insert("subsets".to_string(), Rc::new(list))),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ready: usize, not_ready: usize) -> Subset {
        Subset { ports: Vec::new(), ready: alloc::vec![Value::Null; ready], not_ready: alloc::vec![Value::Null; not_ready] }
    }

    fn sizes(mut sets: Vec<Subset>) -> Option<Vec<(usize, usize)>> {
        truncate(&mut sets).then(|| sets.iter().map(|s| (s.ready.len(), s.not_ready.len())).collect())
    }

    #[test]
    fn a_thousand_addresses_and_no_more() {
        assert_eq!(sizes([set(600, 400)].into()), None);
        assert_eq!(sizes([set(900, 400)].into()), Some([(900, 100)].into()));
        assert_eq!(sizes([set(1200, 7), set(300, 0)].into()), Some([(800, 0), (200, 0)].into()));
    }
}
