//! `kubectl apply view-last-applied`, `set-last-applied` and `edit-last-applied`: the configuration that `apply` keeps
//! in an annotation of the object. Models kubectl `pkg/cmd/apply` apply_view_last_applied.go and its neighbours.
//!
//! ```text
//! $ kubectl create configmap a
//! configmap/a created
//! $ kubectl apply edit-last-applied configmap a
//! error: no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`
//! $ kubectl create configmap a --dry-run=client -o yaml > a.yaml; kubectl apply set-last-applied -f a.yaml --create-annotation
//! configmap/a configured
//! $ kubectl apply view-last-applied configmap a
//! apiVersion: v1
//! kind: ConfigMap
//! metadata:
//!   name: a
//!   namespace: default
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::client;
use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, LAST_APPLIED, Printer};
use crate::kubectl::editor::{self, Mode, Subject};
use crate::kubectl::groups::{self, DRY_RUN, PRINT, RECORD, SELECTOR, VALIDATE};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes, manifests};
use crate::object::value::text_at;
use crate::text::{json, yaml};

const EDIT_FLAGS: &[Flag] =
    &[groups::field_manager("kubectl-client-side-apply"), Flag::switch("windows-line-endings", "End lines as Windows does.")];
/// `-f` without its companions.
const FILE: Flag = Flag::text("filename", "Files that hold the last configuration.").short('f').kind(FlagKind::Slice, "[]");
const SET_FLAGS: &[Flag] = &[Flag::switch("create-annotation", "Make the annotation where there is none.")];
const VIEW_FLAGS: &[Flag] = &[Flag::text("output", "The form of the output: yaml or json.").short('o').default("yaml")];

/// `kubectl apply edit-last-applied`
pub(super) static EDIT: Command = Command {
    name: "edit-last-applied",
    takes: Takes::Objects(&[]),
    usage: "apply edit-last-applied (RESOURCE/NAME | -f FILENAME)",
    short: "Edit latest last-applied-configuration annotations of a resource/object",
    examples: "# In YAML\nkubectl apply edit-last-applied deployment/nginx",
    flags: &[FILENAME, PRINT, RECORD, VALIDATE, EDIT_FLAGS],
    run: Some(edit),
    ..Command::EMPTY
};

/// `kubectl apply set-last-applied`
pub(super) static SET: Command = Command {
    name: "set-last-applied",
    usage: "apply set-last-applied -f FILENAME",
    short: "Set the last-applied-configuration annotation on a live object to match the contents of a file",
    examples: "# As the file says\nkubectl apply set-last-applied -f deploy.yaml",
    flags: &[&[FILE], PRINT, DRY_RUN, SET_FLAGS],
    run: Some(set),
    ..Command::EMPTY
};

/// `kubectl apply view-last-applied`
pub(super) static VIEW: Command = Command {
    name: "view-last-applied",
    takes: Takes::Objects(&[]),
    usage: "apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
    short: "View the latest last-applied-configuration annotations of a resource/object",
    examples: "# In YAML\nkubectl apply view-last-applied deployment/nginx",
    flags: &[FILENAME, SELECTOR, groups::ALL, VIEW_FLAGS],
    run: Some(view),
    ..Command::EMPTY
};

fn view(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let mut texts: Vec<String> = Vec::new();
    // The first that is wrong ends it.
    let wrong = |failure| Failure::from_many(alloc::vec![failure]).unwrap_or(Failure::Exit(1));
    for item in resources::find(cx, parsed, &Ask { all: parsed.on("all"), latest: false, ..Ask::of(parsed) })? {
        let mut item = item.map_err(wrong)?;
        if !item.source.is_empty() && !item.object.name().is_empty() {
            item.object = resources::latest(cx, &item)?;
        }
        let text = item.object.meta.annotation(LAST_APPLIED).map(ToString::to_string);
        match text {
            Some(text) => texts.push(text),
            // kubectl has an error here that says nothing unless the object came from a file.
            None if item.source.is_empty() => {}
            None => {
                let (name, source) = (item.object.name(), &item.source);
                let text = format!("error when no last-applied-configuration annotation found on resource: {name}\n {source:?}: <nil>");
                return Err(Failure::Client(text));
            }
        }
    }
    for text in texts {
        let body = json::parse(&text).map_err(|why| Failure::Client(why.text().to_string()))?;
        match parsed.text("output") {
            "json" => {
                let end = if text.ends_with('\n') { "\n" } else { "" };
                cx.out(&[&indented(&json::indented(&body)), end].concat());
            }
            "yaml" => cx.out(&yaml::print(&body)),
            other => {
                return Err(Failure::Usage(format!("Unexpected -o output mode: {other}, the flag 'output' must be one of yaml|json")));
            }
        }
    }
    Ok(Flow::Done(0))
}

/// JSON indented by two where four were used.
fn indented(text: &str) -> String {
    let mut out = String::new();
    for line in text.trim_end().lines() {
        let inner = line.trim_start_matches(' ');
        let blanks = (line.len() - inner.len()) / 2;
        if !out.is_empty() {
            out.push('\n');
        }
        (0..blanks).for_each(|_| out.push(' '));
        out.push_str(inner);
    }
    out
}

fn set(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, false)?;
    let mut patches = Vec::new();
    if !manifests::given(parsed) {
        return Err(Failure::Client(resources::NOTHING_NAMED.to_string()));
    }
    for manifest in manifests::read(cx, parsed, false)? {
        let manifest = manifest?;
        let row = manifest.row.clone();
        if manifest.name.is_empty() {
            let (told, source) = (manifest.told(), &manifest.source);
            return Err(Failure::Client(format!(
                "error when retrieving current configuration of:\n{told}\nfrom server for: {source:?}: resource name may not be empty"
            )));
        }
        let live = resources::fetch(cx, &row, &manifest.namespace, &manifest.name)?.to_value();
        let wanted = json::compact(&manifest.body);
        let before = client::last_applied(&live);
        if before.is_none() && !parsed.on("create-annotation") {
            return Err(Failure::Client(format!(
                "no last-applied-configuration annotation found on resource: {}, to create the annotation, run the command with --create-annotation",
                manifest.name
            )));
        }
        match before.as_ref() == Some(&manifest.body) {
            true => cx.out(&format!("set-last-applied {}: no changes required.\n", manifest.name)),
            false => patches.push((manifest, live, wanted)),
        }
    }
    for (manifest, live, wanted) in patches {
        let mut after = live;
        if dry_run != DryRun::Client {
            let patch = serde_json::json!({"metadata": {"annotations": {LAST_APPLIED: wanted}}});
            let request = Request::new(Verb::Patch(PatchType::Merge), &manifest.row.key(), &manifest.namespace, &manifest.name);
            let mut request = request.with_body(patch);
            request.params.dry_run = dry_run == DryRun::Server;
            after = change::send_for_value(cx, request)?;
        }
        printer.print(cx, &after, "configured")?;
    }
    Ok(Flow::Done(0))
}

fn edit(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let mut ask = Ask::of(parsed);
    ask.all = parsed.args.len() == 1 && !parsed.args.iter().any(|arg| arg.contains('/'));
    let mut subjects: Vec<Subject> = Vec::new();
    for item in resources::find_all(cx, parsed, &ask)? {
        let Some(body) = client::last_applied(&item.object.to_value()) else { continue };
        let namespace = text_at(&body, "metadata/namespace").to_string();
        let name = text_at(&body, "metadata/name").to_string();
        subjects.push(Subject { row: item.row, namespace, name, body });
    }
    if subjects.is_empty() {
        return Err(Failure::Client(
            "no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`"
                .to_string(),
        ));
    }
    editor::start(cx, parsed, Mode::LastApplied, subjects, Vec::new())
}
