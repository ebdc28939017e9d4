//! `kubectl create quota`. Models kubectl `pkg/cmd/create/create_quota.go`.
//!
//! ```text
//! $ kubectl create quota q --hard=pods=3
//! resourcequota/q created
//! $ kubectl create quota r --hard=pods
//! error: Invalid argument syntax pods, expected <resource>=<value>
//! ```

use alloc::vec::Vec;
use serde_json::json;

use super::generate::{self, Generated};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Flag};
use crate::object::resources::RESOURCE_QUOTAS;
use crate::object::value;

const FLAGS: &[Flag] = &[
    Flag::text("hard", "How much there may be of what: pods=2,requests.cpu=1."),
    Flag::text("scopes", "Which objects the quota counts, separated by commas."),
];

/// `kubectl create quota NAME`
pub static QUOTA: Command = Command {
    name: "quota",
    aliases: &["resourcequota"],
    usage: "create quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]",
    short: "Create a quota with the specified name",
    examples: "# At most two Pods\nkubectl create quota my-quota --hard=pods=2",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, FLAGS],
    run: Some(|cx, parsed| {
        generate::run(cx, parsed, |_, parsed| {
            let name = generate::name(parsed)?;
            let mut body = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name}, "spec": {}, "status": {}});
            let hard = generate::quantities(parsed.text("hard"))?;
            if !hard.is_empty() {
                value::set(&mut body, "spec/hard", hard);
            }
            let scopes: Vec<&str> = parsed.text("scopes").split(',').filter(|s| !s.is_empty()).collect();
            if !scopes.is_empty() {
                value::set(&mut body, "spec/scopes", scopes);
            }
            Ok(Generated { resource: RESOURCE_QUOTAS, body, failed: "failed to create quota: " })
        })
    }),
    ..Command::EMPTY
};
