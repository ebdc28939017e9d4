//! What a Deployment writes into its ReplicaSets' annotations: revision, sizes, and copies of its own.
//! Models `pkg/controller/deployment/util`.

use alloc::string::ToString;
use alloc::vec::Vec;

use crate::object::Object;

/// The revision of a ReplicaSet, or of the Deployment.
pub const REVISION: &str = "deployment.kubernetes.io/revision";
const HISTORY: &str = "deployment.kubernetes.io/revision-history";
const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
const MAX: &str = "deployment.kubernetes.io/max-replicas";

/// Annotations that are not copied from the Deployment.
const NOT_COPIED: &[&str] =
    &["kubectl.kubernetes.io/last-applied-configuration", REVISION, HISTORY, DESIRED, MAX, "deprecated.deployment.rollback.to"];

/// The longest list of former revisions, in characters.
const HISTORY_CHARS: usize = 2000;

/// The Deployment's size when this ReplicaSet was last sized.
pub fn desired(set: &Object) -> Option<i64> {
    set.meta.annotation(DESIRED)?.parse().ok()
}

/// The most Pods that the Deployment could have when this ReplicaSet was last sized.
pub fn max(set: &Object) -> Option<i64> {
    set.meta.annotation(MAX)?.parse().ok()
}

/// The revision of a ReplicaSet; 0 when it has none.
pub fn revision(object: &Object) -> i64 {
    object.meta.annotation(REVISION).and_then(|r| r.parse().ok()).unwrap_or(0)
}

/// Writes the Deployment's sizes.
pub fn set_sizes(set: &mut Object, desired: i64, max: i64) {
    set.meta.set_annotation(DESIRED, Some(&desired.to_string()));
    set.meta.set_annotation(MAX, Some(&max.to_string()));
}

/// Copies the Deployment's annotations and writes the revision; the former one goes into the history.
pub fn set_revision(deployment: &Object, set: &mut Object, revision: i64) {
    for (k, v) in deployment.meta.annotations.iter().filter(|(k, _)| !NOT_COPIED.contains(&k.as_str())) {
        set.meta.set_annotation(k, Some(v));
    }
    let old = set.meta.annotation(REVISION).map(ToString::to_string);
    let number: i64 = old.as_deref().and_then(|r| r.parse().ok()).unwrap_or(0);
    if number >= revision {
        return;
    }
    set.meta.set_annotation(REVISION, Some(&revision.to_string()));
    if let Some(old) = old {
        let mut history: Vec<&str> =
            set.meta.annotation(HISTORY).filter(|h| !h.is_empty()).map(|h| h.split(',').collect()).unwrap_or_default();
        history.push(&old);
        while history.len() > 1 && history.iter().map(|h| h.len() + 1).sum::<usize>() > HISTORY_CHARS {
            history.remove(0);
        }
        let history = history.join(",");
        set.meta.set_annotation(HISTORY, Some(&history));
    }
}
