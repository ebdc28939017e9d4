//! The contract between the kubelet and what runs in its containers, as the CRI is between kubelet and containerd.
//! Servers that images bring are the kubelet's data; commands and scripts need an interpreter, which is given to the
//! kubelet from outside through [`Runtime`]. [`Inside`] is the way in for `kubectl exec`.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::kubelet::Sandbox;
use super::network::Network;
use crate::time::Instant;

/// SIGINT.
pub const SIGINT: i32 = 2;
/// SIGKILL.
pub const SIGKILL: i32 = 9;
/// SIGTERM.
pub const SIGTERM: i32 = 15;

/// What a process in a container may use while it works.
pub struct ProcessCx<'a> {
    /// Its file system, environment and names.
    pub sandbox: &'a mut Sandbox,
    /// The simulated time.
    pub now: Instant,
    /// Wall-clock milliseconds since 1970.
    pub wall_ms: i64,
    /// What it writes: whole lines without their newline.
    pub log: &'a mut Vec<String>,
    /// What it reaches over the network.
    pub net: &'a mut dyn Network,
    /// The UID of its Pod.
    pub pod_uid: &'a str,
    /// Its node.
    pub node: &'a str,
    /// Signals that it sent to processes of its container: pid and number.
    pub signals: &'a mut Vec<(u32, i32)>,
}

/// What a process does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// Nothing before this moment.
    Until(Instant),
    /// Nothing by itself.
    Forever,
    /// It has ended with this code.
    Exited(i32),
}

/// A container's process.
pub trait ContainerProcess {
    /// Does what can be done now.
    fn poll(&mut self, cx: &mut ProcessCx<'_>) -> Running;

    /// A signal other than SIGKILL. Whether it ends the process: with which code, and when.
    fn signal(&mut self, signal: i32, cx: &mut ProcessCx<'_>) -> Running;

    /// What `ps` shows beside the container's own command: pid and command line.
    fn children(&self) -> Vec<(u32, String)> {
        Vec::new()
    }

    /// A copy, for checkpoints.
    fn boxed_clone(&self) -> Box<dyn ContainerProcess>;
}

impl Clone for Box<dyn ContainerProcess> {
    fn clone(&self) -> Self {
        (**self).boxed_clone()
    }
}

/// Starts commands.
pub trait Runtime {
    /// A process for a command; `None` when its program is not in the image.
    fn start(&self, argv: &[String], cx: &mut ProcessCx<'_>) -> Option<Box<dyn ContainerProcess>>;

    /// A copy, for checkpoints.
    fn boxed_clone(&self) -> Box<dyn Runtime>;
}

impl Clone for Box<dyn Runtime> {
    fn clone(&self) -> Self {
        (**self).boxed_clone()
    }
}

/// The insides of running containers, for processes that are brought in from outside. Pods are told by UID.
pub trait Inside: Network {
    /// Takes the inside of a running container out, to be put back with [`Inside::put`].
    fn take(&mut self, pod_uid: &str, container: &str) -> Option<Sandbox>;

    /// Puts it back.
    fn put(&mut self, pod_uid: &str, container: &str, sandbox: Sandbox);

    /// Sends a signal to a process of a container.
    fn signal(&mut self, pod_uid: &str, container: &str, pid: u32, signal: i32);
}
