//! `bc`: sums with as many places as are asked for, up to 38 digits. Expressions, variables, `scale`, `ibase`,
//! `obase`, `sqrt`, `length`; what needs statements of its own (`if`, `for`, `define`) is told.

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::args::{Accepts, Opts};
use super::whole;
use crate::shell::process::{Io, Started};

const ACCEPTS: Accepts =
    Accepts { tool: "bc", short: "lqsi", long: &[("mathlib", 'l'), ("quiet", 'q')], first_operand_ends: false, status: 1 };

/// How deep parentheses may nest, and how many places there are at most.
const MAX_DEPTH: u32 = 60;
const MAX_SCALE: u32 = 30;

/// A number: its digits, and how many of them are behind the point.
#[derive(Clone, Copy, Default)]
struct Num {
    value: i128,
    scale: u32,
}

/// Why a line was left.
enum Stop {
    Syntax,
    /// What is said as it is.
    Said(&'static str),
    Quit,
}

type Sum<T> = Result<T, Stop>;

const LONG: Stop = Stop::Said("kubepie: bc has no room for numbers of more than 38 digits");

fn power_of_ten(count: u32) -> Sum<i128> {
    10i128.checked_pow(count).ok_or(LONG)
}

impl Num {
    /// The same with so many places; what is behind them is cut off.
    fn at(self, scale: u32) -> Sum<Num> {
        let value = if scale >= self.scale {
            self.value.checked_mul(power_of_ten(scale - self.scale)?).ok_or(LONG)?
        } else {
            self.value / power_of_ten(self.scale - scale)?
        };
        Ok(Num { value, scale })
    }

    fn whole(value: i128) -> Num {
        Num { value, scale: 0 }
    }

    fn of(truth: bool) -> Num {
        Num::whole(i128::from(truth))
    }

    fn text(self, base: i128) -> Sum<String> {
        if base != 10 {
            let (mut left, mut out) = (self.at(0)?.value.unsigned_abs(), String::new());
            let base = base.unsigned_abs();
            while left > 0 || out.is_empty() {
                let digit = u32::try_from(left % base).unwrap_or(0);
                out.insert(0, char::from_digit(digit, 36).unwrap_or('?').to_ascii_uppercase());
                left /= base;
            }
            return Ok(if self.value < 0 { ["-", &out].concat() } else { out });
        }
        let unit = power_of_ten(self.scale)?.unsigned_abs();
        let (whole, rest) = (self.value.unsigned_abs() / unit, self.value.unsigned_abs() % unit);
        let sign = if self.value < 0 { "-" } else { "" };
        let width = usize::try_from(self.scale).unwrap_or(0);
        Ok(match (whole, width) {
            _ if self.value == 0 => String::from("0"),
            (whole, 0) => alloc::format!("{sign}{whole}"),
            (0, width) => alloc::format!("{sign}.{rest:0width$}"),
            (whole, width) => alloc::format!("{sign}{whole}.{rest:0width$}"),
        })
    }
}

struct Bc<'a> {
    vars: BTreeMap<&'a str, Num>,
    rest: &'a str,
    depth: u32,
}

pub(super) fn bc(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match super::args::parse(&ACCEPTS, args, io) {
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

fn combine(op: &str, left: Num, right: Num, scale: u32) -> Sum<Num> {
    let both = left.scale.max(right.scale);
    match op {
        "+" => Ok(Num { value: left.at(both)?.value.checked_add(right.at(both)?.value).ok_or(LONG)?, scale: both }),
        "-" => Ok(Num { value: left.at(both)?.value.checked_sub(right.at(both)?.value).ok_or(LONG)?, scale: both }),
        "*" => {
            let value = left.value.checked_mul(right.value).ok_or(LONG)?;
            let full = left.scale + right.scale;
            Num { value, scale: full }.at(full.min(scale.max(both)))
        }
        "/" | "%" if right.value == 0 => Err(Stop::Said(if op == "/" {
            "Runtime error (func=(main), adr=3): Divide by zero"
        } else {
            "Runtime error (func=(main), adr=3): Modulo by zero"
        })),
        "/" => {
            let value = left.at(scale + right.scale)?.value / right.value;
            Ok(Num { value, scale })
        }
        "%" => {
            let part = combine("/", left, right, scale)?;
            let product = Num { value: part.value.checked_mul(right.value).ok_or(LONG)?, scale: part.scale + right.scale };
            combine("-", left, product, scale)?.at(left.scale.max(scale + right.scale))
        }
        _ => {
            let times = right.at(0)?.value;
            let mut result = Num::whole(1);
            for _ in 0..times.unsigned_abs().min(200) {
                result = Num { value: result.value.checked_mul(left.value).ok_or(LONG)?, scale: result.scale + left.scale };
            }
            if times.unsigned_abs() > 200 && left.value.unsigned_abs() > 1 {
                return Err(LONG);
            }
            if times < 0 { combine("/", Num::whole(1), result, scale) } else { result.at(result.scale.min(scale.max(left.scale))) }
        }
    }
}

fn function(name: &str, value: Num, scale: u32) -> Sum<Num> {
    match name {
        "sqrt" if value.value < 0 => Err(Stop::Said("Runtime error (func=(main), adr=3): Square root of a negative number")),
        "sqrt" => {
            let scale = scale.max(value.scale);
            let wanted = value.at(2 * scale)?.value;
            let mut guess = wanted.max(1);
            loop {
                let next = (guess + wanted / guess) / 2;
                if next >= guess {
                    break;
                }
                guess = next;
            }
            Ok(Num { value: if wanted == 0 { 0 } else { guess }, scale })
        }
        "length" => {
            let digits = alloc::format!("{}", value.value.unsigned_abs()).len();
            Ok(Num::whole(i128::try_from(digits).unwrap_or(0).max(i128::from(value.scale))))
        }
        "scale" => Ok(Num::whole(i128::from(value.scale))),
        _ => Err(Stop::Said("kubepie: bc here has sqrt, length and scale, and no other function")),
    }
}
