//! Stand-ins: what the brought objects refer to by name and nobody brought. Made with as little in them as works.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::refs::{self, pod_spec};
use super::seen;
use crate::api::{Api, base};
use crate::object::Object;
use crate::object::value::{at, set, text_at};

/// What a key of a stand-in holds; in a Secret it is written in base64.
const HELD: (&str, &str) = ("stand-in", "c3RhbmQtaW4=");

/// Kinds that live in no namespace.
const CLUSTER_WIDE: [&str; 3] = ["PriorityClass", "RuntimeClass", "StorageClass"];

/// What is there from the start, or comes by itself.
const ALWAYS_THERE: [(&str, &str); 4] = [
    ("ServiceAccount", "default"),
    ("ConfigMap", "kube-root-ca.crt"),
    ("PriorityClass", "system-cluster-critical"),
    ("PriorityClass", "system-node-critical"),
];

/// What stands in for what: kind, namespace, name; and the keys that it must have.
type Missing = BTreeMap<(&'static str, String, String), BTreeSet<String>>;

/// The stand-ins that these objects need.
pub fn stand_ins(api: &Api, objects: &[Object]) -> Vec<Object> {
    let there: BTreeSet<(&str, &str, &str)> = objects.iter().map(|o| (o.ty.kind.as_str(), o.namespace(), o.name())).collect();
    let lacked: BTreeSet<(&str, &str)> =
        objects.iter().filter(|o| o.ty.kind == "Pod").flat_map(|o| seen::lacking(o).map(|name| (o.namespace(), name))).collect();
    let mut missing = Missing::new();
    for object in objects {
        let Some(spec) = pod_spec(object) else { continue };
        for reference in refs::of(spec) {
            let wide = CLUSTER_WIDE.contains(&reference.kind);
            let namespace = if wide { "" } else { object.namespace() };
            let known = ALWAYS_THERE.contains(&(reference.kind, reference.name.as_str()));
            if known
                || kept(reference.kind, namespace, &reference.name)
                || there.contains(&(reference.kind, namespace, &reference.name))
                || lacked.contains(&(namespace, &reference.name))
            {
                continue;
            }
            let keys = missing.entry((reference.kind, namespace.to_string(), reference.name)).or_default();
            if !reference.key.is_empty() && !lacked.contains(&(namespace, reference.key.as_str())) {
                keys.insert(reference.key);
            }
        }
    }
    claims(objects, &there, &mut missing);
    let mut made: Vec<Object> = missing.iter().filter_map(|(what, keys)| simple(api, objects, what, keys)).collect();
    let claimed: Vec<Object> =
        made.iter().filter(|o| o.ty.kind == "PersistentVolumeClaim").filter_map(|claim| volume(api, claim)).collect();
    made.extend(claimed);
    made.extend(namespaces(api, objects));
    made
}

/// Whether the page's own cluster keeps such an object beside what is brought: a better one than a stand-in.
fn kept(kind: &str, namespace: &str, name: &str) -> bool {
    namespace == "kube-system" && base::has(kind, namespace, name)
}

/// Claims that StatefulSets have made for their Pods and that are not brought, and the classes that claims name.
fn claims(objects: &[Object], there: &BTreeSet<(&str, &str, &str)>, missing: &mut Missing) {
    let mut class = |name: &str| {
        if !name.is_empty() && !there.contains(&("StorageClass", "", name)) {
            missing.entry(("StorageClass", String::new(), name.to_string())).or_default();
        }
    };
    for object in objects {
        match object.ty.kind.as_str() {
            "StatefulSet" => {
                object.items_at("/spec/volumeClaimTemplates").iter().for_each(|claim| class(text_at(claim, "spec/storageClassName")));
            }
            "PersistentVolumeClaim" => class(object.text_at("/spec/storageClassName")),
            _ => {}
        }
    }
}

/// The template of the StatefulSet that made a claim, if one did.
fn claim_template<'a>(objects: &'a [Object], namespace: &str, claim: &str) -> Option<&'a Value> {
    let sets = objects.iter().filter(|o| o.ty.kind == "StatefulSet" && o.namespace() == namespace);
    sets.flat_map(|set| set.items_at("/spec/volumeClaimTemplates").iter().map(move |template| (set, template))).find_map(
        |(set, template)| {
            let begin = [text_at(template, "metadata/name"), "-", set.name(), "-"].concat();
            let number = claim.strip_prefix(begin.as_str())?;
            number.bytes().all(|b| b.is_ascii_digit()).then_some(template)
        },
    )
}

fn simple(api: &Api, objects: &[Object], what: &(&'static str, String, String), keys: &BTreeSet<String>) -> Option<Object> {
    let (kind, namespace, name) = what;
    let ty = api.types().find(|ty| ty.kind == *kind)?;
    let mut made = Object::new(ty, namespace, name);
    let data = |held: &str| keys.iter().map(|key| (key.clone(), Value::from(held))).collect::<serde_json::Map<_, _>>();
    match *kind {
        "ConfigMap" if !keys.is_empty() => made.set("/data", data(HELD.0)),
        "Secret" => {
            made.set("/type", "Opaque");
            if !keys.is_empty() {
                made.set("/data", data(HELD.1));
            }
        }
        "PriorityClass" => priority(&mut made, objects),
        "RuntimeClass" => made.set("/handler", "stand-in"),
        "StorageClass" => {
            made.set("/provisioner", "stand-in.kubepie.io");
            made.set("/reclaimPolicy", "Delete");
            made.set("/volumeBindingMode", "Immediate");
        }
        "PersistentVolumeClaim" => {
            let template = claim_template(objects, namespace, name);
            made.set(
                "/spec",
                template.and_then(|t| at(t, "spec")).cloned().unwrap_or_else(|| {
                    json!({"accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": "", "volumeMode": "Filesystem"})
                }),
            );
            made.set("/spec/volumeName", ["stand-in-", namespace.as_str(), "-", name.as_str()].concat());
            let (modes, size) = (made.at("/spec/accessModes").cloned(), made.at("/spec/resources/requests").cloned());
            made.set("/status", json!({"phase": "Bound", "accessModes": modes, "capacity": size}));
            made.meta.set_annotation("pv.kubernetes.io/bind-completed", Some("yes"));
        }
        _ => {}
    }
    Some(made)
}

/// The number behind a class's name, from a Pod that has it.
fn priority(class: &mut Object, objects: &[Object]) {
    let has = |o: &&Object| o.ty.kind == "Pod" && o.text_at("/spec/priorityClassName") == class.name();
    let pod = objects.iter().find(has);
    let value = pod.and_then(|pod| pod.i64_at("/spec/priority")).unwrap_or(0);
    let policy =
        pod.map(|pod| pod.text_at("/spec/preemptionPolicy")).filter(|p| !p.is_empty()).unwrap_or("PreemptLowerPriority").to_string();
    class.set("/value", value);
    class.set("/preemptionPolicy", policy);
}

/// The volume to which a claim that stands in is bound.
fn volume(api: &Api, claim: &Object) -> Option<Object> {
    let ty = api.types().find(|ty| ty.kind == "PersistentVolume")?;
    let mut made = Object::new(ty, "", claim.text_at("/spec/volumeName"));
    for field in ["accessModes", "storageClassName", "volumeMode"] {
        if let Some(value) = claim.at(&["/spec/", field].concat()) {
            made.set(&["/spec/", field].concat(), value.clone());
        }
    }
    made.set("/spec/capacity", claim.at("/spec/resources/requests").cloned().unwrap_or_else(|| json!({"storage": "1Gi"})));
    made.set("/spec/persistentVolumeReclaimPolicy", "Retain");
    let path = ["/stand-in/", claim.namespace(), "/", claim.name()].concat();
    made.set("/spec/hostPath", json!({ "path": path }));
    made.set(
        "/spec/claimRef",
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": claim.namespace(), "name": claim.name()}),
    );
    made.set("/status", json!({"phase": "Bound"}));
    Some(made)
}

/// The namespaces in which there is something.
fn namespaces(api: &Api, objects: &[Object]) -> Vec<Object> {
    let ours = |name: &str| matches!(name, "" | "default" | "kube-system" | "kube-public" | "kube-node-lease");
    let named: BTreeSet<&str> = objects.iter().map(Object::namespace).filter(|n| !ours(n)).collect();
    let there: BTreeSet<&str> = objects.iter().filter(|o| o.ty.kind == "Namespace").map(Object::name).collect();
    let Some(ty) = api.types().find(|ty| ty.kind == "Namespace") else { return Vec::new() };
    let begun = |name: &str| objects.iter().filter(|o| o.namespace() == name).filter_map(|o| o.meta.creation).min();
    named.difference(&there).map(|name| namespace(ty, name, begun(name))).collect()
}

fn namespace(ty: &Rc<crate::object::Type>, name: &str, begun: Option<i64>) -> Object {
    let mut made = Object::new(ty, "", name);
    made.meta.creation = begun;
    made.meta.set_label("kubernetes.io/metadata.name", Some(name));
    made.set("/spec", json!({"finalizers": ["kubernetes"]}));
    made.set("/status", json!({"phase": "Active"}));
    made
}

/// Nodes that Pods are on and nobody brought: with room for them.
pub fn nodes(api: &Api, objects: &[Object]) -> Vec<Object> {
    let there: BTreeSet<&str> = objects.iter().filter(|o| o.ty.kind == "Node").map(Object::name).collect();
    let named: BTreeSet<&str> = objects.iter().map(|o| o.text_at("/spec/nodeName")).filter(|n| !n.is_empty()).collect();
    let Some(ty) = api.types().find(|ty| ty.kind == "Node") else { return Vec::new() };
    named.difference(&there).map(|name| {
        let mut made = Object::new(ty, "", name);
        let pods = || objects.iter().filter(|o| o.text_at("/spec/nodeName") == *name);
        made.meta.creation = pods().filter_map(|pod| pod.meta.creation).min();
        for (key, value) in [("kubernetes.io/hostname", *name), ("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "amd64")] {
            made.meta.set_label(key, Some(value));
        }
        // A control plane's static Pods tell which it is.
        let control = pods().any(|pod| pod.name().starts_with("kube-apiserver-"));
        if control {
            made.meta.set_label("node-role.kubernetes.io/control-plane", Some(""));
            made.set("/spec/taints", json!([{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]));
        }
        let room = json!({"cpu": "64", "memory": "256Gi", "ephemeral-storage": "500Gi", "pods": "500"});
        let mut status = json!({"capacity": room, "allocatable": room, "addresses": [{"type": "Hostname", "address": name}]});
        if let Some(ip) = pods().map(|pod| pod.text_at("/status/hostIP")).find(|ip| !ip.is_empty()) {
            set(&mut status, "addresses", json!([{"type": "InternalIP", "address": ip}, {"type": "Hostname", "address": name}]));
        }
        set(&mut status, "conditions", json!([{"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is posting ready status"}]));
        set(&mut status, "nodeInfo", json!({"architecture": "amd64", "bootID": "", "containerRuntimeVersion": "containerd://2.0.5", "kernelVersion": "",
            "kubeProxyVersion": "", "kubeletVersion": "v1.36.2", "machineID": "", "operatingSystem": "linux", "osImage": "", "systemUUID": ""}));
        made.set("/status", status);
        made
    }).collect()
}
