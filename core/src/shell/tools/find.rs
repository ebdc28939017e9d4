//! `find`: tests joined by `-a`, `-o`, `!` and parentheses, and what is done with what they find.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::run::program;
use crate::shell::pattern::Pattern;
use crate::shell::process::{Io, Started};
use crate::text::fs::{NodeKind, Stat};

const MAX_FOUND: usize = 10_000;
const MAX_NESTING: usize = 40;

/// A test or an action.
enum Expr {
    Name(Pattern, bool),
    Path(Pattern, bool),
    Kind(NodeKind),
    Empty,
    /// More (`+`), fewer (`-`) or just so many units of bytes.
    Size(char, usize, usize),
    /// Changed before or after, in whole days or minutes.
    Age(char, i64, i64),
    Newer(i64),
    Mode(u16),
    True(bool),
    Print(&'static str),
    Exec(Vec<String>, bool),
    Delete,
    Prune,
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
}

/// What is asked for.
struct Asked<'a> {
    rest: core::slice::Iter<'a, String>,
    least: usize,
    most: usize,
    /// Whether an action was named; else what fits is printed.
    acts: bool,
    now_ms: i64,
    depth: usize,
}

impl Asked<'_> {
    fn peek(&self) -> Option<&str> {
        self.rest.as_slice().first().map(String::as_str)
    }

    fn or(&mut self, io: &Io<'_>) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(String::from("find: expressions are nested too deeply"));
        }
        let mut all = Vec::from([self.and(io)?]);
        while matches!(self.peek(), Some("-o" | "-or")) {
            self.rest.next();
            all.push(self.and(io)?);
        }
        self.depth -= 1;
        Ok(Expr::Or(all))
    }

    fn and(&mut self, io: &Io<'_>) -> Result<Expr, String> {
        let mut all = Vec::new();
        while let Some(word) = self.peek() {
            match word {
                "-o" | "-or" | ")" => break,
                "-a" | "-and" => {
                    self.rest.next();
                }
                _ => all.push(self.one(io)?),
            }
        }
        Ok(Expr::And(all))
    }

    fn value(&mut self, test: &str) -> Result<String, String> {
        self.rest.next().cloned().ok_or_else(|| alloc::format!("find: missing argument to `{test}'"))
    }

    fn number(&mut self, test: &str) -> Result<usize, String> {
        let text = self.value(test)?;
        text.parse().map_err(|_| alloc::format!("find: Expected a positive decimal integer argument to {test}, but got '{text}'"))
    }

    /// `+5`, `-5`, `5`, with what follows the digits.
    fn measure(&mut self, test: &str) -> Result<(char, i64, char), String> {
        let text = self.value(test)?;
        let sign = text.chars().next().filter(|c| matches!(c, '+' | '-')).unwrap_or('=');
        let digits = text.trim_start_matches(['+', '-']);
        let unit = digits.chars().last().filter(|c| c.is_ascii_alphabetic()).unwrap_or(' ');
        let number =
            digits.trim_end_matches(unit).trim().parse().map_err(|_| alloc::format!("find: invalid argument `{text}' to `{test}'"))?;
        Ok((sign, number, unit))
    }

    fn kind(&mut self, test: &str) -> Result<Expr, String> {
        Ok(match self.value(test)?.as_str() {
            "d" => Expr::Kind(NodeKind::Dir),
            "l" => Expr::Kind(NodeKind::Link),
            "f" => Expr::Kind(NodeKind::File),
            "b" | "c" | "p" | "s" => Expr::True(false),
            other => return Err(alloc::format!("find: Unknown argument to -type: {other}")),
        })
    }

    fn size(&mut self, test: &str) -> Result<Expr, String> {
        let (sign, number, unit) = self.measure(test)?;
        let bytes = match unit {
            'c' => 1,
            'k' => 1024,
            'M' => 1024 * 1024,
            'G' => 1024 * 1024 * 1024,
            _ => 512,
        };
        Ok(Expr::Size(sign, usize::try_from(number).unwrap_or(0), bytes))
    }

    fn exec(&mut self) -> Result<Expr, String> {
        self.acts = true;
        let mut command = Vec::new();
        loop {
            match self.rest.next().map(String::as_str) {
                None => return Err(String::from("find: missing argument to `-exec'")),
                Some(";") => return Ok(Expr::Exec(command, false)),
                Some("+") if command.last().is_some_and(|word: &String| word == "{}") => return Ok(Expr::Exec(command, true)),
                Some(word) => command.push(String::from(word)),
            }
        }
    }

    fn one(&mut self, io: &Io<'_>) -> Result<Expr, String> {
        let Some(test) = self.rest.next().cloned() else { return Err(String::from("find: expected an expression")) };
        Ok(match test.as_str() {
            "!" | "-not" => Expr::Not(Box::new(self.one(io)?)),
            "(" => {
                let inner = self.or(io)?;
                if self.rest.next().is_none() {
                    return Err(String::from("find: invalid expression; I was expecting to find a ')' somewhere but did not see one."));
                }
                inner
            }
            "-name" => Expr::Name(Pattern::new(&self.value(&test)?), false),
            "-iname" => Expr::Name(Pattern::new(&self.value(&test)?.to_lowercase()), true),
            "-path" | "-wholename" => Expr::Path(Pattern::new(&self.value(&test)?), false),
            "-ipath" => Expr::Path(Pattern::new(&self.value(&test)?.to_lowercase()), true),
            "-empty" => Expr::Empty,
            "-type" => self.kind(&test)?,
            "-size" => self.size(&test)?,
            "-mtime" | "-ctime" | "-atime" | "-mmin" | "-cmin" => {
                let (sign, number, _) = self.measure(&test)?;
                Expr::Age(sign, number, if test.ends_with("min") { 60_000 } else { 86_400_000 })
            }
            "-newer" => {
                let name = self.value(&test)?;
                match io.fs.stat(&io.path(&name)) {
                    Ok(stat) => Expr::Newer(stat.mtime_ms),
                    Err(error) => return Err(alloc::format!("find: '{name}': {}", error.text())),
                }
            }
            "-perm" => {
                let text = self.value(&test)?;
                let mode = u16::from_str_radix(text.trim_start_matches(['-', '/']), 8);
                Expr::Mode(mode.map_err(|_| alloc::format!("find: invalid mode '{text}'"))?)
            }
            "-true" => Expr::True(true),
            "-false" => Expr::True(false),
            "-maxdepth" => {
                self.most = self.number(&test)?;
                Expr::True(true)
            }
            "-mindepth" => {
                self.least = self.number(&test)?;
                Expr::True(true)
            }
            "-xdev" | "-mount" | "-depth" | "-follow" => Expr::True(true),
            "-print" | "-print0" => {
                self.acts = true;
                Expr::Print(if test == "-print" { "\n" } else { "\0" })
            }
            "-prune" => Expr::Prune,
            "-delete" => {
                self.acts = true;
                Expr::Delete
            }
            "-exec" => self.exec()?,
            other if other.starts_with('-') => return Err(alloc::format!("find: unknown predicate `{other}'")),
            other => return Err(alloc::format!("find: paths must precede expression: `{other}'")),
        })
    }
}

/// A walk and what it has gathered.
struct Walk<'a> {
    expr: &'a Expr,
    acts: bool,
    least: usize,
    most: usize,
    now_ms: i64,
    found: usize,
    /// For each `-exec … +`, by its command line: the names.
    gathered: Vec<(Vec<String>, Vec<String>)>,
    doomed: Vec<String>,
    pruned: bool,
    status: i32,
}

fn compared(sign: char, value: i64, to: i64) -> bool {
    match sign {
        '+' => value > to,
        '-' => value < to,
        _ => value == to,
    }
}

impl Walk<'_> {
    fn fits(&mut self, expr: &Expr, name: &str, stat: &Stat, empty: bool, io: &mut Io<'_>) -> bool {
        let base = name.trim_end_matches('/').rsplit('/').next().unwrap_or(name);
        match expr {
            Expr::Name(pattern, false) => pattern.matches(base),
            Expr::Name(pattern, true) => pattern.matches(&base.to_lowercase()),
            Expr::Path(pattern, false) => pattern.matches(name),
            Expr::Path(pattern, true) => pattern.matches(&name.to_lowercase()),
            Expr::Kind(kind) => stat.kind == *kind,
            Expr::Empty => empty,
            Expr::Size(sign, number, unit) => {
                let bytes = if stat.kind == NodeKind::Dir { 4096 } else { stat.size };
                compared(*sign, i64::try_from(bytes.div_ceil(*unit)).unwrap_or(i64::MAX), i64::try_from(*number).unwrap_or(i64::MAX))
            }
            Expr::Age(sign, number, unit) => compared(*sign, (self.now_ms - stat.mtime_ms).div_euclid(*unit), *number),
            Expr::Newer(than) => stat.mtime_ms > *than,
            Expr::Mode(mode) => stat.mode & 0o7777 == *mode,
            Expr::True(truth) => *truth,
            Expr::Print(end) => {
                io.out(name);
                io.out(end);
                true
            }
            Expr::Exec(command, true) => {
                match self.gathered.iter_mut().find(|(one, _)| one == command) {
                    Some((_, names)) => names.push(String::from(name)),
                    None => self.gathered.push((command.clone(), Vec::from([String::from(name)]))),
                }
                true
            }
            Expr::Exec(command, false) => {
                let command: Vec<String> = command.iter().map(|word| word.replace("{}", name)).collect();
                match program("find", &command, io) {
                    Started::Done(code) => {
                        self.status |= i32::from(code == 127);
                        code == 0
                    }
                    Started::Run(_) => true,
                }
            }
            Expr::Delete => {
                self.doomed.push(String::from(name));
                true
            }
            Expr::Prune => {
                self.pruned = true;
                true
            }
            Expr::Not(inner) => !self.fits(inner, name, stat, empty, io),
            Expr::And(all) => all.iter().all(|one| self.fits(one, name, stat, empty, io)),
            Expr::Or(all) => all.iter().any(|one| self.fits(one, name, stat, empty, io)),
        }
    }

    fn visit(&mut self, name: &str, depth: usize, io: &mut Io<'_>) {
        let path = io.path(name);
        let Ok(stat) = io.fs.stat_link(&path) else { return };
        let entries = if stat.kind == NodeKind::Dir { io.fs.list(&path).unwrap_or_default() } else { Vec::new() };
        self.pruned = false;
        if depth >= self.least && self.found < MAX_FOUND {
            self.found += 1;
            let empty = entries.is_empty() && (stat.kind == NodeKind::Dir || stat.size == 0);
            if self.fits(self.expr, name, &stat, empty, io) && !self.acts {
                io.out(name);
                io.out("\n");
            }
        }
        if depth < self.most && !self.pruned {
            for (entry, _) in entries {
                self.visit(&alloc::format!("{}/{entry}", name.trim_end_matches('/')), depth + 1, io);
            }
        }
    }
}

pub(super) fn find(args: &[String], io: &mut Io<'_>) -> Started {
    let count = args.iter().take_while(|arg| !arg.starts_with('-') && *arg != "!" && *arg != "(").count();
    let (starts, tests) = args.split_at_checked(count).unwrap_or((args, &[]));
    let dot = [String::from(".")];
    let starts = if starts.is_empty() { &dot } else { starts };
    let now_ms = io.mtime();
    let mut asked = Asked { rest: tests.iter(), least: 0, most: 64, acts: false, now_ms, depth: 0 };
    let expr = match asked.or(io) {
        Ok(expr) if asked.rest.as_slice().is_empty() => expr,
        Ok(_) => {
            io.err("find: invalid expression; you have too many ')'\n");
            return Started::Done(1);
        }
        Err(message) => {
            io.err(&message);
            io.err("\n");
            return Started::Done(1);
        }
    };
    let mut walk = Walk {
        expr: &expr,
        acts: asked.acts,
        least: asked.least,
        most: asked.most.min(64),
        now_ms: asked.now_ms,
        found: 0,
        gathered: Vec::new(),
        doomed: Vec::new(),
        pruned: false,
        status: 0,
    };
    for start in starts {
        match io.fs.stat_link(&io.path(start)) {
            Ok(_) => walk.visit(start, 0, io),
            Err(error) => {
                io.err(&alloc::format!("find: '{start}': {}\n", error.text()));
                walk.status = 1;
            }
        }
    }
    let Walk { gathered, doomed, mut status, .. } = walk;
    for (command, names) in gathered {
        let command: Vec<String> =
            command.iter().flat_map(|word| if word == "{}" { names.clone() } else { Vec::from([word.clone()]) }).collect();
        if let Started::Done(code) = program("find", &command, io) {
            status |= i32::from(code != 0);
        }
    }
    for name in doomed.iter().rev() {
        let (path, mtime) = (io.path(name), io.mtime());
        let gone = if io.fs.is_dir(&path) { io.fs.remove_dir(&path, mtime) } else { io.fs.remove(&path, mtime) };
        if let Err(error) = gone {
            io.err(&alloc::format!("find: cannot delete '{name}': {}\n", error.text()));
            status = 1;
        }
    }
    Started::Done(status)
}
