//! Indexes over the store, kept by every write, so that no hot path ever lists everything.

use alloc::rc::Rc;

use crate::object::resources::PODS;
use crate::object::{Key, Object};
use crate::shared::{SharedMap, Sorted};

/// A resource and a key in it.
pub type Place = (Rc<str>, Key);

/// Sets of things by a text.
type Sets<T> = SharedMap<Rc<str>, SharedMap<T, ()>>;

/// By owner, by node and by label.
#[derive(Clone, Debug, Default)]
pub struct Index {
    by_owner: Sets<Place>,
    pods_by_node: Sets<Key>,
    pods_by_label: Sets<Key>,
}

impl Index {
    /// Takes in the new state of an object, `None` when it is gone.
    pub fn replace(&mut self, resource: &Rc<str>, old: Option<&Object>, new: Option<&Object>) {
        let Some(any) = new.or(old) else { return };
        let key = any.key();
        let owners = |o: Option<&Object>| o.map(|o| o.meta.owners.clone()).unwrap_or_default();
        let (was, is) = (owners(old), owners(new));
        if was != is {
            let place = (resource.clone(), key.clone());
            was.iter().for_each(|o| drop_from(&mut self.by_owner, o.uid.as_str(), &place));
            is.iter().for_each(|o| add_to(&mut self.by_owner, o.uid.as_str(), &place));
        }
        if resource.as_ref() == PODS {
            self.replace_pod(&key, old, new);
        }
    }

    fn replace_pod(&mut self, key: &Key, old: Option<&Object>, new: Option<&Object>) {
        fn node(o: Option<&Object>) -> Option<&str> {
            o.and_then(|o| o.str_at("/spec/nodeName")).filter(|n| !n.is_empty())
        }
        let (was, is) = (node(old), node(new));
        if was != is {
            if let Some(n) = was {
                drop_from(&mut self.pods_by_node, n, key);
            }
            if let Some(n) = is {
                add_to(&mut self.pods_by_node, n, key);
            }
        }
        let labels = |o: Option<&Object>| o.map(|o| o.meta.labels.clone()).unwrap_or_default();
        let (was, is) = (labels(old), labels(new));
        if was != is {
            for (k, v) in was.iter() {
                drop_from(&mut self.pods_by_label, &label_key(&key.namespace, k, v), key);
            }
            for (k, v) in is.iter() {
                add_to(&mut self.pods_by_label, &label_key(&key.namespace, k, v), key);
            }
        }
    }

    /// What the object with this UID owns, ordered by resource and key.
    pub fn owned_by(&self, uid: &str) -> impl Iterator<Item = &Place> {
        self.by_owner.get(uid).into_iter().flat_map(|set| set.keys())
    }

    /// Keys of the Pods bound to a node.
    pub fn pods_on(&self, node: &str) -> impl Iterator<Item = &Key> {
        self.pods_by_node.get(node).into_iter().flat_map(|set| set.keys())
    }

    /// Keys of the Pods of a namespace that carry a label with this value.
    pub fn pods_labelled(&self, namespace: &str, key: &str, value: &str) -> impl Iterator<Item = &Key> {
        self.pods_by_label.get(&*label_key(namespace, key, value)).into_iter().flat_map(|set| set.keys())
    }

    /// How many Pods of a namespace carry a label with this value.
    pub fn count_labelled(&self, namespace: &str, key: &str, value: &str) -> usize {
        self.pods_by_label.get(&*label_key(namespace, key, value)).map_or(0, SharedMap::len)
    }
}

fn label_key(namespace: &str, key: &str, value: &str) -> alloc::string::String {
    [namespace, "/", key, "=", value].concat()
}

fn add_to<T: Sorted + Clone>(sets: &mut Sets<T>, at: &str, what: &T) {
    match sets.get_mut(at) {
        Some(set) => drop(set.insert(what.clone(), ())),
        None => {
            let mut set = SharedMap::new();
            set.insert(what.clone(), ());
            sets.insert(at.into(), set);
        }
    }
}

fn drop_from<T: Sorted + Clone>(sets: &mut Sets<T>, at: &str, what: &T) {
    if let Some(set) = sets.get_mut(at) {
        set.remove(what);
        if set.is_empty() {
            sets.remove(at);
        }
    }
}
