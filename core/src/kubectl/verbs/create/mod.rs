//! `kubectl create`: from manifests, and one subcommand per kind. Models kubectl `pkg/cmd/create`.
//!
//! ```text
//! $ kubectl create -f nginx-pod.yaml
//! pod/nginx-pod created
//! $ kubectl create -f nginx-pod.yaml
//! Error from server (AlreadyExists): error when creating "nginx-pod.yaml": pods "nginx-pod" already exists
//! $ kubectl create -f nope.yaml
//! error: the path "nope.yaml" does not exist
//! ```

pub mod config_map;
pub mod cron_job;
pub mod deployment;
pub mod disruption_budget;
pub mod generate;
pub mod ingress;
pub mod job;
pub mod namespace;
pub mod priority_class;
pub mod quota;
pub mod role;
pub mod role_binding;
pub mod secret;
pub mod service;
pub mod service_account;
pub mod sources;
pub mod token;

use crate::api::{Request, Verb};
use crate::kubectl::editor::{self, Mode, Subject};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, change, groups, manifests, raw};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

/// The flags that every subcommand takes.
pub(super) const COMMON: &[Flag] = &[groups::field_manager("kubectl-create")];

/// The subcommands, in the order of help.
pub(super) static CHILDREN: &[&Command] = &[
    &role::CLUSTER_ROLE,
    &role_binding::CLUSTER_ROLE_BINDING,
    &config_map::CONFIG_MAP,
    &cron_job::CRON_JOB,
    &deployment::DEPLOYMENT,
    &ingress::INGRESS,
    &job::JOB,
    &namespace::NAMESPACE,
    &disruption_budget::DISRUPTION_BUDGET,
    &priority_class::PRIORITY_CLASS,
    &quota::QUOTA,
    &role::ROLE,
    &role_binding::ROLE_BINDING,
    &secret::SECRET,
    &service::SERVICE,
    &service_account::SERVICE_ACCOUNT,
    &token::TOKEN,
];

const FLAGS: &[Flag] = &[
    Flag::switch("edit", "Edit the object before it is made."),
    Flag::text("raw", "Send the file to this address as it is."),
    Flag::switch("windows-line-endings", "Only with --edit: end lines as Windows does."),
];

/// `kubectl create -f FILENAME`
pub static CREATE: Command = Command {
    name: "create",
    usage: "create -f FILENAME",
    short: "Create a resource from a file or from stdin",
    examples: "# What a file says\nkubectl create -f ./pod.json",
    flags: &[
        groups::PRINT,
        groups::SAVE_CONFIG,
        groups::VALIDATE,
        groups::DRY_RUN,
        COMMON,
        manifests::FLAGS,
        groups::SELECTOR,
        groups::RECORD,
        FLAGS,
    ],
    children: CHILDREN,
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if !parsed.args.is_empty() {
        return Err(Failure::Usage(format!("Unexpected args: [{}]", parsed.args.join(" "))));
    }
    if !manifests::given(parsed) {
        return Err(Failure::Client("must specify one of -f and -k".to_string()));
    }
    if parsed.given("raw") {
        return raw::send(cx, parsed, Verb::Create);
    }
    if parsed.on("edit") {
        return edit(cx, parsed);
    }
    let dry_run = change::DryRun::of(cx, parsed)?;
    let printer = change::Printer::new(cx, parsed, dry_run, false)?;
    let params = change::params(cx, parsed, dry_run, "kubectl-create")?;
    let mut wrong = Vec::new();
    let validate = params.field_validation != "Ignore";
    let mut count = 0;
    for manifest in manifests::read(cx, parsed, validate)? {
        count += 1;
        let manifest = match manifest {
            Ok(manifest) => manifest,
            Err(failure) => {
                wrong.push(failure);
                continue;
            }
        };
        let mut body = manifest.body;
        if parsed.on("save-config") {
            change::keep_applied(&mut body);
        }
        change::record(cx, parsed, &mut body);
        if dry_run != change::DryRun::Client {
            let mut request = Request::new(Verb::Create, &manifest.row.key(), &manifest.namespace, "").with_body(body);
            request.params = params.clone();
            match change::send_for_value(cx, request) {
                Ok(answer) => body = answer,
                Err(status) => {
                    wrong.push(change::refused(format!("error when creating \"{}\": ", manifest.source), status));
                    continue;
                }
            }
        }
        printer.print(cx, &body, "created")?;
    }
    if count == 0 {
        return Err(Failure::Client("no objects passed to create".to_string()));
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// `create --edit`: each object is shown in the editor and made when that is closed.
fn edit(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let (mut subjects, mut wrong) = (Vec::new(), Vec::new());
    for manifest in manifests::read(cx, parsed, false)? {
        match manifest {
            Ok(manifest) => subjects.push(Subject::from(manifest)),
            Err(failure) => wrong.push(failure),
        }
    }
    editor::start(cx, parsed, Mode::New, subjects, wrong)
}
