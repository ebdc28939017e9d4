//! A place in a kind's schema, be it one of the server's own or that of a CustomResourceDefinition.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::words;
use crate::api::registry::Resource;
use crate::arrange::Arrange;
use crate::object::schema::{Def, Field};
use crate::object::value::{items_at, map_at, text_at};

/// A struct or a field of one.
#[derive(Clone)]
pub(super) enum Node {
    /// A struct of the server's own.
    Struct(Def),
    /// A field of one; the struct that it belongs to comes first.
    Field(Def, Field),
    /// A part of a CustomResourceDefinition's schema, with its name.
    Custom(String, Value),
}

impl Node {
    /// The kind of a resource.
    pub(super) fn of(row: &Resource) -> Option<Node> {
        match &row.custom {
            Some(schema) => Some(Node::Custom(String::new(), (**schema).clone())),
            None => row.def().map(Node::Struct),
        }
    }

    /// The fields below, by name.
    pub(super) fn fields(&self) -> Vec<(String, Node)> {
        match self {
            Node::Struct(def) => {
                let mut all: Vec<(String, Node)> = def.fields().map(|field| (field.name.to_string(), Node::Field(*def, field))).collect();
                all.arrange_by(|a, b| a.0.cmp(&b.0));
                all
            }
            Node::Field(_, field) => field.ty.inner_struct().map(|def| Node::Struct(def).fields()).unwrap_or_default(),
            Node::Custom(name, Value::Null) if name == "metadata" => {
                Def::named("ObjectMeta").map(|def| Node::Struct(def).fields()).unwrap_or_default()
            }
            Node::Custom(name, schema) => {
                let inner = inner(schema);
                let fields = map_at(inner, "/properties").into_iter().flatten();
                let mut all: Vec<(String, Node)> =
                    fields.map(|(name, part)| (name.clone(), Node::Custom(name.clone(), part.clone()))).collect();
                if name.is_empty() {
                    for field in ["apiVersion", "kind", "metadata"] {
                        all.retain(|(known, _)| known != field);
                        all.push((field.to_string(), Node::Custom(field.to_string(), Value::Null)));
                    }
                    all.arrange_by(|a, b| a.0.cmp(&b.0));
                }
                all
            }
        }
    }

    /// One field below.
    pub(super) fn field(&self, name: &str) -> Option<Node> {
        self.fields().into_iter().find(|(known, _)| known == name).map(|(_, node)| node)
    }

    /// The type as it is written: `[]Container`.
    pub(super) fn ty(&self) -> String {
        match self {
            Node::Struct(def) => def.short_name().to_string(),
            Node::Field(_, field) => field.ty.explain_name(),
            Node::Custom(name, Value::Null) if name == "metadata" => "ObjectMeta".to_string(),
            Node::Custom(_, Value::Null) => "string".to_string(),
            Node::Custom(_, schema) => custom_type(schema),
        }
    }

    /// The type as the older form writes it: structs have no names.
    pub(super) fn old_ty(&self) -> String {
        let ty = self.ty();
        let bare = ty.trim_start_matches("[]").trim_start_matches("map[string]");
        let scalar = matches!(bare, "string" | "integer" | "boolean" | "number");
        let text = matches!(bare, "Quantity" | "IntOrString");
        match scalar || text {
            true => ty.replace("Quantity", "string").replace("IntOrString", "string"),
            false => ty.replace(bare, "Object"),
        }
    }

    /// Whether it must be there in the struct that `parent` is.
    pub(super) fn required(&self, parent: &Node) -> bool {
        match (self, parent) {
            (Node::Field(_, field), _) => field.required(),
            (Node::Custom(name, _), Node::Custom(_, parent)) => {
                items_at(inner(parent), "/required").iter().any(|required| required.as_str() == Some(name))
            }
            _ => false,
        }
    }

    /// The values allowed.
    pub(super) fn allowed(&self) -> Vec<String> {
        match self {
            Node::Field(_, field) if !field.ty.is_array() => {
                field.allowed().map(|all| all.map(ToString::to_string).collect()).unwrap_or_default()
            }
            Node::Custom(_, schema) => items_at(schema, "/enum")
                .iter()
                .map(|value| value.as_str().map_or_else(|| value.to_string(), ToString::to_string))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// What it is, in a sentence; empty where a CustomResourceDefinition does not say.
    pub(super) fn about(&self, kind: &str) -> String {
        match self {
            Node::Struct(def) => words::of(def.short_name()).map_or_else(|| format!("The API object {kind}."), ToString::to_string),
            Node::Field(def, field) => {
                let key = [def.short_name(), ".", field.name].concat();
                words::of(&key)
                    .or_else(|| words::of(&[".", field.name].concat()))
                    .map_or_else(|| words::spelt(field.name, &self.ty()), ToString::to_string)
            }
            // What every kind has is described by the server and not by the definition.
            Node::Custom(name, Value::Null) => words::of(&[".", name].concat()).unwrap_or_default().to_string(),
            Node::Custom(_, schema) => text_at(schema, "/description").to_string(),
        }
    }

    /// The struct's name, which tells whether it holds itself.
    pub(super) fn struct_name(&self) -> Option<&'static str> {
        match self {
            Node::Struct(def) => Some(def.name),
            Node::Field(_, field) => field.ty.inner_struct().map(|def| def.name),
            Node::Custom(..) => None,
        }
    }
}

/// The schema of an array's or a map's elements, or the schema itself.
fn inner(schema: &Value) -> &Value {
    match (schema.get("items"), schema.get("additionalProperties")) {
        (Some(items), _) => inner(items),
        (None, Some(members)) if members.is_object() => inner(members),
        _ => schema,
    }
}

fn custom_type(schema: &Value) -> String {
    match text_at(schema, "/type") {
        "array" => ["[]", &schema.get("items").map(custom_type).unwrap_or_default()].concat(),
        "object" if schema.get("properties").is_none() => match schema.get("additionalProperties") {
            Some(members) if members.is_object() => ["map[string]", &custom_type(members)].concat(),
            _ => "Object".to_string(),
        },
        "object" => "Object".to_string(),
        "" => "Object".to_string(),
        other => other.to_string(),
    }
}
