//! `kubectl rollout undo`: back to an earlier revision. Models kubectl `pkg/polymorphichelpers` rollback.go.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx:1.26
//! deployment.apps/web created
//! $ kubectl rollout undo deployment web
//! error: no rollout history found for deployment "web"
//! $ kubectl set image deployment web nginx=nginx:1.27
//! deployment.apps/web image updated
//! $ kubectl rollout undo deployment web
//! deployment.apps/web rolled back
//! ```

use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::history;
use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, LAST_APPLIED, Printer};
use crate::kubectl::groups::{DRY_RUN, PRINT, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::Item;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes};
use crate::object::Object;
use crate::object::value;

const FLAGS: &[Flag] = &[Flag::text("to-revision", "The revision to go back to; 0 is the one before.").kind(FlagKind::Int, "0")];

/// `kubectl rollout undo (TYPE NAME | TYPE/NAME)`
pub static UNDO: Command = Command {
    name: "undo",
    takes: Takes::Objects(Takes::ROLLED),
    usage: "rollout undo (TYPE NAME | TYPE/NAME) [flags]",
    short: "Undo a previous rollout",
    examples: "# Back to the revision before\nkubectl rollout undo deployment rollout-nginx",
    flags: &[PRINT, DRY_RUN, FILENAME, SELECTOR, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, true)?;
    let mut wrong = Vec::new();
    for item in super::items(cx, parsed)? {
        wrong.extend(item.and_then(|item| undo(cx, parsed, &item, dry_run, &printer)).err());
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// The revision to go back to.
fn target(item: &Item, list: &[(i64, Rc<Object>)], wanted: i64) -> Result<Rc<Object>, Failure> {
    let found = match wanted {
        0 => list.len().checked_sub(2).and_then(|i| list.get(i)),
        n => list.iter().find(|(number, _)| *number == n),
    };
    found.map(|(_, kept)| kept.clone()).ok_or_else(|| {
        Failure::Client(match (wanted, &*item.row.kind) {
            (0, "Deployment") => format!("no rollout history found for deployment \"{}\"", item.object.name()),
            (0, _) => "no last revision to roll back to".to_string(),
            (n, _) => format!("unable to find specified revision {n} in history"),
        })
    })
}

fn undo(cx: &mut Cx<'_>, parsed: &Parsed, item: &Item, dry_run: DryRun, printer: &Printer) -> Result<(), Failure> {
    let object = &item.object;
    let deployment = object.ty.kind == "Deployment";
    if object.meta.annotation(LAST_APPLIED).is_some() {
        let text = format!(
            "Warning: resource {}/{} was previously managed with 'kubectl apply'. Rolling back will not update the {LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n",
            item.row.plural,
            object.name()
        );
        cx.err(&text);
    }
    if !matches!(&*item.row.kind, "Deployment" | "DaemonSet" | "StatefulSet") {
        return Err(super::unsupported(item, "rollbacker", "rollbacker"));
    }
    let wanted = parsed.number("to-revision");
    let target = target(item, &history::revisions(cx, object), wanted)?;
    if dry_run == DryRun::Client {
        let lead = if deployment { "" } else { "will roll back to " };
        return printer.print(cx, &object.to_value(), &[lead, &history::template(&target, false)].concat());
    }
    if deployment && object.bool_at("/spec/paused") {
        let text = "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again";
        return Err(Failure::Client(text.to_string()));
    }
    let Some(template) = template_of(&target) else { return Ok(()) };
    if same(object, &template) {
        let text = format!("skipped rollback (current template already matches revision {wanted})");
        return printer.print(cx, &object.to_value(), &text);
    }
    let mut operations = alloc::vec![json!({"op": "replace", "path": "/spec/template", "value": template})];
    if deployment {
        operations.push(json!({"op": "replace", "path": "/metadata/annotations", "value": annotations(object, &target)}));
    }
    let mut request =
        Request::new(Verb::Patch(PatchType::Json), &item.row.key(), object.namespace(), object.name()).with_body(operations.into());
    request.params = change::params(cx, parsed, dry_run, "kubectl-rollout")?;
    change::send_for_value(cx, request)
        .map_err(|status| Failure::Client(format!("failed restoring revision {wanted}: {}", status.message)))?;
    printer.print(cx, &object.to_value(), "rolled back")
}

/// What a Deployment keeps of its own annotations; all others come from the ReplicaSet.
const KEPT: &[&str] = &[
    LAST_APPLIED,
    "deployment.kubernetes.io/revision",
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
];

/// The annotations of a Deployment after going back to what a ReplicaSet keeps.
fn annotations(deployment: &Object, kept: &Object) -> Value {
    let is_kept = |key: &str| KEPT.contains(&key);
    let own = deployment.meta.annotations.iter().filter(|(key, _)| is_kept(key));
    let old = kept.meta.annotations.iter().filter(|(key, _)| !is_kept(key));
    Value::Object(own.chain(old).map(|(key, text)| (key.clone(), text.as_str().into())).collect())
}

fn template_of(kept: &Object) -> Option<Value> {
    let mut template = kept.at("/spec/template").or_else(|| kept.at("/data/spec/template")).cloned()?;
    for key in ["pod-template-hash", "$patch"] {
        if let Some(Value::Object(labels)) = value::at_mut(&mut template, "metadata/labels") {
            labels.remove(key);
        }
        value::remove(&mut template, key);
    }
    Some(template)
}

fn same(object: &Object, template: &Value) -> bool {
    let now = object.at("/spec/template").cloned().unwrap_or_default();
    ["spec", "metadata/labels", "metadata/annotations"].iter().all(|p| {
        let of = |v: &Value| value::at(v, p).filter(|v| !value::is_empty(v)).cloned();
        of(&now) == of(template)
    })
}
