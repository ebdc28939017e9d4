//! A file's text as the documents kubectl sees in it: split at `---` lines, each YAML or JSON.
//!
//! Models apimachinery pkg/util/yaml YAMLOrJSONDecoder, with its fall-back from JSON to YAML.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::{Error, MAX_DOCUMENTS, MAX_TEXT_BYTES, parse_by};
use crate::text::json;

/// Reads document after document, so that what stands before an error can be used before the error is told.
pub struct Documents<'a> {
    rest: &'a str,
    as_json: bool,
    json_values: usize,
    json_error: Option<Error>,
    consumed: usize,
    documents: usize,
    done: bool,
    newer: bool,
}

impl<'a> Documents<'a> {
    /// Reads `text`, the content of a file or of stdin.
    pub fn new(text: &'a str) -> Self {
        Documents {
            rest: text,
            as_json: text.trim_start().starts_with('{'),
            json_values: 0,
            json_error: None,
            consumed: 0,
            documents: 0,
            done: false,
            newer: false,
        }
    }

    /// The same, by the rules of go-yaml v3: `yes` and `n` are text. Models kustomize kyaml.
    pub fn newer(text: &'a str) -> Self {
        Documents { newer: true, ..Documents::new(text) }
    }

    fn next_json(&mut self) -> Option<Result<Value, Error>> {
        match json::parse_prefix(self.rest) {
            Ok(None) => None,
            Ok(Some((value, len))) => {
                self.json_values += 1;
                self.consumed += len;
                self.rest = self.rest.get(len..).unwrap_or("");
                Some(Ok(value))
            }
            Err(error) => {
                let text = error.text().into();
                if self.json_values > 1 {
                    return Some(Err(Error(text)));
                }
                self.json_error = Some(Error(told(self.rest, self.consumed, &error)));
                self.as_json = false;
                self.eat_line_end();
                self.next_yaml()
            }
        }
    }

    /// After one JSON value the blanks up to and with the line break are not part of the YAML that follows.
    fn eat_line_end(&mut self) {
        let trimmed = self.rest.trim_start_matches([' ', '\t', '\r']);
        if let Some(after) = trimmed.strip_prefix('\n') {
            self.rest = after;
        }
    }

    fn next_yaml(&mut self) -> Option<Result<Value, Error>> {
        let chunk = self.next_chunk()?;
        Some(parse_by(&chunk, self.newer).map_err(|error| {
            let yaml = Error(format!("error converting YAML to JSON: {error}"));
            self.json_error.take().unwrap_or(yaml)
        }))
    }

    /// The lines up to the next `---` line; the line itself belongs to a chunk only at its beginning.
    fn next_chunk(&mut self) -> Option<String> {
        if self.rest.is_empty() {
            return None;
        }
        let mut chunk = String::new();
        while !self.rest.is_empty() {
            let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
            let (line, rest) = self.rest.split_at_checked(end)?;
            self.rest = rest;
            let line = line.strip_suffix('\n').unwrap_or(line);
            let line = line.strip_suffix('\r').unwrap_or(line);
            let separator = line.strip_prefix("---").is_some_and(|after| after.trim_end().is_empty());
            if separator && !chunk.is_empty() {
                return Some(chunk);
            }
            chunk.push_str(line);
            chunk.push('\n');
        }
        Some(chunk)
    }
}

/// What is said of JSON that cannot be read, `before` bytes having been read. Models Go's `encoding/json` as kubectl has it,
/// which is newer than the server's.
fn told(text: &str, before: usize, error: &json::Error) -> String {
    let (mut at, why) = (error.offset(), error.text());
    if why == "unexpected EOF" {
        return why.to_string();
    }
    let read = text.get(..at).unwrap_or(text);
    let why = if why.ends_with(" escape code") || why.ends_with("character escape") {
        let from = read.rfind('\\').unwrap_or(0);
        at = text.len().min(from + if why.ends_with(" escape code") { 2 } else { 6 });
        format!("invalid escape sequence `{}` in string", text.get(from..at).unwrap_or_default())
    } else {
        why.strip_suffix(" literal").filter(|why| why.ends_with(" in string")).unwrap_or(why).to_string()
    };
    format!("json: offset {}: {why}", before + at)
}

impl Iterator for Documents<'_> {
    type Item = Result<Value, Error>;

    /// The next document that is not empty, or the error at which reading ends. Its text is what kubectl prints
    /// after `error parsing FILE: `.
    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            self.documents += 1;
            let too_much = if self.rest.len() > MAX_TEXT_BYTES {
                Some("file is larger than 1 MiB")
            } else if self.documents > MAX_DOCUMENTS && !self.rest.trim().is_empty() {
                Some("file has more than 10000 documents")
            } else {
                None
            };
            let item = match too_much {
                Some(text) => Some(Err(Error::new(text))),
                None if self.as_json => self.next_json(),
                None => self.next_yaml(),
            };
            match item {
                Some(Ok(Value::Null)) => {}
                Some(Ok(value)) => return Some(Ok(value)),
                Some(Err(error)) => {
                    self.done = true;
                    return Some(Err(error));
                }
                None => self.done = true,
            }
        }
        None
    }
}

/// All documents of `text` that are not empty, or the first error. See [`Documents`].
pub fn parse_documents(text: &str) -> Result<Vec<Value>, Error> {
    Documents::new(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let got: Vec<String> = Documents::new(text)
            .map(|d| match d {
                Ok(value) => value.to_string(),
                Err(error) => error.to_string(),
            })
            .collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn streams() {
        check("", &[]);
        check("# nothing\n---\n# here\n", &[]);
        check("---\na: 1\n---\nb: 2\n--- \n", &[r#"{"a":1}"#, r#"{"b":2}"#]);
        check("a: 1\n---\nb: [\n", &[r#"{"a":1}"#, "error converting YAML to JSON: yaml: line 1: did not find expected node content"]);
        check("{\"a\": 1}\n{\"b\": 2}\n", &[r#"{"a":1}"#, r#"{"b":2}"#]);
        check("{\"a\": 1}\n---\nb: 2\n", &[r#"{"a":1}"#, r#"{"b":2}"#]);
        check("{\"a\": \"v1\", }", &[r#"{"a":"v1"}"#]);
        check("{\"a\": 1", &["unexpected EOF"]);
        check("{\"a\":\"\\q\"}", &["json: offset 8: invalid escape sequence `\\q` in string"]);
        check("{\"a\" \"v1\"}", &["json: offset 6: invalid character '\"' after object key"]);
    }

    #[test]
    fn newer_rules_leave_words_alone() {
        let text = "a: yes\nn: y\nc: true\nd: 2020-01-02\n";
        let read = |documents: Documents<'_>| documents.map(|one| one.unwrap().to_string()).collect::<String>();
        assert_eq!(read(Documents::newer(text)), r#"{"a":"yes","c":true,"d":"2020-01-02T00:00:00Z","n":"y"}"#);
        assert_eq!(read(Documents::new(text)), r#"{"a":true,"c":true,"d":"2020-01-02","false":true}"#);
    }
}
