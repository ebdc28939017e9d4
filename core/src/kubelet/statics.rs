//! Static Pods: what the files in a node's folder of manifests want to run, and the mirrors that the API server is shown.
//! Models `pkg/kubelet/config` file.go and common.go, and `pkg/kubelet/pod` mirror_client.go.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::Kubelet;
use super::adopt::is_mirror;
use super::stores::Tree;
use super::worker::{Desk, Worker};
use crate::api::{Api, Cx, Token};
use crate::object::resources::{NODES, PODS};
use crate::object::value::{at, text_at};
use crate::object::{Key, Object, OwnerReference};
use crate::text::{sha256, timestamp, yaml};
use crate::time::TimerClass;

/// Where a kubelet looks for manifests.
pub const MANIFESTS: &str = "/etc/kubernetes/manifests";
/// A token: mirrors of a node (in its detail) that could not be made are tried again.
pub const RAISE: u32 = 4;
/// Between two such tries.
const RETRY_MS: u64 = 10_000;
/// The hash of what a static Pod comes from, which is its UID.
const HASH: &str = "kubernetes.io/config.hash";

/// The folder of manifests as a kubelet has last read it.
#[derive(Clone, Debug, Default)]
pub(super) struct Folder {
    version: u64,
    files: BTreeMap<String, (String, Option<Rc<Object>>)>,
}

impl Folder {
    /// The static Pods; where files name the same one, the last has it.
    fn pods(&self) -> BTreeMap<Key, Rc<Object>> {
        self.files.values().filter_map(|(_, pod)| pod.as_ref()).map(|pod| (pod.key(), pod.clone())).collect()
    }
}

/// The directory of a node that holds its manifests, as the stores name it.
fn store(node: &str) -> String {
    ["host/", node, MANIFESTS].concat()
}

fn hash_of(pod: &Object) -> &str {
    pod.meta.annotation(HASH).unwrap_or_default()
}

/// Whether a static Pod refers to what only the API server has, which none may. Models `podutil.HasAPIObjectReference`.
fn refers_to_objects(spec: &Value) -> bool {
    const REFERENCES: [&str; 13] = [
        "serviceAccountName",
        "serviceAccount",
        "configMap",
        "secret",
        "configMapKeyRef",
        "secretKeyRef",
        "configMapRef",
        "secretRef",
        "persistentVolumeClaim",
        "ephemeral",
        "serviceAccountToken",
        "imagePullSecrets",
        "resourceClaims",
    ];
    match spec {
        Value::Object(map) => map.iter().any(|(key, v)| REFERENCES.contains(&key.as_str()) && !v.is_null() || refers_to_objects(v)),
        Value::Array(items) => items.iter().any(refers_to_objects),
        _ => false,
    }
}

/// The Pod that a manifest asks for on a node, if it is one.
fn read(api: &Api, node: &Object, file: &str, text: &str) -> Option<Rc<Object>> {
    let value = yaml::parse(text).ok()?;
    if text_at(&value, "kind") != "Pod" || text_at(&value, "apiVersion") != "v1" || at(&value, "spec").is_none_or(refers_to_objects) {
        return None;
    }
    let mut pod = api.understood(PODS, &value)?;
    let hash = sha256::hex(["host:", node.name(), "file:", MANIFESTS, "/", file, &value.to_string()].concat().as_bytes());
    pod.meta.name = [&*pod.meta.name, "-", &node.name().to_lowercase()].concat().into();
    if pod.meta.namespace.is_empty() {
        pod.meta.namespace = "default".into();
    }
    pod.set("/spec/nodeName", node.name());
    let mut tolerations = pod.items_at("/spec/tolerations").to_vec();
    tolerations.retain(|t| text_at(t, "operator") != "Exists" || text_at(t, "effect") != "NoExecute" || !text_at(t, "key").is_empty());
    tolerations.push(json!({"operator": "Exists", "effect": "NoExecute"}));
    pod.set("/spec/tolerations", tolerations);
    let seen = [timestamp::rfc3339_micro(api.wall_ms()).trim_end_matches('Z'), "417Z"].concat();
    let hash = hash.get(..32).unwrap_or_default();
    for (key, text) in
        [(HASH, hash), ("kubernetes.io/config.mirror", hash), ("kubernetes.io/config.seen", &seen), ("kubernetes.io/config.source", "file")]
    {
        pod.meta.set_annotation(key, Some(text));
    }
    pod.meta.owners = [OwnerReference { block_owner_deletion: None, ..node.as_controller() }].into();
    Some(Rc::new(pod))
}

/// A static Pod of the base cluster as the file that it comes from says it.
fn written(pod: &Object) -> String {
    let mut spec = pod.field("spec").cloned().unwrap_or_default();
    const FILLED_IN: [&str; 8] = [
        "nodeName",
        "dnsPolicy",
        "enableServiceLinks",
        "preemptionPolicy",
        "restartPolicy",
        "schedulerName",
        "terminationGracePeriodSeconds",
        "tolerations",
    ];
    if let Value::Object(spec) = &mut spec {
        spec.retain(|key, _| !FILLED_IN.contains(&key.as_str()));
        for container in spec.get_mut("containers").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::Object(container) = container {
                container.retain(|key, _| !key.starts_with("terminationMessage"));
            }
        }
    }
    let labels: serde_json::Map<String, Value> = pod.meta.labels.iter().map(|(k, v)| (k.to_string(), Value::from(v.to_string()))).collect();
    let name = text_at(pod.at("/spec/containers/0").unwrap_or(&Value::Null), "name");
    yaml::print(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": labels, "name": name, "namespace": pod.namespace()},
        "spec": spec, "status": {}}))
}

impl Kubelet {
    /// Lays the files out that the static Pods of a node come from, where they were there before.
    pub fn lay_out_manifests(&mut self, node: &str, cx: &mut Cx<'_>) {
        if self.folders.contains_key(node) || !self.nodes.contains_key(node) {
            return;
        }
        let mut folder = Folder::default();
        let mut tree = Tree::new();
        for pod in cx.api.pods_on(node).filter(|p| is_mirror(p)) {
            let stem = pod.name().strip_suffix(node).map_or(pod.name(), |name| name.trim_end_matches('-'));
            let (file, text) = ([stem, ".yaml"].concat(), written(pod));
            tree.insert(file.clone(), text.clone());
            folder.files.insert(file, (text, Some(pod.clone())));
        }
        let stores = Rc::make_mut(&mut self.stores);
        folder.version = stores.put(&store(node), tree);
        self.folders.insert(node.into(), folder);
    }

    /// The manifests of a node, with a number that changes when they do.
    pub fn manifests(&self, node: &str) -> (u64, Rc<Tree>) {
        self.stores.get(&store(node))
    }

    /// Replaces the manifests of a node, as somebody who works there does. Returns their number.
    pub fn write_manifests(&mut self, node: &str, tree: Tree, cx: &mut Cx<'_>) -> u64 {
        let version = Rc::make_mut(&mut self.stores).put(&store(node), tree);
        self.read_manifests(cx);
        version
    }

    /// Reads the folders again that have changed.
    pub(super) fn read_manifests(&mut self, cx: &mut Cx<'_>) {
        if !core::mem::take(&mut Rc::make_mut(&mut self.stores).host_changed) {
            return;
        }
        let nodes: Vec<Rc<str>> = self.nodes.keys().cloned().collect();
        for name in nodes {
            let (version, tree) = self.manifests(&name);
            let old = self.folders.get(&name).cloned().unwrap_or_default();
            if version == old.version {
                continue;
            }
            let Some(node) = cx.api.find(NODES, "", &name).cloned() else { continue };
            let mut new = Folder { version, files: BTreeMap::new() };
            for (file, text) in tree.iter().filter(|(file, _)| !file.contains('/') && !file.starts_with('.')) {
                let same = old.files.get(file).filter(|(before, _)| before == text);
                let pod = same.map_or_else(|| read(cx.api, &node, file, text), |(_, pod)| pod.clone());
                new.files.insert(file.clone(), (text.clone(), pod));
            }
            let (before, after) = (old.pods(), new.pods());
            self.folders.insert(name.clone(), new);
            for (key, pod) in before {
                if after.get(&key).is_none_or(|now| hash_of(now) != hash_of(&pod)) {
                    self.end_static(&key, cx);
                }
            }
            self.raise(&name, cx);
        }
    }

    /// A static Pod is not wanted any more: it is stopped, and then its mirror goes.
    fn end_static(&mut self, key: &Key, cx: &mut Cx<'_>) {
        let uid = cx.api.get(PODS, key).filter(|pod| is_mirror(pod)).map(|pod| pod.meta.uid.clone());
        let Some(uid) = uid else { return };
        self.with_worker(&uid, cx, |w, d| {
            if let Some(program) = w.program() {
                super::leads::ended(&program, d.cx);
            }
            w.delete(d);
        });
    }

    /// Makes the mirrors that a node's static Pods lack; what begins to run begins with them.
    pub(super) fn raise(&mut self, node: &str, cx: &mut Cx<'_>) {
        let Some(folder) = self.folders.get(node).filter(|_| self.nodes.get(node).is_some_and(|n| n.lives())) else { return };
        let mut again = false;
        for (key, pod) in folder.pods() {
            if cx.api.get(PODS, &key).is_none() {
                again |= cx.api.create_made((*pod).clone()).is_err();
            }
        }
        if again {
            cx.wake_later(cx.now + RETRY_MS, Token { what: RAISE, key: None, detail: node.to_string() });
        }
    }
}

impl Worker {
    /// The UID that the kubelet knows the Pod by: that of a static Pod is not its mirror's.
    pub fn own_uid(&self) -> &str {
        self.pod.meta.annotation(HASH).filter(|_| is_mirror(&self.pod)).unwrap_or(&self.uid)
    }

    /// The part of the control plane that a static Pod is.
    pub(super) fn program(&self) -> Option<String> {
        let own = &*self.key.namespace == "kube-system" && is_mirror(&self.pod);
        self.pod.meta.label("component").filter(|_| own).map(ToString::to_string)
    }

    /// Takes notice of the stored Pod. Of a mirror only the status matters: what runs is what the file says.
    pub fn take_pod(&mut self, stored: Rc<Object>) {
        if !is_mirror(&stored) || stored.same_field(&self.pod, "spec") {
            self.pod = stored;
            return;
        }
        let mut pod = (*stored).clone();
        if let Some(spec) = self.pod.fields.get("spec") {
            pod.fields.insert("spec".to_string(), spec.clone());
        }
        self.pod = Rc::new(pod);
    }

    /// Whether nothing is known yet that a new mirror is told at once: it hears of it with the next round of statuses.
    pub(super) fn has_news(&self, stored: &Object) -> bool {
        let begun = |s: &super::worker::Slot| s.run.is_some() || s.ended.is_some() || s.waiting.is_some();
        !is_mirror(stored) || !stored.items_at("/status/conditions").is_empty() || self.slots.iter().any(begun)
    }

    /// Has a new mirror told its status with the next round.
    pub(super) fn tell_soon(&mut self, d: &mut Desk<'_, '_>) {
        let ms = super::adopt::TICK_MS - d.cx.now.as_ms() % super::adopt::TICK_MS;
        d.later(self, super::worker::step::TOLD, ms, TimerClass::Background);
    }
}
