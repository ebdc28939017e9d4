//! The global options: which namespace, on whose behalf, how long to wait. Models cli-runtime `genericclioptions` ConfigFlags.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

use super::server;
use crate::kubectl::{Cx, Failure, Parsed, kubeconfig};
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

/// What `--profile` may say.
const PROFILES: [&str; 8] = ["none", "cpu", "goroutine", "threadcreate", "heap", "allocs", "block", "mutex"];

/// Fills `cx.globals` from flags and kubeconfig.
///
/// # Errors
/// What kubectl says of a context, cluster, user or file that is not there, or of a server that does not answer.
pub fn resolve(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<(), Failure> {
    let profile = parsed.text("profile");
    if parsed.given("profile") && !PROFILES.contains(&profile) && !parsed.command.all_flags().any(|own| own.name == "profile") {
        return Err(Failure::Client(format!("unknown profile '{profile}'")));
    }
    if !is_timeout(parsed.text("request-timeout")) {
        let text = "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)";
        return Err(Failure::Client(text.to_string()));
    }
    cx.globals.namespace_given = parsed.given("namespace");
    cx.globals.user = parsed.text("as").to_string();
    cx.globals.groups = parsed.all("as-group").to_vec();
    let mut namespace = parsed.text("namespace").to_string();
    if !is_offline(parsed) {
        let config = kubeconfig::load(cx, parsed)?;
        let context = context(&config, parsed)?;
        entries_exist(&config, parsed)?;
        let of_context = |field: &str| context.map_or("", |entry| text_at(entry, field));
        if namespace.is_empty() {
            namespace = of_context("/context/namespace").to_string();
        }
        let extras = ["as-group", "as-uid", "as-user-extra"].iter().any(|flag| parsed.given(flag));
        if extras && cx.globals.user.is_empty() {
            let who = of_context("/context/user");
            return Err(Failure::Client(format!("requesting uid, groups or user-extra for {who} without impersonating a user")));
        }
        let cluster = kubeconfig::entry(&config, "clusters", of_context("/context/cluster"));
        cx.globals.namespace = namespace.clone();
        server::reach(cx, parsed, cluster.map_or("", |entry| text_at(entry, "/cluster/server")))?;
    }
    cx.globals.namespace = if namespace.is_empty() { "default".to_string() } else { namespace };
    Ok(())
}

/// The context in force, if the kubeconfig names one.
fn context<'c>(config: &'c Value, parsed: &Parsed) -> Result<Option<&'c Value>, Failure> {
    let name = match parsed.text("context") {
        "" => text_at(config, "current-context"),
        given => given,
    };
    let context = kubeconfig::entry(config, "contexts", name);
    if context.is_some() || name.is_empty() {
        return Ok(context);
    }
    Err(match asks_server_first(parsed) {
        true => Failure::Client(format!("context {name:?} does not exist")),
        false if parsed.path == "kubectl set selector" => Failure::Plain(format!(
            "Error in configuration: \n* context {name:?} does not exist\n* context was not found for specified context: {name}"
        )),
        false => Failure::Plain(format!("Error in configuration: context was not found for specified context: {name}")),
    })
}

/// Whether the kubeconfig has the cluster and the user that are asked for by name.
fn entries_exist(config: &Value, parsed: &Parsed) -> Result<(), Failure> {
    for (flag, list, what) in [("cluster", "clusters", "cluster"), ("user", "users", "auth info")] {
        // `create rolebinding --user` is another flag of the same name
        let name = if parsed.command.all_flags().any(|own| own.name == flag) { "" } else { parsed.text(flag) };
        if name.is_empty() || kubeconfig::entry(config, list, name).is_some() {
            continue;
        }
        if parsed.path == "kubectl set selector" && flag == "cluster" {
            let user = parsed.text("user");
            let lost = !user.is_empty() && kubeconfig::entry(config, "users", user).is_none();
            let first = if lost { format!("auth info {user:?}") } else { format!("cluster {name:?}") };
            return Err(Failure::Plain(format!("{first} does not exist\ninvalid configuration: no server found for cluster {name:?}")));
        }
        return Err(Failure::Client(if flag == "cluster" && !asks_server_first(parsed) {
            format!("no server found for cluster {name:?}")
        } else {
            format!("{what} {name:?} does not exist")
        }));
    }
    Ok(())
}

/// Whether it is a command that asks no server.
fn is_offline(parsed: &Parsed) -> bool {
    OFFLINE.iter().any(|path| parsed.is_under(path)) || parsed.command.hidden || is_group(parsed)
}

/// Whether it is a command that only leads to others; one that does something of its own beside that is none.
fn is_group(parsed: &Parsed) -> bool {
    !parsed.command.children.is_empty() && !matches!(parsed.path.as_str(), "kubectl apply" | "kubectl cluster-info" | "kubectl create")
}

/// Whether a text is a number of seconds or a duration. Models client-go `clientcmd` ParseTimeout.
fn is_timeout(text: &str) -> bool {
    text.is_empty() || text.parse::<u64>().is_ok() || crate::text::duration::parse_go(text).is_ok()
}

/// A line of kubectl's own log: of which severity, from which line of its source. Models klog's header.
pub(super) fn log_line(cx: &Cx<'_>, severity: char, place: &str, text: &str) -> String {
    let at = crate::text::timestamp::civil(cx.api().wall_ms());
    format!(
        "{severity}{:02}{:02} {:02}:{:02}:{:02}.{:03}000   29300 {place}] {text}\n",
        at.month, at.day, at.hour, at.minute, at.second, at.milli
    )
}
