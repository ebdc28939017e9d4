//! `kubectl label`, and what it shares with `annotate`: reading `KEY=VALUE` and `KEY-`, and changing a map in an
//! object's metadata. Models kubectl `pkg/cmd/label` and `pkg/cmd/annotate`.
//!
//! ```text
//! $ kubectl run web --image=nginx
//! pod/web created
//! $ kubectl label pod web tier=front
//! pod/web labeled
//! $ kubectl label pod web tier=back
//! error: 'tier' already has a value (front), and --overwrite is false
//! $ kubectl label pod web tier- none-
//! label "none" not found.
//! pod/web unlabeled
//! $ kubectl label pod web tier=back run-
//! pod/web modified
//! $ kubectl label pod web --list
//! tier=back
//! ```

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, ALL, DRY_RUN, LOCAL, PRINT, RECORD, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, Takes, manifests};
use crate::object::{names, value};
use crate::text::quote::quote;

/// The flags that both verbs have.
pub const SHARED: &[Flag] = &[
    Flag::switch("all-namespaces", "In every namespace.").short('A'),
    Flag::text("field-selector", "Only objects with these fields."),
    Flag::switch("list", "Show what is there now."),
    Flag::switch("overwrite", "Allow other values for keys that are there."),
    Flag::text("resource-version", "Only if the object has this version."),
];

const FLAGS: &[Flag] = &[groups::field_manager("kubectl-label")];

/// `kubectl label (-f FILENAME | TYPE NAME) KEY_1=VAL_1 …`
pub static LABEL: Command = Command {
    name: "label",
    takes: Takes::Objects(&[]),
    usage: "label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    short: "Update the labels on a resource",
    examples: "# Mark a node, and take the mark away again\nkubectl label node w1-k8s disktype=ssd\nkubectl label node w1-k8s disktype-",
    flags: &[ALL, DRY_RUN, FILENAME, LOCAL, PRINT, RECORD, SELECTOR, SHARED, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

/// What distinguishes the two verbs.
pub struct Words {
    /// `labels` or `annotations`.
    pub map: &'static str,
    /// `label` or `annotation`.
    pub one: &'static str,
    /// The field manager.
    pub manager: &'static str,
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    update(cx, parsed, &Words { map: "labels", one: "label", manager: "kubectl-label" })
}

struct Changes {
    put: Vec<(String, String)>,
    take: Vec<String>,
}

/// Runs either verb.
///
/// # Errors
/// Arguments that mean nothing, objects that are not there, values that would be overwritten.
pub fn update(cx: &mut Cx<'_>, parsed: &Parsed, words: &Words) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, false)?;
    let (names, specs) = split(&parsed.args, words)?;
    named(parsed, &names, dry_run, words)?;
    let changes = read(&specs, words)?;
    if changes.put.is_empty() && changes.take.is_empty() && !parsed.on("list") {
        return Err(Failure::Client(format!("at least one {} update is required", words.one)));
    }
    let ask = Ask { latest: !parsed.on("local"), ..Ask::of(parsed).with_args(&names) };
    let found = resources::find(cx, parsed, &ask)?;
    // All of a type are several, however many there are.
    let several = ["all", "selector", "field-selector"].iter().any(|flag| parsed.given(flag));
    let single = found.len() == 1 && !several;
    if !single && parsed.given("resource-version") {
        return Err(Failure::Client("--resource-version may only be used with a single resource".to_string()));
    }
    let mut wrong = Vec::new();
    for item in found {
        let done = item.and_then(|item| match parsed.on("list") {
            true => {
                list(cx, &item, &changes, words, single);
                Ok(())
            }
            false => one(cx, parsed, &item, &changes, words, dry_run, &printer),
        });
        wrong.extend(done.err());
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// Whether objects are named as `--local` and its absence want it.
fn named(parsed: &Parsed, names: &[String], dry_run: DryRun, words: &Words) -> Result<(), Failure> {
    let (local, files) = (parsed.on("local"), manifests::given(parsed));
    let file = if words.one == "label" { ("pod.yaml", "pod.json") } else { ("rsrc.yaml", "rsrc.json") };
    let rules = [
        (parsed.on("all") && parsed.given("selector"), "cannot set --all and --selector at the same time".to_string()),
        (parsed.on("all") && parsed.given("field-selector"), "cannot set --all and --field-selector at the same time".to_string()),
        (
            !local && names.is_empty() && !files,
            "one or more resources must be specified as <resource> <name> or <resource>/<name>".to_string(),
        ),
        (local && dry_run == DryRun::Server, "cannot specify --local and --dry-run=server - did you mean --dry-run=client?".to_string()),
        (
            local && !names.is_empty(),
            format!("can only use local files by -f {} or --filename={} when --local=true is set", file.0, file.1),
        ),
        (local && !files, format!("one or more files must be specified as -f {} or --filename={}", file.0, file.1)),
    ];
    rules.into_iter().find(|(broken, _)| *broken).map_or(Ok(()), |(_, text)| Err(Failure::Client(text)))
}

/// Parts the arguments into what names objects and what changes them.
fn split(args: &[String], words: &Words) -> Result<(Vec<String>, Vec<String>), Failure> {
    let (mut names, mut specs) = (Vec::new(), Vec::new());
    for arg in args {
        let change = (arg.contains('=') && !arg.starts_with('=')) || (arg.ends_with('-') && arg != "-");
        match (change, specs.is_empty()) {
            (true, _) => specs.push(arg.clone()),
            (false, true) => names.push(arg.clone()),
            (false, false) => {
                return Err(Failure::Client(format!("all resources must be specified before {} changes: {arg}", words.one)));
            }
        }
    }
    Ok((names, specs))
}

fn read(specs: &[String], words: &Words) -> Result<Changes, Failure> {
    let mut changes = Changes { put: Vec::new(), take: Vec::new() };
    let label = words.one == "label";
    for spec in specs {
        if let Some((key, text)) = spec.split_once('=') {
            if label && text.contains('=') {
                return Err(Failure::Client(format!("invalid label spec: {spec}")));
            }
            let wrong = if label { names::label_value(text) } else { Vec::new() };
            if !wrong.is_empty() {
                return Err(Failure::Client(format!("invalid label value: {}: {}", quote(spec), wrong.join(";"))));
            }
            changes.put.retain(|(old, _)| old != key);
            changes.put.push((key.to_string(), text.to_string()));
        } else if let Some(key) = spec.strip_suffix('-') {
            changes.take.push(key.to_string());
        }
    }
    if let Some(key) = changes.take.iter().find(|key| changes.put.iter().any(|(k, _)| k == *key)) {
        let text = match label {
            true => "can not both modify and remove a label in the same command".to_string(),
            false => format!("can not both modify and remove the following annotation(s) in the same command: {key}"),
        };
        return Err(Failure::Client(text));
    }
    Ok(changes)
}

/// Prints what is there, and with it what would be changed.
fn list(cx: &mut Cx<'_>, item: &Item, changes: &Changes, words: &Words, single: bool) {
    let meta = &item.object.meta;
    let held = if words.one == "label" { &meta.labels } else { &meta.annotations };
    let mut pairs: BTreeMap<&str, &str> = held.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    pairs.extend(changes.put.iter().map(|(key, text)| (key.as_str(), text.as_str())));
    pairs.retain(|key, _| !changes.take.iter().any(|gone| gone == key));
    let mut text = String::new();
    if !single {
        let ty = &item.object.ty;
        text.push_str(&format!("Listing {} for {}.{}/{}:\n", words.map, ty.kind, ty.group, item.object.name()));
    }
    for (key, value) in pairs {
        text.push_str(&[if single { "" } else { " " }, key, "=", value, "\n"].concat());
    }
    cx.out(&text);
}

fn one(
    cx: &mut Cx<'_>,
    parsed: &Parsed,
    item: &Item,
    changes: &Changes,
    words: &Words,
    dry_run: DryRun,
    printer: &Printer,
) -> Result<(), Failure> {
    let label = words.one == "label";
    let meta = &item.object.meta;
    let now = if label { meta.labels.clone() } else { meta.annotations.clone() };
    if !parsed.on("overwrite") {
        refuse_overwrites(&now, changes, label)?;
    }
    let local = dry_run == DryRun::Client || parsed.on("local");
    let mut map = serde_json::Map::new();
    let (mut added, mut removed) = (false, false);
    for (key, text) in &changes.put {
        added |= now.get(key) != Some(text);
        map.insert(key.clone(), text.as_str().into());
    }
    for key in &changes.take {
        if label && !local && !now.contains_key(key) {
            cx.out(&format!("label {} not found.\n", quote(key)));
        }
        removed |= now.contains_key(key);
        map.insert(key.clone(), Value::Null);
    }
    let mut patch = json!({"metadata": {words.map: map}});
    if parsed.given("resource-version") {
        value::set(&mut patch, "metadata/resourceVersion", parsed.text("resource-version"));
    }
    change::record(cx, parsed, &mut patch);
    let mut after = item.object.to_value();
    crate::object::patch::json::merge(&mut after, &patch);
    if value::map_at(&after, &format!("metadata/{}", words.map)).is_some_and(serde_json::Map::is_empty) {
        value::remove(&mut after, &format!("metadata/{}", words.map));
    }
    // Labels that stay as they are are not sent, and what is shown of a labelled object is not the server's answer.
    if !local && (!label || added || removed) {
        resources::need_name(item.object.name())?;
        let mut request =
            Request::new(Verb::Patch(PatchType::Merge), &item.row.key(), item.object.namespace(), item.object.name()).with_body(patch);
        request.params = change::params(cx, parsed, dry_run, words.manager)?;
        let stored = change::send_for_value(cx, request)?;
        if !label {
            after = stored;
        }
    }
    let done = match (label, added, removed) {
        (false, ..) => "annotated",
        (true, true, true) => "modified",
        (true, true, false) => "labeled",
        (true, false, true) => "unlabeled",
        (true, false, false) => "not labeled",
    };
    printer.print(cx, &after, done)
}

fn refuse_overwrites(now: &crate::object::meta::Pairs, changes: &Changes, label: bool) -> Result<(), Failure> {
    let held = |key: &String, text: &String| now.get(key).filter(|old| *old != text && (label || key != change::CHANGE_CAUSE));
    let told: Vec<String> =
        changes.put.iter().filter_map(|(key, text)| held(key, text).map(|old| format!("'{key}' already has a value ({old})"))).collect();
    match (told.is_empty(), label) {
        (true, _) => Ok(()),
        (false, false) => {
            Err(Failure::Client(format!("--overwrite is false but found the following declared annotation(s): {}", told.join("; "))))
        }
        (false, true) => {
            let all = told.into_iter().map(|text| Failure::Client(format!("{text}, and --overwrite is false"))).collect();
            Failure::from_many(all).map_or(Ok(()), Err)
        }
    }
}
