//! Volumes, claims and storage classes.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::page::{joined, map, time};
use super::{Page, volume};
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::{or_none, scalar, since};
use crate::kubectl::tables::storage::{access_modes, class_name};
use crate::object::Object;
use crate::object::resources::PODS;
use crate::object::value::{at, items_at, str_at, text_at};

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
        page.line(&format!("    Term {i}:\t{}", or_none(&all.join("\n\t"))));
    }
}

/// Writes what a claim is to be filled from.
pub fn data_source(page: &mut Page, indent: usize, source: Option<&Value>) {
    let Some(source) = source else { return };
    page.put(indent, "DataSource:");
    if let Some(group) = str_at(source, "apiGroup") {
        page.field(indent + 2, "APIGroup", group);
    }
    page.field(indent + 2, "Kind", text_at(source, "kind"));
    page.field(indent + 2, "Name", text_at(source, "name"));
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
    let capacity = o.at("/status/capacity/storage").map_or_else(|| "0".to_string(), scalar);
    page.field(0, "Capacity", if bound { &capacity } else { "" });
    page.field(0, "Access Modes", &if bound { access_modes(o.items_at("/status/accessModes")) } else { String::new() });
    page.field(0, "VolumeMode", o.text_at("/spec/volumeMode"));
    data_source(page, 0, o.at("/spec/dataSource"));
    let uses = |pod: &Object| {
        let names = |v: &Value| at(v, "persistentVolumeClaim").is_some_and(|c| text_at(c, "claimName") == o.name());
        pod.items_at("/spec/volumes").iter().any(names)
    };
    let users: Vec<String> = cx.api().list(PODS, Some(o.namespace())).filter(|pod| uses(pod)).map(|pod| pod.name().to_string()).collect();
    page.field(0, "Used By", &or_none(&users.join("\n\t")));
    let conditions = o.items_at("/status/conditions");
    if conditions.is_empty() {
        return;
    }
    page.line("Conditions:\n  Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage");
    page.line("  ----\t------\t-----------------\t------------------\t------\t-------");
    for c in conditions {
        let text = |key: &str| text_at(c, key);
        let (probe, change) = (time(text("lastProbeTime")), time(text("lastTransitionTime")));
        page.line(&format!("  {} \t{} \t{probe} \t{change} \t{} \t{}", text("type"), text("status"), text("reason"), text("message")));
    }
}

/// Writes a StorageClass.
pub fn class(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    let default = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
    let default = default.iter().any(|key| o.meta.annotation(key) == Some("true"));
    page.field(0, "IsDefaultClass", if default { "Yes" } else { "No" });
    page.field(0, "Annotations", &annotations(o));
    page.field(0, "Provisioner", o.text_at("/provisioner"));
    page.field(0, "Parameters", &joined(map(o.field("parameters"), "")));
    let expansion = o.at("/allowVolumeExpansion").and_then(Value::as_bool);
    page.field(0, "AllowVolumeExpansion", expansion.map_or("<unset>", super::page::truth));
    let options = o.items_at("/mountOptions");
    page.line(if options.is_empty() { "MountOptions:\t<none>" } else { "MountOptions:" });
    options.iter().for_each(|option| page.put(2, &scalar(option)));
    page.field(0, "ReclaimPolicy", o.text_at("/reclaimPolicy"));
    page.field(0, "VolumeBindingMode", o.text_at("/volumeBindingMode"));
    let topologies = o.items_at("/allowedTopologies");
    if !topologies.is_empty() {
        page.line("AllowedTopologies:\t");
    }
    for (i, term) in topologies.iter().enumerate() {
        let told = |e: &Value| {
            let values: Vec<String> = items_at(e, "values").iter().map(scalar).collect();
            format!("{} in [{}]", text_at(e, "key"), values.join(", "))
        };
        let all: Vec<String> = items_at(term, "matchLabelExpressions").iter().map(told).collect();
        page.line(&format!("  Term {i}:\t{}", or_none(&all.join("\n  \t"))));
    }
}

fn annotations(o: &Object) -> String {
    joined(o.meta.annotations.iter().map(|(k, v)| (k.as_str(), v.as_str())))
}

/// Writes a VolumeAttributesClass.
pub fn attributes_class(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.field(0, "Annotations", &annotations(o));
    page.field(0, "DriverName", o.text_at("/driverName"));
    page.field(0, "Parameters", &joined(map(o.field("parameters"), "")));
}

/// Writes a CSINode.
pub fn csi_node(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.annotations(o);
    page.field(0, "CreationTimestamp", &o.meta.creation.map_or_else(String::new, crate::text::timestamp::rfc1123z));
    page.line("Spec:");
    let drivers = o.items_at("/spec/drivers");
    if !drivers.is_empty() {
        page.put(2, "Drivers:");
    }
    for driver in drivers {
        page.put(4, &format!("{}:", text_at(driver, "name")));
        page.field(6, "Node ID", text_at(driver, "nodeID"));
        if let Some(count) = at(driver, "allocatable/count") {
            page.put(6, "Allocatables:");
            page.field(8, "Count", &scalar(count));
        }
        let keys: Vec<String> = items_at(driver, "topologyKeys").iter().map(scalar).collect();
        if !keys.is_empty() {
            page.field(6, "Topology Keys", &format!("[{}]", keys.join(" ")));
        }
    }
}
