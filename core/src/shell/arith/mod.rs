//! Shell arithmetic: `$((…))`, `((…))`, `[[ a -eq b ]]`. 64-bit integers that wrap. Never: floating point (`awk`).

mod tokens;

use alloc::string::String;
use alloc::vec::Vec;

use super::parse::is_identifier;
use super::vars::Vars;

use tokens::{Kind, Token, tokens};

const MAX_DEPTH: u32 = 40;

/// The value of an expression; the error is what bash says after the expression.
pub fn evaluate(text: &str, vars: &mut Vars) -> Result<i64, String> {
    evaluate_at(text, vars, 0)
}

fn evaluate_at(text: &str, vars: &mut Vars, depth: u32) -> Result<i64, String> {
    if depth > 10 {
        return Err(message(text, "expression recursion level exceeded", text));
    }
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Ok(0);
    }
    let mut reader = Reader { text, tokens, at: 0, vars, depth: 0, recursion: depth };
    let value = reader.comma(true)?;
    match reader.tokens.get(reader.at) {
        None => Ok(value),
        Some(token) => {
            let rest = text.get(token.start..).unwrap_or_default();
            Err(message(text, "syntax error in expression", rest))
        }
    }
}

fn message(text: &str, what: &str, token: &str) -> String {
    let mut out = String::from(text.trim_start());
    out.push_str(": ");
    out.push_str(what);
    out.push_str(" (error token is \"");
    out.push_str(token);
    out.push_str("\")");
    out
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    vars: &'a mut Vars,
    depth: u32,
    recursion: u32,
}

/// Binary operators from weakest to strongest.
const LEVELS: [&[&str]; 10] =
    [&["||"], &["&&"], &["|"], &["^"], &["&"], &["==", "!="], &["<=", ">=", "<", ">"], &["<<", ">>"], &["+", "-"], &["*", "/", "%"]];

impl Reader<'_> {
    fn op(&self) -> &'static str {
        match self.tokens.get(self.at) {
            Some(Token { kind: Kind::Op(op), .. }) => op,
            _ => "",
        }
    }

    fn eat(&mut self, op: &str) -> bool {
        let found = self.op() == op;
        if found {
            self.at += 1;
        }
        found
    }

    fn fail<T>(&self, what: &str) -> Result<T, String> {
        let start = self.tokens.get(self.at).or(self.tokens.last()).map_or(0, |token| token.start);
        Err(message(self.text, what, self.text.get(start..).unwrap_or_default()))
    }

    fn comma(&mut self, live: bool) -> Result<i64, String> {
        let mut value = self.assign(live)?;
        while self.eat(",") {
            value = self.assign(live)?;
        }
        Ok(value)
    }

    fn assign(&mut self, live: bool) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail("expression recursion level exceeded");
        }
        let value = self.assign_inner(live);
        self.depth -= 1;
        value
    }

    fn assign_inner(&mut self, live: bool) -> Result<i64, String> {
        if let (Some(Token { kind: Kind::Name(name), .. }), Some(Token { kind: Kind::Op(op), .. })) =
            (self.tokens.get(self.at), self.tokens.get(self.at + 1))
        {
            let plain = *op == "=";
            if plain || (op.ends_with('=') && !matches!(*op, "==" | "<=" | ">=" | "!=")) {
                let (name, op) = (name.clone(), *op);
                self.at += 2;
                let right = self.assign(live)?;
                let value = match op.strip_suffix('=') {
                    Some("") | None => right,
                    Some(op) => {
                        let left = self.variable(&name)?;
                        self.apply(op, left, right, live)?
                    }
                };
                if live {
                    self.store(&name, value);
                }
                return Ok(value);
            }
        }
        let condition = self.binary(0, live)?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let yes = self.assign(live && condition != 0)?;
        if !self.eat(":") {
            return self.fail("`:' expected for conditional expression");
        }
        let no = self.assign(live && condition == 0)?;
        Ok(if condition != 0 { yes } else { no })
    }

    fn binary(&mut self, level: usize, live: bool) -> Result<i64, String> {
        let Some(ops) = LEVELS.get(level) else { return self.power(live) };
        let mut left = self.binary(level + 1, live)?;
        loop {
            let op = self.op();
            if op.is_empty() || !ops.contains(&op) {
                return Ok(left);
            }
            self.at += 1;
            left = match op {
                "||" => {
                    let right = self.binary(level + 1, live && left == 0)?;
                    i64::from(left != 0 || right != 0)
                }
                "&&" => {
                    let right = self.binary(level + 1, live && left != 0)?;
                    i64::from(left != 0 && right != 0)
                }
                op => {
                    let right = self.binary(level + 1, live)?;
                    self.apply(op, left, right, live)?
                }
            };
        }
    }

    fn apply(&self, op: &str, left: i64, right: i64, live: bool) -> Result<i64, String> {
        Ok(match op {
            "+" => left.wrapping_add(right),
            "-" => left.wrapping_sub(right),
            "*" => left.wrapping_mul(right),
            "/" | "%" if right == 0 => {
                if live {
                    let last = self.tokens.get(self.at.saturating_sub(1)).map_or(0, |token| token.start);
                    return Err(message(self.text, "division by 0", self.text.get(last..).unwrap_or_default()));
                }
                0
            }
            "/" => left.wrapping_div(right),
            "%" => left.wrapping_rem(right),
            "<<" => left.wrapping_shl(right as u32),
            ">>" => left.wrapping_shr(right as u32),
            "&" => left & right,
            "|" => left | right,
            "^" => left ^ right,
            "==" => i64::from(left == right),
            "!=" => i64::from(left != right),
            "<" => i64::from(left < right),
            ">" => i64::from(left > right),
            "<=" => i64::from(left <= right),
            _ => i64::from(left >= right),
        })
    }

    fn power(&mut self, live: bool) -> Result<i64, String> {
        let base = self.unary(live)?;
        if !self.eat("**") {
            return Ok(base);
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail("expression recursion level exceeded");
        }
        let exponent = self.power(live)?;
        self.depth -= 1;
        if exponent < 0 {
            return if live { self.fail("exponent less than 0") } else { Ok(0) };
        }
        Ok(base.wrapping_pow(u32::try_from(exponent).unwrap_or(u32::MAX)))
    }

    fn unary(&mut self, live: bool) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail("expression recursion level exceeded");
        }
        let op = self.op();
        let value = match op {
            "!" | "~" | "-" | "+" => {
                self.at += 1;
                let value = self.unary(live)?;
                match op {
                    "!" => i64::from(value == 0),
                    "~" => !value,
                    "-" => value.wrapping_neg(),
                    _ => value,
                }
            }
            "++" | "--" => {
                self.at += 1;
                let Some(Token { kind: Kind::Name(name), .. }) = self.tokens.get(self.at).cloned() else {
                    return self.fail("syntax error: operand expected");
                };
                self.at += 1;
                let value = self.variable(&name)?.wrapping_add(if op == "++" { 1 } else { -1 });
                if live {
                    self.store(&name, value);
                }
                value
            }
            _ => self.primary(live)?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn primary(&mut self, live: bool) -> Result<i64, String> {
        match self.tokens.get(self.at).map(|token| token.kind.clone()) {
            Some(Kind::Number(value)) => {
                self.at += 1;
                Ok(value)
            }
            Some(Kind::Name(name)) => {
                self.at += 1;
                let value = self.variable(&name)?;
                let step = match self.op() {
                    "++" => 1,
                    "--" => -1,
                    _ => return Ok(value),
                };
                self.at += 1;
                if live {
                    self.store(&name, value.wrapping_add(step));
                }
                Ok(value)
            }
            Some(Kind::Op("(")) => {
                self.at += 1;
                let value = self.comma(live)?;
                if self.eat(")") { Ok(value) } else { self.fail("missing `)'") }
            }
            _ => self.fail("syntax error: operand expected"),
        }
    }

    fn store(&mut self, name: &str, value: i64) {
        let text = alloc::format!("{value}");
        match name.split_once('[') {
            Some((name, index)) => {
                if let Some(key) = self.vars.key(name, index.trim_end_matches(']')) {
                    self.vars.set_element(name, key, &text);
                }
            }
            None => self.vars.set(name, &text),
        }
    }

    /// A variable's value, itself read as an expression.
    fn variable(&mut self, name: &str) -> Result<i64, String> {
        let value = match name.split_once('[') {
            Some((name, index)) => {
                if self.recursion > 9 {
                    return self.fail("expression recursion level exceeded");
                }
                self.vars.key(name, index.trim_end_matches(']')).and_then(|key| self.vars.element(name, &key))
            }
            None if name == "RANDOM" => return Ok(i64::from(self.vars.next_random())),
            None => self.vars.get(name),
        };
        let Some(value) = value else { return Ok(0) };
        if let Ok(number) = value.trim().parse::<i64>()
            && (!value.trim().starts_with('0') || value.trim() == "0")
        {
            return Ok(number);
        }
        if is_identifier(value.trim()) && &*value == name {
            return Err(message(name, "expression recursion level exceeded", name));
        }
        evaluate_at(&value, self.vars, self.recursion + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let mut vars = Vars::default();
        vars.set("x", "7");
        for (text, expected) in [
            ("1 + 2 * 3", 7),
            ("(1+2)*3", 9),
            ("x++ + x", 15),
            ("x == 8 ? 10 : 20", 10),
            ("2 ** 3 ** 2", 512),
            ("-7 / 2", -3),
            ("-7 % 3", -1),
            ("0x10 + 010 + 2#101", 29),
            ("1 << 4 | 1", 17),
            ("y = 3, y * 2", 6),
            ("0 && 1 / 0", 0),
            ("!5", 0),
            ("~0", -1),
            ("", 0),
            ("unset_one + 1", 1),
        ] {
            assert_eq!(evaluate(text, &mut vars), Ok(expected), "{text}");
        }
        assert_eq!(evaluate("1 / 0", &mut vars), Err(String::from("1 / 0: division by 0 (error token is \"0\")")));
        assert!(evaluate("1 +", &mut vars).is_err());
        assert!(evaluate(&"(".repeat(500), &mut vars).is_err());
    }
}
