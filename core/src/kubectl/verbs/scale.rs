//! `kubectl scale`. Models kubectl `pkg/cmd/scale`.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx --replicas=2
//! deployment.apps/web created
//! $ kubectl scale deployment web --replicas=3 --current-replicas=5
//! error: Expected replicas to be 5, was 2
//! $ kubectl scale deployment web none --replicas=3
//! deployment.apps/web scaled
//! Error from server (NotFound): deployments.apps "none" not found
//! ```

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::json;

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{ALL, DRY_RUN, PRINT, RECORD, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes};
use crate::object::{Object, value};

const FLAGS: &[Flag] = &[
    Flag::text("current-replicas", "Only if there are so many now.").kind(FlagKind::Int, "-1"),
    Flag::text("replicas", "How many there shall be.").kind(FlagKind::Int, "0"),
    Flag::text("resource-version", "Only if the object has this version."),
    Flag::text("timeout", "How long to wait until it is so; 0 does not wait.").kind(FlagKind::Duration, "0s"),
];

/// `kubectl scale --replicas=COUNT (-f FILENAME | TYPE NAME)`
pub static SCALE: Command = Command {
    name: "scale",
    takes: Takes::SCALED,
    usage: "scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)",
    short: "Set a new size for a deployment, replica set, or replication controller",
    examples: "# Three Pods instead of one\nkubectl scale deployment dpy-nginx --replicas=3",
    flags: &[ALL, DRY_RUN, FILENAME, PRINT, RECORD, SELECTOR, FLAGS],
    required: &["replicas"],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let wanted = parsed.number("replicas");
    if wanted < 0 {
        return Err(Failure::Client("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0".to_string()));
    }
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, false)?;
    let one_type = parsed.args.len() == 1 && !parsed.args.iter().any(|a| a.contains('/'));
    if one_type && !parsed.on("all") && !parsed.given("selector") {
        resources::targets(cx, &parsed.args)?;
        return Err(Failure::Client("resource(s) were provided, but no name was specified".to_string()));
    }
    let (mut items, mut wrong) = (Vec::new(), Vec::new());
    for found in resources::find(cx, parsed, &Ask::of(parsed))? {
        match found {
            Ok(item) => items.push(item),
            Err(failure) => wrong.push(failure),
        }
    }
    if items.len() > 1 && parsed.given("resource-version") {
        return Err(Failure::Client("cannot use --resource-version with multiple resources".to_string()));
    }
    if items.is_empty() && wrong.is_empty() {
        return Err(Failure::Client("no objects passed to scale".to_string()));
    }
    for item in items {
        let key = item.row.key();
        let (mut shown, mut size) = (item.object.to_value(), wanted);
        if dry_run != DryRun::Client {
            precondition(parsed, &item.object)?;
            let mut request = Request::new(Verb::Patch(PatchType::Merge), &key, item.object.namespace(), item.object.name())
                .with_subresource("scale")
                .with_body(json!({"spec": {"replicas": wanted}}));
            request.params = change::params(cx, parsed, dry_run, "kubectl")?;
            let scale = change::send_for_value(cx, request)?;
            size = value::i64_at(&scale, "spec/replicas").unwrap_or(wanted);
            if parsed.on("record") {
                let cause = change::change_cause(cx, parsed);
                let body = json!({"metadata": {"annotations": {change::CHANGE_CAUSE: cause}}});
                let request = Request::new(Verb::Patch(PatchType::Merge), &key, item.object.namespace(), item.object.name());
                // That it could not be recorded is told nobody.
                let _ = cx.send(request.with_body(body));
            }
        }
        // What is shown is the object as it was read, with its new size where kubectl knows the place.
        if matches!(&*item.row.group, "" | "apps") {
            value::set(&mut shown, "spec/replicas", size);
        }
        printer.print(cx, &shown, "scaled")?;
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// Whether the object is as `--current-replicas` and `--resource-version` say. Models kubectl `pkg/scale`.
fn precondition(parsed: &Parsed, object: &Object) -> Result<(), Failure> {
    let (expected, now) = (parsed.number("current-replicas"), object.i64_at("/spec/replicas").unwrap_or(0));
    if expected != -1 && expected != now {
        return Err(Failure::Client(format!("Expected replicas to be {expected}, was {now}")));
    }
    let (expected, now) = (parsed.text("resource-version"), object.meta.resource_version);
    if !expected.is_empty() && expected != now.to_string() {
        return Err(Failure::Client(format!("Expected resource version to be {expected}, was {now}")));
    }
    Ok(())
}
