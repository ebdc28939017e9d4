//! Regular expressions: POSIX basic and extended for grep, sed, awk and `[[ =~ ]]`, with GNU's `\w \b \< \+ \| \?`, and
//! Go's own for the schemas of custom kinds.
//! Runs in time proportional to text × pattern (all alternatives advance together), so no pattern can freeze the
//! page. Back-references are not supported and are an error. Leftmost, then longest, as POSIX wants.

use alloc::vec::Vec;

pub use parse::class_ranges;

use parse::{Node, Parser};

mod parse;

/// Which dialect a pattern is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `grep`, `sed`: `\(`, `\{`, `\+`, `\|`
    Basic,
    /// `grep -E`, `sed -E`, `awk`: `(`, `{`, `+`, `|`
    Extended,
    /// Go's `regexp`: as extended, with `(?:`, `\d`, escapes within brackets.
    Go,
    /// `grep -F`: no character is special.
    Fixed,
}

/// The most steps a compiled pattern may have.
const MAX_STEPS: usize = 5_000;
/// How many groups are remembered: `\0` to `\9`.
const GROUPS: usize = 10;

#[derive(Clone, Debug)]
enum Step {
    Char(char),
    Any,
    Set(bool, Vec<(char, char)>),
    Split(usize, usize),
    Jump(usize),
    Save(usize),
    Assert(Assert),
    Match,
}

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
}

/// Where groups were found: byte ranges, the whole match first.
pub type Captures = [Option<(usize, usize)>; GROUPS];

type Slots = [Option<usize>; GROUPS * 2];

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
            Some(Step::Char(c)) if !fold => Some(*c),
            _ => None,
        };
        Ok(Regex { steps, fold, groups: parser.groups(), first })
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

    /// The match with its groups.
    pub fn captures(&self, text: &str, from: usize) -> Option<Captures> {
        let mut run = Runner::new(self.steps.len());
        let mut best: Option<Slots> = None;
        let mut previous = text.get(..from).and_then(|before| before.chars().next_back());
        let mut at = from;
        let mut rest = text.get(from..)?.chars();
        loop {
            let next = rest.clone().next();
            let place = Place { at, previous, next, end: text.len() };
            if best.is_none() {
                if run.now.is_empty()
                    && let Some(first) = self.first
                {
                    let skip = text.get(at..).and_then(|rest| rest.find(first));
                    match skip {
                        None => return None,
                        Some(0) => {}
                        Some(skip) => {
                            previous = text.get(..at + skip).and_then(|before| before.chars().next_back());
                            at += skip;
                            rest = text.get(at..)?.chars();
                            run.seen.fill(false);
                            continue;
                        }
                    }
                }
                self.follow(&mut run.now, &mut run.seen, 0, [None; GROUPS * 2], place);
            }
            if run.now.is_empty() && best.is_some() {
                break;
            }
            run.clear_next();
            let mut matched: Option<Slots> = None;
            let mut index = 0;
            while let Some((step, slots)) = run.now.get(index) {
                let (step, slots) = (*step, *slots);
                index += 1;
                match self.steps.get(step) {
                    Some(Step::Match) => {
                        let mut done = slots;
                        if let Some(end) = done.get_mut(1) {
                            *end = Some(at);
                        }
                        let starts_earlier = |old: &Slots| slots.first() < old.first();
                        if matched.is_none() && best.as_ref().is_none_or(|old| old.first() == slots.first() || starts_earlier(old)) {
                            matched = Some(done);
                        }
                    }
                    Some(one) => {
                        if let Some(c) = next.filter(|c| self.accepts(one, *c)) {
                            let after = Place { at: at + c.len_utf8(), previous: Some(c), next: rest.clone().nth(1), end: text.len() };
                            self.follow(&mut run.later, &mut run.seen_later, step + 1, slots, after);
                        }
                    }
                    None => {}
                }
            }
            if let Some(found) = matched {
                best = Some(found);
                let start = found.first().copied().flatten();
                run.later.retain(|(_, slots)| slots.first().copied().flatten() <= start);
            }
            let Some(c) = rest.next() else { break };
            previous = Some(c);
            at += c.len_utf8();
            run.swap();
        }
        let found = best?;
        let mut out = [None; GROUPS];
        for (slot, pair) in out.iter_mut().zip(found.chunks(2)) {
            if let [Some(from), Some(to)] = pair {
                *slot = Some((*from, *to));
            }
        }
        Some(out)
    }

    fn accepts(&self, step: &Step, c: char) -> bool {
        let one = |c: char| match step {
            Step::Char(wanted) => *wanted == c,
            Step::Any => true,
            Step::Set(negated, ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated,
            _ => false,
        };
        if !self.fold {
            return one(c);
        }
        let (lower, upper) = (c.to_lowercase().next().unwrap_or(c), c.to_uppercase().next().unwrap_or(c));
        match step {
            Step::Set(true, ranges) => !ranges.iter().any(|(from, to)| (*from..=*to).contains(&lower) || (*from..=*to).contains(&upper)),
            _ => one(c) || one(lower) || one(upper),
        }
    }

    fn follow(&self, list: &mut Vec<(usize, Slots)>, seen: &mut [bool], step: usize, slots: Slots, place: Place) {
        let mut todo = alloc::vec![(step, slots)];
        while let Some((step, mut slots)) = todo.pop() {
            match seen.get_mut(step) {
                Some(mark) if !*mark => *mark = true,
                _ => continue,
            }
            match self.steps.get(step) {
                Some(Step::Split(first, second)) => {
                    todo.push((*second, slots));
                    todo.push((*first, slots));
                }
                Some(Step::Jump(to)) => todo.push((*to, slots)),
                Some(Step::Save(slot)) => {
                    if let Some(place_of) = slots.get_mut(*slot) {
                        *place_of = Some(place.at);
                    }
                    todo.push((step + 1, slots));
                }
                Some(Step::Assert(what)) => {
                    if place.holds(*what) {
                        todo.push((step + 1, slots));
                    }
                }
                Some(_) => {
                    if let Some(start) = slots.first_mut() {
                        start.get_or_insert(place.at);
                    }
                    list.push((step, slots));
                }
                None => {}
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Place {
    at: usize,
    previous: Option<char>,
    next: Option<char>,
    end: usize,
}

impl Place {
    fn holds(&self, what: Assert) -> bool {
        let word = |c: Option<char>| c.is_some_and(|c| c == '_' || c.is_alphanumeric());
        let (before, after) = (word(self.previous), word(self.next));
        match what {
            Assert::Start => self.at == 0,
            Assert::End => self.at == self.end,
            Assert::Word => before != after,
            Assert::NotWord => before == after,
            Assert::WordStart => !before && after,
            Assert::WordEnd => before && !after,
        }
    }
}

struct Runner {
    now: Vec<(usize, Slots)>,
    later: Vec<(usize, Slots)>,
    seen: Vec<bool>,
    seen_later: Vec<bool>,
}

impl Runner {
    fn new(size: usize) -> Runner {
        Runner { now: Vec::new(), later: Vec::new(), seen: alloc::vec![false; size], seen_later: alloc::vec![false; size] }
    }

    fn clear_next(&mut self) {
        self.later.clear();
        self.seen_later.fill(false);
    }

    fn swap(&mut self) {
        core::mem::swap(&mut self.now, &mut self.later);
        core::mem::swap(&mut self.seen, &mut self.seen_later);
    }
}

fn emit(node: &Node, out: &mut Vec<Step>) -> Result<(), &'static str> {
    if out.len() > MAX_STEPS {
        return Err("Regular expression too big");
    }
    match node {
        Node::Empty => {}
        Node::Char(c) => out.push(Step::Char(*c)),
        Node::Any => out.push(Step::Any),
        Node::Set(negated, ranges) => out.push(Step::Set(*negated, ranges.clone())),
        Node::Assert(what) => out.push(Step::Assert(*what)),
        Node::Group(number, inner) => {
            if *number < GROUPS {
                out.push(Step::Save(number * 2));
                emit(inner, out)?;
                out.push(Step::Save(number * 2 + 1));
            } else {
                emit(inner, out)?;
            }
        }
        Node::Sequence(list) => {
            for one in list {
                emit(one, out)?;
            }
        }
        Node::Either(list) => {
            let mut ends = Vec::new();
            for (at, one) in list.iter().enumerate() {
                if at + 1 == list.len() {
                    emit(one, out)?;
                    break;
                }
                let split = out.len();
                out.push(Step::Match);
                emit(one, out)?;
                ends.push(out.len());
                out.push(Step::Match);
                let next = out.len();
                set(out, split, Step::Split(split + 1, next));
            }
            let end = out.len();
            for jump in ends {
                set(out, jump, Step::Jump(end));
            }
        }
        Node::Repeat(inner, least, most) => {
            for _ in 0..*least {
                emit(inner, out)?;
            }
            match most {
                None => {
                    let split = out.len();
                    out.push(Step::Match);
                    emit(inner, out)?;
                    out.push(Step::Jump(split));
                    let end = out.len();
                    set(out, split, Step::Split(split + 1, end));
                }
                Some(most) => {
                    let mut splits = Vec::new();
                    for _ in *least..*most {
                        splits.push(out.len());
                        out.push(Step::Match);
                        emit(inner, out)?;
                    }
                    let end = out.len();
                    for split in splits {
                        set(out, split, Step::Split(split + 1, end));
                    }
                }
            }
        }
    }
    Ok(())
}

fn set(out: &mut [Step], at: usize, step: Step) {
    if let Some(slot) = out.get_mut(at) {
        *slot = step;
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
