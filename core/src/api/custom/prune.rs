//! Taking out of an object of a custom kind what its schema does not know. Models apiextensions-apiserver
//! `pkg/apiserver/schema/pruning` and `objectmeta`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::MAX_DEPTH;
use crate::object::schema::Def;
use crate::object::value::{at, bool_at, map_at};

/// Removes what the schema does not know and returns its paths, as strict decoding names them: `spec.foo`.
pub fn prune(schema: &Value, object: &mut Value) -> Vec<String> {
    let mut unknown = Vec::new();
    prune_at(schema, object, "", 0, &mut unknown);
    unknown.sort();
    unknown
}

fn prune_at(schema: &Value, value: &mut Value, path: &str, depth: usize, unknown: &mut Vec<String>) {
    let preserve = bool_at(schema, "/x-kubernetes-preserve-unknown-fields");
    let embedded = bool_at(schema, "/x-kubernetes-embedded-resource");
    if depth > MAX_DEPTH || preserve && !embedded && depth > 0 && map_at(schema, "/properties").is_none() {
        return;
    }
    match value {
        Value::Object(members) => {
            let properties = map_at(schema, "/properties");
            let extra = at(schema, "/additionalProperties");
            let mut gone = Vec::new();
            for (name, member) in members.iter_mut() {
                let inner_path = join(path, name);
                if depth == 0 || embedded {
                    match name.as_str() {
                        "apiVersion" | "kind" => continue,
                        "metadata" => {
                            meta(member, &inner_path, unknown);
                            continue;
                        }
                        _ => {}
                    }
                }
                match properties.and_then(|properties| properties.get(name)) {
                    Some(property) => prune_at(property, member, &inner_path, depth + 1, unknown),
                    None => match extra {
                        Some(inner) if inner.is_object() => prune_at(inner, member, &inner_path, depth + 1, unknown),
                        Some(Value::Bool(true)) => {}
                        _ if preserve => {}
                        _ => gone.push(name.clone()),
                    },
                }
            }
            for name in gone {
                members.remove(&name);
                unknown.push(join(path, &name));
            }
        }
        Value::Array(items) => {
            if let Some(inner) = schema.get("items") {
                for (number, item) in items.iter_mut().enumerate() {
                    prune_at(inner, item, &alloc::format!("{path}[{number}]"), depth + 1, unknown);
                }
            }
        }
        _ => {}
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { [path, ".", name].concat() }
}

/// The same for a value that stands inside of an object.
pub(super) fn inside(schema: &Value, value: &mut Value) -> Vec<String> {
    let mut unknown = Vec::new();
    prune_at(schema, value, "", 1, &mut unknown);
    unknown
}

/// What is no field of an object's metadata.
fn meta(value: &mut Value, path: &str, unknown: &mut Vec<String>) {
    let (Value::Object(members), Some(def)) = (value, Def::named("ObjectMeta")) else { return };
    let gone: Vec<String> = members.keys().filter(|name| def.field(name).is_none()).cloned().collect();
    for name in gone {
        members.remove(&name);
        unknown.push(join(path, &name));
    }
}
