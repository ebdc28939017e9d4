//! What containers use at the moment, as a metrics server passes it on from the kubelets. It is no object: nothing of it
//! is stored, and without a running metrics server there is none.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// What a container uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// CPU in thousandths of a core.
    pub cpu_m: i64,
    /// Memory in bytes.
    pub memory: i64,
}

/// What the containers of a Pod use.
#[derive(Clone, Debug, Default)]
pub struct PodUsage {
    /// When it was measured, in wall-clock milliseconds.
    pub at_ms: i64,
    /// By name of container.
    pub containers: Vec<(Rc<str>, Used)>,
}

/// What is known of all Pods.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// Whether a metrics server runs.
    pub served: bool,
    pods: Rc<BTreeMap<Rc<str>, PodUsage>>,
}

impl Usage {
    /// What a Pod (by UID) uses, if that has been measured.
    pub fn of(&self, pod_uid: &str) -> Option<&PodUsage> {
        if self.served { self.pods.get(pod_uid) } else { None }
    }

    /// Takes in what was measured of a Pod.
    pub fn put(&mut self, pod_uid: &Rc<str>, usage: PodUsage) {
        Rc::make_mut(&mut self.pods).insert(pod_uid.clone(), usage);
    }

    /// Forgets a Pod.
    pub fn forget(&mut self, pod_uid: &str) {
        if self.pods.contains_key(pod_uid) {
            Rc::make_mut(&mut self.pods).remove(pod_uid);
        }
    }

    /// Says whether a metrics server runs; when it stops, what it knew is lost.
    pub fn serve(&mut self, served: bool) {
        if !served && self.served {
            self.pods = Rc::default();
        }
        self.served = served;
    }
}
