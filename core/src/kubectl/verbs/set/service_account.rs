//! `kubectl set serviceaccount`. Models kubectl `pkg/cmd/set/set_serviceaccount.go`.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx
//! deployment.apps/web created
//! $ kubectl set serviceaccount deployment web robot
//! deployment.apps/web serviceaccount updated
//! $ kubectl set serviceaccount
//! error: serviceaccount is required
//! ```

use crate::kubectl::groups::{ALL, DRY_RUN, LOCAL, PRINT, RECORD};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::{Command, Cx, Failure, Flow, Parsed};
use crate::object::value;

use super::update::{self, MANAGER, Words, fail};

/// `kubectl set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT`
pub static SERVICE_ACCOUNT: Command = Command {
    name: "serviceaccount",
    aliases: &["sa"],
    usage: "set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
    short: "Update the service account of a resource",
    examples: "# Another account for a Deployment\nkubectl set serviceaccount deployment nginx-deployment serviceaccount1",
    flags: &[ALL, DRY_RUN, FILENAME, LOCAL, PRINT, RECORD, MANAGER],
    run: Some(run),
    ..Command::EMPTY
};

const WORDS: Words = Words { done: "serviceaccount updated", refused: "failed to patch ServiceAccountName ", always: true };

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let Some((name, names)) = parsed.args.split_last() else {
        return fail("serviceaccount is required");
    };
    update::check(cx, parsed)?;
    let items = update::items(cx, parsed, names)?;
    update::each(cx, parsed, items, &WORDS, &mut |_, item, object, _| {
        let spec = update::spec(item, object)?;
        value::set(spec, "serviceAccountName", name.as_str());
        Ok(())
    })
}
