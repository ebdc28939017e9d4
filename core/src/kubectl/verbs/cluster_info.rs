//! `kubectl cluster-info`: where the control plane is, and `dump`, all that is worth a look when it does not work.
//! Models kubectl `pkg/cmd/clusterinfo`.
//!
//! ```text
//! $ kubectl cluster-info
//! Kubernetes control plane is running at https://127.0.0.1:6443
//! CoreDNS is running at https://127.0.0.1:6443/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy
//!
//! To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.
//! $ kubectl cluster-info dump --output-directory=out
//! Cluster info dumped to out
//! ```

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::api::{Answer, Request, Verb};
use crate::kubectl::output::{OBJECT_FORMATS, Options, OutputFormat};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, kubeconfig, resources};
use crate::object::Object;
use crate::object::resources::{NAMESPACES, SERVICES};
use crate::object::struct_order;
use crate::object::value::{at, i64_at, items_at, remove, text_at};
use crate::text::fs;
use crate::text::json;

/// What a dump has of each namespace: the file's name and the resource.
const DUMPED: &[(&str, &str)] = &[
    ("events", "events"),
    ("replication-controllers", "replicationcontrollers"),
    ("services", "services"),
    ("daemonsets", "daemonsets.apps"),
    ("deployments", "deployments.apps"),
    ("replicasets", "replicasets.apps"),
    ("pods", "pods"),
];

/// `kubectl cluster-info`
pub static CLUSTER_INFO: Command = Command {
    name: "cluster-info",
    usage: "cluster-info [flags]",
    short: "Display cluster information",
    long: "Display addresses of the control plane and services with label kubernetes.io/cluster-service=true. To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
    examples: "# Where the control plane is\nkubectl cluster-info",
    run: Some(run),
    children: &[&Command {
        name: "dump",
        usage: "cluster-info dump [flags]",
        short: "Dump relevant information for debugging and diagnosis",
        examples: "# All about the cluster, into a folder\nkubectl cluster-info dump --output-directory=/tmp/state",
        flags: &[&[
            Flag::switch("all-namespaces", "Everything of every namespace.").short('A'),
            Flag::switch("allow-missing-template-keys", "Ignore fields that a template names and the object lacks.").default("true"),
            Flag::text("namespaces", "The namespaces to dump.").kind(FlagKind::Slice, "[]"),
            Flag::text("output", "The form of the objects.").short('o').default("json"),
            Flag::text("output-directory", "The folder to write files into; standard output if there is none."),
            Flag::text("pod-running-timeout", "How long to wait for a Pod.").kind(FlagKind::Duration, "20s"),
            Flag::switch("show-managed-fields", "Keep managedFields in JSON and YAML."),
            Flag::text("template", "The template, or the file with it, for -o go-template."),
        ]],
        run: Some(dump),
        ..Command::EMPTY
    }],
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let config = kubeconfig::load(cx, parsed)?;
    let context = match parsed.text("context") {
        "" => text_at(&config, "current-context"),
        name => name,
    };
    let cluster = kubeconfig::entry(&config, "contexts", context).map_or("", |entry| text_at(entry, "context/cluster"));
    let cluster = if parsed.text("cluster").is_empty() { cluster } else { parsed.text("cluster") };
    let host = match parsed.text("server") {
        "" => kubeconfig::entry(&config, "clusters", cluster).map_or("http://localhost:8080", |entry| text_at(entry, "cluster/server")),
        host => host,
    };
    let place = if cx.globals.namespace_given { cx.globals.namespace.clone() } else { "kube-system".to_string() };
    let mut request = Request::new(Verb::List, SERVICES, &place, "");
    request.params.label_selector = "kubernetes.io/cluster-service=true".to_string();
    let answer = cx.send(request);
    let further = "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n";
    if answer.is_err() {
        cx.out(further);
    }
    let found = answer?;
    let mut text = format!("Kubernetes control plane is running at {host}\n");
    if let Answer::List(services, _) = found {
        for service in &services {
            let name = service.meta.label("kubernetes.io/name").unwrap_or(service.name());
            text.push_str(&format!("{name} is running at {}\n", link(service, host)));
        }
    }
    text.push_str(further);
    cx.out(&text);
    Ok(Flow::Done(0))
}

/// Where a Service is: at its balancer, or through the API server.
fn link(service: &Object, host: &str) -> String {
    let ports = service.items_at("/spec/ports");
    if let Some(ingress) = service.items_at("/status/loadBalancer/ingress").first() {
        let ip = if text_at(ingress, "ip").is_empty() { text_at(ingress, "hostname") } else { text_at(ingress, "ip") };
        return ports.iter().map(|port| format!("http://{ip}:{} ", i64_at(port, "port").unwrap_or(0))).collect();
    }
    let mut name = service.name().to_string();
    if let Some(port) = ports.first() {
        let scheme = if text_at(port, "name") == "https" || i64_at(port, "port") == Some(443) { "https" } else { "" };
        name = match (scheme, text_at(port, "name")) {
            ("", "") => name,
            ("", port) => format!("{name}:{port}"),
            (scheme, port) => format!("{scheme}:{name}:{port}"),
        };
    }
    format!("{host}/api/v1/namespaces/{}/services/{name}/proxy", service.namespace())
}

fn dump(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    put(cx, parsed, "nodes", "nodes", "")?;
    let namespaces: Vec<String> = match (parsed.on("all-namespaces"), parsed.all("namespaces")) {
        (true, _) => cx.api().list(NAMESPACES, None).map(|ns| ns.name().to_string()).collect(),
        (false, []) => Vec::from(["kube-system".to_string(), cx.globals.namespace.clone()]),
        (false, given) => given.to_vec(),
    };
    for namespace in &namespaces {
        for (file, resource) in DUMPED {
            let listed = put(cx, parsed, &format!("{namespace}/{file}"), resource, namespace)?;
            if *resource == "pods" {
                for pod in &listed {
                    let text = logs(cx, pod);
                    write(cx, parsed, &format!("{namespace}/{}/logs.txt", pod.name()), &text)?;
                }
            }
        }
    }
    let folder = parsed.text("output-directory");
    if !matches!(folder, "" | "-") {
        cx.out(&format!("Cluster info dumped to {folder}\n"));
    }
    Ok(Flow::Done(0))
}

/// Prints the list of a resource, or writes it into its file.
fn put(cx: &mut Cx<'_>, parsed: &Parsed, file: &str, resource: &str, namespace: &str) -> Result<Vec<Rc<Object>>, Failure> {
    let row = resources::resource(cx, resource)?;
    let Answer::List(listed, version) = cx.send(Request::new(Verb::List, &row.key(), namespace, ""))? else { return Ok(Vec::new()) };
    let item = |object: &Rc<Object>| {
        let mut value = object.to_value();
        if !parsed.on("show-managed-fields") {
            remove(&mut value, "metadata/managedFields");
        }
        value
    };
    let (kind, api_version) = ([&row.kind, "List"].concat(), row.api_version());
    let format = parsed.text("output");
    let mut text = String::new();
    if format == "json" {
        let head = format!("{{\"kind\":\"{}\",\"apiVersion\":\"{api_version}\",", row.kind);
        let items: Vec<String> = listed
            .iter()
            .map(|object| {
                let whole = struct_order::compact(&item(object));
                whole.strip_prefix(&head).map_or(whole.clone(), |rest| ["{", rest].concat())
            })
            .collect();
        let meta = format!("\"metadata\":{{\"resourceVersion\":\"{version}\"}}");
        let list = items.join(",");
        let whole = format!("{{\"kind\":\"{kind}\",\"apiVersion\":\"{api_version}\",{meta},\"items\":[{list}]}}");
        text = deeper(&json::pretty(&whole));
    } else {
        let items: Vec<Value> = listed
            .iter()
            .map(|object| {
                let mut value = item(object);
                remove(&mut value, "kind");
                remove(&mut value, "apiVersion");
                value
            })
            .collect();
        let list = json!({"apiVersion": api_version, "kind": kind, "items": items, "metadata": {"resourceVersion": version.to_string()}});
        let options = Options { formats: OBJECT_FORMATS, template: parsed.text("template"), ..Options::default() };
        if let Some(format) = OutputFormat::parse(format, &options).map_err(Failure::Client)? {
            format.print(&[list], false, &mut text).map_err(Failure::Client)?;
        }
    }
    let ending = match format {
        format if format.contains("json") => "json",
        "yaml" => "yaml",
        _ => "txt",
    };
    write(cx, parsed, &format!("{file}.{ending}"), &text)?;
    Ok(listed)
}

/// The same text with lines twice as deep.
pub(super) fn deeper(text: &str) -> String {
    let line = |line: &str| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        [&" ".repeat(blanks), line, "\n"].concat()
    };
    text.lines().map(line).collect()
}

/// What the containers of a Pod have written.
fn logs(cx: &mut Cx<'_>, pod: &Object) -> String {
    let mut text = String::new();
    let spec = pod.at("/spec").unwrap_or(&Value::Null);
    for container in items_at(spec, "initContainers").iter().chain(items_at(spec, "containers")) {
        let (name, place) = (text_at(container, "name"), format!("{}/{}", pod.namespace(), pod.name()));
        text.push_str(&format!("==== START logs for container {name} of pod {place} ====\n"));
        let all = ["/status/initContainerStatuses", "/status/containerStatuses"];
        let status = all.iter().flat_map(|list| pod.items_at(list)).find(|s| text_at(s, "name") == name);
        match cx.server.kubelets().log_lines(&pod.meta.uid, name, false) {
            Some(lines) => text.extend(lines.iter().flat_map(|line| [line.text.as_str(), "\n"])),
            None => {
                let reason = status.and_then(|s| at(s, "state/waiting")).map_or("ContainerCreating", |w| text_at(w, "reason"));
                let why = format!("container \"{name}\" in pod \"{}\" is waiting to start: {reason}", pod.name());
                text.push_str(&format!("Request log error: {why}\n"));
            }
        }
        text.push_str(&format!("==== END logs for container {name} of pod {place} ====\n"));
    }
    text
}

/// Writes a file of the dump, or everything to standard output.
fn write(cx: &mut Cx<'_>, parsed: &Parsed, file: &str, text: &str) -> Result<(), Failure> {
    let folder = parsed.text("output-directory");
    if matches!(folder, "" | "-") {
        cx.out(text);
        return Ok(());
    }
    let path = fs::resolve(cx.cwd, &[folder, "/", file].concat());
    let now_ms = cx.api().wall_ms();
    let _ = path.rsplit_once('/').map(|(parent, _)| cx.files.make_dirs(parent, now_ms));
    cx.files.write(&path, text, now_ms).map_err(|error| Failure::Client(format!("open {path}: {}", error.text().to_lowercase())))
}
