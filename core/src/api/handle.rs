//! Requests from clients: decode, default, admit, validate, store. The way in for kubectl.

use alloc::rc::Rc;
use alloc::vec::Vec;
use serde_json::Value;

use super::request::{Answer, Request, Response, Verb};
use super::server::{Api, DeleteOptions, Deletion};
use super::status::Status;
use crate::object::{Key, Object};

impl Api {
    /// Answers a request as the API server does over HTTP.
    pub fn handle(&mut self, request: Request) -> Response {
        let mut warnings = Vec::new();
        let result = match request.verb {
            Verb::Get => self.get_object(&request).map(Answer::Object),
            Verb::List => Ok(Answer::List(self.matching(&request), self.store.resource_version)),
            Verb::Create => self.create_from(&request, &mut warnings).map(Answer::Object),
            Verb::Update => self.update_from(&request).map(Answer::Object),
            Verb::Patch(_) => self.patch_from(&request).map(Answer::Object),
            Verb::Delete => self.delete_from(&request),
            Verb::DeleteCollection => self.delete_collection(&request),
        };
        Response { result, warnings }
    }

    fn get_object(&self, request: &Request) -> Result<Rc<Object>, Status> {
        self.find(&request.resource, &request.namespace, &request.name)
            .cloned()
            .ok_or_else(|| Status::not_found(&request.resource, &request.name))
    }

    fn matching(&self, request: &Request) -> Vec<Rc<Object>> {
        let namespace = Some(request.namespace.as_str()).filter(|ns| !ns.is_empty());
        self.list(&request.resource, namespace).cloned().collect()
    }

    fn create_from(&mut self, request: &Request, _warnings: &mut Vec<alloc::string::String>) -> Result<Rc<Object>, Status> {
        let Some(ty) = self.type_of(&request.resource).cloned() else {
            return Err(Status::not_found(&request.resource, &request.name));
        };
        let mut object = Object::from_value(&ty, request.body.clone());
        if ty.namespaced {
            object.meta.namespace = request.namespace.as_str().into();
        }
        self.create(object)
    }

    fn update_from(&mut self, request: &Request) -> Result<Rc<Object>, Status> {
        let old = self.get_object(request)?;
        self.update(Object::from_value(&old.ty.clone(), request.body.clone()))
    }

    fn patch_from(&mut self, request: &Request) -> Result<Rc<Object>, Status> {
        let old = self.get_object(request)?;
        let mut whole = old.to_value();
        merge(&mut whole, &request.body);
        self.update(Object::from_value(&old.ty.clone(), whole))
    }

    fn delete_from(&mut self, request: &Request) -> Result<Answer, Status> {
        let options = DeleteOptions {
            grace_period_s: request.params.grace_period_s,
            propagation: request.params.propagation,
            uid: request.params.uid.clone(),
        };
        match self.delete(&request.resource, &Key::new(&request.namespace, &request.name), &options)? {
            Deletion::Gone(o) | Deletion::Marked(o) => Ok(Answer::Object(o)),
        }
    }

    fn delete_collection(&mut self, request: &Request) -> Result<Answer, Status> {
        let options = DeleteOptions {
            grace_period_s: request.params.grace_period_s,
            propagation: request.params.propagation,
            ..DeleteOptions::default()
        };
        let all = self.matching(request);
        for object in &all {
            self.delete(&request.resource, &object.key(), &options)?;
        }
        Ok(Answer::List(all, self.store.resource_version))
    }
}

fn merge(into: &mut Value, patch: &Value) {
    match (into, patch) {
        (Value::Object(a), Value::Object(b)) => {
            for (k, v) in b {
                match v {
                    Value::Null => {
                        a.remove(k);
                    }
                    v => merge(a.entry(k.clone()).or_insert(Value::Null), v),
                }
            }
        }
        (into, patch) => *into = patch.clone(),
    }
}
