//! Which names a CustomResourceDefinition may have, and whether it is served: of two that want one name the first has
//! it. Models apiextensions-apiserver `pkg/controller/status` and `pkg/controller/establish`.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

use crate::object::Object;
use crate::object::value::{bool_at, items_at, text_at};
use crate::text::quote::quote;

const ACCEPTED: &str = "/status/acceptedNames";
const CONDITIONS: &str = "/status/conditions";
const STORED: &str = "/status/storedVersions";

/// Notes the storage version among those that were one. A new definition has no other status yet.
pub fn remember_storage(definition: &mut Object) {
    let storage: Vec<Value> = definition
        .items_at("/spec/versions")
        .iter()
        .filter(|version| bool_at(version, "storage"))
        .map(|version| text_at(version, "name").into())
        .collect();
    if definition.at("/status").is_none_or(crate::object::value::is_empty) {
        let first = storage.into_iter().take(1).collect();
        let stored = Value::Array(first);
        let stored = if items_at(&stored, "").is_empty() { Value::Null } else { stored };
        definition.set("/status", json!({"acceptedNames": {"kind": "", "plural": ""}, "conditions": null, "storedVersions": stored}));
        return;
    }
    let mut stored = definition.items_at(STORED).to_vec();
    stored.extend(storage.into_iter().filter(|name| !definition.items_at(STORED).contains(name)));
    definition.set(STORED, Value::Array(stored));
}

/// Whether the kind of a definition is served.
pub fn established(definition: &Object) -> bool {
    let mut conditions = definition.items_at(CONDITIONS).iter();
    conditions.any(|condition| text_at(condition, "type") == "Established" && text_at(condition, "status") == "True")
}

/// The names that the others of a group have.
struct Taken<'a>(Vec<&'a Rc<Object>>);

impl Taken<'_> {
    fn any(&self, fields: [&str; 2], name: &str) -> bool {
        let in_field = |other: &Object| fields.iter().any(|field| other.text_at(&[ACCEPTED, field].concat()) == name);
        !name.is_empty() && self.0.iter().any(|other| in_field(other))
    }

    fn resource(&self, name: &str) -> bool {
        let short = |other: &Object| other.items_at(&[ACCEPTED, "/shortNames"].concat()).iter().any(|short| short == name);
        self.any(["/plural", "/singular"], name) || self.0.iter().any(|other| short(other))
    }
}

fn used(name: &str) -> String {
    [&quote(name), " is already in use"].concat()
}

/// Accepts the names of a definition that none of the others has, and establishes it once all of them are its own.
pub fn settle(definition: &mut Object, others: &[Rc<Object>], now: &str) {
    let group = definition.text_at("/spec/group");
    let same = |other: &&Rc<Object>| other.name() != definition.name() && other.text_at("/spec/group") == group;
    let taken = Taken(others.iter().filter(same).collect());
    let mut accepted: Map<String, Value> = definition.at(ACCEPTED).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut conflict: Option<(&str, String)> = None;
    let fields = [
        ("plural", "PluralConflict"),
        ("singular", "SingularConflict"),
        ("shortNames", "ShortNamesConflict"),
        ("kind", "KindConflict"),
        ("listKind", "ListKindConflict"),
    ];
    for (field, why) in fields {
        let wanted = definition.at(&["/spec/names/", field].concat()).cloned().unwrap_or(Value::Null);
        let old = accepted.get(field).cloned().unwrap_or(Value::Null);
        let wrong: Vec<String> = match &wanted {
            Value::Array(list) => {
                let fresh = list.iter().filter(|name| !items_at(&old, "").contains(name)).filter_map(Value::as_str);
                fresh.filter(|name| taken.resource(name)).map(used).collect()
            }
            Value::String(name) if wanted != old => {
                let busy = if why.starts_with(['K', 'L']) { taken.any(["/kind", "/listKind"], name) } else { taken.resource(name) };
                busy.then(|| used(name)).into_iter().collect()
            }
            _ => Vec::new(),
        };
        match wrong.as_slice() {
            [] => {
                accepted.insert(field.to_string(), wanted);
            }
            [one] => conflict = Some((why, one.clone())),
            many => conflict = Some((why, ["[", &many.join(", "), "]"].concat())),
        }
    }
    accepted.insert("categories".to_string(), Value::Array(definition.items_at("/spec/names/categories").to_vec()));
    for always in ["kind", "plural"] {
        accepted.entry(always).or_insert_with(|| "".into());
    }
    let filled = |value: &Value| !crate::object::value::is_empty(value) && value.as_str() != Some("");
    accepted.retain(|name, value| matches!(name.as_str(), "kind" | "plural") || filled(value));
    let mut conditions = definition.items_at(CONDITIONS).to_vec();
    let (reason, message) = match &conflict {
        Some((reason, message)) => (*reason, message.as_str()),
        None => ("NoConflicts", "no conflicts found"),
    };
    state(&mut conditions, "NamesAccepted", conflict.is_none(), reason, message, now);
    if !established(definition) {
        let (reason, message) = match conflict.is_none() {
            true => ("InitialNamesAccepted", "the initial names have been accepted"),
            false => ("NotAccepted", "not all names are accepted"),
        };
        state(&mut conditions, "Established", conflict.is_none(), reason, message, now);
    }
    definition.set(ACCEPTED, Value::Object(accepted));
    definition.set(CONDITIONS, Value::Array(conditions));
}

/// Puts a condition among the others; its time is that of its last turn.
pub fn state(conditions: &mut Vec<Value>, kind: &str, holds: bool, reason: &str, message: &str, now: &str) {
    let status = if holds { "True" } else { "False" };
    let old = conditions.iter_mut().find(|condition| text_at(condition, "type") == kind);
    let since = old.as_ref().filter(|old| text_at(old, "status") == status).map(|old| text_at(old, "lastTransitionTime").to_string());
    let since = since.unwrap_or_else(|| now.to_string());
    let made = json!({"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": since});
    match old {
        Some(old) => *old = made,
        None => conditions.push(made),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Type;

    fn definition(plural: &str, kind: &str, short: &str) -> Object {
        let resource = "customresourcedefinitions.apiextensions.k8s.io".to_string();
        let (group, version, name) = (String::new(), "v1".to_string(), "CustomResourceDefinition".to_string());
        let ty = Rc::new(Type { resource, group, version, kind: name, namespaced: false });
        let (list, name) = ([kind, "List"].concat(), [plural, ".a.b"].concat());
        let names = json!({"plural": plural, "singular": kind.to_lowercase(), "kind": kind, "listKind": list, "shortNames": [short]});
        let spec = json!({"group": "a.b", "names": names, "versions": [{"name": "v1", "storage": true}]});
        Object::from_value(&ty, json!({"metadata": {"name": name}, "spec": spec}))
    }

    #[test]
    fn the_first_has_the_name() {
        let mut first = definition("widgets", "Widget", "wd");
        remember_storage(&mut first);
        settle(&mut first, &[], "now");
        assert!(established(&first));
        let mut second = definition("things", "Thing", "wd");
        settle(&mut second, &[Rc::new(first)], "now");
        assert!(!established(&second));
        assert_eq!(second.text_at("/status/conditions/0/message"), "\"wd\" is already in use");
        assert_eq!(second.text_at("/status/acceptedNames/kind"), "Thing");
        assert!(second.at("/status/acceptedNames/shortNames").is_none());
    }
}
