//! What is on the page, for a real cluster: manifests of the learner's own objects, a kind configuration with as many
//! nodes, and what was typed as a shell script. Never: anything that needs more than kubectl and kind.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::Session;
use super::script::typed_script;
use crate::api::Api;
use crate::arrange::Arrange;
use crate::lesson::Text;
use crate::object::value::{at_mut, bool_at, map_at, remove};
use crate::object::{Object, template};
use crate::sim::base;
use crate::text::yaml;

/// Three files to take along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Takeaway {
    /// `manifests.yaml`: the objects, those that others need first.
    pub manifests: String,
    /// `kind.yaml`: a cluster with as many nodes.
    pub kind: String,
    /// `commands.sh`: what was typed.
    pub commands: String,
}

/// Resources that only the cluster itself writes.
const MADE_BY_THE_CLUSTER: [&str; 9] = [
    "events",
    "events.events.k8s.io",
    "endpoints",
    "nodes",
    "leases.coordination.k8s.io",
    "controllerrevisions.apps",
    "apiservices.apiregistration.k8s.io",
    "csinodes.storage.k8s.io",
    "volumeattachments.storage.k8s.io",
];

/// Kinds in the order in which they are applied; those without a place come after these, and Pods come last.
const ORDER: [&str; 14] = [
    "Namespace",
    "CustomResourceDefinition",
    "PriorityClass",
    "StorageClass",
    "ServiceAccount",
    "Role",
    "ClusterRole",
    "ResourceQuota",
    "LimitRange",
    "ConfigMap",
    "Secret",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Service",
];

/// Beginnings of the annotations that controllers and kubectl write for themselves.
const BOOKKEEPING: [&str; 6] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/",
    "deprecated.daemonset.template.generation",
    "pv.kubernetes.io/",
    "volume.kubernetes.io/",
    "volume.beta.kubernetes.io/storage-provisioner",
];

/// The labels by which a Job knows its Pods.
const JOB_LABELS: [&str; 4] = ["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"];

impl Session {
    /// The session's state and its commands for a real cluster; `pick` chooses the language of the comments.
    pub fn take_along(&self, pick: &dyn Fn(&Text) -> String) -> Takeaway {
        let typed = self.scenario.inputs.get(..self.cursor).unwrap_or_default();
        Takeaway {
            manifests: manifests(self.api(), &base::api(self.scenario.seed, self.scenario.epoch_ms, self.scenario.base.workers, None)),
            kind: kind(self.api()),
            commands: typed_script(&self.scenario.base, typed, pick),
        }
    }
}

/// The manifests of what `api` holds beside what every cluster begins with.
fn manifests(api: &Api, beginning: &Api) -> String {
    let mut own: Vec<&Rc<Object>> = Vec::new();
    for resource in api.store.resources().filter(|resource| !MADE_BY_THE_CLUSTER.contains(&&***resource)) {
        let there = |o: &Object| beginning.store.get(resource, &o.key()).is_some_and(|first| first.meta.uid == o.meta.uid);
        own.extend(api.store.list(resource, None).filter(|o| !of_the_cluster(o) && !there(o)));
    }
    own.arrange_by_key(|o| place(&o.ty.kind));
    let mut out = String::new();
    for object in own {
        if !out.is_empty() {
            out.push_str("---\n");
        }
        yaml::print_into(&manifest(object), &mut out);
    }
    out
}

fn place(kind: &str) -> usize {
    let last = usize::from(kind == "Pod");
    ORDER.iter().position(|known| *known == kind).unwrap_or(ORDER.len() + last)
}

/// Whether the cluster makes such an object by itself.
fn of_the_cluster(object: &Object) -> bool {
    let (name, namespace) = (object.name(), object.namespace());
    let by_itself = match object.ty.kind.as_str() {
        "ServiceAccount" => name == "default",
        "ConfigMap" => name == "kube-root-ca.crt",
        "Namespace" => matches!(name, "default" | "metallb-system") || name.starts_with("kube-"),
        "Service" => name == "kubernetes" && namespace == "default",
        "PersistentVolume" => object.meta.annotation("pv.kubernetes.io/provisioned-by").is_some(),
        _ => false,
    };
    by_itself || namespace.starts_with("kube-") || namespace == "metallb-system" || object.controller().is_some() || object.is_deleting()
}

/// The object as its owner might have written it: without what the API server and controllers filled in.
fn manifest(object: &Object) -> Value {
    let bound = object.meta.annotation("pv.kubernetes.io/bound-by-controller").is_some();
    let mut own = object.clone();
    let meta = &mut own.meta;
    meta.uid = "".into();
    (meta.resource_version, meta.generation, meta.creation) = (0, 0, None);
    meta.owners = Rc::new([]);
    meta.finalizers = meta.finalizers.iter().filter(|f| !f.contains("kubernetes.io/") && *f != "kubernetes").cloned().collect();
    Rc::make_mut(&mut meta.annotations).retain(|key, _| !BOOKKEEPING.iter().any(|start| key.starts_with(start)));
    let extra = Rc::make_mut(&mut meta.extra);
    ["managedFields", "selfLink", "generateName"].iter().for_each(|field| drop(extra.remove(*field)));
    let mut value = own.to_value();
    let mut without = |paths: &[&str]| paths.iter().for_each(|path| drop(remove(&mut value, path)));
    without(&["/status", "/spec/template/metadata/creationTimestamp"]);
    match object.ty.kind.as_str() {
        "Namespace" => {
            without(&["/spec"]);
            remove_label(&mut value, "/metadata", "kubernetes.io/metadata.name");
        }
        "ServiceAccount" => without(&["/secrets"]),
        "Secret" if object.text_at("type") == "kubernetes.io/service-account-token" => without(&["/data"]),
        "Service" if object.text_at("spec/clusterIP") == "None" => without(&["/spec/clusterIPs"]),
        "Service" => without(&["/spec/clusterIP", "/spec/clusterIPs", "/spec/healthCheckNodePort"]),
        "PersistentVolumeClaim" if bound => without(&["/spec/volumeName"]),
        "PersistentVolume" if bound => without(&["/spec/claimRef"]),
        "PersistentVolume" => without(&["/spec/claimRef/uid", "/spec/claimRef/resourceVersion"]),
        "Pod" => value.get_mut("spec").into_iter().for_each(template::without_what_is_given),
        "Job" => job(&mut value),
        _ => {}
    }
    value
}

fn job(value: &mut Value) {
    if bool_at(value, "spec/manualSelector") {
        return;
    }
    remove(value, "/spec/selector");
    for label in JOB_LABELS {
        remove_label(value, "/metadata", label);
        remove_label(value, "/spec/template/metadata", label);
    }
}

/// Takes a label away, and the labels with the last of them.
fn remove_label(value: &mut Value, metadata: &str, label: &str) {
    let path = [metadata, "/labels"].concat();
    if let Some(Value::Object(labels)) = map_at(value, &path).is_some().then(|| at_mut(value, &path)).flatten() {
        labels.remove(label);
        if labels.is_empty() {
            remove(value, &path);
        }
    }
}

/// A configuration for kind with as many nodes.
fn kind(api: &Api) -> String {
    let mut out = String::from("# kind create cluster --config kind.yaml\nkind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n");
    let control = |o: &&Rc<Object>| o.meta.label("node-role.kubernetes.io/control-plane").is_some();
    let (all, controls) = (api.store.count("nodes"), api.store.list("nodes", None).filter(control).count());
    for (role, count) in [("control-plane", controls.max(1)), ("worker", all.saturating_sub(controls))] {
        (0..count).for_each(|_| ["- role: ", role, "\n"].iter().for_each(|part| out.push_str(part)));
    }
    out
}
