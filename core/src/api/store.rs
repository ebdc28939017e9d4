//! What is stored: objects by resource and key, the version counter, the indexes and the watch history.
//! Knows nothing of kinds, admission or validation; the server does.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;

use super::index::Index;
use super::log::{Change, ChangeKind, KEPT_ALWAYS, KEPT_CHANGES, KEPT_MS, Log};
use crate::object::resources::LEASES;
use crate::object::{Key, Object};
use crate::shared::SharedMap;
use crate::time::Instant;

/// The objects of one resource in order of namespace and name.
pub type Table = SharedMap<Key, Rc<Object>>;

/// Everything stored. Clones share what neither side has written to since.
#[derive(Clone, Debug)]
pub struct Store {
    tables: BTreeMap<Rc<str>, Table>,
    /// The version of the last write.
    pub resource_version: u64,
    /// The watch history.
    pub log: Log,
    /// The indexes.
    pub index: Index,
    /// For each lease a version that tells all that others do but when it was renewed.
    leases: SharedMap<Key, Rc<Object>>,
}

impl Default for Store {
    fn default() -> Store {
        Store {
            tables: BTreeMap::new(),
            resource_version: 0,
            log: Log::keeping(KEPT_CHANGES),
            index: Index::default(),
            leases: SharedMap::new(),
        }
    }
}

impl Store {
    /// The object, if it is there.
    pub fn get(&self, resource: &str, key: &Key) -> Option<&Rc<Object>> {
        self.tables.get(resource)?.get(key)
    }

    /// Every object of a resource, or only those of one namespace, ordered by namespace and name.
    pub fn list<'a>(&'a self, resource: &str, namespace: Option<&'a str>) -> impl Iterator<Item = &'a Rc<Object>> + use<'a> {
        let from = Key { namespace: namespace.unwrap_or_default().into(), name: "".into() };
        let table = self.tables.get(resource);
        table
            .into_iter()
            .flat_map(move |t| t.from(&from))
            .map(|(_, o)| o)
            .take_while(move |o| namespace.is_none_or(|ns| o.namespace() == ns))
    }

    /// How many objects of a resource there are.
    pub fn count(&self, resource: &str) -> usize {
        self.tables.get(resource).map_or(0, |t| t.len())
    }

    /// How many objects there are.
    pub fn size(&self) -> usize {
        self.tables.values().map(SharedMap::len).sum()
    }

    /// The resources that have objects.
    pub fn resources(&self) -> impl Iterator<Item = &Rc<str>> {
        self.tables.keys()
    }

    /// Stores an object under the next version and returns it as stored.
    pub fn put(&mut self, now: Instant, mut object: Object) -> Rc<Object> {
        self.resource_version += 1;
        object.meta.resource_version = self.resource_version;
        let object = Rc::new(object);
        let resource = self.table_name(&object.ty.resource);
        let table = self.tables.entry(resource.clone()).or_default();
        let previous = table.insert(object.key(), object.clone());
        self.index.replace(&resource, previous.as_deref(), Some(&object));
        let kind = if previous.is_some() { ChangeKind::Modified } else { ChangeKind::Added };
        self.log.push(Change { at: now, kind, object: object.clone(), previous });
        object
    }

    /// Removes an object under the next version and returns its last state.
    pub fn remove(&mut self, now: Instant, resource: &str, key: &Key) -> Option<Rc<Object>> {
        let table = self.tables.get_mut(resource)?;
        let previous = table.remove(key)?;
        self.resource_version += 1;
        let name = self.table_name(resource);
        self.index.replace(&name, Some(&previous), None);
        let mut last = (*previous).clone();
        last.meta.resource_version = self.resource_version;
        self.log.push(Change { at: now, kind: ChangeKind::Deleted, object: Rc::new(last), previous: Some(previous.clone()) });
        Some(previous)
    }

    /// Everything before this number of the log has been seen by the cluster: where nothing has happened to a lease but
    /// that it was renewed, one version of it stands in the log for all. A cluster that rests would fill it otherwise.
    /// What is old is forgotten.
    pub fn seen(&mut self, number: u64) {
        let newest = self.log.get(number.saturating_sub(1)).map_or(Instant(0), |change| change.at);
        if let Some(last) = self.log.oldest().last()
            && newest.since(last.at) > KEPT_MS
            && number.saturating_sub(self.log.start()) > KEPT_ALWAYS + self.log.oldest().len() as u64
        {
            self.log.forget_oldest();
        }
        let leases = &mut self.leases;
        self.log.rewrite(number, |change| {
            if change.kind != ChangeKind::Modified || change.resource() != LEASES {
                return;
            }
            let key = change.object.key();
            match leases.get(&key).filter(|one| is_renewal(one, &change.object)) {
                Some(one) => (change.object, change.previous) = (one.clone(), Some(one.clone())),
                None => drop(leases.insert(key, change.object.clone())),
            }
        });
    }

    fn table_name(&self, resource: &str) -> Rc<str> {
        match self.tables.get_key_value(resource) {
            Some((name, _)) => name.clone(),
            None => resource.into(),
        }
    }
}

/// Whether two versions of a lease are the same but for the time of the last renewal.
fn is_renewal(a: &Object, b: &Object) -> bool {
    let same = |path: &str| a.at(path) == b.at(path);
    let spec = ["holderIdentity", "leaseTransitions", "acquireTime", "leaseDurationSeconds"];
    a.meta.uid == b.meta.uid
        && a.meta.labels == b.meta.labels
        && a.meta.annotations == b.meta.annotations
        && a.meta.owners == b.meta.owners
        && a.meta.finalizers == b.meta.finalizers
        && a.is_deleting() == b.is_deleting()
        && spec.iter().all(|field| same(&["/spec/", field].concat()))
}
