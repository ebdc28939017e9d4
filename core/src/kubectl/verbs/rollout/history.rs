//! `kubectl rollout history`: the revisions of a Deployment (its ReplicaSets) or of a DaemonSet or StatefulSet (its
//! ControllerRevisions).

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::kubectl::change::CHANGE_CAUSE;
use crate::kubectl::groups::{PRINT, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::output::name_of;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};
use crate::object::Object;
use crate::object::resources::{CONTROLLER_REVISIONS, REPLICA_SETS};
use crate::object::value::{items_at, pairs_at, text_at};
use crate::text::table::{Layout, TabWriter};

const FLAGS: &[Flag] = &[Flag::text("revision", "Show this revision's Pod template.").kind(FlagKind::Int, "0")];

/// `kubectl rollout history (TYPE NAME | TYPE/NAME)`
pub static HISTORY: Command = Command {
    name: "history",
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
    list.sort_by_key(|(n, _)| *n);
    list
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    for item in super::items(cx, parsed)? {
        let name = name_of(&item.object.to_value());
        let list = revisions(cx, &item.object);
        let wanted = parsed.number("revision");
        if wanted > 0 {
            let Some((_, kept)) = list.iter().find(|(n, _)| *n == wanted) else {
                return Err(Failure::Client(format!("unable to find the specified revision")));
            };
            let text = format!("{name} with revision #{wanted}\n{}", template(kept));
            cx.out(&text);
            continue;
        }
        cx.out(&format!("{name} \n"));
        let mut table = TabWriter::new(Layout::GET);
        table.write("REVISION\tCHANGE-CAUSE\n");
        for (n, kept) in &list {
            table.write(&format!("{n}\t{}\n", kept.meta.annotation(CHANGE_CAUSE).filter(|c| !c.is_empty()).unwrap_or("<none>")));
        }
        let mut text = String::new();
        table.flush(&mut text);
        cx.out(&text);
        cx.out("\n");
    }
    Ok(Flow::Done(0))
}

/// A Pod template as history and undo's dry run show it.
pub(super) fn template(kept: &Object) -> String {
    let template = kept.at("/spec/template").or_else(|| kept.at("/data/spec/template")).cloned().unwrap_or_default();
    let mut out = String::from("Pod Template:\n");
    let labels: Vec<String> = pairs_at(&template, "metadata/labels").map(|(k, v)| format!("{k}={v}")).collect();
    out.push_str(&format!("  Labels:\t{}\n", labels.join("\n\t")));
    let notes: Vec<String> = pairs_at(&template, "metadata/annotations").map(|(k, v)| format!("{k}: {v}")).collect();
    if !notes.is_empty() {
        out.push_str(&format!("  Annotations:\t{}\n", notes.join("\n\t")));
    }
    out.push_str("  Containers:\n");
    for c in items_at(&template, "spec/containers") {
        let ports: Vec<String> = items_at(c, "ports")
            .iter()
            .map(|p| format!("{}/{}", p.get("containerPort").and_then(serde_json::Value::as_i64).unwrap_or(0), text_at(p, "protocol")))
            .collect();
        let port = if ports.is_empty() { "<none>".into() } else { ports.join(", ") };
        let host = if ports.is_empty() { "<none>".into() } else { ports.iter().map(|_| "0/TCP").collect::<Vec<_>>().join(", ") };
        out.push_str(&format!(
            "   {}:\n    Image:\t{}\n    Port:\t{port}\n    Host Port:\t{host}\n",
            text_at(c, "name"),
            text_at(c, "image")
        ));
        let env: Vec<String> =
            items_at(c, "env").iter().map(|e| format!("\n      {}:\t{}", text_at(e, "name"), text_at(e, "value"))).collect();
        out.push_str(&format!("    Environment:{}\n    Mounts:\t<none>\n", if env.is_empty() { "\t<none>".into() } else { env.concat() }));
    }
    out.push_str("  Volumes:\t<none>\n  Node-Selectors:\t<none>\n  Tolerations:\t<none>\n");
    out
}
