//! The kubelet: the life of Pods on their nodes. Meets the rest of the cluster only in the API server.

use alloc::boxed::Box;
use core::any::Any;

use crate::api::kubelet::Sandbox;
use crate::api::{Change, Component, Cx, KubeletProxy, LogLine, Timing, Token};

/// The kubelets of all nodes, as one component.
#[derive(Clone)]
pub struct Kubelet {
    timing: Timing,
}

impl Kubelet {
    /// The kubelets of a cluster with this seed and pace.
    pub fn new(_seed: u64, timing: Timing) -> Kubelet {
        Kubelet { timing }
    }

    /// The pace at which containers come and go.
    pub fn timing(&self) -> Timing {
        self.timing
    }
}

impl Component for Kubelet {
    fn name(&self) -> &'static str {
        "kubelet"
    }

    fn watches(&self) -> &'static [&'static str] {
        &["pods", "nodes"]
    }

    fn observe(&mut self, _change: &Change, _cx: &mut Cx<'_>) {}

    fn wake(&mut self, _token: Token, _cx: &mut Cx<'_>) {}

    fn boxed_clone(&self) -> Box<dyn Component> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl KubeletProxy for Kubelet {
    fn log_lines(&self, _pod_uid: &str, _container: &str, _previous: bool) -> Option<&[LogLine]> {
        None
    }

    fn sandbox(&mut self, _pod_uid: &str, _container: &str) -> Option<&mut Sandbox> {
        None
    }

    fn signal(&mut self, _pod_uid: &str, _container: &str, _pid: u32, _signal: i32) {}
}
