//! `kubectl auth reconcile`: makes roles and bindings so that they give at least what a file says.
//! Models kubectl `pkg/cmd/auth/reconcile.go` and component-helpers `auth/rbac/reconciliation`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::rules::{self, Rule};
use crate::api::{Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{DRY_RUN, PRINT};
use crate::kubectl::manifests::{self, Manifest};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed};
use crate::object::value::{self, items_at};

const FLAGS: &[Flag] = &[
    Flag::switch("remove-extra-permissions", "Take away what the file does not give."),
    Flag::switch("remove-extra-subjects", "Take away subjects that the file does not name."),
];

/// `kubectl auth reconcile -f FILENAME`
pub static RECONCILE: Command = Command {
    name: "reconcile",
    usage: "auth reconcile -f FILENAME",
    short: "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects",
    examples: "# Give what a file says\nkubectl auth reconcile -f my-rbac-rules.yaml",
    flags: &[PRINT, DRY_RUN, manifests::FLAGS, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if !manifests::given(parsed) {
        return Err(Failure::Client("must specify one of -f and -k".to_string()));
    }
    if !parsed.args.is_empty() {
        return Err(Failure::Client("no arguments are allowed".to_string()));
    }
    let dry_run = DryRun::of(cx, parsed)?;
    if dry_run == DryRun::Server {
        return Err(Failure::Client("--dry-run=server for command reconcile is not supported yet".to_string()));
    }
    let printer = Printer::new(cx, parsed, dry_run, true)?;
    for manifest in manifests::read(cx, parsed, false)? {
        one(cx, parsed, &manifest?, dry_run, &printer)?;
    }
    Ok(Flow::Done(0))
}

/// Rules or subjects of `wanted` that `have` lacks.
fn missing<T: PartialEq + Clone>(wanted: &[T], have: &[T]) -> Vec<T> {
    wanted.iter().filter(|one| !have.contains(one)).cloned().collect()
}

fn one(cx: &mut Cx<'_>, parsed: &Parsed, manifest: &Manifest, dry_run: DryRun, printer: &Printer) -> Result<(), Failure> {
    let (field, exact) = match &*manifest.row.kind {
        "Role" | "ClusterRole" => ("rules", parsed.on("remove-extra-permissions")),
        "RoleBinding" | "ClusterRoleBinding" => ("subjects", parsed.on("remove-extra-subjects")),
        kind if manifest.row.custom.is_some() || matches!(&*manifest.row.group, "apiextensions.k8s.io" | "apiregistration.k8s.io") => {
            let version = manifest.row.api_version();
            let why = format!("no kind {kind:?} is registered for version {version:?} in scheme \"pkg/scheme/scheme.go:28\"");
            return Err(Failure::Client(format!("unable to decode {:?}: {why}", manifest.source)));
        }
        // Other kinds are passed over.
        _ => return Ok(()),
    };
    let key = manifest.row.key();
    let old = cx.api().find(&key, &manifest.namespace, &manifest.name).cloned();
    let mut create = Request::new(Verb::Create, &key, &manifest.namespace, "").with_body(manifest.body.clone());
    create.params = change::params(cx, parsed, dry_run, "kubectl-auth")?;
    let role = |body: &Value| value::at(body, "roleRef").cloned();
    if let Some(old) = old.as_ref().filter(|old| field == "subjects" && role(&old.to_value()) != role(&manifest.body)) {
        let mut shown = manifest.body.clone();
        if dry_run != DryRun::Client {
            // What a binding refers to cannot be changed.
            cx.send(Request::new(Verb::Delete, &key, old.namespace(), old.name()))?;
            shown = change::send_for_value(cx, create)?;
        }
        printer.print(cx, &shown, "reconciled")?;
        cx.err("\treconciliation required recreate\n");
        return Ok(());
    }
    let have = old.as_ref().map(|o| o.items_at(&["/", field].concat()).to_vec()).unwrap_or_default();
    let wanted = items_at(&manifest.body, field).to_vec();
    let differ = |wanted: &[Value], have: &[Value]| -> Vec<String> {
        match field {
            "rules" => missing(&rules::taken_apart(wanted), &rules::taken_apart(have)).iter().map(Rule::print).collect(),
            _ => missing(wanted, have).iter().map(subject).collect(),
        }
    };
    let (lacks, extra) = (differ(&wanted, &have), if exact { differ(&have, &wanted) } else { Vec::new() });
    let mut merged = if exact { wanted.clone() } else { have.clone() };
    if !exact {
        merged.extend(wanted.iter().filter(|one| !have.contains(one)).cloned());
    }
    let changed = old.is_none() || !lacks.is_empty() || !extra.is_empty();
    let mut shown = old.as_ref().map_or_else(|| manifest.body.clone(), |o| o.to_value());
    if changed && dry_run != DryRun::Client {
        let mut request = create;
        if let Some(old) = &old {
            let mut body = old.to_value();
            value::set(&mut body, field, merged);
            request = Request { verb: Verb::Update, name: manifest.name.clone(), body, ..request };
        }
        shown = change::send_for_value(cx, request)?;
    }
    printer.print(cx, &shown, "reconciled")?;
    tell(
        cx,
        field,
        changed.then_some(if old.is_some() { "update" } else { "create" }),
        [("missing", "added", lacks), ("extra", "removed", extra)],
    );
    Ok(())
}

/// Says what was done, and to which rules or subjects.
fn tell(cx: &mut Cx<'_>, field: &str, required: Option<&str>, lists: [(&str, &str, Vec<String>); 2]) {
    let Some(required) = required else { return };
    let mut told = format!("\treconciliation required {required}\n");
    for (which, done, list) in lists.iter().filter(|(.., list)| !list.is_empty()) {
        told.push_str(&format!("\t{which} {field} {done}:\n"));
        list.iter().for_each(|one| told.push_str(&["\t\t", one, "\n"].concat()));
    }
    cx.err(&told);
}

/// A subject as Go prints the structure.
fn subject(subject: &Value) -> String {
    let at = |field: &str| value::text_at(subject, field).to_string();
    format!("{{Kind:{} APIGroup:{} Name:{} Namespace:{}}}", at("kind"), at("apiGroup"), at("name"), at("namespace"))
}
