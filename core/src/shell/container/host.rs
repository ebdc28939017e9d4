//! What a process in a container finds around it: its programs and the network of its Pod.

use alloc::string::String;
use alloc::vec::Vec;
use core::any::Any;

use crate::api::kubelet::{Identity, Sandbox};
use crate::api::network::{Lookup, NetAnswer, NetRequest, Network};
use crate::shell::inside::{self, Facts};
use crate::shell::process::{Host, ProcessContext, Started};

/// What a process in a container finds outside itself.
// `nothing` is lent out as the host that has nothing more to say, not there to forbid making one.
#[allow(clippy::manual_non_exhaustive)]
pub struct ContainerHost<'a> {
    /// What is known of the container.
    pub facts: Facts,
    /// The network.
    pub net: &'a mut dyn Network,
    /// Signals sent.
    pub signals: Vec<(u32, i32)>,
    /// The wall-clock time of instant 0, in seconds since 1970.
    pub epoch_s: i64,
    nothing: (),
}

impl<'a> ContainerHost<'a> {
    pub(super) fn new(sandbox: &Sandbox, net: &'a mut dyn Network, pod_uid: &str, node: &str, epoch_s: i64) -> ContainerHost<'a> {
        ContainerHost { facts: Facts::of(sandbox, pod_uid, node), net, signals: Vec::new(), epoch_s, nothing: () }
    }
}

/// The network with the container's own address as sender.
impl Network for ContainerHost<'_> {
    fn request(&mut self, request: &NetRequest) -> Option<NetAnswer> {
        let from = NetRequest { from_pod: self.facts.pod_uid.clone(), from_node: self.facts.node.clone(), ..request.clone() };
        self.net.request(&from)
    }

    fn resolve(&mut self, _from_pod: &str, name: &str) -> Lookup {
        let from = self.facts.pod_uid.clone();
        self.net.resolve(&from, name)
    }
}

impl Host for ContainerHost<'_> {
    fn start(&mut self, program: &str, args: &[String], io: &mut ProcessContext<'_>) -> Option<Started> {
        if !self.has_program(program) {
            return None;
        }
        inside::start(self, program, args, io)
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        &mut self.nothing
    }

    fn programs(&self) -> Vec<(&'static str, &'static str)> {
        inside::programs()
    }

    fn has_program(&self, program: &str) -> bool {
        (program == "kill" || self.facts.has(program)) && inside::knows(program)
    }

    fn has_tool(&self, tool: &str) -> bool {
        self.facts.has(tool)
    }

    fn identity(&self) -> Option<&Identity> {
        Some(&self.facts.identity)
    }

    fn image(&self) -> &str {
        &self.facts.image
    }

    fn is_busybox(&self) -> bool {
        self.facts.has("ash")
    }

    fn hostname(&self) -> &str {
        &self.facts.hostname
    }

    fn epoch_s(&self) -> i64 {
        self.epoch_s
    }

    fn network(&mut self) -> Option<&mut dyn Network> {
        Some(self)
    }
}
