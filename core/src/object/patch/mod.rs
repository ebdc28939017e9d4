//! Changing an object by a patch and finding the patch between two objects: JSON patch, JSON merge patch,
//! strategic merge patch and server-side apply. Pure functions over values; who may change what is decided elsewhere.

pub mod apply;
pub mod conflicts;
pub mod diff;
pub mod json;
pub mod local;
pub mod operations;
pub mod strategic;

use serde_json::Value;

use super::schema::Def;

/// What patches need to know about the member `key` of a struct.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    /// The struct of the value, of its elements or of its members.
    pub def: Option<Def>,
    /// Whether lists merge, and by which key (empty for scalars).
    pub merge_key: Option<&'static str>,
    /// Whether `$retainKeys` is written.
    pub retain_keys: bool,
    /// Whether a struct is taken as a whole, be it the same or not.
    pub replaced: bool,
}

/// The facts about the member `key` of `def`.
pub(super) fn facts(def: Option<Def>, key: &str) -> Facts {
    let Some(field) = def.and_then(|def| def.field(key)) else {
        return Facts::default();
    };
    let is_struct = matches!(field.ty.shape(), super::schema::Shape::Struct(_)) || field.ty.is_array();
    Facts {
        def: if is_struct { field.ty.inner_struct() } else { None },
        merge_key: field.merge_key(),
        retain_keys: field.retain_keys(),
        replaced: field.replaced(),
    }
}

/// The merge key of an element as text, which is how elements are compared.
pub(super) fn key_text(element: &Value, key: &str) -> Option<alloc::string::String> {
    element.as_object().and_then(|map| map.get(key)).map(super::go::plain)
}
