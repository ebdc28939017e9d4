//! `kubectl annotate`: its table only; the work is shared with `label`.
//!
//! ```text
//! $ kubectl run web --image=nginx
//! pod/web created
//! $ kubectl annotate pod web note='a web server'
//! pod/web annotated
//! $ kubectl annotate pod web note=more
//! error: --overwrite is false but found the following declared annotation(s): 'note' already has a value (a web server)
//! $ kubectl annotate pod web note-
//! pod/web annotated
//! ```

use super::label::{self, SHARED, Words};
use crate::kubectl::groups::{self, ALL, DRY_RUN, LOCAL, PRINT, RECORD, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, Takes};

const FLAGS: &[Flag] = &[groups::field_manager("kubectl-annotate")];

/// `kubectl annotate (-f FILENAME | TYPE NAME) KEY_1=VAL_1 …`
pub static ANNOTATE: Command = Command {
    name: "annotate",
    takes: Takes::Objects(&[]),
    usage: "annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    short: "Update the annotations on a resource",
    examples: "# Say why a Deployment has changed\nkubectl annotate deploy web kubernetes.io/change-cause=\"newer nginx\"",
    flags: &[ALL, DRY_RUN, FILENAME, LOCAL, PRINT, RECORD, SELECTOR, SHARED, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    label::update(cx, parsed, &Words { map: "annotations", one: "annotation", manager: "kubectl-annotate" })
}
