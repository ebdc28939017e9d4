//! Applying one object on the server, which keeps who said what. Models kubectl `pkg/cmd/apply` and client-go
//! `util/csaupgrade`.

use alloc::string::ToString;

use serde_json::{Value, json};

use super::{say, warn_if_deleting};
use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, LAST_APPLIED};
use crate::kubectl::manifests::Manifest;
use crate::kubectl::{Cx, Failure, Parsed};
use crate::object::patch::apply::{moved_to_apply, owns_annotation};

/// What follows the server's list of conflicts.
const ADVICE: &str = "
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// Sends the object of a manifest to be applied.
pub(super) fn apply(cx: &mut Cx<'_>, parsed: &Parsed, m: &Manifest, dry_run: DryRun) -> Result<Value, Failure> {
    if m.name.is_empty() {
        return Err(Failure::Client("resource name may not be empty".to_string()));
    }
    let mut body = m.body.clone();
    change::record(cx, parsed, &mut body);
    let request = request(cx, parsed, m, dry_run, body)?;
    let mut stored = change::send_for_value(cx, request.clone()).map_err(|status| match status.is_conflict() {
        true => Failure::Client([status.message.as_str(), ADVICE].concat()),
        false => Failure::Server(status),
    })?;
    if dry_run == DryRun::None {
        stored = migrate(cx, m, request, stored);
    }
    warn_if_deleting(cx, &stored);
    say(cx, parsed, dry_run, &stored, "serverside-applied")?;
    Ok(stored)
}

fn request(cx: &Cx<'_>, parsed: &Parsed, m: &Manifest, dry_run: DryRun, body: Value) -> Result<Request, Failure> {
    let mut request = Request::new(Verb::Patch(PatchType::Apply), &m.row.key(), &m.namespace, &m.name).with_body(body);
    request.subresource = parsed.text("subresource").to_string();
    request.params = change::params(cx, parsed, dry_run, "kubectl")?;
    if !parsed.given("field-manager") {
        request.params.field_manager = "kubectl".to_string();
    }
    request.params.force = parsed.on("force-conflicts");
    Ok(request)
}

/// Moves what client-side apply owned to the one who applies now, so that fields that leave the file go. Where that is
/// kubectl itself, the annotation gets an owner of its own and stays. A failure leaves the object as it is.
fn migrate(cx: &mut Cx<'_>, m: &Manifest, request: Request, mut stored: Value) -> Value {
    let manager = request.params.field_manager.clone();
    let annotation = stored.pointer("/metadata/annotations").and_then(|all| all.get(LAST_APPLIED)).cloned();
    if let Some(annotation) = annotation.filter(|_| manager == "kubectl" && !owns_annotation(&stored, "Apply", LAST_APPLIED)) {
        let keep = json!({
            "apiVersion": stored.get("apiVersion"), "kind": stored.get("kind"),
            "metadata": {"name": m.name, "namespace": m.namespace, "annotations": {LAST_APPLIED: annotation}}
        });
        let mut own = request.clone().with_body(keep);
        own.params.field_manager = "kubectl-last-applied".to_string();
        own.params.force = false;
        stored = change::send_for_value(cx, own).unwrap_or(stored);
    }
    let Some(moved) = moved_to_apply(&stored, LAST_APPLIED, &manager) else { return stored };
    let mut patch = Request::new(Verb::Patch(PatchType::Merge), &m.row.key(), &m.namespace, &m.name)
        .with_body(json!({"metadata": {"managedFields": moved}}));
    patch.params.field_validation = "Ignore".to_string();
    if change::send_for_value(cx, patch).is_err() {
        return stored;
    }
    change::send_for_value(cx, request).unwrap_or(stored)
}
