//! Namespaces on their way out: everything in them goes, then their finalizer. Models `pkg/controller/namespace`.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, DeleteOptions, Status, Token};
use crate::object::resources::{NAMESPACES, PODS};
use crate::object::value::text_at;
use crate::object::{Key, Object};
use crate::time::TimerClass;

/// How long a change of a Namespace waits before it is looked at.
const GRACE_MS: u64 = 5000;

/// Seconds that content with finalizers is thought to take.
const FINALIZER_ESTIMATE_S: i64 = 15;

/// The Namespace controller.
#[derive(Clone)]
pub struct Namespaces;

/// What is left in a Namespace.
#[derive(Default)]
struct Remains {
    counts: BTreeMap<String, usize>,
    finalizers: BTreeMap<String, usize>,
    estimate_s: i64,
}

/// Deletes the Pods of a Namespace and, once there are none, everything else; counts what stays of that.
fn empty(api: &mut Api, namespace: &str) -> Remains {
    let with_pods = api.list(PODS, Some(namespace)).next().is_some();
    if with_pods {
        let remains = empty_of(api, namespace, &[PODS.into()]);
        if !remains.counts.is_empty() {
            return remains;
        }
    }
    let resources: Vec<Rc<str>> = api.store.resources().cloned().collect();
    empty_of(api, namespace, &resources)
}

fn empty_of(api: &mut Api, namespace: &str, resources: &[Rc<str>]) -> Remains {
    let mut remains = Remains::default();
    for resource in resources {
        if !api.type_of(resource).is_some_and(|t| t.namespaced) {
            continue;
        }
        let keys: Vec<Key> = api.list(resource, Some(namespace)).map(|o| o.key()).collect();
        for key in keys {
            let _ = api.delete(resource, &key, &DeleteOptions::default());
        }
        let left: Vec<Rc<Object>> = api.list(resource, Some(namespace)).cloned().collect();
        if left.is_empty() {
            continue;
        }
        let name = match resource.split_once('.') {
            Some(_) => resource.to_string(),
            None => [resource, "."].concat(),
        };
        remains.counts.insert(name, left.len());
        for object in &left {
            if **resource == *PODS {
                let grace_s = object.i64_at("/spec/terminationGracePeriodSeconds").unwrap_or(30);
                remains.estimate_s = remains.estimate_s.max(grace_s);
            }
            for finalizer in object.meta.finalizers.iter() {
                *remains.finalizers.entry(finalizer.clone()).or_insert(0) += 1;
                remains.estimate_s = remains.estimate_s.max(FINALIZER_ESTIMATE_S);
            }
        }
    }
    remains
}

/// The conditions in their order: type, status, reason, message.
fn conditions(remains: &Remains) -> [(&'static str, &'static str, &'static str, String); 5] {
    let list = |of: &BTreeMap<String, usize>, word: &str| -> String {
        let texts: Vec<String> = of.iter().map(|(what, n)| alloc::format!("{what}{word}{n} resource instances")).collect();
        texts.join(", ")
    };
    let remaining = match remains.counts.is_empty() {
        true => ("False", "ContentRemoved", "All content successfully removed".to_string()),
        false => ("True", "SomeResourcesRemain", ["Some resources are remaining: ", &list(&remains.counts, " has ")].concat()),
    };
    let finalizers = match remains.finalizers.is_empty() {
        true => ("False", "ContentHasNoFinalizers", "All content-preserving finalizers finished".to_string()),
        false => {
            let text = ["Some content in the namespace has finalizers remaining: ", &list(&remains.finalizers, " in ")].concat();
            ("True", "SomeFinalizersRemain", text)
        }
    };
    [
        ("NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", "All resources successfully discovered".to_string()),
        (
            "NamespaceDeletionGroupVersionParsingFailure",
            "False",
            "ParsedGroupVersions",
            "All legacy kube types successfully parsed".to_string(),
        ),
        (
            "NamespaceDeletionContentFailure",
            "False",
            "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization".to_string(),
        ),
        ("NamespaceContentRemaining", remaining.0, remaining.1, remaining.2),
        ("NamespaceFinalizersRemaining", finalizers.0, finalizers.1, finalizers.2),
    ]
}

fn set_conditions(namespace: &mut Object, remains: &Remains, now: &str) {
    let old = namespace.items_at("/status/conditions").to_vec();
    let new: Vec<Value> = conditions(remains)
        .into_iter()
        .map(|(kind, status, reason, message)| {
            let same = old.iter().find(|c| text_at(c, "type") == kind && text_at(c, "status") == status);
            let since = same.map_or(now, |c| text_at(c, "lastTransitionTime"));
            json!({"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": since})
        })
        .collect();
    namespace.set("/status/conditions", Value::Array(new));
}

impl Reconcile for Namespaces {
    fn name(&self) -> &'static str {
        "namespace-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[NAMESPACES]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        if change.object.is_deleting() && change.kind != crate::api::ChangeKind::Deleted {
            todo.add_token_in(Token::about(0, change.object.key()), GRACE_MS, TimerClass::Work);
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        let Some(namespace) = work.api.get(NAMESPACES, key).filter(|n| n.is_deleting()).cloned() else { return Ok(()) };
        let remains = empty(work.api, namespace.name());
        let now = work.api.timestamp();
        work.api.modify(NAMESPACES, key, |n| {
            set_conditions(n, &remains, &now);
            if remains.counts.is_empty() {
                let rest: Vec<Value> =
                    n.items_at("/spec/finalizers").iter().filter(|f| f.as_str() != Some("kubernetes")).cloned().collect();
                n.set("/spec/finalizers", Value::Array(rest));
            }
        })?;
        if !remains.counts.is_empty() {
            work.again_in(u64::try_from(remains.estimate_s / 2 + 1).unwrap_or(1).saturating_mul(1000));
        }
        Ok(())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
