//! `kubectl rollout history`: the revisions of a Deployment (its ReplicaSets) or of a DaemonSet or StatefulSet (its
//! ControllerRevisions). Models kubectl `pkg/polymorphichelpers` history.go.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx
//! deployment.apps/web created
//! $ kubectl rollout history deployment web
//! deployment.apps/web
//! REVISION  CHANGE-CAUSE
//! 1         <none>
//!
//! ```

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use crate::arrange::Arrange;
use crate::kubectl::change::{CHANGE_CAUSE, DryRun, Printer};
use crate::kubectl::describe::{Page, template as describer};
use crate::kubectl::groups::{PRINT, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::output::name_of;
use crate::kubectl::resources::Item;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes};
use crate::object::resources::{CONTROLLER_REVISIONS, REPLICA_SETS};
use crate::object::{Object, value};
use crate::text::table::{Layout, TabWriter};

const FLAGS: &[Flag] = &[Flag::text("revision", "Show this revision's Pod template.").kind(FlagKind::Int, "0")];

/// `kubectl rollout history (TYPE NAME | TYPE/NAME)`
pub static HISTORY: Command = Command {
    name: "history",
    takes: Takes::Objects(Takes::ROLLED),
    usage: "rollout history (TYPE NAME | TYPE/NAME) [flags]",
    short: "View rollout history",
    examples: "# The revisions of a Deployment\nkubectl rollout history deployment rollout-nginx",
    flags: &[PRINT, FILENAME, SELECTOR, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

/// The revisions of an object, oldest first: number, object that keeps it, and change cause.
pub(super) fn revisions(cx: &Cx<'_>, object: &Object) -> Vec<(i64, Rc<Object>)> {
    let number = |o: &Rc<Object>| match object.ty.kind.as_str() {
        "Deployment" => o.meta.annotation("deployment.kubernetes.io/revision").and_then(|r| r.parse().ok()),
        _ => o.i64_at("/revision"),
    };
    let resource = if object.ty.kind == "Deployment" { REPLICA_SETS } else { CONTROLLER_REVISIONS };
    let mut list: Vec<(i64, Rc<Object>)> =
        cx.api().owned(&object.meta.uid, resource).filter_map(|o| Some((number(o)?, o.clone()))).collect();
    list.arrange_by_key(|(n, _)| *n);
    list
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let printer = Printer::new(cx, parsed, DryRun::None, true)?;
    let mut wrong = Vec::new();
    for item in super::items(cx, parsed)? {
        wrong.extend(item.and_then(|item| one(cx, parsed, &item, &printer)).err());
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

fn one(cx: &mut Cx<'_>, parsed: &Parsed, item: &Item, printer: &Printer) -> Result<(), Failure> {
    if !matches!(&*item.row.kind, "Deployment" | "DaemonSet" | "StatefulSet") {
        return Err(super::unsupported(item, "history", "history viewer"));
    }
    let list = revisions(cx, &item.object);
    let wanted = parsed.number("revision");
    let kept = list.iter().find(|(n, _)| *n == wanted).map(|(_, kept)| kept);
    if wanted > 0 && kept.is_none() && !list.is_empty() {
        return Err(Failure::Client("unable to find the specified revision".into()));
    }
    if printer.has_format() {
        return list.iter().filter(|(n, _)| wanted == 0 || *n == wanted).try_for_each(|(_, kept)| printer.print(cx, &kept.to_value(), ""));
    }
    let mut text = name_of(&item.object.to_value());
    text.push(' ');
    if let Some(kept) = kept {
        text.push_str(&format!("with revision #{wanted}\n"));
        text.push_str(&template(kept, true));
    } else if list.is_empty() {
        text.push_str("\nNo rollout history found.");
    } else {
        text.push('\n');
        let mut table = TabWriter::new(Layout::DESCRIBE);
        table.write("REVISION\tCHANGE-CAUSE\n");
        for (n, kept) in &list {
            table.write(&format!("{n}\t{}\n", kept.meta.annotation(CHANGE_CAUSE).filter(|c| !c.is_empty()).unwrap_or("<none>")));
        }
        table.flush(&mut text);
    }
    text.push('\n');
    cx.out(&text);
    Ok(())
}

/// A Pod template as history and undo's dry run show it; history puts the change cause of a ReplicaSet into it.
pub(super) fn template(kept: &Object, with_cause: bool) -> String {
    let mut template = kept.at("/spec/template").or_else(|| kept.at("/data/spec/template")).cloned().unwrap_or_default();
    if let Some(cause) = kept.meta.annotation(CHANGE_CAUSE).filter(|c| with_cause && !c.is_empty() && kept.ty.kind == "ReplicaSet") {
        value::set_default(&mut template, "metadata/annotations", Value::Object(serde_json::Map::new()));
        if let Some(Value::Object(map)) = value::at_mut(&mut template, "metadata/annotations") {
            map.insert(CHANGE_CAUSE.into(), cause.into());
        }
    }
    let mut page = Page::default();
    describer::write(&mut page, Some(&template));
    page.raw()
}
