//! `kubectl diff`: what `apply` would change, shown by the `diff` program over two folders. The exit code is the
//! program's: 1 when something differs, more when something failed. Models kubectl `pkg/cmd/diff`.
//!
//! ```text
//! $ kubectl apply -f echo-hname.yaml
//! deployment.apps/echo-hname created
//! $ kubectl diff -f echo-hname.yaml; echo $?
//! 0
//! $ sed -i s/replicas:.*/replicas:\ 9/ echo-hname.yaml; kubectl diff -f echo-hname.yaml | grep replicas:
//! -  replicas: 3
//! +  replicas: 9
//! $ kubectl diff -f nope.yaml; echo $?
//! error: the path "nope.yaml" does not exist
//! 2
//! ```

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::apply::{last_applied, prune, three_way, warn_if_deleting};
use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, LAST_APPLIED};
use crate::kubectl::groups::{self, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::manifests::{self, Manifest};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, editor};
use crate::object::value::{self, at_mut, text_at};
use crate::text::{quote::quote, yaml};

const FLAGS: &[Flag] = &[
    Flag::text("concurrency", "How many objects to look at at once.").kind(FlagKind::Int, "1"),
    groups::field_manager("kubectl-client-side-apply"),
    Flag::switch("force-conflicts", "Take over fields that others own (server-side only)."),
    Flag::switch("prune", "Show what pruning would delete."),
    Flag::text("prune-allowlist", "Kinds that --prune may delete.").kind(FlagKind::Array, "[]"),
    Flag::switch("server-side", "Let the server do the merge."),
    Flag::switch("show-managed-fields", "Keep managedFields in what is compared."),
    Flag::switch("show-secrets", "Show what Secrets hold as it is."),
];

/// `kubectl diff -f FILENAME`
pub static DIFF: Command = Command {
    name: "diff",
    usage: "diff -f FILENAME",
    short: "Diff the live version against a would-be applied version",
    examples: "# What a file would change\nkubectl diff -f pod.json",
    flags: &[FILENAME, SELECTOR, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

/// What stands for a secret value: for one that stays, the old and the new one.
const MASKS: [&str; 3] = ["***", "*** (before)", "*** (after)"];

/// Tells a failure; it ends with a code above 1, which means that there are differences.
///
/// # Errors
/// None; it has been told.
pub fn failed(cx: &mut Cx<'_>, failure: &Failure) -> Result<Flow, Failure> {
    let (text, code) = failure.print("kubectl diff");
    cx.err(&text);
    Ok(Flow::Done(code + 1))
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    match begin(cx, parsed) {
        Err(Failure::NeedStdin) => Err(Failure::NeedStdin),
        Err(failure) => failed(cx, &failure),
        flow => flow,
    }
}

fn begin(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if !parsed.args.is_empty() {
        return Err(Failure::Usage(format!("Unexpected args: [{}]", parsed.args.join(" "))));
    }
    manifests::required(parsed)?;
    if parsed.on("force-conflicts") && !parsed.on("server-side") {
        return Err(Failure::Client("--force-conflicts only works with --server-side".to_string()));
    }
    let kinds = if parsed.on("prune") { prune::kinds(cx, parsed.all("prune-allowlist"))? } else { Vec::new() };
    let mut visited = super::apply::Visited { kinds, ..Default::default() };
    let folders = ["/tmp/LIVE-", "/tmp/MERGED-"].map(|prefix| editor::temp_name(cx, prefix, ""));
    for folder in &folders {
        make(cx, folder)?;
    }
    let mut result = Ok(());
    match manifests::read(cx, parsed, false) {
        Err(failure) => result = Err(failure),
        Ok(all) => {
            for one in all {
                result = one.and_then(|manifest| compare(cx, parsed, &manifest, &folders, &mut visited));
                if result.is_err() {
                    break;
                }
            }
        }
    }
    if parsed.on("prune") && result.is_ok() {
        for (row, mut value) in prune::victims(cx, parsed, &visited)? {
            let name = file_name(&row, text_at(&value, "metadata/namespace"), text_at(&value, "metadata/name"));
            omit(parsed, &mut value);
            write(cx, &folders, 0, &name, &yaml::print(&value))?;
        }
    }
    if let Err(failure) = result {
        tear_down(cx, &folders);
        return Err(failure);
    }
    let argv = program(cx, &folders);
    Ok(Flow::Program(argv, Box::new(Diffing { folders })))
}

/// Writes one object as it is and as it would be.
fn compare(
    cx: &mut Cx<'_>,
    parsed: &Parsed,
    m: &Manifest,
    folders: &[String; 2],
    visited: &mut super::apply::Visited,
) -> Result<(), Failure> {
    if m.name.is_empty() {
        return Err(Failure::Client("resource name may not be empty".to_string()));
    }
    let live = match change::send_for_value(cx, Request::new(Verb::Get, &m.row.key(), &m.namespace, &m.name)) {
        Ok(live) => Some(live),
        Err(status) if status.is_not_found() => None,
        Err(status) => return Err(status.into()),
    };
    if m.row.namespaced {
        visited.namespaces.insert(m.namespace.clone());
    }
    visited.uids.extend(live.as_ref().map(|live| text_at(live, "metadata/uid").to_string()));
    let merged = merged(cx, parsed, m, live.as_ref())?;
    let (mut from, mut to) = (live.clone(), merged);
    if !parsed.on("show-secrets") && text_at(&to, "kind") == "Secret" && text_at(&to, "apiVersion") == "v1" {
        mask(from.as_mut(), &mut to);
    }
    let name = file_name(&m.row, &m.namespace, &m.name);
    let text = from.as_mut().map_or_else(String::new, |from| {
        omit(parsed, from);
        yaml::print(from)
    });
    write(cx, folders, 0, &name, &text)?;
    omit(parsed, &mut to);
    write(cx, folders, 1, &name, &yaml::print(&to))?;
    if let Some(live) = &live {
        warn_if_deleting(cx, live);
    }
    Ok(())
}

/// The object as it would be if the file were applied.
fn merged(cx: &mut Cx<'_>, parsed: &Parsed, m: &Manifest, live: Option<&Value>) -> Result<Value, Failure> {
    let key = m.row.key();
    let mut params = cx.params("kubectl-client-side-apply");
    params.dry_run = true;
    if parsed.on("server-side") {
        let manager = if parsed.given("field-manager") { parsed.text("field-manager") } else { "kubectl" };
        params.field_manager = manager.to_string();
        params.force = parsed.on("force-conflicts");
        let mut request = Request::new(Verb::Patch(PatchType::Apply), &key, &m.namespace, &m.name).with_body(m.body.clone());
        request.params = params;
        return change::send_for_value(cx, request).map_err(|status| {
            if status.reason == "Conflict" {
                // Tried again some times, the last time whatever version there is.
                let slash = [m.row.group.as_ref(), "/", m.row.version.as_ref()].concat();
                let text = format!("Object ({slash}, Kind={}: {}) keeps changing, diffing without lock", m.row.kind, m.name);
                change::log(cx, 'W', "diff.go:723", &text);
            }
            Failure::from(status)
        });
    }
    let Some(live) = live else {
        let mut request = Request::new(Verb::Create, &key, &m.namespace, "").with_body(m.body.clone());
        request.params = params;
        return change::send_for_value(cx, request).map_err(Failure::from);
    };
    let mut modified = m.body.clone();
    value::set_default(&mut modified, "/metadata/annotations", Value::Object(Map::new()));
    if let Some(Value::Object(annotations)) = at_mut(&mut modified, "metadata/annotations") {
        annotations.remove(LAST_APPLIED);
    }
    let original = last_applied(live).unwrap_or(Value::Null);
    let (mut patch, kind) = three_way(&m.row, &original, &modified, live).map_err(Failure::Client)?;
    if value::is_empty(&patch) {
        return Ok(live.clone());
    }
    value::set(&mut patch, "/metadata/resourceVersion", text_at(live, "metadata/resourceVersion"));
    let mut request = Request::new(Verb::Patch(kind), &key, &m.namespace, &m.name).with_body(patch);
    request.params = params;
    change::send_for_value(cx, request).map_err(|status| {
        let doing = format!("error when patching {}: ", quote(&m.source));
        change::refused(doing, status)
    })
}

/// Hides the values of a Secret and leaves only which of them differ.
fn mask(from: Option<&mut Value>, to: &mut Value) {
    let empty = Map::new();
    let data = |value: Option<&Value>| value.and_then(|v| v.get("data")).and_then(Value::as_object).unwrap_or(&empty).clone();
    let (old, new) = (data(from.as_deref()), data(Some(to)));
    let differs = |key: &String| old.get(key).zip(new.get(key)).is_some_and(|(a, b)| a != b);
    let hide = |value: &mut Value, changed: &'static str| {
        if let Some(Value::Object(map)) = value.get_mut("data") {
            for (key, slot) in map {
                *slot = if differs(key) { changed } else { MASKS[0] }.into();
            }
        }
    };
    if let Some(from) = from {
        hide(from, MASKS[1]);
    }
    hide(to, MASKS[2]);
}

fn omit(parsed: &Parsed, value: &mut Value) {
    match parsed.on("show-managed-fields") {
        true => *value = crate::object::patch::apply::complete(value),
        false => {
            value::remove(value, "/metadata/managedFields");
        }
    }
}

/// The file of an object: `apps.v1.Deployment.default.web`.
fn file_name(row: &crate::api::registry::Resource, namespace: &str, name: &str) -> String {
    let group = if row.group.is_empty() { String::new() } else { [&row.group, "."].concat() };
    format!("{group}{}.{}.{namespace}.{name}", row.version, row.kind)
}

fn now(cx: &Cx<'_>) -> i64 {
    i64::try_from(cx.now().as_ms()).unwrap_or(0)
}

fn make(cx: &mut Cx<'_>, folder: &str) -> Result<(), Failure> {
    let now = now(cx);
    cx.files.make_dirs(folder, now).map_err(|error| Failure::Client(format!("mkdir {folder}: {}", error.text().to_lowercase())))
}

fn write(cx: &mut Cx<'_>, folders: &[String; 2], which: usize, name: &str, text: &str) -> Result<(), Failure> {
    let Some(folder) = folders.get(which) else { return Ok(()) };
    let (path, now) = ([folder.as_str(), "/", name].concat(), now(cx));
    cx.files.write(&path, text, now).map_err(|error| Failure::Client(format!("open {path}: {}", error.text().to_lowercase())))
}

fn tear_down(cx: &mut Cx<'_>, folders: &[String; 2]) {
    let now = now(cx);
    for folder in folders {
        // Nobody misses a folder that is gone already.
        let _ = cx.files.remove_all(folder, now);
    }
}

/// `diff -u -N`, or what `KUBECTL_EXTERNAL_DIFF` names.
fn program(cx: &mut Cx<'_>, folders: &[String; 2]) -> Vec<String> {
    let named = (cx.env)("KUBECTL_EXTERNAL_DIFF").filter(|named| !named.is_empty());
    let Some(named) = named else {
        let mut argv: Vec<String> = ["diff", "-u", "-N"].map(ToString::to_string).to_vec();
        argv.extend(folders.iter().cloned());
        return argv;
    };
    let mut words = named.split(' ');
    let mut argv = alloc::vec![words.next().unwrap_or_default().to_string()];
    argv.extend(folders.iter().cloned());
    for word in words {
        if !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '=') {
            argv.push(word.to_string());
        } else {
            let text = format!("invalid argument is ignored: {word}, only Alphanumeric (case-insensitive), dash and equal are allowed");
            change::log(cx, 'W', "diff.go:206", &text);
        }
    }
    argv
}

/// The program is running.
#[derive(Clone)]
struct Diffing {
    folders: [String; 2],
}

impl Pending for Diffing {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        tear_down(cx, &self.folders);
        let Some(child) = cx.child.take() else { return Flow::Done(2) };
        if !child.found {
            let named = (cx.env)("KUBECTL_EXTERNAL_DIFF").unwrap_or_default();
            let name = named.split(' ').next().unwrap_or_default();
            let text = format!("error: failed to run {0}: exec: {0}: executable file not found in $PATH\n", quote(name));
            cx.err(&text);
            return Flow::Done(2);
        }
        Flow::Done(child.code)
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
