//! ResourceQuotas: what is used of what they limit, counted anew when something goes or the limits change. What is
//! added is counted by admission. Models `pkg/controller/resourcequota`.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, Status, Token, quota_status};
use crate::object::Object;
use crate::object::resources::{EVENTS, RESOURCE_QUOTAS};

/// The ResourceQuota controller.
#[derive(Clone)]
pub struct Quotas;

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
        if namespace.is_empty() || change.resource() == EVENTS || change.kind != ChangeKind::Deleted && !over {
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
