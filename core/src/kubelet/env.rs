//! The environment of a container: literals, references, ConfigMaps, Secrets, the downward API and Services.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::worker::{Desk, Worker};
use crate::api::Api;
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::resources::{CONFIG_MAPS, SECRETS, SERVICES};
use crate::object::value::{at, bool_at, get, i64_at, items_at, pairs_at, str_at, text_at};

/// Name and value.
pub type Pair = (String, String);

/// What Services put into the environment of a namespace's Pods; forgotten when Services change.
#[derive(Clone, Debug, Default)]
pub struct ServiceEnv {
    by_namespace: BTreeMap<Rc<str>, Rc<Vec<Pair>>>,
}

impl ServiceEnv {
    /// Services have changed.
    pub fn clear(&mut self) {
        self.by_namespace.clear();
    }

    /// The variables for a namespace. Models `pkg/kubelet/envvars`.
    pub fn of(&mut self, api: &Api, namespace: &Rc<str>) -> Rc<Vec<Pair>> {
        if let Some(known) = self.by_namespace.get(namespace) {
            return known.clone();
        }
        let mut pairs = Vec::new();
        let master = api.find(SERVICES, "default", "kubernetes");
        for service in api.list(SERVICES, Some(namespace)).chain(master.filter(|_| &**namespace != "default")) {
            add_service(service, &mut pairs);
        }
        let pairs = Rc::new(pairs);
        self.by_namespace.insert(namespace.clone(), pairs.clone());
        pairs
    }
}

fn add_service(service: &Object, pairs: &mut Vec<Pair>) {
    let ip = service.text_at("/spec/clusterIP");
    if ip.is_empty() || ip == "None" {
        return;
    }
    let prefix = service.name().to_ascii_uppercase().replace('-', "_");
    let mut put = |rest: &str, value: String| pairs.push(([prefix.as_str(), rest].concat(), value));
    put("_SERVICE_HOST", ip.to_string());
    for (i, port) in service.items_at("/spec/ports").iter().enumerate() {
        let number = i64_at(port, "port").unwrap_or(0).to_string();
        if i == 0 {
            put("_SERVICE_PORT", number.clone());
        }
        let name = text_at(port, "name");
        if !name.is_empty() {
            put(&["_SERVICE_PORT_", &name.to_ascii_uppercase().replace('-', "_")].concat(), number.clone());
        }
    }
    for (i, port) in service.items_at("/spec/ports").iter().enumerate() {
        let number = i64_at(port, "port").unwrap_or(0).to_string();
        let protocol = str_at(port, "protocol").unwrap_or("TCP");
        let url = [&protocol.to_ascii_lowercase(), "://", ip, ":", &number].concat();
        if i == 0 {
            put("_PORT", url.clone());
        }
        let base = ["_PORT_", &number, "_", protocol].concat();
        put(&base, url);
        put(&[base.as_str(), "_PROTO"].concat(), protocol.to_ascii_lowercase());
        put(&[base.as_str(), "_PORT"].concat(), number);
        put(&[base.as_str(), "_ADDR"].concat(), ip.to_string());
    }
}

/// Fills in `$(NAME)`; `$$` is a dollar sign and unknown names stay. Models `third_party/forked/golang/expansion`.
pub fn expand(text: &str, env: &[Pair]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|r| r.split_once(')')) {
            match env.iter().rev().find(|(n, _)| n == name) {
                Some((_, value)) => out.push_str(value),
                None => out.push_str(&["$(", name, ")"].concat()),
            }
            rest = after;
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
    out
}

impl Worker {
    /// Works out a container's environment and keeps it for its start.
    ///
    /// # Errors
    /// Reason and text, when something that is referred to is missing.
    pub fn prepare_env(&mut self, slot: usize, d: &mut Desk<'_, '_>) -> Result<(), (&'static str, String)> {
        let Some(s) = self.slots.get(slot) else { return Ok(()) };
        let spec = self.spec(s);
        let services = match self.pod.at("/spec/enableServiceLinks").and_then(Value::as_bool) {
            Some(false) => None,
            _ => Some(d.services.of(d.cx.api, &self.key.namespace)),
        };
        let own = items_at(spec, "env");
        if own.is_empty() && items_at(spec, "envFrom").is_empty() {
            let env = services.unwrap_or_default();
            if let Some(s) = self.slots.get_mut(slot) {
                s.next_env = env;
            }
            return Ok(());
        }
        let mut env: Vec<Pair> = Vec::new();
        for source in items_at(spec, "envFrom") {
            from_source(d.cx.api, &self.key.namespace, source, &mut env)?;
        }
        let mut seen: Vec<Pair> = services.iter().flat_map(|s| s.iter().cloned()).chain(env.iter().cloned()).collect();
        for variable in own {
            let name = text_at(variable, "name");
            let value = match get(variable, "valueFrom") {
                None => Some(expand(text_at(variable, "value"), &seen)),
                Some(from) => self.value_from(from, spec, &d.node.ip, d.cx.api)?,
            };
            if let Some(value) = value {
                seen.push((name.to_string(), value.clone()));
                put(&mut env, name, value);
            }
        }
        for (name, value) in services.iter().flat_map(|s| s.iter()) {
            if !env.iter().any(|(n, _)| n == name) {
                env.push((name.clone(), value.clone()));
            }
        }
        if let Some(s) = self.slots.get_mut(slot) {
            s.next_env = Rc::new(env);
        }
        Ok(())
    }

    fn value_from(&self, from: &Value, container: &Value, host: &str, api: &Api) -> Result<Option<String>, (&'static str, String)> {
        if let Some(field) = at(from, "fieldRef/fieldPath").and_then(Value::as_str) {
            return Ok(Some(self.field(field, host)));
        }
        if let Some(resource) = get(from, "resourceFieldRef") {
            return Ok(Some(self.resource_field(resource, container, api)));
        }
        for (key, resource, word) in [("configMapKeyRef", CONFIG_MAPS, "configmap"), ("secretKeyRef", SECRETS, "secret")] {
            let Some(reference) = get(from, key) else { continue };
            let (name, item) = (text_at(reference, "name"), text_at(reference, "key"));
            let optional = bool_at(reference, "optional");
            let Some(object) = api.find(resource, &self.key.namespace, name) else {
                return if optional { Ok(None) } else { Err(("CreateContainerConfigError", alloc::format!("{word} {name:?} not found"))) };
            };
            return match data_of(object, item) {
                Some(text) => Ok(Some(text)),
                None if optional => Ok(None),
                None => {
                    let kind = if word == "secret" { "Secret" } else { "ConfigMap" };
                    Err(("CreateContainerConfigError", alloc::format!("couldn't find key {item} in {kind} {}/{name}", self.key.namespace)))
                }
            };
        }
        Ok(None)
    }

    /// The value of a field of the Pod, as the downward API gives it.
    pub fn field(&self, path: &str, host: &str) -> String {
        let pod = &self.pod;
        let quoted = |prefix: &str| path.strip_prefix(prefix).and_then(|p| p.strip_suffix("']"));
        if let Some(key) = quoted("metadata.labels['") {
            return pod.meta.label(key).unwrap_or_default().to_string();
        }
        if let Some(key) = quoted("metadata.annotations['") {
            return pod.meta.annotation(key).unwrap_or_default().to_string();
        }
        let lines =
            |pairs: &BTreeMap<String, String>| pairs.iter().map(|(k, v)| alloc::format!("{k}={v:?}")).collect::<Vec<_>>().join("\n");
        match path {
            "metadata.name" => pod.name().to_string(),
            "metadata.namespace" => pod.namespace().to_string(),
            "metadata.uid" => pod.meta.uid.to_string(),
            "metadata.labels" => lines(&pod.meta.labels),
            "metadata.annotations" => lines(&pod.meta.annotations),
            "spec.nodeName" => self.node.to_string(),
            "spec.serviceAccountName" => pod.text_at("/spec/serviceAccountName").to_string(),
            "status.hostIP" | "status.hostIPs" => host.to_string(),
            "status.podIP" | "status.podIPs" => self.ip.to_string(),
            _ => String::new(),
        }
    }

    /// The value of a container's request or limit, as the downward API gives it.
    pub fn resource_field(&self, reference: &Value, container: &Value, api: &Api) -> String {
        let named = text_at(reference, "containerName");
        let container = self.slots.iter().find(|s| &*s.name == named).map_or(container, |s| self.spec(s));
        let resource = text_at(reference, "resource");
        let (kind, name) = resource.split_once('.').unwrap_or(("limits", resource));
        let asked = at(container, "resources").and_then(|r| at(r, kind)).and_then(|l| get(l, name)).and_then(Value::as_str);
        let node = api.find(crate::object::resources::NODES, "", &self.node);
        let whole = node.and_then(|n| n.at("/status/allocatable")).and_then(|a| get(a, name)).and_then(Value::as_str);
        let quantity = asked.or(whole.filter(|_| kind == "limits")).and_then(|t| Quantity::parse(t).ok()).unwrap_or(Quantity::ZERO);
        let divisor = str_at(reference, "divisor").and_then(|t| Quantity::parse(t).ok()).filter(|q| !q.is_zero());
        let unit = divisor.unwrap_or_else(|| Quantity::from_millis(1000));
        let (n, by) = (quantity.milli_value(), unit.milli_value().max(1));
        n.saturating_add(by - 1).checked_div(by).unwrap_or(0).to_string()
    }
}

fn put(env: &mut Vec<Pair>, name: &str, value: String) {
    match env.iter_mut().find(|(n, _)| n == name) {
        Some(pair) => pair.1 = value,
        None => env.push((name.to_string(), value)),
    }
}

fn from_source(api: &Api, namespace: &str, source: &Value, env: &mut Vec<Pair>) -> Result<(), (&'static str, String)> {
    let prefix = text_at(source, "prefix");
    for (key, resource, word) in [("configMapRef", CONFIG_MAPS, "configmap"), ("secretRef", SECRETS, "secret")] {
        let Some(reference) = get(source, key) else { continue };
        let name = text_at(reference, "name");
        let Some(object) = api.find(resource, namespace, name) else {
            if bool_at(reference, "optional") {
                continue;
            }
            return Err(("CreateContainerConfigError", alloc::format!("{word} {name:?} not found")));
        };
        for (k, v) in entries(object) {
            put(env, &[prefix, &k].concat(), v);
        }
    }
    Ok(())
}

/// Every entry of a ConfigMap or Secret as text.
pub fn entries(object: &Object) -> Vec<Pair> {
    let data = object.field("data").map(|d| pairs_at(d, "")).into_iter().flatten();
    let secret = object.ty.kind == "Secret";
    let mut all: Vec<Pair> = data.map(|(k, v)| (k.to_string(), if secret { decode(v) } else { v.to_string() })).collect();
    let binary = object.field("binaryData").map(|d| pairs_at(d, "")).into_iter().flatten();
    all.extend(binary.map(|(k, v)| (k.to_string(), decode(v))));
    all
}

/// One entry of a ConfigMap or Secret as text.
pub fn data_of(object: &Object, key: &str) -> Option<String> {
    entries(object).into_iter().find(|(k, _)| k == key).map(|(_, v)| v)
}

fn decode(text: &str) -> String {
    let bytes = crate::text::base64::decode(text).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
