//! ConfigMaps, Secrets and ServiceAccounts.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::Page;
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::or_none;
use crate::object::Object;
use crate::object::value::text_at;

/// Writes a ConfigMap.
pub fn config_map(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.labels(o);
    page.annotations(o);
    page.line("\nData\n====");
    for (key, value) in o.field("data").and_then(Value::as_object).into_iter().flatten() {
        page.line(&format!("{key}:\n----\n{}\n", value.as_str().unwrap_or_default()));
    }
    page.line("\nBinaryData\n====");
    for (key, value) in o.field("binaryData").and_then(Value::as_object).into_iter().flatten() {
        let bytes = crate::text::base64::decode(value.as_str().unwrap_or_default()).map_or(0, |b| b.len());
        page.line(&format!("{key}: {bytes} bytes"));
    }
    page.line("");
}

/// Writes a Secret, whose values stay secret.
pub fn secret(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.labels(o);
    page.annotations(o);
    page.line(&format!("\nType:\t{}", o.text_at("/type")));
    page.line("\nData\n====");
    for (key, value) in o.field("data").and_then(Value::as_object).into_iter().flatten() {
        let bytes = crate::text::base64::decode(value.as_str().unwrap_or_default()).unwrap_or_default();
        match key == "token" && o.text_at("/type") == "kubernetes.io/service-account-token" {
            true => page.line(&format!("{key}:\t{}", String::from_utf8_lossy(&bytes))),
            false => page.line(&format!("{key}:\t{} bytes", bytes.len())),
        }
    }
}

/// Writes a ServiceAccount.
pub fn service_account(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.labels(o);
    page.annotations(o);
    let secrets: Vec<&str> = o.items_at("/imagePullSecrets").iter().map(|s| text_at(s, "name")).collect();
    page.field(0, "Image pull secrets", &or_none(&secrets.join("\n                   \t")));
}
