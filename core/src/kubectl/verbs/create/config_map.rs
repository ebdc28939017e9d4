//! `kubectl create configmap`. Models kubectl `pkg/cmd/create/create_configmap.go`.
//!
//! ```text
//! $ kubectl create configmap conf --from-literal=mode=prod
//! configmap/conf created
//! $ kubectl create configmap conf --from-literal=mode
//! error: invalid literal source mode, expected key=value
//! ```

use alloc::collections::BTreeMap;
use serde_json::{Value, json};

use super::generate::{self, Generated};
use super::sources::{Data, SOURCES};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Cx, Failure, Parsed};
use crate::object::resources::CONFIG_MAPS;
use crate::object::value;

/// `kubectl create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1]`
pub static CONFIG_MAP: Command = Command {
    name: "configmap",
    aliases: &["cm"],
    usage: "create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
    short: "Create a config map from a local file, directory or literal value",
    examples: "# From two literals\nkubectl create configmap my-config --from-literal=key1=config1 --from-literal=key2=config2",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, SOURCES],
    run: Some(|cx, parsed| generate::run(cx, parsed, make)),
    ..Command::EMPTY
};

fn make(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let name = generate::name(parsed)?;
    let mut data = Data { kind: "ConfigMap", name, values: BTreeMap::new() };
    data.collect(cx, parsed)?;
    let mut body = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
    if !data.values.is_empty() {
        value::set(&mut body, "data", data.values.into_iter().map(|(k, v)| (k, Value::from(v))).collect::<serde_json::Map<_, _>>());
    }
    if parsed.on("append-hash") {
        crate::kubectl::kustomize::hash::append(&mut body);
    }
    Ok(Generated { resource: CONFIG_MAPS, body, failed: "failed to create configmap: " })
}
