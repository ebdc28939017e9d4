//! `kubectl config`: reads and changes the kubeconfig file among the learner's files. Models kubectl `pkg/cmd/config`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::arrange::Arrange;
use crate::kubectl::output::{OBJECT_FORMATS, Options, OutputFormat};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, kubeconfig};
use crate::object::value::{at_mut, items_at, set, text_at};
use crate::text::table::{Layout, align};

const OUTPUT: Flag = Flag::text("output", "The form of the output.").short('o');

const fn sub(name: &'static str, usage: &'static str, short: &'static str, run: crate::kubectl::command::Run) -> Command {
    Command { name, usage, short, run: Some(run), ..Command::EMPTY }
}

/// `kubectl config`
pub static CONFIG: Command = Command {
    name: "config",
    usage: "config SUBCOMMAND",
    short: "Modify kubeconfig files",
    children: &[
        &sub("current-context", "config current-context [flags]", "Display the current-context", current),
        &sub("delete-cluster", "config delete-cluster NAME", "Delete the specified cluster from the kubeconfig", |cx, p| {
            delete(cx, p, "cluster")
        }),
        &sub("delete-context", "config delete-context NAME", "Delete the specified context from the kubeconfig", |cx, p| {
            delete(cx, p, "context")
        }),
        &sub("delete-user", "config delete-user NAME", "Delete the specified user from the kubeconfig", |cx, p| delete(cx, p, "user")),
        &sub("get-clusters", "config get-clusters [flags]", "Display clusters defined in the kubeconfig", |cx, p| names(cx, p, "clusters")),
        &Command {
            flags: &[&[OUTPUT, Flag::switch("no-headers", "Leave the header out.")]],
            ..sub("get-contexts", "config get-contexts [(-o|--output=)name)]", "Describe one or many contexts", contexts)
        },
        &sub("get-users", "config get-users [flags]", "Display users defined in the kubeconfig", |cx, p| names(cx, p, "users")),
        &sub("rename-context", "config rename-context CONTEXT_NAME NEW_NAME", "Rename a context from the kubeconfig file", rename),
        &Command {
            flags: &[&[Flag::switch("current", "Change the current context.")]],
            ..sub(
                "set-context",
                "config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]",
                "Set a context entry in kubeconfig",
                set_context,
            )
        },
        &Command {
            aliases: &["use"],
            ..sub("use-context", "config use-context CONTEXT_NAME", "Set the current-context in a kubeconfig file", use_context)
        },
        &Command {
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
        },
    ],
    ..Command::EMPTY
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
    if !parsed.args.is_empty() {
        all.retain(|entry| parsed.args.iter().any(|name| name == text_at(entry, "name")));
        if let Some(name) = parsed.args.iter().find(|name| kubeconfig::entry(&config, "contexts", name).is_none()) {
            return Err(Failure::Client(format!("context {name} not found")));
        }
    }
    if parsed.text("output") == "name" {
        cx.out(&all.iter().fold(String::new(), |text, entry| text + text_at(entry, "name") + "\n"));
        return Ok(Flow::Done(0));
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
    Ok(Flow::Done(0))
}

fn names(cx: &mut Cx<'_>, parsed: &Parsed, list: &str) -> Result<Flow, Failure> {
    let config = kubeconfig::load(cx, parsed)?;
    let mut all: Vec<&str> = items_at(&config, list).iter().map(|entry| text_at(entry, "name")).collect();
    all.arrange();
    cx.out(&all.iter().fold("NAME\n".to_string(), |text, name| text + name + "\n"));
    Ok(Flow::Done(0))
}

fn use_context(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let [name] = parsed.args.as_slice() else {
        return Err(Failure::Usage("you must specify the context name to switch to".to_string()));
    };
    let mut config = kubeconfig::load(cx, parsed)?;
    if kubeconfig::entry(&config, "contexts", name).is_none() {
        return Err(Failure::Client(format!("no context exists with the name: \"{name}\"")));
    }
    set(&mut config, "current-context", name.as_str());
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("Switched to context \"{name}\".\n"));
    Ok(Flow::Done(0))
}

fn set_context(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let mut config = kubeconfig::load(cx, parsed)?;
    let name = match (parsed.args.first(), parsed.on("current")) {
        (Some(_), true) => return Err(Failure::Client("you cannot specify both a context name and --current".to_string())),
        (Some(name), false) => name.clone(),
        (None, true) => match text_at(&config, "current-context") {
            "" => return Err(Failure::Client("no current context is set".to_string())),
            name => name.to_string(),
        },
        (None, false) => return Err(Failure::Usage("you must specify a non-empty context name or --current".to_string())),
    };
    let known = kubeconfig::entry(&config, "contexts", &name).is_some();
    if !known {
        match at_mut(&mut config, "contexts") {
            Some(Value::Array(list)) => list.push(json!({"context": {"cluster": "", "user": ""}, "name": name.as_str()})),
            Some(other) => *other = json!([{"context": {"cluster": "", "user": ""}, "name": name.as_str()}]),
            None => {}
        }
    }
    if let Some(Value::Array(list)) = at_mut(&mut config, "contexts") {
        for entry in list.iter_mut().filter(|entry| text_at(entry, "name") == name) {
            for (flag, path) in [("cluster", "/context/cluster"), ("user", "/context/user"), ("namespace", "/context/namespace")] {
                if parsed.given(flag) {
                    set(entry, path, parsed.text(flag));
                }
            }
        }
    }
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("Context \"{name}\" {}.\n", if known { "modified" } else { "created" }));
    Ok(Flow::Done(0))
}

fn rename(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let [old, new] = parsed.args.as_slice() else {
        return Err(Failure::Usage(format!("accepts 2 arg(s), received {}", parsed.args.len())));
    };
    let mut config = kubeconfig::load(cx, parsed)?;
    if kubeconfig::entry(&config, "contexts", old).is_none() {
        return Err(Failure::Client(format!("cannot rename the context \"{old}\", it's not in {}", kubeconfig::path(cx, parsed))));
    }
    if kubeconfig::entry(&config, "contexts", new).is_some() {
        let path = kubeconfig::path(cx, parsed);
        return Err(Failure::Client(format!("cannot rename the context \"{old}\", the context \"{new}\" already exists in {path}")));
    }
    if let Some(Value::Array(list)) = at_mut(&mut config, "contexts") {
        list.iter_mut().filter(|entry| text_at(entry, "name") == old).for_each(|entry| set(entry, "name", new.as_str()));
    }
    if text_at(&config, "current-context") == old {
        set(&mut config, "current-context", new.as_str());
    }
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("Context \"{old}\" renamed to \"{new}\".\n"));
    Ok(Flow::Done(0))
}

fn delete(cx: &mut Cx<'_>, parsed: &Parsed, what: &str) -> Result<Flow, Failure> {
    let [name] = parsed.args.as_slice() else {
        return Err(Failure::Usage(format!("accepts 1 arg(s), received {}", parsed.args.len())));
    };
    let mut config = kubeconfig::load(cx, parsed)?;
    let (list, path) = ([what, "s"].concat(), kubeconfig::path(cx, parsed));
    if kubeconfig::entry(&config, &list, name).is_none() {
        return Err(Failure::Client(format!("cannot delete {what} {name}, not in {path}")));
    }
    if what == "context" && text_at(&config, "current-context") == name {
        cx.err("warning: this removed your active context, use \"kubectl config use-context\" to select a different one\n");
    }
    if let Some(Value::Array(entries)) = at_mut(&mut config, &list) {
        entries.retain(|entry| text_at(entry, "name") != name);
    }
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("deleted {what} {name} from {path}\n"));
    Ok(Flow::Done(0))
}

fn view(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let mut config = kubeconfig::load(cx, parsed)?;
    if parsed.on("minify") {
        let name = match parsed.text("context") {
            "" => text_at(&config, "current-context").to_string(),
            name => name.to_string(),
        };
        let context = kubeconfig::entry(&config, "contexts", &name).cloned().unwrap_or(Value::Null);
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
    if !parsed.on("raw") {
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
    for (field, empty) in [
        ("apiVersion", json!("v1")),
        ("kind", json!("Config")),
        ("clusters", Value::Null),
        ("contexts", Value::Null),
        ("current-context", json!("")),
        ("users", Value::Null),
    ] {
        if config.get(field).is_none() {
            set(&mut config, field, empty);
        }
    }
    let options = Options { formats: OBJECT_FORMATS, template: parsed.text("template"), ..Options::default() };
    let mut text = String::new();
    if let Some(format) = OutputFormat::parse(parsed.text("output"), &options).map_err(Failure::Client)? {
        format.print(&[config], false, &mut text).map_err(Failure::Client)?;
    }
    cx.out(&text);
    Ok(Flow::Done(0))
}
