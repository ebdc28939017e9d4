//! Collects what has lost its owners, and carries out foreground and orphaning deletions. Models `pkg/controller/garbagecollector`.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, Propagation, Status, Token};
use crate::object::{Key, Object};

const OWNER_GONE: u32 = 1;
const OWNER_WAITS: u32 = 2;

/// The garbage collector.
#[derive(Clone)]
pub struct Garbage;

fn dependents(api: &Api, uid: &str) -> Vec<Rc<Object>> {
    api.store.index.owned_by(uid).filter_map(|(r, k)| api.store.get(r, k)).cloned().collect()
}

fn remove_finalizer(object: &mut Object, name: &str) {
    object.meta.finalizers = object.meta.finalizers.iter().filter(|f| *f != name).cloned().collect();
}

fn token(what: u32, object: &Object) -> Token {
    Token { what, key: Some(object.key()), detail: [&*object.meta.uid, " ", object.ty.resource.as_str()].concat() }
}

impl Garbage {
    /// The owner is gone: what it owned goes too, unless another owner is left.
    fn collect(&self, uid: &str, api: &mut Api) -> Result<(), Status> {
        for object in dependents(api, uid) {
            if object.meta.owners.len() > 1 {
                api.modify(&object.ty.resource.clone(), &object.key(), |o| {
                    o.meta.owners = o.meta.owners.iter().filter(|r| r.uid != uid).cloned().collect();
                })?;
                continue;
            }
            let foreground = object.meta.has_finalizer("foregroundDeletion");
            if object.is_deleting() && !foreground && object.ty.resource != crate::object::resources::PODS {
                continue;
            }
            if !object.is_deleting() {
                api.delete(
                    &object.ty.resource.clone(),
                    &object.key(),
                    &DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() },
                )?;
            }
        }
        Ok(())
    }

    /// The owner waits for what it owns (foreground), or for it to be let go (orphan).
    fn advance(&self, resource: &str, key: &Key, api: &mut Api) -> Result<(), Status> {
        let Some(owner) = api.get(resource, key).cloned() else { return Ok(()) };
        let below = dependents(api, &owner.meta.uid);
        if owner.meta.has_finalizer("orphan") {
            for object in &below {
                api.modify(&object.ty.resource.clone(), &object.key(), |o| {
                    o.meta.owners = o.meta.owners.iter().filter(|r| r.uid != *owner.meta.uid).cloned().collect();
                })?;
            }
            api.modify(resource, key, |o| remove_finalizer(o, "orphan"))?;
        } else if owner.meta.has_finalizer("foregroundDeletion") {
            let blocking = |o: &&Rc<Object>| o.meta.owners.iter().any(|r| r.uid == *owner.meta.uid && r.block_owner_deletion == Some(true));
            for object in below.iter().filter(|o| !o.is_deleting()) {
                let options = DeleteOptions { propagation: Some(Propagation::Foreground), ..DeleteOptions::default() };
                api.delete(&object.ty.resource.clone(), &object.key(), &options)?;
            }
            if !below.iter().any(|o| blocking(&o)) {
                api.modify(resource, key, |o| remove_finalizer(o, "foregroundDeletion"))?;
            }
        }
        Ok(())
    }
}

impl Reconcile for Garbage {
    fn name(&self) -> &'static str {
        "generic-garbage-collector"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        let object = &change.object;
        if object.ty.kind == "Event" || object.ty.kind == "Lease" {
            return;
        }
        if change.kind == ChangeKind::Deleted {
            todo.add_token(token(OWNER_GONE, object));
            for owner in object.meta.owners.iter() {
                let waits = api.types().find(|t| t.kind == owner.kind).and_then(|t| api.find(&t.resource, object.namespace(), &owner.name));
                if let Some(waits) = waits.filter(|w| w.is_deleting()) {
                    todo.add_token(token(OWNER_WAITS, waits));
                }
            }
        } else if object.is_deleting() && !object.meta.finalizers.is_empty() {
            todo.add_token(token(OWNER_WAITS, object));
        } else if change.kind == ChangeKind::Added
            && let Some(owner) = object.controller()
            && api
                .types()
                .find(|t| t.kind == owner.kind)
                .is_some_and(|t| api.find(&t.resource, object.namespace(), &owner.name).is_none_or(|o| *o.meta.uid != *owner.uid))
            && api.types().any(|t| t.kind == owner.kind && t.namespaced)
        {
            todo.add_token(Token { what: OWNER_GONE, key: Some(object.key()), detail: [owner.uid.as_str(), " "].concat() });
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let (uid, resource): (String, String) =
            token.detail.split_once(' ').map(|(a, b)| (a.to_string(), b.to_string())).unwrap_or_default();
        match (token.what, &token.key) {
            (OWNER_GONE, _) => self.collect(&uid, work.api),
            (_, Some(key)) => self.advance(&resource, key, work.api),
            _ => Ok(()),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
