//! What the subcommands of `set` share: which objects are meant, where their containers are, and sending what has
//! changed. Models kubectl `pkg/cmd/set` helper.go (CalculatePatches) and `pkg/polymorphichelpers` updatepodspec.go.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Cx, Failure, Flag, Flow, Parsed, groups};
use crate::object::{patch, value};

/// `--field-manager`
pub(super) const MANAGER: &[Flag] = &[groups::field_manager("kubectl-set")];

/// `-c`
pub(super) const CONTAINERS: &[Flag] =
    &[Flag::text("containers", "The containers that are meant; * stands for any text.").short('c').default("*")];

/// What a subcommand says.
pub(super) struct Words {
    /// The participle: `image updated`.
    pub done: &'static str,
    /// What is said before the server's refusal: `failed to patch image update to pod template: `.
    pub refused: &'static str,
    /// Whether an object that stays as it is is sent and told too.
    pub always: bool,
}

/// An error of kubectl's own.
pub(super) fn fail<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Client(text.into()))
}

/// The objects that are meant.
pub(super) fn items(cx: &mut Cx<'_>, parsed: &Parsed, names: &[String]) -> Result<Vec<Item>, Failure> {
    let local = parsed.on("local");
    if local && !names.is_empty() {
        return fail(resources::local_only());
    }
    resources::find_all(cx, parsed, &Ask { latest: !local, ..Ask::of(parsed).with_args(names) })
}

/// Flags that exclude each other.
pub(super) fn check(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<(), Failure> {
    if parsed.on("all") && !parsed.text("selector").is_empty() {
        return fail("cannot set --all and --selector at the same time");
    }
    if parsed.on("local") && DryRun::of(cx, parsed)? == DryRun::Server {
        return fail("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
    }
    Ok(())
}

/// Changes each object and sends what differs. What goes wrong with one is told at the end; the others go on.
pub(super) fn each(
    cx: &mut Cx<'_>,
    parsed: &Parsed,
    items: Vec<Item>,
    words: &Words,
    edit: &mut dyn FnMut(&mut Cx<'_>, &Item, &mut Value, &mut Vec<Failure>) -> Result<(), String>,
) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, true)?;
    let mut wrong = Vec::new();
    for item in items {
        let mut after = item.object.to_value();
        let result = match edit(cx, &item, &mut after, &mut wrong) {
            Ok(()) => send(cx, parsed, &item, after, words, &printer),
            Err(text) => fail(format!("error: {}/{} {text}\n", item.row.plural, item.object.name())),
        };
        wrong.extend(result.err());
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// Sends what differs and prints the object; does nothing when nothing differs.
fn send(cx: &mut Cx<'_>, parsed: &Parsed, item: &Item, mut after: Value, words: &Words, printer: &Printer) -> Result<(), Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let before = item.object.to_value();
    if before == after && !words.always {
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
        after = change::send_for_value(cx, request).map_err(|status| match words.refused.is_empty() {
            true => Failure::Server(status),
            false => Failure::Client([words.refused, &status.message].concat()),
        })?;
    } else if parsed.on("local") {
        as_struct(&mut after);
    }
    printer.print(cx, &after, words.done)
}

/// Adds what a Go struct always prints, as an object has it that never was at the server.
fn as_struct(object: &mut Value) {
    let strategy = match value::text_at(object, "kind") {
        "Deployment" => "spec/strategy",
        "DaemonSet" | "StatefulSet" => "spec/updateStrategy",
        _ => "",
    };
    if !strategy.is_empty() {
        value::set_default(object, strategy, json!({}));
    }
    let service = value::text_at(object, "kind") == "Service";
    value::set_default(object, "status", if service { json!({"loadBalancer": {}}) } else { json!({}) });
    if let Some(path) = pod_spec(value::text_at(object, "kind")) {
        for list in ["containers", "initContainers"] {
            let place = value::at_mut(object, path).and_then(|spec| spec.get_mut(list));
            if let Some(Value::Array(all)) = place {
                all.iter_mut().for_each(|container| value::set_default(container, "resources", json!({})));
            }
        }
    }
}

/// Where a kind keeps the spec of its Pods.
fn pod_spec(kind: &str) -> Option<&'static str> {
    match kind {
        "Pod" => Some("spec"),
        "Deployment" | "DaemonSet" | "StatefulSet" | "ReplicaSet" | "ReplicationController" | "Job" => Some("spec/template/spec"),
        "CronJob" => Some("spec/jobTemplate/spec/template/spec"),
        _ => None,
    }
}

/// The spec of an object's Pods; the error is what kubectl says of an object without.
pub(super) fn spec<'v>(item: &Item, object: &'v mut Value) -> Result<&'v mut Value, String> {
    let found = pod_spec(&item.row.kind).filter(|path| value::at(object, path).is_some());
    found
        .and_then(|path| value::at_mut(object, path))
        .ok_or_else(|| format!("the object is not a pod or does not have a pod template: *{}.{}", item.row.version, item.row.kind))
}

/// Calls `edit` for every container whose name is meant, those of the Pod first; whether there was one.
pub(super) fn containers(spec: &mut Value, wanted: &str, edit: &mut dyn FnMut(&mut Value) -> Result<(), String>) -> Result<bool, String> {
    let mut found = false;
    for list in ["containers", "initContainers"] {
        let Some(Value::Array(all)) = spec.get_mut(list) else { continue };
        for container in all.iter_mut().filter(|c| fits(value::text_at(c, "name"), wanted)) {
            found = true;
            edit(container)?;
        }
    }
    Ok(found)
}

/// Whether a name fits a text in which `*` stands for anything, as kubectl has it: places are counted from where it got
/// to but compared with those from the beginning, so that `n*` fits `init`. Models kubectl `pkg/cmd/set` selectString.
fn fits(name: &str, wanted: &str) -> bool {
    if wanted == "*" || !wanted.contains('*') {
        return wanted == "*" || name == wanted;
    }
    let mut reached = 0;
    let mut parts = wanted.split('*').enumerate().peekable();
    while let Some((number, part)) = parts.next() {
        if part.is_empty() {
            continue;
        }
        let Some(next) = name.get(reached..).and_then(|rest| rest.find(part)) else { return false };
        let unfit = next < reached || (number == 0 && reached != 0);
        if unfit || (parts.peek().is_none() && name.len() != part.len() + next) {
            return false;
        }
        reached = next;
    }
    true
}

/// Arguments that name objects, and after them those that are `NAME=VALUE` or `NAME-`.
pub(super) fn split<'a>(args: &'a [String], doing: &str) -> Result<(&'a [String], &'a [String]), Failure> {
    let is_pair = |arg: &String| (arg.contains('=') && !arg.starts_with('=')) || (arg.ends_with('-') && arg != "-");
    let at = args.iter().position(is_pair).unwrap_or(args.len());
    let (names, pairs) = args.split_at_checked(at).unwrap_or((args, &[]));
    match pairs.iter().find(|arg| !is_pair(arg)) {
        Some(arg) => fail(format!("all resources must be specified before {doing} changes: {arg}")),
        None => Ok((names, pairs)),
    }
}

/// The text of a flag that names a quantity for each resource: `cpu=200m,memory=512Mi`.
pub(super) fn quantities(text: &str) -> Result<Vec<(String, String)>, Failure> {
    let mut all = Vec::new();
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let mut sides = part.split('=');
        let (Some(name), Some(amount), None) = (sides.next(), sides.next(), sides.next()) else {
            return fail(format!("Invalid argument syntax {part}, expected <resource>=<value>"));
        };
        let amount = crate::object::quantity::Quantity::parse(amount).map_err(|text| Failure::Client(text.to_string()))?;
        all.push((name.to_string(), amount.print()));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn wildcards() {
        for (name, wanted, is) in [
            ("nginx", "*", true),
            ("nginx", "nginx", true),
            ("nginx", "ngin", false),
            ("nginx", "ng*", true),
            ("nginx", "*x", true),
            ("nginx", "n*n*x", true),
            ("nginx", "*y*", false),
            ("init", "n*", true),
        ] {
            assert_eq!(fits(name, wanted), is, "{name} {wanted}");
        }
    }
}
