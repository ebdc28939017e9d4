//! `kubectl delete`, and waiting until what was deleted is gone. Models kubectl `pkg/cmd/delete`.
//!
//! ```text
//! $ kubectl create -f nginx-pod.yaml
//! pod/nginx-pod created
//! $ kubectl delete -f nginx-pod.yaml
//! pod "nginx-pod" deleted from default namespace
//! $ kubectl delete -f nginx-pod.yaml
//! Error from server (NotFound): error when deleting "nginx-pod.yaml": pods "nginx-pod" not found
//! $ kubectl delete -f nginx-pod.yaml --ignore-not-found
//! ```

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::{Propagation, Request, Verb};
use crate::kubectl::change::{DryRun, answer_value};
use crate::kubectl::groups::DRY_RUN;
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Takes, Until, manifests, raw};
use crate::object::Key;
use crate::object::value::text_at;
use crate::text::quote::quote;
use crate::time::Instant;

const FLAGS: &[Flag] = &[
    Flag::switch("all", "All objects of the given types in the namespace."),
    Flag::switch("all-namespaces", "In every namespace.").short('A'),
    Flag::text("cascade", "What becomes of dependents: background, foreground, orphan.").default("background").bare("background"),
    Flag::text("field-selector", "Only objects with these fields."),
    Flag::switch("force", "Do not wait for the node; with --grace-period=0."),
    Flag::text("grace-period", "Seconds of grace; -1 is the object's own.").kind(FlagKind::Int, "-1"),
    Flag::switch("ignore-not-found", "Say nothing when it is not there."),
    Flag::switch("interactive", "Ask before deleting.").short('i'),
    Flag::switch("now", "With one second of grace."),
    Flag::text("output", "Print only names: name.").short('o'),
    Flag::text("raw", "Send DELETE to this path."),
    Flag::text("selector", "Only objects with these labels.").short('l'),
    Flag::text("timeout", "How long to wait; 0 waits as long as it takes.").kind(FlagKind::Duration, "0s"),
    Flag::switch("wait", "Wait until it is gone.").default("true"),
];

/// `kubectl delete ([-f FILENAME] | TYPE [(NAME | -l label | --all)])`
pub static DELETE: Command = Command {
    name: "delete",
    takes: Takes::Objects(&[]),
    usage: "delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
    short: "Delete resources by file names, stdin, resources and names, or by resources and label selector",
    examples: "# Delete a Pod\nkubectl delete pod nginx-pod --ignore-not-found",
    flags: &[DRY_RUN, FILENAME, FLAGS],
    suggest_for: &["rm", "remove"],
    run: Some(run),
    ..Command::EMPTY
};

/// How objects are deleted.
#[derive(Clone, Copy)]
struct Plan {
    dry_run: DryRun,
    grace: Option<i64>,
    forced: bool,
    propagation: Propagation,
    ignore_not_found: bool,
}

/// What `--cascade` says, with a warning about its old values. Models kubectl `pkg/cmd/util` GetCascadingStrategy.
///
/// # Errors
/// `invalid cascade value`.
pub(super) fn cascade(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Propagation, Failure> {
    let given = parsed.text("cascade");
    let mut old = |new: &str| {
        cx.err(&format!("warning: --cascade={given} is deprecated (boolean value) and can be replaced with --cascade={new}.\n"));
    };
    match given {
        "background" | "" => Ok(Propagation::Background),
        "foreground" => Ok(Propagation::Foreground),
        "orphan" => Ok(Propagation::Orphan),
        "true" => {
            old("background");
            Ok(Propagation::Background)
        }
        "false" => {
            old("orphan");
            Ok(Propagation::Orphan)
        }
        other => Err(Failure::Client(format!("invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\""))),
    }
}

impl Plan {
    fn of(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Plan, Failure> {
        let client = |text: &str| Err(Failure::Client(text.to_string()));
        let propagation = cascade(cx, parsed)?;
        let dry_run = DryRun::of(cx, parsed)?;
        let (force, mut grace) = (parsed.on("force"), parsed.number("grace-period"));
        if parsed.on("now") {
            if grace != -1 {
                return client("--now and --grace-period cannot be specified together");
            }
            grace = 1;
        }
        if grace == 0 && !force {
            grace = 1;
        }
        if force && grace < 0 {
            grace = 0;
        }
        let several = parsed.on("all") || parsed.given("selector") || parsed.given("field-selector");
        let ignore_not_found = parsed.on("ignore-not-found") || several && !parsed.given("ignore-not-found");
        let grace = Some(grace).filter(|seconds| *seconds >= 0);
        Ok(Plan { dry_run, grace, forced: force && grace == Some(0), propagation, ignore_not_found })
    }

    /// Flags that do not go together.
    fn check(&self, cx: &mut Cx<'_>, parsed: &Parsed) -> Result<(), Failure> {
        let output = parsed.text("output");
        let rules = [
            (!matches!(output, "" | "name"), format!("unexpected -o output mode: {output}. We only support '-o name'")),
            (parsed.on("force") && !self.forced, "--force and --grace-period greater than 0 cannot be specified together".to_string()),
        ];
        if let Some((_, text)) = rules.into_iter().find(|(broken, _)| *broken) {
            return Err(Failure::Client(text));
        }
        if self.forced && self.dry_run == DryRun::None {
            cx.err("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n");
        }
        Ok(())
    }
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if parsed.given("raw") {
        return raw::delete(cx, parsed);
    }
    let plan = Plan::of(cx, parsed)?;
    if parsed.on("all") && !(parsed.text("selector").is_empty() && parsed.text("field-selector").is_empty()) {
        return Err(Failure::Client("setting 'all' parameter but found a non empty selector. ".to_string()));
    }
    if !manifests::given(parsed)
        && parsed.args.len() == 1
        && !parsed.args.iter().any(|a| a.contains('/'))
        && !parsed.on("all")
        && !parsed.given("selector")
        && !parsed.given("field-selector")
    {
        resources::targets(cx, &parsed.args)?;
        return Err(Failure::Client("resource(s) were provided, but no name was specified".to_string()));
    }
    let found = resources::find(cx, parsed, &Ask { all: parsed.on("all"), latest: false, unseen: true, ..Ask::of(parsed) })?;
    plan.check(cx, parsed)?;
    if !parsed.on("interactive") {
        return go(cx, parsed, plan, found);
    }
    let mut items = Vec::new();
    for item in found {
        items.push(item?);
    }
    if items.is_empty() {
        cx.out("No resources found\n");
        return Ok(Flow::Done(0));
    }
    cx.out(&format!("You are about to delete the following {} resource(s):\n", items.len()));
    for item in &items {
        cx.out(&format!("{}/{}\n", item.row.group_kind().to_ascii_lowercase(), item.object.name()));
    }
    cx.out("Do you want to continue? (y/N): ");
    Ok(Flow::Wait(Box::new(Confirm { parsed: parsed.clone(), plan, items }), Until::Line))
}

/// Deletes what was found and waits until it is gone.
fn go(cx: &mut Cx<'_>, parsed: &Parsed, plan: Plan, found: Vec<Result<resources::Item, Failure>>) -> Result<Flow, Failure> {
    let mut left = Vec::new();
    let mut wrong = Vec::new();
    let nothing = found.is_empty();
    let mut warn_of_scope = cx.globals.namespace_given && !parsed.on("all-namespaces");
    for item in found {
        let done = item.and_then(|item| {
            if warn_of_scope && !item.row.namespaced {
                warn_of_scope = false;
                cx.err("Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n");
            }
            let uid = delete(cx, &item, plan)?;
            say(cx, parsed, &item, plan.dry_run, plan.forced);
            left.push((item.row.key(), item.object.key(), uid));
            Ok(())
        });
        match done {
            Err(Failure::Server(s) | Failure::ServerWhile(_, s)) if plan.ignore_not_found && s.is_not_found() => {}
            other => wrong.extend(other.err()),
        }
    }
    if let Some(failure) = Failure::from_many(wrong) {
        return Err(failure);
    }
    if nothing {
        cx.out("No resources found\n");
    }
    let timeout = parsed.duration_ms("timeout");
    let end = u64::try_from(timeout).ok().filter(|t| *t > 0).map(|t| cx.now() + t);
    match parsed.on("wait") && plan.dry_run == DryRun::None && !left.is_empty() {
        true => Ok(Gone { left, end, code: 0 }.poll(cx)),
        false => Ok(Flow::Done(0)),
    }
}

/// Waits for the answer of the person who was asked.
#[derive(Clone)]
struct Confirm {
    parsed: Parsed,
    plan: Plan,
    items: Vec<resources::Item>,
}

impl Pending for Confirm {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        let answer = cx.line.take().unwrap_or_default();
        if !answer.trim().eq_ignore_ascii_case("y") {
            cx.out("deletion is cancelled\n");
            return Flow::Done(0);
        }
        let found = core::mem::take(&mut self.items).into_iter().map(Ok).collect();
        go(cx, &self.parsed, self.plan, found).unwrap_or_else(|failure| {
            let (text, code) = failure.print("kubectl delete");
            cx.err(&text);
            Flow::Done(code)
        })
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}

/// Deletes one object and gives its UID.
fn delete(cx: &mut Cx<'_>, item: &resources::Item, plan: Plan) -> Result<String, Failure> {
    if plan.dry_run == DryRun::Client {
        return Ok(String::new());
    }
    let key = item.object.key();
    let source = &item.source;
    let doing = if source.is_empty() { String::new() } else { format!("error when deleting {}: ", quote(source)) };
    if key.name.is_empty() {
        return Err(Failure::Client(doing + "resource name may not be empty"));
    }
    if item.row.namespaced && key.namespace.is_empty() {
        return Err(Failure::Client(doing + "an empty namespace may not be set when a resource name is provided"));
    }
    let mut request = Request::new(Verb::Delete, &item.row.key(), &key.namespace, &key.name);
    request.params.dry_run = plan.dry_run == DryRun::Server;
    request.params.grace_period_s = plan.grace;
    request.params.propagation = Some(plan.propagation);
    let answer = cx.send(request).map_err(|status| Failure::ServerWhile(doing, status))?;
    Ok(text_at(&answer_value(&answer), "metadata/uid").to_string())
}

fn say(cx: &mut Cx<'_>, parsed: &Parsed, item: &resources::Item, dry_run: DryRun, forced: bool) {
    let word = item.row.group_kind().to_ascii_lowercase();
    let name = item.object.name();
    if parsed.text("output") == "name" {
        return cx.out(&format!("{word}/{name}\n"));
    }
    let done = if forced { "force deleted" } else { "deleted" };
    let from = if item.row.namespaced { format!(" from {} namespace", item.object.namespace()) } else { String::new() };
    cx.out(&format!("{word} \"{name}\" {done}{from}{}\n", dry_run.suffix()));
}

/// Waits until objects are gone.
#[derive(Clone)]
struct Gone {
    left: Vec<(String, Key, String)>,
    end: Option<Instant>,
    code: i32,
}

impl Pending for Gone {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        self.left.retain(|(resource, key, uid)| cx.api().get(resource, key).is_some_and(|o| *o.meta.uid == **uid));
        if self.left.is_empty() {
            return Flow::Done(self.code);
        }
        match self.end {
            Some(end) if cx.now() >= end => {
                let name =
                    self.left.first().map(|(r, k, _)| format!("{}/{}", r.split('.').next().unwrap_or(r), k.name)).unwrap_or_default();
                cx.err(&format!("error: timed out waiting for the condition on {name}\n"));
                Flow::Done(1)
            }
            Some(end) => Flow::Wait(Box::new(self.clone()), Until::ChangeOrAt(end)),
            None => Flow::Wait(Box::new(self.clone()), Until::Change),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
