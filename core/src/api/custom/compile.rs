//! Whether the rules of a schema can be read. Models apiextensions-apiserver `pkg/apiserver/schema/cel` Compile.

use serde_json::Value;

use crate::api::validation::field::Errors;

/// What is wrong with the rules below a path.
pub fn check(_schema: &Value, _path: &str, _errors: &mut Errors) {}
