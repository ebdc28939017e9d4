//! What a write of a CustomResourceDefinition changes in the server: names, kinds that are served, objects that go.
//! Models apiextensions-apiserver `pkg/controller` finalizer and status, and `pkg/registry/customresourcedefinition`.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::custom::names;
use super::request::{Request, Verb};
use super::server::{Api, DeleteOptions, Deletion};
use super::status::Status;
use crate::object::resources::CUSTOM_RESOURCE_DEFINITIONS;
use crate::object::value::{bool_at, text_at};
use crate::object::{Key, Object};

/// Holds a definition until its objects are gone.
const FINALIZER: &str = "customresourcecleanup.apiextensions.k8s.io";

impl Api {
    /// Settles the names of a group's definitions, the one just written first, and serves those that are established.
    pub(super) fn settle_definitions(&mut self, group: &str, first: &str) {
        let mut names: Vec<String> =
            self.definitions().iter().filter(|one| one.text_at("/spec/group") == group).map(|one| one.name().to_string()).collect();
        if let Some(at) = names.iter().position(|name| name == first) {
            let own = names.remove(at);
            names.insert(0, own);
        }
        let now = self.timestamp();
        for name in names {
            let others = self.definitions();
            let settled = self.modify(CUSTOM_RESOURCE_DEFINITIONS, &Key::new("", &name), |object| names::settle(object, &others, &now));
            let Ok(settled) = settled else { continue };
            match names::established(&settled) {
                true => self.add_custom(&settled.to_value()),
                false => self.remove_custom(&settled.to_value()),
            }
        }
    }

    fn definitions(&self) -> Vec<Rc<Object>> {
        self.list(CUSTOM_RESOURCE_DEFINITIONS, None).cloned().collect()
    }

    /// Deletes a definition and with it the objects of its kind; what finalizers hold holds the definition too.
    ///
    /// # Errors
    /// Those of any deletion.
    pub(super) fn delete_definition(&mut self, key: &Key, options: &DeleteOptions) -> Result<Deletion, Status> {
        let Some(old) = self.find(CUSTOM_RESOURCE_DEFINITIONS, "", &key.name).cloned() else {
            return self.delete(CUSTOM_RESOURCE_DEFINITIONS, key, options);
        };
        let held = names::established(&old) && {
            let keys: Vec<Key> = self.list(&key.name, None).map(|object| object.key()).collect();
            for key in keys {
                // One that is gone meanwhile is no matter.
                let _ = self.delete(old.name(), &key, &DeleteOptions::default());
            }
            self.list(&key.name, None).next().is_some()
        };
        if held && !old.meta.has_finalizer(FINALIZER) {
            let now = self.timestamp();
            self.modify(CUSTOM_RESOURCE_DEFINITIONS, key, |object| {
                object.meta.finalizers = object.meta.finalizers.iter().cloned().chain([FINALIZER.to_string()]).collect();
                let mut conditions = object.items_at("/status/conditions").to_vec();
                let message = "CustomResource deletion is in progress";
                names::state(&mut conditions, "Terminating", true, "InstanceDeletionInProgress", message, &now);
                object.set("/status/conditions", Value::Array(conditions));
            })?;
        }
        let deleted = self.delete(CUSTOM_RESOURCE_DEFINITIONS, key, options)?;
        if let Deletion::Gone(gone) = &deleted {
            self.forget_definition(&gone.clone());
        }
        Ok(deleted)
    }

    fn forget_definition(&mut self, gone: &Object) {
        if names::established(gone) {
            self.remove_custom(&gone.to_value());
        }
        self.settle_definitions(gone.text_at("/spec/group"), "");
    }

    /// Lets a definition go whose last object went.
    pub(super) fn finish_definition(&mut self, resource: &str) {
        let Some(definition) = self.find(CUSTOM_RESOURCE_DEFINITIONS, "", resource).filter(|one| one.is_deleting()).cloned() else {
            return;
        };
        if self.list(resource, None).next().is_some() {
            return;
        }
        let freed = self.modify(CUSTOM_RESOURCE_DEFINITIONS, &definition.key(), |object| {
            object.meta.finalizers = object.meta.finalizers.iter().filter(|name| &***name != FINALIZER).cloned().collect();
        });
        if freed.is_ok() && self.find(CUSTOM_RESOURCE_DEFINITIONS, "", resource).is_none() {
            self.forget_definition(&definition);
        }
    }

    /// Whether a kind takes no new objects because its definition is going.
    ///
    /// # Errors
    /// `Forbidden` then.
    pub(super) fn may_create_custom(&self, resource: &str, name: &str) -> Result<(), Status> {
        match self.find(CUSTOM_RESOURCE_DEFINITIONS, "", resource).is_some_and(|one| one.is_deleting()) {
            true => Err(Status::forbidden(resource, name, "create not allowed while custom resource definition is terminating")),
            false => Ok(()),
        }
    }

    /// What is said whenever a kind is asked for whose version its definition calls deprecated.
    pub(super) fn deprecation(&self, request: &Request) -> Option<String> {
        let definition = self.find(CUSTOM_RESOURCE_DEFINITIONS, "", &request.resource)?;
        let ty = self.type_of(&request.resource)?;
        let said = match request.verb {
            Verb::Create | Verb::Update => text_at(&request.body, "apiVersion").rsplit('/').next().unwrap_or_default(),
            _ => "",
        };
        let name = if said.is_empty() { ty.version.as_str() } else { said };
        let version = definition.items_at("/spec/versions").iter().find(|version| text_at(version, "name") == name)?;
        if !bool_at(version, "deprecated") {
            return None;
        }
        Some(match text_at(version, "deprecationWarning") {
            "" => [&ty.group, "/", name, " ", &ty.kind, " is deprecated"].concat(),
            own => own.to_string(),
        })
    }
}
