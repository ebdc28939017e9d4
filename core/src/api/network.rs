//! What a process reaches over the cluster's network. Only the contract; the kubelet knows who answers.

use alloc::string::String;
use alloc::vec::Vec;

/// A request that a process sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetRequest {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether HTTP is spoken; otherwise the connection is only opened.
    pub http: bool,
    /// Method of an HTTP request; empty means GET.
    pub method: String,
    /// Path of an HTTP request.
    pub path: String,
    /// `Host` header of an HTTP request; empty means the host asked for.
    pub virtual_host: String,
    /// The token that says who asks; empty for nobody.
    pub bearer: String,
    /// The Pod it comes from, by UID; empty for a node or the learner's machine.
    pub from_pod: String,
    /// The node it comes from; empty for the learner's machine.
    pub from_node: String,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetAnswer {
    /// A server answered.
    Http {
        /// The status code.
        status: u16,
        /// The `Server` header.
        server: String,
        /// The `Content-Type` header.
        content_type: String,
        /// The body.
        body: String,
        /// The address that answered.
        address: String,
    },
    /// The connection opened; what answers speaks no HTTP.
    Open,
    /// Nobody listens there.
    Refused,
    /// No answer ever comes.
    TimedOut,
    /// The name is not known.
    Unresolved,
}

/// The addresses of a name, as a name server gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// The full name that has the addresses; empty when there is none.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<String>,
    /// The name server that was asked.
    pub server: String,
}

/// The network as one process sees it.
pub trait Network {
    /// Sends a request. `None` when the answer is not there yet: ask the same again a little later.
    fn request(&mut self, request: &NetRequest) -> Option<NetAnswer>;

    /// Looks a name up for a Pod (by UID) or, with an empty UID, for the learner's machine.
    fn resolve(&mut self, from_pod: &str, name: &str) -> Lookup;
}

/// A network that reaches nothing.
pub struct Nowhere;

impl Network for Nowhere {
    fn request(&mut self, _request: &NetRequest) -> Option<NetAnswer> {
        Some(NetAnswer::Unresolved)
    }

    fn resolve(&mut self, _from_pod: &str, _name: &str) -> Lookup {
        Lookup::default()
    }
}
