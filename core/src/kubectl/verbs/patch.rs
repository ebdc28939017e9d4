//! `kubectl patch` in its three types. Models kubectl `pkg/cmd/patch`.
//!
//! ```text
//! $ kubectl run web --image=nginx
//! pod/web created
//! $ kubectl patch pod web -p '{"metadata":{"labels":{"tier":"front"}}}'
//! pod/web patched
//! $ kubectl patch pod web -p '{"metadata":{"labels":{"tier":"front"}}}'
//! pod/web patched (no change)
//! $ kubectl patch pod web --type=foo -p '{}'
//! error: --type must be one of [json merge strategic], not "foo"
//! $ kubectl patch pod web --dry-run=client --type=json -p '[{"op":"replace","path":"/x/y","value":1}]'
//! error: replace operation does not apply: doc is missing path: /x/y: missing value
//! $ kubectl patch pod web --dry-run=client -p '{"spec":{"priority":7}}' -o jsonpath='{.metadata.generation} {.spec.priority}'
//! 1 7
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, DRY_RUN, LOCAL, PRINT, RECORD};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, Takes, manifests};
use crate::object::patch::{json as json_patch, operations, strategic};
use crate::text::{fs, json, quote::quote, yaml};

const FLAGS: &[Flag] = &[
    groups::field_manager("kubectl-patch"),
    Flag::text("patch", "The patch, as JSON or YAML.").short('p'),
    Flag::text("patch-file", "The file with the patch."),
    Flag::text("subresource", "Patch this subresource: status, scale or resize."),
    Flag::text("type", "The type of patch: json, merge or strategic.").default("strategic"),
];

/// `kubectl patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]`
pub static PATCH: Command = Command {
    name: "patch",
    takes: Takes::Objects(&[]),
    usage: "patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
    short: "Update fields of a resource",
    examples: "# Three Pods instead of one\nkubectl patch deployment web -p '{\"spec\":{\"replicas\":3}}'",
    flags: &[DRY_RUN, FILENAME, LOCAL, PRINT, RECORD, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, false)?.silent();
    if parsed.given("patch") && parsed.given("patch-file") {
        return Err(Failure::Client("cannot specify --patch and --patch-file together".to_string()));
    }
    if parsed.text("patch").is_empty() && parsed.text("patch-file").is_empty() {
        return Err(Failure::Client("must specify --patch or --patch-file containing the contents of the patch".to_string()));
    }
    let kind = match parsed.text("type").to_ascii_lowercase().as_str() {
        "json" => PatchType::Json,
        "merge" => PatchType::Merge,
        "strategic" => PatchType::Strategic,
        _ => return Err(Failure::Client(format!("--type must be one of [json merge strategic], not {}", quote(parsed.text("type"))))),
    };
    if parsed.args.is_empty() && !manifests::given(parsed) {
        return Err(Failure::Client(resources::NOTHING_NAMED.to_string()));
    }
    if parsed.on("local") && !parsed.args.is_empty() {
        return Err(Failure::Client("cannot specify --local and server resources".to_string()));
    }
    if parsed.on("local") && dry_run == DryRun::Server {
        return Err(Failure::Client("cannot specify --local and --dry-run=server - did you mean --dry-run=client?".to_string()));
    }
    let body = body(cx, parsed)?;
    let mut wrong = Vec::new();
    for item in resources::find(cx, parsed, &Ask { latest: false, ..Ask::of(parsed) })? {
        let done = item.and_then(|item| one(cx, parsed, &item, kind, &body, dry_run, &printer));
        wrong.extend(done.err());
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// The patch; text that begins as JSON and is none goes to the server as it stands, which refuses it.
fn body(cx: &Cx<'_>, parsed: &Parsed) -> Result<Value, Failure> {
    let mut text: String = parsed.text("patch").to_string();
    let path = parsed.text("patch-file");
    if !path.is_empty() {
        let read = cx.files.read(&fs::resolve(cx.cwd, path));
        text = read
            .map(|t| (*t).clone())
            .map_err(|e| Failure::Client(format!("unable to read patch file: open {path}: {}", e.text().to_lowercase())))?;
    }
    if text.trim_start().starts_with('{') {
        return Ok(json::parse(&text).unwrap_or(Value::String(text)));
    }
    let value = yaml::parse(&text).map_err(|e| Failure::Client(format!("unable to parse {}: {e}", quote(&text))))?;
    // What is a text is sent as the JSON of it, for the server to say what it thinks of that.
    Ok(if value.is_string() { Value::String(json::compact(&value)) } else { value })
}

fn one(
    cx: &mut Cx<'_>,
    parsed: &Parsed,
    item: &Item,
    kind: PatchType,
    body: &Value,
    dry_run: DryRun,
    printer: &Printer,
) -> Result<(), Failure> {
    if !parsed.on("local") {
        resources::need_name(item.object.name())?;
    }
    let mut before = item.object.to_value();
    if let subresource @ ("scale" | "status" | "resize") = parsed.text("subresource")
        && item.source.is_empty()
    {
        let request = Request::new(Verb::Get, &item.row.key(), item.object.namespace(), item.object.name());
        before = change::send_for_value(cx, request.with_subresource(subresource))?;
    }
    if dry_run == DryRun::Client || parsed.on("local") {
        let after = patched(item, kind, &before, body)?;
        return told(cx, printer, &before, &after);
    }
    let mut request = Request::new(Verb::Patch(kind), &item.row.key(), item.object.namespace(), item.object.name())
        .with_subresource(parsed.text("subresource"))
        .with_body(body.clone());
    request.params = change::params(cx, parsed, dry_run, "kubectl-patch")?;
    let mut after = change::send_for_value(cx, request)?;
    if parsed.on("record") && after != before {
        let cause = change::change_cause(cx, parsed);
        let body = serde_json::json!({"metadata": {"annotations": {change::CHANGE_CAUSE: cause}}});
        let request = Request::new(Verb::Patch(PatchType::Merge), &item.row.key(), item.object.namespace(), item.object.name());
        after = change::send_for_value(cx, request.with_body(body))?;
    }
    told(cx, printer, &before, &after)
}

fn told(cx: &mut Cx<'_>, printer: &Printer, before: &Value, after: &Value) -> Result<(), Failure> {
    printer.print(cx, after, if after == before { "patched (no change)" } else { "patched" })
}

/// The object with the patch applied by kubectl itself. Models getPatchedJSON.
fn patched(item: &Item, kind: PatchType, before: &Value, patch: &Value) -> Result<Value, Failure> {
    match kind {
        PatchType::Json => operations::apply_newer(before, patch).map_err(|error| {
            Failure::Client(match error.text().split_once("doc is missing key: ") {
                Some((_, key)) => format!("Object to be patched is missing field ({key})"),
                None => error.text().to_string(),
            })
        }),
        PatchType::Strategic => {
            let row = &item.row;
            let Some(def) = row.def() else {
                let gvk = format!("{}, Kind={}", row.api_version(), row.kind);
                return Err(Failure::Client(format!("strategic merge patch is not supported for {gvk} locally, try --type merge")));
            };
            if patch.is_null() {
                return Ok(before.clone());
            }
            strategic::apply(Some(def), before.clone(), patch).map_err(Failure::Client)
        }
        _ if !matches!(patch, Value::Object(_) | Value::Array(_)) => Err(Failure::Client("Invalid JSON Patch".to_string())),
        _ => {
            let mut after = before.clone();
            json_patch::merge(&mut after, patch);
            match after.is_object() {
                true => Ok(after),
                false => {
                    let found = crate::object::go::kind_word(&after);
                    Err(Failure::Client(format!("json: cannot unmarshal {found} into Go value of type unstructured.detector")))
                }
            }
        }
    }
}
