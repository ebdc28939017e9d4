//! Scalars of the typed decoder: which JSON values each takes, and what is said of the others.

use alloc::string::{String, ToString};
use serde_json::Value;

use crate::object::go;
use crate::object::quantity::Quantity;
use crate::object::schema::Shape;
use crate::text::go_time;

/// What came of a value.
pub enum Taken {
    /// The value as Go would write it.
    Value(Value),
    /// It is of another type.
    WrongType,
    /// It is of the right type and makes no sense; the text says why.
    Refused(String),
}

/// Takes a scalar.
pub fn take(shape: Shape, given: &Value) -> Taken {
    let ok = |yes: bool| if yes { Taken::Value(given.clone()) } else { Taken::WrongType };
    match shape {
        Shape::String => ok(given.is_string()),
        Shape::Boolean => ok(given.is_boolean()),
        Shape::Number => ok(given.is_number()),
        Shape::Int32 => ok(given.as_i64().is_some_and(|n| i32::try_from(n).is_ok())),
        Shape::Int64 => ok(given.as_i64().is_some()),
        Shape::Bytes => match given.as_str() {
            Some(text) => match crate::text::base64::decode(text) {
                Ok(_) => ok(true),
                Err(why) => Taken::Refused(why),
            },
            None => Taken::WrongType,
        },
        Shape::IntOrString => match given {
            Value::Number(_) => ok(given.as_i64().is_some_and(|n| i32::try_from(n).is_ok())),
            _ => ok(given.is_string()),
        },
        Shape::Quantity => quantity(given),
        Shape::Time => time(given, go_time::seconds),
        Shape::MicroTime => time(given, go_time::micros),
        _ => ok(true),
    }
}

fn quantity(given: &Value) -> Taken {
    let text = match given {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null => return Taken::Value("0".into()),
        other => other.to_string(),
    };
    match Quantity::parse(&text) {
        Ok(amount) => Taken::Value(amount.print().into()),
        Err(why) => Taken::Refused(why.to_string()),
    }
}

fn time(given: &Value, read: fn(&str) -> Result<String, String>) -> Taken {
    match given {
        Value::String(text) if text.is_empty() => Taken::Value(Value::Null),
        Value::String(text) => match read(text) {
            Ok(time) => Taken::Value(time.into()),
            Err(why) => Taken::Refused(why),
        },
        Value::Null => Taken::Value(Value::Null),
        _ => Taken::WrongType,
    }
}

/// What the decoder calls a value: a number that does not fit is named with its digits.
pub fn describe(given: &Value, shape: Shape) -> String {
    let number = matches!(shape, Shape::Int32 | Shape::Int64 | Shape::IntOrString);
    match given {
        Value::Number(digits) if number => ["number ", &digits.to_string()].concat(),
        other => go::kind_word(other).to_string(),
    }
}

/// The Go type inside a type that decodes itself.
pub fn inner_type(shape: Shape) -> &'static str {
    match shape {
        Shape::IntOrString => "int32",
        _ => "string",
    }
}

/// What is said of the result of a strategic merge patch.
pub fn unstructured_text(shape: Shape, given: &Value) -> String {
    let kind = match given {
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "slice",
        _ => "map",
    };
    match shape {
        Shape::Struct(_) => ["cannot restore struct from: ", kind].concat(),
        Shape::Array(_) => ["cannot restore slice from ", kind].concat(),
        Shape::Map(_) => ["cannot restore map from ", kind].concat(),
        Shape::IntOrString => ["json: cannot unmarshal ", &describe(given, shape), " into Go value of type int32"].concat(),
        Shape::Time | Shape::MicroTime => ["json: cannot unmarshal ", &describe(given, shape), " into Go value of type string"].concat(),
        other => ["unrecognized type: ", go_kind(other)].concat(),
    }
}

/// Go's kind of a scalar.
pub fn go_kind(shape: Shape) -> &'static str {
    match shape {
        Shape::Int32 => "int32",
        Shape::Int64 => "int64",
        Shape::Number => "float64",
        Shape::Boolean => "bool",
        _ => "string",
    }
}
