//! The API server as programs in the cluster reach it over the network, by the token of their ServiceAccount: what it lets
//! them read. Never: writing, which is kubectl's.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::answers::page;
use crate::api::Api;
use crate::api::authorize::{Asker, Deed};
use crate::api::network::{NetAnswer, NetRequest};
use crate::api::registry::Resource;
use crate::api::status::Status;
use crate::object::struct_order;
use crate::text::{base64, json};

const VERSION: &str = "{\"major\":\"1\",\"minor\":\"36\",\"emulationMajor\":\"1\",\"emulationMinor\":\"36\",\"minCompatibilityMajor\":\"1\",\"minCompatibilityMinor\":\"35\",\"gitVersion\":\"v1.36.2\",\"gitTreeState\":\"clean\",\"goVersion\":\"go1.26.6\",\"compiler\":\"gc\",\"platform\":\"linux/amd64\"}";
const VERSIONS: &str = "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],\"serverAddressByClientCIDRs\":[{\"clientCIDR\":\"0.0.0.0/0\",\"serverAddress\":\"192.168.1.10:6443\"}]}";

/// What the API server answers.
pub fn answer(api: &Api, request: &NetRequest) -> NetAnswer {
    if !request.http {
        return NetAnswer::Open;
    }
    let (status, body) = match asker(&request.bearer).ok_or_else(unauthorized).and_then(|who| read(api, &who, &request.path)) {
        Ok(text) => (200, text),
        Err(refusal) => (refusal.code, told(&refusal)),
    };
    let plain = !body.starts_with('{');
    page(status, "", if plain { "text/plain" } else { "application/json" }, if plain { body } else { json::pretty(&body) })
}

/// A refusal as the server sends it, its fields in their order.
fn told(refusal: &Status) -> String {
    let value = refusal.to_value();
    let field = |name: &str| value.get(name).map(json::compact).unwrap_or_default();
    let names = ["kind", "apiVersion", "metadata", "status", "message", "reason", "details", "code"];
    let fields: Vec<String> = names.iter().map(|name| alloc::format!("\"{name}\":{}", field(name))).collect();
    ["{", &fields.join(","), "}"].concat()
}

/// Who a token is of: nobody without one, and `None` if it is none.
fn asker(bearer: &str) -> Option<Asker> {
    if bearer.is_empty() {
        return Some(Asker { user: "system:anonymous".to_string(), groups: Vec::new() });
    }
    let claims = base64::decode_url(bearer.split('.').nth(1)?).ok()?;
    let claims = json::parse(core::str::from_utf8(&claims).ok()?).ok()?;
    let user = claims.get("sub")?.as_str()?;
    Some(Asker { user: user.to_string(), groups: Vec::new() })
}

fn unauthorized() -> Status {
    Status { code: 401, reason: "Unauthorized", ..Status::bad_request("Unauthorized") }
}

fn not_found() -> Status {
    Status { code: 404, reason: "NotFound", ..Status::bad_request("the server could not find the requested resource") }
}

/// What somebody may read at a path.
fn read(api: &Api, who: &Asker, path: &str) -> Result<String, Status> {
    let bare = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = bare.split('/').filter(|part| !part.is_empty()).collect();
    let fixed = match parts.as_slice() {
        ["healthz" | "livez" | "readyz"] => Some("ok"),
        ["version"] => Some(VERSION),
        ["api"] => Some(VERSIONS),
        ["api", _, _, ..] | ["apis", _, _, _, ..] => None,
        _ => Some(""),
    };
    if let Some(text) = fixed {
        let deed = Deed { verb: "get", path: bare, ..Deed::default() };
        api.may(who, &deed).map_err(|_| {
            let why = alloc::format!("forbidden: User \"{}\" cannot get path \"{bare}\"", who.user);
            Status { code: 403, reason: "Forbidden", ..Status::bad_request(why) }
        })?;
        return if text.is_empty() { Err(not_found()) } else { Ok(text.to_string()) };
    }
    let (group, rest) = match parts.as_slice() {
        ["api", _, rest @ ..] => ("", rest),
        ["apis", group, _, rest @ ..] => (*group, rest),
        _ => return Err(not_found()),
    };
    let (namespace, rest) = match rest {
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (*namespace, rest),
        rest => ("", rest),
    };
    let (plural, name) = match rest {
        [plural] => (*plural, ""),
        [plural, name] => (*plural, *name),
        _ => return Err(not_found()),
    };
    let row = api.registry.all().find(|row| row.plural == plural && row.group == group).ok_or_else(not_found)?;
    let key = row.key();
    let verb = if name.is_empty() { "list" } else { "get" };
    api.may(who, &Deed { verb, group, resource: plural, namespace, name, path: "" }).map_err(|_| {
        let scope =
            if namespace.is_empty() { "at the cluster scope".to_string() } else { alloc::format!("in the namespace \"{namespace}\"") };
        let why = alloc::format!("User \"{}\" cannot {verb} resource \"{plural}\" in API group \"{group}\" {scope}", who.user);
        Status::forbidden(&key, name, &why)
    })?;
    if name.is_empty() {
        let within = Some(namespace).filter(|namespace| !namespace.is_empty());
        let items: Vec<Value> = api.list(&key, within).map(|object| object.to_value()).collect();
        return Ok(list(row, &items));
    }
    let found = api.find(&key, namespace, name).ok_or_else(|| Status::not_found(&key, name))?;
    Ok(struct_order::compact(&found.to_value()))
}

/// A list as the server sends it, in which the items do not say what they are.
fn list(row: &Resource, items: &[Value]) -> String {
    let head = alloc::format!("{{\"kind\":\"{}\",\"apiVersion\":\"{}\",", row.kind, row.api_version());
    let items: Vec<String> = items
        .iter()
        .map(|item| {
            let text = struct_order::compact(item);
            text.strip_prefix(&head).map_or_else(|| text.clone(), |rest| ["{", rest].concat())
        })
        .collect();
    alloc::format!(
        "{{\"kind\":\"{}List\",\"apiVersion\":\"{}\",\"metadata\":{},\"items\":[{}]}}",
        row.kind,
        row.api_version(),
        json!({}),
        items.join(",")
    )
}
