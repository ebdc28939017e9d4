//! Volumes, claims and storage classes.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::page::map;
use super::{Page, volume};
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::{or_none, scalar, since};
use crate::kubectl::tables::storage::{access_modes, class_name};
use crate::object::Object;
use crate::object::resources::PODS;
use crate::object::value::{at, items_at, text_at};

fn status(cx: &Cx<'_>, o: &Object) -> String {
    match o.is_deleting() {
        true => format!("Terminating (lasts {})", since(o.meta.deletion, cx.api().wall_ms())),
        false => o.text_at("/status/phase").to_string(),
    }
}

fn finalizers(o: &Object) -> String {
    format!("[{}]", o.meta.finalizers.join(" "))
}

/// Writes a PersistentVolume.
pub fn persistent_volume(cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.annotations(o);
    page.field(0, "Finalizers", &finalizers(o));
    page.field(0, "StorageClass", &class_name(o));
    page.field(0, "Status", &status(cx, o));
    let claim = match o.at("/spec/claimRef") {
        Some(claim) => format!("{}/{}", text_at(claim, "namespace"), text_at(claim, "name")),
        None => String::new(),
    };
    page.field(0, "Claim", &claim);
    page.field(0, "Reclaim Policy", o.text_at("/spec/persistentVolumeReclaimPolicy"));
    page.field(0, "Access Modes", &access_modes(o.items_at("/spec/accessModes")));
    page.field(0, "VolumeMode", o.text_at("/spec/volumeMode"));
    page.field(0, "Capacity", &o.at("/spec/capacity/storage").map_or_else(String::new, scalar));
    match o.at("/spec/nodeAffinity/required") {
        None => page.field(0, "Node Affinity", "<none>"),
        Some(required) => affinity(page, required),
    }
    page.field(0, "Message", o.text_at("/status/message"));
    page.line("Source:");
    volume::one(page, o.field("spec").unwrap_or(&Value::Null));
}

fn affinity(page: &mut Page, required: &Value) {
    page.line("Node Affinity:\t\n  Required Terms:\t");
    for (i, term) in items_at(required, "nodeSelectorTerms").iter().enumerate() {
        let told = |e: &Value| {
            let values: Vec<String> = items_at(e, "values").iter().map(scalar).collect();
            let operator = text_at(e, "operator").to_lowercase();
            match values.is_empty() {
                true => format!("{} {operator}", text_at(e, "key")),
                false => format!("{} {operator} [{}]", text_at(e, "key"), values.join(", ")),
            }
        };
        let all: Vec<String> = items_at(term, "matchExpressions").iter().map(told).collect();
        page.line(&format!("    Term {i}:\t{}", all.join("\n\t")));
    }
}

/// Writes a PersistentVolumeClaim.
pub fn claim(cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.field(0, "StorageClass", &class_name(o));
    page.field(0, "Status", &status(cx, o));
    page.field(0, "Volume", o.text_at("/spec/volumeName"));
    page.labels(o);
    page.annotations(o);
    page.field(0, "Finalizers", &finalizers(o));
    let bound = !o.text_at("/spec/volumeName").is_empty();
    page.field(0, "Capacity", &o.at("/status/capacity/storage").filter(|_| bound).map_or_else(String::new, scalar));
    page.field(0, "Access Modes", &if bound { access_modes(o.items_at("/status/accessModes")) } else { String::new() });
    page.field(0, "VolumeMode", o.text_at("/spec/volumeMode"));
    let uses = |pod: &Object| {
        let names = |v: &Value| at(v, "persistentVolumeClaim").is_some_and(|c| text_at(c, "claimName") == o.name());
        pod.items_at("/spec/volumes").iter().any(names)
    };
    let users: Vec<String> = cx.api().list(PODS, Some(o.namespace())).filter(|pod| uses(pod)).map(|pod| pod.name().to_string()).collect();
    page.field(0, "Used By", &or_none(&users.join("\n\t")));
}

/// Writes a StorageClass.
pub fn class(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    let pairs = |all: Vec<String>| or_none(&all.join(","));
    page.field(0, "Name", o.name());
    let default = o.meta.annotation("storageclass.kubernetes.io/is-default-class") == Some("true");
    page.field(0, "IsDefaultClass", if default { "Yes" } else { "No" });
    page.field(0, "Annotations", &pairs(o.meta.annotations.iter().map(|(k, v)| format!("{k}={v}")).collect()));
    page.field(0, "Provisioner", o.text_at("/provisioner"));
    page.field(0, "Parameters", &pairs(map(o.field("parameters"), "").map(|(k, v)| format!("{k}={v}")).collect()));
    let expansion = o.at("/allowVolumeExpansion").and_then(Value::as_bool);
    page.field(0, "AllowVolumeExpansion", expansion.map_or("<unset>", super::page::truth));
    let options = o.items_at("/mountOptions");
    page.line(if options.is_empty() { "MountOptions:\t<none>" } else { "MountOptions:" });
    options.iter().for_each(|option| page.put(2, &scalar(option)));
    page.field(0, "ReclaimPolicy", o.text_at("/reclaimPolicy"));
    page.field(0, "VolumeBindingMode", o.text_at("/volumeBindingMode"));
}
