//! Runs a parsed template on a value.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::Results;
use super::parse::{Node, Param};
use super::print::{go_type, go_value};

/// Values looked at in one run.
const MAX_STEPS: usize = 1_000_000;
/// Ranges, filters and recursion inside each other.
const MAX_DEPTH: usize = 120;

struct Runner<'v> {
    nodes: &'v [Node],
    allow_missing: bool,
    begin_range: usize,
    in_range: usize,
    end_range: usize,
    /// The place of the `{end}` at which the innermost range was left.
    last_end: Option<usize>,
    steps: usize,
}

type Found<'v> = Result<Results<'v>, String>;

/// Runs `nodes` on `value`.
pub(super) fn find<'v>(nodes: &'v [Node], value: &'v Value, allow_missing: bool) -> Result<Vec<Results<'v>>, String> {
    let mut runner = Runner { nodes, allow_missing, begin_range: 0, in_range: 0, end_range: 0, last_end: None, steps: 0 };
    let mut all = Vec::new();
    runner.run(0, Cow::Borrowed(value), 0, &mut all)?;
    Ok(all)
}

/// Both ways of holding a value, opened: parts of a borrowed value stay borrowed.
fn items<'v>(value: &Cow<'v, Value>) -> Option<Results<'v>> {
    match value {
        Cow::Borrowed(Value::Array(items)) => Some(items.iter().map(Cow::Borrowed).collect()),
        Cow::Owned(Value::Array(items)) => Some(items.iter().cloned().map(Cow::Owned).collect()),
        _ => None,
    }
}

fn member<'v>(value: &Cow<'v, Value>, name: &str) -> Option<Cow<'v, Value>> {
    match value {
        Cow::Borrowed(value) => value.as_object()?.get(name).map(Cow::Borrowed),
        Cow::Owned(value) => value.as_object()?.get(name).cloned().map(Cow::Owned),
    }
}

/// All values inside: members, items, and of a text its bytes.
fn children<'v>(value: &Cow<'v, Value>) -> Results<'v> {
    match value {
        Cow::Borrowed(Value::Object(map)) => map.values().map(Cow::Borrowed).collect(),
        Cow::Owned(Value::Object(map)) => map.values().cloned().map(Cow::Owned).collect(),
        Cow::Borrowed(Value::String(text)) => text.bytes().map(|b| Cow::Owned(Value::from(b))).collect(),
        Cow::Owned(Value::String(text)) => text.bytes().map(|b| Cow::Owned(Value::from(b))).collect(),
        other => items(other).unwrap_or_default(),
    }
}

impl<'v> Runner<'v> {
    fn step(&mut self, count: usize) -> Result<(), String> {
        self.steps = self.steps.saturating_add(count.max(1));
        if self.steps > MAX_STEPS { Err("template takes too many steps".to_string()) } else { Ok(()) }
    }

    /// Runs the nodes from `start` on, up to the end of the range they are in.
    fn run(&mut self, start: usize, value: Cow<'v, Value>, depth: usize, all: &mut Vec<Results<'v>>) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err("template is too deep".to_string());
        }
        let nodes = self.nodes;
        let mut i = start;
        while let Some(node) = nodes.get(i) {
            let results = self.walk(alloc::vec![value.clone()], node, depth)?;
            if self.end_range > 0 && self.end_range <= self.in_range {
                self.end_range -= 1;
                self.last_end = Some(i);
                break;
            }
            if self.begin_range > 0 {
                self.begin_range -= 1;
                self.in_range += 1;
                if results.is_empty() {
                    // The nodes inside are still passed, so that the end of the range is found.
                    self.run(i + 1, Cow::Owned(Value::Null), depth + 1, &mut Vec::new())?;
                }
                for one in results {
                    self.run(i + 1, one, depth + 1, all)?;
                }
                self.in_range -= 1;
                if let Some(end) = self.last_end.filter(|end| *end > i) {
                    i = end;
                }
                i += 1;
                continue;
            }
            all.push(results);
            i += 1;
        }
        Ok(())
    }

    fn list(&mut self, input: Results<'v>, nodes: &'v [Node], depth: usize) -> Found<'v> {
        let mut current = input;
        for node in nodes {
            current = self.walk(current, node, depth)?;
        }
        Ok(current)
    }

    fn walk(&mut self, input: Results<'v>, node: &'v Node, depth: usize) -> Found<'v> {
        self.step(input.len())?;
        let constant = |value: Value| Ok(input.iter().map(|_| Cow::Owned(value.clone())).collect());
        match node {
            Node::List(nodes) => self.list(input, nodes, depth),
            Node::Text(text) => Ok(alloc::vec![Cow::Owned(Value::String(text.clone()))]),
            Node::Int(value) => constant(Value::from(*value)),
            Node::Float(value) => constant(Value::from(*value)),
            Node::Bool(value) => constant(Value::from(*value)),
            Node::Field(name) => self.field(&input, name),
            Node::Array(params) => array(&input, params),
            Node::Wildcard => {
                let found: Results<'v> = input.iter().flat_map(children).collect();
                self.step(found.len())?;
                Ok(found)
            }
            Node::Recursive => {
                let mut found = Vec::new();
                self.recursive(input, depth, &mut found)?;
                Ok(found)
            }
            Node::Union(lists) => {
                let mut found = Vec::new();
                for nodes in lists {
                    found.extend(self.list(input.clone(), nodes, depth)?);
                }
                Ok(found)
            }
            Node::Filter { left, right, operator } => self.filter(&input, left, right, operator, depth),
            Node::Identifier(name) => match name.as_str() {
                "range" => {
                    self.begin_range += 1;
                    Ok(input)
                }
                "end" if self.in_range > 0 => {
                    self.end_range += 1;
                    Ok(Vec::new())
                }
                "end" => Err("not in range, nothing to end".to_string()),
                other => Err(format!("unrecognized identifier {other}")),
            },
        }
    }

    fn field(&mut self, input: &[Cow<'v, Value>], name: &str) -> Found<'v> {
        let found: Results<'v> = input.iter().filter_map(|value| member(value, name)).collect();
        if found.is_empty() && !input.is_empty() && !self.allow_missing {
            return Err(format!("{name} is not found"));
        }
        Ok(found)
    }

    fn recursive(&mut self, input: Results<'v>, depth: usize, found: &mut Results<'v>) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err("template is too deep".to_string());
        }
        for value in input {
            let inside = children(&value);
            self.step(inside.len())?;
            if !inside.is_empty() {
                found.push(value);
                self.recursive(inside, depth + 1, found)?;
            }
        }
        Ok(())
    }

    fn filter(&mut self, input: &[Cow<'v, Value>], left: &'v [Node], right: &'v [Node], operator: &str, depth: usize) -> Found<'v> {
        let mut found = Vec::new();
        for value in input {
            let Some(candidates) = items(value) else {
                return Err(format!("{} is not array or slice and cannot be filtered", go_value(value)));
            };
            for candidate in candidates {
                let lefts = self.list(alloc::vec![candidate.clone()], left, depth + 1);
                if operator == "exists" {
                    if lefts.is_ok_and(|l| !l.is_empty()) {
                        found.push(candidate);
                    }
                    continue;
                }
                let lefts = lefts?;
                let Some(a) = only(&lefts)? else { continue };
                let rights = self.list(alloc::vec![candidate.clone()], right, depth + 1)?;
                let Some(b) = only(&rights)? else { continue };
                if compare(a, b, operator)? {
                    found.push(candidate);
                }
            }
        }
        Ok(found)
    }
}

fn only<'r>(results: &'r [Cow<'_, Value>]) -> Result<Option<&'r Value>, String> {
    match results {
        [] => Ok(None),
        [one] => Ok(Some(one.as_ref())),
        _ => Err("can only compare one element at a time".to_string()),
    }
}

fn array<'v>(input: &[Cow<'v, Value>], params: &[Param; 3]) -> Found<'v> {
    let mut found = Vec::new();
    let [from, to, step] = params;
    for value in input {
        if value.is_null() {
            continue;
        }
        let Some(all) = items(value) else {
            return Err(format!("{} is not array or slice", go_type(value)));
        };
        let len = all.len() as i64;
        let mut first = if from.known { from.value } else { 0 };
        if first < 0 {
            first = first.saturating_add(len);
        }
        let mut last = if to.known { to.value } else { len };
        if last < 0 || (last == 0 && to.derived) {
            last = last.saturating_add(len);
        }
        if first == last {
            return Ok(found);
        }
        if first >= len || first < 0 {
            return Err(format!("array index out of bounds: index {first}, length {len}"));
        }
        if last > len || last < 0 {
            return Err(format!("array index out of bounds: index {}, length {len}", last.saturating_sub(1)));
        }
        if first > last {
            return Err(format!("starting index {first} is greater than ending index {last}"));
        }
        if step.known && step.value <= 0 {
            return Err("step must be > 0".to_string());
        }
        let stride = if step.known { usize::try_from(step.value).unwrap_or(usize::MAX) } else { 1 };
        let (first, count) = (usize::try_from(first).unwrap_or(0), usize::try_from(last - first).unwrap_or(0));
        found.extend(all.into_iter().skip(first).take(count).step_by(stride));
    }
    Ok(found)
}

/// Models the comparison functions of Go's templates on JSON values; `==` and the like.
pub(super) fn compare(a: &Value, b: &Value, operator: &str) -> Result<bool, String> {
    match operator {
        "==" => equal(a, b),
        "!=" => equal(a, b).map(|e| !e),
        "<" => less(a, b),
        ">=" => less(a, b).map(|l| !l),
        "<=" => Ok(less(a, b)? || equal(a, b)?),
        ">" => Ok(!(less(a, b)? || equal(a, b)?)),
        other => Err(format!("unrecognized filter operator {other}")),
    }
}

#[derive(PartialEq)]
enum Basic {
    Bool,
    Int,
    Float,
    String,
}

fn basic(value: &Value) -> Result<Basic, String> {
    match value {
        Value::Bool(_) => Ok(Basic::Bool),
        Value::Number(n) if n.is_f64() => Ok(Basic::Float),
        Value::Number(_) => Ok(Basic::Int),
        Value::String(_) => Ok(Basic::String),
        _ => Err("invalid type for comparison".to_string()),
    }
}

fn equal(a: &Value, b: &Value) -> Result<bool, String> {
    if basic(a)? != basic(b)? {
        return Err("incompatible types for comparison".to_string());
    }
    Ok(a == b)
}

fn less(a: &Value, b: &Value) -> Result<bool, String> {
    let kind = basic(a)?;
    if kind != basic(b)? {
        return Err("incompatible types for comparison".to_string());
    }
    match kind {
        Basic::Bool => Err("invalid type for comparison".to_string()),
        Basic::String => Ok(a.as_str() < b.as_str()),
        Basic::Float => Ok(a.as_f64() < b.as_f64()),
        Basic::Int => Ok(match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a < b,
            _ => a.as_u64() < b.as_u64(),
        }),
    }
}
