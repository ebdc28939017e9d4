//! In which forms a scalar can be written so that it reads back the same. Models the analysis of go-yaml's emitter.

use super::scanner::is_break;

/// The forms a scalar can take here, found by looking at all its characters.
pub(super) struct Analysis {
    /// Bare.
    pub plain: bool,
    /// Between `'`.
    pub single_quoted: bool,
    /// As a literal block.
    pub block: bool,
}

/// Whether `c` is written as it is inside double quotes.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

/// Looks at all characters of a scalar.
pub(super) fn analyze(text: &str) -> Analysis {
    if text.is_empty() {
        return Analysis { plain: true, single_quoted: true, block: false };
    }
    let mut indicators = text.starts_with("---") || text.starts_with("...");
    let mut special = false;
    let mut line_breaks = false;
    let (mut break_space, mut space_break) = (false, false);
    let (mut previous_space, mut previous_break) = (false, false);
    let mut after_blank = true;
    let mut chars = text.chars().peekable();
    let mut first = true;
    while let Some(c) = chars.next() {
        let before_blank = chars.peek().is_none_or(|n| matches!(n, ' ' | '\t') || is_break(*n));
        indicators |= match c {
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => first,
            '?' | '-' => first && before_blank,
            ':' => before_blank,
            '#' => after_blank,
            _ => false,
        };
        special |= !is_printable(c) && !is_break(c) || c == '\r' || c == '\u{85}';
        line_breaks |= is_break(c);
        if c == ' ' {
            break_space |= previous_break;
        } else if is_break(c) {
            space_break |= previous_space;
        }
        previous_space = c == ' ';
        previous_break = is_break(c);
        after_blank = matches!(c, ' ' | '\t') || is_break(c);
        first = false;
    }
    let edge = |c: Option<char>| c.is_some_and(|c| c == ' ' || is_break(c));
    let edges = edge(text.chars().next()) || edge(text.chars().next_back());
    let unfit = space_break || special;
    Analysis {
        plain: !edges && !break_space && !unfit && !line_breaks && !indicators,
        single_quoted: !break_space && !unfit,
        block: !text.ends_with(' ') && !unfit,
    }
}
