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
use crate::time::Instant;

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

/// Deletes everything that can be read, waits until it is gone and makes it anew; only then the files are held to the
/// schema.
fn force(cx: &mut Cx<'_>, parsed: &Parsed, params: Params, propagation: Propagation) -> Result<Flow, Failure> {
    let mut gone: Vec<(String, Key, String)> = Vec::new();
    let (mut wrong, mut found) = (Vec::new(), 0_usize);
    for manifest in manifests::read(cx, parsed, false)? {
        let done = manifest.and_then(|manifest| {
            found += 1;
            remove(cx, parsed, &manifest, propagation)
        });
        match done {
            Ok(one) => gone.extend(one),
            Err(failure) => wrong.push(failure),
        }
    }
    if let Some(failure) = Failure::from_many(wrong) {
        return Err(failure);
    }
    if found == 0 {
        cx.out("No resources found\n");
    }
    let timeout = parsed.duration_ms("timeout");
    let ends_at = cx.now() + u64::try_from(timeout).ok().filter(|ms| *ms > 0).unwrap_or(WAITS_MS);
    Ok(Remake { gone, parsed: parsed.clone(), params, ends_at }.poll(cx))
}

/// How long deletions are waited for where nobody says.
const WAITS_MS: u64 = 300_000;

/// Deletes one object, says so, and tells what to wait for; nothing where it is not there.
fn remove(
    cx: &mut Cx<'_>,
    parsed: &Parsed,
    manifest: &Manifest,
    propagation: Propagation,
) -> Result<Option<(String, Key, String)>, Failure> {
    let doing = format!("error when deleting {}: ", quote(&manifest.source));
    if manifest.name.is_empty() {
        return Err(Failure::Client(doing + "resource name may not be empty"));
    }
    let key = Key::new(&manifest.namespace, &manifest.name);
    let uid = cx.api().get(&manifest.row.key(), &key).map(|old| old.meta.uid.to_string()).unwrap_or_default();
    let mut request = Request::new(Verb::Delete, &manifest.row.key(), &manifest.namespace, &manifest.name);
    let grace = parsed.number("grace-period");
    // Zero would lose data; the real one waits a second.
    request.params.grace_period_s = (grace >= 0).then_some(grace.max(1));
    request.params.propagation = Some(propagation);
    match cx.send(request) {
        Err(status) if status.is_not_found() => return Ok(None),
        answer => answer.map_err(|status| change::refused(doing, status))?,
    };
    let word = manifest.row.group_kind().to_lowercase();
    if parsed.text("output") == "name" {
        cx.out(&[&word, "/", &manifest.name, "\n"].concat());
    } else {
        let place = if manifest.row.namespaced { format!(" from {} namespace", manifest.namespace) } else { String::new() };
        cx.out(&format!("{word} \"{}\" deleted{place}\n", manifest.name));
    }
    Ok(Some((manifest.row.key(), key, uid)))
}

/// Waits for what was deleted, then creates.
#[derive(Clone)]
struct Remake {
    gone: Vec<(String, Key, String)>,
    parsed: Parsed,
    params: Params,
    ends_at: Instant,
}

impl Remake {
    fn make(&self, cx: &mut Cx<'_>) -> Result<(), Failure> {
        let printer = Printer::new(cx, &self.parsed, DryRun::None, false)?;
        let (mut wrong, mut made) = (Vec::new(), false);
        for manifest in manifests::read(cx, &self.parsed, self.params.field_validation != "Ignore")? {
            let done = manifest.and_then(|manifest| {
                let mut body = manifest.body;
                if self.parsed.on("save-config") {
                    change::keep_applied(&mut body);
                }
                let mut request = Request::new(Verb::Create, &manifest.row.key(), &manifest.namespace, "").with_body(body);
                request.params = self.params.clone();
                let stored = change::send_for_value(cx, request)?;
                made = true;
                printer.print(cx, &stored, "replaced")
            });
            wrong.extend(done.err());
        }
        match Failure::from_many(wrong) {
            Some(failure) => Err(failure),
            None if made => Ok(()),
            None => Err(Failure::Client("no objects passed to replace".to_string())),
        }
    }
}

impl Pending for Remake {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        let api = cx.api();
        self.gone.retain(|(resource, key, uid)| api.get(resource, key).is_some_and(|object| *object.meta.uid == **uid));
        let done = match self.gone.is_empty() {
            true => self.make(cx),
            false if cx.now() >= self.ends_at => Err(Failure::Client("context deadline exceeded".to_string())),
            false => return Flow::Wait(self.boxed_clone(), Until::ChangeOrAt(self.ends_at)),
        };
        let Err(failure) = done else { return Flow::Done(0) };
        let (text, code) = failure.print("kubectl replace");
        cx.err(&text);
        Flow::Done(code)
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
