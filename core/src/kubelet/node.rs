//! One node as its kubelet knows it: its images, its line of pulls, its Pod addresses, and whether it lives.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};

use super::images::Image;
use crate::api::Recorder;
use crate::object::Object;
use crate::object::value::text_at;
use crate::time::Instant;

/// The blocks of Pod addresses that the network plugin gave the base cluster's nodes.
const BLOCKS: &[(&str, &str)] =
    &[("m-k8s", "172.16.171."), ("w1-k8s", "172.16.221."), ("w2-k8s", "172.16.103."), ("w3-k8s", "172.16.132.")];

/// What has befallen a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plight {
    /// It is switched off: nothing on it runs.
    pub off: bool,
    /// It runs but reaches nobody.
    pub cut_off: bool,
    /// Its disk is full.
    pub disk_full: bool,
    /// It has hardly any memory left.
    pub memory_low: bool,
    /// Its kubelet says that its disk is full, or was a short while ago.
    pub disk_pressure: bool,
    /// Its kubelet says that memory is low, or was a short while ago.
    pub memory_pressure: bool,
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name.
    pub name: Rc<str>,
    /// Its UID.
    pub uid: Rc<str>,
    /// Its address.
    pub ip: Rc<str>,
    /// The images on it, by full name.
    pub images: BTreeMap<String, Rc<Image>>,
    /// Images on their way.
    pub coming: BTreeSet<String>,
    /// When its line of pulls is free: images are pulled one at a time.
    pub pulls_end: Instant,
    /// Records its Events.
    pub recorder: Recorder,
    /// What has befallen it.
    pub plight: Plight,
    /// Whether its eviction manager is about to look.
    pub looking: bool,
    /// Pods that wait for room to have more resources, by UID.
    pub deferred: BTreeSet<Rc<str>>,
    block: String,
    next_address: u32,
    used: BTreeSet<u32>,
}

impl Node {
    /// A node from its object.
    pub fn new(object: &Object) -> Node {
        let address = object.items_at("/status/addresses").iter().find(|a| text_at(a, "type") == "InternalIP");
        let block = match BLOCKS.iter().find(|(name, _)| *name == object.name()) {
            Some((_, block)) => block.to_string(),
            None => block_of(object.text_at("/spec/podCIDR")),
        };
        Node {
            name: object.meta.name.clone(),
            uid: object.meta.uid.clone(),
            ip: address.map_or("", |a| text_at(a, "address")).into(),
            images: BTreeMap::new(),
            coming: BTreeSet::new(),
            pulls_end: Instant(0),
            recorder: Recorder::new("kubelet", object.name()),
            plight: Plight::default(),
            looking: false,
            deferred: BTreeSet::new(),
            block,
            next_address: 0,
            used: BTreeSet::new(),
        }
    }

    /// Takes over what is known of a node that was brought: it is off if it is not ready, and its Pods have addresses.
    pub fn found(&mut self, object: &Object, pods: &[Rc<Object>]) {
        let ready = object.items_at("/status/conditions").iter().find(|c| text_at(c, "type") == "Ready");
        self.plight.off = ready.is_some_and(|c| text_at(c, "status") != "True");
        let own = pods.iter().filter(|p| !p.bool_at("/spec/hostNetwork")).map(|p| p.text_at("/status/podIP"));
        let block = own.filter(|ip| ip.contains('.')).map(block_of).next();
        self.block = match (block, object.text_at("/spec/podCIDR").contains('.')) {
            (Some(block), _) => block,
            (None, true) => return,
            (None, false) => {
                let hash = crate::text::hash::fnv1a_32(object.name().as_bytes());
                ["10.", &(128 + hash % 100).to_string(), ".", &((hash >> 8) % 250).to_string(), "."].concat()
            }
        };
    }

    /// An address for a Pod: the next of the block that is free.
    pub fn take_address(&mut self) -> String {
        for _ in 0..254 {
            self.next_address = self.next_address % 254 + 1;
            if self.used.insert(self.next_address) {
                return [self.block.as_str(), &self.next_address.to_string()].concat();
            }
        }
        [self.block.as_str(), "254"].concat()
    }

    /// Marks an address as used by a Pod that was there before.
    pub fn keep_address(&mut self, ip: &str) {
        if let Some(n) = ip.strip_prefix(self.block.as_str()).and_then(|n| n.parse().ok()) {
            self.used.insert(n);
        }
    }

    /// Gives an address back.
    pub fn give_back(&mut self, ip: &str) {
        if let Some(n) = ip.strip_prefix(self.block.as_str()).and_then(|n| n.parse::<u32>().ok()) {
            self.used.remove(&n);
        }
    }

    /// Whether an address is one of its Pods' range.
    pub fn owns(&self, ip: &str) -> bool {
        ip.strip_prefix(self.block.as_str()).is_some_and(|rest| rest.parse::<u32>().is_ok())
    }

    /// Whether the node can do and say things.
    pub fn lives(&self) -> bool {
        !self.plight.off && !self.plight.cut_off
    }
}

/// `172.16.4.` of `172.16.4.0/24`.
fn block_of(cidr: &str) -> String {
    let address = cidr.split('/').next().unwrap_or_default();
    match address.rsplit_once('.') {
        Some((block, _)) => [block, "."].concat(),
        None => "172.16.200.".to_string(),
    }
}
