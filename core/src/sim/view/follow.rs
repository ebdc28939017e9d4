//! The next picture from the last one and the changes since: work per picture grows with what has changed.

use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{KINDS, NodeView, Origins, PodView, View, parts};
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

/// Puts new parts into a list that is in order of names: for each key a part, or nothing where the object is gone.
fn merge<T>(old: &[Rc<T>], name: fn(&T) -> Name<'_>, new: impl Iterator<Item = (Key, Option<Rc<T>>)>) -> Rc<[Rc<T>]> {
    let mut out: Vec<Rc<T>> = Vec::with_capacity(old.len() + 8);
    let mut at = 0;
    for (key, part) in new {
        let wanted = (&*key.namespace, &*key.name);
        let rest = old.get(at..).unwrap_or_default();
        let before = rest.partition_point(|p| name(p) < wanted);
        out.extend_from_slice(rest.get(..before).unwrap_or_default());
        at += before;
        if old.get(at).is_some_and(|p| name(p) == wanted) {
            at += 1;
        }
        out.extend(part);
    }
    out.extend_from_slice(old.get(at..).unwrap_or_default());
    out.into()
}

fn pod_name(pod: &PodView) -> Name<'_> {
    (&pod.namespace, &pod.name)
}

fn object_name(object: &Object) -> Name<'_> {
    (object.namespace(), object.name())
}

fn node_name(node: &NodeView) -> Name<'_> {
    ("", &node.name)
}

fn found<'a, T>(list: &'a [Rc<T>], name: fn(&T) -> Name<'_>, key: &Key) -> Option<&'a Rc<T>> {
    let at = list.binary_search_by(|p| name(p).cmp(&(&*key.namespace, &*key.name))).ok()?;
    list.get(at)
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
    let mut changes: Vec<(Key, Option<Rc<PodView>>)> = Vec::with_capacity(touched.pods.len());
    let Origins { used, pods: origins, .. } = &mut view.origins;
    for key in &touched.pods {
        let old = found(&before.pods, pod_name, key);
        let new = match (old, cluster.api.get(PODS, key).map(|o| parts::pod(o))) {
            (Some(old), Some(new)) if **old == new => Some(old.clone()),
            (_, new) => new.map(Rc::new),
        };
        for (pod, adds) in [(old, false), (new.as_ref(), true)] {
            if let Some(pod) = pod
                && parts::use_node(used, pod, adds)
                && let Some(node) = &pod.node
            {
                touched.nodes.insert(Key { namespace: "".into(), name: node.clone() });
            }
        }
        changes.push((key.clone(), new));
    }
    *origins = merge(origins, object_name, touched.pods.iter().map(|k| (k.clone(), cluster.api.get(PODS, k).cloned())));
    view.pods = merge(&before.pods, pod_name, changes.into_iter());
}

fn follow_nodes(cluster: &Cluster, before: &View, touched: &Touched, view: &mut View) {
    let mut changes: Vec<(Key, Option<Rc<NodeView>>)> = Vec::new();
    for key in &touched.nodes {
        let old = found(&before.nodes, node_name, key);
        let new = cluster.api.get(NODES, key).map(|o| parts::node(o, &view.origins.used));
        if old.map(Rc::as_ref) != new.as_ref() {
            changes.push((key.clone(), new.map(Rc::new)));
        }
    }
    if !changes.is_empty() {
        view.nodes = merge(&before.nodes, node_name, changes.into_iter());
    }
}
