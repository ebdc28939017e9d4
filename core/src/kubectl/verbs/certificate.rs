//! `kubectl certificate`: approves and denies requests for certificates. Models kubectl `pkg/cmd/certificates`.
//!
//! ```text
//! $ kubectl certificate approve
//! error: one or more CSRs must be specified as <name> or -f <filename>
//! $ kubectl certificate deny nope
//! Error from server (NotFound): certificatesigningrequests.certificates.k8s.io "nope" not found
//! ```

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::api::{Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::PRINT;
use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, manifests};
use crate::object::value::{self, text_at};

const FLAGS: &[Flag] = &[Flag::switch("force", "Do it again even if it has been done.")];

/// `kubectl certificate SUBCOMMAND`
pub static CERTIFICATE: Command = Command {
    name: "certificate",
    usage: "certificate SUBCOMMAND",
    short: "Modify certificate resources",
    children: &[
        &Command {
            name: "approve",
            usage: "certificate approve (-f FILENAME | NAME)",
            short: "Approve a certificate signing request",
            examples: "# Let a request pass\nkubectl certificate approve csr-sqgzp",
            flags: &[PRINT, manifests::FLAGS, FLAGS],
            run: Some(|cx, parsed| run(cx, parsed, "Approved")),
            ..Command::EMPTY
        },
        &Command {
            name: "deny",
            usage: "certificate deny (-f FILENAME | NAME)",
            short: "Deny a certificate signing request",
            examples: "# Turn a request down\nkubectl certificate deny csr-sqgzp",
            flags: &[PRINT, manifests::FLAGS, FLAGS],
            run: Some(|cx, parsed| run(cx, parsed, "Denied")),
            ..Command::EMPTY
        },
    ],
    run: Some(super::help::print),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed, kind: &str) -> Result<Flow, Failure> {
    if parsed.args.is_empty() && !manifests::given(parsed) {
        return Err(Failure::Client("one or more CSRs must be specified as <name> or -f <filename>".to_string()));
    }
    let printer = Printer::new(cx, parsed, DryRun::None, true)?;
    let mut args: Vec<String> = parsed.args.clone();
    if !args.is_empty() {
        args.insert(0, "certificatesigningrequests".to_string());
    }
    let mut wrong = Vec::new();
    let found = resources::find(cx, parsed, &Ask { latest: true, ..Ask::of(parsed).with_args(&args) })?;
    if found.is_empty() {
        cx.err("No resources found\n");
    }
    for item in found {
        wrong.extend(item.and_then(|item| one(cx, parsed, &item, kind, &printer)).err());
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

fn one(cx: &mut Cx<'_>, parsed: &Parsed, item: &Item, kind: &str, printer: &Printer) -> Result<(), Failure> {
    let mut body = item.object.to_value();
    let mut conditions: Vec<Value> = item.object.items_at("/status/conditions").to_vec();
    let has = |kind: &str| conditions.iter().any(|c| text_at(c, "type") == kind);
    let other = if kind == "Approved" { "Denied" } else { "Approved" };
    if has(other) {
        let text = ["certificate signing request \"", item.object.name(), "\" is already ", other].concat();
        return Err(Failure::Client(text));
    }
    let word = kind.to_lowercase();
    if has(kind) && !parsed.on("force") {
        return printer.print(cx, &body, &word);
    }
    let verb = if kind == "Approved" { "approve" } else { "deny" };
    let now = cx.api().timestamp();
    let message = ["This CSR was ", &word, " by kubectl certificate ", verb, "."].concat();
    conditions.retain(|c| text_at(c, "type") != kind);
    conditions.push(json!({
        "type": kind, "status": "True", "reason": if kind == "Approved" { "KubectlApprove" } else { "KubectlDeny" },
        "message": message,
        "lastUpdateTime": now, "lastTransitionTime": now,
    }));
    value::set(&mut body, "status/conditions", conditions);
    let mut request = Request::new(Verb::Update, &item.row.key(), "", item.object.name()).with_subresource("approval").with_body(body);
    request.params = cx.params("kubectl-certificate");
    let shown = change::send_for_value(cx, request)?;
    printer.print(cx, &shown, &word)
}
