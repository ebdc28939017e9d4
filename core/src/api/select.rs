//! Which objects of a list a request wants: by labels and by the few fields that each kind lets be selected.
//! Models the field label conversions of kubernetes `pkg/apis/*/v1/conversion.go`.

use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::request::Request;
use super::server::Api;
use super::status::Status;
use crate::object::Object;
use crate::object::resources::CUSTOM_RESOURCE_DEFINITIONS;
use crate::object::selector::{FieldSelector, parse};
use crate::object::value::{get, items_at, text_at};

/// Fields by which a resource's objects can be selected, beside name and namespace.
const FIELDS: &[(&str, &[&str])] = &[
    (
        "pods",
        &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
    ),
    ("nodes", &["spec.unschedulable"]),
    ("namespaces", &["status.phase"]),
    ("secrets", &["type"]),
    ("services", &["spec.clusterIP", "spec.type"]),
    ("replicationcontrollers", &["status.replicas"]),
    ("replicasets.apps", &["status.replicas"]),
    ("jobs.batch", &["status.successful"]),
    ("certificatesigningrequests.certificates.k8s.io", &["spec.signerName"]),
    (
        "events",
        &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
    ),
];

impl Api {
    /// Whether the definition of a custom kind lets a field be selected.
    fn selectable(&self, resource: &str, field: &str) -> bool {
        let Some(definition) = self.find(CUSTOM_RESOURCE_DEFINITIONS, "", resource) else { return false };
        let mut fields = definition.items_at("/spec/versions").iter().flat_map(|version| items_at(version, "selectableFields"));
        fields.any(|known| text_at(known, "jsonPath").trim_start_matches('.') == field)
    }

    /// The objects that a list request wants, in order of key.
    pub(super) fn matching(&self, request: &Request) -> Result<Vec<Rc<Object>>, Status> {
        if self.type_of(&request.resource).is_none() {
            return Err(super::write::no_such_resource());
        }
        let labels = parse(&request.params.label_selector).map_err(Status::bad_request)?;
        let fields = FieldSelector::parse(&request.params.field_selector).map_err(Status::bad_request)?;
        let known = FIELDS.iter().find(|(resource, _)| *resource == request.resource).map_or(&[][..], |(_, known)| known);
        for field in fields.terms.iter().map(|term| term.field.as_str()) {
            let by_name =
                field == "metadata.name" || field == "metadata.namespace" && !matches!(&*request.resource, "nodes" | "namespaces");
            if !by_name && !known.contains(&field) && !self.selectable(&request.resource, field) {
                return Err(Status::bad_request(format!("field label not supported: {field}")));
            }
        }
        let namespace = Some(request.namespace.as_str()).filter(|namespace| !namespace.is_empty());
        let wanted = |object: &&Rc<Object>| labels.matches(&object.meta) && fields.matches(&|field| read(object, field));
        let implied = self.implied(&request.resource);
        let all = self.list(&request.resource, namespace).chain(&implied).filter(wanted);
        Ok(all.filter(|object| request.name.is_empty() || object.name() == request.name).cloned().collect())
    }
}

/// A field of an object as text.
fn read<'a>(object: &'a Object, field: &str) -> &'a str {
    match field {
        "metadata.name" => return object.name(),
        "metadata.namespace" => return object.namespace(),
        "source" => return text_at(object.field("source").unwrap_or(&serde_json::Value::Null), "component"),
        "status.successful" => return small(object.i64_at("/status/succeeded").unwrap_or(0)),
        _ => {}
    }
    let mut parts = field.split('.');
    let first = parts.next().and_then(|first| object.field(first));
    match first.and_then(|value| parts.try_fold(value, get)) {
        Some(serde_json::Value::Bool(true)) => "true",
        Some(serde_json::Value::Bool(false)) => "false",
        Some(serde_json::Value::String(text)) => text,
        Some(serde_json::Value::Number(number)) => small(number.as_i64().unwrap_or(-1)),
        _ if matches!(field, "spec.unschedulable" | "spec.hostNetwork") => "false",
        _ if field.starts_with("status.") && field.ends_with("replicas") => "0",
        _ => "",
    }
}

/// The text of a small number; field selectors on numbers are for nothing else.
fn small(number: i64) -> &'static str {
    const DIGITS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"];
    usize::try_from(number).ok().and_then(|number| DIGITS.get(number)).copied().unwrap_or("many")
}
