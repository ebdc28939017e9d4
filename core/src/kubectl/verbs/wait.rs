//! `kubectl wait`: until objects have a condition, a field, are gone or are there. Models kubectl `pkg/cmd/wait`.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx --replicas=2
//! deployment.apps/web created
//! $ kubectl wait --for=condition=Available deployment/web
//! deployment.apps/web condition met
//! $ kubectl wait --for=jsonpath='{.status.readyReplicas}'=2 deploy/web
//! deployment.apps/web condition met
//! $ kubectl wait --for=delete pod/none
//! $ kubectl wait --for=ready pod/none
//! error: unrecognized condition: "ready"
//! ```

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::api::registry::Resource;
use crate::kubectl::change::{DryRun, Printer};
use crate::kubectl::groups::PRINT;
use crate::kubectl::resources::{self, Ask, Targets};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Until, manifests};
use crate::object::jsonpath::{JsonPath, relaxed};
use crate::object::value::text_at;
use crate::object::{Key, Object};
use crate::text::quote::quote;
use crate::time::Instant;

const FLAGS: &[Flag] = &[
    Flag::switch("all", "All objects of the given types in the namespace."),
    Flag::switch("all-namespaces", "In every namespace.").short('A'),
    Flag::text("filename", "Files that name the objects.").short('f').kind(FlagKind::Slice, "[]"),
    Flag::text("field-selector", "Only objects with these fields."),
    Flag::text("for", "What to wait for: create, delete, condition=NAME[=VALUE], jsonpath=PATH[=VALUE].").kind(FlagKind::Array, "[]"),
    Flag::switch("local", "Ask no server."),
    Flag::switch("recursive", "Take the folders of -f with everything below them.").short('R').default("true"),
    Flag::text("selector", "Only objects with these labels.").short('l'),
    Flag::text("timeout", "How long to wait.").kind(FlagKind::Duration, "30s"),
];

/// `kubectl wait ([-f FILENAME] | resource.group/resource.name …) [--for=…]`
pub static WAIT: Command = Command {
    name: "wait",
    usage: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
    short: "Wait for a specific condition on one or many resources",
    examples: "# Until the Pod is ready\nkubectl wait --for=condition=Ready pod/web --timeout=30s",
    flags: &[PRINT, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

/// What is waited for.
#[derive(Clone, Debug)]
enum For {
    Create,
    Delete,
    Condition(String, String),
    Field(Rc<JsonPath>, Option<String>),
}

impl For {
    /// Whether an object, or its absence, is what is waited for; `uid` is that of the object when waiting began.
    fn met(&self, object: Option<&Object>, uid: &str) -> bool {
        match (self, object) {
            (For::Delete, object) => object.is_none_or(|o| *o.meta.uid != *uid),
            (_, None) => false,
            (For::Create, Some(_)) => true,
            (For::Condition(name, value), Some(object)) => condition(object, name, value),
            (For::Field(path, value), Some(object)) => field(object, path, value.as_deref()),
        }
    }
}

/// What is said where a path that is to have a value leads to more than one.
fn nested(goal: &For, object: &Object) -> Option<String> {
    let For::Field(path, Some(_)) = goal else { return None };
    let object = object.to_value();
    let found = path.find(&object).ok()?;
    if found.iter().any(|one| one.len() > 1) {
        return Some("given jsonpath expression matches more than one value".to_string());
    }
    let first = found.iter().flatten().next()?;
    (first.is_array() || first.is_object()).then(|| "jsonpath leads to a nested object or list which is not supported".to_string())
}

/// `wait --local`: looks at what files say, once.
fn locally(cx: &mut Cx<'_>, parsed: &Parsed, ask: &Ask, goals: &[For], printer: &Printer) -> Result<Flow, Failure> {
    let mut wrong = Vec::new();
    for item in resources::find_all(cx, parsed, ask)? {
        match goals.iter().all(|goal| goal.met(Some(&item.object), "")) {
            true => printer.print(cx, &item.object.to_value(), "condition met")?,
            false => wrong.push(Failure::Client(format!("condition not met for {}/{}", item.row.plural, item.object.name()))),
        }
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// Reads one `--for`.
fn read(given: &str) -> Result<For, Failure> {
    match given.to_ascii_lowercase().as_str() {
        "delete" => return Ok(For::Delete),
        "create" => return Ok(For::Create),
        _ => {}
    }
    if let Some(rest) = given.strip_prefix("condition=") {
        let (name, value) = rest.split_once('=').unwrap_or((rest, "true"));
        return Ok(For::Condition(name.to_string(), value.to_string()));
    }
    if let Some(rest) = given.strip_prefix("jsonpath=") {
        // the value follows the braces; without braces it follows the first equals sign
        let cut = rest.rfind('}').map_or_else(|| rest.find('='), |end| Some(end.saturating_add(1)));
        let (path, value) = cut.and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
        let value = match value.strip_prefix('=') {
            Some("") => {
                return Err(Failure::Client(
                    "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3".to_string(),
                ));
            }
            // Equals signs of values cannot be written; two that follow each other belong to the path.
            Some(value) if value.starts_with('=') => return relaxed(rest).map_err(Failure::Client).and(Err(misshapen())),
            Some(value) if value.contains('=') => return Err(misshapen()),
            Some(value) => Some(value.trim_matches(['\'', '"']).to_string()),
            None if value.is_empty() => None,
            None => return Err(misshapen()),
        };
        let path = relaxed(path).map_err(Failure::Client)?;
        if path.is_empty() {
            return Err(Failure::Client("jsonpath expression cannot be empty".to_string()));
        }
        let path = JsonPath::parse(&path).map_err(Failure::Client)?;
        return Ok(For::Field(Rc::new(path), value));
    }
    Err(Failure::Client(format!("unrecognized condition: {}", quote(given))))
}

fn misshapen() -> Failure {
    let text = "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'";
    Failure::Client(text.to_string())
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let goals = parsed.all("for").iter().map(|given| read(given)).collect::<Result<Vec<For>, Failure>>()?;
    if goals.is_empty() {
        return Err(Failure::Client("unrecognized condition: []".to_string()));
    }
    let (creation, deletion) = (goals.iter().any(|g| matches!(g, For::Create)), goals.iter().any(|g| matches!(g, For::Delete)));
    if parsed.args.is_empty() && !manifests::given(parsed) {
        return Err(Failure::Client(resources::NOTHING_NAMED.to_string()));
    }
    if parsed.on("local") && !parsed.args.is_empty() {
        return Err(Failure::Client(resources::local_only()));
    }
    let printer = Rc::new(Printer::new(cx, parsed, DryRun::None, false)?);
    let timeout = parsed.duration_ms("timeout");
    let at_once = timeout == 0;
    let timeout = if timeout < 0 { 7 * 24 * 3_600_000 } else { u64::try_from(timeout).unwrap_or(0) };
    let end = cx.now() + timeout;
    let mut left = Vec::new();
    let mut ask = Ask { latest: !parsed.on("local"), ..Ask::of(parsed) };
    // Beside names --all means nothing.
    ask.all = parsed.on("all") && parsed.args.len() == 1 && !parsed.args.iter().any(|arg| arg.contains('/'));
    if parsed.on("local") {
        return locally(cx, parsed, &ask, &goals, &printer);
    }
    let mut seek = None;
    match resources::targets(cx, &parsed.args) {
        Ok(Targets::Names(names)) if creation && timeout > 0 && !manifests::given(parsed) => {
            for (row, name) in names {
                let key = Key::new(&resources::namespace_of(cx, &row), &name);
                left.push(Target { row, key, uid: String::new() });
            }
        }
        Ok(Targets::Lists(_)) if creation && timeout > 0 && !manifests::given(parsed) => seek = Some(Rc::new(ask)),
        _ => {
            let found = resources::find(cx, parsed, &ask)?;
            let mut waiting = Waiting { left, wrong: Vec::new(), goals: goals.into(), goal: 0, end, at_once, printer, seen: None, seek };
            waiting.take(found, deletion);
            return match waiting.left.is_empty() && waiting.wrong.is_empty() && !deletion {
                true => Err(Failure::Client("no matching resources found".to_string())),
                false => Ok(waiting.poll(cx)),
            };
        }
    }
    Ok(Waiting { left, wrong: Vec::new(), goals: goals.into(), goal: 0, end, at_once, printer, seen: None, seek }.poll(cx))
}

#[derive(Clone)]
struct Target {
    row: Rc<Resource>,
    key: Key,
    uid: String,
}

/// Takes the objects one after the other, as kubectl does.
#[derive(Clone)]
struct Waiting {
    left: Vec<Target>,
    wrong: Vec<Failure>,
    goals: Rc<[For]>,
    /// Which goal the first object has come to; they are waited for one after the other.
    goal: usize,
    end: Instant,
    /// Whether the objects are to be looked at once only.
    at_once: bool,
    printer: Rc<Printer>,
    /// The object as it was last seen.
    seen: Option<Value>,
    /// What is asked for again and again until there is something of it (`--for=create` of what a selector takes).
    seek: Option<Rc<Ask>>,
}

impl Waiting {
    fn say(&self, cx: &mut Cx<'_>, target: &Target, object: Option<&Rc<Object>>) {
        let name = || json!({"apiVersion": target.row.api_version(), "kind": &*target.row.kind, "metadata": {"name": &*target.key.name}});
        let shown = object.map(|o| o.to_value()).or_else(|| self.seen.clone()).unwrap_or_else(name);
        if let Err(failure) = self.printer.print(cx, &shown, "condition met") {
            cx.err(&failure.print("kubectl wait").0);
        }
    }
}

impl Waiting {
    /// Takes what was found into what is waited for; what is to be gone may be so already.
    fn take(&mut self, found: Vec<Result<resources::Item, Failure>>, deletion: bool) {
        for one in found {
            match one {
                Ok(item) if item.object.name().is_empty() => {
                    self.wrong.push(Failure::Client("resource name must be provided".to_string()));
                }
                Ok(item) => {
                    self.left.push(Target { row: item.row.clone(), key: item.object.key(), uid: item.object.meta.uid.to_string() });
                }
                Err(failure) if deletion => self.wrong.extend(failure.but_not_found()),
                Err(failure) => self.wrong.push(failure),
            }
        }
    }

    /// Looks for what is to be made; what is to be told when nothing has come.
    fn look(&mut self, cx: &mut Cx<'_>, ask: &Ask) -> Option<Flow> {
        match resources::find_by_arguments(cx, ask) {
            Err(failure) => return Some(finish(cx, Some(failure))),
            Ok(found) if found.is_empty() => {
                if cx.now() >= self.end {
                    return Some(finish(cx, Some(Failure::Client("timed out waiting for the condition".to_string()))));
                }
                return Some(Flow::Wait(Box::new(self.clone()), Until::ChangeOrAt(self.end)));
            }
            Ok(found) => self.take(found, false),
        }
        self.seek = None;
        None
    }

    /// Why the first object's goal is not met, when it is given up.
    fn unmet(&self, cx: &Cx<'_>, target: &Target, goal: &For, object: Option<&Object>) -> Option<Failure> {
        if cx.now() >= self.end {
            let plural = target.row.key();
            let plural = plural.split('.').next().unwrap_or_default();
            let why = if self.at_once { "condition not met for" } else { "timed out waiting for the condition on" };
            return Some(Failure::Client(format!("{why} {plural}/{}", target.key.name)));
        }
        object.and_then(|object| nested(goal, object)).map(Failure::Client)
    }
}

impl Pending for Waiting {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        if let Some(ask) = self.seek.clone()
            && let Some(flow) = self.look(cx, &ask)
        {
            return flow;
        }
        let goals = self.goals.clone();
        while let Some(target) = self.left.first().cloned() {
            let object = cx.api().get(&target.row.key(), &target.key).cloned();
            let creation = goals.iter().any(|goal| matches!(goal, For::Create));
            if object.is_none() && creation && self.goal == 0 && cx.now() >= self.end {
                return finish(cx, Some(Failure::Client("timed out waiting for the condition".to_string())));
            }
            if let Some(goal) = goals.get(self.goal) {
                // What is to be made is waited for before anything else.
                if goal.met(object.as_deref(), &target.uid) && !(creation && self.goal == 0 && object.is_none()) {
                    self.say(cx, &target, object.as_ref());
                    self.goal += 1;
                    continue;
                }
                match self.unmet(cx, &target, goal, object.as_deref()) {
                    Some(failure) => self.wrong.push(failure),
                    None => {
                        self.seen = object.map(|o| o.to_value());
                        return Flow::Wait(Box::new(self.clone()), Until::ChangeOrAt(self.end));
                    }
                }
            }
            self.seen = None;
            self.goal = 0;
            self.left.remove(0);
        }
        finish(cx, Failure::from_many(core::mem::take(&mut self.wrong)))
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}

/// Tells what went wrong, if anything did.
fn finish(cx: &mut Cx<'_>, failure: Option<Failure>) -> Flow {
    let Some(failure) = failure else { return Flow::Done(0) };
    let (text, code) = failure.print("kubectl wait");
    cx.err(&text);
    Flow::Done(code)
}

/// Whether a condition is as wanted; one told of an older generation does not count.
fn condition(object: &Object, name: &str, value: &str) -> bool {
    let Some(found) = object.items_at("/status/conditions").iter().find(|c| text_at(c, "type").eq_ignore_ascii_case(name)) else {
        return false;
    };
    let seen = object.i64_at("/status/observedGeneration");
    seen.is_none_or(|seen| seen >= object.meta.generation) && text_at(found, "status").eq_ignore_ascii_case(value)
}

/// Whether a field is there, or has the value wanted.
fn field(object: &Object, path: &JsonPath, value: Option<&str>) -> bool {
    let object = object.to_value();
    let Ok(found) = path.find(&object) else {
        return false;
    };
    let Some(first) = found.iter().flatten().next() else {
        return false;
    };
    match (&**first, value) {
        (_, None) => true,
        (Value::String(text), Some(value)) => text.trim() == value.trim(),
        (Value::Array(_) | Value::Object(_), Some(_)) => false,
        (other, Some(value)) => other.to_string() == value.trim(),
    }
}
