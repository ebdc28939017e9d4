//! `kubectl debug`: a container more in a Pod, a changed copy of a Pod, or a Pod in the namespaces of a node.
//! Models kubectl `pkg/cmd/debug`.
//!
//! ```text
//! $ kubectl debug
//! error: you must specify --image when not using --copy-to.
//! $ kubectl run web --image=nginx
//! pod/web created
//! $ kubectl debug web --copy-to=web-debug --set-image=*=httpd
//! $ kubectl get pod web-debug -o jsonpath={.spec.containers[0].image}
//! httpd
//! $ kubectl debug node/w1-k8s --image=busybox --quiet
//! $ kubectl get pods -o jsonpath='{.items[0].spec.nodeName} {.items[0].spec.hostPID}'
//! w1-k8s true
//! ```

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::attach::Session;
use super::debug_custom;
use super::run::is_reference;
use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change;
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes};
use crate::object::Object;
use crate::object::resources::PODS;
use crate::object::value::{self, items_at, text_at};
use crate::text::quote::quote;

const FLAGS: &[Flag] = &[
    Flag::switch("arguments-only", "What follows -- are arguments, not the command."),
    Flag::switch("attach", "Attach to the container once it runs."),
    Flag::text("container", "The name of the container to debug with.").short('c'),
    Flag::text("copy-to", "Make a copy of the Pod with this name."),
    Flag::text("custom", "A file with parts of a container that go into the profile."),
    Flag::text("env", "Environment variables: a=b.").kind(FlagKind::Pairs, "[]"),
    Flag::text("filename", "The file that names the object.").short('f').kind(FlagKind::Slice, "[]"),
    Flag::text("image", "The image to debug with."),
    Flag::text("image-pull-policy", "When to pull the image."),
    Flag::switch("keep-annotations", "A copy keeps the annotations."),
    Flag::switch("keep-init-containers", "A copy keeps the init containers.").default("true"),
    Flag::switch("keep-labels", "A copy keeps the labels."),
    Flag::switch("keep-liveness", "A copy keeps the liveness probes."),
    Flag::switch("keep-readiness", "A copy keeps the readiness probes."),
    Flag::switch("keep-startup", "A copy keeps the startup probes."),
    Flag::text("profile", "What the container may do: legacy, general, baseline, netadmin, restricted or sysadmin.").default("general"),
    Flag::switch("quiet", "Print less.").short('q'),
    Flag::switch("replace", "Delete the Pod that was copied."),
    Flag::switch("same-node", "A copy goes to the same node."),
    Flag::text("set-image", "Images of a copy: container=image.").kind(FlagKind::Pairs, "[]"),
    Flag::switch("share-processes", "The containers of a copy see each other's processes.").default("true"),
    Flag::switch("stdin", "Keep standard input open.").short('i'),
    Flag::text("target", "See the processes of this container."),
    Flag::switch("tty", "Give the container a terminal.").short('t'),
];

/// `kubectl debug (POD | TYPE/NAME) [ -- COMMAND [args…] ]`
pub static DEBUG: Command = Command {
    name: "debug",
    takes: Takes::Objects(&[]),
    usage: "debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]",
    short: "Create debugging sessions for troubleshooting workloads and nodes",
    examples: "# A shell beside a Pod's containers\nkubectl debug mypod -it --image=busybox",
    flags: &[FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn fail<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Client(text.into()))
}

/// The arguments: what is debugged, and the command after `--`.
fn split(parsed: &Parsed) -> (&[String], &[String]) {
    parsed.dash_at.and_then(|at| parsed.args.split_at_checked(at)).unwrap_or((&parsed.args, &[]))
}

/// What is wrong with the flags. Models DebugOptions.Validate.
fn check(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<(), Failure> {
    let (names, args) = split(parsed);
    let text = |flag: &str| parsed.text(flag);
    let (image, container) = (text("image"), text("container"));
    let images = parsed.all("set-image");
    if !matches!(text("profile"), "legacy" | "general" | "baseline" | "netadmin" | "restricted" | "sysadmin") {
        return fail(format!("unknown profile: {}", text("profile")));
    }
    if parsed.on("attach") && image.is_empty() && container.is_empty() {
        return fail("you must specify --container or create a new container using --image in order to attach.");
    }
    if text("copy-to").is_empty() {
        for flag in ["replace", "same-node"] {
            if parsed.on(flag) {
                return fail(format!("--{flag} may only be used with --copy-to."));
            }
        }
        if !images.is_empty() {
            return fail("--set-image may only be used with --copy-to.");
        }
        if image.is_empty() {
            return fail("you must specify --image when not using --copy-to.");
        }
    } else if image.is_empty() && images.is_empty() && args.is_empty() {
        return fail("you must specify --image, --set-image or command arguments.");
    } else if !args.is_empty() && container.is_empty() && image.is_empty() {
        return fail("you must specify an existing container or a new image when specifying args.");
    }
    if !image.is_empty() && !is_reference(image) {
        return fail(format!("invalid image name {}: invalid reference format", quote(image)));
    }
    if names.is_empty() && parsed.all("filename").is_empty() {
        return fail("NAME or filename is required for debug");
    }
    if !matches!(text("image-pull-policy"), "" | "Always" | "IfNotPresent" | "Never") {
        return fail(format!("invalid image pull policy: {}", text("image-pull-policy")));
    }
    for pair in images {
        let (name, image) = pair.split_once('=').unwrap_or((pair, ""));
        if !is_reference(image) {
            return fail(format!("invalid image name {} for container {}: invalid reference format", quote(image), quote(name)));
        }
    }
    if !text("target").is_empty() {
        if !text("copy-to").is_empty() {
            return fail("--target is incompatible with --copy-to. Use --share-processes instead.");
        }
        if !parsed.on("quiet") {
            let target = quote(text("target"));
            cx.out(&format!("Targeting container {target}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n"));
        }
    }
    if parsed.on("tty") && !parsed.on("stdin") {
        return fail("-i/--stdin is required for containers with -t/--tty=true");
    }
    if text("profile") == "legacy" {
        cx.err("--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example \"--profile=general\".\n");
    }
    Ok(())
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let custom = debug_custom::read(cx, parsed)?;
    check(cx, parsed)?;
    debug_custom::check(custom.as_ref())?;
    let (names, _) = split(parsed);
    let args: Vec<String> = names.iter().map(|n| if n.contains('/') { n.clone() } else { ["pods/", n].concat() }).collect();
    let items = resources::find(cx, parsed, &Ask { args, latest: true, ..Ask::default() })?;
    let attach = parsed.on("attach") || parsed.on("stdin") && !parsed.given("attach");
    for item in items {
        let item = item?;
        let (made, container) = match &*item.row.kind {
            "Node" => node(cx, parsed, item.object.name())?,
            "Pod" if !parsed.text("copy-to").is_empty() => copy(cx, parsed, &item.object)?,
            "Pod" => beside(cx, parsed, &item.object)?,
            kind => {
                return fail(format!("\"{}/{}, Kind={kind}\" not supported by debug", item.row.group, item.row.version));
            }
        };
        let (namespace, name) = (text_at(&made, "metadata/namespace"), text_at(&made, "metadata/name"));
        let object: Option<Rc<Object>> = cx.api().find(PODS, namespace, name).cloned();
        if let Some(object) = object.filter(|_| attach && !container.is_empty()) {
            let mut session = Session::new(cx, parsed, &object, &container);
            return Ok(session.go_on(cx));
        }
    }
    Ok(Flow::Done(0))
}

/// The container that debugs, before its profile.
fn container(parsed: &Parsed, name: &str) -> Value {
    let mut container = json!({"name": name, "image": parsed.text("image"), "terminationMessagePolicy": "File"});
    let (_, args) = split(parsed);
    if !args.is_empty() {
        value::set(&mut container, if parsed.on("arguments-only") { "args" } else { "command" }, args.to_vec());
    }
    if !parsed.text("image-pull-policy").is_empty() {
        value::set(&mut container, "imagePullPolicy", parsed.text("image-pull-policy"));
    }
    let env: Vec<Value> = parsed.all("env").iter().filter_map(|p| p.split_once('=')).map(|(k, v)| json!({"name": k, "value": v})).collect();
    if !env.is_empty() {
        value::set(&mut container, "env", env);
    }
    for flag in ["stdin", "tty"] {
        if parsed.on(flag) {
            value::set(&mut container, flag, true);
        }
    }
    container
}

/// What a profile lets the container of a Pod do.
fn profile(parsed: &Parsed, container: &mut Value) {
    let context = match parsed.text("profile") {
        "general" => json!({"capabilities": {"add": ["SYS_PTRACE"]}}),
        "netadmin" => json!({"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}}),
        "sysadmin" => json!({"privileged": true}),
        "restricted" => json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": true,
            "seccompProfile": {"type": "RuntimeDefault"}}),
        _ => return,
    };
    value::set(container, "securityContext", context);
}

/// The name of the container: that of `-c`, or one that no other container has.
fn name_of(cx: &mut Cx<'_>, parsed: &Parsed) -> String {
    if !parsed.text("container").is_empty() {
        return parsed.text("container").to_string();
    }
    let name = ["debugger-", &cx.server.api().random_suffix()].concat();
    if !parsed.on("quiet") {
        cx.out(&format!("Defaulting debug container name to {name}.\n"));
    }
    name
}

/// An ephemeral container in the Pod itself.
fn beside(cx: &mut Cx<'_>, parsed: &Parsed, pod: &Object) -> Result<(Value, String), Failure> {
    let name = name_of(cx, parsed);
    let mut container = container(parsed, &name);
    profile(parsed, &mut container);
    debug_custom::apply(cx, parsed, &mut container)?;
    if !parsed.text("target").is_empty() {
        value::set(&mut container, "targetContainerName", parsed.text("target"));
    }
    let before = pod.items_at("/spec/ephemeralContainers").iter().map(|c| text_at(c, "name"));
    let order: Vec<Value> = before.filter(|n| *n != name).chain([name.as_str()]).map(|name| json!({"name": name})).collect();
    let body = json!({"spec": {"$setElementOrder/ephemeralContainers": order, "ephemeralContainers": [container]}});
    let mut request = Request::new(Verb::Patch(PatchType::Strategic), PODS, pod.namespace(), pod.name())
        .with_subresource("ephemeralcontainers")
        .with_body(body);
    request.params = cx.params("kubectl-debug");
    Ok((change::send_for_value(cx, request)?, name))
}

/// A copy of the Pod with a container more or with changes.
fn copy(cx: &mut Cx<'_>, parsed: &Parsed, pod: &Object) -> Result<(Value, String), Failure> {
    let mut spec = pod.at("/spec").cloned().unwrap_or_default();
    value::remove(&mut spec, "ephemeralContainers");
    if parsed.given("share-processes") {
        value::set(&mut spec, "shareProcessNamespace", parsed.on("share-processes"));
    }
    if !parsed.on("same-node") {
        value::remove(&mut spec, "nodeName");
    }
    let images: Vec<(&str, &str)> = parsed.all("set-image").iter().filter_map(|pair| pair.split_once('=')).collect();
    let mut containers = items_at(&spec, "containers").to_vec();
    for one in &mut containers {
        let name = text_at(one, "name").to_string();
        let image = images.iter().find(|(n, _)| *n == name).or_else(|| images.iter().find(|(n, _)| *n == "*"));
        if let Some((_, image)) = image {
            value::set(one, "image", *image);
        }
    }
    let wanted = parsed.text("container");
    let known = containers.iter().any(|one| text_at(one, "name") == wanted);
    let mut name = String::new();
    if known {
        name.push_str(wanted);
        for one in containers.iter_mut().filter(|one| text_at(one, "name") == wanted) {
            changed(parsed, one);
        }
    } else if !parsed.text("image").is_empty() {
        name = name_of(cx, parsed);
        containers.push(container(parsed, &name));
    } else if images.is_empty() {
        return fail("you must specify image when creating new container");
    }
    if !name.is_empty() {
        strip(parsed, &mut spec, &mut containers);
        for one in containers.iter_mut().filter(|one| text_at(one, "name") == name) {
            profile(parsed, one);
            debug_custom::apply(cx, parsed, one)?;
        }
        if matches!(parsed.text("profile"), "general" | "baseline" | "netadmin" | "sysadmin" | "restricted")
            && !parsed.given("share-processes")
        {
            value::set(&mut spec, "shareProcessNamespace", true);
        }
    }
    value::set(&mut spec, "containers", containers);
    let mut body = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": parsed.text("copy-to"), "namespace": pod.namespace()}, "spec": spec});
    let kept = |flag: &str| name.is_empty() || parsed.on(flag);
    for (flag, field, map) in
        [("keep-labels", "metadata/labels", &pod.meta.labels), ("keep-annotations", "metadata/annotations", &pod.meta.annotations)]
    {
        if kept(flag) && !map.is_empty() {
            let map: serde_json::Map<String, Value> = map.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect();
            value::set(&mut body, field, Value::Object(map));
        }
    }
    let mut request = Request::new(Verb::Create, PODS, pod.namespace(), "").with_body(body);
    request.params = cx.params("kubectl-debug");
    let made = change::send_for_value(cx, request)?;
    if parsed.on("replace") {
        let mut request = Request::new(Verb::Delete, PODS, pod.namespace(), pod.name());
        request.params.grace_period_s = Some(0);
        cx.send(request)?;
    }
    Ok((made, name))
}

/// What the flags change in a container of a copy.
fn changed(parsed: &Parsed, one: &mut Value) {
    let new = container(parsed, text_at(one, "name"));
    for field in ["command", "args", "env", "imagePullPolicy", "stdin", "tty"] {
        if let Some(value) = new.get(field) {
            value::set(one, field, value.clone());
            if field == "command" {
                value::remove(one, "args");
            }
        }
    }
    if !parsed.text("image").is_empty() {
        value::set(one, "image", parsed.text("image"));
    }
}

/// Takes away what a copy does not keep.
fn strip(parsed: &Parsed, spec: &mut Value, containers: &mut [Value]) {
    for (flag, field) in [("keep-liveness", "livenessProbe"), ("keep-readiness", "readinessProbe"), ("keep-startup", "startupProbe")] {
        if !parsed.on(flag) {
            containers.iter_mut().for_each(|one| drop(value::remove(one, field)));
        }
    }
    if !parsed.on("keep-init-containers") {
        value::remove(spec, "initContainers");
    }
}

/// A Pod in the namespaces of a node, with the node's files at `/host`.
fn node(cx: &mut Cx<'_>, parsed: &Parsed, node: &str) -> Result<(Value, String), Failure> {
    let wanted = parsed.text("container");
    let container_name = if wanted.is_empty() { "debugger" } else { wanted };
    let name = format!("node-debugger-{node}-{}", cx.server.api().random_suffix());
    if !parsed.on("quiet") {
        cx.out(&format!("Creating debugging pod {name} with container {container_name} on node {node}.\n"));
    }
    let mut container = container(parsed, container_name);
    let mut spec = json!({"nodeName": node, "restartPolicy": "Never", "tolerations": [{"operator": "Exists"}]});
    if !matches!(parsed.text("profile"), "restricted") {
        value::set(&mut container, "volumeMounts", json!([{"mountPath": "/host", "name": "host-root"}]));
        value::set(&mut spec, "volumes", json!([{"hostPath": {"path": "/"}, "name": "host-root"}]));
    }
    if matches!(parsed.text("profile"), "legacy" | "general" | "netadmin" | "sysadmin") {
        ["hostNetwork", "hostPID", "hostIPC"].iter().for_each(|field| value::set(&mut spec, field, true));
    }
    if matches!(parsed.text("profile"), "netadmin" | "sysadmin" | "restricted") {
        profile(parsed, &mut container);
    }
    debug_custom::apply(cx, parsed, &mut container)?;
    value::set(&mut spec, "containers", json!([container]));
    let labels = json!({"app.kubernetes.io/managed-by": "kubectl-debug"});
    let body = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels}, "spec": spec});
    let namespace = cx.globals.namespace.clone();
    let mut request = Request::new(Verb::Create, PODS, &namespace, "").with_body(body);
    request.params = cx.params("kubectl-debug");
    Ok((change::send_for_value(cx, request)?, container_name.to_string()))
}
