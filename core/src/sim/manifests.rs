//! The manifests of static Pods on a node, for whoever works at that node outside the cluster.

use alloc::rc::Rc;

use super::cluster::Cluster;
use crate::kubelet::Kubelet;

pub use crate::kubelet::statics::MANIFESTS;
pub use crate::kubelet::stores::{Tree, read_tree, write_tree};

impl Cluster {
    /// Lays the files out that a node's static Pods come from, if it has not been done; gives them with their number.
    pub fn lay_out_manifests(&mut self, node: &str) -> Option<(u64, Rc<Tree>)> {
        self.with_component(|kubelet: &mut Kubelet, cx| {
            kubelet.lay_out_manifests(node, cx);
            kubelet.manifests(node)
        })
    }

    /// The manifests of a node, with a number that changes when they do.
    pub fn manifests(&self, node: &str) -> Option<(u64, Rc<Tree>)> {
        self.component::<Kubelet>().map(|kubelet| kubelet.manifests(node))
    }

    /// Replaces the manifests of a node; gives their number.
    pub fn write_manifests(&mut self, node: &str, tree: Tree) -> Option<u64> {
        self.with_component(|kubelet: &mut Kubelet, cx| kubelet.write_manifests(node, tree, cx))
    }
}
