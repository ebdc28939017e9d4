//! What there is: `version`, `api-resources`, `api-versions`, `cluster-info`, `plugin list`, `completion`, `top`.
//! Models kubectl `pkg/cmd/{version,apiresources,clusterinfo,plugin,completion,top}`.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::json;

use crate::api::registry::Resource;
use crate::api::{Asker, Deed};
use crate::arrange::Arrange;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};
use crate::text::table::{Layout, align};
use crate::text::{json as json_text, yaml};

const OUTPUT: &[Flag] = &[Flag::text("output", "The form of the output.").short('o')];

/// `kubectl version`
pub static VERSION: Command = Command {
    name: "version",
    usage: "version [--client] [--output=json|yaml] [flags]",
    short: "Print the client and server version information",
    examples: "# Both versions\nkubectl version",
    flags: &[OUTPUT, &[Flag::switch("client", "Show the client's version only.")]],
    run: Some(version),
    ..Command::EMPTY
};

fn version(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let mut all = json!({
        "clientVersion": {
            "major": "1", "minor": "36", "gitVersion": "v1.36.4", "gitCommit": "bb826b1d48562f110659e64e8ec444327433db95",
            "gitTreeState": "clean", "buildDate": "2026-09-29T20:03:31Z", "goVersion": "go1.27.1", "compiler": "gc", "platform": "linux/amd64"
        },
        "kustomizeVersion": "v5.8.1"
    });
    if !parsed.on("client") {
        let server = json!({
            "major": "1", "minor": "36", "emulationMajor": "1", "emulationMinor": "36", "minCompatibilityMajor": "1",
            "minCompatibilityMinor": "35", "gitVersion": "v1.36.2", "gitCommit": "0000000000000000000000000000000000000000",
            "gitTreeState": "clean", "buildDate": "2026-06-16T00:00:00Z", "goVersion": "go1.26.6", "compiler": "gc", "platform": "linux/amd64"
        });
        crate::object::value::set(&mut all, "/serverVersion", server);
    }
    let text = match parsed.text("output") {
        "yaml" => [yaml::print(&all).as_str(), "\n"].concat(),
        "json" => [json_text::indented(&all).as_str(), "\n"].concat(),
        "" => {
            let server = if parsed.on("client") { "" } else { "Server Version: v1.36.2\n" };
            format!("Client Version: v1.36.4\nKustomize Version: v5.8.1\n{server}")
        }
        _ => return Err(Failure::Client("--output must be 'yaml' or 'json'".to_string())),
    };
    cx.out(&text);
    Ok(Flow::Done(0))
}

/// `kubectl api-versions`
pub static API_VERSIONS: Command = Command {
    name: "api-versions",
    usage: "api-versions",
    short: "Print the supported API versions on the server, in the form of \"group/version\"",
    examples: "# The versions\nkubectl api-versions",
    run: Some(|cx, _| {
        let mut all: BTreeSet<String> = cx.api().registry.all().map(|row| row.api_version()).collect();
        all.insert("autoscaling/v1".to_string());
        cx.out(&all.iter().fold(String::new(), |text, line| text + line + "\n"));
        Ok(Flow::Done(0))
    }),
    ..Command::EMPTY
};

/// `kubectl api-resources`
pub static API_RESOURCES: Command = Command {
    name: "api-resources",
    usage: "api-resources [flags]",
    short: "Print the supported API resources on the server",
    examples: "# All resources\nkubectl api-resources\n\n# Those of a group\nkubectl api-resources --api-group=apps",
    flags: &[
        OUTPUT,
        &[
            Flag::text("api-group", "Resources of this group only."),
            Flag::switch("cached", "Use what was remembered of the server."),
            Flag::text("categories", "Resources of these categories only.").kind(FlagKind::Slice, "[]"),
            Flag::switch("namespaced", "Resources with a namespace (=true) or without (=false).").default("true"),
            Flag::switch("no-headers", "Leave the header out."),
            Flag::switch("show-managed-fields", "Keep managedFields in JSON and YAML."),
            Flag::text("sort-by", "Sort by name or kind."),
            Flag::text("verbs", "Resources that take these verbs only.").kind(FlagKind::Slice, "[]"),
        ],
    ],
    run: Some(api_resources),
    ..Command::EMPTY
};

fn api_resources(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if let Some(first) = parsed.args.first() {
        return Err(Failure::Usage(format!("unexpected arguments: [{first}]")));
    }
    let output = parsed.text("output");
    if !matches!(output, "" | "wide" | "name" | "json" | "yaml") {
        return Err(Failure::Client(format!("--output {output} is not available")));
    }
    let sort = parsed.text("sort-by");
    if !matches!(sort, "" | "name" | "kind") {
        return Err(Failure::Client("--sort-by accepts only name or kind".to_string()));
    }
    let wanted = |row: &&Rc<Resource>| {
        (!parsed.given("api-group") || row.group == parsed.text("api-group"))
            && (!parsed.given("namespaced") || row.namespaced == parsed.on("namespaced"))
            && parsed.all("verbs").iter().all(|verb| row.can(verb))
            && parsed.all("categories").iter().all(|c| row.categories.iter().any(|have| have == c))
    };
    let mut rows: Vec<Rc<Resource>> = cx.api().registry.all().filter(wanted).cloned().collect();
    match sort {
        "name" => rows.arrange_by(|a, b| a.plural.cmp(&b.plural)),
        "kind" => rows.arrange_by(|a, b| a.kind.cmp(&b.kind)),
        _ => rows.arrange_by(|a, b| (&a.group, &a.plural).cmp(&(&b.group, &b.plural))),
    }
    let mut lines: Vec<Vec<String>> = Vec::new();
    let wide = output == "wide";
    if !parsed.on("no-headers") && output != "name" {
        let mut head = alloc::vec!["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"];
        if wide {
            head.extend(["VERBS", "CATEGORIES"]);
        }
        lines.push(head.into_iter().map(ToString::to_string).collect());
    }
    for row in rows {
        if output == "name" {
            lines.push(alloc::vec![row.key()]);
            continue;
        }
        let mut line = alloc::vec![
            row.plural.to_string(),
            row.short_names.join(","),
            row.api_version(),
            row.namespaced.to_string(),
            row.kind.to_string()
        ];
        if wide {
            line.push(row.verbs().collect::<Vec<_>>().join(","));
            line.push(row.categories.join(","));
        }
        lines.push(line);
    }
    cx.out(&align(Layout::GET, &lines));
    Ok(Flow::Done(0))
}

/// `kubectl cluster-info`
pub static CLUSTER_INFO: Command = Command {
    name: "cluster-info",
    usage: "cluster-info [flags]",
    short: "Display cluster information",
    examples: "# Where the control plane is\nkubectl cluster-info",
    run: Some(|cx, _| {
        let dns = match cx.api().find("services", "kube-system", "kube-dns") {
            Some(_) => "CoreDNS is running at https://127.0.0.1:6443/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy\n",
            None => "",
        };
        let text = [
            "Kubernetes control plane is running at https://127.0.0.1:6443\n",
            dns,
            "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n",
        ];
        cx.out(&text.concat());
        Ok(Flow::Done(0))
    }),
    ..Command::EMPTY
};

/// `kubectl plugin`
pub static PLUGIN: Command = Command {
    name: "plugin",
    usage: "plugin [flags]",
    short: "Provides utilities for interacting with plugins",
    children: &[&Command {
        name: "list",
        usage: "plugin list [flags]",
        short: "List all visible plugin executables on a user's PATH",
        flags: &[&[Flag::switch("name-only", "Names only, without paths.")]],
        run: Some(|_, _| Err(Failure::Client("unable to find any kubectl plugins in your PATH".to_string()))),
        ..Command::EMPTY
    }],
    ..Command::EMPTY
};

/// `kubectl completion`
pub static COMPLETION: Command = Command {
    name: "completion",
    usage: "completion SHELL",
    short: "Output shell completion code for the specified shell (bash, zsh, fish, or powershell)",
    examples: "# Completion for bash\nkubectl completion bash",
    run: Some(|cx, parsed| match parsed.args.as_slice() {
        [] => Err(Failure::Usage("Shell not specified.".to_string())),
        [shell] if matches!(shell.as_str(), "bash" | "zsh" | "fish" | "powershell") => {
            cx.out(&format!("# {shell} completion for kubectl: the terminal here completes by itself\n"));
            Ok(Flow::Done(0))
        }
        [shell] => Err(Failure::Usage(format!("Unsupported shell type {shell:?}."))),
        _ => Err(Failure::Usage("Too many arguments. Expected only the shell type.".to_string())),
    }),
    ..Command::EMPTY
};

const TOP: &[Flag] = &[
    Flag::switch("no-headers", "Leave the header out."),
    Flag::text("selector", "Only objects with these labels.").short('l'),
    Flag::switch("show-swap", "Show swap too."),
    Flag::text("sort-by", "Sort by cpu or memory."),
    Flag::switch("use-protocol-buffers", "How to speak with the metrics server.").default("true"),
];

fn no_metrics(_: &mut Cx<'_>, _: &Parsed) -> Result<Flow, Failure> {
    Err(Failure::Client("Metrics API not available".to_string()))
}

/// `kubectl top`; there is no metrics server in the cluster.
pub static TOP_COMMAND: Command = Command {
    name: "top",
    usage: "top [flags]",
    short: "Display resource (CPU/memory) usage",
    children: &[
        &Command {
            name: "node",
            aliases: &["nodes", "no"],
            usage: "top node [NAME | -l label] [flags]",
            short: "Display resource (CPU/memory) usage of nodes",
            flags: &[TOP, &[Flag::switch("show-capacity", "Of what the node has, not of what it can give.")]],
            run: Some(no_metrics),
            ..Command::EMPTY
        },
        &Command {
            name: "pod",
            aliases: &["pods", "po"],
            usage: "top pod [NAME | -l label] [flags]",
            short: "Display resource (CPU/memory) usage of pods",
            flags: &[
                TOP,
                &[
                    Flag::switch("all-namespaces", "Pods of all namespaces.").short('A'),
                    Flag::switch("containers", "Each container by itself."),
                    Flag::text("field-selector", "Only objects with these fields."),
                    Flag::switch("sum", "Add a line with the sum."),
                ],
            ],
            run: Some(no_metrics),
            ..Command::EMPTY
        },
    ],
    ..Command::EMPTY
};

/// `kubectl auth`
pub static AUTH: Command = Command {
    name: "auth",
    usage: "auth [flags]",
    short: "Inspect authorization",
    children: &[
        &Command {
            name: "can-i",
            usage: "auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
            short: "Check whether an action is allowed",
            examples: "# May I make Pods?\nkubectl auth can-i create pods",
            flags: &[&[
                Flag::switch("all-namespaces", "In all namespaces.").short('A'),
                Flag::switch("list", "List all that is allowed."),
                Flag::switch("no-headers", "Leave the header out."),
                Flag::switch("quiet", "Say nothing; only the exit code tells.").short('q'),
                Flag::text("subresource", "A part of the resource: log, scale."),
            ]],
            run: Some(can_i),
            ..Command::EMPTY
        },
        &Command {
            name: "whoami",
            usage: "auth whoami",
            short: "Experimental: Check self subject attributes",
            flags: &[OUTPUT],
            run: Some(who_am_i),
            ..Command::EMPTY
        },
    ],
    ..Command::EMPTY
};

fn can_i(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if parsed.args.is_empty() && !parsed.on("list") {
        let text = "you must specify two arguments: verb resource or verb resource/resourceName.";
        return Err(Failure::Client(text.to_string()));
    }
    let word = parsed.args.get(1).map_or("", String::as_str);
    let resource = word.split('/').next().unwrap_or_default();
    if !matches!(resource, "" | "*") {
        match cx.api().registry.resolve(resource).cloned() {
            None => cx.err(&format!("Warning: the server doesn't have a resource type '{resource}'\n\n")),
            Some(row) if !row.namespaced => {
                let group = if row.group.is_empty() { String::new() } else { format!(" in group '{}'", row.group) };
                cx.err(&format!("Warning: resource '{}' is not namespace scoped{group}\n\n", row.plural));
            }
            Some(_) => {}
        }
    }
    let row = cx.api().registry.resolve(resource).cloned();
    let named = row.as_ref().map_or(resource, |row| &row.plural);
    let sub = parsed.text("subresource");
    let asker = Asker { user: cx.globals.user.clone(), groups: cx.globals.groups.clone() };
    let everywhere = parsed.on("all-namespaces") || row.as_ref().is_some_and(|row| !row.namespaced);
    let deed = Deed {
        verb: parsed.args.first().map_or("", String::as_str),
        group: row.as_ref().map_or("*", |row| &row.group),
        resource: &if sub.is_empty() { named.to_string() } else { [named, "/", sub].concat() },
        namespace: if everywhere { "" } else { &cx.globals.namespace },
        name: word.split_once('/').map_or("", |(_, name)| name),
    };
    let (text, code) = match cx.api().may(&asker, &deed) {
        Ok(()) => ("yes\n".to_string(), 0),
        Err(why) if why.is_empty() => ("no\n".to_string(), 1),
        Err(why) => (["no - ", &why, "\n"].concat(), 1),
    };
    if !parsed.on("quiet") {
        cx.out(&text);
    }
    Ok(Flow::Done(code))
}

fn who_am_i(cx: &mut Cx<'_>, _: &Parsed) -> Result<Flow, Failure> {
    let user = if cx.globals.user.is_empty() { "kubernetes-admin" } else { cx.globals.user.as_str() };
    let line = |a: &str, b: &str| alloc::vec![a.to_string(), b.to_string()];
    let mut lines = alloc::vec![line("ATTRIBUTE", "VALUE"), line("Username", user)];
    if cx.globals.user.is_empty() {
        lines.push(line("Groups", "[system:masters system:authenticated]"));
        let id = "[X509SHA256=5d263d35ffcbcc0a6fcd476dd20716adad72cafc89b1ffed2cc5411cbce8ad3a]";
        lines.push(line("Extra: authentication.kubernetes.io/credential-id", id));
    } else {
        let groups: Vec<&str> = cx.globals.groups.iter().map(String::as_str).chain(["system:authenticated"]).collect();
        lines.push(line("Groups", &format!("[{}]", groups.join(" "))));
    }
    cx.out(&align(Layout::GET, &lines));
    Ok(Flow::Done(0))
}
