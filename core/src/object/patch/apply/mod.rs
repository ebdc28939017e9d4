//! Server-side apply: who set which field, conflicts between those who set one, and merging what a file says into what
//! is there. Models apimachinery `util/managedfields` and structured-merge-diff `merge`.

mod components;
mod fields;
mod parts;
pub mod typed;

pub use components::complete;
pub use parts::Holder;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

use self::fields::{Set, element_step, of_object, touched};
use self::parts::{Kind, Part, kind};
use crate::arrange::Arrange;
use crate::object::value::{at, items_at, text_at};
use crate::text::quote::quote;

/// An apply.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The definition of the object.
    pub def: Option<Holder<'a>>,
    /// Who applies.
    pub manager: &'a str,
    /// The version of the file.
    pub api_version: &'a str,
    /// `status`; empty for the object itself.
    pub subresource: &'a str,
    /// Take fields that others own.
    pub force: bool,
    /// The time to write down.
    pub now: &'a str,
}

/// Another write, to be written down.
#[derive(Clone, Copy)]
pub struct Write<'a> {
    /// The definition of the object.
    pub def: Holder<'a>,
    /// Who writes.
    pub manager: &'a str,
    /// The version of the body.
    pub api_version: &'a str,
    /// `Update` or `Apply`.
    pub operation: &'a str,
    /// `status`, `scale`; empty for the object itself.
    pub subresource: &'a str,
    /// The time to write down.
    pub now: &'a str,
}

/// One entry of managedFields, taken apart.
struct Entry {
    value: Value,
    set: Set,
}

impl Entry {
    fn text(&self, field: &str) -> &str {
        text_at(&self.value, field)
    }

    fn is(&self, manager: &str, operation: &str, subresource: &str) -> bool {
        self.text("manager") == manager && self.text("operation") == operation && self.text("subresource") == subresource
    }

    fn new(manager: &str, operation: &str, api_version: &str, subresource: &str, now: &str, set: Set) -> Entry {
        let mut value =
            json!({"manager": manager, "operation": operation, "apiVersion": api_version, "time": now, "fieldsType": "FieldsV1"});
        if !subresource.is_empty() {
            crate::object::value::set(&mut value, "subresource", subresource);
        }
        Entry { value, set }
    }

    /// Who it is, as conflicts name them.
    fn printed(&self) -> String {
        let mut text = quote(self.text("manager"));
        if !self.text("subresource").is_empty() {
            text.push_str(&[" with subresource ", &quote(self.text("subresource"))].concat());
        }
        if self.text("operation") == "Update" {
            text.push_str(&[" using ", self.text("apiVersion")].concat());
        }
        text
    }
}

fn entries(object: &Value) -> Vec<Entry> {
    let list = items_at(object, "metadata/managedFields").iter();
    list.map(|value| Entry { value: value.clone(), set: at(value, "fieldsV1").map(Set::from_value).unwrap_or_default() }).collect()
}

fn written(mut entries: Vec<Entry>) -> Value {
    entries.retain(|entry| !entry.set.is_empty());
    entries.arrange_by(|a, b| {
        let key = |entry: &Entry| ["operation", "time", "manager", "apiVersion", "subresource"].map(|field| entry.text(field).to_string());
        key(a).cmp(&key(b))
    });
    let values = entries.into_iter().map(|mut entry| {
        if let Value::Object(map) = &mut entry.value {
            map.insert("fieldsV1".to_string(), entry.set.to_value());
        }
        entry.value
    });
    Value::Array(values.collect())
}

/// managedFields after a write that is no apply (or the first apply). `old` is the object before it.
pub fn track(write: &Write<'_>, old: Option<&Value>, new: &Value) -> Value {
    let empty = Value::Null;
    let before = old.unwrap_or(&empty);
    let apply = write.operation == "Apply";
    let added = touched(Some(write.def), before, new, apply);
    let removed = touched(Some(write.def), new, before, true);
    let mut list = entries(new);
    let mut lost = added.clone();
    lost.add(&removed);
    let mut own = None;
    for entry in &mut list {
        if entry.is(write.manager, write.operation, write.subresource) {
            own = Some(entry);
        } else {
            entry.set.take(&lost);
        }
    }
    if !added.is_empty() || own.is_some() {
        match own {
            Some(entry) => {
                let had = entry.set.clone();
                entry.set.take(&removed);
                entry.set.add(&added);
                if entry.set != had {
                    crate::object::value::set(&mut entry.value, "time", write.now);
                }
            }
            None => list.push(Entry::new(write.manager, write.operation, write.api_version, write.subresource, write.now, added)),
        }
    }
    written(list)
}

/// managedFields of an object that an apply has made from what a file says.
pub fn first(write: &Write<'_>, said: &Value) -> Value {
    let set = of_object(Some(write.def), said);
    written(alloc::vec![Entry::new(write.manager, "Apply", write.api_version, "", write.now, set)])
}

/// Whether somebody owns an annotation by this operation.
pub fn owns_annotation(object: &Value, operation: &str, annotation: &str) -> bool {
    entries(object).iter().any(|entry| entry.text("operation") == operation && entry.set.has_annotation(annotation))
}

/// managedFields of an object after what those have updated who own an annotation has become what `to` applies; none
/// when nobody does. Models client-go `util/csaupgrade`.
pub fn moved_to_apply(object: &Value, annotation: &str, to: &str) -> Option<Value> {
    let mut list = entries(object);
    let mut moved = Set::default();
    list.retain(|entry| {
        let theirs = entry.text("operation") == "Update" && entry.text("subresource").is_empty() && entry.set.has_annotation(annotation);
        if theirs {
            moved.add(&entry.set);
        }
        !theirs
    });
    if moved.is_empty() {
        return None;
    }
    match list.iter_mut().find(|entry| entry.is(to, "Apply", "")) {
        Some(entry) => entry.set.add(&moved),
        None => {
            let time = text_at(object, "metadata/creationTimestamp");
            list.push(Entry::new(to, "Apply", text_at(object, "apiVersion"), "", time, moved));
        }
    }
    Some(written(list))
}

/// Applies a file to the live object. The error is the text of the conflicts.
pub fn server_side(asked: &Asked<'_>, live: &Value, config: &Value) -> Result<Value, String> {
    let own = |entry: &Entry| entry.is(asked.manager, "Apply", asked.subresource);
    let mut list = entries(live);
    let wanted = of_object(asked.def, config);
    let mut merged = live.clone();
    merge_object(asked.def, &mut merged, config);
    let changed = touched(asked.def, live, &merged, true);
    let conflicts: Vec<(String, Vec<String>)> = list
        .iter()
        .filter(|entry| !own(entry))
        .map(|entry| (entry.printed(), entry.set.common(&changed).paths()))
        .filter(|(_, paths)| !paths.is_empty())
        .collect();
    if !conflicts.is_empty() && !asked.force {
        return Err(conflict_text(&conflicts));
    }
    let mut gone = Set::default();
    for entry in &mut list {
        if own(entry) {
            gone = entry.set.clone();
        } else {
            entry.set.take(&changed);
        }
    }
    gone.take(&wanted);
    // A map or list of which something stays is not gone, though the set that was owned names it.
    gone.spare(&wanted);
    for entry in list.iter().filter(|entry| !own(entry)) {
        gone.take(&entry.set);
        gone.spare(&entry.set);
    }
    remove_fields(asked.def, &mut merged, &gone);
    match list.iter_mut().find(|entry| own(entry)) {
        Some(entry) => {
            if entry.set != wanted || merged != *live {
                crate::object::value::set(&mut entry.value, "time", asked.now);
            }
            entry.set = wanted;
        }
        None => list.push(Entry::new(asked.manager, "Apply", asked.api_version, asked.subresource, asked.now, wanted)),
    }
    crate::object::value::set(&mut merged, "/metadata/managedFields", written(list));
    Ok(merged)
}

/// The text of conflicts, by manager.
fn conflict_text(conflicts: &[(String, Vec<String>)]) -> String {
    let count: usize = conflicts.iter().map(|(_, paths)| paths.len()).sum();
    if let ([(manager, paths)], 1) = (conflicts, count) {
        return format!("Apply failed with 1 conflict: conflict with {manager}: {}", paths.join(""));
    }
    let mut lines = Vec::new();
    for (manager, paths) in conflicts {
        lines.push(format!("conflicts with {manager}:"));
        lines.extend(paths.iter().map(|path| format!("- {path}")));
    }
    format!("Apply failed with {count} conflicts: {}", lines.join("\n"))
}

fn merge_object(def: Option<Holder<'_>>, live: &mut Value, config: &Value) {
    let (Value::Object(live), Value::Object(config)) = (live, config) else { return };
    for (name, value) in config {
        merge_member(def.and_then(|def| def.field(name)), live, name, value);
    }
}

fn merge_member(field: Option<Part<'_>>, live: &mut Map<String, Value>, name: &str, value: &Value) {
    let slot = live.entry(name.to_string()).or_insert(Value::Null);
    match kind(field, value) {
        Kind::Struct(def) if slot.is_object() => merge_object(Some(def), slot, value),
        Kind::Map(def) if slot.is_object() => {
            let (Value::Object(slot), Value::Object(value)) = (slot, value) else { return };
            for (name, member) in value {
                match (slot.get_mut(name), def) {
                    (Some(old), Some(def)) if old.is_object() => merge_object(Some(def), old, member),
                    _ => {
                        slot.insert(name.clone(), member.clone());
                    }
                }
            }
        }
        Kind::List(def) if slot.is_array() => {
            if let (Some(field), Value::Array(slot), Value::Array(value)) = (field, slot, value) {
                merge_list(field, def, slot, value);
            }
        }
        _ => *slot = value.clone(),
    }
}

fn merge_list(field: Part<'_>, def: Option<Holder<'_>>, live: &mut Vec<Value>, config: &[Value]) {
    for item in config {
        let step = element_step(field, item);
        match live.iter_mut().find(|known| element_step(field, known) == step) {
            Some(known) if known.is_object() => merge_object(def, known, item),
            Some(_) => {}
            None => live.push(item.clone()),
        }
    }
}

/// Removes the fields of a set from an object.
fn remove_fields(def: Option<Holder<'_>>, object: &mut Value, gone: &Set) {
    let Value::Object(members) = object else { return };
    for (step, inner) in &gone.below {
        let Some(name) = step.strip_prefix("f:") else { continue };
        let field = def.and_then(|def| def.field(name));
        if inner.member && inner.below.is_empty() {
            members.remove(name);
            continue;
        }
        let Some(value) = members.get_mut(name) else { continue };
        match (kind(field, value), field) {
            (Kind::List(def), Some(field)) => remove_elements(field, def, value, inner),
            (Kind::Struct(def), _) => remove_fields(Some(def), value, inner),
            _ => remove_fields(None, value, inner),
        }
        if super::super::value::is_empty(value) {
            members.remove(name);
        }
    }
}

fn remove_elements(field: Part<'_>, def: Option<Holder<'_>>, list: &mut Value, gone: &Set) {
    let Value::Array(items) = list else { return };
    items.retain_mut(|item| {
        let Some(inner) = element_step(field, item).and_then(|step| gone.below.get(&step)) else { return true };
        if inner.member {
            return false;
        }
        remove_fields(def, item, inner);
        true
    });
}

#[cfg(test)]
mod tests;
