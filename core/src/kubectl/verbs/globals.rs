//! The global options: which namespace, on whose behalf, how long to wait. Models cli-runtime `genericclioptions` ConfigFlags.

use alloc::format;
use alloc::string::{String, ToString};

use super::unreachable::{self, Nobody};
use crate::kubectl::{Cx, Failure, Parsed, kubeconfig};
use crate::object::Key;
use crate::object::resources::NODES;
use crate::object::value::text_at;

/// Commands that ask no server, and so may find a kubeconfig they do not like.
const OFFLINE: &[&str] = &["config", "completion", "options", "help", "kustomize", "plugin"];

/// Commands that ask the server before they ask which namespace they work in, which decides what is said of a context or
/// cluster that is not there. With `--namespace` all of them do.
const SERVER_FIRST: &[&str] = &[
    "api-resources",
    "api-versions",
    "apply",
    "auth can-i",
    "auth whoami",
    "autoscale",
    "certificate",
    "cluster-info",
    "cordon",
    "create",
    "diff",
    "drain",
    "explain",
    "expose",
    "proxy",
    "replace",
    "run",
    "set env",
    "top node",
    "uncordon",
    "version",
    "wait",
];

/// Whether a command asks the server first.
fn asks_server_first(parsed: &Parsed) -> bool {
    let last = ["apply edit-last-applied", "apply set-last-applied", "apply view-last-applied", "create token"];
    let asks = SERVER_FIRST.iter().any(|path| parsed.is_under(path)) && !last.iter().any(|path| parsed.is_under(path));
    asks || !parsed.text("raw").is_empty() || parsed.given("namespace")
}

/// Fills `cx.globals` from flags and kubeconfig.
///
/// # Errors
/// What kubectl says of a context, cluster, user or file that is not there.
pub fn resolve(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<(), Failure> {
    if !is_timeout(parsed.text("request-timeout")) {
        let text = "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)";
        return Err(Failure::Client(text.to_string()));
    }
    cx.globals.namespace_given = parsed.given("namespace");
    cx.globals.user = parsed.text("as").to_string();
    cx.globals.groups = parsed.all("as-group").to_vec();
    let extras = ["as-group", "as-uid", "as-user-extra"].iter().any(|flag| parsed.given(flag));
    let offline = OFFLINE.iter().any(|path| parsed.is_under(path)) || parsed.command.hidden || is_group(parsed);
    let mut namespace = parsed.text("namespace").to_string();
    if !offline {
        let config = kubeconfig::load(cx, parsed)?;
        let current = match parsed.text("context") {
            "" => text_at(&config, "current-context").to_string(),
            given => given.to_string(),
        };
        let context = kubeconfig::entry(&config, "contexts", &current);
        if context.is_none() && !current.is_empty() {
            return Err(match asks_server_first(parsed) {
                true => Failure::Client(format!("context {current:?} does not exist")),
                false if parsed.path == "kubectl set selector" => Failure::Plain(format!(
                    "Error in configuration: \n* context {current:?} does not exist\n* context was not found for specified context: {current}"
                )),
                false => Failure::Plain(format!("Error in configuration: context was not found for specified context: {current}")),
            });
        }
        for (flag, list, what) in [("cluster", "clusters", "cluster"), ("user", "users", "auth info")] {
            // `create rolebinding --user` is another flag of the same name
            let name = if parsed.command.all_flags().any(|own| own.name == flag) { "" } else { parsed.text(flag) };
            if !name.is_empty() && kubeconfig::entry(&config, list, name).is_none() {
                if parsed.path == "kubectl set selector" && flag == "cluster" {
                    let user = parsed.text("user");
                    let lost = !user.is_empty() && kubeconfig::entry(&config, "users", user).is_none();
                    let first = if lost { format!("auth info {user:?}") } else { format!("cluster {name:?}") };
                    return Err(Failure::Plain(format!(
                        "{first} does not exist\ninvalid configuration: no server found for cluster {name:?}"
                    )));
                }
                let text = if flag == "cluster" && !asks_server_first(parsed) {
                    format!("no server found for cluster {name:?}")
                } else {
                    format!("{what} {name:?} does not exist")
                };
                return Err(Failure::Client(text));
            }
        }
        if namespace.is_empty() {
            namespace = context.map_or("", |entry| text_at(entry, "/context/namespace")).to_string();
        }
        if extras && cx.globals.user.is_empty() {
            let who = context.map_or("", |entry| text_at(entry, "/context/user"));
            return Err(Failure::Client(format!("requesting uid, groups or user-extra for {who} without impersonating a user")));
        }
        let cluster = context.map_or("", |entry| text_at(entry, "/context/cluster"));
        let server = kubeconfig::entry(&config, "clusters", cluster).map_or("", |entry| text_at(entry, "/cluster/server"));
        let own = server.to_string();
        let server = if parsed.given("server") { parsed.text("server") } else { server };
        let server = if server.is_empty() { "http://localhost:8080" } else { server }.to_string();
        cx.globals.namespace = namespace.clone();
        reach(cx, parsed, &server, &own)?;
    }
    cx.globals.namespace = if namespace.is_empty() { "default".to_string() } else { namespace };
    Ok(())
}

/// Whether it is a command that only leads to others; one that does something of its own beside that is none.
fn is_group(parsed: &Parsed) -> bool {
    !parsed.command.children.is_empty() && !matches!(parsed.path.as_str(), "kubectl apply" | "kubectl cluster-info" | "kubectl create")
}

/// Whether a text is a number of seconds or a duration. Models client-go `clientcmd` ParseTimeout.
fn is_timeout(text: &str) -> bool {
    text.is_empty() || text.parse::<u64>().is_ok() || crate::text::duration::parse_go(text).is_ok()
}

/// Whether there is a server at that address; the one of the cluster is at port 6443.
fn reach(cx: &mut Cx<'_>, parsed: &Parsed, server: &str, own: &str) -> Result<(), Failure> {
    let whole = if server.contains("://") { server.to_string() } else { ["https://", server].concat() };
    let server = whole.as_str();
    let address = server.split("://").last().unwrap_or(server).split('/').next().unwrap_or_default();
    let (host, port) = address.rsplit_once(':').unwrap_or((address, if server.starts_with("http:") { "80" } else { "443" }));
    if !port.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Failure::Plain(format!("Unable to connect to the server: invalid port {:?} after host", [":", port].concat())));
    }
    let lost = unknown_host(cx, host, own);
    if port == "6443" && lost.is_none() {
        return Ok(());
    }
    let dialled = [if host == "localhost" { "127.0.0.1" } else { host }, ":", port].concat();
    let why = match (lost, port.parse::<u16>()) {
        (_, Err(_)) => format!("dial tcp: address {port}: invalid port"),
        (Some(why), _) => ["dial tcp: ", &why].concat(),
        (None, _) => format!("dial tcp {dialled}: connect: connection refused"),
    };
    let given = parsed.text("request-timeout");
    let nobody = Nobody {
        server: server.trim_end_matches('/'),
        address: &[host, ":", port].concat(),
        why: &why,
        timeout: if matches!(given, "0" | "") { "32s" } else { given },
    };
    unreachable::failure(cx, parsed, &nobody).map_or(Ok(()), Err)
}

/// What is said of a host that has no address: it is no number, no node, and not where the cluster `own` is.
pub fn unknown_host(cx: &Cx<'_>, host: &str, own: &str) -> Option<String> {
    let numeric = host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let parts = host.split('.');
    let known = match numeric {
        true => parts.clone().count() == 4 && parts.clone().all(|part| part.parse::<u8>().is_ok()),
        false => matches!(host, "" | "localhost") || host.starts_with('[') || own.contains(host) || is_node(cx, host),
    };
    match (known, numeric) {
        (true, _) => None,
        (false, true) => Some(format!("lookup {host}: no such host")),
        (false, false) => Some(format!("lookup {host} on 127.0.0.53:53: no such host")),
    }
}

/// Whether a node has that name; the learner's machine knows the addresses of all.
fn is_node(cx: &Cx<'_>, host: &str) -> bool {
    cx.api().get(NODES, &Key::new("", host)).is_some()
}

/// A line of kubectl's own log: of which severity, from which line of its source. Models klog's header.
pub(super) fn log_line(cx: &Cx<'_>, severity: char, place: &str, text: &str) -> String {
    let at = crate::text::timestamp::civil(cx.api().wall_ms());
    format!(
        "{severity}{:02}{:02} {:02}:{:02}:{:02}.{:03}000   29300 {place}] {text}\n",
        at.month, at.day, at.hour, at.minute, at.second, at.milli
    )
}
