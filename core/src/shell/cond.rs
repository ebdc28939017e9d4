//! Conditions: `[[ … ]]` and what it shares with `test` and `[`. Never: the tools' command lines (`tools::test`).

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::ast::TestToken;
use super::expand::{Expanded, Expander, Stop};
use super::pattern::{Pattern, unescape};
use crate::text::fs::{FileSystem, resolve};
use crate::text::regex::{Regex, Syntax};

/// `-f file` and its kind. `None` if there is no such operator.
pub fn unary(op: &str, arg: &str, fs: &FileSystem, cwd: &str) -> Option<bool> {
    let path = resolve(cwd, arg);
    Some(match op {
        "-z" => arg.is_empty(),
        "-n" => !arg.is_empty(),
        "-e" | "-a" => !arg.is_empty() && (fs.exists(&path) || arg == "/dev/null"),
        "-f" => !arg.is_empty() && fs.is_file(&path),
        "-d" => !arg.is_empty() && fs.is_dir(&path),
        "-r" | "-w" => fs.exists(&path),
        "-x" => fs.stat(&path).is_ok_and(|stat| stat.mode & 0o111 != 0),
        "-s" => fs.stat(&path).is_ok_and(|stat| stat.size > 0),
        "-L" | "-h" => fs.stat_link(&path).is_ok_and(|stat| stat.target.is_some()),
        "-t" | "-p" | "-S" | "-b" | "-c" => false,
        _ => return None,
    })
}

/// `a -eq b`, `a = b`, `a -nt b`. `None` if there is no such operator; an error if a number is none.
pub fn binary(left: &str, op: &str, right: &str, fs: &FileSystem, cwd: &str) -> Option<Result<bool, String>> {
    let times = || {
        let time = |name: &str| fs.stat(&resolve(cwd, name)).map(|stat| stat.mtime_ms).unwrap_or(i64::MIN);
        (time(left), time(right))
    };
    Some(Ok(match op {
        "=" | "==" => left == right,
        "!=" => left != right,
        "<" => left < right,
        ">" => left > right,
        "-nt" => times().0 > times().1,
        "-ot" => times().0 < times().1,
        "-ef" => resolve(cwd, left) == resolve(cwd, right),
        "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => {
            let number = |text: &str| text.trim().parse::<i64>().map_err(|_| alloc::format!("{text}: integer expression expected"));
            let (left, right) = match (number(left), number(right)) {
                (Ok(left), Ok(right)) => (left, right),
                (Err(message), _) | (_, Err(message)) => return Some(Err(message)),
            };
            compare(op, left, right)
        }
        _ => return None,
    }))
}

fn compare(op: &str, left: i64, right: i64) -> bool {
    match op {
        "-eq" => left == right,
        "-ne" => left != right,
        "-lt" => left < right,
        "-le" => left <= right,
        "-gt" => left > right,
        _ => left >= right,
    }
}

/// The truth of what stands between `[[` and `]]`.
pub(super) fn double(ex: &mut Expander<'_>, tokens: &[TestToken]) -> Expanded<bool> {
    let mut reader = Double { ex, tokens, at: 0, depth: 0 };
    let value = reader.or(true)?;
    if reader.at < tokens.len() {
        return Err(Stop::Error(String::from("syntax error in conditional expression")));
    }
    Ok(value)
}

struct Double<'a, 'b> {
    ex: &'a mut Expander<'b>,
    tokens: &'a [TestToken],
    at: usize,
    depth: u32,
}

impl Double<'_, '_> {
    fn op(&self) -> &str {
        match self.tokens.get(self.at) {
            Some(TestToken::Op(op)) => op,
            _ => "",
        }
    }

    fn or(&mut self, live: bool) -> Expanded<bool> {
        let mut value = self.and(live)?;
        while self.op() == "||" {
            self.at += 1;
            let right = self.and(live && !value)?;
            value |= right;
        }
        Ok(value)
    }

    fn and(&mut self, live: bool) -> Expanded<bool> {
        let mut value = self.not(live)?;
        while self.op() == "&&" {
            self.at += 1;
            let right = self.not(live && value)?;
            value &= right;
        }
        Ok(value)
    }

    fn not(&mut self, live: bool) -> Expanded<bool> {
        self.depth += 1;
        if self.depth > 100 {
            return Err(Stop::Error(String::from("conditional expression is nested too deeply")));
        }
        let value = match self.op() {
            "!" => {
                self.at += 1;
                !self.not(live)?
            }
            "(" => {
                self.at += 1;
                let value = self.or(live)?;
                if self.op() != ")" {
                    return Err(Stop::Error(String::from("expected `)'")));
                }
                self.at += 1;
                value
            }
            _ => self.primary(live)?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn operand(&mut self, live: bool) -> Expanded<String> {
        match self.tokens.get(self.at) {
            Some(TestToken::Word(word)) => {
                self.at += 1;
                if live { self.ex.text(word) } else { Ok(String::new()) }
            }
            _ => Err(Stop::Error(String::from("unexpected argument in conditional expression"))),
        }
    }

    fn plain(&self, at: usize) -> Option<Rc<str>> {
        match self.tokens.get(at)? {
            TestToken::Word(word) => word.plain().map(Rc::from),
            TestToken::Op(op) => Some(Rc::clone(op)).filter(|op| matches!(&**op, "<" | ">" | "=~")),
        }
    }

    fn primary(&mut self, live: bool) -> Expanded<bool> {
        let next_is_end =
            |reader: &Self, at: usize| matches!(reader.tokens.get(at), None | Some(TestToken::Op(_))) && reader.plain(at).is_none();
        if let Some(op) = self.plain(self.at).filter(|op| op.starts_with('-') && op.len() == 2)
            && !next_is_end(self, self.at + 1)
            && (op.as_ref() == "-v" || unary(&op, "", self.ex.fs, "/").is_some())
            && self.binary_at(self.at + 1).is_none()
        {
            self.at += 1;
            let arg = self.operand(live)?;
            if &*op == "-v" {
                return Ok(self.ex.vars.is_set(&arg));
            }
            return Ok(unary(&op, &arg, self.ex.fs, self.ex.cwd).unwrap_or(false));
        }
        let left = self.operand(live)?;
        let Some(op) = self.binary_at(self.at) else { return Ok(!left.is_empty()) };
        self.at += 1;
        match &*op {
            "=" | "==" | "!=" | "=~" => {
                let Some(TestToken::Word(word)) = self.tokens.get(self.at) else {
                    return Err(Stop::Error(String::from("unexpected argument to conditional binary operator")));
                };
                self.at += 1;
                if !live {
                    return Ok(false);
                }
                let pattern = self.ex.pattern(word)?;
                match &*op {
                    "=~" => self.regex(&left, &pattern),
                    op => Ok(Pattern::new(&pattern).matches(&left) == (op != "!=")),
                }
            }
            op if op.starts_with('-') && !matches!(op, "-nt" | "-ot" | "-ef") => {
                let right = self.operand(live)?;
                if !live {
                    return Ok(false);
                }
                let left = super::arith::evaluate(&left, self.ex.vars).map_err(Stop::Error)?;
                let right = super::arith::evaluate(&right, self.ex.vars).map_err(Stop::Error)?;
                Ok(compare(op, left, right))
            }
            op => {
                let right = self.operand(live)?;
                match binary(&left, op, &right, self.ex.fs, self.ex.cwd) {
                    Some(Ok(value)) => Ok(value),
                    Some(Err(message)) => Err(Stop::Error(message)),
                    None => Ok(false),
                }
            }
        }
    }

    fn binary_at(&self, at: usize) -> Option<Rc<str>> {
        self.plain(at).filter(|op| {
            matches!(&**op, "=" | "==" | "!=" | "<" | ">" | "=~" | "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" | "-nt" | "-ot" | "-ef")
        })
    }

    fn regex(&mut self, text: &str, pattern: &str) -> Expanded<bool> {
        // What was quoted is escaped for a shell pattern; a regular expression reads most of it the same way.
        let pattern = if pattern.contains('\\') { pattern.replace("\\-", "-").replace("\\!", "!") } else { String::from(pattern) };
        let Ok(regex) = Regex::new(&pattern, Syntax::Extended, false) else {
            return Err(Stop::Error(alloc::format!("invalid regular expression `{}'", unescape(&pattern))));
        };
        let Some(found) = regex.captures(text, 0) else {
            self.ex.vars.set_list("BASH_REMATCH", Vec::new());
            return Ok(false);
        };
        let groups = found.iter().map(|group| group.and_then(|(from, to)| text.get(from..to)).map_or_else(|| Rc::from(""), Rc::from));
        let groups: Vec<Rc<str>> = groups.collect();
        self.ex.vars.set_list("BASH_REMATCH", groups);
        Ok(true)
    }
}
