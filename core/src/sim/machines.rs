//! The nodes of a base cluster: more or fewer workers than in the data, and the lease that each node holds.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::json;

use crate::api::Api;
use crate::object::resources::{LEASES, NODES, PODS};
use crate::object::{Object, OwnerReference};
use crate::text::{sha256, timestamp};
use crate::time::Rng;

/// The most workers that a cluster may have.
pub const MAX_WORKERS: u32 = 2_000;

/// How many workers the data has.
const IN_DATA: u32 = 3;

fn worker_name(number: u32) -> String {
    ["w", &number.to_string(), "-k8s"].concat()
}

/// Makes the rows those of a cluster with so many workers. Workers beyond the data's are made like the last of those;
/// DaemonSets give them their Pods.
pub fn have(rows: &mut Vec<Object>, workers: u32) {
    for number in workers + 1..=IN_DATA {
        let name = worker_name(number);
        rows.retain(|o| match o.ty.resource.as_str() {
            NODES => o.name() != name,
            PODS => o.text_at("/spec/nodeName") != name,
            LEASES | "csinodes.storage.k8s.io" => o.name() != name,
            _ => true,
        });
    }
    let Some(last) = rows.iter().find(|o| o.ty.resource == NODES && o.name() == worker_name(IN_DATA)).cloned() else { return };
    let on_last = |o: &&Object| o.ty.resource == PODS && o.text_at("/spec/nodeName") == last.name();
    let daemons: Vec<Object> =
        rows.iter().filter(on_last).filter(|o| o.controller().is_some_and(|c| c.kind == "DaemonSet")).cloned().collect();
    for number in IN_DATA + 1..=workers {
        let node = worker_like(&last, number);
        let mut names = Rng::new(u64::from(number), "daemons");
        rows.extend(daemons.iter().map(|pod| daemon_like(pod, &node, &mut names)));
        rows.push(node);
    }
}

/// The Pod of a DaemonSet on another node.
fn daemon_like(last: &Object, node: &Object, names: &mut Rng) -> Object {
    let mut pod = last.clone();
    let set = pod.controller().map_or("daemon", |c| c.name.as_str());
    pod.meta.name = [set, "-", &names.name(5)].concat().into();
    pod.meta.uid = names.uuid().into();
    pod.set("/spec/nodeName", node.name());
    let affinity = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    let pin = json!([{"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node.name()]}]}]);
    pod.set(affinity, json!({"nodeSelectorTerms": pin}));
    let ip = node.text_at("/status/addresses/0/address");
    for field in ["hostIP", "podIP"] {
        pod.set(&["/status/", field].concat(), ip);
        pod.set(&["/status/", field, "s"].concat(), json!([{"ip": ip}]));
    }
    pod
}

fn worker_like(last: &Object, number: u32) -> Object {
    let name = worker_name(number);
    let mut node = last.clone();
    node.meta.name = name.as_str().into();
    let id = sha256::hex(name.as_bytes());
    node.meta.uid = uuid(&id).into();
    node.meta.set_label("kubernetes.io/hostname", Some(&name));
    let (high, low) = (number / 150, number % 150);
    let ip = ["192.168.", &(high + 1).to_string(), ".", &(low + 100).to_string()].concat();
    node.set("/status/addresses", json!([{"address": ip, "type": "InternalIP"}, {"address": name, "type": "Hostname"}]));
    let block = ["172.", &(20 + number / 250).to_string(), ".", &(number % 250).to_string(), ".0/24"].concat();
    node.set("/spec/podCIDR", block.as_str());
    node.set("/spec/podCIDRs", json!([block]));
    node.set("/status/nodeInfo/machineID", id.get(..32).unwrap_or_default());
    node.set("/status/nodeInfo/bootID", uuid(id.get(16..).unwrap_or_default()));
    node.set("/status/nodeInfo/systemUUID", uuid(id.get(24..).unwrap_or_default()));
    node
}

/// The first 32 hexadecimal digits as a UUID.
pub fn uuid(hex: &str) -> String {
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or("0000");
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// Adds the leases that nodes lack, renewed just before instant 0.
pub fn add_leases(api: &Api, rows: &mut Vec<Object>) {
    let mut leases = Vec::new();
    let has = |name: &str| rows.iter().any(|o| o.ty.resource == LEASES && o.namespace() == "kube-node-lease" && o.name() == name);
    for node in rows.iter().filter(|o| o.ty.resource == NODES && !has(o.name())) {
        let Some(mut lease) = api.new_object(LEASES, "kube-node-lease", node.name()) else { continue };
        lease.meta.creation = node.meta.creation;
        lease.meta.uid = uuid(&sha256::hex(["lease/", node.name()].concat().as_bytes())).into();
        let owner = OwnerReference { controller: None, block_owner_deletion: None, ..node.as_controller() };
        lease.meta.owners = [owner].into();
        let renewed = timestamp::rfc3339_micro(api.epoch_ms);
        lease.set("/spec", json!({"holderIdentity": node.name(), "leaseDurationSeconds": 40, "renewTime": renewed}));
        leases.push(lease);
    }
    rows.append(&mut leases);
}
