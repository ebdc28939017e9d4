//! Runs a parsed template on JSON data.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::funcs;
use super::tree::{Branch, Command, Named, Node, Operand, Pipe, What};
use crate::object::jsonpath::go_value;
use crate::text::quote::quote;

/// Actions run in one execution.
const MAX_STEPS: usize = 1_000_000;
/// Bytes printed in one execution.
const MAX_OUTPUT: usize = 4 << 20;
/// Actions and parentheses inside each other.
const MAX_DEPTH: usize = 200;

/// What an expression gives: a part of the data, a value made, or nothing (Go's invalid value).
pub(super) type Held<'v> = Option<Cow<'v, Value>>;

/// An error and the byte and text of the node it is at.
pub(super) struct Failure {
    pub at: usize,
    pub context: String,
    pub text: String,
}

/// How a list of actions ended.
#[derive(PartialEq)]
enum Leave {
    Done,
    Break,
    Continue,
}

pub(super) struct Runner<'v, 'o> {
    variables: Vec<(String, Held<'v>)>,
    named: &'v Named,
    out: &'o mut String,
    limit: usize,
    missing_keys_fail: bool,
    steps: usize,
}

fn fail<T>(at: usize, context: String, text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure { at, context, text: text.into() })
}

impl<'v, 'o> Runner<'v, 'o> {
    pub(super) fn new(data: &'v Value, named: &'v Named, out: &'o mut String, missing_keys_fail: bool) -> Self {
        let limit = out.len().saturating_add(MAX_OUTPUT);
        let variables = alloc::vec![("$".to_string(), Some(Cow::Borrowed(data)))];
        Runner { variables, named, out, limit, missing_keys_fail, steps: 0 }
    }

    pub(super) fn run(&mut self, nodes: &'v [Node], data: &'v Value) -> Result<(), Failure> {
        self.list(nodes, &Some(Cow::Borrowed(data)), 0).map(|_| ())
    }

    /// Runs a template with a name, which knows no variables but its own.
    fn template(&mut self, name: &str, pipe: Option<&'v Pipe>, at: usize, dot: &Held<'v>, depth: usize) -> Result<Leave, Failure> {
        let data = pipe.map_or(Ok(None), |pipe| self.pipe(pipe, dot, depth))?;
        let Some((_, nodes)) = self.named.iter().find(|(known, _)| known == name) else {
            let text = ["template ", &quote(name), " not defined"].concat();
            let source = pipe.map_or(String::new(), |pipe| [" ", &pipe.source()].concat());
            return fail(at, ["{{template ", &quote(name), &source, "}}"].concat(), text);
        };
        let outer = core::mem::replace(&mut self.variables, alloc::vec![("$".to_string(), data.clone())]);
        self.list(nodes, &data, depth + 1)?;
        self.variables = outer;
        Ok(Leave::Done)
    }

    fn step(&mut self, depth: usize) -> Result<(), Failure> {
        self.steps += 1;
        if self.steps > MAX_STEPS || depth > MAX_DEPTH || self.out.len() > self.limit {
            return fail(0, "template".to_string(), "exceeded maximum template depth (100000)");
        }
        Ok(())
    }

    fn list(&mut self, nodes: &'v [Node], dot: &Held<'v>, depth: usize) -> Result<Leave, Failure> {
        let scope = self.variables.len();
        for node in nodes {
            self.step(depth)?;
            let leave = match node {
                Node::Text(text) => {
                    self.out.push_str(text);
                    Leave::Done
                }
                Node::Action(pipe) => {
                    let value = self.pipe(pipe, dot, depth)?;
                    if pipe.declares.is_empty() {
                        match value.as_deref() {
                            None | Some(Value::Null) => self.out.push_str("<no value>"),
                            Some(value) => self.out.push_str(&go_value(value)),
                        }
                    }
                    Leave::Done
                }
                Node::If(branch) | Node::With(branch) => {
                    let inner = self.variables.len();
                    let value = self.pipe(&branch.pipe, dot, depth)?;
                    let holds = funcs::truth(&value);
                    let is_with = matches!(node, Node::With(_));
                    let leave = match (holds, is_with) {
                        (true, true) => self.list(&branch.then, &value, depth + 1)?,
                        (true, false) => self.list(&branch.then, dot, depth + 1)?,
                        (false, _) => self.list(&branch.otherwise, dot, depth + 1)?,
                    };
                    self.variables.truncate(inner);
                    leave
                }
                Node::Range(branch) => self.range(branch, dot, depth)?,
                Node::Template(name, pipe, at) => self.template(name, pipe.as_ref(), *at, dot, depth)?,
                Node::Break => Leave::Break,
                Node::Continue => Leave::Continue,
            };
            if leave != Leave::Done {
                self.variables.truncate(scope);
                return Ok(leave);
            }
        }
        if depth > 0 {
            self.variables.truncate(scope);
        }
        Ok(Leave::Done)
    }

    fn range(&mut self, branch: &'v Branch, dot: &Held<'v>, depth: usize) -> Result<Leave, Failure> {
        let scope = self.variables.len();
        // The variables of a range belong to its rounds, not to the place where it stands.
        let value = self.commands(&branch.pipe, dot, depth)?;
        let mut rounds: Vec<(Value, Held<'v>)> = Vec::new();
        match value {
            None => {}
            Some(Cow::Borrowed(Value::Array(items))) => {
                rounds.extend(items.iter().enumerate().map(|(i, item)| (Value::from(i), Some(Cow::Borrowed(item)))));
            }
            Some(Cow::Borrowed(Value::Object(map))) => {
                rounds.extend(map.iter().map(|(key, item)| (Value::from(key.as_str()), Some(Cow::Borrowed(item)))));
            }
            Some(value) => match value.into_owned() {
                Value::Null => {}
                Value::Array(items) => {
                    rounds.extend(items.into_iter().enumerate().map(|(i, item)| (Value::from(i), Some(Cow::Owned(item)))));
                }
                Value::Object(map) => rounds.extend(map.into_iter().map(|(key, item)| (Value::from(key), Some(Cow::Owned(item))))),
                Value::Number(n) if !n.is_f64() => {
                    let count = n.as_u64().unwrap_or(0).min(MAX_STEPS as u64);
                    rounds.extend((0..count).map(|i| (Value::from(i), Some(Cow::Owned(Value::from(i))))));
                }
                other => {
                    let text = format!("range can't iterate over {}", go_value(&other));
                    // Go names what it looked at last.
                    let last = branch.pipe.commands.last().and_then(|command| command.operands.last());
                    return match last {
                        Some(operand) => fail(operand.at, operand.source(), text),
                        None => fail(branch.pipe.at, branch.pipe.source(), text),
                    };
                }
            },
        }
        if rounds.is_empty() {
            return self.list(&branch.otherwise, dot, depth + 1);
        }
        for (key, item) in rounds {
            self.step(depth)?;
            match branch.pipe.declares.as_slice() {
                [one] => self.bind(one, item.clone(), branch.pipe.assigns),
                [first, second] => {
                    self.bind(first, Some(Cow::Owned(key)), branch.pipe.assigns);
                    self.bind(second, item.clone(), branch.pipe.assigns);
                }
                _ => {}
            }
            let leave = self.list(&branch.then, &item, depth + 1)?;
            self.variables.truncate(scope);
            if leave == Leave::Break {
                break;
            }
        }
        Ok(Leave::Done)
    }

    fn bind(&mut self, name: &str, value: Held<'v>, assigns: bool) {
        let known = self.variables.iter_mut().rev().find(|(known, _)| known == name);
        match known {
            Some((_, held)) if assigns => *held = value,
            _ => self.variables.push((name.to_string(), value)),
        }
    }

    fn pipe(&mut self, pipe: &'v Pipe, dot: &Held<'v>, depth: usize) -> Result<Held<'v>, Failure> {
        let value = self.commands(pipe, dot, depth)?;
        for name in &pipe.declares {
            self.bind(name, value.clone(), pipe.assigns);
        }
        Ok(value)
    }

    fn commands(&mut self, pipe: &'v Pipe, dot: &Held<'v>, depth: usize) -> Result<Held<'v>, Failure> {
        self.step(depth)?;
        let mut value = None;
        for (i, command) in pipe.commands.iter().enumerate() {
            let piped = if i > 0 { Some(value) } else { None };
            value = self.command(command, dot, piped, depth)?;
        }
        Ok(value)
    }

    fn command(&mut self, command: &'v Command, dot: &Held<'v>, piped: Option<Held<'v>>, depth: usize) -> Result<Held<'v>, Failure> {
        let Some((first, rest)) = command.operands.split_first() else { return Ok(None) };
        if let What::Function(name) = &first.what {
            return self.function(name, command, rest, dot, piped, depth);
        }
        if !rest.is_empty() || piped.is_some() {
            let text = match &first.what {
                What::Field(names) | What::Variable(_, names) | What::Chain(_, names) if !names.is_empty() => {
                    format!("{} is not a method but has arguments", names.last().map_or("", String::as_str))
                }
                _ => format!("can't give argument to non-function {}", first.source()),
            };
            return fail(first.at, first.source(), text);
        }
        if matches!(first.what, What::Nil) {
            return fail(first.at, first.source(), "nil is not a command");
        }
        self.operand(first, dot, depth)
    }

    fn function(
        &mut self,
        name: &str,
        command: &'v Command,
        rest: &'v [Operand],
        dot: &Held<'v>,
        piped: Option<Held<'v>>,
        depth: usize,
    ) -> Result<Held<'v>, Failure> {
        if matches!(name, "and" | "or") {
            let mut last: Option<Held<'v>> = None;
            for operand in rest {
                let value = self.operand(operand, dot, depth)?;
                if funcs::truth(&value) == (name == "or") {
                    return Ok(value);
                }
                last = Some(value);
            }
            return match piped.or(last) {
                Some(value) => Ok(value),
                None => {
                    let text = format!("wrong number of args for {name}: want at least 1 got 0");
                    fail(command.at, name.to_string(), text)
                }
            };
        }
        let mut args = Vec::with_capacity(rest.len() + 1);
        for operand in rest {
            args.push(self.operand(operand, dot, depth)?);
        }
        args.extend(piped);
        let made = funcs::call(name, &args);
        let constant = rest.first().is_some_and(|first| matches!(first.what, What::Constant(..)));
        // What the template writes is an int, where the data has an int64.
        let made = made.map_err(|text| match text.strip_suffix("of type int64").filter(|_| constant) {
            Some(text) => text.to_string() + "of type int",
            None => text,
        });
        // What was to be called is named as it stands in the template.
        let called = || rest.first().map_or_else(|| super::printf::print(args.get(..1).unwrap_or_default()), |first| first.source());
        let made = made.map_err(|text| if text.contains('\0') { text.replace('\0', &called()) } else { text });
        made.or_else(|text| match text.strip_prefix('!') {
            Some(text) => fail(command.at, name.to_string(), text),
            None => fail(command.at, command.source(), format!("error calling {name}: {text}")),
        })
    }

    fn operand(&mut self, operand: &'v Operand, dot: &Held<'v>, depth: usize) -> Result<Held<'v>, Failure> {
        match &operand.what {
            What::Dot => Ok(dot.clone()),
            What::Nil => Ok(None),
            What::Constant(value, _) => Ok(Some(Cow::Owned(value.clone()))),
            What::Field(names) => self.fields(dot.clone(), names, operand),
            What::Variable(name, names) => {
                let found = self.variables.iter().rev().find(|(known, _)| known == name);
                let value = found.map(|(_, value)| value.clone()).unwrap_or_default();
                self.fields(value, names, operand)
            }
            What::Function(name) => {
                let text = format!("error calling {name}: ");
                funcs::call(name, &[]).or_else(|error| match error.strip_prefix('!') {
                    Some(error) => fail(operand.at, operand.source(), error),
                    None => fail(operand.at, operand.source(), text + &error),
                })
            }
            What::Pipe(pipe) => self.pipe(pipe, dot, depth + 1),
            What::Chain(inner, names) => {
                let value = self.operand(inner, dot, depth + 1)?;
                self.fields(value, names, operand)
            }
        }
    }

    fn fields(&self, value: Held<'v>, names: &[String], operand: &Operand) -> Result<Held<'v>, Failure> {
        let mut here = value;
        for name in names {
            here = match here {
                None if self.missing_keys_fail => {
                    return fail(operand.at, operand.source(), format!("nil data; no entry for key {}", quote(name)));
                }
                None => return Ok(None),
                Some(Cow::Borrowed(Value::Object(map))) => map.get(name).map(Cow::Borrowed),
                Some(value) => match value.as_ref() {
                    Value::Object(map) => map.get(name).cloned().map(Cow::Owned),
                    Value::Null => {
                        return fail(operand.at, operand.source(), format!("nil pointer evaluating interface {{}}.{name}"));
                    }
                    _ => {
                        return fail(operand.at, operand.source(), format!("can't evaluate field {name} in type interface {{}}"));
                    }
                },
            };
            if here.is_none() && self.missing_keys_fail {
                return fail(operand.at, operand.source(), format!("map has no entry for key {}", quote(name)));
            }
        }
        Ok(here)
    }
}
