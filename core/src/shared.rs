//! Sorted maps whose clones share what both have, so that a checkpoint of a large cluster costs little and the first
//! write after it copies a leaf and not the whole. Never: what is kept in them.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::cell::Cell;
use core::cmp::Ordering;

mod signs;

pub use signs::{Parts, Sorted};

/// The most entries of a leaf.
const LEAF: usize = 64;

/// Entries in order.
#[derive(Clone, Debug)]
struct Body<K, V> {
    entries: Vec<(K, V)>,
    /// How many bytes all keys have in common, at least.
    skip: usize,
    /// Of each key the bytes after those, so that most are told apart without a look at them; none where keys are no texts.
    signs: Vec<u64>,
}

/// Entries in order, shared with clones until one side writes to them.
#[derive(Clone, Debug)]
struct Leaf<K, V> {
    /// Not after any key of this leaf, and after every key of the leaf before it: what tells leaves apart without a look
    /// into them.
    from: K,
    body: Rc<Body<K, V>>,
}

impl<K: Sorted + Clone, V: Clone> Leaf<K, V> {
    fn new(from: K, entries: Vec<(K, V)>) -> Self {
        let mut body = Body { entries, skip: 0, signs: Vec::new() };
        body.sign(&from);
        Leaf { from, body: Rc::new(body) }
    }

    /// Where a key that is not before `from` is, or would be.
    fn find<Q: Sorted + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        let Body { entries, skip, signs } = &*self.body;
        let (Some(from), Some(parts)) = (self.from.parts(), key.parts()) else {
            return entries.binary_search_by(|(k, _)| k.borrow().cmp(key));
        };
        if !signs::share(from, parts, *skip) {
            return Err(entries.len());
        }
        let alike = signs::alike(signs, signs::sign(parts, *skip));
        let begin = alike.start;
        let found = entries.get(alike).unwrap_or_default().binary_search_by(|(k, _)| k.borrow().cmp(key));
        found.map(|place| begin + place).map_err(|place| begin + place)
    }
}

impl<K: Sorted, V> Body<K, V> {
    /// Makes all signs anew.
    fn sign(&mut self, from: &K) {
        let last = self.entries.last().and_then(|(last, _)| last.parts());
        let (Some(from), Some(last)) = (from.parts(), last) else { return };
        let skip = signs::common(from, last);
        self.skip = skip;
        self.signs = self.entries.iter().filter_map(|(k, _)| k.parts()).map(|parts| signs::sign(parts, skip)).collect();
    }

    /// Makes signs anew where they tell more now.
    fn sharpen(&mut self, from: &K) {
        let last = self.entries.last().and_then(|(last, _)| last.parts());
        if from.parts().zip(last).is_some_and(|(from, last)| signs::common(from, last) > self.skip) {
            self.sign(from);
        }
    }

    /// Puts an entry in.
    fn insert(&mut self, from: &K, place: usize, key: K, value: V) {
        let place = place.min(self.entries.len());
        let sign = from.parts().zip(key.parts()).map(|(from, key)| (signs::share(from, key, self.skip), signs::sign(key, self.skip)));
        self.entries.insert(place, (key, value));
        match sign {
            Some((true, sign)) => self.signs.insert(place.min(self.signs.len()), sign),
            Some((false, _)) => self.sign(from),
            None => {}
        }
    }

    fn remove(&mut self, place: usize) -> (K, V) {
        if place < self.signs.len() {
            self.signs.remove(place);
        }
        self.entries.remove(place)
    }
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

impl<K: Sorted + Clone, V: Clone> SharedMap<K, V> {
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
    fn find<Q: Sorted + ?Sized>(&self, key: &Q) -> (usize, Result<usize, usize>)
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
            Some(first) if leaf == 0 && key < first.from.borrow() => Err(0),
            Some(l) => l.find(key),
            None => Err(0),
        };
        self.last.set((leaf, place.unwrap_or_else(|place| place)));
        (leaf, place)
    }

    /// Whether a key is, or would be, at a place or just after it; `None` when it is not, or that is not certain.
    fn is_at<Q: Sorted + ?Sized>(&self, leaf: usize, place: usize, key: &Q) -> Option<Result<usize, usize>>
    where
        K: Borrow<Q>,
    {
        let entries = &self.leaves.get(leaf)?.body.entries;
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
    pub fn get<Q: Sorted + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (leaf, place) = self.find(key);
        self.leaves.get(leaf)?.body.entries.get(place.ok()?).map(|(_, v)| v)
    }

    /// A key as it is kept, with its value.
    pub fn get_entry<Q: Sorted + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        let (leaf, place) = self.find(key);
        self.leaves.get(leaf)?.body.entries.get(place.ok()?).map(|(k, v)| (k, v))
    }

    /// Whether there is an entry for a key.
    pub fn contains_key<Q: Sorted + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).1.is_ok()
    }

    /// The value of a key, to change. Copies its leaf if a clone shares it.
    pub fn get_mut<Q: Sorted + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (leaf, place) = self.find(key);
        let place = place.ok()?;
        let leaves = Rc::make_mut(&mut self.leaves);
        Rc::make_mut(&mut leaves.get_mut(leaf)?.body).entries.get_mut(place).map(|(_, v)| v)
    }

    /// Puts a value in and returns the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (leaf, place) = self.find(&key);
        let leaves = Rc::make_mut(&mut self.leaves);
        let Some(l) = leaves.get_mut(leaf) else {
            leaves.push(Leaf::new(key.clone(), [(key, value)].into()));
            self.len += 1;
            return None;
        };
        let body = Rc::make_mut(&mut l.body);
        let place = match place {
            Ok(place) => return body.entries.get_mut(place).map(|(_, v)| core::mem::replace(v, value)),
            Err(place) => place,
        };
        if key < l.from {
            l.from = key.clone();
            body.insert(&l.from, place, key, value);
            body.sign(&l.from);
        } else {
            body.insert(&l.from, place, key, value);
        }
        self.len += 1;
        if body.entries.len() > LEAF {
            // What grows at its end keeps full leaves behind it.
            let at = if place + 1 == body.entries.len() { LEAF } else { LEAF / 2 };
            let entries = body.entries.split_off(at);
            body.signs.truncate(at);
            body.sharpen(&l.from);
            if let Some((first, _)) = entries.first() {
                leaves.insert(leaf + 1, Leaf::new(first.clone(), entries));
            }
        }
        None
    }

    /// The value of a key, to change; `make` gives it when there is none.
    pub fn entry_or(&mut self, key: K, make: impl FnOnce() -> V) -> Option<&mut V> {
        if !self.contains_key(&key) {
            self.insert(key.clone(), make());
        }
        self.get_mut(&key)
    }

    /// Takes an entry out.
    pub fn remove<Q: Sorted + ?Sized>(&mut self, key: &Q) -> Option<V>
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
        self.leaves.get(leaf)?.body.entries.get(place)?;
        let leaves = Rc::make_mut(&mut self.leaves);
        let body = Rc::make_mut(&mut leaves.get_mut(leaf)?.body);
        let taken = body.remove(place);
        let left = body.entries.len();
        self.len -= 1;
        if left == 0 {
            leaves.remove(leaf);
        } else if left < LEAF / 4 && leaves.get(leaf + 1).is_some_and(|n| n.body.entries.len() + left <= LEAF / 2) {
            let next = Rc::unwrap_or_clone(leaves.remove(leaf + 1).body);
            if let Some(l) = leaves.get_mut(leaf) {
                let body = Rc::make_mut(&mut l.body);
                body.entries.extend(next.entries);
                body.sign(&l.from);
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
        self.leaves.first()?.body.entries.first().map(|(k, v)| (k, v))
    }

    /// All entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.leaves.iter().flat_map(|l| l.body.entries.iter()).map(|(k, v)| (k, v))
    }

    /// The entries from a key on.
    pub fn from<'a, Q: Sorted + ?Sized>(&'a self, key: &Q) -> impl Iterator<Item = (&'a K, &'a V)> + use<'a, K, V, Q>
    where
        K: Borrow<Q>,
    {
        let (leaf, place) = self.find(key);
        let skip = place.unwrap_or_else(|place| place);
        let first = self.leaves.get(leaf).and_then(|l| l.body.entries.get(skip..)).unwrap_or_default();
        let rest = self.leaves.get(leaf + 1..).unwrap_or_default();
        first.iter().chain(rest.iter().flat_map(|l| l.body.entries.iter())).map(|(k, v)| (k, v))
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
mod tests;
