//! What the server answers to a path, byte for byte: for `get --raw` and through `kubectl proxy`. Models the API server's
//! handlers for discovery, health and objects.

mod write;

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::api::registry::Resource;
use crate::api::{Answer, Params, Request, Server, Status, Verb};
use crate::arrange::Arrange;
use crate::object::patch::apply::complete;
use crate::object::struct_order;
use crate::text::json;

pub use write::{delete, send};

/// What the server answers to `/version`.
const VERSION: &str = r#"{
  "major": "1",
  "minor": "36",
  "emulationMajor": "1",
  "emulationMinor": "36",
  "minCompatibilityMajor": "1",
  "minCompatibilityMinor": "35",
  "gitVersion": "v1.36.2",
  "gitCommit": "0000000000000000000000000000000000000000",
  "gitTreeState": "clean",
  "buildDate": "2026-06-16T00:00:00Z",
  "goVersion": "go1.26.6",
  "compiler": "gc",
  "platform": "linux/amd64"
}"#;

/// What the server answers to `/api`.
const API: &str = "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],\"serverAddressByClientCIDRs\":[{\"clientCIDR\":\"0.0.0.0/0\",\"serverAddress\":\"192.168.1.10:6443\"}]}\n";

/// The checks that `?verbose` lists, in the server's order.
const CHECKS: &str = "ping log etcd poststarthook/start-apiserver-admission-initializer \
poststarthook/generic-apiserver-start-informers poststarthook/priority-and-fairness-config-consumer \
poststarthook/priority-and-fairness-filter poststarthook/storage-object-count-tracker-hook \
poststarthook/start-apiextensions-informers poststarthook/start-apiextensions-controllers poststarthook/crd-informer-synced \
poststarthook/start-system-namespaces-controller poststarthook/start-cluster-authentication-info-controller \
poststarthook/start-kube-apiserver-identity-lease-controller \
poststarthook/start-kube-apiserver-identity-lease-garbage-collector \
poststarthook/start-legacy-token-tracking-controller poststarthook/start-service-ip-repair-controllers \
poststarthook/rbac/bootstrap-roles poststarthook/scheduling/bootstrap-system-priority-classes \
poststarthook/priority-and-fairness-config-producer poststarthook/bootstrap-controller \
poststarthook/start-kubernetes-service-cidr-controller poststarthook/aggregator-reload-proxy-client-cert \
poststarthook/start-kube-aggregator-informers poststarthook/apiservice-status-local-available-controller \
poststarthook/apiservice-status-remote-available-controller poststarthook/apiservice-registration-controller \
poststarthook/apiservice-discovery-controller poststarthook/kube-apiserver-autoregistration autoregister-completion \
poststarthook/apiservice-openapi-controller poststarthook/apiservice-openapiv3-controller";

/// The text that the server answers with. `who` says for whom it is asked.
///
/// # Errors
/// The server's refusal.
pub fn answer(server: &mut dyn Server, path: &str, who: &Params) -> Result<String, Status> {
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = bare.split('/').filter(|part| !part.is_empty()).collect();
    Ok(match parts.as_slice() {
        [check @ ("healthz" | "livez" | "readyz")] => health(check, query),
        ["version"] => VERSION.to_string(),
        [] => json::indented(&json!({"paths": paths(server)})),
        ["api"] => API.to_string(),
        ["apis"] => groups(server) + "\n",
        ["apis", name] => group(server, name).ok_or_else(not_found)? + "\n",
        ["api", version] => resources(server, "", version).ok_or_else(not_found)? + "\n",
        ["apis", group, version] => resources(server, group, version).ok_or_else(not_found)? + "\n",
        ["api" | "apis", ..] => objects(server, bare, query, who)?,
        _ => return Err(not_found()),
    })
}

fn not_found() -> Status {
    let mut status = Status::not_found("", "");
    status.message = "the server could not find the requested resource".to_string();
    status
}

fn health(check: &str, query: &str) -> String {
    if !query.split('&').any(|part| part == "verbose" || part.starts_with("verbose=")) {
        return "ok".to_string();
    }
    let mut text = String::new();
    for name in CHECKS.split_whitespace() {
        text.push_str(&format!("[+]{name} ok\n"));
        let more: &[&str] = if check == "readyz" && name == "etcd" { &["etcd-readiness", "informer-sync"] } else { &[] };
        more.iter().for_each(|name| text.push_str(&format!("[+]{name} ok\n")));
    }
    if check == "readyz" {
        text.push_str("[+]shutdown ok\n");
    }
    text + check + " check passed\n"
}

/// The API groups with their versions, in the server's order.
fn versions(server: &dyn Server) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for row in server.api_ref().registry.all().filter(|row| !row.group.is_empty()) {
        match all.iter_mut().find(|(group, _)| *group == *row.group) {
            Some((_, versions)) if versions.iter().any(|version| *version == *row.version) => {}
            Some((_, versions)) => versions.push(row.version.to_string()),
            None => all.push((row.group.to_string(), alloc::vec![row.version.to_string()])),
        }
    }
    for (_, versions) in all.iter_mut().filter(|(group, _)| group == "autoscaling") {
        versions.push("v1".to_string());
    }
    all
}

fn paths(server: &dyn Server) -> Vec<String> {
    let mut all: Vec<String> = ["/.well-known/openid-configuration", "/api", "/api/v1", "/apis", "/apis/"].map(Into::into).to_vec();
    for (group, versions) in versions(server) {
        all.push(format!("/apis/{group}"));
        all.extend(versions.iter().map(|version| format!("/apis/{group}/{version}")));
    }
    all.extend(["/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version"].map(Into::into));
    all.arrange();
    all
}

fn group_text(group: &str, versions: &[String], head: &str) -> String {
    let one = |version: &String| format!("{{\"groupVersion\":\"{group}/{version}\",\"version\":\"{version}\"}}");
    let all: Vec<String> = versions.iter().map(one).collect();
    let preferred = all.first().cloned().unwrap_or_default();
    format!("{{{head}\"name\":\"{group}\",\"versions\":[{}],\"preferredVersion\":{preferred}}}", all.join(","))
}

fn groups(server: &dyn Server) -> String {
    let all: Vec<String> = versions(server).iter().map(|(group, versions)| group_text(group, versions, "")).collect();
    format!("{{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[{}]}}", all.join(","))
}

fn group(server: &dyn Server, name: &str) -> Option<String> {
    let all = versions(server);
    let (group, versions) = all.iter().find(|(group, _)| group == name)?;
    Some(group_text(group, versions, "\"kind\":\"APIGroup\",\"apiVersion\":\"v1\","))
}

/// The resources of a version of a group, each with its parts.
fn resources(server: &dyn Server, group: &str, version: &str) -> Option<String> {
    let mut all: Vec<String> = Vec::new();
    let served = if (group, version) == ("autoscaling", "v1") { "v2" } else { version };
    let mut rows: Vec<_> = server.api_ref().registry.all().filter(|row| row.group == group && row.version == served).collect();
    rows.arrange_by_key(|row| row.plural.to_string());
    for row in rows {
        all.push(entry(row, &row.plural, &row.singular, &row.kind, row.verbs().collect()));
        for sub in &row.subresources {
            all.push(entry(row, &format!("{}/{}", row.plural, sub.name), "", &sub.kind, sub.verbs().collect()));
        }
    }
    let api_version = if group.is_empty() { version.to_string() } else { format!("{group}/{version}") };
    let head = if group.is_empty() { "" } else { "\"apiVersion\":\"v1\"," };
    let list = all.join(",");
    (!all.is_empty()).then(|| format!("{{\"kind\":\"APIResourceList\",{head}\"groupVersion\":\"{api_version}\",\"resources\":[{list}]}}"))
}

fn entry(row: &Resource, name: &str, singular: &str, kind: &str, verbs: Vec<&str>) -> String {
    let list = |words: &[&str]| json::compact(&json!(words));
    let mut text = format!("{{\"name\":\"{name}\",\"singularName\":\"{singular}\",\"namespaced\":{},", row.namespaced);
    if kind == "Scale" {
        text.push_str("\"group\":\"autoscaling\",\"version\":\"v1\",");
    }
    text.push_str(&format!("\"kind\":\"{kind}\",\"verbs\":{}", list(&verbs)));
    let words = |all: &'_ [crate::api::registry::Text]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    for (key, all) in [("shortNames", words(&row.short_names)), ("categories", words(&row.categories))] {
        if !all.is_empty() && !singular.is_empty() {
            text.push_str(&format!(",\"{key}\":{}", json::compact(&json!(all))));
        }
    }
    text + "}"
}

/// What a path stands for.
struct Place {
    row: Rc<Resource>,
    namespace: String,
    /// Empty for all objects.
    name: String,
    /// The subresource; empty for the object itself.
    part: String,
}

/// What a path below a version of a group stands for.
fn place(server: &dyn Server, path: &str) -> Result<Place, Status> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (group, version, rest) = match parts.as_slice() {
        ["api", version, rest @ ..] => ("", *version, rest),
        ["apis", group, version, rest @ ..] => (*group, *version, rest),
        _ => return Err(not_found()),
    };
    let (namespace, rest) = match rest {
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() && !matches!(rest, ["status" | "finalize"]) => (*namespace, rest),
        rest => ("", rest),
    };
    let (plural, name, part) = match rest {
        [plural] => (*plural, "", ""),
        [plural, name] => (*plural, *name, ""),
        [plural, name, part] => (*plural, *name, *part),
        _ => return Err(not_found()),
    };
    let row = server.api_ref().registry.all().find(|row| row.plural == plural && row.group == group && row.version == version).cloned();
    let (namespace, name, part) = (namespace.to_string(), name.to_string(), part.to_string());
    row.map(|row| Place { row, namespace, name, part }).ok_or_else(not_found)
}

fn objects(server: &mut dyn Server, path: &str, query: &str, who: &Params) -> Result<String, Status> {
    let place = place(server, path)?;
    let verb = if place.name.is_empty() { Verb::List } else { Verb::Get };
    let mut request = Request::new(verb, &place.row.key(), &place.namespace, &place.name).with_subresource(&place.part);
    (request.params.user, request.params.groups) = (who.user.clone(), who.groups.clone());
    for (key, value) in query.split('&').filter_map(|part| part.split_once('=')) {
        let value = value.replace("%3D", "=").replace("%3d", "=").replace("%2C", ",").replace("%20", " ");
        match key {
            "labelSelector" => request.params.label_selector = value,
            "fieldSelector" => request.params.field_selector = value,
            _ => {}
        }
    }
    printed(&place.row, server.api().handle(request).result?, false).ok_or_else(not_found)
}

/// An answer as it goes over the wire. Of an object that is `gone` only the success is told.
fn printed(row: &Resource, answer: Answer, gone: bool) -> Option<String> {
    let custom = row.custom.is_some();
    let print = |value: &Value| if custom { json::compact(value) } else { struct_order::compact(value) };
    Some(match answer {
        Answer::Object(object) if gone => {
            let details = format!("{{\"name\":\"{}\",\"kind\":\"{}\",\"uid\":\"{}\"}}", object.name(), row.plural, object.meta.uid);
            format!("{{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{{}},\"status\":\"Success\",\"details\":{details}}}\n")
        }
        Answer::Object(object) => print(&complete(&object.to_value())) + "\n",
        Answer::Value(value) => print(&value) + "\n",
        Answer::List(objects, resource_version) => {
            let head = format!("{{\"kind\":\"{}\",\"apiVersion\":\"{}\",", row.kind, row.api_version());
            let items: Vec<String> = objects
                .iter()
                .map(|object| {
                    let text = print(&complete(&object.to_value()));
                    // Within a list of a built-in kind the items do not say what they are.
                    text.strip_prefix(&head).map_or(text.clone(), |rest| ["{", rest].concat())
                })
                .collect();
            format!(
                "{{\"kind\":\"{}List\",\"apiVersion\":\"{}\",\"metadata\":{{\"resourceVersion\":\"{resource_version}\"}},\"items\":[{}]}}\n",
                row.kind,
                row.api_version(),
                items.join(",")
            )
        }
    })
}
