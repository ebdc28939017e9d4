//! `kubectl run`: one Pod from an image. Models kubectl `pkg/cmd/run`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::api::{Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, DRY_RUN, PRINT, SAVE_CONFIG};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};
use crate::object::resources::{PODS, SERVICES};
use crate::object::value;

const FLAGS: &[Flag] = &[
    groups::field_manager("kubectl-run"),
    Flag::text("annotations", "Annotations of the Pod: a=b.").kind(FlagKind::Array, "[]"),
    Flag::switch("attach", "Attach to the Pod once it runs."),
    Flag::text("cascade", "What becomes of dependents with --rm.").default("background").bare("background"),
    Flag::switch("command", "What follows is the command, not its arguments."),
    Flag::text("env", "Environment variables: a=b.").kind(FlagKind::Array, "[]"),
    Flag::switch("expose", "Make a ClusterIP Service for the Pod as well."),
    Flag::text("grace-period", "Seconds of grace with --rm.").kind(FlagKind::Int, "-1"),
    Flag::text("image", "The image to run."),
    Flag::text("image-pull-policy", "When to pull the image."),
    Flag::text("labels", "Labels of the Pod: a=b,c=d.").short('l'),
    Flag::switch("leave-stdin-open", "Keep standard input open after the first attach."),
    Flag::text("override-type", "How --overrides is merged: json, merge or strategic.").default("merge"),
    Flag::text("overrides", "JSON that overrides parts of the made object."),
    Flag::text("pod-running-timeout", "How long to wait for the Pod.").kind(FlagKind::Duration, "1m0s"),
    Flag::text("port", "The port that the container listens on."),
    Flag::switch("privileged", "Run the container privileged."),
    Flag::switch("quiet", "Print less.").short('q'),
    Flag::text("restart", "The Pod's restart policy: Always, OnFailure, Never.").default("Always"),
    Flag::switch("rm", "Delete the Pod when it has ended."),
    Flag::switch("stdin", "Keep standard input open.").short('i'),
    Flag::switch("tty", "Give the container a terminal.").short('t'),
    Flag::switch("wait", "Wait for deletions."),
];

/// `kubectl run NAME --image=image`
pub static RUN: Command = Command {
    name: "run",
    usage: "run NAME --image=image [--env=\"key=value\"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]",
    short: "Run a particular image on the cluster",
    examples: "# One Pod with nginx\nkubectl run nginx --image=nginx",
    flags: &[PRINT, SAVE_CONFIG, DRY_RUN, groups::RECORD, FLAGS],
    required: &["image"],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let names = parsed.dash_at.unwrap_or(parsed.args.len());
    let Some(name) = parsed.args.first().filter(|_| names > 0) else {
        return Err(Failure::Usage("NAME is required for run".to_string()));
    };
    let image = parsed.text("image");
    if image.is_empty() {
        return Err(Failure::Client("--image is required".to_string()));
    }
    if image.ends_with(':') || image.contains(char::is_whitespace) || image.chars().any(|c| c.is_ascii_uppercase() && !image.contains(':'))
    {
        return Err(Failure::Client(format!("Invalid image name {}: invalid reference format", crate::text::quote::quote(image))));
    }
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, true)?;
    let mut pod = pod(parsed, name, image)?;
    if cx.globals.namespace_given {
        value::set(&mut pod, "metadata/namespace", cx.globals.namespace.as_str());
    }
    if !parsed.text("overrides").is_empty() {
        let patch = crate::text::json::parse(parsed.text("overrides")).map_err(|_| Failure::Client("Invalid JSON Patch".to_string()))?;
        crate::object::patch::json::merge(&mut pod, &patch);
    }
    let labels = value::at(&pod, "metadata/labels").cloned().unwrap_or_default();
    send(cx, parsed, dry_run, &printer, PODS, pod)?;
    if parsed.on("expose") {
        let port = parsed.text("port");
        let Ok(number) = port.parse::<i64>() else {
            return Err(Failure::Client("--port must be set when exposing a service".to_string()));
        };
        let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {"ports": [{"port": number, "protocol": "TCP", "targetPort": number}], "selector": labels}, "status": {"loadBalancer": {}}});
        send(cx, parsed, dry_run, &printer, SERVICES, service)?;
    }
    Ok(Flow::Done(0))
}

fn send(cx: &mut Cx<'_>, parsed: &Parsed, dry_run: DryRun, printer: &Printer, resource: &str, mut body: Value) -> Result<(), Failure> {
    change::record(cx, parsed, &mut body);
    if dry_run != DryRun::Client {
        let namespace = cx.globals.namespace.clone();
        let mut request = Request::new(Verb::Create, resource, &namespace, "").with_body(body);
        request.params = change::params(cx, parsed, dry_run, "kubectl-run")?;
        body = change::send_for_value(cx, request)?;
    }
    printer.print(cx, &body, "created")
}

fn pod(parsed: &Parsed, name: &str, image: &str) -> Result<Value, Failure> {
    let restart = parsed.text("restart");
    if !matches!(restart, "Always" | "OnFailure" | "Never") {
        return Err(Failure::Usage(format!("invalid restart policy: {restart}")));
    }
    let mut container = json!({"name": name, "image": image, "resources": {}});
    let mut env: Vec<Value> = Vec::new();
    for pair in parsed.all("env") {
        let Some((key, text)) = pair.split_once('=').filter(|(k, _)| !k.is_empty()) else {
            return Err(Failure::Client(format!("invalid env: {pair}")));
        };
        env.push(json!({"name": key, "value": text}));
    }
    let rest: Vec<Value> = parsed.args.iter().skip(1).map(|a| a.as_str().into()).collect();
    for (key, list) in [("env", env), (if parsed.on("command") { "command" } else { "args" }, rest)] {
        if !list.is_empty() {
            value::set(&mut container, key, list);
        }
    }
    let port = parsed.text("port");
    if !port.is_empty() {
        let number: i64 = port
            .parse()
            .map_err(|_| Failure::Client(format!("strconv.Atoi: parsing {}: invalid syntax", crate::text::quote::quote(port))))?;
        value::set(&mut container, "ports", json!([{"containerPort": number}]));
    }
    if !parsed.text("image-pull-policy").is_empty() {
        value::set(&mut container, "imagePullPolicy", parsed.text("image-pull-policy"));
    }
    for flag in ["stdin", "tty"] {
        if parsed.on(flag) {
            value::set(&mut container, flag, true);
        }
    }
    if parsed.on("stdin") && !parsed.on("leave-stdin-open") {
        value::set(&mut container, "stdinOnce", true);
    }
    if parsed.on("privileged") {
        value::set(&mut container, "securityContext", json!({"privileged": true}));
    }
    let mut labels = json!({"run": name});
    if !parsed.text("labels").is_empty() {
        labels = pairs(parsed.text("labels").split(','), "label")?;
    }
    let mut body = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels},
        "spec": {"containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": restart}, "status": {}});
    if !parsed.all("annotations").is_empty() {
        value::set(&mut body, "metadata/annotations", pairs(parsed.all("annotations").iter().map(String::as_str), "annotation")?);
    }
    Ok(body)
}

fn pairs<'a>(list: impl Iterator<Item = &'a str>, what: &str) -> Result<Value, Failure> {
    let mut map = serde_json::Map::new();
    for pair in list {
        let Some((k, v)) = pair.split_once('=') else {
            return Err(Failure::Client(format!("unexpected {what} spec: {pair}")));
        };
        map.insert(k.to_string(), v.into());
    }
    Ok(Value::Object(map))
}
