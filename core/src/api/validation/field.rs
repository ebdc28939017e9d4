//! One wrong field: where, what kind of wrong, the value and why, printed as the API server prints it.
//! Models apimachinery `util/validation/field`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use crate::api::status::Cause;
use crate::text::{json, quote::quote};

/// What kind of wrong a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// It must be there.
    Required,
    /// Its value cannot be.
    Invalid,
    /// Its value is none of those allowed.
    NotSupported,
    /// The value stands there already.
    Duplicate,
    /// It may not be set, or not be changed.
    Forbidden,
    /// What it names is not there.
    NotFound,
    /// It has too many bytes.
    TooLong,
    /// It has too many elements.
    TooMany,
    /// It is of another type.
    TypeInvalid,
}

impl ErrorKind {
    /// The words in the text, and the reason in a Status.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            ErrorKind::Required => ("Required value", "FieldValueRequired"),
            ErrorKind::Invalid => ("Invalid value", "FieldValueInvalid"),
            ErrorKind::NotSupported => ("Unsupported value", "FieldValueNotSupported"),
            ErrorKind::Duplicate => ("Duplicate value", "FieldValueDuplicate"),
            ErrorKind::Forbidden => ("Forbidden", "FieldValueForbidden"),
            ErrorKind::NotFound => ("Not found", "FieldValueNotFound"),
            ErrorKind::TooLong => ("Too long", "FieldValueTooLong"),
            ErrorKind::TooMany => ("Too many", "FieldValueTooMany"),
            ErrorKind::TypeInvalid => ("Invalid value", "FieldValueTypeInvalid"),
        }
    }
}

/// One wrong field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// What kind of wrong.
    pub kind: ErrorKind,
    /// The path: `spec.containers[0].image`.
    pub field: String,
    /// The value, where the text shows it.
    pub value: Shown,
    /// Why.
    pub detail: String,
}

/// The value in the text of a wrong field.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// Nothing is shown.
    Nothing,
    /// A value: text in quotes, anything else as JSON.
    Value(Value),
    /// Text as it is: JSON in Go's order.
    Raw(String),
}

impl FieldError {
    /// The text without the field.
    pub fn body(&self) -> String {
        let mut text = self.kind.words().0.to_string();
        match &self.value {
            Shown::Nothing => {}
            Shown::Value(Value::String(value)) => text.push_str(&[": ", &quote(value)].concat()),
            Shown::Value(value) => text.push_str(&[": ", &json::compact(value)].concat()),
            Shown::Raw(value) => text.push_str(&[": ", value].concat()),
        }
        if !self.detail.is_empty() {
            text.push_str(": ");
            text.push_str(&self.detail);
        }
        text
    }

    /// The cause in a Status.
    pub fn cause(&self) -> Cause {
        Cause { reason: self.kind.words().1.to_string(), message: self.body(), field: self.field.clone() }
    }
}

impl core::fmt::Display for FieldError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.field, self.body())
    }
}

/// The wrong fields of an object, in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Errors(pub Vec<FieldError>);

impl Errors {
    fn push(&mut self, kind: ErrorKind, field: &str, value: Shown, detail: impl Into<String>) {
        self.0.push(FieldError { kind, field: field.to_string(), value, detail: detail.into() });
    }

    /// It must be there.
    pub fn required(&mut self, field: &str, detail: impl Into<String>) {
        self.push(ErrorKind::Required, field, Shown::Nothing, detail);
    }

    /// Its value cannot be.
    pub fn invalid(&mut self, field: &str, value: impl Into<Value>, detail: impl Into<String>) {
        self.push(ErrorKind::Invalid, field, Shown::Value(value.into()), detail);
    }

    /// Its value, given as JSON text, cannot be.
    pub fn invalid_raw(&mut self, field: &str, value: String, detail: impl Into<String>) {
        self.push(ErrorKind::Invalid, field, Shown::Raw(value), detail);
    }

    /// Its value, which is too much to be shown, cannot be.
    pub fn invalid_without(&mut self, field: &str, detail: impl Into<String>) {
        self.push(ErrorKind::Invalid, field, Shown::Nothing, detail);
    }

    /// Its value is none of those allowed, which are listed as they are given.
    pub fn unsupported(&mut self, field: &str, value: impl Into<Value>, allowed: &[&str]) {
        let names: Vec<String> = allowed.iter().map(|name| quote(name)).collect();
        let detail = ["supported values: ", &names.join(", ")].concat();
        self.push(ErrorKind::NotSupported, field, Shown::Value(value.into()), detail);
    }

    /// The value stands there already.
    pub fn duplicate(&mut self, field: &str, value: impl Into<Value>) {
        self.push(ErrorKind::Duplicate, field, Shown::Value(value.into()), "");
    }

    /// Its value, which is too much to be shown, stands there already.
    pub fn duplicate_without(&mut self, field: &str) {
        self.push(ErrorKind::Duplicate, field, Shown::Nothing, "");
    }

    /// It may not be set or changed.
    pub fn forbidden(&mut self, field: &str, detail: impl Into<String>) {
        self.push(ErrorKind::Forbidden, field, Shown::Nothing, detail);
    }

    /// What it names is not there.
    pub fn not_found(&mut self, field: &str, value: impl Into<Value>) {
        self.push(ErrorKind::NotFound, field, Shown::Value(value.into()), "");
    }

    /// It has more elements than it may have.
    pub fn too_many(&mut self, field: &str, count: usize, limit: usize) {
        let detail = alloc::format!("must have at most {limit} items");
        self.push(ErrorKind::TooMany, field, Shown::Value(count.into()), detail);
    }

    /// It has more than `limit` bytes.
    pub fn too_long(&mut self, field: &str, limit: usize) {
        self.push(
            ErrorKind::TooLong,
            field,
            Shown::Nothing,
            alloc::format!("may not be more than {limit} {}", if limit == 1 { "byte" } else { "bytes" }),
        );
    }

    /// One error for each sentence that a name rule said.
    pub fn each(&mut self, field: &str, value: &str, sentences: Vec<String>) {
        for sentence in sentences {
            self.invalid(field, value, sentence);
        }
    }

    /// Whether nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The path of a member.
pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { [path, ".", name].concat() }
}

/// The path of an element.
pub fn nth(path: &str, number: usize) -> String {
    alloc::format!("{path}[{number}]")
}

/// The path of a map's member.
pub fn keyed(path: &str, key: &str) -> String {
    [path, "[", key, "]"].concat()
}
