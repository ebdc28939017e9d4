//! Which Pods go first when a set shrinks. Models `pkg/controller` ActivePodsWithRanks.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};

use crate::api::Api;
use crate::arrange::Arrange;
use crate::control::pods;
use crate::object::Object;
use crate::object::resources::PODS;

/// What the order looks at, read once per Pod.
struct Rank {
    assigned: bool,
    phase: u8,
    ready_since: Option<i64>,
    deletion_cost: i64,
    neighbours: usize,
    restarts: i64,
    created: i64,
    pod: Rc<Object>,
}

/// The `count` Pods among `active` that go first.
pub fn first_to_go(api: &Api, set: &Object, active: Vec<Rc<Object>>, count: usize) -> Vec<Rc<Object>> {
    if count >= active.len() {
        return active;
    }
    let neighbours = neighbours(api, set, &active);
    let now = api.wall_ms();
    let mut ranks: Vec<Rank> = active.into_iter().map(|pod| rank(pod, &neighbours)).collect();
    ranks.arrange_by(|a, b| compare(a, b, now));
    ranks.truncate(count);
    ranks.into_iter().map(|r| r.pod).collect()
}

fn rank(pod: Rc<Object>, neighbours: &BTreeMap<String, usize>) -> Rank {
    let node = pod.text_at("/spec/nodeName");
    Rank {
        assigned: !node.is_empty(),
        phase: match pod.text_at("/status/phase") {
            "Pending" => 0,
            "Running" => 2,
            _ => 1,
        },
        ready_since: pods::ready_since(&pod),
        deletion_cost: pod.meta.annotation("controller.kubernetes.io/pod-deletion-cost").and_then(|c| c.parse().ok()).unwrap_or(0),
        neighbours: neighbours.get(node).copied().unwrap_or(0),
        restarts: pods::most_restarts(&pod),
        created: pod.meta.creation.unwrap_or(0),
        pod,
    }
}

/// How many active Pods of this set and of those with the same owner each node has.
fn neighbours(api: &Api, set: &Object, own: &[Rc<Object>]) -> BTreeMap<String, usize> {
    let mut on_node: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |pod: &Object| {
        let node = pod.text_at("/spec/nodeName");
        match on_node.get_mut(node) {
            Some(n) => *n += 1,
            None => drop(on_node.insert(node.into(), 1)),
        }
    };
    own.iter().for_each(|pod| count(pod));
    if let Some(owner) = set.controller() {
        for sibling in api.owned(&owner.uid, &set.ty.resource).filter(|sibling| sibling.meta.uid != set.meta.uid) {
            api.owned(&sibling.meta.uid, PODS).filter(|p| pods::is_active(p)).for_each(|pod| count(pod));
        }
    }
    on_node
}

fn compare(a: &Rank, b: &Rank, now: i64) -> Ordering {
    let first = |r: &Rank| (r.assigned, r.phase, r.ready_since.is_some(), r.deletion_cost, Reverse(r.neighbours));
    first(a).cmp(&first(b)).then_with(|| {
        if let (Some(x), Some(y)) = (a.ready_since, b.ready_since)
            && x != y
        {
            return by_age(x, y, now).then_with(|| a.pod.meta.uid.cmp(&b.pod.meta.uid));
        }
        b.restarts.cmp(&a.restarts).then_with(|| by_age(a.created, b.created, now)).then_with(|| a.pod.meta.uid.cmp(&b.pod.meta.uid))
    })
}

/// Younger before older, where ages within the same power of two count as the same.
fn by_age(a: i64, b: i64, now: i64) -> Ordering {
    let log = |t: i64| (now.saturating_sub(t)).saturating_mul(1_000_000).max(0).checked_ilog2().map_or(-1, i64::from);
    log(a).cmp(&log(b))
}
