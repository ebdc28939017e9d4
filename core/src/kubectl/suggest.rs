//! What a mistyped command may have meant. Models spf13/cobra SuggestionsFor.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::command::Command;
use crate::text::quote::quote;

/// Words further than this from a command are no suggestion.
const FARTHEST: usize = 2;

/// The longest word that is compared; nothing that long is a command.
const LONGEST: usize = 64;

/// `unknown command "gt" for "kubectl"` and the commands that are near, in the order in which kubectl adds them.
pub fn unknown(root: &Command, word: &str) -> String {
    let mut text = format!("unknown command {} for \"kubectl\"", quote(word));
    let typed = word.to_lowercase();
    let mut near = String::new();
    for child in root.children.iter().filter(|child| !child.hidden && child.name != "help") {
        if child.name.starts_with(&typed) || distance(&typed, child.name) <= FARTHEST || child.suggest_for.contains(&typed.as_str()) {
            near.push_str(&["\t", child.name, "\n"].concat());
        }
    }
    if !near.is_empty() {
        text.push_str("\n\nDid you mean this?\n");
        text.push_str(&near);
    }
    text
}

/// How many letters must be put in, taken out or changed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(LONGEST).collect(), b.chars().take(LONGEST).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = core::mem::replace(row.first_mut().unwrap_or(&mut 0), i + 1);
        let mut left = i + 1;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            left = (corner + usize::from(x != y)).min(*cell + 1).min(left + 1);
            corner = core::mem::replace(cell, left);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words() {
        let text = unknown(&crate::kubectl::verbs::ROOT, "gt");
        assert_eq!(text, "unknown command \"gt\" for \"kubectl\"\n\nDid you mean this?\n\tset\n\tget\n\tcp\n");
        assert_eq!(unknown(&crate::kubectl::verbs::ROOT, "frobnicate"), "unknown command \"frobnicate\" for \"kubectl\"");
        assert!(unknown(&crate::kubectl::verbs::ROOT, "list").contains("\tget\n"));
        assert_eq!((distance("kitten", "sitting"), distance("", "abc"), distance("abc", "")), (3, 3, 3));
    }
}
