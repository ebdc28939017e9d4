//! Which Pods of a node leave, which stay with a warning and which forbid the drain.
//! Models kubectl pkg/drain filters.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Options;
use crate::kubectl::Cx;
use crate::object::resources::DAEMON_SETS;
use crate::object::{Object, value};

/// What a filter makes of a Pod.
enum Verdict {
    Okay,
    Skip,
    Warning(bool, String),
    Error(String),
}

const DAEMON_FATAL: &str = "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)";

const LOCAL_FATAL: &str = "cannot delete Pods with local storage (use --delete-emptydir-data to override)";

const UNMANAGED_FATAL: &str = "cannot delete Pods that declare no controller (use --force to override)";

type Filter = fn(&Cx<'_>, &Object, &Options) -> Verdict;

/// The filters in their order: the first that keeps a Pod decides, else the last word counts.
const FILTERS: [Filter; 5] = [skip_deleted, daemon_set, mirror, local_storage, unmanaged];

fn is_over(pod: &Object) -> bool {
    matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed")
}

/// Whether a Pod has been going for longer than is waited for.
pub(super) fn is_skipped(cx: &Cx<'_>, pod: &Object, options: &Options) -> bool {
    let since = pod.meta.deletion.map(|at| cx.api().wall_ms().saturating_sub(at) / 1000);
    options.skip_s > 0 && since.is_some_and(|s| s > options.skip_s)
}

fn skip_deleted(cx: &Cx<'_>, pod: &Object, options: &Options) -> Verdict {
    if is_skipped(cx, pod, options) { Verdict::Skip } else { Verdict::Okay }
}

fn daemon_set(cx: &Cx<'_>, pod: &Object, options: &Options) -> Verdict {
    let Some(owner) = pod.controller().filter(|o| o.kind == "DaemonSet" && !is_over(pod)) else { return Verdict::Okay };
    if cx.api().find(DAEMON_SETS, pod.namespace(), &owner.name).is_none() {
        let text = format!("{DAEMON_SETS} \"{}\" not found", owner.name);
        return if options.force { Verdict::Warning(true, text) } else { Verdict::Error(text) };
    }
    match options.ignore_daemonsets {
        true => Verdict::Warning(false, "ignoring DaemonSet-managed Pods".to_string()),
        false => Verdict::Error(DAEMON_FATAL.to_string()),
    }
}

fn mirror(_: &Cx<'_>, pod: &Object, _: &Options) -> Verdict {
    if pod.meta.annotation("kubernetes.io/config.mirror").is_some() { Verdict::Skip } else { Verdict::Okay }
}

fn local_storage(_: &Cx<'_>, pod: &Object, options: &Options) -> Verdict {
    let local = pod.items_at("/spec/volumes").iter().any(|v| value::at(v, "emptyDir").is_some());
    match local && !is_over(pod) {
        false => Verdict::Okay,
        true if options.delete_emptydir => Verdict::Warning(true, "deleting Pods with local storage".to_string()),
        true => Verdict::Error(LOCAL_FATAL.to_string()),
    }
}

fn unmanaged(_: &Cx<'_>, pod: &Object, options: &Options) -> Verdict {
    match is_over(pod) || pod.controller().is_some() {
        true => Verdict::Okay,
        false if options.force => Verdict::Warning(true, "deleting Pods that declare no controller".to_string()),
        false => Verdict::Error(UNMANAGED_FATAL.to_string()),
    }
}

/// What stands against the Pods' eviction, or is worth a word; each by its text, with the Pods' names.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) evict: Vec<Rc<Object>>,
    pub(super) errors: BTreeMap<String, Vec<String>>,
    pub(super) warnings: BTreeMap<String, Vec<String>>,
}

pub(super) fn joined(list: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    list.iter().map(|(text, names)| format!("{text}: {}", names.join(", "))).collect()
}

/// Looks at every Pod of a node. Models `pkg/drain` GetPodsForDeletion.
pub(super) fn plan(cx: &Cx<'_>, node: &str, options: &Options) -> Plan {
    let mut plan = Plan::default();
    for pod in cx.api().pods_on(node).filter(|pod| options.pods.matches(&*pod.meta.labels)) {
        let name = format!("{}/{}", pod.namespace(), pod.name());
        let mut last = Verdict::Okay;
        for filter in FILTERS {
            last = filter(cx, pod, options);
            if matches!(last, Verdict::Skip | Verdict::Error(_) | Verdict::Warning(false, _)) {
                break;
            }
        }
        match last {
            Verdict::Okay => plan.evict.push(pod.clone()),
            Verdict::Skip => {}
            Verdict::Error(text) => {
                let text = if text.starts_with("cannot delete") { text } else { ["cannot delete ", &text].concat() };
                plan.errors.entry(text).or_default().push(name);
            }
            Verdict::Warning(go, text) => {
                plan.warnings.entry(text).or_default().push(name);
                if go {
                    plan.evict.push(pod.clone());
                }
            }
        }
    }
    plan
}
