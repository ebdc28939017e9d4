//! ResourceQuotas: what is used of what they limit, counted anew when something goes or the limits change. What is
//! added is counted by admission. Models `pkg/controller/resourcequota`.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, Status, Token, quota_status};
use crate::object::Object;
use crate::object::resources::{EVENTS, PODS, RESOURCE_QUOTAS};
use crate::object::value::at;

/// The ResourceQuota controller.
#[derive(Clone)]
pub struct Quotas;

/// Whether a Pod has other resources than before. Models hasResourcesChanged.
fn is_resized(change: &Change) -> bool {
    let Some(before) = change.previous.as_ref().filter(|_| change.resource() == PODS) else { return false };
    let (old, new) = (before, &change.object);
    let differ = |list: &str| {
        let all = |o: &Rc<Object>| o.items_at(list).iter().map(|c| at(c, "resources").cloned()).collect::<Vec<_>>();
        all(old) != all(new)
    };
    !old.same_field(new, "spec") && ["/spec/containers", "/spec/initContainers"].iter().any(|list| differ(list))
}

impl Reconcile for Quotas {
    fn name(&self) -> &'static str {
        "resourcequota-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        if change.resource() == RESOURCE_QUOTAS {
            if change.kind != ChangeKind::Deleted {
                todo.add(change.object.key());
            }
            return;
        }
        let namespace = change.object.namespace();
        let over = matches!(change.object.text_at("/status/phase"), "Succeeded" | "Failed");
        if namespace.is_empty() || change.resource() == EVENTS || change.kind != ChangeKind::Deleted && !over && !is_resized(change) {
            return;
        }
        let quotas: Vec<Rc<Object>> = api.list(RESOURCE_QUOTAS, Some(namespace)).cloned().collect();
        quotas.iter().for_each(|quota| todo.add(quota.key()));
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(quota) = token.key.as_ref().and_then(|key| work.api.get(RESOURCE_QUOTAS, key)).cloned() else { return Ok(()) };
        let status = quota_status(work.api, &quota);
        work.api.modify(RESOURCE_QUOTAS, &quota.key(), |quota| quota.set("/status", status)).map(|_| ())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
