//! Sorted maps whose clones share what both have, so that a checkpoint of a large cluster costs little and the first
//! write after it copies a leaf and not the whole. Never: what is kept in them.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::cell::Cell;
use core::cmp::Ordering;

/// The most entries of a leaf.
const LEAF: usize = 64;

/// Entries in order, shared with clones until one side writes to them.
#[derive(Clone, Debug)]
struct Leaf<K, V> {
    /// Not after any key of this leaf, and after every key of the leaf before it: what tells leaves apart without a look
    /// into them.
    from: K,
    entries: Rc<Vec<(K, V)>>,
}

/// A map in order of its keys.
#[derive(Clone, Debug)]
pub struct SharedMap<K, V> {
    leaves: Rc<Vec<Leaf<K, V>>>,
    len: usize,
    /// Leaf and place of the last look: whoever writes has mostly just looked there.
    last: Cell<(usize, usize)>,
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        SharedMap { leaves: Rc::default(), len: 0, last: Cell::new((0, 0)) }
    }
}

impl<K: Ord + Clone, V: Clone> SharedMap<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The leaf in which a key is or would be, and its place there: `Ok` when it is there.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> (usize, Result<usize, usize>)
    where
        K: Borrow<Q>,
    {
        let (leaf, place) = self.last.get();
        if let Some(found) = self.is_at(leaf, place, key) {
            self.last.set((leaf, found.unwrap_or_else(|place| place)));
            return (leaf, found);
        }
        let others = self.leaves.get(1..).unwrap_or_default();
        let leaf = others.partition_point(|l| l.from.borrow() <= key);
        let place = match self.leaves.get(leaf) {
            Some(l) => l.entries.binary_search_by(|(k, _)| k.borrow().cmp(key)),
            None => Err(0),
        };
        self.last.set((leaf, place.unwrap_or_else(|place| place)));
        (leaf, place)
    }

    /// Whether a key is, or would be, at a place or just after it; `None` when it is not, or that is not certain.
    fn is_at<Q: Ord + ?Sized>(&self, leaf: usize, place: usize, key: &Q) -> Option<Result<usize, usize>>
    where
        K: Borrow<Q>,
    {
        let entries = &self.leaves.get(leaf)?.entries;
        let compare = |place: usize| match entries.get(place) {
            Some((k, _)) => k.borrow().cmp(key),
            // What is before the next leaf and after the entries of this one belongs at its end.
            None => self.leaves.get(leaf + 1).map_or(Ordering::Greater, |next| next.from.borrow().cmp(key).then(Ordering::Less)),
        };
        match compare(place) {
            Ordering::Equal => Some(Ok(place)),
            Ordering::Greater => (compare(place.checked_sub(1)?) == Ordering::Less).then_some(Err(place)),
            Ordering::Less if place < entries.len() => match compare(place + 1) {
                Ordering::Equal => Some(Ok(place + 1)),
                Ordering::Greater => Some(Err(place + 1)),
                Ordering::Less => None,
            },
            Ordering::Less => None,
        }
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (leaf, place) = self.find(key);
        self.leaves.get(leaf)?.entries.get(place.ok()?).map(|(_, v)| v)
    }

    /// A key as it is kept, with its value.
    pub fn get_entry<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        let (leaf, place) = self.find(key);
        self.leaves.get(leaf)?.entries.get(place.ok()?).map(|(k, v)| (k, v))
    }

    /// Whether there is an entry for a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).1.is_ok()
    }

    /// The value of a key, to change. Copies its leaf if a clone shares it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (leaf, place) = self.find(key);
        let place = place.ok()?;
        let leaves = Rc::make_mut(&mut self.leaves);
        Rc::make_mut(&mut leaves.get_mut(leaf)?.entries).get_mut(place).map(|(_, v)| v)
    }

    /// Puts a value in and returns the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (leaf, place) = self.find(&key);
        let leaves = Rc::make_mut(&mut self.leaves);
        let Some(entries) = leaves.get_mut(leaf).map(|l| Rc::make_mut(&mut l.entries)) else {
            leaves.push(Leaf { from: key.clone(), entries: Rc::new(alloc::vec![(key, value)]) });
            self.len += 1;
            return None;
        };
        match place {
            Ok(place) => entries.get_mut(place).map(|(_, v)| core::mem::replace(v, value)),
            Err(place) => {
                entries.insert(place.min(entries.len()), (key, value));
                self.len += 1;
                if entries.len() > LEAF {
                    // What grows at its end keeps full leaves behind it.
                    let at = if place + 1 == entries.len() { LEAF } else { LEAF / 2 };
                    let rest = entries.split_off(at);
                    if let Some((first, _)) = rest.first() {
                        leaves.insert(leaf + 1, Leaf { from: first.clone(), entries: Rc::new(rest) });
                    }
                }
                None
            }
        }
    }

    /// The value of a key, to change; `make` gives it when there is none.
    pub fn entry_or(&mut self, key: K, make: impl FnOnce() -> V) -> Option<&mut V> {
        if !self.contains_key(&key) {
            self.insert(key.clone(), make());
        }
        self.get_mut(&key)
    }

    /// Takes an entry out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (leaf, place) = self.find(key);
        self.take(leaf, place.ok()?).map(|(_, v)| v)
    }

    /// Takes the first entry out.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        self.take(0, 0)
    }

    fn take(&mut self, leaf: usize, place: usize) -> Option<(K, V)> {
        self.leaves.get(leaf)?.entries.get(place)?;
        let leaves = Rc::make_mut(&mut self.leaves);
        let entries = Rc::make_mut(&mut leaves.get_mut(leaf)?.entries);
        let taken = entries.remove(place);
        let left = entries.len();
        self.len -= 1;
        if left == 0 {
            leaves.remove(leaf);
        } else if left < LEAF / 4 && leaves.get(leaf + 1).is_some_and(|n| n.entries.len() + left <= LEAF / 2) {
            let next = Rc::unwrap_or_clone(leaves.remove(leaf + 1).entries);
            if let Some(l) = leaves.get_mut(leaf) {
                Rc::make_mut(&mut l.entries).extend(next);
            }
        }
        Some(taken)
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The first entry.
    pub fn first(&self) -> Option<(&K, &V)> {
        self.leaves.first()?.entries.first().map(|(k, v)| (k, v))
    }

    /// All entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.leaves.iter().flat_map(|l| l.entries.iter()).map(|(k, v)| (k, v))
    }

    /// The entries from a key on.
    pub fn from<'a, Q: Ord + ?Sized>(&'a self, key: &Q) -> impl Iterator<Item = (&'a K, &'a V)> + use<'a, K, V, Q>
    where
        K: Borrow<Q>,
    {
        let (leaf, place) = self.find(key);
        let skip = place.unwrap_or_else(|place| place);
        let first = self.leaves.get(leaf).and_then(|l| l.entries.get(skip..)).unwrap_or_default();
        let rest = self.leaves.get(leaf + 1..).unwrap_or_default();
        first.iter().chain(rest.iter().flat_map(|l| l.entries.iter())).map(|(k, v)| (k, v))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(k, _)| k)
    }

    /// The values in order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, v)| v)
    }

    /// Compares the keys of two places; only for tests of the order.
    #[cfg(test)]
    fn is_ordered(&self) -> bool {
        let keys: Vec<&K> = self.keys().collect();
        keys.windows(2).all(|w| matches!(w, [a, b] if a < b)) && keys.len() == self.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;

    #[test]
    fn does_what_a_tree_does_and_clones_do_not_see_each_other() {
        let (mut map, mut tree) = (SharedMap::new(), BTreeMap::new());
        let mut n = 7_u64;
        let mut kept = Vec::new();
        for i in 0..6000_u64 {
            n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let key = (n >> 40) % 900;
            if n.is_multiple_of(3) {
                assert_eq!(map.remove(&key), tree.remove(&key));
            } else {
                assert_eq!(map.insert(key, i), tree.insert(key, i));
            }
            if i % 1000 == 0 {
                kept.push((map.clone(), tree.clone()));
            }
            if i % 7 == 0 {
                assert_eq!(map.pop_first(), tree.pop_first());
            }
            for near in [key / 2, key, key + 1, key / 2] {
                assert_eq!(map.get(&near), tree.get(&near));
            }
        }
        assert!(map.is_ordered());
        for (map, tree) in kept {
            assert!(map.iter().eq(tree.iter()));
            assert!(map.from(&450).eq(tree.range(450..)));
        }
    }
}
