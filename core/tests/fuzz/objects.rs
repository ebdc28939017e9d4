//! Random values and random objects of a definition, and damage to them.

use kubepie_core::object::decode::{self, Dialect};
use kubepie_core::object::schema::{Def, ListType, Shape, Type};
use kubepie_core::time::Rng;
use serde_json::{Map, Value, json};

const WORDS: &[&str] = &["a", "b", "web", "nginx:1.27", "TCP", "Always", "10%", "1", "", "x/y", "Kubernetes", "-", "$patch", "delete"];

pub fn word(rng: &mut Rng) -> &'static str {
    WORDS[rng.below(WORDS.len() as u64) as usize]
}

/// Any JSON at all.
pub fn anything(rng: &mut Rng, depth: u64) -> Value {
    match rng.below(if depth > 3 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => (rng.below(2) == 0).into(),
        2 => (rng.below(100_000) as i64 - 500).into(),
        3 => 1.5.into(),
        4 | 5 => word(rng).into(),
        6 => (0..rng.below(3)).map(|_| anything(rng, depth + 1)).collect::<Vec<_>>().into(),
        _ => Value::Object((0..rng.below(4)).map(|_| (word(rng).to_string(), anything(rng, depth + 1))).collect()),
    }
}

/// A value of a type, with something in it.
fn typed(rng: &mut Rng, ty: Type, depth: u64) -> Value {
    match ty.shape() {
        Shape::String => ["a", "b", "c", "web", "Always"][rng.below(5) as usize].into(),
        Shape::Int32 | Shape::Int64 | Shape::Number => (1 + rng.below(9)).into(),
        Shape::Boolean => true.into(),
        Shape::Bytes => "YQ==".into(),
        Shape::Quantity => ["1", "500m", "2Gi"][rng.below(3) as usize].into(),
        Shape::Time | Shape::MicroTime => "2026-01-01T00:00:00Z".into(),
        Shape::IntOrString => {
            if rng.below(2) == 0 {
                json!(8)
            } else {
                json!("25%")
            }
        }
        Shape::Free | Shape::Any => json!({"x": rng.below(3)}),
        Shape::Struct(def) => object(rng, def, depth + 1),
        Shape::Array(inner) => (0..1 + rng.below(3)).map(|_| typed(rng, inner, depth + 1)).collect::<Vec<_>>().into(),
        Shape::Map(inner) => Value::Object(
            (0..1 + rng.below(3)).map(|_| (["k", "l", "m"][rng.below(3) as usize].to_string(), typed(rng, inner, depth + 1))).collect(),
        ),
    }
}

/// An object of a definition: the fields that tell elements of lists apart are there and differ.
pub fn object(rng: &mut Rng, def: Def, depth: u64) -> Value {
    let mut map = Map::new();
    for field in def.fields().filter(|field| !matches!(field.name, "apiVersion" | "managedFields")) {
        let chance = if depth > 6 { 0 } else { 14_u64.saturating_sub(depth) };
        if !(field.name == "spec" || field.name == "template" || field.name == "containers") && rng.below(40) >= chance {
            continue;
        }
        let mut value = typed(rng, field.ty, depth);
        if let Value::Array(items) = &mut value {
            let keys: Vec<&str> = field.merge_key().into_iter().filter(|key| !key.is_empty()).chain(field.list_keys()).collect();
            for (number, item) in items.iter_mut().enumerate() {
                for key in &keys {
                    let number = number as u64 + rng.below(2) * 7;
                    let text =
                        matches!(*key, "containerPort" | "port").then(|| json!(number + 1)).unwrap_or_else(|| json!(format!("n{number}")));
                    if let Value::Object(item) = item {
                        item.insert(key.to_string(), text);
                    }
                }
            }
            if field.merge_key() == Some("") || field.list_type() == ListType::Set {
                items.sort_by_key(Value::to_string);
                items.dedup();
            }
        }
        map.insert(field.name.to_string(), value);
    }
    Value::Object(map)
}

/// Decoded as the API server has it.
pub fn clean(def: Def, value: &Value) -> Value {
    decode::typed(def, value, Dialect::Json).map(|decoded| decoded.value).unwrap_or_default()
}

/// Puts anything somewhere into a value.
pub fn damage(rng: &mut Rng, value: &mut Value) {
    match value {
        Value::Object(map) if !map.is_empty() && rng.below(5) > 0 => {
            let at = rng.below(map.len() as u64) as usize;
            damage(rng, map.values_mut().nth(at).unwrap());
        }
        Value::Array(items) if !items.is_empty() && rng.below(5) > 0 => {
            let at = rng.below(items.len() as u64) as usize;
            damage(rng, &mut items[at]);
        }
        Value::Object(map) => {
            map.insert(word(rng).to_string(), anything(rng, 0));
        }
        other => *other = anything(rng, 0),
    }
}
