//! Small objects and many patches against the functions that patch: JSON patches, merge patches, strategic ones and
//! server-side apply. Nothing panics, every refusal says something, and what must come back does.
//!
//! A case takes some ten µs: `KUBEPIE_FUZZ=10000000 cargo test --release -p kubepie-core --test fuzz_patch` runs
//! through ten million of each kind of patch, `KUBEPIE_FUZZ_FROM` goes on from a seed. What patches do to whole objects
//! and what comes after them is in `fuzz_object`.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fuzz;

use fuzz::objects::{anything, clean, damage, object, word};
use fuzz::pick;
use kubepie_core::object::patch::{apply, diff, json, operations, strategic};
use kubepie_core::object::schema::Def;
use kubepie_core::time::Rng;
use serde_json::{Map, Value, json};

/// Cases of each kind of patch in an everyday run.
const USUAL: u64 = 1_000;

/// The most bytes of JSON of an object that is patched.
const SMALL: usize = 700;

const KINDS: &[(&str, &str)] = &[
    ("v1", "Pod"),
    ("v1", "Service"),
    ("v1", "ConfigMap"),
    ("v1", "Node"),
    ("v1", "ServiceAccount"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("batch/v1", "CronJob"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("networking.k8s.io/v1", "Ingress"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
];

/// Decoded as the API server has it, but for nulls, which a merge patch cannot set.
fn bare(def: Def, value: &Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.retain(|_, member| !member.is_null());
                map.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = clean(def, value);
    strip(&mut value);
    value
}

/// Small objects of each kind, made once: what a case costs is then the patch.
struct Pool(Vec<(Def, Vec<Value>)>);

impl Pool {
    fn new() -> Pool {
        let mut rng = Rng::new(1, "pool");
        let kinds = KINDS.iter().map(|(version, kind)| {
            let def = Def::of_api_version(version, kind).unwrap();
            let tries = (0..4_000).map(|n| bare(def, &object(&mut rng, def, 3 + n % 4)));
            let small: Vec<Value> = tries.filter(|value| value.to_string().len() < SMALL).take(64).collect();
            assert!(small.len() > 8, "{kind} has no small objects");
            (def, small)
        });
        Pool(kinds.collect())
    }

    /// A kind and two objects of it.
    fn two(&self, rng: &mut Rng) -> (Def, &Value, &Value) {
        let (def, objects) = &self.0[rng.below(self.0.len() as u64) as usize];
        let mut one = || &objects[rng.below(objects.len() as u64) as usize];
        (*def, one(), one())
    }
}

/// A place in a value, and its pointer; now and then one that is not there.
fn place<'a>(rng: &mut Rng, value: &'a Value) -> (String, Option<&'a Value>) {
    let (mut pointer, mut here) = (String::new(), value);
    loop {
        let next = match here {
            _ if !pointer.is_empty() && rng.below(4) == 0 => None,
            Value::Object(map) => map.iter().nth(rng.below(map.len() as u64) as usize).map(|(key, value)| (key.clone(), value)),
            Value::Array(items) => {
                let at = rng.below(items.len() as u64) as usize;
                items.get(at).map(|value| (at.to_string(), value))
            }
            _ => None,
        };
        let Some((step, value)) = next else { break };
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        here = value;
    }
    if rng.below(4) == 0 {
        pointer.push_str(pick(rng, &["/", "/x", "/-", "/0", "/-1", "/99999999999999999999", "~", "/~1", "x", "//"]));
        return (pointer, None);
    }
    (pointer, Some(here))
}

fn operation(rng: &mut Rng, target: &Value) -> Value {
    let op = pick(rng, &["add", "remove", "replace", "move", "copy", "test", "add", "replace", "x", ""]);
    let ((path, _), (from, found)) = (place(rng, target), place(rng, target));
    let value = if rng.below(2) == 0 { found.cloned().unwrap_or_default() } else { anything(rng, 2) };
    let mut operation = json!({"op": op, "path": path, "from": from, "value": value});
    if rng.below(8) == 0 {
        damage(rng, &mut operation);
    }
    operation
}

#[test]
fn json_patches_apply_or_are_refused() {
    let pool = Pool::new();
    fuzz::each("json patch", USUAL, |rng| {
        let (_, target, _) = pool.two(rng);
        let list: Value = (0..1 + rng.below(4)).map(|_| operation(rng, target)).collect();
        match operations::apply(target, &list) {
            Ok(result) if rng.below(4) == 0 => assert_eq!(operations::apply(target, &list).as_ref(), Ok(&result), "{list}"),
            Ok(_) => {}
            Err(error) => assert!(!error.text().trim().is_empty(), "{list}"),
        }
        // What is there passes its test, and what is moved away and back is as it was.
        let (path, found) = place(rng, target);
        if let Some(found) = found.filter(|_| !path.is_empty()) {
            let there_and_back = json!([
                {"op": "test", "path": path, "value": found},
                {"op": "copy", "from": path, "path": "/kept"},
                {"op": "remove", "path": path},
                {"op": "move", "from": "/kept", "path": path},
            ]);
            assert_eq!(operations::apply(target, &there_and_back).as_ref(), Ok(target), "{there_and_back}");
        }
    });
}

#[test]
fn merge_patches_settle() {
    let pool = Pool::new();
    fuzz::each("merge patch", USUAL, |rng| {
        let (_, from, to) = pool.two(rng);
        let mut patch = to.clone();
        for _ in 0..rng.below(4) {
            damage(rng, &mut patch);
        }
        let mut once = from.clone();
        json::merge(&mut once, &patch);
        let mut twice = once.clone();
        json::merge(&mut twice, &patch);
        assert_eq!(twice, once, "{patch}");
        let mut reached = from.clone();
        json::merge(&mut reached, &json::merge_diff(from, to));
        assert_eq!(&reached, to);
        // As kubectl apply does for kinds of definitions: what the file says is reached, and what is only live stays.
        let (file, live) = (if rng.below(2) == 0 { to } else { &once }, from);
        let change = json::three_way(to, file, live);
        let mut result = live.clone();
        json::merge(&mut result, &change);
        let again = json::three_way(file, file, &result);
        let mut settled = result.clone();
        json::merge(&mut settled, &again);
        if file == to {
            assert_eq!(settled, result, "{change}");
        }
    });
}

/// Puts directives where they may stand, and where they may not.
fn directed(rng: &mut Rng, patch: &mut Value) {
    let Value::Object(map) = patch else { return };
    if map.is_empty() {
        return;
    }
    let key = map.keys().nth(rng.below(map.len() as u64) as usize).cloned().unwrap_or_default();
    match rng.below(9) {
        0 => drop(map.insert("$patch".into(), pick(rng, &["replace", "delete", "merge", "x"]).into())),
        1 => drop(map.insert("$retainKeys".into(), map.keys().filter(|_| rng.below(4) > 0).cloned().collect())),
        2 => {
            let order = map[&key].as_array().cloned().unwrap_or_default().into_iter().rev();
            map.insert(format!("$setElementOrder/{key}"), order.filter(|_| rng.below(5) > 0).collect());
        }
        3 => drop(map.insert(format!("$deleteFromPrimitiveList/{key}"), json!([word(rng), "a", 1]))),
        4 => drop(map.insert(format!("{}{key}", pick(rng, &["$setElementOrder/", "$deleteFromPrimitiveList/", "$"])), anything(rng, 2))),
        5 => drop(map.insert(key.clone(), Value::Null)),
        _ => match map.get_mut(&key) {
            Some(Value::Array(items)) if !items.is_empty() => {
                let at = rng.below(items.len() as u64) as usize;
                directed(rng, &mut items[at]);
            }
            Some(inner) => directed(rng, inner),
            None => {}
        },
    }
}

#[test]
fn strategic_patches_apply_or_are_refused() {
    let pool = Pool::new();
    fuzz::each("strategic patch", USUAL, |rng| {
        let (def, from, to) = pool.two(rng);
        let mut patch = to.clone();
        for _ in 0..1 + rng.below(4) {
            if rng.below(4) == 0 {
                damage(rng, &mut patch);
            }
            directed(rng, &mut patch);
        }
        let def = Some(def).filter(|_| rng.below(10) > 0);
        match strategic::apply(def, from.clone(), &patch) {
            // No directive is stored, unless it stood in what is taken as it is.
            Ok(result) => assert!(result.is_object() || !patch.is_object(), "{patch}"),
            Err(error) => assert!(!error.trim().is_empty(), "{patch}"),
        }
        if let Err(error) = diff::three_way(def, &patch, to, from) {
            assert!(!error.trim().is_empty(), "{patch}");
        }
        if let Some(def) = def.filter(|_| rng.below(4) == 0) {
            let patch = diff::two_way(Some(def), from, to);
            let reached = strategic::apply(Some(def), from.clone(), &patch).unwrap();
            assert_eq!(&bare(def, &reached), to, "{patch}");
        }
    });
}

#[test]
fn applying_settles_and_force_has_no_conflicts() {
    let pool = Pool::new();
    fuzz::each("server-side apply", USUAL, |rng| {
        let (def, live, file) = pool.two(rng);
        let holder = apply::Holder::Def(def);
        let mut live = live.clone();
        let write = apply::Write {
            def: holder,
            manager: "w",
            api_version: "v1",
            operation: "Update",
            subresource: "",
            now: "2026-01-01T00:00:00Z",
        };
        let fields = apply::track(&write, None, &live);
        if let Some(Value::Object(meta)) = live.get_mut("metadata") {
            meta.insert("managedFields".into(), fields);
        }
        let mut file = file.clone();
        let hurt = rng.below(3) == 0;
        if hurt {
            let hurt = if rng.below(2) == 0 { &mut file } else { &mut live };
            damage(rng, hurt);
        }
        let force = rng.below(2) == 0;
        let asked =
            apply::Asked { def: Some(holder), manager: "m", api_version: "v1", subresource: "", force, now: "2026-01-01T00:00:00Z" };
        match apply::server_side(&asked, &live, &file) {
            Ok(once) if !hurt => assert_eq!(apply::server_side(&asked, &once, &file).as_ref(), Ok(&once), "{file}"),
            Ok(once) => drop(apply::server_side(&asked, &once, &Value::Object(Map::new()))),
            Err(conflicts) => {
                assert!(!force && !conflicts.trim().is_empty(), "{file}");
                let other = apply::Asked { subresource: "", force: true, ..asked };
                assert!(apply::server_side(&other, &live, &file).is_ok(), "{file}");
            }
        }
        if let Some(wrong) = apply::typed::errors(holder, &file) {
            assert!(hurt && !wrong.trim().is_empty(), "{wrong}: {file}");
        }
    });
}
