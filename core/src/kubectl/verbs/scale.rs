//! `kubectl scale`. Models kubectl `pkg/cmd/scale`.

use alloc::format;
use alloc::string::ToString;
use serde_json::json;

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{ALL, DRY_RUN, PRINT, RECORD, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};

const FLAGS: &[Flag] = &[
    Flag::text("current-replicas", "Only if there are so many now.").kind(FlagKind::Int, "-1"),
    Flag::text("replicas", "How many there shall be.").kind(FlagKind::Int, "0"),
    Flag::text("resource-version", "Only if the object has this version."),
    Flag::text("timeout", "How long to wait until it is so; 0 does not wait.").kind(FlagKind::Duration, "0s"),
];

/// `kubectl scale --replicas=COUNT (-f FILENAME | TYPE NAME)`
pub static SCALE: Command = Command {
    name: "scale",
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
    let items = resources::find_all(cx, parsed, &Ask::of(parsed))?;
    if items.is_empty() {
        return Err(Failure::Client("no objects passed to scale".to_string()));
    }
    for item in items {
        let key = item.row.key();
        let now = item.object.i64_at("/spec/replicas").unwrap_or(0);
        if parsed.number("current-replicas") >= 0 && parsed.number("current-replicas") != now {
            return Err(Failure::Client(format!("Expected replicas to be {}, was {now}", parsed.number("current-replicas"))));
        }
        if dry_run != DryRun::Client {
            let mut request = Request::new(Verb::Patch(PatchType::Merge), &key, item.object.namespace(), item.object.name())
                .with_subresource("scale")
                .with_body(json!({"spec": {"replicas": wanted}}));
            request.params = change::params(cx, parsed, dry_run, "kubectl")?;
            cx.send(request)?;
            if parsed.on("record") {
                let cause = change::change_cause(cx, parsed);
                let body = json!({"metadata": {"annotations": {change::CHANGE_CAUSE: cause}}});
                cx.send(Request::new(Verb::Patch(PatchType::Merge), &key, item.object.namespace(), item.object.name()).with_body(body))?;
            }
        }
        let shown = cx.api().get(&key, &item.object.key()).cloned().unwrap_or_else(|| item.object.clone());
        printer.print(cx, &shown.to_value(), "scaled")?;
    }
    Ok(Flow::Done(0))
}
