//! Holding a file against the schema, as server-side apply does before anything else. Models structured-merge-diff
//! `typed/validate.go`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::fields::{element_step, step_text};
use super::parts::{Holder, Kind, Part, kind};
use crate::object::go;
use crate::object::jsonpath::go_syntax;
use crate::object::schema::{Def, Field, ListType, Shape, Type};
use crate::object::value::{at, text_at};

/// The most errors that one answer names, and how deep a file may be.
const MAX_ERRORS: usize = 100;
const MAX_DEPTH: usize = 200;

/// What is wrong with a file of this definition: `.spec.foo: field not declared in schema`.
pub fn errors(def: Holder<'_>, config: &Value) -> Option<String> {
    let mut checker = Checker { path: Vec::new(), wrong: Vec::new() };
    match def {
        Holder::Def(def) => checker.members(def, config),
        def => checker.custom_members(def, config),
    }
    match checker.wrong.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(["errors:\n  ", &many.join("\n  ")].concat()),
    }
}

struct Checker {
    path: Vec<String>,
    wrong: Vec<String>,
}

impl Checker {
    fn say(&mut self, what: &str) {
        if self.wrong.len() < MAX_ERRORS {
            self.wrong.push([self.path.concat().as_str(), ": ", what].concat());
        }
    }

    fn below(&mut self, step: String, act: impl FnOnce(&mut Checker)) {
        if self.path.len() < MAX_DEPTH {
            self.path.push(step);
            act(self);
            self.path.pop();
        }
    }

    fn members(&mut self, def: Def, value: &Value) {
        for (name, member) in value.as_object().into_iter().flatten() {
            let field = def.field(name);
            self.below([".", name].concat(), |checker| match field {
                Some(field) => checker.value(field, field.ty, member),
                None => checker.say("field not declared in schema"),
            });
        }
    }

    fn value(&mut self, field: Field, ty: Type, value: &Value) {
        if value.is_null() {
            return;
        }
        match (ty.shape(), value) {
            (Shape::Struct(def), Value::Object(_)) => self.members(def, value),
            (Shape::Map(inner), Value::Object(map)) => {
                for (name, member) in map {
                    self.below([".", name].concat(), |checker| checker.value(field, inner, member));
                }
            }
            (Shape::Array(inner), Value::Array(items)) => {
                for (number, item) in items.iter().enumerate() {
                    let keyed = if field.list_type() == ListType::Atomic { None } else { element_step(Part::Field(field), item) };
                    let step = keyed.map_or_else(|| ["[", &number.to_string(), "]"].concat(), |step| step_text(&step));
                    self.below(step, |checker| checker.value(field, inner, item));
                }
            }
            (Shape::Struct(_) | Shape::Map(_), _) => self.mistyped("object", value),
            (Shape::Array(_), _) => self.mistyped("array", value),
            (Shape::Int32 | Shape::Int64 | Shape::Number, value) => self.mistyped("number", value),
            (Shape::String, value) => self.mistyped("string", value),
            (Shape::Boolean, value) => self.mistyped("boolean", value),
            _ => {}
        }
    }

    /// A value that is of another type than its place.
    fn mistyped(&mut self, wanted: &str, value: &Value) {
        match wanted {
            "object" if !value.is_object() => self.say(&["expected map, got &{", &go::value(value), "}"].concat()),
            "array" if !value.is_array() => self.say(&["expected list, got &{", &go::value(value), "}"].concat()),
            "integer" | "number" if !value.is_number() => self.say(&["expected numeric (int or float), got ", go_type(value)].concat()),
            "string" if !value.is_string() => {
                self.say(&["expected string, got &value.valueUnstructured{Value:", &go_syntax(value), "}"].concat());
            }
            "boolean" if !value.is_boolean() => self.say(&["expected boolean, got &{", &go::value(value), "}"].concat()),
            _ => {}
        }
    }

    /// The same by the schema of a CustomResourceDefinition.
    fn custom_members(&mut self, def: Holder<'_>, value: &Value) {
        for (name, member) in value.as_object().into_iter().flatten() {
            if def.is_root() && matches!(name.as_str(), "apiVersion" | "kind") {
                continue;
            }
            let part = def.field(name);
            self.below([".", name].concat(), |checker| match part {
                Some(Part::Field(field)) => checker.value(field, field.ty, member),
                Some(Part::Custom(schema)) => checker.custom_value(schema, member),
                None if def.open() => {}
                None => checker.say("field not declared in schema"),
            });
        }
    }

    fn custom_value(&mut self, schema: &Value, value: &Value) {
        if value.is_null() {
            return;
        }
        self.mistyped(text_at(schema, "type"), value);
        match (kind(Some(Part::Custom(schema)), value), value) {
            (_, Value::Object(map)) if at(schema, "additionalProperties").is_some_and(Value::is_object) => {
                let inner = schema.get("additionalProperties").unwrap_or(&Value::Null);
                for (name, member) in map {
                    self.below([".", name].concat(), |checker| checker.custom_value(inner, member));
                }
            }
            (_, Value::Object(_)) if text_at(schema, "type") == "object" => self.custom_members(Holder::Custom(schema), value),
            (shape, Value::Array(items)) => {
                let mut seen: Vec<String> = Vec::new();
                for (number, item) in items.iter().enumerate() {
                    let keyed = if let Kind::List(_) = shape { element_step(Part::Custom(schema), item) } else { None };
                    if let Some(step) = &keyed {
                        if seen.contains(step) {
                            self.say(&["duplicate entries for key ", &step_text(step)].concat());
                        }
                        seen.push(step.clone());
                    }
                    let step = keyed.map_or_else(|| ["[", &number.to_string(), "]"].concat(), |step| step_text(&step));
                    let inner = schema.get("items").unwrap_or(&Value::Null);
                    self.below(step, |checker| checker.custom_value(inner, item));
                }
            }
            _ => {}
        }
    }
}

/// Go's name for the type of a value.
fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "map[string]interface {}",
        Value::Array(_) => "[]interface {}",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        _ => "int64",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_schema_does_not_know_is_named() {
        let def = Holder::Def(Def::of("apps", "v1", "Deployment").unwrap());
        let container = json!({"name": "c", "imagee": "x", "env": [{"name": "A", "value": 1}]});
        let config = json!({"spec": {"replicas": "three", "foo": 1, "template": {"spec": {"containers": [container]}}}});
        let wanted = "errors:
  .spec.foo: field not declared in schema
  .spec.replicas: expected numeric (int or float), got string
  .spec.template.spec.containers[name=\"c\"].env[name=\"A\"].value: expected string, got &value.valueUnstructured{Value:1}
  .spec.template.spec.containers[name=\"c\"].imagee: field not declared in schema";
        assert_eq!(errors(def, &config).unwrap(), wanted);
        assert_eq!(errors(def, &json!({"spec": {"replicas": 1, "minReadySeconds": null}})), None);
    }
}
