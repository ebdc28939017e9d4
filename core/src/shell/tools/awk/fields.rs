//! The current line and its fields.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::Awk;

impl Awk {
    pub(super) fn set_line(&mut self, line: &str) {
        self.line = Rc::from(line);
        let separator = self.var("FS").text();
        self.fields = self.split(line, &separator).into_iter().map(Rc::from).collect();
    }

    pub(super) fn split(&mut self, text: &str, separator: &str) -> Vec<String> {
        if separator == " " {
            return text.split_ascii_whitespace().map(String::from).collect();
        }
        if text.is_empty() {
            return Vec::new();
        }
        if separator.is_empty() {
            return text.chars().map(String::from).collect();
        }
        if separator.chars().count() == 1 && separator != "\\" {
            return text.split(separator).map(String::from).collect();
        }
        let Some(regex) = self.regex(separator) else { return alloc::vec![String::from(text)] };
        let mut out = Vec::new();
        let mut at = 0;
        while let Some((from, to)) = regex.find(text, at).filter(|(from, to)| to > from) {
            out.push(String::from(text.get(at..from).unwrap_or_default()));
            at = to;
        }
        out.push(String::from(text.get(at..).unwrap_or_default()));
        out
    }

    pub(super) fn join_fields(&mut self) {
        let separator = self.var("OFS").text();
        let mut line = String::new();
        for (at, field) in self.fields.iter().enumerate() {
            if at > 0 {
                line.push_str(&separator);
            }
            line.push_str(field);
        }
        self.line = Rc::from(line);
    }
}
