//! Applying a strategic merge patch: lists of structs merge by key, and directives (`$patch`, `$retainKeys`,
//! `$deleteFromPrimitiveList/…`, `$setElementOrder/…`) steer. Models apimachinery `util/strategicpatch`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

use super::super::go::{self, plain};
use super::super::schema::Def;
use super::{facts, key_text};
use crate::arrange::Arrange;

/// Directive in a struct or an element: `replace`, `delete` or `merge`.
pub(super) const PATCH: &str = "$patch";
/// Directive in a struct: the only keys that stay.
pub(super) const RETAIN_KEYS: &str = "$retainKeys";
/// Directive beside a list of scalars: what leaves it.
pub(super) const DELETE_FROM_PRIMITIVE_LIST: &str = "$deleteFromPrimitiveList/";
/// Directive beside a list: the order of those elements that the patch knows.
pub(super) const SET_ELEMENT_ORDER: &str = "$setElementOrder/";

/// How two trees are merged.
#[derive(Clone, Copy)]
pub(super) struct Options {
    /// The second is applied to an object, directives and all. Otherwise two patches become one patch.
    pub to_object: bool,
}

/// Applies `patch` to `target`, an object of definition `def`. Errors are the API server's texts.
pub fn apply(def: Option<Def>, target: Value, patch: &Value) -> Result<Value, String> {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            merge_maps(def, target, patch.clone(), Options { to_object: true }).map(Value::Object)
        }
        _ => Err("invalid JSON document".to_string()),
    }
}

/// Merges a struct or a map.
pub(super) fn merge_maps(
    def: Option<Def>,
    mut original: Map<String, Value>,
    mut patch: Map<String, Value>,
    options: Options,
) -> Result<Map<String, Value>, String> {
    if let Some(directive) = patch.get(PATCH) {
        match directive.as_str() {
            Some("replace") => {
                patch.remove(PATCH);
                return Ok(patch);
            }
            Some("delete") => return Ok(Map::new()),
            Some("merge") => {
                patch.remove(PATCH);
            }
            _ => return Err(["unknown patch type: ", &plain(directive), " in map: ", &go::map(&patch)].concat()),
        }
    }
    retain_keys(&mut original, &mut patch, options)?;
    set_element_orders(def, &mut original, &mut patch, options)?;
    for (key, new) in patch {
        if let Some(list) = key.strip_prefix(DELETE_FROM_PRIMITIVE_LIST) {
            if options.to_object {
                delete_scalars(&mut original, list, &new);
            } else {
                original.insert(key, new);
            }
            continue;
        }
        merge_member(def, &mut original, key, new, options)?;
    }
    Ok(original)
}

/// Merges one member.
fn merge_member(def: Option<Def>, original: &mut Map<String, Value>, key: String, new: Value, options: Options) -> Result<(), String> {
    if new.is_null() {
        original.remove(&key);
        if !options.to_object {
            original.insert(key, Value::Null);
        }
        return Ok(());
    }
    let facts = facts(def, &key);
    let old = original.remove(&key);
    let merged = match (old, new) {
        (Some(Value::Object(_)), new @ Value::Object(_)) if facts.replaced => new,
        (Some(Value::Object(old)), Value::Object(new)) => Value::Object(merge_maps(facts.def, old, new, options)?),
        (Some(Value::Array(old)), Value::Array(new)) if facts.merge_key.is_some() => {
            Value::Array(merge_lists(facts.def, old, new, facts.merge_key.unwrap_or_default(), options)?)
        }
        // A new part may itself hold directives and nulls, which must not be stored.
        (_, Value::Object(new)) if options.to_object => Value::Object(merge_maps(facts.def, Map::new(), new, options)?),
        (_, Value::Array(new)) if options.to_object => Value::Array(match facts.merge_key {
            Some(key) => merge_lists(facts.def, Vec::new(), new, key, options)?,
            None => without_directives(new),
        }),
        (_, new) => new,
    };
    original.insert(key, merged);
    Ok(())
}

/// Obeys `$retainKeys`.
fn retain_keys(original: &mut Map<String, Value>, patch: &mut Map<String, Value>, options: Options) -> Result<(), String> {
    let Some(keys) = patch.remove(RETAIN_KEYS) else { return Ok(()) };
    let Some(list) = keys.as_array() else { return Err("invalid patch format of $retainKeys".to_string()) };
    if !options.to_object {
        original.insert(RETAIN_KEYS.to_string(), keys);
        return Ok(());
    }
    for (key, value) in patch.iter().filter(|(key, _)| !key.starts_with('$')) {
        if !value.is_null() && !list.iter().any(|kept| kept.as_str() == Some(key)) {
            return Err("the list in $retainKeys must be a superset of the keys in the patch".to_string());
        }
    }
    original.retain(|key, _| list.iter().any(|kept| kept.as_str() == Some(key)));
    Ok(())
}

/// Obeys `$deleteFromPrimitiveList/list`.
fn delete_scalars(original: &mut Map<String, Value>, list: &str, gone: &Value) {
    if let (Some(Value::Array(items)), Value::Array(gone)) = (original.get_mut(list), gone) {
        items.retain(|item| !gone.contains(item));
    }
}

/// Obeys every `$setElementOrder/list`, merging those lists on the way.
fn set_element_orders(
    def: Option<Def>,
    original: &mut Map<String, Value>,
    patch: &mut Map<String, Value>,
    options: Options,
) -> Result<(), String> {
    let directives: Vec<String> = patch.keys().filter(|key| key.starts_with(SET_ELEMENT_ORDER)).cloned().collect();
    for directive in directives {
        let Some(Value::Array(order)) = patch.remove(&directive) else {
            return Err("invalid patch format of $setElementOrder".to_string());
        };
        let list = directive.strip_prefix(SET_ELEMENT_ORDER).unwrap_or_default();
        fits_order(patch.get(list), &order, facts(def, list).merge_key.unwrap_or_default())?;
        if !options.to_object {
            original.insert(directive.clone(), Value::Array(order));
            continue;
        }
        let facts = facts(def, list);
        let key = facts.merge_key.unwrap_or_default();
        // Scalars leave before the order is set, or they would be put in place again.
        let gone = [DELETE_FROM_PRIMITIVE_LIST, list].concat();
        if let Some(gone) = patch.remove(&gone) {
            delete_scalars(original, list, &gone);
        }
        let old = original.remove(list);
        let new = patch.remove(list);
        let server: Vec<Value> = old.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        let merged = match (old, new) {
            (None, None) => continue,
            (Some(Value::Array(old)), None) => old,
            (Some(Value::Array(old)), Some(Value::Array(new))) => merge_lists(facts.def, old, new, key, options)?,
            (None, Some(Value::Array(new))) => merge_lists(facts.def, Vec::new(), new, key, options)?,
            (Some(other), None) | (_, Some(other)) => {
                original.insert(list.to_string(), other);
                continue;
            }
        };
        let sorted = arrange(merged, &order, &server, key);
        original.insert(list.to_string(), Value::Array(sorted));
    }
    Ok(())
}

/// Whether the elements of a patch stand in the order that its directive tells. Models validatePatchWithSetOrderList.
fn fits_order(list: Option<&Value>, order: &[Value], key: &str) -> Result<(), String> {
    let Some(list) = list.and_then(Value::as_array).filter(|_| !order.is_empty()) else { return Ok(()) };
    let same = |one: &Value, other: &Value| if key.is_empty() { one == other } else { one.get(key) == other.get(key) };
    let mut left = list.iter().filter(|item| item.get(PATCH).is_none()).peekable();
    for wanted in order {
        left.next_if(|item| same(item, wanted));
    }
    if left.peek().is_none() {
        return Ok(());
    }
    let shown = |list: &[Value]| go::value(&Value::Array(list.to_vec()));
    let (list, order) = (shown(list), shown(order));
    Err(["The order in patch list:\n", &list, "\n doesn't match $setElementOrder list:\n", &order, "\n"].concat())
}

/// Merges a list: by `key`, or as a set where the key is empty.
fn merge_lists(def: Option<Def>, original: Vec<Value>, patch: Vec<Value>, key: &str, options: Options) -> Result<Vec<Value>, String> {
    if !patch.iter().chain(&original).all(Value::is_object) || key.is_empty() {
        if key.is_empty() && patch.iter().any(Value::is_object) {
            return Ok(without_directives(patch));
        }
        let mut merged = original.clone();
        for item in &patch {
            if !merged.contains(item) {
                merged.push(item.clone());
            }
        }
        return Ok(arrange(merged, &patch, &original, ""));
    }
    let replace = |item: &Value| item.get(PATCH).and_then(Value::as_str) == Some("replace");
    if patch.iter().any(replace) {
        return Ok(patch.into_iter().filter(|item| !replace(item)).collect());
    }
    let server = original.clone();
    let mut merged = original;
    let mut kept: Vec<Value> = Vec::new();
    for item in patch {
        let Some(id) = key_text(&item, key) else {
            let map = item.as_object().map(go::map).unwrap_or_default();
            return Err(["map: ", &map, " does not contain declared merge key: ", key].concat());
        };
        if options.to_object && item.get(PATCH).and_then(Value::as_str) == Some("delete") {
            merged.retain(|old| key_text(old, key).as_deref() != Some(&id));
            continue;
        }
        kept.push(item.clone());
        let Value::Object(new) = item else { continue };
        match merged.iter_mut().find(|old| key_text(old, key).as_deref() == Some(&id)) {
            Some(slot) => {
                let old = slot.as_object().cloned().unwrap_or_default();
                *slot = Value::Object(merge_maps(def, old, new, options)?);
            }
            None if options.to_object => merged.push(Value::Object(merge_maps(def, Map::new(), new, options)?)),
            None => merged.push(Value::Object(new)),
        }
    }
    Ok(arrange(merged, &kept, &server, key))
}

/// A list that is replaced as a whole, without directives in it.
fn without_directives(list: Vec<Value>) -> Vec<Value> {
    list.into_iter().filter(|item| !item.as_object().is_some_and(|map| map.len() == 1 && map.contains_key(PATCH))).collect()
}

/// Orders a merged list: elements named in `order` stand in that order, the others in the server's; where both
/// are known to the server its order decides, and otherwise the patch's elements come first.
fn arrange(merged: Vec<Value>, order: &[Value], server: &[Value], key: &str) -> Vec<Value> {
    let id = |value: &Value| if key.is_empty() { Some(plain(value)) } else { key_text(value, key) };
    let ids = |list: &[Value]| -> Vec<Option<String>> { list.iter().map(id).collect() };
    let (order, server) = (ids(order), ids(server));
    let place = |list: &[Option<String>], value: &Value| {
        let wanted = id(value);
        list.iter().position(|known| *known == wanted)
    };
    let (mut ours, mut theirs): (Vec<Value>, Vec<Value>) = merged.into_iter().partition(|value| place(&order, value).is_some());
    ours.arrange_by_key(|value| place(&order, value));
    theirs.arrange_by_key(|value| place(&server, value));
    let mut sorted = Vec::new();
    let (mut ours, mut theirs) = (ours.into_iter().peekable(), theirs.into_iter().peekable());
    loop {
        let theirs_first = match (ours.peek(), theirs.peek()) {
            (None, None) => return sorted,
            (None, Some(_)) => true,
            (Some(_), None) => false,
            (Some(our), Some(their)) => match (place(&server, their), place(&server, our)) {
                (Some(their), Some(our)) => their < our,
                _ => false,
            },
        };
        sorted.extend(if theirs_first { theirs.next() } else { ours.next() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pod(target: Value, patch: Value) -> Result<Value, String> {
        apply(Def::named("PodSpec"), target, &patch)
    }

    #[test]
    fn lists_merge_by_key_and_new_elements_come_first() {
        let target = json!({"containers": [{"name": "a", "image": "x"}]});
        let patch = json!({"containers": [{"name": "b", "image": "y"}, {"name": "a", "tty": true}]});
        let wanted = json!({"containers": [{"name": "b", "image": "y"}, {"name": "a", "image": "x", "tty": true}]});
        assert_eq!(pod(target.clone(), patch).unwrap(), wanted);
        let bad = pod(target, json!({"containers": [{"image": "y"}]})).unwrap_err();
        assert_eq!(bad, "map: map[image:y] does not contain declared merge key: name");
    }

    #[test]
    fn directives_steer() {
        let target = json!({"containers": [{"name": "a"}, {"name": "b"}], "tolerations": [{"key": "k"}], "nodeSelector": {"x": "1"}});
        let patch = json!({"containers": [{"name": "a", "$patch": "delete"}], "nodeSelector": {"$patch": "replace", "y": "2"}});
        let wanted = json!({"containers": [{"name": "b"}], "tolerations": [{"key": "k"}], "nodeSelector": {"y": "2"}});
        assert_eq!(pod(target.clone(), patch).unwrap(), wanted);
        let patch = json!({"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]});
        assert_eq!(pod(target, patch).unwrap()["containers"], json!([{"name": "b"}, {"name": "a"}]));
        let target = json!({"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}});
        let patch = json!({"strategy": {"$retainKeys": ["type"], "type": "Recreate"}});
        let result = apply(Def::named("DeploymentSpec"), target, &patch).unwrap();
        assert_eq!(result, json!({"strategy": {"type": "Recreate"}}));
    }

    #[test]
    fn sets_of_scalars() {
        let target = json!({"finalizers": ["a", "b"]});
        let def = Def::named("ObjectMeta");
        let patch = json!({"$deleteFromPrimitiveList/finalizers": ["a"], "$setElementOrder/finalizers": ["b", "c"], "finalizers": ["c"]});
        assert_eq!(apply(def, target.clone(), &patch).unwrap(), json!({"finalizers": ["b", "c"]}));
        assert_eq!(apply(def, target, &json!({"finalizers": null})).unwrap(), json!({}));
    }
}
