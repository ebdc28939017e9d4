//! Text in, JSON values out, with the error texts of Go's encoding/json.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Number, Value};

use crate::text::quote;

/// Maps and lists deeper than this are refused.
const MAX_DEPTH: usize = 200;

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    text: String,
    offset: usize,
}

impl Error {
    /// Go's text, such as `invalid character '}' looking for beginning of value`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Bytes read when the error was noticed, the bad one included.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// Parses a text that is one JSON value and nothing else. Models json.Unmarshal: integers that fit 64 bits stay
/// integers, other numbers are floats, of equal keys the last one counts.
pub fn parse(text: &str) -> Result<Value, Error> {
    let mut parser = Parser { bytes: text.as_bytes(), text, at: 0, end_text: "unexpected end of JSON input" };
    parser.blanks();
    let value = parser.value(0)?;
    parser.blanks();
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.unexpected("after top-level value")),
    }
}

/// Parses the value at the beginning of `text` and says how many bytes it took; `None` when only blanks are left.
/// Models json.Decoder.
pub fn parse_prefix(text: &str) -> Result<Option<(Value, usize)>, Error> {
    let mut parser = Parser { bytes: text.as_bytes(), text, at: 0, end_text: "unexpected EOF" };
    parser.blanks();
    if parser.peek().is_none() {
        return Ok(None);
    }
    let value = parser.value(0)?;
    Ok(Some((value, parser.at)))
}

struct Parser<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    end_text: &'static str,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The error at the current byte: Go looks at bytes, not characters.
    fn unexpected(&self, context: &str) -> Error {
        match self.peek() {
            None => Error { text: self.end_text.to_string(), offset: self.at },
            Some(byte) => {
                let c = match byte {
                    b'"' => "'\"'".to_string(),
                    _ => quote::quote_char(char::from(byte)),
                };
                Error { text: format!("invalid character {c} {context}"), offset: self.at + 1 }
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Error> {
        if depth > MAX_DEPTH {
            return Err(Error { text: "exceeded max depth".to_string(), offset: self.at });
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, Error> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                let expecting = char::from(expected);
                return Err(self.unexpected(&format!("in literal {word} (expecting '{expecting}')")));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Value, Error> {
        self.at += 1;
        let mut map = Map::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(b'}') if map.is_empty() => break,
                Some(b'"') => {}
                _ => return Err(self.unexpected("looking for beginning of object key string")),
            }
            let key = self.string()?;
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("after object key"));
            }
            self.at += 1;
            self.blanks();
            let value = self.value(depth + 1)?;
            map.insert(key, value);
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.unexpected("after object key:value pair")),
            }
        }
        self.at += 1;
        Ok(Value::Object(map))
    }

    fn array(&mut self, depth: usize) -> Result<Value, Error> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blanks();
            if self.peek() == Some(b']') && items.is_empty() {
                break;
            }
            items.push(self.value(depth + 1)?);
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.unexpected("after array element")),
            }
        }
        self.at += 1;
        Ok(Value::Array(items))
    }

    fn string(&mut self) -> Result<String, Error> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|b| b >= 0x20 && b != b'"' && b != b'\\') {
                self.at += 1;
            }
            out.push_str(self.text.get(start..self.at).unwrap_or(""));
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                _ => return Err(self.unexpected("in string literal")),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), Error> {
        let c = match self.peek() {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let first = self.hex4()?;
                let low = self.text.get(self.at..self.at + 6).filter(|t| t.starts_with("\\u"));
                let low = low.and_then(|t| u32::from_str_radix(t.get(2..)?, 16).ok());
                let c = match (first, low) {
                    (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                        self.at += 6;
                        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00))
                    }
                    _ => char::from_u32(first),
                };
                out.push(c.unwrap_or('\u{fffd}'));
                return Ok(());
            }
            _ => return Err(self.unexpected("in string escape code")),
        };
        self.at += 1;
        out.push(c);
        Ok(())
    }

    fn hex4(&mut self) -> Result<u32, Error> {
        let mut code = 0;
        for _ in 0..4 {
            match self.peek().and_then(|b| char::from(b).to_digit(16)) {
                Some(digit) => code = code << 4 | digit,
                None => return Err(self.unexpected("in \\u hexadecimal character escape")),
            }
            self.at += 1;
        }
        Ok(code)
    }

    fn digits(&mut self, context: &str) -> Result<(), Error> {
        if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
            return Err(self.unexpected(context));
        }
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value, Error> {
        let start = self.at;
        let mut integral = true;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            integral = false;
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            integral = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = self.text.get(start..self.at).unwrap_or("0");
        if integral && let Ok(value) = text.parse::<i64>() {
            return Ok(Value::from(value));
        }
        let number = text.parse::<f64>().ok().and_then(Number::from_f64);
        number
            .map(Value::Number)
            .ok_or_else(|| Error { text: format!("json: cannot unmarshal number {text} into Go value of type float64"), offset: self.at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let got = match parse(text) {
            Ok(value) => value.to_string(),
            Err(error) => error.text().to_string(),
        };
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn values() {
        check(" {\"a\": [1, -2.5, true, null, \"x\\u00e9\\ud83e\\udd67\\n\"]} ", "{\"a\":[1,-2.5,true,null,\"xé🥧\\n\"]}");
        check("{}", "{}");
        check("[]", "[]");
        check("{\"a\":1,\"a\":2}", "{\"a\":2}");
    }

    #[test]
    fn errors() {
        check("", "unexpected end of JSON input");
        check("{\"a\": \"b\", }", "invalid character '}' looking for beginning of object key string");
        check("{'a': 1}", "invalid character '\\'' looking for beginning of object key string");
        check("{\"a\" 1}", "invalid character '1' after object key");
        check("{\"a\": 1 \"b\"}", "invalid character '\"' after object key:value pair");
        check("[1 2]", "invalid character '2' after array element");
        check("[1,]", "invalid character ']' looking for beginning of value");
        check("{\"a\": tru}", "invalid character '}' in literal true (expecting 'e')");
        check("{\"a\": x}", "invalid character 'x' looking for beginning of value");
        check("\"a\nb\"", "invalid character '\\n' in string literal");
        check("\"a\\qb\"", "invalid character 'q' in string escape code");
        check("1 2", "invalid character '2' after top-level value");
        check("-x", "invalid character 'x' in numeric literal");
        check("{\"a\": {", "unexpected end of JSON input");
        assert!(parse(&"[".repeat(1000)).is_err());
        assert_eq!(parse_prefix("{\"a\": 1} {").unwrap().unwrap().1, 8);
    }
}
