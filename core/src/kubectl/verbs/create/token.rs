//! `kubectl create token`. Models kubectl `pkg/cmd/create/create_token.go`.

use alloc::string::{String, ToString};
use serde_json::json;

use super::generate;
use crate::api::{Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::PRINT;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes};
use crate::object::resources::SERVICE_ACCOUNTS;
use crate::object::value;

const FLAGS: &[Flag] = &[
    Flag::text("audience", "Whom the token is for.").kind(FlagKind::Array, "[]"),
    Flag::text("bound-object-kind", "The kind of the object that the token lives as long as: Node, Pod, Secret."),
    Flag::text("bound-object-name", "The name of that object."),
    Flag::text("bound-object-uid", "The UID of that object."),
    Flag::text("duration", "How long the token shall be good.").kind(FlagKind::Duration, "0s"),
];

/// `kubectl create token SERVICE_ACCOUNT_NAME`
pub static TOKEN: Command = Command {
    name: "token",
    takes: Takes::Name("serviceaccounts"),
    usage: "create token SERVICE_ACCOUNT_NAME",
    short: "Request a service account token",
    examples: "# A token for the service account myapp\nkubectl create token myapp",
    flags: &[PRINT, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let name = generate::name(parsed)?;
    let printer = Printer::new(cx, parsed, DryRun::None, true)?;
    let fail = |text: &str| Err(Failure::Client(text.to_string()));
    let duration_ms = parsed.duration_ms("duration");
    if duration_ms < 0 {
        return fail("--duration must be greater than or equal to 0");
    }
    if duration_ms % 1000 != 0 {
        return fail("--duration cannot be expressed in units less than seconds");
    }
    let (kind, bound) = (parsed.text("bound-object-kind"), parsed.text("bound-object-name"));
    if kind.is_empty() && !bound.is_empty() {
        return fail("--bound-object-name can only be set if --bound-object-kind is provided");
    }
    if kind.is_empty() && !parsed.text("bound-object-uid").is_empty() {
        return fail("--bound-object-uid can only be set if --bound-object-kind is provided");
    }
    if !matches!(kind, "" | "Node" | "Pod" | "Secret") {
        return fail("supported --bound-object-kind values are Node, Pod, Secret");
    }
    if !kind.is_empty() && bound.is_empty() {
        return fail("--bound-object-name is required if --bound-object-kind is provided");
    }
    let mut body = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "metadata": {}, "spec": {}});
    if !parsed.all("audience").is_empty() {
        value::set(&mut body, "spec/audiences", parsed.all("audience").to_vec());
    }
    if duration_ms > 0 {
        value::set(&mut body, "spec/expirationSeconds", duration_ms / 1000);
    }
    if !kind.is_empty() {
        let object = json!({"apiVersion": "v1", "kind": kind, "name": bound, "uid": parsed.text("bound-object-uid")});
        value::set(&mut body, "spec/boundObjectRef", object);
    }
    let namespace = cx.globals.namespace.clone();
    let request = Request::new(Verb::Create, SERVICE_ACCOUNTS, &namespace, name).with_subresource("token").with_body(body);
    let failed = |text: &str| Failure::Client(["failed to create token: ", text].concat());
    let mut answer = change::send_for_value(cx, request).map_err(|status| failed(&status.message))?;
    let token: String = value::text_at(&answer, "status/token").to_string();
    if token.is_empty() {
        return Err(failed("no token in server response"));
    }
    if printer.has_format() {
        value::set_default(&mut answer, "spec/boundObjectRef", serde_json::Value::Null);
        printer.print(cx, &answer, "")?;
    } else {
        cx.out(&token);
        if cx.terminal {
            cx.out("\n");
        }
    }
    Ok(Flow::Done(0))
}
