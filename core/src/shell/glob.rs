//! File names that match a pattern. Never: what a pattern is (`pattern`).

use alloc::string::String;
use alloc::vec::Vec;

use crate::arrange::Arrange;
use crate::text::fs::{FileSystem, resolve};

use super::pattern::{Pattern, has_pattern, unescape};

const MAX_NAMES: usize = 10_000;

/// Names that match, sorted, spelt like the pattern (relative stays relative); empty if none does.
/// `dot`: names that begin with a dot match too.
pub fn names(fs: &FileSystem, cwd: &str, pattern: &str, dot: bool) -> Vec<String> {
    let (mut found, rest) = match pattern.strip_prefix('/') {
        Some(rest) => (alloc::vec![String::from("/")], rest),
        None => (alloc::vec![String::new()], pattern),
    };
    let parts: Vec<&str> = rest.split('/').collect();
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.iter().enumerate() {
        let mut next = Vec::new();
        for base in &found {
            if part.is_empty() || !has_pattern(part) {
                let mut path = base.clone();
                path.push_str(&unescape(part));
                let there = fs.stat_link(&resolve(cwd, &path)).is_ok();
                if !there {
                    continue;
                }
                if at != last {
                    path.push('/');
                }
                next.push(path);
                continue;
            }
            let dir = if base.is_empty() { String::from(cwd) } else { resolve(cwd, base) };
            let Ok(entries) = fs.list(&dir) else { continue };
            let matcher = Pattern::new(part);
            for (name, _) in entries {
                if (name.starts_with('.') && !dot && !part.starts_with('.')) || !matcher.matches(&name) {
                    continue;
                }
                let mut path = base.clone();
                path.push_str(&name);
                if at != last {
                    if !fs.is_dir(&resolve(cwd, &path)) {
                        continue;
                    }
                    path.push('/');
                }
                next.push(path);
                if next.len() >= MAX_NAMES {
                    break;
                }
            }
        }
        found = next;
    }
    found.arrange_by(|a, b| compare(a, b));
    found
}

/// The order of names in the usual locale of a terminal: letters first by alphabet, case second.
pub fn compare(a: &str, b: &str) -> core::cmp::Ordering {
    a.cmp(b)
}
