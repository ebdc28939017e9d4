//! `kubectl set image`. Models kubectl `pkg/cmd/set/set_image.go`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, ALL, DRY_RUN, LOCAL, PRINT, RECORD, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, manifests};
use crate::object::Object;
use crate::object::value::text_at;

const FLAGS: &[Flag] = &[groups::field_manager("kubectl-set")];

/// `kubectl set image (-f FILENAME | TYPE NAME) CONTAINER=IMAGE …`
pub static IMAGE: Command = Command {
    name: "image",
    usage: "set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
    short: "Update the image of a pod template",
    examples: "# A newer nginx\nkubectl set image deployment rollout-nginx nginx=nginx:1.16.0",
    flags: &[ALL, DRY_RUN, FILENAME, LOCAL, PRINT, RECORD, SELECTOR, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

/// The path of a kind's Pod spec.
fn pod_spec(object: &Object) -> &'static str {
    match object.ty.kind.as_str() {
        "Pod" => "/spec",
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        _ => "/spec/template/spec",
    }
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, false)?;
    let (pairs, names): (Vec<&String>, Vec<&String>) = parsed.args.iter().partition(|a| a.contains('='));
    if names.is_empty() && !manifests::given(parsed) {
        let text = "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'";
        return Err(Failure::Client(text.to_string()));
    }
    let names: Vec<String> = names.into_iter().cloned().collect();
    let mut ask = Ask::of(parsed).with_args(&names);
    ask.latest = true;
    let items = resources::find_all(cx, parsed, &ask)?;
    if pairs.is_empty() {
        return Err(Failure::Client("at least one image update is required".to_string()));
    }
    let wanted: Vec<(&str, &str)> = pairs.iter().filter_map(|p| p.split_once('=')).collect();
    let mut failed = false;
    for item in items {
        if let Err(failure) = set(cx, parsed, &item, &wanted, dry_run, &printer) {
            let (text, _) = failure.print("kubectl set image");
            cx.err(&text);
            failed = true;
        }
    }
    Ok(Flow::Done(i32::from(failed)))
}

fn set(cx: &mut Cx<'_>, parsed: &Parsed, item: &Item, wanted: &[(&str, &str)], dry_run: DryRun, printer: &Printer) -> Result<(), Failure> {
    let path = pod_spec(&item.object);
    let mut changed = (*item.object).clone();
    let mut patch: Vec<(&str, Vec<Value>)> = Vec::new();
    let mut touched = Vec::new();
    for list in ["containers", "initContainers"] {
        let mut parts = Vec::new();
        for (i, container) in item.object.items_at(&format!("{path}/{list}")).iter().enumerate() {
            let name = text_at(container, "name");
            for (target, image) in wanted.iter().filter(|(target, _)| *target == name || *target == "*") {
                touched.push(*target);
                if text_at(container, "image") != *image {
                    changed.set(&format!("{path}/{list}/{i}/image"), *image);
                    parts.push(json!({"name": name, "image": image}));
                }
            }
        }
        if !parts.is_empty() {
            patch.push((list, parts));
        }
    }
    if let Some((target, _)) = wanted.iter().find(|(target, _)| !touched.contains(target)) {
        return Err(Failure::Client(format!("unable to find container named \"{target}\"")));
    }
    if patch.is_empty() {
        return Ok(());
    }
    let mut body = Value::Null;
    for (list, parts) in patch {
        crate::object::value::set(&mut body, &format!("{path}/{list}"), parts);
    }
    change::record(cx, parsed, &mut body);
    let mut shown = changed.to_value();
    if dry_run != DryRun::Client && !parsed.on("local") {
        let mut request =
            Request::new(Verb::Patch(PatchType::Strategic), &item.row.key(), item.object.namespace(), item.object.name()).with_body(body);
        request.params = change::params(cx, parsed, dry_run, "kubectl-set")?;
        shown = change::send_for_value(cx, request)?;
    }
    printer.print(cx, &shown, "image updated")
}
