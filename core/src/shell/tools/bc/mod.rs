//! `bc`: sums with as many places as are asked for, up to 38 digits. Expressions, variables, `scale`, `ibase`,
//! `obase`, `sqrt`, `length`; what needs statements of its own (`if`, `for`, `define`) is told.

mod num;

use alloc::collections::BTreeMap;
use alloc::string::String;

use crate::shell::process::{Io, Started};
use crate::shell::tools::args::{Accepts, Opts};
use crate::shell::tools::whole;

use num::{LONG, Num, Stop, Sum, combine, function};

const ACCEPTS: Accepts =
    Accepts { tool: "bc", short: "lqsi", long: &[("mathlib", 'l'), ("quiet", 'q')], first_operand_ends: false, status: 1 };

/// How deep parentheses may nest, and how many places there are at most.
const MAX_DEPTH: u32 = 60;
const MAX_SCALE: u32 = 30;

struct Bc<'a> {
    vars: BTreeMap<&'a str, Num>,
    rest: &'a str,
    depth: u32,
}

pub(super) fn bc(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match crate::shell::tools::args::parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let mut files = opts.rest;
    if let Some(missing) = files.iter().find(|name| !io.fs.exists(&io.path(name))) {
        io.err(&alloc::format!("File {missing} is unavailable.\n"));
        return Started::Done(1);
    }
    files.push(String::from("-"));
    whole::start(&ACCEPTS, args, files, run, io)
}

fn run(opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let text = texts.concat();
    let mut bc = Bc { vars: BTreeMap::new(), rest: "", depth: 0 };
    bc.vars.insert("scale", Num::whole(if opts.has('l') { 20 } else { 0 }));
    bc.vars.insert("ibase", Num::whole(10));
    bc.vars.insert("obase", Num::whole(10));
    for (number, line) in text.lines().enumerate() {
        bc.rest = line.split('#').next().unwrap_or(line);
        match bc.line(io) {
            Ok(()) => {}
            Err(Stop::Quit) => return 0,
            Err(Stop::Said(text)) => io.err(&alloc::format!("{text}\n")),
            Err(Stop::Syntax) => io.err(&alloc::format!("(standard_in) {}: syntax error\n", number + 1)),
        }
    }
    0
}

impl<'a> Bc<'a> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn eat(&mut self, op: &str) -> bool {
        self.blanks();
        match self.rest.strip_prefix(op) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn setting(&self, name: &str) -> i128 {
        self.vars.get(name).and_then(|num| num.at(0).ok()).map_or(0, |num| num.value)
    }

    fn scale(&self) -> u32 {
        u32::try_from(self.setting("scale")).unwrap_or(0).min(MAX_SCALE)
    }

    fn line(&mut self, io: &mut Io<'_>) -> Sum<()> {
        loop {
            while self.eat(";") {}
            self.blanks();
            if self.rest.is_empty() {
                return Ok(());
            }
            let before = self.rest;
            if self.eat("\"") {
                let (text, rest) = self.rest.split_once('"').ok_or(Stop::Syntax)?;
                self.rest = rest;
                io.out(text);
            } else {
                let name = self.name();
                match name {
                    "quit" | "halt" => return Err(Stop::Quit),
                    "if" | "for" | "while" | "define" | "return" | "auto" | "print" | "read" => {
                        return Err(Stop::Said("kubepie: bc here knows expressions and variables only"));
                    }
                    _ => {}
                }
                self.blanks();
                let assigns = !name.is_empty()
                    && ["=", "+=", "-=", "*=", "/=", "%=", "^="].iter().any(|op| self.rest.starts_with(op))
                    && !self.rest.starts_with("==");
                self.rest = before;
                let value = self.or()?;
                if !assigns {
                    self.vars.insert("last", value);
                    io.out(&[&value.text(self.setting("obase").clamp(2, 16))?, "\n"].concat());
                }
            }
            self.blanks();
            if !self.rest.is_empty() && !self.rest.starts_with(';') {
                return Err(Stop::Syntax);
            }
        }
    }

    /// A name at the front; empty if there is none.
    fn name(&mut self) -> &'a str {
        self.blanks();
        let length = if self.rest.starts_with(|c: char| c.is_ascii_lowercase()) {
            self.rest.bytes().take_while(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_').count()
        } else {
            0
        };
        let (name, rest) = self.rest.split_at_checked(length).unwrap_or(("", self.rest));
        self.rest = rest;
        name
    }

    fn or(&mut self) -> Sum<Num> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Stop::Said("kubepie: bc: nested too deeply"));
        }
        let mut left = self.and()?;
        while self.eat("||") {
            let right = self.and()?;
            left = Num::of(left.value != 0 || right.value != 0);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Sum<Num> {
        let mut left = self.compare()?;
        while self.eat("&&") {
            let right = self.compare()?;
            left = Num::of(left.value != 0 && right.value != 0);
        }
        Ok(left)
    }

    fn compare(&mut self) -> Sum<Num> {
        self.blanks();
        if self.rest.starts_with('!') && !self.rest.starts_with("!=") {
            self.eat("!");
            return Ok(Num::of(self.compare()?.value == 0));
        }
        let mut left = self.sum()?;
        while let Some(op) = ["==", "!=", "<=", ">=", "<", ">"].into_iter().find(|op| self.eat(op)) {
            let right = self.sum()?;
            let scale = left.scale.max(right.scale);
            let order = left.at(scale)?.value.cmp(&right.at(scale)?.value);
            left = Num::of(match op {
                "==" => order.is_eq(),
                "!=" => order.is_ne(),
                "<=" => order.is_le(),
                ">=" => order.is_ge(),
                "<" => order.is_lt(),
                _ => order.is_gt(),
            });
        }
        Ok(left)
    }

    /// Whether this operator comes next, and not the assignment that begins like it.
    fn operator(&mut self, op: &str) -> bool {
        self.blanks();
        let after = self.rest.strip_prefix(op);
        after.is_some_and(|after| !after.starts_with('=')) && self.eat(op)
    }

    fn sum(&mut self) -> Sum<Num> {
        let mut left = self.product()?;
        while let Some(op) = ["+", "-"].into_iter().find(|op| self.operator(op)) {
            let right = self.product()?;
            left = combine(op, left, right, self.scale())?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Sum<Num> {
        let mut left = self.power()?;
        while let Some(op) = ["*", "/", "%"].into_iter().find(|op| self.operator(op)) {
            let right = self.power()?;
            left = combine(op, left, right, self.scale())?;
        }
        Ok(left)
    }

    fn power(&mut self) -> Sum<Num> {
        let left = self.unary()?;
        if self.operator("^") {
            let right = self.power()?;
            return combine("^", left, right, self.scale());
        }
        Ok(left)
    }

    fn unary(&mut self) -> Sum<Num> {
        if self.eat("++") || self.rest.starts_with("--") {
            let by = if self.eat("--") { -1 } else { 1 };
            let name = self.name();
            return self.step(name, by, true);
        }
        if self.eat("-") {
            let Num { value, scale } = self.unary()?;
            return Ok(Num { value: -value, scale });
        }
        if self.eat("(") {
            let value = self.or()?;
            return if self.eat(")") { Ok(value) } else { Err(Stop::Syntax) };
        }
        self.blanks();
        if self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '.' || ('A'..='F').contains(&c)) {
            return self.number();
        }
        let name = self.name();
        if name.is_empty() {
            return Err(Stop::Syntax);
        }
        if self.eat("(") {
            let value = self.or()?;
            return if self.eat(")") { function(name, value, self.scale()) } else { Err(Stop::Syntax) };
        }
        self.blanks();
        if let Some(op) = ["+=", "-=", "*=", "/=", "%=", "^="].into_iter().find(|op| self.eat(op)) {
            let (old, right) = (self.value(name), self.or()?);
            let value = combine(op.get(..1).unwrap_or("+"), old, right, self.scale())?;
            self.vars.insert(name, value);
            return Ok(value);
        }
        if self.rest.starts_with('=') && !self.rest.starts_with("==") {
            self.eat("=");
            let value = self.or()?;
            self.vars.insert(name, value);
            return Ok(value);
        }
        for (op, by) in [("++", 1), ("--", -1)] {
            if self.eat(op) {
                return self.step(name, by, false);
            }
        }
        Ok(self.value(name))
    }

    fn value(&self, name: &str) -> Num {
        self.vars.get(name).copied().unwrap_or_default()
    }

    fn step(&mut self, name: &'a str, by: i128, before: bool) -> Sum<Num> {
        let old = self.value(name);
        let new = combine("+", old, Num::whole(by), 0)?;
        self.vars.insert(name, new);
        Ok(if before { new } else { old })
    }

    fn number(&mut self) -> Sum<Num> {
        let base = self.setting("ibase").clamp(2, 16);
        let mut num = Num::default();
        let mut point = false;
        while let Some(c) = self.rest.chars().next() {
            match c.to_digit(16).filter(|_| !c.is_ascii_lowercase()) {
                Some(digit) => {
                    num.value = num.value.checked_mul(base).and_then(|value| value.checked_add(i128::from(digit))).ok_or(LONG)?;
                    num.scale += u32::from(point);
                }
                None if c == '.' && !point => point = true,
                None => break,
            }
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        Ok(num)
    }
}
