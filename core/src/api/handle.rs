//! Requests from clients: decode, default, admit, validate, store. The way in for kubectl.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::admission;
use super::request::{Answer, Refusal, Request, Response, Verb};
use super::server::{Api, DeleteOptions, Deletion};
use super::status::Status;
use super::warnings;
use super::write::no_such_resource;
use crate::object::resources::CUSTOM_RESOURCE_DEFINITIONS;
use crate::object::{Key, Object};

impl Api {
    /// Whether anybody answers: without its own static Pod, or without the one that keeps its objects, nobody does.
    pub fn answers(&self) -> bool {
        self.stopped.is_empty() || !["kube-apiserver", "etcd"].iter().any(|program| self.stopped.contains(*program))
    }

    /// Answers a request as the API server does over HTTP, and remembers what it refused.
    pub fn handle(&mut self, request: Request) -> Response {
        let (resource, name) = (request.resource.clone(), request.name.clone());
        let response = self.answer(request);
        if let Err(status) = &response.result {
            let name = if status.name.is_empty() { name } else { status.name.clone() };
            self.refused.push(Refusal { at: self.now, reason: status.reason, resource, name });
        }
        response
    }

    fn answer(&mut self, mut request: Request) -> Response {
        if self.type_of(&request.resource).is_some_and(|ty| !ty.namespaced) {
            request.namespace.clear();
        }
        let mut warnings: Vec<_> = warnings::of_resource(&request.resource).map(Into::into).into_iter().collect();
        warnings.extend(self.deprecation(&request));
        if let Err(refused) = self.authorize(&request) {
            return Response { result: Err(refused), warnings: Vec::new() };
        }
        if let Some(result) = self.subresource(&request) {
            return Response { result, warnings };
        }
        let result = match request.verb {
            Verb::Get => self.get_object(&request).map(Answer::Object),
            Verb::List => self.matching(&request).map(|all| Answer::List(all, self.store.resource_version)),
            Verb::Create => self.create_from(&request, &mut warnings).map(Answer::Object),
            Verb::Update => self.update_from(&request, &mut warnings).map(Answer::Object),
            Verb::Patch(kind) => self.patch_from(&request, kind, &mut warnings).map(Answer::Object),
            Verb::Delete => self.delete_from(&request),
            Verb::DeleteCollection => self.delete_collection(&request),
        };
        if !matches!(request.verb, Verb::Get | Verb::List | Verb::Create) {
            self.finish_definition(&request.resource);
        }
        Response { result, warnings }
    }

    pub(super) fn get_object(&self, request: &Request) -> Result<Rc<Object>, Status> {
        if self.type_of(&request.resource).is_none() {
            return Err(no_such_resource());
        }
        self.find(&request.resource, &request.namespace, &request.name)
            .cloned()
            .or_else(|| self.implied_one(request))
            .ok_or_else(|| Status::not_found(&request.resource, &request.name))
    }

    fn delete_from(&mut self, request: &Request) -> Result<Answer, Status> {
        let options = DeleteOptions {
            grace_period_s: request.params.grace_period_s,
            propagation: request.params.propagation,
            uid: request.params.uid.clone(),
        };
        admission::may_delete(&request.resource, &request.name)?;
        let key = Key::new(&request.namespace, &request.name);
        let deleted = match request.params.dry_run {
            true => self.clone().delete(&request.resource, &key, &options)?,
            false if request.resource == CUSTOM_RESOURCE_DEFINITIONS => self.delete_definition(&key, &options)?,
            false => self.delete(&request.resource, &key, &options)?,
        };
        let (Deletion::Gone(object) | Deletion::Marked(object)) = deleted;
        Ok(Answer::Object(object))
    }

    fn delete_collection(&mut self, request: &Request) -> Result<Answer, Status> {
        let options = DeleteOptions {
            grace_period_s: request.params.grace_period_s,
            propagation: request.params.propagation,
            ..DeleteOptions::default()
        };
        let all = self.matching(request)?;
        for object in &all {
            match request.resource.as_str() {
                CUSTOM_RESOURCE_DEFINITIONS => self.delete_definition(&object.key(), &options)?,
                resource => self.delete(resource, &object.key(), &options)?,
            };
        }
        Ok(Answer::List(all, self.store.resource_version))
    }
}
