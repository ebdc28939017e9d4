//! A Pod's ServiceAccount and the token mounted for it. Models kubernetes `plugin/pkg/admission/serviceaccount`.

use alloc::string::ToString;
use serde_json::{Value, json};

use crate::api::server::Api;
use crate::api::status::Status;
use crate::object::Object;
use crate::object::resources::{PODS, SERVICE_ACCOUNTS};
use crate::object::value::{at, items_at, set, text_at};

/// Where the token is mounted.
const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Names the account, and mounts its token where nothing says otherwise.
pub fn admit(api: &Api, pod: &mut Object) -> Result<(), Status> {
    // Mirror Pods of static Pods have no account.
    if pod.meta.annotation("kubernetes.io/config.mirror").is_some() {
        return Ok(());
    }
    let name = pod.text_at("/spec/serviceAccountName");
    let name = if name.is_empty() { "default".to_string() } else { name.to_string() };
    let namespace = pod.namespace().to_string();
    let account = api.find(SERVICE_ACCOUNTS, &namespace, &name).cloned();
    // A new namespace has its default account as soon as anybody could look.
    if account.is_none() && name != "default" {
        let why = alloc::format!("error looking up service account {namespace}/{name}: serviceaccount \"{name}\" not found");
        return Err(Status::forbidden(PODS, pod.name(), &why));
    }
    let says = |path: &str| account.as_ref().and_then(|account| account.at(path));
    let own = pod.at("/spec/automountServiceAccountToken").and_then(Value::as_bool);
    let mounts = own.or_else(|| says("/automountServiceAccountToken").and_then(Value::as_bool)).unwrap_or(true);
    let volume = ["kube-api-access-", &super::dice(api, pod, "token").name(5)].concat();
    let spec = pod.field_mut("spec");
    set(spec, "serviceAccountName", name.as_str());
    set(spec, "serviceAccount", name.as_str());
    if items_at(spec, "imagePullSecrets").is_empty()
        && let Some(secrets) = says("/imagePullSecrets").filter(|secrets| secrets.is_array())
    {
        set(spec, "imagePullSecrets", secrets.clone());
    }
    if mounts {
        mount_token(spec, &volume);
    }
    Ok(())
}

/// Adds the projected volume and mounts it in every container that has nothing at that path.
fn mount_token(spec: &mut Value, name: &str) {
    let mounted = |container: &Value| items_at(container, "volumeMounts").iter().any(|mount| text_at(mount, "mountPath") == TOKEN_PATH);
    let mut used = false;
    for list in ["initContainers", "containers"] {
        let Some(containers) = spec.get_mut(list).and_then(Value::as_array_mut) else { continue };
        for container in containers.iter_mut().filter(|container| !mounted(container)) {
            let mount = json!({"name": name, "readOnly": true, "mountPath": TOKEN_PATH});
            push(container, "volumeMounts", mount);
            used = true;
        }
    }
    if used {
        push(spec, "volumes", token_volume(name));
    }
}

fn push(holder: &mut Value, list: &str, item: Value) {
    if at(holder, list).is_none_or(|list| !list.is_array()) {
        set(holder, list, json!([]));
    }
    if let Some(items) = holder.get_mut(list).and_then(Value::as_array_mut) {
        items.push(item);
    }
}

fn token_volume(name: &str) -> Value {
    json!({"name": name, "projected": {"defaultMode": 420, "sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
    ]}})
}
