//! `rev`, `tac`, `nl`, `fold`, `paste`: lines turned round, numbered, broken and joined.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts, parse};
use super::lines::{self, Filter, Flow};
use super::whole;
use crate::shell::escape::{Style, unescape};
use crate::shell::process::{Io, Output, Started, Stream};

/// What a simple tool does with each line.
#[derive(Clone)]
enum Kind {
    Rev,
    Nl(Numbers),
    Fold(usize),
}

/// How `nl` numbers.
#[derive(Clone)]
struct Numbers {
    /// Which lines: `a` all, `t` those with text, `n` none.
    style: char,
    /// `ln`, `rn` or `rz`.
    format: String,
    width: usize,
    step: i64,
    after: String,
    next: i64,
}

#[derive(Clone)]
struct Simple(Kind);

const REV: Accepts = Accepts { tool: "rev", short: "", long: &[], first_operand_ends: false, status: 1 };
const FOLD: Accepts =
    Accepts { tool: "fold", short: "w:sb", long: &[("width", 'w'), ("spaces", 's')], first_operand_ends: false, status: 1 };
const NL: Accepts = Accepts {
    tool: "nl",
    short: "b:w:s:v:i:n:",
    long: &[
        ("body-numbering", 'b'),
        ("number-width", 'w'),
        ("number-separator", 's'),
        ("starting-line-number", 'v'),
        ("line-increment", 'i'),
        ("number-format", 'n'),
    ],
    first_operand_ends: false,
    status: 1,
};
const TAC: Accepts = Accepts { tool: "tac", short: "s:", long: &[("separator", 's')], first_operand_ends: false, status: 1 };
const PASTE: Accepts =
    Accepts { tool: "paste", short: "sd:", long: &[("serial", 's'), ("delimiters", 'd')], first_operand_ends: false, status: 1 };

fn simple(accepts: &Accepts, args: &[String], io: &mut Io<'_>, kind: impl FnOnce(&Opts) -> Kind) -> Started {
    match parse(accepts, args, io) {
        Ok(opts) => lines::start(accepts.tool, Box::new(Simple(kind(&opts))), &opts.rest, 1, io),
        Err(status) => Started::Done(status),
    }
}

pub(super) fn rev(args: &[String], io: &mut Io<'_>) -> Started {
    simple(&REV, args, io, |_| Kind::Rev)
}

pub(super) fn fold(args: &[String], io: &mut Io<'_>) -> Started {
    simple(&FOLD, args, io, |opts| {
        Kind::Fold(opts.value('w').and_then(|width| width.parse().ok()).filter(|width| *width > 0).unwrap_or(80))
    })
}

pub(super) fn nl(args: &[String], io: &mut Io<'_>) -> Started {
    simple(&NL, args, io, |opts| {
        let number = |flag: char, usual: i64| opts.value(flag).and_then(|text| text.parse().ok()).unwrap_or(usual);
        Kind::Nl(Numbers {
            style: opts.value('b').and_then(|style| style.chars().next()).unwrap_or('t'),
            format: String::from(opts.value('n').unwrap_or("rn")),
            width: usize::try_from(number('w', 6)).unwrap_or(6).clamp(1, 80),
            step: number('i', 1),
            after: String::from(opts.value('s').unwrap_or("\t")),
            next: number('v', 1),
        })
    })
}

impl Numbers {
    fn line(&mut self, line: &str) -> String {
        if self.style == 'n' || self.style == 't' && line.is_empty() {
            return [&" ".repeat(self.width + self.after.len()), line, "\n"].concat();
        }
        let (width, n) = (self.width, self.next);
        self.next = self.next.saturating_add(self.step);
        let number = match self.format.as_str() {
            "ln" => alloc::format!("{n:<width$}"),
            "rz" => alloc::format!("{n:0width$}"),
            _ => alloc::format!("{n:width$}"),
        };
        [&number, self.after.as_str(), line, "\n"].concat()
    }
}

impl Filter for Simple {
    fn line(&mut self, line: &str, newline: bool, _last: bool, output: &mut Output) -> Flow {
        let end = if newline { "\n" } else { "" };
        let text = match &mut self.0 {
            Kind::Rev => line.chars().rev().collect::<String>() + end,
            Kind::Nl(numbers) => numbers.line(line),
            Kind::Fold(width) => {
                let chars: Vec<char> = line.chars().collect();
                let rows: Vec<String> = chars.chunks(*width).map(|row| row.iter().collect()).collect();
                rows.join("\n") + end
            }
        };
        output.write(Stream::Out, &text);
        Flow::More
    }

    fn end(&mut self, _output: &mut Output) -> i32 {
        0
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}

/// `tac [-s SEPARATOR] [FILE]...`
pub(super) fn tac(args: &[String], io: &mut Io<'_>) -> Started {
    whole::filter(&TAC, args, last_first, io)
}

fn last_first(opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let separator = opts.value('s').unwrap_or("\n");
    for text in texts {
        let parts: Vec<&str> = if separator.is_empty() { Vec::from([text.as_str()]) } else { text.split_inclusive(separator).collect() };
        parts.iter().rev().for_each(|part| io.out(part));
    }
    0
}

/// `paste [-s] [-d LIST] [FILE]...`
pub(super) fn paste(args: &[String], io: &mut Io<'_>) -> Started {
    whole::filter(&PASTE, args, paste_texts, io)
}

fn paste_texts(opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let list = unescape(opts.value('d').unwrap_or("\t"), Style::Format).0;
    let between: Vec<char> = list.chars().collect();
    let joined = |cells: &[&str]| {
        let mut line = String::new();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 && !between.is_empty() {
                // `\0` stands for nothing between.
                line.extend(between.get((at - 1) % between.len()).filter(|c| **c != '\0'));
            }
            line.push_str(cell);
        }
        line.push('\n');
        line
    };
    if opts.has('s') {
        for text in texts {
            let cells: Vec<&str> = text.lines().collect();
            io.out(&joined(&cells));
        }
        return 0;
    }
    // Standard input named several times gives its lines in turn.
    let inputs = opts.rest.iter().filter(|name| *name == "-").count();
    let mut seen = 0;
    let columns: Vec<Vec<&str>> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| {
            if inputs > 1 && opts.rest.get(at).is_some_and(|name| name == "-") {
                seen += 1;
                return text.lines().skip(seen - 1).step_by(inputs).collect();
            }
            text.lines().collect()
        })
        .collect();
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    for row in 0..rows {
        let cells: Vec<&str> = columns.iter().map(|column| column.get(row).copied().unwrap_or_default()).collect();
        io.out(&joined(&cells));
    }
    0
}
