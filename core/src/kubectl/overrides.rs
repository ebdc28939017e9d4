//! `--overrides`: changes that the command line makes to what kubectl has generated. Models kubectl `pkg/cmd/util`
//! override_options.go.

use alloc::format;
use alloc::string::ToString;

use serde_json::Value;

use super::{Failure, Parsed};
use crate::object::decode::{self, Dialect};
use crate::object::patch;
use crate::object::schema::Def;
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
        "merge" | "" => patch::json::merge(object, &read(Some("Invalid JSON Patch"))?),
        "json" => *object = patch::operations::apply(object, &read(None)?).map_err(|why| Failure::Client(why.text().to_string()))?,
        "strategic" => *object = patch::strategic::apply(def, object.clone(), &read(None)?).map_err(Failure::Client)?,
        other => return Err(Failure::Client(format!("invalid override type: {other}"))),
    }
    if let Some(def) = def {
        *object = decode::typed(def, object, Dialect::Json).map_err(Failure::Client)?.value;
    }
    Ok(())
}
