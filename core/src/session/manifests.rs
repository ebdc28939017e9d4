//! The manifests of static Pods on the learner's machine, which is a node: what is written into their folder in a shell
//! its kubelet reads, and what a Pod writes there the shell finds.

use alloc::string::ToString;

use super::world::World;
use crate::shell::process::Host;
use crate::sim::manifests::{MANIFESTS, read_tree, write_tree};

impl World {
    /// Puts the files in place that the machine's static Pods come from. Done when the first line is typed.
    pub(super) fn lay_out_manifests(&mut self) {
        if self.manifests.is_some() {
            return;
        }
        let node = self.machine.hostname().to_string();
        let laid_out = self.machine.cluster.lay_out_manifests(&node);
        if let Some((version, tree)) = laid_out {
            write_tree(&mut self.files, MANIFESTS, &tree, 0);
            self.manifests = Some((version, tree));
        }
    }

    /// Carries what has changed in the folder from the shells to the kubelet, or the other way.
    pub(super) fn carry_manifests(&mut self) {
        let Some((version, before)) = self.manifests.clone() else { return };
        let node = self.machine.hostname().to_string();
        let here = read_tree(&self.files, MANIFESTS);
        let now_ms = i64::try_from(self.now().as_ms()).unwrap_or(0);
        if here != *before {
            let tree = here.clone();
            let written = self.machine.cluster.write_manifests(&node, tree);
            self.manifests = Some((written.unwrap_or(version), here.into()));
            return;
        }
        let Some((there, tree)) = self.machine.cluster.manifests(&node) else { return };
        if there != version {
            write_tree(&mut self.files, MANIFESTS, &tree, now_ms);
            self.manifests = Some((there, tree));
        }
    }
}
