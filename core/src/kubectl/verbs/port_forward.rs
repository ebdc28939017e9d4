//! `kubectl port-forward`: local ports that lead to a Pod, as long as it runs. Models kubectl `pkg/cmd/portforward`.
//!
//! ```text
//! $ kubectl port-forward web
//! error: TYPE/NAME and list of ports are required for port-forward
//! See 'kubectl port-forward -h' for help and examples
//! $ kubectl run web --image=nginx
//! pod/web created
//! $ kubectl wait --for=condition=Ready pod/web
//! pod/web condition met
//! $ kubectl port-forward pod/web 8080:80 & sleep 1; curl -s localhost:8080 | head -4 | tail -1; kill %1
//! Forwarding from 127.0.0.1:8080 -> 80
//! Forwarding from [::1]:8080 -> 80
//! <title>Welcome to nginx!</title>
//! ```

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::exec;
use crate::api::Verb;
use crate::kubectl::change::log;
use crate::kubectl::ports::Goal;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Takes, Until};
use crate::object::resources::PODS;
use crate::object::value::{i64_at, items_at, text_at};
use crate::object::{Key, Object};

const FLAGS: &[Flag] = &[
    Flag::text("address", "Addresses to listen on: IP addresses or localhost.").kind(FlagKind::Slice, "[localhost]"),
    Flag::text("pod-running-timeout", "How long to wait for a Pod that runs.").kind(FlagKind::Duration, "1m0s"),
];

/// How often it looks whether there was a connection.
const LOOK_MS: u64 = 100;

/// `kubectl port-forward TYPE/NAME [LOCAL_PORT:]REMOTE_PORT …`
pub static PORT_FORWARD: Command = Command {
    name: "port-forward",
    takes: Takes::PodAndPorts,
    usage: "port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
    short: "Forward one or more local ports to a pod",
    examples: "# The local port 8080 leads to port 80 of a Pod\nkubectl port-forward pod/web 8080:80",
    flags: &[FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn fail<T>(text: String) -> Result<T, Failure> {
    Err(Failure::Client(text))
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let Some((name, ports)) = parsed.args.split_first().filter(|(_, ports)| !ports.is_empty()) else {
        return Err(Failure::Usage("TYPE/NAME and list of ports are required for port-forward".to_string()));
    };
    let (pod, named) = exec::pod(cx, parsed, Some(name))?;
    let mut wanted = Vec::new();
    for text in ports {
        wanted.push(port(text, &pod, &named)?);
    }
    let phase = pod.text_at("/status/phase");
    if phase != "Running" {
        return fail(format!("unable to forward port because pod is not running. Current status={phase}"));
    }
    if let Err(status) = cx.allowed(Verb::Create, "portforward", &pod) {
        return fail(["error upgrading connection: ", &status.message].concat());
    }
    let addresses: Vec<&str> = match parsed.all("address") {
        [] => alloc::vec!["localhost"],
        given => given.iter().map(String::as_str).collect(),
    };
    if let Some(address) = addresses.iter().find(|a| **a != "localhost" && !a.contains(['.', ':'])) {
        return fail(format!("{address} is not a valid IP"));
    }
    let (mut open, mut shown) = (false, Vec::new());
    for (local, remote) in wanted {
        match cx.ports.open(cx.owner, local, Goal::Pod(pod.meta.uid.to_string(), remote)) {
            Some(number) => {
                open = true;
                for address in &addresses {
                    let all: &[&str] = if *address == "localhost" { &["127.0.0.1", "[::1]"] } else { &[address] };
                    all.iter().for_each(|a| cx.out(&format!("Forwarding from {a}:{number} -> {remote}\n")));
                }
            }
            None => cx.err(&taken(local)),
        }
        shown.push(format!("{{{local} {remote}}}"));
    }
    if !open {
        return fail(format!("unable to listen on any of the requested ports: [{}]", shown.join(" ")));
    }
    let forward = Forward { key: pod.key(), uid: pod.meta.uid.to_string(), calls: Vec::new() };
    Ok(Flow::Wait(Box::new(forward), Until::ChangeOrAt(cx.now() + LOOK_MS)))
}

/// What is said of a local port that is in use.
fn taken(port: u16) -> String {
    let one = |network: &str, address: &str| {
        format!("unable to create listener: Error listen {network} {address}:{port}: bind: address already in use")
    };
    let (four, six) = (one("tcp4", "127.0.0.1"), one("tcp6", "[::1]"));
    format!("Unable to listen on port {port}: Listeners failed to create with the following errors: [{four} {six}]\n")
}

/// Local and remote port of one argument, names and a Service's ports looked up.
fn port(text: &str, pod: &Object, named: &Object) -> Result<(u16, u16), Failure> {
    let mut parts = text.split(':');
    let (local, remote) = match (parts.next(), parts.next(), parts.next()) {
        (Some(local), Some(remote), None) => (local, remote),
        (first, ..) => (first.unwrap_or(text), first.unwrap_or(text)),
    };
    if remote.is_empty() {
        return fail("remote port cannot be empty".to_string());
    }
    let number = match named.ty.kind.as_str() {
        "Service" => service_port(remote, named, pod)?,
        _ => match remote.parse::<i64>() {
            Ok(number) => number,
            Err(_) => container_port(remote, pod)?,
        },
    };
    let remote_text = number.to_string();
    // A name stands for the same number on both sides.
    let local = match local {
        "" => 0,
        _ if local == remote && remote.parse::<i64>().is_err() => parsed_port("local", &remote_text)?,
        text => parsed_port("local", text)?,
    };
    match parsed_port("remote", &remote_text)? {
        0 => fail("remote port must be > 0".to_string()),
        number => Ok((local, number)),
    }
}

/// The number of a port. Models client-go `tools/portforward` parsePorts.
fn parsed_port(side: &str, text: &str) -> Result<u16, Failure> {
    text.parse().or_else(|_| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let why = if digits { "value out of range" } else { "invalid syntax" };
        fail(format!("error parsing {side} port '{text}': strconv.ParseUint: parsing {text:?}: {why}"))
    })
}

/// A container's port by name.
fn container_port(name: &str, pod: &Object) -> Result<i64, Failure> {
    let mut ports = pod.items_at("/spec/containers").iter().flat_map(|c| items_at(c, "ports"));
    let found = ports.find(|port| text_at(port, "name") == name).and_then(|port| i64_at(port, "containerPort"));
    found.map_or_else(|| fail(format!("Pod '{}' does not have a named port '{name}'", pod.name())), Ok)
}

/// The container's port behind a Service's port.
fn service_port(text: &str, service: &Object, pod: &Object) -> Result<i64, Failure> {
    let ports = service.items_at("/spec/ports");
    let port = match text.parse::<i64>() {
        Ok(number) => match ports.iter().find(|p| i64_at(p, "port") == Some(number)) {
            Some(port) => port,
            None => return fail(format!("Service {} does not have a service port {number}", service.name())),
        },
        Err(_) => match ports.iter().find(|p| text_at(p, "name") == text) {
            Some(port) => port,
            None => return fail(format!("Service '{}' does not have a named port '{text}'", service.name())),
        },
    };
    let number = i64_at(port, "port").unwrap_or(0);
    match port.get("targetPort") {
        _ if service.text_at("/spec/clusterIP") == "None" => Ok(number),
        Some(Value::String(name)) => container_port(name, pod),
        Some(target) if target.as_i64().is_some_and(|n| n > 0) => Ok(target.as_i64().unwrap_or(number)),
        _ => Ok(number),
    }
}

/// Ports that are open.
#[derive(Clone)]
struct Forward {
    key: Key,
    uid: String,
    /// How many connections of each port have been told.
    calls: Vec<usize>,
}

impl Pending for Forward {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        let all: Vec<(u16, usize, bool, u16)> = cx
            .ports
            .of(cx.owner)
            .map(|open| (open.port, open.calls, open.refused, if let Goal::Pod(_, port) = &open.goal { *port } else { 0 }))
            .collect();
        self.calls.resize(all.len(), 0);
        for ((port, calls, refused, remote), told) in all.iter().zip(self.calls.iter_mut()) {
            for _ in *told..*calls {
                cx.out(&format!("Handling connection for {port}\n"));
            }
            *told = *calls;
            if *refused {
                let why = format!(
                    "failed to connect to localhost:{remote} inside namespace \\\"{}\\\", IPv4: dial tcp4 127.0.0.1:{remote}: connect: connection refused IPv6 dial tcp6 [::1]:{remote}: connect: connection refused ",
                    self.uid
                );
                let text = format!(
                    "\"Unhandled Error\" err=\"an error occurred forwarding {port} -> {remote}: error forwarding port {remote} to pod {}, uid : failed to execute portforward in network namespace: {why}\"",
                    self.uid
                );
                log(cx, 'E', "portforward.go:424", &text);
                cx.err("error: lost connection to pod\n");
                return Flow::Done(1);
            }
        }
        let alive =
            cx.api().get(PODS, &self.key).is_some_and(|pod| *pod.meta.uid == *self.uid && pod.text_at("/status/phase") == "Running");
        if !alive {
            cx.err("error: lost connection to pod\n");
            return Flow::Done(1);
        }
        Flow::Wait(self.boxed_clone(), Until::ChangeOrAt(cx.now() + LOOK_MS))
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
