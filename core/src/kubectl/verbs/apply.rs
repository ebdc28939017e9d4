//! `kubectl apply`: makes what is not there and changes what differs, by a three-way merge. Models kubectl `pkg/cmd/apply`.

use alloc::format;
use alloc::string::ToString;
use serde_json::Value;

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, LAST_APPLIED, Printer};
use crate::kubectl::groups::{self, DRY_RUN, PRINT, RECORD, SELECTOR, VALIDATE};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::manifests::{self, Manifest};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};
use crate::object::patch;
use crate::object::value::{self, text_at};
use crate::text::json;

const FLAGS: &[Flag] = &[
    groups::field_manager("kubectl-client-side-apply"),
    Flag::switch("all", "With --prune: all objects of the namespace."),
    Flag::text("cascade", "What becomes of dependents of what is deleted.").default("background").bare("background"),
    Flag::switch("force", "Delete and make again what cannot be changed."),
    Flag::switch("force-conflicts", "Take over fields that others own (server-side only)."),
    Flag::text("grace-period", "Seconds of grace for what is deleted.").kind(FlagKind::Int, "-1"),
    Flag::switch("openapi-patch", "Use the server's schema for the merge.").default("true"),
    Flag::switch("overwrite", "Set changed fields back to the configuration.").default("true"),
    Flag::switch("prune", "Delete what was applied before and is no longer in the files."),
    Flag::text("prune-allowlist", "Kinds that --prune may delete.").kind(FlagKind::Array, "[]"),
    Flag::switch("server-side", "Let the server do the merge."),
    Flag::text("timeout", "How long to wait for a deletion.").kind(FlagKind::Duration, "0s"),
    Flag::switch("wait", "Wait until what is deleted is gone."),
];

/// `kubectl apply (-f FILENAME | -k DIRECTORY)`
pub static APPLY: Command = Command {
    name: "apply",
    usage: "apply (-f FILENAME | -k DIRECTORY)",
    short: "Apply a configuration to a resource by file name or stdin",
    examples: "# Make or change what a file describes\nkubectl apply -f echo-hname.yaml",
    flags: &[PRINT, DRY_RUN, FILENAME, SELECTOR, VALIDATE, RECORD, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    if !manifests::given(parsed) {
        return Err(Failure::Client("must specify one of -f and -k".to_string()));
    }
    if !parsed.args.is_empty() {
        return Err(Failure::Usage(format!("Unexpected args: [{}]", parsed.args.join(" "))));
    }
    let printer = Printer::new(cx, parsed, dry_run, false)?;
    let mut failed = false;
    let mut none = true;
    for manifest in manifests::read(cx, parsed, true)? {
        none = false;
        let server_side = parsed.on("server-side");
        let result = manifest.and_then(|m| {
            if server_side { apply_on_server(cx, parsed, &m, dry_run, &printer) } else { apply(cx, parsed, &m, dry_run, &printer) }
        });
        if let Err(failure) = result {
            let (text, _) = failure.print("kubectl apply");
            cx.err(&text);
            failed = true;
        }
    }
    if none {
        return Err(Failure::Client("no objects passed to apply".to_string()));
    }
    Ok(Flow::Done(i32::from(failed)))
}

fn apply_on_server(cx: &mut Cx<'_>, parsed: &Parsed, m: &Manifest, dry_run: DryRun, printer: &Printer) -> Result<(), Failure> {
    let manager = if parsed.given("field-manager") { parsed.text("field-manager") } else { "kubectl" };
    let mut params = change::params(cx, parsed, dry_run, "kubectl")?;
    params.field_manager = manager.to_string();
    params.force = parsed.on("force-conflicts");
    let mut request = Request::new(Verb::Patch(PatchType::Apply), &m.row.key(), &m.namespace, &m.name).with_body(m.body.clone());
    request.params = params;
    let stored = change::send_for_value(cx, request)?;
    printer.print(cx, &stored, "serverside-applied")
}

fn apply(cx: &mut Cx<'_>, parsed: &Parsed, m: &Manifest, dry_run: DryRun, printer: &Printer) -> Result<(), Failure> {
    let mut modified = m.body.clone();
    if parsed.on("record") {
        change::record(cx, parsed, &mut modified);
    }
    change::keep_applied(&mut modified);
    let key = m.row.key();
    let found = match m.name.is_empty() {
        true => {
            return Err(Failure::Client(
                "from ".to_string() + text_at(&m.body, "metadata/generateName") + ": cannot use generate name with apply",
            ));
        }
        false => change::send_for_value(cx, Request::new(Verb::Get, &key, &m.namespace, &m.name)),
    };
    let params = change::params(cx, parsed, dry_run, "kubectl-client-side-apply")?;
    let current = match found {
        Err(status) if status.is_not_found() => {
            let mut stored = modified.clone();
            if dry_run != DryRun::Client {
                let mut request = Request::new(Verb::Create, &key, &m.namespace, "").with_body(modified);
                request.params = params;
                let doing = format!("error when creating {}: ", crate::text::quote::quote(&m.source));
                stored = change::send_for_value(cx, request).map_err(|s| Failure::ServerWhile(doing, s))?;
            }
            return printer.print(cx, &stored, "created");
        }
        Err(status) => {
            let doing = format!(
                "error when retrieving current configuration of:\nResource: \"{}\"\nfrom server for: {}: ",
                key,
                crate::text::quote::quote(&m.source)
            );
            return Err(Failure::ServerWhile(doing, status));
        }
        Ok(current) => current,
    };
    let original = value::at(&current, "metadata/annotations").and_then(|a| value::get(a, LAST_APPLIED)).and_then(Value::as_str);
    if original.is_none() {
        let text = format!(
            "Warning: resource {}/{} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n",
            m.row.plural, m.name
        );
        cx.err(&text);
    }
    let original = original.and_then(|text| json::parse(text).ok()).unwrap_or(Value::Null);
    let def = m.row.def();
    let (patch, kind) = match def {
        Some(_) => (patch::diff::three_way(def, &original, &modified, &current).map_err(Failure::Client)?, PatchType::Strategic),
        None => (patch::json::three_way(&original, &modified, &current), PatchType::Merge),
    };
    if value::is_empty(&patch) {
        return printer.print(cx, &current, "unchanged");
    }
    let mut stored = current.clone();
    if dry_run != DryRun::Client {
        let mut request = Request::new(Verb::Patch(kind), &key, &m.namespace, &m.name).with_body(patch);
        request.params = params;
        stored = change::send_for_value(cx, request)?;
    }
    printer.print(cx, &stored, "configured")
}
