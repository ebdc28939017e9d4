//! `kubectl apply`: makes what is not there and changes what differs. Here are its flags, the order of things and what
//! is said at the end; how one object is applied is in `client` and `server`. Models kubectl `pkg/cmd/apply`.
//!
//! ```text
//! $ kubectl apply -f echo-hname.yaml
//! deployment.apps/echo-hname created
//! $ kubectl apply -f echo-hname.yaml
//! deployment.apps/echo-hname unchanged
//! $ kubectl create configmap old --dry-run=client -o yaml > old.yaml
//! $ KUBECTL_APPLYSET=true kubectl apply -n default --prune --applyset=web -f old.yaml
//! configmap/old created
//! $ KUBECTL_APPLYSET=true kubectl apply -n default --prune --applyset=web -f nginx-pod.yaml
//! pod/nginx-pod created
//! configmap/old pruned
//! ```

mod applyset;
mod client;
mod last_applied;
pub(super) mod prune;
mod server;

pub(super) use client::{last_applied, three_way};

use alloc::boxed::Box;
use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, DRY_RUN, PRINT, RECORD, SELECTOR, VALIDATE};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::manifests::{self, Manifest};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Until};
use crate::object::Key;
use crate::object::value::text_at;
use crate::time::Instant;

const FLAGS: &[Flag] = &[
    groups::field_manager("kubectl-client-side-apply"),
    Flag::text("applyset", "With --prune: the object that keeps what the set is made of.").hidden(),
    Flag::switch("all", "With --prune: all objects of the namespace."),
    Flag::text("cascade", "What becomes of dependents of what is deleted.").default("background").bare("background"),
    Flag::switch("force", "Delete and make again what cannot be changed."),
    Flag::switch("force-conflicts", "Take over fields that others own (server-side only)."),
    Flag::text("grace-period", "Seconds of grace for what is deleted.").kind(FlagKind::Int, "-1"),
    Flag::switch("openapi-patch", "Use the server's schema for the merge.").default("true"),
    Flag::switch("overwrite", "Set changed fields back to the configuration.").default("true"),
    Flag::switch("prune", "Delete what was applied before and is no longer in the files."),
    Flag::text("prune-allowlist", "Kinds that --prune may delete.").kind(FlagKind::Array, "[]"),
    Flag::switch("server-side", "Let the server do the merge."),
    Flag::text("subresource", "Apply to this part of the object: status, scale or resize (server-side only)."),
    Flag::text("timeout", "How long to wait for a deletion.").kind(FlagKind::Duration, "0s"),
    Flag::switch("wait", "Wait until what is deleted is gone."),
];

/// `kubectl apply (-f FILENAME | -k DIRECTORY)`
pub static APPLY: Command = Command {
    name: "apply",
    usage: "apply (-f FILENAME | -k DIRECTORY)",
    short: "Apply a configuration to a resource by file name or stdin",
    examples: "# Make or change what a file describes\nkubectl apply -f echo-hname.yaml",
    flags: &[PRINT, DRY_RUN, FILENAME, SELECTOR, VALIDATE, RECORD, FLAGS],
    children: &[&last_applied::EDIT, &last_applied::SET, &last_applied::VIEW],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if parsed.given("applyset") && !applyset::enabled(cx) {
        return Err(Failure::Flag("unknown flag: --applyset".to_string()));
    }
    if !parsed.args.is_empty() {
        return Err(Failure::Usage(format!("Unexpected args: [{}]", parsed.args.join(" "))));
    }
    let dry_run = DryRun::of(cx, parsed)?;
    change::validation(parsed)?;
    manifests::required(parsed)?;
    super::delete::cascade(cx, parsed)?;
    let set = if parsed.text("applyset").is_empty() { None } else { Some(applyset::ApplySet::of(cx, parsed)?) };
    let kinds = if parsed.on("prune") { prune::kinds(cx, parsed.all("prune-allowlist"))? } else { Vec::new() };
    check(cx, parsed, dry_run, set.as_ref())?;
    let validate = change::validation(parsed)? != "Ignore";
    let mut applying = Applying {
        parsed: parsed.clone(),
        dry_run,
        queue: VecDeque::new(),
        replacing: None,
        set,
        applied: Vec::new(),
        visited: Visited { kinds, ..Visited::default() },
        wrong: Vec::new(),
    };
    if cx.globals.namespace_given {
        applying.visited.namespaces.insert(cx.globals.namespace.clone());
    }
    let mut unread = Vec::new();
    match manifests::read(cx, parsed, validate) {
        Err(Failure::NeedStdin) => return Err(Failure::NeedStdin),
        Err(failure) => unread.push(failure),
        Ok(all) => {
            for one in all {
                match one {
                    Ok(manifest) => applying.queue.push_back(manifest),
                    Err(failure) => unread.push(failure),
                }
            }
        }
    }
    if applying.queue.is_empty() && unread.is_empty() {
        return Err(Failure::Client("no objects passed to apply".to_string()));
    }
    applying.begin_set(cx, &mut unread)?;
    // What could not be read is one error, told before those of applying.
    applying.wrong.extend(Failure::from_many(unread));
    Ok(applying.poll(cx))
}

/// Flags that do not go together.
fn check(cx: &mut Cx<'_>, parsed: &Parsed, dry_run: DryRun, set: Option<&applyset::ApplySet>) -> Result<(), Failure> {
    let (server_side, force, all) = (parsed.on("server-side"), parsed.on("force"), parsed.on("all"));
    let (selector, prune) = (!parsed.text("selector").is_empty(), parsed.on("prune"));
    let broken = |rules: &[(bool, &str)]| match rules.iter().find(|(broken, _)| *broken) {
        Some((_, text)) => Err(Failure::Client(text.to_string())),
        None => Ok(()),
    };
    broken(&[
        (parsed.on("force-conflicts") && !server_side, "--force-conflicts only works with --server-side"),
        (
            dry_run == DryRun::Client && server_side,
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
        ),
        (server_side && force, "--force cannot be used with --server-side"),
        (dry_run == DryRun::Server && force, "--dry-run=server cannot be used with --force"),
        (all && selector, "cannot set --all and --selector at the same time"),
        (set.is_some() && !prune, "--applyset requires --prune"),
    ])?;
    set.map_or(Ok(()), |set| set.check(cx))?;
    let (with_set, without) = (prune && set.is_some(), prune && set.is_none());
    broken(&[
        (prune && force, "--force cannot be used with --prune"),
        (with_set && all, "--all is incompatible with --applyset"),
        (with_set && selector, "--selector is incompatible with --applyset"),
        (with_set && parsed.given("prune-allowlist"), "--prune-allowlist is incompatible with --applyset"),
        (
            without && !all && !selector,
            "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector",
        ),
        (without && server_side, "--prune is in alpha and doesn't currently work on objects created by server-side apply"),
        (!parsed.text("subresource").is_empty() && !server_side, "--subresource can only be specified for --server-side"),
    ])
}

/// What pruning must know of what was applied.
#[derive(Clone, Default)]
pub(super) struct Visited {
    /// Kinds that may be pruned; empty for the usual ones.
    pub kinds: Vec<prune::Kind>,
    /// UIDs of objects that stay.
    pub uids: BTreeSet<String>,
    /// Namespaces to look in.
    pub namespaces: BTreeSet<String>,
}

/// An object that is deleted to be made anew (`--force`).
#[derive(Clone)]
struct Replacing {
    manifest: Manifest,
    body: Value,
    before: Value,
    key: Key,
    uid: String,
    end: Option<Instant>,
}

/// How one object went.
enum Done {
    /// It is as the file wants it.
    Now(Value),
    /// It has to go first.
    Later(Box<Replacing>),
}

/// An apply on its way through the objects.
#[derive(Clone)]
struct Applying {
    parsed: Parsed,
    dry_run: DryRun,
    queue: VecDeque<Manifest>,
    replacing: Option<Box<Replacing>>,
    set: Option<applyset::ApplySet>,
    applied: Vec<Value>,
    visited: Visited,
    wrong: Vec<Failure>,
}

impl Applying {
    /// Makes the objects members of the set, if there is one, and readies its parent.
    fn begin_set(&mut self, cx: &mut Cx<'_>, unread: &mut Vec<Failure>) -> Result<(), Failure> {
        let Some(set) = &mut self.set else { return Ok(()) };
        if let Some(failure) = self.queue.iter_mut().find_map(|manifest| set.label(manifest).err()) {
            self.queue.clear();
            *unread = Vec::from([failure]);
        }
        set.begin(cx, &self.parsed, self.dry_run, self.queue.iter())
    }

    fn one(&mut self, cx: &mut Cx<'_>, manifest: Manifest) -> Result<Done, Failure> {
        if manifest.row.namespaced {
            self.visited.namespaces.insert(manifest.namespace.clone());
        }
        if manifest.name.is_empty() {
            let generate = text_at(&manifest.body, "metadata/generateName");
            if !generate.is_empty() {
                return Err(Failure::Client(format!("from {generate}: cannot use generate name with apply")));
            }
        }
        match self.parsed.on("server-side") {
            true => server::apply(cx, &self.parsed, &manifest, self.dry_run).map(Done::Now),
            false => client::apply(cx, &self.parsed, manifest, self.dry_run),
        }
    }

    fn note(&mut self, done: Value) {
        self.visited.uids.insert(text_at(&done, "metadata/uid").to_string());
        self.applied.push(done);
    }

    /// After the last object: prints them where `-o` asks for it, prunes, and tells what went wrong.
    fn end(&mut self, cx: &mut Cx<'_>) -> Result<(), Failure> {
        if let Some(failure) = Failure::from_many(core::mem::take(&mut self.wrong)) {
            return Err(failure);
        }
        if whole_objects(&self.parsed) {
            let printer = Printer::new(cx, &self.parsed, self.dry_run, false)?;
            match self.applied.as_slice() {
                [one] => printer.print(cx, one, "")?,
                many => printer.print(cx, &json!({"apiVersion": "v1", "items": many, "kind": "List", "metadata": {}}), "")?,
            }
        }
        if let Some(set) = &self.set {
            set.prune(cx, &self.parsed, self.dry_run, &self.visited)?;
        } else if self.parsed.on("prune") {
            prune::prune(cx, &self.parsed, self.dry_run, &self.visited)?;
        }
        Ok(())
    }
}

impl Pending for Applying {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        loop {
            let done = match self.replacing.take() {
                Some(waiting) => client::replace(cx, &self.parsed, waiting),
                None => match self.queue.pop_front() {
                    Some(manifest) => self.one(cx, manifest),
                    None => break,
                },
            };
            match done {
                Ok(Done::Now(value)) => self.note(value),
                Err(failure) => self.wrong.push(failure),
                Ok(Done::Later(waiting)) => {
                    let end = waiting.end;
                    self.replacing = Some(waiting);
                    return Flow::Wait(self.boxed_clone(), end.map_or(Until::Change, Until::ChangeOrAt));
                }
            }
        }
        let Err(failure) = self.end(cx) else { return Flow::Done(0) };
        let (text, code) = failure.print("kubectl apply");
        cx.err(&text);
        Flow::Done(code)
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}

/// Whether `-o` asks for the objects themselves, which are printed together at the end.
fn whole_objects(parsed: &Parsed) -> bool {
    !matches!(parsed.text("output"), "" | "name")
}

/// Says what was done to one object, unless it is printed at the end.
fn say(cx: &mut Cx<'_>, parsed: &Parsed, dry_run: DryRun, object: &Value, done: &str) -> Result<(), Failure> {
    if whole_objects(parsed) {
        return Ok(());
    }
    say_always(cx, parsed, dry_run, object, done)
}

/// Says what was done to one object in the form that `-o` asks for.
fn say_always(cx: &mut Cx<'_>, parsed: &Parsed, dry_run: DryRun, object: &Value, done: &str) -> Result<(), Failure> {
    Printer::new(cx, parsed, dry_run, false)?.print(cx, object, done)
}

/// Says so when an object that was changed is already going.
pub(super) fn warn_if_deleting(cx: &mut Cx<'_>, object: &Value) {
    if !text_at(object, "metadata/deletionTimestamp").is_empty() {
        let name: String = text_at(object, "metadata/name").to_string();
        cx.err(&format!("Warning: Detected changes to resource {name} which is currently being deleted.\n"));
    }
}
