//! History: `!!`, `!$`, `!5`, `!kub`. Never: where the lines are kept (`shell`).

use alloc::rc::Rc;
use alloc::string::String;

/// What became of a line.
pub enum Expanded {
    /// Nothing in it refers to history.
    Same,
    /// The line to run instead.
    Changed(String),
    /// It refers to a line that is not there.
    NotFound(String),
}

/// Replaces references to earlier lines.
pub fn expand(line: &str, history: &[Rc<str>]) -> Expanded {
    if !line.contains('!') {
        return Expanded::Same;
    }
    let mut out = String::new();
    let mut changed = false;
    let mut rest = line;
    let mut single = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '\'' => single = !single,
            '\\' if !single => {
                out.push('\\');
                let next = after.chars().next();
                out.extend(next);
                rest = after.get(next.map_or(0, char::len_utf8)..).unwrap_or_default();
                continue;
            }
            '!' if !single => {
                let next = after.chars().next().unwrap_or(' ');
                // `!=`, `! cmd`, `$!` and `[!a]` are not history.
                if next.is_whitespace() || matches!(next, '=' | '(' | '"' | ']' | ';' | '&' | '|' | ')') || out.ends_with(['$', '[', '{']) {
                    out.push(c);
                    rest = after;
                    continue;
                }
                let length = match next {
                    '!' | '$' | '*' | '^' => 1,
                    _ => after.find(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '"' | '\'')).unwrap_or(after.len()),
                };
                let (word, tail) = after.split_at_checked(length).unwrap_or((after, ""));
                match look_up(word, history) {
                    Some(text) => {
                        out.push_str(&text);
                        changed = true;
                    }
                    None => return Expanded::NotFound(alloc::format!("!{word}")),
                }
                rest = tail;
                continue;
            }
            _ => {}
        }
        out.push(c);
        rest = after;
    }
    if changed { Expanded::Changed(out) } else { Expanded::Same }
}

fn look_up(word: &str, history: &[Rc<str>]) -> Option<String> {
    let last = history.last();
    match word {
        "!" => last.map(|line| String::from(&**line)),
        "$" => last.map(|line| String::from(line.split_whitespace().next_back().unwrap_or_default())),
        "^" => last.map(|line| String::from(line.split_whitespace().nth(1).unwrap_or_default())),
        "*" => last.map(|line| String::from(line.split_once(char::is_whitespace).map_or("", |(_, rest)| rest))),
        _ => {
            let found = if let Some(back) = word.strip_prefix('-').and_then(|back| back.parse::<usize>().ok()) {
                history.len().checked_sub(back).and_then(|at| history.get(at))
            } else if let Ok(number) = word.parse::<usize>() {
                number.checked_sub(1).and_then(|at| history.get(at))
            } else {
                history.iter().rev().find(|line| line.starts_with(word))
            };
            found.map(|line| String::from(&**line))
        }
    }
}

/// The word after the first `<<` of a text.
pub fn here_delimiter(text: &str) -> String {
    let after = text.split_once("<<").map_or("", |(_, after)| after).trim_start_matches('-').trim_start();
    let word: String = after.chars().take_while(|c| !c.is_whitespace() && !matches!(c, ';' | '|' | '&' | '>' | ')')).collect();
    word.replace(['\'', '"', '\\'], "")
}
