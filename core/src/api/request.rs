//! Requests to the API server and its answers, shaped as they are over HTTP.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

use super::status::Status;
use crate::object::Object;
use crate::time::Instant;

/// What a request wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Read one object.
    Get,
    /// Read all objects of a resource.
    List,
    /// Make an object.
    Create,
    /// Replace an object.
    Update,
    /// Change parts of an object.
    Patch(PatchType),
    /// Delete one object.
    Delete,
    /// Delete all objects that match.
    DeleteCollection,
}

/// How the body of a patch is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchType {
    /// `application/json-patch+json`: a list of operations (RFC 6902).
    Json,
    /// `application/merge-patch+json` (RFC 7386).
    Merge,
    /// `application/strategic-merge-patch+json`: lists merge by key.
    Strategic,
    /// `application/apply-patch+yaml`: server-side apply.
    Apply,
}

/// What becomes of an object's dependents when it is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Propagation {
    /// They are collected afterwards.
    Background,
    /// They go first.
    Foreground,
    /// They stay, without their owner.
    Orphan,
}

/// The query parameters and options of a request. All default to "not given".
#[derive(Clone, Debug, Default)]
pub struct Params {
    /// `dryRun=All`: do everything but store.
    pub dry_run: bool,
    /// `fieldManager`: who is writing.
    pub field_manager: String,
    /// `fieldValidation=Strict|Warn|Ignore`; empty means the server's default (Warn).
    pub field_validation: String,
    /// `force=true` of server-side apply.
    pub force: bool,
    /// `labelSelector`.
    pub label_selector: String,
    /// `fieldSelector`.
    pub field_selector: String,
    /// `gracePeriodSeconds` of a deletion.
    pub grace_period_s: Option<i64>,
    /// `propagationPolicy` of a deletion.
    pub propagation: Option<Propagation>,
    /// `preconditions.uid` of a deletion.
    pub uid: String,
    /// `Impersonate-User`: on whose behalf; empty for the administrator.
    pub user: String,
    /// `Impersonate-Group`.
    pub groups: Vec<String>,
}

/// A request to the API server.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to do.
    pub verb: Verb,
    /// The resource with its group: `pods`, `deployments.apps`.
    pub resource: String,
    /// `status`, `scale`, `eviction`, `binding`, `token` …; empty for the object itself.
    pub subresource: String,
    /// The namespace; empty for cluster-scoped resources and for lists over all namespaces.
    pub namespace: String,
    /// The name; empty for lists and creations.
    pub name: String,
    /// The object or patch sent along.
    pub body: Value,
    /// Options.
    pub params: Params,
}

impl Request {
    /// A request without body or options.
    pub fn new(verb: Verb, resource: &str, namespace: &str, name: &str) -> Request {
        Request {
            verb,
            resource: resource.into(),
            subresource: String::new(),
            namespace: namespace.into(),
            name: name.into(),
            body: Value::Null,
            params: Params::default(),
        }
    }

    /// The same request with a body.
    pub fn with_body(mut self, body: Value) -> Request {
        self.body = body;
        self
    }

    /// The same request for a subresource.
    pub fn with_subresource(mut self, subresource: &str) -> Request {
        self.subresource = subresource.into();
        self
    }
}

/// What the API server sends back for a request it took.
#[derive(Clone, Debug)]
pub enum Answer {
    /// One object.
    Object(Rc<Object>),
    /// The objects of a list, in order of namespace and name, and the version it was read at.
    List(Vec<Rc<Object>>, u64),
    /// Something that is not stored: a `Scale`, a `Status` of success, a token.
    Value(Value),
}

/// An answer with the warnings that came along, or a refusal.
#[derive(Clone, Debug)]
pub struct Response {
    /// The answer.
    pub result: Result<Answer, Status>,
    /// Texts of `Warning:` headers.
    pub warnings: Vec<String>,
}

/// The most refusals that are remembered.
pub const KEPT_REFUSALS: usize = 256;

/// A request that the API server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// When.
    pub at: Instant,
    /// Why: `AlreadyExists`, `NotFound`.
    pub reason: &'static str,
    /// The resource it was for: `deployments.apps`.
    pub resource: String,
    /// The name of the object it was for; empty if none.
    pub name: String,
}
