//! `kubectl set env` and `kubectl set selector`. Models kubectl `pkg/cmd/set`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, ALL, DRY_RUN, LOCAL, PRINT, RECORD, SELECTOR};
use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, manifests};
use crate::object::{patch, value};

const MANAGER: &[Flag] = &[groups::field_manager("kubectl-set")];

/// `kubectl set env RESOURCE/NAME KEY_1=VAL_1 …`
pub static ENV: Command = Command {
    name: "env",
    usage: "set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
    short: "Update environment variables on a pod template",
    examples: "# A variable\nkubectl set env deployment/registry STORAGE_DIR=/local",
    flags: &[
        PRINT,
        ALL,
        DRY_RUN,
        LOCAL,
        SELECTOR,
        manifests::FLAGS,
        MANAGER,
        &[
            Flag::text("containers", "The containers that are meant.").short('c').default("*"),
            Flag::switch("list", "Show what there is."),
            Flag::switch("overwrite", "Change what is there already.").default("true"),
        ],
    ],
    run: Some(env),
    ..Command::EMPTY
};

/// `kubectl set selector (-f FILENAME | TYPE NAME) EXPRESSIONS`
pub static SELECT: Command = Command {
    name: "selector",
    usage: "set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
    short: "Set the selector on a resource",
    examples: "# The Pods of a service\nkubectl set selector service my-svc environment=qa",
    flags: &[PRINT, ALL, DRY_RUN, LOCAL, RECORD, manifests::FLAGS, MANAGER, &[Flag::text("resource-version", "Only at this version.")]],
    run: Some(selector),
    ..Command::EMPTY
};

/// Where an object keeps its Pod's spec.
fn pod_spec_path(kind: &str) -> Option<&'static str> {
    match kind {
        "Pod" => Some("spec"),
        "Deployment" | "DaemonSet" | "StatefulSet" | "ReplicaSet" | "ReplicationController" | "Job" => Some("spec/template/spec"),
        "CronJob" => Some("spec/jobTemplate/spec/template/spec"),
        _ => None,
    }
}

fn fail<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Client(text.into()))
}

/// The arguments before the first `key=value` (or `key-`), and the rest.
fn split(args: &[String], dashes: bool) -> (&[String], &[String]) {
    let at = args.iter().position(|arg| arg.contains('=') || dashes && arg.ends_with('-') && arg.len() > 1);
    args.split_at_checked(at.unwrap_or(args.len())).unwrap_or((args, &[]))
}

/// Sends what differs between an object and its changed form, and prints it.
fn change_one(cx: &mut Cx<'_>, parsed: &Parsed, item: &Item, mut after: Value, doing: &str, done: &str) -> Result<(), Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, false)?;
    let before = item.object.to_value();
    if before == after {
        return Ok(());
    }
    change::record(cx, parsed, &mut after);
    if dry_run != DryRun::Client && !parsed.on("local") {
        let (body, ty) = match item.row.def() {
            Some(def) => (patch::diff::two_way(Some(def), &before, &after), PatchType::Strategic),
            None => (patch::json::merge_diff(&before, &after), PatchType::Merge),
        };
        let mut request = Request::new(Verb::Patch(ty), &item.row.key(), item.object.namespace(), item.object.name()).with_body(body);
        request.params = change::params(cx, parsed, dry_run, "kubectl-set")?;
        after = change::send_for_value(cx, request).map_err(|status| match doing.is_empty() {
            true => Failure::Server(status),
            false => Failure::Client([doing, &status.message].concat()),
        })?;
    }
    printer.print(cx, &after, done)
}

fn env(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let (named, pairs) = split(&parsed.args, true);
    if named.is_empty() && !manifests::given(parsed) {
        return fail("one or more resources must be specified as <resource> <name> or <resource>/<name>");
    }
    if pairs.is_empty() && !parsed.on("list") {
        return fail("at least one environment variable must be provided");
    }
    let ask = Ask::of(parsed).with_args(named);
    let only = parsed.text("containers").to_string();
    for item in resources::find_all(cx, parsed, &ask)? {
        let mut after = item.object.to_value();
        let Some(path) = pod_spec_path(&item.object.ty.kind) else {
            return fail(format!("{} {} does not have a pod template", item.row.plural, item.object.name()));
        };
        let place = format!("{path}/containers");
        let mut listing = String::new();
        if let Some(Value::Array(containers)) = value::at_mut(&mut after, &place) {
            for container in containers.iter_mut().filter(|c| only == "*" || value::text_at(c, "name") == only) {
                for pair in pairs {
                    set_variable(container, pair);
                }
                listing.push_str(&format!(
                    "# {} {}, container {}\n",
                    item.row.plural,
                    item.object.name(),
                    value::text_at(container, "name")
                ));
                for variable in value::items_at(container, "env") {
                    listing.push_str(&format!("{}={}\n", value::text_at(variable, "name"), value::text_at(variable, "value")));
                }
            }
        }
        if parsed.on("list") {
            cx.out(&listing);
            continue;
        }
        change_one(cx, parsed, &item, after, "failed to patch env update to pod template: ", "env updated")?;
    }
    Ok(Flow::Done(0))
}

/// `KEY=value` sets, `KEY-` removes.
fn set_variable(container: &mut Value, pair: &str) {
    let (name, text) = match pair.split_once('=') {
        Some((name, text)) => (name, Some(text)),
        None => (pair.strip_suffix('-').unwrap_or(pair), None),
    };
    let mut list: Vec<Value> = value::items_at(container, "env").to_vec();
    let at = list.iter().position(|v| value::text_at(v, "name") == name);
    match (text, at.and_then(|at| list.get_mut(at))) {
        (Some(text), Some(old)) => *old = json!({"name": name, "value": text}),
        (Some(text), None) => list.push(json!({"name": name, "value": text})),
        (None, _) => list.retain(|v| value::text_at(v, "name") != name),
    }
    match list.is_empty() {
        true => {
            value::remove(container, "env");
        }
        false => value::set(container, "env", list),
    }
}

fn selector(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let (named, pairs) = split(&parsed.args, false);
    let Some(text) = pairs.first() else {
        return fail("one selector is required");
    };
    let labels = labels(text)?;
    for item in resources::find_all(cx, parsed, &Ask::of(parsed).with_args(named))? {
        let mut after = item.object.to_value();
        if item.object.ty.kind != "Service" {
            return fail("setting a selector is only supported for Services");
        }
        value::set(&mut after, "spec/selector", labels.clone());
        change_one(cx, parsed, &item, after, "", "selector updated")?;
    }
    Ok(Flow::Done(0))
}

/// Reads `a=b,c=d`.
fn labels(text: &str) -> Result<serde_json::Map<String, Value>, Failure> {
    let mut map = serde_json::Map::new();
    for pair in text.split(',') {
        match pair.split_once('=') {
            Some((key, text)) if !key.is_empty() => map.insert(key.to_string(), text.into()),
            _ => return fail(format!("unexpected label spec: {pair}")),
        };
    }
    Ok(map)
}
