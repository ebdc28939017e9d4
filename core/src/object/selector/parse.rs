//! The text of a label selector, as given to `-l`. Models k8s.io/apimachinery/pkg/labels, error texts included.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Operator, Requirement, Selector};
use crate::object::names;
use crate::text::quote::quote;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Error,
    End,
    Close,
    Comma,
    Not,
    DoubleEquals,
    Equals,
    Greater,
    Identifier,
    In,
    Less,
    NotEquals,
    NotIn,
    Open,
}

fn token_of(text: &str) -> Option<Token> {
    Some(match text {
        ")" => Token::Close,
        "," => Token::Comma,
        "!" => Token::Not,
        "==" => Token::DoubleEquals,
        "=" => Token::Equals,
        ">" => Token::Greater,
        "in" => Token::In,
        "<" => Token::Less,
        "!=" => Token::NotEquals,
        "notin" => Token::NotIn,
        "(" => Token::Open,
        _ => return None,
    })
}

fn is_special(c: char) -> bool {
    matches!(c, '=' | '!' | '(' | ')' | ',' | '>' | '<')
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Splits the text; the last token is always the end.
fn tokens(text: &str) -> Vec<(Token, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(is_blank);
    while let Some(first) = rest.chars().next() {
        let len = if is_special(first) {
            rest.find(|c| !is_special(c)).unwrap_or(rest.len())
        } else {
            rest.find(|c| is_special(c) || is_blank(c)).unwrap_or(rest.len())
        };
        let (word, after) = rest.split_at_checked(len).unwrap_or((rest, ""));
        let (token, used) = if is_special(first) {
            // The longest operator at the beginning.
            match (1..=word.len()).rev().find_map(|n| Some((token_of(word.get(..n)?)?, n))) {
                Some((token, used)) => (token, used),
                None => (Token::Error, len),
            }
        } else {
            (token_of(word).unwrap_or(Token::Identifier), len)
        };
        let literal = match token {
            Token::Error => format!("error expected: keyword found '{word}'"),
            _ => word.get(..used).unwrap_or(word).to_string(),
        };
        found.push((token, literal));
        rest = if used == len { after } else { rest.get(used..).unwrap_or("") };
        rest = rest.trim_start_matches(is_blank);
    }
    found.push((Token::End, String::new()));
    found
}

struct Parser {
    tokens: Vec<(Token, String)>,
    at: usize,
}

impl Parser {
    /// The current token; among values `in` and `notin` are words like any other.
    fn peek(&self, operators: bool) -> (Token, &str) {
        match self.tokens.get(self.at) {
            Some((Token::In | Token::NotIn, text)) if !operators => (Token::Identifier, text),
            Some((token, text)) => (*token, text),
            None => (Token::End, ""),
        }
    }

    fn take(&mut self, operators: bool) -> (Token, String) {
        let (token, text) = self.peek(operators);
        let taken = (token, text.to_string());
        self.at += 1;
        taken
    }

    fn selector(&mut self) -> Result<Vec<Requirement>, String> {
        let mut requirements = Vec::new();
        loop {
            match self.peek(false) {
                (Token::Identifier | Token::Not, _) => {
                    let one = self.requirement().map_err(|e| format!("unable to parse requirement: {e}"))?;
                    requirements.push(one);
                    match self.take(false) {
                        (Token::End, _) => return Ok(requirements),
                        (Token::Comma, _) => {
                            let (next, text) = self.peek(false);
                            if next != Token::Identifier && next != Token::Not {
                                return Err(format!("found '{text}', expected: identifier after ','"));
                            }
                        }
                        (_, text) => return Err(format!("found '{text}', expected: ',' or 'end of string'")),
                    }
                }
                (Token::End, _) => return Ok(requirements),
                (_, text) => return Err(format!("found '{text}', expected: !, identifier, or 'end of string'")),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let (mut token, mut key) = self.take(false);
        let negated = token == Token::Not;
        if negated {
            (token, key) = self.take(false);
        }
        if token != Token::Identifier {
            return Err(format!("found '{key}', expected: identifier"));
        }
        let problems = names::qualified_name(&key);
        if !problems.is_empty() {
            return Err(format!("<nil>: Invalid value: {}: {}", quote(&key), problems.join("; ")));
        }
        let alone = matches!(self.peek(false).0, Token::End | Token::Comma);
        if negated || alone {
            let operator = if negated { Operator::DoesNotExist } else { Operator::Exists };
            return Requirement::new(&key, operator, Vec::new());
        }
        let operator = match self.take(true) {
            (Token::In, _) => Operator::In,
            (Token::NotIn, _) => Operator::NotIn,
            (Token::Equals, _) => Operator::Equals,
            (Token::DoubleEquals, _) => Operator::DoubleEquals,
            (Token::NotEquals, _) => Operator::NotEquals,
            (Token::Greater, _) => Operator::GreaterThan,
            (Token::Less, _) => Operator::LessThan,
            (_, text) => return Err(format!("found '{text}', expected: in, notin, =, ==, !=, gt, lt")),
        };
        let values = match operator {
            Operator::In | Operator::NotIn => self.values()?,
            _ => self.exact_value()?,
        };
        Requirement::new(&key, operator, values.into_iter().collect())
    }

    fn values(&mut self) -> Result<BTreeSet<String>, String> {
        let (token, text) = self.take(false);
        if token != Token::Open {
            return Err(format!("found '{text}' expected: '('"));
        }
        let (token, text) = self.peek(false);
        let text = text.to_string();
        match token {
            Token::Identifier | Token::Comma => {
                let values = self.identifiers()?;
                if self.take(false).0 != Token::Close {
                    return Err(format!("found '{text}', expected: ')'"));
                }
                Ok(values)
            }
            Token::Close => {
                self.at += 1;
                Ok(BTreeSet::from([String::new()]))
            }
            _ => Err(format!("found '{text}', expected: ',', ')' or identifier")),
        }
    }

    fn identifiers(&mut self) -> Result<BTreeSet<String>, String> {
        let mut values = BTreeSet::new();
        loop {
            match self.take(false) {
                (Token::Identifier, text) => {
                    values.insert(text);
                    match self.peek(false) {
                        (Token::Comma, _) => {}
                        (Token::Close, _) => return Ok(values),
                        (_, text) => return Err(format!("found '{text}', expected: ',' or ')'")),
                    }
                }
                (Token::Comma, _) => {
                    if values.is_empty() {
                        values.insert(String::new());
                    }
                    match self.peek(false).0 {
                        Token::Close => {
                            values.insert(String::new());
                            return Ok(values);
                        }
                        Token::Comma => {
                            self.at += 1;
                            values.insert(String::new());
                        }
                        _ => {}
                    }
                }
                (_, text) => return Err(format!("found '{text}', expected: ',', or identifier")),
            }
        }
    }

    fn exact_value(&mut self) -> Result<BTreeSet<String>, String> {
        if matches!(self.peek(false).0, Token::End | Token::Comma) {
            return Ok(BTreeSet::from([String::new()]));
        }
        match self.take(false) {
            (Token::Identifier, text) => Ok(BTreeSet::from([text])),
            (_, text) => Err(format!("found '{text}', expected: identifier")),
        }
    }
}

/// Parses `a=b,c!=d,e in (x,y),!f,g`; the error is what the real parser says.
pub fn parse(text: &str) -> Result<Selector, String> {
    Parser { tokens: tokens(text), at: 0 }.selector().map(Selector::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let got = match parse(text) {
            Ok(selector) => selector.print(),
            Err(error) => error,
        };
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn parses() {
        check("", "");
        check("a=b", "a=b");
        check(" c != d , a==b ", "a==b,c!=d");
        check("e in (y, x),!f,g", "e in (x,y),!f,g");
        check("e notin (a)", "e notin (a)");
        check("x in (in, notin)", "x in (in,notin)");
        check("a=", "a=");
        check("n>3,m<4", "m<4,n>3");
        check("a=b,", "found '', expected: identifier after ','");
        check("=b", "found '=', expected: !, identifier, or 'end of string'");
        check("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
        check("a in x", "unable to parse requirement: found 'x' expected: '('");
        check("a in (x", "unable to parse requirement: found '', expected: ',' or ')'");
        check("a=b c", "found 'c', expected: ',' or 'end of string'");
        check("a=b=c", "found '=', expected: ',' or 'end of string'");
        check("!a=b", "found '=', expected: ',' or 'end of string'");
        assert!(
            parse("a$=b").unwrap_err().starts_with("unable to parse requirement: <nil>: Invalid value: \"a$\": name part must consist of")
        );
        assert!(
            parse("a=b$")
                .unwrap_err()
                .starts_with("unable to parse requirement: values[0][a]: Invalid value: \"b$\": a valid label must be")
        );
    }
}
