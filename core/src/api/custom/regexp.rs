//! What is wrong with a pattern, in the words of Go's `regexp/syntax`. Never: whether something matches.

use alloc::string::String;

/// The error of a pattern; nothing when it compiles.
pub fn error(pattern: &str) -> Option<String> {
    let mut scan = Scan { pattern, at: 0 };
    scan.all().err().map(|(what, shown)| ["error parsing regexp: ", what, ": `", shown, "`"].concat())
}

/// What is wrong, and the part that is shown.
type Wrong<'a> = (&'static str, &'a str);

struct Scan<'a> {
    pattern: &'a str,
    at: usize,
}

/// Letters that may stand after a backslash.
const ESCAPES: &str = "aAbBdDsSwWzCQEpPfnrtvx01234567";
/// How often something may be asked to repeat.
const MOST: u32 = 1000;

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.pattern.get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &'a str {
        self.pattern.get(start..self.at).unwrap_or_default()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn all(&mut self) -> Result<(), Wrong<'a>> {
        let (mut depth, mut operand, mut repeat) = (0usize, false, None);
        loop {
            let start = self.at;
            let Some(c) = self.next() else { break };
            let before = repeat.take();
            match c {
                '(' => {
                    self.group(start)?;
                    operand = self.since(start).ends_with(')');
                    depth += usize::from(!operand);
                }
                ')' if depth == 0 => return Err(("unexpected )", self.pattern)),
                ')' => {
                    depth -= 1;
                    operand = true;
                }
                '|' => operand = false,
                '*' | '+' | '?' | '{' => {
                    if c == '{' && !self.counts(start)? {
                        operand = true;
                        continue;
                    }
                    self.eat("?");
                    if !operand {
                        return Err(("missing argument to repetition operator", self.since(start)));
                    }
                    if let Some(first) = before {
                        return Err(("invalid nested repetition operator", self.since(first)));
                    }
                    repeat = Some(start);
                }
                '[' => {
                    self.class(start)?;
                    operand = true;
                }
                '\\' => {
                    self.escape(start)?;
                    operand = true;
                }
                _ => operand = true,
            }
        }
        if depth > 0 { Err(("missing closing )", self.pattern)) } else { Ok(()) }
    }

    /// What stands behind `(?`.
    fn group(&mut self, start: usize) -> Result<(), Wrong<'a>> {
        if !self.eat("?") {
            return Ok(());
        }
        if self.eat("P<") || self.eat("<") {
            let whole = self.pattern.get(start..).unwrap_or_default();
            let Some(end) = self.rest().find('>') else { return Err(("invalid named capture", whole)) };
            let named = self.rest().get(..end).unwrap_or_default();
            self.at += end + 1;
            let good = !named.is_empty() && named.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
            return if good { Ok(()) } else { Err(("invalid named capture", self.since(start))) };
        }
        loop {
            match self.next() {
                Some(':' | ')') => return Ok(()),
                Some('i' | 'm' | 's' | 'U' | '-') => {}
                Some(_) => return Err(("invalid or unsupported Perl syntax", self.since(start))),
                None => return Err(("missing closing )", self.pattern)),
            }
        }
    }

    /// `{2,3}`; anything else in braces stands for itself.
    fn counts(&mut self, start: usize) -> Result<bool, Wrong<'a>> {
        let Some((inner, _)) = self.rest().split_once('}') else { return Ok(false) };
        let (low, high) = inner.split_once(',').unwrap_or((inner, inner));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(low) || !(high.is_empty() || digits(high)) {
            return Ok(false);
        }
        self.at += inner.len() + 1;
        let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
        let (low, high) = (number(low), if high.is_empty() { MOST } else { number(high) });
        if low > MOST || high > MOST || low > high {
            return Err(("invalid repeat count", self.since(start)));
        }
        Ok(true)
    }

    fn escape(&mut self, start: usize) -> Result<char, Wrong<'a>> {
        let Some(c) = self.next() else { return Err(("trailing backslash at end of expression", "")) };
        if matches!(c, 'p' | 'P' | 'x') && self.rest().starts_with('{') {
            let end = self.rest().find('}').map_or(self.rest().len(), |end| end + 1);
            self.at += end;
        } else if c == 'Q' {
            let end = self.rest().find("\\E").map_or(self.rest().len(), |end| end + 2);
            self.at += end;
        } else if !(ESCAPES.contains(c) || c.is_ascii_punctuation() && c != '_') {
            return Err(("invalid escape sequence", self.since(start)));
        }
        Ok(c)
    }

    fn class(&mut self, start: usize) -> Result<(), Wrong<'a>> {
        let whole = self.pattern.get(start..).unwrap_or_default();
        let open = ("missing closing ]", whole);
        self.eat("^");
        let mut first = true;
        loop {
            let from = self.at;
            if self.eat("[:") && self.rest().contains(":]") {
                self.at += self.rest().find(":]").map_or(0, |end| end + 2);
                first = false;
                continue;
            }
            self.at = from;
            let low = match self.next().ok_or(open)? {
                ']' if !first => return Ok(()),
                '\\' => self.escape(from)?,
                c => c,
            };
            first = false;
            if self.rest().starts_with('-') && !self.rest().starts_with("-]") {
                self.next();
                let place = self.at;
                let high = match self.next().ok_or(open)? {
                    '\\' => self.escape(place)?,
                    c => c,
                };
                if high < low {
                    return Err(("invalid character class range", self.since(from)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong() {
        for (pattern, wrong) in [
            ("[", "missing closing ]: `[`"),
            ("(?=x)", "invalid or unsupported Perl syntax: `(?=`"),
            ("a{2,1}", "invalid repeat count: `{2,1}`"),
            ("*a", "missing argument to repetition operator: `*`"),
            ("a(b", "missing closing ): `a(b`"),
            ("a)", "unexpected ): `a)`"),
            ("a\\q", "invalid escape sequence: `\\q`"),
            ("a**", "invalid nested repetition operator: `**`"),
            ("[z-a]", "invalid character class range: `z-a`"),
        ] {
            assert_eq!(error(pattern), Some(["error parsing regexp: ", wrong].concat()), "{pattern}");
        }
        for good in ["", "^[a-z]+$", "a{2,}?", "(?i)x|(?P<n>y)", "[]a]", "[^\\]\\d-]", "\\p{L}{3}", "a{x}", "[[:alpha:]_]*"] {
            assert_eq!(error(good), None, "{good}");
        }
    }
}
