//! What a template is once it is parsed: actions, pipelines and operands, and how Go names them in errors.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    Action(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    Break,
    Continue,
    /// `{{template "name" pipeline}}`
    Template(String, Option<Pipe>, usize),
}

/// Templates with a name, the last of equal names first.
pub(super) type Named = Vec<(String, Vec<Node>)>;

#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub pipe: Pipe,
    pub then: Vec<Node>,
    pub otherwise: Vec<Node>,
}

/// Commands joined by `|`, with the variables that their result goes to.
#[derive(Clone, Debug)]
pub(super) struct Pipe {
    pub declares: Vec<String>,
    /// `=` instead of `:=`.
    pub assigns: bool,
    pub commands: Vec<Command>,
    pub at: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Command {
    pub operands: Vec<Operand>,
    pub at: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub what: What,
    pub at: usize,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Dot,
    Nil,
    Constant(Value, String),
    Field(Vec<String>),
    Variable(String, Vec<String>),
    Function(String),
    Pipe(Box<Pipe>),
    Chain(Box<Operand>, Vec<String>),
}

fn join(names: &[String]) -> String {
    names.iter().fold(String::new(), |text, name| text + "." + name)
}

impl Operand {
    /// As Go prints it in an error.
    pub fn source(&self) -> String {
        match &self.what {
            What::Dot => ".".to_string(),
            What::Nil => "nil".to_string(),
            What::Constant(_, source) => source.clone(),
            What::Field(names) => join(names),
            What::Variable(name, names) => name.clone() + &join(names),
            What::Function(name) => name.clone(),
            What::Pipe(pipe) => format!("({})", pipe.source()),
            What::Chain(operand, names) => operand.source() + &join(names),
        }
    }
}

impl Command {
    /// As Go prints it in an error.
    pub fn source(&self) -> String {
        let parts: Vec<String> = self.operands.iter().map(Operand::source).collect();
        parts.join(" ")
    }
}

impl Pipe {
    /// As Go prints it in an error.
    pub fn source(&self) -> String {
        let commands: Vec<String> = self.commands.iter().map(Command::source).collect();
        let commands = commands.join(" | ");
        match self.declares.is_empty() {
            true => commands,
            false => format!("{} {} {commands}", self.declares.join(", "), if self.assigns { "=" } else { ":=" }),
        }
    }
}
