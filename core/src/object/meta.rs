//! The metadata that every object has, typed, because everything looks at it. Models apimachinery `meta/v1` ObjectMeta.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

use super::value::{self, text_at};
use crate::text::timestamp;

/// Label or annotation pairs, shared between the versions of an object.
pub type Pairs = Rc<BTreeMap<String, String>>;

/// A reference from an object to one of its owners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnerReference {
    /// API version of the owner: `apps/v1`.
    pub api_version: String,
    /// Kind of the owner: `ReplicaSet`.
    pub kind: String,
    /// Name of the owner.
    pub name: String,
    /// UID of the owner.
    pub uid: String,
    /// Whether the owner manages the object.
    pub controller: Option<bool>,
    /// Whether the owner's foreground deletion waits for the object.
    pub block_owner_deletion: Option<bool>,
}

/// Metadata of an object. Times are wall-clock milliseconds since 1970 and print with whole seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    /// The name, unique in its namespace and resource.
    pub name: Rc<str>,
    /// The namespace, empty when cluster-scoped.
    pub namespace: Rc<str>,
    /// The unique identifier, given by the API server.
    pub uid: Rc<str>,
    /// The store's version at the last write; zero before the first one.
    pub resource_version: u64,
    /// Counts changes of the desired state; zero where the kind has none.
    pub generation: i64,
    /// When the object was made.
    pub creation: Option<i64>,
    /// When a graceful deletion ends.
    pub deletion: Option<i64>,
    /// Seconds of grace that the deletion was given.
    pub deletion_grace: Option<i64>,
    /// Labels.
    pub labels: Pairs,
    /// Annotations.
    pub annotations: Pairs,
    /// Owners.
    pub owners: Rc<[OwnerReference]>,
    /// What must be done before the object may go.
    pub finalizers: Rc<[String]>,
    /// Every other field (generateName, managedFields …) as it is.
    pub extra: Rc<Map<String, Value>>,
}

impl Meta {
    /// Takes metadata from JSON. What has the wrong type is left out: strict decoding has complained before.
    pub fn from_value(value: Value) -> Meta {
        let mut meta = Meta::default();
        let Value::Object(map) = value else {
            return meta;
        };
        let mut extra = Map::new();
        for (key, v) in map {
            match (key.as_str(), v) {
                ("name", Value::String(s)) => meta.name = s.into(),
                ("namespace", Value::String(s)) => meta.namespace = s.into(),
                ("uid", Value::String(s)) => meta.uid = s.into(),
                ("resourceVersion", Value::String(s)) => meta.resource_version = s.parse().unwrap_or(u64::MAX * u64::from(!s.is_empty())),
                ("generation", v) => meta.generation = v.as_i64().unwrap_or(0),
                ("creationTimestamp", v) => meta.creation = v.as_str().and_then(timestamp::parse_rfc3339_ms),
                ("deletionTimestamp", v) => meta.deletion = v.as_str().and_then(timestamp::parse_rfc3339_ms),
                ("deletionGracePeriodSeconds", v) => meta.deletion_grace = v.as_i64(),
                ("labels", v) => meta.labels = Rc::new(pairs(v)),
                ("annotations", v) => meta.annotations = Rc::new(pairs(v)),
                ("ownerReferences", Value::Array(items)) => meta.owners = items.iter().map(OwnerReference::from_value).collect(),
                ("finalizers", Value::Array(items)) => {
                    meta.finalizers = items.iter().filter_map(|f| f.as_str().map(ToString::to_string)).collect();
                }
                (_, Value::Null) => {}
                (_, v) => {
                    extra.insert(key, v);
                }
            }
        }
        meta.extra = Rc::new(extra);
        meta
    }

    /// The metadata as JSON, without what is empty.
    pub fn to_value(&self) -> Value {
        let mut map = (*self.extra).clone();
        let mut put = |key: &str, v: Value| {
            if !value::is_empty(&v) {
                map.insert(key.to_string(), v);
            }
        };
        put("name", (*self.name).into());
        put("namespace", (*self.namespace).into());
        put("uid", (*self.uid).into());
        put("generation", self.generation.into());
        put("labels", from_pairs(&self.labels));
        put("annotations", from_pairs(&self.annotations));
        put("ownerReferences", self.owners.iter().map(OwnerReference::to_value).collect::<Vec<_>>().into());
        put("finalizers", self.finalizers.iter().map(|f| Value::from(f.as_str())).collect::<Vec<_>>().into());
        if self.resource_version > 0 {
            put("resourceVersion", self.resource_version.to_string().into());
        }
        for (key, at) in [("creationTimestamp", self.creation), ("deletionTimestamp", self.deletion)] {
            if let Some(ms) = at {
                put(key, timestamp::rfc3339(ms).into());
            }
        }
        if let Some(seconds) = self.deletion_grace {
            map.insert("deletionGracePeriodSeconds".to_string(), seconds.into());
        }
        Value::Object(map)
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.get(key).map(String::as_str)
    }

    /// The value of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.get(key).map(String::as_str)
    }

    /// Sets or (with `None`) removes a label.
    pub fn set_label(&mut self, key: &str, value: Option<&str>) {
        set_pair(&mut self.labels, key, value);
    }

    /// Sets or (with `None`) removes an annotation.
    pub fn set_annotation(&mut self, key: &str, value: Option<&str>) {
        set_pair(&mut self.annotations, key, value);
    }

    /// Sets or (with `Value::Null`) removes a field that is not typed here, such as `generateName`.
    pub fn set_extra(&mut self, key: &str, value: Value) {
        let extra = Rc::make_mut(&mut self.extra);
        match value {
            Value::Null => extra.remove(key),
            value => extra.insert(key.to_string(), value),
        };
    }

    /// Whether the object carries this finalizer.
    pub fn has_finalizer(&self, name: &str) -> bool {
        self.finalizers.iter().any(|f| f == name)
    }
}

fn set_pair(pairs: &mut Pairs, key: &str, value: Option<&str>) {
    match value {
        Some(value) if pairs.get(key).map(String::as_str) != Some(value) => {
            Rc::make_mut(pairs).insert(key.to_string(), value.to_string());
        }
        None if pairs.contains_key(key) => {
            Rc::make_mut(pairs).remove(key);
        }
        _ => {}
    }
}

fn pairs(value: Value) -> BTreeMap<String, String> {
    match value {
        Value::Object(map) => map.into_iter().filter_map(|(k, v)| v.as_str().map(|v| v.to_string()).map(|v| (k, v))).collect(),
        _ => BTreeMap::new(),
    }
}

fn from_pairs(pairs: &Pairs) -> Value {
    Value::Object(pairs.iter().map(|(k, v)| (k.clone(), Value::from(v.as_str()))).collect())
}

impl OwnerReference {
    /// Takes a reference from JSON.
    pub fn from_value(v: &Value) -> OwnerReference {
        OwnerReference {
            api_version: text_at(v, "apiVersion").to_string(),
            kind: text_at(v, "kind").to_string(),
            name: text_at(v, "name").to_string(),
            uid: text_at(v, "uid").to_string(),
            controller: value::at(v, "controller").and_then(Value::as_bool),
            block_owner_deletion: value::at(v, "blockOwnerDeletion").and_then(Value::as_bool),
        }
    }

    /// The reference as JSON.
    pub fn to_value(&self) -> Value {
        let mut v = Value::Null;
        for (key, text) in [("apiVersion", &self.api_version), ("kind", &self.kind), ("name", &self.name), ("uid", &self.uid)] {
            value::set(&mut v, key, text.as_str());
        }
        for (key, flag) in [("controller", self.controller), ("blockOwnerDeletion", self.block_owner_deletion)] {
            if let Some(flag) = flag {
                value::set(&mut v, key, flag);
            }
        }
        v
    }
}
