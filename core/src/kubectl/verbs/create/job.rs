//! `kubectl create job`. Models kubectl `pkg/cmd/create/create_job.go`.
//!
//! ```text
//! $ kubectl create job hello --image=busybox -- echo hi
//! job.batch/hello created
//! $ kubectl create job again --from=cronjob/nope
//! Error from server (NotFound): cronjobs.batch "nope" not found
//! $ kubectl create job again --from=hello
//! error: the server doesn't have a resource type "hello"
//! ```

use alloc::format;
use alloc::string::String;
use serde_json::{Value, json};

use super::generate::{self, Generated};
use crate::api::Status;
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::resources::resource;
use crate::kubectl::{Command, Cx, Failure, Flag, Parsed};
use crate::object::resources::{CRON_JOBS, JOBS};
use crate::object::value;

const FLAGS: &[Flag] =
    &[Flag::text("from", "The object to make the job from; only cronjob/NAME."), Flag::text("image", "The image to run.")];

/// `kubectl create job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]`
pub static JOB: Command = Command {
    name: "job",
    usage: "create job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
    short: "Create a job with the specified name",
    examples: "# A job\nkubectl create job my-job --image=busybox -- date\n\n# A run of a cron job now\nkubectl create job test-job --from=cronjob/a-cronjob",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, FLAGS],
    run: Some(|cx, parsed| generate::run(cx, parsed, make)),
    ..Command::EMPTY
};

/// A template for the one Pod of a job.
pub(super) fn template(name: &str, image: &str, command: alloc::vec::Vec<Value>, restart: &str) -> Value {
    let mut container = json!({"name": name, "image": image, "resources": {}});
    if !command.is_empty() {
        value::set(&mut container, "command", command);
    }
    json!({"metadata": {}, "spec": {"containers": [container], "restartPolicy": restart}})
}

fn make(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let name = generate::name(parsed)?;
    let (image, from) = (parsed.text("image"), parsed.text("from"));
    let command = generate::command(parsed);
    if image.is_empty() == from.is_empty() {
        return Err(Failure::Client(String::from("either --image or --from must be specified")));
    }
    if !command.is_empty() && !from.is_empty() {
        return Err(Failure::Client(String::from("cannot specify --from and command")));
    }
    let body = match from.is_empty() {
        true => {
            let spec = json!({"template": template(name, image, command, "Never")});
            json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": spec, "status": {}})
        }
        false => from_cron_job(cx, name, from)?,
    };
    Ok(Generated { resource: JOBS, body, failed: "failed to create job: " })
}

fn from_cron_job(cx: &Cx<'_>, name: &str, from: &str) -> Result<Value, Failure> {
    let Some((word, source)) = from.split_once('/') else {
        resource(cx, from)?;
        return Err(Failure::Client(String::from("resource(s) were provided, but no name was specified")));
    };
    let key = resource(cx, word)?.key();
    let Some(found) = cx.api().find(&key, &cx.globals.namespace, source) else {
        return Err(Status::not_found(&key, source).into());
    };
    if key != CRON_JOBS {
        let package = match found.ty.group.as_str() {
            "" => String::from("v1"),
            _ => found.ty.version.clone(),
        };
        return Err(Failure::Client(format!("unknown object type *{package}.{}", found.ty.kind)));
    }
    let mut annotations = json!({"cronjob.kubernetes.io/instantiate": "manual"});
    if let (Some(Value::Object(more)), Value::Object(map)) = (found.at("/spec/jobTemplate/metadata/annotations"), &mut annotations) {
        map.extend(more.iter().map(|(k, v)| (k.clone(), v.clone())));
    }
    let owner = json!({"apiVersion": "batch/v1", "kind": "CronJob", "name": source, "uid": &*found.meta.uid, "controller": true});
    let spec = found.at("/spec/jobTemplate/spec").cloned().unwrap_or_default();
    let mut body = json!({"apiVersion": "batch/v1", "kind": "Job",
        "metadata": {"name": name, "annotations": annotations, "ownerReferences": [owner]}, "spec": spec, "status": {}});
    if let Some(labels) = found.at("/spec/jobTemplate/metadata/labels") {
        value::set(&mut body, "metadata/labels", labels.clone());
    }
    Ok(body)
}
