//! What becomes of edited objects: patches, a new annotation, or new objects.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::round::Results;
use super::text::Reason;
use super::{Mode, Subject};
use crate::api::{PatchType, Request, Status, Verb};
use crate::kubectl::change::{self, DryRun, LAST_APPLIED, Printer};
use crate::kubectl::cx::Cx;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::Parsed;
use crate::kubectl::manifests::Manifest;
use crate::object::patch;
use crate::object::value::{self, text_at};
use crate::text::{json, quote::quote};

/// Saves the edited objects one after another. What may be mended in the file is noted in `results`.
///
/// # Errors
/// What ends the editing.
pub(super) fn save(
    cx: &mut Cx<'_>,
    parsed: &Parsed,
    mode: Mode,
    subjects: &[Subject],
    edited: Vec<Manifest>,
    results: &mut Results,
) -> Result<(), Failure> {
    let mut all = Vec::new();
    for manifest in edited {
        let mut subject = Subject::from(in_namespace(cx, manifest)?);
        if parsed.on("save-config") {
            change::keep_applied(&mut subject.body);
        }
        change::record(cx, parsed, &mut subject.body);
        all.push(subject);
    }
    let printer = Printer::new(cx, parsed, DryRun::None, false)?;
    for subject in all {
        match mode {
            Mode::Objects => patch_object(cx, parsed, subjects, &subject, &printer, results)?,
            Mode::LastApplied => patch_annotation(cx, parsed, subjects, &subject, &printer)?,
            Mode::New => {
                let mut request = Request::new(Verb::Create, &subject.row.key(), &subject.namespace, "").with_body(subject.body);
                request.params = change::params(cx, parsed, DryRun::None, "kubectl-edit")?;
                let made = change::send_for_value(cx, request)?;
                printer.print(cx, &made, "created")?;
            }
        }
    }
    Ok(())
}

/// The namespace may not be changed in the editor.
fn in_namespace(cx: &Cx<'_>, mut manifest: Manifest) -> Result<Manifest, Failure> {
    let wanted = &cx.globals.namespace;
    if manifest.row.namespaced && manifest.namespace.is_empty() {
        manifest.namespace = wanted.clone();
        value::set(&mut manifest.body, "/metadata/namespace", wanted.as_str());
    }
    if manifest.row.namespaced && manifest.namespace != *wanted {
        return Err(crate::kubectl::manifests::other_namespace(&manifest.namespace, wanted));
    }
    Ok(manifest)
}

/// The object as it was before the editor, by its UID.
fn before<'s>(subjects: &'s [Subject], edited: &Subject) -> Result<&'s Subject, Failure> {
    let uid = |subject: &Subject| text_at(&subject.body, "metadata/uid").to_string();
    subjects.iter().find(|subject| uid(subject) == uid(edited)).ok_or_else(|| {
        let dump = crate::object::jsonpath::go_syntax(&edited.body);
        Failure::Client(format!("no original object found for &unstructured.Unstructured{{Object:{dump}}}"))
    })
}

fn patch_object(
    cx: &mut Cx<'_>,
    parsed: &Parsed,
    subjects: &[Subject],
    edited: &Subject,
    printer: &Printer,
    results: &mut Results,
) -> Result<(), Failure> {
    let original = before(subjects, edited)?;
    if original.body == edited.body {
        return printer.print(cx, &edited.body, "skipped");
    }
    let same = |path: &str| value::at(&original.body, path) == value::at(&edited.body, path);
    if !(same("apiVersion") && same("kind") && same("metadata/name")) {
        return Err(Failure::Client("At least one of apiVersion, kind and name was changed".to_string()));
    }
    let (patch, kind) = match edited.row.def() {
        Some(def) => (patch::diff::two_way(Some(def), &original.body, &edited.body), PatchType::Strategic),
        None => (patch::json::merge_diff(&original.body, &edited.body), PatchType::Merge),
    };
    if parsed.on("output-patch") {
        cx.out(&format!("Patch: {}\n", json::compact(&patch)));
    }
    let mut request = Request::new(Verb::Patch(kind), &edited.row.key(), &edited.namespace, &edited.name)
        .with_subresource(parsed.text("subresource"))
        .with_body(patch);
    request.params = change::params(cx, parsed, DryRun::None, "kubectl-edit")?;
    match change::send_for_value(cx, request) {
        Ok(stored) => printer.print(cx, &stored, "edited"),
        Err(status) => {
            let text = refused(&status, edited, results);
            cx.err(&text);
            Ok(())
        }
    }
}

/// Notes a refusal and gives what is said of it.
fn refused(status: &Status, edited: &Subject, results: &mut Results) -> String {
    let what = format!("{} {}", edited.row.key(), quote(&edited.name));
    if status.reason == "Invalid" {
        let fields = status.causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        results.reasons.push(Reason { head: format!("{what} was not valid"), fields });
        return format!("error: {what} is invalid\n");
    }
    if status.is_not_found() {
        results.not_found = true;
        return format!("error: {what} could not be found on the server\n");
    }
    results.retryable = true;
    format!("error: {what} could not be patched: {}\n", status.message)
}

/// Puts the edited configuration into the annotation of the live object.
fn patch_annotation(cx: &mut Cx<'_>, parsed: &Parsed, subjects: &[Subject], edited: &Subject, printer: &Printer) -> Result<(), Failure> {
    let original = before(subjects, edited)?;
    if original.body == edited.body {
        return printer.print(cx, &edited.body, "skipped");
    }
    let text = json::compact(&edited.body);
    let patch = serde_json::json!({"metadata": {"annotations": {LAST_APPLIED: text}}});
    let mut request = Request::new(Verb::Patch(PatchType::Merge), &edited.row.key(), &edited.namespace, &edited.name).with_body(patch);
    request.params = change::params(cx, parsed, DryRun::None, "kubectl-edit")?;
    change::send_for_value(cx, request)?;
    printer.print(cx, &edited.body, "edited")
}
