//! What an object is: typed metadata, a dynamic body in shared parts, and pure functions over them.
//! Nothing here stores, schedules or prints.

pub mod decode;
pub mod go;
pub mod gotemplate;
pub mod jsonpath;
pub mod meta;
pub mod names;
pub mod patch;
pub mod placing;
pub mod pod_summary;
pub mod quantity;
pub mod resources;
pub mod schema;
pub mod selector;
pub mod struct_order;
pub mod template;
pub mod value;

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use core::cmp::Ordering;
use serde_json::{Map, Value};

use crate::shared::{Parts, Sorted};

pub use meta::{Meta, OwnerReference};

/// The kind of an object, shared by all objects of that kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// The resource with its group: `pods`, `deployments.apps`. The key of the store.
    pub resource: String,
    /// The API group, empty for the core group.
    pub group: String,
    /// The version within the group: `v1`.
    pub version: String,
    /// The kind: `Deployment`.
    pub kind: String,
    /// Whether objects live in a namespace.
    pub namespaced: bool,
}

impl Type {
    /// The `apiVersion` of objects of this kind: `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        match self.group.is_empty() {
            true => self.version.clone(),
            false => [self.group.as_str(), "/", self.version.as_str()].concat(),
        }
    }

    /// The resource's plural name without its group: `deployments`.
    pub fn plural(&self) -> &str {
        self.resource.split('.').next().unwrap_or_default()
    }
}

/// Namespace and name: what tells objects of one resource apart. The namespace is empty for cluster-scoped ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The namespace, empty for cluster-scoped objects.
    pub namespace: Rc<str>,
    /// The name.
    pub name: Rc<str>,
}

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        // Keys of one namespace mostly share its text.
        let same = Rc::ptr_eq(&self.namespace, &other.namespace);
        let by_namespace = if same { Ordering::Equal } else { self.namespace.cmp(&other.namespace) };
        by_namespace.then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Sorted for Key {
    fn parts(&self) -> Option<Parts<'_>> {
        Some([self.namespace.as_bytes(), self.name.as_bytes()])
    }
}

impl Sorted for (Rc<str>, Key) {}

impl Key {
    /// The key of `name` in `namespace`.
    pub fn new(namespace: &str, name: &str) -> Key {
        Key { namespace: namespace.into(), name: name.into() }
    }
}

/// An object of any kind. The body is kept in parts by top-level field (`spec`, `status`, `data` …), each shared
/// with other versions of the object until it is written to, so that a change of status does not copy the spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The kind.
    pub ty: Rc<Type>,
    /// The metadata.
    pub meta: Meta,
    /// Every other top-level field.
    pub fields: BTreeMap<String, Rc<Value>>,
}

/// An object put together again from its parts.
fn whole(ty: &Type, meta: &Meta, parts: BTreeMap<String, Rc<Value>>) -> Value {
    let mut map: Map<String, Value> = parts.into_iter().map(|(k, v)| (k, Rc::unwrap_or_clone(v))).collect();
    map.insert("apiVersion".to_string(), ty.api_version().into());
    map.insert("kind".to_string(), ty.kind.as_str().into());
    map.insert("metadata".to_string(), meta.to_value());
    Value::Object(map)
}

impl Object {
    /// An object with a name and no body.
    pub fn new(ty: &Rc<Type>, namespace: &str, name: &str) -> Object {
        let meta = Meta { namespace: namespace.into(), name: name.into(), ..Meta::default() };
        Object { ty: ty.clone(), meta, fields: BTreeMap::new() }
    }

    /// Takes an object apart; `apiVersion` and `kind` are those of `ty`.
    pub fn from_value(ty: &Rc<Type>, value: Value) -> Object {
        let mut object = Object { ty: ty.clone(), meta: Meta::default(), fields: BTreeMap::new() };
        if let Value::Object(map) = value {
            for (key, part) in map {
                match key.as_str() {
                    "metadata" => object.meta = Meta::from_value(part),
                    "apiVersion" | "kind" => {}
                    _ => {
                        object.fields.insert(key, Rc::new(part));
                    }
                }
            }
        }
        object
    }

    /// The whole object as JSON, as the API server would send it.
    pub fn to_value(&self) -> Value {
        let mut map: Map<String, Value> = self.fields.iter().map(|(k, v)| (k.clone(), (**v).clone())).collect();
        map.insert("apiVersion".to_string(), self.ty.api_version().into());
        map.insert("kind".to_string(), self.ty.kind.as_str().into());
        map.insert("metadata".to_string(), self.meta.to_value());
        Value::Object(map)
    }

    /// The whole object as JSON, without a copy of its parts, unless they are shared.
    pub fn into_value(self) -> Value {
        whole(&self.ty, &self.meta, self.fields)
    }

    /// Lets `look` see the whole object as JSON without a copy of its parts, unless they are shared.
    pub fn with_whole<R>(&mut self, look: impl FnOnce(&Value) -> R) -> R {
        let parts = core::mem::take(&mut self.fields);
        let whole = whole(&self.ty, &self.meta, parts);
        let seen = look(&whole);
        if let Value::Object(map) = whole {
            let own = map.into_iter().filter(|(k, _)| !matches!(k.as_str(), "apiVersion" | "kind" | "metadata"));
            self.fields = own.map(|(k, v)| (k, Rc::new(v))).collect();
        }
        seen
    }

    /// The key of this object in its resource.
    pub fn key(&self) -> Key {
        Key { namespace: self.meta.namespace.clone(), name: self.meta.name.clone() }
    }

    /// The object's name.
    pub fn name(&self) -> &str {
        &self.meta.name
    }

    /// The object's namespace, empty when cluster-scoped.
    pub fn namespace(&self) -> &str {
        &self.meta.namespace
    }

    /// A top-level field other than metadata.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).map(Rc::as_ref)
    }

    /// Whether a top-level field is the same as in another version of the object; quick when it is shared.
    pub fn same_field(&self, other: &Object, name: &str) -> bool {
        match (self.fields.get(name), other.fields.get(name)) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b) || a == b,
            (None, None) => true,
            _ => false,
        }
    }

    /// The value at a path that begins with a top-level field other than metadata: `/spec/replicas`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        let (first, rest) = value::first_part(path);
        value::at(self.field(first)?, rest)
    }

    /// The string at `path`.
    pub fn str_at(&self, path: &str) -> Option<&str> {
        self.at(path).and_then(Value::as_str)
    }

    /// The string at `path`, or the empty string.
    pub fn text_at(&self, path: &str) -> &str {
        self.str_at(path).unwrap_or_default()
    }

    /// The whole number at `path`.
    pub fn i64_at(&self, path: &str) -> Option<i64> {
        self.at(path).and_then(Value::as_i64)
    }

    /// The boolean at `path`; false when there is none.
    pub fn bool_at(&self, path: &str) -> bool {
        self.at(path).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The elements of the array at `path`.
    pub fn items_at(&self, path: &str) -> &[Value] {
        self.at(path).and_then(Value::as_array).map_or(&[], alloc::vec::Vec::as_slice)
    }

    /// A top-level field to write to; made empty when there is none.
    pub fn field_mut(&mut self, name: &str) -> &mut Value {
        if !self.fields.contains_key(name) {
            self.fields.insert(name.to_string(), Rc::new(Value::Object(Map::new())));
        }
        Rc::make_mut(self.fields.entry(name.to_string()).or_default())
    }

    /// Puts a value at a path that begins with a top-level field; does not copy anything when it is there already.
    pub fn set(&mut self, path: &str, new: impl Into<Value>) {
        let new = new.into();
        if self.at(path) == Some(&new) {
            return;
        }
        match value::first_part(path) {
            (only, "") => drop(self.fields.insert(only.to_string(), Rc::new(new))),
            (first, rest) => value::set(self.field_mut(first), rest, new),
        }
    }

    /// Removes what is at a path that begins with a top-level field.
    pub fn remove(&mut self, path: &str) -> Option<Value> {
        self.at(path)?;
        match value::first_part(path) {
            (only, "") => self.fields.remove(only).map(Rc::unwrap_or_clone),
            (first, rest) => value::remove(self.field_mut(first), rest),
        }
    }

    /// The owner that manages this object, if any.
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.meta.owners.iter().find(|o| o.controller == Some(true))
    }

    /// A reference to this object as the controlling owner of another.
    pub fn as_controller(&self) -> OwnerReference {
        OwnerReference {
            api_version: self.ty.api_version(),
            kind: self.ty.kind.clone(),
            name: self.meta.name.to_string(),
            uid: self.meta.uid.to_string(),
            controller: Some(true),
            block_owner_deletion: Some(true),
        }
    }

    /// Whether the object is on its way out.
    pub fn is_deleting(&self) -> bool {
        self.meta.deletion.is_some()
    }
}
