//! Pods that do not tolerate a NoExecute taint of their node leave it, at once or when their tolerance ends.
//! Models `pkg/controller/tainteviction`.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use serde_json::Value;

use super::tolerated_s;
use crate::api::binding::{Condition, set_condition};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, EventNote, Recorder, Status, Token};
use crate::control::daemons::fit::tolerates;
use crate::control::worker::{Reconcile, Todo, Work};
use crate::object::resources::{NODES, PODS};
use crate::object::value::text_at;
use crate::object::{Key, Object};
use crate::time::{Instant, TimerClass};

/// Work: look at a Pod.
const POD: u32 = 0;
/// Work: look at all Pods of a node.
const NODE: u32 = 1;
/// Work: a Pod's time on its node is over.
const LEAVE: u32 = 2;

/// A Pod that will have to leave.
#[derive(Clone, Debug)]
struct Leaving {
    /// When that was decided.
    since: Instant,
    /// When it has to go.
    at: Instant,
    /// Which Pod of that name.
    uid: Rc<str>,
    /// Whether that has been said: what is left is to do it.
    said: bool,
}

/// From saying that a Pod has to go until it is deleted: it is read and marked before. Whoever else deletes it, as the
/// controller of its DaemonSet does, comes first.
const MARK_MS: u64 = 15;

/// The controller.
#[derive(Clone)]
pub struct TaintEviction {
    leaving: BTreeMap<Key, Leaving>,
    recorder: Recorder,
}

impl Default for TaintEviction {
    fn default() -> TaintEviction {
        TaintEviction { leaving: BTreeMap::new(), recorder: Recorder::new("taint-eviction-controller", "") }
    }
}

fn drives_out(taint: &&Value) -> bool {
    text_at(taint, "effect") == "NoExecute"
}

fn taints(node: &Object) -> Vec<&Value> {
    node.items_at("/spec/taints").iter().filter(drives_out).collect()
}

/// For how many seconds a Pod may stay under these taints: zero if not at all, `None` for ever.
fn may_stay_s(pod: &Object, taints: &[&Value]) -> Option<i64> {
    let mut shortest: Option<i64> = None;
    for taint in taints {
        let Some(toleration) = pod.items_at("/spec/tolerations").iter().find(|t| tolerates(t, taint)) else { return Some(0) };
        shortest = [shortest, tolerated_s(toleration)].into_iter().flatten().min();
    }
    shortest
}

impl TaintEviction {
    /// Says that a Pod is marked or no longer marked. The reference has no UID, as the real one's has none.
    fn say(&mut self, api: &mut Api, key: &Key, what: &str) {
        if let Some(about) = api.new_object(PODS, &key.namespace, &key.name) {
            let text = [what, " Pod ", &key.namespace, "/", &key.name].concat();
            self.recorder.record(api, &about, &EventNote::normal("TaintManagerEviction", &text));
        }
    }

    fn cancel(&mut self, api: &mut Api, key: &Key) {
        if self.leaving.get(key).is_some_and(|l| !l.said) && self.leaving.remove(key).is_some() {
            self.say(api, key, "Cancelling deletion of");
        }
    }

    /// Decides about one Pod.
    fn decide(&mut self, pod: &Rc<Object>, taints: &[&Value], work: &mut Work<'_>) -> Result<(), Status> {
        let key = pod.key();
        if taints.is_empty() {
            self.cancel(work.api, &key);
            return Ok(());
        }
        match may_stay_s(pod, taints) {
            None => self.cancel(work.api, &key),
            Some(0) => {
                if self.leaving.get(&key).is_some_and(|l| l.uid == pod.meta.uid && l.said) {
                    return Ok(());
                }
                self.cancel(work.api, &key);
                self.mark(&key, &pod.meta.uid, work);
            }
            Some(seconds) => {
                if self.leaving.get(&key).is_some_and(|l| l.uid == pod.meta.uid && l.since < work.now) {
                    return Ok(());
                }
                let wait_ms = u64::try_from(seconds).unwrap_or(0).saturating_mul(1000);
                let leaving = Leaving { since: work.now, at: work.now + wait_ms, uid: pod.meta.uid.clone(), said: false };
                self.leaving.insert(key.clone(), leaving);
                work.todo().add_token_in(Token::about(LEAVE, key), wait_ms, TimerClass::Background);
            }
        }
        Ok(())
    }

    /// Says that a Pod's time on its node is over.
    fn mark(&mut self, key: &Key, uid: &Rc<str>, work: &mut Work<'_>) {
        if work.api.get(PODS, key).is_none_or(|p| p.meta.uid != *uid || p.is_deleting()) {
            return;
        }
        self.say(work.api, key, "Marking for deletion");
        self.leaving.insert(key.clone(), Leaving { since: work.now, at: work.now + MARK_MS, uid: uid.clone(), said: true });
        work.todo().add_token_in(Token::about(LEAVE, key.clone()), MARK_MS, TimerClass::Work);
    }

    /// Deletes a Pod that has been marked. Models addConditionAndDeletePod.
    fn drive_out(&mut self, key: &Key, uid: &str, work: &mut Work<'_>) -> Result<(), Status> {
        if work.api.get(PODS, key).is_none_or(|p| *p.meta.uid != *uid) {
            return Ok(());
        }
        let now = work.api.timestamp();
        let condition = Condition {
            kind: "DisruptionTarget",
            status: "True",
            reason: "DeletionByTaintManager",
            message: "Taint manager: deleting due to NoExecute taint",
        };
        let pod = work.api.modify(PODS, key, |p| set_condition(p, &condition, &now))?;
        if pod.is_deleting() { Ok(()) } else { work.api.delete(PODS, key, &DeleteOptions::default()).map(drop) }
    }
}

impl Reconcile for TaintEviction {
    fn name(&self) -> &'static str {
        "taint-eviction-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[PODS, NODES]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        let object = &change.object;
        if change.resource() == NODES {
            let same = change.previous.as_ref().is_some_and(|p| p.same_field(object, "spec") || taints(p) == taints(object));
            let plain = change.previous.is_none() && taints(object).is_empty();
            if change.kind != ChangeKind::Deleted && !same && !plain {
                todo.add_token(Token::about(NODE, object.key()));
            }
            return;
        }
        if change.kind == ChangeKind::Deleted {
            self.leaving.remove(&object.key());
            return;
        }
        if change.previous.as_ref().is_some_and(|p| p.same_field(object, "spec")) {
            return;
        }
        let node = object.text_at("/spec/nodeName");
        if !node.is_empty() && api.find(NODES, "", node).is_some_and(|n| n.items_at("/spec/taints").iter().any(|t| drives_out(&t))) {
            todo.add_token(Token::about(POD, object.key()));
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        let pods: Vec<Rc<Object>> = match token.what {
            LEAVE => {
                let Some(leaving) = self.leaving.get(key).cloned() else { return Ok(()) };
                if leaving.at > work.now {
                    let wait = leaving.at.since(work.now);
                    work.todo().add_token_in(token.clone(), wait, TimerClass::Background);
                    return Ok(());
                }
                self.leaving.remove(key);
                if !leaving.said {
                    self.mark(key, &leaving.uid, work);
                    return Ok(());
                }
                return self.drive_out(key, &leaving.uid, work);
            }
            NODE => work.api.pods_on(&key.name).cloned().collect(),
            _ => work.api.get(PODS, key).cloned().into_iter().collect(),
        };
        let Some(first) = pods.first() else { return Ok(()) };
        let Some(node) = work.api.find(NODES, "", first.text_at("/spec/nodeName")).cloned() else { return Ok(()) };
        let taints = taints(&node);
        pods.iter().try_for_each(|pod| self.decide(pod, &taints, work))
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
