//! Shell patterns: `*`, `?`, `[…]`, where a backslash takes the meaning of the next character.
//! Used for file names, `case`, `[[ == ]]` and `${x%…}`. Never: regular expressions (`regex`).

use alloc::string::String;
use alloc::vec::Vec;

use crate::text::regex::class_ranges;

#[derive(Clone, Debug)]
enum Step {
    Char(char),
    One,
    Star,
    Set(bool, Vec<(char, char)>),
}

/// A pattern, ready for matching.
#[derive(Clone, Debug)]
pub struct Pattern(Vec<Step>);

/// Whether unescaped pattern characters are in the text.
pub fn has_pattern(text: &str) -> bool {
    let mut escaped = false;
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '*' | '?' | '[' => return true,
            _ => {}
        }
    }
    false
}

/// Adds text so that it stands for itself in a pattern.
pub fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '?' | '[' | ']' | '!' | '^' | '-') {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Takes the backslashes out again.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            out.extend(chars.next());
        } else {
            out.push(c);
        }
    }
    out
}

impl Pattern {
    /// Reads a pattern; there are no wrong ones (`[` without `]` is itself).
    pub fn new(text: &str) -> Pattern {
        let chars: Vec<char> = text.chars().collect();
        let mut steps = Vec::new();
        let mut at = 0;
        while let Some(c) = chars.get(at).copied() {
            at += 1;
            match c {
                '\\' => {
                    steps.push(Step::Char(chars.get(at).copied().unwrap_or('\\')));
                    at += 1;
                }
                '?' => steps.push(Step::One),
                '*' => {
                    if !matches!(steps.last(), Some(Step::Star)) {
                        steps.push(Step::Star);
                    }
                }
                '[' => match read_set(&chars, at) {
                    Some((step, next)) => {
                        steps.push(step);
                        at = next;
                    }
                    None => steps.push(Step::Char('[')),
                },
                c => steps.push(Step::Char(c)),
            }
        }
        Pattern(steps)
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        let (mut at, mut step) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        loop {
            match (self.0.get(step), chars.get(at)) {
                (Some(Step::Star), _) => {
                    retry = Some((step + 1, at));
                    step += 1;
                }
                (Some(one), Some(c)) if one.accepts(*c) => {
                    step += 1;
                    at += 1;
                }
                (None, None) => return true,
                _ => match retry {
                    Some((after, from)) if from < chars.len() => {
                        retry = Some((after, from + 1));
                        step = after;
                        at = from + 1;
                    }
                    _ => return false,
                },
            }
        }
    }

    /// The lengths (in characters) of prefixes of `text` that match, from short to long; stops after `budget` steps.
    pub fn prefixes(&self, text: &[char], budget: &mut usize) -> Vec<usize> {
        let size = self.0.len();
        let mut alive = alloc::vec![false; size + 1];
        let mut ends = Vec::new();
        if let Some(first) = alive.first_mut() {
            *first = true;
        }
        self.skip_stars(&mut alive);
        for count in 0..=text.len() {
            if alive.last() == Some(&true) {
                ends.push(count);
            }
            let Some(c) = text.get(count) else { break };
            let mut next = alloc::vec![false; size + 1];
            let mut any = false;
            for (at, step) in self.0.iter().enumerate() {
                if alive.get(at) != Some(&true) {
                    continue;
                }
                let to = match step {
                    Step::Star => at,
                    step if step.accepts(*c) => at + 1,
                    _ => continue,
                };
                if let Some(slot) = next.get_mut(to) {
                    *slot = true;
                    any = true;
                }
            }
            *budget = budget.saturating_sub(size + 1);
            if !any || *budget == 0 {
                break;
            }
            alive = next;
            self.skip_stars(&mut alive);
        }
        ends
    }

    fn skip_stars(&self, alive: &mut [bool]) {
        for (at, step) in self.0.iter().enumerate() {
            if matches!(step, Step::Star)
                && alive.get(at) == Some(&true)
                && let Some(slot) = alive.get_mut(at + 1)
            {
                *slot = true;
            }
        }
    }

    /// The pattern that matches the reversed text.
    pub fn reversed(&self) -> Pattern {
        Pattern(self.0.iter().rev().cloned().collect())
    }
}

impl Step {
    fn accepts(&self, c: char) -> bool {
        match self {
            Step::Char(one) => *one == c,
            Step::One => true,
            Step::Star => false,
            Step::Set(negated, ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated,
        }
    }
}

fn read_set(chars: &[char], mut at: usize) -> Option<(Step, usize)> {
    let negated = matches!(chars.get(at), Some('!' | '^'));
    if negated {
        at += 1;
    }
    let mut ranges = Vec::new();
    let mut first = true;
    loop {
        let c = *chars.get(at)?;
        at += 1;
        if c == ']' && !first {
            return Some((Step::Set(negated, ranges), at));
        }
        first = false;
        if c == '[' && chars.get(at) == Some(&':') {
            let name: String = chars.iter().skip(at + 1).take_while(|c| **c != ':').collect();
            if let Some(class) = class_ranges(&name) {
                ranges.extend_from_slice(class);
                at += name.chars().count() + 3;
                continue;
            }
        }
        let from = if c == '\\' {
            at += 1;
            *chars.get(at - 1)?
        } else {
            c
        };
        let mut to = from;
        if chars.get(at) == Some(&'-') && chars.get(at + 1).is_some_and(|c| *c != ']') {
            to = *chars.get(at + 1)?;
            at += 2;
            if to == '\\' {
                to = *chars.get(at)?;
                at += 1;
            }
        }
        ranges.push((from, to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_texts() {
        for (pattern, text, expected) in [
            ("*.yaml", "a.yaml", true),
            ("*.yaml", "a.yml", false),
            ("a?c", "abc", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("a*b*c", "aXbYbZc", true),
            ("[[:digit:]]*", "7up", true),
            ("[", "[", true),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), expected, "{pattern} {text}");
        }
    }
}
