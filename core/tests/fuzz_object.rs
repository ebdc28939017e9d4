//! Random objects, random damage and random patches against the API machinery: nothing panics, and what must come
//! back the same does.
//!
//! `KUBEPIE_FUZZ=100000 cargo test -p kubepie-core --test fuzz_object` runs long; the seed of a failure is printed.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fuzz;

use fuzz::objects::{anything, clean, damage, object};
use kubepie_core::api::registry::Registry;
use kubepie_core::api::{defaults, validation};
use kubepie_core::object::decode::{self, Dialect};
use kubepie_core::object::patch::{apply, diff, json, operations, strategic};
use kubepie_core::object::schema::Def;
use kubepie_core::time::Rng;
use serde_json::{Map, Value, json};

const KINDS: &[(&str, &str, &str)] =
    &[("", "v1", "Pod"), ("apps", "v1", "Deployment"), ("", "v1", "Service"), ("batch", "v1", "CronJob"), ("apps", "v1", "StatefulSet")];

fn kind(rng: &mut Rng) -> Def {
    let (group, version, kind) = KINDS[rng.below(KINDS.len() as u64) as usize];
    Def::of(group, version, kind).unwrap()
}

#[test]
fn decoding_settles() {
    fuzz::each("decode", 100, |rng| {
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
    fuzz::each("defaults", 100, |rng| {
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
    fuzz::each("patches", 100, |rng| {
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
    fuzz::each("apply", 100, |rng| {
        let def = kind(rng);
        let last = clean(def, &object(rng, def, 0));
        let (file, live) = (clean(def, &object(rng, def, 0)), clean(def, &object(rng, def, 0)));
        let patch = diff::three_way(Some(def), &last, &file, &live).unwrap();
        let result = clean(def, &strategic::apply(Some(def), live.clone(), &patch).unwrap());
        let again = diff::three_way(Some(def), &file, &file, &result).unwrap();
        assert_eq!(clean(def, &strategic::apply(Some(def), result.clone(), &again).unwrap()), result, "{patch}");
        let asked = apply::Asked {
            def: Some(apply::Holder::Def(def)),
            manager: "m",
            api_version: "v1",
            subresource: "",
            force: true,
            now: "2026-01-01T00:00:00Z",
        };
        let once = apply::server_side(&asked, &live, &file).unwrap();
        assert_eq!(apply::server_side(&asked, &once, &file).unwrap(), once);
    });
}

#[test]
fn hostile_patches_only_fail() {
    fuzz::each("hostile", 100, |rng| {
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
        let asked = apply::Asked {
            def: Some(apply::Holder::Def(def)),
            manager: "m",
            api_version: "v1",
            subresource: "",
            force: rng.below(2) == 0,
            now: "",
        };
        let _ = apply::server_side(&asked, &target, &patch);
        let _ = apply::server_side(&asked, &patch, &target);
        let mut merged = target;
        json::merge(&mut merged, &patch);
    });
}
