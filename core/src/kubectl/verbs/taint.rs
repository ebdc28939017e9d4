//! `kubectl taint`. Models kubectl `pkg/cmd/taint`.
//!
//! ```text
//! $ kubectl taint node w1-k8s role=db:NoSchedule
//! node/w1-k8s tainted
//! $ kubectl taint node w1-k8s role=web:NoSchedule
//! error: node w1-k8s already has role taint(s) with same effect(s) and --overwrite is false
//! $ kubectl taint node w1-k8s role=web:NoSchedule role-
//! error: can not both modify and remove the following taint(s) in the same command: role=
//! $ kubectl taint node w1-k8s role-
//! node/w1-k8s untainted
//! $ kubectl taint node role-
//! error: at least one resource name must be specified since 'all' parameter is not set
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, ALL, DRY_RUN, PRINT, SELECTOR, VALIDATE};
use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, Takes};
use crate::object::names;
use crate::object::resources::NODES;
use crate::object::value::{self, text_at};
use crate::text::quote::quote;

const FLAGS: &[Flag] =
    &[groups::field_manager("kubectl-taint"), Flag::switch("overwrite", "Allow other values for taints that are there.")];

/// `kubectl taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 …`
pub static TAINT: Command = Command {
    name: "taint",
    takes: Takes::Objects(&["node"]),
    usage: "taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
    short: "Update the taints on one or more nodes",
    examples: "# Keep Pods away from a node, and let them come again\nkubectl taint node w1-k8s role=db:NoSchedule\nkubectl taint node w1-k8s role-",
    flags: &[ALL, DRY_RUN, PRINT, SELECTOR, VALIDATE, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

struct Taint {
    key: String,
    value: String,
    effect: String,
}

impl Taint {
    fn is(&self, other: &Value) -> bool {
        self.key == text_at(other, "key") && self.effect == text_at(other, "effect")
    }

    fn to_value(&self) -> Value {
        let mut made = json!({"key": self.key, "effect": self.effect});
        if !self.value.is_empty() {
            value::set(&mut made, "value", self.value.as_str());
        }
        made
    }

    fn print(&self) -> String {
        match (self.effect.as_str(), self.value.as_str()) {
            ("", _) => self.key.clone(),
            (effect, "") => [self.key.as_str(), ":", effect].concat(),
            (effect, text) => [self.key.as_str(), "=", text, ":", effect].concat(),
        }
    }
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, false)?.silent();
    let is_spec = |arg: &&String| arg.contains('=') || arg.contains(':') || arg.ends_with('-');
    let cut = parsed.args.iter().position(|arg| is_spec(&arg)).unwrap_or(parsed.args.len());
    let (names, specs) = parsed.args.split_at_checked(cut).unwrap_or_default();
    if let Some(late) = specs.iter().find(|arg| !is_spec(arg)) {
        return Err(Failure::Client(format!("all resources must be specified before taint changes: {late}")));
    }
    let Some(word) = names.first() else {
        return Err(Failure::Client("one or more resources must be specified as <resource> <name>".to_string()));
    };
    if specs.is_empty() {
        return Err(Failure::Client("at least one taint update is required".to_string()));
    }
    let (mut add, mut take) = (Vec::new(), Vec::new());
    for spec in specs {
        match spec.strip_suffix('-') {
            Some(rest) => take.push(Taint { value: String::new(), ..read(rest)? }),
            None => {
                let taint = read(spec)?;
                if taint.effect.is_empty() {
                    return Err(Failure::Usage(format!("invalid taint spec: {spec}")));
                }
                if add.iter().any(|old: &Taint| old.key == taint.key && old.effect == taint.effect) {
                    let shown = format!("{{{} {} {} <nil>}}", taint.key, taint.value, taint.effect);
                    return Err(Failure::Usage(format!("duplicated taints with the same key and effect: {shown}")));
                }
                add.push(taint);
            }
        }
    }
    match resources::resource(cx, word).map_err(|_| unknown(word))?.key() == NODES {
        true => {}
        false => return Err(Failure::Client(format!("invalid resource type {word}, only node types are supported"))),
    }
    check(parsed, names, &add, &take)?;
    // With --all or a selector the names are not looked at.
    let names = if parsed.on("all") || !parsed.text("selector").is_empty() { names.get(..1).unwrap_or(names) } else { names };
    let mut wrong = Vec::new();
    for item in resources::find(cx, parsed, &Ask { all: parsed.on("all"), ..Ask::of(parsed).with_args(names) })? {
        let done = item.and_then(|item| one(cx, parsed, &item, (&add, &take), dry_run, &printer));
        wrong.extend(done.err());
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// What is said of a word that is no type of resource.
fn unknown(word: &str) -> Failure {
    Failure::Plain(format!("the server doesn't have a resource type {}", quote(word)))
}

/// Whether the changes contradict each other or have no nodes to be made to.
fn check(parsed: &Parsed, names: &[String], add: &[Taint], take: &[Taint]) -> Result<(), Failure> {
    let mut both = Vec::new();
    for new in add {
        let same = take.iter().filter(|old| old.key == new.key && (old.effect.is_empty() || old.effect == new.effect));
        both.extend(same.map(|old| [old.key.as_str(), "=", &old.effect].concat()));
    }
    let refuse = |text: String| Err(Failure::Client(text));
    if !both.is_empty() {
        return refuse(format!("can not both modify and remove the following taint(s) in the same command: {}", both.join(", ")));
    }
    let (all, selector) = (parsed.on("all"), !parsed.text("selector").is_empty());
    if all && selector {
        return refuse("setting 'all' parameter with a non empty selector is prohibited".to_string());
    }
    if !all && !selector && names.len() < 2 && names.first().is_some_and(|name| !name.contains('/')) {
        return refuse("at least one resource name must be specified since 'all' parameter is not set".to_string());
    }
    Ok(())
}

/// Reads `key=value:effect`, `key:effect` or `key`.
fn read(spec: &str) -> Result<Taint, Failure> {
    let wrong = |why: &[String]| {
        let gap = if why.is_empty() { "" } else { ", " };
        Failure::Usage(format!("invalid taint spec: {spec}{gap}{}", why.join("; ")))
    };
    let (mut key, mut text, mut effect) = (spec, "", "");
    if let Some((pair, after)) = spec.split_once(':') {
        if after.contains(':') {
            return Err(wrong(&[]));
        }
        if !matches!(after, "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
            return Err(Failure::Usage(format!("invalid taint effect: {after}, unsupported taint effect")));
        }
        effect = after;
        (key, text) = pair.split_once('=').unwrap_or((pair, ""));
        if text.contains('=') {
            return Err(wrong(&[]));
        }
        let why = names::label_value(text);
        if !why.is_empty() {
            return Err(wrong(&why));
        }
    }
    let why = names::qualified_name(key);
    match why.is_empty() {
        true => Ok(Taint { key: key.to_string(), value: text.to_string(), effect: effect.to_string() }),
        false => Err(wrong(&why)),
    }
}

fn one(
    cx: &mut Cx<'_>,
    parsed: &Parsed,
    item: &Item,
    (add, take): (&[Taint], &[Taint]),
    dry_run: DryRun,
    printer: &Printer,
) -> Result<(), Failure> {
    let old = item.object.items_at("/spec/taints");
    let overwrite = parsed.on("overwrite");
    let held: Vec<&str> = add.iter().filter(|new| old.iter().any(|o| new.is(o))).map(|new| new.key.as_str()).collect();
    if !overwrite && !held.is_empty() {
        return Err(Failure::Client(format!(
            "node {} already has {} taint(s) with same effect(s) and --overwrite is false",
            item.object.name(),
            held.join(",")
        )));
    }
    let mut taints: Vec<Value> = add.iter().map(Taint::to_value).collect();
    taints.extend(old.iter().filter(|o| !add.iter().any(|new| new.is(o))).cloned());
    let added = taints.len() != old.len();
    let mut deleted = false;
    let mut wrong = Vec::new();
    for gone in take {
        let before = taints.len();
        taints.retain(|t| text_at(t, "key") != gone.key || (!gone.effect.is_empty() && text_at(t, "effect") != gone.effect));
        match before == taints.len() {
            true => wrong.push(Failure::Client(format!("taint {} not found", quote(&gone.print())))),
            false => deleted = true,
        }
    }
    if let Some(failure) = Failure::from_many(wrong) {
        return Err(failure);
    }
    let done = match (added, deleted) {
        (true, true) => "modified",
        _ if overwrite => "modified",
        (true, false) => "tainted",
        (false, _) => "untainted",
    };
    let list = if taints.is_empty() { Value::Null } else { Value::Array(taints) };
    let patch = json!({"spec": {"taints": list}});
    let mut shown = item.object.to_value();
    crate::object::patch::json::merge(&mut shown, &patch);
    if dry_run != DryRun::Client {
        let mut request = Request::new(Verb::Patch(PatchType::Merge), &item.row.key(), "", item.object.name()).with_body(patch);
        request.params = change::params(cx, parsed, dry_run, "kubectl-taint")?;
        shown = change::send_for_value(cx, request)?;
    }
    printer.print(cx, &shown, done)
}
