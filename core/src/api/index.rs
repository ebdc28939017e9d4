//! Indexes over the store, kept by every write, so that no hot path ever lists everything.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};

use crate::object::resources::PODS;
use crate::object::{Key, Object};

/// A resource and a key in it.
pub type Place = (Rc<str>, Key);

/// By owner, by node and by label.
#[derive(Clone, Debug, Default)]
pub struct Index {
    by_owner: Rc<BTreeMap<Rc<str>, BTreeSet<Place>>>,
    pods_by_node: Rc<BTreeMap<Rc<str>, BTreeSet<Key>>>,
    pods_by_label: Rc<BTreeMap<(Rc<str>, String), BTreeSet<Key>>>,
}

impl Index {
    /// Takes in the new state of an object, `None` when it is gone.
    pub fn replace(&mut self, resource: &Rc<str>, old: Option<&Object>, new: Option<&Object>) {
        let Some(any) = new.or(old) else { return };
        let key = any.key();
        let owners = |o: Option<&Object>| o.map(|o| o.meta.owners.clone()).unwrap_or_default();
        let (was, is) = (owners(old), owners(new));
        if was != is {
            let by_owner = Rc::make_mut(&mut self.by_owner);
            was.iter().for_each(|o| drop_from(by_owner, o.uid.as_str(), &(resource.clone(), key.clone())));
            for o in is.iter() {
                by_owner.entry(o.uid.as_str().into()).or_default().insert((resource.clone(), key.clone()));
            }
        }
        if resource.as_ref() == PODS {
            self.replace_pod(&key, old, new);
        }
    }

    fn replace_pod(&mut self, key: &Key, old: Option<&Object>, new: Option<&Object>) {
        let node = |o: Option<&Object>| o.and_then(|o| o.str_at("/spec/nodeName").map(Rc::<str>::from)).filter(|n| !n.is_empty());
        let (was, is) = (node(old), node(new));
        if was != is {
            let by_node = Rc::make_mut(&mut self.pods_by_node);
            if let Some(n) = was {
                drop_from(by_node, &n, key);
            }
            if let Some(n) = is {
                by_node.entry(n).or_default().insert(key.clone());
            }
        }
        let labels = |o: Option<&Object>| o.map(|o| o.meta.labels.clone()).unwrap_or_default();
        let (was, is) = (labels(old), labels(new));
        if was != is {
            let by_label = Rc::make_mut(&mut self.pods_by_label);
            for (k, v) in was.iter() {
                let at = (key.namespace.clone(), label_key(k, v));
                if let Some(set) = by_label.get_mut(&at) {
                    set.remove(key);
                    if set.is_empty() {
                        by_label.remove(&at);
                    }
                }
            }
            for (k, v) in is.iter() {
                by_label.entry((key.namespace.clone(), label_key(k, v))).or_default().insert(key.clone());
            }
        }
    }

    /// What the object with this UID owns, ordered by resource and key.
    pub fn owned_by(&self, uid: &str) -> impl Iterator<Item = &Place> {
        self.by_owner.get(uid).into_iter().flatten()
    }

    /// Keys of the Pods bound to a node.
    pub fn pods_on(&self, node: &str) -> impl Iterator<Item = &Key> {
        self.pods_by_node.get(node).into_iter().flatten()
    }

    /// Keys of the Pods of a namespace that carry a label with this value.
    pub fn pods_labelled(&self, namespace: &str, key: &str, value: &str) -> impl Iterator<Item = &Key> {
        self.pods_by_label.get(&(namespace.into(), label_key(key, value))).into_iter().flatten()
    }
}

fn label_key(key: &str, value: &str) -> String {
    let mut s = key.to_string();
    s.push('=');
    s.push_str(value);
    s
}

fn drop_from<T: Ord>(map: &mut BTreeMap<Rc<str>, BTreeSet<T>>, at: &str, what: &T) {
    if let Some(set) = map.get_mut(at) {
        set.remove(what);
        if set.is_empty() {
            map.remove(at);
        }
    }
}
