//! `kubectl rollout undo`: back to an earlier revision. Models kubectl `pkg/polymorphichelpers` rollback.go.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use serde_json::{Value, json};

use super::history;
use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, CHANGE_CAUSE, DryRun, LAST_APPLIED};
use crate::kubectl::groups::{DRY_RUN, PRINT, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::output::name_of;
use crate::kubectl::resources::Item;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};
use crate::object::Object;
use crate::object::value;

const FLAGS: &[Flag] = &[Flag::text("to-revision", "The revision to go back to; 0 is the one before.").kind(FlagKind::Int, "0")];

/// `kubectl rollout undo (TYPE NAME | TYPE/NAME)`
pub static UNDO: Command = Command {
    name: "undo",
    usage: "rollout undo (TYPE NAME | TYPE/NAME) [flags]",
    short: "Undo a previous rollout",
    examples: "# Back to the revision before\nkubectl rollout undo deployment rollout-nginx",
    flags: &[PRINT, DRY_RUN, FILENAME, SELECTOR, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    for item in super::items(cx, parsed)? {
        undo(cx, parsed, &item, dry_run)?;
    }
    Ok(Flow::Done(0))
}

fn undo(cx: &mut Cx<'_>, parsed: &Parsed, item: &Item, dry_run: DryRun) -> Result<(), Failure> {
    let object = &item.object;
    let kind = object.ty.kind.to_ascii_lowercase();
    let list = history::revisions(cx, object);
    let wanted = parsed.number("to-revision");
    if object.bool_at("/spec/paused") {
        return Err(Failure::Client(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again".to_string(),
        ));
    }
    let target = match wanted {
        0 => list.len().checked_sub(2).and_then(|i| list.get(i)).map(|(_, o)| o.clone()),
        n => list.iter().find(|(number, _)| *number == n).map(|(_, o)| o.clone()),
    };
    let Some(target) = target else {
        return Err(Failure::Client(match wanted {
            0 => format!("no rollout history found for {kind} \"{}\"", object.name()),
            n => format!("unable to find specified revision {n} in history"),
        }));
    };
    let name = name_of(&object.to_value());
    if dry_run == DryRun::Client {
        let text = format!("{name} {} (dry run)\n", history::template(&target));
        cx.out(&text);
        return Ok(());
    }
    let Some(template) = template_of(&target) else { return Ok(()) };
    if same(object, &template) {
        let number = list.iter().find(|(_, o)| Rc::ptr_eq(o, &target)).map_or(wanted, |(n, _)| *n);
        cx.out(&format!("{name} skipped rollback (current template already matches revision {number})\n"));
        return Ok(());
    }
    let mut operations = alloc::vec![json!({"op": "replace", "path": "/spec/template", "value": template})];
    if object.ty.kind == "Deployment" {
        let mut annotations = object.to_value().get("metadata").and_then(|m| m.get("annotations")).cloned().unwrap_or_else(|| json!({}));
        if let Value::Object(map) = &mut annotations {
            match target.meta.annotation(CHANGE_CAUSE) {
                Some(cause) => drop(map.insert(CHANGE_CAUSE.to_string(), cause.into())),
                None => drop(map.remove(CHANGE_CAUSE)),
            }
        }
        operations.push(json!({"op": "add", "path": "/metadata/annotations", "value": annotations}));
    }
    let mut request =
        Request::new(Verb::Patch(PatchType::Json), &item.row.key(), object.namespace(), object.name()).with_body(operations.into());
    request.params = change::params(cx, parsed, dry_run, "kubectl-rollout")?;
    cx.send(request)?;
    if object.meta.annotation(LAST_APPLIED).is_some() {
        let text = format!(
            "Warning: resource {}/{} was previously managed with 'kubectl apply'. Rolling back will not update the {LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n",
            item.row.plural,
            object.name()
        );
        cx.err(&text);
    }
    cx.out(&format!("{name} rolled back{}\n", dry_run.suffix()));
    Ok(())
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
