//! `kubectl rollout pause`, `resume` and `restart`. Models kubectl `pkg/polymorphichelpers` objectpauser.go and its kin.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx
//! deployment.apps/web created
//! $ kubectl rollout pause deployment/web
//! deployment.apps/web paused
//! $ kubectl rollout resume deployment/web
//! deployment.apps/web resumed
//! $ kubectl rollout restart deployment/web
//! deployment.apps/web restarted
//! ```

use alloc::format;
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, PRINT, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::Item;
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, Takes};
use crate::object::value;

const FLAGS: &[Flag] = &[groups::field_manager("kubectl-rollout")];

/// `kubectl rollout pause RESOURCE`
pub static PAUSE: Command = Command {
    name: "pause",
    takes: Takes::Objects(&["deployment"]),
    usage: "rollout pause RESOURCE",
    short: "Mark the provided resource as paused",
    flags: &[PRINT, FILENAME, SELECTOR, FLAGS],
    run: Some(|cx, parsed| each(cx, parsed, "paused", pause)),
    ..Command::EMPTY
};

/// `kubectl rollout resume RESOURCE`
pub static RESUME: Command = Command {
    name: "resume",
    takes: Takes::Objects(&["deployment"]),
    usage: "rollout resume RESOURCE",
    short: "Resume a paused resource",
    flags: &[PRINT, FILENAME, SELECTOR, FLAGS],
    run: Some(|cx, parsed| each(cx, parsed, "resumed", resume)),
    ..Command::EMPTY
};

/// `kubectl rollout restart RESOURCE`
pub static RESTART: Command = Command {
    name: "restart",
    takes: Takes::Objects(Takes::ROLLED),
    usage: "rollout restart RESOURCE",
    short: "Restart a resource",
    flags: &[PRINT, FILENAME, SELECTOR, FLAGS],
    run: Some(|cx, parsed| each(cx, parsed, "restarted", restart)),
    ..Command::EMPTY
};

/// The annotation that makes a template another one.
const RESTARTED: &str = "kubectl.kubernetes.io/restartedAt";

type Change = fn(&Cx<'_>, &Item) -> Result<Value, Failure>;

fn named(item: &Item, text: &str) -> Failure {
    Failure::Client(format!("error: {} \"{}\" {text}", item.row.key(), item.object.name()))
}

fn pause(_: &Cx<'_>, item: &Item) -> Result<Value, Failure> {
    match item.object.ty.kind.as_str() {
        "Deployment" if item.object.bool_at("/spec/paused") => Err(named(item, "is already paused")),
        "Deployment" => Ok(json!({"spec": {"paused": true}})),
        _ => Err(named(item, "pausing is not supported")),
    }
}

fn resume(_: &Cx<'_>, item: &Item) -> Result<Value, Failure> {
    match item.object.ty.kind.as_str() {
        "Deployment" if !item.object.bool_at("/spec/paused") => Err(named(item, "is not paused")),
        "Deployment" => Ok(json!({"spec": {"paused": null}})),
        _ => Err(named(item, "resuming is not supported")),
    }
}

fn restart(cx: &Cx<'_>, item: &Item) -> Result<Value, Failure> {
    if item.object.bool_at("/spec/paused") {
        return Err(named(item, "can't restart paused deployment (run rollout resume first)"));
    }
    match item.object.ty.kind.as_str() {
        "Deployment" | "DaemonSet" | "StatefulSet" => {
            let at = cx.api().timestamp();
            if item
                .object
                .at("/spec/template")
                .and_then(|t| value::map_at(t, "metadata/annotations"))
                .and_then(|m| m.get(RESTARTED))
                .is_some_and(|old| *old == at)
            {
                let text = "if restart has already been triggered within the past second, please wait before attempting to trigger another";
                return Err(Failure::Many(alloc::vec![Failure::Client(format!(
                    "failed to create patch for {}: {text}",
                    item.object.name()
                ))]));
            }
            Ok(json!({"spec": {"template": {"metadata": {"annotations": {RESTARTED: at}}}}}))
        }
        _ => Err(named(item, "restarting is not supported")),
    }
}

fn each(cx: &mut Cx<'_>, parsed: &Parsed, done: &str, make: Change) -> Result<Flow, Failure> {
    let printer = Printer::new(cx, parsed, DryRun::None, true)?;
    let (items, mut wrong): (Vec<_>, Vec<_>) = super::items(cx, parsed)?.into_iter().partition(Result::is_ok);
    let any = !items.is_empty() || !wrong.is_empty();
    // What could not be found is told before what could not be done.
    for found in items {
        let result = found.and_then(|item| {
            let body = make(cx, &item)?;
            let mut request = Request::new(Verb::Patch(PatchType::Strategic), &item.row.key(), item.object.namespace(), item.object.name())
                .with_body(body);
            request.params = change::params(cx, parsed, DryRun::None, "kubectl-rollout")?;
            let refused =
                |status: crate::api::Status| Failure::Many(alloc::vec![Failure::Client(["failed to patch: ", &status.message].concat())]);
            let shown = change::send_for_value(cx, request).map_err(refused)?;
            printer.print(cx, &shown, done)
        });
        wrong.extend(result.err().map(Err));
    }
    if !any {
        super::nothing(cx);
    }
    Failure::after_reading(wrong.into_iter().filter_map(Result::err).collect()).map_or(Ok(Flow::Done(0)), Err)
}
