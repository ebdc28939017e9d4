//! Applying one object by a three-way merge that kubectl computes itself. Models kubectl `pkg/cmd/apply` patcher.go.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

use super::{Done, Replacing, say, warn_if_deleting};
use crate::api::registry::Resource;
use crate::api::{PatchType, Propagation, Request, Status, Verb};
use crate::kubectl::change::{self, DryRun, LAST_APPLIED, refused};
use crate::kubectl::manifests::Manifest;
use crate::kubectl::{Cx, Failure, Parsed};
use crate::object::Key;
use crate::object::patch;
use crate::object::value::{self, text_at};
use crate::text::{json, quote::quote};

const MANAGER: &str = "kubectl-client-side-apply";

/// Makes or changes the object of a manifest.
pub(super) fn apply(cx: &mut Cx<'_>, parsed: &Parsed, m: Manifest, dry_run: DryRun) -> Result<Done, Failure> {
    let mut modified = m.body.clone();
    change::record(cx, parsed, &mut modified);
    change::keep_applied(&mut modified);
    let key = m.row.key();
    let found = match m.name.is_empty() {
        true => Err(Failure::Client(format!("{}resource name may not be empty", retrieving(&m)))),
        false => change::send_for_value(cx, Request::new(Verb::Get, &key, &m.namespace, &m.name))
            .map(Some)
            .or_else(|status| if status.is_not_found() { Ok(None) } else { Err(refused(retrieving(&m), status)) }),
    };
    let params = change::params(cx, parsed, dry_run, MANAGER)?;
    let Some(mut current) = found? else {
        prune_nulls(&mut modified);
        let mut stored = modified.clone();
        if dry_run != DryRun::Client {
            let mut request = Request::new(Verb::Create, &key, &m.namespace, "").with_body(modified);
            request.params = params;
            let doing = format!("error when creating {}: ", quote(&m.source));
            stored = change::send_for_value(cx, request).map_err(|status| refused(doing, status))?;
        }
        say(cx, parsed, dry_run, &stored, "created")?;
        return Ok(Done::Now(stored));
    };
    if m.row.custom.is_some() {
        // It was asked for in the version of the file.
        value::set(&mut current, "apiVersion", m.row.api_version());
    }
    let original = last_applied(&current);
    if original.is_none() {
        let text = format!(
            "Warning: resource {} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n",
            m.object_name()
        );
        cx.err(&text);
    }
    let original = original.unwrap_or(Value::Null);
    let made = patch_of(parsed, &m.row, &original, &modified, &current);
    let (patch, kind) = made.map_err(|why| creating(&m, &original, &modified, &current, &why))?;
    if value::is_empty(&patch) {
        say(cx, parsed, dry_run, &current, "unchanged")?;
        return Ok(Done::Now(current));
    }
    if dry_run == DryRun::Client {
        let patched = locally(&m, current, &patch, kind)?;
        say(cx, parsed, dry_run, &patched, "configured")?;
        return Ok(Done::Now(patched));
    }
    let mut request = Request::new(Verb::Patch(kind), &key, &m.namespace, &m.name).with_body(patch.clone());
    request.params = params;
    match change::send_for_value(cx, request) {
        Ok(stored) => {
            warn_if_deleting(cx, &stored);
            say(cx, parsed, dry_run, &stored, "configured")?;
            Ok(Done::Now(stored))
        }
        Err(status) if parsed.on("force") && matches!(status.reason, "Conflict" | "Invalid") => {
            delete(cx, parsed, &m, &current)?;
            let grace = parsed.duration_ms("timeout");
            let end = u64::try_from(grace).ok().filter(|ms| *ms > 0).map(|ms| cx.now() + ms);
            let uid = text_at(&current, "metadata/uid").to_string();
            let key = Key::new(&m.namespace, &m.name);
            replace(cx, parsed, Box::new(Replacing { manifest: m, body: modified, before: current, key, uid, end }))
        }
        Err(status) => Err(patching(&m, &patch, status)),
    }
}

/// What was being done when the live object could not be read.
fn retrieving(m: &Manifest) -> String {
    format!("error when retrieving current configuration of:\n{}\nfrom server for: {}: ", m.told(), quote(&m.source))
}

/// A refused patch.
fn patching(m: &Manifest, patch: &Value, status: Status) -> Failure {
    let source = quote(&m.source);
    let doing =
        format!("error when applying patch:\n{}\nto:\n{}\nfor: {source}: error when patching {source}: ", json::compact(patch), m.told());
    refused(doing, status)
}

/// A patch that could not be made.
fn creating(m: &Manifest, original: &Value, modified: &Value, current: &Value, why: &str) -> Failure {
    let source = quote(&m.source);
    let text = |value: &Value| if value.is_null() { String::new() } else { json::compact(value) + "\n" };
    let (original, modified, current) = (text(original), text(modified), text(current));
    Failure::Client(format!(
        "error when applying patch:\n\nto:\n{}\nfor: {source}: error when patching {source}: creating patch with:\noriginal:\n{original}\nmodified:\n{modified}\ncurrent:\n{current}\nfor: {why}",
        m.told()
    ))
}

/// The configuration that was applied last, as the live object keeps it.
pub fn last_applied(current: &Value) -> Option<Value> {
    let annotations = value::at(current, "metadata/annotations")?;
    let text = value::get(annotations, LAST_APPLIED)?.as_str()?;
    Some(json::parse(text).unwrap_or(Value::Null))
}

/// The patch of an apply, and its type: a strategic one where the kind is known to kubectl.
pub fn three_way(row: &Resource, original: &Value, modified: &Value, current: &Value) -> Result<(Value, PatchType), String> {
    match row.def() {
        Some(def) => Ok((patch::diff::three_way(Some(def), original, modified, current)?, PatchType::Strategic)),
        None => Ok((patch::json::three_way(original, modified, current), PatchType::Merge)),
    }
}

/// As [`three_way`]; with `--overwrite=false` what others have changed since is not set back.
fn patch_of(parsed: &Parsed, row: &Resource, original: &Value, modified: &Value, current: &Value) -> Result<(Value, PatchType), String> {
    let (patch, kind) = three_way(row, original, modified, current)?;
    if !parsed.on("overwrite") && row.def().is_some() {
        patch::conflicts::refuse(row.def(), &patch, original, current)?;
    }
    Ok((patch, kind))
}

/// What a patch comes to without the server (`--dry-run=client`).
fn locally(m: &Manifest, mut current: Value, patch: &Value, kind: PatchType) -> Result<Value, Failure> {
    if kind == PatchType::Strategic {
        return patch::strategic::apply(m.row.def(), current, patch).map_err(Failure::Client);
    }
    patch::json::merge(&mut current, patch);
    Ok(current)
}

/// Leaves out members that are null, as a patch would.
fn prune_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, member| !member.is_null());
            map.values_mut().for_each(prune_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(prune_nulls),
        _ => {}
    }
}

fn delete(cx: &mut Cx<'_>, parsed: &Parsed, m: &Manifest, current: &Value) -> Result<(), Failure> {
    let mut request = Request::new(Verb::Delete, &m.row.key(), &m.namespace, &m.name);
    let grace = parsed.number("grace-period");
    request.params.grace_period_s = (grace >= 0).then_some(grace);
    request.params.propagation = Some(Propagation::Background);
    request.params.uid = text_at(current, "metadata/uid").to_string();
    cx.send(request)?;
    Ok(())
}

/// Makes a deleted object anew once it is gone.
pub(super) fn replace(cx: &mut Cx<'_>, parsed: &Parsed, waiting: Box<Replacing>) -> Result<Done, Failure> {
    let row = waiting.manifest.row.clone();
    let there = cx.api().get(&row.key(), &waiting.key).is_some_and(|object| *object.meta.uid == *waiting.uid);
    if there {
        return match waiting.end {
            Some(end) if cx.now() >= end => Err(Failure::Client("timed out waiting for the condition".to_string())),
            _ => Ok(Done::Later(waiting)),
        };
    }
    let Replacing { manifest, body, mut before, .. } = *waiting;
    let mut request = Request::new(Verb::Create, &row.key(), &manifest.namespace, "").with_body(body.clone());
    request.params = change::params(cx, parsed, DryRun::None, MANAGER)?;
    match change::send_for_value(cx, request.clone()) {
        Ok(stored) => {
            say(cx, parsed, DryRun::None, &stored, "configured")?;
            Ok(Done::Now(stored))
        }
        Err(status) => {
            value::remove(&mut before, "metadata/resourceVersion");
            // What was there comes back; the refusal counts.
            let _ = change::send_for_value(cx, request.with_body(before));
            Err(patching(&manifest, &body, status))
        }
    }
}
