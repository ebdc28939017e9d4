//! `kubectl create cronjob`. Models kubectl `pkg/cmd/create/create_cronjob.go`.
//!
//! ```text
//! $ kubectl create cronjob tick --image=busybox --schedule='*/5 * * * *' -- date
//! cronjob.batch/tick created
//! $ kubectl create cronjob tock --image=busybox
//! error: required flag(s) "schedule" not set
//! ```

use serde_json::json;

use super::generate::{self, Generated};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed};
use crate::object::resources::CRON_JOBS;

const FLAGS: &[Flag] = &[
    Flag::text("image", "The image to run."),
    Flag::text("restart", "OnFailure or Never."),
    Flag::text("schedule", "When, in five fields."),
];

/// `kubectl create cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]`
pub static CRON_JOB: Command = Command {
    name: "cronjob",
    aliases: &["cj"],
    usage: "create cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
    short: "Create a cron job with the specified name",
    examples: "# Every minute\nkubectl create cronjob my-job --image=busybox --schedule=\"*/1 * * * *\" -- date",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, FLAGS],
    required: &["image", "schedule"],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    generate::run(cx, parsed, |_, parsed| {
        let name = generate::name(parsed)?;
        let restart = match parsed.text("restart") {
            "" => "OnFailure",
            policy => policy,
        };
        let template = super::job::template(name, parsed.text("image"), generate::command(parsed), restart);
        let body = json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": name},
            "spec": {"jobTemplate": {"metadata": {"name": name}, "spec": {"template": template}}, "schedule": parsed.text("schedule")},
            "status": {}});
        Ok(Generated { resource: CRON_JOBS, body, failed: "failed to create cronjob: " })
    })
}
