//! Changing an object by a patch of any of the four kinds. Models apiserver `pkg/endpoints/handlers/patch.go`.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::registry::Resource;
use super::request::{PatchType, Request};
use super::server::Api;
use super::status::{Cause, Status};
use super::write::{Refused, no_such_resource, plain_error, refused, same_kind, understand, understand_as};
use crate::object::decode::Dialect;
use crate::object::patch::{apply, json, operations, strategic};
use crate::object::value::text_at;
use crate::object::{Object, go};
use crate::text::quote::quote;

impl Api {
    /// Changes an object by a request's patch. A body that is text is JSON still to be read.
    pub(super) fn patch_from(&mut self, request: &Request, kind: PatchType, notes: &mut Vec<String>) -> Result<Rc<Object>, Status> {
        let resource = self.resource_of(request)?;
        let patch = read(&request.body, kind, notes)?;
        if kind == PatchType::Apply {
            return self.apply_from(&resource, request, &patch, notes);
        }
        let old = self.get_object(request)?;
        let whole = old.to_value();
        let directive = request.params.field_validation.as_str();
        let value = match kind {
            PatchType::Strategic => {
                if resource.custom.is_some() {
                    return Err(unknown_format());
                }
                let empty = serde_json::Map::new();
                let shown = go::map(patch.as_object().unwrap_or(&empty));
                let patched = strategic::apply(resource.def(), whole, &patch).map_err(|why| plain_error(&why))?;
                understand_as(&resource, &patched, directive, Dialect::Unstructured, notes).map_err(|why| bad_patch(&shown, why))?
            }
            PatchType::Json => {
                let patched = operations::apply(&whole, &patch).map_err(|why| match why {
                    operations::JsonPatchError::Malformed(text) => Status::bad_request(text),
                    operations::JsonPatchError::Failed(_) => rejected(),
                })?;
                decode_patched(&resource, &patched, directive, notes)?
            }
            _ => {
                let mut patched = whole;
                json::merge(&mut patched, &patch);
                decode_patched(&resource, &patched, directive, notes)?
            }
        };
        self.replace(&resource, request, &old, value, notes)
    }

    /// Server-side apply: makes the object if it is not there.
    fn apply_from(
        &mut self,
        resource: &Resource,
        request: &Request,
        config: &Value,
        notes: &mut Vec<String>,
    ) -> Result<Rc<Object>, Status> {
        let body = same_kind(resource, config)?;
        if !crate::object::value::items_at(&body, "metadata/managedFields").is_empty() {
            return Err(Status::bad_request("metadata.managedFields must be nil"));
        }
        if let Some(wrong) = holder(resource).and_then(|def| apply::typed::errors(def, &body)) {
            let Resource { group, version, kind, .. } = resource;
            let place = [request.namespace.as_str(), "/", &request.name, "; ", group, "/", version, ", Kind=", kind].concat();
            return Err(plain_error(&["failed to create typed patch object (", &place, "): ", &wrong].concat()));
        }
        let config = understand(resource, &body, &request.params.field_validation, notes).map_err(|why| refused(resource, why))?;
        // Only what the file says is owned, not what decoding adds.
        let mut said = keep_said(&config, &body);
        reset(resource, &request.subresource, &mut said);
        let old = self.find(&request.resource, &request.namespace, &request.name).cloned();
        let Some(old) = old else {
            if !request.subresource.is_empty() {
                return Err(Status::not_found(&request.resource, &request.name));
            }
            let create = Request { name: String::new(), body, ..request.clone() };
            let mut create = create;
            crate::object::value::set(&mut create.body, "/metadata/name", request.name.as_str());
            return self.create_from(&create, notes);
        };
        let live = old.to_value();
        let asked = apply::Asked {
            def: holder(resource),
            manager: &request.params.field_manager,
            api_version: &resource.api_version(),
            subresource: &request.subresource,
            force: request.params.force,
            now: &self.timestamp(),
        };
        let merged = apply::server_side(&asked, &live, &said).map_err(|conflicts| {
            let mut status = Status::conflict(&request.resource, &request.name, "");
            status.message = conflicts;
            status
        })?;
        let mut quiet = request.clone();
        // The apply has written its own entry.
        quiet.params.field_manager = String::new();
        let value = understand(resource, &merged, "Ignore", notes).map_err(|why| refused(resource, why))?;
        self.replace(resource, &quiet, &old, value, notes)
    }

    /// Writes down who set which fields, where a client said who it is.
    pub(super) fn track(&self, request: &Request, old: Option<&Object>, object: &mut Object) {
        let manager = request.params.field_manager.as_str();
        if manager.is_empty() {
            return;
        }
        let ty = &object.ty;
        let Some(resource) = self.registry.by_kind(&ty.group, &ty.version, &ty.kind).cloned() else { return };
        let Some(def) = holder(&resource) else { return };
        let (now, api_version) = (self.timestamp(), object.ty.api_version());
        let operation = if request.verb == super::Verb::Patch(PatchType::Apply) { "Apply" } else { "Update" };
        let write = apply::Write { def, manager, api_version: &api_version, operation, subresource: &request.subresource, now: &now };
        // Who does not write status owns none of it, though it is sent along.
        let owned = |object: &Object| {
            let mut whole = object.to_value();
            if request.subresource.is_empty() {
                crate::object::value::remove(&mut whole, "status");
            }
            whole
        };
        let before = old.map(owned);
        if operation == "Apply" {
            // Only what the file says is owned, not what defaults added.
            let said = match def {
                apply::Holder::Def(def) => {
                    let decoded = crate::object::decode::typed(def, &request.body, Dialect::Json).unwrap_or_default();
                    keep_said(&decoded.value, &request.body)
                }
                _ => request.body.clone(),
            };
            object.meta.set_extra("managedFields", apply::first(&write, &said));
            return;
        }
        let fields = apply::track(&write, before.as_ref(), &owned(object));
        object.meta.set_extra("managedFields", fields);
    }
}

/// Takes from a file what a write of this part of the object leaves alone, so that nobody comes to own it.
/// Models GetResetFields of the strategies.
fn reset(resource: &Resource, subresource: &str, said: &mut Value) {
    match (said, subresource) {
        (Value::Object(said), "status") => {
            said.retain(|field, _| matches!(field.as_str(), "apiVersion" | "kind" | "status"));
        }
        (Value::Object(said), "") if resource.has_status() => drop(said.remove("status")),
        _ => {}
    }
}

/// What server-side apply knows of a kind.
fn holder(resource: &Resource) -> Option<apply::Holder<'_>> {
    match &resource.custom {
        Some(schema) => Some(apply::Holder::Root(schema)),
        None => resource.def().map(apply::Holder::Def),
    }
}

/// Members of an operation of a JSON patch.
const OPERATION: &[&str] = &["op", "path", "from", "value"];

/// A patch as the handler of its type reads it: text that is no JSON, or JSON of another kind, is refused.
fn read(body: &Value, kind: PatchType, notes: &mut Vec<String>) -> Result<Value, Status> {
    let (before, go_type) = match kind {
        PatchType::Json => ("error decoding patch: ", "[]handlers.jsonPatchOp"),
        PatchType::Merge => ("error decoding patch: ", "map[string]interface {}"),
        PatchType::Strategic => ("", "map[string]interface {}"),
        PatchType::Apply => ("", ""),
    };
    let bad = |why: &str| Status::bad_request([before, why].concat());
    let patch = match body {
        Value::String(text) => crate::text::json::parse(text).map_err(|why| bad(why.text()))?,
        body => body.clone(),
    };
    match (kind, &patch) {
        (PatchType::Apply, _) | (PatchType::Merge | PatchType::Strategic, Value::Object(_)) => {}
        (PatchType::Strategic, Value::Null) => return Ok(Value::Object(serde_json::Map::new())),
        (PatchType::Merge, Value::Null) => return Err(Status::bad_request("Invalid JSON Patch")),
        (PatchType::Json, Value::Null) => return Ok(Value::Array(Vec::new())),
        (PatchType::Json, Value::Array(operations)) => {
            for (number, operation) in operations.iter().enumerate() {
                let Value::Object(members) = operation else {
                    let found = go::kind_word(operation);
                    return Err(bad(&["json: cannot unmarshal ", found, " into Go value of type handlers.jsonPatchOp"].concat()));
                };
                for (name, value) in members {
                    if !OPERATION.contains(&name.as_str()) {
                        notes.push(alloc::format!("json patch unknown field \"[{number}].{name}\""));
                    } else if name != "value" && !value.is_string() && !value.is_null() {
                        let found = go::kind_word(value);
                        let text = alloc::format!("json: cannot unmarshal {found} into Go struct field jsonPatchOp.{name} of type string");
                        return Err(bad(&text));
                    }
                }
            }
        }
        (_, other) => return Err(bad(&["json: cannot unmarshal ", go::kind_word(other), " into Go value of type ", go_type].concat())),
    }
    Ok(patch)
}

/// The decoded object without what only decoding put there.
fn keep_said(decoded: &Value, said: &Value) -> Value {
    match (decoded, said) {
        (Value::Object(decoded), Value::Object(said)) => {
            let members = decoded.iter().filter_map(|(key, value)| Some((key.clone(), keep_said(value, said.get(key)?))));
            Value::Object(members.collect())
        }
        (Value::Array(decoded), Value::Array(said)) if decoded.len() == said.len() => {
            Value::Array(decoded.iter().zip(said).map(|(decoded, said)| keep_said(decoded, said)).collect())
        }
        _ => decoded.clone(),
    }
}

fn decode_patched(resource: &Resource, patched: &Value, directive: &str, notes: &mut Vec<String>) -> Result<Value, Status> {
    if text_at(patched, "kind") != resource.kind {
        same_kind(resource, patched)?;
    }
    understand(resource, patched, directive, notes).map_err(|why| bad_patch(&crate::text::json::compact(patched), why))
}

/// The refusal of what a patch came to: `patch: Invalid value: …`.
pub(super) fn bad_patch(shown: &str, why: Refused) -> Status {
    let (Refused::Type(text) | Refused::Unknown(text)) = why;
    let message = ["Invalid value: ", &quote(shown), ": ", &text].concat();
    Status::invalid("", "", alloc::vec![Cause { reason: "FieldValueInvalid".to_string(), message, field: "patch".to_string() }])
}

/// A patch whose operations failed: no more is said.
fn rejected() -> Status {
    let mut status = Status::invalid("", "", Vec::new());
    status.message = "the server rejected our request due to an error in our request".to_string();
    status
}

/// Kinds of CustomResourceDefinitions take no strategic merge patch.
fn unknown_format() -> Status {
    let mut status = no_such_resource();
    status.code = 415;
    status.reason = "UnsupportedMediaType";
    status.message = "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml, application/apply-patch+cbor".to_string();
    status
}
