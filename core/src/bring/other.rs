//! What a text is that is no dump: a table, a description, an error, names, a log of ours, nothing.

use alloc::string::{String, ToString};

/// What is said of a text that ends too early.
pub const CUT: &str = "it ends in the middle";

/// What is said of YAML that holds no object where one is to be.
pub const NO_OBJECT: &str = "it is not an object";

/// Why there is nothing to build from a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Not {
    /// There is nothing in it.
    Empty,
    /// It is longer than what is read.
    TooLong,
    /// It is the table that kubectl prints for people.
    Table,
    /// It is what `kubectl describe` prints.
    Description,
    /// It is a list of names, as `-o name` prints it.
    Names,
    /// It is an error: its first line.
    Failure(String),
    /// It is a log of Kubepie's, as a link carries it.
    Log,
    /// It is neither YAML nor JSON: the line and what is wrong.
    Unreadable(usize, String),
    /// It has objects, and none that could be built.
    NothingOfUse,
    /// It has too many of something: what, how many, and the most there may be.
    TooMany(&'static str, usize, usize),
}

/// What a text is by its first lines, if that is clear.
pub fn what_else(text: &str) -> Option<Not> {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.is_empty() {
        return Some(Not::Empty);
    }
    let is_command = |line: &&str| !line.trim().is_empty() && !line.contains("kubectl ") && !line.starts_with("Warning: ");
    let mut lines = trimmed.lines().filter(is_command);
    let first = lines.next().unwrap_or_default().trim();
    if trimmed.starts_with('{') {
        let head = trimmed.get(..400).unwrap_or(trimmed);
        return (head.contains("\"epoch_ms\"") && head.contains("\"seed\"")).then_some(Not::Log);
    }
    let words = || first.split_whitespace();
    let heading = words().count() > 1 && words().all(|w| w.bytes().all(|b| b.is_ascii_uppercase() || b"-_()/".contains(&b)));
    if heading && words().any(|w| matches!(w, "NAME" | "NAMESPACE" | "STATUS" | "AGE")) {
        return Some(Not::Table);
    }
    if (first.starts_with("Name:  ") || first.starts_with("Name:\t"))
        && lines.clone().take(8).any(|l| l.starts_with("Labels:") || l.starts_with("Namespace:"))
    {
        return Some(Not::Description);
    }
    let failed = [
        "error: ",
        "Error from server",
        "The connection to the server",
        "Unable to connect",
        "No resources found",
        "bash: ",
        "zsh: ",
        "sh: ",
    ];
    if failed.iter().any(|start| first.starts_with(start)) && !trimmed.contains("apiVersion") {
        return Some(Not::Failure(first.chars().take(200).collect()));
    }
    let is_name =
        |line: &str| line.split_once('/').is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty() && !line.contains([' ', ':']));
    if is_name(first) && lines.all(|line| is_name(line.trim())) {
        return Some(Not::Names);
    }
    None
}

/// What is said when nothing in a text was an object: the first thing that could not be read.
pub fn unreadable(broken: Option<&(usize, String)>) -> Not {
    match broken {
        Some((line, why)) => Not::Unreadable(*line, why.to_string()),
        None => Not::NothingOfUse,
    }
}
