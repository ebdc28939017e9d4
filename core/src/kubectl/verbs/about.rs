//! What there is: `version`, `api-resources`, `api-versions`, `plugin list`.
//! Models kubectl `pkg/cmd/{version,apiresources,plugin}`.
//!
//! ```text
//! $ kubectl api-versions | head -2
//! admissionregistration.k8s.io/v1
//! apiextensions.k8s.io/v1
//! $ kubectl api-resources --api-group=batch
//! NAME       SHORTNAMES   APIVERSION   NAMESPACED   KIND
//! cronjobs   cj           batch/v1     true         CronJob
//! jobs                    batch/v1     true         Job
//! $ kubectl alpha
//! No alpha commands are available in this version of kubectl
//! ```

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::cluster_info;
use crate::api::registry::Resource;
use crate::arrange::Arrange;
use crate::kubectl::output::{OBJECT_FORMATS, Options, OutputFormat};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};
use crate::object::{struct_order, value};
use crate::text::json;
use crate::text::table::{Layout, align};
use crate::text::yaml;

const OUTPUT: &[Flag] = &[Flag::text("output", "The form of the output.").short('o')];

/// `kubectl version`
pub static VERSION: Command = Command {
    name: "version",
    usage: "version [flags]",
    short: "Print the client and server version information",
    examples: "# Both versions\nkubectl version",
    flags: &[OUTPUT, &[Flag::switch("client", "Show the client's version only.")]],
    run: Some(version),
    ..Command::EMPTY
};

/// What kubectl calls itself in objects that it looks after.
pub(super) const TOOLING: &str = "kubectl/v1.36.4";

/// What `kubectl version` says of itself.
pub(super) const CLIENT: &str = "Client Version: v1.36.4\nKustomize Version: v5.8.1\n";

fn version(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if !parsed.args.is_empty() {
        return Err(Failure::Client(format!("extra arguments: [{}]", parsed.args.join(" "))));
    }
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
        "json" => [json::pretty(&struct_json(&all)).as_str(), "\n"].concat(),
        "" => {
            let server = if parsed.on("client") { "" } else { "Server Version: v1.36.2\n" };
            [CLIENT, server].concat()
        }
        _ => return Err(Failure::Client("--output must be 'yaml' or 'json'".to_string())),
    };
    cx.out(&text);
    Ok(Flow::Done(0))
}

/// The fields of a version as Go's struct has them.
const VERSION_FIELDS: &[&str] = &[
    "major",
    "minor",
    "emulationMajor",
    "emulationMinor",
    "minCompatibilityMajor",
    "minCompatibilityMinor",
    "gitVersion",
    "gitCommit",
    "gitTreeState",
    "buildDate",
    "goVersion",
    "compiler",
    "platform",
];

/// An object as JSON with its fields in this order.
fn in_order(object: &Value, fields: &[&str]) -> String {
    let all: Vec<String> = fields.iter().filter_map(|f| object.get(*f).map(|v| format!("\"{f}\":{v}"))).collect();
    format!("{{{}}}", all.join(","))
}

/// Both versions as JSON.
fn struct_json(all: &Value) -> String {
    let one = |name: &str| all.get(name).map(|have| format!("\"{name}\":{}", in_order(have, VERSION_FIELDS)));
    let kustomize = format!("\"kustomizeVersion\":{}", all["kustomizeVersion"]);
    let parts: Vec<String> = one("clientVersion").into_iter().chain([kustomize]).chain(one("serverVersion")).collect();
    format!("{{{}}}", parts.join(","))
}

/// `kubectl api-versions`
pub static API_VERSIONS: Command = Command {
    name: "api-versions",
    usage: "api-versions",
    short: "Print the supported API versions on the server, in the form of \"group/version\"",
    examples: "# The versions\nkubectl api-versions",
    run: Some(|cx, parsed| {
        if !parsed.args.is_empty() {
            return Err(Failure::Usage(format!("unexpected arguments: [{}]", parsed.args.join(" "))));
        }
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
    if !parsed.args.is_empty() {
        return Err(Failure::Usage(format!("unexpected arguments: [{}]", parsed.args.join(" "))));
    }
    let output = parsed.text("output");
    if !matches!(output, "" | "wide" | "name" | "json" | "yaml" | "kyaml") {
        let text = format!(
            "unable to match a printer suitable for the output format \"{output}\", allowed formats are: json,kyaml,name,wide,yaml"
        );
        return Err(Failure::Client(text));
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
    if matches!(output, "json" | "yaml" | "kyaml") {
        let text = whole(&rows, output)?;
        cx.out(&text);
        return Ok(Flow::Done(0));
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

/// Resources as one list, as discovery describes them.
fn whole(rows: &[Rc<Resource>], format: &str) -> Result<String, Failure> {
    const FIELDS: &[&str] = &["name", "singularName", "namespaced", "group", "version", "kind", "verbs", "shortNames", "categories"];
    let one = |row: &Rc<Resource>| {
        let mut value = json!({
            "name": &*row.plural, "singularName": &*row.singular, "namespaced": row.namespaced, "version": &*row.version,
            "kind": &*row.kind, "verbs": row.verbs().collect::<Vec<_>>(),
        });
        for (field, list) in [("shortNames", &row.short_names), ("categories", &row.categories)] {
            if !list.is_empty() {
                value::set(&mut value, field, list.iter().map(|word| Value::from(word.to_string())).collect::<Value>());
            }
        }
        if !row.group.is_empty() {
            value::set(&mut value, "group", row.group.to_string());
        }
        value
    };
    let items: Vec<Value> = rows.iter().map(one).collect();
    if format == "json" {
        let items: Vec<String> = items.iter().map(|item| in_order(item, FIELDS)).collect();
        let head = "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\"\",\"resources\":";
        return Ok(cluster_info::deeper(&json::pretty(&format!("{head}[{}]}}", items.join(",")))));
    }
    let list = json!({"apiVersion": "v1", "groupVersion": "", "kind": "APIResourceList", "resources": items});
    if format == "kyaml" {
        const HEAD: &[&str] = &["kind", "apiVersion", "groupVersion", "resources"];
        return Ok(struct_order::kyaml_by(&list, &|map| if map.contains_key("resources") { HEAD } else { FIELDS }));
    }
    let mut text = String::new();
    let options = Options { formats: OBJECT_FORMATS, ..Options::default() };
    if let Some(format) = OutputFormat::parse(format, &options).map_err(Failure::Client)? {
        format.print(&[list], false, &mut text).map_err(Failure::Client)?;
    }
    Ok(text)
}

/// `kubectl alpha`, under which there is nothing now
pub static ALPHA: Command = Command {
    name: "alpha",
    usage: "alpha",
    short: "Commands for features in alpha",
    hidden: true,
    run: Some(|cx, _| {
        cx.err("No alpha commands are available in this version of kubectl\n");
        Ok(Flow::Done(0))
    }),
    ..Command::EMPTY
};

/// `kubectl plugin`
pub static PLUGIN: Command = Command {
    name: "plugin",
    usage: "plugin [flags]",
    short: "Provides utilities for interacting with plugins",
    long: "Provides utilities for interacting with plugins.\n\n Plugins provide extended functionality that is not part of the major command-line distribution. Please refer to the documentation and examples for more information about how write your own plugins.\n\n The easiest way to discover and install plugins is via the kubernetes sub-project krew: [krew.sigs.k8s.io]. To install krew, visit https://krew.sigs.k8s.io/docs/user-guide/setup/install",
    run: Some(crate::kubectl::change::group),
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
