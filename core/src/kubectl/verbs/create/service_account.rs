//! `kubectl create serviceaccount`. Models kubectl `pkg/cmd/create/create_serviceaccount.go`.
//!
//! ```text
//! $ kubectl create serviceaccount robot
//! serviceaccount/robot created
//! $ kubectl create serviceaccount
//! error: exactly one NAME is required, got 0
//! See 'kubectl create serviceaccount -h' for help and examples
//! ```

use serde_json::json;

use super::generate::{self, Generated};
use crate::kubectl::Command;
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::object::resources::SERVICE_ACCOUNTS;

/// `kubectl create serviceaccount NAME`
pub static SERVICE_ACCOUNT: Command = Command {
    name: "serviceaccount",
    aliases: &["sa"],
    usage: "create serviceaccount NAME [--dry-run=server|client|none]",
    short: "Create a service account with the specified name",
    examples: "# A service account named robot\nkubectl create serviceaccount robot",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON],
    run: Some(|cx, parsed| {
        generate::run(cx, parsed, |_, parsed| {
            let name = generate::name(parsed)?;
            let body = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}});
            Ok(Generated { resource: SERVICE_ACCOUNTS, body, failed: "failed to create serviceaccount: " })
        })
    }),
    ..Command::EMPTY
};
