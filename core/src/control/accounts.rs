//! What every Namespace has from the start: the ServiceAccount `default` and the ConfigMap `kube-root-ca.crt`.
//! Models `pkg/controller/serviceaccount` and `certificates/rootcacertpublisher`.

use alloc::boxed::Box;
use serde_json::{Value, json};

use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, Status, Token};
use crate::object::resources::{CONFIG_MAPS, NAMESPACES, SERVICE_ACCOUNTS};

const ROOT: &str = "kube-root-ca.crt";
const ABOUT: &str = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the \
                     internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/// The controller of both.
#[derive(Clone)]
pub struct Accounts;

impl Reconcile for Accounts {
    fn name(&self) -> &'static str {
        "service-account-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[NAMESPACES, SERVICE_ACCOUNTS, CONFIG_MAPS]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        let object = &change.object;
        match (change.resource(), change.kind) {
            (NAMESPACES, ChangeKind::Added) => todo.add_name("", object.name()),
            (SERVICE_ACCOUNTS, ChangeKind::Deleted) if object.name() == "default" => todo.add_name("", object.namespace()),
            (CONFIG_MAPS, ChangeKind::Deleted) if object.name() == ROOT => todo.add_name("", object.namespace()),
            _ => {}
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        let Some(namespace) = work.api.get(NAMESPACES, key).filter(|n| !n.is_deleting()).cloned() else { return Ok(()) };
        if work.api.find(SERVICE_ACCOUNTS, namespace.name(), "default").is_none()
            && let Some(account) = work.api.new_object(SERVICE_ACCOUNTS, namespace.name(), "default")
        {
            work.api.create(account)?;
        }
        if work.api.find(CONFIG_MAPS, namespace.name(), ROOT).is_none()
            && let Some(mut map) = work.api.new_object(CONFIG_MAPS, namespace.name(), ROOT)
        {
            let known = work.api.find(CONFIG_MAPS, "kube-system", ROOT).and_then(|m| m.field("data").cloned());
            map.meta.set_annotation("kubernetes.io/description", Some(ABOUT));
            let data: Value =
                known.unwrap_or_else(|| json!({"ca.crt": "-----BEGIN CERTIFICATE-----\nMIIBKubepie\n-----END CERTIFICATE-----\n"}));
            map.set("/data", data);
            work.api.create(map)?;
        }
        Ok(())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
