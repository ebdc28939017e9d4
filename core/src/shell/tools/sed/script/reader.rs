//! The parts of a script of `sed`: addresses, texts, regular expressions and the single commands.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Address, Do, Piece, Subst, Wrong};
use crate::text::regex::{Regex, Syntax};

pub(super) struct Reader {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) syntax: Syntax,
    /// The pattern read last, which an empty one stands for.
    pub(super) pattern: Option<Regex>,
    /// The files that are written.
    pub(super) files: Vec<String>,
}

impl Reader {
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    pub(super) fn wrong<T>(&self, message: &str) -> Result<T, Wrong> {
        Err((self.at.min(self.chars.len()), String::from(message)))
    }

    fn number(&mut self) -> Option<usize> {
        let digits: String = self.chars.iter().skip(self.at).take_while(|c| c.is_ascii_digit()).collect();
        self.at += digits.len();
        digits.parse().ok()
    }

    pub(super) fn label(&mut self) -> String {
        self.skip(|c| c == ' ');
        let start = self.at;
        self.skip(|c| !matches!(c, '\n' | ';' | '}'));
        let text: String = self.chars.iter().skip(start).take(self.at - start).collect();
        String::from(text.trim())
    }

    /// What stands before a command: where a range begins and ends, and `!`.
    pub(super) fn addresses(&mut self) -> Result<(Option<Address>, Option<Address>, bool), Wrong> {
        let from = self.address(false)?;
        self.skip(|c| c == ' ');
        let mut to = None;
        if from.is_some() && self.peek() == Some(',') {
            self.at += 1;
            self.skip(|c| c == ' ');
            to = self.address(true)?;
            if to.is_none() {
                self.at += 1;
                return self.wrong("unexpected `,'");
            }
        }
        self.skip(|c| c == ' ');
        let mut negated = false;
        while self.peek() == Some('!') {
            negated = true;
            self.at += 1;
            self.skip(|c| c == ' ');
        }
        Ok((from, to, negated))
    }

    /// The letter of a command; the line 0 may only begin a range that ends with a pattern.
    pub(super) fn letter(&mut self, from: &Option<Address>, to: &Option<Address>) -> Result<char, Wrong> {
        let Some(letter) = self.peek() else { return self.wrong("missing command") };
        self.at += 1;
        if matches!(from, Some(Address::Line(0))) && !matches!(to, Some(Address::Match(_))) {
            return self.wrong("invalid usage of line address 0");
        }
        Ok(letter)
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
            Some('~') if end => {
                self.at += 1;
                Ok(self.number().map(Address::Multiple))
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

    pub(super) fn regex(&mut self, text: &str, fold: bool) -> Result<Regex, Wrong> {
        if text.is_empty() {
            return self.pattern.clone().ok_or_else(|| (0, String::from("no previous regular expression")));
        }
        let regex = Regex::new(text, self.syntax, fold).map_err(|message| (self.at, String::from(message)))?;
        self.pattern = Some(regex.clone());
        Ok(regex)
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
                    let plain = match next {
                        'r' if delimiter != 'r' => Some('\r'),
                        'f' if delimiter != 'f' => Some('\x0c'),
                        'x' => self.hex(),
                        _ => None,
                    };
                    if let Some(c) = plain {
                        if ".*[]^$\\/&".contains(c) {
                            out.push('\\');
                        }
                        out.push(c);
                    } else if next == delimiter
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

    /// The character of `\xHH`, after the letter.
    fn hex(&mut self) -> Option<char> {
        let digits: String = self.chars.iter().skip(self.at).take(2).take_while(|c| c.is_ascii_hexdigit()).collect();
        let code = u32::from_str_radix(&digits, 16).ok()?;
        self.at += digits.len();
        char::from_u32(code)
    }

    /// A file's name: the rest of the line.
    fn file(&mut self) -> Result<String, Wrong> {
        self.skip(|c| matches!(c, ' ' | '\t'));
        let start = self.at;
        self.skip(|c| c != '\n');
        let name: String = self.chars.iter().skip(start).take(self.at - start).collect();
        if name.is_empty() { self.wrong("missing filename in r/R/w/W commands") } else { Ok(name) }
    }

    /// The number of a file that is written.
    fn written(&mut self) -> Result<usize, Wrong> {
        let name = self.file()?;
        if let Some(at) = self.files.iter().position(|one| *one == name) {
            return Ok(at);
        }
        self.files.push(name);
        Ok(self.files.len() - 1)
    }

    pub(super) fn command(&mut self, letter: char) -> Result<Do, Wrong> {
        Ok(match letter {
            'd' => Do::Delete,
            'D' => Do::DeleteFirst,
            'p' => Do::Print,
            'P' => Do::PrintFirst,
            '=' => Do::Number,
            'l' => {
                self.skip(|c| c == ' ');
                self.number();
                Do::List
            }
            'r' => Do::Read(self.file()?),
            'R' => Do::ReadLine(self.file()?),
            'w' | 'W' => Do::Write(self.written()?, letter == 'W'),
            'F' => Do::Name,
            'z' => Do::Empty,
            'v' => {
                self.skip(|c| !matches!(c, ';' | '\n'));
                Do::Nothing
            }
            'e' => return self.wrong("e/r/w commands disabled in sandbox mode"),
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
    pub(super) fn text(&mut self) -> Result<String, Wrong> {
        self.skip(|c| matches!(c, ' ' | '\t'));
        if self.peek() == Some('\\') {
            self.at += 1;
            // Blanks behind the backslash belong to the text, unless that begins on the next line.
            let start = self.at;
            self.skip(|c| matches!(c, ' ' | '\t'));
            match self.peek() {
                Some('\n') => self.at += 1,
                _ => self.at = start,
            }
            if self.peek().is_none() {
                return Ok(String::new());
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
        let (mut global, mut print, mut fold, mut nth, mut write) = (false, false, false, 1, None);
        while let Some(c) = self.peek() {
            match c {
                'g' if global => {
                    self.at += 1;
                    return self.wrong("multiple `g' options to `s' command");
                }
                'g' => global = true,
                'w' => {
                    self.at += 1;
                    write = Some(self.written()?);
                    break;
                }
                'e' => {
                    self.at += 1;
                    return self.wrong("e/r/w commands disabled in sandbox mode");
                }
                'p' => print = true,
                'I' | 'i' => fold = true,
                'm' | 'M' => {}
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
        Ok(Do::Subst(Subst { regex, with, global, print, write, nth }))
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
                Some('r') => plain.push('\r'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            c => plain.push(c),
        }
    }
    flush(&mut plain, &mut out);
    out
}
