//! `kubectl set env`. Models kubectl `pkg/cmd/set/set_env.go` and `pkg/cmd/set/env`.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx
//! deployment.apps/web created
//! $ kubectl set env deployment/web MODE=prod LEVEL=3
//! deployment.apps/web env updated
//! $ kubectl set env deployment/web --list
//! # Deployment web, container nginx
//! MODE=prod
//! LEVEL=3
//! $ kubectl set env deployment/web MODE-
//! deployment.apps/web env updated
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::kubectl::groups::{ALL, DRY_RUN, LOCAL, PRINT, SELECTOR};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, manifests};
use crate::object::value::{self, text_at};
use crate::text::quote::quote;

use super::from;
use super::update::{self, CONTAINERS, MANAGER, Words, fail};

const FLAGS: &[Flag] = &[
    Flag::text("env", "A variable, as KEY=VALUE.").short('e').kind(FlagKind::Array, "[]"),
    Flag::text("from", "The ConfigMap or Secret whose keys become variables."),
    Flag::text("keys", "Only these keys of --from.").kind(FlagKind::Slice, "[]"),
    Flag::switch("list", "Show what there is."),
    Flag::switch("overwrite", "Change what is there already.").default("true"),
    Flag::text("prefix", "What the names of the variables begin with."),
    Flag::switch("resolve", "With --list, show the values that references mean."),
];

/// `kubectl set env RESOURCE/NAME KEY_1=VAL_1 …`
pub static ENV: Command = Command {
    name: "env",
    usage: "set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
    short: "Update environment variables on a pod template",
    examples: "# A variable\nkubectl set env deployment/registry STORAGE_DIR=/local",
    flags: &[PRINT, ALL, CONTAINERS, DRY_RUN, LOCAL, SELECTOR, manifests::FLAGS, MANAGER, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

const WORDS: Words = Words { done: "env updated", refused: "failed to patch env update to pod template: ", always: false };

/// The variables to set, and the names of those to remove.
struct Wanted {
    put: Vec<Value>,
    take: Vec<String>,
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let is_pair = |arg: &String| arg.find('=').is_some_and(|at| at > 0) || arg.ends_with('-');
    let at = parsed.args.iter().position(is_pair).unwrap_or(parsed.args.len());
    let (names, pairs) = parsed.args.split_at_checked(at).unwrap_or_default();
    if pairs.iter().any(|arg| !is_pair(arg)) {
        return fail(format!("all resources must be specified before environment changes: {}", parsed.args.join(" ")));
    }
    update::check(cx, parsed)?;
    if names.is_empty() && !manifests::given(parsed) {
        return fail("one or more resources must be specified as <resource> <name> or <resource>/<name>");
    }
    if parsed.on("list") && parsed.given("output") {
        return fail("--list and --output may not be specified together");
    }
    if !parsed.all("keys").is_empty() && parsed.text("from").is_empty() {
        return fail("when specifying --keys, a configmap or secret must be provided with --from");
    }
    let mut wanted = wanted(cx, parsed.all("env").iter().chain(pairs))?;
    if !parsed.text("from").is_empty() {
        wanted.put.extend(from::variables(cx, parsed)?);
    }
    for variable in &mut wanted.put {
        let name = [parsed.text("prefix"), text_at(variable, "name")].concat();
        value::set(variable, "name", name);
    }
    if parsed.on("local") && !names.is_empty() {
        return fail(crate::kubectl::resources::NOTHING_NAMED);
    }
    let items = update::items(cx, parsed, names)?;
    let (list, resolve) = (parsed.on("list"), parsed.on("resolve"));
    let mut shown = String::new();
    let mut missing = String::new();
    let flow = update::each(cx, parsed, items, &WORDS, &mut |cx, item, object, _| {
        let before = object.clone();
        let whose = format!("# {} {}, container ", item.row.kind, item.object.name());
        let found = update::containers(update::spec(item, object)?, parsed.text("containers"), &mut |container| {
            change(container, &wanted, parsed.on("overwrite"))?;
            if list {
                shown.push_str(&[&whose, text_at(container, "name"), "\n"].concat());
                from::list(cx, container, resolve.then_some(item), &mut shown, &mut missing);
            }
            Ok(())
        })?;
        if !found {
            let (kind, name, only) = (&item.row.kind, item.object.name(), quote(parsed.text("containers")));
            cx.err(&format!("Warning: {kind}/{name} does not have any containers matching {only}\n"));
        }
        if list {
            *object = before;
        }
        Ok(())
    });
    cx.out(&shown);
    cx.err(&missing);
    if list { Ok(Flow::Done(0)) } else { flow }
}

/// Reads `KEY=VALUE`, `KEY-` and `-` for standard input.
fn wanted<'a>(cx: &Cx<'_>, specs: impl Iterator<Item = &'a String>) -> Result<Wanted, Failure> {
    let mut wanted = Wanted { put: Vec::new(), take: Vec::new() };
    let variable = |name: &str, text: &str| json!({"name": name, "value": text});
    let mut named: Vec<&str> = Vec::new();
    for spec in specs {
        if spec == "-" {
            let text = cx.stdin.clone().ok_or(Failure::NeedStdin)?;
            let lines = text.lines().filter_map(|line| line.split('#').next()?.split_once('='));
            wanted.put.extend(lines.map(|(name, text)| variable(name, text)));
        } else if let Some((name, text)) = spec.split_once('=') {
            if let Some(why) = wrong_name(name) {
                return fail(format!("{} is not a valid key name: {why}", quote(name)));
            }
            named.push(name);
            wanted.put.push(variable(name, text));
        } else if let Some(name) = spec.strip_suffix('-') {
            wanted.take.push(name.to_string());
        } else {
            return fail(format!("unknown environment variable: {spec}"));
        }
    }
    if wanted.take.iter().any(|name| named.contains(&name.as_str())) {
        return fail("can not both modify and remove the same environment variable in the same command");
    }
    Ok(wanted)
}

/// What is wrong with the name of a variable. Models apimachinery `validation.IsEnvVarName`.
fn wrong_name(name: &str) -> Option<&'static str> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    match !name.is_empty() && name.chars().all(part) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        true if matches!(name, "." | "..") || name.starts_with("..") => Some("must not be '.' or start with '..'"),
        true => None,
        false => Some(
            "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')",
        ),
    }
}

/// Changes the variables of a container, keeping the order of those that stay.
fn change(container: &mut Value, wanted: &Wanted, overwrite: bool) -> Result<(), String> {
    let find = |name: &str| wanted.put.iter().find(|v| text_at(v, "name") == name);
    let mut list: Vec<Value> = Vec::new();
    let mut done: Vec<&str> = wanted.take.iter().map(String::as_str).collect();
    let old = value::items_at(container, "env").to_vec();
    for variable in &old {
        let name = text_at(variable, "name");
        let new = find(name);
        if new.is_some_and(|new| !overwrite && text_at(new, "value") != text_at(variable, "value")) {
            return Err(format!("'{name}' already has a value ({}), and --overwrite is false", text_at(variable, "value")));
        }
        if done.contains(&name) {
            continue;
        }
        list.push(new.unwrap_or(variable).clone());
        if new.is_some() {
            done.push(name);
        }
    }
    for variable in &wanted.put {
        let name = text_at(variable, "name");
        if !done.contains(&name) {
            done.push(name);
            list.push(variable.clone());
        }
    }
    match list.is_empty() {
        true => drop(value::remove(container, "env")),
        false => value::set(container, "env", list),
    }
    Ok(())
}
