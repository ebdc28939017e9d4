//! Which Pods go first when a set shrinks. Models `pkg/controller` ActivePodsWithRanks.
//!
//! A rollout of many Pods asks this for each few of them, so what the order looks at is kept from the first question on.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};

use crate::api::{Api, Change, ChangeKind};
use crate::arrange::Arrange;
use crate::control::pods;
use crate::object::resources::PODS;
use crate::object::{Key, Object};

/// Up to so many Pods are chosen one by one; for more all are sorted.
const FEW: usize = 8;

/// What the order looks at, read once per change of a Pod.
#[derive(Clone)]
struct Standing {
    uid: Rc<str>,
    node: Rc<str>,
    phase: u8,
    ready_since: Option<i64>,
    deletion_cost: i64,
    restarts: i64,
    created: i64,
}

/// The active Pods of one set by name, and how many of them each node has.
#[derive(Clone, Default)]
struct Known {
    pods: BTreeMap<Rc<str>, Standing>,
    nodes: BTreeMap<Rc<str>, usize>,
}

impl Known {
    /// Reads Pods that are in order of their names.
    fn read<'a>(pods: impl Iterator<Item = &'a Rc<Object>>) -> Known {
        let mut known = Known::default();
        let all: Vec<_> = pods.map(|pod| (pod.meta.name.clone(), known.standing(pod))).collect();
        known.pods = all.into_iter().collect();
        known
    }

    fn put(&mut self, pod: &Object) {
        self.drop(pod.name());
        let standing = self.standing(pod);
        self.pods.insert(pod.meta.name.clone(), standing);
    }

    /// What the order looks at; counts the Pod on its node.
    fn standing(&mut self, pod: &Object) -> Standing {
        let node = pod.text_at("/spec/nodeName");
        let node: Rc<str> = self.nodes.get_key_value(node).map_or_else(|| node.into(), |(known, _)| known.clone());
        *self.nodes.entry(node.clone()).or_insert(0) += 1;
        standing(pod, node)
    }

    fn drop(&mut self, name: &str) {
        let Some(old) = self.pods.remove(name) else { return };
        match self.nodes.get_mut(&old.node) {
            Some(n) if *n > 1 => *n -= 1,
            _ => drop(self.nodes.remove(&old.node)),
        }
    }
}

/// Active Pods by the UID of their set: of sets that have shrunk, and those with the same owner, while they have Pods.
#[derive(Clone, Default)]
pub struct Ranks {
    by_set: BTreeMap<Rc<str>, Rc<Known>>,
}

impl Ranks {
    /// Takes in a change of a Pod.
    pub fn observe(&mut self, change: &Change) {
        if self.by_set.is_empty() {
            return;
        }
        let pod = &change.object;
        let mut empty = false;
        for (former, is) in change.previous.iter().map(|p| (p, false)).chain([(pod, true)]) {
            let Some(known) = former.controller().and_then(|owner| self.by_set.get_mut(owner.uid.as_str())) else { continue };
            let known = Rc::make_mut(known);
            match is && change.kind != ChangeKind::Deleted && pods::is_active(pod) {
                true => known.put(pod),
                false => known.drop(pod.name()),
            }
            empty |= known.pods.is_empty();
        }
        if empty {
            // A rollout is over; whoever asks next looks again.
            self.by_set.clear();
        }
    }

    fn learn(&mut self, api: &Api, set: &Object) {
        if self.by_set.contains_key(&set.meta.uid) {
            return;
        }
        let known = Known::read(api.owned(&set.meta.uid, PODS).filter(|p| pods::is_active(p)));
        if !known.pods.is_empty() {
            self.by_set.insert(set.meta.uid.clone(), Rc::new(known));
        }
    }

    /// The `count` Pods of a set that go first.
    pub fn first_to_go(&mut self, api: &Api, set: &Object, count: usize) -> Vec<Rc<Object>> {
        self.learn(api, set);
        let siblings: Vec<Rc<Object>> = match set.controller() {
            Some(owner) => api.owned(&owner.uid, &set.ty.resource).filter(|s| s.meta.uid != set.meta.uid).cloned().collect(),
            None => Vec::new(),
        };
        siblings.iter().for_each(|sibling| self.learn(api, sibling));
        let Some(known) = self.by_set.get(&set.meta.uid) else { return Vec::new() };
        // How many Pods of this set and of those with the same owner each node has.
        let mut neighbours: BTreeMap<&str, usize> = BTreeMap::new();
        for known in siblings.iter().filter_map(|s| self.by_set.get(&s.meta.uid)).chain([known]) {
            known.nodes.iter().for_each(|(node, n)| *neighbours.entry(node).or_insert(0) += n);
        }
        let mut all: Vec<Place<'_>> =
            known.pods.iter().map(|(name, pod)| (name, pod, neighbours.get(&*pod.node).copied().unwrap_or(0))).collect();
        let now = api.wall_ms();
        let mut chosen: Vec<&Rc<str>> = Vec::new();
        if count >= all.len() {
            chosen.extend(all.iter().map(|place| place.0));
        } else if count <= FEW {
            for _ in 0..count {
                let first = (0..all.len()).min_by(|a, b| match (all.get(*a), all.get(*b)) {
                    (Some(a), Some(b)) => compare(a, b, now),
                    _ => Ordering::Equal,
                });
                chosen.extend(first.map(|i| all.swap_remove(i).0));
            }
        } else {
            all.arrange_by(|a, b| compare(a, b, now));
            chosen.extend(all.iter().take(count).map(|place| place.0));
        }
        let key = |name: &Rc<str>| Key { namespace: set.meta.namespace.clone(), name: name.clone() };
        chosen.into_iter().filter_map(|name| api.get(PODS, &key(name)).cloned()).collect()
    }
}

/// A Pod among those to choose from, with how many others are on its node.
type Place<'a> = (&'a Rc<str>, &'a Standing, usize);

fn standing(pod: &Object, node: Rc<str>) -> Standing {
    Standing {
        uid: pod.meta.uid.clone(),
        node,
        phase: match pod.text_at("/status/phase") {
            "Pending" => 0,
            "Running" => 2,
            _ => 1,
        },
        ready_since: pods::ready_since(pod),
        deletion_cost: pod.meta.annotation("controller.kubernetes.io/pod-deletion-cost").and_then(|c| c.parse().ok()).unwrap_or(0),
        restarts: pods::most_restarts(pod),
        created: pod.meta.creation.unwrap_or(0),
    }
}

fn compare((_, a, a_near): &Place<'_>, (_, b, b_near): &Place<'_>, now: i64) -> Ordering {
    let first = |s: &Standing, near: usize| (!s.node.is_empty(), s.phase, s.ready_since.is_some(), s.deletion_cost, Reverse(near));
    first(a, *a_near).cmp(&first(b, *b_near)).then_with(|| {
        if let (Some(x), Some(y)) = (a.ready_since, b.ready_since)
            && x != y
        {
            return by_age(x, y, now).then_with(|| a.uid.cmp(&b.uid));
        }
        b.restarts.cmp(&a.restarts).then_with(|| by_age(a.created, b.created, now)).then_with(|| a.uid.cmp(&b.uid))
    })
}

/// Younger before older, where ages within the same power of two count as the same.
fn by_age(a: i64, b: i64, now: i64) -> Ordering {
    let log = |t: i64| (now.saturating_sub(t)).saturating_mul(1_000_000).max(0).checked_ilog2().map_or(-1, i64::from);
    log(a).cmp(&log(b))
}
