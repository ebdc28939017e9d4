//! `kubectl set resources`. Models kubectl `pkg/cmd/set/set_resources.go`.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx
//! deployment.apps/web created
//! $ kubectl set resources deployment web --limits=cpu=200m,memory=512Mi --requests=cpu=100m
//! deployment.apps/web resource requirements updated
//! $ kubectl set resources deployment web
//! error: you must specify an update to requests or limits (in the form of --requests/--limits)
//! ```

use alloc::format;

use crate::kubectl::groups::{ALL, DRY_RUN, LOCAL, PRINT, RECORD, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed};
use crate::object::value;

use super::update::{self, CONTAINERS, MANAGER, Words, fail};

const FLAGS: &[Flag] = &[
    Flag::text("limits", "What each container may use at most: cpu=100m,memory=256Mi."),
    Flag::text("requests", "What is kept for each container: cpu=100m,memory=256Mi."),
];

/// `kubectl set resources (-f FILENAME | TYPE NAME) [--limits=LIMITS] [--requests=REQUESTS]`
pub static RESOURCES: Command = Command {
    name: "resources",
    usage: "set resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
    short: "Update resource requests/limits on objects with pod templates",
    examples: "# At most a fifth of a CPU and half a gibibyte\nkubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi",
    flags: &[ALL, CONTAINERS, DRY_RUN, FILENAME, LOCAL, PRINT, RECORD, SELECTOR, MANAGER, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

const WORDS: Words =
    Words { done: "resource requirements updated", refused: "failed to patch resources update to pod template ", always: false };

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let items = update::items(cx, parsed, &parsed.args)?;
    update::check(cx, parsed)?;
    if parsed.text("limits").is_empty() && parsed.text("requests").is_empty() {
        return fail("you must specify an update to requests or limits (in the form of --requests/--limits)");
    }
    let limits = update::quantities(parsed.text("limits"))?;
    let requests = update::quantities(parsed.text("requests"))?;
    let wanted = parsed.text("containers");
    update::each(cx, parsed, items, &WORDS, &mut |_, item, object, wrong| {
        let mut put = |container: &mut serde_json::Value| {
            for (field, all) in [("limits", &limits), ("requests", &requests)] {
                all.iter().for_each(|(name, amount)| set(container, field, name, amount));
            }
            Ok(())
        };
        if !update::containers(update::spec(item, object)?, wanted, &mut put)? {
            wrong.push(Failure::Client(format!("error: unable to find container named {wanted}")));
        }
        Ok(())
    })
}

/// Puts one amount, whose name may hold slashes.
fn set(container: &mut serde_json::Value, field: &str, name: &str, amount: &str) {
    let path = ["resources/", field].concat();
    value::set_default(container, &path, serde_json::json!({}));
    if let Some(serde_json::Value::Object(map)) = value::at_mut(container, &path) {
        map.insert(name.into(), amount.into());
    }
}
