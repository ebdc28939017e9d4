//! Requests over the cluster's network: who answers, and the list of those that were sent.

use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::network::{NetAnswer, NetRequest, Network};
use crate::api::Api;
use crate::time::Instant;

/// The most requests that are remembered.
pub const REMEMBERED: usize = 512;

/// One request that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its number, from one.
    pub number: u64,
    /// When.
    pub at: Instant,
    /// What was asked, and from where.
    pub request: NetRequest,
    /// The Service it went through, by UID; empty if none.
    pub service: Rc<str>,
    /// The Pod that answered, by UID; empty if none did.
    pub pod: Rc<str>,
    /// What came of it: `200`, `open`, `refused`, `timeout`, `unresolved`.
    pub outcome: String,
}

/// The requests of late.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// Oldest first.
    pub sent: VecDeque<Sent>,
    /// How many there were in all.
    pub count: u64,
}

/// The network as a process in a container sees it.
pub struct Seen<'a> {
    /// Where requests are noted.
    pub traffic: &'a mut Traffic,
    /// The API server, for Services and names.
    pub api: &'a Api,
    /// The Pod that asks.
    pub from_pod: &'a str,
    /// The node it is on.
    pub from_node: &'a str,
    /// The simulated time.
    pub now: Instant,
}

impl Network for Seen<'_> {
    fn request(&mut self, _request: &NetRequest) -> NetAnswer {
        NetAnswer::Unresolved
    }

    fn resolve(&mut self, _name: &str) -> Vec<String> {
        Vec::new()
    }
}
