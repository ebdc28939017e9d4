//! Following the objects that one check looks at, change by change: what is there, what came and what went.
//! Never the order of steps; that is `progress`.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::String;

use super::check::{Finder, Objects, When};
use crate::api::{Change, ChangeKind};
use crate::object::{Key, Object};

/// Every owner of every object that was ever made: by UID the owner's kind, name and UID. Owners do not change.
#[derive(Clone, Debug, Default)]
pub(super) struct Owners {
    of: BTreeMap<Rc<str>, (Rc<str>, Rc<str>, Rc<str>)>,
}

/// The longest chain of owners that is followed.
const MAX_CHAIN: usize = 8;

impl Owners {
    /// Learns who owns an object.
    pub(super) fn learn(&mut self, object: &Object) {
        if let Some(owner) = object.controller() {
            let row = (owner.kind.as_str().into(), owner.name.as_str().into(), owner.uid.as_str().into());
            self.of.insert(object.meta.uid.clone(), row);
        }
    }

    /// Whether an object has an owner as wanted somewhere up the chain: `Deployment/web`, `Deployment/*`, `none`.
    fn fits(&self, object: &Object, wanted: &str) -> bool {
        if wanted.is_empty() || wanted == "none" {
            return wanted.is_empty() || object.controller().is_none();
        }
        let (kind, name) = wanted.split_once('/').unwrap_or((wanted, "*"));
        let mut uid = &object.meta.uid;
        for _ in 0..MAX_CHAIN {
            let Some((k, n, above)) = self.of.get(uid) else { return false };
            if **k == *kind && (name == "*" || **n == *name) {
                return true;
            }
            uid = above;
        }
        false
    }
}

/// The fields of an object that are compared.
#[derive(Clone, Debug)]
struct Found {
    text: String,
    other: String,
}

/// What a check has seen.
#[derive(Clone, Debug)]
pub(super) struct Tracker {
    finder: Rc<Finder>,
    against: Option<Rc<Finder>>,
    found: BTreeMap<Key, Found>,
    others: BTreeMap<Key, String>,
    added: BTreeSet<Key>,
    gone: BTreeSet<Key>,
    replaced: BTreeSet<Key>,
}

impl Tracker {
    /// Follows the objects of a check; none seen yet.
    pub(super) fn new(objects: &Objects) -> Tracker {
        Tracker {
            finder: Rc::new(Finder::new(&objects.which)),
            against: objects.against.as_ref().map(|which| Rc::new(Finder::new(which))),
            found: BTreeMap::new(),
            others: BTreeMap::new(),
            added: BTreeSet::new(),
            gone: BTreeSet::new(),
            replaced: BTreeSet::new(),
        }
    }

    /// Forgets what came and went: a step begins.
    pub(super) fn begin(&mut self) {
        self.added.clear();
        self.gone.clear();
        self.replaced.clear();
    }

    /// Forgets every object.
    pub(super) fn clear(&mut self) {
        self.found.clear();
        self.others.clear();
    }

    /// Takes in an object as it is now. Returns whether it is one of those that are looked at.
    pub(super) fn put(&mut self, object: &Object, objects: &Objects, owners: &Owners) -> bool {
        let key = object.key();
        let mine = self.finder.fits(object) && owners.fits(object, self.finder.owner());
        let mut touched = mine;
        if mine {
            let other = match (&objects.against, &self.against) {
                (Some(which), Some(finder)) if which.resource.is_empty() => finder.text(object),
                _ => String::new(),
            };
            self.found.insert(key.clone(), Found { text: self.finder.text(object), other });
        } else if *objects.which.resource == object.ty.resource {
            touched = self.found.remove(&key).is_some();
        }
        if let Some(finder) = self.against.as_ref().filter(|finder| finder.fits(object)) {
            self.others.insert(key, finder.text(object));
            touched = true;
        }
        touched
    }

    /// Takes in a change; `begun` when it belongs to the present step. Returns whether it concerns this check.
    pub(super) fn change(&mut self, change: &Change, objects: &Objects, owners: &Owners, begun: bool) -> bool {
        let key = change.object.key();
        match change.kind {
            ChangeKind::Deleted => {
                let was = match objects.which.resource == change.object.ty.resource {
                    true => self.found.remove(&key),
                    false => None,
                };
                let mut touched = was.is_some();
                if begun && was.is_some_and(|found| self.compare(&found, objects)) {
                    self.gone.insert(key.clone());
                }
                if self.against.as_ref().is_some_and(|finder| finder.fits(&change.object)) {
                    touched |= self.others.remove(&key).is_some();
                }
                touched
            }
            kind => {
                let touched = self.put(&change.object, objects, owners);
                if touched && begun && kind == ChangeKind::Added && self.found.contains_key(&key) {
                    if self.gone.contains(&key) {
                        self.replaced.insert(key.clone());
                    }
                    self.added.insert(key);
                }
                touched
            }
        }
    }

    fn compare(&self, found: &Found, objects: &Objects) -> bool {
        if objects.which.path.is_empty() {
            return true;
        }
        match &objects.against {
            None => objects.op.holds(&found.text, &objects.value),
            Some(which) if which.resource.is_empty() => objects.op.holds(&found.text, &found.other),
            Some(_) => self.others.values().any(|other| objects.op.holds(&found.text, other)),
        }
    }

    /// Whether so many objects fit as should.
    pub(super) fn holds(&self, objects: &Objects, when: When) -> bool {
        let counts = |key: &Key| match when {
            When::Added => self.added.contains(key),
            When::Replaced => self.replaced.contains(key),
            _ => true,
        };
        let fits = self.found.iter().filter(|(key, found)| counts(key) && self.compare(found, objects)).map(|(_, found)| found);
        let n = match (when, objects.distinct) {
            (When::Gone, _) => self.gone.len(),
            (_, false) => fits.count(),
            (_, true) => fits.map(|found| found.text.as_str()).collect::<BTreeSet<_>>().len(),
        };
        (objects.at_least..=objects.at_most).contains(&n)
    }
}
