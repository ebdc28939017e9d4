//! `kubectl run`: one Pod from an image. Models kubectl `pkg/cmd/run`.
//!
//! ```text
//! $ kubectl run web --image=nginx --port=80 --expose
//! service/web created
//! pod/web created
//! $ kubectl run web --image=nginx --rm
//! error: --rm should only be used for attached containers
//! See 'kubectl run -h' for help and examples
//! $ kubectl run
//! error: required flag(s) "image" not set
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::attach::{After, Session};
use crate::api::{Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, DRY_RUN, PRINT, SAVE_CONFIG};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, overrides};
use crate::object::resources::{PODS, SERVICES};
use crate::object::value;

const FLAGS: &[Flag] = &[
    groups::field_manager("kubectl-run"),
    Flag::text("annotations", "Annotations of the Pod: a=b.").kind(FlagKind::Array, "[]"),
    Flag::switch("attach", "Attach to the Pod once it runs."),
    Flag::text("cascade", "What becomes of dependents with --rm.").default("background").bare("background"),
    Flag::switch("command", "What follows is the command, not its arguments."),
    Flag::text("detach-keys", "The keys that leave the container alone.").default("ctrl-p,ctrl-q"),
    Flag::text("env", "Environment variables: a=b.").kind(FlagKind::Array, "[]"),
    Flag::switch("expose", "Make a ClusterIP Service for the Pod as well."),
    Flag::text("filename", "Not used.").short('f').kind(FlagKind::Slice, "[]"),
    Flag::switch("force", "Not used."),
    Flag::text("grace-period", "Seconds of grace with --rm.").kind(FlagKind::Int, "-1"),
    Flag::text("image", "The image to run."),
    Flag::text("image-pull-policy", "When to pull the image."),
    Flag::text("kustomize", "Not used.").short('k'),
    Flag::text("labels", "Labels of the Pod: a=b,c=d.").short('l'),
    Flag::switch("leave-stdin-open", "Keep standard input open after the first attach."),
    Flag::text("override-type", "How --overrides is merged: json, merge or strategic.").default("merge"),
    Flag::text("overrides", "JSON that overrides parts of the made object."),
    Flag::text("pod-running-timeout", "How long to wait for the Pod.").kind(FlagKind::Duration, "1m0s"),
    Flag::text("port", "The port that the container listens on."),
    Flag::switch("privileged", "Run the container privileged."),
    Flag::switch("quiet", "Print less.").short('q'),
    Flag::switch("recursive", "Not used.").short('R'),
    Flag::text("restart", "The Pod's restart policy: Always, OnFailure, Never.").default("Always"),
    Flag::switch("rm", "Delete the Pod when it has ended."),
    Flag::switch("stdin", "Keep standard input open.").short('i'),
    Flag::text("timeout", "Not used.").kind(FlagKind::Duration, "0s"),
    Flag::switch("tty", "Give the container a terminal.").short('t'),
    Flag::switch("wait", "Not used."),
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

/// What is wrong with the flags. Models RunOptions.Run.
fn check(parsed: &Parsed, attach: bool, dry_run: DryRun) -> Result<&String, Failure> {
    let usage = |text: &str| Err(Failure::Usage(text.to_string()));
    let names = parsed.dash_at.unwrap_or(parsed.args.len());
    let Some(name) = parsed.args.first().filter(|_| names > 0) else { return usage("NAME is required for run") };
    let image = parsed.text("image");
    if image.is_empty() {
        return Err(Failure::Client("--image is required".to_string()));
    }
    if !is_reference(image) {
        return Err(Failure::Client(format!("Invalid image name {}: invalid reference format", crate::text::quote::quote(image))));
    }
    if parsed.on("tty") && !parsed.on("stdin") {
        return usage("-i/--stdin is required for containers with -t/--tty=true");
    }
    if parsed.on("expose") && parsed.text("port").is_empty() {
        return usage("--port must be set when exposing a service");
    }
    if !matches!(parsed.text("restart"), "" | "Always" | "OnFailure" | "Never") {
        return usage(&["invalid restart policy: ", parsed.text("restart")].concat());
    }
    if parsed.on("rm") && !attach {
        return usage("--rm should only be used for attached containers");
    }
    if attach && dry_run != DryRun::None {
        return usage("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)");
    }
    if !matches!(parsed.text("image-pull-policy"), "" | "Always" | "IfNotPresent" | "Never") {
        return usage(&["invalid image pull policy: ", parsed.text("image-pull-policy")].concat());
    }
    Ok(name)
}

/// Whether a variable may be named so. Models apimachinery IsEnvVarName.
fn is_variable(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    !name.is_empty() && name.chars().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit()) && name != "." && !name.starts_with("..")
}

/// Whether a text names an image: host and path in small letters, a tag after a colon, a digest after an at sign.
/// Models distribution `reference.ReferenceRegexp`.
pub(super) fn is_reference(image: &str) -> bool {
    let (rest, digest) = image.split_once('@').map_or((image, None), |(rest, digest)| (rest, Some(digest)));
    let digest_fits = |d: &str| {
        d.split_once(':').is_some_and(|(name, hex)| !name.is_empty() && hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    if digest.is_some_and(|digest| !digest_fits(digest)) {
        return false;
    }
    let tag_at = rest.rfind(':').filter(|at| !rest.get(*at..).unwrap_or_default().contains('/'));
    let (name, tag) = tag_at.and_then(|at| rest.split_at_checked(at)).map_or((rest, None), |(name, tag)| (name, tag.get(1..)));
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if tag
        .is_some_and(|tag| tag.is_empty() || tag.len() > 128 || !tag.starts_with(word) || !tag.chars().all(|c| word(c) || ".-".contains(c)))
    {
        return false;
    }
    let mut parts = name.split('/').peekable();
    let host = name.contains('/')
        && parts
            .peek()
            .is_some_and(|first| first.contains(['.', ':']) || *first == "localhost" || first.chars().any(|c| c.is_ascii_uppercase()));
    if host {
        let first = parts.next().unwrap_or_default();
        if !first.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c)) {
            return false;
        }
    }
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    parts.all(|part| part.starts_with(small) && part.ends_with(small) && part.chars().all(|c| small(c) || "._-".contains(c)))
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let attach = parsed.on("attach") || parsed.on("stdin") && !parsed.given("attach");
    let printer = Printer::new(cx, parsed, dry_run, true)?;
    if attach && parsed.duration_ms("pod-running-timeout") <= 0 {
        return Err(Failure::Usage("--pod-running-timeout must be higher than zero".to_string()));
    }
    super::delete::cascade(cx, parsed)?;
    let name = check(parsed, attach, dry_run)?;
    let mut pod = pod(parsed, name, parsed.text("image"))?;
    if cx.globals.namespace_given {
        value::set(&mut pod, "metadata/namespace", cx.globals.namespace.as_str());
    }
    overrides::apply(parsed, "Pod", &mut pod)?;
    let labels = value::at(&pod, "metadata/labels").cloned().unwrap_or_default();
    let made = send(cx, parsed, dry_run, PODS, pod)?;
    let mut wrong = Vec::new();
    if parsed.on("expose") {
        wrong.extend(expose(cx, parsed, dry_run, &printer, (name, labels)).err());
    }
    if attach {
        let object = cx.api().find(PODS, value::text_at(&made, "metadata/namespace"), value::text_at(&made, "metadata/name")).cloned();
        let Some(object) = object else { return Ok(Flow::Done(1)) };
        let mut session = Session::new(cx, parsed, &object, value::text_at(&made, "spec/containers/0/name"));
        session.remove = parsed.on("rm");
        session.until = u64::try_from(parsed.duration_ms("pod-running-timeout")).ok().map(|ms| cx.now() + ms);
        if !parsed.on("leave-stdin-open") && matches!(value::text_at(&made, "spec/restartPolicy"), "Never" | "OnFailure") {
            session.after = After::Code;
        }
        return Ok(session.go_on(cx));
    }
    printer.print(cx, &made, "created")?;
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// Makes the Service of `--expose` and prints it.
fn expose(cx: &mut Cx<'_>, parsed: &Parsed, dry_run: DryRun, printer: &Printer, of: (&str, Value)) -> Result<(), Failure> {
    let (name, labels) = of;
    let number: i64 = port(parsed.text("port"))?;
    let spec = json!({"ports": [{"port": number, "protocol": "TCP", "targetPort": number}], "selector": labels});
    let mut service =
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec, "status": {"loadBalancer": {}}});
    if cx.globals.namespace_given {
        value::set(&mut service, "metadata/namespace", cx.globals.namespace.as_str());
    }
    let made = send(cx, parsed, dry_run, SERVICES, service)?;
    printer.print(cx, &made, "created")?;
    if parsed.text("output") == "yaml" {
        // What follows begins with such a line of its own.
        cx.out("---\n");
    }
    Ok(())
}

/// The number of a port.
fn port(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::Client(format!("strconv.Atoi: parsing {}: invalid syntax", crate::text::quote::quote(text))))
}

fn send(cx: &mut Cx<'_>, parsed: &Parsed, dry_run: DryRun, resource: &str, mut body: Value) -> Result<Value, Failure> {
    change::record(cx, parsed, &mut body);
    if dry_run != DryRun::Client {
        let namespace = cx.globals.namespace.clone();
        let mut request = Request::new(Verb::Create, resource, &namespace, "").with_body(body);
        request.params = change::params(cx, parsed, dry_run, "kubectl-run")?;
        body = change::send_for_value(cx, request)?;
    }
    Ok(body)
}

fn pod(parsed: &Parsed, name: &str, image: &str) -> Result<Value, Failure> {
    let restart = match parsed.text("restart") {
        "" if parsed.on("stdin") => "OnFailure",
        "" => "Always",
        given => given,
    };
    let mut container = json!({"name": name, "image": image, "resources": {}});
    let mut env: Vec<Value> = Vec::new();
    // One that is empty is none: pflag writes the list as text and reads it again.
    let pairs = if parsed.all("env").iter().all(String::is_empty) && parsed.all("env").len() == 1 { &[] } else { parsed.all("env") };
    for pair in pairs {
        let Some((key, text)) = pair.split_once('=').filter(|(k, _)| is_variable(k)) else {
            return Err(Failure::Client(format!("invalid env: {pair}")));
        };
        env.push(if text.is_empty() { json!({"name": key}) } else { json!({"name": key, "value": text}) });
    }
    let rest: Vec<Value> = parsed.args.iter().skip(1).map(|a| a.as_str().into()).collect();
    for (key, list) in [("env", env), (if parsed.on("command") { "command" } else { "args" }, rest)] {
        if !list.is_empty() {
            value::set(&mut container, key, list);
        }
    }
    if !parsed.text("port").is_empty() {
        let number = port(parsed.text("port"))?;
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
        labels = labels_of(parsed.text("labels"))?;
    }
    let mut body = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels},
        "spec": {"containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": restart}, "status": {}});
    if !parsed.all("annotations").is_empty() {
        value::set(&mut body, "metadata/annotations", annotations_of(parsed.all("annotations"))?);
    }
    Ok(body)
}

/// The map of `--labels`. Models kubectl `pkg/generate` ParseLabels.
fn labels_of(text: &str) -> Result<Value, Failure> {
    let mut map = serde_json::Map::new();
    for pair in text.split(',') {
        match pair.split_once('=') {
            Some((_, v)) if v.contains('=') => return Err(Failure::Client(format!("unexpected label spec: {pair}"))),
            Some(("", _)) => return Err(Failure::Client("unexpected empty label key".to_string())),
            Some((k, v)) => map.insert(k.to_string(), v.into()),
            None => return Err(Failure::Client(format!("unexpected label spec: {pair}"))),
        };
    }
    Ok(Value::Object(map))
}

/// The map of `--annotations`.
fn annotations_of(list: &[String]) -> Result<Value, Failure> {
    let mut map = serde_json::Map::new();
    for pair in list {
        let Some((k, v)) = pair.split_once('=').filter(|(k, _)| !k.is_empty()) else {
            return Err(Failure::Client(format!("invalid annotations format: {pair}")));
        };
        map.insert(k.to_string(), v.into());
    }
    Ok(Value::Object(map))
}
