//! Scripts of `sed`, read into commands. Never: what the commands do to lines (`sed`).

mod reader;

use alloc::string::String;
use alloc::vec::Vec;

use crate::text::regex::{Regex, Syntax};

use reader::Reader;

/// A command with its addresses.
#[derive(Clone, Debug)]
pub struct Command {
    /// The line, or the beginning of the range, it is for.
    pub from: Option<Address>,
    /// The end of the range.
    pub to: Option<Address>,
    /// `!`
    pub negated: bool,
    /// What it does.
    pub what: Do,
}

impl Command {
    /// Whether it asks which line is the last.
    pub fn mentions_last(&self) -> bool {
        let last = |address: &Option<Address>| matches!(address, Some(Address::Last));
        last(&self.from) || last(&self.to) || matches!(self.what, Do::AppendNext | Do::Next)
    }
}

/// Which lines a command is for.
#[derive(Clone, Debug)]
pub enum Address {
    /// `5`
    Line(usize),
    /// `1~2`
    Step(usize, usize),
    /// `+3`, as the end of a range
    More(usize),
    /// `~4`, as the end of a range
    Multiple(usize),
    /// `$`
    Last,
    /// `/pattern/`
    Match(Regex),
}

/// What commands do.
#[derive(Clone, Debug)]
pub enum Do {
    /// `{`: if not chosen, goes on at this command
    Block(usize),
    /// `}`
    End,
    /// `:label`
    Label,
    /// `#n` on the first line
    Quiet,
    /// `d`
    Delete,
    /// `D`
    DeleteFirst,
    /// `p`
    Print,
    /// `P`
    PrintFirst,
    /// `=`
    Number,
    /// `l`
    List,
    /// `a text`
    Append(String),
    /// `i text`
    Insert(String),
    /// `c text`
    Change(String),
    /// `r file`: what stands in it
    Read(String),
    /// `R file`: its lines, one after another
    ReadLine(String),
    /// `w file` and, if true, `W file`: the number of the file
    Write(usize, bool),
    /// `F`
    Name,
    /// `z`
    Empty,
    /// `v`
    Nothing,
    /// `s/…/…/`
    Subst(Subst),
    /// `y/…/…/`
    Translate(Vec<char>, Vec<char>),
    /// `n`
    Next,
    /// `N`
    AppendNext,
    /// `q` and `Q`: the code, and whether without printing
    Quit(i32, bool),
    /// `h` and `H`
    Hold(bool),
    /// `g` and `G`
    Get(bool),
    /// `x`
    Exchange,
    /// `b`
    Branch(usize),
    /// `t` and `T`: whether a substitution must have been made
    BranchIf(usize, bool),
}

/// A substitution.
#[derive(Clone, Debug)]
pub struct Subst {
    /// What is looked for.
    pub regex: Regex,
    /// What it becomes.
    pub with: Vec<Piece>,
    /// `g`
    pub global: bool,
    /// `p`
    pub print: bool,
    /// `w file`: the number of the file
    pub write: Option<usize>,
    /// Which match is the first to be replaced, from 1.
    pub nth: usize,
}

/// A piece of a replacement.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Text.
    Text(String),
    /// `&` is group 0.
    Group(usize),
    /// `\U`, `\L`, `\u`, `\l`, `\E`
    Case(char),
}

/// Where a script is wrong (characters from 1), and the message.
pub type Wrong = (usize, String);

const MAX_COMMANDS: usize = 1_000;

/// Reads a script.
/// Answers the commands and the files that they write.
pub fn parse(script: &str, extended: bool) -> Result<(Vec<Command>, Vec<String>), Wrong> {
    let syntax = if extended { Syntax::Extended } else { Syntax::Basic };
    let mut reader = Reader { chars: script.chars().collect(), at: 0, syntax, pattern: None, files: Vec::new() };
    let mut commands: Vec<Command> = Vec::new();
    let mut blocks = Vec::new();
    let mut labels: Vec<(String, usize)> = Vec::new();
    let mut jumps: Vec<(usize, String)> = Vec::new();
    if script.starts_with("#n\n") {
        commands.push(Command { from: None, to: None, negated: false, what: Do::Quiet });
    }
    loop {
        reader.skip(|c| c.is_whitespace() || c == ';');
        let Some(c) = reader.peek() else { break };
        if c == '#' {
            reader.skip(|c| c != '\n');
            continue;
        }
        if commands.len() > MAX_COMMANDS {
            return reader.wrong("script too long");
        }
        let (from, to, negated) = reader.addresses()?;
        let letter = reader.letter(&from, &to)?;
        let here = commands.len();
        let what = match letter {
            '{' => {
                blocks.push(here);
                Do::Block(0)
            }
            '}' => {
                let Some(open) = blocks.pop() else { return reader.wrong("unexpected `}'") };
                if let Some(command) = commands.get_mut(open) {
                    command.what = Do::Block(here + 1);
                }
                Do::End
            }
            ':' => {
                let label = reader.label();
                if label.is_empty() {
                    return reader.wrong("\":\" lacks a label");
                }
                labels.push((label, here));
                Do::Label
            }
            'b' | 't' | 'T' => {
                jumps.push((here, reader.label()));
                match letter {
                    'b' => Do::Branch(usize::MAX),
                    letter => Do::BranchIf(usize::MAX, letter == 't'),
                }
            }
            letter => reader.command(letter)?,
        };
        commands.push(Command { from, to, negated, what });
        reader.skip(|c| matches!(c, ' ' | '\t'));
        let simple = !matches!(letter, '{' | 'a' | 'i' | 'c' | ':' | 'b' | 't' | 'T' | 'r' | 'R' | 'w' | 'W');
        if simple && reader.peek().is_some_and(|c| !matches!(c, ';' | '\n' | '}' | '#')) {
            reader.at += 1;
            return reader.wrong(if matches!(letter, 's') { "unknown option to `s'" } else { "extra characters after command" });
        }
    }
    if !blocks.is_empty() {
        return Err((0, String::from("unmatched `{'")));
    }
    resolve(&mut commands, &labels, jumps)?;
    Ok((commands, reader.files))
}

/// Gives the jumps of `b`, `t` and `T` the places of their labels.
fn resolve(commands: &mut [Command], labels: &[(String, usize)], jumps: Vec<(usize, String)>) -> Result<(), Wrong> {
    let end = commands.len();
    for (at, label) in jumps {
        let to = match labels.iter().find(|(name, _)| *name == label) {
            Some((_, to)) => *to,
            None if label.is_empty() => end,
            None => return Err((0, alloc::format!("can't find label for jump to `{label}'"))),
        };
        if let Some(command) = commands.get_mut(at) {
            command.what = match command.what {
                Do::BranchIf(_, wanted) => Do::BranchIf(to, wanted),
                _ => Do::Branch(to),
            };
        }
    }
    Ok(())
}
