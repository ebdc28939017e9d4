//! Lessons as JSON, to be shared; what `parse` reads gives the same lesson again.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

use super::check::{Objects, Op, What, When, Which};
use super::{Check, Demo, Idea, Lesson, Step, Text};

/// A lesson as JSON.
pub fn json(lesson: &Lesson) -> String {
    let mut out = Map::new();
    put(&mut out, "id", lesson.id.as_str());
    put(&mut out, "number", (lesson.number > 0).then_some(lesson.number).map_or(Value::Null, Value::from));
    put(&mut out, "title", text(&lesson.title));
    put(&mut out, "intro", text(&lesson.intro));
    put(&mut out, "files", files(&lesson.files));
    put(&mut out, "objects", lesson.objects.as_str());
    put(&mut out, "setup", lesson.setup.clone());
    put(&mut out, "steps", lesson.steps.iter().map(step).collect::<Vec<_>>());
    put(&mut out, "ideas", lesson.ideas.iter().map(idea).collect::<Vec<_>>());
    Value::Object(out).to_string()
}

/// Puts a member, unless it says nothing.
fn put(out: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    let value = value.into();
    let nothing = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(truth) => !truth,
        Value::Number(_) => false,
    };
    if !nothing {
        out.insert(key.to_string(), value);
    }
}

fn text(text: &Text) -> Value {
    match text.ko == text.en {
        true => text.en.as_str().into(),
        false => json!({"ko": text.ko, "en": text.en}),
    }
}

fn files(files: &[(String, String)]) -> Value {
    Value::Object(files.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect())
}

fn step(step: &Step) -> Value {
    let mut out = Map::new();
    put(&mut out, "goal", text(&step.goal));
    put(&mut out, "text", text(&step.text));
    put(&mut out, "demo", step.demo.as_ref().map_or(Value::Null, demo));
    put(&mut out, "hints", step.hints.iter().map(text).collect::<Vec<_>>());
    put(&mut out, "solution", step.solution.clone());
    put(&mut out, "wrong", step.wrong.clone());
    put(&mut out, "other", step.other.clone());
    put(&mut out, "check", step.check.iter().map(check).collect::<Vec<_>>());
    put(&mut out, "done", text(&step.done));
    Value::Object(out)
}

fn demo(demo: &Demo) -> Value {
    let mut out = Map::new();
    put(&mut out, "caption", text(&demo.caption));
    put(&mut out, "files", files(&demo.files));
    put(&mut out, "setup", demo.setup.clone());
    put(&mut out, "lines", demo.lines.clone());
    Value::Object(out)
}

fn idea(idea: &Idea) -> Value {
    let mut out = Map::new();
    put(&mut out, "text", text(&idea.text));
    put(&mut out, "line", idea.line.as_str());
    Value::Object(out)
}

fn check(check: &Check) -> Value {
    let mut out = Map::new();
    match &check.what {
        What::Objects(what) => objects(&mut out, what),
        What::File { path, contains } => {
            put(&mut out, "file", path.as_str());
            put(&mut out, "contains", contains.as_str());
        }
        What::Refused { reason, resource, name } => {
            put(&mut out, "refused", reason.as_str());
            put(&mut out, "resource", resource.as_str());
            put(&mut out, "name", name.as_str());
        }
        What::Requests { to, last, failed, different } => {
            let mut inner = Map::new();
            put(&mut inner, "to", to.as_str());
            put(&mut inner, "last", *last);
            put(&mut inner, "failed", *failed);
            put(&mut inner, "different", *different);
            put(&mut out, "requests", inner);
        }
    }
    if check.when != When::Now {
        put(&mut out, "when", name_of(&When::ALL, check.when));
    }
    if check.held_ms > 0 {
        put(&mut out, "held", alloc::format!("{}ms", check.held_ms));
    }
    Value::Object(out)
}

fn objects(out: &mut Map<String, Value>, what: &Objects) {
    which(out, &what.which);
    put(out, "owner", what.which.owner.as_str());
    if !what.which.path.is_empty() {
        put(out, "op", name_of(&Op::ALL, what.op));
        put(out, "value", what.value.as_str());
    }
    if let Some(against) = &what.against {
        let mut inner = Map::new();
        which(&mut inner, against);
        put(out, "against", inner);
    }
    put(out, "distinct", what.distinct);
    if what.at_least != 1 {
        put(out, "atLeast", what.at_least);
    }
    if what.at_most != usize::MAX {
        put(out, "atMost", what.at_most);
    }
}

fn which(out: &mut Map<String, Value>, which: &Which) {
    put(out, "resource", which.resource.as_str());
    match which.namespace.as_str() {
        "" => put(out, "namespace", "*"),
        "default" => {}
        name => put(out, "namespace", name),
    }
    put(out, "name", which.name.as_str());
    put(out, "selector", which.selector.as_str());
    put(out, "path", which.path.as_str());
}

fn name_of<T: PartialEq>(all: &[(&'static str, T)], one: T) -> &'static str {
    all.iter().find(|(_, each)| *each == one).map_or("", |(name, _)| name)
}
