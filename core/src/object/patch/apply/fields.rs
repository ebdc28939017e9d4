//! Sets of fields as managedFields write them (`f:spec`, `k:{"name":"c"}`, `v:"a"`, `.`), and which fields an object
//! has or a change touches. Models structured-merge-diff `fieldpath` and `typed`.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

use super::parts::{Holder, Kind, Part, kind};
use crate::object::schema::ListType;
use crate::text::json;

/// Metadata that nobody owns.
const NOT_OWNED: &[&str] = &[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "generation",
    "managedFields",
    "resourceVersion",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

/// A set of fields: whether the field itself is in it, and which of its members are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Set {
    /// Whether the field itself belongs to the set.
    pub member: bool,
    /// What is below it.
    pub below: BTreeMap<String, Set>,
}

impl Set {
    fn leaf() -> Set {
        Set { member: true, below: BTreeMap::new() }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        !self.member && self.below.is_empty()
    }

    /// Whether an annotation of the object is in it.
    pub fn has_annotation(&self, name: &str) -> bool {
        let annotations = self.below.get("f:metadata").and_then(|meta| meta.below.get("f:annotations"));
        annotations.is_some_and(|annotations| annotations.below.contains_key(&field_step(name)))
    }

    /// Reads `fieldsV1`.
    pub fn from_value(value: &Value) -> Set {
        let Value::Object(map) = value else { return Set::default() };
        let mut set = Set { member: map.is_empty() || map.contains_key("."), below: BTreeMap::new() };
        for (step, inner) in map.iter().filter(|(step, _)| *step != ".") {
            set.below.insert(step.clone(), Set::from_value(inner));
        }
        set
    }

    /// Writes `fieldsV1`.
    pub fn to_value(&self) -> Value {
        let mut map = Map::new();
        if self.member && !self.below.is_empty() {
            map.insert(".".to_string(), Value::Object(Map::new()));
        }
        for (step, inner) in &self.below {
            map.insert(step.clone(), inner.to_value());
        }
        Value::Object(map)
    }

    /// Adds the other set.
    pub fn add(&mut self, other: &Set) {
        self.member |= other.member;
        for (step, inner) in &other.below {
            self.below.entry(step.clone()).or_default().add(inner);
        }
    }

    /// Takes the other set away.
    pub fn take(&mut self, other: &Set) {
        self.member &= !other.member;
        for (step, inner) in &other.below {
            if let Some(mine) = self.below.get_mut(step) {
                mine.take(inner);
                if mine.is_empty() {
                    self.below.remove(step);
                }
            }
        }
    }

    /// Takes away the maps and lists in which the other set has members.
    pub fn spare(&mut self, kept: &Set) {
        for (step, inner) in &mut self.below {
            if let Some(kept) = kept.below.get(step) {
                inner.member &= kept.below.is_empty();
                inner.spare(kept);
            }
        }
        self.below.retain(|_, inner| !inner.is_empty());
    }

    /// What both have.
    pub fn common(&self, other: &Set) -> Set {
        let mut set = Set { member: self.member && other.member, below: BTreeMap::new() };
        for (step, inner) in &self.below {
            if let Some(both) = other.below.get(step).map(|theirs| inner.common(theirs)).filter(|both| !both.is_empty()) {
                set.below.insert(step.clone(), both);
            }
        }
        set
    }

    /// The paths of its fields as texts give them: `.spec.containers[name="c"].image`.
    pub fn paths(&self) -> Vec<String> {
        let mut all = Vec::new();
        self.collect("", &mut all);
        all
    }

    fn collect(&self, path: &str, all: &mut Vec<String>) {
        // The fields of a struct come before those of its parts.
        for (step, _) in self.below.iter().filter(|(_, inner)| inner.member) {
            all.push([path, &step_text(step)].concat());
        }
        for (step, inner) in &self.below {
            inner.collect(&[path, &step_text(step)].concat(), all);
        }
    }
}

/// A step of a path as texts give it.
pub fn step_text(step: &str) -> String {
    if let Some(name) = step.strip_prefix("f:") {
        return [".", name].concat();
    }
    if let Some(value) = step.strip_prefix("v:") {
        return ["[=", value, "]"].concat();
    }
    let keys = step.strip_prefix("k:").and_then(|text| json::parse(text).ok());
    let pairs: Vec<String> = keys
        .as_ref()
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, value)| [key, "=", &json::compact(value)].concat())
        .collect();
    ["[", &pairs.join(","), "]"].concat()
}

/// The step to a member of a struct or map.
pub fn field_step(name: &str) -> String {
    ["f:", name].concat()
}

/// The step to an element of a list that is merged; nothing when its keys are missing.
pub fn element_step(field: Part<'_>, item: &Value) -> Option<String> {
    if field.list_type() == ListType::Set {
        return Some(["v:", &json::compact(item)].concat());
    }
    let mut keys = Map::new();
    for key in field.list_keys() {
        let value = item.get(key).cloned().or_else(|| field.default_of(key))?;
        keys.insert(key.to_string(), value);
    }
    Some(["k:", &json::compact(&Value::Object(keys))].concat())
}

/// The fields that an object has.
pub fn of_object(def: Option<Holder<'_>>, object: &Value) -> Set {
    touched(def, &Value::Null, object, true)
}

/// The fields that a change adds or gives another value. With `quiet`, maps and structs that are new are not fields
/// of their own, as in what a file says.
pub fn touched(def: Option<Holder<'_>>, old: &Value, new: &Value, quiet: bool) -> Set {
    let mut set = Set::default();
    let empty = Map::new();
    let (old, Value::Object(new)) = (old.as_object().unwrap_or(&empty), new) else { return set };
    for (name, value) in new.iter().filter(|(name, _)| !matches!(name.as_str(), "apiVersion" | "kind")) {
        let before = old.get(name).unwrap_or(&Value::Null);
        let field = def.and_then(|def| def.field(name));
        let mut inner =
            if name == "metadata" { meta_touched(field, before, value, quiet) } else { value_touched(field, before, value, quiet) };
        inner.member &= !inner.below.is_empty() || !value.is_object() || def.is_none();
        if field.is_some_and(|field| field.always_written()) && !inner.below.is_empty() {
            inner.member = false;
        }
        if !inner.is_empty() {
            set.below.insert(field_step(name), inner);
        }
    }
    set
}

fn meta_touched(field: Option<Part<'_>>, old: &Value, new: &Value, quiet: bool) -> Set {
    let strip = |value: &Value| {
        let mut value = value.clone();
        if let Value::Object(map) = &mut value {
            map.retain(|name, _| !NOT_OWNED.contains(&name.as_str()));
        }
        value
    };
    let mut set = value_touched(field, &strip(old), &strip(new), quiet);
    set.member = false;
    set
}

fn value_touched(field: Option<Part<'_>>, old: &Value, new: &Value, quiet: bool) -> Set {
    if old == new {
        return Set::default();
    }
    let fresh = old.is_null();
    let mut set = match kind(field, new) {
        Kind::Whole => return Set::leaf(),
        Kind::Struct(def) => members_touched(Some(def), true, old, new, quiet),
        Kind::Map(def) => members_touched(def, false, old, new, quiet),
        Kind::List(def) => match field {
            Some(field) => elements_touched(field, def, old, new, quiet),
            None => return Set::leaf(),
        },
    };
    let whole = fresh && !quiet && !field.is_some_and(|field| field.always_written());
    set.member = whole || set.below.is_empty() && fresh;
    set
}

/// Members of a struct (each a field of `def`) or of a map (each a `def`).
fn members_touched(def: Option<Holder<'_>>, is_struct: bool, old: &Value, new: &Value, quiet: bool) -> Set {
    let mut set = Set::default();
    for (name, value) in new.as_object().into_iter().flatten() {
        let before = old.get(name).unwrap_or(&Value::Null);
        let inner = match (is_struct, def) {
            (true, Some(def)) => value_touched(def.field(name), before, value, quiet),
            (false, Some(def)) if value.is_object() => {
                let mut inner = members_touched(Some(def), true, before, value, quiet);
                inner.member = before.is_null();
                inner
            }
            _ if before == value => Set::default(),
            _ => Set::leaf(),
        };
        if !inner.is_empty() {
            set.below.insert(field_step(name), inner);
        }
    }
    set
}

fn elements_touched(field: Part<'_>, def: Option<Holder<'_>>, old: &Value, new: &Value, quiet: bool) -> Set {
    let mut set = Set::default();
    let olds: Vec<(Option<String>, &Value)> = old.as_array().into_iter().flatten().map(|item| (element_step(field, item), item)).collect();
    for item in new.as_array().into_iter().flatten() {
        let Some(step) = element_step(field, item) else { return Set::leaf() };
        let before = olds.iter().find(|(known, _)| known.as_ref() == Some(&step)).map_or(&Value::Null, |(_, item)| *item);
        if before == item {
            continue;
        }
        let mut inner = match def {
            Some(def) if def.atomic() => Set::leaf(),
            Some(def) if item.is_object() => members_touched(Some(def), true, before, item, quiet),
            _ => Set::default(),
        };
        inner.member |= before.is_null();
        if !inner.is_empty() {
            set.below.insert(step, inner);
        }
    }
    set
}
