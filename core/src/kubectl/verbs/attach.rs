//! `kubectl attach`, and attaching as `run` and `debug` do it: what a container prints from now on, or the shell that it
//! runs. Models kubectl `pkg/cmd/attach` and the end of `pkg/cmd/run`.
//!
//! ```text
//! $ kubectl attach
//! error: at least 1 argument is required for attach
//! $ kubectl run once --image=busybox --restart=Never -- echo done
//! pod/once created
//! $ kubectl attach once
//! error: cannot attach a container in a completed pod; current phase is Succeeded
//! $ kubectl run two --rm -i --quiet --image=busybox --restart=Never -- sh -c 'echo hello; sleep 1'
//! hello
//! ```

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::exec;
use crate::api::runtime::SIGKILL;
use crate::api::{Propagation, Request, Verb};
use crate::kubectl::flow::ExecRequest;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Takes, Until};
use crate::object::resources::PODS;
use crate::object::value::{at, items_at, text_at};
use crate::object::{Key, Object};
use crate::time::Instant;

const FLAGS: &[Flag] = &[
    Flag::text("container", "The container; the Pod's default one when not given.").short('c'),
    Flag::text("detach-keys", "The keys that leave the container alone.").default("ctrl-p,ctrl-q"),
    Flag::text("pod-running-timeout", "How long to wait for a Pod that runs.").kind(FlagKind::Duration, "1m0s"),
    Flag::switch("quiet", "Print only what the container prints.").short('q'),
    Flag::switch("stdin", "Pass standard input on.").short('i'),
    Flag::switch("tty", "Standard input is a terminal.").short('t'),
];

/// `kubectl attach (POD | TYPE/NAME) -c CONTAINER`
pub static ATTACH: Command = Command {
    name: "attach",
    takes: Takes::Pod,
    usage: "attach (POD | TYPE/NAME) -c CONTAINER",
    short: "Attach to a running container",
    examples: "# What a Pod prints\nkubectl attach mypod",
    flags: &[FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

/// What is said before a session begins.
const NOTICE: &str = "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n";

/// How often the log is looked at.
const LOOK_MS: u64 = 200;

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let fail = |text: String| Err(Failure::Client(text));
    let target = match parsed.args.as_slice() {
        [] => return fail("at least 1 argument is required for attach".to_string()),
        [one] => one.clone(),
        [ty, name] => [ty.as_str(), "/", name].concat(),
        all => {
            let list = all.join(" ");
            return fail(format!("expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw {}: [{list}]", all.len()));
        }
    };
    if parsed.duration_ms("pod-running-timeout") <= 0 {
        return fail("--pod-running-timeout must be higher than zero".to_string());
    }
    let (pod, _) = exec::pod(cx, parsed, Some(&target))?;
    let phase = pod.text_at("/status/phase");
    if matches!(phase, "Succeeded" | "Failed") {
        return fail(format!("cannot attach a container in a completed pod; current phase is {phase}"));
    }
    let asked = parsed.text("container");
    let known = ["/spec/containers", "/spec/initContainers", "/spec/ephemeralContainers"];
    if !asked.is_empty() && !known.iter().flat_map(|path| pod.items_at(path)).any(|c| text_at(c, "name") == asked) {
        return fail(["cannot attach to the container: ", &exec::no_such_container(&pod, asked)].concat());
    }
    let container = exec::container(cx, parsed, &pod)?;
    cx.allowed(Verb::Create, "attach", &pod)?;
    exec::running(&pod, &container)?;
    let mut session = Session::new(cx, parsed, &pod, &container);
    session.printed = session.lines(cx);
    session.began = true;
    session.notice(cx);
    Ok(session.go_on(cx))
}

/// What becomes of the Pod when the session is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// It stays.
    Nothing,
    /// Its exit code becomes kubectl's (`--restart=Never`), or success is waited for.
    Code,
}

/// A session with a container.
#[derive(Clone)]
pub(super) struct Session {
    key: Key,
    uid: String,
    container: String,
    stdin: bool,
    tty: bool,
    quiet: bool,
    /// Delete the Pod in the end.
    pub(super) remove: bool,
    /// What is done when the container has ended.
    pub(super) after: After,
    /// When waiting for the container is given up.
    pub(super) until: Option<Instant>,
    /// Whether the session has begun.
    began: bool,
    /// A shell runs in the session's place.
    in_shell: bool,
    /// How many lines of the log have been printed.
    printed: usize,
}

impl Session {
    /// A session with a container, not yet begun.
    pub(super) fn new(_: &Cx<'_>, parsed: &Parsed, pod: &Object, container: &str) -> Session {
        Session {
            key: pod.key(),
            uid: pod.meta.uid.to_string(),
            container: container.to_string(),
            stdin: parsed.on("stdin"),
            tty: parsed.on("tty"),
            quiet: parsed.on("quiet"),
            remove: false,
            after: After::Nothing,
            until: None,
            began: false,
            in_shell: false,
            printed: 0,
        }
    }

    fn lines(&self, cx: &mut Cx<'_>) -> usize {
        cx.server.kubelets().log_lines(&self.uid, &self.container, false).map_or(0, <[_]>::len)
    }

    /// Says what a session is.
    fn notice(&self, cx: &mut Cx<'_>) {
        if self.tty && !cx.terminal {
            cx.err("Unable to use a TTY - input is not a terminal or the right kind of file\n");
        }
        if !self.quiet {
            cx.err(NOTICE);
        }
    }

    fn pod(&self, cx: &Cx<'_>) -> Option<Rc<Object>> {
        cx.api().get(PODS, &self.key).filter(|pod| *pod.meta.uid == *self.uid).cloned()
    }

    /// The state of the container: `running`, `terminated`, `waiting`, or nothing.
    fn state<'p>(&self, pod: &'p Object) -> (&'p str, i64, &'p str) {
        let lists = ["/status/containerStatuses", "/status/ephemeralContainerStatuses", "/status/initContainerStatuses"];
        let mut all = lists.iter().flat_map(|path| pod.items_at(path));
        let Some(status) = all.find(|status| text_at(status, "name") == self.container) else { return ("", 0, "") };
        if at(status, "state/running").is_some() {
            return ("running", 0, "");
        }
        let ended = at(status, "state/terminated").or_else(|| at(status, "lastState/terminated"));
        match ended {
            Some(ended) => ("terminated", crate::object::value::i64_at(ended, "exitCode").unwrap_or(0), text_at(ended, "reason")),
            None => ("waiting", 0, text_at(status, "state/waiting/reason")),
        }
    }

    /// Prints what the container has written since.
    fn print(&mut self, cx: &mut Cx<'_>) {
        let lines = cx.server.kubelets().log_lines(&self.uid, &self.container, false).unwrap_or_default();
        let text = lines.iter().skip(self.printed).fold(String::new(), |text, line| text + &line.text + "\n");
        self.printed = self.printed.max(lines.len());
        cx.out(&text);
    }

    /// Goes on: waits for the container, then follows it, then ends.
    pub(super) fn go_on(&mut self, cx: &mut Cx<'_>) -> Flow {
        if self.in_shell {
            cx.server.kubelets().signal(&self.uid, &self.container, 1, SIGKILL);
            return self.end(cx, 0);
        }
        let Some(pod) = self.pod(cx) else {
            cx.err(&format!("Error from server (NotFound): pods \"{}\" not found\n", self.key.name));
            return Flow::Done(1);
        };
        let (state, code, reason) = self.state(&pod);
        let over = state == "terminated" && (pod.text_at("/status/phase") != "Running" || self.after == After::Nothing && self.began);
        if state == "running" && !self.began {
            let ready = |c: &&serde_json::Value| text_at(c, "type") == "Ready" && text_at(c, "status") == "True";
            if pod.items_at("/status/conditions").iter().any(|c| ready(&c)) {
                self.began = true;
                self.notice(cx);
            }
        }
        if self.began
            && state == "running"
            && self.stdin
            && self.tty
            && cx.terminal
            && let Some(argv) = self.shell(&pod)
        {
            self.in_shell = true;
            return Flow::ExecThen(self.request(argv), Box::new(self.clone()));
        }
        if self.began || over {
            self.print(cx);
        }
        if over {
            return self.end_of(cx, code, reason);
        }
        if self.until.is_some_and(|until| !self.began && cx.now() >= until) {
            cx.err("error: timed out waiting for the condition\n");
            return self.end(cx, 1);
        }
        let look = cx.now() + LOOK_MS;
        let until = if self.began { Some(look) } else { self.until };
        Flow::Wait(Box::new(self.clone()), until.map_or(Until::Change, Until::ChangeOrAt))
    }

    /// The command line of the container when it is a shell that a person could type into.
    fn shell(&self, pod: &Object) -> Option<Vec<String>> {
        let lists = ["/spec/containers", "/spec/ephemeralContainers"];
        let container = lists.iter().flat_map(|path| pod.items_at(path)).find(|c| text_at(c, "name") == self.container)?;
        let words = |field: &str| items_at(container, field).iter().filter_map(|w| w.as_str()).map(ToString::to_string).collect::<Vec<_>>();
        let mut argv = words("command");
        argv.extend(words("args"));
        if argv.is_empty() {
            argv.push("sh".to_string());
        }
        let program = argv.first()?.rsplit('/').next().unwrap_or_default();
        (matches!(program, "sh" | "ash" | "bash") && argv.len() == 1).then_some(argv)
    }

    fn request(&self, argv: Vec<String>) -> ExecRequest {
        ExecRequest {
            pod_uid: self.uid.clone(),
            namespace: self.key.namespace.to_string(),
            pod: self.key.name.to_string(),
            container: self.container.clone(),
            argv,
            stdin: true,
            tty: true,
        }
    }

    /// The container has ended by itself.
    fn end_of(&self, cx: &mut Cx<'_>, code: i64, reason: &str) -> Flow {
        let code = i32::try_from(code).unwrap_or(1);
        if self.after == After::Nothing || code == 0 {
            return self.end(cx, 0);
        }
        let flow = self.end(cx, code);
        cx.err(&format!("pod {}/{} terminated ({reason})\n", self.key.namespace, self.key.name));
        flow
    }

    /// Ends kubectl, and the Pod if that was asked for.
    fn end(&self, cx: &mut Cx<'_>, code: i32) -> Flow {
        if self.remove {
            let mut request = Request::new(Verb::Delete, PODS, &self.key.namespace, &self.key.name);
            request.params.propagation = Some(Propagation::Background);
            if cx.send(request).is_ok() && !self.quiet {
                cx.out(&format!("pod \"{}\" deleted from {} namespace\n", self.key.name, self.key.namespace));
            }
        }
        Flow::Done(code)
    }
}

impl Pending for Session {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        self.go_on(cx)
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
