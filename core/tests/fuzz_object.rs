//! Random objects, random damage and random patches against the API machinery: nothing panics, and what must come
//! back the same does.
//!
//! `KUBEPIE_FUZZ=100000 cargo test -p kubepie-core --test fuzz_object` runs long; the seed of a failure is printed.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::registry::Registry;
use kubepie_core::api::{defaults, validation};
use kubepie_core::object::decode::{self, Dialect};
use kubepie_core::object::patch::{apply, diff, json, operations, strategic};
use kubepie_core::object::schema::{Def, ListType, Shape, Type};
use kubepie_core::time::Rng;
use serde_json::{Map, Value, json};

fn rounds() -> u64 {
    std::env::var("KUBEPIE_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(100)
}

const WORDS: &[&str] = &["a", "b", "web", "nginx:1.27", "TCP", "Always", "10%", "1", "", "x/y", "Kubernetes", "-", "$patch", "delete"];

fn word(rng: &mut Rng) -> &'static str {
    WORDS[rng.below(WORDS.len() as u64) as usize]
}

/// Any JSON at all.
fn anything(rng: &mut Rng, depth: u64) -> Value {
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
fn object(rng: &mut Rng, def: Def, depth: u64) -> Value {
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
fn clean(def: Def, value: &Value) -> Value {
    decode::typed(def, value, Dialect::Json).map(|decoded| decoded.value).unwrap_or_default()
}

const KINDS: &[(&str, &str, &str)] =
    &[("", "v1", "Pod"), ("apps", "v1", "Deployment"), ("", "v1", "Service"), ("batch", "v1", "CronJob"), ("apps", "v1", "StatefulSet")];

fn kind(rng: &mut Rng) -> Def {
    let (group, version, kind) = KINDS[rng.below(KINDS.len() as u64) as usize];
    Def::of(group, version, kind).unwrap()
}

fn each(purpose: &str, check: impl Fn(&mut Rng)) {
    for seed in 0..rounds() {
        let run = std::panic::AssertUnwindSafe(|| check(&mut Rng::new(seed, purpose)));
        if let Err(panic) = std::panic::catch_unwind(run) {
            eprintln!("{purpose}: seed {seed}");
            std::panic::resume_unwind(panic);
        }
    }
}

/// Puts anything somewhere into a value.
fn damage(rng: &mut Rng, value: &mut Value) {
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

#[test]
fn decoding_settles() {
    each("decode", |rng| {
        let def = kind(rng);
        let mut body = object(rng, def, 0);
        for _ in 0..rng.below(3) {
            damage(rng, &mut body);
        }
        for dialect in [Dialect::Json, Dialect::Unstructured] {
            if let Ok(once) = decode::typed(def, &body, dialect) {
                let twice = decode::typed(def, &once.value, dialect).unwrap();
                assert_eq!(twice.value, once.value);
                assert_eq!(twice.unknown, Vec::<String>::new());
            }
        }
    });
}

#[test]
fn defaults_settle_and_validation_never_panics() {
    let registry = Registry::builtin();
    each("defaults", |rng| {
        let (group, version, kind) = KINDS[rng.below(KINDS.len() as u64) as usize];
        let resource = registry.by_kind(group, version, kind).unwrap();
        let def = resource.def().unwrap();
        let mut body = object(rng, def, 0);
        if rng.below(2) == 0 {
            damage(rng, &mut body);
        }
        let mut once = clean(def, &body);
        defaults::apply(resource, &mut once);
        let mut twice = clean(def, &once);
        defaults::apply(resource, &mut twice);
        assert_eq!(clean(def, &twice), clean(def, &once));
        let other = clean(def, &object(rng, def, 0));
        for error in validation::validate_create(resource, &once).iter().chain(&validation::validate_update(resource, &once, &other)) {
            assert!(!error.to_string().is_empty());
        }
        // Even what was never decoded must not break anything.
        validation::validate_create(resource, &body);
        validation::validate_update(resource, &body, &once);
    });
}

#[test]
fn a_patch_leads_where_it_was_made_for() {
    each("patches", |rng| {
        let def = kind(rng);
        let (from, to) = (clean(def, &object(rng, def, 0)), clean(def, &object(rng, def, 0)));
        let patch = diff::two_way(Some(def), &from, &to);
        assert_eq!(clean(def, &strategic::apply(Some(def), from.clone(), &patch).unwrap()), to, "{patch}");
        let mut merged = from.clone();
        let nulls = json::merge_diff(&from, &to);
        json::merge(&mut merged, &nulls);
        let mut wanted = Value::Object(Map::new());
        json::merge(&mut wanted, &to);
        let mut got = Value::Object(Map::new());
        json::merge(&mut got, &merged);
        assert_eq!(got, wanted);
    });
}

#[test]
fn a_second_apply_changes_nothing() {
    each("apply", |rng| {
        let def = kind(rng);
        let last = clean(def, &object(rng, def, 0));
        let (file, live) = (clean(def, &object(rng, def, 0)), clean(def, &object(rng, def, 0)));
        let patch = diff::three_way(Some(def), &last, &file, &live).unwrap();
        let result = clean(def, &strategic::apply(Some(def), live.clone(), &patch).unwrap());
        let again = diff::three_way(Some(def), &file, &file, &result).unwrap();
        assert_eq!(clean(def, &strategic::apply(Some(def), result.clone(), &again).unwrap()), result, "{patch}");
        let asked =
            apply::Asked { def: Some(apply::Holder::Def(def)), manager: "m", api_version: "v1", force: true, now: "2026-01-01T00:00:00Z" };
        let once = apply::server_side(&asked, &live, &file).unwrap();
        assert_eq!(apply::server_side(&asked, &once, &file).unwrap(), once);
    });
}

#[test]
fn hostile_patches_only_fail() {
    each("hostile", |rng| {
        let def = kind(rng);
        let target = clean(def, &object(rng, def, 0));
        let mut patch = object(rng, def, 0);
        for _ in 0..4 {
            damage(rng, &mut patch);
        }
        for directive in ["$setElementOrder/containers", "$retainKeys", "$deleteFromPrimitiveList/finalizers", "$patch"] {
            if rng.below(3) == 0
                && let Some(Value::Object(spec)) = patch.get_mut("spec")
            {
                spec.insert(directive.into(), anything(rng, 0));
            }
        }
        let _ = strategic::apply(Some(def), target.clone(), &patch);
        let operations: Vec<Value> = (0..rng.below(4))
            .map(|_| {
                let op = ["add", "remove", "replace", "move", "copy", "test", "x"][rng.below(7) as usize];
                let path =
                    ["/spec", "/spec/containers/0", "/spec/containers/-", "/metadata/labels/a~1b", "", "x", "/9/9"][rng.below(7) as usize];
                json!({"op": op, "path": path, "from": path, "value": anything(rng, 0)})
            })
            .collect();
        let _ = operations::apply(&target, &Value::Array(operations));
        let asked = apply::Asked { def: Some(apply::Holder::Def(def)), manager: "m", api_version: "v1", force: rng.below(2) == 0, now: "" };
        let _ = apply::server_side(&asked, &target, &patch);
        let _ = apply::server_side(&asked, &patch, &target);
        let mut merged = target;
        json::merge(&mut merged, &patch);
    });
}
