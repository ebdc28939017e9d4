//! JSON texts read into jq's values, members in their order, with jq's complaints. Never: programs (`parse`).

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Number;

use super::value::V;

/// How deep values may be nested.
const MAX_DEPTH: usize = 256;

/// A reader of a text that may hold many values, one after another.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

/// What is wrong, and at which byte.
pub struct Wrong {
    /// jq's words.
    pub what: &'static str,
    /// Where.
    pub at: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of a text.
    pub fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0, depth: 0 }
    }

    /// How many lines have been read to get this far.
    pub fn lines(&self) -> usize {
        let to = self.text.get(self.at..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |more| self.at + more + 1);
        self.text.get(..to).unwrap_or_default().matches('\n').count()
    }

    /// The next value; `None` at the end.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn next(&mut self) -> Result<Option<V>, Wrong> {
        self.space();
        if self.peek().is_none() { Ok(None) } else { self.value().map(Some) }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..).and_then(|rest| rest.chars().next())
    }

    fn space(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn wrong<T>(&self, what: &'static str) -> Result<T, Wrong> {
        Err(Wrong { what, at: self.at })
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn value(&mut self) -> Result<V, Wrong> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.wrong("Exceeds depth limit for parsing");
        }
        let value = match self.peek() {
            None => return self.wrong("Unfinished JSON term"),
            Some('"') => V::Text(Rc::from(self.string()?)),
            Some('[') => self.list()?,
            Some('{') => self.object()?,
            Some(']') => return self.wrong("Unmatched ']'"),
            Some('}') => return self.wrong("Unmatched '}'"),
            Some(':') => return self.wrong("':' not as part of an object"),
            Some(',') => return self.wrong("Expected value before ','"),
            Some(_) => self.word()?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<V, Wrong> {
        self.at += 1;
        let mut all = Vec::new();
        self.space();
        if self.take(']') {
            return Ok(V::list(all));
        }
        loop {
            self.space();
            if self.peek() == Some(']') {
                return self.wrong("Expected another array element");
            }
            all.push(self.value()?);
            self.space();
            if self.take(']') {
                return Ok(V::list(all));
            }
            match self.peek() {
                None => return self.wrong("Unfinished JSON term"),
                Some(',') => self.at += 1,
                Some(_) => return self.wrong("Expected separator between values"),
            }
        }
    }

    fn object(&mut self) -> Result<V, Wrong> {
        self.at += 1;
        let mut all: Vec<(Rc<str>, V)> = Vec::new();
        self.space();
        if self.take('}') {
            return Ok(V::Object(Rc::new(all)));
        }
        loop {
            self.space();
            match self.peek() {
                Some('"') => {}
                None => return self.wrong("Unfinished JSON term"),
                Some('}') => return self.wrong("Objects must consist of key:value pairs"),
                Some(_) => {
                    self.value()?;
                    return self.wrong("Object keys must be strings");
                }
            }
            let key: Rc<str> = Rc::from(self.string()?);
            self.space();
            if !self.take(':') {
                return self.wrong(if self.peek().is_none() { "Unfinished JSON term" } else { "Objects must consist of key:value pairs" });
            }
            self.space();
            let value = self.value()?;
            super::value::put(&mut all, key, value);
            self.space();
            if self.take('}') {
                return Ok(V::Object(Rc::new(all)));
            }
            match self.peek() {
                None => return self.wrong("Unfinished JSON term"),
                Some(',') => self.at += 1,
                Some(_) => return self.wrong("Expected separator between values"),
            }
        }
    }

    fn string(&mut self) -> Result<String, Wrong> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let Some(c) = self.peek() else { return self.wrong("Unfinished string") };
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(out),
                '\\' => {
                    let Some(escaped) = self.peek() else { return self.wrong("Unfinished string") };
                    self.at += escaped.len_utf8();
                    match escaped {
                        'n' => out.push('\n'),
                        't' => out.push('\t'),
                        'r' => out.push('\r'),
                        'b' => out.push('\u{8}'),
                        'f' => out.push('\u{c}'),
                        '"' | '\\' | '/' => out.push(escaped),
                        'u' => out.push(self.unicode()?),
                        _ => return self.wrong("Invalid escape"),
                    }
                }
                c => out.push(c),
            }
        }
    }

    fn unicode(&mut self) -> Result<char, Wrong> {
        let mut four = || {
            let code = self.text.get(self.at..self.at + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
            self.at += if code.is_some() { 4 } else { 0 };
            code
        };
        let Some(high) = four() else { return self.wrong("Invalid escape") };
        let mut code = high;
        if (0xd800..0xdc00).contains(&high) && self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
            self.at += 2;
            let low = || self.text.get(self.at..self.at + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
            if let Some(low) = low() {
                self.at += 4;
                code = 0x10000 + ((high - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff);
            }
        }
        Ok(char::from_u32(code).unwrap_or('\u{fffd}'))
    }

    fn word(&mut self) -> Result<V, Wrong> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find(|c: char| c.is_whitespace() || ",:[]{}\"".contains(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        self.at += end;
        Ok(match word {
            "null" | "nan" | "NaN" => V::Null,
            "true" => V::Bool(true),
            "false" => V::Bool(false),
            _ => match word.parse::<Number>() {
                Ok(number) => V::Number(number),
                Err(_) => match word.parse::<f64>().ok().filter(|_| word.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.'))
                {
                    Some(number) => V::float(number),
                    None => {
                        // jq sees that it is none when it has read the character after it.
                        self.at += usize::from(end < rest.len());
                        let known = matches!(word.chars().next(), Some('t' | 'f')) || word.starts_with('n') && word.len() != 3;
                        return self.wrong(if known && word.len() >= 4 { "Invalid literal" } else { "Invalid numeric literal" });
                    }
                },
            },
        })
    }
}

/// A whole text that is one value.
pub fn one(text: &str) -> Option<V> {
    let mut reader = Reader::new(text);
    let value = reader.next().ok()??;
    matches!(reader.next(), Ok(None)).then_some(value)
}
