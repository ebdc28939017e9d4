//! How much CPU and memory containers use, as a metrics server would tell it. The numbers are made up from the image, the
//! command and the time, the same for the same moment; there are none unless a metrics server runs in the cluster.

use alloc::rc::Rc;

use serde_json::Value;

use super::server::Api;
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::resources::{DEPLOYMENTS, PODS};
use crate::object::value::{items_at, text_at};
use crate::text::hash::fnv1a_32;

/// An amount of both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// Thousandths of a CPU.
    pub cpu_m: i64,
    /// Mebibytes.
    pub memory_mi: i64,
}

impl core::ops::AddAssign for Use {
    fn add_assign(&mut self, other: Use) {
        self.cpu_m = self.cpu_m.saturating_add(other.cpu_m);
        self.memory_mi = self.memory_mi.saturating_add(other.memory_mi);
    }
}

/// What a node itself uses beside its Pods.
const NODE: Use = Use { cpu_m: 40, memory_mi: 620 };

/// What images use while nothing is asked of them: a part of the image's name, thousandths of a CPU, mebibytes.
const IDLE: &[(&str, i64, i64)] = &[
    ("kube-apiserver", 42, 290),
    ("etcd", 21, 62),
    ("kube-controller-manager", 14, 54),
    ("kube-scheduler", 4, 24),
    ("kube-proxy", 1, 19),
    ("coredns", 2, 15),
    ("calico", 24, 118),
    ("metallb", 3, 22),
    ("metrics-server", 4, 19),
    ("mysql", 9, 352),
    ("postgres", 4, 38),
    ("redis", 2, 8),
    ("httpd", 1, 6),
    ("nginx", 0, 3),
];

/// Parts of commands that keep a CPU busy.
const BUSY: &[&str] = &["stress", "yes >", "while true; do :;", "while :; do :;", "md5sum", "/dev/urandom"];

/// Whether a metrics server runs.
pub fn available(api: &Api) -> bool {
    api.list(DEPLOYMENTS, None).any(|d| d.name() == "metrics-server" && d.i64_at("/status/availableReplicas").unwrap_or(0) > 0)
}

/// What a container uses now; nothing when it does not run.
pub fn of_container(api: &Api, pod: &Object, container: &Value) -> Option<Use> {
    let name = text_at(container, "name");
    let runs = |status: &Value| text_at(status, "name") == name && status.get("state").is_some_and(|s| s.get("running").is_some());
    if !pod.items_at("/status/containerStatuses").iter().any(runs) {
        return None;
    }
    let image = text_at(container, "image");
    let (_, cpu, memory) = IDLE.iter().copied().find(|(part, _, _)| image.contains(part)).unwrap_or(("", 0, 1));
    let minute = u64::try_from(api.wall_ms().div_euclid(15_000)).unwrap_or(0);
    let seed = fnv1a_32(pod.meta.uid.as_bytes()) ^ fnv1a_32(&minute.to_le_bytes());
    let wobble = i64::from(seed % 3);
    let busy = ["command", "args"]
        .iter()
        .flat_map(|list| items_at(container, list))
        .filter_map(Value::as_str)
        .any(|word| BUSY.iter().any(|b| word.contains(b)));
    let limit = |name: &str| {
        let text = text_at(container.get("resources").and_then(|r| r.get("limits")).unwrap_or(&Value::Null), name);
        Quantity::parse(text).ok().filter(|_| !text.is_empty())
    };
    let cpu = if busy { limit("cpu").map_or(1000, |q| q.milli_value()) - wobble } else { cpu + if cpu > 0 { wobble } else { 0 } };
    let most = limit("memory").map_or(i64::MAX, |q| q.value() / (1 << 20));
    Some(Use { cpu_m: cpu.max(0), memory_mi: (memory + wobble).min(most) })
}

/// What a Pod uses now; nothing when none of its containers runs.
pub fn of_pod(api: &Api, pod: &Object) -> Option<Use> {
    let mut all = None;
    for one in pod.items_at("/spec/containers").iter().filter_map(|c| of_container(api, pod, c)) {
        *all.get_or_insert_with(Use::default) += one;
    }
    all
}

/// What a node uses now.
pub fn of_node(api: &Api, node: &str) -> Use {
    let mut all = NODE;
    let pods = api.list(PODS, None).filter(|pod: &&Rc<Object>| pod.text_at("/spec/nodeName") == node);
    pods.filter_map(|pod| of_pod(api, pod)).for_each(|one| all += one);
    all
}
