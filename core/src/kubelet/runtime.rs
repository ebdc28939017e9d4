//! The contract between the kubelet and what runs in its containers, as the CRI is between kubelet and containerd.
//! Servers that images bring are data here; commands and scripts need an interpreter, which is given to the kubelet
//! from outside through [`Runtime`].

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::network::Network;
use crate::api::kubelet::Sandbox;
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
