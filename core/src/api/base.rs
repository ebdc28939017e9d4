//! The base cluster's objects as data. Never: making a cluster of them (sim), nor what is brought in their place (bring).

use serde_json::Value;

use crate::object::value::text_at;

/// One object a line, as a real cluster had them.
pub const OBJECTS: &str = include_str!("../../data/base.jsonl");

/// Whether the base cluster has an object of this kind and name.
pub fn has(kind: &str, namespace: &str, name: &str) -> bool {
    let quoted = ["\"", name, "\""].concat();
    let is = |value: Value| {
        let of = [("kind", kind), ("metadata/namespace", namespace), ("metadata/name", name)];
        of.iter().all(|(path, wanted)| text_at(&value, path) == *wanted)
    };
    OBJECTS.lines().filter(|line| line.contains(&quoted)).any(|line| serde_json::from_str(line).is_ok_and(is))
}
