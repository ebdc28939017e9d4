//! Completion: which words could stand at the cursor. Never: what kubectl would complete (the host is asked).

use alloc::string::String;
use alloc::vec::Vec;

use super::builtins;
use super::process::Host;
use super::task::State;
use super::tools;
use crate::arrange::Arrange;
use crate::text::fs::FileSystem;

/// Words of the grammar.
pub const KEYWORDS: &[&str] = &[
    "!", "[[", "]]", "case", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in", "then", "time", "until", "while",
    "{", "}",
];

const MAX_CHOICES: usize = 1_000;

/// What Tab offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where in the line (bytes) the word begins that a choice replaces.
    pub start: usize,
    /// The choices, quoted as they must be typed, sorted. A directory ends with `/` and is not yet complete.
    pub choices: Vec<String>,
    /// What each choice is, in a few words, or an empty text; as many as there are choices.
    pub about: Vec<String>,
}

/// Completes the word that ends at byte `cursor` of a line.
pub fn complete(line: &str, cursor: usize, state: &State, fs: &FileSystem, host: &mut dyn Host) -> Completion {
    let mut completion = choices(line, cursor, state, fs, host);
    completion.about.clear();
    for choice in &mut completion.choices {
        let about = match choice.find('\t') {
            Some(at) => choice.split_off(at).split_off(1),
            None => String::new(),
        };
        completion.about.push(about);
    }
    completion
}

/// The choices, each perhaps with a tab and what it is.
fn choices(line: &str, cursor: usize, state: &State, fs: &FileSystem, host: &mut dyn Host) -> Completion {
    let Some(before) = line.get(..cursor) else { return Completion::default() };
    let split = split(before);
    let word = split.words.last().map(String::as_str).unwrap_or_default();
    let mut completion = Completion { start: split.start, ..Completion::default() };
    if let Some(name) = word.strip_prefix('$').filter(|name| name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())) {
        completion.choices = state.vars.names(name).into_iter().map(|name| alloc::format!("${name}")).collect();
        return completion;
    }
    if split.redirect {
        completion.choices = files(word, state, fs);
        return completion;
    }
    if split.words.len() <= 1 {
        completion.choices = if word.contains('/') { files(word, state, fs) } else { commands(word, state, host) };
        return completion;
    }
    let mut words = split.words.clone();
    if let Some(value) = words.first().and_then(|name| state.aliases.get(name.as_str())) {
        let mut expanded: Vec<String> = value.split_whitespace().map(String::from).collect();
        expanded.extend(words.drain(1..));
        words = expanded;
    }
    let mut program = words.first().cloned().unwrap_or_default();
    // `complete -F __start_kubectl k`: as the program whose function it is.
    if let Some(said) = state.completes.get(program.as_str())
        && let Some((_, function)) = said.split_once("-F __start_")
        && let Some((asked, first)) = function.split(' ').next().zip(words.first_mut())
    {
        program = String::from(asked);
        first.clone_from(&program);
    }
    if tools::find(&program).is_none() && host.has_program(&program) {
        let choices = host.complete(&words, &state.cwd);
        if !choices.is_empty() {
            completion.choices = choices;
            return completion;
        }
    }
    completion.choices = match program.as_str() {
        "export" | "unset" | "read" => state.vars.names(word),
        "cd" | "rmdir" | "mkdir" => files(word, state, fs).into_iter().filter(|name| name.ends_with('/')).collect(),
        "help" | "man" | "type" | "which" | "command" | "watch" | "xargs" | "timeout" | "time" => commands(word, state, host),
        _ => files(word, state, fs),
    };
    completion
}

struct Split {
    words: Vec<String>,
    /// Where the last word begins, in bytes.
    start: usize,
    /// The last word is the file of a redirection.
    redirect: bool,
}

/// The words of the command at the end of a text, quotes taken away; the last may be empty.
fn split(text: &str) -> Split {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut start = text.len();
    let mut in_word = false;
    let mut quote = None;
    let mut redirect = false;
    let mut after_redirect = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !in_word && !c.is_whitespace() && !matches!(c, '|' | '&' | ';' | '(' | ')' | '<' | '>') {
            in_word = true;
            start = at;
        }
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.push(c),
            (None, '\'' | '"') => quote = Some(c),
            (None, '\\') => word.extend(chars.next().map(|(_, c)| c)),
            (None, c) if c.is_whitespace() => {
                if in_word {
                    if core::mem::take(&mut redirect) {
                        word.clear();
                    } else {
                        words.push(core::mem::take(&mut word));
                    }
                }
                in_word = false;
                start = text.len();
                redirect |= core::mem::take(&mut after_redirect);
            }
            (None, '|' | '&' | ';' | '(' | ')') => {
                words.clear();
                word.clear();
                in_word = false;
                start = text.len();
                redirect = false;
            }
            (None, '<' | '>') => {
                if in_word {
                    words.push(core::mem::take(&mut word));
                }
                in_word = false;
                start = text.len();
                redirect = true;
            }
            (None, c) => word.push(c),
        }
    }
    // `A=1 kubectl …`, `sudo`, `time`: what follows is the command.
    let skip = |word: &str| {
        matches!(word, "time" | "!" | "do" | "then" | "else" | "if" | "while" | "until" | "{")
            || word.split_once('=').is_some_and(|(name, _)| super::parse::is_identifier(name))
    };
    while words.first().is_some_and(|word| skip(word)) {
        words.remove(0);
    }
    words.push(word);
    Split { words, start: if in_word { start } else { text.len() }, redirect }
}

fn commands(prefix: &str, state: &State, host: &dyn Host) -> Vec<String> {
    let mut names: Vec<(String, &str)> = Vec::new();
    let tools = tools::TABLE.iter().filter(|tool| host.has_tool(tool.name)).map(|tool| (tool.name, tool.summary));
    let builtins = builtins::TABLE.iter().map(|(name, about, _)| (*name, *about));
    let programs = host.programs().into_iter();
    let keywords = KEYWORDS.iter().map(|name| (*name, ""));
    names.extend(tools.chain(builtins).chain(programs).chain(keywords).map(|(name, about)| (String::from(name), about)));
    names.extend(state.aliases.iter().map(|(name, value)| (String::from(&**name), &**value)));
    names.extend(state.functions.keys().map(|name| (String::from(&**name), "")));
    names.retain(|(name, _)| name.starts_with(prefix) && name.chars().next().is_some_and(|c| c.is_ascii_alphabetic()));
    names.arrange();
    names.dedup_by(|later, first| later.0 == first.0);
    names.into_iter().map(|(name, about)| if about.is_empty() { name } else { [name.as_str(), "\t", about].concat() }).collect()
}

/// Files that begin like this, spelt as they must be typed.
pub fn files(prefix: &str, state: &State, fs: &FileSystem) -> Vec<String> {
    let (dir, base) = prefix.rsplit_once('/').map_or(("", prefix), |(dir, base)| (if dir.is_empty() { "/" } else { dir }, base));
    let home = state.vars.get("HOME");
    let real = match (dir.strip_prefix('~'), home.as_deref()) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => alloc::format!("{home}{rest}"),
        _ => String::from(dir),
    };
    let path = crate::text::fs::resolve(&state.cwd, &real);
    let Ok(entries) = fs.list(&path) else { return Vec::new() };
    let mut out = Vec::new();
    for (name, _) in entries.iter().filter(|(name, _)| name.starts_with(base) && (base.starts_with('.') || !name.starts_with('.'))) {
        let mut text = match dir {
            "" => String::new(),
            "/" => String::from("/"),
            dir => alloc::format!("{dir}/"),
        };
        text.push_str(&escape(name));
        if fs.is_dir(&alloc::format!("{}/{name}", path.trim_end_matches('/'))) {
            text.push('/');
        }
        out.push(text);
        if out.len() >= MAX_CHOICES {
            break;
        }
    }
    out
}

fn escape(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_whitespace() || "\"'\\$&|;<>()*?[]#~`!{}".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
