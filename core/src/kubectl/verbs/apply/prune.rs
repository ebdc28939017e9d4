//! `--prune`: deletes what was applied before and is not in the files any more. Models kubectl `pkg/util/prune` and
//! `pkg/cmd/apply` prune.go. Used by `diff` as well, which only wants to know.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::{Visited, client, say_always};
use crate::api::registry::Resource;
use crate::api::{Answer, Propagation, Request, Verb};
use crate::kubectl::change::{self, DryRun};
use crate::kubectl::{Cx, Failure, Parsed};
use crate::object::value::text_at;

/// A kind that may be pruned.
pub type Kind = Rc<Resource>;

/// The kinds that are pruned when none are named, those in namespaces first.
const USUAL: [&str; 16] = [
    "configmaps",
    "endpoints",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "secrets",
    "services",
    "jobs.batch",
    "cronjobs.batch",
    "ingresses.networking.k8s.io",
    "daemonsets.apps",
    "deployments.apps",
    "replicasets.apps",
    "statefulsets.apps",
    "namespaces",
    "persistentvolumes",
];

const DEPRECATED: &str = "Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.";

/// The kinds that `--prune-allowlist` names: `apps/v1/Deployment`, `core/v1/ConfigMap`.
///
/// # Errors
/// A name of another form, a kind that is not there.
pub fn kinds(cx: &Cx<'_>, names: &[String]) -> Result<Vec<Kind>, Failure> {
    let find = |name: &String| {
        let parts: Vec<&str> = name.split('/').collect();
        let [group, version, kind] = parts.as_slice() else {
            let text = format!("invalid GroupVersionKind format: {name}, please follow <group/version/kind>");
            return Err(Failure::Client(text));
        };
        let group = if *group == "core" { "" } else { group };
        cx.api().registry.by_kind(group, version, kind).cloned().ok_or_else(|| {
            let api_version = if group.is_empty() { version.to_string() } else { format!("{group}/{version}") };
            Failure::Client(format!("no matches for kind \"{kind}\" in version \"{api_version}\""))
        })
    };
    names.iter().map(find).collect()
}

/// What would be pruned.
pub fn victims(cx: &mut Cx<'_>, parsed: &Parsed, visited: &Visited) -> Result<Vec<(Kind, Value)>, Failure> {
    let mut kinds = visited.kinds.clone();
    if kinds.is_empty() {
        let registry = &cx.api().registry;
        kinds = USUAL.iter().filter_map(|key| registry.by_key(key)).cloned().collect();
        change::log(cx, 'W', "prune.go:71", DEPRECATED);
    }
    let (namespaced, cluster): (Vec<Kind>, Vec<Kind>) = kinds.into_iter().partition(|row| row.namespaced);
    let mut places: Vec<(String, Kind)> = Vec::new();
    for namespace in &visited.namespaces {
        places.extend(namespaced.iter().map(|row| (namespace.clone(), row.clone())));
    }
    places.extend(cluster.into_iter().map(|row| (String::new(), row)));
    let mut victims = Vec::new();
    for (namespace, row) in places {
        let mut request = Request::new(Verb::List, &row.key(), &namespace, "");
        request.params.label_selector = parsed.text("selector").to_string();
        if let Answer::List(objects, _) = cx.send(request)? {
            let values = objects.iter().map(|object| object.to_value());
            let stale =
                values.filter(|value| client::last_applied(value).is_some() && !visited.uids.contains(text_at(value, "metadata/uid")));
            victims.extend(stale.map(|value| (row.clone(), value)));
        }
    }
    Ok(victims)
}

/// Deletes what is not in the files any more, and says so.
pub(super) fn prune(cx: &mut Cx<'_>, parsed: &Parsed, dry_run: DryRun, visited: &Visited) -> Result<(), Failure> {
    for (row, value) in victims(cx, parsed, visited)? {
        if dry_run != DryRun::Client {
            cx.send(deletion(parsed, dry_run, &row, &value)).map_err(|status| {
                Failure::Client(format!("error pruning namespaced object {}, Kind={}: {}", row.api_version(), row.kind, status.message))
            })?;
        }
        say_always(cx, parsed, dry_run, &value, "pruned")?;
    }
    Ok(())
}

/// The request that deletes an object that is not wanted any more.
pub(super) fn deletion(parsed: &Parsed, dry_run: DryRun, row: &Resource, object: &Value) -> Request {
    let (namespace, name) = (text_at(object, "metadata/namespace"), text_at(object, "metadata/name"));
    let mut request = Request::new(Verb::Delete, &row.key(), namespace, name);
    let grace = parsed.number("grace-period");
    request.params.grace_period_s = (grace >= 0).then_some(grace);
    request.params.propagation = Some(match parsed.text("cascade") {
        "foreground" => Propagation::Foreground,
        "orphan" | "false" => Propagation::Orphan,
        _ => Propagation::Background,
    });
    request.params.dry_run = dry_run == DryRun::Server;
    request
}
