//! Objects before they are stored: new ones, and those of files that the API server has never seen.

use serde_json::Value;

use super::defaults;
use super::server::Api;
use super::write::understand;
use crate::object::Object;

impl Api {
    /// A new object of a resource, not stored yet. `None` when the resource is unknown.
    pub fn new_object(&self, resource: &str, namespace: &str, name: &str) -> Option<Object> {
        self.type_of(resource).map(|ty| Object::new(ty, namespace, name))
    }

    /// A body as an object of a resource, with what the API server fills in. `None` where it is not one.
    pub fn understood(&self, resource: &str, body: &Value) -> Option<Object> {
        let ty = self.type_of(resource)?;
        let row = self.registry.by_kind(&ty.group, &ty.version, &ty.kind)?;
        let mut value = understand(row, body, "Ignore", &mut alloc::vec::Vec::new()).ok()?;
        defaults::apply(row, &mut value);
        Some(Object::from_value(ty, value))
    }
}
