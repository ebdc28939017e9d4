//! Decoding an object as Go's typed decoder does: what has the wrong type is refused, what no field knows is named,
//! and the rest is written back as Go would write it (empties left out, quantities canonical, structs that are always
//! there). Models sigs.k8s.io/json and apimachinery `runtime/converter.go`. Defaults and meaning are not here.

mod go_types;
mod scalar;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

use super::schema::{Def, Field, Shape, Type};
use super::value::is_empty;

/// The most unknown fields that one answer names.
const MAX_UNKNOWN: usize = 100;
/// How deep an object may be.
const MAX_DEPTH: usize = 200;

/// Whose texts are wanted for wrong types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Bodies and JSON patches: `json: cannot unmarshal string into Go struct field …`.
    Json,
    /// The result of a strategic merge patch: `unrecognized type: int32`.
    Unstructured,
}

/// A decoded object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// The object as Go would write it.
    pub value: Value,
    /// `unknown field "spec.foo"`, for each field that the definition does not have.
    pub unknown: Vec<String>,
}

impl Decoded {
    /// The text of strict decoding, when there was anything unknown.
    pub fn strict_error(&self) -> Option<String> {
        if self.unknown.is_empty() { None } else { Some(["strict decoding error: ", &self.unknown.join(", ")].concat()) }
    }
}

/// Decodes `body` as an object of `def`. The error is the decoder's text.
pub fn typed(def: Def, body: &Value, dialect: Dialect) -> Result<Decoded, String> {
    let mut decoder = Decoder { dialect, unknown: Vec::new(), path: Vec::new(), index: Vec::new(), error: None, stopped: false, depth: 0 };
    let value = decoder.object(def, body);
    if dialect == Dialect::Unstructured {
        decoder.unknown.sort();
    }
    match decoder.error {
        Some(error) => Err(error),
        None => Ok(Decoded { value, unknown: decoder.unknown }),
    }
}

/// The text with which the API server refuses a body: `Pod in version "v1" cannot be handled as a Pod: …`.
pub fn cannot_be_handled(version: &str, kind: &str, why: &str) -> String {
    format!("{kind} in version \"{version}\" cannot be handled as a {kind}: {why}")
}

/// A step on the way from the root, for the texts of unknown fields.
enum Step<'a> {
    Name(&'a str),
    Number(usize),
}

struct Decoder<'a> {
    dialect: Dialect,
    unknown: Vec<String>,
    /// Names of fields from the root, as error texts of wrong types give them.
    path: Vec<&'static str>,
    /// The same with numbers and members, as texts of unknown fields give them.
    index: Vec<Step<'a>>,
    error: Option<String>,
    /// Whether decoding ended at `error`, which then counts more than any before.
    stopped: bool,
    depth: usize,
}

/// Where a scalar stands, for the texts.
#[derive(Clone, Copy)]
struct Place {
    def: Def,
    field: Field,
}

impl<'a> Decoder<'a> {
    /// A value that is left out; the first of them is told in the end.
    fn fail(&mut self, text: String) {
        self.error.get_or_insert(text);
    }

    /// A value that decodes itself and could not: decoding ends here.
    fn stop(&mut self, text: String) {
        if !self.stopped {
            self.error = Some(text);
            self.stopped = true;
        }
    }

    /// A whole struct.
    fn object(&mut self, def: Def, body: &'a Value) -> Value {
        let members = body.as_object();
        if self.depth > MAX_DEPTH {
            self.fail("exceeded max depth".to_string());
            return Value::Null;
        }
        self.depth += 1;
        // JSON is read in the order in which it is written, which is by name.
        let mut out = Map::new();
        for (name, given) in members.into_iter().flatten() {
            match def.field(name) {
                None if self.unknown.len() < MAX_UNKNOWN => {
                    let text = format!("unknown field \"{}\"", self.named(name));
                    self.unknown.push(text);
                }
                Some(field) if self.dialect == Dialect::Json => {
                    if let Some(value) = self.member(def, field, given) {
                        out.insert(field.name.to_string(), value);
                    }
                }
                _ => {}
            }
        }
        let all = self.dialect == Dialect::Unstructured;
        for field in def.fields_to_write(all) {
            let given = members.and_then(|members| members.get(field.name));
            if given.is_some() && !all {
                continue;
            }
            let given = given.unwrap_or(&Value::Null);
            if let Some(value) = self.member(def, field, given) {
                out.insert(field.name.to_string(), value);
            }
        }
        self.depth -= 1;
        Value::Object(out)
    }

    /// One field: what Go would write, or nothing.
    fn member(&mut self, def: Def, field: Field, given: &'a Value) -> Option<Value> {
        if given.is_null() {
            return if field.always_written() { self.zero(field) } else { None };
        }
        self.path.push(field.name);
        self.index.push(Step::Name(field.name));
        let shape = field.ty.shape();
        let value = self.value(Place { def, field }, (field.ty, shape), given);
        self.path.pop();
        self.index.pop();
        let keep = match shape {
            Shape::Struct(_) | Shape::Free | Shape::Any | Shape::IntOrString | Shape::Quantity => !value.is_null(),
            Shape::Array(_) | Shape::Map(_) => field.always_written() || !is_empty(&value),
            _ => field.always_written() || field.pointer() || !is_empty(&value),
        };
        keep.then_some(value)
    }

    /// What Go writes for a field that is always there and was not given.
    fn zero(&mut self, field: Field) -> Option<Value> {
        Some(match field.ty.shape() {
            Shape::Struct(def) if def.name == "LabelSelector" && field.required() => return None,
            Shape::Struct(def) => self.object(def, &Value::Null),
            Shape::String if field.pointer() => Value::Null,
            Shape::String | Shape::Bytes => "".into(),
            Shape::Int32 | Shape::Int64 | Shape::Number | Shape::IntOrString => 0.into(),
            Shape::Boolean => false.into(),
            Shape::Quantity => "0".into(),
            _ => Value::Null,
        })
    }

    /// A value of a type, which comes with what it is.
    fn value(&mut self, place: Place, (ty, shape): (Type, Shape), given: &'a Value) -> Value {
        match shape {
            Shape::Struct(def) => match given {
                Value::Object(_) => self.object(def, given),
                Value::Null => Value::Null,
                _ => self.wrong(place, ty, given),
            },
            Shape::Array(inner) => match given {
                Value::Array(items) => Value::Array(self.items(place, inner, items)),
                Value::Null => Value::Null,
                _ => self.wrong(place, ty, given),
            },
            Shape::Map(inner) => match given {
                Value::Object(members) => Value::Object(self.members(place, inner, members)),
                Value::Null => Value::Null,
                _ => self.wrong(place, ty, given),
            },
            Shape::Free | Shape::Any => given.clone(),
            shape => match scalar::take(shape, given) {
                scalar::Taken::Value(value) => value,
                scalar::Taken::WrongType => self.wrong(place, ty, given),
                scalar::Taken::Refused(text) => {
                    if shape == Shape::Bytes {
                        self.fail(text)
                    } else {
                        self.stop(text)
                    }
                    Value::Null
                }
            },
        }
    }

    fn items(&mut self, place: Place, inner: Type, items: &'a [Value]) -> Vec<Value> {
        let shape = inner.shape();
        let mut out = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            self.index.push(Step::Number(number));
            out.push(match (shape, item) {
                (Shape::Struct(def), Value::Null) => self.object(def, &Value::Null),
                (Shape::String, Value::Null) => "".into(),
                _ => self.value(place, (inner, shape), item),
            });
            self.index.pop();
        }
        out
    }

    fn members(&mut self, place: Place, inner: Type, members: &'a Map<String, Value>) -> Map<String, Value> {
        let shape = inner.shape();
        let mut out = Map::new();
        for (name, member) in members {
            self.index.push(Step::Name(name));
            let value = match (shape, member) {
                (Shape::String | Shape::Bytes, Value::Null) => "".into(),
                (Shape::Quantity, Value::Null) => "0".into(),
                _ => self.value(place, (inner, shape), member),
            };
            self.index.pop();
            out.insert(name.clone(), value);
        }
        out
    }

    /// Refuses a value of the wrong type.
    fn wrong(&mut self, place: Place, ty: Type, given: &Value) -> Value {
        let text = match self.dialect {
            Dialect::Json => {
                let (what, go_type) = (scalar::describe(given, ty.shape()), go_types::name(place.def, place.field, ty));
                let bare = matches!(ty.shape(), Shape::IntOrString | Shape::Quantity | Shape::Time | Shape::MicroTime);
                if bare {
                    self.stop(format!("json: cannot unmarshal {what} into Go value of type {}", scalar::inner_type(ty.shape())));
                    return Value::Null;
                } else {
                    let path = self.path.join(".");
                    format!("json: cannot unmarshal {what} into Go struct field {}.{path} of type {go_type}", place.def.short_name())
                }
            }
            Dialect::Unstructured => scalar::unstructured_text(ty.shape(), given),
        };
        self.fail(text);
        Value::Null
    }

    /// The path of an unknown member.
    fn named(&self, name: &str) -> String {
        let mut text = String::new();
        for step in self.index.iter().chain([&Step::Name(name)]) {
            match step {
                Step::Name(name) if text.is_empty() => text.push_str(name),
                Step::Name(name) => text.extend([".", name]),
                Step::Number(number) => text.extend(["[", &number.to_string(), "]"]),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests;
