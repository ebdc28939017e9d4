//! `kubectl replace`. Models kubectl `pkg/cmd/replace`.
//!
//! ```text
//! $ kubectl replace -f nginx-pod.yaml
//! Error from server (NotFound): error when replacing "nginx-pod.yaml": pods "nginx-pod" not found
//! $ kubectl replace --force -f nginx-pod.yaml
//! pod/nginx-pod replaced
//! $ kubectl replace -f nginx-pod.yaml --timeout=5s
//! error: --timeout must have --force specified
//! ```

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::{Params, Propagation, Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::manifests::{self, Manifest};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Until, raw};
use crate::object::Key;
use crate::text::quote::quote;

const FLAGS: &[Flag] = &[
    Flag::text("cascade", "What becomes of dependents of what is deleted.").default("background").bare("background"),
    groups::field_manager("kubectl-replace"),
    Flag::switch("force", "Delete the object and make it anew."),
    Flag::text("grace-period", "Seconds that deleted objects get.").kind(FlagKind::Int, "-1"),
    Flag::text("raw", "Send the file to this address as it is."),
    Flag::text("subresource", "The part to replace."),
    Flag::text("timeout", "How long to wait for deletions.").kind(FlagKind::Duration, "0s"),
    Flag::switch("wait", "Wait for deletions."),
];

/// `kubectl replace -f FILENAME`
pub static REPLACE: Command = Command {
    name: "replace",
    usage: "replace -f FILENAME",
    short: "Replace a resource by file name or stdin",
    examples: "# What a file says\nkubectl replace -f ./pod.json",
    flags: &[PRINT, DRY_RUN, SAVE_CONFIG, VALIDATE, manifests::FLAGS, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let params = change::params(cx, parsed, dry_run, "kubectl-replace")?;
    let printer = Printer::new(cx, parsed, dry_run, false)?;
    let propagation = super::delete::cascade(cx, parsed)?;
    manifests::required(parsed)?;
    if parsed.given("raw") {
        return raw::send(cx, parsed, Verb::Update);
    }
    let rules = [
        (parsed.number("grace-period") >= 0 && !parsed.on("force"), "--grace-period must have --force specified"),
        (parsed.duration_ms("timeout") != 0 && !parsed.on("force"), "--timeout must have --force specified"),
        (parsed.on("force") && dry_run != DryRun::None, "--dry-run can not be used when --force is set"),
    ];
    if let Some((_, text)) = rules.into_iter().find(|(broken, _)| *broken) {
        return Err(Failure::Client(text.to_string()));
    }
    if parsed.on("force") {
        return force(cx, parsed, params, propagation);
    }
    let mut wrong = Vec::new();
    for manifest in manifests::read(cx, parsed, params.field_validation != "Ignore")? {
        let done = manifest.and_then(|manifest| one(cx, parsed, manifest, dry_run, &params, &printer));
        wrong.extend(done.err());
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

fn one(cx: &mut Cx<'_>, parsed: &Parsed, manifest: Manifest, dry_run: DryRun, params: &Params, printer: &Printer) -> Result<(), Failure> {
    let mut body = manifest.body;
    if parsed.on("save-config") {
        change::keep_applied(&mut body);
    }
    if dry_run == DryRun::Client {
        return printer.print(cx, &body, "replaced");
    }
    let doing = format!("error when replacing {}: ", quote(&manifest.source));
    if manifest.name.is_empty() {
        return Err(Failure::Client(doing + "resource name may not be empty"));
    }
    let mut request = Request::new(Verb::Update, &manifest.row.key(), &manifest.namespace, &manifest.name).with_body(body);
    request.subresource = parsed.text("subresource").to_string();
    request.params = params.clone();
    let stored = change::send_for_value(cx, request).map_err(|status| change::refused(doing, status))?;
    printer.print(cx, &stored, "replaced")
}

/// Deletes everything, waits until it is gone and makes it anew.
fn force(cx: &mut Cx<'_>, parsed: &Parsed, params: Params, propagation: Propagation) -> Result<Flow, Failure> {
    let mut all: Vec<Manifest> = Vec::new();
    let mut wrong = Vec::new();
    for manifest in manifests::read(cx, parsed, params.field_validation != "Ignore")? {
        match manifest {
            Ok(mut manifest) => {
                if parsed.on("save-config") {
                    change::keep_applied(&mut manifest.body);
                }
                all.push(manifest);
            }
            Err(failure) => wrong.push(failure),
        }
    }
    if let Some(failure) = Failure::from_many(wrong) {
        return Err(failure);
    }
    if all.is_empty() {
        cx.out("No resources found\n");
        return Err(Failure::Client("no objects passed to replace".to_string()));
    }
    let mut gone: Vec<(String, Key, String)> = Vec::new();
    for manifest in &all {
        let key = Key::new(&manifest.namespace, &manifest.name);
        let Some(old) = cx.api().get(&manifest.row.key(), &key).cloned() else {
            continue;
        };
        let mut request = Request::new(Verb::Delete, &manifest.row.key(), &manifest.namespace, &manifest.name);
        let grace = parsed.number("grace-period");
        // Zero would lose data; the real one waits a second.
        request.params.grace_period_s = (grace >= 0).then_some(grace.max(1));
        request.params.propagation = Some(propagation);
        cx.send(request)?;
        let group = if old.ty.group.is_empty() { String::new() } else { format!(".{}", old.ty.group) };
        let place = if manifest.namespace.is_empty() { String::new() } else { format!(" from {} namespace", manifest.namespace) };
        cx.out(&format!("{}{group} \"{}\" deleted{place}\n", old.ty.kind.to_lowercase(), manifest.name));
        gone.push((manifest.row.key(), key, old.meta.uid.to_string()));
    }
    Ok(Remake { gone, all, params }.poll(cx))
}

/// Waits for what was deleted, then creates.
#[derive(Clone)]
struct Remake {
    gone: Vec<(String, Key, String)>,
    all: Vec<Manifest>,
    params: Params,
}

impl Pending for Remake {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        let api = cx.api();
        self.gone.retain(|(resource, key, uid)| api.get(resource, key).is_some_and(|object| *object.meta.uid == **uid));
        if !self.gone.is_empty() {
            return Flow::Wait(self.boxed_clone(), Until::Change);
        }
        for manifest in &self.all {
            let mut request = Request::new(Verb::Create, &manifest.row.key(), &manifest.namespace, "").with_body(manifest.body.clone());
            request.params = self.params.clone();
            match change::send_for_value(cx, request) {
                Ok(made) => cx.out(&format!("{} replaced\n", crate::kubectl::output::name_of(&made))),
                Err(status) => {
                    let (text, code) = Failure::Server(status).print("kubectl replace");
                    cx.err(&text);
                    return Flow::Done(code);
                }
            }
        }
        Flow::Done(0)
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
