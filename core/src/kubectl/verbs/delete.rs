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
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Until, manifests};
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
    usage: "delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
    short: "Delete resources by file names, stdin, resources and names, or by resources and label selector",
    examples: "# Delete a Pod\nkubectl delete pod nginx-pod --ignore-not-found",
    flags: &[DRY_RUN, FILENAME, FLAGS],
    suggest_for: &["rm"],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let mut grace = Some(parsed.number("grace-period")).filter(|g| *g >= 0);
    if parsed.on("now") {
        grace = Some(1);
    }
    if parsed.on("force") && grace.is_none() {
        grace = Some(0);
    }
    if grace == Some(0) && !parsed.on("force") {
        grace = Some(1);
    }
    let forced = parsed.on("force") && grace == Some(0);
    if forced && dry_run == DryRun::None {
        cx.err("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n");
    }
    let propagation = match parsed.text("cascade") {
        "background" | "true" => Propagation::Background,
        "foreground" => Propagation::Foreground,
        "orphan" | "false" => Propagation::Orphan,
        other => {
            return Err(Failure::Client(format!("invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\"")));
        }
    };
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
    let ask = Ask { latest: false, ..Ask::of(parsed) };
    let found = resources::find(cx, parsed, &ask)?;
    let mut left = Vec::new();
    let mut wrong = Vec::new();
    let nothing = found.is_empty();
    let mut warn_of_scope = cx.globals.namespace_given && !ask.all_namespaces;
    for item in found {
        let done = item.and_then(|item| {
            if warn_of_scope && !item.row.namespaced {
                warn_of_scope = false;
                cx.err("Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n");
            }
            let uid = delete(cx, &item, dry_run, grace, propagation)?;
            say(cx, parsed, &item, dry_run, forced);
            left.push((item.row.key(), item.object.key(), uid));
            Ok(())
        });
        match done {
            Err(Failure::Server(s) | Failure::ServerWhile(_, s)) if parsed.on("ignore-not-found") && s.is_not_found() => {}
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
    match parsed.on("wait") && dry_run == DryRun::None && !left.is_empty() {
        true => Ok(Gone { left, end, code: 0 }.poll(cx)),
        false => Ok(Flow::Done(0)),
    }
}

/// Deletes one object and gives its UID.
fn delete(
    cx: &mut Cx<'_>,
    item: &resources::Item,
    dry_run: DryRun,
    grace: Option<i64>,
    propagation: Propagation,
) -> Result<String, Failure> {
    if dry_run == DryRun::Client {
        return Ok(String::new());
    }
    let key = item.object.key();
    let source = &item.source;
    let doing = if source.is_empty() { String::new() } else { format!("error when deleting {}: ", quote(source)) };
    if key.name.is_empty() {
        return Err(Failure::Client(doing + "resource name may not be empty"));
    }
    let mut request = Request::new(Verb::Delete, &item.row.key(), &key.namespace, &key.name);
    request.params.dry_run = dry_run == DryRun::Server;
    request.params.grace_period_s = grace;
    request.params.propagation = Some(propagation);
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
    let from = if item.object.namespace().is_empty() { String::new() } else { format!(" from {} namespace", item.object.namespace()) };
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
