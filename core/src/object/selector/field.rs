//! The text of a field selector, as given to `--field-selector`. Models k8s.io/apimachinery/pkg/fields.
//!
//! Which fields a resource supports is the API server's business, not known here.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// One comparison of a field with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldTerm {
    /// The field, such as `status.phase`.
    pub field: String,
    /// The value, unescaped.
    pub value: String,
    /// `!=` instead of `=`.
    pub negated: bool,
}

/// All of several comparisons. One without any selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSelector {
    /// The comparisons in the order in which they were written.
    pub terms: Vec<FieldTerm>,
}

impl FieldSelector {
    /// Parses `a=b,c!=d`; the error is what the real parser says.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut terms = Vec::new();
        for part in split_terms(text) {
            if part.is_empty() {
                continue;
            }
            let wrong = || format!("invalid selector: '{text}'; can't understand '{part}'");
            let (field, negated, value) = split_operator(part).ok_or_else(wrong)?;
            let value = unescape(value)?;
            terms.push(FieldTerm { field: field.to_string(), value, negated });
        }
        Ok(FieldSelector { terms })
    }

    /// Whether an object matches whose fields `read` reads; a field it does not have reads as empty. The last comparison
    /// is made first: where kubectl asks for the Events of an object, that is the UID, and tells most.
    pub fn matches<'v>(&self, read: &dyn Fn(&str) -> &'v str) -> bool {
        self.terms.iter().rev().all(|term| (read(&term.field) == term.value) != term.negated)
    }

    /// Whether there is no comparison.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// `a=b,c!=d`
    pub fn print(&self) -> String {
        let mut out = String::new();
        for (i, term) in self.terms.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            out.push_str(&term.field);
            out.push_str(if term.negated { "!=" } else { "=" });
            for c in term.value.chars() {
                if matches!(c, '\\' | ',' | '=') {
                    out.push('\\');
                }
                out.push(c);
            }
        }
        out
    }
}

fn split_terms(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                parts.push(text.get(start..at).unwrap_or(""));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or(""));
    parts
}

fn split_operator(part: &str) -> Option<(&str, bool, &str)> {
    for (at, _) in part.char_indices() {
        let rest = part.get(at..)?;
        for (operator, negated) in [("!=", true), ("==", false), ("=", false)] {
            if let Some(value) = rest.strip_prefix(operator) {
                return Some((part.get(..at)?, negated, value));
            }
        }
    }
    None
}

fn unescape(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c @ ('\\' | ',' | '=')) => out.push(c),
                Some(c) => return Err(format!("invalid field selector: invalid escape sequence: \\{c}")),
                None => return Err("invalid field selector: invalid escape sequence: \\".to_string()),
            },
            ',' | '=' => return Err(format!("invalid field selector: unescaped character in value: {c}")),
            _ => out.push(c),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_matches() {
        let selector = FieldSelector::parse("status.phase=Running,metadata.name!=a,b==c\\,d").unwrap();
        assert_eq!(selector.print(), "status.phase=Running,metadata.name!=a,b=c\\,d");
        let read = |field: &str| match field {
            "status.phase" => "Running",
            "b" => "c,d",
            _ => "",
        };
        assert!(selector.matches(&read));
        assert_eq!(FieldSelector::parse("nope").unwrap_err(), "invalid selector: 'nope'; can't understand 'nope'");
        assert!(FieldSelector::parse("").unwrap().is_empty());
    }
}
