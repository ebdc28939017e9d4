//! What a kind's schema says of its parts to server-side apply, be the schema the server's own or that of a
//! CustomResourceDefinition. Models apimachinery `util/managedfields` and `pkg/util/openapi` of kube-aggregator.

use alloc::vec::Vec;
use serde_json::Value;

use crate::object::schema::{Def, Field, ListType, Shape};
use crate::object::value::{at, bool_at, items_at, map_at, text_at};

/// Something with fields.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'a> {
    /// A struct of the server's own.
    Def(Def),
    /// An object of a custom kind, by its whole schema.
    Root(&'a Value),
    /// An object within one.
    Custom(&'a Value),
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// Of the server's own.
    Field(Field),
    /// Of a custom kind, by its schema.
    Custom(&'a Value),
}

impl<'a> Holder<'a> {
    /// The field with this name. What all objects have is the server's own everywhere.
    pub fn field(self, name: &str) -> Option<Part<'a>> {
        match self {
            Holder::Def(def) => def.field(name).map(Part::Field),
            Holder::Root(_) if name == "metadata" => Def::named("Pod")?.field(name).map(Part::Field),
            Holder::Root(schema) | Holder::Custom(schema) => map_at(schema, "properties")?.get(name).map(Part::Custom),
        }
    }

    /// Whether it is taken as a whole.
    pub fn atomic(self) -> bool {
        match self {
            Holder::Def(def) => def.atomic(),
            Holder::Root(schema) | Holder::Custom(schema) => text_at(schema, "x-kubernetes-map-type") == "atomic",
        }
    }

    /// Whether it is the object itself.
    pub fn is_root(self) -> bool {
        matches!(self, Holder::Root(_))
    }

    /// Whether fields may be there that the schema does not name.
    pub fn open(self) -> bool {
        match self {
            Holder::Def(_) => false,
            Holder::Root(schema) | Holder::Custom(schema) => bool_at(schema, "x-kubernetes-preserve-unknown-fields"),
        }
    }
}

impl<'a> Part<'a> {
    /// Whether Go writes the field even when it is empty.
    pub fn always_written(self) -> bool {
        matches!(self, Part::Field(field) if field.always_written())
    }

    /// How a list is merged.
    pub fn list_type(self) -> ListType {
        match self {
            Part::Field(field) => field.list_type(),
            Part::Custom(schema) => match text_at(schema, "x-kubernetes-list-type") {
                "set" => ListType::Set,
                "map" => ListType::Map,
                _ => ListType::Atomic,
            },
        }
    }

    /// The keys by which the elements of a list are told apart.
    pub fn list_keys(self) -> Vec<&'a str> {
        match self {
            Part::Field(field) => field.list_keys().collect(),
            Part::Custom(schema) => items_at(schema, "x-kubernetes-list-map-keys").iter().filter_map(Value::as_str).collect(),
        }
    }

    /// What a key is where an element does not say.
    pub fn default_of(self, key: &str) -> Option<Value> {
        match self {
            Part::Field(_) => (key == "protocol").then(|| "TCP".into()),
            Part::Custom(schema) => map_at(schema, "items/properties")?.get(key)?.get("default").cloned(),
        }
    }
}

/// How a value is taken apart.
pub enum Kind<'a> {
    /// As a whole.
    Whole,
    /// A struct.
    Struct(Holder<'a>),
    /// A map; structs when there is a definition.
    Map(Option<Holder<'a>>),
    /// A list that is merged.
    List(Option<Holder<'a>>),
}

/// How the value of a field is taken apart.
pub fn kind<'a>(part: Option<Part<'a>>, value: &Value) -> Kind<'a> {
    let field = match part {
        None => return if value.is_object() { Kind::Map(None) } else { Kind::Whole },
        Some(Part::Custom(schema)) => return custom(schema, value),
        Some(Part::Field(field)) => field,
    };
    match (field.ty.shape(), value) {
        (Shape::Struct(def), Value::Object(_)) if !def.atomic() && !field.atomic() => Kind::Struct(Holder::Def(def)),
        (Shape::Map(_), Value::Object(_)) if !field.atomic() => Kind::Map(field.ty.inner_struct().map(Holder::Def)),
        (Shape::Array(_), Value::Array(_)) if field.list_type() != ListType::Atomic => Kind::List(field.ty.inner_struct().map(Holder::Def)),
        _ => Kind::Whole,
    }
}

fn custom<'a>(schema: &'a Value, value: &Value) -> Kind<'a> {
    let fields = |inner: &'a Value| Some(inner).filter(|inner| map_at(inner, "properties").is_some()).map(Holder::Custom);
    match value {
        Value::Object(_) if text_at(schema, "x-kubernetes-map-type") == "atomic" => Kind::Whole,
        Value::Object(_) => match (fields(schema), at(schema, "additionalProperties")) {
            (Some(holder), _) => Kind::Struct(holder),
            (None, Some(inner)) => Kind::Map(fields(inner)),
            (None, None) => Kind::Map(None),
        },
        Value::Array(_) if matches!(text_at(schema, "x-kubernetes-list-type"), "set" | "map") => {
            Kind::List(schema.get("items").and_then(fields))
        }
        _ => Kind::Whole,
    }
}
