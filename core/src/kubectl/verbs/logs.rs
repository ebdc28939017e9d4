//! `kubectl logs`. Models kubectl `pkg/cmd/logs` and the kubelet's texts for containers without logs.
//!
//! ```text
//! $ kubectl run job --image=busybox --restart=Never -- echo hello
//! pod/job created
//! $ kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/job
//! pod/job condition met
//! $ kubectl logs job
//! hello
//! $ kubectl logs job -c none
//! error: container none is not valid for pod job out of: job
//! $ kubectl logs
//! error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
//! POD or TYPE/NAME is a required argument for the logs command
//! See 'kubectl logs -h' for help and examples
//! ```

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use crate::api::registry::Resource;
use crate::api::{Status, Verb};
use crate::arrange::Arrange;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Takes, Until, resources};
use crate::object::Object;
use crate::object::selector::{Selector, parse};
use crate::object::value::{at, text_at};
use crate::text::quote::quote;
use crate::text::{go_time, timestamp};

const FLAGS: &[Flag] = &[
    Flag::switch("all-containers", "The logs of all containers."),
    Flag::switch("all-pods", "The logs of all Pods of the workload."),
    Flag::text("container", "The container.").short('c'),
    Flag::switch("follow", "Go on as lines come.").short('f'),
    Flag::switch("ignore-errors", "Go on when one log cannot be had."),
    Flag::switch("insecure-skip-tls-verify-backend", "Do not check the kubelet's certificate."),
    Flag::text("limit-bytes", "At most this many bytes.").kind(FlagKind::Int, "0"),
    Flag::text("max-log-requests", "How many logs to follow at once.").kind(FlagKind::Int, "5"),
    Flag::text("pod-running-timeout", "How long to wait for a Pod.").kind(FlagKind::Duration, "20s"),
    Flag::switch("prefix", "Put Pod and container before each line."),
    Flag::switch("previous", "The log of the container's last run.").short('p'),
    Flag::text("selector", "The Pods with these labels.").short('l'),
    Flag::text("since", "Only lines younger than this.").kind(FlagKind::Duration, "0s"),
    Flag::text("since-time", "Only lines after this time."),
    Flag::text("tail", "Only this many last lines; -1 shows all.").kind(FlagKind::Int, "-1"),
    Flag::switch("timestamps", "Put the time before each line."),
];

/// `kubectl logs`
pub static LOGS: Command = Command {
    name: "logs",
    takes: Takes::PodAndContainer,
    usage: "logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]",
    short: "Print the logs for a container in a pod",
    examples: "# What a Pod wrote\nkubectl logs web\n\n# The last lines of a Deployment\nkubectl logs deploy/web --tail=5",
    flags: &[FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

/// One log to print, and how many of its lines have been.
#[derive(Clone)]
struct Source {
    uid: String,
    pod: String,
    container: String,
    printed: usize,
}

#[derive(Clone)]
struct Follow {
    sources: Vec<Source>,
    namespace: String,
    prefix: bool,
    timestamps: bool,
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let selector = parsed.text("selector").to_string();
    if parsed.args.is_empty() && selector.is_empty() || parsed.args.len() > 2 {
        return Err(Failure::Usage(
            "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command"
                .to_string(),
        ));
    }
    let time = parsed.text("since-time");
    if parsed.args.len() == 1 && !selector.is_empty() {
        return Err(Failure::Usage("only a selector (-l) or a POD name is allowed".to_string()));
    }
    if let Some(why) = go_time::seconds(time).err().filter(|_| !time.is_empty()) {
        return Err(Failure::Client(why));
    }
    let object = match selector.is_empty() {
        true => Some(object(cx, parsed)?),
        false => None,
    };
    check(parsed)?;
    let pods = match object {
        Some((row, object)) => pods_of(cx, parsed, &row, object)?,
        None => selected(cx, &selector)?,
    };
    let mut sources = Vec::new();
    for pod in &pods {
        for container in containers(cx, parsed, pod)? {
            sources.push(Source { uid: pod.meta.uid.to_string(), pod: pod.name().to_string(), container, printed: 0 });
        }
    }
    let most = usize::try_from(parsed.number("max-log-requests")).unwrap_or(5);
    if parsed.on("follow") && sources.len() > most {
        return Err(Failure::Client(format!(
            "you are attempting to follow {} log streams, but maximum allowed concurrency is {most}, use --max-log-requests to increase the limit",
            sources.len()
        )));
    }
    for source in &mut sources {
        let pod = pods.iter().find(|pod| *pod.meta.uid == *source.uid);
        match pod.map_or(Ok(()), |pod| print(cx, parsed, pod, source)) {
            Err(failure) if parsed.on("ignore-errors") => cx.err(&failure.print("kubectl logs").0),
            other => other?,
        }
    }
    if !parsed.on("follow") {
        return Ok(Flow::Done(0));
    }
    let namespace = cx.globals.namespace.clone();
    let mut follow =
        Follow { sources, namespace, prefix: parsed.on("prefix") || parsed.on("all-pods"), timestamps: parsed.on("timestamps") };
    Ok(follow.poll(cx))
}

/// The container that is named: by `-c`, or by the second argument.
fn named(parsed: &Parsed) -> &str {
    parsed.args.get(1).map_or(parsed.text("container"), String::as_str)
}

/// Whether the flags go together. Models LogsOptions.Validate.
fn check(parsed: &Parsed) -> Result<(), Failure> {
    let why = if !parsed.text("since-time").is_empty() && parsed.duration_ms("since") != 0 {
        "at most one of `sinceTime` or `sinceSeconds` may be specified".to_string()
    } else if parsed.on("all-containers") && !named(parsed).is_empty() {
        format!("--all-containers=true should not be specified with container name {}", named(parsed))
    } else if parsed.given("container") && parsed.args.len() == 2 {
        "only one of -c or an inline [CONTAINER] arg is allowed".to_string()
    } else if parsed.number("limit-bytes") < 0 {
        "--limit-bytes must be greater than 0".to_string()
    } else if parsed.duration_ms("since") < 0 {
        "--since must be greater than 0".to_string()
    } else if parsed.number("tail") < -1 {
        "--tail must be greater than or equal to -1".to_string()
    } else {
        return Ok(());
    };
    Err(Failure::Client(why))
}

/// The Pods that `-l` chooses.
fn selected(cx: &mut Cx<'_>, selector: &str) -> Result<Vec<Rc<Object>>, Failure> {
    let namespace = cx.globals.namespace.clone();
    let labels = parse(selector).map_err(|e| Failure::Server(Status::bad_request(e)))?;
    let found = labelled(cx, &namespace, &labels);
    if found.is_empty() {
        cx.err(&format!("No resources found in {namespace} namespace.\n"));
    }
    Ok(found)
}

/// The object that the first argument names.
fn object(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<(Rc<Resource>, Rc<Object>), Failure> {
    let namespace = cx.globals.namespace.clone();
    let first = parsed.args.first().map_or("", String::as_str);
    let (row, name) = match first.split_once('/') {
        Some((_, name)) if name.contains('/') => {
            return Err(Failure::Client("arguments in resource/name form may not have more than one slash".to_string()));
        }
        Some((word, name)) => (resources::resource(cx, word)?, name.to_string()),
        None => (resources::resource(cx, "pods")?, first.to_string()),
    };
    let object = resources::get(cx, &row, &name).map_err(|status| match status.reason {
        "NotFound" => Failure::Client(format!("error from server (NotFound): {} in namespace {}", status.message, quote(&namespace))),
        _ => Failure::Server(status),
    })?;
    Ok((row, object))
}

/// The Pods of an object whose logs are wanted.
fn pods_of(cx: &mut Cx<'_>, parsed: &Parsed, row: &Resource, object: Rc<Object>) -> Result<Vec<Rc<Object>>, Failure> {
    let namespace = cx.globals.namespace.clone();
    if row.plural == "pods" {
        return Ok(alloc::vec![object]);
    }
    let labels = super::exec::selector_of(&object, "cannot get the logs from")?;
    let mut found = labelled(cx, &namespace, &labels);
    if found.is_empty() {
        return Err(Failure::Client("timed out waiting for the condition".to_string()));
    }
    if found.len() > 1 && !parsed.on("all-pods") {
        let ready = |pod: &Object| {
            pod.items_at("/status/conditions").iter().any(|c| text_at(c, "type") == "Ready" && text_at(c, "status") == "True")
        };
        found.arrange_by_key(|pod| (!ready(pod), pod.meta.creation));
        let using = found.first().map_or("", |pod| pod.name()).to_string();
        cx.err(&format!("Found {} pods, using pod/{using}\n", found.len()));
        found.truncate(1);
    }
    Ok(found)
}

fn labelled(cx: &Cx<'_>, namespace: &str, labels: &Selector) -> Vec<Rc<Object>> {
    cx.api().list("pods", Some(namespace)).filter(|pod| labels.matches(&pod.meta)).cloned().collect()
}

/// The containers whose logs are wanted; tells which one was taken when none was named.
fn containers(cx: &mut Cx<'_>, parsed: &Parsed, pod: &Object) -> Result<Vec<String>, Failure> {
    let names = |field: &str| -> Vec<String> {
        pod.at("/spec")
            .map_or(&[][..], |spec| crate::object::value::items_at(spec, field))
            .iter()
            .map(|c| text_at(c, "name").to_string())
            .collect()
    };
    let (init, own, debug) = (names("initContainers"), names("containers"), names("ephemeralContainers"));
    let wanted = named(parsed);
    if parsed.on("all-containers") {
        return Ok(init.into_iter().chain(own).chain(debug).collect());
    }
    if !wanted.is_empty() {
        return match init.iter().chain(&own).chain(&debug).any(|name| name == wanted) {
            true => Ok(alloc::vec![wanted.to_string()]),
            false => Err(Failure::Client(super::exec::no_such_container(pod, wanted))),
        };
    }
    let annotated = pod.meta.annotation("kubectl.kubernetes.io/default-container").filter(|name| own.iter().any(|o| o == name));
    if let Some(name) = annotated {
        return Ok(alloc::vec![name.to_string()]);
    }
    let first = own.first().cloned().unwrap_or_default();
    if own.len() + init.len() + debug.len() > 1 && !parsed.on("all-pods") {
        cx.err(&format!("Defaulted container \"{first}\" out of: {}\n", super::exec::all_names(pod)));
    }
    Ok(alloc::vec![first])
}

fn status_of<'p>(pod: &'p Object, container: &str) -> Option<&'p Value> {
    let all = ["/status/containerStatuses", "/status/initContainerStatuses", "/status/ephemeralContainerStatuses"];
    all.into_iter().flat_map(|path| pod.items_at(path)).find(|s| text_at(s, "name") == container)
}

/// Prints the log of one container as the flags say.
fn print(cx: &mut Cx<'_>, parsed: &Parsed, pod: &Object, source: &mut Source) -> Result<(), Failure> {
    cx.allowed(Verb::Get, "log", pod)?;
    let refuse = |text: String| Failure::Server(Status::bad_request(text));
    let (name, container) = (pod.name(), source.container.clone());
    if pod.text_at("/spec/nodeName").is_empty() {
        // The API server has nobody to ask and answers with nothing.
        return Ok(());
    }
    let status = status_of(pod, &container);
    let ended_before = status.is_some_and(|s| at(s, "/lastState/terminated").is_some());
    let waiting = status.and_then(|s| at(s, "/state/waiting"));
    let previous = parsed.on("previous");
    if previous && !ended_before {
        return Err(refuse(format!("previous terminated container \"{container}\" in pod \"{name}\" not found")));
    }
    if let Some(waiting) = waiting.filter(|_| !ended_before && !previous) {
        let why = match text_at(waiting, "reason") {
            "ErrImagePull" => "image can't be pulled",
            "ImagePullBackOff" => "trying and failing to pull image",
            reason => reason,
        };
        return Err(refuse(format!("container \"{container}\" in pod \"{name}\" is waiting to start: {why}")));
    }
    let now_ms = cx.api().wall_ms();
    let after = match (parsed.duration_ms("since"), parsed.text("since-time")) {
        (0, "") => i64::MIN,
        (0, text) => timestamp::parse_rfc3339_ms(text).unwrap_or(i64::MIN),
        (since, _) => now_ms.saturating_sub(since),
    };
    let old = previous || (waiting.is_some() && ended_before);
    let kubelets = cx.server.kubelets();
    let lines = kubelets
        .log_lines(&source.uid, &container, old)
        .or_else(|| if previous { None } else { kubelets.log_lines(&source.uid, &container, true) });
    let lines = lines.unwrap_or_default();
    source.printed = if old { 0 } else { lines.len() };
    let tail = match (parsed.given("tail"), parsed.text("selector")) {
        (false, "") => usize::MAX,
        (false, _) => 10,
        _ => usize::try_from(parsed.number("tail")).unwrap_or(usize::MAX),
    };
    let limit = usize::try_from(parsed.number("limit-bytes")).ok().filter(|n| *n > 0).unwrap_or(usize::MAX);
    let skip = lines.len().saturating_sub(tail);
    let mut text = String::new();
    for line in lines.iter().skip(skip).filter(|line| line.at_ms >= after) {
        one_line(&mut text, line, source, parsed.on("prefix") || parsed.on("all-pods"), parsed.on("timestamps"));
        if text.len() >= limit {
            let mut end = limit;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
            break;
        }
    }
    cx.out(&text);
    Ok(())
}

fn one_line(text: &mut String, line: &crate::api::kubelet::LogLine, source: &Source, prefix: bool, timestamps: bool) {
    if prefix {
        ["[pod/", source.pod.as_str(), "/", source.container.as_str(), "] "].iter().for_each(|part| text.push_str(part));
    }
    if timestamps {
        let stamp = timestamp::rfc3339_micro(line.at_ms);
        text.push_str(stamp.trim_end_matches('Z'));
        text.push_str("000Z ");
    }
    text.push_str(&line.text);
    text.push('\n');
}

impl Pending for Follow {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        let mut text = String::new();
        let (prefix, timestamps) = (self.prefix, self.timestamps);
        for source in &mut self.sources {
            let lines = cx.server.kubelets().log_lines(&source.uid, &source.container, false).unwrap_or_default();
            for line in lines.iter().skip(source.printed) {
                one_line(&mut text, line, source, prefix, timestamps);
            }
            source.printed = source.printed.max(lines.len());
        }
        cx.out(&text);
        let going = |source: &Source| {
            let pod = cx.api().find("pods", &self.namespace, &source.pod).filter(|pod| *pod.meta.uid == *source.uid);
            pod.and_then(|pod| status_of(pod, &source.container)).is_some_and(|s| at(s, "/state/running").is_some())
        };
        match self.sources.iter().any(going) {
            true => Flow::Wait(self.boxed_clone(), Until::ChangeOrAt(cx.now() + 1000)),
            false => Flow::Done(0),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
