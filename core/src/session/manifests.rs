//! The manifests of static Pods on the learner's machine, which is a node: what is written into their folder in a shell
//! its kubelet reads, and what a Pod writes there the shell finds.

use alloc::rc::Rc;
use alloc::string::ToString;

use super::world::World;
use crate::shell::process::Host;
use crate::sim::manifests::{MANIFESTS, Tree, read_tree, write_tree};
use crate::text::fs::Seen;

/// The folder as the shells and the kubelet both have it.
#[derive(Clone)]
pub(super) struct Manifests {
    /// The kubelet's number of them.
    version: u64,
    tree: Rc<Tree>,
    /// The folder that the shells see, when it was read last; nothing when it was not there.
    seen: Option<Seen>,
}

impl World {
    /// Puts the files in place that the machine's static Pods come from. Done when the first line is typed.
    pub(super) fn lay_out_manifests(&mut self) {
        if self.manifests.is_some() {
            return;
        }
        let node = self.machine.hostname().to_string();
        if let Some((version, tree)) = self.machine.cluster.lay_out_manifests(&node) {
            self.show_manifests(version, tree, 0);
        }
    }

    /// Writes what the kubelet has into the folder that the shells see.
    fn show_manifests(&mut self, version: u64, tree: Rc<Tree>, now_ms: i64) {
        write_tree(&mut self.files, MANIFESTS, &tree, now_ms);
        self.manifests = Some(Manifests { version, tree, seen: self.files.seen(MANIFESTS) });
    }

    /// Carries what has changed in the folder from the shells to the kubelet, or the other way.
    pub(super) fn carry_manifests(&mut self) {
        let Some(before) = &self.manifests else { return };
        let node = self.machine.hostname().to_string();
        let version = before.version;
        let seen = self.files.seen(MANIFESTS);
        if seen != before.seen {
            let tree = read_tree(&self.files, MANIFESTS);
            let same = tree == *before.tree;
            if !same {
                self.machine.cluster.write_manifests(&node, tree);
            }
            let written = if same { None } else { self.machine.cluster.manifests(&node) };
            let (version, tree) = written.unwrap_or_else(|| (version, before.tree.clone()));
            self.manifests = Some(Manifests { version, tree, seen });
            if !same {
                return;
            }
        }
        let Some((there, tree)) = self.machine.cluster.manifests(&node) else { return };
        if there != version {
            let now_ms = i64::try_from(self.now().as_ms()).unwrap_or(0);
            self.show_manifests(there, tree, now_ms);
        }
    }
}
