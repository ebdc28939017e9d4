//! Objects as Go's own types print as JSON: the external types in the order of their fields, and the internal types of
//! the API server, which some texts show (`{"Name":"c","Image":"nginx","Command":null …`).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

use crate::object::schema::{Def, Field, Shape, Type};
use crate::object::value::at;
use crate::text::json;

/// A value whose members keep an order of their own.
pub enum Node {
    /// JSON text.
    Raw(String),
    /// An array.
    List(Vec<Node>),
    /// An object.
    Members(Vec<(String, Node)>),
}

impl Node {
    /// On one line.
    pub fn compact(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None, 0);
        out
    }

    /// On many lines, each level one space further in.
    pub fn indented(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some("\n"), 0);
        out
    }

    fn write(&self, out: &mut String, newline: Option<&str>, depth: usize) {
        let go_in = |out: &mut String, depth: usize| {
            if let Some(newline) = newline {
                out.push_str(newline);
                out.extend(core::iter::repeat_n(' ', depth));
            }
        };
        match self {
            Node::Raw(text) => out.push_str(text),
            Node::List(items) if items.is_empty() => out.push_str("[]"),
            Node::List(items) => {
                out.push('[');
                for (number, item) in items.iter().enumerate() {
                    if number > 0 {
                        out.push(',');
                    }
                    go_in(out, depth + 1);
                    item.write(out, newline, depth + 1);
                }
                go_in(out, depth);
                out.push(']');
            }
            Node::Members(members) if members.is_empty() => out.push_str("{}"),
            Node::Members(members) => {
                out.push('{');
                for (number, (name, value)) in members.iter().enumerate() {
                    if number > 0 {
                        out.push(',');
                    }
                    go_in(out, depth + 1);
                    json::quote_into(name, out);
                    out.push(':');
                    if newline.is_some() {
                        out.push(' ');
                    }
                    value.write(out, newline, depth + 1);
                }
                go_in(out, depth);
                out.push('}');
            }
        }
    }
}

/// A struct of an external type on one line, with its members in Go's order.
pub fn external(def: Def, object: &Value) -> String {
    external_node(def, object).compact()
}

fn external_node(def: Def, object: &Value) -> Node {
    let Value::Object(members) = object else { return Node::Raw(json::compact(object)) };
    let known =
        def.fields().filter_map(|field| members.get(field.name).map(|value| (field.name.to_string(), external_value(field.ty, value))));
    Node::Members(known.collect())
}

fn external_value(ty: Type, value: &Value) -> Node {
    match (ty.shape(), value) {
        (Shape::Struct(def), Value::Object(_)) => external_node(def, value),
        (Shape::Array(inner), Value::Array(items)) => Node::List(items.iter().map(|item| external_value(inner, item)).collect()),
        (Shape::Map(inner), Value::Object(members)) => {
            Node::Members(members.iter().map(|(name, member)| (name.clone(), external_value(inner, member))).collect())
        }
        _ => Node::Raw(json::compact(value)),
    }
}

/// Order of fields where the internal type differs from the external one.
const ORDERS: &[(&str, &str)] = &[
    (
        "PodSpec",
        "volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds \
         dnsPolicy nodeSelector serviceAccountName automountServiceAccountToken nodeName securityContext imagePullSecrets hostname \
         subdomain setHostnameAsFQDN affinity schedulerName tolerations hostAliases priorityClassName priority preemptionPolicy \
         dnsConfig readinessGates runtimeClassName overhead enableServiceLinks topologySpreadConstraints os schedulingGates \
         resourceClaims resources hostnameOverride schedulingGroup",
    ),
    (
        "PodSecurityContext",
        "seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup \
         fsGroupChangePolicy sysctls seccompProfile appArmorProfile seLinuxChangePolicy",
    ),
    (
        "Volume",
        "name hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs persistentVolumeClaim rbd \
         quobyte flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap vsphereVolume azureDisk photonPersistentDisk \
         projected portworxVolume scaleIO storageos csi ephemeral image",
    ),
];

/// Members of a PodSpec that the internal type keeps in its security context, with whether they are pointers.
const HOST_FIELDS: &[(&str, bool)] =
    &[("hostNetwork", false), ("hostPID", false), ("hostIPC", false), ("shareProcessNamespace", true), ("hostUsers", true)];

/// Names that are not the JSON name with a capital.
const NAMES: &[(&str, &str)] = &[
    ("gcePersistentDisk", "GCEPersistentDisk"),
    ("awsElasticBlockStore", "AWSElasticBlockStore"),
    ("nfs", "NFS"),
    ("iscsi", "ISCSI"),
    ("rbd", "RBD"),
    ("cephfs", "CephFS"),
    ("fc", "FC"),
    ("storageos", "StorageOS"),
    ("csi", "CSI"),
    ("dnsPolicy", "DNSPolicy"),
    ("dnsConfig", "DNSConfig"),
    ("os", "OS"),
    ("tty", "TTY"),
    ("seLinuxOptions", "SELinuxOptions"),
    ("seLinuxChangePolicy", "SELinuxChangePolicy"),
    ("fsGroup", "FSGroup"),
    ("fsGroupChangePolicy", "FSGroupChangePolicy"),
    ("fsType", "FSType"),
    ("apiVersion", "APIVersion"),
    ("apiGroup", "APIGroup"),
    ("httpGet", "HTTPGet"),
    ("httpHeaders", "HTTPHeaders"),
    ("tcpSocket", "TCPSocket"),
    ("grpc", "GRPC"),
    ("ip", "IP"),
    ("uid", "UID"),
    ("pdName", "PDName"),
    ("gmsaCredentialSpecName", "GMSACredentialSpecName"),
    ("gmsaCredentialSpec", "GMSACredentialSpec"),
];

/// Pointers outside that are plain values inside.
const PLAIN: &[(&str, &str)] = &[("ServiceAccountTokenProjection", "expirationSeconds"), ("RollingUpdateStatefulSetStrategy", "partition")];
/// Numbers or percentages that are pointers inside as well.
const POINTERS: &[(&str, &str)] = &[
    ("RollingUpdateStatefulSetStrategy", "maxUnavailable"),
    ("PodDisruptionBudgetSpec", "minAvailable"),
    ("PodDisruptionBudgetSpec", "maxUnavailable"),
];

fn go_name(name: &str) -> String {
    if let Some((_, go)) = NAMES.iter().find(|(json, _)| *json == name) {
        return (*go).to_string();
    }
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// A struct of an internal type on one line.
pub fn internal(def: &str, object: &Value) -> String {
    Def::named(def).map(|def| internal_node(def, object).compact()).unwrap_or_default()
}

/// A struct of an internal type on many lines.
pub fn struct_lines(def: &str, object: &Value) -> String {
    Def::named(def).map(|def| internal_node(def, object).indented()).unwrap_or_default()
}

/// Some members of a struct of an internal type on many lines, in the order of `names`.
pub fn member_lines(def: &str, names: &str, object: &Value) -> String {
    let (Some(def), empty) = (Def::named(def), Map::new()) else { return String::new() };
    let members = object.as_object().unwrap_or(&empty);
    let fields = names.split(' ').filter_map(|name| def.field(name));
    Node::Members(fields.map(|field| (go_name(field.name), internal_field(def, field, members))).collect()).indented()
}

/// A Pod template: its metadata is part of it, its spec a member.
pub fn template(template: &Value) -> String {
    let empty = Value::Null;
    let mut members = match Def::named("ObjectMeta").map(|def| external_node(def, at(template, "metadata").unwrap_or(&empty))) {
        Some(Node::Members(members)) => members,
        _ => Vec::new(),
    };
    if let Some(def) = Def::named("PodSpec") {
        members.push(("Spec".to_string(), internal_node(def, at(template, "spec").unwrap_or(&empty))));
    }
    Node::Members(members).compact()
}

fn internal_node(def: Def, object: &Value) -> Node {
    let empty = Map::new();
    let members = object.as_object().unwrap_or(&empty);
    let mut out = Vec::new();
    let one = |field: Field| (go_name(field.name), internal_field(def, field, members));
    match ORDERS.iter().find(|(name, _)| *name == def.name) {
        Some((_, order)) => out.extend(order.split(' ').filter_map(|name| def.field(name)).map(one)),
        None => out.extend(def.fields().map(one)),
    }
    Node::Members(out)
}

fn internal_field(def: Def, field: Field, members: &Map<String, Value>) -> Node {
    let given = members.get(field.name).filter(|value| !value.is_null());
    if def.name == "PodSpec" && field.name == "securityContext" {
        return security_context(given, members);
    }
    match given {
        Some(value) => internal_value(field.ty, value),
        None => zero(def, field),
    }
}

/// The internal security context begins with what the external spec has beside it.
fn security_context(given: Option<&Value>, spec: &Map<String, Value>) -> Node {
    let hosts = HOST_FIELDS.iter().any(|(name, _)| spec.contains_key(*name));
    let (Some(def), true) = (Def::named("PodSecurityContext"), given.is_some() || hosts) else {
        return Node::Raw("null".to_string());
    };
    let mut members: Vec<(String, Node)> = HOST_FIELDS
        .iter()
        .map(|(name, pointer)| {
            let none = if *pointer { "null" } else { "false" };
            (go_name(name), Node::Raw(spec.get(*name).map_or_else(|| none.to_string(), json::compact)))
        })
        .collect();
    if let Node::Members(rest) = internal_node(def, given.unwrap_or(&Value::Null)) {
        members.extend(rest);
    }
    Node::Members(members)
}

fn internal_value(ty: Type, value: &Value) -> Node {
    match (ty.shape(), value) {
        // These have no internal type of their own.
        (Shape::Struct(def), _) if matches!(def.name, "LabelSelector" | "ObjectMeta") => external_node(def, value),
        (Shape::Struct(def), _) => internal_node(def, value),
        (Shape::Array(inner), Value::Array(items)) => Node::List(items.iter().map(|item| internal_value(inner, item)).collect()),
        (Shape::Map(inner), Value::Object(members)) => {
            Node::Members(members.iter().map(|(name, member)| (name.clone(), internal_value(inner, member))).collect())
        }
        _ => Node::Raw(json::compact(value)),
    }
}

fn zero(def: Def, field: Field) -> Node {
    let plain = PLAIN.contains(&(def.name, field.name));
    if field.pointer() && !plain || POINTERS.contains(&(def.name, field.name)) {
        return Node::Raw("null".to_string());
    }
    Node::Raw(
        match field.ty.shape() {
            Shape::Struct(inner) if field.always_written() => return internal_node(inner, &Value::Null),
            Shape::String => "\"\"",
            Shape::Int32 | Shape::Int64 | Shape::Number | Shape::IntOrString => "0",
            Shape::Boolean => "false",
            Shape::Quantity if field.always_written() => "\"0\"",
            _ => "null",
        }
        .to_string(),
    )
}
