//! Lines typed before: the arrow keys, Ctrl-R, the dim suggestion. Never: where the browser keeps them.

/// The most lines that are remembered.
const REMEMBERED: usize = 1_000;

/// The longest line that is remembered, in bytes.
const LONGEST: usize = 4_000;

/// The lines typed before, oldest first, and where among them somebody is.
#[derive(Debug, Default)]
pub struct Past {
    lines: Vec<String>,
    /// The place among the lines; as many as there are: at the line being typed.
    at: usize,
    draft: String,
}

impl Past {
    /// Reads what [`Past::kept`] gave.
    pub fn read(kept: &str) -> Past {
        let mut past = Past::default();
        kept.lines().for_each(|line| past.remember(line));
        past
    }

    /// The lines as one text.
    pub fn kept(&self) -> String {
        self.lines.join("\n")
    }

    /// Remembers a line, unless it is empty or the same as the one before, and comes back to the present.
    pub fn remember(&mut self, line: &str) {
        let plain = line.trim();
        let new = self.lines.last().is_none_or(|last| last != plain);
        if !plain.is_empty() && new && plain.len() <= LONGEST && !line.starts_with(' ') {
            self.lines.push(plain.to_string());
        }
        let over = self.lines.len().saturating_sub(REMEMBERED);
        self.lines.drain(..over);
        self.leave();
    }

    /// Back to the line being typed.
    pub fn leave(&mut self) {
        self.at = self.lines.len();
        self.draft.clear();
    }

    /// The line before (`older`) or after; `now` is what stands in the line. `None` at either end.
    pub fn walk(&mut self, older: bool, now: &str) -> Option<String> {
        let to = if older { self.at.checked_sub(1)? } else { self.at + 1 };
        if to > self.lines.len() {
            return None;
        }
        if self.at >= self.lines.len() {
            self.draft = now.to_string();
        }
        self.at = to;
        Some(self.lines.get(to).unwrap_or(&self.draft).clone())
    }

    /// The number of the latest line before number `before` that holds `query`.
    pub fn search(&self, query: &str, before: usize) -> Option<usize> {
        let lines = self.lines.get(..before.min(self.lines.len()))?;
        lines.iter().rposition(|line| line.contains(query)).filter(|_| !query.is_empty())
    }

    /// A line by its number.
    pub fn line(&self, number: usize) -> Option<&str> {
        self.lines.get(number).map(String::as_str)
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// What the latest line that begins with `text` goes on with.
    pub fn suggest(&self, text: &str) -> &str {
        if text.trim().is_empty() {
            return "";
        }
        self.lines.iter().rev().find_map(|line| line.strip_prefix(text).filter(|rest| !rest.is_empty())).unwrap_or_default()
    }

    /// The last word of the line that is `back` lines ago (1: the last one).
    pub fn last_word(&self, back: usize) -> Option<&str> {
        let line = self.lines.get(self.lines.len().checked_sub(back)?)?;
        line.split_whitespace().next_back()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_there_and_back_to_the_draft() {
        let mut past = Past::read("one\ntwo\ntwo\n\n three");
        assert_eq!(past.walk(true, "dra").as_deref(), Some("two"));
        assert_eq!(past.walk(true, "two").as_deref(), Some("one"));
        assert_eq!(past.walk(true, "one"), None);
        assert_eq!(past.walk(false, "one").as_deref(), Some("two"));
        assert_eq!(past.walk(false, "two").as_deref(), Some("dra"));
        assert_eq!(past.walk(false, "dra"), None);
    }

    #[test]
    fn searches_suggests_and_keeps() {
        let mut past = Past::read("kubectl get pods\nls\nkubectl get nodes -o wide");
        assert_eq!(past.search("get", 9), Some(2));
        assert_eq!(past.search("get", 2), Some(0));
        assert_eq!(past.search("nope", 9), None);
        assert_eq!(past.search("", 9), None);
        assert_eq!(past.suggest("kubectl get "), "nodes -o wide");
        assert_eq!(past.suggest("kubectl get p"), "ods");
        assert_eq!(past.suggest("ls"), "");
        assert_eq!(past.suggest(""), "");
        assert_eq!(past.last_word(1), Some("wide"));
        assert_eq!(past.last_word(9), None);
        past.remember("한글");
        assert_eq!(past.kept(), "kubectl get pods\nls\nkubectl get nodes -o wide\n한글");
        (0..3_000).for_each(|n| past.remember(&n.to_string()));
        assert_eq!((past.len(), past.line(999)), (REMEMBERED, Some("2999")));
    }
}
