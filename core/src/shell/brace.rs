//! Brace expansion: `{a,b}`, `{1..5}`, `{01..10..2}`, `{a..e}`. Works on words before anything else is expanded.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::ast::{Part, Word};

/// The most words one brace expression may become.
pub const MAX_WORDS: usize = 20_000;

#[derive(Clone)]
enum Item {
    Char(char),
    Part(Part),
}

/// The words a word stands for: itself, if there are no braces that mean something. `None` if there are more than
/// [`MAX_WORDS`].
pub fn expand(word: &Word) -> Option<Vec<Word>> {
    if !word.0.iter().any(|part| matches!(part, Part::Text(text) if text.contains('{'))) {
        return Some(alloc::vec![word.clone()]);
    }
    let mut items = Vec::new();
    for part in word.0.iter() {
        match part {
            Part::Text(text) => items.extend(text.chars().map(Item::Char)),
            other => items.push(Item::Part(other.clone())),
        }
    }
    let mut room = MAX_WORDS;
    let words = alternatives(&items, &mut room, 0);
    (room > 0).then(|| words.into_iter().map(to_word).collect())
}

fn to_word(items: Vec<Item>) -> Word {
    let mut parts = Vec::new();
    let mut text = String::new();
    for item in items {
        match item {
            Item::Char(c) => text.push(c),
            Item::Part(part) => {
                if !text.is_empty() {
                    parts.push(Part::Text(Rc::from(text.as_str())));
                    text.clear();
                }
                parts.push(part);
            }
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(Rc::from(text)));
    }
    Word(Rc::from(parts))
}

fn is(item: Option<&Item>, wanted: char) -> bool {
    matches!(item, Some(Item::Char(c)) if *c == wanted)
}

fn alternatives(items: &[Item], room: &mut usize, depth: usize) -> Vec<Vec<Item>> {
    if depth > 20 {
        return alloc::vec![items.to_vec()];
    }
    let mut from = 0;
    while let Some(open) = items.iter().skip(from).position(|item| is(Some(item), '{')).map(|at| at + from) {
        let Some((close, commas)) = closing(items, open) else {
            from = open + 1;
            continue;
        };
        let inner = items.get(open + 1..close).unwrap_or_default();
        let middles: Vec<Vec<Item>> = if commas.is_empty() {
            match sequence(inner, room) {
                Some(list) => list,
                None => {
                    from = open + 1;
                    continue;
                }
            }
        } else {
            let mut list = Vec::new();
            let mut start = open + 1;
            for end in commas.iter().copied().chain([close]) {
                list.extend(alternatives(items.get(start..end).unwrap_or_default(), room, depth + 1));
                start = end + 1;
            }
            list
        };
        let before = items.get(..open).unwrap_or_default();
        let afters = alternatives(items.get(close + 1..).unwrap_or_default(), room, depth + 1);
        if middles.len().saturating_mul(afters.len()) > *room {
            *room = 0;
            return Vec::new();
        }
        *room = room.saturating_sub(middles.len().saturating_mul(afters.len()));
        let mut out = Vec::new();
        for middle in &middles {
            for after in &afters {
                let mut one = before.to_vec();
                one.extend(middle.iter().cloned());
                one.extend(after.iter().cloned());
                out.push(one);
            }
        }
        return out;
    }
    alloc::vec![items.to_vec()]
}

/// The brace that closes the one at `open`, and the commas between them at the same level.
fn closing(items: &[Item], open: usize) -> Option<(usize, Vec<usize>)> {
    let mut depth = 0;
    let mut commas = Vec::new();
    for (at, item) in items.iter().enumerate().skip(open) {
        match item {
            Item::Char('{') => depth += 1,
            Item::Char('}') => {
                depth -= 1;
                if depth == 0 {
                    return Some((at, commas));
                }
            }
            Item::Char(',') if depth == 1 => commas.push(at),
            _ => {}
        }
    }
    None
}

fn sequence(inner: &[Item], room: &mut usize) -> Option<Vec<Vec<Item>>> {
    let text: Option<String> = inner.iter().map(|item| if let Item::Char(c) = item { Some(*c) } else { None }).collect();
    let text = text?;
    let mut ends = text.split("..");
    let (first, last, step) = (ends.next()?, ends.next()?, ends.next());
    if ends.next().is_some() {
        return None;
    }
    let step = match step {
        Some(step) => step.parse::<i64>().ok()?.unsigned_abs().max(1),
        None => 1,
    };
    let (from, to, width, letters) = match (first.parse::<i64>(), last.parse::<i64>()) {
        (Ok(from), Ok(to)) => {
            let padded = |text: &str| text.trim_start_matches('-').starts_with('0') && text.trim_start_matches('-').len() > 1;
            let width = if padded(first) || padded(last) { first.len().max(last.len()) } else { 0 };
            (from, to, width, false)
        }
        _ => {
            let letter = |text: &str| {
                let mut chars = text.chars();
                chars.next().filter(|c| chars.next().is_none() && c.is_ascii_alphabetic())
            };
            (i64::from(u32::from(letter(first)?)), i64::from(u32::from(letter(last)?)), 0, true)
        }
    };
    let count = from.abs_diff(to) / step + 1;
    if count > *room as u64 {
        *room = 0;
        return Some(Vec::new());
    }
    let mut out = Vec::new();
    for at in 0..count {
        let by = i64::try_from(at.saturating_mul(step)).ok()?;
        let value = if from <= to { from.saturating_add(by) } else { from.saturating_sub(by) };
        let text = if letters { String::from(char::from_u32(u32::try_from(value).ok()?)?) } else { alloc::format!("{value:0width$}") };
        out.push(text.chars().map(Item::Char).collect());
    }
    Some(out)
}
