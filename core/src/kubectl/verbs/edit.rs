//! `kubectl edit`: objects of the cluster in the editor. Models kubectl `pkg/cmd/edit`.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx
//! deployment.apps/web created
//! $ KUBE_EDITOR="sed -i 's/image: nginx/image: nginx:1.27/'" kubectl edit deployment web
//! deployment.apps/web edited
//! $ KUBE_EDITOR=true kubectl edit deployment web
//! Edit cancelled, no changes made.
//! $ KUBE_EDITOR="sed -i 's/name: web/name: other/'" kubectl edit deployment web 2>&1 | tail -1
//! error: At least one of apiVersion, kind and name was changed
//! $ kubectl edit jobs
//! error: edit cancelled, no objects found
//! ```

use alloc::string::ToString;
use alloc::vec::Vec;

use crate::api::{Request, Verb};
use crate::kubectl::change;
use crate::kubectl::editor::{self, Mode, Subject};
use crate::kubectl::groups::{self, PRINT, RECORD, SAVE_CONFIG, VALIDATE};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, Takes, manifests};

const FLAGS: &[Flag] = &[
    groups::field_manager("kubectl-edit"),
    Flag::switch("output-patch", "Show the patch that is sent."),
    Flag::text("subresource", "Edit this part of the object: status or scale."),
    WINDOWS,
];

/// `--windows-line-endings`
pub(super) const WINDOWS: Flag = Flag::switch("windows-line-endings", "End lines as Windows does.");

/// `kubectl edit (RESOURCE/NAME | -f FILENAME)`
pub static EDIT: Command = Command {
    name: "edit",
    takes: Takes::Objects(&[]),
    usage: "edit (RESOURCE/NAME | -f FILENAME)",
    short: "Edit a resource on the server",
    examples: "# Change the number of Pods without opening an editor\nKUBE_EDITOR=\"sed -i s/replicas:.1/replicas:.2/\" kubectl edit deployment web",
    flags: &[FILENAME, PRINT, RECORD, SAVE_CONFIG, VALIDATE, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if parsed.args.is_empty() && !manifests::given(parsed) {
        return Err(Failure::Client(resources::NOTHING_NAMED.to_string()));
    }
    let mut ask = Ask::of(parsed);
    // A type alone means everything of that type.
    ask.all = parsed.args.len() == 1 && !parsed.args.iter().any(|arg| arg.contains('/'));
    let items = resources::find_all(cx, parsed, &ask)?;
    if items.is_empty() {
        return Err(Failure::Client("edit cancelled, no objects found".to_string()));
    }
    let subresource = parsed.text("subresource");
    let mut subjects = Vec::new();
    for item in &items {
        let body = match subresource {
            "" | "status" => item.object.to_value(),
            _ => {
                let request = Request::new(Verb::Get, &item.row.key(), item.object.namespace(), item.object.name());
                change::send_for_value(cx, request.with_subresource(subresource))?
            }
        };
        subjects.push(Subject::new(&item.row, body));
    }
    editor::start(cx, parsed, Mode::Objects, subjects, Vec::new())
}
