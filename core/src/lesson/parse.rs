//! Lessons from YAML, checked: what is missing or misspelt is said in a sentence.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::check::Op;
use super::{Check, Lesson, Step, Text};
use crate::object::value::{at, i64_at, items_at, pairs_at, text_at};
use crate::text::yaml;

/// The most steps a lesson may have.
const MAX_STEPS: usize = 40;

/// Reads a lesson.
///
/// # Errors
/// One sentence that says what is wrong.
pub fn lesson(text: &str) -> Result<Lesson, String> {
    let v = yaml::parse(text).map_err(|e| format!("the lesson is not YAML: {e}"))?;
    let steps = items_at(&v, "steps");
    if steps.is_empty() || steps.len() > MAX_STEPS {
        return Err(format!("the lesson has {} steps; 1 to {MAX_STEPS} are possible", steps.len()));
    }
    let id = text_at(&v, "id").to_string();
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return Err("the lesson's id must be lower-case letters, digits and dashes".to_string());
    }
    Ok(Lesson {
        id,
        number: i64_at(&v, "number").and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        title: both(&v, "title")?,
        intro: both(&v, "intro")?,
        files: pairs_at(&v, "files").map(|(k, v)| (k.to_string(), v.to_string())).collect(),
        setup: lines(&v, "setup"),
        steps: steps.iter().map(step).collect::<Result<_, _>>()?,
    })
}

fn step(v: &Value) -> Result<Step, String> {
    let check: Vec<Check> = items_at(v, "check").iter().map(one_check).collect::<Result<_, _>>()?;
    let solution = lines(v, "solution");
    if check.is_empty() || solution.is_empty() {
        return Err("every step needs a check and a solution".to_string());
    }
    let hints = items_at(v, "hints").iter().map(|h| both(h, "")).collect::<Result<_, _>>()?;
    Ok(Step {
        goal: both(v, "goal")?,
        text: both(v, "text")?,
        hints,
        solution,
        wrong: lines(v, "wrong"),
        other: lines(v, "other"),
        check,
        done: both(v, "done")?,
    })
}

fn one_check(v: &Value) -> Result<Check, String> {
    let resource = text_at(v, "resource").to_string();
    if resource.is_empty() {
        return Err("a check needs a resource".to_string());
    }
    let op = match text_at(v, "op") {
        "" | "eq" => Op::Eq,
        "ne" => Op::Ne,
        "exists" => Op::Exists,
        "absent" => Op::Absent,
        "ge" => Op::Ge,
        other => return Err(format!("a check cannot compare with {other:?}")),
    };
    let number = |key: &str| i64_at(v, key).and_then(|n| usize::try_from(n).ok());
    let count = number("count");
    Ok(Check {
        resource,
        namespace: at(v, "namespace").map_or("default", |_| text_at(v, "namespace")).to_string(),
        name: text_at(v, "name").to_string(),
        selector: text_at(v, "selector").to_string(),
        path: text_at(v, "path").to_string(),
        op,
        value: text_at(v, "value").to_string(),
        at_least: count.or(number("atLeast")).unwrap_or(1),
        at_most: count.or(number("atMost")).unwrap_or(usize::MAX - 1),
    })
}

fn both(v: &Value, key: &str) -> Result<Text, String> {
    let v = at(v, key).unwrap_or(&Value::Null);
    let text = Text { ko: text_at(v, "ko").trim().to_string(), en: text_at(v, "en").trim().to_string() };
    match text.ko.is_empty() || text.en.is_empty() {
        true => Err(format!("{} needs a text in both languages", if key.is_empty() { "a hint" } else { key })),
        false => Ok(text),
    }
}

fn lines(v: &Value, key: &str) -> Vec<String> {
    items_at(v, key).iter().filter_map(|l| l.as_str().map(ToString::to_string)).collect()
}
