//! What a client's write goes through: decode, default, admit, validate, and only then the store. Controllers write
//! through [`Api::create`] and [`Api::update`] directly, as they make no mistakes of spelling.
//! Models apiserver `pkg/endpoints/handlers` create.go, update.go.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::authorize::Asker;
use super::registry::Resource;
use super::request::{Refusal, Request};
use super::server::Api;
use super::status::Status;
use super::{admission, custom, defaults, disabled, validation, warnings};
use crate::object::decode::{self, Dialect};
use crate::object::resources::{CUSTOM_RESOURCE_DEFINITIONS, NODES, PODS};
use crate::object::value::{at, set, text_at};
use crate::object::{Meta, Object};

/// Metadata that only the server writes.
const SERVER_META: &[&str] =
    &["uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields"];

/// Where a Pod's spec lists the containers added while it runs.
const EPHEMERAL: &str = "/spec/ephemeralContainers";

/// What a body came to, before it meets the store.
pub(super) enum Refused {
    /// The decoder's text.
    Type(String),
    /// The text of strict decoding.
    Unknown(String),
}

impl Api {
    /// The registry's row for a request.
    pub(super) fn resource_of(&self, request: &Request) -> Result<Rc<Resource>, Status> {
        let ty = self.type_of(&request.resource).ok_or_else(no_such_resource)?;
        // A body in another version of a custom kind is read by that version's schema.
        let said = text_at(&request.body, "apiVersion").split_once('/').filter(|(group, _)| *group == ty.group);
        let other = said.and_then(|(group, version)| self.registry.by_kind(group, version, &ty.kind)).filter(|row| row.custom.is_some());
        other.or_else(|| self.registry.by_kind(&ty.group, &ty.version, &ty.kind)).cloned().ok_or_else(no_such_resource)
    }

    /// Makes an object from a request.
    pub(super) fn create_from(&mut self, request: &Request, notes: &mut Vec<String>) -> Result<Rc<Object>, Status> {
        let resource = self.resource_of(request)?;
        let ty = self.type_of(&request.resource).cloned().ok_or_else(no_such_resource)?;
        let mut body = same_kind(&resource, &request.body)?;
        if !text_at(&body, "metadata/resourceVersion").is_empty() {
            return Err(plain_error("resourceVersion should not be set on objects to be created"));
        }
        if let Some(Value::Object(meta)) = body.get_mut("metadata") {
            meta.retain(|key, _| !SERVER_META.contains(&key.as_str()));
        }
        if resource.has_status()
            && request.resource != NODES
            && let Value::Object(body) = &mut body
        {
            body.remove("status");
        }
        if resource.custom.is_some() {
            self.may_create_custom(&request.resource, text_at(&body, "metadata/name"))?;
        }
        let mut value = understand(&resource, &body, &request.params.field_validation, notes).map_err(|why| refused(&resource, why))?;
        place(&resource, &mut value, &request.namespace)?;
        disabled::drop_fields(&resource, &mut value);
        defaults::apply(&resource, &mut value);
        self.refuse_escalation(request, &value)?;
        if request.resource == "certificatesigningrequests.certificates.k8s.io" {
            set_requestor(request, &mut value);
        }
        let mut object = Object::from_value(&ty, value);
        // Whoever writes owns what was sent and defaulted, not what admission adds.
        self.track(request, None, &mut object);
        self.admit(&resource, &mut object, notes)?;
        if request.params.dry_run {
            let mut made = self.clone().create_complete(object)?;
            Rc::make_mut(&mut made).meta.resource_version = 0;
            return Ok(made);
        }
        let stored = self.create_complete(object)?;
        self.after_write(&stored);
        Ok(stored)
    }

    /// Makes an object that a controller has put together from a template. It is understood already, so that nothing has
    /// to be decoded; else it goes the way of everybody's.
    ///
    /// # Errors
    /// Whatever admission, validation or the store refuse; what is refused is remembered as it is of a client.
    pub fn create_made(&mut self, object: Object) -> Result<Rc<Object>, Status> {
        let (ty, name) = (object.ty.clone(), object.meta.name.clone());
        let result = self.create_admitted(object);
        if let Err(status) = &result {
            let name = if status.name.is_empty() { name.to_string() } else { status.name.clone() };
            self.refused.push(Refusal { at: self.now, reason: status.reason, resource: ty.resource.clone(), name });
        }
        result
    }

    fn create_admitted(&mut self, mut object: Object) -> Result<Rc<Object>, Status> {
        let ty = &object.ty;
        let resource = self.registry.by_kind(&ty.group, &ty.version, &ty.kind).cloned().ok_or_else(no_such_resource)?;
        object.fields.remove("status");
        self.admit(&resource, &mut object, &mut Vec::new())?;
        let stored = self.create_complete(object)?;
        self.after_write(&stored);
        Ok(stored)
    }

    /// Names, completes and validates a new object.
    fn admit(&mut self, resource: &Resource, object: &mut Object, notes: &mut Vec<String>) -> Result<(), Status> {
        self.name_new(object);
        if object.ty.resource == PODS {
            admission::app_armor::copy(object, notes);
        }
        if object.ty.resource == CUSTOM_RESOURCE_DEFINITIONS {
            custom::names::remember_storage(object);
        }
        self.admit_namespace(object)?;
        admission::complete(self, object)?;
        admission::allot(self, object)?;
        object.with_whole(|whole| {
            validation::refuse(resource, whole, &validation::validate_create(resource, whole))?;
            warnings::about(resource, whole, None, notes);
            Ok(())
        })?;
        admission::review(self, object, None, notes)
    }

    /// Replaces an object by a request's body.
    pub(super) fn update_from(&mut self, request: &Request, notes: &mut Vec<String>) -> Result<Rc<Object>, Status> {
        let resource = self.resource_of(request)?;
        // A body that cannot be understood, or is about something else, is refused before anything is looked for.
        let body = same_kind(&resource, &request.body)?;
        let mut value = understand(&resource, &body, &request.params.field_validation, notes).map_err(|why| refused(&resource, why))?;
        same_name(&value, &request.name)?;
        place(&resource, &mut value, &request.namespace)?;
        let old = self.get_object(request)?;
        self.replace(&resource, request, &old, value, notes)
    }

    /// Puts a decoded object in the place of `old`, be it from a body or from a patch.
    pub(super) fn replace(
        &mut self,
        resource: &Resource,
        request: &Request,
        old: &Rc<Object>,
        mut value: Value,
        notes: &mut Vec<String>,
    ) -> Result<Rc<Object>, Status> {
        same_name(&value, old.name())?;
        place(resource, &mut value, &request.namespace)?;
        let uid = text_at(&value, "metadata/uid");
        if !uid.is_empty() && *uid != *old.meta.uid {
            let why = format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {}", old.meta.uid);
            return Err(Status::conflict(&request.resource, old.name(), &why));
        }
        disabled::drop_fields(resource, &mut value);
        defaults::apply(resource, &mut value);
        self.refuse_escalation(request, &value)?;
        let before = old.to_value();
        let mut object = Object::from_value(&old.ty.clone(), value);
        self.keep_parts(resource, request, old, &mut object);
        if object.ty.resource == CUSTOM_RESOURCE_DEFINITIONS && !is_status(request) {
            custom::names::remember_storage(&mut object);
        }
        self.track(request, Some(old), &mut object);
        admission::complete_update(self, &mut object, old)?;
        let whole = object.to_value();
        if request.subresource == "ephemeralcontainers" {
            validation::refuse(resource, &whole, &validation::validate_ephemeral(&whole, &before))?;
        } else if request.subresource == "resize" {
            validation::refuse(resource, &whole, &validation::validate_resize(&whole, &before))?;
            admission::check(self, &object)?;
            match request.params.dry_run {
                true => admission::count_more(&mut self.clone(), &object, old)?,
                false => admission::count_more(self, &object, old)?,
            }
        } else if !is_status(request) || resource.custom.is_some() {
            if let Some(schema) = &resource.custom {
                custom::broken_before(schema, &whole, &before, notes);
            }
            validation::refuse(resource, &whole, &validation::validate_update(resource, &whole, &before))?;
            if !is_status(request) {
                warnings::about(resource, &whole, Some(&before), notes);
                admission::review(self, &object, Some(old), notes)?;
            }
        } else {
            validation::refuse(resource, &whole, &validation::validate_status(resource, &whole, &before))?;
        }
        if request.params.dry_run {
            let mut changed = self.clone().update(object)?;
            if changed.meta.resource_version != old.meta.resource_version {
                Rc::make_mut(&mut changed).meta.resource_version = old.meta.resource_version;
            }
            return Ok(changed);
        }
        let stored = self.update(object)?;
        self.after_write(&stored);
        Ok(stored)
    }

    /// A plain write leaves status as it is, a write of status everything else; one of ephemeral containers or of resources
    /// writes those.
    fn keep_parts(&self, resource: &Resource, request: &Request, old: &Object, object: &mut Object) {
        if is_status(request) {
            let status = object.fields.remove("status");
            let meta = core::mem::replace(&mut object.meta, old.meta.clone());
            object.meta.resource_version = meta.resource_version;
            if let (super::Verb::Patch(super::PatchType::Apply), Some(fields)) = (request.verb, meta.extra.get("managedFields")) {
                object.meta.set_extra("managedFields", fields.clone());
            }
            object.fields = old.fields.clone();
            object.fields.remove("status");
            object.fields.extend(status.map(|status| ("status".to_string(), status)));
            return;
        }
        if request.subresource == "ephemeralcontainers" {
            let added = object.at(EPHEMERAL).cloned();
            object.meta = Meta { resource_version: object.meta.resource_version, ..old.meta.clone() };
            object.fields = old.fields.clone();
            if let Some(added) = added {
                object.set(EPHEMERAL, added);
            }
            return;
        }
        if request.subresource == "resize" {
            let wanted = object.field("spec").cloned().unwrap_or(Value::Null);
            object.meta = Meta { resource_version: object.meta.resource_version, ..old.meta.clone() };
            object.fields = old.fields.clone();
            validation::take_resources(object.field_mut("spec"), &wanted);
            return;
        }
        if resource.has_status() {
            object.fields.remove("status");
            object.fields.extend(old.fields.get("status").map(|status| ("status".to_string(), status.clone())));
        }
        keep_bookkeeping(&mut object.meta, &old.meta);
    }

    /// What a stored object changes in the server itself.
    fn after_write(&mut self, stored: &Rc<Object>) {
        if stored.ty.resource != CUSTOM_RESOURCE_DEFINITIONS {
            return;
        }
        self.settle_definitions(stored.text_at("/spec/group"), stored.name());
    }

    /// Gives an object with only `generateName` its name.
    fn name_new(&mut self, object: &mut Object) {
        if object.meta.name.is_empty()
            && let Some(prefix) = object.meta.extra.get("generateName").and_then(Value::as_str)
        {
            object.meta.name = [prefix, &self.random_suffix()].concat().into();
        }
    }
}

/// Bookkeeping that a client need not send back.
fn keep_bookkeeping(new: &mut Meta, old: &Meta) {
    if new.uid.is_empty() {
        new.uid = old.uid.clone();
    }
    if let (None, Some(fields)) = (new.extra.get("managedFields"), old.extra.get("managedFields")) {
        new.set_extra("managedFields", fields.clone());
    }
}

/// Checks that a body is of the resource's kind; an older version of it is converted.
pub(super) fn same_kind(resource: &Resource, body: &Value) -> Result<Value, Status> {
    let (api_version, kind) = (text_at(body, "apiVersion"), text_at(body, "kind"));
    let version = api_version.rsplit('/').next().unwrap_or_default();
    if kind != resource.kind && !kind.is_empty() {
        return Err(Status::bad_request(format!(
            "{kind} in version \"{version}\" cannot be handled as a {}: no kind \"{kind}\" is registered for version \"{api_version}\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"",
            resource.kind
        )));
    }
    let mut body = body.clone();
    let wanted = resource.api_version();
    if api_version != wanted && !api_version.is_empty() && !super::convert::to_stored(resource, &mut body) {
        let text = format!("the API version in the data ({api_version}) does not match the expected API version ({wanted})");
        return Err(Status::bad_request(text));
    }
    if let Value::Object(body) = &mut body {
        body.insert("apiVersion".to_string(), wanted.into());
        body.insert("kind".to_string(), resource.kind.to_string().into());
    }
    Ok(body)
}

/// Decodes a body of the resource's kind. What no field knows is refused, told or dropped, as `directive` asks.
pub(super) fn understand(resource: &Resource, body: &Value, directive: &str, notes: &mut Vec<String>) -> Result<Value, Refused> {
    understand_as(resource, body, directive, Dialect::Json, notes)
}

/// The same in another dialect of texts.
pub(super) fn understand_as(
    resource: &Resource,
    body: &Value,
    directive: &str,
    dialect: Dialect,
    notes: &mut Vec<String>,
) -> Result<Value, Refused> {
    let (value, unknown) = match (resource.def(), &resource.custom) {
        (_, Some(schema)) => {
            let mut value = body.clone();
            let unknown = custom::prune(schema, &mut value);
            (value, unknown.iter().map(|path| format!("unknown field \"{path}\"")).collect())
        }
        (Some(def), None) => {
            let decoded = decode::typed(def, body, dialect).map_err(Refused::Type)?;
            (decoded.value, decoded.unknown)
        }
        (None, None) => (body.clone(), Vec::new()),
    };
    match directive {
        "Strict" if !unknown.is_empty() => Err(Refused::Unknown(["strict decoding error: ", &unknown.join(", ")].concat())),
        "Ignore" => Ok(value),
        _ => {
            notes.extend(unknown);
            Ok(value)
        }
    }
}

/// The answer to a body that could not be understood.
pub(super) fn refused(resource: &Resource, why: Refused) -> Status {
    let (Refused::Type(text) | Refused::Unknown(text)) = why;
    Status::bad_request(decode::cannot_be_handled(&resource.version, &resource.kind, &text))
}

/// Puts an object into the request's namespace, which it may also name itself.
fn place(resource: &Resource, value: &mut Value, namespace: &str) -> Result<(), Status> {
    if !resource.namespaced {
        if let Some(Value::Object(meta)) = value.get_mut("metadata") {
            meta.remove("namespace");
        }
        return Ok(());
    }
    let own = text_at(value, "metadata/namespace");
    if !own.is_empty() && own != namespace {
        return Err(Status::bad_request("the namespace of the provided object does not match the namespace sent on the request"));
    }
    if at(value, "metadata").is_none_or(|meta| !meta.is_object()) {
        set(value, "/metadata", serde_json::json!({}));
    }
    set(value, "/metadata/namespace", namespace);
    Ok(())
}

/// `the server could not find the requested resource`.
pub(super) fn no_such_resource() -> Status {
    let mut status = Status::not_found("", "");
    status.message = "the server could not find the requested resource".to_string();
    status
}

/// An error without a reason: the message is all there is.
pub(super) fn plain_error(message: &str) -> Status {
    let mut status = Status::internal("");
    status.reason = "";
    status.message = message.to_string();
    status
}

/// Whether an object is the one that the path names.
fn same_name(value: &Value, wanted: &str) -> Result<(), Status> {
    let name = text_at(value, "metadata/name");
    if name == wanted {
        return Ok(());
    }
    Err(Status::bad_request(format!("the name of the object ({name}) does not match the name on the URL ({wanted})")))
}

/// Whether a request writes status alone; the approval of a certificate stands there too.
fn is_status(request: &Request) -> bool {
    matches!(request.subresource.as_str(), "status" | "approval")
}

/// A request for a certificate says who made it. Models the strategy of `pkg/registry/certificates/certificates`.
fn set_requestor(request: &Request, body: &mut Value) {
    let asker = Asker { user: request.params.user.clone(), groups: request.params.groups.clone() };
    let (user, groups) = match asker.user.is_empty() {
        true => ("kubernetes-admin".to_string(), alloc::vec!["system:masters".to_string(), "system:authenticated".to_string()]),
        false => (asker.user.clone(), asker.all_groups()),
    };
    set(body, "spec/username", user);
    set(body, "spec/groups", groups);
}

#[cfg(test)]
mod tests;
