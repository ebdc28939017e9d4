//! `kubectl exec`: which container a process runs in. Running it is the surroundings' affair.
//! Models kubectl `pkg/cmd/exec`.
//!
//! ```text
//! $ kubectl run web --image=nginx
//! pod/web created
//! $ kubectl wait --for=condition=Ready pod/web
//! pod/web condition met
//! $ kubectl exec web -- hostname
//! web
//! $ kubectl exec web hostname
//! error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead
//! See 'kubectl exec -h' for help and examples
//! ```

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::{Status, Verb};
use crate::kubectl::flow::ExecRequest;
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes};
use crate::object::Object;
use crate::object::resources::PODS;
use crate::object::selector::Selector;
use crate::object::value::{self, text_at};
use crate::text::timestamp;

const FLAGS: &[Flag] = &[
    Flag::text("container", "The container; the Pod's default one when not given.").short('c'),
    Flag::text("filename", "The file that names the object.").short('f').kind(FlagKind::Slice, "[]"),
    Flag::text("pod-running-timeout", "How long to wait for a Pod that runs.").kind(FlagKind::Duration, "1m0s"),
    Flag::switch("quiet", "Print only what the process prints.").short('q'),
    Flag::switch("stdin", "Pass standard input on.").short('i'),
    Flag::switch("tty", "Give the process a terminal.").short('t'),
];

/// `kubectl exec (POD | TYPE/NAME) [-c CONTAINER] -- COMMAND [args…]`
pub static EXEC: Command = Command {
    name: "exec",
    takes: Takes::Pod,
    usage: "exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
    short: "Execute a command in a container",
    examples: "# Ask a Pod for its name\nkubectl exec nginx-pod -- hostname",
    flags: &[FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let files = !parsed.all("filename").is_empty();
    let before = parsed.dash_at.unwrap_or(parsed.args.len());
    let (names, argv) = parsed.args.split_at_checked(before).unwrap_or_default();
    if names.is_empty() && !files {
        return Err(Failure::Client("pod, type/name or --filename must be specified".to_string()));
    }
    if parsed.dash_at.is_none() && names.len() > 1 {
        let text = "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead";
        return Err(Failure::Usage(text.to_string()));
    }
    if argv.is_empty() {
        return Err(Failure::Client("you must specify at least one command for the container".to_string()));
    }
    let (pod, _) = pod(cx, parsed, names.first())?;
    let phase = pod.text_at("/status/phase");
    if matches!(phase, "Succeeded" | "Failed") {
        return Err(Failure::Client(format!("cannot exec into a container in a completed pod; current phase is {phase}")));
    }
    let container = container(cx, parsed, &pod)?;
    cx.allowed(Verb::Create, "exec", &pod)?;
    running(&pod, &container)?;
    let tty = parsed.on("tty") && cx.terminal;
    if parsed.on("tty") && !cx.terminal {
        cx.err("Unable to use a TTY - input is not a terminal or the right kind of file\n");
    }
    Ok(Flow::Exec(ExecRequest {
        pod_uid: pod.meta.uid.to_string(),
        namespace: pod.namespace().to_string(),
        pod: pod.name().to_string(),
        container,
        argv: argv.to_vec(),
        stdin: parsed.on("stdin"),
        tty,
    }))
}

/// The Pod that is meant, or the best one of what is meant: one that runs, ready for longest. The object that was
/// named comes with it.
pub(super) fn pod(cx: &mut Cx<'_>, parsed: &Parsed, name: Option<&String>) -> Result<(Rc<Object>, Rc<Object>), Failure> {
    let args: Vec<String> = match name {
        Some(name) if !name.contains('/') => alloc::vec!["pods".to_string(), name.clone()],
        Some(name) => alloc::vec![name.clone()],
        None => Vec::new(),
    };
    let items = resources::find_all(cx, parsed, &Ask { args, latest: true, ..Ask::default() })?;
    let Some(item) = items.into_iter().next() else {
        return Err(Failure::Client("pod, type/name or --filename must be specified".to_string()));
    };
    if item.row.key() == PODS {
        return Ok((item.object.clone(), item.object));
    }
    let selector = selector_of(&item.object, "cannot attach to")?;
    let row = resources::resource(cx, "pods")?;
    let ask = Ask { selector: selector.print(), ..Ask::default() };
    let pods = resources::list(cx, &row, &ask)?;
    let best = pods.iter().min_by_key(|pod| rank(pod)).cloned();
    best.map(|pod| (pod, item.object)).ok_or_else(|| Failure::Client("timed out waiting for the condition".to_string()))
}

/// What selects an object's Pods. Models kubectl `pkg/polymorphichelpers` SelectorsForObject.
///
/// # Errors
/// A sentence that begins with `doing`, for kinds that have no Pods.
pub(super) fn selector_of(object: &Object, doing: &str) -> Result<Selector, Failure> {
    let go_type = format!("*{}.{}", object.ty.version, object.ty.kind);
    let refuse = |why: String| Failure::Client(format!("{doing} {go_type}: {why}"));
    match object.ty.kind.as_str() {
        "Service" | "ReplicationController" => {
            let value = object.at("/spec/selector").cloned().unwrap_or_default();
            if value::is_empty(&value) && object.ty.kind == "Service" {
                return Err(refuse(format!("invalid service '{}': Service is defined without a selector", object.name())));
            }
            Ok(Selector::from_pairs(value::pairs_at(&value, "")))
        }
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job" => {
            Selector::from_label_selector(object.at("/spec/selector")).map_err(Failure::Client)
        }
        _ => Err(refuse(format!("selector for {go_type} not implemented"))),
    }
}

/// The better a Pod is to attach to, the smaller. Models kubectl `pkg/util/podutils` ActivePods, reversed.
fn rank(pod: &Object) -> (bool, u8, bool, i64, i64, i64) {
    let phase = match pod.text_at("/status/phase") {
        "Pending" => 2,
        "Unknown" => 1,
        _ => 0,
    };
    let ready = pod.items_at("/status/conditions").iter().find(|c| text_at(c, "type") == "Ready" && text_at(c, "status") == "True");
    let since = ready.and_then(|c| timestamp::parse_rfc3339_ms(text_at(c, "lastTransitionTime"))).unwrap_or(0);
    let restarts = pod.items_at("/status/containerStatuses").iter().filter_map(|s| value::i64_at(s, "restartCount")).max().unwrap_or(0);
    (pod.text_at("/spec/nodeName").is_empty(), phase, ready.is_none(), since, restarts, pod.meta.creation.unwrap_or(0))
}

fn names(pod: &Object, path: &str) -> Vec<String> {
    pod.items_at(path).iter().map(|c| text_at(c, "name").to_string()).collect()
}

/// All containers of a Pod as kubectl's texts list them.
pub(super) fn all_names(pod: &Object) -> String {
    let mut all = names(pod, "/spec/containers");
    all.extend(names(pod, "/spec/ephemeralContainers").iter().map(|name| format!("{name} (ephem)")));
    all.extend(names(pod, "/spec/initContainers").iter().map(|name| format!("{name} (init)")));
    all.join(", ")
}

/// What is said of a container that a Pod has not. Models kubectl `pkg/cmd/util/podcmd`.
pub(super) fn no_such_container(pod: &Object, asked: &str) -> String {
    format!("container {asked} is not valid for pod {} out of: {}", pod.name(), all_names(pod))
}

/// The container asked for, or the Pod's default one.
pub(super) fn container(cx: &mut Cx<'_>, parsed: &Parsed, pod: &Object) -> Result<String, Failure> {
    let own = names(pod, "/spec/containers");
    let (init, short) = (names(pod, "/spec/initContainers"), names(pod, "/spec/ephemeralContainers"));
    let asked = match parsed.text("container") {
        "" => pod.meta.annotation("kubectl.kubernetes.io/default-container").unwrap_or_default(),
        asked => asked,
    };
    if !asked.is_empty() {
        return match own.iter().chain(&init).chain(&short).any(|name| name == asked) {
            true => Ok(asked.to_string()),
            false => Err(Failure::Client(no_such_container(pod, asked))),
        };
    }
    let first = own.first().cloned().unwrap_or_default();
    if own.len() + init.len() + short.len() > 1 && !parsed.on("quiet") {
        cx.err(&format!("Defaulted container \"{first}\" out of: {}\n", all_names(pod)));
    }
    Ok(first)
}

/// Whether the container runs; what the kubelet says if not.
pub(super) fn running(pod: &Object, container: &str) -> Result<(), Failure> {
    if pod.text_at("/spec/nodeName").is_empty() {
        return Err(Status::bad_request(format!("pod {} does not have a host assigned", pod.name())).into());
    }
    let lists = ["/status/containerStatuses", "/status/initContainerStatuses", "/status/ephemeralContainerStatuses"];
    let runs = lists
        .iter()
        .flat_map(|path| pod.items_at(path))
        .any(|status| text_at(status, "name") == container && value::at(status, "state/running").is_some());
    match runs {
        true => Ok(()),
        false => {
            let text = format!("Internal error occurred: unable to upgrade connection: container not found (\"{container}\")");
            Err(Failure::Client(text))
        }
    }
}
