//! Nodes: conditions, sizes, and the Pods on them with what they ask for.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::Page;
use super::page::time;
use crate::arrange::Arrange;
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::{age, or_none, scalar};
use crate::kubectl::tables::node::roles;
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::resources::LEASES;
use crate::object::value::{map_at, text_at};
use crate::text::timestamp;

/// Writes a Node.
pub fn describe(cx: &mut Cx<'_>, node: &Object, page: &mut Page) {
    page.field(0, "Name", node.name());
    page.field(0, "Roles", &or_none(&roles(node).join(",")));
    page.labels(node);
    page.annotations(node);
    page.field(0, "CreationTimestamp", &node.meta.creation.map_or_else(String::new, timestamp::rfc1123z));
    let taints = node.items_at("/spec/taints");
    if taints.is_empty() {
        page.field(0, "Taints", "<none>");
    }
    let mut told: Vec<(String, String)> = taints.iter().map(|t| (text_at(t, "effect").to_string(), taint(t))).collect();
    told.arrange();
    for (i, (_, text)) in told.iter().enumerate() {
        page.line(&format!("{}\t{text}", if i == 0 { "Taints:" } else { "" }));
    }
    page.field(0, "Unschedulable", if node.bool_at("/spec/unschedulable") { "true" } else { "false" });
    lease(cx, node, page);
    conditions(page, node);
    page.line("Addresses:");
    node.items_at("/status/addresses").iter().for_each(|a| page.field(2, text_at(a, "type"), text_at(a, "address")));
    for (title, path) in [("Capacity", "/status/capacity"), ("Allocatable", "/status/allocatable")] {
        page.put(0, &format!("{title}:"));
        for (name, amount) in node.at(path).and_then(Value::as_object).into_iter().flatten() {
            page.field(2, name, &scalar(amount));
        }
    }
    page.line("System Info:");
    for (title, field) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        page.field(2, title, node.text_at(&["/status/nodeInfo/", field].concat()));
    }
    if let Some(cidr) = node.str_at("/spec/podCIDR") {
        page.field(0, "PodCIDR", cidr);
    }
    let cidrs: Vec<&str> = node.items_at("/spec/podCIDRs").iter().filter_map(Value::as_str).collect();
    if !cidrs.is_empty() {
        page.field(0, "PodCIDRs", &cidrs.join(","));
    }
    if let Some(id) = node.str_at("/spec/providerID").filter(|id| !id.is_empty()) {
        page.field(0, "ProviderID", id);
    }
    pods(cx, node, page);
}

fn taint(t: &Value) -> String {
    match text_at(t, "value") {
        "" => format!("{}:{}", text_at(t, "key"), text_at(t, "effect")),
        value => format!("{}={value}:{}", text_at(t, "key"), text_at(t, "effect")),
    }
}

fn lease(cx: &Cx<'_>, node: &Object, page: &mut Page) {
    let lease = cx.api().find(LEASES, "kube-node-lease", node.name());
    let field = |key: &str| lease.and_then(|l| l.str_at(&["/spec/", key].concat()));
    let at = |key: &str| field(key).map_or_else(|| "<unset>".to_string(), time);
    page.line("Lease:");
    page.field(2, "HolderIdentity", field("holderIdentity").unwrap_or("<unset>"));
    page.field(2, "AcquireTime", &at("acquireTime"));
    page.field(2, "RenewTime", &at("renewTime"));
}

fn conditions(page: &mut Page, node: &Object) {
    let all = node.items_at("/status/conditions");
    if all.is_empty() {
        return;
    }
    page.line("Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    page.line("  ----\t------\t-----------------\t------------------\t------\t-------");
    for c in all {
        let text = |key: &str| text_at(c, key);
        let (beat, change) = (time(text("lastHeartbeatTime")), time(text("lastTransitionTime")));
        page.line(&format!("  {} \t{} \t{beat} \t{change} \t{} \t{}", text("type"), text("status"), text("reason"), text("message")));
    }
}

/// What a Pod asks for: the sum over containers, or the most of any init container. Models kubectl
/// `pkg/util/resource` PodRequestsAndLimits.
fn total(pod: &Object, list: &str, resource: &str) -> Quantity {
    let amount = |c: &Value| {
        let found = map_at(c, &["resources/", list].concat()).and_then(|all| all.get(resource));
        found.and_then(|v| Quantity::parse(&scalar(v)).ok()).unwrap_or(Quantity::from_millis(0))
    };
    let zero = || Quantity::from_millis(0);
    let sum = pod.items_at("/spec/containers").iter().fold(zero(), |sum, c| add(sum, amount(c)));
    let init = pod.items_at("/spec/initContainers").iter();
    let (mut sidecars, mut most) = (zero(), zero());
    for c in init {
        if text_at(c, "restartPolicy") == "Always" {
            sidecars = add(sidecars, amount(c));
            if sidecars.milli_value() > most.milli_value() {
                most = sidecars;
            }
        } else {
            let here = add(sidecars, amount(c));
            if here.milli_value() > most.milli_value() {
                most = here;
            }
        }
    }
    let running = add(sum, sidecars);
    let own = add(running, zero());
    if most.milli_value() > own.milli_value() { most } else { own }
}

/// The sum, in the format of whichever is not nothing.
fn add(a: Quantity, b: Quantity) -> Quantity {
    if a.is_zero() {
        return b;
    }
    a.plus(b)
}

fn percent(part: &Quantity, whole: &Quantity) -> i64 {
    if whole.is_zero() {
        return 0;
    }
    (part.milli_value() as f64 / whole.milli_value() as f64 * 100.0) as i64
}

fn shown(amount: &Quantity, whole: &Quantity) -> String {
    let text = if amount.is_zero() { "0".to_string() } else { amount.print() };
    format!("{text} ({}%)", percent(amount, whole))
}

fn pods(cx: &Cx<'_>, node: &Object, page: &mut Page) {
    let over = |pod: &Object| matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed");
    let mut pods: Vec<Rc<Object>> = cx.api().pods_on(node.name()).filter(|pod| !over(pod)).cloned().collect();
    pods.arrange_by_key(|pod| pod.key());
    let allocatable = |name: &str| {
        let all = node.at("/status/allocatable").and_then(|all| all.get(name));
        all.and_then(|v| Quantity::parse(&scalar(v)).ok()).unwrap_or(Quantity::from_millis(0))
    };
    page.line(&format!("Non-terminated Pods:\t({} in total)", pods.len()));
    page.line("  Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    page.line("  ---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    let now_ms = cx.api().wall_ms();
    for pod in &pods {
        let cell = |list: &str, name: &str| shown(&total(pod, list, name), &allocatable(name));
        page.line(&format!(
            "  {}\t{}\t\t{}\t{}\t{}\t{}\t{}",
            pod.namespace(),
            pod.name(),
            cell("requests", "cpu"),
            cell("limits", "cpu"),
            cell("requests", "memory"),
            cell("limits", "memory"),
            age(pod, now_ms)
        ));
    }
    page.line("Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)");
    page.line("  Resource\tRequests\tLimits\n  --------\t--------\t------");
    let mut names: Vec<String> = ["cpu", "memory", "ephemeral-storage"].iter().map(ToString::to_string).collect();
    let more = node.at("/status/allocatable").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone());
    names.extend(more.filter(|n| !matches!(n.as_str(), "cpu" | "memory" | "ephemeral-storage" | "pods")));
    for name in names {
        let sum = |list: &str| pods.iter().fold(Quantity::from_millis(0), |sum, pod| add(sum, total(pod, list, &name)));
        let (requests, limits) = (sum("requests"), sum("limits"));
        let whole = allocatable(&name);
        page.line(&format!("  {name}\t{}\t{}", shown(&requests, &whole), shown(&limits, &whole)));
    }
}
