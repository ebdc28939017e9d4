//! `kubectl create priorityclass`. Models kubectl `pkg/cmd/create/create_priorityclass.go`.
//!
//! ```text
//! $ kubectl create priorityclass high --value=1000
//! priorityclass.scheduling.k8s.io/high created
//! $ kubectl create priorityclass huge --value=9999999999
//! error: invalid argument "9999999999" for "--value" flag: strconv.ParseInt: parsing "9999999999": value out of range
//! See 'kubectl create priorityclass --help' for usage.
//! ```

use serde_json::json;

use super::generate::{self, Generated};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Flag, FlagKind};
use crate::object::resources::PRIORITY_CLASSES;
use crate::object::value;

const FLAGS: &[Flag] = &[
    Flag::text("description", "When to use this class."),
    Flag::switch("global-default", "Pods that name no class get this one."),
    Flag::text("preemption-policy", "Never or PreemptLowerPriority.").default("PreemptLowerPriority"),
    Flag::text("value", "The priority of Pods with this class.").kind(FlagKind::Int32, "0"),
];

/// `kubectl create priorityclass NAME`
pub static PRIORITY_CLASS: Command = Command {
    name: "priorityclass",
    aliases: &["pc"],
    usage: "create priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]",
    short: "Create a priority class with the specified name",
    examples: "# A class of high priority\nkubectl create priorityclass high-priority --value=1000 --description=\"high priority\"",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, FLAGS],
    run: Some(|cx, parsed| {
        generate::run(cx, parsed, |_, parsed| {
            let name = generate::name(parsed)?;
            let mut body = json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name},
                "value": parsed.number("value"), "preemptionPolicy": parsed.text("preemption-policy")});
            if parsed.on("global-default") {
                value::set(&mut body, "globalDefault", true);
            }
            if !parsed.text("description").is_empty() {
                value::set(&mut body, "description", parsed.text("description"));
            }
            Ok(Generated { resource: PRIORITY_CLASSES, body, failed: "failed to create priorityclass: " })
        })
    }),
    ..Command::EMPTY
};
