//! `kubectl create namespace`. Models kubectl `pkg/cmd/create/create_namespace.go`.
//!
//! ```text
//! $ kubectl create namespace dev
//! namespace/dev created
//! $ kubectl create namespace dev
//! Error from server (AlreadyExists): namespaces "dev" already exists
//! ```

use serde_json::json;

use super::generate::{self, Generated};
use crate::kubectl::Command;
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::object::resources::NAMESPACES;

/// `kubectl create namespace NAME`
pub static NAMESPACE: Command = Command {
    name: "namespace",
    aliases: &["ns"],
    usage: "create namespace NAME [--dry-run=server|client|none]",
    short: "Create a namespace with the specified name",
    examples: "# A namespace named my-namespace\nkubectl create namespace my-namespace",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON],
    run: Some(|cx, parsed| {
        generate::run(cx, parsed, |_, parsed| {
            let name = generate::name(parsed)?;
            let body = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "spec": {}, "status": {}});
            Ok(Generated { resource: NAMESPACES, body, failed: "" })
        })
    }),
    ..Command::EMPTY
};
