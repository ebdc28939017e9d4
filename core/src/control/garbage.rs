//! The garbage collector: dependents go with their owners, before them or are let go of.
//! Models `pkg/controller/garbagecollector`.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, Propagation, Status, Token};
use crate::object::{Key, Object, OwnerReference};

/// Work: the owner with this UID (in the token's detail) is gone.
const GONE: u32 = 1;
/// Work: the object (its resource in the token's detail) waits for its dependents or lets them go.
const GOING: u32 = 2;
/// Work: look whether the object still has an owner.
const CHECK: u32 = 3;

const FOREGROUND: &str = "foregroundDeletion";
const ORPHAN: &str = "orphan";

/// The garbage collector.
#[derive(Clone, Default)]
pub struct Garbage;

fn about(what: u32, resource: &str, key: Key) -> Token {
    Token { what, key: Some(key), detail: resource.to_string() }
}

fn is_foreground(object: &Object) -> bool {
    object.is_deleting() && object.meta.has_finalizer(FOREGROUND)
}

/// The object that a reference means, if it is there.
fn owner<'a>(api: &'a Api, dependent: &Object, reference: &OwnerReference) -> Option<&'a Rc<Object>> {
    let group = reference.api_version.split_once('/').map_or("", |(group, _)| group);
    let ty = api.types().find(|t| t.kind == reference.kind && t.group == group)?;
    let namespace = if ty.namespaced { dependent.namespace() } else { "" };
    api.find(&ty.resource, namespace, &reference.name).filter(|o| *o.meta.uid == *reference.uid)
}

/// Whether the kind of a reference is served at all; what is not known is not judged.
fn is_known(api: &Api, reference: &OwnerReference) -> bool {
    let group = reference.api_version.split_once('/').map_or("", |(group, _)| group);
    api.types().any(|t| t.kind == reference.kind && t.group == group)
}

/// What the object with this UID owns: resource and key.
fn dependents(api: &Api, uid: &str) -> Vec<(Rc<str>, Key)> {
    api.store.index.owned_by(uid).cloned().collect()
}

fn remove_finalizer(api: &mut Api, resource: &str, key: &Key, name: &str) -> Result<(), Status> {
    api.modify(resource, key, |o| o.meta.finalizers = o.meta.finalizers.iter().filter(|f| *f != name).cloned().collect()).map(|_| ())
}

impl Garbage {
    fn going(&self, resource: &str, key: &Key, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(object) = work.api.get(resource, key).filter(|o| o.is_deleting()).cloned() else { return Ok(()) };
        let uid = &object.meta.uid;
        if object.meta.has_finalizer(ORPHAN) {
            for (resource, key) in dependents(work.api, uid) {
                let keep = |o: &mut Object| o.meta.owners = o.meta.owners.iter().filter(|r| *r.uid != **uid).cloned().collect();
                work.api.modify(&resource, &key, keep)?;
            }
            return remove_finalizer(work.api, resource, key, ORPHAN);
        }
        if !object.meta.has_finalizer(FOREGROUND) {
            return Ok(());
        }
        let blocks = |o: &&Rc<Object>| o.meta.owners.iter().any(|r| *r.uid == **uid && r.block_owner_deletion == Some(true));
        let blocking: Vec<Token> = (work.api.store.index.owned_by(uid))
            .filter_map(|(resource, key)| work.api.get(resource, key).filter(blocks))
            .map(|o| about(CHECK, &o.ty.resource, o.key()))
            .collect();
        if blocking.is_empty() {
            return remove_finalizer(work.api, resource, key, FOREGROUND);
        }
        blocking.into_iter().for_each(|token| work.todo().add_token(token));
        Ok(())
    }

    fn check(&self, resource: &str, key: &Key, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(object) = work.api.get(resource, key).filter(|o| !o.is_deleting()).cloned() else { return Ok(()) };
        if object.meta.owners.is_empty() {
            return Ok(());
        }
        let (mut solid, mut waiting) = (Vec::new(), false);
        for reference in object.meta.owners.iter() {
            match owner(work.api, &object, reference) {
                Some(owner) if is_foreground(owner) => waiting = true,
                Some(_) => solid.push(reference.clone()),
                None if !is_known(work.api, reference) => solid.push(reference.clone()),
                None => {}
            }
        }
        if solid.len() == object.meta.owners.len() {
            return Ok(());
        }
        if !solid.is_empty() {
            return work.api.modify(resource, key, |o| o.meta.owners = solid.into()).map(|_| ());
        }
        let has_dependents = work.api.store.index.owned_by(&object.meta.uid).next().is_some();
        let propagation = if waiting && has_dependents || object.meta.has_finalizer(FOREGROUND) {
            Propagation::Foreground
        } else if object.meta.has_finalizer(ORPHAN) {
            Propagation::Orphan
        } else {
            Propagation::Background
        };
        let options = DeleteOptions { propagation: Some(propagation), uid: object.meta.uid.to_string(), ..DeleteOptions::default() };
        match work.api.delete(resource, key, &options) {
            Err(status) if !status.is_not_found() => Err(status),
            _ => Ok(()),
        }
    }
}

impl Reconcile for Garbage {
    fn name(&self) -> &'static str {
        "garbage-collector-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        let object = &change.object;
        let owners_changed = change.previous.as_ref().is_none_or(|p| p.meta.owners != object.meta.owners);
        match change.kind {
            ChangeKind::Deleted => {
                if api.store.index.owned_by(&object.meta.uid).next().is_some() {
                    todo.add_token(Token { what: GONE, key: None, detail: object.meta.uid.to_string() });
                }
                for reference in object.meta.owners.iter() {
                    if let Some(owner) = owner(api, object, reference).filter(|o| is_foreground(o)) {
                        todo.add_token(about(GOING, &owner.ty.resource, owner.key()));
                    }
                }
            }
            _ => {
                let held = object.meta.has_finalizer(FOREGROUND) || object.meta.has_finalizer(ORPHAN);
                let was_going = change.previous.as_ref().is_some_and(|p| p.is_deleting() && p.meta.finalizers == object.meta.finalizers);
                if object.is_deleting() && held && !was_going {
                    todo.add_token(about(GOING, &object.ty.resource, object.key()));
                }
                let orphaned = object.meta.owners.iter().any(|r| owner(api, object, r).is_none_or(|o| is_foreground(o)));
                if owners_changed && orphaned {
                    todo.add_token(about(CHECK, &object.ty.resource, object.key()));
                }
            }
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        match (token.what, &token.key) {
            (GONE, _) => {
                for (resource, key) in dependents(work.api, &token.detail) {
                    work.todo().add_token(about(CHECK, &resource, key));
                }
                Ok(())
            }
            (GOING, Some(key)) => self.going(&token.detail, key, work),
            (CHECK, Some(key)) => self.check(&token.detail, key, work),
            _ => Ok(()),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
