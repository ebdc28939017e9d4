//! `--overrides`: changes that the command line makes to what kubectl has generated. Models kubectl `pkg/cmd/util`
//! override_options.go.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

use super::{Failure, Parsed};
use crate::object::decode::{self, Dialect};
use crate::object::schema::Def;
use crate::object::value::text_at;
use crate::object::{go, patch, struct_order};
use crate::text::json;

/// Puts what `--overrides` says into `object`, a `v1` object of the kind; members that the kind does not have are lost.
///
/// # Errors
/// A patch that is none or does not apply, and an `--override-type` that there is not.
pub fn apply(parsed: &Parsed, kind: &str, object: &mut Value) -> Result<(), Failure> {
    let text = parsed.text("overrides");
    if text.is_empty() {
        return Ok(());
    }
    let def = Def::of_api_version("v1", kind);
    let read = |otherwise: Option<&str>| {
        json::parse(text).map_err(|why| Failure::Client(otherwise.map_or_else(|| why.text().to_string(), ToString::to_string)))
    };
    match parsed.text("override-type") {
        "merge" | "" => {
            let patch = read(Some("Invalid JSON Patch"))?;
            if !matches!(patch, Value::Object(_) | Value::Array(_)) {
                return Err(Failure::Client("Invalid JSON Patch".to_string()));
            }
            patch::json::merge(object, &patch);
        }
        "json" => *object = patch::operations::apply_newer(object, &read(None)?).map_err(|why| Failure::Client(why.text().to_string()))?,
        "strategic" => {
            *object = patch::strategic::apply(def, object.clone(), &read(Some("invalid JSON document"))?).map_err(Failure::Client)?
        }
        other => return Err(Failure::Client(format!("invalid override type: {other}"))),
    }
    let def = known(def, object).map_err(Failure::Client)?;
    if let Some(def) = def {
        *object = decode::typed(def, object, Dialect::Json).map_err(Failure::Client)?.value;
    }
    Ok(())
}

/// The type of what `--overrides` made of an object that was of `def`. Models apimachinery `serializer/json` Decode.
fn known(def: Option<Def>, object: &Value) -> Result<Option<Def>, String> {
    let parse = |what: &str| Err(["couldn't get version/kind; json parse error: json: cannot unmarshal ", what].concat());
    if object.is_array() {
        return parse(
            "array into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }",
        );
    }
    for field in ["apiVersion", "kind"] {
        if let Some(value) = object.get(field).filter(|value| !value.is_string()) {
            return parse(&format!("{} into Go struct field .{field} of type string", go::kind_word(value)));
        }
    }
    let (version, kind) = (text_at(object, "apiVersion"), text_at(object, "kind"));
    for (name, text) in [("Kind", kind), ("apiVersion", version)] {
        if text.is_empty() {
            return Err(format!("Object '{name}' is missing in '{}'", struct_order::compact_as(def, object)));
        }
    }
    match Def::of_api_version(version, kind) {
        None => Err(format!("no kind {kind:?} is registered for version {version:?} in scheme \"pkg/scheme/scheme.go:28\"")),
        known => Ok(known),
    }
}
