//! Containers added to a Pod that runs already. Models `pkg/kubelet/kuberuntime` computePodActions, where ephemeral
//! containers begin before all others and are begun once.

use super::worker::{Part, Slot, Stage, Worker};
use crate::object::value::text_at;

impl Part {
    /// Where the spec lists containers of this part.
    pub fn specs(self) -> &'static str {
        match self {
            Part::Main => "/spec/containers",
            Part::Init | Part::Sidecar => "/spec/initContainers",
            Part::Ephemeral => "/spec/ephemeralContainers",
        }
    }

    /// Where the status lists them.
    pub fn statuses(self) -> &'static str {
        match self {
            Part::Main => "/status/containerStatuses",
            Part::Init | Part::Sidecar => "/status/initContainerStatuses",
            Part::Ephemeral => "/status/ephemeralContainerStatuses",
        }
    }
}

impl Worker {
    /// Takes notice of containers that were added to the spec.
    pub fn take_ephemeral(&mut self) {
        let pod = self.pod.clone();
        for (index, container) in pod.items_at(Part::Ephemeral.specs()).iter().enumerate() {
            let name = text_at(container, "name");
            match self.slots.iter_mut().find(|s| s.part == Part::Ephemeral && &*s.name == name) {
                Some(slot) => slot.index = index,
                None => self.slots.push(Slot::new(name, Part::Ephemeral, index)),
            }
        }
    }

    /// Whether the spec has some that are not known yet.
    pub fn has_new_ephemeral(&self) -> bool {
        let known = self.slots.iter().filter(|s| s.part == Part::Ephemeral).count();
        self.stage == Stage::Active && self.pod.items_at(Part::Ephemeral.specs()).len() > known
    }

    /// The next of them that has not begun.
    pub fn next_ephemeral(&self) -> Option<usize> {
        self.slots.iter().position(|s| s.part == Part::Ephemeral && s.run.is_none() && s.ended.is_none() && !s.tried)
    }
}
