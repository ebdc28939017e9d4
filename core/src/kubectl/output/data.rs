//! `-o yaml`, `-o json` and `-o kyaml`.

use alloc::borrow::Cow;
use alloc::string::String;

use serde_json::Value;

use crate::object::struct_order;
use crate::text::{json, yaml};

/// Documents after the first are set apart by `---`.
pub(super) fn yaml(object: &Value, printed_before: usize, out: &mut String) {
    if printed_before > 0 {
        out.push_str("---\n");
    }
    yaml::print_into(object, out);
}

/// `typed` prints in the order of Go's struct, otherwise keys are sorted.
pub(super) fn kyaml(object: &Value, typed: bool, out: &mut String) {
    out.push_str(&struct_order::kyaml(object, typed));
}

/// `typed` prints in the order of Go's struct, otherwise keys are sorted.
pub(super) fn json(object: &Value, typed: bool, out: &mut String) {
    out.push_str(&if typed { struct_order::print(object) } else { json::indented(object) });
    out.push('\n');
}

/// The object, or each of the items of a list, without `metadata.managedFields`.
pub(super) fn without_managed_fields(object: &Value) -> Cow<'_, Value> {
    let has = |v: &Value| v.get("metadata").is_some_and(|m| m.get("managedFields").is_some());
    let items = object.get("items").and_then(Value::as_array);
    if !has(object) && !items.is_some_and(|items| items.iter().any(has)) {
        return Cow::Borrowed(object);
    }
    let mut object = object.clone();
    strip(&mut object);
    for item in object.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten() {
        strip(item);
    }
    Cow::Owned(object)
}

fn strip(object: &mut Value) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
}
