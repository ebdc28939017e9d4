//! Reads a regular expression as a tree. What runs it is beside.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Assert, Syntax};

/// How deep groups stand in each other.
const MAX_DEPTH: u32 = 40;
/// The largest number in `{2,5}`.
const MAX_REPEAT: u32 = 255;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Empty,
    Char(char),
    Any,
    Set(bool, Vec<(char, char)>),
    Assert(Assert),
    /// The same text again as a group found.
    Back(usize),
    Group(usize, alloc::boxed::Box<Node>),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    /// How often at least and at most, and whether as seldom as can be.
    Repeat(alloc::boxed::Box<Node>, u32, Option<u32>, bool),
    /// What stands before (true) or after here, or does not (true).
    Look(bool, bool, alloc::boxed::Box<Node>),
    /// The match begins here.
    Keep,
}

pub(super) struct Parser {
    chars: Vec<char>,
    at: usize,
    syntax: Syntax,
    groups: usize,
    depth: u32,
    folds: bool,
}

impl Parser {
    pub(super) fn new(chars: Vec<char>, syntax: Syntax) -> Parser {
        Parser { chars, at: 0, syntax, groups: 0, depth: 0, folds: false }
    }

    fn go(&self) -> bool {
        matches!(self.syntax, Syntax::Go | Syntax::Perl)
    }

    /// Whether the pattern says that case does not count.
    pub(super) fn folds(&self) -> bool {
        self.folds
    }

    /// What `(?` begins in Perl, but for `(?:`; `None` if it is a group all the same.
    fn special(&mut self) -> Result<Option<Node>, &'static str> {
        let rest: String = self.chars.iter().skip(self.at).take(3).collect();
        if rest.starts_with("?i)") {
            self.folds = true;
            self.at += 3;
            return Ok(Some(Node::Empty));
        }
        let kinds = [("?=", false, false), ("?!", false, true), ("?<=", true, false), ("?<!", true, true)];
        if let Some((text, behind, negated)) = kinds.into_iter().find(|(text, ..)| rest.starts_with(text)) {
            self.at += text.len();
            let inner = self.either()?;
            let Some(length) = self.operator(')') else { return Err("missing )") };
            self.at += length;
            return Ok(Some(Node::Look(behind, negated, alloc::boxed::Box::new(inner))));
        }
        if rest.starts_with("?<") || rest.starts_with("?P<") {
            while self.peek().is_some_and(|c| c != '>') {
                self.at += 1;
            }
            self.at += 1;
        }
        Ok(None)
    }

    /// How many groups were found.
    pub(super) fn groups(&self) -> usize {
        self.groups
    }

    /// The whole pattern.
    pub(super) fn whole(&mut self) -> Result<Node, &'static str> {
        if self.syntax == Syntax::Fixed {
            return Ok(Node::Sequence(self.chars.iter().map(|c| Node::Char(*c)).collect()));
        }
        let node = self.either()?;
        if self.at < self.chars.len() {
            return Err("Unmatched ) or \\)");
        }
        Ok(node)
    }

    /// Whether operators stand without a backslash.
    fn plain(&self) -> bool {
        matches!(self.syntax, Syntax::Extended | Syntax::Go | Syntax::Perl)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn ahead(&self, by: usize) -> Option<char> {
        self.chars.get(self.at + by).copied()
    }

    /// Whether the operator `c` stands here, as the dialect spells it; its length.
    fn operator(&self, c: char) -> Option<usize> {
        match self.syntax {
            Syntax::Extended | Syntax::Go | Syntax::Perl => (self.peek() == Some(c)).then_some(1),
            _ => (self.peek() == Some('\\') && self.ahead(1) == Some(c)).then_some(2),
        }
    }

    fn either(&mut self) -> Result<Node, &'static str> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("Regular expression too big");
        }
        let mut list = alloc::vec![self.sequence()?];
        while let Some(length) = self.operator('|') {
            self.at += length;
            list.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(if list.len() == 1 { list.pop().unwrap_or(Node::Empty) } else { Node::Either(list) })
    }

    fn sequence(&mut self) -> Result<Node, &'static str> {
        let mut list = Vec::new();
        loop {
            if self.peek().is_none() || self.operator('|').is_some() || (self.operator(')').is_some() && self.depth > 1) {
                break;
            }
            if self.syntax == Syntax::Basic && self.operator(')').is_some() {
                return Err("Unmatched ) or \\)");
            }
            let first = list.is_empty();
            let atom = self.atom(first)?;
            list.push(self.repeated(atom)?);
        }
        Ok(Node::Sequence(list))
    }

    fn repeated(&mut self, mut atom: Node) -> Result<Node, &'static str> {
        loop {
            let (least, most, length) = if self.peek() == Some('*') {
                (0, None, 1)
            } else if let Some(length) = self.operator('+') {
                (1, None, length)
            } else if let Some(length) = self.operator('?') {
                (0, Some(1), length)
            } else if let Some(length) = self.operator('{') {
                match self.interval(length)? {
                    Some(interval) => interval,
                    None => return Ok(atom),
                }
            } else {
                return Ok(atom);
            };
            self.at += length;
            let mut lazy = false;
            if self.go() && self.peek() == Some('?') {
                self.at += 1;
                lazy = self.syntax == Syntax::Perl;
            }
            atom = Node::Repeat(alloc::boxed::Box::new(atom), least, most, lazy);
        }
    }

    /// `{2,5}` at the current place: least, most, and how many characters it takes.
    fn interval(&self, open: usize) -> Result<Option<(u32, Option<u32>, usize)>, &'static str> {
        let text: String = self.chars.iter().skip(self.at + open).take_while(|c| c.is_ascii_digit() || **c == ',').collect();
        let after = self.at + open + text.len();
        let (close, wanted): (usize, &[char]) = if self.plain() { (1, &['}']) } else { (2, &['\\', '}']) };
        let closed = wanted.iter().enumerate().all(|(at, c)| self.chars.get(after + at) == Some(c));
        if !closed || text.is_empty() {
            return if self.plain() { Ok(None) } else { Err("Unmatched \\{") };
        }
        let number = |text: &str| text.parse::<u32>().ok().filter(|n| *n <= MAX_REPEAT).ok_or("Regular expression too big");
        let (least, most) = match text.split_once(',') {
            None => {
                let n = number(&text)?;
                (n, Some(n))
            }
            Some((least, most)) => {
                let least = if least.is_empty() { 0 } else { number(least)? };
                (least, if most.is_empty() { None } else { Some(number(most)?) })
            }
        };
        if most.is_some_and(|most| most < least) {
            return Err("Invalid content of \\{\\}");
        }
        Ok(Some((least, most, open + text.len() + close)))
    }

    fn atom(&mut self, first: bool) -> Result<Node, &'static str> {
        if let Some(length) = self.operator('(') {
            self.at += length;
            if self.syntax == Syntax::Perl
                && self.peek() == Some('?')
                && let Some(node) = self.special()?
            {
                return Ok(node);
            }
            let unnumbered = self.go() && self.peek() == Some('?') && self.ahead(1) == Some(':');
            let number = if unnumbered {
                self.at += 2;
                usize::MAX
            } else {
                self.groups += 1;
                self.groups
            };
            let inner = self.either()?;
            let Some(length) = self.operator(')') else { return Err("Unmatched ( or \\(") };
            self.at += length;
            return Ok(Node::Group(number, alloc::boxed::Box::new(inner)));
        }
        let Some(c) = self.peek() else { return Ok(Node::Empty) };
        self.at += 1;
        let extended = self.plain();
        Ok(match c {
            '.' => Node::Any,
            '[' => self.set()?,
            '^' if extended || first => Node::Assert(Assert::Start),
            '$' if extended || self.peek().is_none() || self.operator(')').is_some() || self.operator('|').is_some() => {
                Node::Assert(Assert::End)
            }
            '*' if first => Node::Char('*'),
            '+' | '?' if extended && first => Node::Empty,
            '\\' => {
                let Some(c) = self.peek() else { return Err("Trailing backslash") };
                self.at += 1;
                let go = self.go();
                match c {
                    'w' | 's' | 'd' => Node::Set(false, short(c).to_vec()),
                    'W' | 'S' => Node::Set(true, short(c).to_vec()),
                    'D' if go => Node::Set(true, short(c).to_vec()),
                    'A' if go => Node::Assert(Assert::Start),
                    'K' if self.syntax == Syntax::Perl => Node::Keep,
                    'z' if go => Node::Assert(Assert::End),
                    '<' | '>' if go => Node::Char(c),
                    'b' => Node::Assert(Assert::Word),
                    'B' => Node::Assert(Assert::NotWord),
                    '<' => Node::Assert(Assert::WordStart),
                    '>' => Node::Assert(Assert::WordEnd),
                    '1'..='9' => match c.to_digit(10).and_then(|digit| usize::try_from(digit).ok()) {
                        Some(number) if number <= self.groups && self.syntax != Syntax::Go => Node::Back(number),
                        _ => return Err("Invalid back reference"),
                    },
                    'n' => Node::Char('\n'),
                    't' => Node::Char('\t'),
                    c => Node::Char(c),
                }
            }
            c => Node::Char(c),
        })
    }

    fn set(&mut self) -> Result<Node, &'static str> {
        const OPEN: &str = "Unmatched [, [^, [:, [., or [=";
        let negated = self.peek() == Some('^');
        if negated {
            self.at += 1;
        }
        let mut ranges = Vec::new();
        let mut first = true;
        loop {
            let Some(c) = self.peek() else { return Err(OPEN) };
            self.at += 1;
            if c == ']' && !first {
                return Ok(Node::Set(negated, ranges));
            }
            first = false;
            if c == '[' && self.peek() == Some(':') {
                let name: String = self.chars.iter().skip(self.at + 1).take_while(|c| **c != ':' && **c != ']').collect();
                let Some(class) = class_ranges(&name) else { return Err("Invalid character class name") };
                ranges.extend_from_slice(class);
                self.at += name.len() + 3;
                continue;
            }
            let mut c = c;
            if c == '\\' && self.go() {
                let Some(escaped) = self.peek() else { return Err(OPEN) };
                self.at += 1;
                let class = short(escaped);
                if escaped.is_ascii_lowercase() && !class.is_empty() {
                    ranges.extend_from_slice(class);
                    continue;
                }
                c = match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                };
            }
            let mut to = c;
            if self.peek() == Some('-') && self.ahead(1).is_some_and(|c| c != ']') {
                to = self.ahead(1).unwrap_or(c);
                self.at += 2;
                if to < c {
                    return Err("Invalid range end");
                }
            }
            ranges.push((c, to));
        }
    }
}

/// The ranges of `\w`, `\s`, `\d`, and of those that mean the opposite.
fn short(c: char) -> &'static [(char, char)] {
    match c.to_ascii_lowercase() {
        'w' => &[('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        's' => &[(' ', ' '), ('\t', '\r')],
        'd' => &[('0', '9')],
        _ => &[],
    }
}

/// The ASCII ranges of `[:alpha:]` and its kind.
pub fn class_ranges(name: &str) -> Option<&'static [(char, char)]> {
    Some(match name {
        "alpha" => &[('a', 'z'), ('A', 'Z')],
        "digit" => &[('0', '9')],
        "alnum" => &[('a', 'z'), ('A', 'Z'), ('0', '9')],
        "upper" => &[('A', 'Z')],
        "lower" => &[('a', 'z')],
        "space" => &[(' ', ' '), ('\t', '\r')],
        "blank" => &[(' ', ' '), ('\t', '\t')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "xdigit" => &[('0', '9'), ('a', 'f'), ('A', 'F')],
        "print" => &[(' ', '~'), ('\u{a0}', char::MAX)],
        "graph" => &[('!', '~'), ('\u{a1}', char::MAX)],
        "cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        _ => return None,
    })
}
