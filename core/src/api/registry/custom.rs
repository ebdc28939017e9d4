//! Rows of kinds that a CustomResourceDefinition brings. Never: what their objects must look like (`custom`).

use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::Value;

use super::{Column, Resource, Subresource, Text};
use crate::object::value::{at, i64_at, items_at, map_at, text_at};

/// The row of one served version of a CustomResourceDefinition.
pub(super) fn row(definition: &Value, version: &Value) -> Resource {
    let text = |path: &str| Text::Owned(text_at(definition, path).to_string());
    // Of the names those that were accepted.
    let names = if at(definition, "/status/acceptedNames").is_some() { "/status/acceptedNames" } else { "/spec/names" };
    let named = |field: &str| Text::Owned(text_at(definition, &[names, field].concat()).to_string());
    let list = |field: &str| list_of(definition, &[names, field].concat());
    let name = Column { name: "Name".into(), ty: "string".into(), format: "name".into(), priority: 0, json_path: ".metadata.name".into() };
    let mut columns: Vec<Column> = items_at(version, "/additionalPrinterColumns").iter().map(column).collect();
    if columns.is_empty() {
        let age = ".metadata.creationTimestamp";
        columns.push(Column { name: "Age".into(), ty: "date".into(), format: "".into(), priority: 0, json_path: age.into() });
    }
    columns.insert(0, name);
    let parts = map_at(version, "/subresources");
    let has = |part: &str| parts.is_some_and(|parts| parts.contains_key(part));
    let mut subresources = Vec::new();
    for (part, kind) in [("status", text_at(definition, "/spec/names/kind")), ("scale", "Scale")] {
        if has(part) {
            subresources.push(Subresource { name: part.into(), kind: Text::Owned(kind.to_string()), letters: "gpu".into() });
        }
    }
    let schema = at(version, "/schema/openAPIV3Schema").cloned().unwrap_or(Value::Null);
    Resource {
        group: text("/spec/group"),
        version: Text::Owned(text_at(version, "/name").to_string()),
        kind: named("/kind"),
        plural: named("/plural"),
        singular: named("/singular"),
        short_names: list("/shortNames"),
        categories: list("/categories"),
        namespaced: text_at(definition, "/spec/scope") == "Namespaced",
        columns,
        subresources,
        custom: Some(Rc::new(schema)),
        letters: "cdDglpuw".into(),
    }
}

fn list_of(definition: &Value, path: &str) -> Vec<Text> {
    items_at(definition, path).iter().filter_map(|v| v.as_str()).map(|s| Text::Owned(s.to_string())).collect()
}

fn column(column: &Value) -> Column {
    let text = |path: &str| Text::Owned(text_at(column, path).to_string());
    let priority = i64_at(column, "/priority").unwrap_or(0);
    Column { name: text("/name"), ty: text("/type"), format: text("/format"), priority, json_path: text("/jsonPath") }
}
