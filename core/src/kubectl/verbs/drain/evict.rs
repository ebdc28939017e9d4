//! Evicts or deletes the Pods of one node after another, and waits until they are gone.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Options;
use super::filters::{is_skipped, joined, plan};
use crate::api::{Request, Verb};
use crate::kubectl::change::DryRun;
use crate::kubectl::{Cx, Flow, Pending, Until};
use crate::object::resources::PODS;
use crate::object::{Key, value};
use crate::text::duration;
use crate::time::Instant;

use serde_json::json;

/// How long a refused eviction waits before it is tried again.
const RETRY_MS: u64 = 5000;

/// One Pod on its way out.
#[derive(Clone)]
pub(super) struct Leaving {
    key: Key,
    uid: String,
    /// When its eviction is asked for next; nothing once it has been granted.
    ask_at: Option<Instant>,
}

/// The Pods of a node on their way out.
#[derive(Clone)]
pub(super) struct Evicting {
    pub(super) pods: Vec<Leaving>,
    end: Option<Instant>,
    pub(super) wrong: Vec<String>,
}

/// A drain that goes on.
#[derive(Clone)]
pub(super) struct Drain {
    pub(super) nodes: Vec<String>,
    pub(super) left: Vec<String>,
    pub(super) options: Options,
    pub(super) evicting: Option<Evicting>,
    pub(super) drained: Vec<String>,
    /// What went wrong, for each node that could not be drained.
    pub(super) wrong: Vec<Vec<String>>,
}

/// Several errors as one of several is shown.
fn shown(errors: &[String]) -> String {
    if let [one] = errors { one.clone() } else { format!("[{}]", errors.join(", ")) }
}

impl Drain {
    fn finish(&self, cx: &mut Cx<'_>) -> Flow {
        if self.wrong.is_empty() {
            return Flow::Done(0);
        }
        let mut text = String::from("There are pending nodes to be drained:\n");
        for node in self.nodes.iter().filter(|node| !self.drained.contains(node)) {
            text.push_str(&[" ", node, "\n"].concat());
        }
        // What went wrong with one node alone is told line by line.
        match self.wrong.as_slice() {
            [errors] => errors.iter().for_each(|wrong| text.push_str(&[wrong, "\n"].concat())),
            many => many.iter().for_each(|errors| text.push_str(&[&shown(errors), "\n"].concat())),
        }
        cx.err(&text);
        Flow::Done(1)
    }

    /// A node that cannot be drained.
    fn failed(&mut self, cx: &mut Cx<'_>, node: &str, errors: Vec<String>) {
        let told = shown(&errors);
        cx.err(&format!("error: unable to drain node \"{node}\" due to error: {told}, continuing command...\n"));
        self.wrong.push(errors);
    }

    /// Looks at a node's Pods; nothing when it cannot be drained.
    fn begin(&mut self, cx: &mut Cx<'_>, node: &str) -> Option<Evicting> {
        let plan = plan(cx, node, &self.options);
        if !plan.errors.is_empty() {
            self.failed(cx, node, joined(&plan.errors));
            return None;
        }
        if !plan.warnings.is_empty() {
            cx.err(&format!("Warning: {}\n", joined(&plan.warnings).join("; ")));
        }
        let (dry, now) = (self.options.dry_run, cx.now());
        let mut pods = Vec::new();
        for pod in &plan.evict {
            match dry {
                DryRun::None => pods.push(Leaving { key: pod.key(), uid: pod.meta.uid.to_string(), ask_at: Some(now) }),
                _ => cx.out(&format!("evicting pod {}/{}{}\n", pod.namespace(), pod.name(), dry.suffix())),
            }
        }
        let end = Some(self.options.timeout_ms).filter(|ms| *ms > 0).map(|ms| now + ms);
        Some(Evicting { pods, end, wrong: Vec::new() })
    }

    pub(super) fn evict(&self, cx: &mut Cx<'_>, key: &Key) -> Result<(), crate::api::Status> {
        let mut request = match self.options.delete {
            true => Request::new(Verb::Delete, PODS, &key.namespace, &key.name),
            false => {
                let mut body =
                    json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": &*key.name, "namespace": &*key.namespace}});
                if let Some(grace) = self.options.grace_s {
                    value::set(&mut body, "deleteOptions", json!({"gracePeriodSeconds": grace}));
                }
                Request::new(Verb::Create, PODS, &key.namespace, &key.name).with_subresource("eviction").with_body(body)
            }
        };
        request.params.grace_period_s = self.options.grace_s;
        cx.send(request).map(drop)
    }

    /// Asks for a Pod's eviction. Whether the Pod is still to be followed, and from when it is asked for again.
    fn ask(&self, cx: &mut Cx<'_>, pod: &mut Leaving, state: (Option<Instant>, &mut Vec<String>)) -> bool {
        let (end, wrong) = state;
        let (name, namespace) = (&pod.key.name, &pod.key.namespace);
        if !self.options.delete {
            cx.out(&format!("evicting pod {namespace}/{name}\n"));
        }
        let refused = |why: &str| format!("error when evicting pods/\"{name}\" -n \"{namespace}\": {why}");
        if end.is_some_and(|end| cx.now() >= end) {
            wrong.push(refused(&self.too_late()));
            return false;
        }
        match self.evict(cx, &pod.key) {
            Ok(()) => pod.ask_at = None,
            Err(status) if status.is_not_found() => return false,
            Err(status) if status.reason == "TooManyRequests" => {
                let why = &status.message;
                cx.err(&format!("error when evicting pods/\"{name}\" -n \"{namespace}\" (will retry after 5s): {why}\n"));
                pod.ask_at = Some(cx.now() + RETRY_MS);
            }
            Err(status) => {
                wrong.push(refused(&status.message));
                return false;
            }
        }
        true
    }

    fn too_late(&self) -> String {
        let ms = i64::try_from(self.options.timeout_ms).unwrap_or(i64::MAX);
        ["global timeout reached: ", &duration::format_millis(ms)].concat()
    }

    /// Goes on with one Pod; whether it is still to be followed.
    fn follow(&self, cx: &mut Cx<'_>, pod: &mut Leaving, end: Option<Instant>, wrong: &mut Vec<String>) -> bool {
        if pod.ask_at.is_some_and(|at| at <= cx.now()) && !self.ask(cx, pod, (end, wrong)) {
            return false;
        }
        if pod.ask_at.is_some() {
            return true;
        }
        let name = pod.key.name.clone();
        let there = cx.api().get(PODS, &pod.key).filter(|p| *p.meta.uid == *pod.uid).cloned();
        let Some(object) = there else {
            cx.out(&format!("pod/{name} {}\n", if self.options.delete { "deleted" } else { "evicted" }));
            return false;
        };
        if is_skipped(cx, &object, &self.options) {
            cx.out(&format!("pod \"{name}\" has DeletionTimestamp older than {} seconds, skipping\n", self.options.skip_s));
            return false;
        }
        if end.is_some_and(|end| cx.now() >= end) {
            let (late, namespace) = (self.too_late(), object.namespace());
            wrong.push(match self.options.delete {
                true => late,
                false => format!("error when waiting for pod \"{name}\" in namespace \"{namespace}\" to terminate: {late}"),
            });
            return false;
        }
        true
    }

    /// What is said when Pods of a node could not be evicted.
    fn pending(&mut self, cx: &mut Cx<'_>, node: &str, errors: Vec<String>) {
        let pods = plan(cx, node, &self.options).evict;
        if !pods.is_empty() {
            let told = shown(&errors);
            cx.err(&format!("There are pending pods in node \"{node}\" when an error occurred: {told}\n"));
            pods.iter().for_each(|pod| cx.err(&format!("pod/{}\n", pod.name())));
        }
        self.failed(cx, node, errors);
    }
}

impl Pending for Drain {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        loop {
            let Some(node) = self.left.first().cloned() else { return self.finish(cx) };
            let state = self.evicting.take().or_else(|| self.begin(cx, &node));
            let Some(Evicting { mut pods, end, mut wrong }) = state else {
                self.left.remove(0);
                continue;
            };
            pods.retain_mut(|pod| self.follow(cx, pod, end, &mut wrong));
            if pods.is_empty() {
                self.left.remove(0);
                if wrong.is_empty() {
                    cx.out(&format!("node/{node} drained{}\n", self.options.dry_run.suffix()));
                    self.drained.push(node);
                } else {
                    self.pending(cx, &node, wrong);
                }
                continue;
            }
            let next = pods.iter().filter_map(|pod| pod.ask_at.or(end)).min();
            let look = (self.options.skip_s > 0).then(|| cx.now() + 1000);
            self.evicting = Some(Evicting { pods, end, wrong });
            let until = [next, look].into_iter().flatten().min().map_or(Until::Change, Until::ChangeOrAt);
            return Flow::Wait(Box::new(self.clone()), until);
        }
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
