//! Addresses for Services of type LoadBalancer, from the pool of the base cluster, the lowest free first.
//! Models MetalLB's controller.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::json;

use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, EventNote, Recorder, Status, Token};
use crate::object::resources::SERVICES;
use crate::object::value::text_at;
use crate::object::{Key, Object};

/// The pool: 192.168.1.11 to 192.168.1.19.
const POOL: core::ops::RangeInclusive<u8> = 11..=19;

/// MetalLB's controller.
#[derive(Clone)]
pub struct Balancer {
    events: Recorder,
    /// The Services that have or want an address.
    wanting: BTreeSet<Key>,
}

impl Default for Balancer {
    fn default() -> Self {
        Balancer { events: Recorder::new("metallb-controller", ""), wanting: BTreeSet::new() }
    }
}

fn address(service: &Object) -> &str {
    service.items_at("/status/loadBalancer/ingress").first().map_or("", |i| match text_at(i, "ip") {
        "" => text_at(i, "hostname"),
        ip => ip,
    })
}

fn wants(service: &Object) -> bool {
    service.text_at("/spec/type") == "LoadBalancer" && service.text_at("/spec/loadBalancerClass").is_empty()
}

impl Reconcile for Balancer {
    fn name(&self) -> &'static str {
        "metallb-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[SERVICES]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        let key = change.object.key();
        if change.kind != ChangeKind::Deleted && wants(&change.object) {
            self.wanting.insert(key.clone());
            return todo.add(key);
        }
        if self.wanting.remove(&key) {
            todo.add(key);
            // An address may have become free for those that wait.
            self.wanting.iter().for_each(|k| todo.add(k.clone()));
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(service) = token.key.as_ref().and_then(|k| work.api.get(SERVICES, k)).cloned() else { return Ok(()) };
        if !wants(&service) {
            if !address(&service).is_empty() {
                work.api.modify(SERVICES, &service.key(), |s| s.set("/status/loadBalancer", json!({})))?;
            }
            return Ok(());
        }
        if !address(&service).is_empty() || service.is_deleting() {
            return Ok(());
        }
        let taken: Vec<&str> = self.wanting.iter().filter_map(|k| work.api.get(SERVICES, k)).map(|s| address(s)).collect();
        let asked = service.text_at("/spec/loadBalancerIP");
        let mut pool = POOL.map(|n| ["192.168.1.", &n.to_string()].concat());
        let free: Option<String> = pool.find(|ip| !taken.contains(&ip.as_str()) && (asked.is_empty() || ip == asked));
        let Some(ip) = free else {
            let text = alloc::format!("Failed to allocate IP for \"{}/{}\": no available IPs", service.namespace(), service.name());
            self.events.record(work.api, &service, &EventNote::warning("AllocationFailed", &text));
            return Ok(());
        };
        let stored = work.api.modify(SERVICES, &service.key(), |s| {
            s.set("/status/loadBalancer", json!({"ingress": [{"ip": ip, "ipMode": "VIP"}]}));
        })?;
        let text = alloc::format!("Assigned IP [\"{ip}\"]");
        self.events.record(work.api, &stored, &EventNote::normal("IPAllocated", &text));
        Ok(())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
