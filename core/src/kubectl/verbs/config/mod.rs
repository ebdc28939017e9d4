//! `kubectl config`: reads and changes the kubeconfig file among the learner's files. Models kubectl `pkg/cmd/config`.
//!
//! ```text
//! $ kubectl config current-context
//! kubernetes-admin@kubernetes
//! $ kubectl config get-contexts nope
//! CURRENT   NAME   CLUSTER   AUTHINFO   NAMESPACE
//! error: context nope not found
//! $ kubectl config get-contexts -o json
//! error: --output json is not available in kubectl config get-contexts; resetting to default output format
//! $ kubectl config view --minify --context=nope
//! error: cannot locate context nope
//! $ kubectl config get-clusters
//! NAME
//! kubernetes
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use crate::arrange::Arrange;
use crate::kubectl::command::FlagKind;
use crate::kubectl::output::{OBJECT_FORMATS, Options, OutputFormat};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, Takes, change, kubeconfig};
use crate::object::struct_order;
use crate::object::value::{at_mut, items_at, set, text_at};
use crate::text::json;
use crate::text::table::{Layout, align};

mod entries;
mod property;

use entries::{delete, rename, set_cluster, set_context, set_credentials, use_context};

const LONG: &str = "Modify kubeconfig files using subcommands like \"kubectl config set current-context my-context\".\n\n The loading order follows these rules:\n\n  1.  If the --kubeconfig flag is set, then only that file is loaded. The flag may only be set once and no merging takes place.\n  2.  If $KUBECONFIG environment variable is set, then it is used as a list of paths (normal path delimiting rules for your system). These paths are merged. When a value is modified, it is modified in the file that defines the stanza. When a value is created, it is created in the first file that exists. If no files in the chain exist, then it creates the last file in the list.\n  3.  Otherwise, ${HOME}/.kube/config is used and no merging takes place.";

const fn sub(name: &'static str, usage: &'static str, short: &'static str, run: crate::kubectl::command::Run) -> Command {
    Command { name, usage, short, run: Some(run), ..Command::EMPTY }
}

/// `kubectl config`
pub static CONFIG: Command = Command {
    name: "config",
    usage: "config SUBCOMMAND",
    short: "Modify kubeconfig files",
    long: LONG,
    run: Some(change::group),
    children: &[
        &VIEW,
        &SET_CLUSTER,
        &SET_CREDENTIALS,
        &Command {
            takes: Takes::Configured("contexts"),
            flags: &[&[
                Flag::switch("current", "Change the current context."),
                Flag::text("cluster", "The context's cluster."),
                Flag::text("user", "The context's user."),
                Flag::text("namespace", "The context's namespace.").short('n'),
            ]],
            ..sub(
                "set-context",
                "config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]",
                "Set a context entry in kubeconfig",
                set_context,
            )
        },
        &Command {
            flags: &[&[Flag::switch("set-raw-bytes", "Take a value of bytes as it stands, not as base64.")]],
            ..sub("set", "config set PROPERTY_NAME PROPERTY_VALUE", "Set an individual value in a kubeconfig file", property::set_one)
        },
        &sub("unset", "config unset PROPERTY_NAME", "Unset an individual value in a kubeconfig file", property::unset),
        &sub("current-context", "config current-context [flags]", "Display the current-context", current),
        &Command {
            takes: Takes::Configured("contexts"),
            aliases: &["use"],
            ..sub("use-context", "config use-context CONTEXT_NAME", "Set the current-context in a kubeconfig file", use_context)
        },
        &Command {
            flags: &[&[
                Flag::switch("no-headers", "Leave the header out."),
                Flag::text("output", "The form of the output: name or nothing.").short('o'),
            ]],
            ..sub("get-contexts", "config get-contexts [(-o|--output=)name)]", "Describe one or many contexts", contexts)
        },
        &sub("get-clusters", "config get-clusters [flags]", "Display clusters defined in the kubeconfig", |cx, p| names(cx, p, "clusters")),
        &sub("get-users", "config get-users [flags]", "Display users defined in the kubeconfig", |cx, p| names(cx, p, "users")),
        &Command {
            takes: Takes::Configured("clusters"),
            ..sub("delete-cluster", "config delete-cluster NAME", "Delete the specified cluster from the kubeconfig", |cx, p| {
                delete(cx, p, "cluster")
            })
        },
        &Command {
            takes: Takes::Configured("contexts"),
            ..sub("delete-context", "config delete-context NAME", "Delete the specified context from the kubeconfig", |cx, p| {
                delete(cx, p, "context")
            })
        },
        &Command {
            takes: Takes::Configured("users"),
            ..sub("delete-user", "config delete-user NAME", "Delete the specified user from the kubeconfig", |cx, p| delete(cx, p, "user"))
        },
        &Command {
            takes: Takes::Configured("contexts"),
            ..sub("rename-context", "config rename-context CONTEXT_NAME NEW_NAME", "Rename a context from the kubeconfig file", rename)
        },
    ],
    ..Command::EMPTY
};

static VIEW: Command = Command {
    flags: &[&[
        Flag::switch("allow-missing-template-keys", "Ignore fields that a template names and the object lacks.").default("true"),
        Flag::switch("flatten", "Put files that are named into the output."),
        Flag::switch("merge", "Merge the files.").default("true"),
        Flag::switch("minify", "Only what the current context uses."),
        Flag::text("output", "The form of the output.").short('o').default("yaml"),
        Flag::switch("raw", "Show certificates and keys."),
        Flag::switch("show-managed-fields", "Keep managedFields in JSON and YAML."),
        Flag::text("template", "The template, or the file with it, for -o go-template."),
    ]],
    ..sub("view", "config view [flags]", "Display merged kubeconfig settings or a specified kubeconfig file", view)
};

static SET_CLUSTER: Command = Command {
    flags: &[&[
        Flag::text("certificate-authority", "The file with the cluster's certificate authority."),
        Flag::switch("embed-certs", "Put the certificates themselves into the kubeconfig."),
        Flag::switch("insecure-skip-tls-verify", "Do not check the server's certificate."),
        Flag::text("proxy-url", "The proxy on the way to the cluster."),
        Flag::text("server", "The cluster's address."),
        Flag::text("tls-server-name", "The name in the server's certificate."),
    ]],
    ..sub(
        "set-cluster",
        "config set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]",
        "Set a cluster entry in kubeconfig",
        set_cluster,
    )
};

static SET_CREDENTIALS: Command = Command {
    flags: &[&[
        Flag::text("auth-provider", "The provider of credentials."),
        Flag::text("auth-provider-arg", "An argument for the provider: key=value, or key- to take it away.").kind(FlagKind::Slice, "[]"),
        Flag::text("client-certificate", "The file with the user's certificate."),
        Flag::text("client-key", "The file with the user's key."),
        Flag::switch("embed-certs", "Put the certificates themselves into the kubeconfig."),
        Flag::text("exec-api-version", "The API version of the command for credentials."),
        Flag::text("exec-arg", "An argument of the command for credentials.").kind(FlagKind::Slice, "[]"),
        Flag::text("exec-command", "The command for credentials."),
        Flag::text("exec-env", "A variable for the command: name=value, or name- to take it away.").kind(FlagKind::Slice, "[]"),
        Flag::text("exec-interactive-mode", "Whether the command may read standard input: Never, IfAvailable or Always."),
        Flag::switch("exec-provide-cluster-info", "Tell the command about the cluster."),
        Flag::text("password", "The password for basic authentication."),
        Flag::text("token", "The bearer token."),
        Flag::text("username", "The user's name for basic authentication."),
    ]],
    ..sub(
        "set-credentials",
        "config set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]",
        "Set a user entry in kubeconfig",
        set_credentials,
    )
};

fn current(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let config = kubeconfig::load(cx, parsed)?;
    match text_at(&config, "current-context") {
        "" => Err(Failure::Client("current-context is not set".to_string())),
        name => {
            cx.out(&format!("{name}\n"));
            Ok(Flow::Done(0))
        }
    }
}

fn contexts(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let config = kubeconfig::load(cx, parsed)?;
    let now = text_at(&config, "current-context");
    let mut all: Vec<&Value> = items_at(&config, "contexts").iter().collect();
    all.arrange_by_key(|entry| text_at(entry, "name"));
    let missing: Vec<&str> =
        parsed.args.iter().filter(|n| kubeconfig::entry(&config, "contexts", n).is_none()).map(String::as_str).collect();
    if !parsed.args.is_empty() {
        all.retain(|entry| parsed.args.iter().any(|name| name == text_at(entry, "name")));
    }
    let plain = match parsed.text("output") {
        "" => false,
        "name" => true,
        other => {
            let why = "is not available in kubectl config get-contexts; resetting to default output format";
            return Err(Failure::Client(format!("--output {other} {why}")));
        }
    };
    if plain {
        cx.out(&all.iter().fold(String::new(), |text, entry| text + text_at(entry, "name") + "\n"));
        return not_found(&missing);
    }
    let mut rows: Vec<Vec<&str>> = Vec::new();
    if !parsed.on("no-headers") {
        rows.push(alloc::vec!["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"]);
    }
    for entry in all {
        let name = text_at(entry, "name");
        let of = |path: &str| text_at(entry, path);
        let mark = if name == now { "*" } else { "" };
        rows.push(alloc::vec![mark, name, of("/context/cluster"), of("/context/user"), of("/context/namespace")]);
    }
    cx.out(&align(Layout::GET, &rows));
    not_found(&missing)
}

/// The end of a command that did not find some contexts.
fn not_found(missing: &[&str]) -> Result<Flow, Failure> {
    let told = missing.iter().map(|name| Failure::Client(format!("context {name} not found"))).collect();
    Failure::from_many(told).map_or(Ok(Flow::Done(0)), Err)
}

fn names(cx: &mut Cx<'_>, parsed: &Parsed, list: &str) -> Result<Flow, Failure> {
    let config = kubeconfig::load(cx, parsed)?;
    let mut all: Vec<&str> = items_at(&config, list).iter().map(|entry| text_at(entry, "name")).collect();
    all.arrange();
    cx.out(&all.iter().fold("NAME\n".to_string(), |text, name| text + name + "\n"));
    Ok(Flow::Done(0))
}

fn view(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if !parsed.args.is_empty() {
        return Err(Failure::Usage(format!("unexpected arguments: [{}]", parsed.args.join(" "))));
    }
    if !parsed.on("merge") && !parsed.given("kubeconfig") {
        return Err(Failure::Client("if merge==false a precise file must be specified".to_string()));
    }
    let mut config = kubeconfig::load(cx, parsed)?;
    if parsed.on("minify") {
        let name = match parsed.text("context") {
            "" => text_at(&config, "current-context").to_string(),
            name => name.to_string(),
        };
        if name.is_empty() {
            return Err(Failure::Client("current-context must exist in order to minify".to_string()));
        }
        let Some(context) = kubeconfig::entry(&config, "contexts", &name).cloned() else {
            return Err(Failure::Client(format!("cannot locate context {name}")));
        };
        set(&mut config, "current-context", name.as_str());
        let keep = [
            ("contexts", name.as_str()),
            ("clusters", text_at(&context, "/context/cluster")),
            ("users", text_at(&context, "/context/user")),
        ];
        for (list, wanted) in keep {
            if let Some(Value::Array(entries)) = at_mut(&mut config, list) {
                entries.retain(|entry| text_at(entry, "name") == wanted);
            }
        }
    }
    if !parsed.on("raw") && !parsed.on("flatten") {
        for (list, part) in [("clusters", "cluster"), ("users", "user")] {
            let Some(Value::Array(entries)) = at_mut(&mut config, list) else { continue };
            for (key, value) in entries.iter_mut().filter_map(|e| e.get_mut(part)?.as_object_mut()).flatten() {
                match key.as_str() {
                    key if key.ends_with("-data") => *value = "DATA+OMITTED".into(),
                    "token" | "password" => *value = "REDACTED".into(),
                    _ => {}
                }
            }
        }
    }
    kubeconfig::whole(&mut config);
    let options = Options { formats: OBJECT_FORMATS, template: parsed.text("template"), ..Options::default() };
    let mut text = String::new();
    if parsed.text("output") == "json" {
        in_go_order(&config, 0, &mut text);
        cx.out(&[text.as_str(), "\n"].concat());
        return Ok(Flow::Done(0));
    }
    if parsed.text("output") == "kyaml" {
        cx.out(&struct_order::kyaml_by(&config, &|_| ORDER));
        return Ok(Flow::Done(0));
    }
    if let Some(format) = OutputFormat::parse(parsed.text("output"), &options).map_err(Failure::Client)? {
        format.print(&[config], false, &mut text).map_err(Failure::Client)?;
    }
    cx.out(&text);
    Ok(Flow::Done(0))
}

/// The keys of a kubeconfig in the order of clientcmd's structs.
const ORDER: &[&str] = &[
    "kind",
    "apiVersion",
    "preferences",
    "clusters",
    "users",
    "contexts",
    "current-context",
    "name",
    "cluster",
    "server",
    "tls-server-name",
    "insecure-skip-tls-verify",
    "certificate-authority",
    "certificate-authority-data",
    "proxy-url",
    "disable-compression",
    "user",
    "namespace",
    "context",
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "tokenFile",
    "username",
    "password",
    "auth-provider",
    "exec",
];

/// Prints JSON with the keys in [`ORDER`], four blanks for each level.
fn in_go_order(value: &Value, depth: usize, out: &mut String) {
    let (open, close, count) = match value {
        Value::Object(map) => ("{", "}", map.len()),
        Value::Array(list) => ("[", "]", list.len()),
        other => return out.push_str(&json::compact(other)),
    };
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(core::iter::repeat_n("    ", depth));
    };
    out.push_str(open);
    let mut parts: Vec<(Option<&String>, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (Some(key), value)).collect(),
        other => other.as_array().into_iter().flatten().map(|value| (None, value)).collect(),
    };
    parts.arrange_by_key(|(key, _)| key.map(|key| ORDER.iter().position(|known| known == key).unwrap_or(ORDER.len())));
    for (number, (key, value)) in parts.into_iter().enumerate() {
        out.push_str(if number > 0 { "," } else { "" });
        line(out, depth + 1);
        if let Some(key) = key {
            out.push_str(&[json::compact(&Value::from(key.as_str())).as_str(), ": "].concat());
        }
        in_go_order(value, depth + 1, out);
    }
    if count > 0 {
        line(out, depth);
    }
    out.push_str(close);
}
