//! What a process reaches over the network.

use alloc::string::String;
use alloc::vec::Vec;

/// A request that a process sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetRequest {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Path of an HTTP request.
    pub path: String,
    /// The Pod it comes from, by UID; empty for a node or the learner's machine.
    pub from_pod: String,
    /// The node it comes from; empty for the learner's machine.
    pub from_node: String,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetAnswer {
    /// A server answered with a status, headers and a body.
    Http {
        /// The status code.
        status: u16,
        /// `Server` header.
        server: String,
        /// The body.
        body: String,
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

/// The network as one process sees it.
pub trait Network {
    /// Sends a request and gets its answer.
    fn request(&mut self, request: &NetRequest) -> NetAnswer;

    /// The addresses of a name.
    fn resolve(&mut self, name: &str) -> Vec<String>;
}

/// A network that reaches nothing.
pub struct Nowhere;

impl Network for Nowhere {
    fn request(&mut self, _request: &NetRequest) -> NetAnswer {
        NetAnswer::Unresolved
    }

    fn resolve(&mut self, _name: &str) -> Vec<String> {
        Vec::new()
    }
}
