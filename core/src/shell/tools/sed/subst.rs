//! `s`: what it finds and what it puts in its place.

use alloc::string::String;

use super::script::{Piece, Subst};
use crate::text::regex::Captures;

pub(super) fn substitute(subst: &Subst, text: &str) -> Option<String> {
    let mut out = String::new();
    let mut at = 0;
    let mut count = 0;
    let mut changed = false;
    while at <= text.len() {
        let Some(found) = subst.regex.captures(text, at) else { break };
        let Some((start, end)) = found.first().copied().flatten() else { break };
        out.push_str(text.get(at..start).unwrap_or_default());
        count += 1;
        let wanted = count == subst.nth || (subst.global && count > subst.nth);
        if wanted {
            replacement(&subst.with, text, &found, &mut out);
            changed = true;
        } else {
            out.push_str(text.get(start..end).unwrap_or_default());
        }
        at = end;
        if end == start {
            let Some(c) = text.get(end..).and_then(|rest| rest.chars().next()) else {
                at = text.len() + 1;
                break;
            };
            out.push(c);
            at = end + c.len_utf8();
        }
        if wanted && !subst.global {
            break;
        }
        // An empty match right after a match does not count.
        if end > start && subst.regex.find(text, at).is_some_and(|(from, to)| from == at && to == at) {
            match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(c) => {
                    out.push(c);
                    at += c.len_utf8();
                }
                None => {
                    at = text.len() + 1;
                }
            }
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    changed.then_some(out)
}

/// Writes what a match becomes: `&`, `\1`, and the cases of `\U`, `\L`, `\u`, `\l`, `\E`.
fn replacement(with: &[Piece], text: &str, found: &Captures, out: &mut String) {
    let mut case = None;
    let mut once = None;
    for piece in with {
        let part = match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Group(number) => found.get(*number).copied().flatten().and_then(|(from, to)| text.get(from..to)).unwrap_or_default(),
            Piece::Case(c @ ('U' | 'L')) => {
                case = Some(*c);
                continue;
            }
            Piece::Case('E') => {
                case = None;
                continue;
            }
            Piece::Case(c) => {
                once = Some(*c);
                continue;
            }
        };
        for c in part.chars() {
            match once.take().or(case) {
                Some('U' | 'u') => out.extend(c.to_uppercase()),
                Some(_) => out.extend(c.to_lowercase()),
                None => out.push(c),
            }
        }
    }
}
