//! Namespaces: what a new one gets, and how one is emptied before it goes. Models `pkg/controller/namespace` and
//! `pkg/controller/serviceaccount`.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::json;

use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, Status, Token};
use crate::object::Object;
use crate::object::resources::{CONFIG_MAPS, NAMESPACES, PODS, SERVICE_ACCOUNTS};

/// The authority that every namespace's `kube-root-ca.crt` shows.
const ROOT_CA: &str = "-----BEGIN CERTIFICATE-----\nTHIS IS THE CERTIFICATE AUTHORITY OF A SIMULATED CLUSTER\n-----END CERTIFICATE-----\n";

/// The namespace controller.
#[derive(Clone)]
pub struct Namespaces;

impl Namespaces {
    fn furnish(&self, name: &str, api: &mut Api) -> Result<(), Status> {
        if api.find(SERVICE_ACCOUNTS, name, "default").is_none()
            && let Some(account) = api.new_object(SERVICE_ACCOUNTS, name, "default")
        {
            api.create(account)?;
        }
        if api.find(CONFIG_MAPS, name, "kube-root-ca.crt").is_none()
            && let Some(mut map) = api.new_object(CONFIG_MAPS, name, "kube-root-ca.crt")
        {
            map.set("/data", json!({"ca.crt": ROOT_CA}));
            map.meta.set_annotation(
                "kubernetes.io/description",
                Some("Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters."),
            );
            api.create(map)?;
        }
        Ok(())
    }

    /// Deletes what is left; the namespace goes when nothing is.
    fn empty(&self, namespace: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        let name = namespace.name();
        let resources: Vec<Rc<str>> = work.api.store.resources().cloned().collect();
        let content: Vec<Rc<Object>> = resources
            .iter()
            .filter(|r| work.api.type_of(r).is_some_and(|t| t.namespaced))
            .flat_map(|r| work.api.list(r, Some(name)).cloned().collect::<Vec<_>>())
            .collect();
        for object in content.iter().filter(|o| !o.is_deleting()) {
            let resource: String = object.ty.resource.clone();
            work.api.delete(&resource, &object.key(), &DeleteOptions::default())?;
        }
        if content.iter().all(|o| work.api.get(&o.ty.resource, &o.key()).is_none()) {
            work.api.modify(NAMESPACES, &namespace.key(), |n| n.set("/spec/finalizers", json!([])))?;
            return Ok(());
        }
        match content.iter().any(|o| o.ty.resource == PODS) {
            true => work.again_in(500),
            false => work.again_later(2000),
        }
        Ok(())
    }
}

impl Reconcile for Namespaces {
    fn name(&self) -> &'static str {
        "namespace-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[NAMESPACES]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        if change.kind != ChangeKind::Deleted {
            todo.add(change.object.key());
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(namespace) = token.key.as_ref().and_then(|k| work.api.get(NAMESPACES, k)).cloned() else { return Ok(()) };
        match namespace.is_deleting() {
            true => self.empty(&namespace, work),
            false => self.furnish(namespace.name(), work.api),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
