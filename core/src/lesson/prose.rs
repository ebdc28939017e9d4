//! The Markdown of lessons: paragraphs, lists, blocks of code; in them bold, code and links to lessons.
//! What it does not know is plain text. It never gives HTML: the page draws the tree that is made here.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The most blocks of a text.
const MAX_BLOCKS: usize = 60;

/// A paragraph or the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list, by its items.
    List(Vec<Vec<Span>>),
    /// Lines of code.
    Code(String),
}

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// As it is.
    Plain(String),
    /// Bold.
    Bold(String),
    /// Code.
    Code(String),
    /// A link to a lesson, and to a step of it.
    Link {
        /// The words.
        text: String,
        /// The lesson's id.
        lesson: String,
        /// The step, from one; the lesson as a whole when not given.
        step: Option<u32>,
    },
}

/// Takes a text apart.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut out = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if out.len() >= MAX_BLOCKS {
            break;
        }
        if line.trim_start().starts_with("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.trim_start().starts_with("```")).collect();
            out.push(Block::Code(code.join("\n")));
        } else if let Some(item) = line.strip_prefix("- ") {
            match out.last_mut() {
                Some(Block::List(items)) => items.push(spans(item)),
                _ => out.push(Block::List(alloc::vec![spans(item)])),
            }
        } else if !line.trim().is_empty() {
            out.push(Block::Paragraph(spans(line.trim())));
        }
    }
    out
}

/// Takes a line apart.
pub fn spans(line: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let found = match c {
            '`' => between(rest, "`", "`").map(|(code, after)| (Span::Code(code.to_string()), after)),
            '*' => between(rest, "**", "**").map(|(bold, after)| (Span::Bold(bold.to_string()), after)),
            '[' => link(rest),
            _ => None,
        };
        match found {
            Some((span, after)) => {
                if !plain.is_empty() {
                    out.push(Span::Plain(core::mem::take(&mut plain)));
                }
                out.push(span);
                rest = after;
            }
            None => {
                plain.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    if !plain.is_empty() {
        out.push(Span::Plain(plain));
    }
    out
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(open)?.split_once(close).filter(|(inside, _)| !inside.is_empty())
}

/// `[words](lesson:id)` or `[words](lesson:id/2)`.
fn link(text: &str) -> Option<(Span, &str)> {
    let (words, after) = between(text, "[", "](")?;
    let (target, after) = after.split_once(')')?;
    let target = target.strip_prefix("lesson:")?;
    let (lesson, step) = target.split_once('/').map_or((target, None), |(lesson, step)| (lesson, step.parse().ok()));
    let good = !lesson.is_empty() && lesson.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    good.then(|| (Span::Link { text: words.to_string(), lesson: lesson.to_string(), step }, after))
}

#[cfg(test)]
mod tests {
    use super::{Block, Span, blocks, spans};
    use alloc::string::ToString;

    #[test]
    fn marks_become_spans_and_nothing_else_does() {
        let plain = |text: &str| Span::Plain(text.to_string());
        assert_eq!(
            spans("a **b** `kubectl get` [c](lesson:scale/2)."),
            [
                plain("a "),
                Span::Bold("b".to_string()),
                plain(" "),
                Span::Code("kubectl get".to_string()),
                plain(" "),
                Span::Link { text: "c".to_string(), lesson: "scale".to_string(), step: Some(2) },
                plain("."),
            ]
        );
        for text in ["2 * 3 ** 4", "[a](javascript:alert(1))", "<b onclick=x>", "`open", "**", "[](lesson:a)"] {
            assert_eq!(spans(text), [plain(text)]);
        }
    }

    #[test]
    fn lists_and_code_are_blocks() {
        let found = blocks("one\n\n- a\n- b\n\n```\nx: 1\n  y\n```\ntwo");
        assert_eq!(found.len(), 4);
        assert!(matches!(&found[1], Block::List(items) if items.len() == 2));
        assert_eq!(found[2], Block::Code("x: 1\n  y".to_string()));
    }
}
