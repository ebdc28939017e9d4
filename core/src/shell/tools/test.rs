//! `test` and `[`

use alloc::string::String;

use crate::shell::cond::{binary, unary};
use crate::shell::process::{Io, Started};
use crate::text::fs::FileSystem;

pub(super) fn bracket(args: &[String], io: &mut Io<'_>) -> Started {
    run("[", args, io)
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    run("test", args, io)
}

fn run(name: &str, args: &[String], io: &mut Io<'_>) -> Started {
    match truth(name, args, io.fs, io.cwd) {
        Ok(truth) => Started::Done(i32::from(!truth)),
        Err(message) => {
            io.err(&alloc::format!("{name}: {message}\n"));
            Started::Done(2)
        }
    }
}

/// The truth of a condition; `[` wants its `]`.
pub fn truth(name: &str, args: &[String], fs: &FileSystem, cwd: &str) -> Result<bool, String> {
    let args = match args.split_last() {
        _ if name != "[" => args,
        Some((last, args)) if last == "]" => args,
        _ => return Err(String::from("missing `]'")),
    };
    evaluate(&mut Reader { args, at: 0, fs, cwd, depth: 0 })
}

struct Reader<'a> {
    args: &'a [String],
    at: usize,
    fs: &'a FileSystem,
    cwd: &'a str,
    depth: u32,
}

/// Few arguments are read by their number, as POSIX says; more by the grammar.
fn evaluate(reader: &mut Reader<'_>) -> Result<bool, String> {
    let (fs, cwd) = (reader.fs, reader.cwd);
    match reader.args {
        [] => return Ok(false),
        [one] => return Ok(!one.is_empty()),
        [not, one] if not == "!" => return Ok(one.is_empty()),
        [op, arg] => {
            return unary(op, arg, fs, cwd).ok_or_else(|| alloc::format!("{op}: unary operator expected"));
        }
        [left, op, right] => {
            if let Some(result) = binary(left, op, right, fs, cwd) {
                return result;
            }
            if !matches!(op.as_str(), "-a" | "-o") && left != "!" && left != "(" {
                return Err(alloc::format!("{op}: binary operator expected"));
            }
        }
        _ => {}
    }
    let value = reader.or()?;
    if reader.at < reader.args.len() {
        return Err(String::from("too many arguments"));
    }
    Ok(value)
}

impl Reader<'_> {
    fn peek(&self) -> &str {
        self.args.get(self.at).map_or("", String::as_str)
    }

    fn or(&mut self) -> Result<bool, String> {
        let mut value = self.and()?;
        while self.peek() == "-o" {
            self.at += 1;
            value |= self.and()?;
        }
        Ok(value)
    }

    fn and(&mut self) -> Result<bool, String> {
        let mut value = self.not()?;
        while self.peek() == "-a" {
            self.at += 1;
            value &= self.not()?;
        }
        Ok(value)
    }

    fn not(&mut self) -> Result<bool, String> {
        self.depth += 1;
        if self.depth > 100 {
            return Err(String::from("too many arguments"));
        }
        let value = match self.peek() {
            "!" => {
                self.at += 1;
                !self.not()?
            }
            "(" => {
                self.at += 1;
                let value = self.or()?;
                if self.peek() != ")" {
                    return Err(String::from("`)' expected"));
                }
                self.at += 1;
                value
            }
            _ => self.primary()?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn primary(&mut self) -> Result<bool, String> {
        let Some(first) = self.args.get(self.at) else { return Err(String::from("argument expected")) };
        let (fs, cwd) = (self.fs, self.cwd);
        if let (Some(op), Some(right)) = (self.args.get(self.at + 1), self.args.get(self.at + 2))
            && let Some(result) = binary(first, op, right, fs, cwd)
        {
            self.at += 3;
            return result;
        }
        if let Some(arg) = self.args.get(self.at + 1)
            && let Some(result) = unary(first, arg, fs, cwd)
        {
            self.at += 2;
            return Ok(result);
        }
        self.at += 1;
        Ok(!first.is_empty())
    }
}
