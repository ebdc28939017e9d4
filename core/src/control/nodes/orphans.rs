//! Pods whose node is gone, or is out of service and will not end them. Models `pkg/controller/podgc`.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{PREFIX, readiness};
use crate::api::binding::{Condition, set_condition};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, EventNote, Recorder, Status, Token};
use crate::control::pods;
use crate::control::worker::{Reconcile, Todo, Work};
use crate::object::resources::{NODES, PODS};
use crate::object::value::text_at;
use crate::object::{Key, Object};
use crate::time::TimerClass;

/// Work: a node is not there; its Pods go if it stays away.
const ABSENT: u32 = 1;
/// Work: a node is out of service; its Pods that are going are gone.
const OUT_OF_SERVICE: u32 = 2;
/// Work: say that a node has been forgotten.
const FORGET: u32 = 3;
/// Between two looks at all Pods.
const PERIOD_MS: u64 = 20_000;
/// How long a node may be away before its Pods go.
const QUARANTINE_MS: u64 = 40_000;
/// Between two looks of the node controller.
const MONITOR_MS: u64 = 5_000;

/// The collector of Pods that were left behind.
#[derive(Clone)]
pub struct Orphans {
    recorder: Recorder,
}

impl Default for Orphans {
    fn default() -> Orphans {
        Orphans { recorder: Recorder::new("node-controller", "") }
    }
}

fn remove(api: &mut Api, pod: &Rc<Object>, message: &str) -> Result<(), Status> {
    if !pods::is_over(pod) {
        let now = api.timestamp();
        api.modify(PODS, &pod.key(), |p| {
            p.set("/status/phase", "Failed");
            if !message.is_empty() {
                set_condition(p, &Condition { kind: "DisruptionTarget", status: "True", reason: "DeletionByPodGC", message }, &now);
            }
        })?;
    }
    let options = DeleteOptions { grace_period_s: Some(0), ..DeleteOptions::default() };
    api.delete(PODS, &pod.key(), &options).map(drop)
}

fn is_out_of_service(node: &Object) -> bool {
    node.items_at("/spec/taints").iter().any(|t| text_at(t, "key").strip_prefix(PREFIX) == Some("out-of-service"))
}

impl Reconcile for Orphans {
    fn name(&self) -> &'static str {
        "pod-garbage-collector"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[NODES, PODS]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        let object = &change.object;
        if change.resource() == NODES {
            if change.kind == ChangeKind::Deleted {
                todo.add_token_in(Token::about(ABSENT, object.key()), QUARANTINE_MS + PERIOD_MS, TimerClass::Background);
                let mut forget = Token::about(FORGET, object.key());
                forget.detail = (*object.meta.uid).into();
                todo.add_token_in(forget, MONITOR_MS, TimerClass::Background);
            } else if is_out_of_service(object) && !change.previous.as_ref().is_some_and(|p| is_out_of_service(p)) {
                todo.add_token_in(Token::about(OUT_OF_SERVICE, object.key()), PERIOD_MS, TimerClass::Background);
            }
            return;
        }
        let node = object.text_at("/spec/nodeName");
        let new = change.previous.as_ref().is_none_or(|p| p.text_at("/spec/nodeName") != node);
        if new && change.kind != ChangeKind::Deleted && !node.is_empty() && api.find(NODES, "", node).is_none() {
            todo.add_token_in(Token::about(ABSENT, Key::new("", node)), QUARANTINE_MS + PERIOD_MS, TimerClass::Background);
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        let node = work.api.get(NODES, key).cloned();
        let pods: Vec<Rc<Object>> = work.api.pods_on(&key.name).cloned().collect();
        match (token.what, node) {
            (ABSENT, None) => pods.iter().try_for_each(|pod| remove(work.api, pod, "PodGC: node no longer exists")),
            (OUT_OF_SERVICE, Some(node)) if is_out_of_service(&node) => {
                work.again_later(PERIOD_MS);
                let down = readiness(&node) != "True";
                pods.iter().filter(|p| down && p.is_deleting()).try_for_each(|pod| remove(work.api, pod, ""))
            }
            (FORGET, None) => {
                let Some(mut gone) = work.api.new_object(NODES, "", &key.name) else { return Ok(()) };
                gone.meta.uid = token.detail.as_str().into();
                let text = alloc::format!("Node {0} event: Removing Node {0} from Controller", key.name);
                self.recorder.record(work.api, &gone, &EventNote::normal("RemovingNode", &text));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
