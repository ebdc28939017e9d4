//! The API server's error answers, with the texts clients show. Models apimachinery `api/errors`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

/// One field that was wrong, inside a [`Status`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// `FieldValueInvalid`, `FieldValueRequired` …
    pub reason: String,
    /// The text without the field.
    pub message: String,
    /// The path of the field.
    pub field: String,
}

/// What the API server answers when it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// HTTP status code.
    pub code: u16,
    /// Machine-readable reason: `NotFound`, `AlreadyExists`, `Invalid`, `Conflict`, `Forbidden`, `BadRequest` …
    pub reason: &'static str,
    /// The text for people.
    pub message: String,
    /// The name of the object it is about.
    pub name: String,
    /// The group of the object it is about.
    pub group: String,
    /// The resource (or for `Invalid` the kind) of the object it is about.
    pub kind: String,
    /// The fields that were wrong.
    pub causes: Vec<Cause>,
    /// Seconds after which to try again; zero for none.
    pub retry_after_s: u32,
}

impl Status {
    fn new(code: u16, reason: &'static str, resource: &str, name: &str, message: String) -> Status {
        let (kind, group) = resource.split_once('.').unwrap_or((resource, ""));
        Status {
            code,
            reason,
            message,
            name: name.to_string(),
            group: group.to_string(),
            kind: kind.to_string(),
            causes: Vec::new(),
            retry_after_s: 0,
        }
    }

    /// `pods "x" not found`. `resource` carries its group: `deployments.apps`.
    pub fn not_found(resource: &str, name: &str) -> Status {
        Status::new(404, "NotFound", resource, name, format!("{resource} \"{name}\" not found"))
    }

    /// `pods "x" already exists`.
    pub fn already_exists(resource: &str, name: &str) -> Status {
        Status::new(409, "AlreadyExists", resource, name, format!("{resource} \"{name}\" already exists"))
    }

    /// `Operation cannot be fulfilled on pods "x": …`.
    pub fn conflict(resource: &str, name: &str, why: &str) -> Status {
        Status::new(409, "Conflict", resource, name, format!("Operation cannot be fulfilled on {resource} \"{name}\": {why}"))
    }

    /// The conflict of an update that was made from an old version.
    pub fn stale(resource: &str, name: &str) -> Status {
        Status::conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again")
    }

    /// `pods "x" is forbidden: …`.
    pub fn forbidden(resource: &str, name: &str, why: &str) -> Status {
        let message = match name.is_empty() {
            true => format!("{resource} is forbidden: {why}"),
            false => format!("{resource} \"{name}\" is forbidden: {why}"),
        };
        Status::new(403, "Forbidden", resource, name, message)
    }

    /// A request that makes no sense; the message is shown as it is.
    pub fn bad_request(message: impl Into<String>) -> Status {
        Status::new(400, "BadRequest", "", "", message.into())
    }

    /// `Deployment.apps "x" is invalid: …` from its field errors. `kind` is the kind, with its group: `Deployment.apps`.
    pub fn invalid(kind: &str, name: &str, causes: Vec<Cause>) -> Status {
        let texts: Vec<String> = causes.iter().map(|c| format!("{}: {}", c.field, c.message)).collect();
        let list = match texts.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let mut status = Status::new(422, "Invalid", kind, name, format!("{kind} \"{name}\" is invalid: {list}"));
        status.causes = causes;
        status
    }

    /// The object cannot be reached with this verb.
    pub fn method_not_allowed(message: impl Into<String>) -> Status {
        Status::new(405, "MethodNotAllowed", "", "", message.into())
    }

    /// Something for which there is no better reason.
    pub fn internal(message: impl AsRef<str>) -> Status {
        Status::new(500, "InternalError", "", "", format!("Internal error occurred: {}", message.as_ref()))
    }

    /// An eviction that a disruption budget does not allow now.
    pub fn too_many_requests(message: impl Into<String>, retry_after_s: u32) -> Status {
        Status { retry_after_s, ..Status::new(429, "TooManyRequests", "", "", message.into()) }
    }

    /// The resourceVersion asked for is no longer kept.
    pub fn gone(message: impl Into<String>) -> Status {
        Status::new(410, "Expired", "", "", message.into())
    }

    /// Whether the object was not there.
    pub fn is_not_found(&self) -> bool {
        self.reason == "NotFound"
    }

    /// Whether the object was changed by somebody else meanwhile.
    pub fn is_conflict(&self) -> bool {
        self.reason == "Conflict"
    }

    /// The `Status` object as JSON.
    pub fn to_value(&self) -> Value {
        let causes: Vec<Value> = self.causes.iter().map(|c| json!({"reason": c.reason, "message": c.message, "field": c.field})).collect();
        let mut details = json!({"name": self.name, "group": self.group, "kind": self.kind, "causes": causes});
        if let Value::Object(map) = &mut details {
            map.retain(|_, v| !crate::object::value::is_empty(v));
        }
        json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": self.message, "reason": self.reason, "details": details, "code": self.code})
    }
}
