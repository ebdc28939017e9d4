//! The order of what is built: kinds that others need come first. Models kustomize `api/internal/builtins`
//! SortOrderTransformer.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::file;
use super::resource::Res;
use crate::arrange::Arrange;
use crate::object::value::{at, text_at};

const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// Sorts what was built, unless the kustomization wants it as it came.
pub(super) fn sort(all: &mut [Res], file: &Value) {
    if text_at(file, "sortOptions/order") == "fifo" {
        return;
    }
    let own = |field: &str, usual: &[&str]| -> Vec<String> {
        match at(file, "sortOptions/legacySortOptions") {
            Some(options) => file::texts(options, field).map(ToString::to_string).collect(),
            None => usual.iter().map(ToString::to_string).collect(),
        }
    };
    let (first, last) = (own("orderFirst", &FIRST), own("orderLast", &LAST));
    let place = |one: &Res| {
        let at = |list: &[String]| list.iter().position(|kind| kind == one.kind());
        match (at(&first), at(&last)) {
            (Some(number), _) => number,
            (None, None) => first.len(),
            (None, Some(number)) => first.len() + 1 + number,
        }
    };
    all.arrange_by(|a, b| place(a).cmp(&place(b)).then_with(|| id(a).cmp(&id(b))));
}

/// What objects of equal rank are sorted by. Nothing comes after everything.
fn id(one: &Res) -> [String; 5] {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_string() } else { text.to_string() };
    let (group, version) = one.group_version();
    [or(group, "~G"), or(version, "~V"), or(one.kind(), "~K"), or(one.namespace(), "~X"), or(one.name(), "~N")]
}
