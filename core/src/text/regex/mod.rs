//! Regular expressions: POSIX basic and extended for grep, sed, awk and `[[ =~ ]]`, with GNU's `\w \b \< \+ \| \?`, and
//! Go's own for the schemas of custom kinds.
//! Runs in time proportional to text × pattern (all alternatives advance together), so no pattern can freeze the
//! page. Patterns with back-references
//! are tried way by way instead (`back`), for so many steps at most. Leftmost, then longest, as POSIX wants.

mod back;
mod compile;
mod parse;
mod walk;

use alloc::vec::Vec;

use compile::{Step, emit};
use parse::Parser;

pub use parse::class_ranges;

/// Which dialect a pattern is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `grep`, `sed`: `\(`, `\{`, `\+`, `\|`
    Basic,
    /// `grep -E`, `sed -E`, `awk`: `(`, `{`, `+`, `|`
    Extended,
    /// Go's `regexp`: as extended, with `(?:`, `\d`, escapes within brackets.
    Go,
    /// `grep -P`: as Go's, with what looks ahead and behind, `\K` and the shortest match by `?`.
    Perl,
    /// `grep -F`: no character is special.
    Fixed,
}
/// How many groups are remembered: `\0` to `\9`.
const GROUPS: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Assert {
    Start,
    End,
    Word,
    NotWord,
    WordStart,
    WordEnd,
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Regex {
    steps: Vec<Step>,
    fold: bool,
    groups: usize,
    /// The pattern begins with this text and nothing else can: a quick way to find candidates.
    first: Option<char>,
    /// There are back-references.
    back: bool,
}

/// Where groups were found: byte ranges, the whole match first.
pub type Captures = [Option<(usize, usize)>; GROUPS];

impl Regex {
    /// Compiles a pattern; the error is GNU's text.
    pub fn new(pattern: &str, syntax: Syntax, fold: bool) -> Result<Regex, &'static str> {
        let chars: Vec<char> = pattern.chars().collect();
        let mut parser = Parser::new(chars, syntax);
        let node = parser.whole()?;
        let mut steps = Vec::new();
        emit(&node, &mut steps)?;
        steps.push(Step::Match);
        let first = match steps.first() {
            Some(Step::Char(c)) if !fold && !parser.folds() => Some(*c),
            _ => None,
        };
        let back = syntax == Syntax::Perl || steps.iter().any(|step| matches!(step, Step::Back(_)));
        Ok(Regex { steps, fold: fold || parser.folds(), groups: parser.groups(), first, back })
    }

    /// How many groups the pattern has.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Whether the text has a match.
    pub fn is_match(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// The leftmost longest match at or after a byte position.
    pub fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        self.captures(text, from).and_then(|found| found.first().copied().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, syntax: Syntax, text: &str) -> Option<&'static str> {
        let text: &'static str = alloc::string::String::from(text).leak();
        Regex::new(pattern, syntax, false).unwrap().find(text, 0).and_then(|(from, to)| text.get(from..to))
    }

    #[test]
    fn leftmost_longest() {
        use Syntax::{Basic, Extended, Fixed};
        for (pattern, syntax, text, expected) in [
            ("\\(.\\)\\1", Basic, "abccd", Some("cc")),
            ("(?<=id=)\\d+", Syntax::Perl, "id=42;", Some("42")),
            ("a\\K.*?c(?!d)", Syntax::Perl, "abcdbc", Some("bcdbc")),
            ("^(.*)-\\1$", Extended, "ab-ab", Some("ab-ab")),
            ("a|ab", Extended, "xab", Some("ab")),
            ("a*", Extended, "baaa", Some("")),
            ("a+", Extended, "baaa", Some("aaa")),
            ("a\\+", Basic, "baaa", Some("aaa")),
            ("a+", Basic, "xa+y", Some("a+")),
            ("^a", Extended, "ba", None),
            ("a$", Extended, "ba", Some("a")),
            ("[0-9]{2,3}", Extended, "a12345", Some("123")),
            ("\\(ab\\)*c", Basic, "xababc", Some("ababc")),
            ("\\bfoo\\b", Extended, "a foo b", Some("foo")),
            ("\\<oo", Extended, "foo oo", Some("oo")),
            ("a.c", Fixed, "abca.c", Some("a.c")),
            ("(a|b)+c|d", Extended, "ababcd", Some("ababc")),
            ("[[:space:]]+", Extended, "a  b", Some("  ")),
            ("[]x]", Extended, "]", Some("]")),
            ("[^a]", Extended, "ab", Some("b")),
            ("x{", Extended, "x{", Some("x{")),
            ("^$", Extended, "", Some("")),
            ("노드", Extended, "새 노드", Some("노드")),
        ] {
            assert_eq!(found(pattern, syntax, text), expected, "{pattern} in {text}");
        }
        assert!(Regex::new("A", Syntax::Extended, true).unwrap().is_match("xa"));
        assert!(Regex::new("(", Syntax::Extended, false).is_err());
        assert!(Regex::new("[a", Syntax::Extended, false).is_err());
        let regex = Regex::new("(a*)*b", Syntax::Extended, false).unwrap();
        assert!(!regex.is_match(&"a".repeat(5000)));
    }

    #[test]
    fn groups() {
        let regex = Regex::new("([a-z]+)=([0-9]+)", Syntax::Extended, false).unwrap();
        let found = regex.captures("x key=42;", 0).unwrap();
        assert_eq!((found[0], found[1], found[2]), (Some((2, 8)), Some((2, 5)), Some((6, 8))));
    }
}
