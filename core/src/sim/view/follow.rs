//! The next picture from the last one and the changes since: work per picture grows with what has changed.

use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{KINDS, NodeView, PodView, View, parts};
use crate::object::resources::{ENDPOINTS, NAMESPACES, NODES, POD_DISRUPTION_BUDGETS, PODS, SERVICES};
use crate::object::{Key, Object};
use crate::sim::Cluster;

/// More changes than this and a fraction of the Pods, and a picture from scratch costs less.
const FEW: u64 = 500;

/// What has changed since the last picture.
#[derive(Default)]
struct Touched {
    pods: BTreeSet<Key>,
    nodes: BTreeSet<Key>,
    workloads: bool,
    services: bool,
    budgets: bool,
    namespaces: bool,
}

impl Touched {
    fn note(&mut self, object: &Object) {
        match object.ty.resource.as_str() {
            PODS => drop(self.pods.insert(object.key())),
            NODES => drop(self.nodes.insert(object.key())),
            SERVICES | ENDPOINTS => self.services = true,
            POD_DISRUPTION_BUDGETS => self.budgets = true,
            NAMESPACES => self.namespaces = true,
            kind => self.workloads |= KINDS.contains(&kind),
        }
    }
}

/// Namespace and name.
type Name<'a> = (&'a str, &'a str);

/// Where a key is in a list that is in order of names, or would be.
type Seat = Result<usize, usize>;

/// A part for a place, or nothing where the object is gone.
type Change<T> = (Seat, Option<Rc<T>>);

/// Where a key is or would be, from a place on.
fn seat<T>(list: &[Rc<T>], from: usize, name: fn(&T) -> Name<'_>, key: &Key) -> Seat {
    let wanted = (&*key.namespace, &*key.name);
    let rest = list.get(from..).unwrap_or_default();
    rest.binary_search_by(|p| name(p).cmp(&wanted)).map(|at| at + from).map_err(|at| at + from)
}

/// Puts new parts into a list, in the order of their places.
fn merge<T>(old: &Rc<[Rc<T>]>, changes: Vec<Change<T>>) -> Rc<[Rc<T>]> {
    let same = |(seat, new): &Change<T>| match (seat, new) {
        (Ok(at), Some(new)) => old.get(*at).is_some_and(|old| Rc::ptr_eq(old, new)),
        (Err(_), None) => true,
        _ => false,
    };
    if changes.iter().all(same) {
        return old.clone();
    }
    if changes.iter().all(|(seat, new)| seat.is_ok() == new.is_some()) {
        // None has come or gone.
        let mut list: Rc<[Rc<T>]> = old.iter().cloned().collect();
        if let Some(parts) = Rc::get_mut(&mut list) {
            for (seat, new) in changes {
                if let (Ok(at), Some(new)) = (seat, new)
                    && let Some(part) = parts.get_mut(at)
                {
                    *part = new;
                }
            }
        }
        return list;
    }
    let mut list: Vec<Rc<T>> = Vec::with_capacity(old.len() + changes.len());
    let mut from = 0;
    for (seat, new) in changes {
        let (Ok(at) | Err(at)) = seat;
        list.extend_from_slice(old.get(from..at).unwrap_or_default());
        list.extend(new);
        from = at + usize::from(seat.is_ok());
    }
    list.extend_from_slice(old.get(from..).unwrap_or_default());
    list.into()
}

fn pod_name(pod: &PodView) -> Name<'_> {
    (&pod.namespace, &pod.name)
}

fn node_name(node: &NodeView) -> Name<'_> {
    ("", &node.name)
}

/// The picture after `before`; `None` when that is not on the way to the present, or too long ago.
pub fn follow(cluster: &Cluster, before: &View) -> Option<View> {
    let store = &cluster.api.store;
    let log = &store.log;
    let last = log.get(before.version.checked_sub(1)?)?;
    let same_past = before.origins.last.as_ref().is_some_and(|o| Rc::ptr_eq(o, &last.object)) && log.end() == store.resource_version;
    let count = log.end().checked_sub(before.version)?;
    if !same_past || count > FEW + before.pods.len() as u64 / 4 {
        return None;
    }
    let mut touched = Touched::default();
    log.since(before.version).for_each(|change| touched.note(&change.object));
    let mut view = View { at: cluster.now(), version: store.resource_version, ..before.clone() };
    view.origins.last = super::last(cluster);
    follow_pods(cluster, before, &mut touched, &mut view);
    follow_nodes(cluster, before, &touched, &mut view);
    if touched.workloads {
        super::workloads(cluster, before, &mut view);
    }
    if touched.services {
        super::services(cluster, before, &mut view);
    }
    if touched.budgets || !touched.pods.is_empty() && !view.budgets.is_empty() {
        super::budgets(cluster, before, &mut view);
    }
    if touched.namespaces {
        super::namespaces(cluster, before, &mut view);
    }
    Some(view)
}

fn follow_pods(cluster: &Cluster, before: &View, touched: &mut Touched, view: &mut View) {
    if touched.pods.is_empty() {
        return;
    }
    let mut changes: Vec<Change<PodView>> = Vec::with_capacity(touched.pods.len());
    let used = &mut view.origins.used;
    let mut from = 0;
    for key in &touched.pods {
        let seat = seat(&before.pods, from, pod_name, key);
        from = seat.unwrap_or_else(|at| at);
        let old = seat.ok().and_then(|at| before.pods.get(at));
        let new = cluster.api.get(PODS, key).map(|object| parts::renew_pod(old, object));
        for (pod, adds) in [(old, false), (new.as_ref(), true)] {
            if let Some(pod) = pod
                && parts::use_node(used, pod, adds)
                && let Some(node) = &pod.node
            {
                touched.nodes.insert(Key { namespace: "".into(), name: node.clone() });
            }
        }
        changes.push((seat, new));
    }
    view.pods = merge(&before.pods, changes);
}

fn follow_nodes(cluster: &Cluster, before: &View, touched: &Touched, view: &mut View) {
    let mut changes: Vec<Change<NodeView>> = Vec::new();
    let mut from = 0;
    for key in &touched.nodes {
        let seat = seat(&before.nodes, from, node_name, key);
        from = seat.unwrap_or_else(|at| at);
        let old = seat.ok().and_then(|at| before.nodes.get(at));
        let new = cluster.api.get(NODES, key).map(|o| parts::node(o, &view.origins.used));
        if old.map(Rc::as_ref) != new.as_ref() {
            changes.push((seat, new.map(Rc::new)));
        }
    }
    view.nodes = merge(&before.nodes, changes);
}
