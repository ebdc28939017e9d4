//! Scripts of `sed`, read into commands. Never: what the commands do to lines (`sed`).

use alloc::string::String;
use alloc::vec::Vec;

use crate::text::regex::{Regex, Syntax};

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
pub fn parse(script: &str, extended: bool) -> Result<Vec<Command>, Wrong> {
    let mut reader = Reader { chars: script.chars().collect(), at: 0, syntax: if extended { Syntax::Extended } else { Syntax::Basic } };
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
        let from = reader.address(false)?;
        reader.skip(|c| c == ' ');
        let mut to = None;
        if from.is_some() && reader.peek() == Some(',') {
            reader.at += 1;
            reader.skip(|c| c == ' ');
            to = reader.address(true)?;
            if to.is_none() {
                return reader.wrong("unexpected `,'");
            }
        }
        reader.skip(|c| c == ' ');
        let mut negated = false;
        while reader.peek() == Some('!') {
            negated = true;
            reader.at += 1;
            reader.skip(|c| c == ' ');
        }
        let Some(letter) = reader.peek() else { return reader.wrong("missing command") };
        reader.at += 1;
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
                labels.push((reader.label(), here));
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
        let simple = !matches!(letter, '{' | 'a' | 'i' | 'c' | ':' | 'b' | 't' | 'T');
        if simple && reader.peek().is_some_and(|c| !matches!(c, ';' | '\n' | '}' | '#')) {
            reader.at += 1;
            return reader.wrong(if matches!(letter, 's') { "unknown option to `s'" } else { "extra characters after command" });
        }
    }
    if !blocks.is_empty() {
        return Err((0, String::from("unmatched `{'")));
    }
    let end = commands.len();
    for (at, label) in jumps {
        let to = match labels.iter().find(|(name, _)| *name == label) {
            Some((_, to)) => *to,
            None if label.is_empty() => end,
            None => return Err((reader.at, alloc::format!("can't find label for jump to `{label}'"))),
        };
        if let Some(command) = commands.get_mut(at) {
            command.what = match command.what {
                Do::BranchIf(_, wanted) => Do::BranchIf(to, wanted),
                _ => Do::Branch(to),
            };
        }
    }
    Ok(commands)
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    syntax: Syntax,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn wrong<T>(&self, message: &str) -> Result<T, Wrong> {
        Err((self.at.min(self.chars.len()), String::from(message)))
    }

    fn number(&mut self) -> Option<usize> {
        let digits: String = self.chars.iter().skip(self.at).take_while(|c| c.is_ascii_digit()).collect();
        self.at += digits.len();
        digits.parse().ok()
    }

    fn label(&mut self) -> String {
        self.skip(|c| c == ' ');
        let start = self.at;
        self.skip(|c| !matches!(c, '\n' | ';' | '}'));
        let text: String = self.chars.iter().skip(start).take(self.at - start).collect();
        String::from(text.trim())
    }

    fn address(&mut self, end: bool) -> Result<Option<Address>, Wrong> {
        match self.peek() {
            Some('$') => {
                self.at += 1;
                Ok(Some(Address::Last))
            }
            Some('+') if end => {
                self.at += 1;
                Ok(self.number().map(Address::More))
            }
            Some(c) if c.is_ascii_digit() => {
                let Some(first) = self.number() else { return self.wrong("unknown command") };
                if self.peek() == Some('~') {
                    self.at += 1;
                    let step = self.number().unwrap_or(0);
                    return Ok(Some(Address::Step(first, step)));
                }
                Ok(Some(Address::Line(first)))
            }
            Some(c @ ('/' | '\\')) => {
                self.at += 1;
                let delimiter = if c == '\\' {
                    self.at += 1;
                    self.chars.get(self.at - 1).copied().unwrap_or('/')
                } else {
                    '/'
                };
                let Some(text) = self.until(delimiter, true) else { return self.wrong("unterminated address regex") };
                let fold = self.peek() == Some('I');
                if fold {
                    self.at += 1;
                }
                Ok(Some(Address::Match(self.regex(&text, fold)?)))
            }
            _ => Ok(None),
        }
    }

    fn regex(&self, text: &str, fold: bool) -> Result<Regex, Wrong> {
        Regex::new(text, self.syntax, fold).map_err(|message| (self.at, String::from(message)))
    }

    /// The text up to an unescaped delimiter, which is stepped over. In a pattern, brackets hide it.
    fn until(&mut self, delimiter: char, pattern: bool) -> Option<String> {
        let mut out = String::new();
        let mut in_set = false;
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '\\' => {
                    let next = self.peek()?;
                    self.at += 1;
                    if next == delimiter
                        && !(pattern && matches!(next, '.' | '*' | '[' | ']' | '^' | '$' | '|' | '+' | '?' | '(' | ')' | '{' | '}'))
                    {
                        out.push(next);
                    } else {
                        out.push('\\');
                        out.push(next);
                    }
                }
                '[' if pattern && !in_set => {
                    in_set = true;
                    out.push(c);
                    if self.peek() == Some('^') {
                        self.at += 1;
                        out.push('^');
                    }
                    if self.peek() == Some(']') {
                        self.at += 1;
                        out.push(']');
                    }
                }
                ']' if in_set => {
                    in_set = false;
                    out.push(c);
                }
                c if c == delimiter && !in_set => return Some(out),
                '\n' if pattern => return None,
                c => out.push(c),
            }
        }
        None
    }

    fn command(&mut self, letter: char) -> Result<Do, Wrong> {
        Ok(match letter {
            'd' => Do::Delete,
            'D' => Do::DeleteFirst,
            'p' => Do::Print,
            'P' => Do::PrintFirst,
            '=' => Do::Number,
            'l' => Do::List,
            'n' => Do::Next,
            'N' => Do::AppendNext,
            'h' => Do::Hold(false),
            'H' => Do::Hold(true),
            'g' => Do::Get(false),
            'G' => Do::Get(true),
            'x' => Do::Exchange,
            'q' | 'Q' => {
                self.skip(|c| c == ' ');
                let code = self.number().and_then(|code| i32::try_from(code).ok()).unwrap_or(0);
                Do::Quit(code, letter == 'Q')
            }
            'a' => Do::Append(self.text()?),
            'i' => Do::Insert(self.text()?),
            'c' => Do::Change(self.text()?),
            's' => self.subst()?,
            'y' => self.translate()?,
            other => return self.wrong(&alloc::format!("unknown command: `{other}'")),
        })
    }

    /// The text of `a`, `i`, `c`: to the end of the line, or of lines that end with a backslash.
    fn text(&mut self) -> Result<String, Wrong> {
        self.skip(|c| matches!(c, ' ' | '\t'));
        if self.peek() == Some('\\') {
            self.at += 1;
            self.skip(|c| matches!(c, ' ' | '\t'));
            if self.peek() == Some('\n') {
                self.at += 1;
            }
        }
        if self.peek().is_none() {
            return self.wrong("expected \\ after `a', `c' or `i'");
        }
        let mut out = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '\\' => {
                    match self.peek() {
                        Some('t') => out.push('\t'),
                        Some('n') => out.push('\n'),
                        other => out.extend(other),
                    }
                    self.at += 1;
                }
                '\n' => break,
                c => out.push(c),
            }
        }
        out.push('\n');
        Ok(out)
    }

    fn delimiter(&mut self, letter: char) -> Result<char, Wrong> {
        match self.peek() {
            Some(c) if c != '\n' && c != '\\' => {
                self.at += 1;
                Ok(c)
            }
            _ => self.wrong(&alloc::format!("unterminated `{letter}' command")),
        }
    }

    fn subst(&mut self) -> Result<Do, Wrong> {
        let delimiter = self.delimiter('s')?;
        let (Some(pattern), Some(with)) = (self.until(delimiter, true), self.until(delimiter, false)) else {
            return self.wrong("unterminated `s' command");
        };
        let (mut global, mut print, mut fold, mut nth) = (false, false, false, 1);
        while let Some(c) = self.peek() {
            match c {
                'g' => global = true,
                'p' => print = true,
                'I' | 'i' => fold = true,
                'm' | 'M' | 'e' => {}
                '0'..='9' => {
                    nth = self.number().unwrap_or(1);
                    if nth == 0 {
                        return self.wrong("number option to `s' command may not be zero");
                    }
                    continue;
                }
                _ => break,
            }
            self.at += 1;
        }
        let regex = self.regex(&pattern, fold)?;
        let with = pieces(&with);
        let most = with.iter().map(|piece| if let Piece::Group(number) = piece { *number } else { 0 }).max().unwrap_or(0);
        if most > regex.groups() {
            return self.wrong(&alloc::format!("invalid reference \\{most} on `s' command's RHS"));
        }
        Ok(Do::Subst(Subst { regex, with, global, print, nth }))
    }

    fn translate(&mut self) -> Result<Do, Wrong> {
        let delimiter = self.delimiter('y')?;
        let (Some(from), Some(to)) = (self.until(delimiter, false), self.until(delimiter, false)) else {
            return self.wrong("unterminated `y' command");
        };
        let chars = |text: &str| -> Vec<char> { text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\").chars().collect() };
        let (from, to) = (chars(&from), chars(&to));
        if from.len() != to.len() {
            return self.wrong("strings for `y' command are different lengths");
        }
        Ok(Do::Translate(from, to))
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut chars = text.chars();
    let flush = |plain: &mut String, out: &mut Vec<Piece>| {
        if !plain.is_empty() {
            out.push(Piece::Text(core::mem::take(plain)));
        }
    };
    while let Some(c) = chars.next() {
        match c {
            '&' => {
                flush(&mut plain, &mut out);
                out.push(Piece::Group(0));
            }
            '\\' => match chars.next() {
                Some(digit @ '0'..='9') => {
                    flush(&mut plain, &mut out);
                    out.push(Piece::Group(digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()).unwrap_or(0)));
                }
                Some(case @ ('U' | 'L' | 'u' | 'l' | 'E')) => {
                    flush(&mut plain, &mut out);
                    out.push(Piece::Case(case));
                }
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            c => plain.push(c),
        }
    }
    flush(&mut plain, &mut out);
    out
}
